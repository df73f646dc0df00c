//! Controlled rounding against enumeration, and on tables of 10,000 cells.

use super::super::fixture::{Grid, additive, linked, two_breakdowns, work};
use super::super::parse_rounding;
use super::model::Model;
use crate::model::{Exposure, Interval, Treatment};

/// Skewed counts with many zeros, from a seed.
fn values(n: usize, seed: u64) -> Vec<i64> {
    let mut state = seed;
    let mut next = move |below: u64| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % below) as i64
    };
    (0..n).map(|_| if next(100) < 40 { 0 } else { next(60) * next(100) / 60 % 90 }).collect()
}

/// The smallest distance of any additive zero-restricted rounding, by trying every choice for the inner cells.
fn least(grid: &Grid, base: i64) -> Option<i64> {
    let cells = &grid.system.cells;
    let totals: Vec<usize> = grid.system.relations.iter().map(|r| r.terms[0].0).collect();
    let inner: Vec<usize> = (0..cells.len()).filter(|c| !totals.contains(c)).collect();
    let (down, up) = (|v: i64| v / base * base, |v: i64| (v + base - 1) / base * base);
    let choices = (0u32..1 << inner.len()).filter_map(|choice| {
        let mut rounded: Vec<i64> = cells.iter().map(|c| down(c.value)).collect();
        for (i, &c) in inner.iter().enumerate() {
            rounded[c] = if choice >> i & 1 == 1 { up(cells[c].value) } else { down(cells[c].value) };
        }
        // relations stand with inner dimensions first, so that parts are known before their totals
        for relation in &grid.system.relations {
            rounded[relation.terms[0].0] = relation.terms[1..].iter().map(|t| rounded[t.0]).sum();
        }
        let near = |c: usize| [down(cells[c].value), up(cells[c].value)].contains(&rounded[c]);
        (0..cells.len()).all(near).then(|| (0..cells.len()).map(|c| (rounded[c] - cells[c].value).abs()).sum())
    });
    choices.min()
}

/// Each figure goes to a multiple next to it, multiples and zeros stay, and everything adds up.
fn zero_restricted(grid: &Grid, treatments: &[Treatment], base: i64) {
    for (cell, treatment) in grid.system.cells.iter().zip(treatments) {
        let Treatment::Replace { by, preimage } = *treatment else { panic!("{treatment:?}") };
        assert!(by % base == 0 && (by - cell.value).abs() < base && preimage.contains(cell.value));
    }
}

/// 3 + 3 = 6 is 5 + 0 = 5 or 0 + 5 = 5, and tells 1 to 9, 0 to 4 and 1 to 9.
#[test]
fn worked_example() {
    let rounded = Grid::new(&[2], &[3, 3]).rounded("controlled(5)").expect("rounds");
    let five = Treatment::Replace { by: 5, preimage: Interval::new(1, 9) };
    let none = Treatment::Replace { by: 0, preimage: Interval::new(0, 4) };
    assert!([[five, none, five], [none, five, five]].contains(&[0, 1, 2].map(|c| rounded.treatments[c])));
    assert_eq!((rounded.loss, rounded.bound), (6, 6));
}

/// No additive rounding of small tables is closer than the one found, by enumeration; where enumeration finds none, none is
/// found.
#[test]
fn the_closest_of_all() {
    let mut none = 0;
    for seed in 0..60u64 {
        let sizes = [&[3, 4][..], &[2, 2, 2], &[3, 2, 2], &[5], &[2, 2, 3]][seed as usize % 5];
        let grid = Grid::new(sizes, &values(sizes.iter().product(), seed));
        let base = [3, 5, 10][seed as usize % 3];
        let found = grid.rounded(&format!("controlled({base})")).ok();
        if let Some(found) = &found {
            zero_restricted(&grid, &found.treatments, base);
            assert!(grid.additive(found));
            assert_eq!(found.bound, found.loss);
        }
        assert_eq!(found.map(|f| f.loss), least(&grid, base), "seed {seed}");
        none += usize::from(least(&grid, base).is_none());
    }
    assert!(none < 30, "most have one: {none}");
}

/// A table of three dimensions with 10,164 cells stays additive and zero-restricted, and is within 5 % of a bound that no
/// rounding passes.
#[test]
fn ten_thousand_cells() {
    let sizes = [21, 21, 20];
    let grid = Grid::new(&sizes, &values(sizes.iter().product(), 7));
    assert_eq!(grid.system.cells.len(), 10_164);
    let found = grid.rounded("controlled(5)").expect("rounds");
    zero_restricted(&grid, &found.treatments, 5);
    assert!(grid.additive(&found));
    assert!(found.bound > 0 && (found.loss - found.bound) * 20 <= found.loss, "{} {}", found.loss, found.bound);
}

/// In two dimensions the relaxation has whole corners: the closest rounding is found at any size.
#[test]
fn two_dimensions_to_the_end() {
    let grid = Grid::new(&[40, 30], &values(1200, 3));
    let found = grid.rounded("controlled(10)").expect("rounds");
    zero_restricted(&grid, &found.treatments, 10);
    assert!(grid.additive(&found));
    assert_eq!(found.loss, found.bound);
}

