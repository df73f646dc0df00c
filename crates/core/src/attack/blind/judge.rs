//! Whether what is left of the possible values of a cell is enough, without working out every interval.
//!
//! What is asked are demands: two values; a value outside the band that the policy hides; else both ends of the band. Most
//! are met by tables near a first one; only the rest goes to programs.

use std::collections::{BTreeMap, HashMap};

use crate::model::{CellId, Demand, Interval, Measure, Want};
use crate::witness::Move;

use super::{BlindAudit, Judgement, Observation, Scope, cycles};
use crate::attack::reduce::{Rounding, reduce};
use crate::attack::{Attack, Contradiction, Met, ProtectionKind, Public};

/// What is known of an answer; `None` where a limit ended the search.
type Known = Option<bool>;

/// The counts of a band that an observation leaves; empty where it leaves none.
fn band_of(seen: Observation, band: (i64, i64)) -> Interval {
    let band = Interval::new(band.0, band.1);
    match seen {
        Observation::Replaced { stands_for, .. } => stands_for.meet(band),
        _ => band,
    }
}

/// Asks whether what is left of the possible values is enough.
pub(super) struct Judge<'a> {
    audit: &'a BlindAudit<'a>,
    attack: &'a Attack<'a>,
    public: &'a Public,
    base: Option<&'a [i64]>,
    tables: Vec<Move>,
    /// Whether figures stand in place of others.
    replaced: bool,
}

impl<'a> Judge<'a> {
    pub fn new(audit: &'a BlindAudit<'a>, attack: &'a Attack<'a>, public: &'a Public, base: Option<&'a [i64]>) -> Self {
        let mut tables = match (audit.start, base) {
            (Some(start), _) => start.moves.to_vec(),
            (None, Some(base)) => cycles::moves(public, base),
            (None, None) => Vec::new(),
        };
        tables.sort_unstable();
        tables.dedup();
        let replaced = audit.seen.iter().any(|s| matches!(s, Observation::Replaced { .. }));
        Judge { audit, attack, public, base, tables, replaced }
    }

    /// The judgement on each cell, and the tables found on the way.
    #[allow(clippy::type_complexity)] // two halves of one answer
    pub fn all(mut self) -> Result<(BTreeMap<CellId, Judgement>, Vec<Move>), Contradiction> {
        let seen = self.audit.seen;
        let asked: Vec<CellId> = (0..seen.len()).filter(|&c| seen[c].is_judged()).collect();
        let mut judged: BTreeMap<CellId, Known> = asked.iter().map(|&c| (c, Some(true))).collect();
        if self.audit.scope == Scope::Everything {
            let two: Vec<CellId> = asked.iter().copied().filter(|&c| !unseen(seen[c])).collect();
            let width = match self.audit.promise.kind {
                ProtectionKind::Width(width) => width.max(1),
                _ => 1,
            };
            let answers = self.ask(&two, |_| Want::Spread(width))?;
            two.into_iter().zip(answers).for_each(|(c, met)| _ = judged.insert(c, known(met)));
        }
        if let Some(band) = self.audit.promise.band {
            let counts: Vec<CellId> = asked.into_iter().filter(|&c| self.audit.structure.counts(c)).collect();
            for (cell, enough) in self.of_band(&counts, band)? {
                judged.entry(cell).and_modify(|j| *j = both(*j, enough));
            }
        }
        let word = |known: Known| match known {
            Some(true) => Judgement::Protected,
            Some(false) => Judgement::Leak,
            None => Judgement::Open,
        };
        Ok((judged.into_iter().map(|(c, k)| (c, word(k))).collect(), self.tables))
    }

