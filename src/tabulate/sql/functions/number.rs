//! Functions of numbers. Whole numbers stay whole and never wrap.

use super::super::fault::Fault;
use super::super::tree::Value;

type Answer<'a> = Result<Value<'a>, Fault>;

/// A whole number as it is, a decimal one by `of`.
fn decimal<'a>(arguments: &[Value<'a>], of: fn(f64) -> f64) -> Answer<'a> {
    Ok(match arguments {
        [Value::Whole(n), ..] => Value::Whole(*n),
        [Value::Decimal(x), ..] => Value::Decimal(of(*x)),
        _ => Value::Null,
    })
}

pub(super) fn abs<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    match arguments {
        [Value::Whole(n), ..] => n.checked_abs().map(Value::Whole).ok_or(Fault::TooLarge),
        _ => decimal(arguments, f64::abs),
    }
}

pub(super) fn floor<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    decimal(arguments, f64::floor)
}

pub(super) fn ceil<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    decimal(arguments, f64::ceil)
}

pub(super) fn trunc<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    decimal(arguments, f64::trunc)
}

pub(super) fn round<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    decimal(arguments, f64::round)
}

pub(super) fn div<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    match arguments {
        [_, Value::Whole(0), ..] => Err(Fault::ByZero),
        [Value::Whole(a), Value::Whole(b), ..] => a.checked_div(*b).map(Value::Whole).ok_or(Fault::TooLarge),
        _ => Ok(Value::Null),
    }
}

pub(super) fn modulo<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    match arguments {
        [_, Value::Whole(0), ..] => Err(Fault::ByZero),
        // the quotient of the least number and -1 overflows, what is left does not
        [Value::Whole(a), Value::Whole(b), ..] => Ok(Value::Whole(a.wrapping_rem(*b))),
        _ => Ok(Value::Null),
    }
}
