//! Which sums of some cells are known: every set of them whose sum is fixed.
//!
//! What is known of cells is a space: with two sums their sum is known, their difference, and half of it. A basis in reduced form
//! ([`Basis`]) comes from what is known, or from what is not: solutions drawn by chance ([`super::rank::Solutions`]). A set is
//! chosen by its free cells, and what it holds of the others follows from these and must be 0 or 1. Free cells that bind no
//! other cell in common fall apart, so that each part is searched by itself; a known set is made of known sets of the parts.

use super::rank::{inverse, mul, negative, sum};

/// Known sums of cells: what each free cell adds to the others.
#[derive(Clone, Debug)]
pub struct Basis {
    free: Vec<usize>,
    /// Per other cell that something adds to: which it is, and by free cell what that adds.
    given: Vec<(usize, Vec<u64>)>,
}

impl Basis {
    /// Of what solutions of the relations leave open: more of these than there are cells, by place among them. What stands first
    /// follows from the others. None where the solutions are too few to tell.
    pub fn of_solutions(solutions: &[Vec<u64>], cells: usize) -> Option<Basis> {
        let reduced = reduce(solutions, cells);
        if reduced.len() >= solutions.len() {
            return None;
        }
        let mut follows = vec![false; cells];
        reduced.iter().for_each(|(pivot, _)| follows[*pivot] = true);
        let free: Vec<usize> = (0..cells).filter(|&c| !follows[c]).collect();
        let adds = |row: &Vec<u64>| free.iter().map(|&f| negative(row[f])).collect::<Vec<u64>>();
        let given = reduced.iter().map(|(pivot, row)| (*pivot, adds(row))).collect();
        Some(Basis { free, given })
    }

    /// Of sums that are known, by place among the cells. What stands last follows from the others.
    pub fn of_known(rows: &[Vec<u64>], cells: usize) -> Basis {
        let reduced = reduce(rows, cells);
        let free: Vec<usize> = reduced.iter().map(|r| r.0).collect();
        let is_free = |c: &usize| free.contains(c);
        let adds = |c: usize| reduced.iter().map(|(_, row)| row[c]).collect::<Vec<u64>>();
        let given = (0..cells).filter(|c| !is_free(c)).map(|c| (c, adds(c))).collect();
        Basis { free, given }
    }

    /// Places among the free cells of those that bind the same others.
    fn parts(&self) -> Vec<Vec<usize>> {
        let binding: Vec<Vec<usize>> = (0..self.free.len())
            .map(|f| (0..self.given.len()).filter(|&g| self.given[g].1[f] != 0).collect())
            .collect();
        let mut left: Vec<usize> = (0..self.free.len()).collect();
        let mut parts = Vec::new();
        while !left.is_empty() {
            let mut part = vec![left.remove(0)];
            let mut bound = vec![false; self.given.len()];
            binding[part[0]].iter().for_each(|&g| bound[g] = true);
            // who shares most with what is there comes next, so that what follows is soon settled
            loop {
                let shared = |f: usize| binding[f].iter().filter(|g| bound[**g]).count();
                let best = (0..left.len()).filter(|&i| shared(left[i]) > 0).max_by_key(|&i| {
                    let (own, all) = (shared(left[i]), binding[left[i]].len());
                    (std::cmp::Reverse(all - own), own, std::cmp::Reverse(i))
                });
                let Some(best) = best else { break };
                let next = left.remove(best);
                binding[next].iter().for_each(|&g| bound[g] = true);
                part.push(next);
            }
            parts.push(part);
        }
        parts
    }
}

/// How far sets are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Limits<'a> {
    /// What each cell adds to a set.
    pub weights: &'a [i64],
    /// The most that a set may add up to.
    pub most: i64,
    /// Choices that are tried in each part.
    pub steps: usize,
}

/// The smallest known sets, as places among the cells, and whether all were found.
pub fn known_sets(basis: &Basis, limits: Limits) -> (Vec<Vec<usize>>, bool) {
    let (mut found, mut complete) = (Vec::new(), true);
    for part in basis.parts() {
        let mut search = Search::new(basis, &part, limits);
        search.choose(0, 0);
        complete &= search.left > 0;
        found.append(&mut search.found);
    }
    smallest(&mut found);
    (found, complete)
}

/// Rows in reduced form: each has a pivot among the first places that no other holds, the first that it can be.
fn reduce(rows: &[Vec<u64>], places: usize) -> Vec<(usize, Vec<u64>)> {
    let mut open: Vec<Vec<u64>> = rows.to_vec();
    let mut reduced: Vec<(usize, Vec<u64>)> = Vec::new();
    for pivot in 0..places {
        let Some(at) = open.iter().position(|row| row[pivot] != 0) else { continue };
        let mut row = open.swap_remove(at);
        let scale = inverse(row[pivot]);
        row.iter_mut().for_each(|v| *v = mul(*v, scale));
        for other in open.iter_mut().chain(reduced.iter_mut().map(|r| &mut r.1)) {
            let factor = negative(other[pivot]);
            if factor != 0 {
                other.iter_mut().zip(&row).for_each(|(a, b)| *a = sum(*a, mul(factor, *b)));
            }
        }
        reduced.push((pivot, row));
    }
    reduced
}