    /// Of those cells that may be a count of the band, whether enough of it is left.
    fn of_band(&mut self, counts: &[CellId], band: (i64, i64)) -> Result<Vec<(CellId, Known)>, Contradiction> {
        let seen = self.audit.seen;
        let may_be = |c: &&CellId| !band_of(seen[**c], band).is_empty() && self.may_be_small(**c, band);
        let small: Vec<CellId> = counts.iter().filter(may_be).copied().collect();
        let mut known: HashMap<CellId, Known> = small.iter().copied().zip(self.enough(&small, band)?).collect();
        let doubtful: Vec<CellId> = small.iter().copied().filter(|c| known[c] != Some(true)).collect();
        let outside = self.outside(&doubtful, band)?;
        let inside: Vec<CellId> = doubtful.iter().copied().filter(|c| outside[c] != Some(true)).collect();
        for (cell, enough) in self.as_far_as_can_be(&inside, band)? {
            known.insert(cell, enough);
        }
        let judged = |c: CellId| match (known[&c], outside.get(&c)) {
            (_, Some(Some(true))) => Some(true),
            // a cell that may be something else after all is not judged by its band
            (Some(false), Some(None)) => None,
            (known, _) => known,
        };
        Ok(small.into_iter().map(|c| (c, judged(c))).collect())
    }

    /// Whether the first table leaves it open that a cell is a count of the band.
    fn may_be_small(&self, cell: CellId, band: (i64, i64)) -> bool {
        let Some(base) = self.base else { return true };
        let seen = self.audit.seen[cell];
        match self.audit.scope {
            Scope::Everything if matches!(seen, Observation::Replaced { .. }) => true,
            Scope::Everything if !unseen(seen) => base[cell] <= band.1,
            _ => (band.0..=band.1).contains(&base[cell]),
        }
    }

    /// Whether cells may be something else than a count of the band. Where nobody knows how a table came about, a withheld cell
    /// that may be 0 is judged nevertheless, and a rounded one unless it can't be of the band at all.
    fn outside(&mut self, cells: &[CellId], band: (i64, i64)) -> Result<HashMap<CellId, Known>, Contradiction> {
        let (seen, everything) = (self.audit.seen, self.audit.scope == Scope::Everything);
        let rounded = |c: &CellId| everything && matches!(seen[*c], Observation::Replaced { .. });
        let (rounded, others): (Vec<CellId>, Vec<CellId>) = cells.iter().copied().partition(rounded);
        let small = self.ask(&rounded, |c| Want::Within(band_of(seen[c], band)))?;
        let large = self.ask(&others, |_| Want::Within(Interval::at_least(band.1 + 1)))?;
        let not = |known: Known| known.map(|k| !k);
        let mut outside: HashMap<CellId, Known> =
            rounded.into_iter().zip(small.into_iter().map(|m| not(known(m)))).collect();
        outside.extend(others.iter().copied().zip(large.into_iter().map(known)));
        let zero = |c: &CellId| outside[c] != Some(true) && band.0 > 0 && (!everything || unseen(seen[*c]));
        let below: Vec<CellId> = others.into_iter().filter(zero).collect();
        let met = self.ask(&below, |_| Want::Within(Interval::at_most(band.0 - 1)))?;
        for (cell, met) in below.into_iter().zip(met) {
            match met {
                Met::Yes => outside.insert(cell, Some(true)),
                Met::Open => outside.insert(cell, None),
                Met::No => None,
            };
        }
        Ok(outside)
    }

    /// How much of the band a cell must keep. Of a percentage of a value that nobody knows, and of what a method left to a figure
    /// that nobody knows how it came about, the band is the measure. So it is of a figure that its method leaves no large value.
    fn kind(&self, cell: CellId) -> ProtectionKind {
        let everything = self.audit.scope == Scope::Everything;
        let most = self.audit.promise.band.map_or(i64::MAX, |band| band.1);
        let small = |stands_for: Interval| stands_for.hi.is_some_and(|hi| hi <= most);
        match (self.audit.promise.kind, self.audit.seen[cell]) {
            (ProtectionKind::Above, Observation::Replaced { stands_for, .. }) if small(stands_for) => {
                ProtectionKind::Band
            }
            (_, Observation::Replaced { .. }) if everything => ProtectionKind::Band,
            (ProtectionKind::Percent(_), _) if everything => ProtectionKind::Band,
            // what stands in place of figures is told of them, and so of groups that are made of these
            (_, Observation::NotShown { .. })
                if self.replaced && self.audit.structure.measure(cell) == Some(&Measure::Persons) =>
            {
                ProtectionKind::Exact
            }
            (kind, _) => kind,
        }
    }

