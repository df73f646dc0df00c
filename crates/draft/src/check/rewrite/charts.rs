//! Charts of a workbook: what they remember of cells that change goes, and their references follow cells that move.

use std::collections::HashMap;
use std::ops::Range;

use super::markup::{Is, Token, closes, escaped, replaced, tokens, unescaped, value, with};
use super::sheets::{AllMoves, followed, reference};

/// What cells say that change, by sheet in small letters, row and column from 1.
pub(super) type Changed = HashMap<(String, usize, usize), String>;

/// Elements that refer to cells and remember what they said.
const REFERRING: &[&str] = &["numRef", "strRef", "multiLvlStrRef"];

/// Cells of an area that a chart draws and that moves.
const MOST_DRAWN: usize = 10_000;

/// A chart that shows what the changed cells say; a cell that is a sign now has no point.
pub(super) fn mended(source: &str, changed: &Changed, moves: &AllMoves) -> Option<String> {
    let all = tokens(source, false)?;
    let closes = closes(&all);
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    for (at, token) in all.iter().enumerate().filter(|(_, t)| t.is == Is::Open && REFERRING.contains(&t.name.as_str()))
    {
        let end = (*closes.get(at)?)?;
        let own = Reference { source, all: &all, closes: &closes, numbers: token.name == "numRef", within: at..end };
        own.mend(changed, moves, &mut changes)?;
    }
    replaced(source, changes)
}

struct Reference<'a> {
    source: &'a str,
    all: &'a [Token],
    closes: &'a [Option<usize>],
    numbers: bool,
    within: Range<usize>,
}

impl Reference<'_> {
    /// The elements of a name within.
    fn each(&self, name: &'static str) -> impl Iterator<Item = (usize, usize)> + '_ {
        let opens = move |i: &usize| self.all.get(*i).is_some_and(|t| t.name == name && t.is == Is::Open);
        self.within.clone().filter(opens).filter_map(|i| Some((i, (*self.closes.get(i)?)?)))
    }

    /// What stands within an element.
    fn inner(&self, (open, close): (usize, usize)) -> Option<Range<usize>> {
        Some(self.all.get(open)?.at.end..self.all.get(close)?.at.start)
    }

    fn whole(&self, (open, close): (usize, usize)) -> Option<Range<usize>> {
        Some(self.all.get(open)?.at.start..self.all.get(close)?.at.end)
    }

    fn mend(&self, changed: &Changed, moves: &AllMoves, changes: &mut Vec<(Range<usize>, String)>) -> Option<()> {
        let formula = self.inner(self.each("f").next()?)?;
        let text = unescaped(self.source.get(formula.clone())?);
        let Some((sheet, (first, last), _)) = reference(&text) else {
            // a list of areas: what it remembers can't be told apart
            let points: Vec<_> = self.each("pt").collect();
            points.into_iter().for_each(|p| changes.extend(self.whole(p).map(|at| (at, String::new()))));
            return Some(());
        };
        let moved = moves.get(&sheet).filter(|m| !m.none());
        if moved.is_some() {
            changes.push((formula, escaped(&followed(&text, moves)?)));
        }
        let width = last.1 - first.1 + 1;
        let cell = |index: usize| match width {
            1 => (first.0 + index, first.1),
            _ => (first.0 + index / width, first.1 + index % width),
        };
        let line = width == 1 || first.0 == last.0;
        if moved.is_some() && (last.0 - first.0 + 1) * width > MOST_DRAWN {
            return None;
        }
        for point in self.each("pt") {
            let tag = self.source.get(self.all.get(point.0)?.at.clone())?;
            let index: usize = value(tag, "idx")?.parse().ok()?;
            let at = cell(index);
            let gone = moved.is_some_and(|m| !line || m.cell(at).is_none());
            let new = changed.get(&(sheet.clone(), at.0, at.1));
            let digits = |t: &&String| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
            if gone || new.is_some_and(|t| self.numbers && !digits(&t)) {
                changes.push((self.whole(point)?, String::new()));
                continue;
            }
            if let Some(new) = new {
                let v =
                    (point.0..point.1).find(|&i| self.all.get(i).is_some_and(|t| t.name == "v" && t.is == Is::Open))?;
                changes.push((self.inner((v, (*self.closes.get(v)?)?))?, escaped(new)));
            }
            if let Some(moved) = moved {
                let before = (0..index).filter(|&i| moved.cell(cell(i)).is_none()).count();
                let tag_at = self.all.get(point.0)?.at.clone();
                changes.push((tag_at, with(tag, "idx", &(index - before).to_string())));
            }
        }
        self.count(
            moved.map(|m| (0..(last.0 - first.0 + 1) * width).filter(|&i| m.cell(cell(i)).is_none()).count()),
            changes,
        )
    }

    /// How many points there are, less those that went.
    fn count(&self, gone: Option<usize>, changes: &mut Vec<(Range<usize>, String)>) -> Option<()> {
        let Some(gone) = gone else { return Some(()) };
        for i in self.within.clone() {
            let token = self.all.get(i)?;
            if token.name == "ptCount" && token.is != Is::Close {
                let tag = self.source.get(token.at.clone())?;
                let count: usize = value(tag, "val")?.parse().ok()?;
                changes.push((token.at.clone(), with(tag, "val", &count.saturating_sub(gone).to_string())));
            }
        }
        Some(())
    }
}
