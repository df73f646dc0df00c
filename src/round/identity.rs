//! Which cell is meant, whatever the table and the run: what a draw for it is bound to.

use super::Work;
use crate::model::{CellId, Dimension, Measure};

/// A cell in bytes that are the same in every table and run, as long as its categories keep their names: its measure, its
/// categories by name, and its value. With the value in it, a group that has changed is drawn anew, as if by the keys
/// of its records.
pub(super) fn identity(work: &Work, cell: CellId) -> Vec<u8> {
    let system = work.system;
    let cell = &system.cells[cell];
    let measure = match system.measures.get(cell.measure) {
        Some(Measure::Records) | None => "records".to_owned(),
        Some(Measure::Persons) => "persons".to_owned(),
        Some(Measure::Sum { column, .. }) => format!("sum {column}"),
    };
    let nodes = cell.coords.iter().zip(&system.space.dims).filter(|&(&node, _)| node != Dimension::ROOT);
    let mut parts: Vec<String> = nodes
        .map(|(&node, dim)| {
            let node = dim.node(node);
            // a group without a name stands in no table of its own
            if node.name.is_empty() { format!("{} {:?}", dim.name, node.leaves) } else { node.name.clone() }
        })
        .collect();
    parts.sort_unstable();
    parts.push(measure);
    parts.push(cell.value.to_string());
    let mut bytes = Vec::new();
    for part in parts {
        // lengths keep "ab" + "c" and "a" + "bc" apart
        bytes.extend((part.len() as u64).to_le_bytes());
        bytes.extend(part.as_bytes());
    }
    bytes
}
