//! Percentages: whose they are, whether they belong to their counts, and what they give away.
//!
//! A percentage of a known base is a range of counts. Rounding is taken both ways at a half, because a draft does not say
//! how it rounds.

mod bounds;
mod joint;

use std::collections::HashMap;

use crate::model::{CellId, Interval};

use super::assumed::Used;
use super::blocks::{Block, Pages};
use super::codes::{Code, DERIVABLE, INCONSISTENT};
use super::figures::{Figures, Signs};
use super::findings::{Finding, Spot};
use super::hypotheses::running;
use super::lexicon::{Content, Number, key};
use super::ratio::{Span, divisors};
use super::reading::Reading;
use super::table::{Kind, Parsed, Shape, parse};
use super::text::total_of;
use super::words::total_word;

pub(crate) use joint::Sums;
use joint::{Group, base_of_hundreds, base_of_sums, groups, left, of_printed};

pub(crate) use bounds::{Bounds, bounds};

/// A percentage as it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Written {
    /// A number, to which it is rounded.
    Near(Number),
    /// Bounds.
    Within(Bounds),
}

/// A percentage and the count that it is of.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    /// The table.
    pub table: usize,
    /// Row and column of the percentage.
    pub at: (usize, usize),
    /// Row and column of the count.
    pub count: (usize, usize),
    /// The percentage.
    pub written: Written,
    /// As it is written.
    pub text: String,
}

impl Share {
    /// The number that is written, if it is one.
    pub fn number(&self) -> Option<Number> {
        match self.written {
            Written::Near(number) => Some(number),
            Written::Within(_) => None,
        }
    }

    /// The counts out of `base` that are written so.
    pub fn counts(&self, base: i64) -> Interval {
        match self.written {
            Written::Near(number) => counts(number, base),
            Written::Within(bounds) => bounds.counts(base),
        }
    }

    /// The numbers of which a count is written so; bounds are not looked at.
    pub fn bases(&self, count: i64) -> Interval {
        let least = Interval::at_least(count);
        match self.number().filter(|n| n.units > 0 && count > 0) {
            Some(number) => divisors(number, 100, Span::exactly(count)).meet(least),
            None => least,
        }
    }
}

/// What percentages say.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    /// In words.
    pub assumptions: Vec<String>,
    /// Percentages that do not belong to their counts, and those that give a count away.
    pub findings: Vec<Finding>,
    /// How a percentage narrowed a cell.
    pub steps: HashMap<CellId, String>,
    /// Per table, percentages of which no printed total is the base.
    pub open: Vec<(usize, Vec<Share>)>,
}

/// The counts out of `base` that are written as this percentage.
pub(crate) fn counts(share: Number, base: i64) -> Interval {
    // |100·n/base - units/10^d| <= 1/(2·10^d), so n lies within base·(2·units ± 1) / (200·10^d)
    let scale = 200 * 10i128.pow(share.decimals.min(9));
    let end = |twice: i128| i128::from(base) * twice;
    let lo = -(-end(2 * i128::from(share.units) - 1)).div_euclid(scale);
    let hi = end(2 * i128::from(share.units) + 1).div_euclid(scale);
    let whole = |n: i128| i64::try_from(n).unwrap_or(i64::MAX);
    Interval::new(whole(lo.max(0)), whole(hi.min(i128::from(base))))
}

/// How many percentages of a table fit a total, under the total that most of them fit.
pub(crate) fn support(reading: &Reading, table: usize) -> usize {
    let found = reading.tables.get(table).map(|f| of_table(table, f)).unwrap_or_default();
    BASES.into_iter().map(|base| fits(reading, &found, base)).max().unwrap_or(0)
}

