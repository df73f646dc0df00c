//! What is made from the policies and from the list of keys: the table that compares policies, the reference of the file, the
//! JSON Schema. Each is a file in `docs`; `INSTA_UPDATE=always cargo test --release book` writes them anew.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use tabsafe::policy::keys::{KEYS, Kind, TABLES};
use tabsafe::policy::{Cost, Expected, PRESETS, Plan, Policy, lint, schema};
use tabsafe::rules::{RULES, spelling};

use crate::cli::scene::{Scene, root};

/// Holds a file of the documentation against what it should be, or writes it where that is asked for.
fn current(path: &str, text: &str) {
    let file = root().join(path);
    if std::env::var("INSTA_UPDATE").is_ok_and(|v| v == "always") {
        fs::write(&file, text).expect("the file is written");
    }
    let there = fs::read_to_string(&file).unwrap_or_default();
    assert!(there == text, "{path} is out of date: INSTA_UPDATE=always cargo test --release book writes it");
}

/// A text in a field of a Markdown table.
fn field(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// What a policy calls unsafe.
fn rules(policy: &Policy) -> String {
    let all: Vec<String> = policy.rules.iter().map(|r| format!("`{}`", spelling(&*r.rule))).collect();
    all.join("<br>")
}

/// What it does about it.
fn plan(policy: &Policy) -> String {
    match &policy.plan {
        Plan::Suppress(plan) => format!("withhold (`{}`), protection `{}`", plan.method, policy.protection),
        Plan::Round(plan) => {
            format!("round: `{}`, protection `{}`", tabsafe::round::spelling(&*plan.method), policy.protection)
        }
        Plan::Perturb(plan) => {
            format!("noise: `{}`, protection `{}`", tabsafe::perturb::spelling(&*plan.method), policy.protection)
        }
    }
}

/// A policy in the list below the table.
fn about(policy: &Policy) -> String {
    let mut text = format!("\n### `{}`\n\n{}, version {}.", policy.id, policy.title, policy.version);
    if let (Some(publisher), Some(source)) = (&policy.publisher, &policy.source) {
        text.push_str(&format!(" {publisher}: <{source}>. Evidence: {}.", policy.evidence));
    }
    text.push('\n');
    let mut say = |what: &str, list: &[String]| {
        if !list.is_empty() {
            text.push_str(&format!("\n{what}\n\n"));
            list.iter().for_each(|line| text.push_str(&format!("- {line}\n")));
        }
    };
    say("For:", policy.scope.as_slice());
    let base = policy.base.iter().map(|b| format!("`{}`, version {}", b.id, b.version)).collect::<Vec<_>>();
    say("Extends:", &base);
    say("Beyond tables:", &policy.outside);
    let banned: Vec<String> =
        policy.banned.iter().map(|b| format!("{}: {}", b.variables.join(", "), b.reason)).collect();
    say("Not shown at all:", &banned);
    let accepted: Vec<String> = policy.accepted.iter().map(|a| format!("`{}`: {}", a.warning, a.reason)).collect();
    say("Warnings accepted:", &accepted);
    text
}

/// The comparison of the policies that ship is made from them.
#[test]
fn comparison() {
    let policies: Vec<Policy> = PRESETS.iter().map(|p| p.load().expect("loads")).collect();
    let mut text = "# The policies that ship\n\n\
        Made from the files in `policies/` by a test. `tabsafe policy show NAME` prints one, `--effective` with everything that holds;\n\
        `tabsafe policy test NAME` runs its examples. A policy with an office's name implements that office's rule as far as a table can\n\
        break it; what its source asks beyond tables is told. Those called generic, business or police are nobody's rule.\n\n\
        Evidence: `full`, the whole source was read; `excerpt`, the part with the rule; `second-hand`, somebody else states it.\n\n\
        | policy | what is unsafe | what is done | zeros | sign | evidence |\n|---|---|---|---|---|---|\n"
        .to_owned();
    for policy in &policies {
        let unsafe_zeros = |r: &tabsafe::policy::RuleUse| r.rule.band().is_some_and(|(lo, _)| lo == 0);
        let zeros = match policy.attacker.zeros_published {
            true => "shown",
            false if policy.rules.iter().any(unsafe_zeros) => "hidden",
            false => "may be hidden",
        };
        let fields = [
            format!("[`{}`](#{})", policy.id, policy.id),
            rules(policy),
            plan(policy),
            zeros.to_owned(),
            format!("`{}`", policy.markers.withheld),
            policy.evidence.clone(),
        ];
        text.push_str(&format!("| {} |\n", fields.map(|f| field(&f)).join(" | ")));
    }
    policies.iter().for_each(|policy| text.push_str(&about(policy)));
    current("docs/policies.md", &text);
}

/// What a key takes, in words.
fn takes(kind: Kind) -> String {
    let quoted = |words: Vec<&str>| words.iter().map(|w| format!("`\"{w}\"`")).collect::<Vec<_>>().join(", ");
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Id => "small letters, digits and hyphens".to_owned(),
        Kind::Date => "a day, `\"2026-01-31\"`".to_owned(),
        Kind::Words(words) => quoted(words()),
        Kind::Protection => "`\"band\"`, `\"exact\"`, `\"above\"`, `\"width=3\"`, `\"percent=10\"`".to_owned(),
        Kind::Cost => quoted(Cost::spellings()),
        Kind::Flag => "`true`, `false`".to_owned(),
        Kind::Whole(min, max) => format!("a whole number from {min} to {max}"),
        Kind::Texts => "a list of texts".to_owned(),
        Kind::TextsByName => "a table of lists: `{ outcome = [\"Charge\"] }`".to_owned(),
        Kind::TextByName => "a table: `{ year = \"2014\" }`".to_owned(),
        Kind::Band => "`\"1-4\"` or `\"3\"`".to_owned(),
        Kind::Fingerprint => "64 letters and digits".to_owned(),
        Kind::Numbers => "a list of whole numbers".to_owned(),
        Kind::Grid => "whole numbers, row by row: `[[3, 12], [7, 9]]`".to_owned(),
        Kind::Contributions => "whole numbers for each cell: `[[[50, 40], [7]]]`".to_owned(),
        Kind::Expected => {
            format!(
                "row by row, each a whole number, a list of them, or {}",
                quoted(Expected::WORDS.map(|w| w.0).to_vec())
            )
        }
    }
}

