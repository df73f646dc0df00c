//! How the classes of expressions and of the variables that share their columns can combine at all: every choice of one value
//! for each column is classified, where a few values stand for all that the definitions tell apart ([`super::standing`]).

use std::collections::{BTreeSet, HashMap, HashSet};

use polars::prelude::SchemaRef;

use crate::read::Error;
use crate::spec::{Band, Classes, Source, Variable};

use super::classes::Classed;
use super::classify::{Classifier, Kind, Made};
use super::defined::Finder;
use super::dims::Known;
use super::sql::{Kind as SqlKind, Reach, Value as Stated, day, kind_of_column};
use super::standing::{self, Standing, Wanted};
use super::value::Value;

/// Choices of values that are classified; where there are more, nothing is said.
const MOST_CHOICES: usize = 300_000;

/// The combinations of classes that there can be.
pub(super) struct Reached {
    /// Those that some values of the columns make.
    pub combinations: BTreeSet<Vec<u32>>,
    /// Those of them that only values make which no definition names and no record has.
    pub guessed: BTreeSet<Vec<u32>>,
    /// Columns of which such values can come, and functions may make of them what no value that was looked at shows.
    pub open: Vec<String>,
}

/// The combinations of classes of these members that some values of the columns make; none where the members hold no
/// expression, or the values can't be told from the definitions.
///
/// # Errors
/// A filter of the input that does not hold.
pub(super) fn combinations(known: &Known, members: &[usize]) -> Result<Option<Reached>, Error> {
    let Known { classifiers, classed, grouped, .. } = *known;
    if !members.iter().any(|&m| matches!(classifiers[m].exprs.as_slice(), [Made::Sql(..)])) {
        return Ok(None);
    }
    let mut columns: Vec<&String> = members.iter().flat_map(|&m| &classifiers[m].columns).collect();
    columns.sort_unstable();
    columns.dedup();
    let Some(kinds) = kinds(known, &columns) else { return Ok(None) };
    let own = members.iter().map(|&m| Member::of(&classifiers[m], &classed[m], &grouped.keys[m], &columns, &kinds));
    let Some(own) = own.collect::<Option<Vec<Member>>>() else { return Ok(None) };
    let mut values = Vec::with_capacity(columns.len());
    let mut open = Vec::new();
    for (c, name) in columns.iter().enumerate() {
        let mut wanted = wanted(&own, c);
        if wanted.worked {
            let Some(found) = standing::found(known.spec, known.records, name)? else { return Ok(None) };
            wanted.found = found;
        }
        let of_column = distinct(standing::of(kinds[c], &wanted), c, &own);
        if own.iter().any(|m| m.open.contains(&c)) && of_column.1 {
            open.push((*name).clone());
        }
        values.push(of_column.0);
    }
    Ok(classified(&own, &values).map(|(combinations, guessed)| Reached { combinations, guessed, open }))
}

/// Combinations: one class of each member.
type Combinations = BTreeSet<Vec<u32>>;

/// Every combination of classes, and those that only guessed values make; none where there are too many choices.
fn classified(own: &[Member], values: &[Vec<Standing>]) -> Option<(Combinations, Combinations)> {
    let size = values.iter().try_fold(1usize, |n, v| n.checked_mul(v.len()).filter(|n| *n <= MOST_CHOICES))?;
    let (mut certain, mut guessed) = (BTreeSet::new(), BTreeSet::new());
    for number in 0..size {
        let mut rest = number;
        let mut guess = false;
        let choice: Vec<Stated<'static>> = values
            .iter()
            .map(|v| {
                let at = &v[rest % v.len()];
                rest /= v.len();
                guess |= at.guessed;
                at.value.clone()
            })
            .collect();
        let classes = own.iter().map(|m| m.class(&choice)).collect::<Option<Vec<u32>>>();
        if guess { guessed.extend(classes) } else { certain.extend(classes) }
    }
    guessed.retain(|c| !certain.contains(c));
    certain.extend(guessed.iter().cloned());
    Some((certain, guessed))
}

/// What the values of the columns are; none where some can't be stated.
fn kinds(known: &Known, columns: &[&String]) -> Option<Vec<SqlKind>> {
    let schema: SchemaRef = known.records.frame.clone().collect_schema().ok()?;
    columns.iter().map(|name| kind_of_column(name, schema.get(name.as_str())).ok()).collect()
}

