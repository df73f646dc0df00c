//! The last release: which of its cells were withheld, so that the same may be withheld again.
//!
//! It is read from a report that an earlier run wrote, or from the tidy CSV file of the release itself. Cells are known
//! again as they are for [`super::Changes`]: by table and codes.

use std::collections::{BTreeMap, HashSet};

use super::inert::without_apostrophe;
use super::report::codes_at;
use super::since::{Earlier, Key, filled};
use crate::model::{CellId, System};

/// What the last release withheld.
#[derive(Clone, Debug)]
pub struct Last {
    name: String,
    keys: HashSet<Key>,
}

impl Last {
    /// Reads the report of an earlier run (JSON) or the tidy CSV file of a release. `name` is that of the file, for
    /// messages.
    ///
    /// # Errors
    /// What is wrong with the text, without a value of it.
    pub fn parse(name: &str, text: &str) -> Result<Last, String> {
        let keys = match text.trim_start().starts_with('{') {
            true => Earlier::parse(text)?.withheld(),
            false => tidy(text)?,
        };
        Ok(Last { name: name.to_owned(), keys: keys.into_iter().collect() })
    }

    /// The name of its file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Per cell of a system, whether it was withheld.
    pub fn withheld(&self, system: &System) -> Vec<bool> {
        let was = |cell| keys(system, cell).iter().any(|key| self.keys.contains(key));
        (0..system.cells.len()).map(was).collect()
    }
}

/// Under which keys a printed cell may stand in a file: by its table with the codes of that, as reports have it; with the
/// codes of all variables, as tidy files have it; or by those alone.
fn keys(system: &System, cell: CellId) -> Vec<Key> {
    let shown = system.cells[cell].places.iter().filter(|p| p.shown);
    let of = |place: &crate::model::Place| {
        let table = system.tables.get(place.table)?;
        let own = codes_at(table, place.position);
        let all = filled(system, own.clone());
        let own = own.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect();
        Some([(table.id.clone(), own), (table.id.clone(), all.clone()), (String::new(), all)])
    };
    shown.filter_map(of).flatten().collect()
}

/// The withheld cells of a tidy CSV file: the table where the file names it, then the code of each variable. Value and
/// status are its last two columns; a column `measure` before them tells apart what is counted.
fn tidy(text: &str) -> Result<Vec<Key>, String> {
    let mut csv = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let fault = |e: csv::Error| match e.position() {
        Some(place) => format!("it can't be read as CSV (line {})", place.line()),
        None => "it can't be read as CSV".to_owned(),
    };
    let header: Vec<String> =
        csv.headers().map_err(fault)?.iter().map(|name| without_apostrophe(name).to_owned()).collect();
    let status = header.len().checked_sub(1).filter(|&last| header[last].trim_end_matches('_') == "status");
    let Some(status) = status.filter(|&s| s > 1) else {
        return Err("it is neither a report in JSON nor a tidy CSV file: its last column is not `status`".to_owned());
    };
    let table = header.iter().position(|name| name == "table");
    let is_variable = |&i: &usize| Some(i) != table && !(i + 2 == status && header[i] == "measure");
    let variables: Vec<usize> = (0..status - 1).filter(is_variable).collect();
    let mut withheld = Vec::new();
    for row in csv.records() {
        let row = row.map_err(fault)?;
        if row.get(status) == Some("withheld") {
            let field = |i: usize| without_apostrophe(row.get(i).unwrap_or_default()).to_owned();
            let codes: BTreeMap<String, String> = variables.iter().map(|&i| (header[i].clone(), field(i))).collect();
            withheld.push((table.map(field).unwrap_or_default(), codes.into_iter().collect()));
        }
    }
    Ok(withheld)
}
