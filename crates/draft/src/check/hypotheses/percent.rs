//! Percentages whose base no table prints, and percentages of a printed base whose counts none prints.
//!
//! "7 charged, 58.3 %" leaves 12 of whom these are a part, and 5 who were not charged. "Charge rate 5.0 %" of 40 offences
//! leaves 2 with a charge. Both groups are judged.

use crate::model::{CellId, Interval, Relation};

use super::super::findings::Spot;
use super::super::lexicon::key;
use super::super::reading::Reading;
use super::super::shares::Share;
use super::super::table::{Kind, Parsed};
use super::super::words::total_word;
use super::apply::Taken;
use super::possible::{Extra, Possible, extra};

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
        let read = read(&label, &of, &all);
        let Some(read) = read else {
            unread(reading, &all, taken);
            if let Some(one) = perhaps_of_counts(&all, &label, &of, &name, spot) {
                any = true;
                taken.possible.push(one);
            }
            continue;
        };
        any = true;
        if read == Read::Unprinted {
            taken.possible.extend(of_other_lines(reading, t, &all, &label, spot));
        }
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
                unread(reading, &all, taken);
            }
        }
    }
    any
}

/// Keeps the percentages of counts that are withheld, from which nothing was worked out.
fn unread(reading: &Reading, all: &[One], taken: &mut Taken) {
    let open = |o: &&One| {
        let tells = o.share.number().is_some_and(|n| n.units > 0);
        tells
            && reading.known.is_withheld(o.cell)
            && reading.known.domain(o.cell) == o.known
            && o.share.at != o.share.count
    };
    taken.unread.extend(all.iter().filter(open).map(|o| (o.share.table, o.share.at)));
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
        Some(v) if v > 0 => !o.share.bases(v).is_empty(),
        _ => true,
    });
    if !hundred(all) {
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
        if one.share.counts(base).is_empty() {
            return (1.0, false);
        }
        let Some(number) = one.share.number() else { continue };
        let possible = 100.0 * 10f64.powi(number.decimals as i32) + 1.0;
        chance *= ((base + 1) as f64 / possible).min(1.0);
    }
    (chance, true)
}

/// Whether no percentage is larger than 100.
fn hundred(all: &[One]) -> bool {
    all.iter().filter_map(|o| o.share.number()).all(|n| n.units <= 100 * 10i64.pow(n.decimals.min(9)))
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
    let line = place(one, spot);
    let Some(base) = one.known.value() else { return of_open(reading, one, name, &line, taken) };
    let possible = one.share.counts(base);
    if possible.is_empty() {
        return;
    }
    let part = reading.unprinted(format!("{line}, \"{label}\" as a count ({name})"), one.cell, possible);
    let rest = reading.unprinted(format!("{line}, all but \"{label}\" ({name})"), one.cell, Interval::at_least(0));
    reading.relate(Relation::total(one.cell, [part, rest]));
    let words = format!("{name}, {line}: {} of {base} is {possible}", one.share.text);
    taken.steps.insert(part, words.clone());
    taken.steps.insert(rest, words);
}

/// A withheld count of which a percentage is printed: "33.3 %" is no percentage of 1, 2 or 4.
fn of_open(reading: &mut Reading, one: &One, name: &str, line: &str, taken: &mut Taken) {
    const MOST: i64 = 1_000;
    let (Some(lo), Some(hi)) = (one.known.lo, one.known.hi.or(Some(MOST))) else { return };
    if hi - lo > MOST {
        return;
    }
    let fits: Vec<i64> = (lo..=hi).filter(|&n| !one.share.counts(n).is_empty()).collect();
    if let (Some(&lo), Some(&hi)) = (fits.first(), fits.last()) {
        let left = if one.known.hi.is_some() { Interval::new(lo, hi) } else { Interval::at_least(lo) };
        if one.known.meet(left) != one.known && reading.known.narrow(one.cell, left) {
            taken.steps.insert(one.cell, format!("{name}, {line}: {} is a percentage of {left}", one.share.text));
        }
    }
}

/// Percentages that may be of the counts beside them: nothing says so, and nothing excludes it.
fn perhaps_of_counts(
    all: &[One],
    label: &str,
    of: &str,
    name: &str,
    spot: &dyn Fn(usize, (usize, usize)) -> Spot,
) -> Option<Possible> {
    if !hundred(all) || !chance_of_counts(all).1 {
        return None;
    }
    let mut one = Possible {
        asks: format!("Is \"{label}\" ({name}) in per cent of \"{of}\"?"),
        said: format!("{name}: \"{label}\" may be in per cent of \"{of}\"; nothing more follows if it is"),
        ..Possible::default()
    };
    for own in all {
        let Some(base) = own.known.value().filter(|v| *v > 0) else { continue };
        let (line, possible) = (place(own, spot), own.share.counts(base));
        let part = extra(one.extras.len());
        let left = Interval { lo: possible.hi.map(|h| base - h), hi: possible.lo.map(|l| base - l) };
        for (words, domain) in [
            (format!("{line}, \"{label}\" as a count ({name})"), possible),
            (format!("{line}, all but \"{label}\" ({name})"), left),
        ] {
            one.extras.push(Extra { name: words, beside: own.cell, domain });
        }
        one.relations.push(Relation::total(own.cell, [part, part - 1]));
        one.spots.push(spot(own.share.table, own.share.at));
    }
    one.spots.truncate(1);
    (!one.relations.is_empty()).then_some(one)
}