/// Takes the percentages of all tables into what is known; `elsewhere` are those that were explained otherwise, by block
/// and row and column of it.
pub(crate) fn take(
    reading: &mut Reading,
    signs: &Signs,
    elsewhere: &Used,
    spot: &dyn Fn(usize, (usize, usize)) -> Spot,
) -> Shares {
    let mut shares = Shares::default();
    let sums = Sums::new(reading);
    for t in 0..reading.tables.len() {
        let Some(figures) = reading.tables.get(t).filter(|f| f.measure.is_none()) else { continue };
        let mut found = of_table(t, figures);
        found.retain(|s| {
            let (row, col) = (figures.parsed.rows.get(s.at.0), figures.parsed.cols.get(s.at.1));
            !row.zip(col).is_some_and(|(r, c)| elsewhere.contains(&(figures.parsed.block, (r.at, c.at))))
        });
        if found.is_empty() {
            continue;
        }
        let name = reading.tables.get(t).map(|f| f.name.clone()).unwrap_or_default();
        let own = printed_base(reading, &found).or_else(|| base_of_sums(reading, &sums, &found));
        let own = own.or_else(|| base(reading, t, &found));
        let Some(base) = own.or_else(|| base_of_hundreds(reading, &found)) else {
            shares.open.push((t, found));
            continue;
        };
        shares.assumptions.push(format!("{name}: its percentages are parts of {}", base.words()));
        found.iter().for_each(|share| narrow_base(reading, share, base, &mut shares));
        for share in &found {
            one(reading, share, base, &mut shares, spot);
        }
        if !of_printed(reading, signs, &sums, &found, base) {
            together(reading, &sums, &groups(reading, &found, base), &name, &mut shares);
        }
    }
    shares
}

/// What all percentages of one base say together of it, and of the counts.
fn together(reading: &mut Reading, sums: &Sums, groups: &[Group], name: &str, shares: &mut Shares) {
    for group in groups {
        for (cell, left) in left(reading, sums, group) {
            let own = group.members.iter().find(|m| m.0 == cell).map(|m| m.1.text.clone());
            let words = {
                let names = reading.names();
                let of = own.map_or_else(String::new, |text| format!("{text} of "));
                let base = if of.is_empty() { names.cell(cell) } else { names.cell(group.of) };
                format!("{name}: the percentages are those of whole numbers only where {of}{base} is {left}")
            };
            reading.known.narrow(cell, left);
            shares.steps.entry(cell).or_insert(words);
        }
    }
}

/// A base that is not printed is among the numbers of which a printed count is written as its percentage.
fn narrow_base(reading: &mut Reading, share: &Share, base: Base, shares: &mut Shares) {
    let (Some(cell), Some(of)) = (cell(reading, share), base.cell(reading, share)) else { return };
    let (count, whole) = (reading.known.domain(cell).value(), reading.known.domain(of));
    let positive = share.number().is_some_and(|n| n.units > 0);
    let (Some(count), None) = (count.filter(|v| *v > 0 && positive), whole.value()) else { return };
    let possible = share.bases(count);
    let left = whole.meet(possible);
    if left.is_empty() || left == whole {
        return;
    }
    let names = reading.names();
    let (name, table) = (names.cell_in(of, Some(share.table)), names.table(share.table));
    shares.steps.insert(of, format!("{table}: {count} is {} of {name}, which is {left}", share.text));
    reading.known.narrow(of, possible);
}

fn one(
    reading: &mut Reading,
    share: &Share,
    base: Base,
    shares: &mut Shares,
    spot: &dyn Fn(usize, (usize, usize)) -> Spot,
) {
    let (Some(cell), Some(of)) = (cell(reading, share), base.cell(reading, share)) else { return };
    let (count, Some(n)) = (reading.known.domain(cell), reading.known.domain(of).value()) else { return };
    let possible = share.counts(n);
    let names = reading.names();
    let name = names.cell_in(cell, Some(share.table));
    match count.value() {
        Some(v) if !possible.contains(v) => shares.findings.push(Finding {
            spots: vec![spot(share.table, share.at)],
            help: Some(format!("{v} of {n} is {}", percentage(v, n, share.number().map_or(0, |p| p.decimals)))),
            ..Finding::plain(
                &INCONSISTENT,
                format!("{} does not belong to the count {v} of {name}, out of {n}", share.text),
            )
        }),
        Some(_) => {}
        None if possible.is_empty() => shares.findings.push(Finding {
            spots: vec![spot(share.table, share.at)],
            ..Finding::plain(&INCONSISTENT, format!("no number of {n} is {}: {name}", share.text))
        }),
        None if count.meet(possible).is_empty() => shares.findings.push(Finding {
            spots: vec![spot(share.table, share.at)],
            ..Finding::plain(
                &INCONSISTENT,
                format!("{} of {n} would be {possible}, which the draft rules out for {name}", share.text),
            )
        }),
        None => {
            if count.meet(possible) != count {
                shares.steps.insert(
                    cell,
                    format!("{}: {name} is {} of {n}, which is {possible}", names.table(share.table), share.text),
                );
            }
            reading.known.narrow(cell, possible);
        }
    }
}

