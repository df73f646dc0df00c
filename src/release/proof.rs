//! The public proof of a release: the tables as they are printed, what is taken for known, and other tables that fit all of it,
//! as differences to one common table. Nothing in it is known to those alone who have the records: the common table was found
//! without them. `docs/reference/proof.md` says what each part means, and `tools/verify.py` checks it.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::model::{Interval, LeafSet, Measure};

/// A variable, its dimension, and its printed entries: a code and a set of classes each.
pub type ProofAxis = (String, usize, Vec<(String, LeafSet)>);

/// A measure, and what a reader knows of its cells beforehand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofMeasure {
    /// What is counted.
    pub measure: Measure,
    /// The values that the sign of a withheld figure stands for.
    pub sign: Interval,
    /// The least that a figure other than zero can be.
    pub least: i64,
}

/// A dense grid of cells, bound by the sets of classes that its nodes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofGrid {
    /// Index of its measure.
    pub measure: usize,
    /// The dimensions that it spans, in rising order, each with the classes of its nodes.
    pub dims: Vec<(usize, Vec<LeafSet>)>,
}

/// What is printed in one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofFigure {
    /// The true value.
    Exact(i64),
    /// A figure that stands for these values.
    Replaced(i64, Interval),
    /// The sign of a withheld figure.
    Withheld,
    /// Nothing can be there.
    NotApplicable,
}

/// A printed table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofTable {
    /// Short name.
    pub id: String,
    /// Title as printed.
    pub title: String,
    /// Index of its measure.
    pub measure: usize,
    /// The part of the records that it is about: a set of classes per dimension.
    pub scope: Vec<(usize, LeafSet)>,
    /// Per axis its variable, its dimension, and its printed entries: a code and a set of classes each.
    pub axes: Vec<ProofAxis>,
    /// The cells, last axis fastest.
    pub figures: Vec<ProofFigure>,
}

/// Cells in no grid, and what binds them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProofMore {
    /// How many.
    pub cells: usize,
    /// Terms (a cell and its coefficient) and constant of each relation.
    pub relations: Vec<(Vec<(usize, i64)>, i64)>,
}

/// What is shown of one cell that is not printed as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofCell {
    /// The cell, by its number in the proof.
    pub cell: usize,
    /// The tables that show a value each: indices of moves; `None` is the common table.
    pub shown_by: Vec<Option<usize>>,
    /// Values of the hidden band that no table shows.
    pub unshown: Vec<i64>,
}

/// The proof.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Title of the release.
    pub title: String,
    /// Its reference.
    pub reference: Option<String>,
    /// Short name, version and public fingerprint of the policy.
    pub policy: [String; 3],
    /// The program that made it.
    pub tool: String,
    /// The counts that the policy hides.
    pub hidden: Option<(i64, i64)>,
    /// How much of them must remain possible, as a policy spells it.
    pub protection: String,
    /// What is counted.
    pub measures: Vec<ProofMeasure>,
    /// Per dimension its name and how many classes it has.
    pub dimensions: Vec<(String, usize)>,
    /// The printed tables.
    pub tables: Vec<ProofTable>,
    /// The grids; their cells are numbered in their order.
    pub grids: Vec<ProofGrid>,
    /// What is beyond them.
    pub more: ProofMore,
    /// The common table: the values of all cells that are not printed as they are, by number.
    pub common: Vec<i64>,
    /// Other tables, as differences to it.
    pub moves: Vec<Vec<(usize, i64)>>,
    /// What is shown of the cells.
    pub promises: Vec<ProofCell>,
}

/// A set of classes as runs of neighbours.
fn runs(set: &LeafSet) -> Value {
    let mut runs: Vec<[u32; 2]> = Vec::new();
    for &class in set {
        match runs.last_mut() {
            Some(last) if last[1].checked_add(1) == Some(class) => last[1] = class,
            _ => runs.push([class, class]),
        }
    }
    json!(runs)
}

fn bounds(interval: Interval) -> Value {
    json!([interval.lo, interval.hi])
}

impl ProofFigure {
    fn json(self) -> Value {
        match self {
            ProofFigure::Exact(value) => json!(value),
            ProofFigure::Replaced(shown, behind) => json!([shown, behind.lo, behind.hi]),
            ProofFigure::Withheld => json!("w"),
            ProofFigure::NotApplicable => Value::Null,
        }
    }
}

