//! Small moves from a known table that are found without a search through it: cells of one line against cells of others.
//!
//! Of two cells of a line, one up and the other down, the line itself still adds up; what they leave undone in other lines is the
//! same for all pairs in the same columns. Pairs whose undone lines are two make a graph: the lines are its corners, and what a
//! pair leaves undone in one, the next pair makes up for, until the last one makes up for what the first left in the other. Since
//! only the pairs with most room count between two lines, the graph is as small as the table is narrow, however tall it is, and
//! each pair is looked at a fixed number of times. Other pairs are put under what they leave undone, and tried with each other.
//!
//! What is found is checked like any other hint, so it decides nothing.

use std::collections::{HashMap, VecDeque};

use crate::attack::Public;
use crate::model::CellId;
use crate::witness::Move;

/// Lines of up to so many open cells have all their pairs looked at; longer ones the neighbours.
const ALL_PAIRS: usize = 4;
/// The farthest that a cell is moved.
const FARTHEST: i64 = 1_000;
/// So far is enough.
const FAR: i64 = 16;
/// So many moves of a cell in one direction are enough.
const ENOUGH: u8 = 6;
/// The pairs with most room that are kept of those that do the same.
const PARTNERS: usize = 4;
/// Cells that are in more lines than this are left out.
const MOST_LINES: usize = 24;
/// Corners of the graph that a search may see.
const MOST_SEEN: usize = 200;
/// Pairs of the longest way.
const LONGEST: usize = 6;

/// Two cells that move by 1 or -1.
type Pair = [(CellId, i64); 2];
/// What is left undone in lines.
type Undone = Vec<(usize, i64)>;
/// A line, and what is left undone in it.
type Corner = (usize, i64);

/// Moves from a table that fits what is public, as far as pairs give them.
pub(super) fn moves(public: &Public, base: &[i64]) -> Vec<Move> {
    let open = |c: CellId| public.domain.get(c).is_some_and(|d| d.value().is_none());
    let mut lines_of: HashMap<CellId, Undone> = HashMap::new();
    for (r, relation) in public.relations.iter().enumerate() {
        for &(c, k) in relation.terms.iter().filter(|t| open(t.0)) {
            lines_of.entry(c).or_default().push((r, k));
        }
    }
    let mut found = Found { public, base, reach: HashMap::new(), moves: Vec::new() };
    let (mut graph, mut edges) = (Graph::default(), Vec::new());
    let (mut numbers, mut groups): (HashMap<Undone, usize>, Vec<Vec<Pair>>) = (HashMap::new(), Vec::new());
    for (r, relation) in public.relations.iter().enumerate() {
        let cells: Undone = relation.terms.iter().copied().filter(|&(c, k)| open(c) && k.abs() == 1).collect();
        for (a, b) in pairs(cells.len()) {
            let (Some(&x), Some(&y)) = (cells.get(a), cells.get(b)) else { continue };
            let Some((pair, undone)) = pair(r, x, y, &lines_of) else { continue };
            match undone[..] {
                [] => found.both_ways(&pair),
                [one, other] => {
                    let room = [1, -1].map(|sign| found.room_of(&pair, sign));
                    graph.take(pair, [one, other], room);
                    edges.push((pair, [one, other]));
                }
                _ => {
                    let next = groups.len();
                    let at = *numbers.entry(undone).or_insert(next);
                    if at == next {
                        groups.push(Vec::new());
                    }
                    groups[at].push(pair);
                }
            }
        }
    }
    for (pair, ends) in &edges {
        found.around(pair, *ends, &mut graph);
    }
    groups.iter().filter(|g| g.len() > 1).for_each(|g| found.in_group(g));
    found.moves
}

/// A corner that pairs lead to, and the best of the pairs with their factors.
type Way = (Corner, Vec<(i64, Pair)>);

/// What pairs do: from what is undone in a line to what is undone in another one.
#[derive(Default)]
struct Graph {
    /// Per corner, those that pairs lead to which make up for it, with the best of these.
    ways: HashMap<Corner, Vec<Way>>,
    numbers: HashMap<(Corner, Corner), usize>,
    /// Ways that were searched for: corner after corner.
    known: HashMap<(Corner, Corner), Option<Vec<Corner>>>,
}

impl Graph {
    /// Takes in a pair that leaves this undone, with its room as it is and turned round.
    fn take(&mut self, pair: Pair, ends: [Corner; 2], room: [i64; 2]) {
        for (sign, room) in [(1, room[0]), (-1, room[1])] {
            let turned = pair.map(|(c, by)| (c, by * sign));
            for (from, to) in [(0, 1), (1, 0)] {
                if room > 0 {
                    let (line, by) = ends[from];
                    self.add((line, -by * sign), (ends[to].0, ends[to].1 * sign), room, turned);
                }
            }
        }
    }

