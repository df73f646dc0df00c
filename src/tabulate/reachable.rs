//! How the classes of expressions and of the variables that share their columns can combine at all: every choice of one value
//! for each column is classified, where a few values stand for all that the definitions tell apart.

use std::collections::{BTreeSet, HashMap};

use crate::read::Records;
use crate::spec::{Band, Classes, ColumnType, Source, Variable};

use super::classes::Classed;
use super::classify::{Classifier, Kind, Made};
use super::defined::Finder;
use super::group::Grouped;
use super::sql::{Kind as SqlKind, Reach, Value as Stated};
use super::value::Value;

/// Choices of values that are classified; where there are more, nothing is said.
const MOST_CHOICES: usize = 100_000;
/// A text that no definition names.
const OTHER: &str = "\0other";

/// The combinations of classes of these members that some values of the columns make; none where the members hold no
/// expression, or the values can't be told from the definitions.
pub(super) fn combinations(
    records: &Records,
    classifiers: &[Classifier],
    classed: &[Classed],
    grouped: &Grouped,
    members: &[usize],
) -> Option<BTreeSet<Vec<u32>>> {
    if !members.iter().any(|&m| matches!(classifiers[m].exprs.as_slice(), [Made::Sql(..)])) {
        return None;
    }
    let mut columns: Vec<&String> = members.iter().flat_map(|&m| &classifiers[m].columns).collect();
    columns.sort_unstable();
    columns.dedup();
    let kinds: Vec<SqlKind> = columns.iter().map(|c| kind(records, c)).collect::<Option<_>>()?;
    let own: Vec<Member> = members
        .iter()
        .map(|&m| Member::of(&classifiers[m], &classed[m], &grouped.keys[m], &columns, &kinds))
        .collect::<Option<_>>()?;
    let values: Vec<Vec<Stated<'static>>> =
        (0..columns.len()).map(|c| standing(kinds[c], own.iter().flat_map(|m| m.named(c)))).collect();
    let size = values.iter().try_fold(1usize, |n, v| n.checked_mul(v.len()).filter(|n| *n <= MOST_CHOICES))?;
    let mut found = BTreeSet::new();
    for number in 0..size {
        let mut rest = number;
        let choice: Vec<Stated<'static>> = values
            .iter()
            .map(|v| {
                let at = rest % v.len();
                rest /= v.len();
                v[at].clone()
            })
            .collect();
        found.extend(own.iter().map(|m| m.class(&choice)).collect::<Option<Vec<u32>>>());
    }
    Some(found)
}

/// What the values of a column are; none where they can't be stated.
fn kind(records: &Records, column: &str) -> Option<SqlKind> {
    match records.column(column)?.kind {
        ColumnType::Text => Some(SqlKind::Text),
        ColumnType::Integer => Some(SqlKind::Whole),
        ColumnType::Decimal => Some(SqlKind::Decimal),
        ColumnType::Date => None,
    }
}

