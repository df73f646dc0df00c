//! Costs, cells to be kept and partners on a table of four categories by two areas.

use super::keep::same;
use super::partner::preferred;
use super::{Cost, Keep, Partner};
use crate::model::{Axis, Cell, CellId, Contributions, Entry, Exposure, Measure, Place, Role, System, Table};

const OUTCOMES: [&str; 4] = ["Charge", "Caution", "Other", "Not recorded"];
const AREAS: [&str; 2] = ["North", "South"];

fn axis(variable: &str, codes: &[&str], dim: usize) -> Axis {
    let entry = |(i, code): (usize, &&str)| Entry {
        code: i.to_string(),
        label: (*code).to_owned(),
        note: None,
        leaves: vec![i as u32],
        level: 1,
        total: false,
        shown: true,
    };
    let total = Entry { level: 0, total: true, ..entry((9, &"Total")) };
    let (variable, label) = (variable.to_owned(), format!("The {variable}"));
    let entries = codes.iter().enumerate().map(entry).chain([total]).collect();
    Axis { variable, label, role: Role::Row, dim, entries, sensitive: false.into() }
}

/// Outcome by area, all totals printed; cell 3 * outcome + area.
fn system() -> System {
    let table = Table {
        id: "1".to_owned(),
        title: "TABLE 1".to_owned(),
        measure: 0,
        axes: vec![axis("outcome", &OUTCOMES, 0), axis("area", &AREAS, 1)],
        scope: Vec::new(),
        scope_name: String::new(),
        notes: Vec::new(),
    };
    let cell = |position: usize| Cell {
        measure: 0,
        coords: Box::default(),
        value: position as i64,
        persons: None,
        contributions: None,
        exposure: Exposure::Shown,
        places: vec![Place { table: 0, position, shown: true }],
    };
    let cells = (0..table.len()).map(cell).collect();
    let grids = vec![(0..table.len()).map(Some).collect()];
    System { measures: vec![Measure::Records], tables: vec![table], grids, cells, ..System::default() }
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|t| (*t).to_owned()).collect()
}

fn keep(table: Option<&str>, categories: &[(&str, &[&str])]) -> Keep {
    let categories = categories.iter().map(|(v, codes)| ((*v).to_owned(), texts(codes))).collect();
    Keep { table: table.map(str::to_owned), categories, never: false, line: "p.toml:9".to_owned() }
}

/// A condition is by name or label, by code or label; several hold together, and a table alone is all of it.
#[test]
fn cells_to_be_kept() {
    let system = system();
    let cells = |k: Keep| k.cells(&system);
    assert_eq!(cells(keep(None, &[("outcome", &["other"])])), [6, 7, 8]);
    assert_eq!(cells(keep(None, &[("The Outcome", &["2", "Charge"]), ("area", &["Total"])])), [2, 8]);
    assert_eq!(cells(keep(Some("1"), &[])), (0..15).collect::<Vec<CellId>>());
    assert_eq!(cells(keep(Some("2"), &[("area", &["North"])])), [0; 0]);
}

/// What names nothing is told with the nearest word.
#[test]
fn what_is_nowhere_is_told() {
    let system = system();
    let told = |k: Keep| k.idle(&system).unwrap_or_default();
    assert_eq!(told(keep(None, &[("outcome", &["Other"])])), "");
    assert_eq!(
        told(keep(None, &[("outcom", &["Other"])])),
        "what is to stay published (p.toml:9) is nowhere: no table has a variable `outcom`; did you mean `outcome`?"
    );
    assert!(told(keep(None, &[("outcome", &["Chrage"])])).ends_with("no category `Chrage`; did you mean `Charge`?"));
    assert!(told(keep(Some("11"), &[])).contains("there is no table `11`"));
    let partner = Partner {
        variable: "outcome".to_owned(),
        of: Vec::new(),
        prefer: texts(&["Othr"]),
        neighbours: false,
        line: "p.toml:9".to_owned(),
    };
    assert!(partner.idle(&system).is_some_and(|told| told.ends_with("did you mean `Other`?")));
}

/// Listed partners are all cells of their category once a cell that asks for them is unsafe; neighbours only those beside
/// it, and no total.
#[test]
fn partners() {
    let system = system();
    let marked = |of: &[&str], prefer: &[&str], neighbours, primary: &[CellId]| -> Vec<CellId> {
        let partner = Partner {
            variable: "outcome".to_owned(),
            of: texts(of),
            prefer: texts(prefer),
            neighbours,
            line: String::new(),
        };
        let primary: Vec<bool> = (0..15).map(|c| primary.contains(&c)).collect();
        let found = preferred(&[partner], &system, &primary);
        (0..15).filter(|&c| found[c]).collect()
    };
    assert_eq!(marked(&["Charge"], &["Other"], false, &[0]), [6, 7, 8]);
    assert_eq!(marked(&["Charge"], &["Other"], false, &[3]), [0; 0], "a caution asks for no partner");
    assert_eq!(marked(&[], &["Other"], false, &[3]), [6, 7, 8]);
    assert_eq!(marked(&[], &["Other"], false, &[12]), [0; 0], "nor does the total of all outcomes");
    assert_eq!(marked(&[], &[], true, &[4]), [1, 7]);
    assert_eq!(marked(&[], &[], true, &[9]), [6]);
}

/// Who is behind a cell: contributors of a sum before persons, persons before records, records where nobody is named; weights
/// as they are added up.
#[test]
fn amounts() {
    let mut system = system();
    system.cells[1].persons = Some(2);
    system.cells[3].persons = Some(9);
    system.cells[3].contributions = Some(Contributions { count: 4, ..Contributions::default() });
    system.weights = (0..15).map(|w| 10 * w).collect();
    let of = |cost: &Cost| [1, 2, 3].map(|cell| cost.amount(&system, cell));
    assert_eq!(of(&Cost::Contributors), [2, 2, 4]);
    assert_eq!(of(&Cost::Column("w".to_owned())), [10, 20, 30]);
    assert_eq!(of(&Cost::Counts), [1, 1, 1]);
    assert_eq!([0, 1, 7].map(Cost::Counts.of_value()), [1, 1, 7]);
    assert_eq!([0, 99].map(Cost::Log.of_value()), [1, 461]);
}

/// Every cost is read as it is written.
#[test]
fn spellings() {
    for text in ["cells", "counts", "log", "contributors", "column=weight of it"] {
        assert_eq!(text.parse::<Cost>().map(|c| c.to_string()), Ok(text.to_owned()));
    }
    assert_eq!("column = w".parse(), Ok(Cost::Column("w".to_owned())));
    for text in ["", "value", "column=", "column", "weights=w", "Counts"] {
        assert!(text.parse::<Cost>().is_err(), "{text}");
    }
    assert!(same(" Other", "OTHER") && !same("Other", "Others"));
}
