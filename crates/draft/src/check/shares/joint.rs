//! Percentages of a base that no table prints: the sum of the counts that are printed, or a number that all of them fit.
//!
//! Each number that the base can be is tried: the percentages of one base must all be those of whole numbers of it.

use std::collections::{BTreeMap, HashMap};

use crate::check::figures::{Figures, Signs};
use crate::check::lexicon::{Content, Number};
use crate::check::reading::Reading;
use crate::model::{CellId, Interval};

use super::{BASES, Base, Share, cell};

/// Bases that can be more numbers than this are only bounded.
const MOST_BASES: i64 = 20_000;

/// The sums of a draft: per cell the relations that it is in.
pub(crate) struct Sums {
    users: HashMap<CellId, Vec<usize>>,
}

impl Sums {
    /// Those of the relations that are known.
    pub fn new(reading: &Reading) -> Sums {
        let mut users: HashMap<CellId, Vec<usize>> = HashMap::new();
        for (r, relation) in reading.known.public.relations.iter().enumerate() {
            // a total of parts, each once
            let plain = relation.constant == 0 && relation.terms.iter().skip(1).all(|t| t.1 == 1);
            if let Some(&(total, -1)) = relation.terms.first().filter(|_| plain) {
                users.entry(total).or_default().push(r);
            }
        }
        Sums { users }
    }

    /// The parts of a cell, by each of its sums.
    pub fn parts<'a>(&'a self, reading: &'a Reading, whole: CellId) -> impl Iterator<Item = Vec<CellId>> + 'a {
        let relations = self.users.get(&whole).into_iter().flatten();
        let relations = relations.filter_map(|&r| reading.known.public.relations.get(r));
        relations.map(|r| r.terms.iter().skip(1).map(|t| t.0).collect())
    }

    /// What a cell is: as it is printed, or the sum of its parts.
    pub fn value(&self, reading: &Reading, whole: CellId) -> Option<i64> {
        let of = |c: CellId| reading.known.domain(c).value();
        of(whole).or_else(|| {
            self.parts(reading, whole).find_map(|p| p.into_iter().try_fold(0i64, |s, c| s.checked_add(of(c)?)))
        })
    }
}

/// The base of which all percentages are parts wherever their numbers are known, where the totals are not printed.
pub(super) fn base_of_sums(reading: &Reading, sums: &Sums, shares: &[Share]) -> Option<Base> {
    let right = |base: Base| {
        let mut fits = 0;
        for share in shares {
            let (Some(own), Some(of)) = (cell(reading, share), base.cell(reading, share)) else { continue };
            let whole = sums.value(reading, of);
            let (Some(count), Some(whole)) = (reading.known.domain(own).value(), whole) else { continue };
            if !share.counts(whole).contains(count) {
                return None;
            }
            fits += usize::from(count > 0 && count < whole && own != of);
        }
        (fits > 0).then_some((fits, std::cmp::Reverse(base.order()), base))
    };
    let axes = shares.first().and_then(|s| reading.tables.get(s.table)).map_or(0, |f| f.axes.len());
    BASES.into_iter().chain((0..axes).map(Base::Over)).filter_map(right).max_by_key(|r| (r.0, r.1)).map(|r| r.2)
}

/// The base of which the percentages add up to 100 for each number that it is.
pub(super) fn base_of_hundreds(reading: &Reading, shares: &[Share]) -> Option<Base> {
    let axes = shares.first().and_then(|s| reading.tables.get(s.table)).map_or(0, |f| f.axes.len());
    let whole = |base: &Base| {
        let groups = groups(reading, shares, *base);
        let adds = |group: &Group| {
            let numbers: Option<Vec<Number>> = group.members.iter().map(|m| m.1.number()).collect();
            let Some(numbers) = numbers.filter(|n| n.len() > 1) else { return false };
            let value = |n: &Number| n.units as f64 / 10f64.powi(n.decimals as i32);
            let slack: f64 = numbers.iter().map(|n| 0.5 / 10f64.powi(n.decimals as i32)).sum();
            (numbers.iter().map(value).sum::<f64>() - 100.0).abs() <= slack + 1e-9
        };
        groups.len() * 2 <= shares.len() && !groups.is_empty() && groups.iter().all(adds)
    };
    (0..axes).map(Base::Over).find(whole)
}

/// The percentages of one base.
pub(super) struct Group {
    /// The cell of the base.
    pub of: CellId,
    /// The counts with their percentages.
    pub members: Vec<(CellId, Share)>,
}

/// Percentages by their base.
pub(super) fn groups(reading: &Reading, shares: &[Share], base: Base) -> Vec<Group> {
    let mut groups: BTreeMap<CellId, Vec<(CellId, Share)>> = BTreeMap::new();
    for share in shares {
        if let (Some(own), Some(of)) = (cell(reading, share), base.cell(reading, share))
            && own != of
        {
            groups.entry(of).or_default().push((own, share.clone()));
        }
    }
    groups.into_iter().map(|(of, members)| Group { of, members }).collect()
}

