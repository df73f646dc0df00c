//! Batches of tau-ARGUS, beside what pytauargus made of the same files (`tests/data/argus`).

use std::collections::{BTreeMap, BTreeSet};

use crate::cli::decent;
use crate::cli::scene::{Ran, Scene, root};

/// The files that pytauargus was given, and those that it wrote, below `theirs`.
fn scene() -> Scene {
    let scene = Scene::empty();
    for file in ["micro.asc", "micro.rda", "region.hrc", "micro.arb"] {
        scene.write(file, &data(file));
    }
    scene
}

fn data(file: &str) -> Vec<u8> {
    std::fs::read(root().join("tests/data/argus").join(file)).expect("a file of the tests")
}

fn theirs(file: &str) -> String {
    String::from_utf8(data(file)).expect("text")
}

fn run(scene: &Scene, line: &str, exit: i32) -> Ran {
    let ran = scene.run(line);
    decent(line, &ran);
    assert_eq!(ran.exit, exit, "{line}\n{}", ran.text());
    ran
}

/// Lines as fields without quotes and blanks around them, without those of a code that nobody has: pytauargus writes
/// codes for missing although there are none.
fn rows(text: &str, separator: char) -> BTreeSet<Vec<String>> {
    let fields = |line: &str| line.split(separator).map(|f| f.trim().trim_matches('"').trim().to_owned()).collect();
    text.lines().map(fields).filter(|f: &Vec<String>| !f.contains(&"99".to_owned())).collect()
}

/// A batch of `commands` on the records of the scene.
fn records(commands: &str) -> String {
    format!("<OPENMICRODATA> \"micro.asc\"\n<OPENMETADATA> \"micro.rda\"\n{commands}")
}

/// The same batch gives the same grid and the same SBS file, and an intermediate file that agrees in all but the levels
/// (rounded up here) and the status of safe cells.
#[test]
fn a_batch_gives_what_pytauargus_gives() {
    let scene = scene();
    let ran = run(&scene, "tabsafe argus run micro.arb --verbose", 0);
    let in_full = "2 primary and 2 secondary cells withheld (optimal)\n";
    assert!(ran.stdout.starts_with("micro.arb:2: safe: 4 of ") && ran.stdout.contains(in_full), "{}", ran.stdout);
    let grid = |text: &str| -> Vec<Vec<String>> {
        let line = |l: &str| l.split(',').take(5).map(|f| f.trim_matches('"').trim().to_owned()).collect();
        text.lines().filter(|l| !l.is_empty()).map(line).collect()
    };
    assert_eq!(grid(&scene.read("out.csv")), grid(&theirs("out.csv")));
    assert_eq!(rows(&scene.read("out.sbs"), ','), rows(&theirs("out.sbs"), ','));
    let columns = |text: String| -> BTreeSet<Vec<String>> {
        rows(&text, ';')
            .into_iter()
            .map(|mut row| {
                row.truncate(9);
                row
            })
            .collect()
    };
    assert_eq!(columns(scene.read("out.tab")), columns(theirs("out.tab")));
    let levels = |text: &str| -> Vec<[i64; 2]> {
        let unsafe_ = rows(text, ';').into_iter().filter(|row| row[8] == "U");
        unsafe_.map(|row| [9, 10].map(|i| row[i].parse().expect("a level"))).collect()
    };
    let (ours, theirs) = (levels(&scene.read("out.tab")), levels(&theirs("out.tab")));
    assert_eq!(theirs.len(), 2);
    assert!(
        ours.iter().flatten().zip(theirs.iter().flatten()).all(|(o, t)| (t..=&(t + 1)).contains(&o)),
        "{ours:?} {theirs:?}"
    );
}

