//! Arguments that do not hold, and places that can't be written.

use super::{Case, case, check_all};

const OWN: &str =
    "id = \"own\"\ntitle = \"Ours\"\nversion = \"1\"\nevidence = \"generic\"\n[threshold]\nminimum = 5\n[suppress]\n";

/// The least that is taken for a report of an earlier run.
const EARLIER: &str = r#"{"confidential": true, "tool": "tabsafe", "policy": {"id": "a", "version": "1", "fingerprint": ""},
"spec_fingerprint": "", "summary": {"cells": 0, "primaries": 0, "secondaries": 0, "loss": 0, "verdict": "safe"}, "cells": []}"#;

pub fn cases() -> Vec<Case> {
    [of_outputs(), of_protect(), of_others()].into_iter().flatten().collect()
}

fn of_outputs() -> Vec<Case> {
    vec![
        case("out-is-a-file", 2, "tabsafe release release.toml --out out").file("out", "a file"),
        case("out-below-a-file", 2, "tabsafe release release.toml --out out/2024").file("out", "a file"),
        case("out-file-is-a-folder", 2, "tabsafe protect cases.csv --by area,sex --threshold 5 --out examples"),
        case("out-no-name", 2, "tabsafe protect cases.csv --by area,sex --threshold 5 --out ''"),
        case(
            "out-device",
            2,
            "tabsafe protect cases.csv --by area,sex --threshold 5 --out table.csv --report /dev/full",
        ),
        case("out-proc", 2, "tabsafe release release.toml --out /proc/nowhere"),
        case(
            "out-twice",
            2,
            "tabsafe protect cases.csv --by area,sex --threshold 5 --out table.csv --report ./table.csv",
        ),
        case("out-is-the-data", 2, "tabsafe protect cases.csv --by area,sex --threshold 5 --out ./cases.csv"),
        case(
            "out-is-the-hierarchy",
            2,
            "tabsafe protect cases.csv --by area,sex --threshold 5 --hierarchy area=area.hrc --out area.hrc",
        ),
        case("out-is-the-policy", 2, "tabsafe protect cases.csv --by area,sex --policy own.toml --report own.toml")
            .file("own.toml", OWN),
        case("report-is-the-specification", 2, "tabsafe release release.toml --report release.toml"),
        case("report-is-the-policy", 2, "tabsafe release release.toml --policy own.toml --report own.toml")
            .file("own.toml", OWN),
        case("report-is-matched-data", 2, "tabsafe release release.toml --report cases.csv").file(
            "release.toml",
            super::data::edited(super::data::SPEC, "file = \"cases.csv\"", "files = [\"case*.csv\"]"),
        ),
        case("unknown-vocabulary", 2, "tabsafe release release.toml --vocabulary gsss"),
        case("protect-two-formats", 2, "tabsafe protect cases.csv --by area,sex --threshold 5 --format xlsx,ods"),
        case(
            "protect-format-of-a-release",
            2,
            "tabsafe protect cases.csv --by area,sex --threshold 5 --out t.csv-metadata.json",
        ),
        case("since-without-a-page", 2, "tabsafe release release.toml --report report.json --since report.json"),
        case("since-is-no-report", 2, "tabsafe release release.toml --report review.html --since cases.csv"),
        case(
            "since-not-there",
            2,
            "tabsafe protect cases.csv --by area,sex --threshold 5 --report r.html --since none.json",
        ),
        case(
            "since-is-the-report",
            2,
            "tabsafe release release.toml --report review.html --report old.json --since old.json",
        )
        .file("old.json", EARLIER),
        case("unknown-format", 2, "tabsafe release release.toml --out out --format text,pdf"),
    ]
}

