//! Drafts with their right answers, as data: a folder each, beside this file.
//!
//! A folder holds the files of a draft and an `expect.toml`; a new case needs no compilation. Keys of `expect.toml`:
//!
//! - `origin`: where the draft is from and what kind of thing it stands for (required);
//! - `args`: what stands behind `tabsafe check`, as typed in a shell in a copy of the folder (required);
//! - `exit`: the exit code, or a list of those that are right (required);
//! - `verdict`: the word of the JSON form;
//! - `must`, `must-not`: findings as `"code: part of what is said"`; the reason, the derivation, the labels of the place and the
//!   help are searched, the part may be empty; `must-not = ["derivable"]` forbids a whole code;
//! - `asks`, `asks-not`: parts of open questions and of what follows from their answers; `questions`: how many are open;
//! - `says`, `says-not`: parts of what the command prints for people, on either stream, line breaks taken as blanks;
//! - `tables`: how many tables are found;
//! - `[[run]]`: the same keys for further commands in the same folder. What stands outside holds for all of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rayon::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use crate::cli::scene::{Ran, Scene, root};
use crate::random::side_by_side;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    origin: String,
    #[serde(default)]
    run: Vec<Expect>,
    args: Option<String>,
    exit: Option<toml::Value>,
    verdict: Option<String>,
    #[serde(default)]
    must: Vec<String>,
    #[serde(default)]
    must_not: Vec<String>,
    #[serde(default)]
    asks: Vec<String>,
    #[serde(default)]
    asks_not: Vec<String>,
    questions: Option<usize>,
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    says_not: Vec<String>,
    tables: Option<usize>,
}

/// What one command must come to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Expect {
    args: Option<String>,
    exit: Option<toml::Value>,
    verdict: Option<String>,
    #[serde(default)]
    must: Vec<String>,
    #[serde(default)]
    must_not: Vec<String>,
    #[serde(default)]
    asks: Vec<String>,
    #[serde(default)]
    asks_not: Vec<String>,
    questions: Option<usize>,
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    says_not: Vec<String>,
    tables: Option<usize>,
}

impl File {
    /// The commands, each with all that must hold.
    fn runs(self) -> Vec<Expect> {
        let common = Expect {
            args: self.args,
            exit: self.exit,
            verdict: self.verdict,
            must: self.must,
            must_not: self.must_not,
            asks: self.asks,
            asks_not: self.asks_not,
            questions: self.questions,
            says: self.says,
            says_not: self.says_not,
            tables: self.tables,
        };
        let with = |own: Expect| {
            let both = |a: &[String], b: Vec<String>| a.iter().cloned().chain(b).collect::<Vec<_>>();
            Expect {
                args: own.args.or(common.args.clone()),
                exit: own.exit.or(common.exit.clone()),
                verdict: own.verdict.or(common.verdict.clone()),
                must: both(&common.must, own.must),
                must_not: both(&common.must_not, own.must_not),
                asks: both(&common.asks, own.asks),
                asks_not: both(&common.asks_not, own.asks_not),
                questions: own.questions.or(common.questions),
                says: both(&common.says, own.says),
                says_not: both(&common.says_not, own.says_not),
                tables: own.tables.or(common.tables),
            }
        };
        // without runs the file itself is one; a file with `args` and runs begins with its own
        let own = self.run.is_empty().then(Expect::default);
        own.into_iter().chain(self.run).map(with).collect()
    }
}

