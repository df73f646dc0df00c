//! Zeros and what stands behind a sign: policy, attack, legend and output say the same. The small releases in
//! `data/zeros` were each wrong once; the random ones are drawn from seeds.

use std::collections::BTreeMap;
use std::fs;
use std::panic::resume_unwind;

use serde_json::Value;
use tabsafe::model::{Exposure, Interval, Measure, Treatment, Verdict};
use tabsafe::pipeline::{Options, Outcome, run};
use tabsafe::policy::Policy;
use tabsafe::release::Refusal;
use tabsafe::solve::Highs;
use tabsafe::spec::Spec;
use tabsafe::write::legend::legend;

use crate::cli::scene::{Ran, Scene, root};
use crate::random::Rng;

/// A folder with the files of a small release, and an addition to its policy.
fn scene(name: &str, added: &str) -> Scene {
    let scene = Scene::empty();
    for entry in fs::read_dir(root().join("tests/data/zeros").join(name)).expect("the release") {
        let path = entry.expect("an entry").path();
        let file = path.file_name().expect("a name").to_string_lossy().into_owned();
        let mut text = fs::read_to_string(&path).expect("a text");
        if file == "pol.toml" && !added.is_empty() {
            text = text.replace("protection = \"exact\"", added);
        }
        scene.write(&file, text.as_bytes());
    }
    scene
}

fn released(scene: &Scene, policy: &str) -> Ran {
    scene.run(&format!("tabsafe release release.toml --policy {policy} --out out --report report.json"))
}

/// What the report says of each cell: the least and the most that an intruder is left with, by its categories.
fn intervals(scene: &Scene) -> BTreeMap<String, (i64, i64)> {
    let report: Value = serde_json::from_str(&scene.read("report.json")).expect("a report");
    let cells = report["cells"].as_array().expect("cells").iter();
    let of = |cell: &Value| {
        let by = cell["by"].as_object().expect("categories");
        let name: Vec<&str> = by.values().filter_map(Value::as_str).collect();
        // an end that is not told is open
        (name.join(" "), (cell["lo"].as_i64().unwrap_or(0), cell["hi"].as_i64().unwrap_or(i64::MAX)))
    };
    cells.map(of).collect()
}

/// A sum of 600,000 and 400,000 stays uncertain by a tenth of it, either way: 999,997 to 1,000,003 is no protection.
#[test]
fn two_contributors() {
    let scene = scene("two-contributors", "");
    let ran = released(&scene, "fr-insee-business");
    assert_eq!(ran.exit, 0, "{}", ran.text());
    let (lo, hi) = intervals(&scene)["N x"];
    assert!(lo <= 900_000 && hi >= 1_100_000, "{lo} to {hi}");
}

/// Where a withheld count may be 0, the legend says so, and `check` reads the release as it was meant: P + Q = 2 is 0 to 2
/// each, and two values are what the policy asks for. With a band 1 to 4 is asked for, and what is published allows it.
#[test]
fn never_zero() {
    for kind in ["", "protection = \"band\""] {
        let scene = scene("never-zero", kind);
        let ran = released(&scene, "pol.toml");
        assert_eq!(ran.exit, 0, "{}", ran.text());
        let text = scene.read("out/release.txt");
        assert!(text.contains("or withheld to protect another figure; it may be zero"), "{text}");
        assert!(!text.contains("never zero"), "{text}");
        let checked = scene.run("tabsafe check out/release.txt --policy pol.toml --marker \"[c]=withheld\"");
        assert_eq!(checked.exit, 0, "{kind}\n{}\n{text}", checked.text());
    }
}

/// A zero that is withheld under `withhold-if-needed` is released as any other withheld figure. It stands in a square with larger
/// figures: a zero and an unsafe figure alone would add up to a known unsafe one.
#[test]
fn a_zero_is_withheld() {
    let scene = scene("zero-withheld", "");
    let ran = released(&scene, "pol.toml");
    assert_eq!(ran.exit, 0, "{}", ran.text());
    let report: Value = serde_json::from_str(&scene.read("report.json")).expect("a report");
    let cells = report["cells"].as_array().expect("cells");
    let withheld = |c: &Value| c["true"] == 0 && c["status"] == "withheld";
    assert!(cells.iter().any(withheld), "the release withholds no zero: it shows nothing");
    assert!(scene.read("out/release.txt").contains("it may be zero"));
}

