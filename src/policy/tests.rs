//! Policies that ship, policies at fault, policies of the command line.

use std::path::Path;

use super::{Cost, Markers, PRESETS, Plan, Policy, PolicyError, SuppressPlan};
use crate::attack::{Attacker, ProtectionKind};
use crate::rules::{RULES, spelling};

/// A policy that holds, without its rules.
const HEAD: &str = "id = \"p\"\ntitle = \"T\"\nversion = \"1\"\nevidence = \"generic\"\n";

fn load(text: &str) -> Policy {
    Policy::from_text("p.toml", text).unwrap_or_else(|error| panic!("{error}"))
}

/// What is wrong with a text, a line each.
fn faults(text: &str) -> String {
    Policy::from_text("p.toml", text).map_or_else(|error| error.to_string(), |_| String::new())
}

/// The same for what follows after a sound head of four lines.
fn faults_after_head(rest: &str) -> String {
    faults(&format!("{HEAD}{rest}"))
}

fn rules(policy: &Policy) -> Vec<(String, String)> {
    policy.rules.iter().map(|r| (spelling(r.rule.as_ref()), r.line.clone())).collect()
}

/// Line of a text, counted from 1.
fn line_of(text: &str, line: &str) -> usize {
    1 + text.lines().position(|l| l == line).expect("the line")
}

/// The list of presets is the folder, each loads, its id is its name, and it opens with a comment.
#[test]
fn presets_are_the_folder() {
    let folder = Path::new(file!()).parent().expect("a folder").join("../../policies");
    let entries = std::fs::read_dir(&folder).expect("the folder").map(|e| e.expect("an entry").file_name());
    let mut files: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    files.sort();
    let listed: Vec<String> = PRESETS.iter().map(|p| format!("{}.toml", p.name)).collect();
    assert_eq!(files, listed);
    for preset in PRESETS {
        let policy = preset.load().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((policy.id.as_str(), policy.file.as_str()), (preset.name, preset.file));
        assert!(preset.text.starts_with("# "), "{}", preset.name);
        assert_eq!(policy.fingerprint, Policy::load(preset.name).expect("by name").fingerprint);
        // Only one that names its source may pass for somebody's rule.
        assert!(policy.evidence == "generic" || policy.source.is_some(), "{}", preset.name);
    }
}

/// The policy for Freedom of Information answers does what its comments say.
#[test]
fn police_foi() {
    let policy = Policy::load("police-foi").expect("loads");
    let line = line_of(PRESETS.iter().find(|p| p.name == "police-foi").expect("ships").text, "[threshold]");
    assert_eq!(
        rules(&policy),
        [("threshold(minimum=5,zero=show,on=persons)".to_owned(), format!("policies/police-foi.toml:{line}"))]
    );
    assert_eq!(policy.plan, Plan::Suppress(SuppressPlan::default()));
    assert_eq!(policy.protection, ProtectionKind::Band);
    assert_eq!(policy.attacker, Attacker::default());
    assert_eq!((policy.markers.withheld.as_str(), policy.markers.zero.as_str()), ("[c]", "-"));
}

/// The other two.
#[test]
fn rounding_and_business() {
    let policy = Policy::load("generic-round5").expect("loads");
    assert_eq!(policy.plan, Plan::Round { base: 5 });
    assert!(!policy.attacker.zeros_published);
    assert_eq!(policy.rules[0].rule.band(), Some((1, 2)));
    let policy = Policy::load("business-magnitude").expect("loads");
    let names: Vec<String> = rules(&policy).into_iter().map(|r| r.0).collect();
    assert_eq!(
        names,
        ["threshold(minimum=3,zero=show,on=contributors)", "p-percent(p=10,coalition=1)", "dominance(n=2,k=85)"]
    );
}