/// The reference of the file is made from the list of keys and the registries.
#[test]
fn reference() {
    let mut text = fs::read_to_string(root().join("tests/policies/reference-head.md")).expect("its head");
    for (table, about) in TABLES {
        match *table {
            "" => text.push_str(&format!("\n## The file\n\n{about}.\n\n")),
            table if table.starts_with('[') => {
                text.push_str(&format!("\n## `[{table}]`\n\n{about}. One table for each.\n\n"))
            }
            table => text.push_str(&format!("\n## `[{table}]`\n\n{about}.\n\n")),
        }
        text.push_str("| key | what it says | what it takes | |\n|---|---|---|---|\n");
        for key in KEYS.iter().filter(|k| k.table == *table) {
            let needed = if key.needed { "must be given" } else { "" };
            let (meaning, takes) = (field(key.meaning), field(&takes(key.kind)));
            text.push_str(&format!("| `{}` | {meaning} | {takes} | {needed} |\n", key.name));
        }
    }
    for rule in RULES {
        text.push_str(&format!("\n## `[{}]`\n\n{}. {}", rule.name, rule.title, rule.summary));
        text.push_str(&format!(" Its page: `tabsafe explain {}`. Several: `[[{}]]`.\n\n", rule.name, rule.name));
        text.push_str("| parameter | what it says | allowed | if left out |\n|---|---|---|---|\n");
        for p in rule.parameters {
            let default = p.default.map_or("must be given".to_owned(), |d| format!("`{d}`"));
            let (meaning, allowed) = (field(p.meaning), field(&p.allowed.to_string()));
            text.push_str(&format!("| `{}` | {meaning} | {allowed} | {default} |\n", p.name));
        }
    }
    text.push_str("\n## Warnings of `tabsafe policy check`\n\n| code | what it is about |\n|---|---|\n");
    lint::CODES.iter().for_each(|(code, about)| text.push_str(&format!("| `{code}` | {about} |\n")));
    current("docs/reference/policy-toml.md", &text);
}

/// The published schema is the one that the program prints.
#[test]
fn schema_is_current() {
    current("docs/policy.schema.json", &schema::text());
    assert_eq!(Scene::empty().run("tabsafe policy schema").stdout, schema::text());
}