/// Files for publication show no withheld value and do not tell primary from secondary; the others are for their owner.
#[test]
fn what_is_for_publication_holds_nothing_else() {
    let scene = scene();
    let ran = run(&scene, "tabsafe argus run micro.arb --hst pattern --report report.json", 0);
    for file in ["out.csv", "pivot.csv", "code.csv"] {
        let text = scene.read(file);
        for secret in ["713", "1012", "1666", "460"] {
            assert!(!text.split([',', '\n']).any(|field| field == secret), "{secret} in {file}");
            assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "{}", ran.text());
        }
        assert!(text.contains("2513") && text.matches(",x").count() == 4, "{file}: {text}");
    }
    assert_eq!(scene.read("code.csv").matches(",x,11\n").count(), 4);
    assert_eq!(scene.read("pattern/table-1.hst"), "A1;2;U\nA1;3;M\nA2;2;U\nA2;3;M\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |file: &str| std::fs::metadata(scene.path().join(file)).expect(file).permissions().mode() & 0o077;
        for file in ["out.tab", "out.sbs", "pattern/table-1.hst", "report.json"] {
            assert_eq!(mode(file), 0, "{file}");
            assert!(ran.stdout.contains(&format!("{file}: CONFIDENTIAL")), "{}", ran.stdout);
        }
        assert_ne!(mode("out.csv"), 0);
    }
}

/// A table of pytauargus is read by its statuses and by rules, and a table of ours as well: each gives the same pattern.
#[test]
fn tables_are_read_back() {
    let scene = scene();
    run(&scene, "tabsafe argus run micro.arb", 0);
    let expect = scene.read("code.csv");
    scene.write("theirs.tab", &data("out.tab"));
    for (data, rules) in [("out.tab", ""), ("theirs.tab", ""), ("theirs.tab", "P(15,1)|NK(2,85)|FREQ(3,20)")] {
        let batch = format!(
            "<OPENTABLEDATA> \"{data}\"\n<OPENMETADATA> \"out.rda\"\n<SPECIFYTABLE> \"Region\"\"Size\"|\"Turnover\"||\n\
             <SAFETYRULE> {rules}\n<READTABLE> 0\n<SUPPRESS> OPT(1)\n<WRITETABLE> (1,3,AS+,\"again.csv\")\n<WRITETABLE> (1,6,,\"again.jj\")\n"
        );
        scene.write("again.arb", batch.as_bytes());
        run(&scene, "tabsafe argus run again.arb", 0);
        assert_eq!(rows(&scene.read("again.csv"), ','), rows(&expect, ','), "{data} {rules}");
        let audit = run(&scene, "tabsafe audit again.jj", 0).stdout;
        assert!(audit.starts_with("safe: 2 of 2 primary cells reach their levels (secondary cells: 2)"), "{audit}");
    }
}

/// The instance that a batch writes is one that `protect` solves with the same loss.
#[test]
fn an_instance_is_protected_alike() {
    let scene = scene();
    let specified =
        "<SPECIFYTABLE> \"Region\"\"Size\"|\"Turnover\"||\n<SAFETYRULE> P(15,1)|NK(2,85)|FREQ(3,20)\n<READMICRODATA>\n";
    let batch = records(&format!("{specified}<WRITETABLE> (1,6,,\"open.jj\")\n"));
    scene.write("open.arb", batch.as_bytes());
    let ran = run(&scene, "tabsafe argus run open.arb", 1);
    assert!(
        ran.stdout.contains("open.jj: CONFIDENTIAL"),
        "an instance is written before it is protected: {}",
        ran.text()
    );
    let ran = run(&scene, "tabsafe protect open.jj --method optimal --out done.jj --verbose", 0);
    assert!(
        ran.stdout.contains("2 primary and 2 secondary of 32 cells") && ran.stdout.contains("loss 1472"),
        "{}",
        ran.stdout
    );
}

