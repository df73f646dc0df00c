//! Tabulating: from records and a specification to the tables, their dimensions and the grouped records.
//!
//! Phases: `sql` reads what expressions mean, `classify` says by what each record is classified (the variables and filters in use), `group` asks for that
//! in one streaming query, `totals` takes out rows that are totals of others, `classes` turns the values found into categories, `dims` joins variables made from the same
//! columns into one dimension, `leaves` adds up the groups of records per leaf, `axes` makes the tables. `keys` tells which records are in each
//! group, where that is asked for.

mod axes;
mod classes;
mod classify;
mod columns;
mod defined;
mod dims;
mod equations;
mod group;
mod keys;
mod leaves;
mod nesting;
mod reachable;
mod sql;
mod standing;
#[cfg(test)]
mod tests;
mod totals;
mod value;

use crate::model::{Groups, Measure, Space, Table};
use crate::read::{Error, Records};
use crate::spec::{MeasureSpec, Spec};

pub use classify::stated;
pub use columns::wanted;
pub use keys::RecordKey;
pub use sql::reference as sql_reference;

/// What the rules need to be known beside the values of the tables.
#[derive(Clone, Copy, Debug, Default)]
pub struct Needs<'a> {
    /// How many different persons are behind each cell.
    pub persons: bool,
    /// How many of the largest contributions to each sum (0: none).
    pub contributions: usize,
    /// Which records are in each cell, told by keys that are added up.
    pub keys: Option<RecordKey<'a>>,
    /// Whether the policy publishes every zero of a count.
    pub zeros_published: bool,
    /// The column of weights that withheld cells cost, with its decimals.
    pub weight: Option<(&'a str, u32)>,
}

/// The tables of a release before anything is protected.
#[derive(Clone, Debug)]
pub struct Tabulation {
    /// Along what the records are classified.
    pub space: Space,
    /// What is counted.
    pub measures: Vec<Measure>,
    /// The tables, in the order of the specification.
    pub tables: Vec<Table>,
    /// The records, grouped by leaves (and persons).
    pub groups: Groups,
    /// What came in.
    pub summary: Summary,
}

/// What came in, for the report. Confidential: it tells numbers of records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records in the files.
    pub rows_read: u64,
    /// Records that the release is about.
    pub rows_kept: u64,
    /// What a reader should know about how the figures came about.
    pub notes: Vec<String>,
    /// What is allowed but worth a look.
    pub warnings: Vec<String>,
    /// What of how the groups of several tables hang together can't be told.
    pub unexamined: Vec<String>,
    /// Of how the data are written, without anything that follows from a count.
    pub of_writing: Vec<String>,
}

/// Makes the tables of a specification from its records.
///
/// # Errors
/// SQL that does not hold, values that are missing or in no category where the specification does not say what becomes
/// of them, numbers that are negative or too large, a filter that leaves nothing. Messages name no values.
pub fn tabulate(spec: &Spec, records: Records, needs: Needs) -> Result<Tabulation, Error> {
    let classifiers = classify::classifiers(spec)?;
    let who = person_column(spec, &needs)?;
    let sums = sums(spec);
    let keys = needs.keys.map(|from| keys::Keys::new(spec, from, &records.available)).transpose()?;
    let grouped = group::group(
        spec,
        &records,
        &classifiers,
        who,
        &group::Amounts { sums: &sums, weight: needs.weight },
        keys.as_ref(),
    )?;
    let mut of_writing = totals::alike(&records, &classifiers, &grouped);
    let (grouped, stated) = totals::take_out(spec, &records, &classifiers, grouped, &mut of_writing)?;
    let mut summary = Summary {
        rows_read: records.rows,
        rows_kept: grouped.rows,
        notes: records.notes.clone(),
        of_writing,
        ..Summary::default()
    };
    summary.of_writing.extend(needs.keys.and_then(|from| keys::note(spec, from, &records)));
    if grouped.rows == 0 {
        return Err(Error::data(format!("the filter of [input] leaves none of {} records", records.rows))
            .with_help("check `where`: text is compared exactly, and a condition on a missing value does not hold"));
    }
    let mut classed = Vec::with_capacity(classifiers.len());
    for (classifier, keys) in classifiers.iter().zip(&grouped.keys) {
        classed.push(classes::classed(classifier, keys, &grouped.each, &mut summary.warnings)?);
    }
    if let Some(stated) = stated {
        summary.notes.push(totals::check(&stated, &records, &classifiers, &classed, &grouped)?);
    }
    let nesting =
        nesting::Nesting::find(spec, &classifiers, &classed, &grouped, needs.zeros_published, &mut summary.notes)?;
    let dims = dims::dimensions(&dims::Known {
        spec,
        records: &records,
        classifiers: &classifiers,
        classed: &classed,
        grouped: &grouped,
        nesting: &nesting,
        zeros_published: needs.zeros_published,
    })?;
    summary.unexamined.clone_from(&dims.unclear);
    let mut groups = leaves::groups(&grouped, &classed, &dims, keys.as_ref(), &mut summary.notes)?;
    let measures = measures(spec, &sums);
    groups.equations = equations::find(spec, &measures, &groups, &mut summary.notes)?;
    groups.parts = equations::parts(&measures, &groups, &mut summary.notes);
    let tables = axes::tables(spec, &classifiers, &classed, &dims, &measures)?;
    let space = Space { dims: dims.dims };
    Ok(Tabulation { space, measures, tables, groups, summary })
}

