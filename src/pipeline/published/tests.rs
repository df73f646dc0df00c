//! Published tables with answers worked out by hand.

use std::collections::BTreeMap;

use crate::attack::Attacker;
use crate::read::{PublishedLayout, parse_hrc, parse_marker, read_published};
use crate::round::{parse_rounding, spelling};
use crate::solve::Highs;

use super::*;

/// Reads and audits a table. `by` and `value` are names of its columns; `x` stands for a withheld figure.
fn audit(text: &str, by: &[&str], value: &str, hrc: Option<(&str, &str)>) -> Result<PublishedAudit, Error> {
    audit_rounded(text, by, value, hrc, None)
}

/// The same, of figures that are rounded by a method.
fn audit_rounded(
    text: &str,
    by: &[&str],
    value: &str,
    hrc: Option<(&str, &str)>,
    method: Option<&str>,
) -> Result<PublishedAudit, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    std::fs::write(&path, text).unwrap();
    let by: Vec<String> = by.iter().map(|b| (*b).to_owned()).collect();
    let markers = BTreeMap::from([parse_marker("x=withheld")?, parse_marker("y=1-4")?]);
    let magnitude = value != "n";
    let layout =
        PublishedLayout { by: &by, value, magnitude, markers: &markers, rounded: method.is_some(), perturbed: false };
    let named = |mut e: Error| {
        e.message = e.message.replace(&format!("{}/", folder.path().display()), "");
        e
    };
    let mut table = read_published(&path, &layout).map_err(named)?;
    let levels = |name: &str| hrc.filter(|h| h.0 == name).map(|h| parse_hrc("h.hrc", h.1).unwrap());
    let total = || PublishedTotal { code: "Total".to_owned(), guessed: true };
    let variables: Vec<PublishedVariable> =
        by.iter().map(|name| PublishedVariable { name: name.clone(), levels: levels(name), total: total() }).collect();
    if let Some(method) = method {
        let finest = Finest::new(&variables, &table);
        let rounding = parse_rounding(method).unwrap();
        let allows = |shown, codes: &[String], unit| rounding.allows(shown, finest.of(codes), unit);
        let spelling = &spelling(&*rounding);
        understand(&mut table, Replacing { spelling, allows: &allows }).map_err(named)?;
    }
    audit_published(&variables, &table, magnitude, (!magnitude).then_some(5), Attacker::default(), &Highs)
        .map_err(named)
}

/// Each withheld cell: its codes, its interval, and whether it is protected under a threshold of 5.
fn found(audit: &PublishedAudit) -> Vec<(String, Interval, bool)> {
    audit.judged().iter().map(|j| (j.codes.join(" "), j.cell.interval, j.protected)).collect()
}

/// A single withheld figure in a sum follows from it, and the arithmetic is told.
#[test]
fn one_withheld_figure_is_worked_out() {
    let audit = audit("r,n\na,9\nb,x\nc,2\nTotal,12\n", &["r"], "n", None).unwrap();
    assert_eq!(found(&audit), [("b".to_owned(), Interval::exactly(1), false)]);
    let cell = audit.withheld[0].0;
    let derivation = &audit.derivations(&[cell], &Highs).unwrap()[&cell];
    assert_eq!(derivation, "r b: 12 (the grand total) - 9 (r a) - 2 (r c) = 1");
}

/// The handbook's example of conventional rounding unpicked: 5 + 5 = 5 to base 5 are 3 or 4 each, and 6 or 7. Under controlled
/// rounding 5 + 0 = 5 are 1 to 9, 0 to 4, and 1 to 9.
#[test]
fn rounding_unpicked() {
    let rounded = |text: &str, method: &str| found(&audit_rounded(text, &["r"], "n", None, Some(method)).unwrap());
    let cell = |code: &str, lo, hi, protected| (code.to_owned(), Interval::new(lo, hi), protected);
    assert_eq!(
        rounded("r,n\na,5\nb,5\nTotal,5\n", "conventional(5)"),
        [cell("a", 3, 4, false), cell("b", 3, 4, false), cell("Total", 6, 7, true)]
    );
    assert_eq!(
        rounded("r,n\na,5\nb,0\nTotal,5\n", "controlled(5)"),
        [cell("a", 1, 9, true), cell("b", 0, 4, true), cell("Total", 1, 9, true)]
    );
}

