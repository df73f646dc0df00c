//! What `check` says of drafted answers.

use super::{Case, Scene, case, check_all};

/// A table of which somebody hid two figures by hand.
const HIDDEN: &str = "Table 1: people helped, by area\n\nArea\t2013\t2014\tTotal\nNorth\t12\t*\t15\nSouth\t9\t8\t17\nTotal\t21\t11\t32\n";
/// The same with nothing to find.
const SAFE: &str = "Area\t2013\t2014\tTotal\nNorth\t12\t13\t25\nSouth\t9\t8\t17\nTotal\t21\t21\t42\n";
/// The example of the issue: a total in a caption, and four figures withheld.
const CAPTION: &str =
    "Total count 52\n\tMale\tFemale\tUnknown\n11 and under\t*\t5\t*\n12-15\t*\t9\t*\n16-17\t10\t12\t10\n";

/// Options that most cases share.
const STAR: &str = "--policy police-foi --marker '*=withheld'";

/// A case with a draft in `answer.txt`.
fn with(name: &'static str, exit: i32, line: &'static str, draft: &str) -> Case {
    case(name, exit, line).file("answer.txt", draft)
}

pub fn cases() -> Vec<Case> {
    vec![
        case("check-police", 1, "tabsafe check examples/police-foi/published.tsv --policy police-foi"),
        with("check-safe", 0, "tabsafe check answer.txt --policy police-foi", SAFE),
        with("check-no-policy", 0, "tabsafe check answer.txt", SAFE),
        with("check-hyphen", 0, "tabsafe check answer.txt --policy generic-lt5 --marker '-=zero'", "Area\tCases\nNorth\t7\nSouth\t-\nEast\t9\nTotal\t16\n"),
        with("check-derivable", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld'", HIDDEN),
        with("check-derivable-json", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld' --format json", HIDDEN),
        with("check-derivable-sarif", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld' --format sarif", HIDDEN),
        with("check-derivable-junit", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld' --format junit", HIDDEN),
        with("check-caption", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld'", CAPTION),
        with("check-stdin", 1, "tabsafe check - --policy police-foi --marker '*=withheld' < answer.txt", HIDDEN),
        with("check-unknown-marker", 3, "tabsafe check answer.txt --policy police-foi", HIDDEN),
        with("check-accept-inferred", 1, "tabsafe check answer.txt --policy police-foi --accept-inferred", HIDDEN),
        with("check-not-additive", 3, "tabsafe check answer.txt --policy police-foi", "Area\t2013\t2014\tTotal\nNorth\t12\t13\t26\nSouth\t9\t8\t17\nTotal\t21\t21\t42\n"),
        with("check-tables-disagree", 3, "tabsafe check answer.txt --policy police-foi", "TABLE 1\nYear\tTotal\n2013\t12\n2014\t16\n2015\t17\nTotal\t45\n\nTABLE 2\nSex\t2013\t2014\t2015\tTotal\nMale\t6\t9\t8\t23\nFemale\t6\t8\t9\t23\nTotal\t12\t17\t17\t46\n"),
        with("check-off-base", 3, "tabsafe check answer.txt --policy police-foi", "Area\tNumber\nNorth\t10\nSouth\t12\nTotal\t20\n\nAll figures are rounded to the nearest 5.\n"),
        with("check-percentage", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld'", "Area\tNumber\tPercent\nNorth\t24\t48%\nSouth\t22\t44%\nEast\t*\t4%\nWest\t*\t4%\nTotal\t50\t100%\n"),
        with("check-percentage-wrong", 3, "tabsafe check answer.txt --policy police-foi", "Area\tNumber\tPercent\nNorth\t24\t48%\nSouth\t20\t44%\nEast\t6\t12%\nTotal\t50\t100%\n"),
        with("check-sentence", 1, "tabsafe check answer.txt --policy police-foi", "Table 1\nArea\tNumber\nNorth\t24\nSouth\t26\nTotal\t50\n\nTwo of the victims were under 10.\n"),
        with("check-skips", 0, "tabsafe check answer.txt --policy police-foi --marker '*=withheld'", "Area\t2013\t2014\tTotal\nNorth\t12\t*\t12\nSouth\t9\t8\t17\nTotal\t21\t8\t29\n"),
        with("check-no-table", 3, "tabsafe check answer.txt --policy police-foi", "We hold no information.\n"),
        with("check-fix", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld' --fix 1 --out fixed.txt > said && tabsafe check fixed.txt --policy police-foi --marker '*=withheld' > said", HIDDEN).show(&["fixed.txt"]),
        with("check-fix-stdout", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld' --fix 1 --out -", HIDDEN),
        with("check-fix-none", 2, "tabsafe check answer.txt --policy police-foi --marker '*=withheld' --fix 9 --out fixed.txt", HIDDEN),
        with("check-fix-alone", 2, "tabsafe check answer.txt --policy police-foi --fix 1", HIDDEN),
        with("check-fix-itself", 2, "tabsafe check answer.txt --policy police-foi --fix 1 --out ./answer.txt", HIDDEN),
        with("check-fix-format", 2, "tabsafe check answer.txt --policy police-foi --fix 1 --out fixed.pdf", HIDDEN),
        with("check-save-layout", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld' --save-layout layout.toml", HIDDEN).show(&["layout.toml"]),
        with("check-layout", 0, "tabsafe check answer.txt --policy police-foi --layout layout.toml", HIDDEN)
            .file("layout.toml", "[markers]\n\"*\" = \"withheld\"\n[[tables]]\nname = \"Table 1\"\n[[tables.axes]]\nvariable = \"Area\"\ntotal = \"\"\n[[tables.axes]]\nvariable = \"Year\"\ntotal = \"\"\n"),
        with("check-layout-misspelt", 2, "tabsafe check answer.txt --layout layout.toml", HIDDEN).file("layout.toml", "[[tables]]\nname = \"Table 1\"\nhedder-rows = 1\n"),
        with("check-layout-misfit", 3, "tabsafe check answer.txt --layout layout.toml", SAFE).file("layout.toml", "[[tables]]\nname = \"Table 9\"\n"),
        with("check-no-file", 3, "tabsafe check nothing.txt --policy police-foi", SAFE),
        with("check-marker-meaning", 2, "tabsafe check answer.txt --marker '*=nothing'", SAFE),
        case("explain-derivable", 0, "tabsafe explain derivable"),
        case("explain-two-pages", 0, "tabsafe explain group-disclosure"),
    ]
}

/// `check` says what is wrong with a draft, why, and what to do.
#[test]
fn drafts_are_judged() {
    check_all(cases());
}

/// The answer fits one screen of 60 lines for the six police tables.
#[test]
fn one_screen() {
    let ran = Scene::shipped().run("tabsafe check examples/police-foi/published.tsv --policy police-foi");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert!(lines.len() <= 60, "{} lines", lines.len());
    assert!(lines.iter().all(|l| l.chars().count() <= 100), "{}", ran.stdout);
    let colours =
        Scene::shipped().run(&format!("tabsafe check examples/police-foi/published.tsv {STAR} --color always"));
    assert_eq!(
        anstream::adapter::strip_str(&colours.stdout).to_string(),
        ran.stdout,
        "colours add nothing but colours"
    );
}
