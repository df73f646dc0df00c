//! What the attack says of a pattern, against bounds found in other ways.

use rayon::prelude::*;
use tabsafe::attack::{Attack, Audit, Public};
use tabsafe::model::{CellId, Interval, Treatment};
use tabsafe::solve::Highs;

use super::{Done, over_worlds};
use crate::random::{Rng, side_by_side};
use crate::rank;
use crate::worlds::{World, flat, grid};

/// A world's primary cells withheld, and others by chance.
fn by_chance(world: &World, seed: u64) -> Vec<Treatment> {
    let problem = world.problem();
    let mut rng = Rng(seed ^ 0x7061_7474);
    let percent = [0, 10, 25, 50][rng.below(4)];
    let mut withheld = problem.primary.clone();
    problem.candidates().for_each(|c| withheld[c] |= rng.chance(percent));
    problem.treatments(&withheld)
}

fn attack(world: &World, public: &Public, whole: bool) -> Audit {
    let name = |c: CellId| world.system.words(c);
    let attack = Attack { whole, blocks: &world.system.blocks, ..Attack::new(&Highs, &name) };
    let targets: Vec<CellId> = (0..public.domain.len()).filter(|&c| public.domain[c].value().is_none()).collect();
    attack.run(public, &[], &targets, Some(&world.truth())).expect("the truth fits what is published")
}

fn intervals(audit: &Audit) -> Vec<(CellId, Interval)> {
    audit.cells.iter().map(|c| (c.cell, c.interval)).collect()
}

/// Whether every value of one interval lies in another.
fn within(inner: Interval, outer: Interval) -> bool {
    outer.meet(inner) == inner
}

/// With no bounds on what is not published, the cells that the attack finds exactly known are those that elimination over a
/// prime field determines.
#[test]
fn exact_disclosure_is_a_matter_of_rank() {
    let known = over_worlds(|Done { world, seed, .. }| {
        let treatments = by_chance(world, *seed);
        let published = |c: CellId| treatments[c] == Treatment::Publish;
        let value = |c| if published(c) { Interval::exactly(world.system.value(c)) } else { Interval::ALL };
        let public =
            Public { domain: (0..treatments.len()).map(value).collect(), relations: world.system.relations.clone() };
        let expect = rank::determined(&public.relations, |c| !published(c));
        for whole in [true, false] {
            let found = intervals(&attack(world, &public, whole));
            let exact: Vec<CellId> = found.iter().filter(|f| f.1.value().is_some()).map(|f| f.0).collect();
            assert_eq!(exact, expect, "{}, whole numbers {whole}", world.name);
            let narrowed = found.iter().find(|f| f.1.value().is_none() && f.1 != Interval::ALL);
            assert_eq!(narrowed, None, "{}: without bounds a cell is known or not at all", world.name);
        }
        expect.len()
    });
    assert!(known > 500, "only {known} cells were known");
}

/// One more withheld cell never narrows an interval.
#[test]
fn withholding_never_narrows() {
    let compared = over_worlds(|Done { world, seed, .. }| {
        let mut treatments = by_chance(world, *seed);
        let before = intervals(&attack(world, &world.attacker.view(&world.system, &treatments), true));
        let problem = world.problem();
        let published: Vec<CellId> = problem.candidates().filter(|&c| treatments[c] == Treatment::Publish).collect();
        let Some(&cell) = published.get(Rng(*seed).below(published.len().max(1))) else { return 0 };
        treatments[cell] = Treatment::Withhold { primary: false };
        let after = intervals(&attack(world, &world.attacker.view(&world.system, &treatments), true));
        for &(c, narrow) in &before {
            let wide = after.iter().find(|a| a.0 == c).expect("it is still withheld").1;
            assert!(within(narrow, wide), "{}: cell {c} had {narrow} and has {wide} with {cell}", world.name);
        }
        before.len()
    });
    assert!(compared > 1_000, "only {compared} intervals were compared");
}

