//! Values of the cells of a grid: the groups go into the finest cells, and margins are added up from there.

use std::collections::HashMap;

use crate::model::{Contributions, Groups, Measure, RecordKeys};

use super::Details;
use super::grid::Grid;

/// What the cells of a grid hold, by position.
pub(super) struct Filled {
    pub values: Vec<i64>,
    pub persons: Option<Vec<i64>>,
    pub contributions: Option<Vec<Contributions>>,
    /// Who is behind the cells that few are behind, in the order of positions.
    pub behind: Vec<(usize, Vec<u32>)>,
    pub keys: Option<Vec<u128>>,
    pub weights: Option<Vec<i64>>,
}

pub(super) fn fill(grid: &Grid, measure: &Measure, groups: &Groups, details: Details) -> Filled {
    let finest = finest_positions(grid, groups);
    let amount = |g: usize| match measure {
        Measure::Sum { index, .. } => groups.sums[*index][g],
        Measure::Records | Measure::Persons => groups.records[g],
    };
    let sums = matches!(measure, Measure::Sum { .. });
    let by_person = |wanted: bool| groups.person.as_deref().filter(|_| wanted);
    let persons = by_person(*measure == Measure::Persons || details.persons).map(|ids| {
        let mut pairs = pairs(grid, &finest, ids);
        pairs.sort_unstable();
        pairs.dedup();
        let mut count = vec![0i64; grid.len()];
        pairs.iter().for_each(|&(position, _)| count[position] += 1);
        count
    });
    let contributions = by_person(sums && details.contributions > 0)
        .map(|ids| largest(grid, &finest, (ids, &groups.asked), amount, details.contributions));
    let values = match (measure, &persons) {
        (Measure::Persons, Some(count)) => count.clone(),
        _ => added_up(grid, &finest, amount, |a, b| a + b),
    };
    let keys = groups.keys.as_ref().map(|keys| match (measure, groups.person.as_deref()) {
        (Measure::Persons, Some(ids)) if !keys.persons.is_empty() => keys_of_persons(grid, &finest, ids, keys),
        _ => added_up(grid, &finest, |g| keys.groups[g], |a, b| keys.modulus.add(a, b)),
    });
    let behind = behind(grid, &finest, groups, details.insiders);
    let weighted = !groups.weights.is_empty();
    let weights = weighted.then(|| added_up(grid, &finest, |g| groups.weights[g], |a: i64, b| a.saturating_add(b)));
    Filled { values, persons, contributions, behind, keys, weights }
}

/// The keys of cells that count persons: those of the persons in them, each once.
fn keys_of_persons(grid: &Grid, finest: &[usize], persons: &[u32], keys: &RecordKeys) -> Vec<u128> {
    let mut pairs = pairs(grid, finest, persons);
    pairs.sort_unstable();
    pairs.dedup();
    let mut cells = vec![0; grid.len()];
    pairs.iter().for_each(|&(p, person)| cells[p] = keys.modulus.add(cells[p], keys.persons[person as usize]));
    cells
}

/// The position of each group's finest cell.
fn finest_positions(grid: &Grid, groups: &Groups) -> Vec<usize> {
    let strides = grid.strides();
    (0..groups.len())
        .map(|g| grid.dims.iter().zip(&strides).map(|(d, s)| d.atom_of[groups.leaf[d.dim][g] as usize] * s).sum())
        .collect()
}

/// Fills the finest cells and adds up along one dimension after the other.
fn added_up<T: Copy + Default>(
    grid: &Grid,
    finest: &[usize],
    amount: impl Fn(usize) -> T,
    add: impl Fn(T, T) -> T,
) -> Vec<T> {
    let mut values = vec![T::default(); grid.len()];
    finest.iter().enumerate().for_each(|(g, &p)| values[p] = add(values[p], amount(g)));
    for (d, stride) in grid.dims.iter().zip(grid.strides()) {
        let block = stride * d.ids.len();
        for node in (0..d.ids.len()).filter(|&n| !d.parts[n].is_empty()) {
            for start in (0..values.len()).step_by(block) {
                for offset in start..start + stride {
                    let parts = d.parts[node].iter().map(|&p| values[offset + p * stride]);
                    values[offset + node * stride] = parts.fold(T::default(), &add);
                }
            }
        }
    }
    values
}

/// Every cell that a group is part of, with the group's person.
fn pairs(grid: &Grid, finest: &[usize], persons: &[u32]) -> Vec<(usize, u32)> {
    let mut all = Vec::new();
    for (g, &position) in finest.iter().enumerate() {
        for_each_above(grid, position, |p| all.push((p, persons[g])));
    }
    all
}

/// Calls `f` for every cell that contains a finest cell.
fn for_each_above(grid: &Grid, finest: usize, mut f: impl FnMut(usize)) {
    let mut positions = vec![0];
    for (d, stride) in grid.dims.iter().zip(grid.strides()) {
        let above = &d.above[finest / stride % d.ids.len()];
        positions = positions.iter().flat_map(|&p| above.iter().map(move |&a| p + a * stride)).collect();
    }
    positions.into_iter().for_each(&mut f);
}

/// The contributors of each cell behind which there are 1 to `most`: persons where groups have them, else records.
fn behind(grid: &Grid, finest: &[usize], groups: &Groups, most: usize) -> Vec<(usize, Vec<u32>)> {
    if most == 0 {
        return Vec::new();
    }
    let mut all: Vec<Vec<u32>> = vec![Vec::new(); grid.len()];
    for (g, &position) in finest.iter().enumerate() {
        let who: Vec<u32> = match &groups.person {
            Some(ids) => vec![ids[g]],
            // records of a group have numbers of their own, as far as they can matter
            None => (0..=most).take(groups.records[g].max(0) as usize).map(|i| (g * (most + 1) + i) as u32).collect(),
        };
        for_each_above(grid, position, |p| {
            let cell = &mut all[p];
            for w in &who {
                if cell.len() <= most && !cell.contains(w) {
                    cell.push(*w);
                }
            }
        });
    }
    let few = |(_, who): &(usize, Vec<u32>)| (1..=most).contains(&who.len());
    all.into_iter().enumerate().filter(few).collect()
}

/// The number of contributors and the `n` largest contributions of each cell.
fn largest(
    grid: &Grid,
    finest: &[usize],
    (persons, asked): (&[u32], &[bool]),
    amount: impl Fn(usize) -> i64,
    n: usize,
) -> Vec<Contributions> {
    let mut sums: HashMap<(usize, u32), (i64, bool)> = HashMap::new();
    for (g, &position) in finest.iter().enumerate() {
        for_each_above(grid, position, |p| {
            let (sum, has_asked) = sums.entry((p, persons[g])).or_default();
            *sum += amount(g);
            *has_asked |= asked.get(g).copied().unwrap_or(false);
        });
    }
    let mut by_cell = vec![Vec::new(); grid.len()];
    let mut asked: Vec<Option<i64>> = vec![None; grid.len()];
    for ((position, _), (sum, has_asked)) in sums {
        by_cell[position].push(sum);
        if has_asked {
            asked[position] = asked[position].max(Some(sum));
        }
    }
    let of_cell = |(mut all, asked): (Vec<i64>, Option<i64>)| {
        all.sort_unstable_by(|a, b| b.cmp(a));
        let count = all.len() as i64;
        all.truncate(n);
        Contributions { count, largest: all, asked }
    };
    by_cell.into_iter().zip(asked).map(of_cell).collect()
}