/// Every key has its effect.
#[test]
fn everything_said() {
    let policy = load(
        "id = \"all\"\ntitle = \"T\"\nversion = \"2.1\"\npublisher = \"P\"\ndate = \"2026-01-31\"\nsource = \"https://example.org\"\n\
         evidence = \"full\"\nnotes = [\"one\", \"two\"]\n\
         [[dominance]]\nn = 1\nk = 75.5\n[[dominance]]\nn = 2\nk = 90\n\
         [threshold]\nminimum = 3\nzero = \"unsafe\"\n\
         [group-disclosure]\nexcept = 1\nvariables = \"all\"\nmin-margin = 2\n\
         [suppress]\nmethod = \"fast\"\nprotection = \"width=3\"\ncost = \"log\"\ntotal-factor = 10\nkeep-totals = true\n\
         [markers]\nwithheld = \"x\"\nzero = \"nil\"\nnot-applicable = \"n/a\"\nrounds-to-zero = \"[low]\"\n\
         [attacker]\nintegers = false\nprior = 20\ncoalition = 3\n",
    );
    assert_eq!((policy.publisher.as_deref(), policy.date.as_deref()), (Some("P"), Some("2026-01-31")));
    assert_eq!((policy.evidence.as_str(), policy.version.as_str()), ("full", "2.1"));
    let expect = [
        ("dominance(n=1,k=75.5)", 9),
        ("dominance(n=2,k=90)", 12),
        ("threshold(minimum=3,zero=unsafe,on=records)", 15),
        ("group-disclosure(except=1,variables=all,min-margin=2)", 18),
    ];
    assert_eq!(rules(&policy), expect.map(|(rule, line)| (rule.to_owned(), format!("p.toml:{line}"))));
    assert_eq!(
        policy.plan,
        Plan::Suppress(SuppressPlan {
            method: "fast".to_owned(),
            cost: Cost::Log,
            total_factor: 10,
            keep_totals: true
        })
    );
    assert_eq!(policy.protection, ProtectionKind::Width(3));
    let text = |s: &str| s.to_owned();
    let markers = Markers {
        withheld: text("x"),
        zero: text("nil"),
        not_applicable: text("n/a"),
        rounds_to_zero: Some(text("[low]")),
    };
    assert_eq!(policy.markers, markers);
    assert_eq!(
        policy.attacker,
        Attacker { integers: false, zeros_published: false, prior: Some(20), own_contribution: false, coalition: 3 }
    );
    assert_eq!(policy.notes, ["one", "two"]);
}

/// What an intruder knows of zeros follows from what is done with them.
#[test]
fn zeros() {
    let known = |zero: &str| {
        load(&format!("{HEAD}[threshold]\nminimum = 5\nzero = \"{zero}\"\n[suppress]\n")).attacker.zeros_published
    };
    assert_eq!(["show", "withhold-if-needed", "unsafe"].map(known), [true, false, false]);
    assert!(load(&format!("{HEAD}[p-percent]\np = 10\n[suppress]\n")).attacker.zeros_published);
}

/// Every rule of the registry can stand in a policy: the tables are those of the registry.
#[test]
fn every_rule_has_a_table() {
    let needed = [("n", "2"), ("k", "85"), ("p", "10"), ("minimum", "5")];
    for rule in RULES {
        let parameters = rule.parameters.iter().filter_map(|p| needed.iter().find(|(name, _)| *name == p.name));
        let lines: Vec<String> = parameters.map(|(name, value)| format!("{name} = {value}\n")).collect();
        let policy = load(&format!("{HEAD}[{}]\n{}[suppress]\n", rule.name, lines.concat()));
        assert_eq!(policy.rules[0].rule.name(), rule.name);
        assert_eq!(policy.rules[0].line, "p.toml:5");
    }
}

