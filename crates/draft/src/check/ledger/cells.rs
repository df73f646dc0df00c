//! The numbers of tables, those of tables that were passed over included.

use std::collections::{HashMap, HashSet};

use crate::draft::{Entry, Piece};

use super::super::blocks::{Block, Pages};
use super::super::driver::Check;
use super::super::figures::{Figures, means, shape};
use super::super::lexicon::{Content, Number, tidy};
use super::super::ratio;
use super::super::reading::called_means;
use super::super::sentences::is_counted;
use super::super::shares::bounds;
use super::super::table::{Head, Kind, Parsed, is_measure, is_thing, parse};
use super::roles::{Context, Item, items};
use super::{Book, NotJudged, Owner, Role};

/// Words of a cell that is a sentence.
const SENTENCE: usize = 6;

impl Book<'_> {
    /// All numbers of a table.
    pub(super) fn block(&mut self, number: usize) {
        let check = self.check;
        let Some(block) = check.pages.blocks.get(number) else { return };
        let layout = check.options.layout.and_then(|l| l.table(&block.name));
        let said = layout.is_some_and(|l| l.ignore == Some(true));
        let read = check.reading.tables.iter().find(|f| f.parsed.block == number && f.measure.is_none());
        let again = || {
            let mut parsed = parse(number, block, shape(layout), &|text| check.signs.declares(text))?;
            if called_means(block, &check.pages).is_some() {
                means(&mut parsed);
            }
            Some(parsed)
        };
        let parsed = match read {
            Some(figures) => Some((*figures.parsed).clone()),
            None if said => None,
            None => again(),
        };
        let table = Table::new(block, &check.pages, parsed, read);
        let sheets = if read.is_none() { sheets(check, block) } else { HashSet::new() };
        let lists = lists(check, number, block);
        for (r, row) in block.rows.iter().enumerate() {
            for (c, entry) in row.iter().enumerate().filter(|(_, e)| !e.merged) {
                let text = tidy(&entry.text);
                if !text.chars().any(char::is_alphanumeric) {
                    continue;
                }
                let items = match lists.iter().find_map(|l| Some((l, *l.at.get(&(r, c))?))) {
                    Some((list, at)) => self.figure(list, at, entry, &text),
                    None if lists.is_empty() => self.cell(&table, (r, c), entry, &text),
                    None => self.label(&table, &text, self.free(false, entry, &text)),
                };
                for mut item in items {
                    if said {
                        item.role = Some(Role::Excepted);
                    } else if c == 0 && item.role.is_none() && sheets.contains(&text) {
                        item.role = Some(Role::Reference);
                    }
                    let at = NotJudged {
                        file: block.file,
                        place: entry.place.clone(),
                        table: Some(block.name.clone()),
                        number: item.text.clone(),
                        text: super::around(&text, item.column),
                    };
                    self.enter(Owner::Block(number), item, at);
                }
            }
        }
    }

    fn free(&self, figures: bool, entry: &Entry, text: &str) -> Vec<Item> {
        let context = Context {
            band: self.band,
            judged: &|_| false,
            withheld: &|_, _| false,
            listed: false,
            figures,
            page: entry.place.part.as_deref(),
        };
        items(text, &context)
    }

    fn cell(&self, table: &Table, (r, c): (usize, usize), entry: &Entry, text: &str) -> Vec<Item> {
        let prose = text.split(' ').count() >= SENTENCE;
        if table.parsed.is_none() {
            return self.free(!prose, entry, text);
        }
        let (Some(&row), Some(&col)) = (table.rows.get(&r), table.cols.get(&c)) else {
            // a column of notes is text, and no label
            let beside = table.parsed.as_ref().is_some_and(|p| c >= p.stub_columns && r >= p.header_rows);
            if beside && table.rows.contains_key(&r) {
                return self.free(false, entry, text);
            }
            let items = self.label(table, text, self.free(false, entry, text));
            return self.lone(table, r, text, items);
        };
        self.figure(table, (row, col), entry, text)
    }

    /// "West 3" in a row without figures: the number at its end may be its figure.
    fn lone(&self, table: &Table, r: usize, text: &str, mut items: Vec<Item>) -> Vec<Item> {
        let blank = table.rows.get(&r).is_none_or(|&row| {
            let cells = table.parsed.as_ref().and_then(|p| p.cells.get(row));
            cells.is_some_and(|c| c.iter().all(|t| t.lexed.content == Content::Blank))
        });
        let body = table.parsed.as_ref().is_some_and(|p| r >= p.header_rows && !p.rows.is_empty());
        let named = super::roles::is_named(text);
        if let Some(last) = items.last_mut().filter(|i| blank && body && i.role == Some(Role::Label) && !named)
            && last.column > 0
            && text.chars().count() == last.column + last.text.chars().count()
            && last.value.is_some_and(|v| (1..=self.band.1).contains(&v))
        {
            last.role = None;
        }
        items
    }

    /// The numbers of a cell of figures.
    fn figure(&self, table: &Table, (row, col): (usize, usize), entry: &Entry, text: &str) -> Vec<Item> {
        let prose = text.split(' ').count() >= SENTENCE;
        let Some(parsed) = &table.parsed else { return Vec::new() };
        let Some(typed) = parsed.cell(row, col) else { return Vec::new() };
        let one = |role: Option<Role>| Item { column: 0, text: text.to_owned(), value: None, role };
        // a difference of two counts, which its neighbours were worked out from
        if parsed.is_change(row, col) {
            let digits = text.chars().any(char::is_numeric);
            return digits.then(|| one(Some(Role::Figure))).into_iter().collect();
        }
        match &typed.lexed.content {
            Content::Blank => Vec::new(),
            Content::Range(_) => vec![one(Some(table.figure(row, col)))],
            Content::Number(n) => {
                let role = table.means(row, col, *n).then(|| table.figure(row, col));
                let share = typed.lexed.share.map(|_| one(Some(Role::Figure)));
                std::iter::once(Item { value: n.count(), ..one(role) }).chain(share).collect()
            }
            // what an undeclared sign among counts means is asked elsewhere
            Content::Sign(sign)
                if self.check.signs.declares(sign) || parsed.kind(row, col) == Kind::Count && table.read.is_some() =>
            {
                let digits = text.chars().any(char::is_numeric);
                digits.then(|| one(Some(table.figure(row, col)))).into_iter().collect()
            }
            Content::Sign(_) if parsed.kind(row, col) == Kind::Percent && bounds(text, true).is_some() => {
                vec![one(Some(Role::Figure))]
            }
            // "10.2-14.7", the interval of a rate; "23 to 67", a range
            Content::Sign(_) if parsed.kind(row, col) == Kind::Other && is_interval(text) => {
                vec![one(Some(Role::Figure))]
            }
            Content::Sign(_) => self.free(!prose, entry, text),
        }
    }

    /// The numbers of a label: parts of it, unless a count stands behind its words ("Arson: 3", "Male (n=3)").
    fn label(&self, table: &Table, text: &str, items: Vec<Item>) -> Vec<Item> {
        let alone = !text.contains(' ') && !text.contains('=');
        let part = |mut item: Item| {
            let open = item.role.is_none();
            let counts = || open && !alone && item.column > 0 && self.counts(table, text, &item);
            if !(open && (item.text.contains('=') || counts())) {
                item.role = Some(if item.role == Some(Role::Footnote) { Role::Footnote } else { Role::Label });
            }
            item
        };
        items.into_iter().map(part).collect()
    }

    /// Whether a small number behind the words of a label counts something.
    fn counts(&self, table: &Table, text: &str, item: &Item) -> bool {
        let before: String = text.chars().take(item.column).collect();
        let behind: String = text.chars().skip(item.column).collect();
        let bracketed = behind.starts_with('(') && behind.ends_with(')');
        // "(1)" and "(2)" behind labels are marks of footnotes where each of them is explained or they make a series
        let marked = bracketed && item.value.is_some_and(|n| table.marks.contains(&n));
        let apart = before.trim_end().ends_with([':', '-', '=', ',', ';']);
        !marked && (bracketed || apart || is_counted(text, item.column))
    }
}

