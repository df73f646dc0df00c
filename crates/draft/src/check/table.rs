//! From a block of text to a table: which rows are headers, which columns hold labels, what each cell is.
//!
//! Columns and rows that hold percentages, rates or means are set apart: what remains are counts.

mod apart;
mod kinds;
mod labels;

use std::collections::BTreeMap;

use crate::draft::Entry;
use crate::model::Interval;

use super::blocks::Block;
use super::hypotheses::changes::Change;
use super::hypotheses::running::Running;
use super::ledger::is_reference;
use super::lexicon::{Content, is_year, key, lex, tidy};
use super::measures::Ratio;
use super::remarks;
use super::typed::{Typed, typed};
use super::worded::body;
use super::words::{is_common_sign, total_word};

use apart::{notes, ticked};
pub(crate) use kinds::{is_measure, is_thing, kinds};
use labels::{LEVELS, bands, bullets, in_order, is_place_code, numbers_in_order};

/// A row or column of figures with its labels.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// Labels from the outermost to the innermost, as typed.
    pub path: Vec<String>,
    /// Depth of indentation.
    pub indent: usize,
    /// What else than indentation says how deep it stands: bold, capitals, a column of levels.
    pub level: usize,
    /// Row or column of the block.
    pub at: usize,
    /// What its figures are.
    pub kind: Kind,
}

/// What figures are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Numbers of cases.
    Count,
    /// Numbers that rates are over, or that means are a sum of: counts of something else.
    Base,
    /// Percentages of counts.
    Percent,
    /// Rates, means, amounts: no counts.
    Other,
}

/// A table: heads and cells.
#[derive(Clone, Debug)]
pub(crate) struct Parsed {
    /// Index of the block.
    pub block: usize,
    /// Rows of headers.
    pub header_rows: usize,
    /// Columns of labels.
    pub stub_columns: usize,
    /// What stands above the columns of labels.
    pub corner: Vec<String>,
    /// What the labels of the columns are of, where one text spans them all.
    pub spanner: Option<String>,
    /// The rows of figures.
    pub rows: Vec<Head>,
    /// The columns of figures.
    pub cols: Vec<Head>,
    /// The cells, by row and column of figures.
    pub cells: Vec<Vec<Typed>>,
    /// Rates and means, and what they are worked out from.
    pub ratios: Vec<Ratio>,
    /// Lines that are the difference of two others.
    pub changes: Vec<Change>,
    /// Running totals.
    pub running: Vec<Running>,
    /// What was passed over in it, or taken for something, in words.
    pub said: Vec<String>,
    /// It is a table of a tidy list.
    pub listed: bool,
    /// Where a figure stands in the block, by the row and column of its heads, where that is elsewhere.
    pub real: BTreeMap<(usize, usize), (usize, usize)>,
}

impl Parsed {
    /// What a cell is: a count only if its row and its column are.
    pub fn kind(&self, row: usize, col: usize) -> Kind {
        let of = |heads: &[Head], i: usize| heads.get(i).map_or(Kind::Count, |h| h.kind);
        of(&self.rows, row).max(of(&self.cols, col))
    }

    /// Whether a cell holds a difference of two others.
    pub fn is_change(&self, row: usize, col: usize) -> bool {
        self.changes.iter().any(|c| c.line == if c.rows { row } else { col })
    }

    /// The cell, if there is one.
    pub fn cell(&self, row: usize, col: usize) -> Option<&Typed> {
        self.cells.get(row)?.get(col)
    }
}

/// How many rows and columns hold labels, where a person says so.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shape {
    /// Rows of headers.
    pub header_rows: Option<usize>,
    /// Columns of labels.
    pub stub_columns: Option<usize>,
}

