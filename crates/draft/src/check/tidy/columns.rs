//! What each column of a tidy list holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::blocks::Block;
use super::super::lexicon::{Content, is_year, key, lex, tidy};
use super::super::variables::band;
use super::super::words::{is_common_sign, total_word};
use super::status;

/// The columns of a tidy list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Columns {
    /// Labels that tell the cells apart.
    pub labels: Vec<usize>,
    /// Figures.
    pub values: Vec<usize>,
    /// What was done with a figure, and of which column of figures it says so, where it is of one.
    pub statuses: Vec<StatusColumn>,
    /// The name of the table that a line belongs to.
    pub table: Option<usize>,
    /// What a line's figure counts, and in which unit.
    pub measures: Vec<usize>,
    /// Which columns of labels a line fills: the others stand for all.
    pub levels: Option<usize>,
}

/// A column of statuses.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StatusColumn {
    /// The column.
    pub at: usize,
    /// Its vocabulary.
    pub kind: status::Vocabulary,
}

/// Headings of figures.
const VALUE: &[&str] = &[
    "value",
    "values",
    "count",
    "counts",
    "obs value",
    "obsvalue",
    "observation",
    "observations",
    "observation value",
    "measure value",
    "number",
    "numbers",
    "n",
    "no",
    "freq",
    "frequency",
    "figure",
    "figures",
    "cases",
    "persons",
    "people",
    "records",
    "num",
    "cell value",
    "datavalue",
    "data value",
    "total count",
];
/// Headings of the name of a table.
const TABLE: &[&str] =
    &["table", "tables", "table id", "table name", "dataflow", "structure id", "dataset", "dataset id", "cube"];
/// Headings of what is counted.
const MEASURE: &[&str] = &[
    "measure",
    "measures",
    "measurement",
    "measurements",
    "measure type",
    "measure name",
    "measure code",
    "indicator",
    "indicators",
    "statistic",
    "statistics",
    "metric",
    "metrics",
    "unit",
    "units",
    "unit of measure",
    "unit measure",
    "units of measurement",
    "variable",
    "series",
    "statistic label",
    "unit mult",
];
/// Headings of what says nothing of a figure.
const ASIDE: &[&str] = &["structure", "action", "decimals", "data last updated", "last updated", "updated"];
/// The most columns that are looked at.
const MOST_COLUMNS: usize = 200;

/// The texts of a block by column, tidied.
struct Texts<'a> {
    block: &'a Block,
    header: Vec<String>,
    marker: &'a dyn Fn(&str) -> bool,
}

