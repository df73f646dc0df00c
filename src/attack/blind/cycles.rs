//! Small moves from a known table that are found without a search: two cells of one line against two of another.
//!
//! Of two cells of a line, one up and the other down, the line itself still adds up, and what they leave undone in other lines is
//! the same for all such pairs in the same columns. Two pairs that leave the same undone make up for each other. So pairs are
//! put under what they leave undone, and each is tried with those that have most room the other way: a fixed number of times,
//! however long the lines are. What they prove is checked like any other hint.

use std::collections::HashMap;

use crate::attack::Public;
use crate::model::CellId;
use crate::witness::Move;

/// Lines of up to so many open cells have all their pairs looked at; longer ones the neighbours.
const ALL_PAIRS: usize = 4;
/// The farthest that a cell is moved.
const FARTHEST: i64 = 1_000;
/// So many moves of a cell are enough.
const ENOUGH: u8 = 6;
/// The pairs with most room that the others of a group are tried with.
const PARTNERS: usize = 4;
/// Cells that are in more lines than this are left out.
const MOST_LINES: usize = 24;

/// Two cells that move by 1 or -1.
type Pair = [(CellId, i64); 2];

/// Moves from a table that fits what is public, as far as pairs give them.
pub(super) fn moves(public: &Public, base: &[i64]) -> Vec<Move> {
    let open = |c: CellId| public.domain.get(c).is_some_and(|d| d.value().is_none());
    let mut lines_of: HashMap<CellId, Vec<(usize, i64)>> = HashMap::new();
    for (r, relation) in public.relations.iter().enumerate() {
        for &(c, k) in relation.terms.iter().filter(|t| open(t.0)) {
            lines_of.entry(c).or_default().push((r, k));
        }
    }
    let mut numbers: HashMap<Vec<(usize, i64)>, usize> = HashMap::new();
    let mut groups: Vec<Vec<Pair>> = Vec::new();
    let mut found = Found { public, base, covered: vec![0; base.len()], moves: Vec::new() };
    for (r, relation) in public.relations.iter().enumerate() {
        let cells: Vec<(CellId, i64)> =
            relation.terms.iter().copied().filter(|&(c, k)| open(c) && k.abs() == 1).collect();
        for (a, b) in pairs(cells.len()) {
            let (Some(&x), Some(&y)) = (cells.get(a), cells.get(b)) else { continue };
            let Some((pair, undone)) = pair(r, x, y, &lines_of) else { continue };
            if undone.is_empty() {
                found.both_ways(&pair);
                continue;
            }
            let next = groups.len();
            let at = *numbers.entry(undone).or_insert(next);
            if at == next {
                groups.push(Vec::new());
            }
            groups[at].push(pair);
        }
    }
    groups.iter().filter(|g| g.len() > 1).for_each(|g| found.in_group(g));
    found.moves
}

/// The moves so far.
struct Found<'a> {
    public: &'a Public,
    base: &'a [i64],
    /// Per cell, how many moves there are of it.
    covered: Vec<u8>,
    moves: Vec<Move>,
}

impl Found<'_> {
    /// How often a cell can take a step.
    fn room(&self, (cell, by): (CellId, i64)) -> i64 {
        let (Some(domain), Some(&value)) = (self.public.domain.get(cell), self.base.get(cell)) else { return 0 };
        let (up, down) = domain.room(value);
        (if by > 0 { up } else { down }).clamp(0, FARTHEST)
    }

    fn room_of(&self, unit: &[(CellId, i64)], sign: i64) -> i64 {
        unit.iter().map(|&(c, by)| self.room((c, by * sign))).min().unwrap_or(0)
    }

    /// Each pair of a group against those that have most room the other way.
    fn in_group(&mut self, group: &[Pair]) {
        let most = |sign: i64| {
            let mut order: Vec<(i64, usize)> = (0..).zip(group).map(|(n, p)| (-self.room_of(p, sign), n)).collect();
            let partners = order.len().min(PARTNERS);
            order.select_nth_unstable(partners - 1);
            order.truncate(partners);
            order.sort_unstable();
            order.into_iter().map(|o| o.1).collect::<Vec<usize>>()
        };
        let (down, up) = (most(-1), most(1));
        for pair in group {
            for (sign, partners) in [(1, &down), (-1, &up)] {
                let apart = |&&n: &&usize| {
                    let other: Option<&Pair> = group.get(n);
                    other.is_some_and(|o| pair.iter().all(|t| o.iter().all(|e| e.0 != t.0)))
                };
                let Some(other) = partners.iter().find(apart).and_then(|&n| group.get(n)) else { continue };
                let undone = other.iter().map(|&(c, by)| (c, -by));
                let unit: Move = pair.iter().copied().chain(undone).map(|(c, by)| (c, by * sign)).collect();
                self.one_way(unit);
            }
        }
    }

    fn both_ways(&mut self, unit: &[(CellId, i64)]) {
        for sign in [1, -1] {
            self.one_way(unit.iter().map(|&(c, by)| (c, by * sign)).collect());
        }
    }

    /// A move once, and as often as there is room for.
    fn one_way(&mut self, mut unit: Move) {
        if unit.iter().all(|t| self.covered.get(t.0).is_none_or(|n| *n >= ENOUGH)) {
            return;
        }
        unit.sort_unstable();
        let most = self.room_of(&unit, 1);
        let mut times = vec![1, most];
        times.dedup();
        for times in times.into_iter().filter(|t| (1..=most).contains(t)) {
            self.moves.push(unit.iter().map(|&(c, by)| (c, by * times)).collect());
        }
        if most > 0 {
            for (c, _) in unit {
                if let Some(count) = self.covered.get_mut(c) {
                    *count = count.saturating_add(1);
                }
            }
        }
    }
}

