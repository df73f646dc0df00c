//! What kinds of values an expression has, given those of its columns: everything that does not fit is refused here,
//! and where SQL converts by itself (a whole number beside a decimal one, a stated text beside a date) that is written out.

use std::cmp::Ordering;

use super::Refusal;
use super::day;
use super::functions::{Function, Takes};
use super::run::order;
use super::tree::{Arithmetic, Expression, Kind, List, Pair, Part, Value};

/// An expression with its kind; none where it is `NULL` whatever the record.
type Checked = (Expression, Option<Kind>);
type Answer = Result<Checked, Refusal>;

/// Checks an expression against the kinds of its columns.
///
/// # Errors
/// What does not fit, and what to write instead.
pub(super) fn check(expression: Expression, columns: &[Kind]) -> Answer {
    Check { columns }.checked(expression)
}

struct Check<'a> {
    columns: &'a [Kind],
}

impl Check<'_> {
    fn checked(&self, expression: Expression) -> Answer {
        match expression {
            Expression::Column(at) => Ok((expression, self.columns.get(at).copied())),
            Expression::Literal(ref value) => {
                let kind = value.kind();
                Ok((expression, kind))
            }
            Expression::Not(inner) => Ok((Expression::Not(self.condition(*inner, "NOT")?), Some(Kind::Truth))),
            Expression::All(parts) => Ok((Expression::All(self.conditions(parts, "AND")?), Some(Kind::Truth))),
            Expression::Any(parts) => Ok((Expression::Any(self.conditions(parts, "OR")?), Some(Kind::Truth))),
            Expression::Minus(inner) => self.minus(*inner),
            Expression::Arithmetic(operator, pair) => self.arithmetic(operator, *pair),
            Expression::Join(pair) => self.join(*pair),
            Expression::Compare(comparison, pair) => {
                Ok((Expression::Compare(comparison, self.comparable(*pair)?.0), Some(Kind::Truth)))
            }
            Expression::Distinct(pair) => Ok((Expression::Distinct(self.comparable(*pair)?.0), Some(Kind::Truth))),
            Expression::IsNull(inner) => Ok((Expression::IsNull(Box::new(self.checked(*inner)?.0)), Some(Kind::Truth))),
            Expression::Is(wanted, inner) => Ok((
                Expression::Is(wanted, self.condition(*inner, "IS TRUE, IS FALSE and IS UNKNOWN")?),
                Some(Kind::Truth),
            )),
            Expression::In(inner, list) => self.is_in(*inner, list),
            Expression::Between(parts) => self.between(*parts),
            Expression::Like(inner, pattern) => {
                let (inner, kind) = self.checked(*inner)?;
                text(kind, "LIKE")?;
                Ok((Expression::Like(Box::new(inner), pattern), Some(Kind::Truth)))
            }
            Expression::Case { of, whens, otherwise } => self.case(of, whens, otherwise),
            Expression::Coalesce(parts) => {
                let (parts, kind) = self.one_kind(parts, "COALESCE")?;
                Ok((Expression::Coalesce(parts), kind))
            }
            Expression::NullIf(pair) => {
                let (pair, kind) = self.comparable(*pair)?;
                Ok((Expression::NullIf(pair), kind))
            }
            Expression::Cast { value, to, lenient } => self.cast(*value, to, lenient),
            Expression::Extract(part, inner) => self.extract(part, *inner),
            Expression::Call(function, arguments) => self.call(function, arguments),
        }
    }

    /// A condition, for an operator that takes nothing else.
    fn condition(&self, inner: Expression, operator: &str) -> Result<Box<Expression>, Refusal> {
        match self.checked(inner)? {
            (inner, None | Some(Kind::Truth)) => Ok(Box::new(inner)),
            (_, Some(kind)) => Err(Refusal::new(
                format!("{operator} takes conditions, and {} is none", kind.words()),
                "a condition is true or false: age >= 10, area = 'North'",
            )),
        }
    }

    fn conditions(&self, parts: Vec<Expression>, operator: &str) -> Result<Vec<Expression>, Refusal> {
        parts.into_iter().map(|part| self.condition(part, operator).map(|part| *part)).collect()
    }

    fn minus(&self, inner: Expression) -> Answer {
        match self.checked(inner)? {
            (inner, kind) if kind.is_none_or(Kind::is_number) => Ok((Expression::Minus(Box::new(inner)), kind)),
            (_, kind) => Err(no_number("-", kind)),
        }
    }

    fn arithmetic(&self, operator: Arithmetic, [a, b]: [Expression; 2]) -> Answer {
        let ((a, kind_a), (b, kind_b)) = (self.checked(a)?, self.checked(b)?);
        let sign = operator.sign();
        let kind = match (operator, kind_a, kind_b) {
            (Arithmetic::Subtract, Some(Kind::Day), Some(Kind::Day)) => Kind::Whole,
            (Arithmetic::Add | Arithmetic::Subtract, Some(Kind::Day), Some(Kind::Whole))
            | (Arithmetic::Add, Some(Kind::Whole), Some(Kind::Day)) => Kind::Day,
            _ => {
                for kind in [kind_a, kind_b] {
                    if !kind.is_none_or(Kind::is_number) {
                        return Err(no_number(sign, kind));
                    }
                }
                let decimal = [kind_a, kind_b].contains(&Some(Kind::Decimal));
                match operator {
                    Arithmetic::Divide if !decimal => {
                        return Err(Refusal::new(
                            "`/` between whole numbers is cut in some databases and not in others",
                            "write DIV(a, b) for a whole number, or CAST(a AS DOUBLE) / b for a decimal one",
                        ));
                    }
                    Arithmetic::Remainder if decimal => {
                        return Err(Refusal::new(
                            "`%` of a decimal number means different things in different databases",
                            "write it of whole numbers: CAST(ROUND(a) AS INTEGER) % 10",
                        ));
                    }
                    _ if decimal => Kind::Decimal,
                    _ => Kind::Whole,
                }
            }
        };
        let as_decimal = kind == Kind::Decimal;
        let (a, b) = if as_decimal { (decimal(a, kind_a), decimal(b, kind_b)) } else { (a, b) };
        Ok((Expression::Arithmetic(operator, Box::new([a, b])), Some(kind)))
    }

    fn join(&self, [a, b]: [Expression; 2]) -> Answer {
        let ((a, kind_a), (b, kind_b)) = (self.checked(a)?, self.checked(b)?);
        text(kind_a, "||")?;
        text(kind_b, "||")?;
        Ok((Expression::Join(Box::new([a, b])), Some(Kind::Text)))
    }

    /// Two values that can be compared, and the kind of the first.
    fn comparable(&self, [a, b]: [Expression; 2]) -> Result<(Pair, Option<Kind>), Refusal> {
        let (a, b) = (self.checked(a)?, self.checked(b)?);
        let (a, b) = alike(a, b)?;
        Ok((Box::new([a.0, b.0]), a.1))
    }

    fn is_in(&self, inner: Expression, list: List) -> Answer {
        let List::Written(values) = list else { return Ok((Expression::In(Box::new(inner), list), Some(Kind::Truth))) };
        let (inner, values) = self.all_alike(inner, values)?;
        let list = sorted(&values).unwrap_or(List::Written(values));
        Ok((Expression::In(Box::new(inner), list), Some(Kind::Truth)))
    }

    fn between(&self, [inner, least, most]: [Expression; 3]) -> Answer {
        let (inner, ends) = self.all_alike(inner, vec![least, most])?;
        let mut ends = ends.into_iter();
        let null = || Expression::Literal(Value::Null);
        let (least, most) = (ends.next().unwrap_or_else(null), ends.next().unwrap_or_else(null));
        Ok((Expression::Between(Box::new([inner, least, most])), Some(Kind::Truth)))
    }

    /// A value and others that it is compared with.
    fn all_alike(&self, inner: Expression, others: Vec<Expression>) -> Result<(Expression, Vec<Expression>), Refusal> {
        let mut inner = self.checked(inner)?;
        let mut others = others.into_iter().map(|other| self.checked(other)).collect::<Result<Vec<_>, _>>()?;
        // twice, because a stated text may have become a date beside one of the last
        for _ in 0..2 {
            let mut again = Vec::with_capacity(others.len());
            for other in others {
                let (same, other) = alike(inner, other)?;
                inner = same;
                again.push(other);
            }
            others = again;
        }
        Ok((inner.0, others.into_iter().map(|other| other.0).collect()))
    }

    fn case(
        &self,
        of: Option<Box<Expression>>,
        whens: Vec<(Expression, Expression)>,
        otherwise: Option<Box<Expression>>,
    ) -> Answer {
        let (conditions, mut results): (Vec<_>, Vec<_>) = whens.into_iter().unzip();
        let with_else = otherwise.is_some();
        results.extend(otherwise.map(|otherwise| *otherwise));
        let (of, conditions) = match of {
            None => (None, self.conditions(conditions, "WHEN")?),
            Some(of) => {
                let (of, values) = self.all_alike(*of, conditions)?;
                (Some(Box::new(of)), values)
            }
        };
        let (mut results, kind) = self.one_kind(results, "CASE")?;
        let otherwise = if with_else { results.pop().map(Box::new) } else { None };
        let whens = conditions.into_iter().zip(results).collect();
        Ok((Expression::Case { of, whens, otherwise }, kind))
    }

    /// Results of one kind; whole numbers beside decimal ones become decimal.
    fn one_kind(&self, parts: Vec<Expression>, by: &str) -> Result<(Vec<Expression>, Option<Kind>), Refusal> {
        let parts = parts.into_iter().map(|part| self.checked(part)).collect::<Result<Vec<_>, _>>()?;
        let mut kind: Option<Kind> = None;
        for (_, this) in &parts {
            kind = match (kind, *this) {
                (None, this) => this,
                (before, None) => before,
                (Some(before), Some(this)) if before == this => Some(this),
                (Some(before), Some(this)) if before.is_number() && this.is_number() => Some(Kind::Decimal),
                (Some(before), Some(this)) => {
                    return Err(Refusal::new(
                        format!("{by} gives {} for some records and {} for others", before.words(), this.words()),
                        "its results must be of one kind: CAST(number AS TEXT), or texts throughout",
                    ));
                }
            };
        }
        let as_decimal = kind == Some(Kind::Decimal);
        let parts = parts.into_iter().map(|(part, this)| if as_decimal { decimal(part, this) } else { part });
        Ok((parts.collect(), kind))
    }

    fn cast(&self, inner: Expression, to: Kind, lenient: bool) -> Answer {
        let is_rounded = matches!(&inner, Expression::Call(f, _) if ROUNDED.iter().any(|n| f.names.contains(n)));
        let (inner, from) = self.checked(inner)?;
        let fits = match (from, to) {
            (None, _) => true,
            (Some(from), to) if from == to => true,
            (Some(Kind::Decimal), Kind::Whole) => {
                if !is_rounded {
                    return Err(Refusal::new(
                        "CAST of a decimal number to a whole one rounds in some databases and cuts in others",
                        "say which: CAST(ROUND(x) AS INTEGER), CAST(TRUNC(x) AS INTEGER), FLOOR or CEIL",
                    ));
                }
                true
            }
            (Some(Kind::Text), Kind::Whole | Kind::Decimal | Kind::Day)
            | (Some(Kind::Truth), Kind::Whole)
            | (Some(Kind::Whole), Kind::Decimal | Kind::Text)
            | (Some(Kind::Day), Kind::Text)
            | (Some(Kind::Moment), Kind::Day) => true,
            _ => false,
        };
        if !fits {
            let from = from.map_or("NULL", Kind::words);
            let help = match (from, to) {
                (_, Kind::Truth) => "write a condition: number <> 0, text = 'yes'",
                ("a condition", _) => "write CASE WHEN condition THEN 'yes' ELSE 'no' END",
                ("a decimal number", Kind::Text) => {
                    "databases write decimal numbers differently: CAST(CAST(ROUND(x) AS INTEGER) AS TEXT)"
                }
                _ => "the reference page lists the conversions that can be used",
            };
            return Err(Refusal::new(format!("{from} can't be converted to {}", to.words()), help));
        }
        Ok((Expression::Cast { value: Box::new(inner), to, lenient }, Some(to)))
    }

    fn extract(&self, part: Part, inner: Expression) -> Answer {
        let (inner, kind) = self.checked(inner)?;
        let of_time = matches!(part, Part::Hour | Part::Minute);
        match kind {
            None | Some(Kind::Moment) => {}
            Some(Kind::Day) if !of_time => {}
            Some(Kind::Day) => {
                return Err(Refusal::new("a date has no hour and no minute", "time stamps have"));
            }
            Some(kind) => {
                return Err(Refusal::new(
                    format!("EXTRACT takes a date, not {}", kind.words()),
                    "write CAST(text AS DATE), or state the type of the column: types = { day = \"date\" }",
                ));
            }
        }
        Ok((Expression::Extract(part, Box::new(inner)), Some(Kind::Whole)))
    }

    fn call(&self, function: &'static Function, arguments: Vec<Expression>) -> Answer {
        let form = || format!("it is written {}", function.form);
        let name = function.names.first().copied().unwrap_or_default();
        let Some(call) = &function.call else {
            return Err(Refusal::new(format!("{name} can't be used so"), form()));
        };
        if arguments.len() > call.takes.len() || arguments.len() + call.optional < call.takes.len() {
            return Err(Refusal::new(format!("{name} does not take {} arguments", arguments.len()), form()));
        }
        let mut checked = Vec::with_capacity(arguments.len());
        let mut first = None;
        for (argument, takes) in arguments.into_iter().zip(call.takes) {
            let (argument, kind) = self.checked(argument)?;
            if !kind.is_none_or(|kind| takes.fits(kind)) || !stated_fits(*takes, &argument) {
                let found = kind.map_or("NULL", Kind::words);
                let found = if kind.is_some_and(|kind| takes.fits(kind)) { "something else" } else { found };
                return Err(Refusal::new(format!("{name} takes {}, not {found}", takes.words()), form()));
            }
            first = first.or(kind.filter(|_| checked.is_empty()));
            checked.push(argument);
        }
        Ok((Expression::Call(function, checked), call.gives.or(first)))
    }
}

