//! Tables of distinct persons: what binds their cells.
//!
//! A person is a set of classes that he has records of (his *kind*), and the truth is a number of persons for each kind. A
//! cell counts the persons whose kind meets it.
//!
//! 1. Few classes: a hidden cell for each kind that there can be. What the relations allow is what there can be.
//! 2. A tree of groups along one variable: each whole is at least each of its parts, and at most their sum. Sizes that
//!    fit this are those of some persons.
//! 3. Otherwise some kinds only: whatever is found possible among them is possible, but what is not may be possible all the
//!    same. These relations are narrow ([`crate::model::Narrow`]): nothing is called a leak that follows from them alone.
//!
//! Where records are counted as well, each class has at least as many records as persons, and none without persons.

mod groups;
mod kinds;
mod world;

use std::collections::BTreeSet;

use crate::model::{
    Axis, CellId, Dimension, Entry, Exposure, Groups, Measure, MeasureId, Narrow, NodeId, Relation, Role, System, Table,
};

use super::{Details, auxiliary};
use groups::{Family, Group};
use kinds::{Kind, Kinds};
use world::{People, Scene, World};

/// Worlds of up to so many combinations of classes have all of them looked at, those without persons too.
const ALL_CLASSES: usize = 64;
/// Trees of more classes are bound by sizes alone, which for them is enough.
const TREE_CLASSES: usize = 8;
/// The most combinations of classes of which the records are looked at.
const JOINT_CLASSES: usize = 200_000;

/// Tables that nobody prints and of which the records must be looked at jointly: one for the classes of the persons in each
/// world of tables that count persons.
pub(super) fn beside(system: &System, measure: MeasureId) -> Vec<Table> {
    let Some(persons) = position(system, &Measure::Persons) else { return Vec::new() };
    if system.measures[measure] != Measure::Records {
        return Vec::new();
    }
    let worlds = World::all(system, persons);
    worlds.iter().filter(|w| w.combinations() <= JOINT_CLASSES).map(|w| hidden_table(w, measure)).collect()
}

/// A table of every group of leaves that a world uses, and of its finest classes.
fn hidden_table(world: &World, measure: MeasureId) -> Table {
    let entry = |leaves: &Vec<u32>| Entry {
        code: String::new(),
        label: String::new(),
        note: None,
        leaves: leaves.clone(),
        level: 0,
        total: false,
        shown: false,
    };
    let axis = |dim: &world::WorldDim| Axis {
        variable: String::new(),
        label: String::new(),
        role: Role::Row,
        dim: dim.dim,
        entries: dim.nodes.iter().chain(dim.atoms.iter().filter(|a| !dim.nodes.contains(*a))).map(entry).collect(),
        sensitive: false.into(),
    };
    Table {
        id: String::new(),
        title: String::new(),
        measure,
        axes: world.dims.iter().map(axis).collect(),
        scope: Vec::new(),
        scope_name: String::new(),
        notes: Vec::new(),
    }
}

/// Binds the cells that count persons, and adds the groups of persons that must be judged.
pub(super) fn bind(system: &mut System, groups: &Groups, details: Details) {
    let Some(measure) = position(system, &Measure::Persons) else { return };
    let worlds = World::all(system, measure);
    let records = position(system, &Measure::Records);
    let most = groups.records.iter().fold(0i64, |sum, &n| sum.saturating_add(n)).saturating_mul(2).saturating_add(100);
    let mut binding = Binding {
        measure,
        records,
        most: most.min(i64::from(i32::MAX)),
        zeros: details.zeros_published,
        ..Binding::default()
    };
    for world in &worlds {
        binding.world(system, world, groups, details);
    }
    if worlds.is_empty() {
        binding.bound.extend((0..system.cells.len()).filter(|&c| system.cells[c].measure == measure));
    }
    binding.across(system, groups, details);
    binding.beside_records(system);
    binding.finish(system);
}

