//! Calls of functions as the parser has them, and what is refused whatever it is about.

use sqlparser::ast::Value as Written;
use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, ObjectNamePart,
};

use super::Refusal;
use super::convert::{Convert, called, date, extract};
use super::functions::{function as known, instead};
use super::tree::{Expression, Value};

/// What to write instead of an operator that is not allowed.
pub(super) const OPERATORS_INSTEAD: &str = "operators that can be used: AND OR NOT = <> < <= > >= + - * / % || IS NULL, IS TRUE, IS DISTINCT FROM, \
     IN, BETWEEN, LIKE, ILIKE; DIV(a, b) divides whole numbers, IS NOT DISTINCT FROM compares with NULL";

/// A call.
pub(super) fn function(convert: &mut Convert, call: &Function) -> Result<Expression, Refusal> {
    let name = match call.name.0.as_slice() {
        [ObjectNamePart::Identifier(name)] if name.quote_style.is_none() => name.value.to_uppercase(),
        _ => return Err(Refusal::new(format!("the function {} can't be used", call.name), instead(""))),
    };
    if known(&name).is_none() {
        return Err(Refusal::new(format!("the function {name} can't be used"), instead(&name)));
    }
    let plain = !call.uses_odbc_syntax
        && call.parameters == FunctionArguments::None
        && call.filter.is_none()
        && call.null_treatment.is_none()
        && call.over.is_none()
        && call.within_group.is_empty();
    let arguments = arguments(&call.args).filter(|_| plain).ok_or_else(|| {
        let form = known(&name).map(|f| f.form).unwrap_or_default();
        Refusal::new(format!("{name} is called in a way that can't be used"), format!("it is written {form}"))
    })?;
    if name == "DATE" {
        return match arguments.as_slice() {
            [Expr::Value(value)] if matches!(value.value, Written::SingleQuotedString(_)) => match &value.value {
                Written::SingleQuotedString(text) => date(text),
                _ => Err(no_day()),
            },
            _ => Err(no_day()),
        };
    }
    if name == "DATE_PART" {
        return match arguments.as_slice() {
            [Expr::Value(part), of] => match &part.value {
                Written::SingleQuotedString(part) => {
                    let of = convert.boxed(of)?;
                    extract(part, of)
                }
                _ => Err(no_part()),
            },
            _ => Err(no_part()),
        };
    }
    let mut made = arguments.into_iter().map(|a| convert.expression(a)).collect::<Result<Vec<_>, _>>()?;
    match (name.as_str(), made.len()) {
        ("COALESCE", 1..) | ("IFNULL", 2) => Ok(Expression::Coalesce(made)),
        ("NULLIF", 2) => {
            let b = made.pop().unwrap_or(Expression::Literal(Value::Null));
            let a = made.pop().unwrap_or(Expression::Literal(Value::Null));
            Ok(Expression::NullIf(Box::new([a, b])))
        }
        ("YEAR" | "QUARTER" | "MONTH" | "DAY", 1) => match made.pop() {
            Some(of) => extract(&name, Box::new(of)),
            None => called(&name, made),
        },
        _ => called(&name, made),
    }
}

fn no_day() -> Refusal {
    Refusal::new(
        "DATE is followed by something that is not written out",
        "write CAST(text AS DATE), or DATE '2015-07-16'",
    )
}

fn no_part() -> Refusal {
    Refusal::new("DATE_PART can't be used so", "write EXTRACT(YEAR FROM date)")
}

/// The arguments of a plain list; none where it holds anything else.
fn arguments(arguments: &FunctionArguments) -> Option<Vec<&Expr>> {
    let FunctionArguments::List(FunctionArgumentList { duplicate_treatment: None, args, clauses }) = arguments else {
        return None;
    };
    let plain = |argument: &FunctionArg| matches!(argument, FunctionArg::Unnamed(FunctionArgExpr::Expr(_)));
    if !clauses.is_empty() || !args.iter().all(plain) {
        return None;
    }
    let expressions = args.iter().filter_map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    });
    Some(expressions.collect())
}

/// What is not allowed at all.
pub(super) fn refused(expr: &Expr) -> Refusal {
    let (what, help) = match expr {
        Expr::SimilarTo { .. } | Expr::RLike { .. } => {
            ("regular expressions can't be used", "databases differ about them: write LIKE '%word%' or ILIKE")
        }
        Expr::Like { .. } | Expr::ILike { .. } => ("LIKE ANY can't be used", "write a LIKE '%b%' OR a LIKE '%c%'"),
        Expr::Interval(_) => ("INTERVAL can't be used", "write date + 30, or date - 30, in days"),
        Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => {
            ("a query can't stand in an expression", "write the values themselves: column IN ('a', 'b')")
        }
        Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => {
            ("`*` can't be used", "write the names of columns instead of `*`")
        }
        Expr::Ceil { .. } | Expr::Floor { .. } => ("CEIL and FLOOR take one number", "write FLOOR(number * 100) / 100"),
        Expr::Collate { .. } => {
            ("COLLATE can't be used", "texts compare by their code points; LOWER(text) ignores capitals")
        }
        Expr::AtTimeZone { .. } => ("time zones can't be used", "write the local time into the data"),
        Expr::Tuple(_) => ("a list in parentheses can't be used so", "write a = 1 AND b = 2"),
        Expr::Cast { .. } => ("CAST can't be used so", "write CAST(text AS DATE)"),
        Expr::Trim { .. } => ("TRIM can't be used so", "write TRIM(text), or TRIM(BOTH 'x' FROM text)"),
        Expr::AnyOp { .. } | Expr::AllOp { .. } => ("ANY and ALL can't be used", "write column IN ('a', 'b')"),
        _ => ("a form of SQL is used that is not on the list", OPERATORS_INSTEAD),
    };
    Refusal::new(what, help)
}