/// Functions whose decimal results are whole.
const ROUNDED: [&str; 4] = ["ROUND", "TRUNC", "FLOOR", "CEIL"];

/// What a stated argument must be beyond its kind.
fn stated_fits(takes: Takes, argument: &Expression) -> bool {
    match (takes, argument) {
        (Takes::Sign, Expression::Literal(Value::Text(text))) => text.chars().count() == 1,
        (Takes::Sign, _) => false,
        (Takes::Place, Expression::Literal(Value::Whole(n))) => *n >= 1,
        (Takes::Length, Expression::Literal(Value::Whole(n))) => *n >= 0,
        _ => true,
    }
}

/// A whole number as a decimal one.
fn decimal(expression: Expression, kind: Option<Kind>) -> Expression {
    match (expression, kind) {
        (Expression::Literal(Value::Whole(n)), _) => Expression::Literal(Value::Decimal(n as f64)),
        (inner, Some(Kind::Whole)) => Expression::Cast { value: Box::new(inner), to: Kind::Decimal, lenient: false },
        (inner, _) => inner,
    }
}

fn text(kind: Option<Kind>, operator: &str) -> Result<(), Refusal> {
    match kind {
        None | Some(Kind::Text) => Ok(()),
        Some(kind) => Err(Refusal::new(
            format!("{operator} takes texts, and {} is none", kind.words()),
            "write CAST(number AS TEXT), or state the type of the column: types = { code = \"text\" }",
        )),
    }
}

