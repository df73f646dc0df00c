//! Answers known from elsewhere: the field's textbook cases, typed in by hand, as attacks and as protections.

use tabsafe::attack::{Attack, Attacker, Public};
use tabsafe::model::{CellId, Contributions, Finding, Harm, Interval, Measure, Protection, Relation};
use tabsafe::model::{System, Treatment, Verdict};
use tabsafe::rules::{apply, parse_rule};
use tabsafe::solve::Highs;
use tabsafe::suppress::CostModel;

use crate::rank;
use crate::worlds::{World, cell, finding, protect, sums, withheld};
use tabsafe::attack::ProtectionKind;

/// The interval of each asked cell, given what each cell could be and which relations hold.
fn check(domain: Vec<Interval>, relations: Vec<Relation>, expect: &[(CellId, Interval)]) {
    let name = |c: usize| format!("x{c}");
    let attack = Attack::new(&Highs, &name);
    let asked: Vec<CellId> = expect.iter().map(|e| e.0).collect();
    let audit = attack.run(&Public { domain, relations }, &[], &asked, None).expect("some table fits");
    let found: Vec<(CellId, Interval)> = audit.cells.iter().map(|c| (c.cell, c.interval)).collect();
    assert_eq!(found, expect);
}

/// `Σ cells = constant`.
fn sum(cells: &[CellId], constant: i64) -> Relation {
    Relation { terms: cells.iter().map(|&c| (c, 1)).collect(), constant }
}

const HIDDEN: Interval = Interval { lo: Some(0), hi: None };

/// Three rows of two, the third published (Geurts 1992, in the handbook of Hundepool and others): the first column's head
/// has the narrowest room, and a singleton knows everything.
#[test]
fn two_rows_withheld() {
    // x11 x12 | 7, x21 x22 | 3, 3 3 | 6; columns 9 and 7
    let relations = vec![sum(&[0, 1], 7), sum(&[2, 3], 3), sum(&[0, 2], 9 - 3), sum(&[1, 3], 7 - 3)];
    let expect = [(0, (3, 6)), (1, (1, 4)), (2, (0, 3)), (3, (0, 3))].map(|(c, (lo, hi))| (c, Interval::new(lo, hi)));
    check(vec![HIDDEN; 4], relations.clone(), &expect);
    // who alone stands behind x12 = 1 knows that cell, and with it all others
    let own = vec![HIDDEN, Interval::exactly(1), HIDDEN, HIDDEN];
    check(
        own,
        relations,
        &[(0, Interval::exactly(6)), (1, Interval::exactly(1)), (2, Interval::exactly(0)), (3, Interval::exactly(3))],
    );
}

/// The classical square of the cell suppression problem: activities II and III, regions A and C.
#[test]
fn square_of_the_literature() {
    // II: 8 19 22 | 49, III: 17 32 12 | 61; columns A 45, C 44, of which 20 and 10 stand in I
    let relations = vec![sum(&[0, 1], 49 - 19), sum(&[2, 3], 61 - 32), sum(&[0, 2], 45 - 20), sum(&[1, 3], 44 - 10)];
    let expect = [(0, 0, 25), (1, 5, 30), (2, 0, 25), (3, 4, 29)].map(|(c, lo, hi)| (c, Interval::new(lo, hi)));
    check(vec![HIDDEN; 4], relations, &expect);
}

/// Two tables of the same eight units, each safe by itself, give a cell away together.
#[test]
fn safe_apart_and_unsafe_together() {
    // A B K L M are withheld; county-1 is A B I J = 20, county-2 is K L M N = 16; BIG is L M = 6, small the rest = 30
    let [a, b, k, l, m] = [0, 1, 2, 3, 4];
    let counties = [sum(&[a, b], 20 - 8 - 8), sum(&[k, l, m], 16 - 7)];
    let sizes = [sum(&[l, m], 6), sum(&[a, b, k], 30 - 8 - 8 - 7)];
    let expect = |all: [(i64, i64); 5]| -> Vec<(CellId, Interval)> {
        all.iter().enumerate().map(|(c, &(lo, hi))| (c, Interval::new(lo, hi))).collect()
    };
    check(vec![HIDDEN; 5], counties.to_vec(), &expect([(0, 4), (0, 4), (0, 9), (0, 9), (0, 9)]));
    check(vec![HIDDEN; 5], sizes.to_vec(), &expect([(0, 7), (0, 7), (0, 7), (0, 6), (0, 6)]));
    check(vec![HIDDEN; 5], [counties, sizes].concat(), &expect([(0, 4), (0, 4), (3, 3), (0, 6), (0, 6)]));
}