    /// Of cells taken for counts of the band, whether as much of it is left as the policy promises. In this the method itself
    /// counts: what it tells of a figure, no policy hides.
    fn enough(&mut self, cells: &[CellId], band: (i64, i64)) -> Result<Vec<Known>, Contradiction> {
        let (by_band, others): (Vec<CellId>, Vec<CellId>) =
            cells.iter().copied().partition(|&c| self.kind(c) == ProtectionKind::Band);
        let ends = self.ends(&by_band, band, |_| band.0)?;
        let width = match self.audit.promise.kind {
            ProtectionKind::Width(width) => width.max(1),
            _ => 1,
        };
        // under `above` a cell that is surely small is not protected
        let (above, others): (Vec<CellId>, Vec<CellId>) =
            others.into_iter().partition(|&c| self.kind(c) == ProtectionKind::Above);
        let spread = self.ask(&others, |_| Want::Spread(width))?;
        let spread = spread.into_iter().map(known);
        let mut all: HashMap<CellId, Known> = by_band.into_iter().zip(ends).collect();
        all.extend(others.into_iter().zip(spread));
        all.extend(above.into_iter().map(|c| (c, Some(false))));
        Ok(cells.iter().map(|c| all.get(c).copied().flatten()).collect())
    }

    /// The same of those cells of which no withholding could hide the whole band.
    fn as_far_as_can_be(&mut self, cells: &[CellId], band: (i64, i64)) -> Result<Vec<(CellId, Known)>, Contradiction> {
        let cells: Vec<CellId> = cells.iter().copied().filter(|&c| self.kind(c) == ProtectionKind::Band).collect();
        if cells.is_empty() {
            return Ok(Vec::new());
        }
        let least = self.least(&cells)?;
        let floor = |c: CellId| least.get(&c).copied().unwrap_or(0).max(band.0);
        let raised: Vec<CellId> = cells.iter().copied().filter(|&c| floor(c) > band.0).collect();
        let ends = self.ends(&raised, band, floor)?;
        Ok(raised.into_iter().zip(ends).collect())
    }

    /// Whether both ends of what the policy hides of each cell are possible, the lower one at its floor, and two values.
    fn ends(
        &mut self,
        cells: &[CellId],
        band: (i64, i64),
        floor: impl Fn(CellId) -> i64,
    ) -> Result<Vec<Known>, Contradiction> {
        let seen = self.audit.seen;
        let hides = |c: CellId| band_of(seen[c], band);
        let lowest = |c: CellId| hides(c).lo.unwrap_or(band.0).max(floor(c));
        let highest = |c: CellId| hides(c).hi.unwrap_or(band.1);
        let low = self.ask(cells, |c| Want::Within(Interval::at_most(lowest(c))))?;
        let high = self.ask(cells, |c| Want::Within(Interval::at_least(highest(c))))?;
        let ends: Vec<Known> = low.into_iter().zip(high).map(|(l, h)| both(known(l), known(h))).collect();
        // ends that differ are two values
        let alike = cells.iter().copied().filter(|&c| lowest(c) >= highest(c));
        let alike: Vec<CellId> = alike.collect();
        let two = self.ask(&alike, |_| Want::Spread(1))?;
        let two: HashMap<CellId, Met> = alike.into_iter().zip(two).collect();
        // a method that tells more than the band must not let it be known that the count is small at all; where nobody knows how
        // a table came about, no method that leaves more than the band
        let everything = self.audit.scope == Scope::Everything;
        let tells = |c: CellId| match seen[c] {
            Observation::Replaced { stands_for, .. } => {
                let more = everything || stands_for.lo.is_some_and(|lo| lo > floor(c));
                more && stands_for.hi.is_none_or(|hi| hi > band.1)
            }
            _ => false,
        };
        let telling: Vec<CellId> = cells.iter().copied().filter(|&c| tells(c)).collect();
        let met = self.ask(&telling, |_| Want::Within(Interval::at_least(band.1 + 1)))?;
        let mut large: HashMap<CellId, Met> = telling.iter().copied().zip(met).collect();
        let zero = |c: &CellId| large[c] != Met::Yes && band.0 > 0 && self.public.domain[*c].contains(band.0 - 1);
        let zeros: Vec<CellId> = telling.into_iter().filter(zero).collect();
        let met = self.ask(&zeros, |_| Want::Within(Interval::at_most(band.0 - 1)))?;
        for (cell, met) in zeros.into_iter().zip(met).filter(|(_, met)| *met != Met::No) {
            large.insert(cell, met);
        }
        let and = |so_far: Known, met: Option<&Met>| both(so_far, met.map_or(Some(true), |m| known(*m)));
        Ok(cells.iter().zip(ends).map(|(c, ends)| and(and(ends, two.get(c)), large.get(c))).collect())
    }

