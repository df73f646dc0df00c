//! From a block of text to a table: which rows are headers, which columns hold labels, what each cell is.
//!
//! Columns and rows that hold percentages, rates or means are set apart: what remains are counts.

use std::collections::BTreeMap;

use crate::draft::{Entry, Place};

use super::blocks::Block;
use super::lexicon::{Content, Lexed, Number, is_year, key, lex, tidy};
use super::measures::Ratio;
use super::ratio;
use super::words::{is_common_sign, total_word};

/// A row or column of figures with its labels.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// Labels from the outermost to the innermost, as typed.
    pub path: Vec<String>,
    /// Depth of indentation.
    pub indent: usize,
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

/// A cell of figures.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    /// The text taken apart.
    pub lexed: Lexed,
    /// The text as typed.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// The file stores a number that differs from the one it shows.
    pub more: bool,
    /// The number that it stores then.
    pub stored: Option<Number>,
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
    let (cols, spanner) = text.columns(header_rows, stub, width);
    let rows = text.rows(header_rows, stub);
    let cells: Vec<Vec<Typed>> =
        rows.iter().map(|r| cols.iter().map(|c| typed(text.entry(r.at, c.at))).collect()).collect();
    let figures = cells.iter().flatten().any(|c| matches!(c.lexed.content, Content::Number(_) | Content::Range(_)));
    let signs = || cells.iter().flatten().any(|c| marker(&c.text) || is_common_sign(&c.text));
    if !(figures || signs() && header_rows > 0) {
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
        listed: false,
        real: BTreeMap::new(),
    };
    kinds(&mut parsed);
    Some(parsed)
}

pub(crate) fn typed(entry: Option<&Entry>) -> Typed {
    let text = entry.map(|e| tidy(&e.text)).unwrap_or_default();
    let place = entry.map(|e| e.place.clone()).unwrap_or_default();
    let mut lexed = lex(&text);
    let (mut more, mut exact) = (false, None);
    if let Some(stored) = entry.and_then(|e| e.stored) {
        match lexed.content {
            Content::Number(shown) => {
                let whole = if shown.percent { stored * 100.0 } else { stored };
                let differs = (whole - shown.units as f64 / 10f64.powi(shown.decimals as i32)).abs() > 1e-9;
                more = differs && !shown.percent;
                // what a workbook stores of a percentage or a rate is as public as what it shows
                if differs && whole.abs() < 1e6 {
                    let units = (whole * 10f64.powi(STORED as i32)).round() as i64;
                    let number = Number { units, decimals: STORED, ..shown };
                    if shown.percent {
                        lexed.content = Content::Number(number);
                    } else {
                        exact = Some(number);
                    }
                }
            }
            // a number below a sign or a bound is as public as one that is shown
            Content::Blank | Content::Range(_) | Content::Sign(_) => {
                // a dash for a zero says what it is
                more = stored != 0.0 || !text.chars().all(|c| matches!(c, '-' | ' '));
                lexed.content = count(stored).map_or(lexed.content, Content::Number);
            }
        }
    }
    Typed { lexed, text, place, more, stored: exact }
}

/// A stored number as a count.
fn count(stored: f64) -> Option<Number> {
    let whole = stored.fract() == 0.0 && (0.0..1e15).contains(&stored);
    whole.then_some(Number { units: stored as i64, decimals: 0, percent: false, money: false })
}

