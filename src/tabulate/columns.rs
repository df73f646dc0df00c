//! Which columns a release needs, and for what.

use crate::read::{Error, Wanted};
use crate::spec::{Classes, MeasureSpec, Source, Spec, Sql};

use super::sql::{Parsed, Refusal};
use super::{Needs, classify, keys};

/// The columns that a specification needs, each once, in the order of their first use.
///
/// # Errors
/// SQL that does not hold.
pub fn wanted(spec: &Spec, needs: &Needs) -> Result<Vec<Wanted>, Error> {
    let mut all = Collected { spec, wanted: Vec::new() };
    let input = &spec.input;
    for (key, column) in [("person", &input.person), ("contributor", &input.contributor)] {
        if let Some(name) = column {
            all.add(name, spec.input_key(key), |w| w.code = true);
        }
    }
    if let Some(name) = &input.count {
        all.add(name, spec.input_key("count"), |w| w.number = true);
    }
    if let Some(sql) = input.request.as_ref().filter(|_| needs.contributions > 0) {
        all.add_sql(sql, "`request` of [input]")?;
    }
    if let Some(sql) = &input.filter {
        all.add_sql(sql, "`where` of [input]")?;
    }
    for (_, variable) in classify::used(spec) {
        let by = format!("variable `{}`", variable.name);
        match &variable.source {
            Source::Column(name) if matches!(variable.classes, Classes::Bands(_)) => {
                all.add(name, by, |w| w.number = true);
            }
            Source::Column(name) => all.add(name, by, |w| w.code = true),
            Source::Nested(names) => names.iter().for_each(|name| all.add(name, by.clone(), |w| w.code = true)),
            Source::Sql(sql) => all.add_sql(sql, &by)?,
        }
    }
    for table in &spec.tables {
        if let Some(sql) = &table.filter {
            all.add_sql(sql, &format!("`where` of table `{}`", table.id))?;
        }
        if let MeasureSpec::Sum { column, .. } = &table.measure {
            all.add(column, format!("the sum of table `{}`", table.id), |w| w.number = true);
        }
    }
    for (column, _) in super::sums(spec) {
        all.add(&column, "`adds-up` of [facts]".to_owned(), |w| w.number = true);
    }
    if let Some((column, _)) = needs.weight {
        all.add(column, "the cost of withheld cells".to_owned(), |w| w.number = true);
    }
    if let Some(from) = needs.keys {
        for more in keys::wanted(spec, from)? {
            all.add(&more.name, more.by, |w| {
                w.code |= more.code;
                w.number |= more.number;
            });
        }
    }
    Ok(all.wanted)
}

struct Collected<'a> {
    spec: &'a Spec,
    wanted: Vec<Wanted>,
}

impl Collected<'_> {
    fn add(&mut self, name: &str, by: String, mark: impl FnOnce(&mut Wanted)) {
        if let Some(known) = self.wanted.iter_mut().find(|w| w.name == name) {
            // A message about a number names who needs numbers.
            let number = known.number;
            mark(known);
            if known.number && !number {
                known.by = by;
            }
            return;
        }
        let stated = self.spec.input.types.get(name).copied();
        let mut wanted = Wanted { name: name.to_owned(), stated, by, ..Wanted::default() };
        mark(&mut wanted);
        self.wanted.push(wanted);
    }

    fn add_sql(&mut self, sql: &Sql, by: &str) -> Result<(), Error> {
        let mut names = parse(self.spec, sql, by)?.columns;
        names.sort_unstable();
        for name in names {
            self.add(&name, by.to_owned(), |w| w.sql = true);
        }
        Ok(())
    }
}

/// An SQL expression that has been read; `by` names who uses it.
pub(super) fn parse(spec: &Spec, sql: &Sql, by: &str) -> Result<Parsed, Error> {
    Parsed::new(&sql.text).map_err(|refusal| refused(spec, sql, by, refusal))
}

/// The error for an expression that is not allowed.
pub(super) fn refused(spec: &Spec, sql: &Sql, by: &str, refusal: Refusal) -> Error {
    let Refusal { what, help } = refusal;
    Error::usage(format!("{}{by}: {what}", place(spec, sql))).with_help(help)
}

/// Where an expression stands, for the beginning of a message.
pub(super) fn place(spec: &Spec, sql: &Sql) -> String {
    match sql.line {
        0 => String::new(),
        line => format!("{}:{line}: ", spec.path.display()),
    }
}