/// Every case gives its right answer. All that is wrong is listed at once.
#[test]
fn all() {
    let only = std::env::var("TABSAFE_CASES").unwrap_or_default();
    let folders: Vec<PathBuf> = (fs::read_dir(root().join("tests/cases")).expect("the cases"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir() && name(path).contains(&only))
        .collect();
    let wrong = Mutex::new(BTreeSet::new());
    side_by_side(|| {
        folders.par_iter().for_each(|folder| {
            let found = case(folder);
            wrong.lock().expect("no worker failed").extend(found);
        });
    });
    let wrong = wrong.into_inner().expect("no worker failed");
    let lines: Vec<String> = wrong.into_iter().collect();
    assert!(lines.is_empty(), "{} of {} cases:\n\n{}", lines.len(), folders.len(), lines.join("\n\n"));
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What is wrong with a case.
fn case(folder: &Path) -> Vec<String> {
    let name = name(folder);
    let text = match fs::read_to_string(folder.join("expect.toml")) {
        Ok(text) => text,
        Err(e) => return vec![format!("{name}: expect.toml: {e}")],
    };
    let file: File = match toml::from_str(&text) {
        Ok(file) => file,
        Err(e) => return vec![format!("{name}: expect.toml: {e}")],
    };
    if file.origin.trim().is_empty() {
        return vec![format!("{name}: it does not say where it is from")];
    }
    let scene = Scene::empty();
    for entry in fs::read_dir(folder).expect("a case") {
        let path = entry.expect("an entry").path();
        scene.write(&path.file_name().unwrap_or_default().to_string_lossy(), &fs::read(&path).expect("a file"));
    }
    let failed = |expect: Expect| {
        let args = expect.args.clone().unwrap_or_default();
        let faults = run(&scene, &args, &expect);
        (!faults.is_empty()).then(|| format!("{name}: tabsafe check {args}\n  {}", faults.join("\n  ")))
    };
    file.runs().into_iter().filter_map(failed).collect()
}

/// Runs a command in both forms; what is wrong with the answers.
fn run(scene: &Scene, args: &str, expect: &Expect) -> Vec<String> {
    let human = scene.run(&format!("timeout 60 tabsafe check {args}"));
    let machine = scene.run(&format!("timeout 60 tabsafe check {args} --format json"));
    let told: Value = serde_json::from_str(&machine.stdout).unwrap_or(Value::Null);
    let mut faults = Vec::new();
    if human.exit != machine.exit {
        faults.push(format!("exit {} for people, {} as JSON", human.exit, machine.exit));
    }
    let right: Vec<i64> = match &expect.exit {
        Some(toml::Value::Integer(code)) => vec![*code],
        Some(toml::Value::Array(codes)) => codes.iter().filter_map(toml::Value::as_integer).collect(),
        _ => Vec::new(),
    };
    if !right.contains(&i64::from(human.exit)) {
        faults.push(format!("exit {}, right is {right:?}: {}", human.exit, first_line(&human)));
    }
    if expect.verdict.as_deref().is_some_and(|v| told["verdict"] != v) {
        faults.push(format!("verdict {}, right is {}", told["verdict"], expect.verdict.as_deref().unwrap_or_default()));
    }
    let tables = told["tables"].as_array().map_or(0, Vec::len);
    if expect.tables.is_some_and(|n| n != tables) {
        faults.push(format!("{tables} tables, right is {}", expect.tables.unwrap_or_default()));
    }
    faults.extend(findings(&told, expect));
    faults.extend(questions(&told, expect));
    let printed = flat(&format!("{} {}", human.stdout, human.stderr));
    let lacks = expect.says.iter().filter(|s| !printed.contains(&flat(s)));
    faults.extend(lacks.map(|s| format!("does not say: {s}")));
    let holds = expect.says_not.iter().filter(|s| printed.contains(&flat(s)));
    faults.extend(holds.map(|s| format!("must not say: {s}")));
    faults
}

/// Findings that lack, or that must not be there.
fn findings(told: &Value, expect: &Expect) -> Vec<String> {
    let findings = told["findings"].as_array().cloned().unwrap_or_default();
    let fits = |wanted: &str| {
        let (code, part) = wanted.split_once(": ").unwrap_or((wanted.trim_end_matches(':'), ""));
        findings.iter().any(|f| f["code"] == code && (part.is_empty() || flat(&words(f)).contains(&flat(part))))
    };
    let all = || {
        let seen: Vec<String> =
            findings.iter().map(|f| format!("{}: {}", f["code"].as_str().unwrap_or(""), words(f))).collect();
        if seen.is_empty() { "none".to_owned() } else { seen.join("\n    ") }
    };
    let lacks =
        expect.must.iter().filter(|w| !fits(w)).map(|w| format!("lacks the finding \"{w}\"; there are\n    {}", all()));
    let holds = expect.must_not.iter().filter(|w| fits(w)).map(|w| format!("has the finding \"{w}\":\n    {}", all()));
    lacks.chain(holds).collect()
}

/// Questions that lack, or that must not be there.
fn questions(told: &Value, expect: &Expect) -> Vec<String> {
    let questions = told["questions"].as_array().cloned().unwrap_or_default();
    let asked: Vec<String> = questions.iter().map(words).collect();
    let fits = |wanted: &str| asked.iter().any(|q| flat(q).contains(&flat(wanted)));
    let lacks = expect.asks.iter().filter(|w| !fits(w));
    let lacks = lacks.map(|w| format!("does not ask \"{w}\"; asked is\n    {}", asked.join("\n    ")));
    let holds = expect.asks_not.iter().filter(|w| fits(w)).map(|w| format!("asks \"{w}\""));
    let number = expect.questions.filter(|n| *n != questions.len());
    let number =
        number.map(|n| format!("{} open questions, right is {n}\n    {}", questions.len(), asked.join("\n    ")));
    lacks.chain(holds).chain(number).collect()
}

/// All words within a value, one text behind the other.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(words).collect::<Vec<_>>().join(" | "),
        Value::Object(fields) => {
            let said = fields.iter().filter(|(key, _)| !matches!(key.as_str(), "code" | "file" | "policy"));
            said.map(|(_, v)| words(v)).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" | ")
        }
        _ => String::new(),
    }
}

/// A text with single blanks.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn first_line(ran: &Ran) -> String {
    let text = if ran.stdout.is_empty() { &ran.stderr } else { &ran.stdout };
    text.lines().next().unwrap_or_default().to_owned()
}
