//! Tables in the formats of `<WRITETABLE>`: grid, pivot, code-value, SBS, intermediate with its metadata, and JJ.
//!
//! A grid, a pivot table and a code-value file show `x` for what is withheld and are for publication. SBS, intermediate
//! and JJ files hold true values: they are for the next program, and confidential.

mod jj;

use std::fmt::Write as _;
use std::path::Path;

use crate::model::{Interval, Measure, Protection, System, Table, Treatment, scaled};

use super::apriori::{self, Decision, What};
use super::batch::{Format, Output};
use super::build::{LARGEST, Loaded, hrc};
use super::decide::{Decided, people};
use super::rda::{Hierarchy, Rda, Role, Variable};
use super::rules::SafetyRules;

/// What parts the fields of an intermediate file.
const SEPARATOR: char = ';';

/// A table that is written, and what is known of it.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    /// The cells and tables.
    pub system: &'a System,
    /// What was done with each cell.
    pub protection: &'a Protection,
    /// What was unsafe.
    pub decided: &'a Decided,
    /// The data they came from.
    pub loaded: &'a Loaded,
    /// Which table.
    pub table: usize,
    /// Its safety rules.
    pub rules: Option<&'a SafetyRules>,
    /// What remains possible for the cells that were attacked.
    pub possible: &'a dyn Fn(usize) -> Option<Interval>,
}

/// A file and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its extension, where it stands beside the file that was asked for; its name, where it has one of its own; nothing
    /// for that file itself.
    pub beside: Beside,
    /// What stands in it.
    pub text: String,
}

/// Where a file stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Where the batch says.
    Itself,
    /// Under the same name with another extension.
    Extension(&'static str),
    /// In the same folder under this name.
    Name(String),
}

/// One cell as it is written.
struct Row<'a> {
    codes: Vec<&'a str>,
    levels: Vec<u32>,
    id: Option<usize>,
    value: i64,
    shadow: i64,
    people: i64,
    largest: &'a [i64],
    state: u8,
}

impl Row<'_> {
    fn empty(&self) -> bool {
        self.state >= 13
    }

    fn withheld(&self) -> bool {
        (3..=9).contains(&self.state) || (11..=12).contains(&self.state)
    }
}

/// The files of a table in a format.
///
/// # Errors
/// A grid of other than two variables; in words.
pub fn write(written: &Written, output: &Output) -> Result<Vec<File>, String> {
    let Some(table) = written.system.tables.get(written.table) else { return Err("there is no such table".to_owned()) };
    let of = Of {
        written,
        table,
        output,
        decimals: written.system.measures.get(table.measure).map_or(0, Measure::decimals),
    };
    let itself = |text: String| vec![File { beside: Beside::Itself, text }];
    match output.format {
        Format::Grid => of.grid().map(itself),
        Format::Pivot => Ok(itself(of.code_value(output.option("FL", true)))),
        Format::CodeValue => Ok(itself(of.code_value(output.option("FL", false)))),
        Format::Sbs => Ok(itself(of.sbs())),
        Format::Intermediate => Ok(of.intermediate()),
        Format::Jj => Ok(itself(jj::write(written, table))),
    }
}

/// The pattern of a table as an a-priori file.
pub fn pattern(written: &Written) -> String {
    let Some(table) = written.system.tables.get(written.table) else { return String::new() };
    let output = Output { format: Format::Intermediate, options: Vec::new(), path: Default::default() };
    let of = Of { written, table, output: &output, decimals: 0 };
    let mut decisions = Vec::new();
    for row in of.rows() {
        let what = match row.state {
            3..=9 => What::Unsafe,
            10 => What::Published,
            11 | 12 => What::Withheld,
            _ => continue,
        };
        let decision = Decision { codes: row.codes.iter().map(|c| (*c).to_owned()).collect(), what, line: 0 };
        decisions.push(decision);
    }
    apriori::to_text(&decisions, SEPARATOR)
}

/// Name of the hierarchy that is written beside an intermediate file: never that of the one it was read from.
pub fn hrc_name(output: &Path, variable: &str) -> String {
    let stem = output.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let plain: String = variable.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    format!("{stem}_{plain}.hrc")
}

/// The order in which tau-ARGUS has the entries of a variable: the total first.
fn order(table: &Table, axis: usize) -> Vec<usize> {
    let entries = table.axes.get(axis).map_or(&[][..], |a| &a.entries);
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&e| entries.get(e).is_some_and(|e| e.level > 0));
    order
}

/// A table in a format.
struct Of<'a> {
    written: &'a Written<'a>,
    table: &'a Table,
    output: &'a Output,
    decimals: u32,
}