/// The cells of kinds of persons, where every kind has one: each person is in one of them, and what is counted of persons is a
/// sum of them.
pub fn person_kinds(system: &System) -> Vec<CellId> {
    let Some(persons) = position(system, &Measure::Persons).filter(|_| system.narrow.is_none()) else {
        return Vec::new();
    };
    let counts = |c: CellId| system.cells[c].measure == persons;
    let hidden = |c: CellId| system.cells[c].coords.is_empty() && system.cells[c].exposure == Exposure::Hidden;
    let mut is_kind = vec![false; system.cells.len()];
    let is_sum = |r: &&Relation| {
        r.terms
            .split_first()
            .is_some_and(|(first, rest)| first.1 == -1 && counts(first.0) && rest.iter().all(|t| t.1 == 1))
    };
    for relation in system.relations.iter().filter(is_sum) {
        relation.terms[1..].iter().filter(|t| counts(t.0) && hidden(t.0)).for_each(|t| is_kind[t.0] = true);
    }
    // what is a sum itself, or only left over, is none
    for relation in &system.relations {
        relation.terms.iter().filter(|t| t.1 < 0).for_each(|t| is_kind[t.0] = false);
    }
    (0..is_kind.len()).filter(|&c| is_kind[c]).collect()
}

fn position(system: &System, measure: &Measure) -> Option<MeasureId> {
    system.measures.iter().position(|m| m == measure)
}

/// The persons of a world, and the cells in which they are counted.
struct Persons<'a> {
    scene: Scene<'a>,
    people: People,
    /// Per class, the cells that cover it.
    cover: Vec<Vec<usize>>,
    /// Per cell, its true value.
    values: Vec<i64>,
    families: Vec<(usize, Vec<usize>)>,
    /// The kinds of the truth: classes, cells, and how many persons.
    truth: Vec<(Vec<u32>, Vec<usize>, i64)>,
}

impl<'a> Persons<'a> {
    fn new(system: &System, measure: MeasureId, world: &'a World, groups: &Groups) -> Persons<'a> {
        let scene = Scene::new(system, measure, world);
        let people = People::new(world, groups, ALL_CLASSES);
        let cover = people.atoms.iter().map(|a| scene.covering(a)).collect();
        let values = scene.cells.iter().map(|&c| system.value(c)).collect();
        let families = scene.families();
        let mut persons = Persons { scene, people, cover, values, families, truth: Vec::new() };
        persons.truth = persons.people.kinds.iter().map(|(kind, &n)| (kind.clone(), persons.met(kind), n)).collect();
        persons
    }

    /// The cells in which a person of these classes is counted, in rising order.
    fn met(&self, classes: &[u32]) -> Vec<usize> {
        let mut met: Vec<usize> = classes.iter().flat_map(|&a| self.cover[a as usize].iter().copied()).collect();
        met.sort_unstable();
        met.dedup();
        met
    }

    fn printed(&self, system: &System) -> Vec<usize> {
        (0..self.scene.cells.len()).filter(|&c| system.cells[self.scene.cells[c]].exposure == Exposure::Shown).collect()
    }

    /// Per class, whether a printed zero covers it that stays printed.
    fn dead(&self, system: &System, zeros: bool) -> Vec<bool> {
        let zero = |&c: &usize| self.values[c] == 0 && system.cells[self.scene.cells[c]].exposure == Exposure::Shown;
        self.cover.iter().map(|cells| zeros && cells.iter().any(zero)).collect()
    }
}

/// Relations in the making.
#[derive(Default)]
struct Binding {
    measure: MeasureId,
    records: Option<MeasureId>,
    /// The most records that a class may have for each of its persons.
    most: i64,
    /// Whether printed zeros stay printed.
    zeros: bool,
    /// Relations that hold for every table.
    valid: Vec<Relation>,
    /// Relations that hold for some tables only.
    narrow: Vec<Relation>,
    /// What holds for every table in place of those.
    wide: Vec<Relation>,
    /// The printed cells of each world.
    printed: Vec<Vec<CellId>>,
    /// Cells of persons that something binds.
    bound: BTreeSet<CellId>,
    why: Vec<String>,
}

impl Binding {
    fn world(&mut self, system: &mut System, world: &World, groups: &Groups, details: Details) {
        let persons = Persons::new(system, self.measure, world, groups);
        self.printed.push(persons.printed(system).into_iter().map(|c| persons.scene.cells[c]).collect());
        let tree = persons.scene.is_tree() && world.combinations() > TREE_CLASSES;
        if self.records.is_some() && world.combinations() > JOINT_CLASSES {
            self.freeze_records(system, world);
        }
        if tree {
            return self.tree(system, &persons, details);
        }
        let dead = persons.dead(system, details.zeros_published);
        let mut kinds = Kinds::choose(&persons, &dead, details.few.map(|f| f.1));
        for kind in &mut kinds.free {
            kind.cell = auxiliary(system, self.measure, kind.count);
        }
        if kinds.complete {
            self.every(system, &persons, &kinds, details)
        } else {
            self.some(system, &persons, &kinds, details)
        }
        if self.records.is_some() && world.combinations() <= JOINT_CLASSES {
            self.classes_of_records(system, &persons, &kinds);
        }
    }

