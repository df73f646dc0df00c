//! What an expression can say at all: the stated values that its columns are compared with cut each column into parts of which
//! one value stands for all, so that the expression need only be asked about these.

use super::Parsed;
use super::check;
use super::run::{self, Row};
use super::tree::{Comparison, Expression, Kind, List, Value};

/// An expression that does nothing with its columns but to compare them with stated values.
#[derive(Debug)]
pub(in crate::tabulate) struct Reach {
    tree: Expression,
    /// Per column, the values that it is compared with.
    pub stated: Vec<Vec<Value<'static>>>,
}

impl Parsed {
    /// For columns of these kinds; none where the expression does anything else with a column.
    pub fn reach(&self, kinds: &[Kind]) -> Option<Reach> {
        let kinds: Vec<Kind> = kinds.to_vec();
        let (tree, _) = check::check(self.tree.clone(), &kinds).ok()?;
        let mut stated = vec![Vec::new(); self.columns.len()];
        compares(&tree, &mut stated).then_some(Reach { tree, stated })
    }
}

impl Reach {
    /// What it is for these values of its columns; none where it has no value for them.
    pub fn value(&self, values: &[Value<'static>]) -> Option<Value<'static>> {
        match run::value(&self.tree, &Stated(values)).ok()? {
            Value::Null => Some(Value::Null),
            Value::Truth(x) => Some(Value::Truth(x)),
            Value::Whole(x) => Some(Value::Whole(x)),
            Value::Decimal(x) => Some(Value::Decimal(x)),
            Value::Text(x) => Some(Value::Text(x.into_owned().into())),
            Value::Day(_) | Value::Moment(_) => None,
        }
    }
}

/// A record of stated values.
struct Stated<'v>(&'v [Value<'static>]);

impl<'a> Row<'a> for Stated<'a> {
    fn value(&self, column: usize) -> Value<'a> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Value::Text(text.as_ref().into()),
            Some(other) => other.clone(),
            None => Value::Null,
        }
    }
}

/// Whether an expression compares its columns with stated values only; these are added.
fn compares(expression: &Expression, stated: &mut [Vec<Value<'static>>]) -> bool {
    match expression {
        Expression::Literal(_) => true,
        Expression::Not(inner) | Expression::Is(_, inner) => compares(inner, stated),
        Expression::All(parts) | Expression::Any(parts) => parts.iter().all(|p| compares(p, stated)),
        Expression::IsNull(inner) => matches!(**inner, Expression::Column(_)) || compares(inner, stated),
        Expression::Compare(comparison, pair) => {
            let equal = matches!(comparison, Comparison::Equal | Comparison::Unequal);
            match &**pair {
                [Expression::Column(c), Expression::Literal(v)] | [Expression::Literal(v), Expression::Column(c)] => {
                    note(*c, v, equal, stated)
                }
                [a, b] => compares(a, stated) && compares(b, stated),
            }
        }
        Expression::Distinct(pair) => match &**pair {
            [Expression::Column(c), Expression::Literal(v)] | [Expression::Literal(v), Expression::Column(c)] => {
                note(*c, v, true, stated)
            }
            [a, b] => compares(a, stated) && compares(b, stated),
        },
        Expression::In(inner, list) => {
            let Expression::Column(c) = **inner else { return false };
            match list {
                List::Sorted(values, _) => values.iter().all(|v| note(c, v, true, stated)),
                List::Written(parts) => parts.iter().all(|p| match p {
                    Expression::Literal(v) => note(c, v, true, stated),
                    _ => false,
                }),
            }
        }
        Expression::Between(parts) => match &**parts {
            [Expression::Column(c), Expression::Literal(a), Expression::Literal(b)] => {
                note(*c, a, false, stated) && note(*c, b, false, stated)
            }
            _ => false,
        },
        Expression::Case { of, whens, otherwise } => {
            let own = match of.as_deref() {
                None => whens.iter().all(|w| compares(&w.0, stated)),
                Some(Expression::Column(c)) => whens.iter().all(|w| match &w.0 {
                    Expression::Literal(v) => note(*c, v, true, stated),
                    _ => false,
                }),
                Some(_) => false,
            };
            own && whens.iter().map(|w| &w.1).chain(otherwise.as_deref()).all(|result| compares(result, stated))
        }
        _ => false,
    }
}

/// Notes a value that a column is compared with; not how texts are sorted.
fn note(column: usize, value: &Value<'static>, equal: bool, stated: &mut [Vec<Value<'static>>]) -> bool {
    let fits = match value {
        Value::Whole(_) | Value::Decimal(_) | Value::Null => true,
        Value::Text(_) => equal,
        Value::Truth(_) | Value::Day(_) | Value::Moment(_) => false,
    };
    if let (true, Some(own)) = (fits, stated.get_mut(column)) {
        own.push(value.clone());
    }
    fits
}