/// Nothing for publication is written where nothing protects the table, by whatever keeps the others from it.
#[test]
fn what_is_not_safe_is_not_written() {
    let scene = scene();
    let regions = ["Total", "A", "A1", "A2", "A3", "B", "B1", "B2"];
    let all = regions.iter().flat_map(|r| ["Total", "1", "2", "3"].map(|s| format!("{r},{s},P\n")));
    scene.write("keep.hst", all.collect::<String>().as_bytes());
    let specified = "<SPECIFYTABLE> \"Region\"\"Size\"|\"Turnover\"||\n<SAFETYRULE> NK(2,85)\n<READMICRODATA>\n";
    let written = "<WRITETABLE> (1,3,,\"out.csv\")\n<WRITETABLE> (1,4,,\"out.sbs\")\n";
    let before = scene.files();
    for suppress in ["<APRIORI> \"keep.hst\", 1, \",\", 0\n<SUPPRESS> OPT(1)\n", "<SUPPRESS> RND(1,5)\n"] {
        scene.write("bad.arb", records(&format!("{specified}{suppress}{written}")).as_bytes());
        let code = if suppress.contains("RND") { 2 } else { 1 };
        run(&scene, "tabsafe argus run bad.arb", code);
        let new: Vec<String> =
            scene.files().into_keys().filter(|f| !before.contains_key(f) && f != "bad.arb").collect();
        assert!(new.is_empty(), "{new:?}");
    }
}

/// Two tables of the same records share their cells: what is withheld in one is withheld in the other.
#[test]
fn linked_tables_are_protected_together() {
    let scene = scene();
    let table = |vars: &str| format!("<SPECIFYTABLE> {vars}|\"Turnover\"||\n<SAFETYRULE> NK(2,40)|FREQ(3,20)\n");
    let batch = records(&format!(
        "{}{}<READMICRODATA>\n<RECODE> 2,Region,1\n<SUPPRESS> MOD(0)\n<WRITETABLE> (1,3,,\"1.csv\")\n<WRITETABLE> (2,3,,\"2.csv\")\n",
        table("\"Region\"\"Size\""),
        table("\"Region\"")
    ));
    scene.write("two.arb", batch.as_bytes());
    run(&scene, "tabsafe argus run two.arb", 0);
    let read = |file: &str, total: usize| -> BTreeMap<String, String> {
        let rows = rows(&scene.read(file), ',').into_iter();
        rows.filter(|r| r.len() == 2 || r[total] == "Total").map(|r| (r[0].clone(), r[r.len() - 1].clone())).collect()
    };
    let (margin, small) = (read("1.csv", 1), read("2.csv", 0));
    assert_eq!(small.keys().map(String::as_str).collect::<Vec<_>>(), ["A", "B", "Total"], "recoded to the top level");
    assert!(scene.read("1.csv").contains(",x\n"));
    for (region, value) in &small {
        assert_eq!(margin.get(region), Some(value), "{region}");
    }
}