/// The search of one part.
struct Search<'a> {
    limits: Limits<'a>,
    /// The free cells in the order in which they are chosen.
    free: Vec<usize>,
    /// By place in this order: what the cell adds to which others.
    adds: Vec<Vec<(usize, u64)>>,
    /// By place in this order: the others that are settled then.
    settles: Vec<Vec<usize>>,
    /// The others, and what they hold by now.
    given: Vec<usize>,
    held: Vec<u64>,
    chosen: Vec<usize>,
    left: usize,
    found: Vec<Vec<usize>>,
}

impl<'a> Search<'a> {
    fn new(basis: &Basis, part: &[usize], limits: Limits<'a>) -> Self {
        let mut search = Search {
            limits,
            free: part.iter().map(|&f| basis.free[f]).collect(),
            adds: vec![Vec::new(); part.len()],
            settles: vec![Vec::new(); part.len()],
            given: Vec::new(),
            held: Vec::new(),
            chosen: Vec::new(),
            left: limits.steps,
            found: Vec::new(),
        };
        for (cell, adds) in &basis.given {
            let Some(last) = part.iter().rposition(|&f| adds[f] != 0) else { continue };
            let own = search.given.len();
            part.iter()
                .enumerate()
                .filter(|p| adds[*p.1] != 0)
                .for_each(|(at, &f)| search.adds[at].push((own, adds[f])));
            search.settles[last].push(own);
            search.given.push(*cell);
        }
        search.held = vec![0; search.given.len()];
        search
    }

    /// Tries both choices for the free cells from this one on.
    fn choose(&mut self, at: usize, weight: i64) {
        let Some(&cell) = self.free.get(at) else {
            if !self.chosen.is_empty() {
                let mut set = self.chosen.clone();
                set.extend(self.given.iter().zip(&self.held).filter(|g| *g.1 == 1).map(|g| *g.0));
                set.sort_unstable();
                self.found.push(set);
            }
            return;
        };
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        if let Some(more) = self.settled(at, weight) {
            self.choose(at + 1, more);
        }
        let with = weight.saturating_add(self.limits.weights[cell]);
        if with > self.limits.most {
            return;
        }
        let adds = std::mem::take(&mut self.adds[at]);
        adds.iter().for_each(|&(g, by)| self.held[g] = sum(self.held[g], by));
        self.chosen.push(cell);
        if let Some(more) = self.settled(at, with) {
            self.choose(at + 1, more);
        }
        self.chosen.pop();
        adds.iter().for_each(|&(g, by)| self.held[g] = sum(self.held[g], negative(by)));
        self.adds[at] = adds;
    }

    /// The weight with the cells that are settled by a choice; none where one is neither in the set nor out of it, or the set
    /// adds up to too much.
    fn settled(&self, at: usize, mut weight: i64) -> Option<i64> {
        for &g in &self.settles[at] {
            match self.held[g] {
                0 => {}
                1 => weight = weight.saturating_add(self.limits.weights[self.given[g]]),
                _ => return None,
            }
        }
        (weight <= self.limits.most).then_some(weight)
    }
}

/// Leaves those that hold no other.
fn smallest(found: &mut Vec<Vec<usize>>) {
    found.sort_by(|a, b| a.len().cmp(&b.len()).then(a.cmp(b)));
    let mut kept: Vec<Vec<usize>> = Vec::new();
    for set in found.drain(..) {
        let holds = |small: &Vec<usize>| small.iter().all(|c| set.binary_search(c).is_ok());
        if !kept.iter().any(holds) {
            kept.push(set);
        }
    }
    *found = kept;
}

/// Known sums in reduced form, each with what it is made of: how sets follow from them.
#[derive(Clone, Debug)]
pub struct Factors {
    cells: usize,
    rows: usize,
    reduced: Vec<(usize, Vec<u64>)>,
}

impl Factors {
    /// Of known sums, by place among the cells.
    pub fn of_known(rows: &[Vec<u64>], cells: usize) -> Factors {
        let traced: Vec<Vec<u64>> = (rows.iter().enumerate())
            .map(|(r, row)| row.iter().copied().chain((0..rows.len()).map(|i| u64::from(i == r))).collect())
            .collect();
        Factors { cells, rows: rows.len(), reduced: reduce(&traced, cells) }
    }