/// Which cells of a line are looked at together.
fn pairs(cells: usize) -> Vec<(usize, usize)> {
    if cells <= ALL_PAIRS {
        return (0..cells).flat_map(|a| (a + 1..cells).map(move |b| (a, b))).collect();
    }
    (1..cells).map(|b| (b - 1, b)).chain([(0, cells - 1)]).collect()
}

/// Two cells of a line, so moved that it still adds up, and what they leave undone, beginning with more than 0.
#[allow(clippy::type_complexity)] // two halves of one answer
fn pair(
    line: usize,
    (x, kx): (CellId, i64),
    (y, ky): (CellId, i64),
    lines_of: &HashMap<CellId, Vec<(usize, i64)>>,
) -> Option<(Pair, Vec<(usize, i64)>)> {
    let by = -kx * ky;
    let (of_x, of_y) = (lines_of.get(&x)?, lines_of.get(&y)?);
    if x == y || of_x.len() > MOST_LINES || of_y.len() > MOST_LINES {
        return None;
    }
    let mut undone: Vec<(usize, i64)> = Vec::with_capacity(of_x.len() + of_y.len());
    let each = of_x.iter().copied().chain(of_y.iter().filter_map(|&(r, k)| Some((r, k.checked_mul(by)?))));
    for (r, k) in each.filter(|t| t.0 != line) {
        match undone.iter_mut().find(|u| u.0 == r) {
            Some(sum) => sum.1 = sum.1.checked_add(k)?,
            None => undone.push((r, k)),
        }
    }
    undone.retain(|u| u.1 != 0);
    undone.sort_unstable();
    let sign = undone.first().map_or(1, |u| u.1.signum());
    undone.iter_mut().for_each(|u| u.1 *= sign);
    Some(([(x, sign), (y, by * sign)], undone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Interval, Relation};

    /// Four withheld figures in two rows and two columns move against each other, as far as they can.
    #[test]
    fn a_square() {
        let sign = Interval::at_least(1);
        let domain = vec![sign, sign, sign, sign];
        let line = |cells: [CellId; 2], constant: i64| Relation {
            terms: cells.into_iter().map(|c| (c, 1)).collect(),
            constant,
        };
        let relations = vec![line([0, 1], 7), line([2, 3], 5), line([0, 2], 6), line([1, 3], 6)];
        let public = Public { domain, relations };
        let base = [4, 3, 2, 3];
        let found = moves(&public, &base);
        assert!(found.contains(&vec![(0, 1), (1, -1), (2, -1), (3, 1)]), "{found:?}");
        assert!(found.contains(&vec![(0, -2), (1, 2), (2, 2), (3, -2)]), "{found:?}");
        assert!(!found.iter().any(Vec::is_empty));
        for cells in found {
            let after: Vec<i64> =
                (0..4).map(|c| base[c] + cells.iter().find(|t| t.0 == c).map_or(0, |t| t.1)).collect();
            assert!(after.iter().zip(&public.domain).all(|(&v, d)| d.contains(v)), "{after:?}");
            assert!(public.relations.iter().all(|r| r.holds(|c| after[c])), "{after:?}");
        }
    }
}
