//! Where cells of a workbook go when rows leave a sheet and columns leave a table, and references that follow them.
//!
//! A row that goes takes what is below it up with it. A column goes within the rows of its table: what is right of it in the
//! table moves left, and the rest of the sheet stays.

use std::collections::{BTreeMap, BTreeSet};

use super::Trim;

/// First and last cell of an area, by row and column from 1.
pub(super) type Area = ((usize, usize), (usize, usize));

/// A table that loses columns.
#[derive(Clone, Debug)]
struct Narrowed {
    lines: BTreeSet<usize>,
    first: usize,
    last: usize,
    gone: BTreeSet<usize>,
}

/// What moves on one sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct Moves {
    /// Rows that go, with the first and last column of their table.
    rows: BTreeMap<usize, (usize, usize)>,
    tables: Vec<Narrowed>,
}

/// What moves, by the names of sheets in small letters.
pub(super) type AllMoves = BTreeMap<String, Moves>;

/// The moves that trimmed tables ask for.
pub(super) fn moves(trims: &[Trim]) -> Option<AllMoves> {
    let mut all = AllMoves::new();
    for trim in trims {
        let own = all.entry(trim.part()?.to_lowercase()).or_default();
        let (first, last, gone) = trim.columns()?;
        own.rows.extend(trim.lines().filter(|l| l.1).map(|l| (l.0, (first, last))));
        if !gone.is_empty() {
            own.tables.push(Narrowed { lines: trim.lines().map(|l| l.0).collect(), first, last, gone });
        }
    }
    Some(all)
}

impl Moves {
    /// Whether nothing moves.
    pub fn none(&self) -> bool {
        self.rows.is_empty() && self.tables.is_empty()
    }

    /// Whether a row goes.
    pub fn row_goes(&self, row: usize) -> bool {
        self.rows.contains_key(&row)
    }

    /// Whether a cell stands in a row that goes, beside the table that it goes from.
    pub fn is_beside(&self, (row, column): (usize, usize)) -> bool {
        self.rows.get(&row).is_some_and(|(first, last)| !(first..=last).contains(&&column))
    }

    /// Rows before this one that go.
    pub fn rows_before(&self, row: usize) -> usize {
        self.rows.range(..row).count()
    }

    /// Whether a table that loses columns lies in an area.
    pub fn narrows(&self, area: Area) -> bool {
        self.tables.iter().any(|t| t.lines.range(area.0.0..=area.1.0).next().is_some())
    }

    /// Where a cell goes; `None` where it goes for good.
    pub fn cell(&self, (row, column): (usize, usize)) -> Option<(usize, usize)> {
        if self.rows.contains_key(&row) {
            return None;
        }
        let table = self.tables.iter().find(|t| t.lines.contains(&row) && (t.first..=t.last).contains(&column));
        let left = match table {
            Some(t) if t.gone.contains(&column) => return None,
            Some(t) => t.gone.range(..column).count(),
            None => 0,
        };
        Some((row - self.rows_before(row), column - left))
    }

    /// What is left of an area.
    pub fn area(&self, ((top, left), (bottom, right)): Area) -> Option<Area> {
        // whole columns hold more rows than there are moves
        let stays = |r: &usize| !self.rows.contains_key(r);
        let (top, bottom) = ((top..=bottom).find(stays)?, (top..=bottom).rev().find(stays)?);
        let holds =
            |t: &&Narrowed| t.lines.contains(&top) && t.lines.contains(&bottom) && left >= t.first && right <= t.last;
        let (mut left, mut right) = (left, right);
        if let Some(table) = self.tables.iter().find(holds) {
            let first = (left..=right).find(|c| !table.gone.contains(c))?;
            let last = (left..=right).rev().find(|c| !table.gone.contains(c))?;
            left = first - table.gone.range(..first).count();
            right = last - table.gone.range(..last).count();
        }
        Some(((top - self.rows_before(top), left), (bottom - self.rows_before(bottom), right)))
    }

    /// Areas apart by blanks (`A1:B2 C3`), as far as they are left.
    pub fn areas(&self, text: &str) -> String {
        let new = |one: &str| area(one).and_then(|a| self.area(a)).map(named);
        text.split(' ').filter_map(new).collect::<Vec<_>>().join(" ")
    }
}

/// The area that a text names (`B3:D4`, `$B$3`), from 1.
pub(super) fn area(text: &str) -> Option<Area> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let (a, b) = (cell(first)?, cell(last)?);
    Some(((a.0.min(b.0), a.1.min(b.1)), (a.0.max(b.0), a.1.max(b.1))))
}