/// Two withheld cells known to be from 1 to 4: their sum leaves little, and at its ends nothing.
#[test]
fn threshold_is_known() {
    for (total, lo, hi) in [(2, 1, 1), (3, 1, 2), (5, 1, 4), (7, 3, 4), (8, 4, 4)] {
        let expect = [(0, Interval::new(lo, hi)), (1, Interval::new(lo, hi))];
        check(vec![Interval::new(1, 4); 2], vec![sum(&[0, 1], total)], &expect);
    }
}

/// Three relations that leave halves for fractions and one table for whole numbers.
#[test]
fn whole_numbers_leave_one_table() {
    let [a, b, c, d] = [0, 1, 2, 3];
    let relations = vec![sum(&[a, b], 1), sum(&[b, c], 1), sum(&[a, c, d], 1)];
    let expect = [(a, 0), (b, 1), (c, 0), (d, 1)].map(|(cell, v)| (cell, Interval::exactly(v)));
    check(vec![HIDDEN; 4], relations, &expect);
}

/// Counts and what binds them; the total of each relation comes first.
fn counts(values: &[i64], totals: &[(CellId, &[CellId])]) -> System {
    let relations = totals.iter().map(|&(total, parts)| Relation::total(total, parts.iter().copied())).collect();
    let cells = values.iter().map(|&v| cell(v)).collect();
    System { measures: vec![Measure::Records], cells, relations, ..System::default() }
}

/// Every count from `lo` to `hi` of a system is unsafe; who withholds a cell loses its value.
fn small_counts(system: System, lo: i64, hi: i64, kind: ProtectionKind, attacker: Attacker) -> World {
    let small = (0..system.cells.len()).filter(|&c| (lo..=hi).contains(&system.value(c)));
    World {
        name: "an example".to_owned(),
        findings: small.map(|c| finding(c, Harm::Small { lo, hi })).collect(),
        system,
        kind,
        attacker,
        costs: CostModel { of_value: |v| v, total_factor: 1, keep_totals: false },
        forced: Vec::new(),
        case: None,
    }
}

fn secondary(protection: &Protection) -> Vec<CellId> {
    let treatments = &protection.treatments;
    (0..treatments.len()).filter(|&c| treatments[c] == Treatment::Withhold { primary: false }).collect()
}

const EXACT: ProtectionKind = ProtectionKind::Exact;

/// An intruder who thinks that zeros may be withheld as well.
fn zeros_withheld() -> Attacker {
    Attacker { zeros_published: false, ..Attacker::default() }
}