/// What the members do with a column.
fn wanted(own: &[Member], column: usize) -> Wanted {
    let of = |all: &[(usize, Stated<'static>)]| {
        all.iter().filter(|n| n.0 == column).map(|n| n.1.clone()).collect::<Vec<_>>()
    };
    Wanted {
        named: own.iter().flat_map(|m| of(&m.named)).collect(),
        worked: own.iter().any(|m| m.worked.contains(&column)),
        tried: own.iter().flat_map(|m| of(&m.tried)).collect(),
        found: Vec::new(),
    }
}

/// Without values that some member allows not at all, and of those that no member tells apart the first only; and whether there
/// are guessed ones.
fn distinct(all: Vec<Standing>, column: usize, own: &[Member]) -> (Vec<Standing>, bool) {
    let alone = || own.iter().filter(|m| m.columns == [column]);
    let together = own.iter().any(|m| m.columns.len() > 1 && m.columns.contains(&column));
    let mut seen = HashSet::new();
    let mut guessed = false;
    let kept = all.into_iter().filter(|s| {
        let Some(classes) = alone().map(|m| m.class_of(&[&s.value])).collect::<Option<Vec<u32>>>() else {
            return false;
        };
        guessed |= s.guessed;
        together || seen.insert(classes)
    });
    let kept = kept.collect();
    (kept, guessed)
}

/// A classifier that can be asked about any values of the columns.
struct Member<'a> {
    /// Its columns, by their places.
    columns: Vec<usize>,
    made: How<'a>,
    /// Values that it tells from others, each with the place of its column.
    named: Vec<(usize, Stated<'static>)>,
    /// Columns that it does more with than to compare them, and those of which values alone don't show what it makes of others.
    worked: Vec<usize>,
    open: Vec<usize>,
    /// Values that it may be looking for.
    tried: Vec<(usize, Stated<'static>)>,
}

enum How<'a> {
    Filter(Reach),
    Sql(Reach, Finder<'a>),
    Column(Finder<'a>),
    /// The paths found, with their classes.
    Paths(HashMap<Vec<String>, u32>),
}

impl<'a> Member<'a> {
    fn of(
        classifier: &'a Classifier<'a>,
        classed: &'a Classed,
        keys: &super::group::Keys,
        all: &[&String],
        kinds: &[SqlKind],
    ) -> Option<Member<'a>> {
        let place = |name: &String| all.iter().position(|c| *c == name);
        let places = |names: &[String]| names.iter().map(place).collect::<Option<Vec<usize>>>();
        if let [Made::Sql(_, parsed)] = classifier.exprs.as_slice() {
            let columns = places(&parsed.columns)?;
            let own: Vec<SqlKind> = columns.iter().map(|&c| kinds[c]).collect();
            let reach = parsed.reach(&own)?;
            let uses = || columns.iter().copied().zip(&reach.uses);
            let of =
                |(c, values): (usize, &Vec<Stated<'static>>)| values.iter().map(|v| (c, v.clone())).collect::<Vec<_>>();
            let named = uses().flat_map(|(c, u)| of((c, &u.stated))).collect();
            let tried = uses().flat_map(|(c, u)| of((c, &u.tried))).collect();
            let worked = uses().filter(|(_, u)| u.worked).map(|u| u.0).collect();
            let open = uses().filter(|(_, u)| u.open).map(|u| u.0).collect();
            let made = match classifier.kind {
                Kind::Filter(_) => How::Filter(reach),
                Kind::Variable(_, variable) => How::Sql(reach, Finder::new(variable, classed)),
            };
            return Some(Member { columns, made, named, worked, open, tried });
        }
        let Kind::Variable(_, variable) = classifier.kind else { return None };
        if let Source::Nested(names) = &variable.source {
            let columns = places(names)?;
            let mut paths = HashMap::new();
            let mut named = Vec::new();
            for (path, class) in found(keys, classed) {
                let Some(path) = path.iter().cloned().collect::<Option<Vec<Value>>>() else { continue };
                named.extend(columns.iter().zip(&path).map(|(&c, v)| Some((c, stated(kinds[c], &v.code())?))));
                paths.insert(path.iter().map(Value::code).collect(), class);
            }
            let named = named.into_iter().collect::<Option<Vec<_>>>()?;
            return Some(Member::plain(columns, How::Paths(paths), named));
        }
        let columns = places(&classifier.columns)?;
        let &[column] = columns.as_slice() else { return None };
        let named = named(variable, classed, keys, kinds[column]);
        let own = |v: Stated<'static>| (column, v);
        let named = named.into_iter().map(own).collect();
        Some(Member::plain(columns, How::Column(Finder::new(variable, classed)), named))
    }

    /// One that only compares.
    fn plain(columns: Vec<usize>, made: How<'a>, named: Vec<(usize, Stated<'static>)>) -> Member<'a> {
        Member { columns, made, named, worked: Vec::new(), open: Vec::new(), tried: Vec::new() }
    }

    /// The class for a choice of one value for each column; none where its definition allows none.
    fn class(&self, choice: &[Stated<'static>]) -> Option<u32> {
        self.class_of(&self.columns.iter().map(|&c| choice.get(c)).collect::<Option<Vec<_>>>()?)
    }

    /// The class for values of its own columns.
    fn class_of(&self, own: &[&Stated<'static>]) -> Option<u32> {
        let values = || own.iter().map(|v| (*v).clone()).collect::<Vec<_>>();
        match &self.made {
            How::Filter(reach) => Some(u32::from(reach.value(&values())? != Stated::Truth(true))),
            How::Sql(reach, finder) => finder.of(text(&reach.value(&values())?)?.as_deref()),
            How::Column(finder) => finder.of(text(own.first()?)?.as_deref()),
            How::Paths(paths) => {
                let path = own.iter().map(|v| text(v).flatten()).collect::<Option<Vec<String>>>()?;
                paths.get(&path).copied()
            }
        }
    }
}

/// The values found with their classes, each once.
fn found<'k>(
    keys: &'k super::group::Keys,
    classed: &'k Classed,
) -> impl Iterator<Item = (&'k Vec<Option<Value>>, u32)> {
    let mut class: HashMap<u32, u32> = HashMap::new();
    keys.of.iter().zip(&classed.of).for_each(|(&v, &c)| _ = class.insert(v, c));
    keys.values.iter().zip(0..).filter_map(move |(value, at)| Some((value, *class.get(&at)?)))
}

/// The values of its column that a variable tells from others. What a category is called is one of them only where some record
/// has it, or nothing else is written.
fn named(variable: &Variable, classed: &Classed, keys: &super::group::Keys, kind: SqlKind) -> Vec<Stated<'static>> {
    let ends = |b: &Band| [b.from, b.to].into_iter().flatten().map(Stated::Decimal).collect::<Vec<_>>();
    match &variable.classes {
        Classes::Bands(bands) => bands.iter().flat_map(ends).collect(),
        Classes::Listed { categories, .. } => {
            let found = keys.values.iter().filter_map(|v| v.first()?.as_ref()).map(Value::code);
            let listed = categories.iter().flat_map(|c| c.listed()).cloned();
            // a value that is no number never comes in a column of numbers
            listed.chain(found).filter_map(|v| stated(kind, &v)).collect()
        }
        Classes::Found | Classes::Hierarchy(_) | Classes::HierarchyFile(_) => {
            classed.entries.iter().filter(|e| !e.total).filter_map(|e| stated(kind, &e.code)).collect()
        }
    }
}

/// A value from its text.
fn stated(kind: SqlKind, text: &str) -> Option<Stated<'static>> {
    match kind {
        SqlKind::Text => Some(Stated::Text(text.to_owned().into())),
        SqlKind::Whole => text.trim().parse().ok().map(Stated::Whole),
        SqlKind::Decimal => text.trim().parse().ok().map(Stated::Decimal),
        SqlKind::Truth => text.trim().parse().ok().map(Stated::Truth),
        SqlKind::Day => day::parse(text.trim()).map(Stated::Day),
        SqlKind::Moment => None,
    }
}

/// A value as the code of a category; the outer none where it can be none.
fn text(value: &Stated) -> Option<Option<String>> {
    match value {
        Stated::Null => Some(None),
        Stated::Whole(n) => Some(Some(Value::Whole(*n).code())),
        Stated::Decimal(x) => Some(Value::decimal(*x).map(|v| v.code())),
        Stated::Text(t) => Some(Value::text(t).map(|v| v.code())),
        Stated::Truth(t) => Some(Some(t.to_string())),
        Stated::Day(d) => day::text(*d).map(Some),
        Stated::Moment(_) => None,
    }
}