/// So many lines around a line of percentages are looked at.
const MOST_LINES: usize = 6;

/// Percentages of the counts beside them whose base may be another line of the same table: each line that all of them fit, and that
/// says more of a figure that is not printed.
fn of_other_lines(
    reading: &Reading,
    t: usize,
    all: &[One],
    label: &str,
    spot: &dyn Fn(usize, (usize, usize)) -> Spot,
) -> Vec<Possible> {
    let Some(figures) = reading.tables.get(t) else { return Vec::new() };
    let Some(first) = all.first() else { return Vec::new() };
    // a percentage beside its count in the row, or below it in the column
    let rows = first.share.at.1 == first.share.count.1 && first.share.at != first.share.count;
    let (heads, own) = match rows {
        true => (&figures.parsed.rows, first.share.count.0),
        false => (&figures.parsed.cols, first.share.count.1),
    };
    let near = own.saturating_sub(MOST_LINES)..(own + MOST_LINES).min(heads.len());
    let mut found = Vec::new();
    for over in near.filter(|&l| l != own && heads.get(l).is_some_and(|h| h.kind == Kind::Count)) {
        let Some(words) = heads.get(over).map(|h| h.path.join(" / ")) else { continue };
        if total_word(&key(&words)).is_some() {
            continue;
        }
        let mut narrow: Vec<(CellId, Interval)> = Vec::new();
        let fits = all.iter().all(|one| {
            let at = if rows { (over, one.share.count.1) } else { (one.share.count.0, over) };
            let Some(base) = reading.cell_of(t, at.0, at.1) else { return true };
            let of_base = reading.known.domain(base);
            match (one.known.value(), of_base.value()) {
                (Some(v), Some(b)) => one.share.counts(b).contains(v),
                (None, Some(b)) => {
                    narrow.push((one.cell, one.share.counts(b)));
                    !one.known.meet(one.share.counts(b)).is_empty()
                }
                (Some(v), None) => {
                    narrow.push((base, one.share.bases(v)));
                    !of_base.meet(one.share.bases(v)).is_empty()
                }
                (None, None) => true,
            }
        });
        narrow.retain(|(cell, to)| reading.known.domain(*cell).meet(*to) != reading.known.domain(*cell));
        if fits && !narrow.is_empty() {
            let name = &figures.name;
            found.push(Possible {
                asks: format!("Is \"{label}\" ({name}) in per cent of \"{words}\"?"),
                said: format!("{name}: \"{label}\" may be in per cent of \"{words}\"; nothing more follows if it is"),
                spots: vec![spot(t, first.share.at)],
                narrow,
                ..Possible::default()
            });
        }
    }
    found
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
            o.share.number().filter(|n| n.units > 0).map(|_| (o, v, o.share.bases(v)))
        })
        .collect();
    let common = told.iter().fold(Interval::at_least(0), |all, one| all.meet(one.2));
    let narrow = |i: &Interval| i.lo.zip(i.hi).is_some_and(|(lo, hi)| (hi - lo) * 10 <= lo);
    let shared = told.len() > 1 && !common.is_empty() && narrow(&common);
    if shared {
        let first = told.first().map(|t| t.0.cell).unwrap_or(0);
        let base = reading.unprinted(format!("the number that \"{label}\" is of ({name})"), first, common);
        // categories beside each other that leave something over
        let whole: f64 =
            all.iter().filter_map(|o| o.share.number()).map(|n| n.units as f64 / 10f64.powi(n.decimals as i32)).sum();
        let sum = all.iter().try_fold(0i64, |s, o| s.checked_add(o.known.value()?));
        let fits = sum.is_some_and(|s| common.hi.is_some_and(|hi| s <= hi));
        let lines: std::collections::BTreeSet<CellId> = all.iter().map(|o| o.cell).collect();
        if fits
            && lines.len() == all.len()
            && all.iter().all(|o| o.share.number().is_some())
            && (50.0..99.6).contains(&whole)
        {
            let rest = reading.unprinted(
                format!("who is in none of the lines of \"{label}\" ({name})"),
                first,
                Interval::at_least(0),
            );
            reading.relate(Relation::total(base, all.iter().map(|o| o.cell).chain([rest])));
        }
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
                let possible = one.share.counts(n);
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