impl ProofMeasure {
    fn json(&self) -> Value {
        let mut value = match &self.measure {
            Measure::Records => json!({"counts": "records"}),
            Measure::Persons => json!({"counts": "persons"}),
            Measure::Sum { column, decimals, .. } => json!({"sums": column, "decimals": decimals}),
        };
        value["sign"] = bounds(self.sign);
        value["least"] = json!(self.least);
        value
    }
}

impl ProofTable {
    fn json(&self) -> Value {
        let scope: Vec<Value> = self.scope.iter().map(|(dim, set)| json!([dim, runs(set)])).collect();
        let entry = |(code, set): &(String, LeafSet)| json!([code, runs(set)]);
        let axis = |(variable, dim, entries): &(String, usize, Vec<(String, LeafSet)>)| {
            let entries: Vec<Value> = entries.iter().map(entry).collect();
            json!({"variable": variable, "dimension": dim, "entries": entries})
        };
        let axes: Vec<Value> = self.axes.iter().map(axis).collect();
        let figures: Vec<Value> = self.figures.iter().map(|f| f.json()).collect();
        json!({"id": self.id, "title": self.title, "measure": self.measure, "scope": scope, "axes": axes, "figures": figures})
    }
}

impl ProofGrid {
    fn json(&self) -> Value {
        let dim = |(dim, nodes): &(usize, Vec<LeafSet>)| {
            let nodes: Vec<Value> = nodes.iter().map(runs).collect();
            json!({"dimension": dim, "nodes": nodes})
        };
        let dims: Vec<Value> = self.dims.iter().map(dim).collect();
        json!({"measure": self.measure, "dimensions": dims})
    }
}

/// Pairs in one flat list.
fn flat(pairs: &[(usize, i64)]) -> Value {
    Value::Array(pairs.iter().flat_map(|&(cell, by)| [json!(cell), json!(by)]).collect())
}

/// A list with an element on each line.
fn list(out: &mut dyn Write, name: &str, items: impl Iterator<Item = Value>, end: &str) -> io::Result<()> {
    write!(out, "\"{name}\": [")?;
    for (i, item) in items.enumerate() {
        out.write_all(if i == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &item)?;
    }
    writeln!(out, "]{end}")
}

impl Proof {
    /// Writes it as JSON, an element of its lists on each line.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let [id, version, fingerprint] = &self.policy;
        writeln!(out, "{{\"format\": \"tabsafe-proof\", \"version\": 1,")?;
        writeln!(out, "\"title\": {}, \"reference\": {},", json!(self.title), json!(self.reference))?;
        let policy = json!({"id": id, "version": version, "fingerprint": fingerprint});
        writeln!(out, "\"policy\": {policy}, \"tool\": {},", json!(self.tool))?;
        let hidden = self.hidden.map(|(lo, hi)| [lo, hi]);
        writeln!(out, "\"reader\": {},", json!({"hidden": hidden, "protection": self.protection}))?;
        list(out, "measures", self.measures.iter().map(ProofMeasure::json), ",")?;
        let dimension = |(name, classes): &(String, usize)| json!({"name": name, "classes": classes});
        list(out, "dimensions", self.dimensions.iter().map(dimension), ",")?;
        list(out, "tables", self.tables.iter().map(ProofTable::json), ",")?;
        list(out, "grids", self.grids.iter().map(ProofGrid::json), ",")?;
        let relation = |(terms, constant): &(Vec<(usize, i64)>, i64)| json!([flat(terms), constant]);
        let relations: Vec<Value> = self.more.relations.iter().map(relation).collect();
        writeln!(out, "\"more\": {},", json!({"cells": self.more.cells, "relations": relations}))?;
        writeln!(out, "\"common\": {},", json!(self.common))?;
        list(out, "moves", self.moves.iter().map(|m| flat(m)), ",")?;
        let index = |m: &Option<usize>| m.map_or(json!(-1), |m| json!(m));
        let promise = |p: &ProofCell| json!([p.cell, p.shown_by.iter().map(index).collect::<Vec<_>>(), p.unshown]);
        list(out, "promises", self.promises.iter().map(promise), "}")
    }
}