    /// Every kind has a cell: all cells and every group are sums of them.
    fn every(&mut self, system: &mut System, persons: &Persons, kinds: &Kinds, details: Details) {
        for (at, &cell) in persons.scene.cells.iter().enumerate() {
            let relation = kinds_of(cell, kinds, |k| k.met.binary_search(&at).is_ok());
            self.valid.push(relation);
            self.bound.insert(cell);
        }
        let Some(few) = details.few else { return };
        for &cell in &persons.scene.cells {
            let own = &mut system.cells[cell];
            if own.exposure == Exposure::Hidden && (few.0..=few.1).contains(&own.value) {
                own.exposure = Exposure::Implied;
            }
        }
        for group in groups::all(persons, kinds, system, few) {
            let cell = self.group(system, persons, &group);
            self.valid.push(kinds_of(cell, kinds, |k| group.holds(persons, &k.classes, &k.met)));
        }
    }

    /// Some kinds have a cell.
    fn some(&mut self, system: &mut System, persons: &Persons, kinds: &Kinds, details: Details) {
        let names: Vec<&str> =
            persons.scene.world.dims.iter().map(|d| system.space.dims[d.dim].name.as_str()).collect();
        self.why.push(format!(
            "tables of persons by {} can't be looked at for every kind of person ({} of them were): what is not found possible \
             among these is not known",
            names.join(", "),
            kinds.free.len()
        ));
        let (groups, last) = details.few.map_or((vec![], vec![]), |few| groups::narrowed(persons, system, few));
        let wanted = |at: &usize| !system.cells[persons.scene.cells[*at]].places.is_empty() || last.contains(at);
        let bound: Vec<usize> = (0..persons.scene.cells.len()).filter(wanted).collect();
        for at in bound {
            let cell = persons.scene.cells[at];
            self.narrow.push(kinds_of(cell, kinds, |k| k.met.binary_search(&at).is_ok()));
            self.bound.insert(cell);
        }
        let sizes = self.sizes(system, persons);
        self.wide.extend(sizes);
        last.iter().for_each(|&at| system.cells[persons.scene.cells[at]].exposure = Exposure::Implied);
        for group in groups {
            let cell = self.group(system, persons, &group);
            self.narrow.push(kinds_of(cell, kinds, |k| group.holds(persons, &k.classes, &k.met)));
            let bounds = self.bounds(system, persons, &group, cell);
            self.wide.extend(bounds);
        }
    }

    /// Groups along one variable that form a tree.
    fn tree(&mut self, system: &mut System, persons: &Persons, details: Details) {
        let sizes = self.sizes(system, persons);
        self.valid.extend(sizes);
        self.bound.extend(&persons.scene.cells);
        let Some(few) = details.few else { return };
        let (groups, last) = groups::narrowed(persons, system, few);
        last.iter().for_each(|&at| system.cells[persons.scene.cells[at]].exposure = Exposure::Implied);
        for group in groups {
            let cell = self.group(system, persons, &group);
            let bounds = self.bounds(system, persons, &group, cell);
            match &group {
                Group::One(family) | Group::Several(family) if family.parts.len() > 2 => {
                    self.wide.extend(bounds);
                    self.of_two_at_most(system, persons, &group, family, cell);
                }
                _ => self.valid.extend(bounds),
            }
        }
    }

