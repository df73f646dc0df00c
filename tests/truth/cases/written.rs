//! A specification and a policy as a person wrote them, read without the product.

use std::collections::BTreeSet;
use std::path::Path;

use toml::{Table, Value};

use super::{table, tables, text};
use crate::truth::world::{
    self, Choice, Classes, Measure, On, Plan, Policy, Protection, Source, Variable, World, Zero,
};

/// The world of a folder; `expect` says which columns are nested in one another.
pub(super) fn world_of(folder: &Path, expect: &Table) -> World {
    let spec = table(&folder.join("release.toml"));
    let data = std::fs::read_to_string(folder.join("data.csv")).expect("data");
    let mut lines = data.lines().map(|l| l.split(',').map(str::to_owned).collect::<Vec<String>>());
    let input = spec["input"].as_table().expect("[input]");
    let some = |key: &str| input.get(key).and_then(Value::as_str).map(str::to_owned);
    let nested = expect.get("nested").and_then(Value::as_array).into_iter().flatten();
    World {
        columns: lines.next().expect("a header"),
        rows: lines.collect(),
        person: some("person"),
        contributor: some("contributor"),
        filter: some("where"),
        variables: spec["variables"].as_table().expect("variables").iter().map(variable).collect(),
        tables: tables(&spec, "tables").map(one_table).collect(),
        policy: policy(&table(&folder.join("pol.toml"))),
        nested: nested.map(|n| (words(n)[0].clone(), words(n)[1].clone())).collect(),
        parts: None,
        named: Vec::new(),
        features: BTreeSet::new(),
    }
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn words_of(table: &Table, key: &str) -> Vec<String> {
    table.get(key).map(words).unwrap_or_default()
}

fn choice(table: &Table, key: &str) -> Choice {
    match table.get(key) {
        None => Choice::Error,
        Some(Value::String(word)) if word == "error" => Choice::Error,
        Some(Value::String(_)) => Choice::LeaveOut,
        Some(other) => Choice::Category(other["category"].as_str().expect("a category").to_owned()),
    }
}

fn variable((name, value): (&String, &Value)) -> Variable {
    let own = value.as_table().expect("a variable");
    let source = match (own.get("column"), own.get("sql")) {
        (Some(column), _) => Source::Column(column.as_str().expect("a name").to_owned()),
        (_, Some(sql)) => Source::Sql(sql.as_str().expect("SQL").to_owned()),
        _ => Source::Nested(words_of(own, "columns")),
    };
    let code = |c: &Table| text(c, if c.contains_key("code") { "code" } else { "label" }).to_owned();
    let classes = if own.contains_key("order") {
        Classes::Listed(words_of(own, "order").into_iter().map(|w| (w.clone(), vec![w])).collect())
    } else if own.contains_key("categories") {
        Classes::Listed(tables(own, "categories").map(|c| (code(c), words_of(c, "values"))).collect())
    } else if own.contains_key("bands") {
        let end = |b: &Table, key: &str| b.get(key).and_then(Value::as_integer);
        Classes::Bands(tables(own, "bands").map(|b| (code(b), end(b, "from"), end(b, "to"))).collect())
    } else {
        Classes::Found
    };
    Variable { name: name.clone(), source, classes, missing: choice(own, "missing"), other: choice(own, "other") }
}

fn one_table(own: &Table) -> world::Table {
    let by_name = |table: Option<&Table>, key: &str| -> Vec<(String, Vec<String>)> {
        let found = table.and_then(|t| t.get(key)).and_then(Value::as_table);
        found.into_iter().flatten().map(|(v, codes)| (v.clone(), words(codes))).collect()
    };
    world::Table {
        id: text(own, "id").to_owned(),
        rows: words_of(own, "rows"),
        columns: words_of(own, "columns"),
        layers: words_of(own, "layers"),
        filter: own.get("where").and_then(Value::as_str).map(str::to_owned),
        only: by_name(Some(own), "only"),
        margins: own.get("margins").and_then(Value::as_bool).unwrap_or(true),
        measure: match own.get("measure") {
            None => Measure::Records,
            Some(Value::String(word)) if word == "persons" => Measure::Persons,
            Some(Value::String(_)) => Measure::Records,
            Some(sum) => {
                let decimals = sum.get("decimals").and_then(Value::as_integer).unwrap_or(0);
                Measure::Sum(sum["sum"].as_str().expect("a column").to_owned(), decimals as u32)
            }
        },
        keep: by_name(tables(own, "keep").next(), "categories"),
    }
}

fn policy(own: &Table) -> Policy {
    let rule = |name: &str| own.get(name).and_then(Value::as_table);
    let whole = |table: &Table, key: &str, usual: i64| table.get(key).and_then(Value::as_integer).unwrap_or(usual);
    let threshold = rule("threshold").map(|t| {
        let zero = match text(t, "zero") {
            "unsafe" => Zero::Unsafe,
            "withhold-if-needed" => Zero::IfNeeded,
            _ => Zero::Show,
        };
        let on = match text(t, "on") {
            "persons" => On::Persons,
            "contributors" => On::Contributors,
            _ => On::Records,
        };
        (whole(t, "minimum", 0), zero, on)
    });
    let plan = rule("round").map_or(Plan::Suppress { method: "auto" }, |r| Plan::Round {
        method: if text(r, "method") == "controlled" { "controlled" } else { "conventional" },
        base: whole(r, "base", 5),
    });
    let does = rule("suppress").or(rule("round"));
    Policy {
        threshold,
        p_percent: rule("p-percent").map(|p| (whole(p, "p", 10), whole(p, "coalition", 1) as usize)),
        dominance: rule("dominance").map(|d| (whole(d, "n", 1) as usize, whole(d, "k", 85))),
        plan,
        protection: match does.map(|d| text(d, "protection")) {
            Some("exact") => Protection::Exact,
            Some("above") => Protection::Above,
            _ => Protection::Band,
        },
    }
}
