//! What is withheld, with which proof, at what loss.

use std::collections::BTreeMap;

use tabsafe::attack::Met;
use tabsafe::model::{CellId, Demand, Exposure, Harm, Interval, Measure, Treatment, Verdict, Want};

use super::{Done, done, over_worlds};
use crate::brute;
use crate::random::Rng;
use crate::rank;
use crate::worlds::{World, finding, flat, grid, protect, tree, withheld};

/// Every unsafe cell that is printed is withheld, forced cells and known zeros are published, nothing else changes; and the
/// attack calls safe what a method says it has hidden.
#[test]
fn treatments_fit_their_cells() {
    let safe = over_worlds(|Done { world, protections, .. }| {
        let problem = world.problem();
        let mut safe = 0;
        for protection in protections {
            let what = format!("{}, {}", world.name, protection.method);
            for (c, cell) in world.system.cells.iter().enumerate() {
                let shown = cell.exposure == Exposure::Shown;
                let known_zero = world.attacker.zeros_published && cell.value == 0 && !is_sum(world);
                let primary = shown && !known_zero && world.findings.iter().any(|f| f.cell == c);
                match protection.treatments[c] {
                    Treatment::Publish => assert!(shown && !primary, "{what}: cell {c} is published"),
                    Treatment::Withhold { primary: p } => {
                        assert!(shown && p == primary, "{what}: cell {c} is withheld");
                        assert!(!known_zero && !world.forced.contains(&c), "{what}: cell {c} must be published");
                    }
                    Treatment::Hide => assert!(!shown, "{what}: cell {c} is hidden"),
                    Treatment::Replace { .. } | Treatment::Band { .. } => panic!("{what}: cell {c} is replaced"),
                }
            }
            assert!(!protection.limit_reached, "{what}: it comes to an end");
            if protection.failed.is_empty() {
                let audit = world.audit(&protection.treatments, &problem.demands, &[]);
                assert_eq!(audit.verdict, Verdict::Safe, "{what}: {:?}", audit.leaks);
                safe += 1;
            }
        }
        safe
    });
    assert!(safe > 300, "only {safe} were safe");
}

fn is_sum(world: &World) -> bool {
    matches!(world.system.measures[0], Measure::Sum { .. })
}

/// Where a method says that nothing hides a cell, something is open even with everything withheld that may be.
#[test]
fn what_is_called_hopeless_is() {
    let failed = over_worlds(hopeless);
    assert!(failed > 20, "only {failed} cells could not be hidden");
}

/// The same but for demands for two tables that differ by more than 1.
#[test]
fn what_is_called_hopeless_is_but_for_spreads() {
    let far = |d: &Demand| matches!(d.want, Want::Spread(width) if width > 1);
    let failed = over_worlds(|done| if done.world.problem().demands.iter().any(far) { 0 } else { hopeless(done) });
    assert!(failed > 20, "only {failed} cells could not be hidden");
}

/// Checks that failed cells are beyond help; counts them.
fn hopeless(Done { world, protections, .. }: &Done) -> usize {
    let problem = world.problem();
    let everything: Vec<bool> =
        (0..world.system.cells.len()).map(|c| problem.primary[c] || problem.candidate[c]).collect();
    let open = problem.unmet(&everything).expect("the truth fits what is published");
    for protection in protections {
        for (cell, _) in &protection.failed {
            let own: Vec<&Demand> = problem.demands.iter().filter(|d| d.cell == *cell).collect();
            let beyond = open.iter().any(|&d| problem.demands[d].cell == *cell);
            assert!(beyond, "{}, {}: cell {cell} can be hidden: {own:?}", world.name, protection.method);
        }
    }
    protections.iter().map(|p| p.failed.len()).sum()
}

/// Every demand has a stored witness: an alternative table that satisfies every relation exactly, keeps every published
/// cell, stays within the bounds that the intruder knows, and reaches what is demanded (or two that differ enough).
#[test]
fn every_demand_has_a_witness() {
    let checked = over_worlds(|Done { world, protections: [protection, _], .. }| {
        let problem = world.problem();
        if !protection.failed.is_empty() {
            return 0;
        }
        let good: Vec<&Vec<(CellId, i64)>> =
            protection.witnesses.iter().filter(|m| is_table(world, &protection.treatments, m)).collect();
        assert_eq!(good.len(), protection.witnesses.len(), "{}: every witness is a table", world.name);
        for demand in &problem.demands {
            assert!(reached(world, demand, &good), "{}: no witness for {demand:?}", world.name);
        }
        problem.demands.len()
    });
    assert!(checked > 1_000, "only {checked} demands were checked");
}

