//! Percentages whose base no table prints, and percentages of a printed base whose counts none prints.
//!
//! "7 charged, 58.3 %" leaves 12 of whom these are a part, and 5 who were not charged. "Charge rate 5.0 %" of 40 offences
//! leaves 2 with a charge. Both groups are judged.

use crate::model::{CellId, Interval, Relation};

use super::super::findings::Spot;
use super::super::lexicon::{Number, key};
use super::super::ratio::{Span, divisors};
use super::super::reading::Reading;
use super::super::shares::{Share, counts};
use super::super::table::{Kind, Parsed};
use super::super::words::total_word;
use super::apply::Taken;

/// A coincidence of more than this is none that confirms.
const CHANCE: f64 = 0.01;

/// What the percentages of a line are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Read {
    /// Parts of the counts beside them.
    OfCounts,
    /// What the counts beside them are of a number that is not printed.
    Unprinted,
}

/// A percentage with the cell beside it.
struct One<'a> {
    share: &'a Share,
    cell: CellId,
    known: Interval,
}

/// Takes the percentages of a table of which no printed total is the base. `false` where nothing could be made of them.
pub(crate) fn take(
    reading: &mut Reading,
    t: usize,
    shares: &[Share],
    spot: &dyn Fn(usize, (usize, usize)) -> Spot,
    taken: &mut Taken,
) -> bool {
    let Some(figures) = reading.tables.get(t) else { return false };
    let (name, parsed) = (figures.name.clone(), figures.parsed.clone());
    let mut lines: Vec<(String, Vec<&Share>)> = Vec::new();
    for share in shares {
        let label = label(&parsed, share);
        match lines.iter_mut().find(|l| l.0 == label) {
            Some(line) => line.1.push(share),
            None => lines.push((label, vec![share])),
        }
    }
    let mut any = false;
    for (label, own) in lines {
        let of = own.first().map(|s| count_label(&parsed, s)).unwrap_or_default();
        let all: Vec<One> = own
            .iter()
            .filter_map(|&share| {
                let cell = reading.cell_of(t, share.count.0, share.count.1)?;
                Some(One { share, cell, known: reading.known.domain(cell) })
            })
            .collect();
        let Some(read) = read(&label, &of, &all) else { continue };
        any = true;
        match read {
            Read::OfCounts => {
                taken.assumptions.push(format!(
                    "{name}: \"{label}\" is in per cent of \"{of}\": the counts that it gives away are judged"
                ));
                for one in &all {
                    of_counts(reading, one, &label, &name, spot, taken);
                }
            }
            Read::Unprinted => {
                taken.assumptions.push(format!(
                    "{name}: \"{label}\" is what \"{of}\" is of a number that is not printed: it, and the rest of it, are judged"
                ));
                unprinted(reading, &all, &label, &name, spot, taken);
            }
        }
    }
    any
}

/// The label of the line of a percentage; that of its count where both stand in one cell.
fn label(parsed: &Parsed, share: &Share) -> String {
    let rows = parsed.rows.get(share.at.0).is_some_and(|h| h.kind == Kind::Percent);
    let head = if rows { parsed.rows.get(share.at.0) } else { parsed.cols.get(share.at.1) };
    head.map(|h| h.path.join(" / ")).unwrap_or_default()
}

fn count_label(parsed: &Parsed, share: &Share) -> String {
    let rows = share.at.1 == share.count.1 && share.at != share.count;
    let head = if rows { parsed.rows.get(share.count.0) } else { parsed.cols.get(share.count.1) };
    head.map(|h| h.path.join(" / ")).unwrap_or_default()
}

/// The words of a label of percentages that say what they are of.
fn words(label: &str) -> Vec<String> {
    let key = key(label).replace('%', " ");
    let filler = [
        "of",
        "per",
        "cent",
        "percent",
        "percentage",
        "proportion",
        "the",
        "who",
        "were",
        "rate",
        "share",
        "in",
        "as",
        "a",
        "number",
    ];
    key.split([' ', '(', ')', '/', ','])
        .filter(|w| w.chars().any(char::is_alphabetic) && !filler.contains(w))
        .map(|w| w.strip_suffix('s').filter(|s| s.len() > 3).unwrap_or(w).to_owned())
        .collect()
}

/// How the percentages of a line are read, if words or arithmetic say it.
fn read(label: &str, of: &str, all: &[One]) -> Option<Read> {
    let (own, count) = (words(label), words(of));
    let in_cell = all.iter().any(|o| o.share.at == o.share.count);
    let base_word =
        key(label).contains("% of ") || key(label).contains("per cent of ") || key(label).contains("percentage of ");
    let names_count = own.iter().all(|w| count.contains(w)) || own.iter().any(|w| total_word(w).is_some());
    let (of_counts, feasible) = chance_of_counts(all);
    let fits_unprinted = all.iter().all(|o| match o.known.value() {
        Some(v) if v > 0 && o.share.number.units > 0 => !bases(o.share.number, v).is_empty(),
        _ => true,
    });
    let hundred = all.iter().all(|o| o.share.number.units <= 100 * 10i64.pow(o.share.number.decimals.min(9)));
    if !hundred {
        return None;
    }
    if (in_cell || names_count || base_word) && fits_unprinted {
        return Some(Read::Unprinted);
    }
    (!names_count && feasible && of_counts <= CHANCE).then_some(Read::OfCounts)
}