/// The same eight units (a user's question to the tau-ARGUS team): protected county by county and size by size nothing more
/// is withheld than the small counts, and K can be worked out; protected together, N is withheld as well, which is least.
#[test]
fn protected_apart_and_together() {
    let [a, b, k, l, m, n] = [0, 1, 4, 5, 6, 7];
    let units = [2, 2, 8, 8, 3, 3, 3, 7];
    // 8 county-1, 9 county-2; 10 BIG, 11 small; 12 all
    let values: Vec<i64> = units.into_iter().chain([20, 16, 6, 30, 36]).collect();
    let counties: [(CellId, &[CellId]); 3] = [(8, &[0, 1, 2, 3]), (9, &[4, 5, 6, 7]), (12, &[8, 9])];
    let sizes: [(CellId, &[CellId]); 3] = [(10, &[5, 6]), (11, &[0, 1, 2, 3, 4, 7]), (12, &[10, 11])];
    for method in ["fast", "optimal"] {
        let mut union = vec![false; values.len()];
        for totals in [&counties, &sizes] {
            let world = small_counts(counts(&values, totals), 1, 3, EXACT, zeros_withheld());
            let protection = protect(&world.problem(), method);
            assert_eq!((protection.failed.len(), secondary(&protection)), (0, vec![]), "{method}: safe by itself");
            withheld(&protection).iter().enumerate().for_each(|(c, &w)| union[c] |= w);
        }
        let world = small_counts(counts(&values, &[counties, sizes].concat()), 1, 3, EXACT, zeros_withheld());
        let problem = world.problem();
        let apart = world.audit(&problem.treatments(&union), &problem.demands, &[]);
        let learned: Vec<(CellId, Interval)> = apart.leaks.iter().map(|l| (l.cell, l.learned)).collect();
        assert_eq!((apart.verdict, learned), (Verdict::Unsafe, vec![(k, Interval::exactly(3))]), "{method}");
        let together = protect(&problem, method);
        assert_eq!((secondary(&together), together.loss), (vec![n], 7), "{method}");
        let audit = world.audit(&together.treatments, &problem.demands, &[]);
        assert_eq!(audit.verdict, Verdict::Safe, "{method}");
        let told: Vec<(CellId, Interval)> = audit.cells.iter().map(|c| (c.cell, c.interval)).collect();
        let expect = [(a, 0, 4), (b, 0, 4), (k, 0, 10), (l, 0, 6), (m, 0, 6), (n, 0, 10)];
        assert_eq!(told, expect.map(|(c, lo, hi)| (c, Interval::new(lo, hi))), "{method}");
    }
}

/// Three singletons in a row (a user's question to the authors of sdcTable): withheld alone, everybody can count them out,
/// because each is at least 1. Rows are A, B, H, M, W and their total, for both values of the other variable and all.
fn three_singletons() -> System {
    let (first, second) = ([1, 1, 7, 1, 0], [1, 0, 0, 2, 8]);
    let with_total = |row: Vec<i64>| row.iter().copied().chain([row.iter().sum()]).collect::<Vec<i64>>();
    let all = first.iter().zip(second).map(|(a, b)| a + b).collect();
    let values: Vec<i64> = [first.to_vec(), second.to_vec(), all].into_iter().flat_map(with_total).collect();
    let rows: Vec<(CellId, Vec<CellId>)> = (0..3).map(|r| (6 * r + 5, (6 * r..6 * r + 5).collect())).collect();
    let columns = (0..6).map(|c| (12 + c, vec![c, 6 + c]));
    let totals: Vec<(CellId, Vec<CellId>)> = rows.into_iter().chain(columns).collect();
    counts(&values, &totals.iter().map(|(t, p)| (*t, &p[..])).collect::<Vec<_>>())
}

/// The attack counts the three singletons out where only they are withheld; a protected table leaves none of them known.
#[test]
fn singletons_are_counted_out() {
    let world = small_counts(three_singletons(), 1, 2, ProtectionKind::Band, Attacker::default());
    let problem = world.problem();
    let primary = world.audit(&problem.treatments(&problem.primary), &problem.demands, &[]);
    let known = |c: CellId| primary.cells.iter().any(|a| a.cell == c && a.interval == Interval::exactly(1));
    assert!([0, 1, 3].into_iter().all(known), "{:?}", primary.cells);
    for method in ["fast", "optimal"] {
        let protection = protect(&problem, method);
        assert_eq!(protection.failed, [], "{method}");
        let audit = world.audit(&protection.treatments, &problem.demands, &[]);
        assert_eq!(audit.verdict, Verdict::Safe, "{method}");
        let unsafe_cells = audit.cells.iter().filter(|a| problem.primary[a.cell]);
        assert!(unsafe_cells.clone().all(|a| a.interval.value().is_none()), "{method}");
    }
}

