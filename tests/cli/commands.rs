//! What each command says and writes when all is well.

use super::data::{SPEC, edited};
use super::{Case, case, check_all};

const RELEASE: &str = "tabsafe release examples/police-foi/release.toml";

/// An example that does not come out as it says.
const EXAMPLE: &str =
    "[[example]]\nname = \"two are few\"\ncounts = [[2, 9], [8, 7]]\nexpect = [[\"shown\", 9], [8, 6]]\n";

pub fn cases() -> Vec<Case> {
    let example = |name, line| case(name, 0, line);
    let kept = edited(SPEC, "police-foi", "own.toml");
    let own = "id = \"own\"\ntitle = \"Ours\"\nversion = \"2\"\nevidence = \"generic\"\n[threshold]\nminimum = 3\n[suppress]\n";
    let unwise = format!("{own}protection = \"exact\"\n[markers]\nwithheld = \"<5\"\n").replace("= 3", "= 5");
    let extends = "id = \"own\"\ntitle = \"Ours\"\nversion = \"2\"\nevidence = \"generic\"\nextends = \"police-foi\"\n[threshold]\nminimum = 10\n";
    vec![
        example("release", "tabsafe release examples/police-foi/release.toml --out out")
            .show(&["out/release.txt", "out/release.csv", "out/release.md", "out/release.json"]),
        example("release-dry-run", "tabsafe release examples/police-foi/release.toml --out out --dry-run"),
        example("release-nowhere", "tabsafe release release.toml --verbose"),
        example("release-report", "tabsafe release release.toml --report report.json").show(&["report.json"]),
        example("release-round5", "tabsafe release release.toml --policy generic-round5 --out out --format text")
            .show(&["out/release.txt"]),
        example("release-formats", "tabsafe release release.toml --out out --format md,csv"),
        example("release-machines", "tabsafe release release.toml --out out --format xlsx,ods,csvw,zip,sdmx-csv,parquet")
            .show(&["out/release.sdmx.csv", "out/release.csv-metadata.json"]),
        example("release-vocabulary", "tabsafe release release.toml --vocabulary dfe --out - --format text"),
        example("protect-markdown", "tabsafe protect cases.csv --by area,sex --threshold 5 --out table.md --quiet")
            .show(&["table.md"]),
        example("explain-vocabularies", "tabsafe explain vocabularies"),
        example("explain-formats", "tabsafe explain formats"),
        example("release-quiet", "tabsafe release release.toml --out out --quiet"),
        example("release-own-policy", "tabsafe release kept.toml --dry-run")
            .file("kept.toml", kept)
            .file("own.toml", own),
        example("release-nothing-unsafe", "tabsafe release release.toml --policy own.toml --dry-run")
            .file("own.toml", edited(own, "= 3", "= 2")),
        // totals that must stay leave no way to protect the single unsafe cell of a table
        case("release-refused", 1, "tabsafe release release.toml --policy own.toml --out out --report report.json")
            .file("own.toml", format!("{own}keep-totals = true\n"))
            .file("cases.csv", "victim,area,sex,age,year\nV1,N,f,8,2023\nV2,N,f,12,2023\nV3,N,f,12,2023\nV4,N,f,12,2023\n"),
        case("release-out-of-time", 4, "tabsafe release examples/police-foi/release.toml --out out --time-limit 0"),
        example("protect-stdout", "tabsafe protect cases.csv --by area,sex --threshold 5"),
        example("protect-insiders", "tabsafe protect cases.csv --by area,sex --threshold 5 --attacker own-contribution=true"),
        example("protect-file", "tabsafe protect cases.csv --by area,sex --threshold 5 --out out/table.csv --report report.json")
            .show(&["out/table.csv", "report.json"]),
        example("protect-linked", "tabsafe protect cases.csv --by area,sex,year --table area,sex --table sex,year --threshold 5"),
        example("protect-hierarchy", "tabsafe protect cases.csv --by area,sex --hierarchy area=area.hrc --total All --threshold 5"),
        example("protect-count", "tabsafe protect counts.csv --by area,sex --count count --threshold 5"),
        example("protect-dominance", "tabsafe protect firms.csv --by industry,region --value turnover --contributor firm --rule 'dominance(n=2,k=85)'"),
        example("protect-p-percent", "tabsafe protect firms.csv --by industry,region --value turnover --contributor firm --rule 'p-percent(10)' --out table.csv")
            .show(&["table.csv"]),
        example("audit-safe", "tabsafe audit safe.csv --by area,sex --count count"),
        example("audit-safe-json", "tabsafe audit safe.csv --by area,sex --count count --format json"),
        case("audit-leak", 1, "tabsafe audit leak.csv --by area,sex --count count --marker x=withheld"),
        case("audit-leak-json", 1, "tabsafe audit leak.csv --by area,sex --count count --marker x=1-4 --format json"),
        example("explain", "tabsafe explain"),
        example("explain-rule", "tabsafe explain threshold"),
        example("explain-method", "tabsafe explain optimal"),
        example("explain-rounding", "tabsafe explain conventional-rounding"),
        example("explain-exit-codes", "tabsafe explain exit-codes"),
        example("explain-one-exit-code", "tabsafe explain 4"),
        example("init", "tabsafe init cases.csv"),
        example("policy-list", "tabsafe policy list"),
        example("policy-show", "tabsafe policy show police-foi"),
        example("policy-check", "tabsafe policy check own.toml police-foi").file("own.toml", own),
        example("policy-check-extends", "tabsafe policy check own.toml").file("own.toml", extends),
        example("policy-check-warnings", "tabsafe policy check own.toml").file("own.toml", unwise.clone()),
        case("policy-check-strict", 2, "tabsafe policy check own.toml --strict").file("own.toml", unwise),
        example("policy-show-effective", "tabsafe policy show own.toml --effective").file("own.toml", extends),
        example("policy-test", "tabsafe policy test police-foi own.toml").file("own.toml", own),
        case("policy-test-fails", 1, "tabsafe policy test own.toml").file("own.toml", format!("{own}{EXAMPLE}")),
    ]
}

