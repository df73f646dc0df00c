//! What follows from definitions alone about how the classes of variables combine: no record is needed for it.
//!
//! Two variables of one column: each value that is listed or found has its class in both, and bands combine where they
//! have a number in common. A variable whose classes are the values of all the columns of another says all of that other. What
//! expressions say is asked of them ([`super::reachable`]).

use std::collections::{BTreeSet, HashMap};

use crate::read::Error;
use crate::spec::{Band, Category, Classes, Missing, Source, Spec, Variable};

use super::classes::Classed;
use super::classify::{Classifier, Kind, Made};
use super::dims::{Known, product};
use super::group::Keys;
use super::reachable;
use super::value::Value;

/// What definitions say of the members of a dimension.
pub(super) struct Definitions {
    /// Combinations that the definitions allow although no record may have them.
    pub combinations: Vec<Vec<u32>>,
    /// Per pair of places, whether every combination of the two that can be is known: all others are impossible.
    decided: BTreeSet<(usize, usize)>,
    /// Places and classes that never come together.
    impossible: Vec<Vec<(usize, u32)>>,
    /// Those of the combinations that only values make which no definition names and no record has.
    pub guessed: BTreeSet<Vec<u32>>,
    /// What can't be told of how expressions combine with others, if anything.
    pub unclear: Option<String>,
    /// Whether the combinations are all that values of the columns make.
    pub reached: bool,
}

impl Definitions {
    /// The definitions of these members; none where their combinations are too many.
    ///
    /// # Errors
    /// Combinations that `[facts]` calls impossible and records have.
    pub fn of(known: &Known, members: &[usize]) -> Result<Option<Definitions>, Error> {
        let Known { spec, classifiers, classed, grouped, .. } = *known;
        let variables: Vec<Option<&Variable>> = members.iter().map(|&m| variable(&classifiers[m])).collect();
        let impossible = impossible(spec, classifiers, classed, members)?;
        if let Some(found) = reachable::combinations(known, members)? {
            let decided = (0..members.len()).flat_map(|j| (0..j).map(move |i| (i, j))).collect();
            let unclear = (!found.open.is_empty()).then(|| unlisted(&found.open));
            let made = Definitions {
                combinations: Vec::new(),
                decided,
                impossible,
                guessed: found.guessed,
                unclear,
                reached: true,
            };
            let combinations = found.combinations.into_iter().filter(|c| !made.rule_out(c)).collect();
            return Ok(Some(Definitions { combinations, ..made }));
        }
        let mut decided = BTreeSet::new();
        for j in 0..members.len() {
            for i in 0..j {
                let both = variables[i].zip(variables[j]);
                let (one, other) = (&classifiers[members[i]], &classifiers[members[j]]);
                if both.is_some_and(|(a, b)| same_column(a, b)) || says_all(one, other) || says_all(other, one) {
                    decided.insert((i, j));
                }
            }
        }
        let all: Option<Vec<&Variable>> = variables.iter().copied().collect();
        let of_one_column = all.filter(|v| v.windows(2).all(|w| same_column(w[0], w[1])));
        let combinations = match of_one_column {
            Some(variables) => {
                let own: Vec<(&Classed, &Keys)> = members.iter().map(|&m| (&classed[m], &grouped.keys[m])).collect();
                let mut made = listed(&variables, &own);
                let bands: Option<Vec<&[Band]>> = variables.iter().map(|v| bands_of(v)).collect();
                if let Some(bands) = bands {
                    match crossings(&bands) {
                        Some(more) => made.extend(more),
                        None => return Ok(None),
                    }
                }
                made
            }
            None => Vec::new(),
        };
        let is_sql = |&&m: &&usize| matches!(classifiers[m].exprs.as_slice(), [Made::Sql(..)]);
        let unclear = members.iter().any(|m| is_sql(&m)).then(|| {
            let names: Vec<&str> = members.iter().map(|&m| classifiers[m].name.as_str()).collect();
            format!(
                "how {} combine where no record shows it: their columns have too many values to be put through the \
                 expressions one by one, and zeros may be hidden",
                names.join(", ")
            )
        });
        let guessed = BTreeSet::new();
        Ok(Some(Definitions { combinations, decided, impossible, guessed, unclear, reached: false }))
    }

