//! Differences and changes: a line that is another minus a third, in figures or in per cent.
//!
//! The heading says so ("Change", "Difference", "2015 minus 2014", "vs last week"), or the cells do (`+5`, `-3`, `▲ 4`), and
//! the figures must bear it out. Such a line counts no persons: it is set apart from the counts, and what it says of a
//! withheld neighbour becomes a relation (see `apply`).

use crate::model::Interval;

use super::super::figures::Signs;
use super::super::lexicon::{Content, Number, is_year, key, number, tidy};
use super::super::table::{Kind, Parsed};
use super::super::tree::Known;
use super::super::typed::Typed;

/// A line that is the difference of two others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The lines are rows, not columns.
    pub rows: bool,
    /// The line of the differences.
    pub line: usize,
    /// What is taken away; none where the table does not print it.
    pub from: Option<usize>,
    /// From which it is taken.
    pub to: usize,
    /// In per cent of what is taken away.
    pub percent: bool,
    /// It is an index: 100 where nothing changed.
    pub index: bool,
    /// Places in which all three are printed and fit, and those in which they do not.
    pub fits: usize,
    /// See `fits`.
    pub wrong: usize,
}

/// Lines at most so far away are looked at in wide tables.
const NEAR: usize = 12;
/// Tables of up to so many lines have all their pairs looked at.
const ALL_PAIRS: usize = 24;

/// Words of headings that say that figures are differences.
const WORDS: &[&str] = &[
    "change",
    "changes",
    "difference",
    "diff",
    "diff.",
    "variance",
    "variation",
    "delta",
    "movement",
    "increase",
    "decrease",
    "rise",
    "fall",
    "growth",
    "vs",
    "vs.",
    "versus",
    "minus",
    "+/-",
    "-/+",
    "±",
    "δ",
    "net",
];

/// What a heading says of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    /// Nothing.
    No,
    /// A word of differences, which could be that of a category ("Change of address").
    Maybe,
    /// It can hardly be a category.
    Yes,
}

fn named(label: &str) -> Named {
    if is_index(label) {
        return if label.contains("100") { Named::Yes } else { Named::Maybe };
    }
    let key = key(label).replace('%', " % ");
    let words: Vec<&str> = key.split([' ', '(', ')', ',', '/']).filter(|w| !w.is_empty()).collect();
    let joined = key.contains("+/-") || key.contains('±') || key.contains("year on year") || key.contains("compared ");
    if !joined && !words.iter().any(|w| WORDS.contains(w)) {
        return Named::No;
    }
    let at = words.iter().position(|w| WORDS.contains(w)).unwrap_or(0);
    let behind: Vec<&&str> = words.iter().skip(at + 1).collect();
    let category = behind.first().is_some_and(|w| **w == "of")
        || words.first().is_some_and(|w| ["no", "without"].contains(w))
        || behind.first().is_some_and(|w| **w == "in")
            && !behind
                .iter()
                .any(|w| is_year(w) || ["number", "numbers", "count", "counts", "year", "cases"].contains(w));
    let strong = joined
        || [
            "change",
            "changes",
            "difference",
            "diff",
            "diff.",
            "variance",
            "delta",
            "δ",
            "vs",
            "vs.",
            "versus",
            "minus",
        ]
        .iter()
        .any(|w| words.contains(w));
    match (category, strong) {
        (true, _) => Named::Maybe,
        (false, true) => Named::Yes,
        (false, false) => Named::Maybe,
    }
}

