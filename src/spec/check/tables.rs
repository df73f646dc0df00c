//! `[[tables]]`: each table against the variables.

use std::collections::BTreeMap;

use toml::Spanned;

use super::Check;
use crate::diag::Fault;
use crate::model::Role;
use crate::spec::written::{self, Choice, SumChoice, Text};
use crate::spec::{Category, CellNote, Classes, KeepCells, MeasureSpec, Missing, TableSpec, Variable};

/// A sum is kept in whole units of its last decimal; more digits than this leave no room for the number.
const MOST_DECIMALS: u32 = 9;

impl Check {
    /// Every table, in the order written.
    pub(super) fn tables(
        &mut self,
        written: Vec<Spanned<written::Table>>,
        variables: &[Variable],
        persons: bool,
    ) -> Vec<TableSpec> {
        if written.is_empty() {
            self.absent(Fault::new("no table").help("ask for one: [[tables]] title = \"TABLE 1\" rows = [\"year\"]"));
        }
        let mut tables: Vec<TableSpec> = Vec::new();
        for (i, table) in written.into_iter().enumerate() {
            let id_place = table.get_ref().id.as_ref().map_or(table.span(), Spanned::span);
            let table = self.table(i, table, variables, persons);
            if let Some(other) = tables.iter().find(|t| t.id == table.id) {
                let fault = Fault::at(id_place, format!("two tables have the id `{}`", table.id));
                self.fault(fault.help(format!("the other one stands in line {}", other.line)));
            }
            tables.push(table);
        }
        tables
    }

    fn table(&mut self, i: usize, table: Spanned<written::Table>, variables: &[Variable], persons: bool) -> TableSpec {
        let place = table.span();
        let table = table.into_inner();
        if table.rows.is_empty() {
            let fault = Fault::at(place.clone(), "the table has no rows");
            self.absent(fault.help(format!("rows = [\"NAME\"], one of {}", names(variables))));
        }
        let mut axes: Vec<(usize, Role)> = Vec::new();
        let roles = [(table.rows, Role::Row), (table.columns, Role::Column), (table.layers, Role::Layer)];
        for (name, role) in roles.into_iter().flat_map(|(names, role)| names.into_iter().map(move |n| (n, role))) {
            let Some(v) = self.find(&name, variables) else { continue };
            if axes.iter().any(|(other, _)| *other == v) {
                let fault = Fault::at(name.span(), format!("`{}` stands twice in the table", name.get_ref()));
                self.fault(fault.help("a variable stands in rows, columns or layers, once"));
            } else {
                axes.push((v, role));
            }
        }
        let only = self.only(table.only, variables);
        if let (Some(filter), None) = (&table.filter, &table.scope) {
            let fault = Fault::at(filter.span(), "a table with `where` needs words for its part of the records");
            self.absent(fault.help("write scope = \"victims under 10\" (findings and reports use it)"));
        }
        let measure = self.measure(table.measure, persons);
        let cell_notes = table.cell_notes.into_iter().map(|n| self.cell_note(n, variables, &axes)).collect();
        let keep = table.keep.into_iter().map(|k| self.keep(k, variables, &axes)).collect();
        TableSpec {
            id: self.filled(table.id).unwrap_or_else(|| (i + 1).to_string()),
            title: self.needed(table.title, Some(place.clone()), "the table has no title", "write title = \"TABLE 1\""),
            scope_name: self.filled(table.scope).unwrap_or_else(|| scope_name(&only, variables)),
            axes,
            filter: self.sql(table.filter),
            only,
            measure,
            margins: table.margins.unwrap_or(true),
            notes: table.notes.into_iter().filter_map(|n| self.filled(Some(n))).collect(),
            cell_notes,
            keep,
            line: self.line(&place),
        }
    }

    pub(super) fn find(&mut self, name: &Text, variables: &[Variable]) -> Option<usize> {
        let found = variables.iter().position(|v| v.name == *name.get_ref());
        if found.is_none() {
            let known: Vec<&str> = variables.iter().map(|v| v.name.as_str()).collect();
            let fault = Fault::at(name.span(), format!("no variable is called `{}`", name.get_ref()));
            self.fault(fault.allowed(name.get_ref(), &known));
        }
        found
    }

    /// A variable of this table.
    fn find_here(&mut self, name: &Text, variables: &[Variable], axes: &[(usize, Role)]) -> Option<usize> {
        let found = self.find(name, variables)?;
        if axes.iter().any(|(axis, _)| *axis == found) {
            return Some(found);
        }
        let fault = Fault::at(name.span(), format!("`{}` does not stand in this table", name.get_ref()));
        let here: Vec<&str> = axes.iter().map(|(axis, _)| variables[*axis].name.as_str()).collect();
        self.fault(fault.allowed(name.get_ref(), &here));
        None
    }

    /// Cells that are to stay published; without categories, all of the table.
    fn keep(&mut self, keep: Spanned<written::Keep>, variables: &[Variable], axes: &[(usize, Role)]) -> KeepCells {
        let line = self.line(&keep.span());
        let keep = keep.into_inner();
        let mut categories = Vec::new();
        for (name, codes) in keep.categories {
            let Some(v) = self.find_here(&name, variables, axes) else { continue };
            if codes.get_ref().is_empty() {
                self.absent(Fault::at(codes.span(), "no category in the list").help("name at least one"));
            }
            let codes = codes.into_inner();
            self.repeated(&codes, "category");
            categories.push((v, codes.into_iter().map(|code| self.code(code, &variables[v], true)).collect()));
        }
        KeepCells { categories, never: keep.never.unwrap_or_default(), line }
    }