    /// Whether `[facts]` calls a combination impossible, as far as its beginning says.
    pub fn rule_out(&self, chosen: &[u32]) -> bool {
        let holds = |&(place, class): &(usize, u32)| chosen.get(place) == Some(&class);
        self.impossible.iter().any(|fact| fact.iter().all(holds))
    }

    /// Whether the combinations of the members at two places that can be are all known.
    pub fn decide(&self, i: usize, j: usize) -> bool {
        self.decided.contains(&(i.min(j), i.max(j)))
    }
}

/// What can't be told of values that nothing lists.
fn unlisted(columns: &[String]) -> String {
    let names: Vec<String> = columns.iter().map(|c| format!("\"{c}\"")).collect();
    format!(
        "what expressions make of values of {} that no definition lists, while zeros may be hidden: list every value of such a \
         column in a variable (other = \"error\"), or compare it with stated values only",
        names.join(", ")
    )
}

fn variable<'a>(classifier: &Classifier<'a>) -> Option<&'a Variable> {
    match classifier.kind {
        Kind::Variable(_, variable) => Some(variable),
        Kind::Filter(_) => None,
    }
}

/// The combinations of `[facts]` that these members hold.
fn impossible(
    spec: &Spec,
    classifiers: &[Classifier],
    classed: &[Classed],
    members: &[usize],
) -> Result<Vec<Vec<(usize, u32)>>, Error> {
    let mut all = Vec::new();
    for fact in &spec.facts.impossible {
        let place = |v: usize| {
            let is_it = |m: &usize| matches!(classifiers[*m].kind, Kind::Variable(w, _) if w == v);
            members.iter().position(is_it)
        };
        let Some(places) = fact.categories.iter().map(|(v, _)| place(*v)).collect::<Option<Vec<usize>>>() else {
            continue;
        };
        let class = |(&place, (_, code)): (&usize, &(usize, String))| {
            let group = classed[members[place]].entries.iter().find(|e| !e.total && e.code == *code)?;
            group.classes.first().map(|&class| (place, class))
        };
        // a category that is not there can't come together with another
        let Some(chosen) = places.iter().zip(&fact.categories).map(class).collect::<Option<Vec<(usize, u32)>>>() else {
            continue;
        };
        let rows = classed[members[0]].of.len();
        if (0..rows).any(|row| chosen.iter().all(|&(place, class)| classed[members[place]].of[row] == class)) {
            let names: Vec<String> = (places.iter().zip(&fact.categories))
                .map(|(&place, (_, code))| format!("{} `{code}`", classifiers[members[place]].name))
                .collect();
            return Err(Error::data(format!(
                "{}:{}: [facts] calls {} impossible, but there are such records",
                spec.path.display(),
                fact.line,
                names.join(" with ")
            ))
            .with_help("put the data right, or take the combination out of `impossible`"));
        }
        all.push(chosen);
    }
    Ok(all)
}

/// Whether both are made from one column as it is.
fn same_column(a: &Variable, b: &Variable) -> bool {
    matches!((&a.source, &b.source), (Source::Column(a), Source::Column(b)) if a == b)
}

/// Whether a class of `a` is one value of each column that `b` is made from: a variable or a filter, SQL included.
fn says_all(a: &Classifier, b: &Classifier) -> bool {
    let Some(variable) = variable(a) else { return false };
    let single = |categories: &[Category]| categories.iter().all(|c| c.listed().len() == 1);
    let by_value = match &variable.classes {
        Classes::Found | Classes::Hierarchy(_) | Classes::HierarchyFile(_) => true,
        Classes::Listed { categories, ignore_case } => !ignore_case && single(categories),
        Classes::Bands(_) => false,
    };
    let joined = matches!(variable.other, Missing::Category(_)) && !matches!(variable.classes, Classes::Found);
    let plain = !matches!(variable.source, Source::Sql(_));
    plain && by_value && !joined && !b.columns.is_empty() && b.columns.iter().all(|name| a.columns.contains(name))
}

fn bands_of(variable: &Variable) -> Option<&[Band]> {
    match &variable.classes {
        Classes::Bands(bands) => Some(bands),
        _ => None,
    }
}