/// A difference as it is written: `+5`, `-3`, `(3)`, `▲ 4`, `down 2`, `12.5 %`, `no change`; and whether its sign is.
pub(crate) fn signed(text: &str) -> Option<(Number, bool)> {
    let text = tidy(text).to_lowercase();
    let none = ["no change", "unchanged", "same", "=", "→", "↔", "⇔", "nil", "±0", "+/-0"];
    if none.contains(&text.as_str()) {
        return Some((Number { units: 0, decimals: 0, percent: false, money: false }, true));
    }
    const UP: &[&str] = &["+", "▲", "△", "↑", "⬆", "↗", "up ", "increase of ", "plus "];
    const DOWN: &[&str] = &["-", "▼", "▽", "↓", "⬇", "↘", "down ", "decrease of ", "minus ", "fall of "];
    const MORE: &[&str] = &[" more", " higher", " up", "▲", "△", "↑", "⬆", "↗"];
    const LESS: &[&str] = &[" fewer", " less", " lower", " down", "▼", "▽", "↓", "⬇", "↘"];
    let (mut rest, mut sign, mut marked) = (text.as_str(), 1, false);
    if let Some(inner) = rest.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        (rest, sign, marked) = (inner.trim(), -1, true);
        // brackets around a signed number only set it apart
        if rest.starts_with(['+', '-', '▲', '▼', '↑', '↓']) {
            sign = 1;
        }
    }
    for (words, of) in [(UP, 1), (DOWN, -1)] {
        while let Some(t) = words.iter().find_map(|w| rest.strip_prefix(w)) {
            // "▼ -3" says the same twice
            let again = marked && sign == -1 && of == -1;
            sign = if again { -1 } else { sign * of };
            (rest, marked) = (t.trim_start(), true);
        }
    }
    for (words, of) in [(MORE, 1), (LESS, -1)] {
        if let Some(t) = words.iter().find_map(|w| rest.strip_suffix(w)) {
            sign = if marked { sign } else { of };
            (rest, marked) = (t.trim_end(), true);
        }
    }
    // "▼ -3": the minus behind an arrow
    let (rest, minus) = rest.strip_prefix('-').map_or((rest, false), |t| (t.trim_start(), true));
    let n = number(rest).filter(|n| !n.money && n.units >= 0)?;
    let sign = if minus { -1 } else { sign };
    Some((Number { units: sign * n.units, ..n }, marked || minus))
}

/// Whether a heading is that of an index: "Index (2020=100)".
pub(crate) fn is_index(label: &str) -> bool {
    let key = key(label).replace(' ', "");
    key.contains("=100") || self::key(label).split([' ', '(', ',']).any(|w| w == "index" || w == "indexed")
}

/// What a cell of differences says, with the digits that a file stores; of an index what it is above 100.
fn value(typed: &Typed, percent: bool, index: bool) -> Option<Number> {
    if index {
        let n = number(&tidy(&typed.text)).filter(|n| !n.money && !n.percent && n.units > 0)?;
        let less = 100i64.checked_mul(10i64.checked_pow(n.decimals.min(9))?)?;
        return Some(Number { units: n.units.checked_sub(less)?, percent: true, ..n });
    }
    let (n, _) = signed(&typed.text)?;
    if let Content::Number(stored) = typed.lexed.content
        && stored.percent
        && stored.decimals > n.decimals
    {
        return Some(stored);
    }
    Some(Number { percent: n.percent || percent, ..n })
}

/// The later figure of which this is the change in per cent from an earlier one.
pub(crate) fn later(change: Number, from: Interval) -> Interval {
    let scale = 200 * 10i128.pow(change.decimals.min(9));
    let lo = |a: i64| i128::from(a) * (scale + 2 * i128::from(change.units) - 1);
    let hi = |a: i64| i128::from(a) * (scale + 2 * i128::from(change.units) + 1);
    let end = |n: i128| i64::try_from(n).unwrap_or(i64::MAX);
    Interval {
        lo: from.lo.map(|a| end((-(-lo(a)).div_euclid(scale)).max(0))),
        hi: from.hi.map(|a| end(hi(a).div_euclid(scale))),
    }
}

/// The earlier figure from which this is the change in per cent to a later one.
pub(crate) fn earlier(change: Number, to: Interval) -> Interval {
    let scale = 200 * 10i128.pow(change.decimals.min(9));
    let (least, most) = (scale + 2 * i128::from(change.units) - 1, scale + 2 * i128::from(change.units) + 1);
    let end = |n: i128| i64::try_from(n).unwrap_or(i64::MAX);
    let lo = to.lo.filter(|_| most > 0).map(|b| end(-(-(i128::from(b) * scale)).div_euclid(most)));
    let hi = to.hi.filter(|_| least > 0).map(|b| end((i128::from(b) * scale).div_euclid(least)));
    Interval { lo, hi }
}