/// All that is wrong is told at once, in the order of the file, each at its line and with what is allowed.
#[test]
fn many_faults() {
    let told = faults(
        "id = \"My Policy\"\ntitle = \"\"\nversion = \"1\"\nevidence = \"hearsay\"\ndate = \"May 2026\"\n\
         [threshold]\nminimum = 1\nzero = \"hide\"\nonn = \"persons\"\n\
         [dominance]\nn = 2\nk = 0.85\n\
         [p-percent]\np = \"ten\"\n\
         [suppress]\nmethod = \"simplex\"\nprotection = \"width=0\"\ncost = \"count\"\ntotal-factor = 0\n\
         [markers]\nwithheld = \"3\"\nzero = \"-\"\nnot-applicable = \"-\"\nrounds-to-zero = \" \"\n\
         [attacker]\nprior = 0\ncoalition = 1000\n",
    );
    let expect = "\
p.toml:1:6: `id` can't be `My Policy` (allowed: small letters, digits and hyphens)
p.toml:2:9: `title` is blank
p.toml:4:12: `evidence` can't be `hearsay` (allowed: `full`, `excerpt`, `second-hand`, `generic`)
p.toml:5:8: `date` can't be `May 2026` (write it as \"2026-01-31\")
p.toml:7:11: `minimum` of `threshold` can't be `1` (allowed: a whole number from 2 to 1000000000)
p.toml:8:8: `zero` of `threshold` can't be `hide` (allowed: `show`, `withhold-if-needed`, `unsafe`)
p.toml:9:1: `threshold` has no parameter `onn` (did you mean `on`? Allowed: `minimum`, `zero`, `on`)
p.toml:12:5: `k` of `dominance` can't be `0.85` (percent parameters are percentages: write 85 for 85 percent, not 0.85; allowed: a percentage from 1 to 100)
p.toml:14:5: `p` of `p-percent` can't be `ten` (allowed: a percentage from 1 to 1000)
p.toml:16:10: `method` can't be `simplex` (allowed: `auto`, `fast`, `optimal`, `thorough`)
p.toml:17:14: `width` can't be `0` (allowed: a whole number from 1 to 1000000000)
p.toml:18:8: `cost` can't be `count` (did you mean `counts`? Allowed: `cells`, `counts`, `log`)
p.toml:19:16: `total-factor` can't be `0` (allowed: a whole number from 1 to 1000000)
p.toml:21:12: the marker `withheld` can't be `3`, because that reads as a number (each state of a cell needs its own sign, such as [c], [z], [low], * or -)
p.toml:23:18: the markers `not-applicable` and `zero` are both `-` (each state of a cell needs its own sign, such as [c], [z], [low], * or -)
p.toml:24:18: the marker `rounds-to-zero` is blank, which looks like a value that was forgotten (each state of a cell needs its own sign, such as [c], [z], [low], * or -)
p.toml:26:9: `prior` can't be `0` (allowed: a whole number from 1 to 1000)
p.toml:27:13: `coalition` can't be `1000` (allowed: a whole number from 1 to 100)";
    assert_eq!(told, expect);
}

/// A marker that is like the one another state has by default, and one that breaks the line.
#[test]
fn markers() {
    let told = |marker: &str| {
        faults_after_head(&format!("[threshold]\nminimum = 5\n[suppress]\n[markers]\n{marker}\n"))
            .split(" (")
            .next()
            .map(str::to_owned)
            .unwrap_or_default()
    };
    assert_eq!(told("withheld = \"[z]\""), "p.toml:9:12: the markers `not-applicable` and `withheld` are both `[z]`");
    assert_eq!(
        told("rounds-to-zero = \"0\""),
        "p.toml:9:18: the marker `rounds-to-zero` can't be `0`, because that reads as a number"
    );
    assert_eq!(told("zero = \"a\\nb\""), "p.toml:9:8: the marker `zero` breaks the line or holds a control character");
    assert_eq!(told("withheld = \"<5\""), "");
    assert_eq!(told("zero = \"0\""), "");
}

