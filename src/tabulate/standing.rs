//! Values that stand for all of a column: those that definitions name, what lies between and beyond them, and, where an expression
//! does more with the column than to compare it, every value that the records have and values that its functions may look for.

use std::collections::BTreeSet;

use polars::prelude::{col, len};

use crate::read::{self, Error, Records};
use crate::spec::Spec;

use super::classify::column;
use super::columns::parse;
use super::sql::{Expressions, Kind, Value, day, stated};

/// A text that no definition names.
const OTHER: &str = "\0other";
/// Texts that patterns and functions may tell from others.
const PLAIN: [&str; 4] = ["0", "1", "a", "A"];
/// Values of the records of one column that are looked at.
const MOST_VALUES: usize = 5_000;
/// Whole numbers and days in a row that are looked at one by one.
const MOST_IN_A_ROW: i64 = 400;
/// How far beyond what is named or found numbers are looked at.
const BEYOND: i64 = 12;
/// Pieces of texts that are put together in pairs.
const MOST_PAIRED: usize = 8;

/// What is known of a column.
#[derive(Default)]
pub(super) struct Wanted {
    /// The values that definitions name.
    pub named: Vec<Value<'static>>,
    /// Whether an expression does more with it than to compare it.
    pub worked: bool,
    /// Values that its functions may look for.
    pub tried: Vec<Value<'static>>,
    /// Where it is worked on: the values that the records have.
    pub found: Vec<Value<'static>>,
}

/// A value that stands for others.
#[derive(Clone)]
pub(super) struct Standing {
    pub value: Value<'static>,
    /// Whether nobody names it: what functions make of all others like it is not known.
    pub guessed: bool,
}

/// Every value of a column that some record of the release has; none where there are too many, or they can't be stated.
///
/// # Errors
/// A filter of the input that does not hold.
pub(super) fn found(spec: &Spec, records: &Records, name: &str) -> Result<Option<Vec<Value<'static>>>, Error> {
    let mut frame = records.frame.clone();
    let mut sql_of = Expressions::new(spec, &frame)?;
    if let Some(sql) = &spec.input.filter {
        let by = "`where` of [input]";
        frame = frame.filter(sql_of.condition(sql, &parse(spec, sql, by)?, by)?);
    }
    let query = frame.select([column(name).alias("value")]).group_by([col("value")]).agg([len()]);
    let Ok(table) = read::collected(query) else { return Ok(None) };
    if table.height() > MOST_VALUES {
        return Ok(None);
    }
    Ok(table.column("value").ok().and_then(|c| stated(c).ok()))
}

/// The values that stand for all of a column of this kind.
pub(super) fn of(kind: Kind, wanted: &Wanted) -> Vec<Standing> {
    let mut all = vec![Standing { value: Value::Null, guessed: false }];
    all.extend(match kind {
        Kind::Text => texts(wanted),
        Kind::Whole => whole(wanted),
        Kind::Day => days(wanted),
        Kind::Decimal => decimals(wanted),
        Kind::Truth => [false, true].map(|t| Standing { value: Value::Truth(t), guessed: false }).to_vec(),
        Kind::Moment => moments(wanted),
    });
    all
}

/// Some values that are known and some that are guessed, each once.
fn both<T: Ord>(
    known: BTreeSet<T>,
    guessed: impl IntoIterator<Item = T>,
    value: impl Fn(T) -> Value<'static>,
) -> Vec<Standing> {
    let guessed: BTreeSet<T> = guessed.into_iter().filter(|v| !known.contains(v)).collect();
    let known = known.into_iter().map(|v| (v, false));
    let all = known.chain(guessed.into_iter().map(|v| (v, true)));
    all.map(|(v, guessed)| Standing { value: value(v), guessed }).collect()
}