/// What is left of the base and of each count: those under which all percentages are written so. Empty where none is.
pub(super) fn left(reading: &Reading, sums: &Sums, group: &Group) -> Vec<(CellId, Interval)> {
    let known = |c: CellId| reading.known.domain(c);
    let parts = sums.parts(reading, group.of).find(|p| group.members.iter().any(|m| p.contains(&m.0)));
    let parts = parts.unwrap_or_default();
    let mut range = known(group.of);
    for (own, share) in &group.members {
        let domain = known(*own);
        if let (Some(lo), Some(hi)) = (domain.lo.filter(|l| *l > 0), domain.hi) {
            range = range.meet(Interval { lo: share.bases(lo).lo, hi: share.bases(hi).hi });
        }
        range = range.meet(above(reading, &parts, *own, share));
    }
    let sum = |end: fn(Interval) -> Option<i64>| {
        parts.iter().try_fold(0i64, |s, &c| s.checked_add(end(known(c))?)).filter(|_| !parts.is_empty())
    };
    let (least, most) = (sum(|d| d.lo), sum(|d| d.hi));
    range = range.meet(Interval { lo: least, hi: most });
    let (Some(lo), Some(hi)) = (range.lo, range.hi) else { return Vec::new() };
    if hi < lo || hi - lo > MOST_BASES || hi == lo && known(group.of).value().is_some() {
        return Vec::new();
    }
    let mut bases: Option<Interval> = None;
    let mut counts: Vec<Option<Interval>> = vec![None; group.members.len()];
    for n in lo..=hi {
        let own: Vec<Interval> = group.members.iter().map(|(c, share)| known(*c).meet(share.counts(n))).collect();
        if own.iter().any(|d| d.is_empty()) || !fills(reading, &parts, group, &own, n) {
            continue;
        }
        let join = |all: Option<Interval>, one: Interval| match all {
            None => Some(one),
            Some(all) => Some(Interval {
                lo: all.lo.zip(one.lo).map(|(a, b)| a.min(b)),
                hi: all.hi.zip(one.hi).map(|(a, b)| a.max(b)),
            }),
        };
        bases = join(bases, Interval::exactly(n));
        for (slot, one) in counts.iter_mut().zip(own) {
            *slot = join(*slot, one);
        }
    }
    let Some(bases) = bases else { return Vec::new() };
    let counts = group.members.iter().zip(counts).filter_map(|(m, d)| Some((m.0, d?)));
    std::iter::once((group.of, bases)).chain(counts).filter(|(c, d)| known(*c).meet(*d) != known(*c)).collect()
}

/// The base is at most so much where all its parts but one are known, and that one is a percentage of it.
fn above(reading: &Reading, parts: &[CellId], own: CellId, share: &Share) -> Interval {
    let rest = parts.iter().filter(|p| **p != own).try_fold(0i64, |s, &p| s.checked_add(reading.known.domain(p).hi?));
    let (Some(rest), Some(number)) = (rest.filter(|_| parts.contains(&own)), share.number()) else {
        return Interval::at_least(0);
    };
    let scale = 200 * 10i128.pow(number.decimals.min(9));
    let most = 2 * i128::from(number.units) + 1;
    if most >= scale {
        return Interval::at_least(0);
    }
    let hi = (i128::from(rest) * scale).div_euclid(scale - most) + 1;
    Interval { lo: Some(0), hi: i64::try_from(hi).ok() }
}

/// Whether the parts can add up to a base.
fn fills(reading: &Reading, parts: &[CellId], group: &Group, own: &[Interval], n: i64) -> bool {
    let domain = |p: &CellId| {
        let at = group.members.iter().position(|m| m.0 == *p);
        at.and_then(|at| own.get(at).copied()).unwrap_or_else(|| reading.known.domain(*p))
    };
    let sum = |end: fn(Interval) -> Option<i64>| parts.iter().try_fold(0i64, |s, p| s.checked_add(end(domain(p))?));
    parts.is_empty() || sum(|d| d.lo).is_none_or(|lo| lo <= n) && sum(|d| d.hi).is_none_or(|hi| hi >= n)
}

/// Whether the percentages of a table of rounded counts are those of the figures as they are printed: then they tell nothing more.
pub(super) fn of_printed(reading: &Reading, signs: &Signs, sums: &Sums, shares: &[Share], base: Base) -> bool {
    if !signs.replaces() {
        return false;
    }
    let mut printed: HashMap<CellId, i64> = HashMap::new();
    for share in shares {
        let typed = reading.tables.get(share.table).and_then(|f: &Figures| f.parsed.cell(share.count.0, share.count.1));
        if let (Some(own), Some(Content::Number(n))) = (cell(reading, share), typed.map(|t| &t.lexed.content))
            && let Some(value) = Number::count(*n)
        {
            printed.insert(own, value);
        }
    }
    shares.iter().all(|share| {
        let (Some(own), Some(of)) = (cell(reading, share), base.cell(reading, share)) else { return true };
        let value = |c: &CellId| printed.get(c).copied().or_else(|| reading.known.domain(*c).value());
        let whole = value(&of)
            .or_else(|| sums.parts(reading, of).find_map(|p| p.iter().try_fold(0i64, |s, c| s.checked_add(value(c)?))));
        value(&own).zip(whole).is_none_or(|(count, whole)| share.counts(whole).contains(count))
    })
}
