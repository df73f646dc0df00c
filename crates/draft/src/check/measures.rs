//! Rates and means within one table: which column (or row) is what divided by what.
//!
//! Labels and arithmetic must agree. What a rate is over, and what a mean is a sum of, is no category beside the counts: it
//! becomes a measure of its own ([`Kind::Base`]), and a table of its own in all that follows.

use super::layout::LayoutRate;
use super::lexicon::{Content, Number, key};
use super::ratio::{Evidence, Said, Span, is_amount, is_base, names_share, said};
use super::table::{Head, Kind, Parsed, is_measure};
use super::typed::Typed;

/// Lines of rates or means, and the lines that they are worked out from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ratio {
    /// The lines are rows, not columns.
    pub rows: bool,
    /// The line of the rates.
    pub line: usize,
    /// The line of what is divided.
    pub of: usize,
    /// The line of that by which is divided.
    pub over: usize,
    /// Per how many.
    pub per: i64,
    /// Lines across that fit, and all that could be looked at.
    pub fits: usize,
    /// Lines across of which all three numbers are printed.
    pub whole: usize,
    /// A person said so.
    pub given: bool,
}

/// The lines of one side: rows or columns.
pub(crate) struct Lines<'a> {
    parsed: &'a Parsed,
    rows: bool,
}

impl<'a> Lines<'a> {
    pub fn new(parsed: &'a Parsed, rows: bool) -> Self {
        Lines { parsed, rows }
    }

    fn heads(&self) -> &'a [Head] {
        if self.rows { &self.parsed.rows } else { &self.parsed.cols }
    }

    /// The label of a line.
    pub fn label(&self, line: usize) -> String {
        self.heads().get(line).map(|h| h.path.join(" / ")).unwrap_or_default()
    }

    /// Row and column of a figure of a line.
    pub fn at(&self, line: usize, across: usize) -> (usize, usize) {
        if self.rows { (line, across) } else { (across, line) }
    }

    /// A figure of a line, where what crosses it holds figures of its kind.
    pub fn cell(&self, line: usize, across: usize) -> Option<&'a Typed> {
        let (row, col) = self.at(line, across);
        let crossing = if self.rows { &self.parsed.cols } else { &self.parsed.rows };
        crossing.get(across).filter(|h| matches!(h.kind, Kind::Count | Kind::Base))?;
        self.parsed.cell(row, col)
    }

    /// How many lines cross these.
    pub fn across(&self) -> usize {
        if self.rows { self.parsed.cols.len() } else { self.parsed.rows.len() }
    }

    fn find(&self, label: &str) -> Option<usize> {
        (0..self.heads().len()).find(|&l| self.label(l) == label || key(&self.label(l)) == key(label))
    }

    fn span(&self, line: usize, across: usize) -> Option<Span> {
        Span::typed(&self.cell(line, across)?.lexed.content)
    }

    /// Whether some rate of a line has three digits, so that it fits hardly any two numbers by chance.
    fn precise(&self, line: usize) -> bool {
        let digits = |n: Number| n.units >= 100 && (n.has_fraction() || n.decimals > 0);
        (0..self.across()).filter_map(|a| self.cell(line, a).and_then(number)).any(digits)
    }

    fn evidence(&self, line: usize, of: usize, over: usize, per: i64) -> Evidence {
        let mut found = Evidence::default();
        for across in 0..self.across() {
            let Some(rate) = self.cell(line, across).and_then(number) else { continue };
            found.add(rate, per, self.span(of, across), self.span(over, across));
            if found.wrong > MOST_WRONG && found.wrong > found.fits + found.weak {
                break;
            }
        }
        found
    }
}

/// After so many lines that do not fit, and fewer that do, no more are looked at.
const MOST_WRONG: usize = 8;

/// The rate of a cell, with the digits that the file stores.
pub(crate) fn number(typed: &Typed) -> Option<Number> {
    let Content::Number(shown) = typed.lexed.content else { return None };
    Some(typed.stored.unwrap_or(shown)).filter(|n| n.units >= 0)
}