/// The list of keys is what the reader of the file knows: each listed key is known, and no other is.
#[test]
fn keys_are_those_that_are_read() {
    let allowed = |text: &str| -> BTreeSet<String> {
        let told = Policy::from_text("p.toml", text).expect_err("an unknown key").to_string();
        let line = told.lines().find(|l| l.contains("unknown key `zzz`")).unwrap_or_else(|| panic!("{text}\n{told}"));
        let list = line.split_once("llowed: ").expect("what is allowed").1;
        list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let listed = |table: &str| -> BTreeSet<String> {
        KEYS.iter().filter(|k| k.table == table).map(|k| k.name.to_owned()).collect()
    };
    let mut top = listed("");
    top.extend(TABLES.iter().map(|t| t.0.trim_matches(['[', ']']).to_owned()).filter(|t| !t.is_empty()));
    top.extend(RULES.iter().map(|r| r.name.to_owned()));
    assert_eq!(allowed("zzz = 1\n"), top);
    // the tables of methods are read by the methods themselves
    for (table, _) in TABLES.iter().filter(|t| !["", "round", "perturb"].contains(&t.0)) {
        assert_eq!(allowed(&format!("[{table}]\nzzz = 1\n")), listed(table), "[{table}]");
    }
}

/// Every policy that ships fits the schema, and each fault of kind and name that the reader finds does not.
#[test]
fn schema_tells_good_from_bad() {
    let schema = schema::schema();
    for preset in PRESETS {
        let value = json(preset.text);
        let faults = misfits(&schema, &value, "");
        assert!(faults.is_empty(), "{}: {faults:?}", preset.name);
    }
    for bad in [
        "unknown-key",
        "unknown-table",
        "unknown-rule-parameter",
        "unknown-suppress-key",
        "no-id",
        "version-is-a-number",
        "evidence-unknown",
        "threshold-of-one",
        "threshold-as-text",
        "threshold-zero-word",
        "keep-totals-as-text",
        "keep-unknown-key",
        "keep-never-as-text",
        "cost-unknown",
        "cost-column-without-name",
        "exception-without-person",
        "exception-definition",
        "example-expect-word",
        "accepted-unknown",
        "date-form",
        "method-unknown",
        "units-are-no-list",
    ] {
        let file = root().join(format!("tests/policies/broken/{bad}.toml"));
        let value = json(&fs::read_to_string(file).expect("the policy"));
        assert!(!misfits(&schema, &value, "").is_empty(), "{bad} fits the schema");
    }
}

/// A TOML text as JSON.
fn json(text: &str) -> Value {
    let value: toml::Value = toml::from_str(text).expect("TOML");
    serde_json::to_value(value).expect("JSON")
}

/// Where a value does not fit a schema: as much of JSON Schema as the one of policies uses.
fn misfits(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut all = Vec::new();
    let kind = match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_i64() || n.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::Null => "null",
    };
    if let Some(wanted) = schema["type"].as_str()
        && !(wanted == kind || (wanted == "number" && kind == "integer"))
    {
        return vec![format!("{at} is {kind}, not {wanted}")];
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        all.push(format!("{at}: {value} is none of {words:?}"));
    }
    if let (Some(number), Some(min)) = (value.as_f64(), schema["minimum"].as_f64())
        && number < min
    {
        all.push(format!("{at}: {number} is below {min}"));
    }
    if let (Some(text), Some(pattern)) = (value.as_str(), schema["pattern"].as_str())
        && !matches(pattern, text)
    {
        all.push(format!("{at}: {text:?} does not match {pattern}"));
    }
    for (key, need) in [("anyOf", None), ("oneOf", Some(1))] {
        if let Some(schemas) = schema[key].as_array() {
            let fitting = schemas.iter().filter(|s| misfits(s, value, at).is_empty()).count();
            if need.map_or(fitting == 0, |n: usize| fitting != n) {
                all.push(format!("{at} fits {fitting} of {}", schemas.len()));
            }
        }
    }
    if let Some(items) = value.as_array().filter(|_| !schema["items"].is_null()) {
        items.iter().for_each(|item| all.extend(misfits(&schema["items"], item, at)));
    }
    if let Some(map) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !map.contains_key(name) {
                all.push(format!("{at}: {name} is missing"));
            }
        }
        for (name, inner) in map {
            let place = format!("{at}.{name}");
            match (&schema["properties"][name], &schema["additionalProperties"]) {
                (Value::Null, Value::Bool(false)) => all.push(format!("{place} is unknown")),
                (Value::Null, rest @ Value::Object(_)) => all.extend(misfits(rest, inner, &place)),
                (Value::Null, _) => {}
                (known, _) => all.extend(misfits(known, inner, &place)),
            }
        }
    }
    all
}

/// The patterns of the schema, each by hand: a library for them would be one more.
fn matches(pattern: &str, text: &str) -> bool {
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let whole = |t: &str| digits(t) && !t.starts_with('0');
    match pattern {
        "\\S" => !text.trim().is_empty(),
        "^[a-z0-9-]+$" => {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        }
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" => text.split('-').map(|p| if digits(p) { p.len() } else { 0 }).eq([4, 2, 2]),
        "^(width|percent) *= *[1-9][0-9]*$" => text
            .split_once('=')
            .is_some_and(|(k, n)| ["width", "percent"].contains(&k.trim_end()) && whole(n.trim_start())),
        "^ *column *= *[^ ]" => {
            text.split_once('=').is_some_and(|(word, name)| word.trim() == "column" && !name.trim().is_empty())
        }
        "^ *[0-9]+ *(- *[0-9]+ *)?$" => text.split('-').count() <= 2 && text.split('-').all(|n| digits(n.trim())),
        "^[0-9a-fA-F]{64}$" => text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()),
        other => panic!("no such pattern: {other}"),
    }
}
