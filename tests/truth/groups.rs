//! Groups that a reader can name, of which a rule calls the true number unsafe.

use std::collections::BTreeSet;

use super::algebra::Equations;
use super::bits::Bits;
use super::kinds::Kinds;
use super::printed::{Cell, Figure};
use super::reader::{Frame, with_any};
use super::truths::{Group, Truth, Want};
use super::world::{Measure, Plan, World};

/// How a reader names a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// It is printed, or withheld in its place.
    Cell,
    /// A cell of the joint grid of a table's variables.
    Joint,
    /// The rest of a group without another that lies in it.
    Difference,
    /// What two groups have in common, or one of them alone.
    Intersection,
    /// Any other that follows exactly.
    Union,
}

/// A group to be judged.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub group: Group,
    pub named: Named,
    pub name: String,
    /// What must remain possible.
    pub wants: Vec<Want>,
}

/// Printed groups beyond this are not combined by threes, nor withheld cells in all ways.
const MOST_BY_THREES: usize = 26;
const MOST_WITHHELD: usize = 9;

/// All of them, each once, the plainest name first.
pub fn candidates(
    world: &World,
    kinds: &Kinds,
    frame: &Frame,
    truth: &Truth,
    cells: &[Cell],
    equations: &Equations,
) -> Vec<Candidate> {
    let mut all = Found { world, kinds, truth, seen: BTreeSet::new(), found: Vec::new() };
    let printed = printed_groups(kinds, frame, cells);
    for Printed { group, cell, .. } in &printed {
        let before = all.found.len();
        all.add(group.clone(), Named::Cell, || cell.name.clone());
        if let (Plan::Round { .. }, Figure::Known(lo, hi), Some(found)) =
            (&world.policy.plan, cell.figure, all.found.get_mut(before))
        {
            // what the method itself rules out is no secret
            found.wants.retain(|w| match *w {
                Want::Value(v) => lo <= v && v <= hi,
                Want::AtLeast(b) => b <= hi,
                _ => true,
            });
        }
    }
    joints(world, kinds, &mut all);
    for (i, Printed { group: a, cell: x, .. }) in printed.iter().enumerate() {
        let beside = |p: &&Printed| p.group.measure == a.measure && p.group.set.meets(&a.set);
        for Printed { group: b, cell: y, .. } in printed[..i].iter().filter(beside) {
            let set = |set: Bits| Group { measure: a.measure.clone(), set };
            let (ab, ba, both) = (a.set.minus(&b.set), b.set.minus(&a.set), a.set.and(&b.set));
            let usual = if ab.is_empty() || ba.is_empty() { Named::Difference } else { Named::Intersection };
            let named = |set: &Bits, usual| if several(&printed, a, set) { Named::Union } else { usual };
            all.add(set(ab.clone()), named(&ab, usual), || format!("({}) without ({})", x.name, y.name));
            all.add(set(ba.clone()), named(&ba, usual), || format!("({}) without ({})", y.name, x.name));
            all.add(set(both.clone()), named(&both, Named::Intersection), || format!("({}) and ({})", x.name, y.name));
        }
    }
    threes(&printed, &mut all);
    unions(&printed, frame, equations, &mut all);
    all.found
}

/// A group that is printed, or withheld in its place.
struct Printed<'a> {
    group: Group,
    cell: &'a Cell,
    /// Every table that has it.
    tables: BTreeSet<usize>,
}

/// Each group once: a number goes before a sign.
fn printed_groups<'a>(kinds: &Kinds, frame: &Frame, cells: &'a [Cell]) -> Vec<Printed<'a>> {
    let mut printed: Vec<Printed> = Vec::new();
    for cell in cells {
        let group = frame.group(kinds, cell);
        match printed.iter_mut().find(|p| p.group == group) {
            Some(known) => {
                known.tables.insert(cell.table);
                if known.cell.figure == Figure::Withheld {
                    known.cell = cell;
                }
            }
            None => printed.push(Printed { group, cell, tables: BTreeSet::from([cell.table]) }),
        }
    }
    printed
}

/// Whether a set is several cells of one table together: then it is no group of its own to be narrowed.
fn several(printed: &[Printed], like: &Group, set: &Bits) -> bool {
    if like.measure == Measure::Persons {
        return false;
    }
    let within = |p: &&Printed| p.group.measure == like.measure && p.group.set.minus(set).is_empty();
    let parts: Vec<&Printed> = printed.iter().filter(within).collect();
    let tables: BTreeSet<usize> = parts.iter().flat_map(|p| p.tables.iter().copied()).collect();
    tables.into_iter().any(|t| {
        let own = parts.iter().filter(|p| p.tables.contains(&t));
        own.fold(Bits::default(), |s, p| s.or(&p.group.set)) == *set
    })
}

struct Found<'a> {
    world: &'a World,
    kinds: &'a Kinds,
    truth: &'a Truth<'a>,
    seen: BTreeSet<Group>,
    found: Vec<Candidate>,
}

