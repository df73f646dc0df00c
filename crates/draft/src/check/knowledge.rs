//! What a reader of the draft knows of each cell, before any arithmetic over several cells.

use crate::attack::Public;
use crate::model::{CellId, Exposure, Interval, Relation};
use crate::round::{Tie, ties};

use super::bind::{Bound, Placed};
use super::figures::{Figures, Signs, sign_text};
use super::lexicon::Content;
use super::tree::Known;

/// What the draft says of one cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// Where it stands: numbers of [`Bound::placed`].
    pub places: Vec<usize>,
    /// Its figure, where one is printed and exact.
    pub printed: Option<i64>,
    /// Whether it is withheld, rounded or a range somewhere.
    pub withheld: bool,
    /// Whether its figure is rounded.
    pub rounded: bool,
}

/// What a reader knows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Knowledge {
    /// Per cell, what it could be, and the relations.
    pub public: Public,
    /// Per cell, what the draft says of it.
    pub seen: Vec<Seen>,
    /// Places with a sign that nobody declared.
    pub undeclared: Vec<usize>,
    /// Places with a figure that is no multiple of the base.
    pub off_base: Vec<usize>,
    /// Cells that two places contradict about.
    pub clashes: Vec<(CellId, usize, usize)>,
}

impl Knowledge {
    /// What the tables say.
    pub fn new(bound: &Bound, tables: &[Figures], signs: &Signs) -> Knowledge {
        let cells = bound.system.cells.len();
        let mut known = Knowledge { seen: vec![Seen::default(); cells], ..Knowledge::default() };
        let mut domain: Vec<Option<Interval>> = vec![None; cells];
        let tied = || ties(&bound.system, &bound.system.relations);
        let rounds = signs.rounding.is_some() || !signs.tables.is_empty();
        let ties = if rounds { tied() } else { Vec::new() };
        for (number, placed) in bound.placed.iter().enumerate() {
            let Some(content) = content(tables, placed) else { continue };
            let tie = ties.get(placed.cell).copied().unwrap_or(Tie::Part);
            let blank = |t: &Figures| t.is_unprinted_total(placed.row, placed.col);
            let name = tables.get(placed.table).map_or("", |t| t.name.as_str());
            if signs.known_of(name, content, tie).is_none() && tables.get(placed.table).is_some_and(blank) {
                continue;
            }
            let Some(own) = signs.known_of(name, content, tie) else {
                known.undeclared.push(number);
                continue;
            };
            let replaced = signs.noise.is_some() || signs.rounding_of(name).is_some();
            known.place(number, placed.cell, content, own, &mut domain, replaced);
        }
        let domain = domain.into_iter().map(|d| d.unwrap_or(Interval::at_least(0))).collect();
        known.public = Public { domain, relations: bound.system.relations.clone() };
        known
    }

    fn place(
        &mut self,
        number: usize,
        cell: CellId,
        content: &Content,
        own: Known,
        domain: &mut [Option<Interval>],
        replaced: bool,
    ) {
        let interval = match own {
            Known::Exact(v) => Interval::exactly(v),
            Known::Within(i) => i,
            Known::Absent => return,
        };
        let figure = matches!(content, Content::Number(_));
        if figure && replaced && matches!(own, Known::Exact(_)) {
            self.off_base.push(number);
        }
        let (Some(seen), Some(slot)) = (self.seen.get_mut(cell), domain.get_mut(cell)) else { return };
        seen.places.push(number);
        match own {
            Known::Exact(v) => seen.printed = seen.printed.or(Some(v)),
            _ => seen.withheld = true,
        }
        seen.rounded |= figure && matches!(own, Known::Within(_));
        let met = slot.map_or(interval, |other| other.meet(interval));
        if met.is_empty() {
            let first = seen.places.first().copied().unwrap_or(number);
            self.clashes.push((cell, first, number));
        } else {
            *slot = Some(met);
        }
    }

    /// What is known of a cell by itself.
    pub fn domain(&self, cell: CellId) -> Interval {
        self.public.domain.get(cell).copied().unwrap_or(Interval::ALL)
    }

    /// Narrows what is known of a cell; `false` if nothing is left.
    pub fn narrow(&mut self, cell: CellId, to: Interval) -> bool {
        let Some(domain) = self.public.domain.get_mut(cell) else { return false };
        let met = domain.meet(to);
        if !met.is_empty() {
            *domain = met;
        }
        !met.is_empty()
    }

    /// Whether some place says what it is.
    pub fn is_printed(&self, cell: CellId) -> bool {
        self.seen.get(cell).is_some_and(|s| !s.places.is_empty())
    }

    /// Withheld, rounded or a range, in one place at least.
    pub fn is_withheld(&self, cell: CellId) -> bool {
        self.seen.get(cell).is_some_and(|s| s.withheld)
    }

    /// Not printed, but the difference of printed cells; margins that a table leaves out are no more than their parts.
    pub fn is_implied(&self, bound: &Bound, cell: CellId) -> bool {
        let Some(c) = bound.system.cells.get(cell) else { return false };
        c.exposure == Exposure::Implied && c.places.is_empty()
    }

    /// The relations that printed figures break, with what their parts add up to.
    pub fn broken(&self) -> Vec<Broken> {
        (0..self.public.relations.len()).filter_map(|r| self.broken_relation(r)).collect()
    }

    fn broken_relation(&self, number: usize) -> Option<Broken> {
        let relation = self.public.relations.get(number)?;
        let ((total, _), parts) = relation.terms.split_first()?;
        // total = Σ k·part - constant
        let sum = |upper: bool| -> Option<i64> {
            parts.iter().try_fold(relation.constant.saturating_neg(), |sum, &(cell, k)| {
                let domain = self.domain(cell);
                let end = if (k > 0) == upper { domain.hi } else { domain.lo };
                Some(sum.saturating_add(end?.saturating_mul(k)))
            })
        };
        let parts = Interval { lo: sum(false), hi: sum(true) };
        parts.meet(self.domain(*total)).is_empty().then_some(Broken { relation: number, total: *total, parts })
    }
}

/// A total that is not the sum of its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Broken {
    /// The relation.
    pub relation: usize,
    /// The total.
    pub total: CellId,
    /// What the parts add up to.
    pub parts: Interval,
}

/// What stands in a place.
pub(crate) fn content<'a>(tables: &'a [Figures], placed: &Placed) -> Option<&'a Content> {
    Some(&tables.get(placed.table)?.parsed.cell(placed.row, placed.col)?.lexed.content)
}

/// The sign that stands in a place.
pub(crate) fn sign(tables: &[Figures], placed: &Placed) -> String {
    content(tables, placed).map(|c| sign_text(c).to_owned()).unwrap_or_default()
}

/// The cells of a relation that are not its total.
pub(crate) fn parts_of(relation: &Relation) -> impl Iterator<Item = CellId> + '_ {
    relation.terms.iter().skip(1).map(|t| t.0)
}
