//! What an intruder can work out, by trying every set of whole numbers that fits what is printed.

use std::collections::BTreeMap;

use super::world::{Mask, Shown, World};

/// Steps of a search before it is given up.
const STEPS: usize = 20_000;
/// What is tried for counts that nothing bounds.
const FAR: i64 = 6;
/// Counts from 1 to this are small.
const MOST: i64 = 4;

/// What is true of one figure.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// The cases it counts.
    pub cell: Mask,
    /// It is printed and small.
    pub small: bool,
    /// It is withheld somewhere, and can be worked out or narrowed too far; `None` where that depends on how much any
    /// withholding could hide.
    pub leaks: Option<bool>,
    /// It is printed nowhere, but is a whole less a part, and surely small.
    pub rest: bool,
}

/// The possible values of some sets of cases.
struct Search {
    /// Per class of joint categories, what bounds it: numbers of `limits`.
    uses: Vec<Vec<usize>>,
    /// Sums that must be reached exactly or not be exceeded.
    limits: Vec<Limit>,
    /// Classes of each asked set.
    asked: Vec<Vec<usize>>,
    found: Vec<std::collections::BTreeSet<i64>>,
    values: Vec<i64>,
    steps: usize,
}

#[derive(Clone, Debug)]
struct Limit {
    left: i64,
    least: i64,
    exact: bool,
    /// Classes not yet given a value.
    open: usize,
    sum: i64,
}

/// What is true of every figure; `None` if that takes too long to count.
pub fn told(world: &World) -> Option<Vec<Told>> {
    let mut cells: BTreeMap<Mask, (bool, bool)> = BTreeMap::new();
    for (_, mask, shown) in &world.places {
        let entry = cells.entry(*mask).or_default();
        match shown {
            Shown::Yes => entry.0 = true,
            _ => entry.1 = true,
        }
    }
    let rests = rests(world);
    let mut asked: Vec<Mask> = cells.iter().filter(|(_, s)| s.1).map(|(m, _)| *m).collect();
    asked.extend(&rests);
    let possible = possible(world, &asked)?;
    let judge = |mask: &Mask| possible.get(mask).map(leaks);
    let mut all: Vec<Told> = cells
        .iter()
        .map(|(&cell, &(printed, hidden))| Told {
            cell,
            small: printed && (1..=MOST).contains(&world.value(cell)),
            leaks: if hidden { judge(&cell).flatten() } else { Some(false) },
            rest: false,
        })
        .collect();
    for cell in rests {
        let p = possible.get(&cell)?;
        let (lo, hi) = (p.values.first().copied()?, p.values.last().copied()?);
        let rest = !p.unbounded && lo >= 1 && hi <= MOST && (lo, hi) != (1, MOST);
        all.push(Told { cell, small: false, leaks: Some(false), rest });
    }
    Some(all)
}

/// Cases that are in a whole and not in its part, where tables speak of both and of no such rest.
fn rests(world: &World) -> Vec<Mask> {
    let joint: usize = world.sizes.iter().product();
    let part: Mask = ((1u64 << joint) - 1) << joint;
    let of_part: Vec<Mask> = world.places.iter().filter(|p| world.tables[p.0.table].part).map(|p| p.1).collect();
    let whole = |mask: Mask| mask | (mask & part) >> joint;
    of_part.into_iter().map(|m| whole(m) & !part).collect()
}

/// What one figure can be.
struct Possible {
    values: std::collections::BTreeSet<i64>,
    unbounded: bool,
}

fn leaks(possible: &Possible) -> Option<bool> {
    let (lo, hi) = (*possible.values.first()?, *possible.values.last()?);
    if possible.unbounded || (hi > MOST && lo < hi) {
        return Some(false);
    }
    if lo == hi || hi < MOST {
        return Some(true);
    }
    // hi is the largest small count: all is well if the least that could be hidden remains
    if lo <= 1 {
        return Some(false);
    }
    // a total of several figures that are not 0 is at least as large as their number, whatever is withheld
    None
}

