//! What happens to users of every system: totals by other names, cells that stand twice, labels that are one and stand as
//! several, signs that say too much, names that would steer a terminal. Each is met by a question, a refusal or a note.

use super::{Case, Scene, case, check_all};

/// Totals have other names, one for each variable.
const OTHER_TOTALS: &str = "region,sex,n\nnorth,f,12\nnorth,m,3\nnorth,both sides,15\nsouth,f,20\nsouth,m,15\n\
    south,both sides,35\nEngland,f,32\nEngland,m,18\nEngland,both sides,50\n";

/// The same by the codes of statistical offices.
const OFFICE: &str = "region,sex,n\nnorth,F,12\nnorth,M,3\nnorth,T,15\nsouth,F,20\nsouth,M,15\nsouth,T,35\n\
    T,F,32\nT,M,18\nT,T,50\n";

/// A cell of three stands twice: added up it would be a safe six.
const TWICE: &str = "r,c,n\na,x,3\na,x,3\na,y,30\nb,x,25\nb,y,35\n";

/// The cells of a table of two variables in parts by a third.
const IN_PARTS: &str = "r,c,year,n\na,x,2023,7\na,x,2024,8\na,y,2023,30\nb,x,2023,25\nb,y,2024,35\n";

/// One area in three spellings, one of them with a blank that no eye tells from another.
const SPELLINGS: &str = "area,sex,n\nNorth,F,12\nnorth ,F,13\n\u{a0}North,F,14\nSouth,F,15\nSouth,M,16\n";

/// A withheld cell of 28 beside a small one.
const SIGNED: &str = "r,c,n\na,x,2\na,y,30\nb,x,25\nb,y,35\nc,x,28\nc,y,31\n";
const FOURS: &str = "r,c,n\na,x,4\na,y,4\na,z,3\nb,x,4\nb,y,3\nb,z,4\nc,x,3\nc,y,4\nc,z,4\n";
const SIGN: &str = "id = \"mine\"\ntitle = \"Mine\"\nversion = \"1\"\nevidence = \"generic\"\nextends = \"generic-lt5\"\n\
    [markers]\nwithheld = \"<5\"\n";
const ACCEPTED: &str = "[[accepted]]\nwarning = \"sign-claims-range\"\nreason = \"readers are used to it\"\n";

/// Labels that would steer a terminal, turn round what is read, or be run by a spreadsheet.
const HOSTILE: &str = "area,n\n\u{1b}[31mNorth\u{1b}[0m,12\nSo\u{202e}htu,15\n=1+1,20\n-5,21\n";

/// A table of tau-ARGUS with statuses: of B, size 1 is unsafe.
const TAB: &str = "A;1;340;4;S\nA;2;320;4;S\nA;Total;660;8;S\nB;1;165;1;U\nB;2;350;4;S\nB;Total;515;5;S\nTotal;1;505;5;S\n\
    Total;2;670;8;S\nTotal;Total;1175;13;S\n";
const RDA: &str = "<SEPARATOR> \";\"\n<SAFE> \"S\"\n<UNSAFE> \"U\"\n<PROTECT> \"P\"\nRegion\n  <RECODEABLE>\n  <TOTCODE> \"Total\"\n\
    Size\n  <RECODEABLE>\n  <TOTCODE> \"Total\"\nTurnover\n  <NUMERIC>\n  <DECIMALS> 0\nn\n  <FREQUENCY>\nst\n  <STATUS>\n";

fn arb(rules: &str) -> String {
    format!(
        "<OPENTABLEDATA> \"s.tab\"\n<OPENMETADATA> \"s.rda\"\n<SPECIFYTABLE> \"Region\"\"Size\"|\"Turnover\"||\n{rules}\
         <READTABLE> 1\n<SUPPRESS> MOD(1,5,1,0,0)\n<WRITETABLE> (1,3,AS+,\"o.csv\")\n"
    )
}

/// A batch on that table with these rules.
fn batch(name: &'static str, rules: &str) -> Case {
    case(name, 0, "tabsafe argus run s.arb")
        .file("s.arb", arb(rules))
        .file("s.tab", TAB)
        .file("s.rda", RDA)
        .show(&["o.csv"])
}

const OTHER: &str = "tabsafe protect other.csv --by region,sex --count n --threshold 5";

pub fn cases() -> Vec<Case> {
    [of_totals(), of_rows(), of_signs(), of_labels(), of_folders()].into_iter().flatten().collect()
}

fn of_totals() -> Vec<Case> {
    let other = |name, exit, line| case(name, exit, line).file("other.csv", OTHER_TOTALS);
    vec![
        other("total-by-arithmetic", 2, OTHER),
        other(
            "total-per-variable",
            0,
            "tabsafe protect other.csv --by region,sex --count n --threshold 5 --total region=England --total 'sex=both sides'",
        ),
        other(
            "total-of-one-variable",
            2,
            "tabsafe protect other.csv --by region,sex --count n --threshold 5 --total region=England",
        ),
        other(
            "total-of-no-variable",
            2,
            "tabsafe protect other.csv --by region,sex --count n --threshold 5 --total regoin=England",
        ),
        case("total-of-offices", 2, OTHER).file("other.csv", OFFICE),
        case(
            "total-of-a-release",
            2,
            "tabsafe release totals.toml --policy generic-lt5 --dry-run",
        )
        .file("other.csv", OTHER_TOTALS)
        .file(
            "totals.toml",
            "title = \"T\"\n[input]\nfile = \"other.csv\"\ncount = \"n\"\n[variables.region]\ncolumn = \"region\"\nmissing = \"error\"\n\
             [variables.sex]\ncolumn = \"sex\"\nmissing = \"error\"\n[[tables]]\ntitle = \"T\"\nrows = [\"region\"]\ncolumns = [\"sex\"]\n",
        ),
        case(
            "audit-total-per-variable",
            1,
            "tabsafe audit pub.csv --by region,sex --count n --marker x=withheld --total England --total 'sex=both sides'",
        )
        .file("pub.csv", OTHER_TOTALS.replace("north,m,3", "north,m,x")),
        batch("argus-statuses", ""),
        batch("argus-statuses-and-range", "<SAFETYRULE> MAN(15)\n"),
        batch("argus-statuses-and-no-range", "<SAFETYRULE> MAN(0)\n"),
        batch("argus-statuses-and-rule", "<SAFETYRULE> NK(1,99)\n")
            .file("s.rda", RDA.replace("n\n  <FREQUENCY>", "n\n  <FREQUENCY>\ntop\n  <MAXSCORE>"))
            .file("s.tab", TAB.replace(";S\n", ";100;S\n").replace(";U\n", ";100;U\n")),
    ]
}

