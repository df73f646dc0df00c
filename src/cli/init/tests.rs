//! What init writes can be used by its own instructions, and lists nobody.

use std::path::Path;

use tabsafe::pipeline::{self, Options};
use tabsafe::policy::Policy;
use tabsafe::solve::Highs;
use tabsafe::spec::Spec;

use super::*;

/// The specification of a file of records.
fn written(records: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("records.csv");
    std::fs::write(&data, records).expect("the records");
    let input = Data::open(&data, &Session::plain()).expect("the records");
    specification(&input, Path::new("records.csv"), None).expect("a specification")
}

/// Switches on the sections whose first line is one of these.
fn switched_on(text: &str, sections: &[&str]) -> String {
    let mut on = false;
    let line = |line: &str| {
        match line.strip_prefix("# ") {
            Some(code) if code.starts_with('[') => on = sections.contains(&code),
            Some(_) => {}
            None => on = false,
        }
        if on { line.trim_start_matches("# ").to_owned() } else { line.to_owned() }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// 60 records about made-up persons.
fn records() -> String {
    let mut text = "case_ref,victim_id,name,dob,sex,area,age,amount,reported,notes\n".to_owned();
    for i in 0..60u32 {
        let area = match i {
            0..25 => "North",
            25..50 => "South",
            50..58 => "East, outer",
            58 => "Rareville",
            _ => "",
        };
        let (sex, day) = (if i % 2 == 0 { "f" } else { "m" }, 1 + i % 28);
        text.push_str(&format!(
            "{},V{},Person {i},19{:02}-03-{day:02},{sex},\"{area}\",{},{}.{:02},20{:02}-05-{day:02},told us {i}\n",
            1000 + i,
            i / 2,
            40 + i % 60,
            (i * 7) % 80,
            i * 10,
            i % 100,
            13 + i % 3
        ));
    }
    text
}

/// What tells persons or cases apart is not listed, nor a value that one record has; the rest has a suggestion.
#[test]
fn nobody_is_listed() {
    let text = written(&records());
    for never in ["Person 1", "V1\"", "1003", "-03-", "told us", "Rareville"] {
        assert!(!text.contains(never), "{never} in\n{text}");
    }
    for name in ["case_ref", "victim_id", "name", "dob", "notes"] {
        assert!(!text.contains(&format!("[variables.\"{name}\"]")), "{name} in\n{text}");
    }
    for line in [
        "# person = \"victim_id\"",
        "# order = [\"f\", \"m\"]",
        "# order = [\"East, outer\", \"North\", \"South\"]",
        "# other = { category = \"Other\" }",
        "# missing = { category = \"Not Recorded\" }",
        "# sql = \"EXTRACT(YEAR FROM \\\"reported\\\")\"",
        "#     { label = \"Under 20\", to = 19 },",
        "#     { label = \"Under 200\", to = 199.99 },",
        "# rows = [\"sex\"]",
        "# columns = [\"area\"]",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} is not in\n{text}");
    }
}

/// With a title, the variables and the table switched on, it is a specification from which a release comes.
#[test]
fn it_can_be_used_as_it_says() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("records.csv"), records()).expect("the records");
    let text = written(&records());
    let blank = Spec::parse(&text, &folder.path().join("release.toml")).expect_err("the title is to be written");
    assert!(blank.to_string().contains("empty text"), "{blank}");
    let all: Vec<String> = ["sex", "area", "age", "amount", "reported"].map(|v| format!("[variables.\"{v}\"]")).into();
    for variables in [&all[..2], &all[..]] {
        let sections: Vec<&str> = variables.iter().map(String::as_str).chain(["[[tables]]"]).collect();
        let mut filled = switched_on(&text.replace("title = \"\"", "title = \"Trial\""), &sections);
        for variable in &variables[2..] {
            let name = variable.trim_start_matches("[variables.").trim_end_matches(']');
            filled.push_str(&format!("\n[[tables]]\ntitle = {name}\nrows = [{name}]\n"));
        }
        let spec =
            Spec::parse(&filled, &folder.path().join("release.toml")).unwrap_or_else(|e| panic!("{e}\n{filled}"));
        let policy = Policy::load("police-foi").expect("it ships");
        let options = Options::new(&Highs);
        let outcome = pipeline::run(&spec, &policy, &options).unwrap_or_else(|e| panic!("{e}\n{filled}"));
        assert!(outcome.release.is_ok(), "{:?}", outcome.release.err());
    }
}

/// A specification that is there is not replaced, and the data are named as seen from it.
#[test]
fn a_new_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, out) = (folder.path().join("records.csv"), folder.path().join("release.toml"));
    std::fs::write(&data, records()).expect("the records");
    let args = InitArgs { data: data.clone(), out: Some(out.clone()) };
    let session = Session::plain();
    let written = specification(&Data::open(&data, &session).expect("the records"), &data, Some(&out));
    assert!(write_new(&out, &written.expect("a specification")).is_ok());
    assert!(std::fs::read_to_string(&out).expect("written").contains("file = \"records.csv\"\n"));
    let again = run(&args, &session).expect_err("it is there");
    assert_eq!((again.code, again.message), (exit::USAGE, format!("{} is there already", out.display())));
}
