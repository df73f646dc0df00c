//! The answer as JSON: `docs/reference/check-json.md` is its description.

use serde_json::{Map, Value, json};
use tabsafe::check::{
    Changed, Draft, Finding, Ledger, NotJudged, Outcome, Question, ROLES, Remedy, Role, Spot, places,
};

/// The JSON text.
pub fn text(outcome: &Outcome, drafts: &[Draft]) -> String {
    let table = |t: &tabsafe::check::TableSeen| json!({"name": t.name, "rows": t.rows, "columns": t.columns, "linked": t.linked});
    let accepted = |(found, why): &(Finding, String)| {
        let mut value = finding(found, outcome, drafts);
        value["why"] = json!(why);
        value
    };
    let value = json!({
        "verdict": outcome.verdict.word(),
        "tables": outcome.tables.iter().map(table).collect::<Vec<_>>(),
        "assumptions": outcome.judged_as.iter().chain(&outcome.assumptions).collect::<Vec<_>>(),
        "findings": outcome.findings.iter().map(|f| finding(f, outcome, drafts)).collect::<Vec<_>>(),
        "accepted": outcome.accepted.iter().map(accepted).collect::<Vec<_>>(),
        "questions": outcome.open_questions().map(|q| question(q, outcome, drafts)).collect::<Vec<_>>(),
        "answers": outcome.questions.iter().filter_map(answered).collect::<Vec<_>>(),
        "ledger": ledger(&outcome.ledger, drafts),
        "remedies": outcome.remedies.iter().map(remedy).collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

/// Every number by its role: the fields but the first and the last add up to the first, with those that are not judged.
fn ledger(ledger: &Ledger, drafts: &[Draft]) -> Value {
    let mut object = Map::new();
    object.insert("numbers".to_owned(), json!(ledger.numbers()));
    object.insert("in_tables".to_owned(), json!(ledger.count(Role::Figure) + ledger.count(Role::Total)));
    for (role, name, _) in ROLES.iter().filter(|(role, ..)| !matches!(role, Role::Figure)) {
        object.insert((*name).to_owned(), json!(ledger.count(*role)));
    }
    let open = |n: &NotJudged| {
        json!({"file": drafts.get(n.file).map(|d| d.name.as_str()), "part": n.place.part, "line": n.place.line, "column": n.place.column,
            "table": n.table, "number": n.number, "text": n.text})
    };
    object.insert("not_judged".to_owned(), json!(ledger.not_judged.iter().map(open).collect::<Vec<_>>()));
    Value::Object(object)
}

fn question(question: &Question, outcome: &Outcome, drafts: &[Draft]) -> Value {
    let at: Vec<Value> = question.spots.iter().map(|s| Value::Object(spot(s, outcome, drafts))).collect();
    json!({"id": question.id, "asks": question.asks, "if_yes": question.if_yes, "if_no": question.if_no, "at": at})
}

fn answered(question: &Question) -> Option<Value> {
    let answer = if question.answer? { "yes" } else { "no" };
    Some(json!({"id": question.id, "asks": question.asks, "answer": answer}))
}

fn remedy(remedy: &Remedy) -> Value {
    json!({
        "kind": remedy.kind,
        "cells": remedy.cells,
        "of": remedy.of,
        "cost": remedy.cost,
        "distance": (remedy.distance * 100.0).round() / 100.0,
        "proven": remedy.proven,
        "words": remedy.words,
        "changes": remedy.changes.iter().map(changed).collect::<Vec<_>>(),
    })
}

/// A text that a remedy changes; `to` is null where it goes.
fn changed(changed: &Changed) -> Value {
    let mut object = Map::new();
    object.insert("table".to_owned(), json!(changed.table));
    object.insert("row".to_owned(), json!(changed.row));
    object.insert("column".to_owned(), json!(changed.column));
    object.insert("from".to_owned(), json!(changed.from));
    object.insert("to".to_owned(), json!(changed.to));
    if changed.place.line > 0 {
        object.insert("line".to_owned(), json!(changed.place.line));
    }
    Value::Object(object)
}

fn finding(finding: &Finding, outcome: &Outcome, drafts: &[Draft]) -> Value {
    let mut object = Map::new();
    object.insert("code".to_owned(), json!(finding.code.name));
    if let Some(first) = finding.spots.first() {
        object.extend(spot(first, outcome, drafts));
    }
    let names = places(finding, drafts, &outcome.tables);
    object.insert("place".to_owned(), json!(names.first()));
    object.insert("reason".to_owned(), json!(finding.reason));
    if !finding.steps.is_empty() {
        object.insert(
            "derivation".to_owned(),
            json!(finding.steps.iter().map(tabsafe::check::Step::sentence).collect::<Vec<_>>()),
        );
    }
    if let Some(help) = &finding.help {
        object.insert("help".to_owned(), json!(help));
    }
    if let Some(policy) = &finding.policy {
        object.insert("policy".to_owned(), json!(policy));
    }
    let also: Vec<Value> = finding.spots.iter().skip(1).map(|s| Value::Object(spot(s, outcome, drafts))).collect();
    if !also.is_empty() {
        object.insert("also".to_owned(), json!(also));
    }
    Value::Object(object)
}

/// Where something stands.
fn spot(spot: &Spot, outcome: &Outcome, drafts: &[Draft]) -> Map<String, Value> {
    let mut object = Map::new();
    if let Some(table) = spot.table.and_then(|t| outcome.tables.get(t)) {
        object.insert("table".to_owned(), json!(table.name));
    }
    if spot.at.is_some() {
        object.insert("cell".to_owned(), json!({"row": spot.row, "column": spot.column}));
    }
    if let Some(draft) = drafts.get(spot.file) {
        object.insert("file".to_owned(), json!(draft.name));
    }
    if let Some(part) = &spot.place.part {
        object.insert("part".to_owned(), json!(part));
    }
    if spot.place.line > 0 {
        object.insert("line".to_owned(), json!(spot.place.line));
        object.insert("column".to_owned(), json!(spot.place.column));
    }
    object
}