/// What no relation binds is rounded to the nearest multiple, and stands for no more than that; and of numbers of persons
/// nothing says that they add up.
#[test]
fn controlled_rounding_of_what_stands_alone() {
    let scene = scene("controlled-nearest", "");
    let ran = released(&scene, "pol.toml");
    let found = if ran.exit == 0 { intervals(&scene) } else { panic!("{}", ran.text()) };
    assert_eq!(found["P"], (3, 7));
    assert_eq!(found["R"], (0, 2));
    let scene = self::scene("controlled-persons", "");
    let ran = released(&scene, "pol.toml");
    assert_eq!(ran.exit, 0, "{}", ran.text());
    let text = scene.read("out/release.txt").replace('\n', " ");
    assert!(!text.contains("so that parts add up"), "{text}");
    assert!(text.contains("such as a number of persons, goes to the nearest multiple"), "{text}");
}

/// A small release from a seed: two to three linked tables of counts, or of sums and counts.
struct Drawn {
    data: String,
    spec: String,
    policy: String,
}

const KINDS: [&str; 5] = ["band", "exact", "above", "width=3", "percent=40"];

fn drawn(seed: u64) -> Drawn {
    let mut rng = Rng(seed.wrapping_mul(0xD6E8_FEB8_6659_FD93) ^ 0x7a65_726f);
    let (rows, cols) = (2 + rng.below(2), 3 + rng.below(2));
    let sums = rng.chance(25);
    let mut data = "a,b,firm,v\n".to_owned();
    for a in 0..rows {
        for b in 0..cols {
            let records = if rng.chance(30) { 0 } else { [1, 2, 3, 4, 6, 9, 14][rng.below(7)] };
            for n in 0..records {
                data.push_str(&format!("a{a},b{b},f{},{}\n", rng.below(2 + n), [0, 1, 3, 20][rng.below(4)]));
            }
        }
    }
    let list = |letter: char, range: std::ops::Range<usize>| -> String {
        range.map(|i| format!("\"{letter}{i}\"")).collect::<Vec<_>>().join(", ")
    };
    let variable = |name: &str, column: char, classes: String| {
        format!("[variables.{name}]\ncolumn = \"{column}\"\nmissing = \"error\"\n{classes}\n")
    };
    let groups = |cut: usize| {
        let (low, high) = (list('b', 0..cut), list('b', cut..cols));
        format!("categories = [{{ code = \"low\", values = [{low}] }}, {{ code = \"high\", values = [{high}] }}]\n")
    };
    let mut spec =
        "title = \"t\"\n[input]\nfile = \"data.csv\"\nunit = \"record\"\ncontributor = \"firm\"\n".to_owned();
    spec.push_str(&variable("a", 'a', format!("order = [{}]", list('a', 0..rows))));
    spec.push_str(&variable("b", 'b', format!("order = [{}]", list('b', 0..cols))));
    spec.push_str(&variable("g", 'b', groups(1)));
    spec.push_str(&variable("h", 'b', groups(2)));
    for t in 0..2 + rng.below(2) {
        let of_b = ["b", "b", "g", "h"][rng.below(4)];
        spec.push_str(&format!("[[tables]]\nid = \"{t}\"\ntitle = \"T{t}\"\nrows = [\"{of_b}\"]\n"));
        if rng.chance(60) {
            spec.push_str("columns = [\"a\"]\n");
            if rng.chance(25) {
                spec.push_str("only = { a = [\"a0\"] }\n");
            }
        }
        if rng.chance(20) {
            spec.push_str("margins = false\n");
        }
        if sums && rng.chance(60) {
            spec.push_str("measure = { sum = \"v\" }\n");
        }
    }
    let zero = |rng: &mut Rng| ["show", "withhold-if-needed", "unsafe"][rng.below(3)];
    let on = if sums { "contributors" } else { "records" };
    let rule = |rng: &mut Rng| {
        format!("[[threshold]]\nminimum = {}\nzero = \"{}\"\non = \"{on}\"\n", [2, 3, 5][rng.below(3)], zero(rng))
    };
    let rules: String = (0..1 + usize::from(rng.chance(25))).map(|_| rule(&mut rng)).collect();
    let policy = format!(
        "id = \"p\"\ntitle = \"p\"\nversion = \"1\"\nevidence = \"generic\"\n{rules}[suppress]\nprotection = \"{}\"\n",
        KINDS[rng.below(KINDS.len())]
    );
    Drawn { data, spec, policy }
}

