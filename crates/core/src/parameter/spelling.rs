//! The command line spelling of a rule or method with its parameters: `threshold(5,on=persons)`.

use super::{Given, Parameter, as_argument};
use crate::diag::{Fault, Span};

/// A name and what stands between the parentheses behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// The name.
    pub name: &'a str,
    /// The arguments, as they are written; empty without parentheses.
    pub inside: &'a str,
}

/// Takes a spelling apart.
///
/// # Errors
/// If a parenthesis is missing.
pub fn call(text: &str) -> Result<Call<'_>, Fault> {
    let text = text.trim();
    match text.split_once('(') {
        None => Ok(Call { name: text, inside: "" }),
        Some((name, rest)) => match rest.strip_suffix(')') {
            Some(inside) => Ok(Call { name: name.trim_end(), inside }),
            None => Err(Fault::new(format!("`{text}` does not end with `)`"))),
        },
    }
}

/// The arguments between the parentheses; those without a name are taken in the order of `parameters`.
///
/// # Errors
/// An argument that is empty, one too many, or one without a name after one with a name.
pub fn arguments(call: &Call, parameters: &[Parameter]) -> Result<Vec<Given>, Fault> {
    let names: Vec<&str> = parameters.iter().map(|p| p.name).collect();
    let mut given: Vec<Given> = Vec::new();
    if call.inside.trim().is_empty() {
        return Ok(given);
    }
    let mut start = 0;
    for (i, piece) in call.inside.split(',').enumerate() {
        let span: Span = start..start + piece.len();
        start = span.end + 1;
        let (name, value) = match piece.split_once('=') {
            Some((name, value)) => (name.trim(), value.trim()),
            None if given.iter().enumerate().all(|(j, g)| names.get(j) == Some(&g.name.as_str())) => match names.get(i)
            {
                Some(name) => (*name, piece.trim()),
                None => {
                    let what = format!("`{}` takes no more than {} parameters", call.name, names.len());
                    return Err(Fault::new(what).help(format!("they are {}", names.join(", "))));
                }
            },
            None => {
                let what = format!(
                    "`{}` needs the name of its parameter, because one with a name stands before it",
                    piece.trim()
                );
                return Err(Fault::new(what).help(format!("write {}=…", names.join("=… or "))));
            }
        };
        if value.is_empty() {
            return Err(Fault::new(format!("a parameter of `{}` is empty", call.name)));
        }
        let value = as_argument(value);
        given.push(Given { name: name.to_owned(), name_span: span.clone(), value, value_span: span });
    }
    Ok(given)
}

/// The spelling in full: every parameter by its name.
pub fn spelled(name: &str, parameters: &[(&'static str, String)]) -> String {
    let parameters: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{name}({})", parameters.join(","))
}