/// Finds the ratios of a table and sets apart what is no count of cases. Says what was not clear.
pub(crate) fn mark(parsed: &mut Parsed, layout: &[LayoutRate]) -> Vec<String> {
    let mut unclear = Vec::new();
    for rows in [false, true] {
        let lines = Lines::new(parsed, rows);
        let mut found = Vec::new();
        let plain: Vec<usize> = (0..lines.heads().len()).filter(|&l| plain(&lines, l)).collect();
        for line in 0..lines.heads().len() {
            let label = lines.label(line);
            let told = layout.iter().find(|r| key(&r.figures) == key(&label));
            match told {
                Some(told) => found.extend(given(&lines, line, told)),
                None => match search(&lines, line, &plain) {
                    Searched::One(ratio) => found.push(ratio),
                    Searched::Several => unclear.push(format!(
                        "\"{label}\" fits several columns alike, so nothing was worked out from it: say which in a layout (`rates`)"
                    )),
                    Searched::None => {}
                },
            }
        }
        for ratio in &found {
            set_apart(parsed, ratio);
        }
        parsed.ratios.extend(found);
    }
    unclear
}

/// What a person says of a line, if it is about lines of this table.
fn given(lines: &Lines, line: usize, told: &LayoutRate) -> Option<Ratio> {
    if told.of_table.is_some() || told.over_table.is_some() {
        return None;
    }
    let (of, over) = (lines.find(&told.of)?, lines.find(&told.over)?);
    Some(Ratio { rows: lines.rows, line, of, over, per: told.per, fits: 0, whole: 0, given: true })
}

enum Searched {
    One(Ratio),
    Several,
    None,
}

/// Of more lines than this only those around a line of rates are tried, and the first and last, where totals stand: every two
/// lines are tried with each other.
const MOST_TRIED: usize = 40;

/// The lines that a line may be worked out from, in their order.
fn nearest(line: usize, plain: &[usize]) -> Vec<usize> {
    let all = plain.iter().copied().filter(|&l| l != line);
    if plain.len() <= MOST_TRIED {
        return all.collect();
    }
    let (at, last) = (plain.partition_point(|&l| l < line), plain.len() - 1);
    let near = at.saturating_sub(MOST_TRIED / 2)..=(at + MOST_TRIED / 2).min(last);
    let ends = [0, 1, last - 1, last];
    let mut numbers: Vec<usize> = near.chain(ends).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().filter_map(|n| plain.get(n)).copied().filter(|&l| l != line).collect()
}

/// The two lines that a line of rates or means is worked out from.
fn search(lines: &Lines, line: usize, plain: &[usize]) -> Searched {
    let Some(head) = lines.heads().get(line) else { return Searched::None };
    let percent = head.kind == Kind::Percent;
    let said = match said(&lines.label(line)) {
        _ if percent => Said { per: Some(100), ..Said::default() },
        Some(said) if head.kind == Kind::Other => said,
        _ => return Searched::None,
    };
    let others: Vec<(usize, String)> = nearest(line, plain).into_iter().map(|l| (l, lines.label(l))).collect();
    let scales: Vec<Vec<i64>> = (others.iter())
        .map(|(_, label)| said.scales().into_iter().filter_map(|per| in_units(per, label)).collect())
        .collect();
    let mut best: Option<(Ratio, Rank)> = None;
    let mut tie = false;
    for &(of, ref of_label) in &others {
        for ((over, over_label), scales) in others.iter().zip(&scales).filter(|(o, _)| o.0 != of) {
            let over = *over;
            for &per in scales {
                let found = lines.evidence(line, of, over, per);
                let named = match percent {
                    true => names_share(&lines.label(line), of_label, over_label) || is_base(over_label),
                    false => said.names(of_label, over_label),
                };
                // a percentage of something else than a total must be right throughout; where words name its numbers, once is
                // enough if it could hardly be chance
                let clear = named && found.fits > 0 && found.none == 0 && lines.precise(line);
                let holds = found.holds(named && !percent) || percent && clear;
                if !holds || percent && found.wrong > 0 {
                    continue;
                }
                let fits = found.fits + found.weak;
                let rank = Rank {
                    right: fits.saturating_sub(found.wrong * 2) + found.open,
                    named,
                    group: shared(lines, line, of) + shared(lines, line, over),
                };
                let ratio =
                    Ratio { rows: lines.rows, line, of, over, per, fits, whole: fits + found.wrong, given: false };
                match &best {
                    Some((_, top)) if rank < *top => {}
                    Some((_, top)) if rank == *top => tie = true,
                    _ => (best, tie) = (Some((ratio, rank)), false),
                }
            }
        }
    }
    match best {
        // a percentage that fits several columns is left to what is known of totals
        Some(_) if tie && percent => Searched::None,
        Some(_) if tie => Searched::Several,
        Some((ratio, _)) => Searched::One(ratio),
        None => Searched::None,
    }
}