/// Each of the three singletons knows his own cell; even then no other unsafe cell is known exactly.
#[test]
fn singletons_do_not_find_each_other() {
    let attacker = Attacker { own_contribution: true, ..Attacker::default() };
    let mut system = three_singletons();
    // each stands in a cell of his own; B's stands in B's total as well
    system.behind = [(0, 0), (1, 1), (13, 1), (3, 2), (6, 3)].map(|(c, who)| (c, vec![who])).into();
    let world = small_counts(system, 1, 2, ProtectionKind::Band, attacker);
    let problem = world.problem();
    for method in ["fast", "optimal"] {
        let protection = protect(&problem, method);
        for own in [&[0][..], &[1, 13], &[3], &[6]] {
            let mut public = world.attacker.view(&world.system, &protection.treatments);
            own.iter().for_each(|&c| public.domain[c] = Interval::exactly(1));
            let name = |c: CellId| format!("x{c}");
            let others: Vec<CellId> = (0..18).filter(|c| !own.contains(c) && problem.primary[*c]).collect();
            let audit = Attack::new(&Highs, &name).run(&public, &[], &others, None).expect("some table fits");
            let known: Vec<CellId> =
                audit.cells.iter().filter(|c| c.interval.value().is_some()).map(|c| c.cell).collect();
            assert_eq!(known, [0; 0], "{method}: who stands in {own:?}");
        }
    }
}

/// Gauss elimination on countries and ages (Langsrud, slides of 2022): counts up to 2 are unsafe, zeros as well. The pattern
/// published there determines no unsafe cell, and publishing any of its secondary cells would determine one.
#[test]
fn gauss_elimination() {
    // Spain Iceland Portugal EU nonEU Total, for young, old, all; nonEU is Iceland alone and so the same cell
    let (spain, iceland, portugal, eu, total) = (0, 1, 2, 3, 4);
    let values = [7, 0, 2, 9, 9, 10, 1, 4, 14, 15, 17, 1, 6, 23, 24];
    let mut totals: Vec<(CellId, Vec<CellId>)> = Vec::new();
    for age in [0, 5, 10] {
        totals.push((age + eu, vec![age + spain, age + portugal]));
        totals.push((age + total, vec![age + eu, age + iceland]));
    }
    totals.extend((0..5).map(|country| (10 + country, vec![country, 5 + country])));
    let system = counts(&values, &totals.iter().map(|(t, p)| (*t, &p[..])).collect::<Vec<_>>());
    let world = small_counts(system, 0, 2, EXACT, zeros_withheld());
    let published = [10 + spain, 5 + spain, spain, 10 + total, 5 + total, total];
    let is_withheld = |c: CellId| !published.contains(&c);
    let primary = |c: CellId| values[c] <= 2;
    let determined = |also: Option<CellId>| {
        let found = rank::determined(&world.system.relations, |c| is_withheld(c) && also != Some(c));
        found.into_iter().filter(|&c| primary(c)).count()
    };
    assert_eq!(determined(None), 0);
    let problem = world.problem();
    let pattern: Vec<bool> = (0..15).map(is_withheld).collect();
    for c in (0..15).filter(|&c| is_withheld(c) && !primary(c)) {
        assert!(determined(Some(c)) > 0, "cell {c} is withheld for nothing");
    }
    // whoever knows that counts are not negative, as every intruder does, learns no unsafe cell either
    let audit = world.audit(&problem.treatments(&pattern), &problem.demands, &[]);
    assert_eq!(audit.verdict, Verdict::Safe, "{:?}", audit.leaks);
    let best = protect(&problem, "optimal");
    assert!(best.proven_optimal() && best.loss <= problem.loss(&pattern), "{} {}", best.loss, problem.loss(&pattern));
}

/// The same counts by country and by age only: Iceland is unsafe, and Portugal is withheld for its sake.
#[test]
fn gauss_elimination_of_margins() {
    // Spain Iceland Portugal, young old, total
    let system = counts(&[17, 1, 6, 9, 15, 24], &[(5, &[0, 1, 2]), (5, &[3, 4])]);
    let world = small_counts(system, 0, 2, EXACT, zeros_withheld());
    for method in ["fast", "optimal"] {
        let protection = protect(&world.problem(), method);
        assert_eq!((secondary(&protection), protection.failed.len()), (vec![2], 0), "{method}");
    }
}

