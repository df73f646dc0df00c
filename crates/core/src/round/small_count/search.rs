//! Which small inner cells go up to the base and which down to 0, so that the published cells stay close to the truth.
//!
//! What is kept small is the sum of the squared differences of the published cells. A first choice spreads the errors; then
//! single changes and exchanges of two are tried as long as one helps; then small random disturbances, each kept if it
//! helps. Up to a few cells are tried out completely. The work is counted, and the same records give the same result.

use super::inner::Inner;

/// What was chosen.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Per published cell, what is added to its true value.
    pub errors: Vec<i64>,
    /// No choice has a smaller sum of differences than this.
    pub bound: i64,
}

/// So many cells are tried out completely.
const ALL_CHOICES: usize = 14;
/// The looks at a published cell that the search may cost, in all.
const WORK: u64 = 6_000_000;
/// How many partners of an exchange are tried for each cell.
const PARTNERS: usize = 40;

/// Rounds: `all` small cells, or those that a small published cell needs.
pub(super) fn rounded(inner: &Inner, base: i64, all: bool) -> Found {
    let small = |count: i64| 0 < count && count < base;
    let mut chosen: Vec<bool> = vec![false; inner.counts.len()];
    let mut state = State::new(inner, base, Vec::new());
    loop {
        let before = chosen.clone();
        for published in &inner.published {
            let shown: i64 = published.members.iter().map(|&i| state.shown(i)).sum();
            if all || small(shown) {
                published.members.iter().filter(|&&i| small(inner.counts[i])).for_each(|&i| chosen[i] = true);
            }
        }
        if chosen == before {
            break;
        }
        let cells: Vec<usize> = (0..chosen.len()).filter(|&i| chosen[i]).collect();
        state = State::new(inner, base, cells);
        state.search();
    }
    let alone = inner.published.iter().filter_map(|p| match p.members[..] {
        [only] if state.free[only] => Some(inner.counts[only].min(base - inner.counts[only])),
        _ => None,
    });
    let bound = alone.sum();
    Found { errors: state.errors, bound }
}

/// A choice, and what it does to the published cells.
struct State<'a> {
    inner: &'a Inner,
    base: i64,
    /// The inner cells that are rounded.
    cells: Vec<usize>,
    /// Whether an inner cell is rounded.
    free: Vec<bool>,
    /// Whether it goes up.
    up: Vec<bool>,
    /// Per published cell, what is added to its true value.
    errors: Vec<i64>,
    /// What is left of the work.
    work: u64,
}

impl<'a> State<'a> {
    fn new(inner: &'a Inner, base: i64, cells: Vec<usize>) -> Self {
        let mut free = vec![false; inner.counts.len()];
        cells.iter().for_each(|&i| free[i] = true);
        let up = vec![false; inner.counts.len()];
        let mut state = State { inner, base, cells, free, up, errors: vec![0; inner.published.len()], work: WORK };
        // one after the other, each to where it hurts less so far
        for at in 0..state.cells.len() {
            let cell = state.cells[at];
            let count = inner.counts[cell];
            state.up[cell] = state.cost(cell, base - count) < state.cost(cell, -count);
            let by = if state.up[cell] { base - count } else { -count };
            state.add(cell, by);
        }
        state
    }

    /// What stands in place of an inner cell.
    fn shown(&self, cell: usize) -> i64 {
        match (self.free[cell], self.up[cell]) {
            (true, true) => self.base,
            (true, false) => 0,
            (false, _) => self.inner.counts[cell],
        }
    }

    /// By how much the sum of squares grows if this is added to an inner cell.
    fn cost(&mut self, cell: usize, by: i64) -> i128 {
        let of = &self.inner.part_of[cell];
        self.work = self.work.saturating_sub(of.len() as u64);
        let errors: i128 = of.iter().map(|&p| i128::from(self.errors[p])).sum();
        let by = i128::from(by);
        2 * by * errors + by * by * of.len() as i128
    }

    fn add(&mut self, cell: usize, by: i64) {
        self.inner.part_of[cell].iter().for_each(|&p| self.errors[p] += by);
    }

    /// What a change of direction adds.
    fn turn(&self, cell: usize) -> i64 {
        if self.up[cell] { -self.base } else { self.base }
    }

    fn flip(&mut self, cell: usize) {
        let by = self.turn(cell);
        self.add(cell, by);
        self.up[cell] = !self.up[cell];
    }

    fn squares(&self) -> i128 {
        self.errors.iter().map(|&e| i128::from(e) * i128::from(e)).sum()
    }

    fn search(&mut self) {
        if self.cells.len() <= ALL_CHOICES {
            return self.try_all();
        }
        self.descend();
        let mut random = 0x5eed_u64;
        let mut next = |n: usize| {
            // SplitMix64: only spreads the search, no secret hangs on it
            random = random.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = random;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((z ^ (z >> 31)) % n.max(1) as u64) as usize
        };
        let mut best = self.squares();
        while self.work > 0 {
            let kept = (self.up.clone(), self.errors.clone());
            self.work = self.work.saturating_sub((self.up.len() + self.errors.len()) as u64);
            for _ in 0..2 + next(3) {
                let cell = self.cells[next(self.cells.len())];
                self.flip(cell);
            }
            self.descend();
            let squares = self.squares();
            if squares <= best {
                best = squares;
            } else {
                (self.up, self.errors) = kept;
            }
        }
    }

    /// Changes and exchanges as long as one helps.
    fn descend(&mut self) {
        let mut helped = true;
        while helped && self.work > 0 {
            helped = false;
            for at in 0..self.cells.len() {
                let cell = self.cells[at];
                let by = self.turn(cell);
                let alone = self.cost(cell, by);
                if alone < 0 {
                    self.flip(cell);
                    helped = true;
                } else if let Some(partner) = self.partner(cell, alone) {
                    self.flip(cell);
                    self.flip(partner);
                    helped = true;
                }
            }
        }
    }

    /// A cell that goes the other way, with which an exchange helps.
    fn partner(&mut self, cell: usize, alone: i128) -> Option<usize> {
        let by = self.turn(cell);
        self.add(cell, by);
        let mut tried = 0;
        let mut found = None;
        // those that share the smallest published cells keep most of them as they are
        let mut shared: Vec<usize> = self.inner.part_of[cell].clone();
        shared.sort_by_key(|&p| self.inner.published[p].members.len());
        'search: for p in shared {
            for at in 0..self.inner.published[p].members.len() {
                let other = self.inner.published[p].members[at];
                if other == cell || !self.free[other] || self.up[other] != (by > 0) {
                    continue;
                }
                tried += 1;
                let back = self.turn(other);
                if alone + self.cost(other, back) < 0 {
                    found = Some(other);
                    break 'search;
                }
                if tried >= PARTNERS {
                    break 'search;
                }
            }
        }
        self.add(cell, -by);
        found
    }

    /// Every choice, each one change away from the one before (Gray code).
    fn try_all(&mut self) {
        let mut best = (self.squares(), self.up.clone(), self.errors.clone());
        for step in 1u32..1 << self.cells.len() {
            let cell = self.cells[step.trailing_zeros() as usize];
            self.flip(cell);
            let squares = self.squares();
            if squares < best.0 {
                best = (squares, self.up.clone(), self.errors.clone());
            }
        }
        (self.up, self.errors) = (best.1, best.2);
    }
}