impl Texts<'_> {
    fn text(&self, row: usize, col: usize) -> String {
        self.block.rows.get(row).and_then(|r| r.get(col)).map(|e| tidy(&e.text)).unwrap_or_default()
    }

    fn rows(&self) -> std::ops::Range<usize> {
        1..self.block.rows.len()
    }

    fn column(&self, col: usize) -> Vec<String> {
        self.rows().map(|r| self.text(r, col)).collect()
    }

    fn head(&self, col: usize) -> &str {
        self.header.get(col).map_or("", String::as_str)
    }

    fn named(&self, col: usize, words: &[&str]) -> bool {
        words.contains(&self.head(col))
    }

    fn value_name(&self, col: usize) -> bool {
        let head = self.head(col);
        let open_data = head.strip_prefix("v4 ").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
        let said = ["number of ", "no of ", "no. of ", "count of "].iter().any(|w| head.starts_with(w));
        let compact = head.replace(' ', "");
        let joined = compact.starts_with("numberof") || compact == "obsvalue" || compact == "measurevalue";
        open_data || said || joined || head.ends_with(" count") || VALUE.contains(&head)
    }

    fn status_name(&self, col: usize) -> bool {
        let head = self.head(col);
        let words: Vec<&str> = head.split([' ', '.', '-', '/']).collect();
        let any = ["status", "flag", "flags", "marker", "markers", "marking", "suppression", "suppressed", "qualifier"];
        let other = ["confidentiality", "conf", "symbol", "symbols", "annotation", "shorthand"];
        words.iter().any(|w| any.contains(w) || other.contains(w)) || head.ends_with("qf") && head.len() > 2
    }

    /// Figures and signs in place of figures alone. Ranges that differ are bands, which are labels.
    fn numeric(&self, col: usize) -> bool {
        let mut figures = false;
        let mut ranges: BTreeSet<String> = BTreeSet::new();
        let mut signs = 0;
        for text in self.column(col).iter().filter(|t| !t.is_empty()) {
            match lex(text).content {
                Content::Number(_) => figures = true,
                Content::Range(_) => _ = ranges.insert(key(text)),
                Content::Blank => {}
                Content::Sign(sign) => {
                    let placed = (self.marker)(&sign) || is_common_sign(text) || status::is_sign(text);
                    if !placed {
                        return false;
                    }
                    signs += usize::from(!sign.chars().any(char::is_alphanumeric));
                }
            }
        }
        figures
            || signs > 0
            || ranges.len() == 1
            || (self.value_name(col) && !self.column(col).iter().all(String::is_empty))
    }

    fn years(&self, col: usize) -> bool {
        let texts = self.column(col);
        let period = ["period", "year", "time"].iter().any(|w| self.head(col).contains(w));
        let year = |t: &String| is_year(t) || period && is_school_year(t);
        texts.iter().any(|t| !t.is_empty()) && texts.iter().filter(|t| !t.is_empty()).all(year)
    }

    /// Numbers that name what a line is about.
    fn codes(&self, col: usize) -> bool {
        let head = self.head(col);
        let last = head.rsplit([' ', '-']).next().unwrap_or_default();
        ["code", "codes", "urn", "ukprn", "laestab", "identifier"].contains(&last)
    }

    /// The column that says of each line which of the others hold a label ("National", "Regional"): where they are blank, the line
    /// counts all of them.
    fn levels(&self, labels: &[usize]) -> Option<usize> {
        let blank: Vec<usize> =
            labels.iter().copied().filter(|&c| self.column(c).iter().any(String::is_empty)).collect();
        let pattern =
            |r: usize| blank.iter().map(|&c| if self.text(r, c).is_empty() { '0' } else { '1' }).collect::<String>();
        let level = |&c: &usize| {
            // what is blank in the first line stands for no line above it
            let said = self.head(c).contains("level") || blank.iter().all(|&b| self.text(1, b).is_empty());
            let pairs = || self.rows().map(|r| (key(&self.text(r, c)), pattern(r)));
            said && !blank.contains(&c)
                && self.distinct(c) > 1
                && implies(pairs())
                && implies(pairs().map(|(level, pattern)| (pattern, level)))
        };
        if blank.is_empty() { None } else { labels.iter().copied().find(|c| level(c)) }
    }

    /// Whether these columns tell all lines apart.
    fn unique(&self, columns: &[usize]) -> bool {
        let mut seen = BTreeSet::new();
        self.rows().all(|r| seen.insert(columns.iter().map(|&c| key(&self.text(r, c))).collect::<Vec<_>>()))
    }

    fn distinct(&self, col: usize) -> usize {
        self.column(col).iter().map(|t| key(t)).collect::<BTreeSet<_>>().len()
    }
}