/// Rounded figures beside an exact total: three times 3, each 1 to 5 by the method, are 1 to 3 if the total is 5, and the
/// arithmetic is told. What is published exactly is not in question.
#[test]
fn rounded_beside_exact() {
    let text = "r,n,status\na,3,rounded\nb,3,rounded\nc,3,rounded\nTotal,5,published\n";
    let audit = audit_rounded(text, &["r"], "n", None, Some("random(3)")).unwrap();
    let narrow = |code: &str| (code.to_owned(), Interval::new(1, 3), false);
    assert_eq!(found(&audit), ["a", "b", "c"].map(narrow));
    let cell = audit.withheld[0].0;
    let derivation = &audit.derivations(&[cell], &Highs).unwrap()[&cell];
    assert_eq!(derivation, "r a: 5 (the grand total) - at least 1 (r b) - at least 1 (r c) so at most 3");
}

/// A small inner figure of small count rounding tells more than a total does; a figure that the method never publishes is an
/// error with its line.
#[test]
fn what_stands_for_nothing() {
    let text = "r,n\na,0\nb,3\nc,7\nTotal,10\n";
    let audit = audit_rounded(text, &["r"], "n", None, Some("small-count(3)")).unwrap();
    let known: Vec<(String, Interval)> = found(&audit).into_iter().map(|f| (f.0, f.1)).collect();
    // 7 is exact: it is not in question
    let expect = [("a", 0, 2), ("b", 1, 3), ("Total", 8, 12)];
    assert_eq!(known, expect.map(|(c, lo, hi)| (c.to_owned(), Interval::new(lo, hi))));
    let told = audit_rounded("r,n\na,0\nb,2\nTotal,3\n", &["r"], "n", None, Some("small-count(3)"));
    assert_eq!(
        told.map_err(|e| e.message).err().as_deref(),
        Some("t.csv: line 3: 2 is no figure of small-count(base=3,cells=needed)")
    );
}

/// What is known of small count rounding in a hierarchy is what writing down every count of its finest codes, and what may have
/// become of each, leaves: with all codes printed, and with those of two levels only.
#[test]
fn a_hierarchy_of_small_counts() {
    let hierarchy = Some(("r", "North\n@n1\n@n2\nSouth\n@s1\n@s2\n"));
    // the finest codes that each of the seven codes is made of
    let made_of: [(&str, &[usize]); 7] = [
        ("n1", &[0]),
        ("n2", &[1]),
        ("s1", &[2]),
        ("s2", &[3]),
        ("North", &[0, 1]),
        ("South", &[2, 3]),
        ("Total", &[0, 1, 2, 3]),
    ];
    let mut narrowed = 0;
    for (printed, shown) in [(0..7, [3, 0, 5, 0]), (0..7, [0, 0, 3, 3]), (4..7, [3, 0, 3, 4]), (4..7, [6, 0, 0, 3])] {
        let sum = |of: &[usize], counts: &[i64]| of.iter().map(|&i| counts[i]).sum::<i64>();
        let mut text = "r,n\n".to_owned();
        made_of[printed.clone()].iter().for_each(|(code, of)| text += &format!("{code},{}\n", sum(of, &shown)));
        let audit = audit_rounded(&text, &["r"], "n", hierarchy, Some("small-count(3,all)")).unwrap();
        let becomes = (0..12).flat_map(|n| if (1..3).contains(&n) { vec![(n, 0), (n, 3)] } else { vec![(n, n)] });
        let choices: Vec<(i64, i64)> = becomes.collect();
        let mut found_by_hand: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        for which in 0..choices.len().pow(4) {
            let each = [0, 1, 2, 3].map(|i| choices[which / choices.len().pow(i) % choices.len()]);
            let (truth, seen) = (each.map(|c| c.0), each.map(|c| c.1));
            if made_of[printed.clone()].iter().all(|(_, of)| sum(of, &seen) == sum(of, &shown)) {
                for (code, of) in &made_of[printed.clone()] {
                    let value = sum(of, &truth);
                    let ends = found_by_hand.entry(code).or_insert((value, value));
                    *ends = (ends.0.min(value), ends.1.max(value));
                }
            }
        }
        for (code, interval, _) in found(&audit) {
            let (lo, hi) = found_by_hand[code.as_str()];
            assert_eq!(interval, Interval::new(lo, hi), "{shown:?} {code}");
            narrowed += 1;
        }
    }
    assert!(narrowed >= 14, "{narrowed}");
}

