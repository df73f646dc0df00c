//! Which cell is meant, whatever the table and the run: what a draw for it is bound to.

use super::Work;
use crate::model::{CellId, Dimension, Measure};

/// A cell in bytes that are the same in every table and run: what it counts, its value, and the sum of the keys of its
/// records, so that the same group of records is the same whatever it is called. Where the keys are not known, its
/// categories by name take their place.
pub(super) fn identity(work: &Work, id: CellId) -> Vec<u8> {
    let system = work.system;
    let cell = &system.cells[id];
    let measure = match system.measures.get(cell.measure) {
        Some(Measure::Records) | None => "records".to_owned(),
        Some(Measure::Persons) => "persons".to_owned(),
        Some(Measure::Sum { column, .. }) => format!("sum {column}"),
    };
    let mut parts = match system.keys.as_ref().and_then(|keys| keys.cells.get(id)) {
        Some(key) => vec![format!("{key:032x}")],
        None => categories(work, id),
    };
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

/// The names of a cell's categories, in a fixed order.
fn categories(work: &Work, id: CellId) -> Vec<String> {
    let system = work.system;
    let nodes = system.cells[id].coords.iter().zip(&system.space.dims).filter(|&(&node, _)| node != Dimension::ROOT);
    let mut names: Vec<String> = nodes
        .map(|(&node, dim)| {
            let node = dim.node(node);
            // a group without a name stands in no table of its own
            if node.name.is_empty() { format!("{} {:?}", dim.name, node.leaves) } else { node.name.clone() }
        })
        .collect();
    names.sort_unstable();
    names
}