/// Rules look at a shadow variable where there is one, whether it comes with records or with a table; what is hidden is
/// the value that would be published. Totals are added up anew where the batch says so.
#[test]
fn rules_look_at_the_shadow() {
    let scene = Scene::empty();
    scene.write("m.rda", b"<SEPARATOR> \";\"\nA 1\n<RECODEABLE>\nB 1\n<RECODEABLE>\nV 5\n<NUMERIC>\nW 5\n<NUMERIC>\n");
    let mut records = String::new();
    for (a, b, shadow) in [("a", "1", 900), ("a", "2", 100), ("b", "1", 100), ("b", "2", 100)] {
        for (value, own) in [(500, shadow), (480, 90), (470, 80)] {
            records.push_str(&format!("{a};{b};{value};{own}\n"));
        }
    }
    scene.write("m.csv", records.as_bytes());
    let specified = "<SPECIFYTABLE> \"A\"\"B\"|\"V\"|\"W\"|\n<SAFETYRULE> NK(1,80)\n";
    let rest = "<SUPPRESS> OPT(1)\n<WRITETABLE> (1,5,,\"OUT.tab\")\n<WRITETABLE> (1,3,,\"OUT.csv\")\n";
    let batch = |data: &str, out: &str| format!("{data}{specified}<READMICRODATA>\n{rest}").replace("OUT", out);
    let open = "<OPENMICRODATA> \"m.csv\"\n<OPENMETADATA> \"m.rda\"\n";
    scene.write("m.arb", batch(open, "one").as_bytes());
    run(&scene, "tabsafe argus run m.arb", 0);
    let text = scene.read("one.tab");
    assert!(text.contains("\"a\";\"1\";1450;3;1070;1450;900;U;55;55\n"), "{text}");
    assert_eq!(scene.read("one.csv").matches(",x\n").count(), 4);

    // the same from the table, whose grand total is wrong
    scene.write("one.tab", text.replacen("5800", "5801", 1).as_bytes());
    let open = "<OPENTABLEDATA> \"one.tab\"\n<OPENMETADATA> \"one.rda\"\n";
    let table =
        batch(open, "two").replace("\"V\"|\"W\"", "\"V\"|\"Shadow\"").replace("READMICRODATA>", "READTABLE> 1T");
    scene.write("t.arb", table.as_bytes());
    run(&scene, "tabsafe argus run t.arb", 0);
    assert_eq!(scene.read("two.tab"), text);
    scene.write("t.arb", table.replace("1T", "0").as_bytes());
    run(&scene, "tabsafe argus run t.arb", 3);
}

/// With the singleton switches of MOD, a contributor who is alone behind a cell can't use it against another.
#[test]
fn singletons_attack_with_what_they_know() {
    let scene = Scene::empty();
    scene.write("m.rda", b"<SEPARATOR> \";\"\nA 1\n<RECODEABLE>\nB 1\n<RECODEABLE>\n V 5\n<NUMERIC>\n");
    let mut records = String::from("a;1;100\na;2;110\n");
    for (a, b) in [("a", "3"), ("b", "1"), ("b", "2"), ("b", "3"), ("c", "1"), ("c", "2"), ("c", "3")] {
        (0..6).for_each(|i| records.push_str(&format!("{a};{b};{}\n", 60 + i)));
    }
    scene.write("m.csv", records.as_bytes());
    let batch = |method: &str| {
        format!(
            "<OPENMICRODATA> \"m.csv\"\n<OPENMETADATA> \"m.rda\"\n<SPECIFYTABLE> \"A\"\"B\"|\"V\"||\n<SAFETYRULE> NK(1,90)\n\
                 <READMICRODATA>\n<SUPPRESS> {method}\n<WRITETABLE> (1,3,,\"m.out\")\n"
        )
    };
    let mut withheld = Vec::new();
    for method in ["MOD(1,1,0,0,0)", "MOD(1,1,1,0,0)"] {
        scene.write("m.arb", batch(method).as_bytes());
        run(&scene, "tabsafe argus run m.arb", 0);
        withheld.push(scene.read("m.out").matches(",x\n").count());
    }
    assert!(withheld[0] < withheld[1], "knowing one's own cell takes more to hide the other: {withheld:?}");
}

