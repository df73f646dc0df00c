//! What withheld cells cost, cells to be kept, preferred partners, the last release.

use std::collections::BTreeSet;

use super::data::{SPEC, edited};
use super::scene::Scene;
use super::{Case, case, check_all};
use crate::random::Rng;

const OWN: &str =
    "id = \"own\"\ntitle = \"Ours\"\nversion = \"1\"\nevidence = \"generic\"\n[threshold]\nminimum = 3\n[suppress]\n";

/// Outcomes by area: one unsafe cell, and several that could protect it.
const OUTCOMES: &str = "area,outcome,count,weight\n\
    N,Charge,2,1\nN,Caution,9,1\nN,Other,30,1\nN,Not recorded,12,8.5\n\
    S,Charge,8,1\nS,Caution,10,1\nS,Other,40,1\nS,Not recorded,14,8\n";

const PROTECT: &str = "tabsafe protect outcomes.csv --by area,outcome --count count --threshold 5";

fn of(name: &'static str, exit: i32, line: &'static str) -> Case {
    case(name, exit, line).file("outcomes.csv", OUTCOMES)
}

pub fn cases() -> Vec<Case> {
    let kept = edited(SPEC, "police-foi", "own.toml");
    let with = |more: &str| format!("{OWN}{more}");
    vec![
        of("cost-counts", 0, "tabsafe protect outcomes.csv --by area,outcome --count count --threshold 5 --cost counts"),
        of(
            "cost-column",
            0,
            "tabsafe protect outcomes.csv --by area,outcome --count count --threshold 5 --cost column=weight --out t.csv --report r.json && grep -E '\"(loss|bound)\"' r.json",
        ),
        case(
            "cost-contributors",
            0,
            "tabsafe protect firms.csv --by industry,region --value turnover --contributor firm --rule 'p-percent(10)' --cost contributors",
        ),
        case(
            "cost-contributors-of-nobody",
            2,
            "tabsafe protect firms.csv --by industry,region --value turnover --rule 'threshold(3)' --cost contributors",
        ),
        of("cost-unknown", 2, "tabsafe protect outcomes.csv --by area,outcome --count count --threshold 5 --cost value"),
        of(
            "cost-of-no-column",
            3,
            "tabsafe protect outcomes.csv --by area,outcome --count count --threshold 5 --cost column=weights",
        ),
        of(
            "cost-negative",
            3,
            "tabsafe protect outcomes.csv --by area,outcome --count count --threshold 5 --cost column=weight",
        )
        .file("outcomes.csv", OUTCOMES.replace("8.5", "-1")),
        of("cost-of-rounding", 2, "tabsafe protect outcomes.csv --by area,outcome --count count --policy generic-round5 --keep area=N"),
        case("cost-of-an-instance", 2, "tabsafe protect small.jj --cost cells --keep area=N").file("small.jj", "0\n"),
        of("keep", 0, "tabsafe protect outcomes.csv --by area,outcome --count count --threshold 5 --keep outcome=Caution,area=N"),
        of("never-withhold", 0, "tabsafe protect outcomes.csv --by area,outcome --count count --threshold 5 --never-withhold outcome=Caution --never-withhold area=Total"),
        of(
            "never-withhold-leaves-no-way",
            1,
            "tabsafe protect outcomes.csv --by area,outcome --count count --threshold 5 --never-withhold area=S --never-withhold area=Total --out t.csv",
        ),
        of("keep-no-such-code", 2, "tabsafe protect outcomes.csv --by area,outcome --count count --threshold 5 --keep outcome=Cautoin"),
        of("keep-no-variable", 2, "tabsafe protect outcomes.csv --by area,outcome --count count --threshold 5 --never-withhold North"),
        case("keep-in-a-policy", 0, "tabsafe release kept.toml --dry-run --verbose")
            .file("kept.toml", kept.clone())
            .file("own.toml", with("cost = \"contributors\"\n[[keep]]\ncategories = { year = [\"2024\"] }\n[[keep]]\ntable = \"7\"\n[[partner]]\nvariable = \"age\"\nprefer = [\"Not recorded\", \"Unknown\"]\n")),
        case("keep-in-a-specification", 0, "tabsafe release kept.toml --out out --format csv --quiet && cat out/release.csv")
            .file("kept.toml", format!("{SPEC}\n[[tables.keep]]\ncategories = {{ area = [\"Total\"] }}\nnever = true\n")),
        case("keep-in-a-specification-unknown", 2, "tabsafe release kept.toml --dry-run")
            .file("kept.toml", format!("{SPEC}\n[[tables.keep]]\ncategories = {{ age = [\"Under 10\"], year = [\"2032\"] }}\nnever = 1\n")),
        case("last-release", 0, "tabsafe release release.toml --out out --format csv --quiet && tabsafe release release.toml --last out/release.csv --dry-run"),
        case("last-is-no-release", 2, "tabsafe release release.toml --last cases.csv --dry-run"),
        case("last-not-there", 2, "tabsafe protect cases.csv --by area,sex --threshold 5 --last last.csv"),
        case("last-under-rounding", 2, "tabsafe release release.toml --policy generic-round5 --last cases.csv --dry-run"),
        case("explain-costs", 0, "tabsafe explain costs"),
    ]
}

