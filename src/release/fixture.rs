//! A small release made by hand: two linked tables of the same nine offences.
//!
//! Written against the library's public face, so that the tests of the binary can include it too.

use tabsafe::attack::{Audit, CellAudit, Witness};
use tabsafe::model::{
    Answer, Axis, Cell, CellId, Choice, Dimension, Entry, Exemption, Exposure, Finding, Harm, Interval, Measure, Place,
    Protection, Question, Relation, Role, Severity, Space, System, Table, Treatment, Verdict,
};
use tabsafe::release::{CellNote, Header, Markers};

/// A value of no other cell, so that a search for its digits finds a leak and nothing else.
pub const SECRET: i64 = 7_310_003;
/// The same for a cell that only protects others.
pub const SECONDARY: i64 = 9_870_011;

fn entry(code: &str, label: &str, leaves: Vec<u32>, total: bool) -> Entry {
    let note = label.ends_with('*').then(|| "to 16 July 2015".to_owned());
    let level = if total { 0 } else { 1 };
    Entry { code: code.to_owned(), label: label.to_owned(), note, leaves, level, total, shown: true }
}

fn axis(variable: &str, label: &str, role: Role, dim: usize, names: [(&str, &str); 2], total: &str) -> Axis {
    let mut entries: Vec<Entry> =
        (0_u32..).zip(names).map(|(leaf, (code, label))| entry(code, label, vec![leaf], false)).collect();
    entries.push(entry("Total", total, vec![0, 1], true));
    Axis { variable: variable.to_owned(), label: label.to_owned(), role, dim, entries, sensitive: false.into() }
}

fn table(id: &str, axes: Vec<Axis>, scope: &str, notes: &[&str]) -> Table {
    Table {
        id: id.to_owned(),
        title: format!("TABLE {id}"),
        measure: 0,
        axes,
        scope: Vec::new(),
        scope_name: scope.to_owned(),
        notes: notes.iter().map(|n| (*n).to_owned()).collect(),
    }
}

const YEARS: [(&str, &str); 2] = [("2014", "2014"), ("2015", "2015*")];
const AGES: [(&str, &str); 2] = [("u10", "Under 10"), ("10+", "10 and over")];

/// Table 1: years. Table 2: victim age by year; its last row is table 1. One cell cannot exist.
pub fn system() -> System {
    let mut space = Space::default();
    for name in ["age", "year"] {
        let mut dim = Dimension::new(name, 2);
        dim.intern(vec![0], &format!("{name} 0"));
        dim.intern(vec![1], &format!("{name} 1"));
        space.dims.push(dim);
    }
    let mut last_age = axis("age", "Victim Age", Role::Row, 0, AGES, "Grand Total");
    last_age.entries.insert(2, entry("none", "Without age", vec![], false));
    let tables = vec![
        table("1", vec![axis("year", "Year", Role::Row, 1, YEARS, "Grand Total")], "", &[]),
        table("2", vec![last_age, axis("year", "Year", Role::Column, 1, YEARS, "Total")], "", &["Recorded age."]),
    ];
    let values = [
        (SECRET, [0, 1], vec![(1, 0)]),
        (0, [0, 2], vec![(1, 1)]),
        (SECRET, [0, 0], vec![(1, 2)]),
        (SECONDARY, [1, 1], vec![(1, 3)]),
        (6, [1, 2], vec![(1, 4)]),
        (SECONDARY + 6, [1, 0], vec![(1, 5)]),
        (SECRET + SECONDARY, [2, 1], vec![(1, 9), (0, 0)]),
        (6, [2, 2], vec![(1, 10), (0, 1)]),
        (SECRET + SECONDARY + 6, [2, 0], vec![(1, 11), (0, 2)]),
    ];
    let mut grids = vec![vec![None; 3], vec![None; 12]];
    let mut cells = Vec::new();
    for (id, (value, coords, places)) in values.into_iter().enumerate() {
        let places: Vec<Place> =
            places.into_iter().map(|(table, position)| Place { table, position, shown: true }).collect();
        for place in &places {
            grids[place.table][place.position] = Some(id);
        }
        let coords = coords.into();
        let exposure = Exposure::Shown;
        cells.push(Cell { measure: 0, coords, value, persons: None, contributions: None, exposure, places });
    }
    let relations = vec![
        Relation::total(2, [0, 1]),
        Relation::total(5, [3, 4]),
        Relation::total(8, [6, 7]),
        Relation::total(6, [0, 3]),
        Relation::total(7, [1, 4]),
        Relation::total(8, [2, 5]),
    ];
    let measures = vec![Measure::Records];
    System { space, measures, tables, grids, cells, relations, ..System::default() }
}