/// What a change leaves of the later figure.
pub(crate) fn forward(change: Number, from: Interval) -> Interval {
    if change.percent {
        return later(change, from);
    }
    let add = |n: i64| n.saturating_add(change.units);
    Interval { lo: from.lo.map(add), hi: from.hi.map(add) }
}

/// What a change leaves of the earlier figure.
pub(crate) fn backward(change: Number, to: Interval) -> Interval {
    if change.percent {
        return earlier(change, to);
    }
    let less = |n: i64| n.saturating_sub(change.units);
    Interval { lo: to.lo.map(less), hi: to.hi.map(less) }
}

/// The lines of one side of a table.
struct Lines<'a> {
    parsed: &'a Parsed,
    rows: bool,
    signs: &'a Signs,
}

impl Lines<'_> {
    fn count(&self) -> usize {
        if self.rows { self.parsed.rows.len() } else { self.parsed.cols.len() }
    }

    fn across(&self) -> usize {
        if self.rows { self.parsed.cols.len() } else { self.parsed.rows.len() }
    }

    fn at(&self, line: usize, across: usize) -> (usize, usize) {
        if self.rows { (line, across) } else { (across, line) }
    }

    fn typed(&self, line: usize, across: usize) -> Option<&Typed> {
        let crossing = if self.rows { &self.parsed.cols } else { &self.parsed.rows };
        crossing.get(across).filter(|h| h.kind == Kind::Count)?;
        let (row, col) = self.at(line, across);
        self.parsed.cell(row, col)
    }

    fn kind(&self, line: usize) -> Kind {
        let heads = if self.rows { &self.parsed.rows } else { &self.parsed.cols };
        heads.get(line).map_or(Kind::Other, |h| h.kind)
    }

    fn path(&self, line: usize) -> &[String] {
        let heads = if self.rows { &self.parsed.rows } else { &self.parsed.cols };
        heads.get(line).map_or(&[], |h| h.path.as_slice())
    }

    fn label(&self, line: usize) -> String {
        self.path(line).join(" / ")
    }

    fn known(&self, line: usize, across: usize) -> Option<Interval> {
        match self.signs.known(&self.typed(line, across)?.lexed.content)? {
            Known::Exact(v) => Some(Interval::exactly(v)),
            Known::Within(i) => Some(i),
            Known::Absent => None,
        }
    }

    /// Whether some cell of a line has a sign of plus or minus, and how many cells are differences.
    fn written(&self, line: usize) -> (bool, usize) {
        let cells = (0..self.across()).filter_map(|a| self.typed(line, a));
        let mut found = (false, 0);
        for typed in cells {
            if self.signs.declares(&typed.text) {
                continue;
            }
            if let Some((_, marked)) = signed(&typed.text) {
                found = (found.0 || marked, found.1 + 1);
            }
        }
        found
    }

    /// How many places bear out that a line is the difference of two others.
    fn evidence(&self, line: usize, from: usize, to: usize, percent: bool) -> Evidence {
        let mut found = Evidence::default();
        let index = is_index(&self.label(line));
        for across in 0..self.across() {
            let Some(change) = self.typed(line, across).and_then(|t| value(t, percent, index)) else { continue };
            let (Some(from), Some(to)) = (self.known(from, across), self.known(to, across)) else { continue };
            let fits = !forward(change, from).meet(to).is_empty();
            let whole = from.value().is_some() && to.value().is_some();
            match (whole, fits) {
                // a change of 0 of 0 is none that tells anything
                (true, true) if from.value() == Some(0) && to.value() == Some(0) => {}
                (true, true) => found.fits += 1,
                (_, false) => found.wrong += 1,
                (false, true) => found.open += 1,
            }
            if found.wrong > 2 && found.wrong > found.fits {
                break;
            }
        }
        found
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    fits: usize,
    wrong: usize,
    open: usize,
}