/// What a rate is per where the numbers that it is over stand in thousands.
fn in_units(per: i64, over: &str) -> Option<i64> {
    let over = key(over);
    match over.contains("000s") || over.contains("('000)") || over.contains("(000)") || over.contains("thousand") {
        true => (per % 1_000 == 0).then_some(per / 1_000),
        false => Some(per),
    }
}

/// How well two lines are those of a ratio: the later fields decide between equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    right: usize,
    named: bool,
    /// Outer labels in common.
    group: usize,
}

/// Outer labels that two lines have in common.
fn shared(lines: &Lines, a: usize, b: usize) -> usize {
    let path = |l: usize| lines.heads().get(l).map(|h| h.path.as_slice()).unwrap_or_default();
    path(a).iter().zip(path(b)).take_while(|(a, b)| key(a) == key(b)).count()
}

/// Whether a line can be divided, or divide: counts, and amounts.
fn plain(lines: &Lines, line: usize) -> bool {
    match lines.heads().get(line).map(|h| h.kind) {
        Some(Kind::Count) => true,
        Some(Kind::Other) => said(&lines.label(line)).is_none(),
        _ => false,
    }
}

/// Takes what a rate is over, or what a mean is a sum of, out of the counts.
fn set_apart(parsed: &mut Parsed, ratio: &Ratio) {
    let lines = Lines::new(parsed, ratio.rows);
    let Some(kind) = lines.heads().get(ratio.line).map(|h| h.kind) else { return };
    if kind == Kind::Percent {
        return;
    }
    let (of, over) = (lines.label(ratio.of), lines.label(ratio.over));
    let mean = said(&lines.label(ratio.line)).is_some_and(|s| s.mean);
    let amount = is_amount(&of);
    // "Cost per item" leaves the items what they are
    let spent = amount && !is_amount(&over);
    let apart = if spent || mean && (amount || !is_amount(&over)) { ratio.of } else { ratio.over };
    let whole = (0..lines.across()).filter_map(|a| lines.cell(apart, a)).all(|t| match &t.lexed.content {
        Content::Number(n) => n.plain().count().is_some(),
        _ => true,
    });
    let heads = if ratio.rows { &mut parsed.rows } else { &mut parsed.cols };
    // a sum of days is set apart by its label already
    let measured =
        |h: &Head| h.kind == Kind::Other && whole && h.path.last().is_some_and(|l| is_measure(&l.to_lowercase()));
    if let Some(head) = heads.get_mut(apart).filter(|h| h.kind == Kind::Count || measured(h)) {
        head.kind = Kind::Base;
    }
}

/// A measure that stands beside the counts of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Measure {
    /// What it is of.
    pub label: String,
    /// It is a sum of something that is no person and no case: rules on counts do not speak of it.
    pub amount: bool,
}

/// For each measure beside the counts of a table, the table with that as its counts.
pub(crate) fn apart(parsed: &Parsed) -> Vec<(Measure, Parsed)> {
    let mut found = Vec::new();
    for rows in [false, true] {
        let lines = Lines::new(parsed, rows);
        for line in (0..lines.heads().len()).filter(|&l| lines.heads().get(l).is_some_and(|h| h.kind == Kind::Base)) {
            let mut own = parsed.clone();
            let heads = if rows { &mut own.rows } else { &mut own.cols };
            for (l, head) in heads.iter_mut().enumerate() {
                head.kind = match head.kind {
                    Kind::Base if l == line => Kind::Count,
                    Kind::Count => Kind::Base,
                    kind => kind,
                };
            }
            let label = lines.label(line);
            found.push((Measure { amount: is_amount(&label), label }, own));
        }
    }
    found
}
