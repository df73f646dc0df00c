//! From the parser's tree to one of our own: a list of what is allowed. Whatever is not on it is refused, with the nearest
//! form that is.

use sqlparser::ast::{
    BinaryOperator, CastKind, CeilFloorKind, DataType, DateTimeField, ExactNumberInfo, Expr, UnaryOperator,
};
use sqlparser::ast::{CaseWhen, Ident, TrimWhereField, Value as Written};

use super::calls;
use super::day;
use super::functions::function;
use super::like::Pattern;
use super::parse::too_deep;
use super::tree::{Arithmetic, Comparison, Expression, Kind, List, PARTS, Value};
use super::{Parsed, Refusal};

/// Nodes within each other; chains of `AND` and of `OR` count once.
const MOST_DEEP: usize = 100;
/// Conditions joined by `AND` or by `OR`.
const MOST_JOINED: usize = 1_000;

type Answer = Result<Expression, Refusal>;

/// Takes a tree over.
///
/// # Errors
/// What is not allowed.
pub(super) fn convert(expr: &Expr) -> Result<Parsed, Refusal> {
    let mut convert = Convert { columns: Vec::new(), depth: 0 };
    let tree = convert.expression(expr)?;
    Ok(Parsed { tree, columns: convert.columns })
}

/// What has been found so far.
pub(super) struct Convert {
    columns: Vec<String>,
    depth: usize,
}

impl Convert {
    /// An expression that stands by itself: in parentheses, between commas, after `WHEN`.
    pub fn expression(&mut self, expr: &Expr) -> Answer {
        if self.depth >= MOST_DEEP {
            return Err(too_deep());
        }
        self.depth += 1;
        let made = self.node(expr);
        self.depth -= 1;
        made
    }

    /// The same in a box.
    pub fn boxed(&mut self, expr: &Expr) -> Result<Box<Expression>, Refusal> {
        self.expression(expr).map(Box::new)
    }

    /// An operand. Databases rank `NOT`, comparisons, `IS`, `IN`, `BETWEEN` and `LIKE` differently, so that one of them
    /// beside another must be in parentheses.
    fn operand(&mut self, expr: &Expr) -> Answer {
        let ranked = match expr {
            Expr::BinaryOp { op, .. } => {
                comparison(op).is_some() || matches!(op, BinaryOperator::And | BinaryOperator::Or)
            }
            Expr::UnaryOp { op: UnaryOperator::Not, .. }
            | Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsTrue(_)
            | Expr::IsNotTrue(_)
            | Expr::IsFalse(_)
            | Expr::IsNotFalse(_)
            | Expr::IsUnknown(_)
            | Expr::IsNotUnknown(_)
            | Expr::IsDistinctFrom(..)
            | Expr::IsNotDistinctFrom(..)
            | Expr::InList { .. }
            | Expr::Between { .. }
            | Expr::Like { .. }
            | Expr::ILike { .. } => true,
            _ => false,
        };
        if ranked {
            return Err(Refusal::new(
                "a condition stands beside another operator without parentheses",
                "databases read that differently: write (a = b) IS NOT TRUE, (a IS NULL) = (b IS NULL), NOT (a IN (1, 2))",
            ));
        }
        self.expression(expr)
    }

    fn pair(&mut self, a: &Expr, b: &Expr) -> Result<Box<[Expression; 2]>, Refusal> {
        Ok(Box::new([self.operand(a)?, self.operand(b)?]))
    }