/// Every value that the asked sets can have.
fn possible(world: &World, asked: &[Mask]) -> Option<BTreeMap<Mask, Possible>> {
    let mut sets: Vec<Mask> = world.places.iter().map(|p| p.1).chain(asked.iter().copied()).collect();
    sets.sort_unstable();
    sets.dedup();
    // joint categories that every set treats alike are one class
    let mut classes: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
    for bit in 0..2 * world.sizes.iter().product::<usize>() {
        let alike: Vec<bool> = sets.iter().map(|m| m >> bit & 1 == 1).collect();
        if alike.contains(&true) {
            let next = classes.len();
            classes.entry(alike).or_insert(next);
        }
    }
    let in_set = |mask: Mask| -> Vec<usize> {
        let at = sets.binary_search(&mask).expect("a known set");
        classes.iter().filter(|(alike, _)| alike[at]).map(|(_, c)| *c).collect()
    };
    let mut limits: Vec<(Vec<usize>, Limit)> = Vec::new();
    for (_, mask, shown) in &world.places {
        let classes = in_set(*mask);
        let value = world.value(*mask);
        let (left, least, exact) = match shown {
            Shown::Yes => (value, value, true),
            Shown::Hidden => (i64::MAX / 4, 1, false),
            Shown::Below5 => (MOST, 1, false),
        };
        let open = classes.len();
        limits.push((classes, Limit { left, least, exact, open, sum: 0 }));
    }
    for (mask, lo, hi) in world.rates.iter().flat_map(|r| r.bounds(world)) {
        let classes = in_set(mask);
        let open = classes.len();
        limits.push((classes, Limit { left: hi, least: lo, exact: false, open, sum: 0 }));
    }
    let mut uses = vec![Vec::new(); classes.len()];
    for (n, (of, _)) in limits.iter().enumerate() {
        of.iter().for_each(|&c| uses[c].push(n));
    }
    let bounded = |c: usize| uses[c].iter().any(|&l: &usize| limits[l].1.left < i64::MAX / 8);
    let free: Vec<bool> = (0..classes.len()).map(|c| !bounded(c)).collect();
    let mut search = Search {
        asked: asked.iter().map(|&m| in_set(m)).collect(),
        found: vec![std::collections::BTreeSet::new(); asked.len()],
        values: vec![0; classes.len()],
        limits: limits.into_iter().map(|l| l.1).collect(),
        uses,
        steps: STEPS,
    };
    search.assign(0);
    if search.steps == 0 {
        return None;
    }
    let unbounded: Vec<bool> = search.asked.iter().map(|a| a.iter().any(|&c| free[c])).collect();
    let found = asked.iter().zip(search.found).zip(unbounded);
    Some(found.map(|((&m, values), unbounded)| (m, Possible { values, unbounded })).collect())
}

impl Search {
    /// Gives the classes from `class` on every value that fits.
    fn assign(&mut self, class: usize) {
        if self.steps == 0 {
            return;
        }
        self.steps -= 1;
        if class == self.values.len() {
            for (asked, found) in self.asked.iter().zip(&mut self.found) {
                found.insert(asked.iter().map(|&c| self.values[c]).sum());
            }
            return;
        }
        let uses = self.uses[class].clone();
        let most = uses
            .iter()
            .map(|&l| self.limits[l].left)
            .min()
            .unwrap_or(FAR)
            .min(if uses.iter().all(|&l| self.limits[l].left > 1_000_000) { FAR } else { i64::MAX });
        let forced = uses
            .iter()
            .filter(|&&l| self.limits[l].exact && self.limits[l].open == 1)
            .map(|&l| self.limits[l].left)
            .min();
        let range = forced.map_or(0..=most, |v| v..=v);
        for value in range {
            if value > most {
                continue;
            }
            self.values[class] = value;
            let mut fits = true;
            for &l in &uses {
                let limit = &mut self.limits[l];
                limit.open -= 1;
                limit.sum += value;
                if limit.left < i64::MAX / 8 {
                    limit.left -= value;
                }
                fits &= limit.open > 0 || (limit.sum >= limit.least && (!limit.exact || limit.left == 0));
            }
            if fits {
                self.assign(class + 1);
            }
            for &l in &uses {
                let limit = &mut self.limits[l];
                limit.open += 1;
                limit.sum -= value;
                if limit.left < i64::MAX / 8 {
                    limit.left += value;
                }
            }
        }
        self.values[class] = 0;
    }
}