/// The numbers of sheets: those in the first column of a block that lists the sheets of its file and nothing else, or that stands
/// on a page of contents.
fn sheets(check: &Check, block: &Block) -> HashSet<String> {
    let pieces = || check.drafts.get(block.file).into_iter().flat_map(|d| &d.document.pieces);
    let name = |p: &Piece| match p {
        Piece::Grid(grid) => grid.name.as_deref().map(tidy),
        Piece::Paragraph(_) => None,
    };
    let names: HashSet<String> = pieces().filter_map(name).collect();
    let own = pieces().nth(block.piece).and_then(name).unwrap_or_default().to_lowercase();
    let contents = ["contents", "table of contents", "index", "list of tables", "tables"]
        .contains(&own.trim().replace('_', " ").as_str());
    let digits = |t: &String| t.chars().any(char::is_numeric);
    let first = || block.rows.iter().filter_map(|r| r.first()).map(|e| tidy(&e.text)).filter(digits);
    let lists = first().count() > 0 && first().all(|t| names.contains(&t));
    match (lists, contents) {
        (true, _) => names,
        // each number once, beside words
        (_, true)
            if first().all(|t| !t.contains(' ') || t.to_lowercase().starts_with("table "))
                && first().collect::<HashSet<_>>().len() == first().count() =>
        {
            first().collect()
        }
        _ => HashSet::new(),
    }
}

