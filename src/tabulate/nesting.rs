//! What one variable says of another although they are made from different columns: every district lies in one region.
//!
//! Where the records show it and no table uses the two, it is taken as known to everybody, and reported: combinations that no
//! record has are impossible. A table that crosses them prints how they combine, so that nothing need be assumed. Where a table
//! uses both but does not print that (it is about one region only), combinations that no record has are possible, and known to
//! be empty where zeros are published anyway. `[facts]` says what the data can't: `nested` pairs, and pairs that are `free`
//! although these records look otherwise.

use std::collections::{BTreeMap, BTreeSet};

use crate::read::Error;
use crate::spec::{MeasureSpec, Spec, TableSpec};

use super::classes::Classed;
use super::classify::{Classifier, Kind, variable};
use super::group::Grouped;

/// Nesting that would come about by chance more often than this may be chance: it is taken as known all the same, because
/// who knows the places or the classification knows it, but only as long as that makes no large dimension.
const BY_CHANCE: f64 = 0.05;
/// Combinations of classes up to which nesting that may be chance is taken as known.
const FEW_COMBINATIONS: usize = 2_000;

/// Pairs of classifiers of which one says something of the other.
pub(super) struct Nesting {
    /// The inner classifier, then the outer one: what records show of how their classes combine is all that there can be.
    pairs: Vec<(usize, usize)>,
    /// The same of pairs that a table uses together: what records don't show is known to be empty, and a zero in print.
    empty: Vec<(usize, usize)>,
}

impl Nesting {
    /// What the records show and `[facts]` says; what was found is added to `notes`. Where `zeros_published`, readers are also
    /// taken to know of variables in one table how they nest.
    ///
    /// # Errors
    /// Pairs that are declared to nest and do not, with the first case.
    pub fn find(
        spec: &Spec,
        classifiers: &[Classifier],
        classed: &[Classed],
        grouped: &Grouped,
        zeros_published: bool,
        notes: &mut Vec<String>,
    ) -> Result<Nesting, Error> {
        let mut nesting = Nesting { pairs: Vec::new(), empty: Vec::new() };
        let named = |name: &str| classifiers.iter().position(|c| c.name == name && variable(c).is_some());
        for (inner, outer) in &spec.facts.nested {
            // a variable that no table uses says nothing of the release
            let (Some(a), Some(b)) = (named(inner), named(outer)) else { continue };
            if let Some(broken) = of_pair(&classed[a].of, (&classed[a], &classed[b]), &grouped.each).broken {
                return Err(contradiction(spec, classifiers, classed, (a, b), broken));
            }
            nesting.pairs.push((a, b));
        }
        for a in 0..classifiers.len() {
            for b in 0..classifiers.len() {
                let (Some(v), Some(w)) = (variable(&classifiers[a]), variable(&classifiers[b])) else { continue };
                let shares = classifiers[a].columns.iter().any(|c| classifiers[b].columns.contains(c));
                let declared =
                    nesting.pairs.contains(&(a, b)) || spec.facts.is_free(&classifiers[a].name, &classifiers[b].name);
                let apart = !together(spec, classifiers, a, b);
                let hidden = zeros_published && !printed(spec, v, w);
                if a == b || shares || declared || !(apart || hidden) {
                    continue;
                }
                let Some(found) = Found::of(grouped, a, (&classed[a], &classed[b])) else { continue };
                let few = classed[a].kept().count().saturating_mul(classed[b].kept().count()) <= FEW_COMBINATIONS;
                if !few && (found.chance >= BY_CHANCE || !apart) {
                    continue;
                }
                notes.push(found.note(&classifiers[a].name, &classifiers[b].name));
                if apart { nesting.pairs.push((a, b)) } else { nesting.empty.push((a, b)) }
            }
        }
        Ok(nesting)
    }

    /// Whether one of two classifiers says of the other which combinations there can be.
    pub fn binds(&self, a: usize, b: usize) -> bool {
        self.pairs.contains(&(a, b)) || self.pairs.contains(&(b, a))
    }

    /// Where classes of members lie by the combinations that were observed.
    pub fn homes(&self, observed: &BTreeSet<Vec<u32>>, members: &[usize]) -> Homes {
        let place = |m: usize| members.iter().position(|&n| n == m);
        let pairs = self.pairs.iter().filter_map(|&(a, b)| place(a).zip(place(b)));
        let of_pair = |(inner, outer): (usize, usize)| {
            let mut homes: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
            observed.iter().for_each(|c| _ = homes.entry(c[inner]).or_default().insert(c[outer]));
            (inner, outer, homes)
        };
        Homes(pairs.map(of_pair).collect())
    }