fn texts(wanted: &Wanted) -> Vec<Standing> {
    let text = |v: &Value<'static>| if let Value::Text(t) = v { Some(t.to_string()) } else { None };
    let mut known: BTreeSet<String> = wanted.named.iter().chain(&wanted.found).filter_map(text).collect();
    let mut guessed = Vec::new();
    if wanted.worked {
        let pieces: BTreeSet<String> = wanted.tried.iter().filter_map(text).filter(|t| !t.is_empty()).collect();
        if pieces.len() <= MOST_PAIRED {
            guessed.extend(pieces.iter().flat_map(|a| pieces.iter().map(move |b| format!("{a}{b}"))));
        }
        guessed.extend(pieces);
        guessed.extend(PLAIN.map(str::to_owned));
        guessed.push(OTHER.to_owned());
    } else {
        known.insert(OTHER.to_owned());
    }
    both(known, guessed, |t| Value::Text(t.into()))
}

/// Whole numbers near some, or all of them in a row where that is short and an expression works on them.
fn in_a_row(wanted: &Wanted, number: impl Fn(&Value<'static>) -> Option<f64>) -> (BTreeSet<i64>, BTreeSet<i64>) {
    let near = |n: f64| [n.floor() - 1.0, n.floor(), n.ceil(), n.ceil() + 1.0].map(|n| n as i64);
    let named = wanted.named.iter().filter_map(&number);
    let mut known: BTreeSet<i64> = named.flat_map(near).collect();
    if !wanted.worked {
        return (known, BTreeSet::new());
    }
    known.extend(wanted.found.iter().filter_map(&number).map(|n| n as i64));
    let tried: BTreeSet<i64> = wanted.tried.iter().filter_map(&number).flat_map(near).collect();
    let ends = known.first().zip(known.last()).map(|(a, b)| (a.saturating_sub(BEYOND), b.saturating_add(BEYOND)));
    match ends.filter(|(a, b)| b.saturating_sub(*a) <= MOST_IN_A_ROW) {
        Some((first, last)) => known.extend(tried.into_iter().chain(first..=last)),
        None => {
            let beyond: Vec<i64> = ends.into_iter().flat_map(|(a, b)| [a, b]).collect();
            return (known, tried.into_iter().chain(beyond).collect());
        }
    }
    (known, BTreeSet::new())
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Whole(n) => Some(*n as f64),
        Value::Decimal(n) => Some(*n),
        _ => None,
    }
}

fn whole(wanted: &Wanted) -> Vec<Standing> {
    let (mut known, guessed) = in_a_row(wanted, number);
    known.insert(0);
    both(known, guessed, Value::Whole)
}

fn days(wanted: &Wanted) -> Vec<Standing> {
    let of = |value: &Value<'static>| if let Value::Day(d) = value { Some(f64::from(*d)) } else { None };
    let (mut known, guessed) = in_a_row(wanted, of);
    known.insert(0);
    let all = both(known, guessed, |d| day::in_range(d).map_or(Value::Null, Value::Day));
    all.into_iter().filter(|s| s.value != Value::Null).collect()
}

fn decimals(wanted: &Wanted) -> Vec<Standing> {
    let mut named: Vec<f64> = wanted.named.iter().chain(&wanted.found).filter_map(number).collect();
    named.sort_unstable_by(f64::total_cmp);
    named.dedup();
    let between = named.windows(2).map(|w| f64::midpoint(w[0], w[1]));
    let below = named.first().map_or(0.0, |n| n - 1.0);
    let above = named.last().map_or(0.0, |n| n + 1.0);
    let tried = wanted.tried.iter().filter_map(number);
    let standing = |guessed: bool| move |x: f64| Standing { value: Value::Decimal(x), guessed };
    let more = between.chain([below, above]).chain(tried).map(standing(wanted.worked));
    named.iter().copied().map(standing(false)).chain(more).collect()
}

fn moments(wanted: &Wanted) -> Vec<Standing> {
    let moment = |v: &Value<'static>| if let Value::Moment(m) = v { Some(*m) } else { None };
    let named: BTreeSet<i128> = wanted.named.iter().filter_map(moment).flat_map(|m| [m - 1, m, m + 1]).collect();
    let found: Vec<i128> = wanted.found.iter().filter_map(moment).collect();
    let beyond = [0];
    if wanted.worked {
        let known = named.into_iter().chain(found).collect();
        return both(known, beyond, Value::Moment);
    }
    both(named.into_iter().chain(beyond).collect(), Vec::new(), Value::Moment)
}