/// The cell that a text names, from 1.
pub(super) fn cell(text: &str) -> Option<(usize, usize)> {
    let bare: String = text.chars().filter(|c| *c != '$').collect();
    let digits = bare.find(|c: char| c.is_ascii_digit())?;
    let (letters, number) = bare.split_at(digits);
    let column = letters.chars().try_fold(0usize, |n, c| {
        let value = (c.to_ascii_uppercase() as usize).checked_sub('A' as usize).filter(|v| *v < 26)?;
        n.checked_mul(26)?.checked_add(value + 1)
    })?;
    let row: usize = number.parse().ok().filter(|r| *r > 0)?;
    (column > 0).then_some((row, column))
}

/// The name of a cell.
pub(super) fn address((row, column): (usize, usize)) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{row}")
}

/// The name of an area.
pub(super) fn named((first, last): Area) -> String {
    if first == last { address(first) } else { format!("{}:{}", address(first), address(last)) }
}

/// The sheet and the area of a plain reference (`'By area'!$B$2:$B$5`), and how the sheet is written.
pub(super) fn reference(text: &str) -> Option<(String, Area, &str)> {
    let (sheet, cells) = text.trim().rsplit_once('!')?;
    let plain = sheet.trim_matches('\'').replace("''", "'").to_lowercase();
    Some((plain, area(cells)?, sheet))
}

/// A reference, or a list of them with commas between, after the moves. `None` where it is anything else.
pub(super) fn followed(text: &str, moves: &AllMoves) -> Option<String> {
    let mut out = Vec::new();
    for one in apart(text) {
        if let Some((sheet, area, written)) = reference(one) {
            let new = match moves.get(&sheet) {
                Some(own) => own.area(area),
                None => Some(area),
            };
            out.push(new.map_or_else(|| format!("{written}!#REF!"), |a| format!("{written}!{}", fixed(a))));
            continue;
        }
        // whole rows, as titles that are printed on each page
        let (sheet, rows) = one.trim().rsplit_once('!')?;
        let (first, last) = rows.split_once(':')?;
        let number = |t: &str| t.trim_start_matches('$').parse::<usize>().ok();
        match (number(first), number(last), moves.get(&sheet.trim_matches('\'').replace("''", "'").to_lowercase())) {
            (Some(a), Some(b), Some(own)) => {
                out.push(format!("{sheet}!${}:${}", a - own.rows_before(a), b - own.rows_before(b)));
            }
            // whole columns
            _ => out.push(one.to_owned()),
        }
    }
    Some(out.join(","))
}

/// The parts of a list, commas within quotes left alone.
fn apart(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut quoted) = (Vec::new(), 0, false);
    for (at, sign) in text.char_indices() {
        match sign {
            '\'' => quoted = !quoted,
            ',' if !quoted => {
                parts.extend(text.get(from..at));
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(text.get(from..));
    parts
}

/// The name of an area that does not move with its formula.
fn fixed((first, last): Area) -> String {
    let one = |at: (usize, usize)| {
        let name = address(at);
        let digits = name.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
        let (letters, number) = name.split_at(digits);
        format!("${letters}${number}")
    };
    if first == last { one(first) } else { format!("{}:{}", one(first), one(last)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> AllMoves {
        let own = Moves {
            rows: BTreeMap::from([(4, (1, 4)), (5, (1, 4))]),
            tables: vec![Narrowed { lines: (2..=6).collect(), first: 1, last: 4, gone: BTreeSet::from([2]) }],
        };
        AllMoves::from([("by area".to_owned(), own)])
    }

    #[test]
    fn cells_and_areas_follow() {
        let all = made();
        let own = &all["by area"];
        for (from, to) in [
            ("A1", Some("A1")),
            ("B3", None),
            ("C3", Some("B3")),
            ("C6", Some("B4")),
            ("C9", Some("C7")),
            ("A4", None),
            ("F6", Some("F4")),
        ] {
            assert_eq!(own.cell(cell(from).unwrap()).map(address).as_deref(), to, "{from}");
        }
        for (from, to) in [
            ("B2:D2", "B2:C2"),
            ("B3:B6", ""),
            ("A2:D6", "A2:C4"),
            ("A8:A9", "A6:A7"),
            ("A2:A3 C2:D6", "A2:A3 B2:C4"),
            ("A4:A5", ""),
        ] {
            assert_eq!(own.areas(from), to, "{from}");
        }
    }

    #[test]
    fn references_follow() {
        let all = made();
        for (from, to) in [
            ("'By area'!$A$2:$D$6", Some("'By area'!$A$2:$C$4")),
            ("Other!$A$2", Some("Other!$A$2")),
            ("'By area'!$2:$6,'By area'!$A:$B", Some("'By area'!$2:$4,'By area'!$A:$B")),
            ("'By area'!$B$3", Some("'By area'!#REF!")),
            ("12", None),
        ] {
            assert_eq!(followed(from, &all).as_deref(), to, "{from}");
        }
    }
}
