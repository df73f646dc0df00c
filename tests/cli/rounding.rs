//! Releases that are rounded, policies beside each other, and audits of rounded tables.

use super::{Case, case};

/// A policy that rounds.
fn policy(threshold: &str, round: &str) -> String {
    format!(
        "id = \"own\"\ntitle = \"Ours\"\nversion = \"2\"\nevidence = \"generic\"\n[threshold]\nminimum = {threshold}\n\
         zero = \"withhold-if-needed\"\n[round]\n{round}\n"
    )
}

/// A key of no use to anybody.
const KEY: &str = "0123456789abcdef0123456789abcdef\n";

/// Four figures of 2 with the total 8, to base 5.
const LEAK: &str = "area,count\nN,0\nS,0\nE,0\nW,0\nTotal,10\n";

pub fn cases() -> Vec<Case> {
    let released = |name, exit, threshold, round: &str| {
        let line = "tabsafe release release.toml --policy own.toml --out out --format text,csv";
        case(name, exit, line).file("own.toml", policy(threshold, round))
    };
    let shown: &[&str] = &["out/release.txt"];
    let audit = |name, exit, line| case(name, exit, line).file("leak.csv", LEAK);
    vec![
        released("round-controlled", 0, "3", "method = \"controlled\"\nbase = 3").show(shown),
        released("round-random", 0, "3", "method = \"fixed-random\"\nbase = 3\nkey-file = \"key\"").file("key", KEY),
        released("round-small-count", 0, "3", "method = \"small-count\"\nbase = 3"),
        released("round-sign", 1, "5", "method = \"label-bands\"\nhi = 4\n[markers]\nwithheld = \"fewer than 5\""),
        released("round-no-key", 2, "3", "method = \"random\"\nbase = 3\nkey-env = \"TABSAFE_KEY_THAT_NOBODY_SETS\""),
        released("round-short-key", 2, "3", "method = \"random\"\nbase = 3\nkey-file = \"key\"").file("key", "hunter2"),
        released("round-no-method", 2, "3", "method = \"randm\"\nbase = 3"),
        released("round-wrong-key", 2, "3", "method = \"down\"\nbase = 3\nties = \"up\""),
        case("release-compare", 0, "tabsafe release release.toml --compare generic-round5,own.toml")
            .file("own.toml", policy("3", "method = \"controlled\"\nbase = 3")),
        audit(
            "audit-rounded",
            1,
            "tabsafe audit leak.csv --by area --count count --threshold 3 --rounded 'conventional(5)'",
        ),
        audit(
            "audit-rounded-json",
            0,
            "tabsafe audit leak.csv --by area --count count --threshold 3 --rounded 'random(5)' --format json",
        ),
        audit("audit-off-base", 3, "tabsafe audit leak.csv --by area --count count --rounded 'controlled(3)'"),
        audit("audit-no-rounding", 2, "tabsafe audit leak.csv --by area --count count --rounded 'controled(3)'"),
        case("audit-rounded-how", 3, "tabsafe audit rounded.csv --by area --count count")
            .file("rounded.csv", "area,count,status\nN,5,rounded\nTotal,5,rounded\n"),
    ]
}

/// Each case says what was done, or what is wrong and what to do next.
#[test]
fn rounded_releases_and_tables() {
    super::check_all(cases());
}

/// The key stands nowhere: in no output and no file that is written.
#[test]
fn the_key_is_nowhere() {
    let scene = super::Scene::with_data();
    scene.write("own.toml", policy("3", "method = \"random\"\nbase = 3\nkey-file = \"key\"").as_bytes());
    scene.write("key", KEY.as_bytes());
    let ran = scene.run("tabsafe release release.toml --policy own.toml --out out --report report.json --verbose");
    let key = KEY.trim();
    assert!(ran.exit <= 1 && !ran.stdout.contains(key) && !ran.stderr.contains(key));
    for (path, content) in scene.files().iter().filter(|(path, _)| *path != "key") {
        assert!(!String::from_utf8_lossy(content).contains(key), "{path}");
    }
}