/// Cells 0 and 2 (children under 10) are unsafe; 3 and 5 protect them.
pub fn protection() -> Protection {
    let mut treatments = vec![Treatment::Publish; 9];
    for (cell, primary) in [(0, true), (2, true), (3, false), (5, false)] {
        treatments[cell] = Treatment::Withhold { primary };
    }
    Protection {
        treatments,
        method: "optimal",
        loss: 12,
        bound: 12,
        failed: Vec::new(),
        limit_reached: false,
        witnesses: Vec::new(),
        choice: Choice::Cheapest,
    }
}

/// Every withheld cell could be a good deal smaller or larger.
pub fn audit() -> Audit {
    let attacked = |cell: CellId| CellAudit {
        cell,
        interval: Interval::new(1, 4),
        bounds: Interval::new(1, 4).into(),
        exact: true,
        outer: Interval::new(1, 4),
        low: Witness(std::sync::Arc::new(vec![(0, 1), (2, 1)])),
        high: Witness(std::sync::Arc::new(vec![(0, 4), (2, 4)])),
        protected: true,
    };
    let cells = [0, 2, 3, 5].map(attacked).to_vec();
    Audit { verdict: Verdict::Safe, cells, leaks: Vec::new(), open: Vec::new() }
}

/// What a threshold of 5 would say of cells 0 and 2.
pub fn findings() -> Vec<Finding> {
    [0, 2]
        .map(|cell| Finding {
            cell,
            rule: "threshold",
            reason: format!("{SECRET} is below the threshold of 5"),
            harm: Harm::Small { lo: 1, hi: 4 },
            policy_line: "policies/police-foi.toml:12".to_owned(),
            severity: Severity::Unsafe,
        })
        .to_vec()
}

/// A header with every part in use.
pub fn header() -> Header {
    Header {
        title: "Grooming offences".to_owned(),
        reference: Some("2572/15".to_owned()),
        source: Some("Crime records".to_owned()),
        unit: "offence".to_owned(),
        policy_id: "police-foi".to_owned(),
        policy_version: "1".to_owned(),
        policy_fingerprint: "f00d".to_owned(),
        public_fingerprint: "ab1cd2ef".repeat(8),
        spec_fingerprint: "beef".to_owned(),
        tool_version: "0.1.0".to_owned(),
        closing: vec!["Nothing else is confirmed or denied.".to_owned()],
        notes: Vec::new(),
        markers: Markers {
            withheld: "[c]".to_owned(),
            zero: "-".to_owned(),
            not_applicable: "[z]".to_owned(),
            rounds_to_zero: Some("[low]".to_owned()),
        },
        withheld_band: Some((1, 4)),
        never_zero: true,
        rounding_base: None,
        replaced: None,
        noise: false,
        cell_notes: vec![CellNote {
            table: "2".to_owned(),
            at: vec![("age".to_owned(), "10+".to_owned()), ("year".to_owned(), "2015".to_owned())],
            mark: "#".to_owned(),
            text: "one recorded late".to_owned(),
        }],
        terms: tabsafe::release::Terms::default(),
        answer: Some(answer()),
    }
}

/// An answer with every part in use; its question names table 2, so table 1 comes after it.
fn answer() -> Answer {
    let said = |text: &str| vec![text.to_owned()];
    Answer {
        received: Some("3 August 2015".to_owned()),
        signed: Some("Information officer".to_owned()),
        opening: said("Thank you for your request."),
        questions: vec![Question {
            text: "How many victims, by age & year?".to_owned(),
            tables: said("2"),
            reply: said("The table counts offences."),
        }],
        exemptions: vec![Exemption {
            section: "section 40(2)".to_owned(),
            title: Some("Personal information".to_owned()),
            covers: None,
            because: said("A child could be recognised."),
            public_interest: said("The exemption is absolute."),
        }],
        advice: said("Figures for all ages are given in full."),
        neither: said("Nor is it said whether <more> is held."),
        review: said("Write to the review officer within 40 days."),
    }
}