/// Finds the differences of a table, and sets them apart from its counts.
pub(crate) fn mark(parsed: &mut Parsed, signs: &Signs) {
    for rows in [false, true] {
        let lines = Lines { parsed, rows, signs };
        let found = search(&lines);
        let heads = if rows { &mut parsed.rows } else { &mut parsed.cols };
        for change in &found {
            if let Some(head) = heads.get_mut(change.line) {
                head.kind = Kind::Other;
            }
        }
        parsed.changes.extend(found);
    }
}

fn search(lines: &Lines) -> Vec<Change> {
    let name = |l: usize| lines.path(l).iter().map(|t| named(t)).max().unwrap_or(Named::No);
    let candidate = |&l: &usize| {
        let (marked, written) = lines.written(l);
        let percent = lines.kind(l) == Kind::Percent;
        written > 0 && (name(l) > Named::No || marked && (!percent || has_sign(lines, l)))
    };
    if lines.count() < 2 {
        return Vec::new();
    }
    let candidates: Vec<usize> = (0..lines.count()).filter(candidate).collect();
    let plain = |l: &usize| lines.kind(*l) == Kind::Count && !candidates.contains(l);
    let counts: Vec<usize> =
        if candidates.is_empty() { Vec::new() } else { (0..lines.count()).filter(plain).collect() };
    candidates.iter().filter_map(|&l| of_line(lines, l, name(l), &counts)).collect()
}

/// How well a pair of lines fits a change: places that fit, closeness.
type Rank = (i64, usize, std::cmp::Reverse<usize>);

/// Whether a percentage is written with a plus or an arrow, or is negative: no share is.
fn has_sign(lines: &Lines, line: usize) -> bool {
    (0..lines.across()).filter_map(|a| lines.typed(line, a)).any(|t| signed(&t.text).is_some_and(|s| s.1))
}

fn of_line(lines: &Lines, line: usize, name: Named, counts: &[usize]) -> Option<Change> {
    let (marked, _) = lines.written(line);
    let label = lines.label(line);
    let says_percent = key(&label).contains('%') || key(&label).contains("per cent") || key(&label).contains("percent");
    let index = is_index(&label);
    let percent = says_percent || index || lines.kind(line) == Kind::Percent;
    let near = |l: &usize| counts.len() <= ALL_PAIRS || l.abs_diff(line) <= NEAR;
    let counts: Vec<usize> = counts.iter().copied().filter(near).collect();
    let mut best: Option<(Change, Rank)> = None;
    for &to in &counts {
        for &from in counts.iter().filter(|f| **f != to) {
            let found = lines.evidence(line, from, to, percent);
            if found.wrong * 4 > found.fits || found.fits + found.open == 0 {
                continue;
            }
            let far = line.abs_diff(to) + line.abs_diff(from);
            let order = usize::from(in_order(&lines.label(from), &lines.label(to), from, to, &label));
            let right = i64::try_from(found.fits * 2).unwrap_or(0) - i64::try_from(found.wrong * 3).unwrap_or(0);
            let group = shared(lines.path(line), lines.path(to)) + shared(lines.path(line), lines.path(from));
            let rank = (right, order + 2 * group, std::cmp::Reverse(far));
            let change = Change {
                rows: lines.rows,
                line,
                from: Some(from),
                to,
                percent,
                index,
                fits: found.fits,
                wrong: found.wrong,
            };
            if best.as_ref().is_none_or(|b| rank > b.1) {
                best = Some((change, rank));
            }
        }
    }
    let enough = |change: &Change| match (name, marked) {
        (Named::Yes, true) => true,
        (Named::Yes, false) => change.fits >= 1 || counts.len() == 2,
        (Named::Maybe, true) => change.fits >= 1,
        (Named::Maybe, false) | (Named::No, true) => change.fits >= 2,
        (Named::No, false) => false,
    };
    if let Some((change, _)) = best.filter(|b| enough(&b.0)) {
        return Some(change);
    }
    // what it is the change from is not printed: "Change on 2013" beside 2014 alone
    let left = counts.iter().copied().rfind(|&l| l < line);
    let unprinted = name == Named::Yes && counts.len() == 1 && refers(&label);
    let to = left.or(counts.first().copied())?;
    (unprinted || marked && name == Named::Yes || marked && name == Named::Maybe && counts.len() == 1)
        .then_some(Change { rows: lines.rows, line, from: None, to, percent, index, fits: 0, wrong: 0 })
}