impl<'a> Of<'a> {
    /// Every cell, the last variable fastest.
    fn rows(&self) -> Vec<Row<'a>> {
        let mut at: Vec<Vec<usize>> = vec![Vec::new()];
        for axis in 0..self.table.axes.len() {
            let order = order(self.table, axis);
            at = at.iter().flat_map(|a| order.iter().map(move |&e| a.iter().copied().chain([e]).collect())).collect();
        }
        at.iter().map(|at| self.row(at)).collect()
    }

    fn row(&self, at: &[usize]) -> Row<'a> {
        let system = self.written.system;
        let id = system.grids.get(self.written.table).and_then(|g| g.get(self.table.position(at)).copied().flatten());
        let cell = id.and_then(|id| system.cells.get(id));
        let shadow = self.written.loaded.shadows.get(self.written.table).and_then(Option::as_ref);
        let looked_at = id.and_then(|id| shadow.unwrap_or(system).cells.get(id));
        let treatment =
            id.and_then(|id| self.written.protection.treatments.get(id)).copied().unwrap_or(Treatment::Publish);
        let entries = || at.iter().zip(&self.table.axes).filter_map(|(&e, axis)| axis.entries.get(e));
        Row {
            codes: entries().map(|e| e.code.as_str()).collect(),
            levels: entries().map(|e| e.level).collect(),
            id,
            value: cell.map_or(0, |c| c.value),
            shadow: looked_at.map_or(0, |c| c.value),
            people: id.map_or(0, |id| people(system, id)),
            largest: looked_at.and_then(|c| c.contributions.as_ref()).map_or(&[], |c| &c.largest),
            state: self.written.decided.state(system, id, treatment),
        }
    }

    fn number(&self, value: i64) -> String {
        scaled(value, self.decimals)
    }

    /// What the public sees of a cell.
    fn public(&self, row: &Row) -> String {
        match (row.withheld(), row.empty()) {
            (true, _) => "x".to_owned(),
            (_, true) => "-".to_owned(),
            _ => self.number(row.value),
        }
    }

    fn quoted(&self, text: &str) -> String {
        if self.output.option("QU", true) { format!("\"{text}\"") } else { text.to_owned() }
    }

    fn sums(&self) -> bool {
        matches!(self.written.system.measures.get(self.table.measure), Some(Measure::Sum { .. }))
    }

    fn response(&self) -> &str {
        match self.written.system.measures.get(self.table.measure) {
            Some(Measure::Sum { column, .. }) => column,
            _ => "Freq",
        }
    }

    fn grid(&self) -> Result<String, String> {
        let [_, across] = &self.table.axes[..] else {
            return Err("a grid (format 1) has two variables: write the table in format 2 or 3".to_owned());
        };
        let mut text = String::new();
        for e in order(self.table, 1) {
            let _ = write!(text, ",{}", self.quoted(across.entries.get(e).map_or("", |e| &e.code)));
        }
        let rows = self.rows();
        for row in rows.chunks(across.entries.len().max(1)) {
            let _ =
                write!(text, "\n{}", self.quoted(row.first().map_or("", |r| r.codes.first().copied().unwrap_or(""))));
            row.iter().for_each(|cell| text.push_str(&format!(",{}", self.public(cell))));
        }
        text.push('\n');
        Ok(text)
    }

    fn code_value(&self, names: bool) -> String {
        let status = self.output.option("AS", false);
        let mut text = String::new();
        if names {
            let variables = self.table.axes.iter().map(|a| self.quoted(&a.variable));
            let rest = [self.quoted(self.response())].into_iter().chain(status.then(|| self.quoted("Status")));
            let _ = writeln!(text, "{}", variables.chain(rest).collect::<Vec<_>>().join(","));
        }
        for row in self.rows() {
            if row.empty() && self.output.option("SE", false) {
                continue;
            }
            let fields = row.codes.iter().map(|c| self.quoted(c)).chain([self.public(&row)]);
            // the public is not told which cells only protect others, nor which a person decided about
            let state = match (row.withheld(), row.empty()) {
                (true, _) => 11,
                (_, true) => 14,
                _ => 1,
            };
            let fields = fields.chain(status.then(|| state.to_string()));
            let _ = writeln!(text, "{}", fields.collect::<Vec<_>>().join(","));
        }
        text
    }

    fn sbs(&self) -> String {
        let percent = self.written.rules.is_some_and(|r| r.spelled.iter().any(|s| s.starts_with("p-percent")));
        let tops = self.written.rules.map_or(0, |r| r.largest);
        let mut text = String::new();
        for row in self.rows().iter().filter(|row| !row.empty()) {
            let codes = row.codes.iter().zip(&row.levels).map(|(code, level)| match self.output.option("HL", false) {
                true => format!("{},{level}", self.quoted(code)),
                false => self.quoted(code),
            });
            let flag = match row.state {
                3 if percent => "F",
                3 if tops <= 1 => "B",
                3 => "C",
                5 => "A",
                4 | 6..=9 => "B",
                11 | 12 => "D",
                _ => "V",
            };
            let fields = codes.chain([self.number(row.value), row.people.to_string(), flag.to_owned()]);
            let _ = write!(text, "{}", fields.collect::<Vec<_>>().join(","));
            if row.state == 3 && self.sums() {
                self.shares(row, percent, tops).iter().for_each(|share| text.push_str(&format!(",{share}")));
            }
            text.push('\n');
        }
        text
    }

    /// The shares of the largest contributors in percent: each of two under a p%-rule, else all together.
    fn shares(&self, row: &Row, percent: bool, tops: usize) -> Vec<String> {
        let share = |part: i64| {
            // tenths of a percent, rounded
            let tenths = (i128::from(part) * 2000 + i128::from(row.shadow)) / (i128::from(row.shadow) * 2).max(1);
            format!("{}.{}", tenths / 10, tenths % 10)
        };
        let top = |n: usize| row.largest.get(n).copied().unwrap_or(0);
        match percent {
            true => vec![share(top(0)), share(top(1))],
            false => vec![share((0..tops.min(2)).map(top).fold(0, i64::saturating_add))],
        }
    }

    fn intermediate(&self) -> Vec<File> {
        let (simple, audited) = (self.output.option("SO", false), self.output.option("AR", false));
        let tops = if simple || !self.sums() { 0 } else { self.written.rules.map_or(LARGEST, |r| r.largest) };
        let levels = self.written.decided.levels();
        let mut text = String::new();
        for row in self.rows() {
            if row.empty() && self.output.option("SE", false) {
                continue;
            }
            let mut fields: Vec<String> = row.codes.iter().map(|c| format!("\"{c}\"")).collect();
            fields.push(self.number(row.value));
            if self.sums() {
                fields.push(row.people.to_string());
                fields.extend((!simple).then(|| self.number(row.shadow)));
            }
            fields.push(self.number(self.cost(&row)));
            fields.extend((0..tops).map(|n| self.number(row.largest.get(n).copied().unwrap_or(0))));
            fields.push(letter(row.state).to_owned());
            let (lower, upper) = row.id.and_then(|id| levels.get(&id)).copied().unwrap_or((0, 0));
            fields.extend([self.number(lower), self.number(upper)]);
            if audited {
                fields.extend(self.possible(&row));
            }
            let _ = writeln!(text, "{}", fields.join(";"));
        }
        let mut files = vec![File { beside: Beside::Itself, text }];
        files.push(File { beside: Beside::Extension("rda"), text: self.metadata(simple, tops).to_text() });
        for (variable, axis) in self.variables().iter().zip(&self.table.axes) {
            let name = hrc_name(&self.output.path, &variable.name);
            files.extend(hrc(variable, axis).map(|text| File { beside: Beside::Name(name), text }));
        }
        files
    }

    fn cost(&self, row: &Row) -> i64 {
        let own = self.written.decided.costs.as_ref();
        own.and_then(|costs| costs.get(row.id?).copied()).unwrap_or(row.value)
    }

    /// The bounds of what an intruder must take for possible, and how wide they are.
    fn possible(&self, row: &Row) -> [String; 3] {
        let interval = row.id.and_then(self.written.possible);
        let (lo, hi) = interval.map_or((row.value, row.value), |i| (i.lo.unwrap_or(0), i.hi.unwrap_or(i64::MAX)));
        [self.number(lo), self.number(hi), self.number(hi.saturating_sub(lo))]
    }

    fn variables(&self) -> Vec<Variable> {
        self.written.loaded.variables.get(self.written.table).cloned().unwrap_or_default()
    }

    /// What the columns of the intermediate file hold.
    fn metadata(&self, simple: bool, tops: usize) -> Rda {
        let mut variables: Vec<Variable> = (self.variables().into_iter())
            .map(|v| {
                // digits are no hierarchy of their own: the codes of the table are
                let hierarchy = match v.hierarchy {
                    Hierarchy::File { lead, .. } => {
                        Hierarchy::File { path: hrc_name(&self.output.path, &v.name).into(), lead }
                    }
                    _ => Hierarchy::Flat,
                };
                Variable { hierarchy, total: v.total, ..Variable::of_table(&v.name, Role::Explanatory) }
            })
            .collect();
        let amount = |name: &str, role: Role| Variable { decimals: self.decimals, ..Variable::of_table(name, role) };
        match self.sums() {
            true => {
                variables.push(amount(self.response(), Role::Numeric));
                variables.push(Variable::of_table("Freq", Role::Frequency));
                variables.extend((!simple).then(|| amount("Shadow", Role::Shadow)));
            }
            false => variables.push(Variable::of_table("Freq", Role::Frequency)),
        }
        variables.push(amount("Cost", Role::Cost));
        variables.extend((0..tops).map(|n| amount(&format!("Top{}", n + 1), Role::MaxScore)));
        variables.push(Variable::of_table("Status", Role::Status));
        variables.push(amount("LowerPL", Role::LowerLevel));
        variables.push(amount("UpperPL", Role::UpperLevel));
        Rda { separator: Some(SEPARATOR), statuses: ["S", "U", "P"].map(str::to_owned), variables }
    }
}

/// The letter of a state.
fn letter(state: u8) -> &'static str {
    match state {
        3..=9 => "U",
        10 => "P",
        11 | 12 => "M",
        13 | 14 => "E",
        _ => "S",
    }
}