/// How likely it is by chance that all percentages are those of whole numbers of the counts beside them, and whether they are.
fn chance_of_counts(all: &[One]) -> (f64, bool) {
    let mut chance = 1.0;
    for one in all {
        let Some(base) = one.known.value().filter(|v| *v > 0) else { continue };
        if counts(one.share.number, base).is_empty() {
            return (1.0, false);
        }
        let possible = 100.0 * 10f64.powi(one.share.number.decimals as i32) + 1.0;
        chance *= ((base + 1) as f64 / possible).min(1.0);
    }
    (chance, true)
}

/// The numbers of which a count is written as this percentage.
fn bases(share: Number, count: i64) -> Interval {
    divisors(share, 100, Span::exactly(count)).meet(Interval::at_least(count))
}

fn place(one: &One, spot: &dyn Fn(usize, (usize, usize)) -> Spot) -> String {
    let here = spot(one.share.table, one.share.at);
    if here.row.is_empty() { here.column } else { here.row }
}

/// The counts that percentages of printed counts give away.
fn of_counts(
    reading: &mut Reading,
    one: &One,
    label: &str,
    name: &str,
    spot: &dyn Fn(usize, (usize, usize)) -> Spot,
    taken: &mut Taken,
) {
    let Some(base) = one.known.value() else { return };
    let possible = counts(one.share.number, base);
    if possible.is_empty() {
        return;
    }
    let line = place(one, spot);
    let part = reading.unprinted(format!("{line}, \"{label}\" as a count ({name})"), one.cell, possible);
    let rest = reading.unprinted(format!("{line}, all but \"{label}\" ({name})"), one.cell, Interval::at_least(0));
    reading.relate(Relation::total(one.cell, [part, rest]));
    let words = format!("{name}, {line}: {} of {base} is {possible}", one.share.text);
    taken.steps.insert(part, words.clone());
    taken.steps.insert(rest, words);
}

/// The number of which counts are percentages, and the rest of it: one for the whole line where all agree, else one each.
fn unprinted(
    reading: &mut Reading,
    all: &[One],
    label: &str,
    name: &str,
    spot: &dyn Fn(usize, (usize, usize)) -> Spot,
    taken: &mut Taken,
) {
    let told: Vec<(&One, i64, Interval)> = all
        .iter()
        .filter_map(|o| {
            let v = o.known.value().filter(|v| *v > 0)?;
            (o.share.number.units > 0).then(|| (o, v, bases(o.share.number, v)))
        })
        .collect();
    let common = told.iter().fold(Interval::at_least(0), |all, one| all.meet(one.2));
    let narrow = |i: &Interval| i.lo.zip(i.hi).is_some_and(|(lo, hi)| (hi - lo) * 10 <= lo);
    let shared = told.len() > 1 && !common.is_empty() && narrow(&common);
    if shared {
        let first = told.first().map(|t| t.0.cell).unwrap_or(0);
        let base = reading.unprinted(format!("the number that \"{label}\" is of ({name})"), first, common);
        for one in all {
            let line = place(one, spot);
            let rest = reading.unprinted(
                format!("{line}, the rest of what \"{label}\" is of ({name})"),
                one.cell,
                Interval::at_least(0),
            );
            reading.relate(Relation::total(base, [one.cell, rest]));
            if let Some(n) = common.value()
                && one.known.value().is_none()
            {
                let possible = counts(one.share.number, n);
                if reading.known.narrow(one.cell, possible) {
                    taken.steps.insert(one.cell, format!("{name}, {line}: {} of {n} is {possible}", one.share.text));
                }
            }
        }
        return;
    }
    for (one, v, possible) in told {
        let line = place(one, spot);
        let base = reading.unprinted(format!("{line}, the number that \"{label}\" is of ({name})"), one.cell, possible);
        let rest = reading.unprinted(
            format!("{line}, the rest of what \"{label}\" is of ({name})"),
            one.cell,
            Interval { lo: possible.lo.map(|l| l - v), hi: possible.hi.map(|h| h - v) },
        );
        reading.relate(Relation::total(base, [one.cell, rest]));
        let words = format!("{name}, {line}: {v} is {} of {possible}", one.share.text);
        taken.steps.insert(base, words.clone());
        taken.steps.insert(rest, words);
    }
}
