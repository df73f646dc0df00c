//! Which tables count the same cases: told by their common margins.
//!
//! Tables whose common margins are equal count the same cases. Where none of them is larger and some are smaller, the
//! one counts a part of the cases of the other. Where most are equal and some are not, they contradict each other.

use std::collections::{BTreeMap, HashMap};

use super::figures::{Figures, Signs};
use super::layout::Layout;
use super::lexicon::key;
use super::margins::{Margin, Margins};
use super::tree::Known;
use super::variables::{Keys, Variables};

/// Categories by variable; variables at their total are left out.
pub(crate) type Corner = BTreeMap<usize, Keys>;

/// A set of cases that tables count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cases {
    /// What a person calls it, or the names of its tables.
    pub name: String,
    /// The cases that these are a part of.
    pub part_of: Option<usize>,
    /// The tables that count them.
    pub tables: Vec<usize>,
    /// What their tables say.
    margins: HashMap<Corner, Margin>,
    /// A person named it.
    given: bool,
    /// They are no cases of the draft, but what a rate is over, or a mean is a sum of.
    pub measure: bool,
    /// Some table is taken to count these cases although nothing that it prints tells so.
    pub doubted: bool,
}

impl Cases {
    /// The number of all cases, where it is printed.
    pub fn total(&self) -> Option<i64> {
        match self.margins.get(&Corner::new()).map(|m| m.known) {
            Some(Known::Exact(v)) => Some(v),
            _ => None,
        }
    }
}

/// What two sets of margins say of each other.
#[derive(Clone, Copy, Debug, Default)]
struct Compared {
    equal: usize,
    less: usize,
    more: usize,
    /// Figures of which one is withheld, and that can be equal; and those that can't.
    open: usize,
    apart: usize,
    /// Common figures beside the grand total.
    inner: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Same,
    Part,
    Whole,
    Other,
}

/// What tables count of which nothing that both print tells: the same cases, unless that contradicts itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// The same cases.
    #[default]
    Same,
    /// A part of them.
    Part,
}

impl Compared {
    fn relation(self, doubt: Doubt) -> Relation {
        let differ = self.less + self.more;
        if differ == 0 && self.apart == 0 {
            let silent = self.equal == 0 && self.open > 0 && self.inner > 0;
            return match (self.equal > 0, silent, doubt) {
                (true, ..) | (_, true, Doubt::Same) => Relation::Same,
                (_, true, Doubt::Part) => Relation::Part,
                _ => Relation::Other,
            };
        }
        if self.equal > differ + self.apart {
            return Relation::Same;
        }
        match (self.less, self.more) {
            (1.., 0) if self.inner > 0 => Relation::Part,
            (0, 1..) if self.inner > 0 => Relation::Whole,
            _ => Relation::Other,
        }
    }
}

/// All sets of cases; each table is in one.
pub(crate) fn find(
    tables: &[Figures],
    variables: &Variables,
    signs: &Signs,
    layout: Option<&Layout>,
    doubt: Doubt,
) -> Vec<Cases> {
    let mut all: Vec<Cases> = Vec::new();
    let mut of_block: HashMap<usize, usize> = HashMap::new();
    for (t, table) in tables.iter().enumerate() {
        let margins = margins(t, table, variables, signs);
        let said = layout.and_then(|l| l.table(&table.name)).filter(|_| table.measure.is_none());
        let named = said.and_then(|s| s.cases.clone());
        let at = match (&table.measure, named) {
            (Some(measure), _) => by_measure(&mut all, &key(&measure.label)),
            (None, Some(name)) => by_name(&mut all, &name),
            // another breakdown of a table counts what that counts
            (None, None) if table.layer && of_block.contains_key(&table.parsed.block) => {
                of_block.get(&table.parsed.block).copied().unwrap_or(0)
            }
            (None, None) => place(&mut all, &margins, said.and_then(|s| s.part_of.as_deref()), doubt),
        };
        if table.is_main() {
            of_block.insert(table.parsed.block, at);
        }
        if let Some(whole) = said.and_then(|s| s.part_of.as_deref()) {
            let whole = by_name(&mut all, whole);
            if let Some(cases) = all.get_mut(at).filter(|_| whole != at) {
                cases.part_of = Some(whole);
            }
        }
        if let Some(cases) = all.get_mut(at) {
            cases.tables.push(t);
            for (corner, margin) in margins {
                let slot = cases.margins.entry(corner).or_insert(margin);
                if !matches!(slot.known, Known::Exact(_)) {
                    *slot = margin;
                }
            }
        }
    }
    for cases in all.iter_mut().filter(|c| !c.given) {
        let mut names: Vec<&str> =
            cases.tables.iter().filter_map(|&t| tables.get(t)).map(|t| t.name.as_str()).collect();
        names.dedup();
        cases.name = names.join(", ");
    }
    all
}