impl Found<'_> {
    fn add(&mut self, group: Group, named: Named, name: impl FnOnce() -> String) {
        if group.set.is_empty() || self.seen.contains(&group) {
            return;
        }
        let of_records = group.measure != Measure::Persons;
        if of_records && named != Named::Cell && group.set.iter().all(|k| self.kinds.records[k].homeless) {
            // no cell, and known to be empty by itself
            return;
        }
        let wants = self.wants(&group, named);
        self.seen.insert(group.clone());
        if !wants.is_empty() {
            self.found.push(Candidate { group, named, name: name(), wants });
        }
    }

    /// What the rules want, as far as it is asked of groups that are named so.
    fn wants(&self, group: &Group, named: Named) -> Vec<Want> {
        let mut wants = self.truth.wants(group);
        if wants.is_empty() {
            return wants;
        }
        let counted = !matches!(group.measure, Measure::Sum(..));
        let narrowing = match named {
            Named::Cell => true,
            Named::Joint | Named::Difference => counted,
            Named::Intersection => false,
            Named::Union => false,
        };
        let loose = matches!(&self.world.policy.plan, Plan::Round { method, .. } if *method == "controlled" || named != Named::Cell);
        if !narrowing || loose {
            wants.clear();
        }
        if !wants.contains(&Want::Spread(1)) {
            wants.push(Want::Spread(1));
        }
        wants
    }
}

/// Every cell of the joint grid of each table.
fn joints(world: &World, kinds: &Kinds, all: &mut Found) {
    for joint in 0..kinds.joints {
        let t = kinds.table_of_joint[joint];
        let of = (0..kinds.records.len()).filter(|k| kinds.records[*k].joint[t] == Some(joint));
        let set = Bits::of(of);
        let codes = set.iter().next().map(|k| format!("{:?}", kinds.records[k].codes[t])).unwrap_or_default();
        let (measure, set) = match &world.tables[t].measure {
            Measure::Persons => (Measure::Persons, with_any(kinds, &Bits::of([joint]))),
            Measure::Sum(c, _) => (Measure::Sum(c.clone(), 0), set),
            Measure::Records => (Measure::Records, set),
        };
        all.add(Group { measure, set }, Named::Joint, || format!("table {}, jointly {codes}", world.tables[t].id));
    }
}

/// A + B - C where that is once or twice a group: (10 + 10 - 18) / 2.
fn threes(printed: &[Printed], all: &mut Found) {
    let known: Vec<(&Group, &Cell)> = (printed.iter())
        .filter(|p| matches!(p.cell.figure, Figure::Known(a, b) if a == b))
        .map(|p| (&p.group, p.cell))
        .collect();
    if known.len() > MOST_BY_THREES {
        return;
    }
    for (i, (a, x)) in known.iter().enumerate() {
        for (b, y) in known[..i].iter().filter(|p| p.0.measure == a.measure) {
            let (both, either) = (a.set.and(&b.set), a.set.or(&b.set));
            for (c, z) in known.iter().filter(|p| p.0.measure == a.measure) {
                let set = if c.set == either.minus(&both) && !both.is_empty() {
                    both.clone()
                } else if both.minus(&c.set).is_empty() && c.set.minus(&either).is_empty() {
                    either.minus(&both).minus(&c.set).or(&both.and(&c.set))
                } else {
                    continue;
                };
                let name = || format!("({}) + ({}) - ({})", x.name, y.name, z.name);
                all.add(Group { measure: a.measure.clone(), set }, Named::Union, name);
            }
        }
    }
}

/// Several withheld cells of one table whose sum follows.
fn unions(printed: &[Printed], frame: &Frame, equations: &Equations, all: &mut Found) {
    let tables: BTreeSet<usize> = printed.iter().flat_map(|p| p.tables.iter().copied()).collect();
    for t in tables {
        let own: Vec<&Printed> = printed.iter().filter(|p| p.tables.contains(&t)).collect();
        // of what can't be there no figure is smaller than another
        let inside = |q: &Printed, p: &Printed| q.group != p.group && q.group.set.minus(&p.group.set).is_empty();
        let smallest = |p: &Printed| !own.iter().any(|q| !q.group.set.is_empty() && inside(q, p));
        let withheld: Vec<(&Group, &Cell)> = (own.iter())
            .filter(|p| p.cell.figure == Figure::Withheld && smallest(p))
            .take(MOST_WITHHELD)
            .map(|p| (&p.group, p.cell))
            .collect();
        for chosen in 3u32..1 << withheld.len() {
            if chosen.is_power_of_two() {
                continue;
            }
            let parts: Vec<&(&Group, &Cell)> =
                withheld.iter().enumerate().filter(|(i, _)| chosen >> i & 1 == 1).map(|p| p.1).collect();
            let first = parts[0].0;
            let disjoint = parts.iter().enumerate().all(|(i, p)| parts[..i].iter().all(|q| !q.0.set.meets(&p.0.set)));
            if !disjoint || first.measure == Measure::Persons {
                continue;
            }
            let set = parts.iter().fold(Bits::default(), |s, p| s.or(&p.0.set));
            let group = Group { measure: first.measure.clone(), set };
            if all.truth.wants(&group).is_empty() || !equations.determine(&frame.form(&group)) {
                continue;
            }
            let name = || parts.iter().map(|p| format!("({})", p.1.name)).collect::<Vec<_>>().join(" + ");
            all.add(group, Named::Union, name);
        }
    }
}
