//! Which sums of some cells are known: every set of them whose sum the relations fix.
//!
//! Solutions of the relations without constants, drawn by chance ([`super::rank::Solutions`]), say what can differ. A set is known
//! exactly if its entries add up to 0 in each of them. With more solutions than cells, elimination among these few columns
//! leaves the kernel: a set is chosen by its free cells, and what it holds of the others follows from these and must be 0 or 1. Free
//! cells that bind no other cell in common fall apart, so that each part is searched by itself; a known set is made of known
//! sets of the parts.

use super::rank::{inverse, mul, negative, sum};

/// Cells among which sets are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Among<'a> {
    /// Solutions by place among the cells: more than there are cells.
    pub solutions: &'a [Vec<u64>],
    /// What each cell adds to a set; cells that add little are best first.
    pub weights: &'a [i64],
    /// The most that a set may add up to.
    pub most: i64,
    /// Choices that are tried in each part.
    pub steps: usize,
}

/// The known sets, as places among the cells, and whether all were found.
pub fn known_sets(among: &Among) -> (Vec<Vec<usize>>, bool) {
    let n = among.weights.len();
    let reduced = reduce(among.solutions, n);
    if reduced.len() >= among.solutions.len() {
        return (Vec::new(), false);
    }
    let mut given = vec![false; n];
    reduced.iter().for_each(|(pivot, _)| given[*pivot] = true);
    let free: Vec<usize> = (0..n).filter(|&c| !given[c]).collect();
    let (mut found, mut complete) = (Vec::new(), true);
    for part in parts(&reduced, &free) {
        let mut search = Search::new(among, &reduced, &part);
        search.choose(0, 0);
        complete &= search.left > 0;
        found.append(&mut search.found);
    }
    smallest(&mut found);
    (found, complete)
}

/// The solutions in reduced form: each row gives one cell, its pivot, by free ones.
fn reduce(solutions: &[Vec<u64>], n: usize) -> Vec<(usize, Vec<u64>)> {
    let mut open: Vec<Vec<u64>> = solutions.to_vec();
    let mut reduced: Vec<(usize, Vec<u64>)> = Vec::new();
    for pivot in 0..n {
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

/// Free cells that bind the same others, each time as places.
fn parts(reduced: &[(usize, Vec<u64>)], free: &[usize]) -> Vec<Vec<usize>> {
    let mut left: Vec<usize> = free.to_vec();
    let mut parts = Vec::new();
    while let Some(first) = left.first().copied() {
        left.remove(0);
        let mut part = vec![first];
        let mut next = 0;
        // those that share most with what is there come next, so that what follows is soon settled
        while next < part.len() {
            let binds = |f: usize, g: usize| reduced.iter().any(|(_, row)| row[f] != 0 && row[g] != 0);
            let (near, far): (Vec<usize>, Vec<usize>) = left.iter().partition(|&&f| binds(f, part[next]));
            part.extend(near);
            left = far;
            next += 1;
        }
        parts.push(part);
    }
    parts
}

/// The search of one part.
struct Search<'a> {
    among: &'a Among<'a>,
    free: &'a [usize],
    /// Per given cell: which it is, what each free cell adds to it, and the last of these.
    given: Vec<(usize, Vec<u64>, usize)>,
    /// What they hold by now.
    held: Vec<u64>,
    chosen: Vec<usize>,
    left: usize,
    found: Vec<Vec<usize>>,
}

impl<'a> Search<'a> {
    fn new(among: &'a Among<'a>, reduced: &[(usize, Vec<u64>)], free: &'a [usize]) -> Self {
        let given: Vec<(usize, Vec<u64>, usize)> = (reduced.iter())
            .filter_map(|(pivot, row)| {
                let adds: Vec<u64> = free.iter().map(|&f| negative(row[f])).collect();
                let last = adds.iter().rposition(|a| *a != 0)?;
                Some((*pivot, adds, last))
            })
            .collect();
        let held = vec![0; given.len()];
        Search { among, free, given, held, chosen: Vec::new(), left: among.steps, found: Vec::new() }
    }

    /// Tries both choices for the free cells from this one on.
    fn choose(&mut self, at: usize, weight: i64) {
        let Some(&cell) = self.free.get(at) else {
            if !self.chosen.is_empty() {
                let mut set = self.chosen.clone();
                set.extend(self.given.iter().zip(&self.held).filter(|g| *g.1 == 1).map(|g| g.0.0));
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
        let with = weight.saturating_add(self.among.weights[cell]);
        if with > self.among.most {
            return;
        }
        let before = self.held.clone();
        self.held.iter_mut().zip(&self.given).for_each(|(held, (_, adds, _))| *held = sum(*held, adds[at]));
        self.chosen.push(cell);
        if let Some(more) = self.settled(at, with) {
            self.choose(at + 1, more);
        }
        self.chosen.pop();
        self.held = before;
    }

    /// The weight with the cells that are settled by a choice; none where one is neither in the set nor out of it, or the set
    /// adds up to too much.
    fn settled(&self, at: usize, mut weight: i64) -> Option<i64> {
        for ((cell, _, last), held) in self.given.iter().zip(&self.held) {
            if *last != at {
                continue;
            }
            match held {
                0 => {}
                1 => weight = weight.saturating_add(self.among.weights[*cell]),
                _ => return None,
            }
        }
        (weight <= self.among.most).then_some(weight)
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

#[cfg(test)]
mod tests {
    use super::super::rank::Solutions;
    use super::*;

    fn sets(rows: &[&[usize]], weights: &[i64], most: i64) -> Vec<Vec<usize>> {
        let rows: Vec<Vec<(usize, i64)>> = rows.iter().map(|r| r.iter().map(|&c| (c, 1)).collect()).collect();
        let mut all = Solutions::of(&rows, weights.len()).expect("it is small");
        let solutions: Vec<Vec<u64>> = (0..weights.len() + 2).map(|_| all.draw()).collect();
        let (found, complete) = known_sets(&Among { solutions: &solutions, weights, most, steps: 1 << 16 });
        assert!(complete);
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