/// What each relation alone leaves of each cell, repeated.
fn tightened(public: &Public) -> Vec<Interval> {
    let mut domain = public.domain.clone();
    for _ in 0..20 {
        for relation in &public.relations {
            for &(cell, k) in &relation.terms {
                // k·x = constant - the others
                let end = |high: bool| {
                    relation.terms.iter().filter(|t| t.0 != cell).try_fold(relation.constant, |sum, &(c, k)| {
                        let bound = if (k > 0) == high { domain[c].lo } else { domain[c].hi };
                        bound.map(|b| sum - k * b)
                    })
                };
                assert!(k.abs() == 1, "the relations of the tests have no other coefficients");
                let (low, high) = (end(false), end(true));
                let own = if k > 0 {
                    Interval { lo: low, hi: high }
                } else {
                    Interval { lo: high.map(|h| -h), hi: low.map(|l| -l) }
                };
                domain[cell] = domain[cell].meet(own);
            }
        }
    }
    domain
}

/// The truth lies in every interval; whole numbers leave no more than fractions, and those no more than each relation alone.
#[test]
fn sharper_means_narrower() {
    let compared = over_worlds(|Done { world, seed, .. }| {
        let public = world.attacker.view(&world.system, &by_chance(world, *seed));
        let whole = intervals(&attack(world, &public, true));
        let linear = intervals(&attack(world, &public, false));
        let outer = tightened(&public);
        for (&(c, sharp), &(d, blunt)) in whole.iter().zip(&linear) {
            let what = format!("{}, cell {c}: {sharp}, {blunt}, {}", world.name, outer[c]);
            assert!(c == d && sharp.contains(world.system.value(c)), "{what}");
            assert!(within(sharp, blunt) && within(blunt, outer[c]), "{what}");
        }
        whole.len()
    });
    assert!(compared > 1_000, "only {compared} intervals were compared");
}

/// Whoever knows that unsafe counts are below the threshold has intervals within those of whoever does not.
#[test]
fn the_threshold_narrows() {
    let narrowed = over_worlds(|Done { world, seed, .. }| {
        let Some(case) = &world.case else { return 0 };
        let public = world.attacker.view(&world.system, &by_chance(world, *seed));
        let mut knows = public.clone();
        let primary = |c: CellId| world.findings.iter().any(|f| f.cell == c) && public.domain[c].value().is_none();
        for c in (0..public.domain.len()).filter(|&c| primary(c)) {
            knows.domain[c] = Interval::new(1, case.threshold - 1);
        }
        let usual = intervals(&attack(world, &public, true));
        let mut narrowed = 0;
        for (c, sharp) in intervals(&attack(world, &knows, true)) {
            let blunt = usual.iter().find(|u| u.0 == c).expect("the same cells").1;
            assert!(within(sharp, blunt), "{}: cell {c} has {sharp} and {blunt}", world.name);
            narrowed += usize::from(sharp != blunt);
        }
        narrowed
    });
    assert!(narrowed > 100, "only {narrowed} intervals were narrower");
}

/// A flow of any size.
const FAR: i64 = 1 << 40;

/// A two-way table as a network: rows and columns are places, each cell an arc between its row and its column; the arcs of
/// margins run the other way.
struct Network {
    places: usize,
    /// From, to, flow, least flow; `None` for an arc whose flow is published.
    arcs: Vec<(usize, usize, i64, Option<i64>)>,
}

impl Network {
    fn new(world: &World, public: &Public, rows: usize, columns: usize) -> Network {
        let arc = |cell: CellId| {
            let (r, c) = (cell / columns, rows + cell % columns);
            let margins = usize::from(r == rows - 1) + usize::from(c == rows + columns - 1);
            let (from, to) = if margins == 1 { (c, r) } else { (r, c) };
            let least = public.domain[cell].value().is_none().then(|| public.domain[cell].lo.unwrap_or(-FAR));
            (from, to, world.system.value(cell), least)
        };
        Network { places: rows + columns, arcs: (0..rows * columns).map(arc).collect() }
    }

    /// How much more can flow from one place to another without an arc, by augmenting along shortest paths.
    fn slack(&self, from: usize, to: usize, without: usize) -> i64 {
        let mut flow: Vec<i64> = self.arcs.iter().map(|a| a.2).collect();
        let mut pushed = 0;
        while pushed < FAR {
            let mut via: Vec<Option<(usize, i64, usize)>> = vec![None; self.places];
            let mut queue = std::collections::VecDeque::from([from]);
            while let Some(at) = queue.pop_front() {
                for (a, &(s, t, _, least)) in self.arcs.iter().enumerate().filter(|(a, _)| *a != without) {
                    let Some(least) = least else { continue };
                    let step = if s == at {
                        Some((t, FAR))
                    } else if t == at && flow[a] > least {
                        Some((s, flow[a] - least))
                    } else {
                        None
                    };
                    if let Some((next, room)) = step
                        && next != from
                        && via[next].is_none()
                    {
                        via[next] = Some((a, room, at));
                        queue.push_back(next);
                    }
                }
            }
            let (mut at, mut room, mut path) = (to, FAR, Vec::new());
            while at != from {
                let Some((a, r, before)) = via[at] else { return pushed };
                path.push((a, self.arcs[a].0 == before));
                (room, at) = (room.min(r), before);
            }
            path.into_iter().for_each(|(a, forward)| flow[a] += if forward { room } else { -room });
            pushed += room;
        }
        pushed
    }