/// "48 %" with as many decimals as asked for.
fn percentage(count: i64, base: i64, decimals: u32) -> String {
    let scale = 10i128.pow(decimals.min(9));
    let units = (200 * i128::from(count) * scale + i128::from(base)) / (2 * i128::from(base.max(1)));
    let (whole, part) = (units / scale, units % scale);
    if decimals == 0 { format!("{whole}%") } else { format!("{whole}.{part:0width$}%", width = decimals as usize) }
}

/// Of what percentages are parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    Column,
    Row,
    All,
    /// Those of one variable.
    Over(usize),
}

impl Base {
    fn words(self) -> &'static str {
        match self {
            Base::Column => "the totals of their columns",
            Base::Row => "the totals of their rows",
            Base::All => "the grand total",
            Base::Over(_) => "what one of their variables adds up to",
        }
    }

    /// Between bases that fit alike the first.
    fn order(self) -> usize {
        match self {
            Base::Column => 0,
            Base::Row => 1,
            Base::All => 2,
            Base::Over(axis) => 3 + axis,
        }
    }

    /// The cell of the base.
    fn cell(self, reading: &Reading, share: &Share) -> Option<CellId> {
        let figures = reading.tables.get(share.table)?;
        let axes = &reading.bound.system.tables.get(share.table)?.axes;
        let at = figures.at(share.count.0, share.count.1)?;
        let own = reading.bound.entry(share.table, &at)?;
        let up = |a: usize| match self {
            Base::Column => a < figures.row_axes,
            Base::Row => a >= figures.row_axes,
            Base::All => true,
            Base::Over(axis) => a == axis,
        };
        let pick = |(a, e): (usize, usize)| {
            if up(a) { axes.get(a)?.entries.iter().position(|e| e.level == 0) } else { Some(e) }
        };
        let at: Vec<usize> = own.into_iter().enumerate().map(pick).collect::<Option<_>>()?;
        reading.bound.system.cell_at(share.table, &at)
    }
}

fn cell(reading: &Reading, share: &Share) -> Option<CellId> {
    let at = reading.tables.get(share.table)?.at(share.count.0, share.count.1)?;
    reading.bound.cell(share.table, &at)
}

/// Every base.
const BASES: [Base; 3] = [Base::Column, Base::Row, Base::All];

/// How many percentages belong to their counts under a base.
fn fits(reading: &Reading, shares: &[Share], base: Base) -> usize {
    let fit = |share: &&Share| {
        let (Some(c), Some(b)) = (cell(reading, share), base.cell(reading, share)) else { return false };
        let (Some(c), Some(b)) = (reading.known.domain(c).value(), reading.known.domain(b).value()) else {
            return false;
        };
        c > 0 && c < b && share.number().is_some_and(|p| counts(p, b).contains(c))
    };
    shares.iter().filter(fit).count()
}

/// The printed base under which most percentages belong to their counts.
fn printed_base(reading: &Reading, shares: &[Share]) -> Option<Base> {
    let best = BASES.into_iter().max_by_key(|b| (fits(reading, shares, *b), std::cmp::Reverse(b.order())))?;
    (fits(reading, shares, best) > 0).then_some(best)
}