/// Two withheld cells of a row add up to a known sum. Where each has one contributor, each of the two takes its own figure from
/// the sum and has the other's: 1988 - 1735 = 253 of 176 and 77.
#[test]
fn sums_of_withheld_cells_are_judged() {
    let records = [
        "a0b0    74",
        "a0b0    77",
        "a0b0   807",
        "a0b0   777",
        "a0b1    77",
        "a0b2   176",
        "a1b0    73",
        "a1b0    26",
        "a1b0    27",
        "a1b0   215",
        "a1b1   420",
        "a1b1    18",
        "a1b2    94",
        "a1b2   784",
        "a1b2    91",
        "a2b0   296",
        "a2b0   471",
        "a2b0    69",
        "a2b1   480",
        "a2b2    26",
        "a2b2   133",
        "a2b2    58",
    ];
    let scene = Scene::empty();
    let variable = |name: &str, at: usize| format!("{name} {at} 2\n  <RECODEABLE>\n  <TOTCODE> \"Total\"\n");
    let metadata = format!("{}{}x 5 6\n  <NUMERIC>\n  <DECIMALS> 0\n", variable("va", 1), variable("vb", 3));
    scene.write("m.rda", metadata.as_bytes());
    scene.write("m.asc", format!("{}\n", records.join("\n")).as_bytes());
    let batch = "<OPENMICRODATA> \"m.asc\"\n<OPENMETADATA> \"m.rda\"\n<SPECIFYTABLE> \"va\"\"vb\"|\"x\"||\n\
                 <SAFETYRULE> P(10,1)|\n<READMICRODATA>\n<SUPPRESS> GH(1,5)\n<WRITETABLE> (1,3,AS+,\"t.csv\")\n";
    scene.write("r.arb", batch.as_bytes());
    run(&scene, "tabsafe argus run r.arb", 0);
    let text = scene.read("t.csv");
    let printed: BTreeMap<(String, String), i64> = (rows(&text, ',').into_iter())
        .filter_map(|r| Some(((r[0].clone(), r[1].clone()), r[2].parse().ok()?)))
        .collect();
    let truth = |a: &str, b: &str| -> Vec<i64> {
        let own = records.iter().filter(|r| r.starts_with(&format!("{a}{b}")));
        own.map(|r| r[4..].trim().parse().expect("an amount")).collect()
    };
    // every row and column, by hand: what is left of its total when all that is printed is taken away
    let (codes_a, codes_b) = (["a0", "a1", "a2"], ["b0", "b1", "b2"]);
    let rest = |cells: Vec<(&str, &str)>| {
        let hidden = cells.into_iter().filter(|(a, b)| !printed.contains_key(&((*a).to_owned(), (*b).to_owned())));
        let mut amounts: Vec<i64> = hidden.flat_map(|(a, b)| truth(a, b)).collect();
        amounts.sort_unstable_by(|x, y| y.cmp(x));
        let others: i64 = amounts.iter().skip(2).sum();
        // the p%-rule with p = 10: what the others leave open of the largest
        amounts.is_empty() || 10 * others >= amounts[0]
    };
    for a in codes_a {
        assert!(rest(codes_b.iter().map(|b| (a, *b)).collect()), "row {a}\n{text}");
    }
    for b in codes_b {
        assert!(rest(codes_a.iter().map(|a| (*a, b)).collect()), "column {b}\n{text}");
    }
}

/// Where TABSAFE_PYTHON names a Python that has pytauargus, it reads the table, its metadata and hierarchy, and the
/// decisions that are written here, and has the same cells withheld.
#[test]
fn pytauargus_reads_what_is_written() {
    let Some(python) = std::env::var_os("TABSAFE_PYTHON") else {
        eprintln!("skipped: TABSAFE_PYTHON names no Python with pytauargus, so it did not read our files");
        return;
    };
    let scene = scene();
    run(&scene, "tabsafe argus run micro.arb --hst pattern", 0);
    let rules = "<SAFETYRULE> P(15,1)|NK(2,85)|FREQ(3,20)|ZERO(20)\n<READMICRODATA>\n<APRIORI> \"pattern/table-1.hst\", 1, \";\", 0\n";
    let specified = "<SPECIFYTABLE> \"Region\"\"Size\"|\"Turnover\"||\n";
    let write = "<WRITETABLE> (1,5,,\"theirs.tab\")\n";
    let table = format!(
        "<OPENTABLEDATA> \"out.tab\"\n<OPENMETADATA> \"out.rda\"\n{specified}<SAFETYRULE>\n<READTABLE> 0\n{write}"
    );
    let letters = |text: &str| -> BTreeSet<Vec<String>> {
        let row = |r: Vec<String>| vec![r[0].clone(), r[1].clone(), r[2].clone(), r[r.len() - 3].clone()];
        rows(text, ';').into_iter().map(row).collect()
    };
    for batch in [records(&format!("{specified}{rules}{write}")), table] {
        scene.write("theirs.arb", batch.as_bytes());
        let code = "from pytauargus.engine import run_batch; run_batch('theirs.arb')";
        let ran =
            std::process::Command::new(&python).args(["-c", code]).current_dir(scene.path()).output().expect("Python");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        assert_eq!(letters(&scene.read("theirs.tab")), letters(&scene.read("out.tab")));
    }
}