    /// A code of a variable; where the categories are known only from the data, any code will do for now.
    pub(super) fn code(&mut self, code: Text, variable: &Variable, total: bool) -> String {
        if let Some(mut known) = variable.known_codes() {
            if total {
                known.push(&variable.total_code);
            }
            if !known.contains(&code.get_ref().as_str()) {
                let message = format!("`{}` is no category of `{}`", code.get_ref(), variable.name);
                self.fault(Fault::at(code.span(), message).allowed(code.get_ref(), &known));
            }
        }
        code.into_inner()
    }

    fn only(&mut self, only: BTreeMap<Text, Spanned<Vec<Text>>>, variables: &[Variable]) -> Vec<(usize, Vec<String>)> {
        let mut only: Vec<_> = only.into_iter().collect();
        only.sort_by_key(|(name, _)| name.span().start);
        let mut all = Vec::new();
        for (name, codes) in only {
            let Some(v) = self.find(&name, variables) else { continue };
            if codes.get_ref().is_empty() {
                self.absent(Fault::at(codes.span(), "no category in the list").help("name at least one"));
            }
            let codes = codes.into_inner();
            self.repeated(&codes, "category");
            all.push((v, codes.into_iter().map(|code| self.code(code, &variables[v], false)).collect()));
        }
        all
    }

    fn measure(&mut self, measure: Option<Spanned<Choice<SumChoice>>>, persons: bool) -> MeasureSpec {
        let Some(measure) = measure else { return MeasureSpec::Records };
        let place = measure.span();
        match measure.into_inner() {
            Choice::Word(word) if word == "records" => MeasureSpec::Records,
            Choice::Word(word) if word == "persons" => {
                if !persons {
                    let fault = Fault::at(place, "persons can't be counted: [input] names no `person` column");
                    self.absent(fault.help("write person = \"COLUMN\" under [input]"));
                }
                MeasureSpec::Persons
            }
            Choice::Word(word) => {
                let fault = Fault::at(place, format!("`{word}` can't be counted"));
                self.fault(fault.help("write \"records\", \"persons\" or { sum = \"COLUMN\", decimals = 2 }"));
                MeasureSpec::Records
            }
            Choice::Table(table) => {
                let decimals = table.decimals.map_or(0, |decimals| {
                    if *decimals.get_ref() > MOST_DECIMALS {
                        let fault = Fault::at(decimals.span(), format!("{} decimals are too many", decimals.get_ref()));
                        self.fault(fault.help(format!("at most {MOST_DECIMALS}")));
                    }
                    decimals.into_inner()
                });
                MeasureSpec::Sum { column: self.filled(Some(table.sum)).unwrap_or_default(), decimals }
            }
        }
    }

    fn cell_note(
        &mut self,
        note: Spanned<written::CellNote>,
        variables: &[Variable],
        axes: &[(usize, Role)],
    ) -> CellNote {
        let place = note.span();
        let note = note.into_inner();
        if note.cell.is_empty() {
            let fault = Fault::at(place.clone(), "the note does not say which cell it is about");
            self.absent(fault.help("write cell = { victim_age = \"Under 10\", year = \"2014\" }"));
        }
        let mut at = Vec::new();
        for (name, code) in note.cell {
            let Some(v) = self.find_here(&name, variables, axes) else { continue };
            let code = self.code(code, &variables[v], true);
            if code != variables[v].total_code {
                at.push((v, code));
            }
        }
        let mark = self.needed(note.mark, Some(place.clone()), "the note has no mark", "write mark = \"^\"");
        let text = self.needed(note.text, Some(place), "the note has no text", "write text = \"…\"");
        CellNote { at, mark, text }
    }

    /// Tells each name that stands in a list for the second time.
    pub(super) fn repeated(&mut self, names: &[Text], what: &str) {
        for (i, name) in names.iter().enumerate() {
            if names.iter().take(i).any(|other| other.get_ref() == name.get_ref()) {
                self.fault(Fault::at(name.span(), format!("{what} `{}` stands twice in the list", name.get_ref())));
            }
        }
    }
}

impl Variable {
    /// The codes that are known without the data: of listed categories, bands, and for what is missing or other.
    pub(super) fn known_codes(&self) -> Option<Vec<&str>> {
        let mut codes: Vec<&str> = self.known_categories()?.into_iter().map(|c| c.code.as_str()).collect();
        for choice in [&self.missing, &self.other] {
            if let Missing::Category(label) = choice
                && !codes.contains(&label.as_str())
            {
                codes.push(label);
            }
        }
        Some(codes)
    }

    /// The categories that are known without the data.
    pub(super) fn known_categories(&self) -> Option<Vec<&Category>> {
        match &self.classes {
            Classes::Listed { categories, .. } => Some(categories.iter().collect()),
            Classes::Bands(bands) => Some(bands.iter().map(|b| &b.category).collect()),
            Classes::Found | Classes::Hierarchy(_) | Classes::HierarchyFile(_) => None,
        }
    }
}

/// "Outcome Charge or Caution, Year 2014": the part of the records in the words of the categories.
fn scope_name(only: &[(usize, Vec<String>)], variables: &[Variable]) -> String {
    let part = |(v, codes): &(usize, Vec<String>)| {
        let variable = &variables[*v];
        let categories = variable.known_categories().unwrap_or_default();
        let label =
            |code: &String| categories.iter().find(|c| c.code == *code).map_or(code.clone(), |c| c.label.clone());
        format!("{} {}", variable.label, codes.iter().map(label).collect::<Vec<_>>().join(" or "))
    };
    only.iter().map(part).collect::<Vec<_>>().join(", ")
}

fn names(variables: &[Variable]) -> String {
    variables.iter().map(|v| format!("`{}`", v.name)).collect::<Vec<_>>().join(", ")
}