/// Each wish is met, or it is told why not.
#[test]
fn wishes_for_the_choice_of_cells() {
    check_all(cases());
}

/// The withheld cells of a tidy file, by their codes.
fn withheld(text: &str) -> BTreeSet<String> {
    text.lines().filter_map(|l| l.strip_suffix(",,withheld")).map(str::to_owned).collect()
}

/// A column of weights decides what is withheld, and stands in no output.
#[test]
fn weights_decide_and_are_not_seen() {
    let scene = Scene::empty();
    scene.write("outcomes.csv", OUTCOMES.as_bytes());
    let light = scene.run(&format!("{PROTECT} --cost column=weight"));
    let columns = |cells: &BTreeSet<String>| cells.iter().filter(|c| c.ends_with("Not recorded")).count();
    assert_eq!((light.exit, columns(&withheld(&light.stdout))), (0, 0), "{}", light.stdout);
    let heavy = OUTCOMES.replace(",8.5\n", ",0\n").replace(",8\n", ",0.25\n");
    scene.write("outcomes.csv", heavy.as_bytes());
    let ran = scene.run(&format!("{PROTECT} --cost column=weight --report r.json --out t.csv"));
    assert_eq!((ran.exit, columns(&withheld(&scene.read("t.csv")))), (0, 2), "{}", scene.read("t.csv"));
    assert!(!scene.read("t.csv").contains("weight") && !scene.read("r.json").contains("weight"));
}

/// A partner is taken where it costs less than a tenth of what is cheapest without it.
#[test]
fn partners_are_taken() {
    let scene = Scene::empty();
    scene.write("outcomes.csv", OUTCOMES.as_bytes());
    let policy = format!("{}cost = \"counts\"\n", OWN.replace("= 3", "= 5"));
    scene.write("plain.toml", policy.as_bytes());
    let partner = "[[partner]]\nvariable = \"outcome\"\nof = [\"Charge\"]\nprefer = [\"Not recorded\"]\n";
    scene.write("partner.toml", format!("{policy}{partner}").as_bytes());
    let by = |name: &str| {
        let ran = scene.run(&format!("tabsafe protect outcomes.csv --by area,outcome --count count --policy {name}"));
        assert_eq!(ran.exit, 0, "{}", ran.stderr);
        withheld(&ran.stdout)
    };
    assert_eq!(by("plain.toml"), ["N,Caution", "N,Charge", "S,Caution", "S,Charge"].map(str::to_owned).into());
    assert_eq!(
        by("partner.toml"),
        ["N,Charge", "N,Not recorded", "S,Charge", "S,Not recorded"].map(str::to_owned).into()
    );
}

/// A table of random counts, some of them small.
fn table(rng: &mut Rng) -> Vec<usize> {
    (0..70).map(|_| if rng.chance(12) { 1 + rng.below(4) } else { 5 + rng.below(60) }).collect()
}

fn csv(counts: &[usize]) -> String {
    let line = |(i, n): (usize, &usize)| format!("r{},c{},{n}\n", i / 7, i % 7);
    "row,column,count\n".to_owned() + &counts.iter().enumerate().map(line).collect::<String>()
}

/// A table whose safe figures change a little from one period to the next: told of the last release, the same cells stay
/// withheld where they can, never fewer than without; and the same arguments give the same bytes.
#[test]
fn the_last_pattern_stays() {
    let scene = Scene::empty();
    let (mut with, mut without, mut all) = (0, 0, 0);
    for seed in 0..6 {
        let mut rng = Rng(seed);
        let mut counts = table(&mut rng);
        scene.write("first.csv", csv(&counts).as_bytes());
        counts.iter_mut().filter(|n| **n >= 5).for_each(|n| *n = 5 + (*n + rng.below(12)).saturating_sub(8));
        scene.write("second.csv", csv(&counts).as_bytes());
        let run = |line: &str| {
            let ran =
                scene.run(&format!("tabsafe protect {line} --by row,column --count count --threshold 5 --cost counts"));
            assert_eq!(ran.exit, 0, "{}", ran.stderr);
            ran.stdout
        };
        let first = run("first.csv");
        scene.write("last.csv", first.as_bytes());
        let (told, again) = (run("second.csv --last last.csv"), run("second.csv --last last.csv"));
        assert_eq!(told, again);
        let (first, told, alone) = (withheld(&first), withheld(&told), withheld(&run("second.csv")));
        let (kept, same) = (first.intersection(&told).count(), first.intersection(&alone).count());
        assert!(kept >= same, "seed {seed}: {kept} and {same} of {}", first.len());
        (with, without, all) = (with + kept, without + same, all + first.len());
    }
    eprintln!("{with} of {all} cells withheld again when told of the last release, {without} when not");
    assert!(with > without && with * 10 >= all * 9, "{with} with, {without} without, of {all}");
}
