//! By what the records are classified: every variable and every filter that a table uses.

use polars::prelude::Expr;

use crate::read::{Error, read_hierarchy};
use crate::spec::{Classes, Level, Missing, Source, Spec, Sql, TotalRows, Variable};

use super::columns::parse;
use super::sql::Parsed;

/// A variable or filter in use.
pub(super) struct Classifier<'a> {
    /// What it is.
    pub kind: Kind<'a>,
    /// The columns it is made from.
    pub columns: Vec<String>,
    /// What it is made from: one, or one for each nested column.
    pub exprs: Vec<Made<'a>>,
    /// The codes of its hierarchy, if it has one.
    pub levels: Vec<Level>,
    /// How messages and dimensions call it.
    pub name: String,
}

/// What a value of a classifier is made from.
pub(super) enum Made<'a> {
    /// A column as it is.
    Column(&'a str),
    /// An SQL expression.
    Sql(&'a Sql, Parsed),
}

/// A variable or a filter.
#[derive(Clone, Copy)]
pub(super) enum Kind<'a> {
    /// A variable, with its index in the specification.
    Variable(usize, &'a Variable),
    /// A table's filter: class 0 is in, class 1 is out.
    Filter(&'a Sql),
}

/// The variable that a classifier is, by its index in the specification; none for a filter.
pub(super) fn variable(classifier: &Classifier) -> Option<usize> {
    match classifier.kind {
        Kind::Variable(v, _) => Some(v),
        Kind::Filter(_) => None,
    }
}

/// The variables that tables use, with their indexes, in the order of the specification. Where some rows may be totals
/// every variable is looked at: a row that is the total of one that no table uses must not be counted either.
pub(super) fn used(spec: &Spec) -> impl Iterator<Item = (usize, &Variable)> {
    let all = spec.input.total_rows != TotalRows::Records;
    let in_use =
        |v: usize| spec.tables.iter().any(|t| t.axes.iter().any(|a| a.0 == v) || t.only.iter().any(|o| o.0 == v));
    spec.variables.iter().enumerate().filter(move |(v, _)| all || in_use(*v))
}

/// Every classifier: variables first, then filters that differ.
pub(super) fn classifiers(spec: &Spec) -> Result<Vec<Classifier<'_>>, Error> {
    let mut all = Vec::new();
    for (index, variable) in used(spec) {
        let exprs = match &variable.source {
            Source::Column(name) => vec![Made::Column(name)],
            Source::Nested(names) => names.iter().map(|n| Made::Column(n)).collect(),
            Source::Sql(sql) => vec![Made::Sql(sql, parse(spec, sql, &format!("variable `{}`", variable.name))?)],
        };
        let levels = match &variable.classes {
            Classes::Hierarchy(levels) => levels.clone(),
            Classes::HierarchyFile(path) => read_hierarchy(path)?,
            _ => Vec::new(),
        };
        let kind = Kind::Variable(index, variable);
        all.push(Classifier { kind, columns: columns_of(&exprs), exprs, levels, name: variable.name.clone() });
    }
    for table in &spec.tables {
        let Some(sql) = &table.filter else { continue };
        if !all.iter().any(|c| matches!(c.kind, Kind::Filter(other) if other.text == sql.text)) {
            let exprs = vec![Made::Sql(sql, parse(spec, sql, &format!("`where` of table `{}`", table.id))?)];
            let name = format!("the filter of table {}", table.id);
            all.push(Classifier {
                kind: Kind::Filter(sql),
                columns: columns_of(&exprs),
                exprs,
                levels: Vec::new(),
                name,
            });
        }
    }
    Ok(all)
}

/// That nothing about the tables depends on the data but their counts: which categories there are, which records are left
/// out, how variables combine.
///
/// # Errors
/// The first definition that does.
pub fn stated(spec: &Spec) -> Result<(), Error> {
    let fault = |name: &str, what: &str, help: &str| {
        let why = "a differentially private release may not tell it";
        Err(Error::usage(format!("{name}: {what}, and {why}")).with_help(help.to_owned()))
    };
    for (_, variable) in used(spec) {
        let name = format!("variable `{}`", variable.name);
        if matches!((&variable.source, &variable.classes), (Source::Nested(_), _) | (_, Classes::Found)) {
            let help = "state all categories there can be: order = [\"a\", \"b\"], categories, bands or hierarchy";
            return fault(&name, "its categories are those found in the data", help);
        }
        if [&variable.missing, &variable.other].contains(&&Missing::LeaveOut) {
            let help = "write missing = { category = \"…\" } and other = { category = \"…\" }";
            return fault(&name, "whether records are left out depends on the data", help);
        }
    }
    let all = classifiers(spec)?;
    for (at, one) in all.iter().enumerate() {
        if let Some(other) = all[..at].iter().find(|o| o.columns.iter().any(|c| one.columns.contains(c))) {
            let what = format!("it is made from a column of {}, and the data say how they combine", other.name);
            return fault(&one.name, &what, "make one release from each, or one variable with a hierarchy");
        }
    }
    Ok(())
}

/// A column by its very name: nothing in it is a pattern.
pub(super) fn column(name: &str) -> Expr {
    Expr::Column(name.into())
}

fn columns_of(exprs: &[Made]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for made in exprs {
        match made {
            Made::Column(name) => all.push((*name).to_owned()),
            Made::Sql(_, parsed) => all.extend(parsed.columns.iter().cloned()),
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}