/// Decisions of a person are kept: safe, unsafe, published and withheld.
#[test]
fn decisions_are_kept() {
    let scene = scene();
    scene.write("d.hst", b"A1;2;S\nB1;1;U\nB1;2;M\nB2;1;P\nB9;1;S\n");
    let specified =
        "<SPECIFYTABLE> \"Region\"\"Size\"|\"Turnover\"||\n<SAFETYRULE> NK(2,85)|MAN(10)\n<READMICRODATA>\n";
    let rest = "<APRIORI> \"d.hst\", 1, \";\", 1\n<SUPPRESS> OPT(1)\n<WRITETABLE> (1,5,,\"d.tab\")\n";
    scene.write("d.arb", records(&format!("{specified}{rest}")).as_bytes());
    let ran = run(&scene, "tabsafe argus run d.arb --verbose", 0);
    assert!(ran.stderr.contains("d.hst:1: Region A1, Size 2 is unsafe by a rule and is called safe"), "{}", ran.stderr);
    assert!(ran.stderr.contains("1 lines name cells that there are not"), "{}", ran.stderr);
    let state = |region: &str, size: &str| -> Vec<String> {
        let row = rows(&scene.read("d.tab"), ';').into_iter().find(|r| r[0] == region && r[1] == size).expect("a cell");
        row[row.len() - 3..].to_vec()
    };
    assert_eq!(state("B1", "1"), ["U", "28", "28"], "273 by 10 percent");
    assert_eq!(state("B1", "2")[0], "M");
    assert_eq!(state("B2", "1")[0], "P");
    assert_ne!(state("A1", "2")[0], "U");
    let strict = rest.replace("\";\", 1", "\";\", 0");
    scene.write("d.arb", records(&format!("{specified}{strict}")).as_bytes());
    let ran = run(&scene, "tabsafe argus run d.arb", 3);
    assert!(ran.stderr.contains("d.hst:5: there is no such cell"), "{}", ran.stderr);
}

/// Counts are protected for every count below the minimum, and zeros are shown.
#[test]
fn frequency_tables_hide_every_small_count() {
    let scene = Scene::empty();
    scene.write("f.rda", b"<SEPARATOR> \";\"\nA\n<RECODEABLE>\nB\n<RECODEABLE>\nF\n<FREQUENCY>\n");
    let cells = [("a", [2, 30, 21]), ("b", [25, 14, 0]), ("c", [40, 19, 33])];
    let mut tab = String::new();
    for (a, row) in cells {
        for (b, value) in ["1", "2", "3"].iter().zip(row) {
            tab.push_str(&format!("\"{a}\";\"{b}\";{value}\n"));
        }
    }
    scene.write("f.tab", tab.as_bytes());
    let batch = "<OPENTABLEDATA> \"f.tab\"\n<OPENMETADATA> \"f.rda\"\n<SPECIFYTABLE> \"A\"\"B\"|<freq>||\n<SAFETYRULE> FREQ(5,20)\n\
                 <READTABLE> 1\n<SUPPRESS> OPT(1)\n<WRITETABLE> (1,2,,\"f.csv\")\n";
    scene.write("f.arb", batch.as_bytes());
    run(&scene, "tabsafe argus run f.arb", 0);
    let text = scene.read("f.csv");
    assert!(
        text.starts_with("\"A\",\"B\",\"Freq\"\n\"Total\",\"Total\",184\n") && text.contains("\"b\",\"3\",-\n"),
        "{text}"
    );
    assert_eq!(text.matches(",x\n").count(), 4, "{text}");
    let audit = "tabsafe audit f.csv --by A,B --count Freq --marker x=withheld --marker=-=zero --threshold 5";
    run(&scene, audit, 0);
}

