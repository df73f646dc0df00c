//! What holds the house up: read from the source tree, so that a breach fails here and not in a review.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which rooms a room may import. A room that is not listed may not exist; `pipeline` and the facade `lib` may
/// import every room of the library.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    // the vocabulary stands alone
    ("model", &[]),
    ("diag", &[]),
    ("solve", &["model", "diag"]),
    // what rules and methods take, and keys of those that are random
    ("parameter", &["diag"]),
    ("secret", &["diag", "text"]),
    // the cells and relations follow from the definitions alone
    ("link", &["model"]),
    // differences between tables: found here, checked here, judged by those who ask
    ("witness", &["model", "solve"]),
    // encodings, delimiters, signs in place of figures
    ("text", &["model"]),
    // a specification names hierarchies, which are files that `read` reads
    // and where a key is
    ("spec", &["model", "diag", "read", "secret", "text"]),
    // columns of a file become those of a draft here
    ("read", &["model", "diag", "spec", "text"]),
    // drafted answers: encodings and delimiters are those of records; in the root package, the reader of columns
    ("draft", &["read", "text"]),
    // keys of records are hashed with the secret key
    ("tabulate", &["model", "diag", "spec", "read", "secret"]),
    ("rules", &["model", "diag", "parameter", "solve"]),
    // never suppress: the audit must not inherit a bug from what it audits
    ("attack", &["model", "diag", "solve", "witness"]),
    // the attacker's model and his proofs; the key of a choice that the public can't repeat
    ("suppress", &["model", "diag", "solve", "witness", "attack", "secret"]),
    ("round", &["model", "diag", "parameter", "secret", "solve"]),
    ("perturb", &["model", "diag", "parameter", "secret", "solve", "text"]),
    // without records: from text to a system, the rules and the attack on it, and what could be done
    (
        "check",
        &[
            "draft", "model", "diag", "link", "rules", "policy", "attack", "witness", "solve", "suppress", "round",
            "perturb", "text", "package",
        ],
    ),
    // the registries, and the attacker as policies spell him
    ("policy", &["model", "diag", "parameter", "secret", "rules", "attack", "suppress", "round", "perturb", "text"]),
    // zip files whose bytes follow from their content
    ("package", &[]),
    // how far what is published is from the truth
    ("utility", &["model"]),
    ("release", &["model", "diag", "attack", "policy", "utility"]),
    ("write", &["model", "diag", "release", "package", "text"]),
    // files of another system: read into what `link` and `rules` take, written from what the pipeline gives
    ("argus", &["model", "diag", "spec", "read", "link", "rules", "policy"]),
];

/// Rooms that order or offer all others.
const ABOVE: &[&str] = &["pipeline", "lib", "cli", "main"];

/// Libraries that only some rooms may know.
const KNOWN_ONLY_IN: &[(&str, &[&str])] = &[
    // Parquet is written by the library that reads it; no other file of `write` knows it
    ("polars", &["read", "tabulate", "write/parquet.rs"]),
    ("sqlparser", &["tabulate"]),
    ("rust_xlsxwriter", &["check", "write"]),
    ("quick_xml", &["check", "draft", "package", "read", "write"]),
    ("zip", &["draft", "package", "read", "write"]),
    ("highs", &["solve"]),
    ("opendp", &["perturb"]),
    ("calamine", &["draft"]),
    ("pdf_extract", &["draft"]),
    ("html5ever", &["draft"]),
    ("pulldown_cmark", &["draft"]),
    ("clap", &["cli", "main"]),
    ("indicatif", &["cli", "main"]),
    ("tabled", &["write", "cli", "main"]),
    ("askama", &["write"]),
    ("docx_rs", &["write"]),
    ("anstream", &["cli", "main"]),
    ("anstyle", &["cli", "main"]),
    ("ctrlc", &["cli", "main"]),
    ("rand_chacha", &["secret"]),
];

/// The folders that the rooms stand in: the command with what knows Polars, and the crates.
const HOUSES: &[&str] = &["src", "crates/core/src", "crates/draft/src"];

/// A source file: its folder, its path below that, its room, and its text.
struct Source {
    house: &'static str,
    path: String,
    room: String,
    text: String,
}

impl Source {
    /// The lines of code outside unit tests, with their numbers: no comments, nothing after `#[cfg(test)] mod`.
    fn code(&self) -> Vec<(usize, &str)> {
        let mut code = Vec::new();
        let lines: Vec<&str> = self.text.lines().collect();
        for (i, line) in lines.iter().enumerate() {
            let inline_tests = line.trim() == "#[cfg(test)]"
                && lines.get(i + 1).is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'));
            if inline_tests {
                break;
            }
            code.push((i + 1, line.split("//").next().unwrap_or_default()));
        }
        code
    }