/// Two withheld figures whose sum is small leave too little, also when neither is known.
#[test]
fn a_narrow_interval_is_told_with_its_bounds() {
    let audit = audit("r,n\na,9\nb,x\nc,x\nTotal,12\n", &["r"], "n", None).unwrap();
    let narrow = Interval::new(1, 2);
    assert_eq!(found(&audit), [("b".to_owned(), narrow, false), ("c".to_owned(), narrow, false)]);
    let cells: Vec<CellId> = audit.withheld.iter().map(|w| w.0).collect();
    let derivations = audit.derivations(&cells, &Highs).unwrap();
    assert!(derivations[&cells[0]].contains("so at most 2"), "{derivations:?}");
}

/// A square of withheld figures is protected: both tables of a cell fit everything published.
#[test]
fn a_square_is_protected_by_two_tables() {
    let text = "r,s,n\na,f,x\na,m,x\nb,f,x\nb,m,x\nc,f,7\nc,m,8\na,Total,6\nb,Total,5\nc,Total,15\nTotal,f,13\n\
                Total,m,13\nTotal,Total,26\n";
    let audit = audit(text, &["r", "s"], "n", None).unwrap();
    assert_eq!(audit.absent, 0);
    // a f + a m = 6, a f + b f = 6, each at least 1, b f + b m = 5
    let expect = [("a f", 2, 5), ("a m", 1, 4), ("b f", 1, 4), ("b m", 1, 4)];
    let expect: Vec<_> = expect.iter().map(|(c, lo, hi)| ((*c).to_owned(), Interval::new(*lo, *hi), true)).collect();
    assert_eq!(found(&audit), expect);
    for cell in &audit.audit.cells {
        for witness in [&cell.low, &cell.high] {
            let other: HashMap<CellId, i64> = witness.0.iter().copied().collect();
            let value = |c: CellId| other.get(&c).copied().or(audit.public.domain[c].value()).unwrap();
            assert!(audit.system.relations.iter().all(|r| r.holds(value)), "a table that does not add up");
            assert!(witness.0.iter().all(|(c, v)| audit.public.domain[*c].contains(*v)));
        }
        assert_ne!(cell.low, cell.high);
    }
}

/// Linked tables in one file: each is safe by itself, together they give a figure away.
#[test]
fn linked_tables_are_found() {
    // r x s and r x t share the totals of r; a is withheld there, too
    let first = "a,f,Total,x\na,m,Total,x\nb,f,Total,4\nb,m,Total,6\na,Total,Total,x\nb,Total,Total,10\n";
    let second = "a,Total,u,8\na,Total,v,9\nb,Total,u,5\nb,Total,v,5\n";
    let margins = "Total,f,Total,x\nTotal,m,Total,x\nTotal,Total,u,13\nTotal,Total,v,14\nTotal,Total,Total,27\n";
    let apart = format!("r,s,t,n\n{first}Total,f,Total,x\nTotal,m,Total,x\nTotal,Total,Total,x\n");
    let audit_apart = audit(&apart, &["r", "s", "t"], "n", None).unwrap();
    assert_eq!(audit_apart.system.tables.len(), 1, "a variable that is always summed up is in no table");
    assert!(audit_apart.judged().iter().all(|j| j.protected));
    let together = audit(&format!("r,s,t,n\n{first}{second}{margins}"), &["r", "s", "t"], "n", None).unwrap();
    assert_eq!(together.system.tables.len(), 2);
    assert_eq!(together.absent, 0);
    let leaks: Vec<(String, Interval, bool)> = found(&together).into_iter().filter(|f| !f.2).collect();
    assert_eq!(leaks, [("a Total Total".to_owned(), Interval::exactly(17), false)]);
}