    /// The least that each cell could be if everything but zeros were withheld (a total of two parts is at least 2): what no
    /// withholding could hide. In large components a bound from below, which asks for no less.
    fn least(&self, cells: &[CellId]) -> Result<HashMap<CellId, i64>, Contradiction> {
        let mut hidden = self.public.clone();
        for (cell, domain) in hidden.domain.iter_mut().enumerate() {
            let least = match self.audit.seen[cell] {
                _ if *domain == Interval::exactly(0) => continue,
                Observation::NotShown { .. } => continue,
                // a rounded 0 may be one
                Observation::Replaced { stands_for, .. } if stands_for.contains(0) => 0,
                _ if !self.audit.structure.counts(cell) => 0,
                _ => self.audit.promise.least,
            };
            *domain = Interval::at_least(least);
        }
        if let Some(least) = least_of_all(&hidden, self.attack.whole)? {
            return Ok(cells.iter().map(|&c| (c, least.get(c).copied().unwrap_or(0))).collect());
        }
        let audit = self.attack.run(&hidden, &[], cells, None)?;
        let least = |c: &crate::attack::CellAudit| if c.exact { c.interval.lo } else { c.outer.lo };
        Ok(audit.cells.iter().map(|c| (c.cell, least(c).unwrap_or(0))).collect())
    }

    fn ask(&mut self, cells: &[CellId], want: impl Fn(CellId) -> Want) -> Result<Vec<Met>, Contradiction> {
        if cells.is_empty() {
            return Ok(Vec::new());
        }
        let demands: Vec<Demand> = cells.iter().map(|&cell| Demand::on(cell, want(cell))).collect();
        let proofs = Attack { hints: &self.tables, ..*self.attack }.prove(self.public, &demands, self.base)?;
        self.tables.extend(proofs.iter().flat_map(|p| p.tables.iter().map(|t| Move::clone(t))));
        self.tables.sort_unstable();
        self.tables.dedup();
        Ok(proofs.into_iter().map(|p| p.met).collect())
    }
}

/// The least that each cell can be, where one table reaches that for all at once, as it does where totals bind nothing else.
fn least_of_all(public: &Public, whole: bool) -> Result<Option<Vec<i64>>, Contradiction> {
    let reduced = reduce(public, Rounding::of(whole))?;
    let least: Option<Vec<i64>> = reduced.domain.iter().map(|d| d.lo).collect();
    Ok(least.filter(|table| public.relations.iter().all(|r| r.holds(|c| table[c]))))
}

/// Whether nothing is seen of a cell.
fn unseen(seen: Observation) -> bool {
    matches!(seen, Observation::NotShown { .. })
}

/// What an answer says, unless a limit ended the search.
fn known(met: Met) -> Known {
    match met {
        Met::Yes => Some(true),
        Met::No => Some(false),
        Met::Open => None,
    }
}

fn both(a: Known, b: Known) -> Known {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}
