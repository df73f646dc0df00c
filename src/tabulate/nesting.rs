//! What one variable says of another although they are made from different columns: every district lies in one region.
//!
//! Where the records show it and no table crosses the two, it is taken as known to everybody, and reported. A table that
//! crosses them prints how they combine, so that nothing need be assumed. `[facts]` says what the data can't: `nested`
//! pairs, and pairs that are `free` although these records look otherwise.

use std::collections::BTreeMap;

use crate::read::Error;
use crate::spec::Spec;

use super::classes::Classed;
use super::classify::{Classifier, variable};

/// Nesting that would come about by chance more often than this is not taken for knowledge.
const BY_CHANCE: f64 = 0.05;

/// Pairs of classifiers of which one says the other.
pub(super) struct Nesting {
    /// The inner classifier, then the outer one: every class of the first lies in one of the second.
    pairs: Vec<(usize, usize)>,
}

impl Nesting {
    /// What the records show and `[facts]` says; what was found is added to `notes`.
    ///
    /// # Errors
    /// Pairs that are declared to nest and do not, with the first case.
    pub fn find(
        spec: &Spec,
        classifiers: &[Classifier],
        classed: &[Classed],
        records: &[i64],
        notes: &mut Vec<String>,
    ) -> Result<Nesting, Error> {
        let mut pairs = Vec::new();
        let named = |name: &str| classifiers.iter().position(|c| c.name == name && variable(c).is_some());
        for (inner, outer) in &spec.facts.nested {
            // a variable that no table uses says nothing of the release
            let (Some(a), Some(b)) = (named(inner), named(outer)) else { continue };
            if let Some(broken) = of_pair(&classed[a], &classed[b], records).broken {
                return Err(contradiction(spec, classifiers, classed, (a, b), broken));
            }
            pairs.push((a, b));
        }
        for a in 0..classifiers.len() {
            for b in 0..classifiers.len() {
                let (Some(v), Some(w)) = (variable(&classifiers[a]), variable(&classifiers[b])) else { continue };
                let shares = classifiers[a].columns.iter().any(|c| classifiers[b].columns.contains(c));
                let declared =
                    pairs.contains(&(a, b)) || spec.facts.is_free(&classifiers[a].name, &classifiers[b].name);
                if a == b || shares || declared || together(spec, v, w) {
                    continue;
                }
                let found = of_pair(&classed[a], &classed[b], records);
                if found.broken.is_none() && found.chance < BY_CHANCE {
                    notes.push(format!(
                        "in these records every `{a}` lies in one `{b}`, so readers are taken to know which; if they can't, write under [facts]: free = [[\"{a}\", \"{b}\"]]",
                        a = classifiers[a].name,
                        b = classifiers[b].name
                    ));
                    pairs.push((a, b));
                }
            }
        }
        Ok(Nesting { pairs })
    }

    /// Whether one of two classifiers says the other.
    pub fn binds(&self, a: usize, b: usize) -> bool {
        self.pairs.contains(&(a, b)) || self.pairs.contains(&(b, a))
    }
}

/// Whether some table uses both variables, and so says how they combine.
fn together(spec: &Spec, a: usize, b: usize) -> bool {
    let uses =
        |t: &crate::spec::TableSpec, v: usize| t.axes.iter().any(|x| x.0 == v) || t.only.iter().any(|o| o.0 == v);
    spec.tables.iter().any(|t| uses(t, a) && uses(t, b))
}

/// What the records say of a pair.
struct OfPair {
    /// The inner class that lies in two outer ones, if there is one, and those.
    broken: Option<(u32, u32, u32)>,
    /// How often it would look so if the two had nothing to do with each other; 1 where there is nothing to be seen.
    chance: f64,
}

fn of_pair(inner: &Classed, outer: &Classed, records: &[i64]) -> OfPair {
    let mut home: BTreeMap<u32, (u32, i64)> = BTreeMap::new();
    let mut sizes: BTreeMap<u32, i64> = BTreeMap::new();
    let mut broken = None;
    for (row, &n) in records.iter().enumerate().filter(|(_, n)| **n > 0) {
        let (a, b) = (inner.of[row], outer.of[row]);
        if Some(a) == inner.out || Some(b) == outer.out {
            continue;
        }
        *sizes.entry(b).or_default() += n;
        let known = home.entry(a).or_insert((b, 0));
        known.1 += n;
        if known.0 != b && broken.is_none() {
            broken = Some((a, known.0, b));
        }
    }
    let all: i64 = sizes.values().sum();
    let chance = match (all > 0 && sizes.len() > 1, broken) {
        (true, None) => {
            let same = |n: i64| -> f64 { sizes.values().map(|&m| (m as f64 / all as f64).powf(n as f64)).sum() };
            home.values().map(|&(_, n)| same(n)).product()
        }
        _ => 1.0,
    };
    OfPair { broken, chance }
}

/// The error for a declared nesting that the records contradict.
fn contradiction(
    spec: &Spec,
    classifiers: &[Classifier],
    classed: &[Classed],
    (a, b): (usize, usize),
    (inner, one, two): (u32, u32, u32),
) -> Error {
    let code = |of: usize, class: u32| {
        let group = classed[of].entries.iter().find(|e| !e.total && e.classes == [class]);
        group.map_or_else(|| "a category of its own".to_owned(), |e| format!("`{}`", e.code))
    };
    Error::data(format!(
        "{}: [facts] says that every `{}` lies in one `{}`, but {} stands in {} and in {}",
        spec.path.display(),
        classifiers[a].name,
        classifiers[b].name,
        code(a, inner),
        code(b, one),
        code(b, two)
    ))
    .with_help("put the data right, or take the pair out of `nested`")
}