    fn node(&mut self, expr: &Expr) -> Answer {
        match expr {
            Expr::Nested(inner) => self.expression(inner),
            Expr::Identifier(name) => self.column(name),
            Expr::CompoundIdentifier(_) | Expr::CompoundFieldAccess { .. } => Err(Refusal::new(
                "a name has a point in it",
                "there is one table only: write the name of the column alone, in double quotes if the point belongs to it",
            )),
            Expr::Value(value) => literal(&value.value, false),
            Expr::TypedString(typed) => match (&typed.data_type, &typed.value.value) {
                (DataType::Date, Written::SingleQuotedString(text)) => date(text),
                (kind, _) => Err(Refusal::new(
                    format!("{kind} before a text can't be used"),
                    "a day is written DATE '2015-07-16'",
                )),
            },
            Expr::UnaryOp { op, expr } => self.unary(*op, expr),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::IsNull(inner) => Ok(Expression::IsNull(Box::new(self.operand(inner)?))),
            Expr::IsNotNull(inner) => Ok(not(Expression::IsNull(Box::new(self.operand(inner)?)))),
            Expr::IsTrue(inner) => self.is(Some(true), inner),
            Expr::IsNotTrue(inner) => self.is(Some(true), inner).map(not),
            Expr::IsFalse(inner) => self.is(Some(false), inner),
            Expr::IsNotFalse(inner) => self.is(Some(false), inner).map(not),
            Expr::IsUnknown(inner) => self.is(None, inner),
            Expr::IsNotUnknown(inner) => self.is(None, inner).map(not),
            Expr::IsDistinctFrom(a, b) => self.pair(a, b).map(Expression::Distinct),
            Expr::IsNotDistinctFrom(a, b) => self.pair(a, b).map(Expression::Distinct).map(not),
            Expr::InList { expr, list, negated } => {
                let inner = Box::new(self.operand(expr)?);
                let list = list.iter().map(|one| self.expression(one)).collect::<Result<_, _>>()?;
                Ok(if_not(*negated, Expression::In(inner, List::Written(list))))
            }
            Expr::Between { expr, negated, low, high } => {
                let parts = Box::new([self.operand(expr)?, self.operand(low)?, self.operand(high)?]);
                Ok(if_not(*negated, Expression::Between(parts)))
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                self.like(expr, pattern, escape_char.as_ref().map(|e| &e.value), false).map(|e| if_not(*negated, e))
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char } => {
                self.like(expr, pattern, escape_char.as_ref().map(|e| &e.value), true).map(|e| if_not(*negated, e))
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            Expr::Cast { kind, expr, data_type, array: false, format: None } => self.cast(kind, expr, data_type),
            _ => self.form(expr),
        }
    }

    /// Forms with words inside that are functions of the registry.
    fn form(&mut self, expr: &Expr) -> Answer {
        match expr {
            Expr::Extract { field, expr, .. } => {
                let inner = self.boxed(expr)?;
                extract(&field.to_string(), inner)
            }
            Expr::Ceil { expr, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) } => {
                self.call("CEIL", &[expr])
            }
            Expr::Floor { expr, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) } => {
                self.call("FLOOR", &[expr])
            }
            Expr::Position { expr, r#in } => self.call("STRPOS", &[r#in, expr]),
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                let text = self.expression(expr)?;
                let from = match substring_from {
                    Some(from) => self.expression(from)?,
                    None => Expression::Literal(Value::Whole(1)),
                };
                let mut arguments = vec![text, from];
                arguments.extend(substring_for.as_ref().map(|n| self.expression(n)).transpose()?);
                called("SUBSTR", arguments)
            }
            Expr::Trim { expr, trim_where, trim_what, trim_characters: None } => {
                let name = match trim_where {
                    None | Some(TrimWhereField::Both) => "TRIM",
                    Some(TrimWhereField::Leading) => "LTRIM",
                    Some(TrimWhereField::Trailing) => "RTRIM",
                };
                let mut arguments = vec![self.expression(expr)?];
                arguments.extend(trim_what.as_ref().map(|what| self.expression(what)).transpose()?);
                called(name, arguments)
            }
            Expr::Function(function) => calls::function(self, function),
            other => Err(calls::refused(other)),
        }
    }

    fn call(&mut self, name: &str, arguments: &[&Expr]) -> Answer {
        let arguments = arguments.iter().map(|a| self.expression(a)).collect::<Result<_, _>>()?;
        called(name, arguments)
    }

    fn column(&mut self, name: &Ident) -> Answer {
        let at = self.columns.iter().position(|c| *c == name.value).unwrap_or_else(|| {
            self.columns.push(name.value.clone());
            self.columns.len() - 1
        });
        Ok(Expression::Column(at))
    }

    fn unary(&mut self, operator: UnaryOperator, expr: &Expr) -> Answer {
        match (operator, expr) {
            (UnaryOperator::Not, inner) => self.boxed(inner).map(Expression::Not),
            // the least number has no opposite, so that its sign belongs to it
            (UnaryOperator::Minus, Expr::Value(value)) if matches!(value.value, Written::Number(..)) => {
                literal(&value.value, true)
            }
            (UnaryOperator::Minus, inner) => Ok(Expression::Minus(Box::new(self.operand(inner)?))),
            (UnaryOperator::Plus, Expr::Value(value)) if matches!(value.value, Written::Number(..)) => {
                literal(&value.value, false)
            }
            (other, _) => Err(Refusal::new(
                format!("the operator `{other}` can't be used"),
                "before a value NOT and - can be used",
            )),
        }
    }

    fn binary(&mut self, left: &Expr, operator: &BinaryOperator, right: &Expr) -> Answer {
        if let Some(comparison) = comparison(operator) {
            return self.pair(left, right).map(|pair| Expression::Compare(comparison, pair));
        }
        let arithmetic = match operator {
            BinaryOperator::And => return self.chain(left, operator, right).map(Expression::All),
            BinaryOperator::Or => return self.chain(left, operator, right).map(Expression::Any),
            BinaryOperator::StringConcat => return self.pair(left, right).map(Expression::Join),
            BinaryOperator::Plus => Arithmetic::Add,
            BinaryOperator::Minus => Arithmetic::Subtract,
            BinaryOperator::Multiply => Arithmetic::Multiply,
            BinaryOperator::Divide => Arithmetic::Divide,
            BinaryOperator::Modulo => Arithmetic::Remainder,
            other => {
                return Err(Refusal::new(format!("the operator `{other}` can't be used"), calls::OPERATORS_INSTEAD));
            }
        };
        self.pair(left, right).map(|pair| Expression::Arithmetic(arithmetic, pair))
    }

    /// A chain of one operator, from left to right: the parser nests it to the left, however long it is.
    fn chain(&mut self, left: &Expr, operator: &BinaryOperator, right: &Expr) -> Result<Vec<Expression>, Refusal> {
        let mut parts = vec![right];
        let mut rest = left;
        while let Expr::BinaryOp { left, op, right } = rest
            && op == operator
        {
            parts.push(right);
            rest = left;
        }
        parts.push(rest);
        if parts.len() > MOST_JOINED {
            return Err(Refusal::new(
                format!("more than {MOST_JOINED} conditions are joined by {operator}"),
                "write column IN ('a', 'b') instead of many conditions, or make a column of it in the data",
            ));
        }
        parts.into_iter().rev().map(|part| self.expression(part)).collect()
    }

    fn is(&mut self, wanted: Option<bool>, inner: &Expr) -> Answer {
        Ok(Expression::Is(wanted, Box::new(self.operand(inner)?)))
    }

    fn like(&mut self, expr: &Expr, pattern: &Expr, escape: Option<&Written>, ignore_case: bool) -> Answer {
        let inner = Box::new(self.operand(expr)?);
        let name = if ignore_case { "ILIKE" } else { "LIKE" };
        let Expr::Value(value) = pattern else { return Err(no_pattern(name)) };
        let Written::SingleQuotedString(text) = &value.value else { return Err(no_pattern(name)) };
        let escape = match escape {
            None => None,
            Some(Written::SingleQuotedString(sign)) if sign.chars().count() == 1 => sign.chars().next(),
            Some(_) => {
                return Err(Refusal::new("ESCAPE takes a single sign", format!("write {name} '10!%' ESCAPE '!'")));
            }
        };
        let pattern = Pattern::new(text, escape, ignore_case)
            .map_err(|why| Refusal::new(format!("the pattern of {name} does not hold"), why))?;
        Ok(Expression::Like(inner, pattern))
    }

    fn case(&mut self, of: Option<&Expr>, whens: &[CaseWhen], otherwise: Option<&Expr>) -> Answer {
        let of = of.map(|of| self.boxed(of)).transpose()?;
        let mut made = Vec::with_capacity(whens.len());
        for when in whens {
            made.push((self.expression(&when.condition)?, self.expression(&when.result)?));
        }
        let otherwise = otherwise.map(|otherwise| self.boxed(otherwise)).transpose()?;
        Ok(Expression::Case { of, whens: made, otherwise })
    }

    fn cast(&mut self, kind: &CastKind, expr: &Expr, to: &DataType) -> Answer {
        let lenient = match kind {
            CastKind::Cast | CastKind::DoubleColon => false,
            CastKind::TryCast => true,
            CastKind::SafeCast => {
                return Err(Refusal::new("SAFE_CAST can't be used", "write TRY_CAST(text AS INTEGER)"));
            }
        };
        let to = match to {
            DataType::Integer(None) | DataType::Int(None) | DataType::BigInt(None) => Kind::Whole,
            DataType::Double(ExactNumberInfo::None) | DataType::DoublePrecision => Kind::Decimal,
            DataType::Text | DataType::Varchar(None) | DataType::CharacterVarying(None) => Kind::Text,
            DataType::Date => Kind::Day,
            DataType::Boolean | DataType::Bool => Kind::Truth,
            other => {
                return Err(Refusal::new(
                    format!("the type {other} can't be used"),
                    "types that can be used: INTEGER or BIGINT (64 bits), DOUBLE, TEXT or VARCHAR, DATE, BOOLEAN",
                ));
            }
        };
        let value = match kind {
            CastKind::DoubleColon => self.operand(expr)?,
            _ => self.expression(expr)?,
        };
        Ok(Expression::Cast { value: Box::new(value), to, lenient })
    }
}