/// The values that stand for all of a column: those named, one between and beyond them, one that is not named, none at all.
fn standing(kind: SqlKind, named: impl Iterator<Item = Stated<'static>>) -> Vec<Stated<'static>> {
    let mut all = vec![Stated::Null];
    if kind == SqlKind::Text {
        let texts: BTreeSet<String> =
            named.filter_map(|v| if let Stated::Text(t) = v { Some(t.into()) } else { None }).collect();
        all.extend(texts.into_iter().chain([OTHER.to_owned()]).map(|t| Stated::Text(t.into())));
        return all;
    }
    let mut numbers: Vec<f64> = named.filter_map(|v| number(&v)).collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.dedup();
    if kind == SqlKind::Whole {
        let near = numbers.iter().flat_map(|n| [n.floor() - 1.0, n.floor(), n.ceil(), n.ceil() + 1.0]);
        let whole: BTreeSet<i64> = near.chain([0.0]).map(|n| n as i64).collect();
        all.extend(whole.into_iter().map(Stated::Whole));
        return all;
    }
    let between = numbers.windows(2).map(|w| f64::midpoint(w[0], w[1]));
    let beyond = numbers.first().map_or(0.0, |n| n - 1.0);
    let above = numbers.last().map_or(0.0, |n| n + 1.0);
    all.extend(numbers.iter().copied().chain(between).chain([beyond, above]).map(Stated::Decimal));
    all
}

fn number(value: &Stated) -> Option<f64> {
    match value {
        Stated::Whole(n) => Some(*n as f64),
        Stated::Decimal(n) => Some(*n),
        _ => None,
    }
}

/// A classifier that can be asked about any values of the columns.
struct Member<'a> {
    /// Its columns, by their places.
    columns: Vec<usize>,
    made: How<'a>,
    /// Values that it tells from others, each with the place of its column.
    named: Vec<(usize, Stated<'static>)>,
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
            let of = |(c, values): (&usize, &Vec<Stated<'static>>)| {
                values.iter().map(|v| (*c, v.clone())).collect::<Vec<_>>()
            };
            let named = columns.iter().zip(&reach.stated).flat_map(of).collect();
            let made = match classifier.kind {
                Kind::Filter(_) => How::Filter(reach),
                Kind::Variable(_, variable) => How::Sql(reach, Finder::new(variable, classed)),
            };
            return Some(Member { columns, made, named });
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
            return Some(Member { columns, made: How::Paths(paths), named });
        }
        let columns = places(&classifier.columns)?;
        let &[column] = columns.as_slice() else { return None };
        let named = named(variable, classed, kinds[column])?;
        let own = |v: Stated<'static>| (column, v);
        let named = named.into_iter().map(own).collect();
        Some(Member { columns, made: How::Column(Finder::new(variable, classed)), named })
    }

    /// The values of a column that it tells from others.
    fn named(&self, column: usize) -> impl Iterator<Item = Stated<'static>> + '_ {
        self.named.iter().filter(move |n| n.0 == column).map(|n| n.1.clone())
    }

    /// The class for a choice of one value for each column; none where its definition allows none.
    fn class(&self, choice: &[Stated<'static>]) -> Option<u32> {
        let own = || self.columns.iter().map(|&c| choice[c].clone()).collect::<Vec<_>>();
        match &self.made {
            How::Filter(reach) => Some(u32::from(reach.value(&own())? != Stated::Truth(true))),
            How::Sql(reach, finder) => finder.of(text(&reach.value(&own())?)?.as_deref()),
            How::Column(finder) => finder.of(text(own().first()?)?.as_deref()),
            How::Paths(paths) => {
                let path = own().iter().map(|v| text(v).flatten()).collect::<Option<Vec<String>>>()?;
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

/// The values of its column that a variable tells from others.
fn named(variable: &Variable, classed: &Classed, kind: SqlKind) -> Option<Vec<Stated<'static>>> {
    let ends = |b: &Band| [b.from, b.to].into_iter().flatten().map(Stated::Decimal).collect::<Vec<_>>();
    match &variable.classes {
        Classes::Bands(bands) => Some(bands.iter().flat_map(ends).collect()),
        Classes::Listed { ignore_case: true, .. } => None,
        Classes::Listed { categories, .. } => {
            // a value that is no number never comes in a column of numbers
            Some(categories.iter().flat_map(|c| &c.values).filter_map(|v| stated(kind, v)).collect())
        }
        Classes::Found | Classes::Hierarchy(_) | Classes::HierarchyFile(_) => {
            Some(classed.entries.iter().filter(|e| !e.total).filter_map(|e| stated(kind, &e.code)).collect())
        }
    }
}

/// A value from its text.
fn stated(kind: SqlKind, text: &str) -> Option<Stated<'static>> {
    match kind {
        SqlKind::Text => Some(Stated::Text(text.to_owned().into())),
        SqlKind::Whole => text.trim().parse().ok().map(Stated::Whole),
        SqlKind::Decimal => text.trim().parse().ok().map(Stated::Decimal),
        _ => None,
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
        Stated::Day(_) | Stated::Moment(_) => None,
    }
}
