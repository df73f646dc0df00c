//! Systems with keys for tests.

use std::path::Path;

use super::{Folder, PerturbError, Perturbation, Perturbed, Work, apply, find};
use crate::model::{Cell, CellKeys, Contributions, Exposure, Measure, Modulus, System};
use crate::parameter::{arguments, call};
use crate::secret::Key;

/// A secret for tests.
pub(crate) const KEY: &[u8] = b"a key for tests, of no use to anybody";

/// A method from its spelling, which a policy would write in a table.
pub(crate) fn method(text: &str) -> Box<dyn Perturbation> {
    try_method(text, &Folder::default()).unwrap_or_else(|told| panic!("{text}: {told}"))
}

/// The same, or what is wrong with it.
pub(crate) fn try_method(text: &str, folder: &Folder) -> Result<Box<dyn Perturbation>, String> {
    let call = call(text).expect("a call");
    let entry = find(call.name).expect("a method");
    let given = arguments(&call, entry.parameters).expect("arguments");
    let told = |faults: Vec<crate::diag::Fault>| {
        faults
            .iter()
            .map(|f| format!("{} ({})", f.message, f.help.clone().unwrap_or_default()))
            .collect::<Vec<_>>()
            .join("; ")
    };
    entry.build(&given, folder).map_err(told)
}

/// A file of the tests' data.
pub(crate) fn data(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/perturb").join(name);
    std::fs::read_to_string(path).expect("data")
}

/// Printed cells of these values, with no relations, and keys.
pub(crate) fn cells(
    measure: Measure,
    values: &[(i64, Option<Contributions>)],
    modulus: Modulus,
    keys: Vec<u128>,
) -> System {
    let cell = |(value, contributions): &(i64, Option<Contributions>)| Cell {
        measure: 0,
        coords: Box::default(),
        value: *value,
        persons: None,
        contributions: contributions.clone(),
        exposure: Exposure::Shown,
        places: Vec::new(),
    };
    let cells = values.iter().map(cell).collect();
    System { measures: vec![measure], cells, keys: Some(CellKeys { modulus, cells: keys }), ..System::default() }
}

/// Counts, each with a key.
pub(crate) fn counts(values: &[i64], modulus: Modulus, keys: Vec<u128>) -> System {
    let values: Vec<_> = values.iter().map(|&v| (v, None)).collect();
    cells(Measure::Records, &values, modulus, keys)
}

/// Different groups of records: sums of hashes, which look like any numbers.
pub(crate) fn keys(from: u64, many: u64) -> Vec<u128> {
    let key = Key::from_bytes(KEY).expect("a key");
    let one = |i: u64| key.hash(&[b"group", &i.to_le_bytes()]).iter().take(16).fold(0, |n, &b| n << 8 | u128::from(b));
    (from..from + many).map(one).collect()
}

/// What a method makes of a system, with the secret of tests.
pub(crate) fn run(method: &dyn Perturbation, system: &System) -> Result<Perturbed, PerturbError> {
    with_key(method, system, KEY)
}

/// The same with another secret.
pub(crate) fn with_key(method: &dyn Perturbation, system: &System, key: &[u8]) -> Result<Perturbed, PerturbError> {
    let key = Key::from_bytes(key).expect("a key");
    apply(
        method,
        &Work { system, key: Some(&key), unsafe_cells: &vec![false; system.cells.len()], release: "a release" },
    )
}

/// The published values.
pub(crate) fn published(perturbed: &Perturbed) -> Vec<i64> {
    let shown = |t: &crate::model::Treatment| match t {
        crate::model::Treatment::Replace { by, .. } => *by,
        other => panic!("not replaced: {other:?}"),
    };
    perturbed.protection.treatments.iter().map(shown).collect()
}