/// The set of cases of this name; a new one if there is none. A table's name stands for its cases.
fn by_name(all: &mut Vec<Cases>, name: &str) -> usize {
    all.iter().position(|c| c.given && !c.measure && c.name == name).unwrap_or_else(|| {
        all.push(Cases { name: name.to_owned(), given: true, ..Cases::default() });
        all.len() - 1
    })
}

/// What a measure of this label counts, whatever table it stands in.
fn by_measure(all: &mut Vec<Cases>, label: &str) -> usize {
    all.iter().position(|c| c.measure && c.name == label).unwrap_or_else(|| {
        all.push(Cases { name: label.to_owned(), given: true, measure: true, ..Cases::default() });
        all.len() - 1
    })
}

/// The set of cases that these margins are of; a new one where they are of none.
fn place(all: &mut Vec<Cases>, margins: &HashMap<Corner, Margin>, part_of: Option<&str>, doubt: Doubt) -> usize {
    let relations: Vec<Relation> = all.iter().map(|c| compare(margins, &c.margins).relation(doubt)).collect();
    if part_of.is_none()
        && let Some(same) = relations.iter().position(|r| *r == Relation::Same)
    {
        if let Some(cases) = all.get_mut(same) {
            cases.doubted |= compare(margins, &cases.margins).equal == 0;
        }
        return same;
    }
    let smallest = |at: &usize| all.get(*at).and_then(Cases::total).unwrap_or(i64::MAX);
    let whole = (0..all.len()).filter(|&i| relations.get(i) == Some(&Relation::Part)).min_by_key(smallest);
    let own = all.len();
    all.push(Cases { part_of: whole, ..Cases::default() });
    for (i, relation) in relations.iter().enumerate() {
        if let Some(part) = all.get_mut(i).filter(|c| *relation == Relation::Whole && c.part_of.is_none()) {
            part.part_of = Some(own).filter(|_| whole != Some(i));
        }
    }
    own
}

fn compare(own: &HashMap<Corner, Margin>, other: &HashMap<Corner, Margin>) -> Compared {
    let mut compared = Compared::default();
    let both = |c: &Corner, a: &Margin| matches!((a.known, other.get(c).map(|b| b.known)), (Known::Exact(x), Some(Known::Exact(y))) if (x, y) != (0, 0));
    let inner = own.iter().any(|(c, a)| !c.is_empty() && both(c, a));
    for (corner, a) in own {
        let Some(b) = other.get(corner) else { continue };
        match (a.known, b.known) {
            (Known::Exact(0), Known::Exact(0)) => continue,
            // one figure that differs makes the grand totals differ as well: these only count where nothing else does
            (Known::Exact(_), Known::Exact(_)) if corner.is_empty() && inner => continue,
            (Known::Exact(x), Known::Exact(y)) => match x.cmp(&y) {
                std::cmp::Ordering::Equal => compared.equal += 1,
                std::cmp::Ordering::Less => compared.less += 1,
                std::cmp::Ordering::Greater => compared.more += 1,
            },
            (x, y) => match interval(x).meet(interval(y)).is_empty() {
                true if interval(x).hi < interval(y).lo && interval(x).hi.is_some() => compared.less += 1,
                true if interval(y).hi < interval(x).lo && interval(y).hi.is_some() => compared.more += 1,
                true => compared.apart += 1,
                false => compared.open += 1,
            },
        }
        compared.inner += usize::from(!corner.is_empty());
    }
    compared
}

fn interval(known: Known) -> crate::model::Interval {
    match known {
        Known::Exact(v) => crate::model::Interval::exactly(v),
        Known::Within(i) => i,
        Known::Absent => crate::model::Interval::ALL,
    }
}

/// The margins of a table by categories of variables.
fn margins(t: usize, table: &Figures, variables: &Variables, signs: &Signs) -> HashMap<Corner, Margin> {
    let mut found: HashMap<Corner, Margin> = HashMap::new();
    for (keys, margin) in Margins::new(table, signs).all() {
        let mut corner = Corner::new();
        for (a, keys) in keys.into_iter().enumerate() {
            let Some(v) = variables.variable(t, a) else { continue };
            let Some(variable) = variables.all.get(v) else { continue };
            let leaves = variable.leaves_of(&keys);
            if leaves.len() < variable.leaves.len() {
                corner.insert(v, leaves);
            }
        }
        let slot = found.entry(corner).or_insert(margin);
        if !slot.printed && margin.printed {
            *slot = margin;
        }
    }
    found
}