/// Reads a block; `None` where it holds no figures at all.
pub(crate) fn parse(number: usize, block: &Block, shape: Shape, marker: &dyn Fn(&str) -> bool) -> Option<Parsed> {
    let text = Text { rows: &block.rows, marker };
    let width = block.rows.iter().map(Vec::len).max().unwrap_or(0);
    let header_rows = shape.header_rows.unwrap_or_else(|| text.header_rows()).min(block.rows.len());
    let stub = shape.stub_columns.unwrap_or_else(|| text.stub_columns(header_rows, width)).min(width);
    let (mut cols, spanner) = text.columns(header_rows, stub, width);
    let mut said = notes(&text, header_rows, &mut cols);
    let mut rows = text.rows(header_rows, stub);
    said.extend(remarks::take(&|r, c| text.text(r, c), marker, &mut rows, &cols));
    let mut cells: Vec<Vec<Typed>> =
        rows.iter().map(|r| cols.iter().map(|c| typed(text.entry(r.at, c.at))).collect()).collect();
    said.extend(columns_of_totals(&rows, &cols, &mut cells));
    let figures = cells.iter().flatten().any(|c| matches!(c.lexed.content, Content::Number(_) | Content::Range(_)));
    let signs = || cells.iter().flatten().any(|c| marker(&c.text) || is_common_sign(&c.text));
    if !figures && (ticked(&cells, marker) || header_rows == 0 || !signs()) {
        return None;
    }
    let corner = (0..stub).map(|c| text.corner(header_rows, c)).collect();
    let mut parsed = Parsed {
        block: number,
        header_rows,
        stub_columns: stub,
        corner,
        spanner,
        rows,
        cols,
        cells,
        ratios: Vec::new(),
        changes: Vec::new(),
        running: Vec::new(),
        said,
        listed: false,
        real: BTreeMap::new(),
    };
    kinds(&mut parsed);
    whole_numbers(&mut parsed);
    as_stored(&mut parsed);
    Some(parsed)
}

/// A column that is filled in rows of totals alone does not say how its totals are made up: its blank cells are figures that
/// are not told.
fn columns_of_totals(rows: &[Head], cols: &[Head], cells: &mut [Vec<Typed>]) -> Vec<String> {
    let total = |r: usize| rows.get(r).and_then(|h| h.path.last()).is_some_and(|l| total_word(&key(l)).is_some());
    let mut said = Vec::new();
    for (c, head) in cols.iter().enumerate() {
        let blank =
            |r: usize| cells.get(r).and_then(|row| row.get(c)).is_some_and(|t| t.lexed.content == Content::Blank);
        let parts = (0..rows.len()).filter(|&r| !total(r)).count();
        let fits = parts > 1 && (0..rows.len()).all(|r| blank(r) != total(r)) && (0..rows.len()).any(total);
        if !fits {
            continue;
        }
        for (r, row) in cells.iter_mut().enumerate() {
            if let Some(typed) = row.get_mut(c).filter(|_| !total(r)) {
                typed.lexed.content = Content::Range(Interval::at_least(0));
            }
        }
        said.push(format!(
            "\"{}\" is filled in rows of totals alone: what they are made up of is not told",
            head.path.join(" / ")
        ));
    }
    said
}

/// Counts that are written with a decimal point are whole numbers: "12.0".
fn whole_numbers(parsed: &mut Parsed) {
    let counts = |heads: &[Head]| heads.iter().map(|h| h.kind == Kind::Count).collect::<Vec<_>>();
    let (rows, cols) = (counts(&parsed.rows), counts(&parsed.cols));
    for (cells, _) in parsed.cells.iter_mut().zip(&rows).filter(|(_, count)| **count) {
        for typed in cells.iter_mut().zip(&cols).filter(|(_, count)| **count).map(|(t, _)| t) {
            if let Content::Number(n) = &mut typed.lexed.content {
                *n = n.plain();
            }
        }
    }
}

/// A percentage, a rate or a mean is read as exactly as the file stores it.
fn as_stored(parsed: &mut Parsed) {
    let all = (0..parsed.rows.len()).flat_map(|r| (0..parsed.cols.len()).map(move |c| (r, c)));
    for (row, col) in all.collect::<Vec<_>>() {
        if parsed.kind(row, col) != Kind::Count
            && let Some(typed) = parsed.cells.get_mut(row).and_then(|r| r.get_mut(col))
            && let Some(stored) = typed.stored
        {
            typed.lexed.content = Content::Number(stored);
        }
    }
}

struct Text<'a> {
    rows: &'a [Vec<Entry>],
    marker: &'a dyn Fn(&str) -> bool,
}