/// Decimals of stored percentages and rates that are used.
const STORED: u32 = 6;

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

    fn is_header(&self, row: usize) -> bool {
        let width = self.rows.get(row).map_or(0, Vec::len);
        let data: Vec<String> = (1..width).map(|c| self.text(row, c)).filter(|t| !t.is_empty()).collect();
        if data.is_empty() {
            return false;
        }
        let total = data.iter().any(|t| total_word(&key(t)).is_some());
        // bands name columns in the first row, or where they all differ below an empty corner
        let corner = self.text(row, 0).is_empty();
        let different = data.iter().collect::<std::collections::BTreeSet<_>>().len() == data.len();
        let band = |t: &String| (row == 0 || (corner && different)) && matches!(lex(t).content, Content::Range(_));
        let label = |t: &String| self.names(t) || is_year(t) || band(t);
        let first = self.text(row, 0);
        // a row of years behind a label could be figures: below the first row only headers leave the corner empty
        let open =
            row == 0 || first.is_empty() || self.entry(row, 0).is_some_and(|e| e.merged) || self.text(0, 0).is_empty();
        let words = data.iter().filter(|t| self.names(t)).count();
        let figures = data.iter().any(|t| self.entry_is_figure(t));
        open && (data.iter().all(label) || (total && row == 0) || (words > 0 && !figures))
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
            let named = texts.iter().filter(|t| self.names(t)).count();
            let years = texts.len() > 1 && texts.iter().all(|t| is_year(t));
            !texts.is_empty() && (2 * named > texts.len() || years || bands(&texts))
        };
        1 + (1..width.saturating_sub(1)).take_while(|&c| labels(c)).count()
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
        let head = |(at, path): (usize, Vec<String>)| Head { path, indent: 0, at, kind: Kind::Count };
        (paths.into_iter().map(head).collect(), spanner)
    }

    /// The rows of figures; a label without figures is the group of those below it.
    fn rows(&self, header_rows: usize, stub: usize) -> Vec<Head> {
        let mut rows: Vec<Head> = Vec::new();
        let mut last: Vec<String> = vec![String::new(); stub];
        let mut group: Option<String> = None;
        for r in header_rows..self.rows.len() {
            let labels: Vec<String> = (0..stub).map(|c| self.text(r, c)).collect();
            let width = self.rows.get(r).map_or(0, Vec::len);
            let empty = (stub..width).all(|c| self.is_blank(r, c));
            let indent = self.entry(r, 0).map_or(0, |e| e.indent);
            if empty && stub == 1 && !labels[0].is_empty() {
                group = Some(labels[0].clone());
                continue;
            }
            if empty {
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
            rows.push(Head { path, indent, at: r, kind: Kind::Count });
        }
        rows
    }
}

/// Texts that are different bands ("10-12", "13-15"), which name rows and are no figures.
fn bands(texts: &[String]) -> bool {
    let ranges = texts.iter().all(|t| matches!(lex(t).content, Content::Range(_)));
    let mut different: Vec<String> = texts.iter().map(|t| key(t)).collect();
    different.sort();
    different.dedup();
    ranges && different.len() > 2
}

/// Words that say that figures are no counts, beside those of rates and means.
const OTHER: &[&str] = &["median", "quartile", "percentile"];
/// Words that say that figures are percentages.
const PERCENT: &[&str] = &["%", "percent", "per cent", "percentage", "proportion"];

/// Sets percentages, rates and means apart.
pub(crate) fn kinds(parsed: &mut Parsed) {
    let of = |heads: &Head, cells: Vec<&Typed>| {
        let label = heads.path.join(" ").to_lowercase();
        let numbers: Vec<_> = cells
            .iter()
            .filter_map(|c| match c.lexed.content {
                Content::Number(n) => Some(n),
                _ => None,
            })
            .collect();
        let says = |words: &[&str]| {
            words
                .iter()
                .any(|w| label.split([' ', '(', ')']).any(|t| t == *w) || (w.contains([' ', '%']) && label.contains(w)))
        };
        if says(PERCENT) || (!numbers.is_empty() && numbers.iter().all(|n| n.percent)) {
            Kind::Percent
        } else if says(OTHER) || ratio::said(&label).is_some() || numbers.iter().any(|n| n.decimals > 0 || n.money) {
            Kind::Other
        } else {
            Kind::Count
        }
    };
    let columns: Vec<Kind> = (0..parsed.cols.len())
        .map(|c| of(&parsed.cols[c], parsed.cells.iter().filter_map(|r| r.get(c)).collect()))
        .collect();
    let whole = !columns.is_empty() && columns.iter().all(|k| *k != Kind::Count);
    let rows: Vec<Kind> = (0..parsed.rows.len())
        .map(|r| {
            let own = parsed.cells.get(r).into_iter().flatten().enumerate();
            let cells: Vec<&Typed> =
                own.filter(|(c, _)| columns.get(*c) == Some(&Kind::Count) || whole).map(|(_, t)| t).collect();
            of(&parsed.rows[r], cells)
        })
        .collect();
    // one row of percentages below counts leaves the columns what they are
    let mixed = rows.contains(&Kind::Count);
    for (head, kind) in parsed.cols.iter_mut().zip(columns) {
        head.kind = kind;
    }
    if mixed {
        for (c, head) in parsed.cols.iter_mut().enumerate().filter(|(_, h)| h.kind != Kind::Count) {
            let counted = |r: usize| rows[r] == Kind::Count;
            let cells = (0..rows.len()).filter(|&r| counted(r)).filter_map(|r| parsed.cells.get(r)?.get(c));
            head.kind = of(head, cells.collect());
        }
    }
    for (head, kind) in parsed.rows.iter_mut().zip(rows) {
        head.kind = kind;
    }
}