    /// Whether one of two classifiers says of the other which combinations everybody knows to be empty.
    pub fn empties(&self, a: usize, b: usize) -> bool {
        self.empty.contains(&(a, b)) || self.empty.contains(&(b, a))
    }
}

/// Per pair that nests its places, and for each inner class that has records the outer ones that it lies in.
pub(super) struct Homes(Vec<(usize, usize, BTreeMap<u32, BTreeSet<u32>>)>);

impl Homes {
    /// Whether a combination goes against none of them.
    pub fn allow(&self, combination: &[u32]) -> bool {
        let lies = |(inner, outer, homes): &(usize, usize, BTreeMap<u32, BTreeSet<u32>>)| {
            homes.get(&combination[*inner]).is_none_or(|of| of.contains(&combination[*outer]))
        };
        self.0.iter().all(lies)
    }
}

/// What the records show of a pair.
struct Found {
    /// Whether whole classes lie in others, and not only the values that classes are made of.
    classes: bool,
    /// How often it would look so if the two had nothing to do with each other.
    chance: f64,
}

impl Found {
    /// Every value of the inner classifier's column lies in one class of the outer one, and that says of some combination of
    /// classes that there is none.
    fn of(grouped: &Grouped, inner: usize, (a, b): (&Classed, &Classed)) -> Option<Found> {
        let classes = of_pair(&a.of, (a, b), &grouped.each);
        if classes.broken.is_none() && classes.chance < 1.0 {
            return Some(Found { classes: true, chance: classes.chance });
        }
        let values = of_pair(&grouped.keys[inner].of, (a, b), &grouped.each);
        (values.broken.is_none() && values.chance < 1.0 && values.apart)
            .then_some(Found { classes: false, chance: values.chance })
    }

    fn note(&self, a: &str, b: &str) -> String {
        let every = if self.classes { format!("every `{a}`") } else { format!("every value that `{a}` groups") };
        format!(
            "in these records {every} lies in one `{b}`, so readers are taken to know which; if they can't, write under [facts]: free = [[\"{a}\", \"{b}\"]]"
        )
    }
}

/// Whether some table uses the columns of both, and so may say how they combine.
fn together(spec: &Spec, classifiers: &[Classifier], a: usize, b: usize) -> bool {
    let in_use = |t: &TableSpec, c: &Classifier| match c.kind {
        Kind::Variable(v, _) => t.axes.iter().any(|x| x.0 == v) || t.only.iter().any(|o| o.0 == v),
        Kind::Filter(sql) => t.filter.as_ref().is_some_and(|filter| filter.text == sql.text),
    };
    let shares = |c: &Classifier, with: usize| c.columns.iter().any(|name| classifiers[with].columns.contains(name));
    let uses = |t: &TableSpec, with: usize| classifiers.iter().any(|c| shares(c, with) && in_use(t, c));
    spec.tables.iter().any(|t| uses(t, a) && uses(t, b))
}

/// Whether some table prints how the two combine: it has both, and every record.
fn printed(spec: &Spec, a: usize, b: usize) -> bool {
    let has = |t: &TableSpec, v: usize| t.axes.iter().any(|x| x.0 == v);
    let counts = |t: &TableSpec| !matches!(t.measure, MeasureSpec::Sum { .. });
    spec.tables.iter().any(|t| has(t, a) && has(t, b) && t.only.is_empty() && t.filter.is_none() && counts(t))
}

/// What the records say of a pair.
struct OfPair {
    /// The inner value or class that lies in two outer classes, if there is one, and those.
    broken: Option<(u32, u32, u32)>,
    /// How often it would look so if the two had nothing to do with each other; 1 where there is nothing to be seen.
    chance: f64,
    /// Whether some class of each has no record in common with one of the other.
    apart: bool,
}

/// What the records say of values or classes (`inner`, one per row) of a classifier and the classes of another one.
fn of_pair(inner: &[u32], (a, b): (&Classed, &Classed), records: &[i64]) -> OfPair {
    let mut home: BTreeMap<u32, (u32, i64)> = BTreeMap::new();
    let mut sizes: BTreeMap<u32, i64> = BTreeMap::new();
    let mut pairs: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut broken = None;
    for (row, &n) in records.iter().enumerate().filter(|(_, n)| **n > 0) {
        let (value, class, outer) = (inner[row], a.of[row], b.of[row]);
        if Some(class) == a.out || Some(outer) == b.out {
            continue;
        }
        *sizes.entry(outer).or_default() += n;
        pairs.insert((class, outer));
        let known = home.entry(value).or_insert((outer, 0));
        known.1 += n;
        if known.0 != outer && broken.is_none() {
            broken = Some((value, known.0, outer));
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
    let classes: BTreeSet<u32> = pairs.iter().map(|p| p.0).collect();
    OfPair { broken, chance, apart: pairs.len() < classes.len() * sizes.len() }
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