    /// Sizes say little of who is in how many parts: alternative persons are taken to be in two at most, and those of the truth who
    /// are in more stay as they are. Any sizes that leave room for these are those of some such persons.
    fn of_two_at_most(&mut self, system: &mut System, persons: &Persons, group: &Group, family: &Family, cell: CellId) {
        let whole = persons.scene.cells[family.whole];
        let many = |met: &[usize]| family.parts.iter().filter(|p| met.binary_search(p).is_ok()).count() > 2;
        let in_many = |part: usize| -> i64 {
            persons.truth.iter().filter(|t| many(&t.1) && t.1.binary_search(&part).is_ok()).map(|t| t.2).sum()
        };
        let all: i64 = persons.truth.iter().filter(|t| many(&t.1)).map(|t| t.2).sum();
        let mut places = 0;
        for &part in &family.parts {
            let (id, own) = (persons.scene.cells[part], in_many(part));
            places += own;
            if all > 0 {
                self.narrow.extend(no_less(system, self.measure, vec![(id, 1)], own));
                self.narrow.extend(no_less(system, self.measure, vec![(whole, 1), (id, -1)], all - own));
            }
        }
        // of the persons in two parts each one more is counted than there are
        let more = places - 2 * all;
        let (of_whole, of_part, constant) = match group {
            Group::Several(_) => (-1, 1, more),
            _ => (2, -1, -more),
        };
        let parts = family.parts.iter().map(|&p| (persons.scene.cells[p], of_part));
        let terms = [(cell, -1), (whole, of_whole)].into_iter().chain(parts).collect();
        self.narrow.push(Relation { terms, constant });
        self.narrow.extend(at_least(system, self.measure, vec![(whole, 1), (cell, -1)]));
        self.why.push(format!("{} can't be counted out in a table of this size", group.words(persons, system)));
    }

    /// Each whole is at least each of its parts, and at most their sum.
    fn sizes(&mut self, system: &mut System, persons: &Persons) -> Vec<Relation> {
        let id = |c: usize| persons.scene.cells[c];
        let mut all = Vec::new();
        for (whole, parts) in &persons.families {
            for &part in parts {
                all.extend(at_least(system, self.measure, vec![(id(*whole), 1), (id(part), -1)]));
            }
            let sum = parts.iter().map(|&p| (id(p), 1)).chain([(id(*whole), -1)]).collect();
            all.extend(at_least(system, self.measure, sum));
        }
        all
    }

    /// What the sizes of printed cells say of a group.
    fn bounds(&mut self, system: &mut System, persons: &Persons, group: &Group, cell: CellId) -> Vec<Relation> {
        let id = |c: usize| persons.scene.cells[c];
        let mut rows: Vec<Vec<(CellId, i64)>> = Vec::new();
        match group {
            Group::Without { whole, part } => {
                return vec![Relation::total(id(*whole), [id(*part), cell])];
            }
            Group::Both { one, other, of } => {
                rows.extend([one, other].map(|&c| vec![(id(c), 1), (cell, -1)]));
                if let Some(family) = of {
                    rows.push(vec![(cell, 1), (id(family.whole), 1), (id(*one), -1), (id(*other), -1)]);
                    rows.push(family.sum(&id, 1).into_iter().chain([(id(family.whole), -1), (cell, -1)]).collect());
                }
            }
            Group::Only { whole, part, of } => {
                rows.push(vec![(id(*part), 1), (cell, -1)]);
                if let Some(family) = of {
                    let others = || family.parts.iter().filter(|p| *p != part);
                    rows.push(others().map(|&p| (id(p), 1)).chain([(cell, 1), (id(*whole), -1)]).collect());
                    rows.extend(others().map(|&p| vec![(id(*whole), 1), (id(p), -1), (cell, -1)]));
                }
            }
            Group::One(family) => {
                let m = family.parts.len() as i64;
                rows.push(family.sum(&id, 1).into_iter().chain([(cell, 1), (id(family.whole), -2)]).collect());
                rows.push(family.sum(&id, -1).into_iter().chain([(cell, 1 - m), (id(family.whole), m)]).collect());
            }
            Group::Several(family) => {
                let m = family.parts.len() as i64;
                rows.push(family.sum(&id, 1).into_iter().chain([(cell, -1), (id(family.whole), -1)]).collect());
                rows.push(family.sum(&id, -1).into_iter().chain([(cell, m - 1), (id(family.whole), 1)]).collect());
                rows.push(vec![(id(family.whole), 1), (cell, -1)]);
            }
        }
        rows.into_iter().filter_map(|terms| at_least(system, self.measure, terms)).collect()
    }

