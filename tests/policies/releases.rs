//! What a policy says beside its rules, in a release: exceptions and how they lapse, bans, the legend, the wording of an
//! exemption, rules that have nothing to do.

use serde_json::Value;

use crate::cli::decent;
use crate::cli::scene::{Ran, Scene};

/// A policy that calls the four cases of the youngest in 2023 unsafe.
const OWN: &str =
    "id = \"own\"\ntitle = \"Ours\"\nversion = \"1\"\nevidence = \"generic\"\n[threshold]\nminimum = 5\n[suppress]\n";
/// The release of the small files under it.
const RELEASE: &str = "tabsafe release release.toml --policy own.toml --out out --report report.json --verbose";

/// Runs it under a policy.
fn released(scene: &Scene, policy: &str) -> Ran {
    scene.write("own.toml", policy.as_bytes());
    let ran = scene.run(RELEASE);
    decent("own.toml", &ran);
    ran
}

/// The report.
fn report(scene: &Scene) -> Value {
    serde_json::from_str(&scene.read("report.json")).expect("JSON")
}

/// An exception for the cell, bound to what the report says.
fn exception(scene: &Scene) -> String {
    let definition = report(scene)["definition"].as_str().expect("the definition").to_owned();
    format!(
        "[[exception]]\nrelease = \"Cases by age and year\"\nrule = \"threshold\"\ntable = \"1\"\n\
         cell = {{ age = \"Under 10\", year = \"2023\" }}\nband = \"1-4\"\ndefinition = \"{definition}\"\n\
         approved-by = \"A. Reviewer\"\nreason = \"The court has published it.\"\nuntil = \"9999-12-31\"\n"
    )
}

/// The row of a cell in the release.
fn row(scene: &Scene, start: &str) -> String {
    let csv = scene.read("out/release.csv");
    csv.lines().find(|l| l.starts_with(start)).unwrap_or_else(|| panic!("{start}\n{csv}")).to_owned()
}

