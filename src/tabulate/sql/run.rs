//! The value of an expression for a record, by the meaning that SQL gives it: three values of truth, whole numbers of
//! 64 bits that never wrap, and what does not apply is not looked at (`CASE`, `COALESCE`, the rest of `AND` and `OR`).
//!
//! Expressions have been checked ([`super::check`]): kinds fit, so what does not is not known instead of a fault.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::day;
use super::fault::{Fault, MOST_TEXT};
use super::tree::{Arithmetic, Comparison, Expression, Kind, List, Value};

/// A record.
pub(super) trait Row<'a> {
    /// The value of a column.
    fn value(&self, column: usize) -> Value<'a>;
}

type Answer<'a> = Result<Value<'a>, Fault>;

/// The value of an expression.
pub(super) fn value<'a>(expression: &'a Expression, row: &dyn Row<'a>) -> Answer<'a> {
    match expression {
        Expression::Column(at) => Ok(row.value(*at)),
        Expression::Literal(literal) => Ok(borrowed(literal)),
        Expression::Not(inner) => Ok(of_truth(truth(inner, row)?.map(|t| !t))),
        Expression::Minus(inner) => minus(&value(inner, row)?),
        Expression::All(parts) => joined(parts, row, false),
        Expression::Any(parts) => joined(parts, row, true),
        Expression::Arithmetic(operator, pair) => arithmetic(*operator, &value(&pair[0], row)?, &value(&pair[1], row)?),
        Expression::Join(pair) => join(value(&pair[0], row)?, value(&pair[1], row)?),
        Expression::Compare(comparison, pair) => {
            let order = order(&value(&pair[0], row)?, &value(&pair[1], row)?);
            Ok(of_truth(order.map(|order| holds(*comparison, order))))
        }
        Expression::Distinct(pair) => Ok(Value::Truth(distinct(&value(&pair[0], row)?, &value(&pair[1], row)?))),
        Expression::IsNull(inner) => Ok(Value::Truth(value(inner, row)? == Value::Null)),
        Expression::Is(wanted, inner) => Ok(Value::Truth(truth(inner, row)? == *wanted)),
        Expression::In(inner, list) => Ok(of_truth(is_in(&value(inner, row)?, list, row)?)),
        Expression::Between(parts) => between(parts, row),
        Expression::Like(inner, pattern) => Ok(match value(inner, row)? {
            Value::Text(text) => Value::Truth(pattern.fits(&text)),
            _ => Value::Null,
        }),
        Expression::Case { of, whens, otherwise } => case(of.as_deref(), whens, otherwise.as_deref(), row),
        Expression::Coalesce(parts) => coalesce(parts, row),
        Expression::NullIf(pair) => null_if(pair, row),
        Expression::Cast { value: inner, to, lenient } => cast(value(inner, row)?, *to, *lenient),
        Expression::Extract(part, inner) => Ok(match value(inner, row)? {
            Value::Day(day) => Value::Whole(day::part(*part, day, 0)),
            Value::Moment(at) => {
                let day = day::of(at).ok_or(Fault::Calendar)?;
                Value::Whole(day::part(*part, day, at.rem_euclid(day::DAY)))
            }
            _ => Value::Null,
        }),
        Expression::Call(function, arguments) => {
            let Some(call) = &function.call else { return Ok(Value::Null) };
            let arguments = arguments.iter().map(|a| value(a, row)).collect::<Result<Vec<_>, _>>()?;
            if arguments.contains(&Value::Null) { Ok(Value::Null) } else { (call.run)(&arguments) }
        }
    }
}

fn borrowed<'a>(literal: &'a Value<'static>) -> Value<'a> {
    match literal {
        Value::Text(text) => Value::Text(Cow::Borrowed(text.as_ref())),
        other => other.clone(),
    }
}

fn of_truth<'a>(truth: Option<bool>) -> Value<'a> {
    truth.map_or(Value::Null, Value::Truth)
}

/// Whether a condition holds; none where that is not known.
fn truth<'a>(expression: &'a Expression, row: &dyn Row<'a>) -> Result<Option<bool>, Fault> {
    Ok(match value(expression, row)? {
        Value::Truth(truth) => Some(truth),
        _ => None,
    })
}