    /// The persons of two groups that tables without a common variable count: any persons of the one can be those of the other.
    fn across(&mut self, system: &mut System, groups: &Groups, details: Details) {
        let Some(few) = details.few else { return };
        let root = vec![Dimension::ROOT; system.space.dims.len()].into();
        let Some(&all) = system.index.get(&(self.measure, root)) else { return };
        let mut pairs = Vec::new();
        for (i, own) in self.printed.iter().enumerate() {
            for &a in own.iter().filter(|&&a| a != all) {
                let shared = |&&b: &&CellId| b != all && system.value(a) + system.value(b) - system.value(all) > few.0;
                pairs.extend(self.printed[i + 1..].iter().flatten().filter(shared).map(|&b| (a, b)));
            }
        }
        for (a, b) in pairs {
            let count = world::in_both(system, groups, a, b);
            if !(few.0..=few.1).contains(&count) {
                continue;
            }
            let both = auxiliary(system, self.measure, count);
            system.cells[both].exposure = Exposure::Implied;
            let words = format!("persons of both ({}) and ({})", system.words(a), system.words(b));
            system.names.insert(both, words);
            let rows =
                [vec![(a, 1), (both, -1)], vec![(b, 1), (both, -1)], vec![(both, 1), (all, 1), (a, -1), (b, -1)]];
            for terms in rows {
                let relation = at_least(system, self.measure, terms);
                self.valid.extend(relation);
            }
        }
    }

    /// The cell of a group that is judged.
    fn group(&mut self, system: &mut System, persons: &Persons, group: &Group) -> CellId {
        let cell = auxiliary(system, self.measure, group.count(persons));
        system.cells[cell].exposure = Exposure::Implied;
        let words = group.words(persons, system);
        system.names.insert(cell, words);
        cell
    }

    /// The records of each class of persons. A class of which nobody is taken for possible has none.
    fn classes_of_records(&mut self, system: &mut System, persons: &Persons, kinds: &Kinds) {
        let Some(records) = self.records else { return };
        for atom in world::combinations(persons.scene.world) {
            let Some(coords) = coords(system, persons.scene.world, &atom) else { continue };
            let own = system.index.get(&(self.measure, coords.clone())).copied();
            let Some(&r) = system.index.get(&(records, coords)) else { continue };
            if own.is_some_and(|p| self.bound.contains(&p)) {
                continue;
            }
            let Ok(number) = persons.people.atoms.binary_search(&atom) else {
                self.narrow.push(Relation { terms: vec![(r, 1)], constant: 0 });
                continue;
            };
            let has = |kind: &Kind| kind.classes.binary_search(&(number as u32)).is_ok();
            let count = persons.people.count(|classes| classes.binary_search(&(number as u32)).is_ok());
            let p = auxiliary(system, self.measure, count);
            let relation = kinds_of(p, kinds, has);
            if kinds.complete { &mut self.valid } else { &mut self.narrow }.push(relation);
            self.pair(system, r, p);
        }
    }

    /// Cells that count records and persons of the same groups.
    fn beside_records(&mut self, system: &mut System) {
        let Some(records) = self.records else { return };
        let pair = |&p: &CellId| Some((*system.index.get(&(records, system.cells[p].coords.clone()))?, p));
        let pairs: Vec<(CellId, CellId)> = self.bound.iter().filter_map(pair).collect();
        pairs.into_iter().for_each(|(r, p)| self.pair(system, r, p));
    }