/// Whether a heading says from what the change is: "on 2013", "vs last week", "since May", "on year".
fn refers(label: &str) -> bool {
    let key = key(label);
    [" on ", " from ", " since ", "vs", "versus", " over ", "compared", " against ", "previous", "last ", "year"]
        .iter()
        .any(|w| key.contains(w))
}

/// Whether two lines stand in the order of a change: the later one is "to".
fn in_order(from: &str, to: &str, from_at: usize, to_at: usize, label: &str) -> bool {
    let label = key(label);
    if let Some((a, b)) = label.split_once(" minus ") {
        return a.contains(&key(to)) && b.contains(&key(from));
    }
    match (is_year(from), is_year(to)) {
        (true, true) => key(from) < key(to),
        _ => from_at < to_at,
    }
}

fn shared(a: &[String], b: &[String]) -> usize {
    if a.len() < 2 || b.len() < 2 { 0 } else { a.iter().zip(b).take_while(|(a, b)| key(a) == key(b)).count() }
}

/// The difference that stands in a place.
pub(crate) fn change_at(parsed: &Parsed, change: &Change, across: usize) -> Option<(Number, (usize, usize))> {
    let at = if change.rows { (change.line, across) } else { (across, change.line) };
    let typed = parsed.cell(at.0, at.1)?;
    Some((value(typed, change.percent, change.index)?, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Differences in the spellings that occur.
    #[test]
    fn spellings() {
        for (text, units, marked) in [
            ("+5", 5, true),
            ("-3", -3, true),
            ("−3", -3, true),
            ("(3)", -3, true),
            ("(+3)", 3, true),
            ("(-3)", -3, true),
            ("▲ 4", 4, true),
            ("▼4", -4, true),
            ("▼ -4", -4, true),
            ("4 ↓", -4, true),
            ("down 2", -2, true),
            ("2 more", 2, true),
            ("3 fewer", -3, true),
            ("no change", 0, true),
            ("7", 7, false),
        ] {
            assert_eq!(signed(text).map(|(n, m)| (n.units, m)), Some((units, marked)), "{text}");
        }
        assert_eq!(signed("-57.1%").map(|(n, _)| (n.units, n.decimals, n.percent)), Some((-571, 1, true)));
        for text in ["[c]", "<5", "*", "x", ""] {
            assert_eq!(signed(text), None, "{text}");
        }
    }

    /// A change in per cent leaves exactly those figures under which it is written so.
    #[test]
    fn per_cent() {
        let change = |text: &str| signed(text).expect("a change").0;
        assert_eq!(later(change("-57.1%"), Interval::exactly(7)), Interval::exactly(3));
        for from in 1..40i64 {
            for to in 0..40i64 {
                let exact = 100.0 * (to - from) as f64 / from as f64;
                let units = (exact * 10.0).round() as i64;
                let number = Number { units, decimals: 1, percent: true, money: false };
                assert!(later(number, Interval::exactly(from)).contains(to), "{from} {to}");
                assert!(earlier(number, Interval::exactly(to)).contains(from), "{from} {to}");
            }
        }
    }

    /// Headings that are those of differences, and those of categories.
    #[test]
    fn headings() {
        for label in ["Change", "% change", "Difference", "2015 minus 2014", "vs last week", "+/-", "Change on 2013"] {
            assert_eq!(named(label), Named::Yes, "{label}");
        }
        for label in ["Change of address", "No change", "Increase", "Change in circumstances"] {
            assert_eq!(named(label), Named::Maybe, "{label}");
        }
        assert_eq!(named("Total"), Named::No);
    }
}
