//! Parameters of rules and methods: what is allowed, and the check of what was given, the same for policies and command
//! line.
//!
//! `spelling` reads the form of the command line, `threshold(5,on=persons)`.

mod spelling;

use std::fmt;

pub use spelling::{Call, arguments, call, spelled};

use crate::diag::{Fault, Span};

/// A parameter of a rule or method.
#[derive(Debug)]
pub struct Parameter {
    /// Its name (`minimum`).
    pub name: &'static str,
    /// What it means, in one sentence without a full stop.
    pub meaning: &'static str,
    /// What may be given.
    pub allowed: Allowed,
    /// What holds when it is not given; `None`: it must be given.
    pub default: Option<&'static str>,
}

/// What may be given for a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Allowed {
    /// A whole number within these bounds.
    Whole {
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
    },
    /// A percentage within these bounds, in whole percent; up to six decimals may be given.
    Percent {
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
    },
    /// A number within these bounds, with decimals or without.
    Number {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// One of these words.
    Words(&'static [&'static str]),
    /// Any text that is not blank; what it says, in words ("a number, or `sign`").
    Text(&'static str),
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Allowed::Whole { min, max } => write!(f, "a whole number from {min} to {max}"),
            Allowed::Percent { min, max } => write!(f, "a percentage from {min} to {max}"),
            Allowed::Number { min, max } => write!(f, "a number from {min} to {max}"),
            Allowed::Words(words) => {
                let quoted: Vec<String> = words.iter().map(|w| format!("`{w}`")).collect();
                f.write_str(&quoted.join(", "))
            }
            Allowed::Text(what) => f.write_str(what),
        }
    }
}

/// A percentage, exact to six decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(i64);

impl Percent {
    /// Units of a [`Percent`] in one percent.
    const ONE: i64 = 1_000_000;
    /// The whole.
    pub const HUNDRED: Percent = Percent(100 * Percent::ONE);

    /// In millionths of a percent.
    pub fn millionths(self) -> i128 {
        i128::from(self.0)
    }

    /// From a decimal number such as `90.9`; `None` if it is none, has more than six decimals or is too large.
    pub(super) fn parse(text: &str) -> Option<Percent> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || decimals.len() > 6 {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let part: i64 = format!("{decimals:0<6}").parse().ok()?;
        whole.checked_mul(Percent::ONE)?.checked_add(part).map(Percent)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / Percent::ONE, self.0 % Percent::ONE);
        match part {
            0 => write!(f, "{whole}"),
            _ => write!(f, "{whole}.{}", format!("{part:06}").trim_end_matches('0')),
        }
    }
}

/// What was written for a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A whole number.
    Whole(i64),
    /// A decimal number, as text.
    Decimal(String),
    /// A word.
    Word(String),
    /// Something that no parameter takes ("a list").
    Other(&'static str),
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Argument::Whole(n) => write!(f, "{n}"),
            Argument::Decimal(text) | Argument::Word(text) => f.write_str(text),
            Argument::Other(what) => f.write_str(what),
        }
    }
}

/// A parameter as somebody gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// Its value.
    pub value: Argument,
    /// Where the value stands.
    pub value_span: Span,
}