fn of_rows() -> Vec<Case> {
    let line = "tabsafe protect rows.csv --by r,c --count n --threshold 5";
    vec![
        case("cell-twice", 3, line).file("rows.csv", TWICE),
        case("cell-in-parts", 0, line).file("rows.csv", IN_PARTS),
        case("counts-read-as-cases", 3, "tabsafe protect counts.csv --by area,sex --threshold 5"),
        case("labels-alike", 0, "tabsafe protect rows.csv --by area,sex --count n --threshold 5")
            .file("rows.csv", SPELLINGS),
        case(
            "sums-of-nobody",
            0,
            "tabsafe protect firms.csv --by industry,region --value turnover --rule 'threshold(3)' --out t.csv",
        ),
        case(
            "persons-that-nobody-counts",
            0,
            "tabsafe release release.toml --policy generic-lt5 --out out --format csv",
        ),
    ]
}

fn of_signs() -> Vec<Case> {
    let line = "tabsafe protect rows.csv --by r,c --count n --policy mine.toml --format text \
                --key examples/police-foi/example.key";
    vec![
        case("sign-not-true", 2, line).file("rows.csv", SIGNED).file("mine.toml", SIGN),
        // three that add up to 11: whoever believes the sign knows that each is 3 or 4
        case("sign-believed", 1, line).file("rows.csv", FOURS).file("mine.toml", SIGN),
        case("sign-without-a-number", 0, line).file("rows.csv", FOURS).file("mine.toml", SIGN.replace("<5", "[c]")),
        case("sign-accepted", 0, line).file("rows.csv", SIGNED).file("mine.toml", format!("{SIGN}{ACCEPTED}")),
    ]
}

fn of_labels() -> Vec<Case> {
    vec![
        case("labels-hostile", 0, "tabsafe protect rows.csv --by area --count n --threshold 5 --out t.csv")
            .file("rows.csv", HOSTILE)
            .show(&["t.csv"]),
        case("records-as-a-specification", 2, "tabsafe release cases.csv --color always"),
        case(
            "file-name-hostile",
            3,
            "tabsafe protect \"$(printf 'a\\033]0;x\\007\\342\\200\\256b.csv')\" --by area --threshold 5",
        ),
    ]
}

fn of_folders() -> Vec<Case> {
    vec![
        case(
            "release-leaves-an-earlier-format",
            0,
            "tabsafe release release.toml --out out --format xlsx,csv --quiet && tabsafe release release.toml --out out --format csv",
        ),
        // what the earlier run wrote goes; what was changed since is the user's
        case(
            "release-after-another",
            0,
            "tabsafe release release.toml --out out --format xlsx,csv --quiet && echo mine >> out/release.csv \\
             && tabsafe release release.toml --policy generic-lt10 --out out --format markdown",
        ),
    ]
}

/// Each slip is met.
#[test]
fn slips_are_met() {
    check_all(cases());
}

/// Nothing that a table or a draft holds reaches the terminal as a control character, coloured or not, in words or in JSON.
#[test]
fn nothing_steers_the_terminal() {
    let scene = Scene::with_data();
    scene.write("rows.csv", HOSTILE.as_bytes());
    scene.write("pub.csv", format!("{HOSTILE}Total,x\n").replace("=1+1,20", "=1+1,x").as_bytes());
    for line in [
        "tabsafe protect rows.csv --by area --count n --threshold 16 --out t.csv --verbose",
        "tabsafe protect rows.csv --by aera --count n --threshold 16",
        "tabsafe protect rows.csv --by area --count n --threshold 16 --log-format json --out t.csv",
        "tabsafe audit pub.csv --by area --count n --marker x=withheld",
        "tabsafe audit pub.csv --by area --count n --marker x=withheld --format json",
        "tabsafe check pub.csv",
        "tabsafe init rows.csv",
    ] {
        for color in ["never", "always"] {
            let ran = scene.run(&format!("{line} --color {color}"));
            for text in [&ran.stdout, &ran.stderr] {
                let ours = [
                    "\u{1b}[0m",
                    "\u{1b}[1m",
                    "\u{1b}[22m",
                    "\u{1b}[31m",
                    "\u{1b}[32m",
                    "\u{1b}[33m",
                    "\u{1b}[36m",
                    "\u{1b}[39m",
                ];
                let rest = if color == "always" {
                    ours.iter().fold(text.clone(), |t, s| t.replace(s, ""))
                } else {
                    text.clone()
                };
                let bad =
                    rest.chars().find(|c| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c));
                assert!(bad.is_none(), "{line} --color {color}: {bad:?} in {rest:?}");
                assert!(!text.contains("\u{1b}[31mNorth"), "{line}: a label has a colour of its own");
            }
        }
    }
}
