//! Policies that ship, policies at fault, policies of the command line.

use std::path::Path;

use super::{Cost, Markers, PRESETS, Plan, Policy, PolicyError, Preset, SuppressPlan};
use crate::attack::{Attacker, ProtectionKind};
use crate::round;
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
    let stem = |name: &str| name.strip_suffix(".toml").map_or_else(|| panic!("{name}"), str::to_owned);
    let mut files: Vec<String> = entries.map(|name| stem(&name.to_string_lossy())).collect();
    files.sort();
    let listed: Vec<String> = PRESETS.iter().map(|p| p.name.to_owned()).collect();
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
    assert_eq!(policy.plan, Plan::Suppress(SuppressPlan { keyed: true, ..SuppressPlan::default() }));
    assert_eq!(policy.protection, ProtectionKind::Band);
    assert_eq!(policy.attacker, Attacker::default());
    assert_eq!((policy.markers.withheld.as_str(), policy.markers.zero.as_str()), ("[c]", "-"));
}

/// The other two.
#[test]
fn rounding_and_business() {
    let policy = Policy::load("generic-round5").expect("loads");
    let Plan::Round(plan) = &policy.plan else { panic!("{:?}", policy.plan) };
    assert_eq!(round::spelling(&*plan.method), "conventional(base=5,ties=up,totals=truth)");
    assert_eq!(plan.key, None);
    assert!(!policy.attacker.zeros_published);
    assert_eq!(policy.rules[0].rule.band(), Some((1, 2)));
    let policy = Policy::load("business-magnitude").expect("loads");
    let names: Vec<String> = rules(&policy).into_iter().map(|r| r.0).collect();
    assert_eq!(
        names,
        [
            "threshold(minimum=3,zero=show,on=contributors,uncertainty=10)",
            "p-percent(p=10,coalition=1)",
            "dominance(n=2,k=85)"
        ]
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
            keep_totals: true,
            ..SuppressPlan::default()
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
        Attacker {
            integers: false,
            zeros_published: false,
            prior: Some(20),
            own_contribution: false,
            coalition: 3,
            accept_unexamined: false
        }
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
    let needed = [("n", "2"), ("k", "85"), ("p", "10"), ("q", "50"), ("share", "70"), ("minimum", "5")];
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
p.toml:2:9: `title` is blank (write title = \"…\")
p.toml:4:12: `evidence` can't be `hearsay` (allowed: `full`, `excerpt`, `second-hand`, `generic`)
p.toml:5:8: `date` can't be `May 2026` (write year, month and day as \"2026-01-31\")
p.toml:7:11: `minimum` of `threshold` can't be `1` (allowed: a whole number from 2 to 1000000000)
p.toml:8:8: `zero` of `threshold` can't be `hide` (allowed: `show`, `withhold-if-needed`, `unsafe`)
p.toml:9:1: `threshold` has no parameter `onn` (did you mean `on`? Allowed: `minimum`, `zero`, `on`, `within`, `population`, `population-below`, `uncertainty`)
p.toml:12:5: `k` of `dominance` can't be `0.85` (percent parameters are percentages: write 85 for 85 percent, not 0.85; allowed: a percentage from 1 to 100)
p.toml:14:5: `p` of `p-percent` can't be `ten` (allowed: a percentage from 1 to 1000)
p.toml:16:10: `method` can't be `simplex` (allowed: `auto`, `fast`, `optimal`, `thorough`)
p.toml:17:14: `width` can't be `0` (allowed: a whole number from 1 to 1000000000)
p.toml:18:8: `cost` can't be `count` (did you mean `counts`? Allowed: `cells`, `counts`, `log`, `contributors`, `column=NAME`)
p.toml:19:16: `total-factor` can't be `0` (allowed: a whole number from 1 to 1000000)
p.toml:21:12: the marker `withheld` can't be `3`, because that reads as a number (each state of a cell needs its own sign, such as [c], [z], [low], * or -)
p.toml:23:18: the markers `not-applicable` and `zero` are both `-` (each state of a cell needs its own sign, such as [c], [z], [low], * or -)
p.toml:24:18: the marker `rounds-to-zero` is blank, which looks like a value that was forgotten (each state of a cell needs its own sign, such as [c], [z], [low], * or -)
p.toml:26:9: `prior` can't be `0` (allowed: a whole number from 1 to 1000)
p.toml:27:13: `coalition` can't be `1000` (allowed: a whole number from 1 to 100)";
    assert_eq!(told, expect);
}

/// A vocabulary gives the signs, and single keys change them; an unknown one is refused with those there are.
#[test]
fn vocabularies() -> Result<(), Box<dyn std::error::Error>> {
    let head = "id = \"p\"\ntitle = \"P\"\nversion = \"1\"\nevidence = \"generic\"\n[threshold]\nminimum = 5\n[suppress]\n[markers]\n";
    let policy = Policy::from_text("p.toml", &format!("{head}vocabulary = \"dfe\"\nzero = \"-\"\n"))?;
    let Markers { withheld, zero, not_applicable, rounds_to_zero } = policy.markers;
    assert_eq!([withheld, zero, not_applicable], ["c", "-", "z"].map(str::to_owned));
    assert_eq!(rounds_to_zero.as_deref(), Some("low"));
    let told = faults_after_head("[threshold]\nminimum = 5\n[suppress]\n[markers]\nvocabulary = \"gsss\"\n");
    assert!(told.contains("`vocabulary` can't be `gsss`") && told.contains("did you mean `gss`?"), "{told}");
    Ok(())
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
p.toml: the policy has no rule, so nothing would be unsafe (add one of [denominator], [differencing], [dominance], [group-disclosure], [p-percent], [prior-posterior], [request], [threshold])
p.toml: the policy does not say what is done about unsafe cells (add [suppress], [round] or [perturb])
p.toml: `id` is missing (write id = \"…\" above the first table)
p.toml: `title` is missing (write title = \"…\" above the first table)
p.toml: `version` is missing (write version = \"…\" above the first table)";
    assert_eq!(faults(""), expect);
    assert_eq!(
        faults_after_head("[threshold]\n[round]\n"),
        "p.toml:5:1: `threshold` needs `minimum` (the smallest number that may be shown; 5 makes 1 to 4 unsafe: a whole number from 2 \
         to 1000000000)\np.toml:6:1: `conventional` needs `base` (every figure becomes a multiple of it: a whole number from 2 to \
         1000000000)"
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
        "p.toml:8:1: a policy withholds, rounds or perturbs: one of them (keep one of [suppress], [round] and [perturb])"
    );
    assert_eq!(
        faults_after_head(&format!("{rule}[round]\nbase = 1\n")),
        "p.toml:8:8: `base` of `conventional` can't be `1` (allowed: a whole number from 2 to 1000000000)"
    );
}

/// A method takes its own parameters and no other's; one that draws needs a key, one that does not has no use for it.
#[test]
fn methods_of_rounding() {
    let told = |rest: &str| faults_after_head(&format!("[threshold]\nminimum = 5\n[round]\n{rest}"));
    assert_eq!(
        told("base = 5\nstep = 1\n"),
        "p.toml:9:1: unknown key `step` for the method `conventional` (allowed: `method`, `protection`, `key-file`, \
         `key-env`, `base`, `ties`, `totals`)"
    );
    assert!(told("method = \"randm\"\n").starts_with("p.toml:8:10: `method` can't be `randm` (did you mean `random`?"));
    assert_eq!(
        told("method = \"random\"\nbase = 3\n"),
        "p.toml:7:1: `random` draws random numbers and needs a secret key (write key-file = \"…\" or key-env = \"…\": \
         where the key is, never the key itself)"
    );
    assert_eq!(
        told("base = 5\nkey-env = \"KEY\"\n"),
        "p.toml:9:11: `conventional` draws no random numbers, so that a key has no effect (remove it)"
    );
    assert_eq!(
        told("method = \"random\"\nbase = 3\nkey-env = \"KEY\"\nkey-file = \"k\"\n"),
        "p.toml:10:11: the key is in a file or in an environment variable, not in both (remove `key-file` or `key-env`)"
    );
    assert_eq!(told("method = 5\n"), "p.toml:8:10: `method` of [round] must be a text");
    let policy = load(&format!(
        "{HEAD}[threshold]\nminimum = 3\n[round]\nmethod = \"fixed-random\"\nbase = 3\nkey-file = \"keys/one\"\n"
    ));
    let Plan::Round(plan) = &policy.plan else { panic!("{:?}", policy.plan) };
    assert_eq!(round::spelling(&*plan.method), "fixed-random(base=3)");
    assert_eq!(policy.key_file(), Some(Path::new("keys/one")), "beside the policy");
}

/// Noise: a method must be named, takes its own parameters, and a key exactly if it hashes; what it takes changes the
/// fingerprint, also the content of a table. Two values must remain possible unless the policy asks for more.
#[test]
fn methods_of_perturbation() {
    let told = |rest: &str| faults_after_head(&format!("[threshold]\nminimum = 5\n[perturb]\n{rest}"));
    assert_eq!(
        told("d = 2\n"),
        "p.toml:7:1: `method` is missing (write method = \"cell-key\"; allowed: `cell-key`, `cell-key-magnitude`, \
         `discrete-gaussian`, `discrete-laplace`)"
    );
    let cell_key = "method = \"cell-key\"\nd = 2\nvariance = 0.9\n";
    assert!(told(cell_key).starts_with("p.toml:7:1: `cell-key` draws random numbers and needs a secret key"));
    let column = format!("{cell_key}keys = \"column\"\nkey-env = \"K\"\n");
    let expect =
        "p.toml:12:11: `cell-key` takes its keys from a column of the data, so that a key has no effect (remove it)";
    assert_eq!(told(&column), expect);
    let laplace = "method = \"discrete-laplace\"\nepsilon = 1\nledger = \"none\"\n";
    assert!(told(&format!("{laplace}key-env = \"K\"\n")).contains("draws from the operating system alone"));
    assert!(told(&format!("{laplace}base = 5\n")).contains("unknown key `base` for the method `discrete-laplace`"));
    let text = |rest: &str| format!("{HEAD}[threshold]\nminimum = 5\n[perturb]\n{rest}");
    let policy = load(&text(&format!("{cell_key}key-file = \"k\"\n")));
    assert_eq!((policy.protection, policy.key_file()), (ProtectionKind::Exact, Some(Path::new("k"))));
    let more = load(&text(&format!("{cell_key}key-file = \"k\"\nprotection = \"width=3\"\n")));
    assert_eq!(more.protection, ProtectionKind::Width(3));
    let folder = tempfile::tempdir().expect("a folder");
    let print = |end: &str| {
        std::fs::write(folder.path().join("t.csv"), format!("i,v,p_int_ub\n0,0,1\n1,-1,{end}\n1,1,1\n"))
            .expect("written");
        let file = folder.path().join("p.toml").display().to_string();
        let text = text("method = \"cell-key\"\ntable = \"t.csv\"\nkeys = \"column\"\n");
        Policy::from_text(&file, &text).expect("a policy").fingerprint
    };
    assert!(print(".5") == print(".5") && print(".5") != print(".6"));
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
    let width = PRESETS.iter().map(|p| p.name.len()).max().unwrap_or_default();
    let line = |p: &Preset| format!("\n  {:width$}  {}", p.name, p.load().expect("loads").title);
    let list = format!("\npolicies that ship:{}", PRESETS.iter().map(line).collect::<String>());
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
        base.replace("[suppress]", "[round]\nbase = 5\nties = \"even\""),
    ];
    let mut all: Vec<String> = other.iter().map(|text| print(text)).chain([print(base)]).collect();
    assert!(all.iter().all(|p| p.len() == 64 && p.bytes().all(|b| b.is_ascii_hexdigit())));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), other.len() + 1);
}

/// The public fingerprint follows everything but the parameters that must not be known: whoever tries out guesses of those finds
/// the same for all of them.
#[test]
fn public_fingerprints() {
    let sums = "[threshold]\nminimum = 5\n[p-percent]\np = 10\n[dominance]\nn = 2\nk = 85\n[prior-posterior]\np = 10\nq = 50\n\
                [request]\nshare = 70\n[suppress]\nprotection = \"percent=10\"\n[attacker]\nprior = 50\ncoalition = 2\n";
    let noise = "[threshold]\nminimum = 5\n[perturb]\nmethod = \"cell-key\"\nd = 5\nvariance = 2\nkey-env = \"K\"\n";
    let of = |text: &str| load(&format!("{HEAD}{text}"));
    let secret = [
        (sums, "p = 10\n[dom", "p = 11\n[dom"),
        (sums, "n = 2\nk", "n = 3\nk"),
        (sums, "k = 85", "k = 85.5"),
        (sums, "q = 50", "q = 60"),
        (sums, "share = 70", "share = 75"),
        (sums, "share = 70", "share = 70\nmargin = 12"),
        (sums, "percent=10", "percent=15"),
        (sums, "prior = 50", "prior = 40"),
        (sums, "prior = 50\n", ""),
        (sums, "coalition = 2", "coalition = 3"),
        (noise, "d = 5", "d = 6"),
        (noise, "variance = 2", "variance = 3"),
    ];
    for (text, was, now) in secret {
        assert_eq!(text.matches(was).count(), 1, "{was}");
        let (before, after) = (of(text), of(&text.replace(was, now)));
        assert_ne!(before.fingerprint, after.fingerprint, "{was} to {now}");
        assert_eq!(before.public_fingerprint, after.public_fingerprint, "{was} to {now}");
    }
    let open = [
        (sums, "minimum = 5", "minimum = 6"),
        (sums, "[request]\nshare = 70\n", ""),
        (sums, "[suppress]", "[suppress]\ncost = \"log\""),
        (sums, "[suppress]", "[suppress]\ncost = \"column=w\""),
        (sums, "[suppress]", "[suppress]\nkeep-totals = true"),
        (sums, "percent=10", "band"),
        (sums, "[attacker]", "[attacker]\nown-contribution = true"),
        (sums, "[attacker]", "[[keep]]\ntable = \"1\"\n[attacker]"),
        (sums, "[attacker]", "[[keep]]\ntable = \"1\"\nnever = true\n[attacker]"),
        (sums, "[attacker]", "[[partner]]\nvariable = \"v\"\nneighbours = true\n[attacker]"),
        (sums, "[attacker]", "[markers]\nzero = \"-\"\n[attacker]"),
        (noise, "[perturb]\nmethod = \"cell-key\"\nd = 5\nvariance = 2\nkey-env = \"K\"\n", "[round]\nbase = 5\n"),
    ];
    let mut all: Vec<String> = Vec::new();
    for (text, was, now) in open {
        assert_eq!(text.matches(was).count(), 1, "{was}");
        all.push(of(&text.replace(was, now)).public_fingerprint);
    }
    all.extend([of(sums).public_fingerprint, of(noise).public_fingerprint]);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), open.len() + 2, "each of them can be told from the others");
    assert!(all.iter().all(|p| p.len() == 64 && p.bytes().all(|b| b.is_ascii_hexdigit())));
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
