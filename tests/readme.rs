//! What README.md says is what the program does.

use tabsafe::policy::PRESETS;

use crate::cli::scene::{Scene, root};

/// Stands for the part of a session that is left out.
const LEFT_OUT: &str = "[tables 1 and 3 to 6 left out here]\n";

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).expect("README.md")
}

/// The fenced blocks of a language.
fn fenced(text: &str, language: &str) -> Vec<String> {
    let opening = format!("\n```{language}\n");
    text.split(&opening).skip(1).map(|part| part.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// The rows of the table under a heading, as the texts of their cells.
fn table(text: &str, heading: &str) -> Vec<Vec<String>> {
    let section = text.split(&format!("\n## {heading}\n")).nth(1).unwrap_or_else(|| panic!("no heading {heading}"));
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter(|l| l.starts_with('|')).skip(2);
    rows.map(|l| l.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// The command of the first block, as typed after `cargo run --release --`.
fn first_command(text: &str) -> String {
    let line = text.lines().find_map(|l| l.strip_prefix("    cargo run --release -- ")).expect("the first command");
    format!("tabsafe {line}")
}

/// The session quoted is what the first command prints, word for word; what is left out is marked.
#[test]
fn the_session_is_real() {
    let text = readme();
    let ran = Scene::shipped().run(&first_command(&text));
    assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""));
    let sessions = fenced(&text, "text");
    let [session] = sessions.as_slice() else { panic!("one session is quoted, not {}", sessions.len()) };
    let (above, below) = session.split_once(LEFT_OUT).expect("what is left out is marked");
    assert!(ran.stdout.contains(&format!("\n\n{above}")), "quoted:\n{above}\nprinted:\n{}", ran.stdout);
    assert!(ran.stdout.ends_with(&format!("\n{below}")), "quoted:\n{below}\nprinted:\n{}", ran.stdout);
    let titles: Vec<&str> = ran.stdout.lines().filter(|l| l.starts_with("TABLE ")).collect();
    assert!(titles.iter().zip(1..).all(|(title, n)| title.starts_with(&format!("TABLE {n}"))), "{titles:?}");
    assert_eq!(titles.len(), 6, "tables 1 to 6 are printed, and 2 is quoted");
}

/// The numbers in the text are those of the files.
#[test]
fn numbers_are_those_of_the_files() {
    let text = readme().replace('\n', " ");
    let scene = Scene::shipped();
    let init = scene.run("tabsafe init examples/police-foi/cases.csv").stdout;
    let records = init.split(" records").next().and_then(|head| head.rsplit(' ').next()).expect("their number");
    assert!(text.contains(&format!("reads {records} synthetic case records")), "{records} records");
    let tables = scene.read("examples/police-foi/release.toml").matches("\n[[tables]]\n").count();
    assert!(tables == 6 && text.contains("the six linked tables"), "{tables} tables");
    assert!(text.contains(&format!("The {} that ship", PRESETS.len())), "{} policies", PRESETS.len());
}

/// Every command is in the README, and every command in the README is there.
#[test]
fn the_commands_are_those_there_are() {
    let text = readme();
    let help = Scene::empty().run("tabsafe --help").stdout;
    let listed = help.split_once("Commands:\n").and_then(|(_, rest)| rest.split_once("\n\n")).expect("the commands").0;
    let there: Vec<&str> = listed.lines().filter_map(|l| l.split_whitespace().next()).collect();
    let rows = table(&text, "The other commands");
    let mut named = vec!["release".to_owned(), "help".to_owned()];
    for row in &rows {
        let command = row[0].trim_matches('`').strip_prefix("tabsafe ").expect("a command");
        named.extend(command.split_whitespace().next().map(str::to_owned));
    }
    named.sort();
    let mut there: Vec<String> = there.into_iter().map(str::to_owned).collect();
    there.sort();
    assert_eq!(named, there);
}

/// The table of exit codes is the one of the program.
#[test]
fn the_exit_codes_are_those_of_the_program() {
    let explained = Scene::empty().run("tabsafe explain exit-codes").stdout;
    let codes: Vec<Vec<String>> = (explained.lines())
        .filter(|l| l.starts_with(|c: char| c.is_ascii_digit()))
        .map(|l| {
            let mut parts = l.splitn(3, "  ").map(|p| p.trim().to_owned());
            let (code, rest) = (parts.next().unwrap_or_default(), parts.collect::<Vec<_>>().join("  "));
            let (name, meaning) = rest.split_once(' ').unwrap_or_default();
            vec![code, name.to_owned(), meaning.trim().to_owned()]
        })
        .collect();
    assert_eq!(codes.len(), 6, "{explained}");
    assert_eq!(table(&readme(), "Exit codes"), codes);
}

/// The policy shown holds, in as many lines as it says, and protects the example.
#[test]
fn the_policy_holds() {
    let text = readme();
    let policies = fenced(&text, "toml");
    let [policy] = policies.as_slice() else { panic!("one policy is shown, not {}", policies.len()) };
    assert!(text.contains("## A policy in ten lines"));
    assert_eq!(policy.lines().count(), 10);
    let scene = Scene::shipped();
    scene.write("our-force.toml", policy.as_bytes());
    let checked = scene.run("tabsafe policy check our-force.toml");
    assert_eq!((checked.exit, checked.stdout.as_str()), (0, "our-force.toml: holds (our-force, version 1)\n"));
    let ran = scene.run("tabsafe release examples/police-foi/release.toml --dry-run --verbose --policy our-force.toml");
    assert!(ran.exit == 0 && ran.stdout.contains("our-force.toml:"), "{}", ran.text());
}

/// What the README links to is there.
#[test]
fn links_lead_somewhere() {
    let text = readme();
    let links: Vec<&str> = text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(links.len() >= 3, "{links:?}");
    for link in links.iter().filter(|l| !l.contains("://")) {
        assert!(root().join(link).exists(), "{link} is not there");
    }
}