/// What came of a drawn release.
fn outcome(drawn: &Drawn, policy: &Policy) -> Outcome {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("release.toml");
    fs::write(folder.path().join("data.csv"), &drawn.data).expect("written");
    fs::write(&path, &drawn.spec).expect("written");
    let spec = Spec::load(&path).unwrap_or_else(|faults| panic!("{faults:?}\n{}", drawn.spec));
    run(&spec, policy, &Options::new(&Highs)).unwrap_or_else(|e| panic!("{e}\n{}", drawn.spec))
}

/// Of a release: whether counts and sums are withheld, and whether the legend's words on zeros are those of the attack.
fn holds(what: &str, outcome: &Outcome, policy: &Policy) -> [usize; 4] {
    let release = match &outcome.release {
        Ok(release) => release,
        Err(Refusal::NotSafe(Verdict::Unsafe | Verdict::Inconclusive) | Refusal::NotProtected(_)) => return [0; 4],
        Err(other) => panic!("{what}: exit 5: {other}"),
    };
    let system = &outcome.system;
    let shown = (0..system.cells.len()).filter(|&c| system.cells[c].exposure == Exposure::Shown);
    let withheld: Vec<(bool, Interval, i64)> = shown
        .filter(|&c| matches!(outcome.protection.treatments[c], Treatment::Withhold { .. }))
        .map(|c| {
            let sum = matches!(system.measures[system.cells[c].measure], Measure::Sum { .. });
            (sum, policy.attacker.domain(system, c, outcome.protection.treatments[c]), system.value(c))
        })
        .collect();
    let signs = legend(release);
    let Some(text) = signs.iter().find(|n| n.mark == "[c]").map(|n| n.text.as_str()) else {
        assert!(withheld.is_empty(), "{what}: no legend");
        return [1, 0, 0, 0];
    };
    let counts = || withheld.iter().filter(|w| !w.0);
    let (no_count_zero, no_sum) = (counts().all(|w| w.1.lo >= Some(1)), withheld.iter().all(|w| !w.0));
    let says = (text.contains("never zero"), text.contains("a sum may be"));
    let none = withheld.iter().all(|w| w.1.lo >= Some(1));
    assert_eq!(says.0 && !says.1, none, "{what}: {text}");
    assert_eq!(says.0, no_count_zero && counts().next().is_some(), "{what}: {text}");
    assert!(!says.1 || !no_sum, "{what}: {text}");
    assert!(!(says.0 && counts().any(|w| w.2 == 0)), "{what}: {text}");
    [1, usize::from(says.0), usize::from(withheld.iter().any(|w| w.2 == 0)), usize::from(!no_sum)]
}

fn sum(a: [usize; 4], b: [usize; 4]) -> [usize; 4] {
    [0, 1, 2, 3].map(|i| a[i] + b[i])
}

/// Of 2,000 small linked releases under every setting of zeros and every kind of protection none ends as a fault of the
/// program, and the legend says "never zero" exactly if no withheld figure can be 0 by what the attack takes for granted.
#[test]
fn legend_and_attack_agree() {
    const HANDS: u64 = 4;
    let of_seed = |seed: u64| {
        let drawn = drawn(seed);
        let policy = Policy::from_text("p.toml", &drawn.policy).expect("a policy");
        holds(&format!("seed {seed}"), &outcome(&drawn, &policy), &policy)
    };
    // threads of their own: a release that waits for its workers would begin another one on top of its own stack
    let tally = std::thread::scope(|scope| {
        let hand = |first: u64| move || (first..2_000).step_by(HANDS as usize).map(of_seed).fold([0; 4], sum);
        let hands: Vec<_> = (0..HANDS).map(|first| scope.spawn(hand(first))).collect();
        hands.into_iter().map(|h| h.join().unwrap_or_else(|words| resume_unwind(words))).fold([0; 4], sum)
    });
    // enough releases, of them enough that say "never zero", that withhold a zero, and that withhold sums
    assert!(tally[0] > 1_200 && tally[1] > 300 && tally[2] > 100 && tally[3] > 50, "{tally:?}");
}