/// The columns of a block that is a tidy list. `marker` knows the signs that stand in place of figures.
pub(crate) fn columns(block: &Block, marker: &dyn Fn(&str) -> bool) -> Option<Columns> {
    let header = block.rows.first()?;
    let width = header.len();
    let lines = block.rows.len().saturating_sub(1);
    if lines < 2 || !(2..=MOST_COLUMNS).contains(&width) || block.rows.iter().flatten().any(|e| e.merged) {
        return None;
    }
    let texts = Texts { block, header: header.iter().map(|e| key(&e.text)).collect(), marker };
    let named = texts.header.iter().filter(|h| !h.is_empty()).count();
    // portals have a column of codes `sex` before one of labels `Sex`
    let different: BTreeSet<String> = header.iter().map(|e| tidy(&e.text)).collect();
    let too_wide = block.rows.iter().any(|r| r.iter().skip(width).any(|e| !tidy(&e.text).is_empty()));
    if named < width || different.len() < width || too_wide {
        return None;
    }
    let heading = |c: usize| {
        let text = tidy(&header.get(c).map(|e| e.text.clone()).unwrap_or_default());
        matches!(lex(&text).content, Content::Sign(_)) && text.chars().any(char::is_alphabetic)
    };
    let found = roles(&texts, width)?;
    if found.values.iter().any(|&c| !heading(c) && !texts.value_name(c)) || !is_list(&texts, &found, lines) {
        return None;
    }
    Some(found)
}

/// What each column holds, if it can be told.
fn roles(texts: &Texts, width: usize) -> Option<Columns> {
    let mut found = Columns::default();
    let mut open: Vec<usize> = Vec::new();
    for c in 0..width {
        let empty = texts.column(c).iter().all(String::is_empty);
        if texts.named(c, TABLE) && found.table.is_none() {
            found.table = Some(c);
        } else if texts.named(c, ASIDE) || empty {
        } else if texts.named(c, MEASURE) && !texts.numeric(c) {
            found.measures.push(c);
        } else if texts.status_name(c) && !texts.numeric(c) && !texts.value_name(c) {
            found.statuses.push(StatusColumn { at: c, kind: status::vocabulary(texts.head(c)) });
        } else if texts.value_name(c) && texts.numeric(c) {
            found.values.push(c);
        } else {
            open.push(c);
        }
    }
    let (figures, words): (Vec<usize>, Vec<usize>) =
        open.into_iter().partition(|&c| texts.numeric(c) && !texts.years(c) && !texts.codes(c));
    found.labels = words;
    // columns of signs without a heading that says so
    found.labels.retain(|&c| {
        let sign = status::column_of_signs(texts.column(c).iter().map(String::as_str));
        if sign {
            found.statuses.push(StatusColumn { at: c, kind: status::Vocabulary::General });
        }
        !sign
    });
    if let Some(level) = texts.levels(&found.labels) {
        found.labels.retain(|&c| c != level);
        found.levels = Some(level);
    }
    let apart = |labels: &[usize]| -> Vec<usize> {
        labels.iter().copied().chain(found.table).chain(found.measures.iter().copied()).collect()
    };
    let mut rest = figures.into_iter();
    while !texts.unique(&apart(&found.labels)) {
        let Some(next) = rest.next() else { break };
        // a column of different numbers tells lines apart without being a label
        if found.values.is_empty() && rest.len() == 0 {
            found.values.push(next);
            break;
        }
        found.labels.push(next);
    }
    found.values.extend(rest);
    found.values.sort_unstable();
    found.labels.sort_unstable();
    (!found.values.is_empty() && !found.labels.is_empty()).then_some(found)
}

/// Whether the columns are those of a list with a line per cell, and of no table as people read them, and no list of persons.
fn is_list(texts: &Texts, found: &Columns, lines: usize) -> bool {
    let said = found.values.iter().any(|&c| texts.value_name(c));
    let machine = found.table.is_some() || !found.measures.is_empty() || !found.statuses.is_empty();
    let apart: Vec<usize> =
        found.labels.iter().copied().chain(found.table).chain(found.measures.iter().copied()).collect();
    let unique = texts.unique(&apart);
    if !(unique || said && mostly_unique(texts, &apart, lines)) {
        return false;
    }
    // a blank label is that of the line above, as people write tables
    let blanks = found.labels.iter().any(|&c| texts.column(c).iter().any(String::is_empty));
    if found.levels.is_some() {
        return unique && found.labels.len() > 1;
    }
    if blanks && found.table.is_none() {
        return false;
    }
    // categories or totals as headings: the list has a side of columns
    let category = |c: &usize| {
        let head = texts.head(*c);
        is_year(head) || band(head).is_some() || (total_word(head).is_some() && !VALUE.contains(&head))
    };
    if found.values.len() > 1 && found.values.iter().any(category) && !machine {
        return false;
    }
    match found.labels.len() {
        1 => machine && said,
        2 if machine && said => true,
        2 => found.values.len() == 1 && (said || coded(texts, found)) && crossing(texts, &found.labels, lines),
        _ if said => true,
        _ => found.values.len() == 1 && crossing(texts, &found.labels, lines) && full(texts, &found.labels, lines),
    }
}

