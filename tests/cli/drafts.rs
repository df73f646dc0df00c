//! What `check` says of drafted answers.

use super::{Case, Scene, case, check_all};

/// A table of which somebody hid two figures by hand.
const HIDDEN: &str = "Table 1: people helped, by area\n\nArea\t2013\t2014\tTotal\nNorth\t12\t*\t15\nSouth\t9\t8\t17\nTotal\t21\t11\t32\n";
/// The same with nothing to find.
const SAFE: &str = "Area\t2013\t2014\tTotal\nNorth\t12\t13\t25\nSouth\t9\t8\t17\nTotal\t21\t21\t42\n";
/// The example of the issue: a total in a caption, and four figures withheld.
const CAPTION: &str =
    "Total count 52\n\tMale\tFemale\tUnknown\n11 and under\t*\t5\t*\n12-15\t*\t9\t*\n16-17\t10\t12\t10\n";

/// Offences, the population and the rate of each area; two counts are withheld, the rates not.
const RATES: &str = "Table 1: offences\n\nArea\tOffences\tPopulation\tRate per 1,000\nNorth\t12\t4,000\t3.0\nSouth\t*\t5,200\t0.4\nEast\t25\t6,100\t4.1\nWest\t*\t9,800\t0.3\nTotal\t42\t25,100\t1.7\n";
/// The same in three tables.
const RATES_APART: &str = "Table 1: offences\n\nArea\tOffences\nNorth\t12\nSouth\t*\nEast\t25\nWest\t*\nTotal\t42\n\nTable 2: population\n\nArea\tPopulation\nNorth\t4,000\nSouth\t5,200\nEast\t6,100\nWest\t9,800\nTotal\t25,100\n\nTable 3: rate per 1,000 population\n\nArea\tRate\nNorth\t3.0\nSouth\t0.4\nEast\t4.1\nWest\t0.3\nTotal\t1.7\n";
/// Means of days, and fines of which one sum is withheld.
const MEANS: &str = "Table 1: sentences\n\nArea\tCases\tTotal days\tMean days\tTotal fines (£)\tMean fine (£)\nNorth\t12\t413\t34.4\t£4,130\t£344.17\nSouth\t*\t90\t45.0\t£900\t£450.00\nEast\t25\t610\t24.4\t[c]\t£244.00\nWest\t*\t120\t40.0\t£1,200\t£400.00\nTotal\t42\t1,233\t29.4\t£12,330\t£293.57\n";

/// Counts with noise of up to 3: no total is the sum of its parts.
const NOISE: &str = "Area\t2013\t2014\tTotal\nNorth\t12\t2\t16\nSouth\t9\t14\t22\nTotal\t23\t15\t41\n";

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
        with("check-rates", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld' --save-layout layout.toml", RATES).show(&["layout.toml"]),
        with("check-rates-elsewhere", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld' --save-layout layout.toml && exit 9; tabsafe check answer.txt --policy police-foi --layout layout.toml", RATES_APART).show(&["layout.toml"]),
        with("check-rates-wrong", 3, "tabsafe check answer.txt --policy police-foi --marker '*=withheld'", &RATES.replace("3.0", "3.1")),
        with("check-rates-fix", 0, "tabsafe check answer.txt --policy police-foi --marker '*=withheld' --fix 1 --out fixed.txt > said; tabsafe check fixed.txt --policy police-foi --marker '*=withheld'", RATES).show(&["fixed.txt"]),
        with("check-rates-other", 0, "tabsafe check answer.txt --policy police-foi --layout layout.toml", "Area\tCases\tStaff\tRate\nNorth\t12\t40\t0.71\nSouth\t9\t52\t0.33\nTotal\t21\t92\t0.5\n")
            .file("layout.toml", "[[tables]]\nname = \"table 1\"\n[[tables.axes]]\nvariable = \"Area\"\n[[tables.axes]]\nvariable = \"what\"\ntotal = \"\"\n"),
        with("check-means", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld'", MEANS),
        with("check-percentage-of-column", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld'", "Area\tOffences\tCharged\tCharge rate (%)\nNorth\t120\t40\t33.3%\nSouth\t52\t*\t3.8%\nEast\t250\t100\t40.0%\nWest\t66\t*\t4.5%\nTotal\t488\t145\t29.7%\n"),
        case("check-list", 1, "tabsafe check list.csv --policy police-foi").file("list.csv", "area,sex,count,status\nN,m,7,published\nN,f,,withheld\nN,Total,9,published\n"),
        with("check-noise", 0, "tabsafe check answer.txt --policy generic-cell-key", NOISE),
        with("check-noise-narrowed", 1, "tabsafe check answer.txt --policy generic-cell-key", &NOISE.replace("\t16", "\t8").replace("\t41", "\t33")),
        with("check-noise-none", 3, "tabsafe check answer.txt --policy generic-cell-key", "Area\t2013\t2014\tTotal\nNorth\t12\t13\t25\nSouth\t9\t8\t17\nTotal\t21\t21\t42\n"),
        with("check-percentage-named", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld'", "Age\tBoys\tGirls\tTotal\t% of boys\nUnder 10\t6\t5\t11\t10.7\n10 to 15\t28\t31\t59\t50.0\n16 to 17\t18\t*\t*\t32.1\n18 and over\t*\t9\t*\t7.1\nTotal\t56\t*\t*\t100.0\n"),
        with("check-all-wards", 1, "tabsafe check answer.txt --policy police-foi --marker '*=withheld'", "Ward\tIncidents\tof which, children\nAbbey\t34\t6\nBishop\t21\t*\nCastle\t9\t0\nAll wards\t64\t8\n"),
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

/// What `release` writes is understood, and nothing in it is unsafe. Bundles are refused with what to do instead.
#[test]
fn own_outputs() {
    let scene = Scene::shipped();
    let made = scene.run("tabsafe release examples/police-foi/release.toml --out out --format text,markdown,html,xlsx,ods,csv,zip,sdmx-csv,parquet,answer-text,answer-markdown,answer-docx");
    assert_eq!(made.exit, 0, "{}", made.stderr);
    for file in [
        "release.txt",
        "release.md",
        "release.html",
        "release.xlsx",
        "release.ods",
        "release.csv",
        "release.sdmx.csv",
        "release.answer.txt",
        "release.answer.md",
        "release.docx",
    ] {
        let ran = scene.run(&format!("tabsafe check out/{file} --policy police-foi --format json"));
        let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{file}: {e}"));
        assert_eq!((ran.exit, told["verdict"].as_str()), (0, Some("safe")), "{file}: {}", ran.stdout);
        assert_eq!(told["tables"].as_array().map(Vec::len), Some(6), "{file}");
    }
    let (file, words) = ("release.zip", "unpack it, and check the files within");
    let ran = scene.run(&format!("tabsafe check out/{file} --policy police-foi"));
    assert!(
        ran.exit == 3 && format!("{}{}", ran.stdout, ran.stderr).contains(words),
        "{file}: {}{}",
        ran.stdout,
        ran.stderr
    );
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
