//! Functions of texts. Signs are code points.

use std::borrow::Cow;

use super::super::fault::{Fault, MOST_TEXT};
use super::super::like;
use super::super::tree::Value;

type Answer<'a> = Result<Value<'a>, Fault>;

/// A number of signs or bytes, which a text can't have more of than 64 bits count.
fn whole<'a>(n: usize) -> Answer<'a> {
    i64::try_from(n).map(Value::Whole).map_err(|_| Fault::TooLarge)
}

/// A part of a text, without a copy where the text is borrowed.
fn part<'a>(text: &Cow<'a, str>, of: impl for<'t> Fn(&'t str) -> &'t str) -> Value<'a> {
    Value::Text(match text {
        Cow::Borrowed(text) => Cow::Borrowed(of(text)),
        Cow::Owned(text) => Cow::Owned(of(text).to_owned()),
    })
}

pub(super) fn length<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    match arguments {
        [Value::Text(text), ..] => whole(text.chars().count()),
        _ => Ok(Value::Null),
    }
}

fn letters<'a>(arguments: &[Value<'a>], of: fn(char) -> char) -> Answer<'a> {
    Ok(match arguments {
        [Value::Text(text), ..] => Value::Text(text.chars().map(of).collect::<String>().into()),
        _ => Value::Null,
    })
}

pub(super) fn upper<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    letters(arguments, like::upper)
}

pub(super) fn lower<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    letters(arguments, like::lower)
}

fn trimmed<'a>(arguments: &[Value<'a>], start: bool, end: bool) -> Answer<'a> {
    let (text, sign) = match arguments {
        [Value::Text(text)] => (text, ' '),
        [Value::Text(text), Value::Text(sign), ..] => (text, sign.chars().next().unwrap_or(' ')),
        _ => return Ok(Value::Null),
    };
    Ok(part(text, |text| {
        let text = if start { text.trim_start_matches(sign) } else { text };
        if end { text.trim_end_matches(sign) } else { text }
    }))
}

pub(super) fn trim<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    trimmed(arguments, true, true)
}

pub(super) fn trim_start<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    trimmed(arguments, true, false)
}

pub(super) fn trim_end<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    trimmed(arguments, false, true)
}

/// The byte at which the sign of a number begins, from 0; the end of the text where it has fewer.
fn byte(text: &str, sign: usize) -> usize {
    text.char_indices().nth(sign).map_or(text.len(), |(at, _)| at)
}

/// How many signs a whole number names; more than there can be where it is larger.
fn signs(n: i64) -> Result<usize, Fault> {
    if n < 0 { Err(Fault::Position) } else { Ok(usize::try_from(n).unwrap_or(usize::MAX)) }
}

pub(super) fn substr<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    let (text, from, length) = match arguments {
        [Value::Text(text), Value::Whole(from)] => (text, *from, None),
        [Value::Text(text), Value::Whole(from), Value::Whole(length), ..] => (text, *from, Some(*length)),
        _ => return Ok(Value::Null),
    };
    let before = signs(from.checked_sub(1).ok_or(Fault::Position)?)?;
    let length = length.map(signs).transpose()?;
    Ok(part(text, |text| {
        let rest = text.get(byte(text, before)..).unwrap_or_default();
        length.map_or(rest, |n| rest.get(..byte(rest, n)).unwrap_or_default())
    }))
}

pub(super) fn left<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    match arguments {
        [Value::Text(text), Value::Whole(n), ..] => {
            let n = signs(*n)?;
            Ok(part(text, |text| text.get(..byte(text, n)).unwrap_or_default()))
        }
        _ => Ok(Value::Null),
    }
}

pub(super) fn right<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    match arguments {
        [Value::Text(text), Value::Whole(n), ..] => {
            let n = signs(*n)?;
            Ok(part(text, |text| {
                let before = text.chars().count().saturating_sub(n);
                text.get(byte(text, before)..).unwrap_or_default()
            }))
        }
        _ => Ok(Value::Null),
    }
}

pub(super) fn position<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    match arguments {
        [Value::Text(text), Value::Text(part), ..] => match text.find(part.as_ref()) {
            Some(at) => whole(text.get(..at).unwrap_or_default().chars().count() + 1),
            None => Ok(Value::Whole(0)),
        },
        _ => Ok(Value::Null),
    }
}

pub(super) fn replace<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    let [Value::Text(text), Value::Text(part), Value::Text(other), ..] = arguments else { return Ok(Value::Null) };
    if part.is_empty() {
        return Ok(Value::Text(text.clone()));
    }
    // counted before a text is made, so that none larger than the bound ever is
    let times = text.matches(part.as_ref()).count();
    let length = times.saturating_mul(other.len()).saturating_add(text.len());
    if length > MOST_TEXT && other.len() > part.len() {
        return Err(Fault::TooLong);
    }
    Ok(Value::Text(text.replace(part.as_ref(), other).into()))
}

pub(super) fn starts_with<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    Ok(match arguments {
        [Value::Text(text), Value::Text(part), ..] => Value::Truth(text.starts_with(part.as_ref())),
        _ => Value::Null,
    })
}

pub(super) fn ends_with<'a>(arguments: &[Value<'a>]) -> Answer<'a> {
    Ok(match arguments {
        [Value::Text(text), Value::Text(part), ..] => Value::Truth(text.ends_with(part.as_ref())),
        _ => Value::Null,
    })
}