/// Every column that is summed, with its decimals, once; then columns that no table sums although `[facts]` binds them to one
/// that a table does: what they hold follows.
fn sums(spec: &Spec) -> Vec<(String, u32)> {
    let mut sums: Vec<(String, u32)> = Vec::new();
    for table in &spec.tables {
        if let MeasureSpec::Sum { column, decimals } = &table.measure
            && !sums.iter().any(|(c, d)| c == column && d == decimals)
        {
            sums.push((column.clone(), *decimals));
        }
    }
    for fact in &spec.facts.sums {
        let used = fact.iter().filter_map(|name| sums.iter().find(|s| s.0 == *name)).map(|s| s.1).max();
        let Some(decimals) = used else { continue };
        for name in fact {
            if !sums.iter().any(|s| s.0 == *name) {
                sums.push((name.clone(), decimals));
            }
        }
    }
    sums
}

/// Every measure once, in the order of the tables; then those that no table shows.
fn measures(spec: &Spec, sums: &[(String, u32)]) -> Vec<Measure> {
    let mut measures = Vec::new();
    let bound = sums.iter().map(|(column, decimals)| MeasureSpec::Sum { column: column.clone(), decimals: *decimals });
    for wanted in spec.tables.iter().map(|t| t.measure.clone()).chain(bound) {
        let measure = measure(&wanted, sums);
        if !measures.contains(&measure) {
            measures.push(measure);
        }
    }
    measures
}

fn measure(spec: &MeasureSpec, sums: &[(String, u32)]) -> Measure {
    match spec {
        MeasureSpec::Records => Measure::Records,
        MeasureSpec::Persons => Measure::Persons,
        MeasureSpec::Sum { column, decimals } => {
            let index = sums.iter().position(|(c, d)| c == column && d == decimals).unwrap_or(0);
            Measure::Sum { column: column.clone(), index, decimals: *decimals }
        }
    }
}

/// The column that tells persons or contributors apart, where that is needed.
fn person_column<'a>(spec: &'a Spec, needs: &Needs) -> Result<Option<&'a str>, Error> {
    let (person, contributor) = (spec.input.person.as_deref(), spec.input.contributor.as_deref());
    let counted = spec.tables.iter().any(|t| t.measure == MeasureSpec::Persons);
    let summed = spec.tables.iter().any(|t| matches!(t.measure, MeasureSpec::Sum { .. }));
    if needs.contributions > 0 && summed {
        if counted && contributor.is_some() && contributor != person {
            return Err(Error::usage("one release can't count persons and sum the contributions of somebody else")
                .with_help("make two releases, or let `person` and `contributor` name the same column"));
        }
        return contributor.or(person).map(Some).ok_or_else(|| {
            let (key, whose) = (spec.input_key("contributor"), "the column that names the contributor of each record");
            Error::usage("a rule looks at single contributions, but nothing says whose they are")
                .with_help(format!("give {key}: {whose}"))
        });
    }
    if needs.persons || counted {
        return Ok(person.or(contributor));
    }
    Ok(None)
}