/// A value that fits its parameter.
#[derive(Clone, Debug)]
enum Value {
    Whole(i64),
    Percent(Percent),
    Number(f64),
    Word(&'static str),
    Text(String),
}

/// A value for every parameter of a rule or method.
#[derive(Clone, Debug)]
pub struct Values(Vec<(&'static str, Value)>);

impl Values {
    /// Checks what was given against what the rule allows, and fills in the defaults.
    ///
    /// # Errors
    /// Every fault, each at its place. `of` is the name of the rule or method.
    pub fn check(of: &str, parameters: &[Parameter], given: &[Given]) -> Result<Values, Vec<Fault>> {
        let mut faults = unknown_or_doubled(of, parameters, given);
        let unknown = !faults.is_empty();
        let mut values = Vec::new();
        for parameter in parameters {
            let found = given.iter().find(|g| g.name == parameter.name);
            let result = match (found, parameter.default) {
                (Some(g), _) => {
                    parameter.read(of, &g.value).map_err(|f| Fault { span: Some(g.value_span.clone()), ..f })
                }
                (None, Some(default)) => parameter.read(of, &as_argument(default)),
                // What seems to be missing may be the misspelt one that is told already.
                (None, None) if unknown => continue,
                (None, None) => Err(Fault::new(format!("`{of}` needs `{}`", parameter.name))
                    .help(format!("{}: {}", parameter.meaning, parameter.allowed))),
            };
            match result {
                Ok(value) => values.push((parameter.name, value)),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(Values(values)) } else { Err(faults) }
    }

    /// A parameter that is a whole number.
    ///
    /// # Errors
    /// Only if there is no such parameter, which is a fault of the rule or method.
    pub fn whole(&self, name: &str) -> Result<i64, Fault> {
        match self.get(name) {
            Some(Value::Whole(n)) => Ok(*n),
            _ => Err(no_such(name)),
        }
    }

    /// A parameter that is a percentage.
    ///
    /// # Errors
    /// Only if there is no such parameter, which is a fault of the rule or method.
    pub fn percent(&self, name: &str) -> Result<Percent, Fault> {
        match self.get(name) {
            Some(Value::Percent(p)) => Ok(*p),
            _ => Err(no_such(name)),
        }
    }

    /// A parameter that is a number with decimals.
    ///
    /// # Errors
    /// Only if there is no such parameter, which is a fault of the rule or method.
    pub fn number(&self, name: &str) -> Result<f64, Fault> {
        match self.get(name) {
            Some(Value::Number(x)) => Ok(*x),
            _ => Err(no_such(name)),
        }
    }

    /// A parameter as it would be written; nothing if there is none.
    pub fn spelt(&self, name: &str) -> String {
        match self.get(name) {
            None => String::new(),
            Some(Value::Whole(n)) => n.to_string(),
            Some(Value::Percent(p)) => p.to_string(),
            Some(Value::Number(x)) => x.to_string(),
            Some(Value::Word(text)) => (*text).to_owned(),
            Some(Value::Text(text)) => text.clone(),
        }
    }

    /// A parameter that is one of some words.
    ///
    /// # Errors
    /// Only if there is no such parameter, which is a fault of the rule or method.
    pub fn word(&self, name: &str) -> Result<&'static str, Fault> {
        match self.get(name) {
            Some(Value::Word(w)) => Ok(w),
            _ => Err(no_such(name)),
        }
    }

    /// A parameter that is a text.
    ///
    /// # Errors
    /// Only if there is no such parameter, which is a fault of the rule or method.
    pub fn text(&self, name: &str) -> Result<&str, Fault> {
        match self.get(name) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(no_such(name)),
        }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, v)| v)
    }
}

/// A rule or method asked for a parameter that its registry entry does not list.
fn no_such(name: &str) -> Fault {
    Fault::new(format!("there is no parameter `{name}` of this kind"))
        .help("this is a fault of tabsafe: please report it")
}

/// Parameters that there are not, and those that were given twice.
fn unknown_or_doubled(of: &str, parameters: &[Parameter], given: &[Given]) -> Vec<Fault> {
    let names: Vec<&str> = parameters.iter().map(|p| p.name).collect();
    let mut faults = Vec::new();
    for (i, g) in given.iter().enumerate() {
        if !names.contains(&g.name.as_str()) {
            let what = format!("`{of}` has no parameter `{}`", g.name);
            faults.push(Fault::at(g.name_span.clone(), what).allowed(&g.name, &names));
        } else if given[..i].iter().any(|earlier| earlier.name == g.name) {
            faults.push(Fault::at(g.name_span.clone(), format!("`{}` is given twice", g.name)));
        }
    }
    faults
}