/// The classes of every value that some variable of the column lists.
fn listed(variables: &[&Variable], own: &[(&Classed, &Keys)]) -> Vec<Vec<u32>> {
    let values: BTreeSet<String> = (variables.iter())
        .zip(own)
        .flat_map(|(v, (c, keys))| match &v.classes {
            Classes::Listed { categories, .. } => {
                let found = keys.values.iter().filter_map(|v| v.first()?.as_ref()).map(Value::code);
                categories.iter().flat_map(|c| c.listed()).cloned().chain(found).collect::<Vec<_>>()
            }
            Classes::Hierarchy(_) | Classes::HierarchyFile(_) => {
                c.entries.iter().filter(|e| !e.total).map(|e| e.code.clone()).collect()
            }
            Classes::Found | Classes::Bands(_) => Vec::new(),
        })
        .collect();
    let finders: Vec<Finder> = variables.iter().zip(own).map(|(v, (c, _))| Finder::new(v, c)).collect();
    // a value that some variable gives no class at all is a fault of the data, if it ever comes
    let of_values =
        values.into_iter().map(|value| finders.iter().map(|f| f.class(&value)).collect::<Option<Vec<u32>>>());
    let unlisted = finders.iter().map(|f| f.other).collect();
    let missing = finders.iter().map(|f| f.missing).collect();
    of_values.chain([unlisted, missing]).flatten().collect()
}

/// Finds the class of a value by a variable's definition.
pub(super) struct Finder<'a> {
    by_value: HashMap<String, u32>,
    ignore_case: bool,
    bands: &'a [Band],
    /// The class of a value that no category names.
    other: Option<u32>,
    /// The class of a missing value.
    missing: Option<u32>,
}

impl<'a> Finder<'a> {
    pub fn new(variable: &'a Variable, classed: &Classed) -> Finder<'a> {
        let (categories, ignore_case): (&[Category], bool) = match &variable.classes {
            Classes::Listed { categories, ignore_case } => (categories, *ignore_case),
            _ => (&[], false),
        };
        let mut finder = Finder { by_value: HashMap::new(), ignore_case, bands: &[], other: None, missing: None };
        match &variable.classes {
            Classes::Listed { .. } => {
                for (category, class) in categories.iter().zip(0..) {
                    category.values.iter().for_each(|v| _ = finder.by_value.insert(finder.fold(v), class));
                }
            }
            Classes::Bands(bands) => finder.bands = bands,
            Classes::Found | Classes::Hierarchy(_) | Classes::HierarchyFile(_) => {
                let leaves = classed.entries.iter().filter(|e| !e.total);
                leaves.for_each(|e| _ = e.classes.first().map(|&c| finder.by_value.insert(e.code.clone(), c)));
            }
        }
        let class_of = |choice: &Missing| match choice {
            Missing::Error => None,
            Missing::LeaveOut => classed.out,
            Missing::Category(label) => {
                let same = classed.entries.iter().find(|e| !e.total && (e.code == *label || e.label == *label));
                same.and_then(|e| e.classes.first().copied())
            }
        };
        (finder.other, finder.missing) = (class_of(&variable.other), class_of(&variable.missing));
        finder
    }

    fn fold(&self, text: &str) -> String {
        if self.ignore_case { text.trim().to_lowercase() } else { text.to_owned() }
    }

    /// The class of a value, or of a missing one; none where the definition allows none.
    pub fn of(&self, value: Option<&str>) -> Option<u32> {
        value.map_or(self.missing, |value| self.class(value))
    }

    fn class(&self, value: &str) -> Option<u32> {
        let band = || {
            let number: f64 = value.trim().parse().ok()?;
            let within = |b: &Band| b.from.is_none_or(|f| f <= number) && b.to.is_none_or(|t| number <= t);
            self.bands.iter().position(within).map(|b| b as u32)
        };
        self.by_value.get(&self.fold(value)).copied().or_else(band).or(self.other)
    }
}

/// Every combination of bands that have a number in common; none where they are too many.
fn crossings(bands: &[&[Band]]) -> Option<Vec<Vec<u32>>> {
    let choices: Vec<Vec<u32>> = bands.iter().map(|b| (0..b.len() as u32).collect()).collect();
    let meet = |chosen: &[u32]| {
        let picked = || chosen.iter().zip(bands).filter_map(|(&i, b)| b.get(i as usize));
        let from = picked().filter_map(|b| b.from).fold(f64::NEG_INFINITY, f64::max);
        let to = picked().filter_map(|b| b.to).fold(f64::INFINITY, f64::min);
        from <= to
    };
    product(&choices, meet)
}
