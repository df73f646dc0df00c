//! The tables: each with its axes, their categories and totals, and the part of the records it is about.

use std::collections::BTreeSet;

use crate::model::{Axis, DimId, Entry, LeafSet, Measure, Role, Table};
use crate::read::Error;
use crate::spec::{Spec, TableSpec, Variable};

use super::classes::Classed;
use super::classify::{Classifier, Kind};
use super::dims::Dims;
use super::{measure, sums};

/// Every table of the specification.
pub(super) fn tables(
    spec: &Spec,
    classifiers: &[Classifier],
    classed: &[Classed],
    dims: &Dims,
    measures: &[Measure],
) -> Result<Vec<Table>, Error> {
    let maker = Maker { classifiers, classed, dims };
    let sums = sums(spec);
    let one = |table: &TableSpec| {
        let wanted = measure(&table.measure, &sums);
        let axes = table.axes.iter().map(|&(v, role)| maker.axis(v, role, table.margins)).collect::<Result<_, _>>()?;
        Ok(Table {
            id: table.id.clone(),
            title: table.title.clone(),
            measure: measures.iter().position(|m| *m == wanted).unwrap_or(0),
            axes,
            scope: maker.scope(table)?,
            scope_name: table.scope_name.clone(),
            notes: table.notes.clone(),
        })
    };
    spec.tables.iter().map(one).collect()
}

struct Maker<'a> {
    classifiers: &'a [Classifier<'a>],
    classed: &'a [Classed],
    dims: &'a Dims,
}

impl<'a> Maker<'a> {
    fn variable(&self, wanted: usize) -> Result<(usize, &'a Variable), Error> {
        let found = self.classifiers.iter().enumerate().find_map(|(c, classifier)| match classifier.kind {
            Kind::Variable(v, variable) if v == wanted => Some((c, variable)),
            _ => None,
        });
        found.ok_or_else(|| Error::internal("a table uses a variable that was not tabulated"))
    }

    fn axis(&self, variable: usize, role: Role, margins: bool) -> Result<Axis, Error> {
        let (c, variable) = self.variable(variable)?;
        let classed = &self.classed[c];
        let mut entries: Vec<Entry> = (classed.entries.iter())
            .map(|group| Entry {
                code: group.code.clone(),
                label: group.label.clone(),
                note: group.note.clone(),
                leaves: self.dims.leaves(c, &group.classes.iter().copied().collect()),
                level: group.level,
                total: group.total,
                shown: true,
            })
            .collect();
        entries.push(Entry {
            code: variable.total_code.clone(),
            label: variable.total_label(role).to_owned(),
            note: None,
            leaves: self.dims.leaves(c, &classed.kept().collect()),
            level: 0,
            total: true,
            shown: margins,
        });
        Ok(Axis {
            variable: variable.name.clone(),
            label: variable.label.clone(),
            role,
            dim: self.dims.of(c),
            entries,
            sensitive: variable.sensitive.into(),
        })
    }

    /// The part of the records that a table is about.
    fn scope(&self, table: &TableSpec) -> Result<Vec<(DimId, LeafSet)>, Error> {
        let mut scope = Vec::new();
        if let Some(sql) = &table.filter {
            let is_it = |c: &Classifier| matches!(c.kind, Kind::Filter(other) if other.text == sql.text);
            let c = self.classifiers.iter().position(is_it);
            let c = c.ok_or_else(|| Error::internal("a table has a filter that was not tabulated"))?;
            scope.push((self.dims.of(c), self.dims.leaves(c, &BTreeSet::from([0]))));
        }
        for (v, codes) in &table.only {
            let (c, variable) = self.variable(*v)?;
            let mut classes = BTreeSet::new();
            for code in codes {
                let group = self.classed[c].entries.iter().find(|g| g.code == *code).ok_or_else(|| {
                    Error::usage(format!(
                        "table `{}` is restricted to `{code}`, but no record has that category of `{}`",
                        table.id, variable.name
                    ))
                })?;
                classes.extend(group.classes.iter().copied());
            }
            scope.push((self.dims.of(c), self.dims.leaves(c, &classes)));
        }
        Ok(scope)
    }
}