/// `AND` (decided by the first that is false) or `OR` (by the first that is true).
fn joined<'a>(parts: &'a [Expression], row: &dyn Row<'a>, decides: bool) -> Answer<'a> {
    let mut known = true;
    for part in parts {
        match truth(part, row)? {
            Some(truth) if truth == decides => return Ok(Value::Truth(decides)),
            Some(_) => {}
            None => known = false,
        }
    }
    Ok(of_truth(known.then_some(!decides)))
}

/// How two known values compare. Whole and decimal numbers compare by their very sizes.
pub(super) fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Truth(a), Value::Truth(b)) => Some(a.cmp(b)),
        (Value::Whole(a), Value::Whole(b)) => Some(a.cmp(b)),
        (Value::Decimal(a), Value::Decimal(b)) => a.partial_cmp(b),
        (Value::Whole(a), Value::Decimal(b)) => mixed(*a, *b),
        (Value::Decimal(a), Value::Whole(b)) => mixed(*b, *a).map(Ordering::reverse),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Day(a), Value::Day(b)) => Some(a.cmp(b)),
        (Value::Moment(a), Value::Moment(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn mixed(whole: i64, decimal: f64) -> Option<Ordering> {
    /// 2^63, which is a double, as the largest whole number is not.
    const END: f64 = 9_223_372_036_854_775_808.0;
    if decimal.is_nan() {
        return None;
    }
    if decimal >= END {
        return Some(Ordering::Less);
    }
    if decimal < -END {
        return Some(Ordering::Greater);
    }
    let below = decimal.floor();
    // in range, and whole: the conversion is exact
    let order = whole.cmp(&(below as i64));
    Some(if order == Ordering::Equal && decimal > below { Ordering::Less } else { order })
}

fn holds(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::Unequal => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::More => order.is_gt(),
        Comparison::AtLeast => order.is_ge(),
    }
}

fn distinct(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => false,
        _ => order(a, b) != Some(Ordering::Equal),
    }
}

fn is_in<'a>(wanted: &Value<'a>, list: &'a List, row: &dyn Row<'a>) -> Result<Option<bool>, Fault> {
    if *wanted == Value::Null {
        return Ok(None);
    }
    let mut known = true;
    match list {
        List::Sorted(values, null) => {
            let found = values.binary_search_by(|v| order(v, wanted).unwrap_or(Ordering::Less));
            if found.is_ok() {
                return Ok(Some(true));
            }
            known = !null;
        }
        List::Written(values) => {
            for one in values {
                match order(&value(one, row)?, wanted) {
                    Some(Ordering::Equal) => return Ok(Some(true)),
                    Some(_) => {}
                    None => known = false,
                }
            }
        }
    }
    Ok(known.then_some(false))
}

fn between<'a>(parts: &'a [Expression; 3], row: &dyn Row<'a>) -> Answer<'a> {
    let [inner, least, most] = parts;
    let inner = value(inner, row)?;
    let above = order(&inner, &value(least, row)?).map(Ordering::is_ge);
    let below = order(&inner, &value(most, row)?).map(Ordering::is_le);
    Ok(match (above, below) {
        (Some(false), _) | (_, Some(false)) => Value::Truth(false),
        (Some(true), Some(true)) => Value::Truth(true),
        _ => Value::Null,
    })
}

fn case<'a>(
    of: Option<&'a Expression>,
    whens: &'a [(Expression, Expression)],
    otherwise: Option<&'a Expression>,
    row: &dyn Row<'a>,
) -> Answer<'a> {
    let of = of.map(|of| value(of, row)).transpose()?;
    for (when, then) in whens {
        let applies = match &of {
            Some(of) => order(of, &value(when, row)?) == Some(Ordering::Equal),
            None => truth(when, row)? == Some(true),
        };
        if applies {
            return value(then, row);
        }
    }
    otherwise.map_or(Ok(Value::Null), |otherwise| value(otherwise, row))
}

fn coalesce<'a>(parts: &'a [Expression], row: &dyn Row<'a>) -> Answer<'a> {
    for part in parts {
        let found = value(part, row)?;
        if found != Value::Null {
            return Ok(found);
        }
    }
    Ok(Value::Null)
}

fn null_if<'a>(pair: &'a [Expression; 2], row: &dyn Row<'a>) -> Answer<'a> {
    let first = value(&pair[0], row)?;
    let same = order(&first, &value(&pair[1], row)?) == Some(Ordering::Equal);
    Ok(if same { Value::Null } else { first })
}