/// What the run says, as one line.
fn said(ran: &Ran) -> String {
    ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without an exception the cell is withheld; with one it is printed, the verdict says so, the exit code is 0, and terminal
/// and report tell who approved it and why.
#[test]
fn an_exception_is_listed() {
    let scene = Scene::with_data();
    let before = released(&scene, OWN);
    assert_eq!((before.exit, row(&scene, "1,Under 10,2023,").as_str()), (0, "1,Under 10,2023,Total,,withheld"));
    let fingerprint = report(&scene)["policy"]["fingerprint"].clone();
    let ran = released(&scene, &format!("{OWN}{}", exception(&scene)));
    assert_eq!(ran.exit, 0, "{}", ran.text());
    assert_eq!(row(&scene, "1,Under 10,2023,"), "1,Under 10,2023,Total,4,published");
    assert!(
        said(&ran).contains("SAFE WITH EXCEPTIONS: an attack found nothing that the policy hides, but for 1 finding")
    );
    assert!(said(&ran).contains(
        "Exception Age Under 10, Year 2023 is published although threshold calls it unsafe: The court has published it. (approved by \
         A. Reviewer until 9999-12-31, own.toml:8)"
    ));
    let report = report(&scene);
    assert_eq!(report["summary"]["verdict"], "safe-with-exceptions");
    assert_eq!(report["policy"]["fingerprint"], fingerprint, "an exception is no part of what is fingerprinted");
    let listed = &report["exceptions"][0];
    assert_eq!(listed["approved_by"], "A. Reviewer");
    assert_eq!(listed["finding"], "4 records are fewer than 5: the persons behind them could be recognised");
    assert_eq!(listed["policy"], "own.toml:8");
}

/// An exception lapses when the policy, the specification or the value changes, and after its last day; then the cell is
/// withheld as before, and the run says why.
#[test]
fn an_exception_lapses() {
    let scene = Scene::with_data();
    released(&scene, OWN);
    let exception = exception(&scene);
    let (spec, cases) = (scene.read("release.toml"), scene.read("cases.csv"));
    let lapsed = |policy: &str, why: &str| {
        let ran = released(&scene, policy);
        assert_eq!(ran.exit, 0, "{}", ran.text());
        let told = said(&ran);
        assert!(told.contains("SAFE: ") && told.contains(why), "{why}\n{}", ran.text());
        assert!(row(&scene, "1,Under 10,2023,").ends_with(",,withheld"));
        assert!(report(&scene)["exceptions"].is_null());
    };
    let given = format!("{OWN}{exception}");
    let changed = "does not hold: the policy or the specification has changed since";
    lapsed(&given.replace("minimum = 5", "minimum = 6"), changed);
    lapsed(&given.replace("9999-12-31", "2020-02-29"), "does not hold: its last day has passed");
    scene.write("release.toml", spec.replace("TABLE 1", "Table one").as_bytes());
    lapsed(&given, changed);
    scene.write("release.toml", spec.as_bytes());
    lapsed(&given.replace("\"1-4\"", "\"1-3\""), "does not hold any more where a figure has left its band");
    let fewer: String = cases.split_inclusive('\n').filter(|line| !line.contains("S1,m,8,2023")).collect();
    scene.write("cases.csv", fewer.as_bytes());
    lapsed(&given.replace("\"1-4\"", "\"4\""), "does not hold any more where a figure has left its band");
    scene.write("cases.csv", cases.as_bytes());
    let ran = released(&scene, &given.replace("Under 10", "16 and over"));
    assert!(said(&ran).contains("excuses nothing: no such cell is unsafe"), "{}", ran.text());
    // an exception for another release is nobody's business here
    let other = released(&scene, &given.replace("Cases by age and year", "Another release"));
    assert!(!said(&other).contains("exception"), "{}", other.text());
}

/// A rule is excused as a whole where no cell is named, but only for values within the band.
#[test]
fn a_rule_is_excused() {
    let scene = Scene::with_data();
    let own = OWN.replace("= 5", "= 7");
    released(&scene, &own);
    let cell = "table = \"1\"\ncell = { age = \"Under 10\", year = \"2023\" }\n";
    let all = exception(&scene).replace(cell, "").replace("1-4", "1-6");
    let ran = released(&scene, &format!("{own}{all}"));
    assert_eq!(ran.exit, 0, "{}", ran.text());
    assert!(!scene.read("out/release.csv").contains("withheld"), "{}", ran.text());
    assert!(report(&scene)["exceptions"].as_array().is_some_and(|all| all.len() > 1));
    let some = released(&scene, &format!("{own}{}", all.replace("1-6", "5-6")));
    assert!(said(&some).contains("SAFE WITH EXCEPTIONS") && said(&some).contains("left its band"), "{}", some.text());
    assert!(row(&scene, "1,Under 10,2023,").ends_with(",,withheld"), "a count of 4 was not approved");
}

/// A table that uses a banned variable, however it is named, is refused before a record is read; so is a banned category.
#[test]
fn what_is_banned_is_refused() {
    let scene = Scene::with_data();
    let spec = scene.read("release.toml");
    let ban = |what: &str| format!("{OWN}[banned]\n{what}\nreason = \"it leads to the person\"\n");
    let refused = |policy: &str, why: &str| {
        let ran = released(&scene, policy);
        assert_eq!(ran.exit, 1, "{}", ran.text());
        assert!(ran.stderr.contains(why), "{why}\n{}", ran.text());
        assert!(!scene.path().join("out").exists());
    };
    refused(
        &ban("variables = [\"Area\"]"),
        "release.toml:36: table 2 uses the variable `area`, which the policy bans (own.toml:8): it leads to the person (leave it out of the \
         table)",
    );
    refused(&ban("categories = { year = [\"2024\"] }"), "table 1 shows `2024` of `year`, which the policy bans");
    refused(&ban("categories = { area = [\"S2\"] }"), "table 2 shows `S2` of `area`");
    scene.write(
        "release.toml",
        spec.replace("column = \"area\"", "sql = \"UPPER(area)\"")
            .replace(".area]", ".place]")
            .replace("[\"area\"]", "[\"place\"]")
            .replace("\"Area\"", "\"Place\"")
            .as_bytes(),
    );
    refused(&ban("variables = [\"area\"]"), "table 2 uses the variable `place`");
    scene.write("release.toml", spec.replace("unit = \"case\"", "unit = \"case\"\nwhere = \"area = 'N1'\"").as_bytes());
    refused(&ban("variables = [\"area\"]"), "`where` of [input] chooses records by `area`");
    scene.write("release.toml", spec.as_bytes());
    assert_eq!(released(&scene, &ban("variables = [\"school\"]")).exit, 0);
}

/// The legend says what the policy says; the draft of an exemption stands in report and terminal, not in the release.
#[test]
fn legend_and_wording() {
    let scene = Scene::with_data();
    let policy = format!(
        "{OWN}[legend]\nwithheld = \"kept back\"\n[exemption]\nact = \"Freedom of Information Act 2000\"\nsection = \"section 40(2)\"\n\
         because = \"They are personal data.\"\nadvice = \"Ask for wider bands.\"\n"
    );
    let ran = released(&scene, &policy);
    assert!(scene.read("out/release.txt").contains("[c]  kept back\n"), "{}", scene.read("out/release.txt"));
    let draft = "The sign [c] stands for 1 to 4 (zero is not included), or for a figure that would give such a one away; it must not be read \
                 as a number. The information is exempt under section 40(2) of the Freedom of Information Act 2000. They are personal \
                 data. Ask for wider bands.";
    assert!(said(&ran).contains(draft), "{}", ran.text());
    let told = report(&scene)["exemption_draft"].as_str().expect("a draft").to_owned();
    assert!(told.starts_with("DRAFT, to be checked and signed by a person: ") && told.ends_with(draft), "{told}");
    for file in ["out/release.txt", "out/release.csv", "out/release.json", "out/release.md"] {
        assert!(!scene.read(file).contains("section 40(2)"), "{file}");
    }
}

/// A rule that had nothing to look at is told, with the reason; so is a release of something else than the policy is for.
#[test]
fn entries_without_use_are_told() {
    let scene = Scene::with_data();
    let rules = "[dominance]\nn = 1\nk = 80\n[group-disclosure]\n[differencing]\nminimum = 9\n[denominator]\nminimum = 9\npopulation = \"people\"\n";
    let policy = format!("units = [\"victim\"]\n{OWN}{rules}").replacen("units = [\"victim\"]\n", "", 1);
    let policy = policy.replacen("evidence = \"generic\"\n", "evidence = \"generic\"\nunits = [\"victim\"]\n", 1);
    let told = said(&released(&scene, &policy));
    for what in [
        "the rule dominance (own.toml:9) does not apply as written: no table adds up a column",
        "the rule group-disclosure (own.toml:12) does not apply as written: no variable of a table is marked as sensitive",
        "the rule differencing (own.toml:13) does not apply as written: no count follows from others without being printed",
        "the rule denominator (own.toml:15) does not apply as written: no table adds up `people`, so that every population counts as small",
        "policy own is meant for releases that count victim; this one counts case",
    ] {
        assert!(told.contains(what), "{what}\n{told}");
    }
    assert!(!told.contains("the rule threshold"), "{told}");
    let zeros = said(&released(&scene, &OWN.replace("minimum = 5", "minimum = 5\nzero = \"unsafe\"")));
    assert!(zeros.contains("zeros are withheld, but `area` shows only the categories that occur"), "{zeros}");
}

/// A variable that the policy calls sensitive is looked at by group disclosure although the specification does not mark it.
#[test]
fn sensitive_by_the_policy() {
    let scene = Scene::with_data();
    scene.write(
        "cases.csv",
        b"victim,area,sex,age,year\nV1,N,f,12,2023\nV2,N,f,12,2023\nV3,N,f,8,2023\nV4,N,f,12,2024\nV5,N,f,17,2024\n",
    );
    let policy =
        |extra: &str| OWN.replace("[threshold]\nminimum = 5", &format!("[group-disclosure]\nmin-margin = 1\n{extra}"));
    assert!(said(&released(&scene, &policy(""))).contains("Unsafe none of"));
    let sensitive = said(&released(&scene, &policy("[sensitive]\nvariables = [\"year\"]")));
    assert!(sensitive.contains("by group-disclosure"), "{sensitive}");
}

/// Where single categories are sensitive, a group that falls in another of the variable is no disclosure; a category that the
/// variable does not have is told with the nearest one.
#[test]
fn sensitive_categories_by_the_policy() {
    let scene = Scene::with_data();
    scene.write(
        "cases.csv",
        b"victim,area,sex,age,year\nV1,N,f,12,2023\nV2,N,f,12,2023\nV3,N,f,8,2023\nV4,N,f,12,2024\nV5,N,f,17,2024\n",
    );
    let found = |categories: &str| {
        let policy = format!(
            "{}[sensitive]\ncategories = {{ Year = [{categories}] }}\n",
            OWN.replace("[threshold]\nminimum = 5", "[group-disclosure]\nmin-margin = 1")
        );
        let ran = released(&scene, &policy);
        let report = report(&scene);
        let findings = report["findings"].as_array().cloned().unwrap_or_default();
        let cells: Vec<String> = findings.iter().map(|f| f["cell"].as_str().unwrap_or_default().to_owned()).collect();
        (cells, said(&ran))
    };
    let (both, quiet) = found("\"2023\", \"2024\"");
    assert!(both.len() > 1 && !quiet.contains("[sensitive]"), "{both:?}");
    let (one, _) = found("\"2024\"");
    assert!(!one.is_empty() && one.len() < both.len() && one.iter().all(|c| c.contains("Year 2024")), "{one:?}");
    let (none, told) = found("\"2042\"");
    assert_eq!(none, [""; 0]);
    assert!(told.contains("names `2042`, which `Year` does not have; did you mean `2024`?"), "{told}");
    assert!(told.contains("does not apply as written"), "{told}");
}

/// Who has asked for protection is said by the specification; the rule looks at the sums that they make up.
#[test]
fn a_request_protects_those_who_ask() {
    let scene = Scene::with_data();
    let spec = |request: &str| {
        format!(
            "title = \"Turnover\"\npolicy = \"own.toml\"\n[input]\nfile = \"firms.csv\"\ncontributor = \"firm\"\n{request}\n\
             [variables.industry]\nlabel = \"Industry\"\ncolumn = \"industry\"\nmissing = \"error\"\n\
             [variables.region]\nlabel = \"Region\"\ncolumn = \"region\"\nmissing = \"error\"\n\
             [[tables]]\ntitle = \"TABLE 1\"\nrows = [\"industry\"]\ncolumns = [\"region\"]\nmeasure = {{ sum = \"turnover\", decimals = 2 }}\n"
        )
    };
    let policy = OWN.replace("[threshold]\nminimum = 5", "[request]\nshare = 35");
    scene.write("release.toml", spec("request = \"firm IN ('F6', 'G5')\"").as_bytes());
    let ran = released(&scene, &policy);
    // F6 has 130.75 of 360.75, which is 36.2 percent; G5 has 44 of 139, which is 31.7
    assert!(row(&scene, "1,food,South,").ends_with(",,withheld"), "{}", ran.text());
    let findings = report(&scene)["findings"].as_array().cloned().unwrap_or_default();
    let unsafe_cells: Vec<&str> = findings.iter().filter_map(|f| f["cell"].as_str()).collect();
    assert_eq!(unsafe_cells, ["Industry food, Region South"]);
    scene.write("release.toml", spec("").as_bytes());
    let nobody = released(&scene, &policy);
    assert!(said(&nobody).contains("does not apply as written: nobody has asked for protection"), "{}", nobody.text());
    scene.write("release.toml", spec("request = \"turnover\"").as_bytes());
    let wrong = released(&scene, &policy);
    assert!(wrong.exit == 2 && wrong.stderr.contains("`request` of [input] is no condition"), "{}", wrong.text());
}
