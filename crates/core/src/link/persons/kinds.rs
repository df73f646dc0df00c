//! Kinds of persons: which sets of classes alternative persons may have records of.

use std::collections::HashSet;

use crate::model::CellId;

use super::Persons;

/// The most kinds that are all looked at: those of ten classes.
const EVERY: usize = (1 << 10) - 1;
/// The most kinds of a world in which not all can be looked at, beyond one for each class.
const SOME: usize = 4_000;
/// Beyond so many classes persons stay of the kinds that they are of.
const MOST_CLASSES: usize = 20_000;
/// A class or cell of so few persons is one of those that an alternative table must change, where no rule says how few.
const FEW: i64 = 10;
/// Classes of the same total that are taken together with one of few persons.
const PARTNERS: usize = 6;
/// Classes of the largest cell of which a person may be of all.
const WHOLE: usize = 8;

/// The kinds of persons that may be more or fewer in an alternative table, and the persons who stay as they are.
pub(super) struct Kinds {
    /// Each kind, as numbers of classes in rising order, and its cells.
    pub free: Vec<Kind>,
    /// The kinds whose persons stay.
    pub fixed: Vec<Kind>,
    /// Whether every kind that is possible is free.
    pub complete: bool,
}

/// A kind of persons.
pub(super) struct Kind {
    /// The classes that such a person has records of.
    pub classes: Vec<u32>,
    /// The cells that he is counted in, by position, in rising order.
    pub met: Vec<usize>,
    /// How many there are in truth.
    pub count: i64,
    /// The cell of their number, once there is one.
    pub cell: CellId,
}

impl Kinds {
    /// The kinds for these persons; `dead` are the classes that everybody knows to be empty.
    pub fn choose(persons: &Persons, dead: &[bool], few: Option<i64>) -> Kinds {
        let people = &persons.people;
        let live: Vec<u32> = (0..people.atoms.len() as u32).filter(|&a| !dead[a as usize]).collect();
        let every = people.atoms.len() == persons.scene.world.combinations()
            && u32::try_from(live.len()).ok().and_then(|n| 1usize.checked_shl(n)).is_some_and(|n| n - 1 <= EVERY);
        let sets = match every {
            true => subsets(&live),
            false => Choice::new(persons, few.unwrap_or(FEW)).all(),
        };
        let chosen: HashSet<&Vec<u32>> = sets.iter().collect();
        let count = |set: &Vec<u32>| people.kinds.get(set).copied().unwrap_or(0);
        let kind = |set: &Vec<u32>| Kind { classes: set.clone(), met: persons.met(set), count: count(set), cell: 0 };
        let fixed = people.kinds.keys().filter(|k| !chosen.contains(k)).map(kind).collect();
        Kinds { free: sets.iter().map(kind).collect(), fixed, complete: every }
    }
}

/// Every set of classes but the empty one.
fn subsets(classes: &[u32]) -> Vec<Vec<u32>> {
    let of = |mask: usize| classes.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, &c)| c).collect();
    (1..1usize << classes.len()).map(of).collect()
}

/// Kinds out of too many, those first that alternative tables most likely need.
struct Choice<'a> {
    persons: &'a Persons<'a>,
    few: i64,
    /// Per class, how many persons have records of it.
    size: Vec<i64>,
    /// Per cell, the classes in it.
    classes: Vec<Vec<u32>>,
    sets: Vec<Vec<u32>>,
    seen: HashSet<Vec<u32>>,
    most: usize,
}

impl<'a> Choice<'a> {
    fn new(persons: &'a Persons<'a>, few: i64) -> Self {
        let mut size = vec![0; persons.people.atoms.len()];
        for (kind, n) in &persons.people.kinds {
            kind.iter().for_each(|&a| size[a as usize] += n);
        }
        let mut classes = vec![Vec::new(); persons.scene.cells.len()];
        for (a, cells) in persons.cover.iter().enumerate() {
            cells.iter().for_each(|&c| classes[c].push(a as u32));
        }
        let most = size.len() + SOME;
        Choice { persons, few, size, classes, sets: Vec::new(), seen: HashSet::new(), most }
    }

    fn all(mut self) -> Vec<Vec<u32>> {
        if self.size.len() > MOST_CLASSES {
            return self.sets;
        }
        (0..self.size.len() as u32).for_each(|a| self.add(vec![a]));
        let mut truth: Vec<(&Vec<u32>, i64)> = self.persons.people.kinds.iter().map(|(k, &n)| (k, n)).collect();
        truth.sort_by_key(|&(k, n)| (self.smallest(k), std::cmp::Reverse(n)));
        let small = truth.partition_point(|(k, _)| self.smallest(k) <= self.few);
        for (kind, _) in &truth[..small] {
            self.add((*kind).clone());
            self.without_one(kind);
        }
        self.small_classes();
        self.small_cells();
        truth[small..].iter().for_each(|(kind, _)| self.add((*kind).clone()));
        truth[small..].iter().for_each(|(kind, _)| self.without_one(kind));
        self.sets.sort();
        self.sets
    }

    fn add(&mut self, set: Vec<u32>) {
        if !set.is_empty() && self.sets.len() < self.most && self.seen.insert(set.clone()) {
            self.sets.push(set);
        }
    }

    /// How many persons are in the smallest class of a kind.
    fn smallest(&self, kind: &[u32]) -> i64 {
        kind.iter().map(|&a| self.size[a as usize]).min().unwrap_or(0)
    }

    fn without_one(&mut self, kind: &[u32]) {
        for i in 0..kind.len() {
            self.add(kind.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, &a)| a).collect());
        }
    }

    /// Each class of few persons together with the largest ones that share a total with it.
    fn small_classes(&mut self) {
        let small: Vec<u32> = (0..self.size.len() as u32).filter(|&a| self.size[a as usize] <= self.few).collect();
        for a in small {
            for &cell in &self.persons.cover[a as usize] {
                let mut beside: Vec<u32> = self.classes[cell].iter().copied().filter(|&b| b != a).collect();
                beside.sort_by_key(|&b| (std::cmp::Reverse(self.size[b as usize]), b));
                beside.truncate(PARTNERS);
                for b in beside {
                    self.add(vec![a.min(b), a.max(b)]);
                }
            }
        }
    }

    /// The classes of each cell of few persons all at once: one person may be all that there is.
    fn small_cells(&mut self) {
        for cell in 0..self.classes.len() {
            if self.persons.values[cell] <= self.few && self.classes[cell].len() <= WHOLE {
                self.add(self.classes[cell].clone());
            }
        }
    }
}