/// The base over which percentages add up to 100.
fn base(reading: &Reading, table: usize, shares: &[Share]) -> Option<Base> {
    let figures = reading.tables.get(table)?;
    let hundred = |of: fn(&Share) -> usize, total: &dyn Fn(&Share) -> bool| {
        let mut sums: HashMap<usize, f64> = HashMap::new();
        let plain = |s: &&Share| !total(s);
        for share in shares.iter().filter(plain) {
            // a bound adds up to nothing
            let value = share.number().map_or(f64::NAN, |n| n.units as f64 / 10f64.powi(n.decimals as i32));
            *sums.entry(of(share)).or_default() += value;
        }
        let apart: Vec<&Share> = shares.iter().filter(|s| !total(s)).collect();
        !sums.is_empty() && sums.values().all(|s| (98.0..=102.0).contains(s)) && one_base(reading, &apart, of)
    };
    let is_total = |share: &Share, rows: bool| {
        figures.at(share.count.0, share.count.1).is_some_and(|at| {
            at.iter()
                .zip(&figures.axes)
                .enumerate()
                .any(|(a, (e, axis))| (a < figures.row_axes) == rows && axis.total == Some(*e))
        })
    };
    if hundred(|s| s.at.1, &|s| is_total(s, true)) {
        Some(Base::Column)
    } else if hundred(|s| s.at.0, &|s| is_total(s, false)) {
        Some(Base::Row)
    } else {
        None
    }
}

/// Whether the printed counts of each line can be parts of one base.
fn one_base(reading: &Reading, shares: &[&Share], line: fn(&Share) -> usize) -> bool {
    let mut bases: HashMap<usize, Interval> = HashMap::new();
    for share in shares.iter().filter(|s| s.number().is_some_and(|n| n.units > 0)) {
        let count = cell(reading, share).and_then(|c| reading.known.domain(c).value());
        if let Some(count) = count.filter(|n| *n > 0) {
            let base = bases.entry(line(share)).or_insert(Interval::ALL);
            *base = base.meet(share.bases(count));
        }
    }
    bases.values().all(|b| !b.is_empty())
}

/// The percentages of a table of counts.
fn of_table(table: usize, figures: &Figures) -> Vec<Share> {
    let parsed = &figures.parsed;
    let labels = Labels::of(parsed);
    let mut found = Vec::new();
    for row in 0..parsed.rows.len() {
        for col in 0..parsed.cols.len() {
            let Some(typed) = parsed.cell(row, col) else { continue };
            let count = match parsed.kind(row, col) {
                Kind::Percent => count_of(parsed, &labels, row, col),
                Kind::Count => typed.lexed.share.map(|_| (row, col)),
                Kind::Base | Kind::Other => None,
            };
            let percent = parsed.kind(row, col) == Kind::Percent;
            // what they add up to before is not theirs
            let head = |heads: &[super::table::Head], i: usize| {
                heads.get(i).is_some_and(|h| h.kind == Kind::Percent && h.path.iter().any(|l| running::says(l)))
            };
            if percent && (head(&parsed.rows, row) || head(&parsed.cols, col)) {
                continue;
            }
            let written = match (&typed.lexed.content, typed.lexed.share) {
                (_, Some(share)) => Written::Near(share),
                (Content::Number(n), None) if n.percent || percent => Written::Near(*n),
                (Content::Range(_) | Content::Sign(_), None) if percent => match bounds(&typed.text, true) {
                    Some(bounds) => Written::Within(bounds),
                    None => continue,
                },
                _ => continue,
            };
            let text = match written {
                Written::Near(number) if number.percent => shown(number),
                _ if typed.text.contains('%') => typed.text.clone(),
                _ => format!("{}%", typed.text),
            };
            found.extend(count.map(|count| Share { table, at: (row, col), count, written, text }));
        }
    }
    found
}

fn shown(number: Number) -> String {
    format!("{}%", crate::model::scaled(number.units, number.decimals))
}