/// Tables that contradict themselves, and files that are not what they should be, are refused at their place.
#[test]
fn faults_are_placed() {
    let scene = scene();
    run(&scene, "tabsafe argus run micro.arb", 0);
    let tab = scene.read("out.tab").replacen("5331", "5330", 1);
    scene.write("bad.tab", tab.as_bytes());
    let table = "<OPENMETADATA> \"out.rda\"\n<SPECIFYTABLE> \"Region\"\"Size\"|\"Turnover\"||\n<SAFETYRULE>\n<SUPPRESS> OPT(1)\n";
    let mut told = Vec::new();
    for (batch, exit) in [
        (format!("<OPENTABLEDATA> \"bad.tab\"\n{table}"), 3),
        (format!("<OPENTABLEDATA> \"none.tab\"\n{table}"), 3),
        (records("<SPECIFYTABLE> \"Regoin\"|\"Turnover\"||\n<SAFETYRULE> NK(2,85)\n"), 2),
        (records("<SPECIFYTABLE> \"Region\"|\"Turnover\"||\n<SUPPRESS> OPT(1)\n"), 2),
        (records("<SPECIFYTABLE> \"Region\"|\"Turnover\"||\n<SAFETYRULE> NK(2,101)\n"), 2),
        (records("<SPECIFYTABLE> \"Region\"|\"Turnover\"||\n<SAFETYRULE> WGT(1)\n"), 2),
        (
            records(
                "<SPECIFYTABLE> \"Region\"|\"Turnover\"||\n<SAFETYRULE> NK(2,85)\n<SUPPRESS> OPT(1)\n<WRITETABLE> (1,3,,\"micro.asc\")\n",
            ),
            2,
        ),
    ] {
        scene.write("bad.arb", batch.as_bytes());
        told.push(run(&scene, "tabsafe argus run bad.arb", exit).stderr);
    }
    insta::assert_snapshot!(told.join("--\n"), @r#"
    error: bad.tab: 1 total differs from the sum of its parts
      line 6: Region A, Size 1, off by 1
      help: a cell that is missing counts as zero; <READTABLE> 1 has totals added up anew
    --
    error: none.tab: can't be read: there is no such file or folder
    --
    error: bad.arb:3: the metadata have no such variable "Regoin"
      help: there are: Region, Size
    --
    error: bad.arb:3: nothing says which cells are unsafe
      help: add <SAFETYRULE>, or a column of statuses to the table
    --
    error: bad.arb:3: `k` of `dominance` can't be `101` (allowed: a percentage from 1 to 100)
    --
    error: bad.arb:4: WGT(1), rules on weighted records, is not supported
    --
    error: micro.asc is an input and would be replaced: name another place for the output
    "#);
}

/// The batch that ships runs, and what it writes stays out of the repository.
#[test]
fn the_example_runs() {
    let scene = Scene::shipped();
    let before = scene.files();
    run(&scene, "tabsafe argus run examples/argus/turnover.arb", 0);
    let new: Vec<String> = scene.files().into_keys().filter(|f| !before.contains_key(f)).collect();
    assert!(new.iter().all(|f| f.starts_with("examples/argus/out/")) && new.len() == 6, "{new:?}");
    let ignored = std::fs::read_to_string(root().join(".gitignore")).expect(".gitignore");
    assert!(ignored.contains("/examples/argus/out/"));
}
