//! Data, specifications, policies and hierarchies that do not hold: each fault with what the user is told.

use super::data::{SPEC, cases as records, cases_with_line, edited};
use super::{Case, case, check_all};

/// A release from the usual files, with `cases.csv` in place of the usual one.
fn data(name: &'static str, exit: i32, cases: impl Into<Vec<u8>>) -> Case {
    case(name, exit, "tabsafe release release.toml --out out").file("cases.csv", cases)
}

/// A release from the usual files, with one thing changed in the specification.
fn spec(name: &'static str, exit: i32, from: &str, to: &str) -> Case {
    case(name, exit, "tabsafe release release.toml --out out").file("release.toml", edited(SPEC, from, to))
}

/// A release under a policy that is changed in one thing.
fn policy(name: &'static str, from: &str, to: &str) -> Case {
    let good = "id = \"own\"\ntitle = \"Ours\"\nversion = \"1\"\nevidence = \"generic\"\n[threshold]\nminimum = 5\n[suppress]\nmethod = \"auto\"\n";
    case(name, 2, "tabsafe release release.toml --policy own.toml --out out").file("own.toml", edited(good, from, to))
}

pub fn cases() -> Vec<Case> {
    [of_data(), of_specifications(), of_policies(), of_hierarchies()].into_iter().flatten().collect()
}

fn of_data() -> Vec<Case> {
    let columns = "[input]\nfile = \"cases.csv\"";
    vec![
        data("data-empty", 3, ""),
        data("data-header-only", 3, "victim,area,sex,age,year,notes\n"),
        data("data-text-in-number", 3, cases_with_line(7, "V006,N1,f,secret,2023,")),
        data("data-ragged", 3, cases_with_line(9, "V008,N1,f,8")),
        data("data-too-many-fields", 3, cases_with_line(9, "V008,N1,f,8,2023,a secret, with a comma")),
        data("data-open-quote", 3, cases_with_line(9, "V008,N1,f,8,2023,\"secret")),
        data("data-after-quote", 3, cases_with_line(9, "V008,N1,f,8,2023,\"sec\"ret")),
        data("data-nul", 3, cases_with_line(9, "V008,N1,f,8,2023,\0")),
        data("data-duplicate-header", 3, edited(&records(), "sex", "area")),
        data("data-nameless-column", 3, edited(&records(), "sex", "")),
        data("data-missing-value", 3, cases_with_line(9, "V008,N1,f,8,,secret")),
        data("data-unlisted-value", 3, cases_with_line(9, "V008,N1,f,8,secret,")),
        data("data-no-table", 3, "\u{1b}[2Jgreen\u{7}\n".repeat(3)),
        data("data-compressed", 3, b"\x1f\x8b\x08\x00secret".to_vec()),
        data("data-total-as-category", 2, records().replace(",N1,", ",Total,")),
        spec("data-no-file", 3, "cases.csv", "casez.csv"),
        spec("data-folder", 2, "cases.csv", "."),
        spec("data-unknown-format", 3, "cases.csv", "cases.docx").file("cases.docx", "secret"),
        spec("data-broken-parquet", 3, "cases.csv", "cases.parquet").file("cases.parquet", "secret"),
        spec("data-broken-ndjson", 3, "cases.csv", "cases.ndjson")
            .file("cases.ndjson", "{\"victim\": \"V1\"}\n{\"victim\": secret}\n"),
        spec("data-no-match", 3, "file = \"cases.csv\"", "files = [\"cases-*.csv\"]"),
        spec("data-files-differ", 3, "file = \"cases.csv\"", "files = [\"cases.csv\", \"more.csv\"]")
            .file("more.csv", "victim,area,age,year,remark\nV1,N1,8,2023,secret\n"),
        spec("column-not-there", 3, "column = \"age\"", "column = \"aeg\""),
        spec("column-of-person-not-there", 3, "person = \"victim\"", "person = \"victims\""),
        spec("column-in-sql-not-there", 3, columns, &format!("{columns}\nwhere = \"yeer = 2023\"")),
        spec("sql-syntax", 2, columns, &format!("{columns}\nwhere = \"year = = 2023\"")),
        spec("sql-types", 2, columns, &format!("{columns}\nwhere = \"area > 5 AND area\"")),
        spec("filter-leaves-nothing", 3, columns, &format!("{columns}\nwhere = \"year = 1990\"")),
        spec("type-does-not-hold", 3, columns, &format!("{columns}\ntypes = {{ area = \"integer\" }}")),
        // not an error: the category stays, with a note
        spec(
            "band-without-records",
            0,
            "{ label = \"16 and over\", from = 16 },",
            "{ label = \"16 to 89\", from = 16, to = 89 }, { label = \"90 and over\", from = 90 },",
        ),
    ]
}