    /// At least as many records as persons, and no records without persons.
    fn pair(&mut self, system: &mut System, r: CellId, p: CellId) {
        let more = at_least(system, self.measure, vec![(r, 1), (p, -1)]);
        self.valid.extend(more);
        let printed = |c: CellId| self.zeros && system.cells[c].exposure == Exposure::Shown;
        match (printed(p), printed(r)) {
            // neither is 0 unless both are, and then that is printed
            (true, _) if system.value(p) > 0 => {}
            (_, true) if system.value(r) > 0 => {
                let one = no_less(system, self.measure, vec![(p, 1)], 1);
                self.valid.extend(one);
            }
            (true, _) | (_, true) => self.valid.push(Relation { terms: vec![(p, 1), (r, 1)], constant: 0 }),
            (false, false) => {
                let some = at_least(system, self.measure, vec![(p, self.most), (r, -1)]);
                self.valid.extend(some);
            }
        }
    }

    /// Where the classes of persons are too many to look at their records, no other records are taken for possible.
    fn freeze_records(&mut self, system: &System, world: &World) {
        let Some(records) = self.records else { return };
        let counts = |c: &CellId| system.cells[*c].measure == records && !system.cells[*c].coords.is_empty();
        let fixed = |c: CellId| Relation { terms: vec![(c, 1)], constant: system.value(c) };
        self.narrow.extend((0..system.cells.len()).filter(counts).map(fixed));
        self.why.push(format!(
            "the records of {} combinations of categories, by which persons are counted, are too many to be looked at",
            world.combinations()
        ));
    }

    /// Puts all relations into the system.
    fn finish(self, system: &mut System) {
        system.relations.extend(self.valid);
        if self.narrow.is_empty() {
            return;
        }
        let from = system.relations.len();
        system.relations.extend(self.narrow);
        system.narrow = Some(Narrow { relations: from..system.relations.len(), wide: self.wide, why: self.why });
    }
}

impl Family {
    /// The parts, each with this coefficient.
    fn sum(&self, id: &dyn Fn(usize) -> CellId, k: i64) -> Vec<(CellId, i64)> {
        self.parts.iter().map(|&p| (id(p), k)).collect()
    }
}

/// A cell is the number of persons of all kinds that pass a test.
fn kinds_of(cell: CellId, kinds: &Kinds, test: impl Fn(&Kind) -> bool) -> Relation {
    let fixed: i64 = kinds.fixed.iter().filter(|k| test(k)).map(|k| k.count).sum();
    let free = kinds.free.iter().filter(|k| test(k)).map(|k| (k.cell, 1));
    Relation { terms: [(cell, -1)].into_iter().chain(free).collect(), constant: -fixed }
}

/// The coordinates of a combination of classes, if it has nodes.
fn coords(system: &System, world: &World, atom: &[u32]) -> Option<Box<[NodeId]>> {
    let mut coords = vec![Dimension::ROOT; system.space.dims.len()];
    for (w, &a) in world.dims.iter().zip(atom) {
        coords[w.dim] = system.space.dims[w.dim].find(&w.atoms[a as usize])?;
    }
    Some(coords.into())
}

/// `Σ coefficient · cell >= 0`, with a cell for what is left. `None` where the truth does not hold it.
fn at_least(system: &mut System, measure: MeasureId, terms: Vec<(CellId, i64)>) -> Option<Relation> {
    no_less(system, measure, terms, 0)
}

/// `Σ coefficient · cell >= constant`, in the same way.
fn no_less(system: &mut System, measure: MeasureId, terms: Vec<(CellId, i64)>, constant: i64) -> Option<Relation> {
    let sum = terms.iter().map(|&(c, k)| k.saturating_mul(system.value(c))).fold(0, i64::saturating_add);
    let left = sum.checked_sub(constant).filter(|left| *left >= 0)?;
    let slack = auxiliary(system, measure, left);
    Some(Relation { terms: terms.into_iter().chain([(slack, -1)]).collect(), constant })
}