/// The percentages that belong to each count: rows and columns of figures.
pub(crate) fn beside(parsed: &Parsed) -> HashMap<(usize, usize), Vec<(usize, usize)>> {
    let mut found: HashMap<(usize, usize), Vec<(usize, usize)>> = HashMap::new();
    let labels = Labels::of(parsed);
    let all = (0..parsed.rows.len()).flat_map(|r| (0..parsed.cols.len()).map(move |c| (r, c)));
    for (r, c) in all.filter(|&(r, c)| parsed.kind(r, c) == Kind::Percent) {
        if let Some(count) = count_of(parsed, &labels, r, c) {
            found.entry(count).or_default().push((r, c));
        }
    }
    found
}

/// The words of a label of percentages that say of which count they are: "boys" in "% of boys".
fn named(label: &str) -> Option<String> {
    let key = key(label).replace('%', " ");
    let plain =
        |w: &&str| !["of", "per", "cent", "percent", "percentage", "proportion", "the", "who", "were"].contains(w);
    let mut words: Vec<&str> = key.split([' ', '(', ')']).filter(|w| !w.is_empty()).filter(plain).collect();
    // "Male % of total"
    while words.len() > 1 && words.last().is_some_and(|w| total_word(w).is_some()) {
        words.pop();
    }
    let rest = words.join(" ");
    (!rest.is_empty() && total_word(&rest).is_none()).then_some(rest)
}

/// The rows and columns of a table by their own labels, found once for all its percentages.
pub(crate) struct Labels {
    rows: Vec<Option<String>>,
    by_row: HashMap<Option<String>, Vec<usize>>,
    by_column: HashMap<String, Vec<usize>>,
    /// What the labels of columns name.
    named: Vec<Option<String>>,
}

impl Labels {
    /// Of a table.
    pub(crate) fn of(parsed: &Parsed) -> Labels {
        let rows: Vec<Option<String>> = parsed.rows.iter().map(|h| h.path.last().map(|l| key(l))).collect();
        let mut by_row: HashMap<Option<String>, Vec<usize>> = HashMap::new();
        rows.iter().enumerate().for_each(|(r, label)| by_row.entry(label.clone()).or_default().push(r));
        let mut by_column: HashMap<String, Vec<usize>> = HashMap::new();
        for (c, label) in parsed.cols.iter().enumerate().filter_map(|(c, h)| Some((c, h.path.last()?))) {
            by_column.entry(key(label)).or_default().push(c);
        }
        let named = parsed.cols.iter().map(|h| h.path.last().and_then(|l| named(l))).collect();
        Labels { rows, by_row, by_column, named }
    }
}

/// The only one of some lines of which something holds.
fn only(lines: Option<&Vec<usize>>, holds: impl Fn(usize) -> bool) -> Option<usize> {
    let mut found = lines.into_iter().flatten().copied().filter(|&l| holds(l));
    found.next().filter(|_| found.next().is_none())
}

/// The count that a percentage stands beside: the one that its label names; else to its left, else to its right; below a row
/// of counts, above it.
pub(crate) fn count_of(parsed: &Parsed, labels: &Labels, row: usize, col: usize) -> Option<(usize, usize)> {
    let counts = |r: usize, c: usize| parsed.kind(r, c) == Kind::Count;
    if parsed.rows.get(row)?.kind == Kind::Count {
        let name = labels.named.get(col).and_then(Option::as_ref);
        if let Some(only) = only(name.and_then(|n| labels.by_column.get(n)), |c| counts(row, c)) {
            return Some((row, only));
        }
        let left = (0..col).rev().find(|&c| counts(row, c));
        return left.or_else(|| (col..parsed.cols.len()).find(|&c| counts(row, c))).map(|c| (row, c));
    }
    // "EHC plans" among percentages is the percentage of "EHC plans" among counts, wherever that stands
    let own = labels.rows.get(row)?;
    if let Some(only) = only(labels.by_row.get(own), |r| counts(r, col)) {
        return Some((only, col));
    }
    (0..row).rev().find(|&r| counts(r, col)).map(|r| (r, col))
}