fn no_number(operator: &str, kind: Option<Kind>) -> Refusal {
    let kind = kind.map_or("NULL", Kind::words);
    Refusal::new(
        format!("`{operator}` takes numbers, and {kind} is none"),
        "write CAST(text AS INTEGER); of dates: date - date (days), date + 30, date - 30; || joins texts",
    )
}

/// Two values that compare; a stated text beside a date becomes one.
fn alike(a: Checked, b: Checked) -> Result<(Checked, Checked), Refusal> {
    match (a.1, b.1) {
        (None, _) | (_, None) => Ok((a, b)),
        (Some(x), Some(y)) if x == y || (x.is_number() && y.is_number()) => Ok((a, b)),
        (Some(Kind::Day), Some(Kind::Text)) => Ok((a, stated_day(b)?)),
        (Some(Kind::Text), Some(Kind::Day)) => Ok((stated_day(a)?, b)),
        (Some(x), Some(y)) => {
            let help = match (x, y) {
                (Kind::Moment, Kind::Day | Kind::Text) | (Kind::Day | Kind::Text, Kind::Moment) => {
                    "a date would stand for its first moment only: write CAST(time_stamp AS DATE) = DATE '2015-07-16'"
                }
                (Kind::Text, Kind::Whole | Kind::Decimal) | (Kind::Whole | Kind::Decimal, Kind::Text) => {
                    "write numbers without quotes and texts with them; CAST(text AS INTEGER) makes a number of a text, and \
                     types = { code = \"text\" } a text of a column of numbers"
                }
                (Kind::Truth, _) | (_, Kind::Truth) => "compare conditions with TRUE and FALSE",
                _ => "convert one of them: CAST(text AS INTEGER), CAST(text AS DATE)",
            };
            Err(Refusal::new(format!("{} can't be compared with {}", x.words(), y.words()), help))
        }
    }
}

fn stated_day((expression, _): Checked) -> Answer {
    match &expression {
        Expression::Literal(Value::Text(text)) => match day::parse(text) {
            Some(day) => Ok((Expression::Literal(Value::Day(day)), Some(Kind::Day))),
            None => {
                Err(Refusal::new("a date is compared with a text that is none", "a day is written DATE '2015-07-16'"))
            }
        },
        _ => Err(Refusal::new("a date can't be compared with a text", "write CAST(text AS DATE)")),
    }
}

/// A long list of stated values of one kind, sorted; none where it is no such list.
fn sorted(values: &[Expression]) -> Option<List> {
    const SHORT: usize = 8;
    if values.len() < SHORT {
        return None;
    }
    let (mut found, mut null, mut kind) = (Vec::with_capacity(values.len()), false, None);
    for value in values {
        match value {
            Expression::Literal(Value::Null) => null = true,
            Expression::Literal(value) if kind.is_none_or(|kind| Some(kind) == value.kind()) => {
                kind = value.kind();
                found.push(value.clone());
            }
            _ => return None,
        }
    }
    found.sort_by(|a, b| order(a, b).unwrap_or(Ordering::Equal));
    Some(List::Sorted(found, null))
}