/// A text as a number if it is one: how defaults and the command line are read.
pub fn as_argument(text: &str) -> Argument {
    if let Ok(n) = text.parse() {
        Argument::Whole(n)
    } else if text.parse::<f64>().is_ok_and(f64::is_finite) {
        Argument::Decimal(text.to_owned())
    } else {
        Argument::Word(text.to_owned())
    }
}

impl Parameter {
    /// The value, if it is allowed.
    fn read(&self, of: &str, given: &Argument) -> Result<Value, Fault> {
        let refused = |hint: &str| {
            Fault::new(format!("`{}` of `{of}` can't be `{given}`", self.name))
                .help(format!("{hint}allowed: {}", self.allowed))
        };
        match (self.allowed, given) {
            (Allowed::Whole { min, max }, Argument::Whole(n)) if (min..=max).contains(n) => Ok(Value::Whole(*n)),
            (Allowed::Percent { min, max }, Argument::Whole(_) | Argument::Decimal(_)) => {
                percent(&given.to_string(), min, max).map(Value::Percent).map_err(|hint| refused(&hint))
            }
            (Allowed::Number { min, max }, Argument::Whole(_) | Argument::Decimal(_)) => {
                match given.to_string().parse::<f64>() {
                    Ok(x) if (min..=max).contains(&x) => Ok(Value::Number(x)),
                    _ => Err(refused("")),
                }
            }
            (Allowed::Words(words), Argument::Word(word)) => match words.iter().find(|w| *w == word) {
                Some(word) => Ok(Value::Word(word)),
                None => Err(refused("").allowed(word, words)),
            },
            (Allowed::Whole { .. } | Allowed::Percent { .. }, Argument::Word(text)) if text.parse::<f64>().is_ok() => {
                Err(refused("a number stands without quotes; "))
            }
            (Allowed::Text(_), Argument::Whole(_) | Argument::Decimal(_) | Argument::Word(_))
                if !given.to_string().trim().is_empty() =>
            {
                Ok(Value::Text(given.to_string()))
            }
            _ => Err(refused("")),
        }
    }
}

/// A percentage within bounds (in whole percent), or a hint why it is none; the hint may be empty.
fn percent(text: &str, min: i64, max: i64) -> Result<Percent, String> {
    let Some(percent) = Percent::parse(text) else {
        let digits = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        return Err(if digits > 6 { "no more than six decimals; ".to_owned() } else { String::new() });
    };
    if percent.0 > 0 && percent.0 < Percent::ONE {
        let meant = Percent(percent.0.saturating_mul(100));
        let hint = "percent parameters are percentages";
        return Err(format!("{hint}: write {meant} for {meant} percent, not {percent}; "));
    }
    let bound = |whole: i64| i128::from(whole) * i128::from(Percent::ONE);
    let within = (bound(min)..=bound(max)).contains(&percent.millionths());
    if within { Ok(percent) } else { Err(String::new()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Percentages are exact, and shown as they would be written.
    #[test]
    fn percentages() {
        for (text, millionths) in [("10", 10_000_000), ("90.9", 90_900_000), ("0.000001", 1), ("100.0", 100_000_000)] {
            assert_eq!(Percent::parse(text).map(|p| p.0), Some(millionths), "{text}");
        }
        for text in ["", ".5", "5.", "-1", "1e1", "0.0000001", "1,5", "99999999999999", "NaN"] {
            assert_eq!(Percent::parse(text), None, "{text}");
        }
        for text in ["10", "90.9", "0.000001"] {
            assert_eq!(Percent::parse(text).map(|p| p.to_string()).as_deref(), Some(text));
        }
    }

    /// A text is the simplest thing that it can be.
    #[test]
    fn arguments_from_text() {
        assert_eq!(as_argument("5"), Argument::Whole(5));
        assert_eq!(as_argument("-5"), Argument::Whole(-5));
        assert_eq!(as_argument("0.1"), Argument::Decimal("0.1".to_owned()));
        assert_eq!(as_argument("persons"), Argument::Word("persons".to_owned()));
        assert_eq!(as_argument("inf"), Argument::Word("inf".to_owned()));
    }
}
