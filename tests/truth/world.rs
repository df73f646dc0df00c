//! What a release is made from, in the terms of the truth: records, variables, tables, policy; and as the texts that the
//! product reads.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::sql::{Sql, Value};

/// What a variable is made from; columns by their names.
#[derive(Clone, Debug)]
pub enum Source {
    Column(String),
    Sql(String),
    Nested(Vec<String>),
}

/// Its categories.
#[derive(Clone, Debug)]
pub enum Classes {
    Found,
    /// Code and values.
    Listed(Vec<(String, Vec<String>)>),
    /// Code, from, to.
    Bands(Vec<(String, Option<i64>, Option<i64>)>),
}

/// What becomes of a missing value, or one that no category names.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    Error,
    LeaveOut,
    Category(String),
}

#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    pub source: Source,
    pub classes: Classes,
    pub missing: Choice,
    pub other: Choice,
}

/// Where a record falls under a variable: the codes of its categories, coarse to fine; out of the table; or nowhere that the
/// definition allows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    Codes(Vec<String>),
    Out,
    Impossible,
}

impl Variable {
    /// The columns that it is made from.
    pub fn columns(&self) -> BTreeSet<String> {
        match &self.source {
            Source::Column(c) => BTreeSet::from([c.clone()]),
            Source::Nested(all) => all.iter().cloned().collect(),
            Source::Sql(text) => {
                let mut found = Vec::new();
                Sql::parse(text).columns(&mut found);
                found.into_iter().map(|f| f.0).collect()
            }
        }
    }

    /// Where a record falls.
    pub fn class(&self, value: &dyn Fn(&str) -> Option<String>) -> Class {
        let choose = |choice: &Choice| match choice {
            Choice::Error => Class::Impossible,
            Choice::LeaveOut => Class::Out,
            Choice::Category(code) => Class::Codes(vec![code.clone()]),
        };
        let single = match &self.source {
            Source::Column(c) => value(c),
            Source::Nested(all) => {
                let all: Option<Vec<String>> = all.iter().map(|c| value(c)).collect();
                return all.map_or_else(|| choose(&self.missing), Class::Codes);
            }
            Source::Sql(text) => match Sql::parse(text).value(value) {
                Value::Text(t) => Some(t),
                Value::Number(n) => Some(n.to_string()),
                _ => None,
            },
        };
        let Some(single) = single else { return choose(&self.missing) };
        let code = match &self.classes {
            Classes::Found => Some(single),
            Classes::Listed(all) => all.iter().find(|c| c.0 == single || c.1.contains(&single)).map(|c| c.0.clone()),
            Classes::Bands(all) => {
                let n: f64 = single.parse().expect("a number");
                let within = |from: Option<i64>, to: Option<i64>| {
                    from.is_none_or(|f| n >= f as f64) && to.is_none_or(|t| n <= t as f64)
                };
                all.iter().find(|b| within(b.1, b.2)).map(|b| b.0.clone())
            }
        };
        code.map_or_else(|| choose(&self.other), |code| Class::Codes(vec![code]))
    }
}

/// What a table counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    Records,
    Persons,
    Sum(String, u32),
}

#[derive(Clone, Debug)]
pub struct Table {
    pub id: String,
    /// Variables by name.
    pub rows: Vec<String>,
    pub columns: Vec<String>,
    pub layers: Vec<String>,
    pub filter: Option<String>,
    pub only: Vec<(String, Vec<String>)>,
    pub margins: bool,
    pub measure: Measure,
    /// Cells that are never withheld for others: variable and codes.
    pub keep: Vec<(String, Vec<String>)>,
}

