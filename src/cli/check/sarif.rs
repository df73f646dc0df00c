//! The answer as SARIF 2.1.0, for code review tools and continuous integration: a result per place.

use serde_json::{Value, json};
use tabsafe::check::{CODES, Draft, Finding, Outcome, QUESTIONS, Question, Spot};

/// The SARIF text.
pub fn text(outcome: &Outcome, drafts: &[Draft]) -> String {
    let rule = |code: &&tabsafe::check::Code| json!({"id": code.name, "shortDescription": {"text": code.summary}, "help": {"text": code.manual, "markdown": code.manual}});
    let all = || outcome.findings.iter().chain(outcome.accepted.iter().map(|a| &a.0));
    let used = CODES.iter().filter(|code| all().any(|f| f.code.name == code.name));
    let asked = outcome.open_questions().map(|q| question(q, drafts));
    let accepted = outcome.accepted.iter().map(|(f, why)| {
        let mut value = result(f, drafts);
        value["suppressions"] = json!([{"kind": "external", "justification": why}]);
        value
    });
    let results: Vec<Value> = outcome.findings.iter().map(|f| result(f, drafts)).chain(accepted).chain(asked).collect();
    let page = json!({"id": "question", "shortDescription": {"text": "Something must be settled before the draft can be judged."}, "help": {"text": QUESTIONS, "markdown": QUESTIONS}});
    let asks = outcome.open_questions().next().map(|_| page);
    let value = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "tabsafe",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": used.map(rule).chain(asks).collect::<Vec<_>>(),
            }},
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

fn result(finding: &Finding, drafts: &[Draft]) -> Value {
    let mut text = finding.reason.clone();
    for step in &finding.steps {
        text.push_str(&format!("\n{}", step.sentence()));
    }
    let locations: Vec<Value> = finding.spots.iter().filter_map(|s| location(s, drafts)).collect();
    json!({"ruleId": finding.code.name, "level": "error", "message": {"text": text}, "locations": locations})
}

fn question(question: &Question, drafts: &[Draft]) -> Value {
    let follows = question
        .if_yes
        .iter()
        .map(|s| format!("If yes: {s}"))
        .chain(question.if_no.iter().map(|s| format!("If no: {s}")));
    let text: Vec<String> = std::iter::once(format!("{}: {}", question.id, question.asks)).chain(follows).collect();
    let locations: Vec<Value> = question.spots.iter().filter_map(|s| location(s, drafts)).collect();
    json!({"ruleId": "question", "level": "warning", "message": {"text": text.join("\n")}, "locations": locations})
}

fn location(spot: &Spot, drafts: &[Draft]) -> Option<Value> {
    let uri = drafts.get(spot.file)?.name.replace('\\', "/").replace(' ', "%20");
    let mut physical = json!({"artifactLocation": {"uri": uri}});
    if spot.place.line > 0 {
        physical["region"] = json!({"startLine": spot.place.line, "startColumn": spot.place.column.max(1)});
    }
    let name =
        [spot.row.as_str(), spot.column.as_str()].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ");
    let mut location = json!({"physicalLocation": physical});
    if !name.is_empty() {
        location["logicalLocations"] = json!([{"name": name}]);
    }
    Some(location)
}