/// Unknown keys and tables, with the nearest; what seems to be missing because of them is not told as well.
#[test]
fn unknown_keys() {
    let told = faults_after_head("[treshold]\nminimum = 5\n[suppres]\nmethod = \"auto\"\n[markers]\nwitheld = \"*\"\n");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 3, "{told}");
    assert!(
        lines[0].starts_with("p.toml:5:2: unknown key `treshold` (did you mean `threshold`? Allowed: `id`, `title`,"),
        "{told}"
    );
    assert!(lines[1].starts_with("p.toml:7:2: unknown key `suppres` (did you mean `suppress`?"), "{told}");
    assert!(lines[2].starts_with("p.toml:10:1: unknown key `witheld` (did you mean `withheld`?"), "{told}");
}

/// Wrong kinds of values, wherever they stand.
#[test]
fn wrong_kinds() {
    let told = faults_after_head(
        "notes = \"one\"\n[threshold]\nminimum = [5]\n[group-disclosure]\nexcept = true\n[suppress]\ntotal-factor = \"ten\"\n",
    );
    let expect = "\
p.toml:5:9: text \"one\" can't stand here (write a list)
p.toml:7:11: `minimum` of `threshold` can't be `a list` (allowed: a whole number from 2 to 1000000000)
p.toml:9:10: `except` of `group-disclosure` can't be `true` (allowed: a whole number from 0 to 1000000000)
p.toml:11:16: text \"ten\" can't stand here (write a whole number)";
    assert_eq!(told, expect);
    assert_eq!(
        faults_after_head("dominance = 5\n[suppress]\n"),
        "p.toml:5:13: integer `5` can't stand here (write a table of parameters)"
    );
}

/// What must be there is asked for.
#[test]
fn missing() {
    let expect = "\
p.toml: `evidence` is missing (allowed: full, excerpt, second-hand, generic)
p.toml: the policy has no rule, so nothing would be unsafe (add one of [dominance], [group-disclosure], [p-percent], [threshold])
p.toml: the policy does not say what is done about unsafe cells (add [suppress] or [round])
p.toml: `id` is missing (write id = \"…\" above the first table)
p.toml: `title` is missing (write title = \"…\" above the first table)
p.toml: `version` is missing (write version = \"…\" above the first table)";
    assert_eq!(faults(""), expect);
    assert_eq!(
        faults_after_head("[threshold]\n[round]\n"),
        "p.toml:5:1: `threshold` needs `minimum` (the smallest number that may be shown; 5 makes 1 to 4 unsafe: a whole number from 2 \
         to 1000000000)\np.toml:6:1: `base` is missing (write base = 5)"
    );
    assert_eq!(
        faults(&format!("{}[threshold]\nminimum = 5\n[suppress]\n", HEAD.replace("generic", "excerpt"))),
        "p.toml:4:12: evidence = \"excerpt\" needs `publisher` and `source` (say whose rule it is and where it stands, or write \
         \"generic\")"
    );
}

/// One of two plans.
#[test]
fn one_plan() {
    let rule = "[threshold]\nminimum = 5\n";
    assert_eq!(
        faults_after_head(&format!("{rule}[suppress]\n[round]\nbase = 5\n")),
        "p.toml:8:1: a policy withholds or rounds, not both (remove [suppress] or [round])"
    );
    assert_eq!(
        faults_after_head(&format!("{rule}[round]\nbase = 1\n")),
        "p.toml:8:8: `base` can't be `1` (allowed: a whole number from 2 to 1000000000)"
    );
}

/// A text that is not TOML.
#[test]
fn not_toml() {
    let told = faults("id = \n");
    assert!(told.starts_with("p.toml:1:"), "{told}");
    assert!(told.contains("not TOML"), "{told}");
}

/// A name that is none lists what there is; a file that can't be read is named.
#[test]
fn no_such_policy() {
    let told = |name: &str| Policy::load(name).map_or_else(|error| error.to_string(), |p| p.id);
    let list = "\npolicies that ship:\
                \n  business-magnitude  Sums over enterprises (generic)\
                \n  generic-round5      Counts rounded to 5 (generic)\
                \n  police-foi          Police Freedom of Information answers (generic, local)";
    assert_eq!(told("polic-foi"), format!("there is no policy `polic-foi`; did you mean `police-foi`?{list}"));
    assert_eq!(told("xyz"), format!("there is no policy `xyz`{list}"));
    assert!(told("no/such.toml").starts_with("no/such.toml: can't be read: "));
    assert!(told("nosuch.toml").starts_with("nosuch.toml: can't be read: "));
}

/// A file is read by its path, and its name is the one in messages.
#[test]
fn from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.toml");
    std::fs::write(&path, format!("{HEAD}[threshold]\nminimum = 7\n[suppress]\n")).expect("written");
    let name = path.to_string_lossy().into_owned();
    let policy = Policy::load(&name).expect("loads");
    assert_eq!(policy.rules[0].line, format!("{name}:5"));
    std::fs::write(&path, [0xFF, 0xFE]).expect("written");
    assert!(matches!(Policy::load(&name), Err(PolicyError::File(_))));
}

/// The fingerprint follows what a policy does, not how it is written.
#[test]
fn fingerprints() {
    let print = |text: &str| load(&format!("{HEAD}{text}")).fingerprint;
    let base = "[threshold]\nminimum = 5\n[p-percent]\np = 10\n[suppress]\n";
    let same = [
        "# a comment\n[suppress]\ncost = \"counts\"\n[p-percent]\np = 10.0\n\n[threshold]\nzero = \"show\"\nminimum = 5\n",
        "publisher = \"somebody\"\n[threshold]\nminimum = 5\n[p-percent]\np = 10\ncoalition = 1\n[suppress]\nmethod = \"auto\"\n",
    ];
    assert!(same.iter().all(|text| print(text) == print(base)));
    let other = [
        base.replace("= 5", "= 6"),
        base.replace("= 10", "= 10.5"),
        format!("{base}cost = \"cells\"\n"),
        format!("{base}protection = \"exact\"\n"),
        format!("{base}keep-totals = true\n"),
        format!("{base}[markers]\nzero = \"-\"\n"),
        format!("{base}[attacker]\ncoalition = 2\n"),
        format!("notes = [\"n\"]\n{base}"),
        base.replace("[suppress]", "[round]\nbase = 5"),
    ];
    let mut all: Vec<String> = other.iter().map(|text| print(text)).chain([print(base)]).collect();
    assert!(all.iter().all(|p| p.len() == 64 && p.bytes().all(|b| b.is_ascii_hexdigit())));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), other.len() + 1);
}