/// The same in a table of some thousand cells, where the search tears down and builds again.
#[test]
fn every_demand_of_a_large_table_has_a_witness() {
    let mut world = World::magnitudes(0);
    world.system = grid(&mut Rng(5), &[flat(24), flat(9), tree()]);
    world.name = "a large table".to_owned();
    world.forced.clear();
    let small = (0..world.system.cells.len()).filter(|&c| (1..5).contains(&world.system.value(c)));
    world.findings = small.map(|c| finding(c, Harm::Small { lo: 1, hi: 4 })).collect();
    world.attacker.integers = true;
    let problem = world.problem();
    let protection = protect(&problem, "fast");
    assert!(protection.failed.is_empty() && protection.loss > 0 && problem.demands.len() > 500);
    let good: Vec<&Vec<(CellId, i64)>> =
        protection.witnesses.iter().filter(|m| is_table(&world, &protection.treatments, m)).collect();
    assert_eq!(good.len(), protection.witnesses.len(), "every witness is a table");
    for demand in &problem.demands {
        let own: Vec<&Vec<(CellId, i64)>> =
            good.iter().copied().filter(|m| m.iter().any(|t| t.0 == demand.cell)).collect();
        assert!(reached(&world, demand, &own), "no witness for {demand:?}");
    }
    let determined = rank::determined(&world.system.relations, |c| protection.is_withheld(c));
    let known: Vec<CellId> = determined.into_iter().filter(|&c| problem.primary[c]).collect();
    assert_eq!(known, [0; 0], "no unsafe cell follows from sums alone");
}

/// The same for the tables by which the attack says that a demand is met, whatever the method.
#[test]
fn every_proof_shows_its_tables() {
    let checked = over_worlds(|Done { world, protections, .. }| {
        let problem = world.problem();
        let mut checked = 0;
        for protection in protections {
            let what = format!("{}, {}", world.name, protection.method);
            let proofs = problem.prove(&withheld(protection), &problem.demands).expect("the truth fits");
            for (demand, proof) in problem.demands.iter().zip(proofs).filter(|(_, p)| p.met == Met::Yes) {
                let tables: Vec<Vec<(CellId, i64)>> = proof.tables.iter().map(|t| known(world, t)).collect();
                assert!(tables.iter().all(|t| is_table(world, &protection.treatments, t)), "{what}: {demand:?}");
                assert!(reached(world, demand, &tables.iter().collect::<Vec<_>>()), "{what}: {demand:?} {tables:?}");
                checked += 1;
            }
        }
        checked
    });
    assert!(checked > 2_000, "only {checked} demands were checked");
}

/// Without cells that stand for forms.
fn known(world: &World, table: &[(CellId, i64)]) -> Vec<(CellId, i64)> {
    table.iter().copied().filter(|t| t.0 < world.system.cells.len()).collect()
}

/// Whether a move from the truth ends in a table that fits all that is published and known.
fn is_table(world: &World, treatments: &[Treatment], table: &[(CellId, i64)]) -> bool {
    let system = &world.system;
    let by = |c: CellId| table.iter().filter(|t| t.0 == c).map(|t| t.1).sum::<i64>();
    let holds = system.relations.iter().all(|r| r.terms.iter().map(|&(c, k)| k * by(c)).sum::<i64>() == 0);
    holds
        && table.iter().all(|&(c, by)| {
            let withheld = matches!(treatments[c], Treatment::Withhold { .. });
            let floor = if withheld && world.attacker.zeros_published && !is_sum(world) { 1 } else { 0 };
            let bounds = system.prior.get(c).copied().unwrap_or(Interval::at_least(floor));
            treatments[c] != Treatment::Publish && bounds.contains(system.value(c) + by)
        })
}

/// Whether the truth or one of these moves, or two of them, reach what is demanded.
fn reached(world: &World, demand: &Demand, tables: &[&Vec<(CellId, i64)>]) -> bool {
    let at = |table: &[(CellId, i64)]| -> i64 {
        let by = |c: CellId| table.iter().filter(|t| t.0 == c).map(|t| t.1).sum::<i64>();
        demand.form.iter().map(|&(c, k)| k * (world.system.value(c) + by(c))).sum()
    };
    let values: Vec<i64> = tables.iter().map(|t| at(t)).chain([at(&[])]).collect();
    let spread = values.iter().max().unwrap_or(&0) - values.iter().min().unwrap_or(&0);
    match demand.want {
        Want::Within(bounds) => values.iter().any(|&v| bounds.contains(v)),
        Want::Spread(width) => spread >= width,
    }
}

/// No cell of the optimum can be published again: each one alone breaks a demand.
#[test]
fn the_optimum_has_nothing_to_spare() {
    let (checked, spare) = spared(1);
    assert!(checked > 300, "only {checked} secondary cells were checked");
    assert!(spare.is_empty(), "{}", spare.join("\n"));
}

