//! The cells of a sheet: new texts, figures in place of formulas, rows that go.

use std::cell::Cell as Counter;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::super::Worked;
use super::super::markup::{Is, Token, closes, escaped, prefix, replaced, tokens, unescaped, value, with, without};
use super::super::sheets::{Moves, address, area, cell, named};
use crate::draft::formula::{self, Operand};

/// Cells that the formulas of a sheet may add up to see whether they come to the same; more become figures.
const MOST_SUMMED: usize = 4_000_000;

/// What becomes of a sheet.
pub(super) struct Sheet<'a> {
    /// Its name.
    pub name: &'a str,
    /// New texts by row and column, from 1.
    pub edits: BTreeMap<(usize, usize), &'a str>,
    /// Lines below it.
    pub notes: &'a [String],
    /// What cells with formulas show.
    pub worked: &'a HashMap<(String, usize, usize), Worked>,
    /// What moves.
    pub moves: &'a Moves,
    /// No cell of the workbook moves.
    pub formulas_stay: bool,
}

/// A sheet taken apart.
struct Source<'a> {
    text: &'a str,
    all: Vec<Token>,
    closes: Vec<Option<usize>>,
}

impl Source<'_> {
    fn tag(&self, i: usize) -> Option<&str> {
        self.text.get(self.all.get(i)?.at.clone())
    }

    fn opens(&self, i: usize, name: &str) -> bool {
        self.all.get(i).is_some_and(|t| t.name == name && matches!(t.is, Is::Open | Is::Empty))
    }

    fn close(&self, i: usize) -> Option<usize> {
        *self.closes.get(i)?
    }

    fn span(&self, i: usize) -> Option<Range<usize>> {
        Some(self.all.get(i)?.at.start..self.all.get(self.close(i)?)?.at.end)
    }

    /// The text of the first element of a name within a cell.
    fn said(&self, within: Range<usize>, name: &str) -> Option<String> {
        let open = within.clone().find(|&i| self.opens(i, name))?;
        let end = self.close(open)?;
        let texts = (open..end).filter_map(|i| self.all.get(i)).filter(|t| t.is == Is::Text);
        Some(texts.filter_map(|t| self.text.get(t.at.clone())).map(unescaped).collect())
    }
}

type Changes = Vec<(Range<usize>, String)>;