    /// How a set follows: small whole factors of the known sums, and how many times the set they give.
    pub fn of_set(&self, set: &[usize]) -> Option<(i64, Vec<(usize, i64)>)> {
        let mut left: Vec<u64> = vec![0; self.cells + self.rows];
        set.iter().for_each(|&c| left[c] = 1);
        for (pivot, row) in &self.reduced {
            let factor = negative(left[*pivot]);
            if factor != 0 {
                left.iter_mut().zip(row).for_each(|(a, b)| *a = sum(*a, mul(factor, *b)));
            }
        }
        let (open, factors) = left.split_at(self.cells);
        if open.iter().any(|v| *v != 0) {
            return None;
        }
        (1..=MOST_TIMES).find_map(|times| {
            let signed = |v: &u64| small(mul(negative(*v), times as u64));
            let all: Option<Vec<i64>> = factors.iter().map(signed).collect();
            Some((times, all?.into_iter().enumerate().filter(|f| f.1 != 0).collect()))
        })
    }
}

/// The most times that a set is taken for whole factors.
const MOST_TIMES: i64 = 12;
/// The largest of these.
const MOST_FACTOR: u64 = 1 << 20;

/// A residue as a small whole number, if it is one.
fn small(residue: u64) -> Option<i64> {
    match (residue, negative(residue)) {
        (v, _) if v <= MOST_FACTOR => i64::try_from(v).ok(),
        (_, v) if v <= MOST_FACTOR => i64::try_from(v).ok().map(|v| -v),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::rank::Solutions;
    use super::*;

    fn sets(rows: &[&[usize]], weights: &[i64], most: i64) -> Vec<Vec<usize>> {
        let rows: Vec<Vec<(usize, i64)>> = rows.iter().map(|r| r.iter().map(|&c| (c, 1)).collect()).collect();
        let mut all = Solutions::of(&rows, weights.len()).expect("it is small");
        let solutions: Vec<Vec<u64>> = (0..weights.len() + 2).map(|_| all.draw()).collect();
        let basis = Basis::of_solutions(&solutions, weights.len()).expect("they are enough");
        let (found, complete) = known_sets(&basis, Limits { weights, most, steps: 1 << 16 });
        assert!(complete);
        let rows: Vec<Vec<u64>> =
            rows.iter().map(|r| (0..weights.len()).map(|c| u64::from(r.iter().any(|t| t.0 == c))).collect()).collect();
        let known = Basis::of_known(&rows, weights.len());
        assert_eq!(known_sets(&known, Limits { weights, most, steps: 1 << 16 }), (found.clone(), true));
        let all = Factors::of_known(&rows, weights.len());
        for set in &found {
            let (times, factors) = all.of_set(set).expect("it follows");
            let all = |c: usize| factors.iter().map(|(r, k)| k * rows[*r][c] as i64).sum::<i64>();
            assert!((0..weights.len()).all(|c| all(c) == times * i64::from(set.contains(&c))));
        }
        found
    }

    /// Rows that do not meet are known by themselves; what nothing binds is in no set.
    #[test]
    fn rows_by_themselves() {
        assert_eq!(sets(&[&[0, 1], &[2, 3]], &[1; 5], 9), [vec![0, 1], vec![2, 3]]);
        assert_eq!(sets(&[&[0, 1], &[2, 3]], &[1, 1, 9, 1, 1], 9), [[0, 1]]);
        assert_eq!(sets(&[], &[1; 3], 9), Vec::<Vec<usize>>::new());
    }

    /// A row less another one, and half a sum.
    #[test]
    fn by_several_rows() {
        assert_eq!(sets(&[&[0, 1, 2], &[1, 2]], &[1; 3], 9), [vec![0], vec![1, 2]]);
        let half = sets(&[&[0, 1, 3], &[1, 2, 3], &[0, 2], &[4, 5]], &[1; 6], 9);
        assert_eq!(half, [vec![0], vec![2], vec![1, 3], vec![4, 5]]);
        assert_eq!(sets(&[&[0, 1], &[1, 2], &[0, 2]], &[1; 3], 9), [[0], [1], [2]]);
    }

    /// The same as trying every set, for random relations.
    #[test]
    fn as_by_trying_all() {
        let mut chance = super::super::Chance(7);
        for _ in 0..60 {
            let rows: Vec<Vec<usize>> = (0..3).map(|_| (0..8).filter(|_| chance.below(2) == 0).collect()).collect();
            let given: Vec<Vec<(usize, i64)>> = rows.iter().map(|r| r.iter().map(|&c| (c, 1)).collect()).collect();
            let solution = Solutions::of(&given, 8).expect("it is small").draw();
            let is_known = |set: &Vec<usize>| set.iter().fold(0, |s, &c| sum(s, solution[c])) == 0;
            let of = |mask: usize| (0..8).filter(|c| mask >> c & 1 == 1).collect::<Vec<usize>>();
            let mut all: Vec<Vec<usize>> = (1..256).map(of).filter(is_known).collect();
            smallest(&mut all);
            let rows: Vec<&[usize]> = rows.iter().map(Vec::as_slice).collect();
            assert_eq!(sets(&rows, &[0; 8], 0), all);
        }
    }
}