/// What rules say of a cell (the handbook's examples, and its table of levels): the upper level, if it is unsafe.
#[test]
fn rules_and_levels() {
    let upper = |rule: &str, value: i64, count: i64, largest: &[i64]| -> Option<i64> {
        let contributions = Some(Contributions { count, largest: largest.to_vec() });
        let cells = vec![tabsafe::model::Cell { contributions, ..cell(value) }];
        let system = System { measures: sums(), cells, ..System::default() };
        let found: Vec<Finding> = apply(&*parse_rule(rule).expect("a rule"), "policy.toml:1", &system);
        found.first().map(|f| match f.harm {
            Harm::Levels { upper, .. } => upper,
            other => panic!("not levels: {other:?}"),
        })
    };
    let [close, fair, one] = [&[50_000, 49_000][..], &[52_000, 50_000], &[300, 20, 10]];
    // (1,90) is content although the largest can be put at 51 000, 2 % too high; the p%-rule is not
    assert_eq!(upper("dominance(1,90)", 100_000, 3, close), None);
    assert_eq!(upper("p-percent(10)", 100_000, 3, close), Some(5_000 - 1_000));
    assert_eq!(upper("p-percent(2)", 100_000, 3, close), None);
    // 8 000 are left, 15.4 % of 52 000; together the two have 92.7 %
    assert_eq!(upper("p-percent(10)", 110_000, 5, fair), None);
    assert!(upper("dominance(2,90.9)", 110_000, 5, fair).is_some());
    // the upper bound must be at least 300 / 0.85 = 352.94
    assert_eq!(upper("dominance(1,85)", 330, 3, one), Some(353 - 330));
    // (2,80) asks at least what p = 25 asks, and (2,95) what p = 5.26 asks
    for (first, second, rest) in [(700, 200, 100), (500, 350, 150), (420, 380, 200), (900, 50, 50), (600, 370, 30)] {
        for (k, p) in [("80", "25"), ("95", "5.26")] {
            let cell = [first, second, rest];
            let by = |rule: String| upper(&rule, first + second + rest, 3, &cell);
            let (dominance, percent) = (by(format!("dominance(2,{k})")), by(format!("p-percent({p})")));
            assert!(percent <= dominance, "(2,{k}) asks {dominance:?}, p = {p} asks {percent:?} of {cell:?}");
        }
    }
}

/// Industries D211 and D212 of C21, with I, A, O and their sum BC (a case of Reiffert): 0 105 0 | 105, 0 890 0 | 890,
/// 0 995 0 | 995. Zeros are known, and the sums BC must be published.
fn frozen() -> World {
    let values = [0, 105, 0, 105, 0, 890, 0, 890, 0, 995, 0, 995];
    let rows: Vec<(CellId, Vec<CellId>)> = (0..3).map(|r| (4 * r + 3, vec![4 * r, 4 * r + 1, 4 * r + 2])).collect();
    let columns = (0..4).map(|c| (8 + c, vec![c, 4 + c]));
    let totals: Vec<(CellId, Vec<CellId>)> = rows.into_iter().chain(columns).collect();
    let mut world = small_counts(
        counts(&values, &totals.iter().map(|(t, p)| (*t, &p[..])).collect::<Vec<_>>()),
        1,
        0,
        ProtectionKind::Band,
        Attacker::default(),
    );
    world.findings = vec![finding(1, Harm::Levels { lower: 10, upper: 10, spread: 0 })];
    world.forced = vec![3, 7, 11];
    world
}

/// D211 in A can't be hidden while the sum D211 BC is published, whatever else is withheld: the outcome says which cell could
/// not be hidden. Where that sum and another may be withheld, it can.
#[test]
fn frozen_cells() {
    let mut world = frozen();
    for method in ["fast", "optimal"] {
        let protection = protect(&world.problem(), method);
        let failed: Vec<CellId> = protection.failed.iter().map(|f| f.0).collect();
        assert_eq!((failed, protection.limit_reached), (vec![1], false), "{method}");
        let problem = world.problem();
        let audit = world.audit(&protection.treatments, &problem.demands, &protection.witnesses);
        assert_eq!(audit.verdict, Verdict::Unsafe, "{method}");
    }
    world.forced.clear();
    for method in ["fast", "optimal"] {
        let protection = protect(&world.problem(), method);
        assert_eq!(protection.failed, [], "{method}");
        assert!(protection.is_withheld(3), "{method}: the sum of the row");
    }
}