fn of_specifications() -> Vec<Case> {
    let several = SPEC
        .replace("label = \"Age\"", "lable = \"Age\"")
        .replace("missing = \"error\"\n\n[variables.area]", "missing = \"eror\"\n\n[variables.area]")
        .replace("rows = [\"area\"]", "rows = [\"aria\"]")
        .replace("from = 10,", "from = 9,");
    vec![
        case("spec-not-there", 2, "tabsafe release nowhere/release.toml"),
        case("spec-folder", 2, "tabsafe release examples"),
        case("spec-not-text", 2, "tabsafe release release.toml").file("release.toml", b"title = \"\xFF\"\n".to_vec()),
        case("spec-empty", 2, "tabsafe release release.toml").file("release.toml", ""),
        spec("spec-unknown-key", 2, "unit = \"case\"", "unti = \"case\""),
        spec("spec-syntax", 2, "rows = [\"age\"]", "rows = [\"age\""),
        spec("spec-key-twice", 2, "title = \"TABLE 1\"", "title = \"TABLE 1\"\ntitle = \"TABLE 2\""),
        spec("spec-wrong-type", 2, "rows = [\"age\"]", "rows = \"age\""),
        spec("spec-bands-overlap", 2, "from = 10,", "from = 9,"),
        spec("spec-bands-gap", 2, "from = 16", "from = 18"),
        spec("spec-missing-not-said", 2, "missing = { category = \"Not Recorded\" }\n", ""),
        spec("spec-no-such-variable", 2, "rows = [\"age\"]", "rows = [\"agee\"]"),
        spec("spec-no-policy", 2, "policy = \"police-foi\"\n", ""),
        case("spec-several-faults", 2, "tabsafe release release.toml").file("release.toml", several),
    ]
}

fn of_policies() -> Vec<Case> {
    vec![
        case("policy-not-there", 2, "tabsafe release release.toml --policy polce-foi"),
        case("policy-file-not-there", 2, "tabsafe release release.toml --policy own.toml"),
        case("policy-not-text", 2, "tabsafe policy check own.toml").file("own.toml", b"id = \"\xFF\"\n".to_vec()),
        policy("policy-unknown-key", "minimum", "minimun"),
        policy("policy-no-rule", "[threshold]\nminimum = 5\n", ""),
        policy("policy-method", "auto", "best"),
        policy("policy-fraction", "[threshold]\nminimum = 5", "[p-percent]\np = 0.1"),
        policy("policy-syntax", "[threshold]", "[threshold"),
        case("policy-check-bad", 2, "tabsafe policy check police-foi own.toml polce")
            .file("own.toml", "id = \"Own\"\n[threshold]\nminimum = \"five\"\n"),
        case("policy-show-not-there", 2, "tabsafe policy show polce-foi"),
    ]
}

fn of_hierarchies() -> Vec<Case> {
    let protect = "tabsafe protect cases.csv --by area,sex --hierarchy area=own.hrc --threshold 5";
    vec![
        case("hierarchy-not-there", 3, protect),
        case("hierarchy-jump", 3, protect).file("own.hrc", "North\n@@N1\n"),
        case("hierarchy-twice", 3, protect).file("own.hrc", "North\n@N1\n@N2\nSouth\n@N1\n"),
        case("hierarchy-lacks-codes", 3, protect).file("own.hrc", "North\n@N1\n@N2\n"),
        case("hierarchy-circle", 3, "tabsafe protect cases.csv --by area,sex --hierarchy area=own.csv --threshold 5")
            .file("own.csv", "child,parent\nN1,N2\nN2,N1\n"),
    ]
}

/// Each fault is told with its place, what is allowed and what to do next; nothing is written.
#[test]
fn every_faulty_file_is_explained() {
    check_all(cases());
}

/// All faults of a specification are told at once, each with its line.
#[test]
fn all_faults_of_a_file_are_told_at_once() {
    let scene = super::Scene::with_data();
    let faulty = cases().into_iter().find(|case| case.name == "spec-several-faults").expect("the case");
    faulty.files.iter().for_each(|(path, content)| scene.write(path, content));
    let said = scene.run(faulty.line).stderr;
    let text = scene.read("release.toml");
    for wrong in ["lable", "from = 9,", "eror", "\"aria\""] {
        let line = 1 + text[..text.find(wrong).expect("it is in")].matches('\n').count();
        assert!(said.contains(&format!("release.toml:{line}:")), "{wrong} in line {line}:\n{said}");
    }
}