fn of_protect() -> Vec<Case> {
    vec![
        case("protect-no-rule", 2, "tabsafe protect cases.csv --by area,sex"),
        case("protect-no-by", 2, "tabsafe protect cases.csv --threshold 5"),
        case("protect-no-data", 3, "tabsafe protect nowhere.csv --by area,sex --threshold 5"),
        case("protect-no-column", 3, "tabsafe protect cases.csv --by aera,sex --threshold 5"),
        case("protect-by-empty", 2, "tabsafe protect cases.csv --by area, --threshold 5"),
        case("protect-total-empty", 2, "tabsafe protect cases.csv --by area,sex --total '' --threshold 5"),
        case("protect-table-twice", 2, "tabsafe protect cases.csv --by area,sex --table area,area --threshold 5"),
        case("protect-by-twice", 2, "tabsafe protect cases.csv --by area,area --threshold 5"),
        case("protect-other-table", 2, "tabsafe protect cases.csv --by area,sex --table area,year --threshold 5"),
        case("protect-two-rules", 2, "tabsafe protect cases.csv --by area,sex --threshold 5 --rule 'threshold(3)'"),
        case("protect-threshold-0", 2, "tabsafe protect cases.csv --by area,sex --threshold 0"),
        case("protect-threshold-text", 2, "tabsafe protect cases.csv --by area,sex --threshold five"),
        case("protect-unknown-rule", 2, "tabsafe protect cases.csv --by area,sex --rule 'treshold(5)'"),
        case("protect-rule-parameter", 2, "tabsafe protect cases.csv --by area,sex --rule 'dominance(m=2,k=85)'"),
        case(
            "protect-rule-fraction",
            2,
            "tabsafe protect firms.csv --by industry --value turnover --rule 'p-percent(0.1)'",
        ),
        case(
            "protect-rule-without-contributor",
            2,
            "tabsafe protect firms.csv --by industry --value turnover --rule 'p-percent(10)'",
        ),
        case("protect-method", 2, "tabsafe protect cases.csv --by area,sex --threshold 5 --method best"),
        case("protect-protection", 2, "tabsafe protect cases.csv --by area,sex --threshold 5 --protection bandd"),
        case("protect-hierarchy-form", 2, "tabsafe protect cases.csv --by area,sex --threshold 5 --hierarchy area.hrc"),
        case(
            "protect-hierarchy-variable",
            2,
            "tabsafe protect cases.csv --by area,sex --threshold 5 --hierarchy region=area.hrc",
        ),
        case("protect-time-limit", 2, "tabsafe protect cases.csv --by area,sex --threshold 5 --time-limit=-1"),
    ]
}

fn of_others() -> Vec<Case> {
    vec![
        case("audit-no-column", 3, "tabsafe audit safe.csv --by area,sex --count cuont"),
        case("audit-by-twice", 2, "tabsafe audit safe.csv --by area,area --count count"),
        case("audit-no-value", 2, "tabsafe audit safe.csv --by area,sex"),
        case("audit-marker-form", 2, "tabsafe audit safe.csv --by area,sex --count count --marker x"),
        case("audit-marker-meaning", 2, "tabsafe audit safe.csv --by area,sex --count count --marker x=hidden"),
        case("protect-attacker", 2, "tabsafe protect cases.csv --by area,sex --threshold 5 --attacker own=true"),
        case("audit-attacker", 2, "tabsafe audit safe.csv --by area,sex --count count --attacker integer=true"),
        case("audit-format", 2, "tabsafe audit safe.csv --by area,sex --count count --format xml"),
        case("explain-nonsense", 2, "tabsafe explain nonsense"),
        case("explain-misspelt", 2, "tabsafe explain treshold"),
        case("init-no-file", 3, "tabsafe init /dev/null"),
        case("init-no-data", 3, "tabsafe init nowhere.csv"),
        case("unknown-option", 2, "tabsafe release release.toml --polcy police-foi"),
        case("threads-0", 2, "tabsafe policy list --threads none"),
    ]
}

/// Each wrong argument is told with what is allowed; nothing is written, no input is replaced.
#[test]
fn every_wrong_argument_is_explained() {
    check_all(cases());
}