/// The same for `fast`.
#[test]
#[ignore = "fast: the clean-up misses whole-number tables that its local search and its linear programs do not come upon"]
fn fast_has_nothing_to_spare() {
    let (checked, spare) = spared(0);
    assert!(spare.is_empty(), "{} of {checked}:\n{}", spare.len(), spare.join("\n"));
}

/// At most one in fifty of the cells that `fast` withholds for others could be published again.
#[test]
fn fast_has_little_to_spare() {
    let (checked, spare) = spared(0);
    assert!(checked > 300, "only {checked} secondary cells were checked");
    assert!(spare.len() * 50 <= checked, "{} of {checked}:\n{}", spare.len(), spare.join("\n"));
}

/// How many secondary cells a method withholds, and those that are there for nothing: which, the tables that it had for the
/// demands they serve, and other tables that would do.
fn spared(method: usize) -> (usize, Vec<String>) {
    let of_world = |Done { world, protections, .. }: &Done| {
        let (problem, protection) = (world.problem(), &protections[method]);
        let all = withheld(protection);
        let secondary: Vec<CellId> = problem.candidates().filter(|&c| all[c] && protection.failed.is_empty()).collect();
        let mut spare = Vec::new();
        for &cell in &secondary {
            let mut less = all.clone();
            less[cell] = false;
            let proofs = problem.prove(&less, &problem.demands).expect("the truth fits what is published");
            if proofs.iter().any(|p| p.met != Met::Yes) {
                continue;
            }
            let others: Vec<&Vec<(CellId, i64)>> =
                protection.witnesses.iter().filter(|m| m.iter().all(|t| t.0 != cell)).collect();
            let served = problem.demands.iter().zip(&proofs).filter(|(d, _)| !reached(world, d, &others));
            let short = |t: &&std::sync::Arc<Vec<(CellId, i64)>>| t.len() <= 12;
            let told = |(d, p): (&Demand, &tabsafe::attack::Proof)| {
                let shown: Vec<_> = p.tables.iter().filter(short).collect();
                format!("  {:?} {:?}: {} tables {shown:?}", d.form, d.want, p.tables.len())
            };
            let told: Vec<String> = served.take(3).map(told).collect();
            let value = world.system.value(cell);
            spare.push(format!("{}: cell {cell} ({value}) for nothing\n{}", world.name, told.join("\n")));
        }
        (secondary.len(), spare)
    };
    let all: Vec<(usize, Vec<String>)> = done().iter().map(of_world).collect();
    (all.iter().map(|a| a.0).sum(), all.into_iter().flat_map(|a| a.1).collect())
}

/// No bound lies above its loss, no method beats the proven optimum, and a proven loss is the loss of its cells.
#[test]
fn bounds_and_losses() {
    let proven = over_worlds(|Done { world, protections: [fast, optimal], .. }| {
        let problem = world.problem();
        for p in [fast, optimal] {
            assert!(p.bound <= p.loss, "{}, {}: bound {} loss {}", world.name, p.method, p.bound, p.loss);
            assert_eq!(p.loss, problem.loss(&withheld(p)), "{}, {}", world.name, p.method);
        }
        if !fast.failed.is_empty() || !optimal.failed.is_empty() {
            return 0;
        }
        assert!(optimal.loss <= fast.loss, "{}: {} against {}", world.name, optimal.loss, fast.loss);
        assert!(optimal.bound <= fast.loss, "{}: {} against {}", world.name, optimal.bound, fast.loss);
        assert!(optimal.proven_optimal(), "{}: bound {} loss {}", world.name, optimal.bound, optimal.loss);
        1
    });
    assert!(proven > 200, "only {proven} were proven");
}

/// Places of the tables that stand for the same records are treated alike, and told the same interval.
#[test]
fn the_same_records_are_treated_alike() {
    let shared = over_worlds(|Done { world, protections: [protection, _], .. }| {
        let Some(case) = &world.case else { return 0 };
        let problem = world.problem();
        let audit = world.audit(&protection.treatments, &problem.demands, &[]);
        let mut seen: BTreeMap<u128, (Treatment, Option<Interval>)> = BTreeMap::new();
        let mut shared = 0;
        for (t, table) in case.tables.iter().enumerate() {
            for position in 0..table.len() {
                let at = table.entries_at(position);
                let set = brute::of_table(case, table, &at);
                let Some(cell) = world.system.grids[t][position].filter(|_| table.is_shown(&at)) else { continue };
                let told = audit.cells.iter().find(|c| c.cell == cell).map(|c| c.interval);
                let now = (protection.treatments[cell], told);
                if let Some(before) = seen.insert(set, now) {
                    assert_eq!(before, now, "{}: table {t}, position {position}", world.name);
                    shared += 1;
                }
            }
        }
        shared
    });
    assert!(shared > 500, "only {shared} places were shared");
}
