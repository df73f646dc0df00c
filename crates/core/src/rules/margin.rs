//! The groups that a cell is one category of: the margins of its tables.

use crate::model::{Axis, CellId, Entry, Place, System, Table};

/// A group of records, and the category of a variable that a cell is of it.
pub(super) struct Margin<'a> {
    /// The cell of the whole group.
    pub margin: CellId,
    /// The table that it is seen in.
    pub table: &'a Table,
    /// Where the group stands there.
    pub margin_at: Vec<usize>,
    /// The variable along which the cell is a part of it.
    pub axis: &'a Axis,
    /// The cell's category of that variable.
    pub entry: &'a Entry,
    /// Whether that category tells something sensitive.
    pub sensitive: bool,
}

/// Every group that the cell at a place is one category of, as that table shows it.
pub(super) fn margins(system: &System, place: Place) -> impl Iterator<Item = Margin<'_>> {
    let table = &system.tables[place.table];
    let at = table.entries_at(place.position);
    table.axes.iter().enumerate().filter_map(move |(i, axis)| {
        let entry = axis.entries.get(at[i]).filter(|e| e.level > 0)?;
        let mut margin_at = at.clone();
        margin_at[i] = axis.entries.iter().position(|e| e.level == 0)?;
        let margin = system.cell_at(place.table, &margin_at)?;
        let sensitive = axis.sensitive.holds(at[i]);
        Some(Margin { margin, table, margin_at, axis, entry, sensitive })
    })
}