impl Sheet<'_> {
    /// The part of the sheet with its changes. `None` where something changes that is not there, or another table would move.
    pub fn written(&self, text: &str) -> Option<String> {
        let all = tokens(text, false)?;
        let source = Source { text, closes: closes(&all), all };
        let figures = self.figures(&source)?;
        let summed = Counter::new(0usize);
        let mut changes: Changes = Vec::new();
        let mut left = self.edits.len();
        let mut i = 0;
        while i < source.all.len() {
            if source.opens(i, "row") {
                let end = source.close(i)?;
                left -= self.row(&source, i..end, &figures, &summed, &mut changes)?;
                i = end;
            } else if !self.moves.none() {
                self.around(&source, i, &mut changes)?;
            }
            i += 1;
        }
        if left > 0 {
            return None;
        }
        self.put_notes(&source, &mut changes)?;
        replaced(text, changes)
    }

    /// A row; returns how many new texts it took.
    fn row(
        &self,
        source: &Source,
        within: Range<usize>,
        figures: &HashMap<(usize, usize), Operand>,
        summed: &Counter<usize>,
        changes: &mut Changes,
    ) -> Option<usize> {
        let tag = source.tag(within.start)?;
        let number: Option<usize> = value(tag, "r").and_then(|r| r.parse().ok());
        let goes = number.is_some_and(|n| self.moves.row_goes(n));
        let mut own: Changes = Vec::new();
        let mut taken = 0;
        // cells that the file does not have yet
        let mut new: Vec<((usize, usize), &str)> = match number {
            Some(row) => self.edits.range((row, 0)..(row + 1, 0)).rev().map(|(at, text)| (*at, *text)).collect(),
            None => Vec::new(),
        };
        let mut i = within.start + 1;
        while i < within.end {
            if source.opens(i, "c") {
                let end = source.close(i)?;
                let at = value(source.tag(i)?, "r").and_then(|r| cell(&r));
                // what stands beside a table keeps its row
                let full = (i..end).any(|k| ["v", "f", "is"].iter().any(|n| source.opens(k, n)));
                if full && at.is_some_and(|at| self.moves.is_beside(at)) {
                    return None;
                }
                let start = source.all.get(i)?.at.start;
                while let Some(before) = new.pop_if(|n| at.is_some_and(|at| n.0 < at)) {
                    taken += 1;
                    own.push((start..start, self.made(before, source.tag(i)?)?));
                }
                if let Some((at, text)) = new.pop_if(|n| at == Some(n.0)) {
                    taken += 1;
                    own.push((source.span(i)?, written(&self.moved_tag(source.tag(i)?, at)?, text)));
                } else if at.is_some_and(|at| self.moves.cell(at).is_none()) {
                    own.push((source.span(i)?, String::new()));
                } else {
                    self.kept(source, i..end, at, figures, summed, &mut own)?;
                }
                i = end;
            }
            i += 1;
        }
        if goes {
            changes.push((source.span(within.start)?, String::new()));
            return new.is_empty().then_some(taken);
        }
        let close = source.all.get(within.end)?;
        for behind in new.into_iter().rev() {
            (close.is == Is::Close).then_some(())?;
            taken += 1;
            own.push((close.at.start..close.at.start, self.made(behind, source.tag(within.end)?)?));
        }
        if let Some(number) = number.filter(|_| !self.moves.none()) {
            let new = with(tag, "r", &(number - self.moves.rows_before(number)).to_string());
            changes.push((source.all.get(within.start)?.at.clone(), without(&new, |a| a.name == "spans")));
        }
        changes.extend(own);
        Some(taken)
    }

    /// A cell that the file does not have yet; `like` is a tag with its prefix.
    fn made(&self, (at, text): ((usize, usize), &str), like: &str) -> Option<String> {
        Some(written(&format!("<{}c r=\"{}\"/>", prefix(like), address(self.moves.cell(at)?)), text))
    }

    /// The tag of a cell at its new place.
    fn moved_tag(&self, tag: &str, at: (usize, usize)) -> Option<String> {
        match self.moves.none() {
            true => Some(tag.to_owned()),
            false => Some(with(tag, "r", &address(self.moves.cell(at)?))),
        }
    }

    /// A cell that says what it said: with its formula, if that still comes to the same.
    fn kept(
        &self,
        source: &Source,
        within: Range<usize>,
        at: Option<(usize, usize)>,
        figures: &HashMap<(usize, usize), Operand>,
        summed: &Counter<usize>,
        changes: &mut Changes,
    ) -> Option<()> {
        let tag = source.tag(within.start)?;
        let formula = within.clone().find(|&i| source.opens(i, "f"));
        let mut tag = match at {
            Some(at) => self.moved_tag(tag, at)?,
            None if self.moves.none() => tag.to_owned(),
            None => return None,
        };
        let tag_at = source.all.get(within.start)?.at.clone();
        let worked = at.and_then(|(r, c)| self.worked.get(&(self.name.to_owned(), r, c)));
        let Some(f) = formula.filter(|&f| !self.stays(source, f, at, worked, figures, summed)) else {
            if tag != source.tag(within.start)? {
                changes.push((tag_at, tag));
            }
            return Some(());
        };
        let says = source.said(within.clone(), "v").unwrap_or_default();
        let kind = value(&tag, "t").unwrap_or_default();
        let doubtful = says.is_empty() || kind.is_empty() && says.trim().parse::<f64>() == Ok(0.0);
        let own = prefix(&tag);
        match worked.filter(|_| doubtful) {
            Some(shown) => {
                let bare = without(&tag, |a| matches!(a.name.as_str(), "t" | "cm" | "vm"));
                let open = bare.trim_end_matches('>').trim_end_matches('/').trim_end();
                let new = match shown {
                    Worked::Number(n) => format!("{open}><{own}v>{n}</{own}v></{own}c>"),
                    Worked::Text(t) => format!("{open} t=\"str\"><{own}v>{}</{own}v></{own}c>", escaped(t)),
                };
                changes.push((source.span(within.start)?, new));
            }
            // nobody knows what it comes to: that is told
            None if doubtful && says.is_empty() => {}
            None => {
                // the figure that was stored with it
                tag = without(&tag, |a| matches!(a.name.as_str(), "cm" | "vm"));
                changes.push((tag_at, tag));
                changes.push((source.span(f)?, String::new()));
            }
        }
        Some(())
    }

    /// Whether a formula comes to the same once cells have changed.
    fn stays(
        &self,
        source: &Source,
        f: usize,
        at: Option<(usize, usize)>,
        worked: Option<&Worked>,
        figures: &HashMap<(usize, usize), Operand>,
        summed: &Counter<usize>,
    ) -> bool {
        let plain = source.tag(f).is_some_and(|t| !t.contains('='));
        let (true, true, Some(Worked::Number(shown)), Some(at)) = (plain, self.formulas_stay, worked, at) else {
            return false;
        };
        let Some(end) = source.close(f) else { return false };
        let Some(text) = source.said(f..end, "f") else { return false };
        let cell = |(r, c): (usize, usize)| {
            summed.set(summed.get() + 1);
            if (r + 1, c + 1) == at || summed.get() > MOST_SUMMED {
                return Operand::Open;
            }
            figures.get(&(r + 1, c + 1)).copied().unwrap_or(Operand::Blank)
        };
        formula::value(&text, &cell).is_some_and(|now| (now - shown).abs() <= 1e-9 * shown.abs().max(1.0))
    }

    /// What the cells say for formulas, once they have changed.
    fn figures(&self, source: &Source) -> Option<HashMap<(usize, usize), Operand>> {
        let mut figures = HashMap::new();
        if !self.formulas_stay {
            return Some(figures);
        }
        for i in (0..source.all.len()).filter(|&i| source.opens(i, "c")) {
            let tag = source.tag(i)?;
            let Some(at) = value(tag, "r").and_then(|r| cell(&r)) else { continue };
            let number = |t: &str| t.trim().parse::<f64>().map_or(Operand::Text, Operand::Number);
            let formula = (i..source.close(i)?).any(|k| source.opens(k, "f"));
            let said = || source.said(i..source.close(i)?, "v");
            let operand = match (self.edits.get(&at), self.worked.get(&(self.name.to_owned(), at.0, at.1))) {
                (Some(&""), _) => Operand::Blank,
                (Some(new), _) => number(new),
                (None, Some(Worked::Number(n))) => Operand::Number(*n),
                (None, Some(Worked::Text(_))) => Operand::Text,
                (None, None) if formula => Operand::Open,
                (None, None) => match value(tag, "t").as_deref() {
                    None | Some("n") => said().filter(|s| !s.is_empty()).map_or(Operand::Blank, |s| number(&s)),
                    Some("b") => Operand::Open,
                    Some(_) => Operand::Text,
                },
            };
            figures.insert(at, operand);
        }
        Some(figures)
    }

    /// What refers to cells around the rows: merged cells, formats on conditions, lists, links.
    fn around(&self, source: &Source, i: usize, changes: &mut Changes) -> Option<()> {
        let token = source.all.get(i)?;
        if !matches!(token.is, Is::Open | Is::Empty) {
            return Some(());
        }
        let tag = source.tag(i)?;
        match token.name.as_str() {
            "mergeCell" | "hyperlink" | "autoFilter" | "dimension" | "protectedRange" | "ignoredError" => {
                for name in ["ref", "sqref"] {
                    let Some(old) = value(tag, name) else { continue };
                    let single = token.name == "mergeCell"
                        && area(&old).and_then(|a| self.moves.area(a)).is_some_and(|a| a.0 == a.1);
                    let new = self.moves.areas(&old);
                    let change = match new.is_empty() || single {
                        true => (source.span(i)?, String::new()),
                        false => (token.at.clone(), with(tag, name, &new)),
                    };
                    changes.push(change);
                }
            }
            "conditionalFormatting" | "dataValidation" => {
                let new = self.moves.areas(&value(tag, "sqref").unwrap_or_default());
                match new.is_empty() {
                    true => changes.push((source.span(i)?, String::new())),
                    false => changes.push((token.at.clone(), with(tag, "sqref", &new))),
                }
            }
            "mergeCells" | "dataValidations" => changes.push((token.at.clone(), without(tag, |a| a.name == "count"))),
            "selection" | "pane" => {
                let drop = |name: &str| matches!(name, "activeCell" | "sqref" | "activeCellId");
                changes.push((token.at.clone(), without(tag, |a| drop(&a.name))));
            }
            "brk" => {
                let id: usize = value(tag, "id")?.parse().ok()?;
                changes.push((token.at.clone(), with(tag, "id", &(id - self.moves.rows_before(id + 1)).to_string())));
            }
            _ => {}
        }
        Some(())
    }

    fn put_notes(&self, source: &Source, changes: &mut Changes) -> Option<()> {
        if self.notes.is_empty() {
            return Some(());
        }
        let end = source.all.iter().rposition(|t| t.is == Is::Close && t.name == "sheetData")?;
        let rows = source.all.iter().filter(|t| t.name == "row" && t.is != Is::Close);
        let numbers = rows.filter_map(|t| value(source.text.get(t.at.clone())?, "r")?.parse::<usize>().ok());
        let last = numbers.max().unwrap_or(0);
        let last = last - self.moves.rows_before(last + 1);
        let at = source.all.get(end)?.at.clone();
        let own = prefix(source.text.get(at.clone())?);
        let line = |(n, note): (usize, &String)| {
            let row = last + 2 + n;
            let text = format!("<{own}is><{own}t>{}</{own}t></{own}is>", escaped(note));
            format!("<{own}row r=\"{row}\"><{own}c r=\"A{row}\" t=\"inlineStr\">{text}</{own}c></{own}row>")
        };
        changes.push((at.start..at.start, self.notes.iter().enumerate().map(line).collect()));
        Some(())
    }
}

/// A cell that keeps its place and format and says something else.
fn written(tag: &str, text: &str) -> String {
    let own = prefix(tag);
    let kept = without(tag, |a| matches!(a.name.as_str(), "t" | "cm" | "vm"));
    let open = kept.trim_end_matches('>').trim_end_matches('/').trim_end();
    if text.is_empty() {
        format!("{open}/>")
    } else if !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()) || text == "0" {
        format!("{open}><{own}v>{text}</{own}v></{own}c>")
    } else {
        format!("{open} t=\"inlineStr\"><{own}is><{own}t>{}</{own}t></{own}is></{own}c>", escaped(text))
    }
}

/// The name of an area, for what is written anew.
pub(super) fn moved_ref(moves: &Moves, old: &str) -> Option<String> {
    area(old).and_then(|a| moves.area(a)).map(named)
}
