//! Moves on any relations, the checker that trusts nobody, and the search by all means.

use super::fixture::{Rng, Small, check_move, crossing, flat, rough, small, tree, uneven};
use super::*;
use crate::model::{Block, CellId, Interval, Relation, Want};

/// Relations that no grid explains: two grids that share cells, and a chain of sums beside them.
fn tangled() -> Small {
    let mut grid = small(&[flat(3), flat(2)]);
    let first = grid.cells;
    // new cells: a total of three cells of the grid, and its two parts
    grid.cells += 3;
    grid.relations.push(Relation::total(first, [0, 4, 7]));
    grid.relations.push(Relation::total(first, [first + 1, first + 2]));
    // a difference, and a sum with a coefficient of 2
    grid.relations.push(Relation { terms: vec![(1, 1), (3, -1), (first + 1, 1)], constant: 4 });
    grid.relations.push(Relation { terms: vec![(6, 2), (first + 2, -1)], constant: 0 });
    grid
}

fn grids() -> Vec<Small> {
    vec![
        small(&[flat(2), flat(2)]),
        small(&[flat(3), flat(3)]),
        small(&[tree(), flat(2)]),
        small(&[crossing(), uneven()]),
        small(&[flat(2), flat(2), flat(2)]),
        tangled(),
    ]
}

/// A case: a system, rooms and prices, and a cell to be moved.
fn case(grid: &Small, seed: u64) -> (Vec<i64>, Vec<i64>, Vec<i64>, Ask) {
    let mut rng = Rng(seed);
    let (up, down, price) = rough(&mut rng, grid.cells);
    let smooth = seed.is_multiple_of(2);
    let room = |r: Vec<i64>| -> Vec<i64> { r.iter().map(|&r| if smooth { r.max(2) } else { r }).collect() };
    let price = price.iter().map(|&p| if smooth && p == BLOCKED { 50 } else { p }).collect();
    let limit = rng.pick(&[i64::MAX, i64::MAX, 200, 40]);
    let ask =
        Ask { cell: rng.below(grid.cells), sign: rng.pick(&[1, -1]), amount: rng.pick(&[1, 1, 2]), limit, any: false };
    (room(up), room(down), price, ask)
}

/// Every move that is found is one, reaches what was asked, and costs less than the limit; searching again finds it again.
#[test]
fn closing_moves() {
    let mut found_some = 0;
    for (g, grid) in grids().iter().enumerate() {
        let frame = Frame::new(grid.cells, &grid.relations);
        let mut closer = Closer::new(&frame, 3);
        for seed in 0..200 {
            let (up, down, price, ask) = case(grid, seed);
            let terrain = Terrain { up: &up, down: &down, price: &price };
            let what = format!("grid {g}, seed {seed}");
            let found = closer.close(terrain, ask, &[], 2_000);
            assert_eq!(closer.close(terrain, ask, &[], 2_000), found, "{what}: nothing is left from the first search");
            if let Some(found) = found {
                check_move(&grid.relations, terrain, &found.cells, found.price, &what);
                assert_eq!(moved(&found.cells, ask.cell), ask.sign * ask.amount, "{what}");
                assert!(found.price < ask.limit, "{what}");
                found_some += 1;
            }
        }
    }
    assert!(found_some > 300, "only {found_some} moves were found");
}

/// A start that must be part of the move is part of it as given; one that is not possible gives nothing.
#[test]
fn closing_from_a_start() {
    let grid = tangled();
    let frame = Frame::new(grid.cells, &grid.relations);
    let mut closer = Closer::new(&frame, 1);
    let (free, price) = (vec![5; grid.cells], vec![1; grid.cells]);
    let terrain = Terrain { up: &free, down: &free, price: &price };
    let ask = Ask { cell: 0, sign: 1, amount: 1, limit: i64::MAX, any: false };
    // the square of two rows and two columns balances its grid, not the total over it
    let square = [(0, 1), (1, -1), (3, -1), (4, 1)];
    assert!(!balanced(&grid.relations, &frame, &square));
    let found = closer.close(terrain, ask, &square, 2_000).expect("a move");
    check_move(&grid.relations, terrain, &found.cells, found.price, "from a square");
    assert!(square.iter().all(|t| found.cells.contains(t)), "{found:?}");
    let mut blocked = price.clone();
    blocked[4] = BLOCKED;
    assert_eq!(closer.close(Terrain { price: &blocked, ..terrain }, ask, &square, 2_000), None);
    let mut narrow = free.clone();
    narrow[1] = 0;
    assert_eq!(closer.close(Terrain { down: &narrow, ..terrain }, ask, &square, 2_000), None);
}