/// The tables of a tidy list, each with the places of its figures in the block.
fn lists<'a>(check: &'a Check, number: usize, block: &Block) -> Vec<Table<'a>> {
    let own = check.reading.tables.iter().filter(|f| f.parsed.listed && f.parsed.block == number);
    own.filter(|f| f.measure.is_none())
        .map(|figures| {
            let parsed = &figures.parsed;
            let mut table = Table::new(block, &check.pages, Some((**parsed).clone()), Some(figures));
            for (r, row) in parsed.rows.iter().enumerate() {
                for (c, col) in parsed.cols.iter().enumerate() {
                    let at = (row.at, col.at);
                    table.at.insert(parsed.real.get(&at).copied().unwrap_or(at), (r, c));
                }
            }
            table
        })
        .collect()
}

/// A table and what its lines say of their figures.
struct Table<'a> {
    parsed: Option<Parsed>,
    read: Option<&'a Figures>,
    /// Rows and columns of figures by those of the block.
    rows: HashMap<usize, usize>,
    cols: HashMap<usize, usize>,
    /// The figures of a tidy list by row and column of the block.
    at: HashMap<(usize, usize), (usize, usize)>,
    /// Whether labels say that figures are no counts; decimals of those of a line that has a true fraction.
    said: (Vec<bool>, Vec<bool>),
    decimals: (Vec<Option<u32>>, Vec<Option<u32>>),
    /// Numbers in brackets behind labels that are marks.
    marks: HashSet<i64>,
}