/// Policies of the command line: their lines are the arguments, and a change changes the fingerprint.
#[test]
fn command_line() {
    let policy = Policy::from_threshold(5).expect("a policy");
    assert_eq!(rules(&policy), [("threshold(minimum=5,zero=show,on=records)".to_owned(), "--threshold 5".to_owned())]);
    let fewest_cells = SuppressPlan { cost: Cost::Cells, ..SuppressPlan::default() };
    assert_eq!(policy.plan, Plan::Suppress(fewest_cells));
    assert!(policy.attacker.zeros_published);
    let given = ["p-percent(10)", "threshold(3,unsafe)"];
    let two = Policy::with_rules(&given).expect("a policy");
    assert_eq!(rules(&two).iter().map(|r| r.1.as_str()).collect::<Vec<_>>(), given.map(|g| format!("--rule {g}")));
    assert!(!two.attacker.zeros_published);
    let before = policy.fingerprint.clone();
    let after = policy.amended(|p| p.protection = ProtectionKind::Exact);
    assert_eq!(after.protection, ProtectionKind::Exact);
    assert_ne!(after.fingerprint, before);
    assert_eq!(after.amended(|p| p.protection = ProtectionKind::Band).fingerprint, before);
    assert_eq!(
        Policy::from_threshold(1).map_err(|e| e.to_string()).err().as_deref(),
        Some("`minimum` of `threshold` can't be `1` (allowed: a whole number from 2 to 1000000000)")
    );
    assert!(matches!(Policy::with_rules(&["threshold(5)", "none(3)"]), Err(PolicyError::Rule(_))));
}
