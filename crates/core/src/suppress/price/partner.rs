//! From which categories the secondary cells of others are taken.

use super::keep::{among, is_named, unknown};
use crate::model::{Axis, System, Table};

/// Preferred partners: where a cell of some category is unsafe, the cells withheld to protect it are taken from these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// Name or label of the variable.
    pub variable: String,
    /// Codes or labels of the categories that need a partner; empty: all of them.
    pub of: Vec<String>,
    /// Codes or labels of the partners.
    pub prefer: Vec<String>,
    /// Whether the categories before and after the unsafe one are partners too.
    pub neighbours: bool,
    /// Where it is asked for: `policies/ours.toml:12`.
    pub line: String,
}

impl Partner {
    /// What it names and no table has, in a sentence.
    pub(super) fn idle(&self, system: &System) -> Option<String> {
        let named: Vec<String> = self.of.iter().chain(&self.prefer).cloned().collect();
        let why = unknown(system, &self.variable, &named)?;
        Some(format!("a preferred partner ({}) does not apply as written: {why}", self.line))
    }
}

/// Per cell, whether it is one of a preferred partner.
pub(super) fn preferred(partners: &[Partner], system: &System, primary: &[bool]) -> Vec<bool> {
    let mut preferred = vec![false; system.cells.len()];
    for partner in partners {
        for (t, table) in system.tables.iter().enumerate() {
            let Some(along) = table.axes.iter().position(|a| is_named(a, &partner.variable)) else { continue };
            let grid = system.grids.get(t).map(Vec::as_slice).unwrap_or_default();
            let mut mark = |at: &[usize]| {
                if let Some(cell) = grid.get(table.position(at)).copied().flatten() {
                    preferred[cell] = true;
                }
            };
            let asking = asking(partner, table, along, grid, primary);
            if !asking.is_empty() {
                let wanted = among(&table.axes[along], &partner.prefer);
                let all = (0..grid.len()).map(|position| table.entries_at(position));
                all.filter(|at| wanted[at[along]]).for_each(|at| mark(&at));
            }
            for at in asking.iter().filter(|_| partner.neighbours) {
                for entry in neighbours(&table.axes[along], at[along]) {
                    let mut beside = at.clone();
                    beside[along] = entry;
                    mark(&beside);
                }
            }
        }
    }
    preferred
}

/// The places of a table's unsafe cells that ask for a partner.
fn asking(partner: &Partner, table: &Table, along: usize, grid: &[Option<usize>], primary: &[bool]) -> Vec<Vec<usize>> {
    let axis = &table.axes[along];
    let named = among(axis, &partner.of);
    let of = |entry: usize| if partner.of.is_empty() { !axis.entries[entry].total } else { named[entry] };
    let unsafe_cells = (0..grid.len()).filter(|&p| grid[p].is_some_and(|cell| primary[cell]));
    unsafe_cells.map(|p| table.entries_at(p)).filter(|at| of(at[along])).collect()
}

/// The entries next to one on the same level, without a coarser one between.
fn neighbours(axis: &Axis, entry: usize) -> impl Iterator<Item = usize> {
    let level = |e: &usize| axis.entries[*e].level;
    let own = level(&entry);
    let first = |mut side: Box<dyn Iterator<Item = usize>>| side.find(|e| level(e) <= own).filter(|e| level(e) == own);
    let before = first(Box::new((0..entry).rev()));
    let after = first(Box::new(entry + 1..axis.entries.len()));
    before.into_iter().chain(after)
}