    fn add(&mut self, from: Corner, to: Corner, room: i64, pair: Pair) {
        let ways = self.ways.entry(from).or_default();
        let at = *self.numbers.entry((from, to)).or_insert(ways.len());
        if at == ways.len() {
            ways.push((to, Vec::new()));
        }
        let Some((_, best)) = ways.get_mut(at) else { return };
        let place = best.partition_point(|b| b.0 >= room);
        if place < PARTNERS {
            best.insert(place, (room, pair));
            best.truncate(PARTNERS);
        }
    }

    /// The corners of the shortest way from what is undone to what undoes the rest, the first and last included.
    fn way(&mut self, from: Corner, to: Corner) -> Option<Vec<Corner>> {
        if let Some(known) = self.known.get(&(from, to)) {
            return known.clone();
        }
        let found = self.search(from, to);
        self.known.insert((from, to), found.clone());
        found
    }

    fn search(&self, from: Corner, to: Corner) -> Option<Vec<Corner>> {
        let mut before: HashMap<Corner, Corner> = HashMap::from([(from, from)]);
        let mut queue = VecDeque::from([(from, 0)]);
        while let Some((corner, steps)) = queue.pop_front() {
            for (next, _) in self.ways.get(&corner).into_iter().flatten() {
                if before.len() > MOST_SEEN || steps == LONGEST {
                    return None;
                }
                if *next == to {
                    let mut way = vec![to, corner];
                    while let Some(&earlier) = way.last().filter(|c| **c != from).and_then(|c| before.get(c)) {
                        way.push(earlier);
                    }
                    way.reverse();
                    return Some(way);
                }
                if !before.contains_key(next) {
                    before.insert(*next, corner);
                    queue.push_back((*next, steps + 1));
                }
            }
        }
        None
    }

    /// The pairs between two corners, those with most room first.
    fn between(&self, from: Corner, to: Corner) -> &[(i64, Pair)] {
        let ways = self.numbers.get(&(from, to)).and_then(|&n| self.ways.get(&from)?.get(n));
        ways.map_or(&[], |w| &w.1)
    }
}

/// The moves so far.
struct Found<'a> {
    public: &'a Public,
    base: &'a [i64],
    /// Per cell and direction, how far it moves in them, and in how many.
    reach: HashMap<(CellId, bool), (i64, u8)>,
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

    /// Whether enough is known of how far these cells can go.
    fn is_enough(&self, unit: &[(CellId, i64)]) -> bool {
        let enough = |&(c, by): &(CellId, i64)| {
            self.reach.get(&(c, by > 0)).is_some_and(|&(far, count)| far >= FAR || count >= ENOUGH)
        };
        unit.iter().all(enough)
    }

    /// A pair in both directions, and others that make up for what it leaves undone.
    fn around(&mut self, pair: &Pair, ends: [Corner; 2], graph: &mut Graph) {
        for sign in [1, -1] {
            let turned = pair.map(|(c, by)| (c, by * sign));
            if self.room_of(&turned, 1) == 0 || self.is_enough(&turned) {
                continue;
            }
            let [from, other] = ends.map(|(line, by)| (line, by * sign));
            let to = (other.0, -other.1);
            let Some(way) = graph.way(from, to) else { continue };
            let mut unit: Move = turned.to_vec();
            for corners in way.windows(2) {
                let apart = |b: &&(i64, Pair)| b.1.iter().all(|t| unit.iter().all(|u| u.0 != t.0));
                let Some(next) = graph.between(corners[0], corners[1]).iter().find(apart).map(|b| b.1) else { break };
                unit.extend(next);
            }
            if unit.len() == 2 * way.len() {
                self.one_way(unit);
            }
        }
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
        let most = self.room_of(&unit, 1);
        if most == 0 || self.is_enough(&unit) {
            return;
        }
        unit.sort_unstable();
        let mut times = vec![1, most];
        times.dedup();
        for times in times {
            self.moves.push(unit.iter().map(|&(c, by)| (c, by * times)).collect());
        }
        for (c, by) in unit {
            let (far, count) = self.reach.entry((c, by > 0)).or_default();
            (*far, *count) = ((*far).max(most), count.saturating_add(1));
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
fn pair(
    line: usize,
    (x, kx): (CellId, i64),
    (y, ky): (CellId, i64),
    lines_of: &HashMap<CellId, Undone>,
) -> Option<(Pair, Undone)> {
    let by = -kx * ky;
    let (of_x, of_y) = (lines_of.get(&x)?, lines_of.get(&y)?);
    if x == y || of_x.len() > MOST_LINES || of_y.len() > MOST_LINES {
        return None;
    }
    let mut undone: Undone = Vec::with_capacity(of_x.len() + of_y.len());
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