/// Tables that share a total stay additive together, by program and by walk.
#[test]
fn linked_totals() {
    for (first, second) in [(3, 4), (200, 150)] {
        let one = values(first, 11);
        let sum: i64 = one.iter().sum();
        let mut two = values(second - 1, 12);
        let scale = two.iter().sum::<i64>().max(1);
        two.iter_mut().for_each(|v| *v = *v * sum / (2 * scale));
        two.push(sum - two.iter().sum::<i64>());
        let system = two_breakdowns(&one, &two);
        let method = parse_rounding("controlled(3)").expect("a method");
        let found = method.round(&work(&system)).expect("rounds");
        assert!(additive(&system, &found));
        assert_eq!(found.loss, found.bound);
    }
}

/// Three-dimensional tables that share a margin, and more that close a circle, stay additive and zero-restricted together, near
/// the bound. Those of 8 x 8 x 8 x 5 within 5 %, those of 18 x 18 x 18 x 6 with 11,077 cells within 2 %.
#[test]
fn linked_cubes() {
    let (small, large) = ([8, 8, 8, 5], [18, 18, 18, 6]);
    for (sizes, tables, cells, percent) in [
        (small, &[&[0, 1, 2][..], &[1, 2, 3]][..], 1_134, 5),
        (small, &[&[0, 1, 2], &[1, 2, 3], &[0, 3]], 1_174, 5),
        (large, &[&[0, 1, 2], &[1, 2, 3], &[0, 2, 3]], 11_077, 2),
    ] {
        let joint: Vec<i64> = values(sizes.iter().product(), 5).into_iter().map(|v| v / 8).collect();
        let system = linked(&sizes, tables, &joint);
        assert_eq!(system.cells.iter().filter(|c| c.exposure == Exposure::Shown).count(), cells);
        let found = parse_rounding("controlled(5)").expect("a method").round(&work(&system)).expect("rounds");
        assert!(additive(&system, &found));
        for (cell, treatment) in system.cells.iter().zip(&found.treatments) {
            if let Treatment::Replace { by, .. } = *treatment {
                assert!(by % 5 == 0 && (by - cell.value).abs() < 5);
            }
        }
        assert!(
            found.bound > 0 && (found.loss - found.bound) * 100 <= found.loss * percent,
            "{} {}",
            found.loss,
            found.bound
        );
    }
}

/// Where no zero-restricted rounding exists, steps help: one multiple further is enough for this one.
#[test]
fn steps() {
    let method = |text: &str| parse_rounding(text).expect("a method");
    assert_eq!(method("controlled(5,1)").allows(0, None, 1), [Interval::new(0, 9)]);
    assert_eq!(method("controlled(5,1)").allows(5, None, 1), [Interval::new(1, 14)]);
    assert_eq!(method("controlled(5,1)").allows(20, None, 1), [Interval::new(11, 29)]);
    // 40 times 1 is 40: each 1 goes to 0 or 5, and 40 stays
    let grid = Grid::new(&[3], &[1, 1, 8]);
    assert_eq!(grid.shown(&grid.rounded("controlled(10)").expect("rounds"))[3], 10);
    let grid = Grid::new(&[2, 2, 2], &[1, 0, 0, 1, 0, 1, 1, 0]);
    let told = grid.rounded("controlled(2)").map_or_else(|e| e.help, |_| String::new());
    assert_eq!(told, "write steps = 1, so that figures may go further");
    assert_eq!(least(&grid, 2), None);
    let found = grid.rounded("controlled(2,1)").expect("rounds");
    assert!(grid.additive(&found));
    // the same in a corner of a table that is too large for the whole program
    let inner: Vec<i64> = (0..216).map(|i| [i / 36, i / 6 % 6, i % 6]).map(|at| corner(&at)).collect();
    let grid = Grid::new(&[6, 6, 6], &inner);
    assert!(grid.rounded("controlled(2)").is_err());
    assert!(grid.additive(&grid.rounded("controlled(2,1)").expect("rounds")));
}

/// Ones and zeros in the corner of a cube that no zero-restricted rounding to 2 exists for, and nothing elsewhere.
fn corner(at: &[i64; 3]) -> i64 {
    i64::from(at.iter().all(|&i| i < 2) && at.iter().sum::<i64>() % 2 == 0)
}

/// What a figure in a sum stands for is exactly what may go to it: for each value up to 200 the multiples that the program lets
/// it take, none of which the search is bound to avoid.
#[test]
fn what_a_bound_figure_stands_for() {
    for (base, steps) in [(5, 0), (4, 0), (5, 1), (3, 2)] {
        let method = parse_rounding(&format!("controlled({base},{steps})")).expect("a method");
        let takes: Vec<Vec<i64>> = (0..=200i64)
            .map(|value| {
                let grid = Grid::new(&[2], &[value, 7]);
                let model = Model::new(&grid.system, base, steps);
                let place = model.places.iter().find(|p| p.floor + p.rest == value).expect("it is bound");
                (place.least..=place.most).map(|s| place.floor + s * base).collect()
            })
            .collect();
        for shown in (0..=150).step_by(base as usize) {
            let allowed = method.allows(shown, None, 1);
            for value in 0..=200i64 {
                let said = allowed.iter().any(|i| i.contains(value));
                assert_eq!(
                    said,
                    takes[value as usize].contains(&shown),
                    "base {base}, steps {steps}: {value} as {shown}"
                );
            }
        }
    }
}