/// "202021": the school year 2020/21.
fn is_school_year(text: &str) -> bool {
    let whole = |t: Option<&str>| t.and_then(|t| t.parse::<u32>().ok());
    text.len() == 6
        && text.bytes().all(|b| b.is_ascii_digit())
        && whole(text.get(..4))
            .zip(whole(text.get(4..)))
            .is_some_and(|(a, b)| (1900..2100).contains(&a) && (a + 1) % 100 == b)
}

/// Few combinations of labels stand twice.
fn mostly_unique(texts: &Texts, columns: &[usize], lines: usize) -> bool {
    let all: BTreeSet<Vec<String>> =
        texts.rows().map(|r| columns.iter().map(|&c| key(&texts.text(r, c))).collect()).collect();
    (lines - all.len()) * 4 <= lines
}

/// Codes for totals that only lists for machines have.
fn coded(texts: &Texts, found: &Columns) -> bool {
    found.labels.iter().any(|&c| texts.column(c).iter().any(|t| matches!(t.as_str(), "_T" | "T" | "TOTAL" | "TOT")))
}

/// Every label stands in several lines, so that the variables cross.
fn crossing(texts: &Texts, labels: &[usize], lines: usize) -> bool {
    let repeats = |c: &&usize| texts.distinct(**c) * 2 <= lines && texts.distinct(**c) > 1;
    labels.iter().filter(repeats).count() >= 2.min(labels.len())
}

/// Half of all combinations of labels have a line, codes and what belongs to them as one.
fn full(texts: &Texts, labels: &[usize], lines: usize) -> bool {
    let mut sizes: Vec<usize> = Vec::new();
    let mut taken: Vec<usize> = Vec::new();
    for &c in labels {
        if taken.iter().any(|&t| follows(texts, t, c) || follows(texts, c, t)) {
            continue;
        }
        taken.push(c);
        sizes.push(texts.distinct(c));
    }
    let all = sizes.iter().fold(1usize, |all, n| all.saturating_mul(*n));
    lines.saturating_mul(2) >= all
}

/// Whether the text of one column says that of another.
pub(crate) fn implies(pairs: impl Iterator<Item = (String, String)>) -> bool {
    let mut known: HashMap<String, String> = HashMap::new();
    for (from, to) in pairs {
        if known.entry(from).or_insert_with(|| to.clone()) != &to {
            return false;
        }
    }
    true
}

fn follows(texts: &Texts, from: usize, to: usize) -> bool {
    implies(texts.rows().map(|r| (key(&texts.text(r, from)), key(&texts.text(r, to)))))
}

/// Lines by the text of a column, in the order in which the texts first stand.
pub(crate) fn by_text(block: &Block, column: Option<usize>) -> Vec<(String, Vec<usize>)> {
    let mut found: Vec<(String, Vec<usize>)> = Vec::new();
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for row in 1..block.rows.len() {
        let entry = column.and_then(|c| block.rows.get(row)?.get(c));
        let text = entry.map(|e| tidy(&e.text)).unwrap_or_default();
        let at = *numbers.entry(text.clone()).or_insert_with(|| {
            found.push((text, Vec::new()));
            found.len() - 1
        });
        if let Some((_, rows)) = found.get_mut(at) {
            rows.push(row);
        }
    }
    found
}
