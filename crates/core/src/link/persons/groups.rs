//! Groups of persons that a reader can name although no table prints them: persons of one printed group and not of
//! another, of both, of one only. Those that the rules would call unsafe are cells of the system, and judged like cells.

use std::collections::{BTreeSet, HashSet};

use crate::model::{Exposure, System};

use super::Persons;
use super::kinds::{Kind, Kinds};

/// Parts that are named in words.
const MOST_NAMED: usize = 4;

/// A group of persons, by positions of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// Those of a whole who are not in a part of it.
    Without { whole: usize, part: usize },
    /// Those who are in both.
    Both { one: usize, other: usize, of: Option<Family> },
    /// Those of a whole who have records of it in one part only.
    Only { whole: usize, part: usize, of: Option<Family> },
    /// Those of a whole who are in one of its parts and no more.
    One(Family),
    /// Those of a whole who are in more than one of its parts.
    Several(Family),
}

/// A cell and the parts that make it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Family {
    pub whole: usize,
    pub parts: Vec<usize>,
}

impl Group {
    /// Whether a person of this kind belongs to it.
    pub fn holds(&self, persons: &Persons, classes: &[u32], met: &[usize]) -> bool {
        let meets = |c: &usize| met.binary_search(c).is_ok();
        let only = |whole: usize, part: usize| {
            let inside = |&&a: &&u32| persons.cover[a as usize].binary_search(&whole).is_ok();
            classes.iter().filter(inside).all(|&a| persons.cover[a as usize].binary_search(&part).is_ok())
        };
        let in_parts = |family: &Family| family.parts.iter().filter(|p| meets(p)).count();
        match self {
            Group::Without { whole, part } => meets(whole) && !meets(part),
            Group::Both { one, other, .. } => meets(one) && meets(other),
            Group::Only { whole, part, .. } => meets(whole) && only(*whole, *part),
            Group::One(family) => in_parts(family) == 1,
            Group::Several(family) => in_parts(family) > 1,
        }
    }

    /// How many persons it is in truth.
    pub fn count(&self, persons: &Persons) -> i64 {
        persons.truth.iter().filter(|(classes, met, _)| self.holds(persons, classes, met)).map(|t| t.2).sum()
    }

    /// What a reader would call it.
    pub fn words(&self, persons: &Persons, system: &System) -> String {
        let name = |&c: &usize| format!("({})", system.words(persons.scene.cells[c]));
        match self {
            Group::Without { whole, part } => format!("persons of {} who are not in {}", name(whole), name(part)),
            Group::Both { one, other, .. } => format!("persons of both {} and {}", name(one), name(other)),
            Group::Only { whole, part, .. } => {
                format!("persons of {} with nothing outside {}", name(whole), name(part))
            }
            Group::One(family) => format!("persons of exactly one of {}", family.names(&name)),
            Group::Several(family) => format!("persons of more than one of {}", family.names(&name)),
        }
    }
}

impl Family {
    /// The parts, as far as they are few.
    fn names(&self, name: &dyn Fn(&usize) -> String) -> String {
        let named: Vec<String> = self.parts.iter().take(MOST_NAMED).map(name).collect();
        let more = self.parts.len().saturating_sub(MOST_NAMED);
        if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
    }
}

/// Every group that can be named from printed cells, and whose number is unsafe.
pub(super) fn all(persons: &Persons, kinds: &Kinds, system: &System, few: (i64, i64)) -> Vec<Group> {
    let printed: Vec<usize> = persons.printed(system);
    let mut named: Vec<Group> = Vec::new();
    for (i, &a) in printed.iter().enumerate() {
        for &b in &printed[i + 1..] {
            match (persons.scene.within(a, b), persons.scene.within(b, a)) {
                (true, _) => named.extend(nested(b, a)),
                (_, true) => named.extend(nested(a, b)),
                _ => named.push(Group::Both { one: a, other: b, of: None }),
            }
        }
    }
    for family in printed_families(persons, system) {
        named.extend([Group::One(family.clone()), Group::Several(family)]);
    }
    let members = |test: &dyn Fn(&Kind) -> bool| -> Vec<usize> {
        (0..kinds.free.len()).filter(|&k| test(&kinds.free[k])).collect()
    };
    let mut seen: HashSet<Vec<usize>> =
        (0..persons.scene.cells.len()).map(|c| members(&|k| k.met.binary_search(&c).is_ok())).collect();
    named.retain(|group| {
        let value = group.count(persons);
        (few.0..=few.1).contains(&value) && seen.insert(members(&|k| group.holds(persons, &k.classes, &k.met)))
    });
    named
}

fn nested(whole: usize, part: usize) -> [Group; 2] {
    [Group::Without { whole, part }, Group::Only { whole, part, of: None }]
}