    /// Whether it is compiled for unit tests only.
    fn is_test(&self) -> bool {
        self.path.ends_with("tests.rs") || self.path.contains("/tests/") || self.path.ends_with("fixture.rs")
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let mut all = Vec::new();
    for house in HOUSES {
        let src = root().join(house);
        let mut paths = Vec::new();
        files(&src, &mut paths);
        assert!(paths.len() > 20, "the sources in {house} were found");
        all.extend(paths.into_iter().map(|p| {
            let path = p.strip_prefix(&src).expect("below src").to_string_lossy().replace('\\', "/");
            let room = path.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
            Source { house, room, path, text: fs::read_to_string(p).expect("text") }
        }));
    }
    all
}

/// Fails with every fault at once.
fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The rooms of the library that a line names: `crate::a`, `crate::{a, b::c}`.
fn rooms_named(line: &str, prefix: &str) -> Vec<String> {
    let word = |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let mut named = Vec::new();
    for rest in line.split(prefix).skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => named.extend(list.split(',').map(|part| word(part.trim()))),
            None => named.push(word(rest)),
        }
    }
    named.retain(|n| !n.is_empty());
    named
}

/// Each room imports only what the house allows.
#[test]
fn rooms_keep_to_themselves() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut faults = Vec::new();
    for source in sources().iter().filter(|s| !ABOVE.contains(&s.room.as_str()) && !s.is_test()) {
        let Some(allowed) = allowed.get(source.room.as_str()) else {
            faults.push(format!("{}/{}: `{}` is no room of the house", source.house, source.path, source.room));
            continue;
        };
        for (line, code) in source.code() {
            for named in rooms_named(code, "crate::") {
                if named != source.room && !allowed.contains(&named.as_str()) {
                    faults.push(format!(
                        "{}/{}:{line}: `{}` may not import `{named}`",
                        source.house, source.path, source.room
                    ));
                }
            }
        }
    }
    none(faults);
}

/// No room imports another in a circle, `spec` and `read` aside, and the audit never knows what it audits.
#[test]
fn the_rules_themselves() {
    let rooms: BTreeSet<&str> = MAY_IMPORT.iter().map(|r| r.0).collect();
    assert_eq!(rooms.len(), MAY_IMPORT.len(), "each room once");
    for (room, imports) in MAY_IMPORT {
        assert!(imports.iter().all(|i| rooms.contains(i)), "`{room}` imports rooms that there are");
        assert!(*room != "attack" || !imports.contains(&"suppress"));
    }
    assert_eq!(rooms_named("use crate::{model::Cell, diag};", "crate::"), ["model", "diag"]);
    assert_eq!(rooms_named("fn f(x: crate::model::Cell)", "crate::"), ["model"]);
}

/// The library never imports the command line, and large libraries stay in their rooms.
#[test]
fn libraries_stay_in_their_rooms() {
    let mut faults = Vec::new();
    for source in &sources() {
        for (line, code) in source.code() {
            let at = format!("{}/{}:{line}", source.house, source.path);
            for (library, rooms) in KNOWN_ONLY_IN {
                let named = code.contains(&format!("{library}::")) && !code.contains(&format!("::{library}::"));
                let known = rooms.contains(&source.room.as_str()) || rooms.contains(&source.path.as_str());
                if named && !known && !source.is_test() {
                    faults.push(format!("{at}: only {} may know {library}", rooms.join(", ")));
                }
            }
            if source.room == "model"
                && (code.contains("serde") || code.contains("std::fs") || code.contains("std::io"))
            {
                faults.push(format!("{at}: `model` knows no serde and no files"));
            }
        }
    }
    none(faults);
}

/// Files stay under 600 lines, `main.rs` under 60.
#[test]
fn files_are_short() {
    let most = |s: &Source| if s.path == "main.rs" { 60 } else { 600 };
    let long = sources()
        .iter()
        .filter(|s| s.text.lines().count() >= most(s))
        .map(|s| format!("{}/{} is long", s.house, s.path))
        .collect();
    none(long);
}

/// Each module opens with what it does.
#[test]
fn modules_say_what_they_do() {
    let opens = |s: &Source| s.text.starts_with("//!") || s.text.starts_with("#![doc");
    none(
        sources().iter().filter(|s| !opens(s)).map(|s| format!("{}/{} opens without `//!`", s.house, s.path)).collect(),
    );
}

/// Nothing is left for later, nothing panics on purpose, and the library prints nothing.
#[test]
fn code_is_finished_and_quiet() {
    let later = ["todo!", "unimplemented!", "dbg!"];
    let panics = [".unwrap()", ".expect(", "panic!(", "unsafe {"];
    let prints =
        ["println!", "eprintln!", "print!(", "eprint!(", "std::env::", "SystemTime", "Instant::now", "home_dir"];
    let mut faults = Vec::new();
    for source in sources().iter().filter(|s| !s.is_test()) {
        let binary = ["cli", "main"].contains(&source.room.as_str());
        for (line, code) in source.code() {
            let banned = later.iter().chain(&panics).chain(if binary { &[] } else { &prints[..] });
            // a key may be in a variable
            let banned = banned.filter(|b| source.room != "secret" || **b != "std::env::");
            let found = banned
                .filter(|b| code.contains(**b))
                .map(|b| format!("{}/{}:{line}: `{b}`", source.house, source.path));
            faults.extend(found);
        }
    }
    for source in &sources() {
        let marks = ["TODO", "FIXME", "XXX"];
        let left = source.text.lines().enumerate().filter(|(_, l)| marks.iter().any(|m| l.contains(m)));
        faults
            .extend(left.map(|(i, _)| format!("{}/{}:{}: something is left to do", source.house, source.path, i + 1)));
    }
    none(faults);
}