/// Whichever cell of a move is changed, left out or repeated, and whichever is added, the checker refuses it.
#[test]
fn every_corruption_is_refused() {
    for (g, grid) in grids().iter().enumerate() {
        let frame = Frame::new(grid.cells, &grid.relations);
        let mut closer = Closer::new(&frame, 3);
        let (free, price) = (vec![9; grid.cells], vec![1; grid.cells]);
        let terrain = Terrain { up: &free, down: &free, price: &price };
        let holds = |m: &[(CellId, i64)]| balanced(&grid.relations, &frame, m);
        for cell in 0..grid.cells {
            let ask = Ask { cell, sign: 1, amount: 2, limit: i64::MAX, any: false };
            let Some(Found { cells, .. }) = closer.close(terrain, ask, &[], 5_000) else { continue };
            assert!(holds(&cells), "grid {g}: {cells:?}");
            for at in 0..cells.len() {
                for wrong in [-1, 1, -cells[at].1, -2 * cells[at].1, i64::MAX / 2] {
                    let mut corrupt = cells.clone();
                    corrupt[at].1 += wrong;
                    assert!(!holds(&corrupt), "grid {g}: {cells:?} with {wrong} at {at}");
                }
                let mut shorter = cells.clone();
                shorter.remove(at);
                assert!(!holds(&shorter), "grid {g}: {cells:?} without {at}");
                let mut twice = cells.clone();
                twice.insert(at, cells[at]);
                assert!(!holds(&twice), "grid {g}: {cells:?} with {at} twice");
            }
            for other in (0..grid.cells).filter(|&c| moved(&cells, c) == 0) {
                let mut longer = cells.clone();
                longer.push((other, 1));
                assert!(!holds(&longer), "grid {g}: {cells:?} and {other}, out of order");
                longer.sort_unstable();
                assert!(!holds(&longer), "grid {g}: {cells:?} and {other}");
            }
            let mut reversed = cells.clone();
            reversed.reverse();
            assert!(!holds(&reversed), "grid {g}: {cells:?} in falling order");
        }
    }
}

/// Differences beyond 64 bits when they are added up do not come out as balanced.
#[test]
fn sums_do_not_wrap() {
    let relations = [Relation { terms: vec![(0, 2), (1, 2)], constant: 0 }];
    let frame = Frame::new(2, &relations);
    assert!(!balanced(&relations, &frame, &[(0, i64::MAX), (1, 1)]));
    assert!(balanced(&relations, &frame, &[(0, i64::MAX), (1, -i64::MAX)]));
}

/// What the search by all means finds is a move over cells that may move, as far as they can, that reaches the goal for less
/// than the limit; the rooms are as before, and searching again finds the same.
#[test]
fn finding() {
    let goals =
        [Goal::Up(1, 1), Goal::Up(3, 4), Goal::Down(1, 1), Goal::Down(2, i64::MAX), Goal::Either(1), Goal::Either(4)];
    let (mut found_some, mut far) = (0, 0);
    for (g, grid) in grids().iter().enumerate() {
        let frame = Frame::new(grid.cells, &grid.relations);
        let blocks: &[Block] = &grid.blocks;
        let grids = Grids::new(blocks, grid.cells);
        for seed in 0..150 {
            let (up, down, price, ask) = case(grid, 1_000 + seed);
            let goal = goals[seed as usize % goals.len()];
            let mut finder = Finder::new(&grids, &grid.relations, &frame, (up.clone(), down.clone()), 3, 500, false);
            let found = finder.find(&price, ask.cell, goal, ask.limit);
            let what = format!("grid {g}, seed {seed}, {goal:?}");
            assert_eq!(finder.find(&price, ask.cell, goal, ask.limit), found, "{what}: the same again");
            for c in 0..grid.cells {
                assert_eq!((finder.room(c, 1), finder.room(c, -1)), (up[c], down[c]), "{what}: the room of {c}");
            }
            if let Some(found) = found {
                let terrain = Terrain { up: &up, down: &down, price: &price };
                check_move(&grid.relations, terrain, &found.cells, found.price, &what);
                let by = moved(&found.cells, ask.cell);
                let met = match goal {
                    Goal::Up(least, most) => least <= by && by <= most,
                    Goal::Down(least, most) => least <= -by && -by <= most,
                    Goal::Either(least) => by.abs() >= least,
                };
                assert!(met && found.price < ask.limit, "{what}: {found:?}");
                found_some += 1;
                far += usize::from(found.cells.iter().any(|t| t.1.abs() != by.abs()));
            }
        }
    }
    assert!(found_some > 200 && far > 0, "found {found_some}, of which {far} took several steps");
}

/// Goals say what a want leaves to be done: nothing where the value itself does, else the nearest distance.
#[test]
fn goals() {
    let within = |lo, hi| Want::Within(Interval { lo, hi });
    for (want, expect) in [
        (within(Some(3), Some(3)), Some(Goal::Down(2, 2))),
        (within(Some(7), Some(9)), Some(Goal::Up(2, 4))),
        (within(Some(8), None), Some(Goal::Up(3, i64::MAX))),
        (within(None, Some(2)), Some(Goal::Down(3, i64::MAX))),
        (within(Some(1), Some(5)), None),
        (within(None, None), None),
        (Want::Spread(0), None),
        (Want::Spread(2), Some(Goal::Either(2))),
    ] {
        let goal = Goal::of(want, 5);
        assert_eq!(goal, expect, "{want:?}");
        if let Some(goal) = goal {
            for by in -10..=10 {
                let meets = match want {
                    Want::Within(bounds) => bounds.contains(5 + by),
                    Want::Spread(width) => by.abs() >= width,
                };
                assert_eq!(goal.met(by), meets, "{want:?} by {by}");
            }
            assert!(goal.ways().iter().all(|&(sign, far)| far == goal.distance() && goal.met(sign * far)));
        }
    }
}