impl<'a> Text<'a> {
    fn entry(&self, row: usize, col: usize) -> Option<&'a Entry> {
        self.rows.get(row)?.get(col)
    }

    fn text(&self, row: usize, col: usize) -> String {
        self.entry(row, col).map(|e| tidy(&e.text)).unwrap_or_default()
    }

    /// Whether a cell holds neither text nor a number below it.
    fn is_blank(&self, row: usize, col: usize) -> bool {
        self.text(row, col).is_empty() && self.entry(row, col).is_none_or(|e| e.stored.is_none())
    }

    /// A text that names something: words, no sign.
    fn names(&self, text: &str) -> bool {
        let sign = (self.marker)(text) || is_common_sign(text);
        let words = |c: char| c.is_alphabetic() || matches!(c, '%' | '£' | '€' | '$');
        !sign && matches!(lex(text).content, Content::Sign(_)) && text.chars().any(words)
    }

    /// Leading rows in which no figure stands.
    fn header_rows(&self) -> usize {
        let mut count = 0;
        while count < self.rows.len().saturating_sub(1).min(3) && self.is_header(count) {
            count += 1;
        }
        count
    }

    /// Whether a row counts in words ("1 case"): then plain figures do not stand below them, as they do below labels
    /// ("1 child").
    fn counts_in_words(&self, row: usize) -> bool {
        let width = self.rows.get(row).map_or(0, Vec::len);
        let told: Vec<usize> = (1..width).filter(|&c| self.is_worded(&self.text(row, c))).collect();
        let plain =
            |r: usize, c: usize| matches!(lex(&self.text(r, c)).content, Content::Number(_) | Content::Range(_));
        !told.is_empty() && !(row + 1..self.rows.len()).any(|r| told.iter().any(|&c| plain(r, c)))
    }

    /// A count among words.
    fn is_worded(&self, text: &str) -> bool {
        !(self.marker)(text)
            && matches!(lex(text).content, Content::Sign(_))
            && matches!(body(text).content, Content::Number(_))
    }

    fn is_header(&self, row: usize) -> bool {
        if self.counts_in_words(row) {
            return false;
        }
        let width = self.rows.get(row).map_or(0, Vec::len);
        let data: Vec<String> = (1..width).map(|c| self.text(row, c)).filter(|t| !t.is_empty()).collect();
        if data.is_empty() {
            return false;
        }
        if row == 0 && self.bold_alone(&data) {
            return true;
        }
        let total = data.iter().any(|t| total_word(&key(t)).is_some());
        // bands name columns in the first row, or where they all differ below an empty corner
        let corner = self.text(row, 0).is_empty();
        let different = data.iter().collect::<std::collections::BTreeSet<_>>().len() == data.len();
        let band = |t: &String| (row == 0 || (corner && different)) && matches!(lex(t).content, Content::Range(_));
        // dates above columns
        let dated = |t: &String| row == 0 && matches!(lex(t).content, Content::Sign(_)) && is_reference(t);
        let label = |t: &String| self.names(t) || is_year(t) || band(t) || dated(t);
        let first = self.text(row, 0);
        // a row of years behind a label could be figures: below the first row only headers leave the corner empty
        if row == 0 && numbers_in_order(&data) {
            return true;
        }
        let open =
            row == 0 || first.is_empty() || self.entry(row, 0).is_some_and(|e| e.merged) || self.text(0, 0).is_empty();
        let open = open || self.spanned(row, &data) || self.fielded(row, &data);
        let words = data.iter().filter(|t| self.names(t)).count();
        let figures = data.iter().any(|t| self.entry_is_figure(t));
        open && (data.iter().all(label) || (total && row == 0) || (words > 0 && !figures))
    }

    /// Whether the first row is set bold, as headers are, and no figure below it is: grades and scores name columns there.
    fn bold_alone(&self, data: &[String]) -> bool {
        let bold = |r: usize, c: usize| self.entry(r, c).is_some_and(|e| e.bold);
        let filled = |r: usize| {
            let width = self.rows.get(r).map_or(0, Vec::len);
            (0..width).filter(move |&c| !self.text(r, c).is_empty())
        };
        let total = |t: &String| total_word(&key(t)).is_some();
        let figures = (1..self.rows.len()).flat_map(|r| filled(r).filter(|c| *c > 0).map(move |c| (r, c)));
        // 9, 8, 7 name columns; other numbers could be figures
        let numbers: Vec<i64> = data.iter().filter_map(|t| t.parse().ok()).collect();
        let run = numbers.windows(2).all(|w| matches!(w, [a, b] if a - b == 1))
            || numbers.windows(2).all(|w| matches!(w, [a, b] if b - a == 1));
        let plain = data.iter().filter(|t| matches!(lex(t).content, Content::Number(_))).count() == numbers.len();
        data.len() > 1
            && run
            && plain
            && !total(&self.text(0, 0))
            && filled(0).all(|c| bold(0, c))
            && self.rows.len() > 1
            && figures.clone().next().is_some()
            && !figures.into_iter().any(|(r, c)| bold(r, c) && !self.text(r, 0).is_empty() && !total(&self.text(r, 0)))
    }

    /// Whether a row holds years that rise, below a row that names fewer columns ("Year" above 2012, 2013, 2014): headers as
    /// well, although the column of labels has its heading beside them.
    fn spanned(&self, row: usize, data: &[String]) -> bool {
        let Some(above) = row.checked_sub(1) else { return false };
        let texts = |r: usize| -> Vec<String> {
            let width = self.rows.get(r).map_or(0, Vec::len);
            (1..width).filter(|&c| !self.entry(r, c).is_some_and(|e| e.merged)).map(|c| self.text(r, c)).collect()
        };
        let named: Vec<String> = texts(above).into_iter().filter(|t| !t.is_empty()).collect();
        let below: Vec<String> = texts(row + 1).into_iter().filter(|t| !t.is_empty()).collect();
        let rise = data.len() > 1 && data.iter().all(|t| is_year(t)) && data.windows(2).all(|w| w[0] < w[1]);
        let spans = !named.is_empty() && named.len() < data.len() && named.iter().all(|t| self.names(t));
        rise && spans && !below.iter().all(|t| is_year(t))
    }

    /// Whether a row holds the items of a field whose name stands in the row above ("Column Labels" above F, M, Grand Total), as in
    /// the values of a pivot table.
    fn fielded(&self, row: usize, data: &[String]) -> bool {
        let Some(above) = row.checked_sub(1).filter(|a| *a == 0) else { return false };
        let width = self.rows.get(above).map_or(0, Vec::len);
        let named: Vec<String> = (1..width).map(|c| self.text(above, c)).filter(|t| !t.is_empty()).collect();
        let different = data.iter().collect::<std::collections::BTreeSet<_>>().len() == data.len();
        let next = self.rows.get(row + 1).map_or(0, Vec::len);
        let figures = (1..next).filter(|&c| self.entry_is_figure(&self.text(row + 1, c))).count();
        let item = |t: &String| self.names(t) || is_year(t);
        let one = named.len() == 1 && named.iter().all(|t| self.names(t)) && data.len() > 1;
        one && different && data.iter().all(item) && data.iter().any(|t| self.names(t)) && figures >= 2
    }

    fn entry_is_figure(&self, text: &str) -> bool {
        (self.marker)(text)
            || is_common_sign(text)
            || (matches!(lex(text).content, Content::Number(_)) && !is_year(text))
    }

    /// Leading columns of labels.
    fn stub_columns(&self, header_rows: usize, width: usize) -> usize {
        let body = header_rows..self.rows.len();
        let column =
            |c: usize| -> Vec<String> { body.clone().map(|r| self.text(r, c)).filter(|t| !t.is_empty()).collect() };
        let bare = |t: &String| matches!(lex(t).content, Content::Number(_)) && !is_year(t);
        if header_rows > 0 && body.len() == 1 && column(0).iter().all(bare) && !self.text(0, 0).is_empty() {
            return 0;
        }
        let labels = |c: usize| {
            let texts = column(c);
            let named = texts.iter().filter(|t| self.names(t) && !self.is_worded(t)).count();
            let years = texts.len() > 1 && texts.iter().all(|t| is_year(t));
            !texts.is_empty() && (2 * named > texts.len() || years || bands(&texts) || self.numbered(header_rows, c))
        };
        1 + (1..width.saturating_sub(1)).take_while(|&c| labels(c)).count()
    }

    /// Whether a column of numbers names rows: the labels before it repeat, and with it each stands once. Its header says so
    /// (age, grade, month), or the same numbers stand in order below each of the labels before it.
    fn numbered(&self, header_rows: usize, col: usize) -> bool {
        const NAMES: [&str; 22] = [
            "age",
            "year",
            "grade",
            "class",
            "month",
            "week",
            "quarter",
            "day",
            "band",
            "level",
            "decile",
            "quintile",
            "stage",
            "term",
            "period",
            "size",
            "score",
            "group",
            "hour",
            "key stage",
            "quartile",
            "wave",
        ];
        let rows = header_rows..self.rows.len();
        let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
        let mut at = std::collections::HashMap::new();
        for r in rows.clone() {
            let before: Vec<String> = (0..col).map(|c| key(&self.text(r, c))).collect();
            let number = *at.entry(before.clone()).or_insert_with(|| {
                groups.push((before, Vec::new()));
                groups.len() - 1
            });
            let text = self.text(r, col);
            let total = total_word(&key(&text)).is_some();
            let whole = || match body(&text).content {
                Content::Number(n) => n.plain().count().is_some(),
                Content::Range(_) => true,
                _ => false,
            };
            if !(total || whole()) {
                return false;
            }
            if let Some(group) = groups.get_mut(number) {
                group.1.push(if total { "total".to_owned() } else { text });
            }
        }
        let repeats = groups.len() < rows.len();
        let once = groups.iter().all(|g| g.1.iter().collect::<std::collections::HashSet<_>>().len() == g.1.len());
        let header = key(&self.corner(header_rows, col));
        let named = NAMES
            .iter()
            .any(|n| header == *n || header.ends_with(&format!(" {n}")) || header.starts_with(&format!("{n} ")));
        let first = groups.first().map(|g| g.1.as_slice()).unwrap_or_default();
        let crossed = groups.len() > 1 && first.len() > 1 && groups.iter().all(|g| g.1 == first);
        repeats && once && (named || crossed && in_order(first))
    }

    /// What stands above a column of labels: the lowest text.
    fn corner(&self, header_rows: usize, col: usize) -> String {
        (0..header_rows).rev().map(|r| self.text(r, col)).find(|t| !t.is_empty()).unwrap_or_default()
    }

    /// The columns of figures, and the text that spans their labels.
    fn columns(&self, header_rows: usize, stub: usize, width: usize) -> (Vec<Head>, Option<String>) {
        let mut paths: Vec<(usize, Vec<String>)> = Vec::new();
        for c in stub..width {
            let below = |h: usize| (h + 1..header_rows).any(|r| !self.text(r, c).is_empty());
            let filled = |h: usize| {
                let own = self.text(h, c);
                let left = || (stub..c).rev().map(|l| self.text(h, l)).find(|t| !t.is_empty()).unwrap_or_default();
                if own.is_empty() && below(h) { left() } else { own }
            };
            let mut path: Vec<String> = (0..header_rows).map(filled).filter(|t| !t.is_empty()).collect();
            // "All" beside the columns of the last span counts those of all spans
            let last = (0..header_rows).rev().map(|h| self.text(h, c)).find(|t| !t.is_empty()).unwrap_or_default();
            let filled_only = header_rows > 1 && self.text(0, c).is_empty();
            let whole = filled_only && total_word(&key(&last)).is_some_and(|t| !t.sub);
            if whole && path.len() > 1 && c + 1 == width && self.only_total(header_rows, stub, c) {
                path = vec![last];
            }
            path.dedup();
            let used = (header_rows..self.rows.len()).any(|r| !self.is_blank(r, c));
            if used || !path.is_empty() {
                paths.push((c, path));
            }
        }
        let outer: Vec<&String> = paths.iter().filter(|p| p.1.len() > 1).filter_map(|p| p.1.first()).collect();
        let spans = outer.len() > 1 && outer.iter().all(|o| *o == outer[0]) && total_word(&key(outer[0])).is_none();
        let spanner = spans.then(|| outer[0].clone());
        if spans {
            paths.iter_mut().filter(|p| p.1.len() > 1).for_each(|p| drop(p.1.remove(0)));
        }
        let head = |(at, path): (usize, Vec<String>)| Head { path, indent: 0, level: 0, at, kind: Kind::Count };
        (paths.into_iter().map(head).collect(), spanner)
    }

    /// Whether no other column has a label of a total, and those of the spans repeat.
    fn only_total(&self, header_rows: usize, stub: usize, col: usize) -> bool {
        let Some(inner) = header_rows.checked_sub(1) else { return false };
        let labels: Vec<String> = (stub..col).map(|c| key(&self.text(inner, c))).collect();
        let mut different = labels.clone();
        different.sort();
        different.dedup();
        labels.iter().all(|l| total_word(l).is_none()) && different.len() * 2 <= labels.len()
    }

    /// How deep rows stand by a column that names their level, by capitals or by bold type, where that tells them apart. Codes before
    /// the labels go.
    fn levels(&self, rows: &mut [Head], stub: usize) {
        let outer = |h: &Head| h.path.first().cloned().unwrap_or_default();
        let pairs = stub == 2 && rows.len() > 3 && rows.iter().all(|h| h.path.len() == 2);
        if pairs && rows.iter().all(|h| is_place_code(&outer(h))) {
            rows.iter_mut().for_each(|h| drop(h.path.remove(0)));
        } else if pairs {
            let mut names: Vec<String> = Vec::new();
            for head in rows.iter() {
                let name = key(&outer(head));
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            // each level comes again below another one, and no label twice
            let again = rows.windows(2).filter(|w| matches!(w, [a, b] if key(&outer(a)) != key(&outer(b)))).count();
            let labels: std::collections::BTreeSet<String> =
                rows.iter().filter_map(|h| h.path.get(1)).map(|l| key(l)).collect();
            let said = names.iter().any(|n| LEVELS.contains(&n.as_str()));
            if !(said && (2..=4).contains(&names.len()) && again > names.len() - 1 && labels.len() == rows.len()) {
                return;
            }
            for head in rows.iter_mut() {
                let name = key(&outer(head));
                head.level = names.iter().position(|n| *n == name).unwrap_or(0);
                head.path.remove(0);
            }
            return;
        }
        let total = |h: &Head| h.path.iter().any(|l| total_word(&key(l)).is_some());
        let plain = rows.iter().all(|h| h.path.len() == 1 && h.indent == 0);
        let capitals = |h: &Head| {
            let label = h.path.last().map(String::as_str).unwrap_or_default();
            label.chars().filter(|c| c.is_alphabetic()).count() > 2 && !label.chars().any(char::is_lowercase)
        };
        let bold = |h: &Head| self.entry(h.at, 0).is_some_and(|e| e.bold);
        let colon = |h: &Head| h.path.last().is_some_and(|l| l.ends_with(':'));
        for heads in [&capitals as &dyn Fn(&Head) -> bool, &bold, &colon] {
            let marked: Vec<bool> = rows.iter().map(|h| heads(h) || total(h)).collect();
            let parts = rows.iter().filter(|h| !total(h)).any(|h| !heads(h));
            if plain && parts && rows.iter().filter(|h| heads(h) && !total(h)).count() > 1 {
                rows.iter_mut().zip(marked).for_each(|(h, m)| h.level = usize::from(!m));
                return;
            }
        }
    }

    /// The rows of figures; a label without figures is the group of those below it.
    fn rows(&self, header_rows: usize, stub: usize) -> Vec<Head> {
        let mut rows: Vec<Head> = Vec::new();
        let mut last: Vec<String> = vec![String::new(); stub];
        let mut group: Option<String> = None;
        let body = || (header_rows..self.rows.len()).map(|r| self.text(r, 0)).filter(|t| !t.is_empty());
        // where all labels have one, it is no depth
        let bulleted = stub == 1 && body().any(|t| bullets(&t).0 > 0) && body().any(|t| bullets(&t).0 == 0);
        for r in header_rows..self.rows.len() {
            let mut labels: Vec<String> = (0..stub).map(|c| self.text(r, c)).collect();
            let depth = if bulleted { labels.first().map_or(0, |l| bullets(l).0) } else { 0 };
            if depth > 0
                && let Some(first) = labels.first_mut()
            {
                *first = bullets(first).1.to_owned();
            }
            let width = self.rows.get(r).map_or(0, Vec::len);
            let empty = (stub..width).all(|c| self.is_blank(r, c));
            let indent = self.entry(r, 0).map_or(0, |e| e.indent) + depth;
            // a heading heads something: right before a total it is a row whose figures are blank
            let next = self.text(r + 1, 0);
            let heads = rows.is_empty() || total_word(&key(&next)).is_none() || width <= stub;
            if empty && stub == 1 && !labels[0].is_empty() && heads {
                group = Some(labels[0].clone());
                continue;
            }
            if empty && (heads || labels[0].is_empty()) {
                continue;
            }
            for c in 0..stub {
                let inner = labels.iter().skip(c + 1).any(|t| !t.is_empty());
                if !labels[c].is_empty() {
                    last[c].clone_from(&labels[c]);
                    last.iter_mut().skip(c + 1).for_each(String::clear);
                } else if !inner {
                    last[c].clear();
                }
            }
            let mut path: Vec<String> = last.iter().filter(|t| !t.is_empty()).cloned().collect();
            let grand = path.last().is_some_and(|l| total_word(&key(l)).is_some_and(|t| t.grand));
            if let Some(group) = group.as_ref().filter(|_| !grand) {
                path.insert(0, group.clone());
            }
            rows.push(Head { path, indent, level: 0, at: r, kind: Kind::Count });
        }
        self.levels(&mut rows, stub);
        rows
    }
}