impl<'a> Table<'a> {
    fn new(block: &Block, pages: &Pages, parsed: Option<Parsed>, read: Option<&'a Figures>) -> Table<'a> {
        let mut table = Table {
            read,
            rows: HashMap::new(),
            cols: HashMap::new(),
            at: HashMap::new(),
            said: (Vec::new(), Vec::new()),
            decimals: (Vec::new(), Vec::new()),
            marks: marks(block),
            parsed: None,
        };
        if let Some(parsed) = &parsed {
            table.rows = parsed.rows.iter().enumerate().map(|(i, h)| (h.at, i)).collect();
            table.cols = parsed.cols.iter().enumerate().map(|(i, h)| (h.at, i)).collect();
            let caption = says(&block.name)
                || called_means(block, pages).is_some()
                || parsed.spanner.as_deref().is_some_and(says);
            let labels = |heads: &[Head]| heads.iter().map(|h| caption || h.path.iter().any(|l| says(l))).collect();
            table.said = (labels(&parsed.rows), labels(&parsed.cols));
            let number = |r: usize, c: usize| match parsed.cell(r, c).map(|t| &t.lexed.content) {
                Some(Content::Number(n)) => fraction(*n),
                _ => None,
            };
            let (rows, cols) = (parsed.rows.len(), parsed.cols.len());
            let line = |r: usize| (0..cols).find_map(|c| number(r, c));
            let column = |c: usize| (0..rows).find_map(|r| number(r, c));
            table.decimals = ((0..rows).map(line).collect(), (0..cols).map(column).collect());
        }
        table.parsed = parsed;
        table
    }

    /// Whether something says what a number is: it is a count that is judged, or its form, its labels or the other numbers
    /// of its line make it something else.
    fn means(&self, row: usize, col: usize, n: Number) -> bool {
        let Some(parsed) = &self.parsed else { return false };
        let ratio = |r: &super::super::measures::Ratio| r.line == if r.rows { row } else { col };
        match parsed.kind(row, col) {
            Kind::Count => self.read.is_some() && n.count().is_some(),
            Kind::Base => self.read.is_some(),
            Kind::Percent => true,
            Kind::Other => {
                let said =
                    self.said.0.get(row).copied().unwrap_or(false) || self.said.1.get(col).copied().unwrap_or(false);
                let alike = |line: Option<&Option<u32>>| n.decimals > 0 && line.copied().flatten() == Some(n.decimals);
                let alike = alike(self.decimals.0.get(row)) || alike(self.decimals.1.get(col));
                said || n.percent || n.money || fraction(n).is_some() || alike || parsed.ratios.iter().any(ratio)
            }
        }
    }

    fn figure(&self, row: usize, col: usize) -> Role {
        let at = self.read.and_then(|f| Some((f.at(row, col)?, f)));
        let total = at.is_some_and(|(at, figures)| {
            let total = |(&e, axis): (&usize, &super::super::sides::Axis)| {
                axis.total == Some(e) || axis.entries.get(e).is_some_and(|e| !e.children.is_empty())
            };
            at.iter().zip(&figures.axes).any(total)
        });
        if total { Role::Total } else { Role::Figure }
    }
}

/// The decimals of a number that is no whole one.
fn fraction(n: Number) -> Option<u32> {
    let whole = 10i64.checked_pow(n.decimals)?;
    (n.decimals > 0 && n.units % whole != 0).then_some(n.decimals)
}

/// Whether a text is two numbers with a fraction each, and nothing else.
fn is_interval(text: &str) -> bool {
    let bare = text.trim_matches(['(', ')', '[', ']', ' ']);
    let ends = [" to ", ", ", "\u{2013}", "-"].iter().find_map(|by| bare.split_once(by));
    ends.is_some_and(|(a, b)| {
        [a, b]
            .iter()
            .all(|t| t.contains('.') && super::super::lexicon::number(t.trim().trim_end_matches('%')).is_some())
    })
}

/// Words of such labels.
const MEASURES: &[&str] = &[
    "median",
    "quartile",
    "percentile",
    "percent",
    "percentage",
    "percentages",
    "proportion",
    "proportions",
    "share",
    "shares",
    "index",
    "score",
    "scores",
    "rate",
    "rates",
    "ratio",
    "cost",
    "costs",
    "days",
    "hours",
    "minutes",
    "weeks",
    "months",
    "years",
    "length",
    "duration",
    "distance",
    "weight",
    "height",
    "change",
    "difference",
    "variance",
    "deviation",
    "rank",
    "density",
    "fte",
    "interval",
    "ci",
    "lower",
    "upper",
    "error",
    "p-value",
    "z-score",
    "mean",
    "average",
    "min",
    "max",
    "minimum",
    "maximum",
    "sd",
    "iqr",
    "range",
    "lowest",
    "highest",
    "shortest",
    "longest",
    "mode",
];

/// Whether a label says that figures are rates, shares, means or amounts.
fn says(label: &str) -> bool {
    let low = label.to_lowercase();
    let word = |w: &str| MEASURES.contains(&w.trim_matches(|c: char| !c.is_alphanumeric() && c != '-'));
    is_measure(&low)
        || is_thing(&low)
        || low.contains(['%', '£', '€', '$'])
        || low.contains("per cent")
        || ratio::said(&low).is_some()
        || ratio::is_amount(&low)
        || low.split([' ', '(', ')', '/']).any(word)
}

/// Numbers in brackets behind labels that can be marks of footnotes: a series from 1, each one or several times.
fn marks(block: &Block) -> HashSet<i64> {
    let marked = |e: &Entry| {
        let text = tidy(&e.text);
        let (_, mark) = text.strip_suffix(')')?.rsplit_once(" (")?;
        mark.parse::<i64>().ok().filter(|n| (1..30).contains(n))
    };
    let found: HashSet<i64> = block.rows.iter().flatten().filter(|e| !e.merged).filter_map(marked).collect();
    let series = i64::try_from(found.len()).unwrap_or(i64::MAX);
    if found.len() > 1 && (1..=series).all(|n| found.contains(&n)) { found } else { HashSet::new() }
}