/// The outcome names the published cell that gives the unsafe one away, and no other.
#[test]
fn frozen_cells_are_named() {
    let world = frozen();
    for method in ["fast", "optimal"] {
        let protection = protect(&world.problem(), method);
        let [(cell, reason)] = &protection.failed[..] else { panic!("{method}: {:?}", protection.failed) };
        assert_eq!(*cell, 1, "{method}");
        assert!(reason.contains("cell 3") && !reason.contains("cell 7"), "{method}: {reason}");
    }
}

/// The tables of the handbook's group disclosure, each with how many may be outside a category, and the cells that are unsafe.
fn groups() -> [(World, Vec<CellId>); 2] {
    // rows of three categories and their sum; then the sums of all rows
    let table = |rows: &[[i64; 3]]| {
        let sums = (0..3).map(|c| rows.iter().map(|r| r[c]).sum::<i64>()).collect::<Vec<_>>();
        let all = rows.iter().map(|r| r.to_vec()).chain([sums]);
        let values: Vec<i64> = all
            .flat_map(|r| {
                let sum = r.iter().sum();
                r.into_iter().chain([sum])
            })
            .collect();
        let n = rows.len();
        let across = (0..=n).map(|r| (4 * r + 3, (4 * r..4 * r + 3).collect::<Vec<CellId>>()));
        let down = (0..4).map(|c| (4 * n + c, (0..n).map(|r| 4 * r + c).collect()));
        let totals: Vec<(CellId, Vec<CellId>)> = across.chain(down).collect();
        counts(&values, &totals.iter().map(|(t, p)| (*t, &p[..])).collect::<Vec<_>>())
    };
    let unsafe_for = |rows: &[[i64; 3]], k: i64, unsafe_cells: Vec<CellId>| {
        let mut world = small_counts(table(rows), 1, 0, ProtectionKind::Band, zeros_withheld());
        world.findings = unsafe_cells.iter().map(|&c| finding(c, Harm::Group { margin: c + 1, k })).collect();
        (world, unsafe_cells)
    };
    [
        unsafe_for(&[[0, 0, 250], [0, 0, 5], [0, 0, 2], [9, 8, 7]], 0, vec![2, 6, 10]),
        unsafe_for(&[[0, 1, 250], [3, 4, 5], [9, 8, 7]], 1, vec![2]),
    ]
}

/// Whole groups in one category (the handbook): with none outside, rows of 250, 5 and 2 all tell something about everybody in
/// them; with one outside, 250 of 251 do. The protected table leaves more outside possible than the rule forbids.
#[test]
fn group_disclosure() {
    for (world, unsafe_cells) in groups() {
        let problem = world.problem();
        for method in ["fast", "optimal"] {
            let protection = protect(&problem, method);
            assert_eq!(protection.failed, [], "{method}");
            let audit = world.audit(&protection.treatments, &problem.demands, &[]);
            assert_eq!(audit.verdict, Verdict::Safe, "{method}");
            for &c in &unsafe_cells {
                let others = (c - 2..c).any(|other| protection.is_withheld(other));
                assert!(others, "{method}: cell {c} needs another in its row");
            }
        }
    }
}

/// Where only the large category is withheld, its row's sum tells it, and the attack says how.
#[test]
fn group_disclosure_is_found() {
    for (world, unsafe_cells) in groups() {
        let problem = world.problem();
        let audit = world.audit(&problem.treatments(&problem.primary), &problem.demands, &[]);
        let leaking: Vec<CellId> = audit.leaks.iter().map(|l| l.cell).collect();
        assert_eq!((audit.verdict, leaking), (Verdict::Unsafe, unsafe_cells));
    }
}
