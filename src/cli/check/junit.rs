//! The answer as JUnit XML: a test case per table, which fails with what was found in it.

use tabsafe::check::{Draft, Finding, Outcome, Question};

/// The XML text.
pub fn text(outcome: &Outcome, drafts: &[Draft]) -> String {
    let of = |table: Option<usize>| -> Vec<&Finding> {
        outcome.findings.iter().filter(|f| f.spots.first().and_then(|s| s.table) == table).collect()
    };
    let mut cases = Vec::new();
    for (t, table) in outcome.tables.iter().enumerate() {
        let file = drafts.get(table.file).map_or("", |d| d.name.as_str());
        cases.push(case(&table.name, file, &of(Some(t))));
    }
    let file = drafts.first().map_or("", |d| d.name.as_str());
    cases.push(case("text and file", file, &of(None)));
    cases.extend(outcome.open_questions().map(|q| asked(q, file)));
    cases.extend(outcome.accepted.iter().map(|(f, why)| accepted(f, why, file)));
    let failed = cases.iter().filter(|c| c.contains("<failure")).count();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"tabsafe check\" tests=\"{}\" failures=\"{failed}\">\n{}</testsuite>\n</testsuites>\n",
        cases.len(),
        cases.concat()
    )
}

fn case(name: &str, file: &str, findings: &[&Finding]) -> String {
    let open = format!("<testcase name=\"{}\" classname=\"{}\"", escaped(name), escaped(file));
    if findings.is_empty() {
        return format!("{open}/>\n");
    }
    let mut text = format!("{open}>\n");
    for finding in findings {
        let place = finding.spots.first().map(|s| {
            let labels = [s.row.as_str(), s.column.as_str()].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>();
            labels.join(", ")
        });
        let place = place.filter(|p| !p.is_empty()).map(|p| format!("{p}: ")).unwrap_or_default();
        let message = format!("{place}{}", finding.reason);
        text.push_str(&format!(
            "<failure type=\"{}\" message=\"{}\">{}</failure>\n",
            finding.code.name,
            escaped(&message),
            escaped(&finding.steps.iter().map(tabsafe::check::Step::sentence).collect::<Vec<_>>().join("\n"))
        ));
    }
    text.push_str("</testcase>\n");
    text
}

/// What is accepted is a test case that is left out, with the reason.
fn accepted(finding: &Finding, why: &str, file: &str) -> String {
    format!(
        "<testcase name=\"accepted: {}: {}\" classname=\"{}\">\n<skipped message=\"{}\"/>\n</testcase>\n",
        finding.code.name,
        escaped(&finding.reason),
        escaped(file),
        escaped(why)
    )
}

/// A question is a test case that fails until it is answered.
fn asked(question: &Question, file: &str) -> String {
    let yes = question.if_yes.iter().map(|s| format!("If yes: {s}"));
    let follows: Vec<String> = yes.chain(question.if_no.iter().map(|s| format!("If no: {s}"))).collect();
    format!(
        "<testcase name=\"{}\" classname=\"{}\">\n<failure type=\"question\" message=\"{}\">{}</failure>\n</testcase>\n",
        question.id,
        escaped(file),
        escaped(&question.asks),
        escaped(&follows.join("\n"))
    )
}

/// A text within XML: characters that XML does not allow are left out.
fn escaped(text: &str) -> String {
    let allowed = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    let mut out = String::new();
    for c in allowed {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
