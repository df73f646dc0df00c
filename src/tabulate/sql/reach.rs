//! What an expression can say at all. The stated values that its columns are compared with cut each column into parts of which
//! one value stands for all, so that the expression need only be asked about these; what functions, patterns and arithmetic
//! make of a column can only be asked value by value.

use super::Parsed;
use super::check;
use super::run::{self, Row};
use super::tree::{Comparison, Expression, Kind, List, Value};

/// An expression that can be asked about any values of its columns.
#[derive(Debug)]
pub(in crate::tabulate) struct Reach {
    tree: Expression,
    /// Per column, what is done with it.
    pub uses: Vec<Use>,
}

/// What an expression does with a column.
#[derive(Clone, Debug, Default)]
pub(in crate::tabulate) struct Use {
    /// The values that it is compared with.
    pub stated: Vec<Value<'static>>,
    /// Whether anything is done with it but to compare it with stated values.
    pub worked: bool,
    /// Whether that is more than to hold it against patterns, so that no list of values shows all that it can make of others.
    pub open: bool,
    /// Values that patterns and functions may be looking for.
    pub tried: Vec<Value<'static>>,
}

impl Parsed {
    /// For columns of these kinds; none where it does not fit them.
    pub fn reach(&self, kinds: &[Kind]) -> Option<Reach> {
        let (tree, _) = check::check(self.tree.clone(), kinds).ok()?;
        let mut uses = vec![Use::default(); self.columns.len()];
        survey(&tree, &mut uses);
        Some(Reach { tree, uses })
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
            Value::Day(x) => Some(Value::Day(x)),
            Value::Moment(x) => Some(Value::Moment(x)),
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

/// Notes what a condition does with its columns.
fn survey(expression: &Expression, uses: &mut [Use]) {
    match expression {
        Expression::Literal(_) => {}
        Expression::Not(inner) | Expression::Is(_, inner) => survey(inner, uses),
        Expression::All(parts) | Expression::Any(parts) => parts.iter().for_each(|p| survey(p, uses)),
        Expression::IsNull(inner) => {
            if !matches!(**inner, Expression::Column(_)) {
                survey(inner, uses);
            }
        }
        Expression::Compare(comparison, pair) => {
            let equal = matches!(comparison, Comparison::Equal | Comparison::Unequal);
            compared(expression, pair, equal, uses);
        }
        Expression::Distinct(pair) => compared(expression, pair, true, uses),
        Expression::In(inner, list) => match (&**inner, literals(list)) {
            (Expression::Column(c), Some(values)) => values.into_iter().for_each(|v| note(*c, v, true, uses)),
            _ => work(expression, uses),
        },
        Expression::Between(parts) => match &**parts {
            [Expression::Column(c), Expression::Literal(a), Expression::Literal(b)] => {
                [a, b].into_iter().for_each(|v| note(*c, v, false, uses));
            }
            _ => work(expression, uses),
        },
        Expression::Case { of, whens, otherwise } => {
            for (when, _) in whens {
                match (of.as_deref(), when) {
                    (None, _) => survey(when, uses),
                    (Some(Expression::Column(c)), Expression::Literal(v)) => note(*c, v, true, uses),
                    (Some(of), _) => [of, when].into_iter().for_each(|e| work(e, uses)),
                }
            }
            whens.iter().map(|w| &w.1).chain(otherwise.as_deref()).for_each(|result| survey(result, uses));
        }
        _ => work(expression, uses),
    }
}

/// A comparison: of a column with a stated value, of two conditions, or of anything else.
fn compared(whole: &Expression, pair: &[Expression; 2], equal: bool, uses: &mut [Use]) {
    match pair {
        [Expression::Column(c), Expression::Literal(v)] | [Expression::Literal(v), Expression::Column(c)] => {
            note(*c, v, equal, uses);
        }
        [a, b] if is_condition(a) && is_condition(b) => [a, b].into_iter().for_each(|e| survey(e, uses)),
        _ => work(whole, uses),
    }
}

fn is_condition(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Not(_)
            | Expression::Is(..)
            | Expression::All(_)
            | Expression::Any(_)
            | Expression::IsNull(_)
            | Expression::Compare(..)
            | Expression::Distinct(_)
            | Expression::In(..)
            | Expression::Between(_)
            | Expression::Like(..)
            | Expression::Literal(Value::Truth(_) | Value::Null)
    )
}

fn literals(list: &List) -> Option<Vec<&Value<'static>>> {
    match list {
        List::Sorted(values, _) => Some(values.iter().collect()),
        List::Written(parts) => {
            parts.iter().map(|p| if let Expression::Literal(v) = p { Some(v) } else { None }).collect()
        }
    }
}

/// Notes a value that a column is compared with. Where texts are sorted, what comes right after it and what comes first as well.
fn note(column: usize, value: &Value<'static>, equal: bool, uses: &mut [Use]) {
    let Some(own) = uses.get_mut(column) else { return };
    own.stated.push(value.clone());
    if let (Value::Text(text), false) = (value, equal) {
        own.stated.extend([format!("{text}\0"), "\0".to_owned()].map(|t| Value::Text(t.into())));
    }
}

/// Notes that something else is done with the columns of an expression, and the values in it.
fn work(expression: &Expression, uses: &mut [Use]) {
    let pattern = matches!(expression, Expression::Like(inner, _) if matches!(**inner, Expression::Column(_)));
    let (mut columns, mut tried) = (Vec::new(), Vec::new());
    walk(expression, &mut |e| match e {
        Expression::Column(c) => columns.push(*c),
        Expression::Literal(v) => tried.push(v.clone()),
        Expression::Like(_, pattern) => {
            tried.extend(["", "\0x"].map(|any| Value::Text(pattern.example(any).into())));
        }
        Expression::In(_, List::Sorted(values, _)) => tried.extend(values.iter().cloned()),
        _ => {}
    });
    for column in columns {
        if let Some(own) = uses.get_mut(column) {
            own.worked = true;
            own.open |= !pattern;
            own.tried.extend(tried.iter().cloned());
        }
    }
}

/// An expression and all within it.
fn walk<'e>(expression: &'e Expression, visit: &mut dyn FnMut(&'e Expression)) {
    visit(expression);
    match expression {
        Expression::Column(_) | Expression::Literal(_) => {}
        Expression::Not(inner)
        | Expression::Minus(inner)
        | Expression::IsNull(inner)
        | Expression::Is(_, inner)
        | Expression::Like(inner, _)
        | Expression::Extract(_, inner)
        | Expression::Cast { value: inner, .. } => walk(inner, visit),
        Expression::All(parts) | Expression::Any(parts) | Expression::Coalesce(parts) | Expression::Call(_, parts) => {
            parts.iter().for_each(|p| walk(p, visit))
        }
        Expression::Arithmetic(_, pair)
        | Expression::Join(pair)
        | Expression::Compare(_, pair)
        | Expression::Distinct(pair)
        | Expression::NullIf(pair) => pair.iter().for_each(|p| walk(p, visit)),
        Expression::In(inner, list) => {
            walk(inner, visit);
            if let List::Written(parts) = list {
                parts.iter().for_each(|p| walk(p, visit));
            }
        }
        Expression::Between(parts) => parts.iter().for_each(|p| walk(p, visit)),
        Expression::Case { of, whens, otherwise } => {
            let results = whens.iter().flat_map(|w| [&w.0, &w.1]);
            of.as_deref().into_iter().chain(results).chain(otherwise.as_deref()).for_each(|p| walk(p, visit));
        }
    }
}
