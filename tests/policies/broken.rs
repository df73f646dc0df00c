//! Policies at fault: each file of the folder `broken` with the message that its author gets.
//!
//! A new case is a file; `INSTA_UPDATE=always cargo test --release broken` writes its message to `messages`. Read it before
//! committing: could somebody mend the file from the message alone?

use std::collections::BTreeSet;
use std::fs;

use tabsafe::policy::Policy;

use crate::cli::scene::root;

/// Where the policies are, seen from the repository.
const FOLDER: &str = "tests/policies/broken";

/// The names of the policies at fault.
fn names() -> Vec<String> {
    let files = fs::read_dir(root().join(FOLDER)).expect("the folder").map(|f| f.expect("a file").file_name());
    let files = files.map(|name| name.to_string_lossy().into_owned());
    let mut names: Vec<String> = files.filter_map(|name| Some(name.strip_suffix(".toml")?.to_owned())).collect();
    names.sort();
    names
}

/// What the author of a policy is told.
fn told(name: &str) -> String {
    match Policy::load(&format!("{FOLDER}/{name}.toml")) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

/// Every policy of the folder is refused, with the message that stands beside it.
#[test]
fn each_has_its_message() {
    let names = names();
    assert!(names.len() >= 60, "{} policies at fault", names.len());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("broken/messages");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let failed: Vec<&String> = (names.iter())
        .filter(|name| {
            let check = || settings.bind(|| insta::assert_snapshot!(name.as_str(), told(name)));
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(check)).is_err()
        })
        .collect();
    assert!(failed.is_empty(), "messages that differ: {failed:?}");
    let kept = fs::read_dir(root().join(FOLDER).join("messages")).expect("the messages");
    let kept: BTreeSet<String> = kept.map(|f| f.expect("a file").file_name().to_string_lossy().into_owned()).collect();
    let expected: BTreeSet<String> = names.iter().map(|name| format!("{name}.snap")).collect();
    assert_eq!(kept, expected, "messages without a policy, or policies without one");
}

/// Each message says where, and what to do: a place in the file (or the file itself, where something is missing), and
/// what is allowed. None speaks of Rust, or of what tabsafe is made of.
#[test]
fn each_message_says_where_and_what_next() {
    for name in names() {
        let text = told(&name);
        assert!(!text.is_empty(), "{name} is not refused");
        for line in text.lines() {
            assert!(line.starts_with(&format!("{FOLDER}/{name}.toml:")), "{name}: no place in {line}");
            // what is not TOML is told in the words of its parser
            assert!(line.ends_with(')') || line.contains("not TOML"), "{name}: nothing to do in {line}");
            for jargon in ["serde", "struct", "enum", "Some(", "None", "visitor", "i64", "usize", "Spanned"] {
                assert!(!line.contains(jargon), "{name}: {jargon} in {line}");
            }
        }
    }
}

/// A word that a message suggests is the right one: put in place of the wrong one, the fault is gone.
#[test]
fn suggestions_mend() {
    let mut mended = 0;
    for name in names() {
        let before = told(&name);
        let file = root().join(FOLDER).join(format!("{name}.toml"));
        let text = fs::read_to_string(file).expect("the policy");
        for line in before.lines() {
            let Some((_, after)) = line.split_once("did you mean `") else { continue };
            let near = after.split('`').next().expect("a word");
            let place: Vec<usize> = line.split(':').skip(1).take(2).filter_map(|n| n.parse().ok()).collect();
            let start: usize = text.split_inclusive('\n').take(place[0] - 1).map(str::len).sum();
            let rest = &text[start..];
            let quoted = line.split('`').skip(1).step_by(2);
            let wrong = quoted.into_iter().filter(|w| rest.contains(*w) && *w != near).max_by_key(|w| {
                // the word at the place itself, not the key before it
                (strsim_like(w, near), w.len())
            });
            let wrong = wrong.unwrap_or_else(|| panic!("{name}: no word of {line} stands at its place"));
            let better = format!("{}{}", &text[..start], rest.replacen(wrong, near, 1));
            let now = Policy::from_text(&format!("{FOLDER}/{name}.toml"), &better).err().map(|e| e.to_string());
            let fault = line.split_once(": ").map_or(line, |(_, fault)| fault);
            assert!(
                !now.unwrap_or_default().contains(fault),
                "{name}: still at fault with `{near}` in place of `{wrong}`"
            );
            mended += 1;
        }
    }
    assert!(mended >= 15, "{mended} suggestions were tried");
}

/// How many letters two words share from their start and end: enough to find the one that was meant.
fn strsim_like(one: &str, other: &str) -> usize {
    let start = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let end = one.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b).count();
    start + end
}

/// No text makes the reader fail otherwise than with messages: every policy that ships with a line left out, doubled or cut
/// short, and with a letter changed.
#[test]
fn nothing_panics() {
    let mut read = 0;
    for preset in tabsafe::policy::PRESETS {
        let lines: Vec<&str> = preset.text.lines().collect();
        let mut texts = Vec::new();
        for i in 0..lines.len() {
            let with = |middle: &[&str]| [&lines[..i], middle, &lines[i + 1..]].concat().join("\n");
            let line = lines[i];
            let half = line.char_indices().nth(line.chars().count() / 2).map_or(0, |(at, _)| at);
            let changed = line.replacen(['=', '"', '[', ','], "#", 1);
            texts.extend([with(&[]), with(&[line, line]), with(&[&line[..half]]), with(&[&changed])]);
        }
        for text in texts {
            if let Err(error) = Policy::from_text("mutant.toml", &text) {
                assert!(error.to_string().lines().all(|line| line.starts_with("mutant.toml")), "{error}");
            }
            read += 1;
        }
    }
    assert!(read > 3000, "{read} texts");
}
