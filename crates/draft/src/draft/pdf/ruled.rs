//! Tables between lines: where lines meet, cells lie; where a line is missing between two, they are one merged cell.

use super::lines::{Line, Word, joined};
use crate::draft::bounds::Budget;
use crate::draft::words::tidy;
use crate::draft::{Entry, Error, Place};

/// How far lines may miss each other, in points.
const SNAP: f64 = 2.0;
/// Lines of a page that are looked at.
const MOST_LINES: usize = 4000;
/// Rows and columns of a ruled table.
const MOST_SIDE: usize = 400;

/// A line along or across the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ruling {
    /// Where it lies.
    pub at: f64,
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

/// The lines of a page.
#[derive(Debug, Default)]
pub(super) struct Rulings {
    /// Lines along the text.
    pub across: Vec<Ruling>,
    /// Lines across it.
    pub down: Vec<Ruling>,
}

/// A ruled table.
#[derive(Debug)]
pub(super) struct Table {
    /// Left end.
    pub left: f64,
    /// Right end.
    pub right: f64,
    /// Upper end.
    pub top: f64,
    /// Lower end.
    pub bottom: f64,
    columns: Vec<f64>,
    rows: Vec<f64>,
    /// For each cell the first one of the merged cell that it belongs to.
    origins: Vec<Vec<(usize, usize)>>,
}

/// The tables that lines make, from the top.
pub(super) fn tables(rulings: &Rulings) -> Vec<Table> {
    let (across, down) = (merged(&rulings.across), merged(&rulings.down));
    if across.len() + down.len() > MOST_LINES {
        return Vec::new();
    }
    // lines that meet belong together
    let mut group: Vec<usize> = (0..across.len() + down.len()).collect();
    for (i, a) in across.iter().enumerate() {
        for (j, d) in down.iter().enumerate() {
            if meets(a, d) {
                let (x, y) = (root(&mut group, i), root(&mut group, across.len() + j));
                if let Some(slot) = group.get_mut(x) {
                    *slot = y;
                }
            }
        }
    }
    let roots: Vec<usize> = (0..group.len()).map(|i| root(&mut group, i)).collect();
    let mut tables: Vec<Table> = Vec::new();
    let mut seen: Vec<usize> = roots.clone();
    seen.sort_unstable();
    seen.dedup();
    for one in seen {
        let of = |lines: &[Ruling], first: usize| -> Vec<Ruling> {
            let belongs = |(i, _): &(usize, &Ruling)| roots.get(first + i) == Some(&one);
            lines.iter().enumerate().filter(belongs).map(|(_, l)| l.clone()).collect()
        };
        tables.extend(table(of(&across, 0), of(&down, across.len())));
    }
    tables.sort_by(|a, b| a.top.total_cmp(&b.top));
    tables
}

fn root(group: &mut [usize], of: usize) -> usize {
    let mut at = of;
    while let Some(&next) = group.get(at).filter(|n| **n != at) {
        let after = group.get(next).copied().unwrap_or(next);
        if let Some(slot) = group.get_mut(at) {
            *slot = after;
        }
        at = next;
    }
    at
}

fn meets(across: &Ruling, down: &Ruling) -> bool {
    let along = (across.from - SNAP..=across.to + SNAP).contains(&down.at);
    along && (down.from - SNAP..=down.to + SNAP).contains(&across.at)
}

/// Lines drawn in pieces, or twice, as one.
fn merged(lines: &[Ruling]) -> Vec<Ruling> {
    let mut sorted: Vec<Ruling> = lines.iter().take(MOST_LINES * 8).cloned().collect();
    sorted.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut levels: Vec<Vec<Ruling>> = Vec::new();
    for line in sorted {
        match levels.last_mut() {
            Some(level) if level.first().is_some_and(|l| line.at - l.at <= SNAP) => level.push(line),
            _ => levels.push(vec![line]),
        }
    }
    let mut merged: Vec<Ruling> = Vec::new();
    for mut level in levels {
        let at = level.iter().map(|l| l.at).sum::<f64>() / level.len() as f64;
        level.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut pieces: Vec<Ruling> = Vec::new();
        for line in level {
            match pieces.last_mut() {
                Some(last) if line.from <= last.to + SNAP => last.to = last.to.max(line.to),
                _ => pieces.push(Ruling { at, ..line }),
            }
        }
        merged.extend(pieces);
    }
    merged
}

fn table(across: Vec<Ruling>, down: Vec<Ruling>) -> Option<Table> {
    let places = |lines: &[Ruling]| {
        let mut at: Vec<f64> = lines.iter().map(|l| l.at).collect();
        at.sort_by(f64::total_cmp);
        at.dedup_by(|a, b| (*a - *b).abs() <= SNAP);
        at
    };
    let (rows, columns) = (places(&across), places(&down));
    let (&top, &bottom, &left, &right) = (rows.first()?, rows.last()?, columns.first()?, columns.last()?);
    let sides = rows.len().max(columns.len());
    let ruled = rows.len() > 2 && columns.len() > 2 && sides <= MOST_SIDE;
    let origins =
        if ruled { origins(&edges(&across, &rows, &columns), &edges(&down, &columns, &rows)) } else { Vec::new() };
    ruled.then_some(Table { left, right, top, bottom, columns, rows, origins })
}

