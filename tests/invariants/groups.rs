//! Demands on differences: how much of a margin lies outside a cell.

use std::collections::BTreeMap;

use rayon::prelude::*;
use tabsafe::attack::{Attack, ProtectionKind, demands, hideable};
use tabsafe::model::{CellId, Exposure, Harm, Verdict};
use tabsafe::solve::Highs;

use crate::brute;
use crate::random::{Case, side_by_side};
use crate::worlds::{World, finding, protect};

const SEEDS: u64 = 400;
const STEPS: usize = 200_000;

/// Counts in which all of a total but at most one fall in one of its parts, beside the small counts.
fn world(seed: u64) -> World {
    let mut world = World::counts(seed);
    let case = Case::small(seed + 30_000_000);
    world.system = case.system();
    world.findings = case.findings(&world.system);
    world.kind = ProtectionKind::Band;
    world.name = format!("groups, seed {seed}");
    let printed = |c: CellId| world.system.cells[c].exposure == Exposure::Shown;
    for relation in &world.system.relations {
        let (margin, _) = relation.terms[0];
        let value = world.system.value(margin);
        for &(cell, _) in relation.terms[1..].iter().filter(|t| printed(t.0) && printed(margin) && value > 1) {
            if value - world.system.value(cell) <= 1 && world.findings.len() < 12 {
                world.findings.push(finding(cell, Harm::Group { margin, k: 1 }));
            }
        }
    }
    world.case = Some(case);
    world
}

/// A release that the methods say is protected leaves more outside of each group possible than the rule allows, by
/// enumeration.
#[test]
fn groups_stay_open() {
    let checked: usize = side_by_side(|| (0..SEEDS).into_par_iter().map(|seed| open_groups(&world(seed))).sum());
    assert!(checked > 150, "only {checked} groups were checked");
}

fn open_groups(world: &World) -> usize {
    let Some(case) = &world.case else { return 0 };
    let problem = world.problem();
    let mut checked = 0;
    for method in ["fast", "optimal"] {
        let protection = protect(&problem, method);
        if !protection.failed.is_empty() {
            continue;
        }
        let groups = world.findings.iter().filter_map(|f| match f.harm {
            Harm::Group { margin, k } => Some((f.cell, margin, k)),
            _ => None,
        });
        let groups: Vec<(CellId, CellId, i64)> = groups.collect();
        let outside = |&(cell, margin, _): &(CellId, CellId, i64)| {
            brute::of_coords(case, &world.system, margin) & !brute::of_coords(case, &world.system, cell)
        };
        let asked: BTreeMap<usize, brute::Joint> = groups.iter().map(outside).enumerate().collect();
        let Some(truth) = brute::counts_of(case, &world.system, &protection.treatments, asked, STEPS) else { continue };
        for (g, &(cell, margin, k)) in groups.iter().enumerate() {
            let most = truth.interval(g).hi;
            let what = format!("{}, {method}: at most {most:?} of {margin} outside {cell}", world.name);
            assert!(most.is_none_or(|most| most > k), "{what}");
            checked += 1;
        }
    }
    checked
}

/// What a method is asked is what the attack on a release asks, whether the intruder knows of whole numbers or not.
#[test]
fn methods_are_asked_what_the_attack_asks() {
    check_demands(true);
}

/// The same for an intruder who does not know that counts are whole.
#[test]
fn methods_are_asked_what_a_simpler_intruder_asks() {
    check_demands(false);
}

fn check_demands(integers: bool) {
    let check = |seed: u64| {
        let mut world = World::counts(seed);
        world.attacker.integers = integers;
        let problem = world.problem();
        let treatments = problem.treatments(&problem.primary);
        let name = |c: CellId| world.system.words(c);
        let attack = Attack { whole: integers, blocks: &world.system.blocks, ..Attack::new(&Highs, &name) };
        let all = demands(&world.system, &world.findings, world.kind, &world.attacker, &treatments);
        let asked = hideable(&attack, &world.system, &world.attacker, all).expect("the truth fits");
        let asked: Vec<_> = asked.into_iter().map(|d| d.0).collect();
        assert_eq!(problem.demands, asked, "{}", world.name);
        let protection = protect(&problem, "fast");
        let audit = world.audit(&protection.treatments, &asked, &protection.witnesses);
        assert!(audit.verdict == Verdict::Safe || !protection.failed.is_empty(), "{}", world.name);
    };
    side_by_side(|| (0..SEEDS).into_par_iter().for_each(check));
}