fn comparison(operator: &BinaryOperator) -> Option<Comparison> {
    Some(match operator {
        BinaryOperator::Eq => Comparison::Equal,
        BinaryOperator::NotEq => Comparison::Unequal,
        BinaryOperator::Lt => Comparison::Less,
        BinaryOperator::LtEq => Comparison::AtMost,
        BinaryOperator::Gt => Comparison::More,
        BinaryOperator::GtEq => Comparison::AtLeast,
        _ => return None,
    })
}

fn not(inner: Expression) -> Expression {
    Expression::Not(Box::new(inner))
}

fn if_not(negated: bool, inner: Expression) -> Expression {
    if negated { not(inner) } else { inner }
}

fn no_pattern(name: &str) -> Refusal {
    Refusal::new(format!("the pattern of {name} is not written out"), format!("write column {name} '%word%'"))
}

/// A call of a plain function.
pub(super) fn called(name: &str, arguments: Vec<Expression>) -> Answer {
    match function(name) {
        Some(function) => Ok(Expression::Call(function, arguments)),
        None => Err(Refusal::new(format!("the function {name} can't be used"), super::functions::instead(name))),
    }
}

/// A part of a date.
pub(super) fn extract(part: &str, inner: Box<Expression>) -> Answer {
    match PARTS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(part)) {
        Some((_, part, _)) => Ok(Expression::Extract(*part, inner)),
        None => {
            let names: Vec<&str> = PARTS.iter().map(|(name, ..)| *name).collect();
            Err(Refusal::new(
                format!("the part {part} of a date can't be used"),
                format!("parts that can be used: {}", names.join(", ")),
            ))
        }
    }
}