fn join<'a>(a: Value<'a>, b: Value<'a>) -> Answer<'a> {
    let (Value::Text(a), Value::Text(b)) = (a, b) else { return Ok(Value::Null) };
    if a.len().saturating_add(b.len()) > MOST_TEXT {
        return Err(Fault::TooLong);
    }
    Ok(Value::Text(a + b))
}

fn minus<'a>(value: &Value) -> Answer<'a> {
    match value {
        Value::Whole(n) => n.checked_neg().map(Value::Whole).ok_or(Fault::TooLarge),
        Value::Decimal(x) => Ok(Value::Decimal(-x)),
        _ => Ok(Value::Null),
    }
}

fn arithmetic<'a>(operator: Arithmetic, a: &Value, b: &Value) -> Answer<'a> {
    match (a, b) {
        (Value::Whole(a), Value::Whole(b)) => wholes(operator, *a, *b).map(Value::Whole),
        (Value::Decimal(a), Value::Decimal(b)) => decimals(operator, *a, *b).map(Value::Decimal),
        (Value::Day(a), Value::Day(b)) => Ok(Value::Whole(i64::from(*a) - i64::from(*b))),
        (Value::Day(day), Value::Whole(n)) | (Value::Whole(n), Value::Day(day)) => {
            let n = if operator == Arithmetic::Subtract { n.checked_neg() } else { Some(*n) };
            let sum = n.and_then(|n| i64::from(*day).checked_add(n)).ok_or(Fault::Calendar)?;
            day::in_range(sum).map(Value::Day).ok_or(Fault::Calendar)
        }
        _ => Ok(Value::Null),
    }
}

fn wholes(operator: Arithmetic, a: i64, b: i64) -> Result<i64, Fault> {
    let result = match operator {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide | Arithmetic::Remainder if b == 0 => return Err(Fault::ByZero),
        Arithmetic::Divide => a.checked_div(b),
        // the quotient of the least number and -1 overflows, what is left does not
        Arithmetic::Remainder => Some(a.wrapping_rem(b)),
    };
    result.ok_or(Fault::TooLarge)
}

fn decimals(operator: Arithmetic, a: f64, b: f64) -> Result<f64, Fault> {
    let result = match operator {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide | Arithmetic::Remainder if b == 0.0 => return Err(Fault::ByZero),
        Arithmetic::Divide => a / b,
        Arithmetic::Remainder => a % b,
    };
    if result.is_finite() { Ok(result) } else { Err(Fault::NotFinite) }
}

fn cast<'a>(value: Value<'a>, to: Kind, lenient: bool) -> Answer<'a> {
    let made = match (value, to) {
        (Value::Null, _) => return Ok(Value::Null),
        (Value::Text(text), Kind::Whole) => whole_of(&text).map(Value::Whole),
        (Value::Text(text), Kind::Decimal) => decimal_of(&text).map(Value::Decimal),
        (Value::Text(text), Kind::Day) => day::parse(text.trim_matches(' ')).map(Value::Day),
        (Value::Truth(truth), Kind::Whole) => Some(Value::Whole(i64::from(truth))),
        (Value::Whole(n), Kind::Decimal) => Some(Value::Decimal(n as f64)),
        (Value::Whole(n), Kind::Text) => Some(Value::Text(n.to_string().into())),
        (Value::Decimal(x), Kind::Whole) => rounded(x).map(Value::Whole),
        (Value::Day(day), Kind::Text) => return day::text(day).map(|t| Value::Text(t.into())).ok_or(Fault::Calendar),
        (Value::Moment(at), Kind::Day) => return day::of(at).map(Value::Day).ok_or(Fault::Calendar),
        (value, to) if value.kind() == Some(to) => Some(value),
        _ => None,
    };
    match made {
        Some(value) => Ok(value),
        None if lenient => Ok(Value::Null),
        None => Err(Fault::Conversion),
    }
}

/// A decimal number that has been rounded, as a whole one.
fn rounded(x: f64) -> Option<i64> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    (x == x.trunc() && (-END..END).contains(&x)).then_some(x as i64)
}

/// `-12`, with blanks around it.
fn whole_of(text: &str) -> Option<i64> {
    text.trim_matches(' ').parse().ok()
}

/// `-12`, `0.5`, `1e3`, with blanks around it; not `inf` and the like.
fn decimal_of(text: &str) -> Option<f64> {
    let text = text.trim_matches(' ');
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    text.parse().ok().filter(|x: &f64| plain && x.is_finite())
}