impl Table {
    /// Rows, columns, layers.
    pub fn axes(&self) -> impl Iterator<Item = &String> {
        self.rows.iter().chain(&self.columns).chain(&self.layers)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zero {
    Show,
    IfNeeded,
    Unsafe,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Records,
    Persons,
    Contributors,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    Band,
    Exact,
    Above,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    Suppress { method: &'static str },
    Round { method: &'static str, base: i64 },
}

/// The policy.
#[derive(Clone, Debug)]
pub struct Policy {
    pub threshold: Option<(i64, Zero, On)>,
    /// Percent and how many join.
    pub p_percent: Option<(i64, usize)>,
    /// n and k.
    pub dominance: Option<(usize, i64)>,
    pub plan: Plan,
    pub protection: Protection,
}

impl Policy {
    /// How zeros are treated.
    pub fn zero(&self) -> Zero {
        self.threshold.map_or(Zero::IfNeeded, |t| t.1)
    }

    /// As the product reads it.
    pub fn text(&self) -> String {
        let mut text = "id = \"p\"\ntitle = \"p\"\nversion = \"1\"\nevidence = \"generic\"\n".to_owned();
        if let Some((minimum, zero, on)) = self.threshold {
            let zero = match zero {
                Zero::Show => "show",
                Zero::IfNeeded => "withhold-if-needed",
                Zero::Unsafe => "unsafe",
            };
            let on = match on {
                On::Records => "records",
                On::Persons => "persons",
                On::Contributors => "contributors",
            };
            let _ = write!(text, "\n[threshold]\nminimum = {minimum}\nzero = \"{zero}\"\non = \"{on}\"\n");
        }
        if let Some((p, coalition)) = self.p_percent {
            let _ = write!(text, "\n[p-percent]\np = {p}\ncoalition = {coalition}\n");
        }
        if let Some((n, k)) = self.dominance {
            let _ = write!(text, "\n[dominance]\nn = {n}\nk = {k}\n");
        }
        let protection = match self.protection {
            Protection::Band => "band",
            Protection::Exact => "exact",
            Protection::Above => "above",
        };
        let _ = match &self.plan {
            Plan::Suppress { method } => {
                write!(text, "\n[suppress]\nmethod = \"{method}\"\nprotection = \"{protection}\"\n")
            }
            Plan::Round { method, base } => {
                let key = if *method == "random" { "key-file = \"key\"\n" } else { "" };
                write!(text, "\n[round]\nmethod = \"{method}\"\nbase = {base}\nprotection = \"{protection}\"\n{key}")
            }
        };
        text
    }
}

/// Everything that a release is made from.
#[derive(Clone, Debug)]
pub struct World {
    /// Names of the columns of the data.
    pub columns: Vec<String>,
    /// The records; an empty text is a missing value.
    pub rows: Vec<Vec<String>>,
    pub person: Option<String>,
    pub contributor: Option<String>,
    /// The records that the release is about.
    pub filter: Option<String>,
    pub variables: Vec<Variable>,
    pub tables: Vec<Table>,
    pub policy: Policy,
    /// What one column says of another in every record: fine, coarse.
    pub nested: Vec<(String, String)>,
    /// Columns of sums of which the first is the sum of the others in every record.
    pub parts: Option<(String, Vec<String>)>,
    /// Conditions of groups of records that are looked at by name: kinds are made fine enough for them.
    pub named: Vec<String>,
    /// What of the language it uses.
    pub features: BTreeSet<&'static str>,
}

impl World {
    /// A variable by its name.
    pub fn variable(&self, name: &str) -> &Variable {
        self.variables.iter().find(|v| v.name == name).unwrap_or_else(|| panic!("no variable {name}"))
    }

    /// The place of a column.
    pub fn column(&self, name: &str) -> usize {
        self.columns.iter().position(|c| c == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    /// A value of a record; none where it is missing.
    pub fn value(&self, row: &[String], name: &str) -> Option<String> {
        Some(row[self.column(name)].clone()).filter(|v| !v.trim().is_empty())
    }

    /// Variables that some table uses.
    pub fn used(&self) -> Vec<&Variable> {
        let used = |v: &&Variable| {
            self.tables.iter().any(|t| t.axes().any(|a| *a == v.name) || t.only.iter().any(|o| o.0 == v.name))
        };
        self.variables.iter().filter(used).collect()
    }

    /// The data as CSV.
    pub fn csv(&self) -> String {
        let mut text = self.columns.join(",") + "\n";
        self.rows.iter().for_each(|row| text.push_str(&(row.join(",") + "\n")));
        text
    }

    /// The specification.
    pub fn spec(&self) -> String {
        let mut text = "title = \"t\"\n\n[input]\nfile = \"data.csv\"\n".to_owned();
        for (key, value) in [("person", &self.person), ("contributor", &self.contributor), ("where", &self.filter)] {
            if let Some(value) = value {
                let _ = writeln!(text, "{key} = \"{value}\"");
            }
        }
        self.used().into_iter().for_each(|v| write_variable(&mut text, v));
        self.tables.iter().for_each(|t| write_table(&mut text, t));
        text
    }
}

fn list(words: &[String]) -> String {
    format!("[{}]", words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", "))
}

fn write_variable(text: &mut String, v: &Variable) {
    let _ = writeln!(text, "\n[variables.{}]", v.name);
    let _ = match &v.source {
        Source::Column(c) => writeln!(text, "column = \"{c}\""),
        Source::Sql(sql) => writeln!(text, "sql = \"{sql}\""),
        Source::Nested(all) => writeln!(text, "columns = {}", list(all)),
    };
    let _ = match &v.classes {
        Classes::Found => Ok(()),
        Classes::Listed(all) if all.iter().all(|c| c.1 == [c.0.clone()]) => {
            writeln!(text, "order = {}", list(&all.iter().map(|c| c.0.clone()).collect::<Vec<_>>()))
        }
        Classes::Listed(all) => {
            let one = |c: &(String, Vec<String>)| format!("{{ code = \"{}\", values = {} }}", c.0, list(&c.1));
            writeln!(text, "categories = [{}]", all.iter().map(one).collect::<Vec<_>>().join(", "))
        }
        Classes::Bands(all) => {
            let end = |key: &str, v: Option<i64>| v.map(|v| format!(", {key} = {v}")).unwrap_or_default();
            let one = |b: &(String, Option<i64>, Option<i64>)| {
                format!("{{ label = \"{}\"{}{} }}", b.0, end("from", b.1), end("to", b.2))
            };
            writeln!(text, "bands = [{}]", all.iter().map(one).collect::<Vec<_>>().join(", "))
        }
    };
    for (key, choice) in [("missing", &v.missing), ("other", &v.other)] {
        if key == "other" && matches!(v.classes, Classes::Found) {
            // every value is a category
            continue;
        }
        let _ = match choice {
            Choice::Error => writeln!(text, "{key} = \"error\""),
            Choice::LeaveOut => writeln!(text, "{key} = \"leave-out\""),
            Choice::Category(code) => writeln!(text, "{key} = {{ category = \"{code}\" }}"),
        };
    }
}

fn write_table(text: &mut String, t: &Table) {
    let _ = writeln!(text, "\n[[tables]]\nid = \"{0}\"\ntitle = \"Table {0}\"\nrows = {1}", t.id, list(&t.rows));
    for (key, names) in [("columns", &t.columns), ("layers", &t.layers)] {
        if !names.is_empty() {
            let _ = writeln!(text, "{key} = {}", list(names));
        }
    }
    let of = |all: &[(String, Vec<String>)]| {
        all.iter().map(|(v, codes)| format!("{v} = {}", list(codes))).collect::<Vec<_>>().join(", ")
    };
    if !t.only.is_empty() {
        let _ = writeln!(text, "only = {{ {} }}", of(&t.only));
    }
    if let Some(filter) = &t.filter {
        let _ = writeln!(text, "where = \"{filter}\"\nscope = \"part {}\"", t.id);
    }
    if !t.margins {
        let _ = writeln!(text, "margins = false");
    }
    let _ = match &t.measure {
        Measure::Records => Ok(()),
        Measure::Persons => writeln!(text, "measure = \"persons\""),
        Measure::Sum(column, 0) => writeln!(text, "measure = {{ sum = \"{column}\" }}"),
        Measure::Sum(column, d) => writeln!(text, "measure = {{ sum = \"{column}\", decimals = {d} }}"),
    };
    if !t.keep.is_empty() {
        let _ = writeln!(text, "[[tables.keep]]\ncategories = {{ {} }}\nnever = true", of(&t.keep));
    }
}