/// A category that is all of its total is the same cell: what one line withholds another may publish.
#[test]
fn an_only_child_gives_its_total_away() {
    let hierarchy = Some(("r", "North\n@n1\nSouth\n"));
    let text = "r,n\nNorth,3\nn1,x\nSouth,9\nTotal,12\n";
    assert_eq!(found(&audit(text, &["r"], "n", hierarchy).unwrap()), [("n1".to_owned(), Interval::exactly(3), false)]);
    let error = audit(&text.replace("n1,x", "n1,4"), &["r"], "n", hierarchy).unwrap_err();
    assert_eq!(error.message, "t.csv:3: n1 differs from line 2, which is the same cell");
    let error = audit("r,n\nEast,1\nTotal,1\n", &["r"], "n", hierarchy).unwrap_err();
    assert_eq!(error.message, "t.csv:2: \"East\" is no code of r");
}

/// Totals that do not add up are told: ten of them, each with its line, along which variable and by how much.
#[test]
fn what_does_not_add_up() {
    let text = "r,s,n\na,f,3\na,m,4\nb,f,1\nb,m,1\na,Total,8\nb,Total,2\nTotal,f,4\nTotal,m,5\nTotal,Total,9\n";
    let message = audit(text, &["r", "s"], "n", None).unwrap_err().message;
    assert_eq!(
        message,
        "t.csv: 2 totals are not the sum of their parts\n  \
         line 6: r a: its parts by s add up to 7, 1 less than the 8 that stand there\n  \
         line 10: the grand total: its parts by r add up to 10, 1 more than the 9 that stand there"
    );
    let message = audit("r,n\na,9\nb,x\nTotal,8\n", &["r"], "n", None).unwrap_err().message;
    let told = "line 4: the grand total: its parts by r add up to at least 10, 2 more than the 8 that stand there";
    assert!(message.ends_with(told), "{message}");
    let message = audit("r,n\na,9\nb,y\nTotal,20\n", &["r"], "n", None).unwrap_err().message;
    let told = "line 4: the grand total: its parts by r add up to at most 13, 7 less than the 20 that stand there";
    assert!(message.ends_with(told), "{message}");
    let many: String = (0..30).map(|i| format!("a{i},f,1\na{i},m,1\na{i},Total,3\n")).collect();
    let message = audit(&format!("r,s,n\n{many}"), &["r", "s"], "n", None).unwrap_err().message;
    assert!(message.starts_with("t.csv: 30 totals are not") && message.ends_with("\n  and 20 more"), "{message}");
    assert_eq!(message.lines().count(), 12);
}

/// Magnitudes are exact to the last decimal, and a withheld one may be 0.
#[test]
fn magnitudes() {
    let text = "r,turnover\na,9.5\nb,x\nc,x\nTotal,12.25\n";
    let audit = audit(text, &["r"], "turnover", None).unwrap();
    let judged = audit.judged();
    assert!(judged.iter().all(|j| j.protected && j.cell.interval == Interval::new(0, 275)));
}

/// Cells that the file does not hold are counted, and known by nobody.
#[test]
fn absent_cells() {
    let audit = audit("r,s,n\na,f,x\na,Total,9\nTotal,f,5\nTotal,Total,20\nb,m,x\n", &["r", "s"], "n", None).unwrap();
    assert_eq!(audit.absent, 4);
    assert_eq!(found(&audit)[0].1, Interval::new(1, 5));
}

/// A total under another name is no category: taken for one, nothing could be worked out.
#[test]
fn totals_by_another_name() {
    for code in ["All", "total"] {
        let error = audit(&format!("r,n\na,9\nb,x\n{code},12\n"), &["r"], "n", None).unwrap_err();
        let want = format!("t.csv:4: \"{code}\" of r looks like the code of a total, which is \"Total\"");
        assert_eq!(error.message, want);
    }
}

/// Without any total nothing could be worked out and all would seem safe: that is refused, unless nothing depends on it.
#[test]
fn a_total_that_stands_nowhere() {
    let text = "r,n\na,9\nb,x\n";
    let error = audit(text, &["r"], "n", None).unwrap_err();
    assert_eq!(error.message, "t.csv: no line has the code \"Total\" of a total");
    let nothing_withheld = audit(&text.replace('x', "3"), &["r"], "n", None).unwrap();
    let placed = audit("r,n\nNorth,9\nn1,x\nn2,4\n", &["r"], "n", Some(("r", "North\n@n1\n@n2\n"))).unwrap();
    for audit in [&nothing_withheld, &placed] {
        assert_eq!((&audit.without_total[..], audit.absent), (&["r".to_owned()][..], 0));
    }
    assert_eq!(found(&placed), [("n1".to_owned(), Interval::exactly(5), false)]);
}
