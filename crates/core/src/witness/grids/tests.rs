//! Null vectors and products against exhaustive search.

use std::collections::BTreeSet;

use super::super::fixture::{Rng, adds_up, all_null_vectors, cheapest, check_move, crossing, dims, flat, rough, small};
use super::super::fixture::{tree, uneven};
use super::*;
use crate::witness::BLOCKED;

/// As one sign per node.
fn signs(vector: &Vector, nodes: usize) -> Vec<i8> {
    let mut signs = vec![0; nodes];
    vector.iter().for_each(|&(n, s)| signs[n as usize] = s);
    signs
}

/// Whatever is found is a null vector with the asked node first, no node twice, the shortest first.
#[test]
fn null_vectors_add_up() {
    for (d, dim) in dims().iter().enumerate() {
        for node in 0..dim.nodes {
            let found = null_vectors(dim, &families_of(dim), node);
            assert!(!found.is_empty(), "dimension {d}, node {node}: every node can move");
            for vector in &found {
                let nodes: BTreeSet<u32> = vector.iter().map(|v| v.0).collect();
                assert_eq!(vector[0], (node as u32, 1), "dimension {d}");
                assert_eq!(nodes.len(), vector.len(), "dimension {d}, node {node}: no node twice: {vector:?}");
                assert!(adds_up(dim, &signs(vector, dim.nodes)), "dimension {d}, node {node}: {vector:?}");
            }
            assert!(found.windows(2).all(|w| w[0].len() <= w[1].len()), "dimension {d}, node {node}: in order");
        }
    }
}

/// No null vector is missing that holds no smaller one: those are all that a cheapest product needs.
#[test]
fn no_null_vector_is_missing() {
    let within = |small: &[i8], large: &[i8]| small.iter().zip(large).all(|(s, l)| *s == 0 || s == l);
    for (d, dim) in dims().iter().enumerate() {
        for node in 0..dim.nodes {
            let found: Vec<Vec<i8>> =
                null_vectors(dim, &families_of(dim), node).iter().map(|v| signs(v, dim.nodes)).collect();
            for vector in all_null_vectors(dim, node) {
                let smaller = found.iter().any(|f| within(f, &vector));
                assert!(smaller, "dimension {d}, node {node}: {vector:?} holds none of those found");
            }
        }
    }
}

/// The same null vector is not kept twice: the places for them are few.
#[test]
fn no_null_vector_is_repeated() {
    for (d, dim) in dims().iter().enumerate() {
        for node in 0..dim.nodes {
            let found: Vec<Vec<i8>> =
                null_vectors(dim, &families_of(dim), node).iter().map(|v| signs(v, dim.nodes)).collect();
            let once: BTreeSet<&Vec<i8>> = found.iter().collect();
            assert_eq!(once.len(), found.len(), "dimension {d}, node {node}: {found:?}");
        }
    }
}

/// The product that is found is the cheapest of all that there are, and there is one if one is found.
#[test]
fn the_cheapest_product() {
    let grids: [&[BlockDim]; 8] = [
        &[flat(2)],
        &[crossing()],
        &[flat(2), flat(2)],
        &[flat(3), flat(3)],
        &[tree(), flat(2)],
        &[crossing(), uneven()],
        &[flat(2), flat(2), flat(2)],
        &[flat(3), flat(3), flat(3)],
    ];
    let (mut found_some, mut found_none) = (0, 0);
    for (g, dims) in grids.iter().enumerate() {
        let grid = small(dims);
        let grids = Grids::new(&grid.blocks, grid.cells);
        for seed in 0..120 {
            let mut rng = Rng(seed * 8 + g as u64);
            let (up, down, price) = rough(&mut rng, grid.cells);
            // now and then smooth, so that large grids have moves at all
            let price: Vec<i64> = price.iter().map(|&p| if seed % 2 == 0 && p == BLOCKED { 60 } else { p }).collect();
            let smooth = |room: Vec<i64>| if seed % 4 == 0 { room.iter().map(|r| (*r).max(2)).collect() } else { room };
            let (up, down) = (smooth(up), smooth(down));
            let terrain = Terrain { up: &up, down: &down, price: &price };
            let limit = rng.pick(&[i64::MAX, i64::MAX, 100, 20]);
            let ask = Ask {
                cell: rng.below(grid.cells),
                sign: rng.pick(&[1, -1]),
                amount: rng.pick(&[1, 1, 2]),
                limit,
                any: false,
            };
            let found = grids.cheapest(terrain, ask, usize::MAX);
            let what = format!("grid {g}, seed {seed}");
            assert_eq!(found.as_ref().map(|f| f.price), cheapest(&grid, terrain, ask), "{what}: {ask:?}");
            match found {
                Some(found) => {
                    check_move(&grid.relations, terrain, &found.cells, found.price, &what);
                    assert!(found.cells.contains(&(ask.cell, ask.sign * ask.amount)), "{what}: the cell moves");
                    found_some += 1;
                }
                None => found_none += 1,
            }
        }
    }
    assert!(found_some > 200 && found_none > 200, "both must occur: {found_some} {found_none}");
}

/// Whatever the budget, what is found is a move of the price told; with more of it, it gets no dearer.
#[test]
fn small_budgets() {
    let grid = small(&[flat(3), tree()]);
    let grids = Grids::new(&grid.blocks, grid.cells);
    for seed in 0..60 {
        let mut rng = Rng(seed);
        let (_, _, price) = rough(&mut rng, grid.cells);
        let (up, down) = (vec![1; grid.cells], vec![1; grid.cells]);
        let terrain = Terrain { up: &up, down: &down, price: &price };
        let ask = Ask { cell: rng.below(grid.cells), sign: 1, amount: 1, limit: i64::MAX, any: false };
        let best = cheapest(&grid, terrain, ask);
        for budget in [0, 1, 5, 20, 100, 1_000, 100_000] {
            if let Some(found) = grids.cheapest(terrain, ask, budget) {
                check_move(&grid.relations, terrain, &found.cells, found.price, &format!("seed {seed}"));
                assert!(best.is_some_and(|b| b <= found.price), "seed {seed}, budget {budget}");
            }
        }
        assert_eq!(grids.cheapest(terrain, ask, 1_000_000).map(|f| f.price), best, "seed {seed}");
    }
}

/// A cell that stands in no grid is nobody's product.
#[test]
fn outside_all_grids() {
    let grid = small(&[flat(2)]);
    let grids = Grids::new(&grid.blocks, grid.cells + 1);
    let free = vec![i64::MAX; grid.cells + 1];
    let price = vec![1; grid.cells + 1];
    let terrain = Terrain { up: &free, down: &free, price: &price };
    let ask = |cell| Ask { cell, sign: 1, amount: 1, limit: i64::MAX, any: false };
    assert_eq!(grids.cheapest(terrain, ask(grid.cells), 100), None);
    assert_eq!(grids.cheapest(terrain, ask(0), 100).map(|f| f.price), Some(2));
}