    /// The smallest and largest flow of an arc.
    fn interval(&self, arc: usize) -> Interval {
        let (from, to, flow, least) = self.arcs[arc];
        let (more, less) = (self.slack(to, from, arc), self.slack(from, to, arc));
        let lo = (flow - less).max(least.unwrap_or(flow));
        Interval { lo: Some(lo), hi: (more < FAR).then_some(flow + more) }
    }

    /// Whether nothing but this arc joins its ends.
    fn is_bridge(&self, arc: usize) -> bool {
        let (from, to, ..) = self.arcs[arc];
        let mut seen = vec![false; self.places];
        let mut stack = vec![from];
        while let Some(at) = stack.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            let open = self.arcs.iter().enumerate().filter(|(a, x)| *a != arc && x.3.is_some());
            stack.extend(open.filter_map(|(_, &(s, t, ..))| (s == at).then_some(t).or((t == at).then_some(s))));
        }
        !seen[to]
    }
}

/// In a two-way table three ways of counting agree: flows in a network, linear programs, and whole numbers; and with no
/// bounds, the bridges of the network are what elimination determines.
#[test]
fn two_way_tables_are_networks() {
    let mut checked = 0;
    let seeds: Vec<(usize, usize)> = side_by_side(|| (0..250u64).into_par_iter().map(two_way).collect());
    seeds.iter().for_each(|s| checked += s.0);
    let bridges: usize = seeds.iter().map(|s| s.1).sum();
    assert!(checked > 1_000 && bridges > 150, "only {checked} cells and {bridges} bridges were checked");
}

/// The withheld cells of a two-way table that were checked, and how many of them are bridges.
fn two_way(seed: u64) -> (usize, usize) {
    let mut rng = Rng(seed ^ 0x6e65_7477);
    let (rows, columns) = (2 + rng.below(4), 2 + rng.below(4));
    let mut world = World::magnitudes(0);
    world.system = grid(&mut rng, &[flat(rows - 1), flat(columns - 1)]);
    let percent = [25, 40, 60][rng.below(3)];
    let chosen = |_| if rng.chance(percent) { Treatment::Withhold { primary: false } } else { Treatment::Publish };
    let treatments: Vec<Treatment> = (0..rows * columns).map(chosen).collect();
    let public = world.attacker.view(&world.system, &treatments);
    let network = Network::new(&world, &public, rows, columns);
    let whole = intervals(&attack(&world, &public, true));
    assert_eq!(whole, intervals(&attack(&world, &public, false)), "seed {seed}: fractions tell no more");
    for &(cell, interval) in &whole {
        assert_eq!(interval, network.interval(cell), "seed {seed}: cell {cell} of {rows} rows, {columns} columns");
    }
    let bridges: Vec<CellId> = whole.iter().map(|w| w.0).filter(|&c| network.is_bridge(c)).collect();
    let published = |c: CellId| treatments[c] == Treatment::Publish;
    assert_eq!(bridges, rank::determined(&world.system.relations, |c| !published(c)), "seed {seed}");
    (whole.len(), bridges.len())
}

/// The intervals told of a method's pattern hold the values of every table that the method found.
#[test]
fn intervals_hold_the_witnesses() {
    let held = over_worlds(|Done { world, protections: [protection, _], .. }| {
        let problem = world.problem();
        let audit = world.audit(&protection.treatments, &problem.demands, &[]);
        let mut held = 0;
        for &(c, by) in protection.witnesses.iter().flatten() {
            if let Some(told) = audit.cells.iter().find(|a| a.cell == c) {
                let value = world.system.value(c) + by;
                assert!(told.interval.contains(value), "{}: cell {c} may be {value}: {}", world.name, told.interval);
                held += 1;
            }
        }
        held
    });
    assert!(held > 1_000, "only {held} values were held");
}
