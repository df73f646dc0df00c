//! Cells that are to stay published.

use crate::diag::nearest;
use crate::model::{Axis, CellId, System, Table};

/// Cells that are to stay published: those of a table, of some categories, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Short name of the table; `None`: every table.
    pub table: Option<String>,
    /// Codes or labels of categories, by variable. A cell fits if it fits each of them; a variable that is not named may
    /// stand at anything.
    pub categories: Vec<(String, Vec<String>)>,
    /// Whether they are never withheld for the sake of others; else only where nothing else is enough.
    pub never: bool,
    /// Where it is asked for: `policies/ours.toml:12`.
    pub line: String,
}

impl Keep {
    /// The cells that it is about.
    pub fn cells(&self, system: &System) -> Vec<CellId> {
        let mut found = Vec::new();
        for (t, table) in system.tables.iter().enumerate().filter(|(_, t)| self.is_about(t)) {
            let Some(fits) = self.fits(table) else { continue };
            let grid = system.grids.get(t).map(Vec::as_slice).unwrap_or_default();
            for (position, cell) in grid.iter().enumerate() {
                let at = table.entries_at(position);
                if table.is_shown(&at) && at.iter().zip(&fits).all(|(&e, fits)| fits[e]) {
                    found.extend(cell);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn is_about(&self, table: &Table) -> bool {
        self.table.as_ref().is_none_or(|id| *id == table.id)
    }

    /// Per axis and entry, whether it fits; `None` where the table has not every variable.
    fn fits(&self, table: &Table) -> Option<Vec<Vec<bool>>> {
        let mut fits: Vec<Vec<bool>> = table.axes.iter().map(|a| vec![true; a.entries.len()]).collect();
        for (variable, codes) in &self.categories {
            let at = table.axes.iter().position(|a| is_named(a, variable))?;
            fits[at] = among(&table.axes[at], codes);
        }
        Some(fits)
    }

    /// What it names and no table shows, in a sentence; `None` where it is about some cell.
    pub(super) fn idle(&self, system: &System) -> Option<String> {
        let what = |why: String| Some(format!("what is to stay published ({}) is nowhere: {why}", self.line));
        if let Some(id) = self.table.as_ref().filter(|id| system.tables.iter().all(|t| t.id != **id)) {
            let ids: Vec<&str> = system.tables.iter().map(|t| t.id.as_str()).collect();
            return what(format!("there is no table `{id}`{}", meant(id, &ids)));
        }
        for (variable, codes) in &self.categories {
            if let Some(why) = unknown(system, variable, codes) {
                return what(why);
            }
        }
        match self.cells(system).is_empty() {
            true => what("no table shows these categories together".to_owned()),
            false => None,
        }
    }
}

/// Whether two names are the same but for case and the blanks around them.
pub fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// Whether an axis is that of a variable, by its name or label.
pub(super) fn is_named(axis: &Axis, variable: &str) -> bool {
    same(&axis.variable, variable) || same(&axis.label, variable)
}

/// Per entry of an axis, whether these codes or labels name it.
pub(super) fn among(axis: &Axis, codes: &[String]) -> Vec<bool> {
    let named = |e: &crate::model::Entry| codes.iter().any(|c| same(c, &e.code) || same(c, &e.label));
    axis.entries.iter().map(named).collect()
}

/// Why a variable, or the first of its categories that is unknown, is none of the release; `None` where all are known.
pub(super) fn unknown(system: &System, variable: &str, codes: &[String]) -> Option<String> {
    let axes = || system.tables.iter().flat_map(|t| &t.axes);
    let of: Vec<&Axis> = axes().filter(|a| is_named(a, variable)).collect();
    if of.is_empty() {
        let mut names: Vec<&str> = axes().map(|a| a.variable.as_str()).collect();
        names.dedup();
        return Some(format!("no table has a variable `{variable}`{}", meant(variable, &names)));
    }
    let missing = |code: &&String| !of.iter().any(|a| among(a, std::slice::from_ref(*code)).contains(&true));
    let code = codes.iter().find(missing)?;
    let names: Vec<&str> = of.iter().flat_map(|a| &a.entries).flat_map(|e| [&*e.code, &*e.label]).collect();
    Some(format!("`{variable}` has no category `{code}`{}", meant(code, &names)))
}

/// The nearest word, as the end of a sentence.
fn meant(word: &str, allowed: &[&str]) -> String {
    nearest(word, allowed).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}
