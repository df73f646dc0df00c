//! The JSON Schema of a policy file, from the list of keys and the registry of rules: for completion and inline errors in
//! an editor.

use serde_json::{Map, Value, json};

use super::keys::{KEYS, Key, Kind, TABLES};
use super::{Cost, Expected};
use crate::rules::{Allowed, Parameter, RULES, RuleEntry};
use crate::{perturb, round};

/// The schema as a file.
pub fn text() -> String {
    let mut text = format!("{:#}", schema());
    text.push('\n');
    text
}

/// The schema.
pub fn schema() -> Value {
    let mut properties = Map::new();
    for key in keys_of("") {
        properties.insert(key.name.to_owned(), described(of_kind(key.kind), key.meaning));
    }
    for (table, about) in TABLES.iter().filter(|t| !t.0.is_empty()) {
        let mut inside = object(keys_of(table), about);
        add_methods(&mut inside, table);
        match table.trim_matches(['[', ']']) {
            name if name == *table => properties.insert((*table).to_owned(), inside),
            name => properties.insert(name.to_owned(), json!({"type": "array", "items": inside})),
        };
    }
    for rule in RULES {
        properties.insert(rule.name.to_owned(), of_rule(rule));
    }
    let needed: Vec<&str> = keys_of("").filter(|k| k.needed).map(|k| k.name).collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "tabsafe policy",
        "description": "Which cells of statistical tables are unsafe, what is done about them, and against whom",
        "type": "object",
        "properties": properties,
        "required": needed,
        "additionalProperties": false,
    })
}

/// The parameters of methods, in the tables that they read.
fn add_methods(schema: &mut Value, table: &str) {
    let parameters: Vec<&Parameter> = match table {
        "round" => round::ROUNDINGS.iter().flat_map(|r| r.parameters).collect(),
        "perturb" => perturb::PERTURBATIONS.iter().flat_map(|p| p.parameters).collect(),
        _ => return,
    };
    let Some(properties) = schema["properties"].as_object_mut() else { return };
    for parameter in parameters {
        let one = described(of_parameter(parameter.allowed), parameter.meaning);
        match properties.get_mut(parameter.name) {
            None => drop(properties.insert(parameter.name.to_owned(), one)),
            // the same name may mean something else to another method
            Some(there) if *there != one => match there["anyOf"].as_array_mut() {
                Some(all) if !all.contains(&one) => all.push(one),
                Some(_) => {}
                None => *there = json!({"anyOf": [there.take(), one]}),
            },
            Some(_) => {}
        }
    }
}

fn keys_of(table: &str) -> impl Iterator<Item = &'static Key> + Clone {
    KEYS.iter().filter(move |k| k.table == table)
}

/// A schema with what it means.
fn described(mut schema: Value, meaning: &str) -> Value {
    if let Value::Object(map) = &mut schema {
        map.insert("description".to_owned(), Value::from(meaning));
    }
    schema
}

fn object(keys: impl Iterator<Item = &'static Key> + Clone, about: &str) -> Value {
    let properties: Map<String, Value> =
        keys.clone().map(|k| (k.name.to_owned(), described(of_kind(k.kind), k.meaning))).collect();
    let needed: Vec<&str> = keys.filter(|k| k.needed).map(|k| k.name).collect();
    json!({
        "type": "object",
        "description": about,
        "properties": properties,
        "required": needed,
        "additionalProperties": false,
    })
}

/// A rule's table, once or several times. A policy that extends another may leave parameters to it, so that none is
/// required here.
fn of_rule(rule: &RuleEntry) -> Value {
    let property = |p: &Parameter| {
        let mut schema = described(of_parameter(p.allowed), p.meaning);
        if let (Some(default), Value::Object(map)) = (p.default, &mut schema) {
            let number = default.parse::<i64>().map(Value::from);
            map.insert("default".to_owned(), number.unwrap_or_else(|_| Value::from(default)));
        }
        (p.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = rule.parameters.iter().map(property).collect();
    let table = json!({"type": "object", "properties": properties, "additionalProperties": false});
    json!({
        "description": format!("{}: {}", rule.title, rule.summary),
        "oneOf": [table.clone(), {"type": "array", "items": table}],
    })
}

fn of_parameter(allowed: Allowed) -> Value {
    match allowed {
        Allowed::Whole { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
        Allowed::Percent { min, max } => json!({"type": "number", "minimum": min, "maximum": max}),
        Allowed::Words(words) => json!({"enum": words}),
        Allowed::Number { .. } => json!({"type": "number"}),
        Allowed::Text(_) => json!({"type": "string", "pattern": "\\S"}),
    }
}

fn of_kind(kind: Kind) -> Value {
    let text = || json!({"type": "string", "pattern": "\\S"});
    let texts = || json!({"type": "array", "items": text()});
    let whole = || json!({"type": "integer", "minimum": 0});
    let rows = |cell: Value| json!({"type": "array", "items": {"type": "array", "items": cell}});
    match kind {
        Kind::Text => text(),
        Kind::Id => json!({"type": "string", "pattern": "^[a-z0-9-]+$"}),
        Kind::Date => json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
        Kind::Words(words) => json!({"enum": words()}),
        Kind::Protection => json!({
            "type": "string",
            "anyOf": [{"enum": ["band", "exact", "above"]}, {"pattern": "^(width|percent) *= *[1-9][0-9]*$"}],
        }),
        Kind::Cost => json!({
            "type": "string",
            "anyOf": [{"enum": Cost::spellings()}, {"pattern": "^ *column *= *[^ ]"}],
        }),
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Whole(min, max) => json!({"type": "integer", "minimum": min, "maximum": max}),
        Kind::Texts => texts(),
        Kind::TextsByName => json!({"type": "object", "additionalProperties": texts()}),
        Kind::TextByName => json!({"type": "object", "additionalProperties": text()}),
        Kind::Band => json!({"type": "string", "pattern": "^ *[0-9]+ *(- *[0-9]+ *)?$"}),
        Kind::Fingerprint => json!({"type": "string", "pattern": "^[0-9a-fA-F]{64}$"}),
        Kind::Numbers => json!({"type": "array", "items": whole()}),
        Kind::Grid => rows(whole()),
        Kind::Contributions => rows(json!({"type": "array", "items": whole()})),
        Kind::Expected => {
            let words: Vec<&str> = Expected::WORDS.iter().map(|w| w.0).collect();
            rows(json!({"anyOf": [{"enum": words}, whole(), {"type": "array", "items": whole()}]}))
        }
    }
}