/// Each command does what its manual says.
#[test]
fn commands_say_what_they_did() {
    check_all(cases());
}

/// A dry run says the same as the real one, but for the files, and `--out` changes nothing of the figures.
#[test]
fn a_dry_run_says_the_same() {
    let scene = super::Scene::with_data();
    let real = scene.run(&format!("{RELEASE} --out out")).stdout;
    let dry = scene.run(&format!("{RELEASE} --dry-run")).stdout;
    let (said, files) = real.split_once("\nFiles ").expect("the files are named");
    let (files, more) = files.split_once("\nMore ").expect("where more is said");
    assert_eq!(dry, format!("{said}\nMore {more}"));
    assert_eq!(files.lines().count(), 4);
}

/// The page for the reviewer holds what the report in JSON holds, says that it is confidential, and is for its owner alone;
/// `protect` writes it as `release` does, and for a file that brings its own cells.
#[test]
fn reviews_are_confidential_pages() {
    let scene = super::Scene::with_data();
    let jj = include_str!("../data/csplib/TARGUS.jj");
    scene.write("targus.jj", jj.as_bytes());
    for (line, expect) in [
        ("tabsafe release release.toml --report review.html", "Verdict: Safe"),
        (
            "tabsafe protect cases.csv --by area,sex --threshold 5 --out table.csv --report review.html",
            "area S1, sex m: true 2",
        ),
        ("tabsafe protect targus.jj --report review.html", "primary and"),
    ] {
        let ran = scene.run(line);
        assert_eq!(ran.exit, 0, "{line}: {}", ran.text());
        let page = scene.read("review.html");
        assert!(page.starts_with("<!doctype html>") && page.contains("<title>CONFIDENTIAL: review of"), "{line}");
        assert!(page.contains(expect), "{line}: {expect} is not in the page");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(scene.path().join("review.html")).expect("a file").permissions().mode();
            assert_eq!(mode & 0o077, 0, "{line}");
        }
    }
}

/// What the protected table withholds is in the confidential report and nowhere else.
#[test]
fn nothing_withheld_is_shown() {
    let scene = super::Scene::with_data();
    let ran = scene.run(
        "tabsafe protect firms.csv --by industry,region --value turnover --contributor firm --rule 'p-percent(10)'",
    );
    // the sum of food in the North, and what the largest firm contributes to it
    for value in ["985.75", "950.5", "98575"] {
        assert!(!ran.stdout.contains(value) && !ran.stderr.contains(value), "{value} is shown");
    }
    assert!(ran.stdout.contains("food,North,,withheld\n"), "{}", ran.stdout);
}