/// Whether a table of percentages alone has its base told beside it.
pub(crate) fn told(reading: &Reading, pages: &Pages) -> bool {
    let mut passed = reading.passed.iter().filter(|p| p.1 == PERCENTAGES).filter_map(|p| pages.blocks.get(p.0));
    passed.any(|block| base_beside(block, pages).is_some())
}

/// The number that the percentages of a block are of: told in its first row ("% (n=200)"), or in a line beside it.
fn base_beside(block: &Block, pages: &Pages) -> Option<i64> {
    let header = block.rows.first().into_iter().flatten().map(|e| e.text.as_str());
    let lines = block.before.iter().chain(&block.after).filter_map(|&l| pages.lines.get(l)).map(|l| l.text.as_str());
    let bases: Vec<i64> = header.filter_map(total_of).collect();
    match bases[..] {
        [only] => Some(only),
        // a base for each column is read nowhere
        [_, ..] => None,
        [] => lines.filter_map(total_of).next(),
    }
}

/// Why a table of percentages is passed over.
pub(crate) const PERCENTAGES: &str = "it holds percentages";

/// Tables of percentages alone whose base is told beside them ("n = 25"): those that give a small count away.
pub(crate) fn without_counts(
    reading: &Reading,
    pages: &Pages,
    signs: &Signs,
    band: (i64, i64),
    policy: Option<&str>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, _) in &reading.passed {
        let Some(block) = pages.blocks.get(*number) else { continue };
        let Some(base) = base_beside(block, pages) else { continue };
        let Some(parsed) = parse(*number, block, Shape::default(), &|text| signs.declares(text)) else { continue };
        findings.extend(small_shares(block, &parsed, base, band, policy));
    }
    findings
}

fn small_shares(block: &Block, parsed: &Parsed, base: i64, band: (i64, i64), policy: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (row, line) in parsed.cells.iter().enumerate() {
        for (col, typed) in line.iter().enumerate() {
            let Content::Number(number) = typed.lexed.content else { continue };
            let possible = counts(number, base);
            let small = possible.meet(Interval::new(band.0.max(1), band.1));
            let percent = |h: Option<&super::table::Head>| h.is_some_and(|h| h.kind == Kind::Percent);
            // a row of fractions below a header of percentages is one
            let share = percent(parsed.rows.get(row)) || percent(parsed.cols.get(col));
            if !share || possible.is_empty() || small != possible {
                continue;
            }
            let label =
                |heads: &[super::table::Head], i: usize| heads.get(i).map(|h| h.path.join(" / ")).unwrap_or_default();
            let code: &'static Code = &DERIVABLE;
            findings.push(Finding {
                spots: vec![Spot {
                    row: label(&parsed.rows, row),
                    column: label(&parsed.cols, col),
                    file: block.file,
                    place: typed.place.clone(),
                    ..Spot::default()
                }],
                policy: policy.map(str::to_owned),
                ..Finding::plain(
                    code,
                    format!("{}, {}: {} of {base} is {possible}", block.name, label(&parsed.rows, row), shown(number)),
                )
            });
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(text: &str) -> Number {
        super::super::lexicon::number(text).expect("a number")
    }

    /// The counts of a percentage are exactly those that are written so, halves either way.
    #[test]
    fn ranges() {
        for base in [7i64, 25, 52, 200] {
            for decimals in 0..2u32 {
                let scale = 10i64.pow(decimals);
                for n in 0..=base {
                    let exact = 100.0 * n as f64 / base as f64 * scale as f64;
                    for units in [exact.floor() as i64, exact.ceil() as i64] {
                        let written = Number { units, decimals, percent: true, money: false };
                        let near = (exact - units as f64).abs() <= 0.5 + 1e-9;
                        assert_eq!(counts(written, base).contains(n), near, "{n} of {base}, {units}");
                    }
                }
            }
        }
        assert_eq!(counts(share("4%"), 25), Interval::exactly(1));
        assert_eq!(percentage(1, 3, 1), "33.3%");
    }
}