/// For each place of lines in one direction, whether a line lies there beside each slot of the other.
fn edges(lines: &[Ruling], places: &[f64], slots: &[f64]) -> Vec<Vec<bool>> {
    let mut edges = vec![vec![false; slots.len().saturating_sub(1)]; places.len()];
    for line in lines {
        let Some(edge) = places.iter().position(|p| (p - line.at).abs() <= SNAP).and_then(|p| edges.get_mut(p)) else {
            continue;
        };
        for (ruled, ends) in edge.iter_mut().zip(slots.windows(2)) {
            let middle = ends.iter().sum::<f64>() / 2.0;
            *ruled |= line.from <= middle && middle <= line.to;
        }
    }
    edges
}

/// For each cell the first of its merged cell: to the left and up until a line is met.
fn origins(across: &[Vec<bool>], down: &[Vec<bool>]) -> Vec<Vec<(usize, usize)>> {
    let ruled = |edges: &[Vec<bool>], place: usize, slot: usize| {
        place == 0 || edges.get(place).and_then(|e| e.get(slot)).copied().unwrap_or(true)
    };
    let (height, width) = (across.len().saturating_sub(1), down.len().saturating_sub(1));
    let mut origins: Vec<Vec<(usize, usize)>> = Vec::with_capacity(height);
    for r in 0..height {
        let mut row: Vec<(usize, usize)> = Vec::with_capacity(width);
        for c in 0..width {
            let left = if ruled(down, c, r) { None } else { row.last().copied() };
            let above = || origins.last().and_then(|row| row.get(c)).copied();
            let own = if ruled(across, r, c) { (r, c) } else { above().unwrap_or((r, c)) };
            row.push(left.unwrap_or(own));
        }
        origins.push(row);
    }
    origins
}

impl Table {
    /// The rows of the table with the words of lines in them; none where nothing but a frame is ruled.
    ///
    /// # Errors
    /// Too many cells.
    pub(super) fn grid(
        &self,
        lines: &[Line],
        part: &str,
        budget: &mut Budget,
    ) -> Result<Option<Vec<Vec<Entry>>>, Error> {
        let (height, width) = (self.rows.len() - 1, self.columns.len() - 1);
        budget.take(height.saturating_mul(width))?;
        let mut cells: Vec<Vec<Vec<Vec<Word>>>> = vec![vec![Vec::new(); width]; height];
        for line in lines {
            let r = slot(&self.rows, line.base - line.size * 0.3);
            let mut columns: Vec<(usize, Vec<Word>)> = Vec::new();
            for word in &line.words {
                let c = slot(&self.columns, (word.left + word.right) / 2.0);
                let origin = self.origin(r, c);
                match columns.iter_mut().find(|(at, _)| *at == origin.1) {
                    Some((_, words)) => words.push(word.clone()),
                    None => columns.push((origin.1, vec![word.clone()])),
                }
            }
            for (c, words) in columns {
                let (row, column) = self.origin(r, c);
                if let Some(cell) = cells.get_mut(row).and_then(|row| row.get_mut(column)) {
                    cell.push(words);
                }
            }
        }
        let mut rows = Vec::new();
        for r in 0..height {
            let mut row = Vec::new();
            for c in 0..width {
                let origin = self.origin(r, c);
                let lines =
                    cells.get(origin.0).and_then(|row| row.get(origin.1)).map(Vec::as_slice).unwrap_or_default();
                let joined = lines.iter().map(|l| joined(l)).collect::<Vec<_>>();
                let text = tidy(&joined.join(" "));
                let lined = crate::draft::words::lines(&joined.join("\n"));
                let hidden = !text.is_empty() && lines.iter().flatten().all(|w| w.hidden);
                let place = Place { line: r + 1, column: c + 1, part: Some(part.to_owned()) };
                row.push(Entry { text, place, hidden, lines: lined, merged: origin != (r, c), ..Entry::default() });
            }
            rows.push(row);
        }
        let spoken = rows.iter().flatten().filter(|e| !e.text.is_empty() && !e.merged).count();
        Ok((spoken > 1).then_some(rows))
    }

    /// The first cell of the merged cell that a place belongs to.
    fn origin(&self, row: usize, column: usize) -> (usize, usize) {
        self.origins.get(row).and_then(|r| r.get(column)).copied().unwrap_or((row, column))
    }
}

/// The slot between ascending places that a coordinate falls into.
fn slot(places: &[f64], at: f64) -> usize {
    places.iter().take_while(|p| **p <= at).count().saturating_sub(1).min(places.len().saturating_sub(2))
}