/// The families of which every cell is printed.
fn printed_families(persons: &Persons, system: &System) -> Vec<Family> {
    let shown = |c: &usize| system.cells[persons.scene.cells[*c]].exposure == Exposure::Shown;
    (persons.families.iter())
        .filter(|(whole, parts)| shown(whole) && parts.iter().all(shown))
        .map(|(whole, parts)| Family { whole: *whole, parts: parts.clone() })
        .collect()
}

/// The groups whose number is unsafe and follows from printed cells, or is narrowed by them, by the arithmetic of a whole and
/// its parts; and the hidden cells of which the same holds.
pub(super) fn narrowed(persons: &Persons, system: &System, few: (i64, i64)) -> (Vec<Group>, Vec<usize>) {
    let is_few = |v: i64| (few.0..=few.1).contains(&v);
    let value = |c: usize| persons.values[c];
    let mut groups = Vec::new();
    for part in persons.printed(system) {
        for whole in persons.scene.wholes(part) {
            let shown = system.cells[persons.scene.cells[whole]].exposure == Exposure::Shown;
            if shown && is_few(value(whole) - value(part)) {
                groups.push(Group::Without { whole, part });
            }
        }
    }
    for family in printed_families(persons, system) {
        of_family(persons, family, few, &mut groups);
    }
    let kept = |group: &Group| is_few(group.count(persons));
    groups.retain(kept);
    (groups, last_parts(persons, system, &is_few, few.0))
}

/// The groups within one whole of which a bound above 1 follows, or whose number follows exactly.
fn of_family(persons: &Persons, family: Family, few: (i64, i64), groups: &mut Vec<Group>) {
    let value = |c: usize| persons.values[c];
    let least = few.0.max(0);
    let (whole, sum) = (value(family.whole), family.parts.iter().map(|&p| value(p)).sum::<i64>());
    let overlap = sum - whole;
    let two = family.parts.len() == 2;
    let others = family.parts.len() as i64 - 1;
    if two || overlap < few.1 || overlap > others * least {
        groups.push(Group::Several(family.clone()));
    }
    if two || 2 * whole - sum > least || (others + 1) * whole - sum < others * few.1 {
        groups.push(Group::One(family.clone()));
    }
    if two {
        return;
    }
    // the largest first: only these can have to share persons
    let mut parts = family.parts.clone();
    parts.sort_by_key(|&p| (std::cmp::Reverse(value(p)), p));
    for (i, &one) in parts.iter().enumerate() {
        let shared = |&&other: &&usize| value(one) + value(other) - whole > least;
        let both =
            |&other: &usize| Group::Both { one: one.min(other), other: one.max(other), of: Some(family.clone()) };
        groups.extend(parts[i + 1..].iter().take_while(shared).map(both));
        let largest = parts.iter().find(|&&p| p != one).map_or(0, |&p| value(p));
        if whole - (sum - value(one)) > least || whole - largest < few.1 {
            groups.push(Group::Only { whole: family.whole, part: one, of: Some(family.clone()) });
        }
    }
    if overlap < few.1 {
        // as few persons as that are in more than one part
        let shared: BTreeSet<(usize, usize)> = persons.truth.iter().flat_map(|t| pairs(&family.parts, &t.1)).collect();
        let both = |(one, other)| Group::Both { one, other, of: Some(family.clone()) };
        for group in shared.into_iter().map(both) {
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
    }
}

/// Every two parts in which a kind of persons is counted.
fn pairs(parts: &[usize], met: &[usize]) -> Vec<(usize, usize)> {
    let mut own: Vec<usize> = parts.iter().copied().filter(|p| met.binary_search(p).is_ok()).collect();
    own.sort_unstable();
    (0..own.len()).flat_map(|i| own[i + 1..].iter().map(|&b| (own[i], b)).collect::<Vec<_>>()).collect()
}

/// Cells that no table prints and that are the only such part of a printed whole, where their number is unsafe and a bound above 1
/// follows for it.
fn last_parts(persons: &Persons, system: &System, is_few: &dyn Fn(i64) -> bool, least: i64) -> Vec<usize> {
    let shown = |c: usize| system.cells[persons.scene.cells[c]].exposure == Exposure::Shown;
    let mut found: BTreeSet<usize> = BTreeSet::new();
    for (whole, parts) in &persons.families {
        let hidden: Vec<usize> = parts.iter().copied().filter(|&p| !shown(p)).collect();
        if let (true, [only]) = (shown(*whole), &hidden[..]) {
            let others: i64 = parts.iter().filter(|&p| p != only).map(|&p| persons.values[p]).sum();
            if is_few(persons.values[*only]) && persons.values[*whole] - others > least {
                found.insert(*only);
            }
        }
    }
    found.into_iter().collect()
}