/// A day that the specification states.
pub(super) fn date(text: &str) -> Answer {
    match day::parse(text) {
        Some(day) => Ok(Expression::Literal(Value::Day(day))),
        None => Err(Refusal::new("DATE is followed by a text that is no day", "a day is written DATE '2015-07-16'")),
    }
}

fn literal(value: &Written, negative: bool) -> Answer {
    Ok(Expression::Literal(match value {
        Written::Null => Value::Null,
        Written::Boolean(truth) => Value::Truth(*truth),
        Written::SingleQuotedString(text) => Value::Text(text.clone().into()),
        Written::Number(digits, false) => {
            let signed = if negative { format!("-{digits}") } else { digits.clone() };
            if digits.bytes().all(|b| b.is_ascii_digit()) {
                Value::Whole(signed.parse().map_err(|_| {
                    Refusal::new(
                        "a whole number is too large for 64 bits",
                        "whole numbers go from -9223372036854775808 to 9223372036854775807",
                    )
                })?)
            } else {
                let number: Option<f64> = signed.parse().ok().filter(|x: &f64| x.is_finite());
                Value::Decimal(number.ok_or_else(|| Refusal::new("a number can't be read", "write 12, 0.5 or 1e6"))?)
            }
        }
        _ => {
            return Err(Refusal::new(
                "a value is written in a way that can't be used",
                "texts are written 'in single quotes', numbers 12 or 0.5, days DATE '2015-07-16'",
            ));
        }
    }))
}
