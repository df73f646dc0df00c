//! The choice by a key on all patterns of small tables, by enumeration: what an intruder who has the program learns.
//!
//!     rustc -O benches/keyed_model.rs -o /tmp/keyed_model && /tmp/keyed_model [TABLES [KEYS [PART...]]]
//!
//! Shares nothing with the program but the distribution of its draws, and is a thousand times as fast as running it: totals are
//! published, the cheapest pattern is found by going through all of them, and what the draws ask is asked of each. `PART`: names of
//! draws (prices, as-if, farther, spare, closed) that are left out, to see what they are worth. docs/methods/keyed.md says how to
//! read the table.

use std::collections::HashMap;

/// Counts below this are unsafe.
const MINIMUM: i32 = 5;
/// The mean of the counts.
const MEAN: f64 = 20.0;
/// Tables that fit for each promised value, at most.
const MOST_FIT: usize = 60;
/// Tables that fit in all, at most.
const MOST: usize = 20_000;
/// The draws, as in src/suppress/keyed/draws.rs.
const AS_IF: (f64, f64) = (0.06, 0.72);
const SPARE: f64 = 0.04;
const FAR: f64 = 0.20;
const MOST_FAR: f64 = 1.0;

type Counts = Vec<i32>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, otherwise| arguments.get(i).and_then(|a| a.parse().ok()).unwrap_or(otherwise);
    let (tables, keys): (usize, usize) = (number(0, 100), number(1, 1000));
    let without = |part: &str| arguments.iter().skip(2).any(|a| a == part);
    let parts = Parts {
        prices: !without("prices"),
        as_if: !without("as-if"),
        farther: !without("farther"),
        spare: !without("spare"),
        closed: !without("closed"),
    };
    println!("| table | cost | cells | ruled out | all but one | no key | LR median | 90 % | 95 % | LR < 3 | loss |");
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for (rows, columns) in [(1, 4), (2, 3), (3, 3), (3, 4)] {
        for by_count in [false, true] {
            measure(rows, columns, by_count, parts, tables, keys);
        }
    }
}

/// Which draws there are.
#[derive(Clone, Copy)]
struct Parts {
    prices: bool,
    as_if: bool,
    farther: bool,
    spare: bool,
    closed: bool,
}

/// What the key says of a cell: four numbers between 0 and 1.
type Draws = Vec<[f64; 4]>;

/// A pattern that hides enough.
struct Pattern {
    withheld: u32,
    /// Cells of it that are hidden like unsafe ones.
    hidden: u32,
    /// Per unsafe cell, the largest value that is possible, up to twice the band.
    reach: Vec<i32>,
}

struct Model {
    rows: usize,
    columns: usize,
    by_count: bool,
    parts: Parts,
    keys: Vec<Draws>,
    /// Per table, its patterns: those that are safe and closed, and the loss of the cheapest that is safe.
    known: HashMap<Counts, (Vec<Pattern>, f64)>,
}

fn measure(rows: usize, columns: usize, by_count: bool, parts: Parts, tables: usize, keys: usize) {
    let mut rng = Rng((rows * 100 + columns) as u64);
    let draw = |rng: &mut Rng| (0..rows * columns).map(|_| std::array::from_fn(|_| rng.unit())).collect();
    let keys: Vec<Draws> = (0..keys).map(|_| draw(&mut rng)).collect();
    let mut model = Model { rows, columns, by_count, parts, keys, known: HashMap::new() };
    let (mut cells, mut ruled_out, mut bare, mut keyless, mut done) = (0, 0, 0, 0, 0);
    let (mut loss, mut least, mut ratios) = (0.0, 0.0, Vec::new());
    while done < tables {
        let counts: Counts = (0..rows * columns).map(|_| (-MEAN * (1.0 - rng.unit()).ln()) as i32).collect();
        if unsafe_of(&counts) == 0 || model.patterns(&counts).0.is_empty() {
            continue;
        }
        done += 1;
        least += model.patterns(&counts).1;
        let several = 6;
        for _ in 0..several {
            let key = rng.below(model.keys.len());
            let pattern = model.keyed(&counts, key);
            loss += model.loss(&counts, pattern) / f64::from(several);
        }
        let key = rng.below(model.keys.len());
        let (keyed, plain) = (model.keyed(&counts, key), model.plain(&counts));
        let (fit, plain_fit) = (model.fits(&counts, keyed), model.fits(&counts, plain));
        let mut shares: HashMap<Counts, f64> = HashMap::new();
        for cell in (0..counts.len()).filter(|&c| is_unsafe(counts[c])) {
            cells += 1;
            let kept = (1..MINIMUM).filter(|&v| {
                let mut some = sample(&plain_fit, cell, v, &mut rng);
                some.any(|t| model.plain(t) == plain)
            });
            let kept = kept.count();
            ruled_out += usize::from(kept < 4);
            bare += usize::from(kept < 2);
            let likely: Vec<f64> = (1..MINIMUM)
                .map(|v| {
                    let some: Vec<&Counts> = sample(&fit, cell, v, &mut rng).collect();
                    let mut sum = 0.0;
                    for table in &some {
                        let share = match shares.get(*table) {
                            Some(&share) => share,
                            None => model.share(table, keyed),
                        };
                        shares.insert((*table).clone(), share);
                        sum += share;
                    }
                    sum / some.len().max(1) as f64
                })
                .collect();
            let (low, high) = likely.iter().fold((f64::INFINITY, 0.0_f64), |(l, h), &p| (l.min(p), h.max(p)));
            keyless += usize::from(low == 0.0);
            ratios.push(high / low);
        }
        if model.known.len() > 3_000 {
            model.known.clear();
        }
    }
    ratios.sort_by(f64::total_cmp);
    let at = |share: f64| ratios[((ratios.len() as f64 * share) as usize).min(ratios.len() - 1)];
    let word = |x: f64| if x.is_finite() { format!("{x:.1}") } else { "∞".to_owned() };
    let percent = |n: usize| format!("{:.0} %", 100.0 * n as f64 / cells as f64);
    println!(
        "| {rows}x{columns} | {} | {cells} | {} | {} | {} | {} | {} | {} | {} | {:+.1} % |",
        if by_count { "counts" } else { "cells" },
        percent(ruled_out),
        percent(bare),
        percent(keyless),
        word(at(0.5)),
        word(at(0.9)),
        word(at(0.95)),
        percent(ratios.iter().filter(|r| **r < 3.0).count()),
        100.0 * (loss / least - 1.0),
    );
}

fn is_unsafe(count: i32) -> bool {
    (1..MINIMUM).contains(&count)
}

fn unsafe_of(counts: &[i32]) -> u32 {
    (0..counts.len()).filter(|&c| is_unsafe(counts[c])).map(|c| 1 << c).sum()
}

/// Some of the tables that have a value in a cell.
fn sample<'f>(fit: &'f [Counts], cell: usize, value: i32, rng: &mut Rng) -> impl Iterator<Item = &'f Counts> + use<'f> {
    let mut all: Vec<&Counts> = fit.iter().filter(|t| t[cell] == value).collect();
    for i in (1..all.len()).rev() {
        all.swap(i, rng.below(i + 1));
    }
    all.truncate(MOST_FIT);
    all.into_iter()
}

impl Model {
    fn cost(&self, count: i32) -> f64 {
        if self.by_count { f64::from(count) } else { 1.0 }
    }

    /// The cost of the cells that are withheld for others.
    fn loss(&self, counts: &[i32], withheld: u32) -> f64 {
        let others = withheld & !unsafe_of(counts);
        (0..counts.len()).filter(|&c| others >> c & 1 == 1).map(|c| self.cost(counts[c])).sum()
    }

    /// Every pattern of a table that hides enough, and the loss of the cheapest that is safe.
    fn patterns(&mut self, counts: &Counts) -> &(Vec<Pattern>, f64) {
        if !self.known.contains_key(counts) {
            let made = self.make(counts);
            self.known.insert(counts.clone(), made);
        }
        &self.known[counts]
    }

    fn make(&self, counts: &Counts) -> (Vec<Pattern>, f64) {
        let primary = unsafe_of(counts);
        let free: Vec<usize> = (0..counts.len()).filter(|&c| counts[c] >= MINIMUM).collect();
        let expand =
            |x: usize| primary | free.iter().enumerate().filter(|f| x >> f.0 & 1 == 1).map(|f| 1 << f.1).sum::<u32>();
        let (mut found, mut least) = (Vec::new(), f64::INFINITY);
        let (mut safe, mut good) = (vec![false; 1 << free.len()], vec![false; 1 << free.len()]);
        for x in 0..1_usize << free.len() {
            // withholding more keeps what is safe and closed
            let below = |of: &[bool]| (0..free.len()).any(|b| x >> b & 1 == 1 && of[x ^ 1 << b]);
            let withheld = expand(x);
            safe[x] = below(&safe) || self.is_safe(counts, withheld);
            if safe[x] {
                least = least.min(self.loss(counts, withheld));
            }
            good[x] =
                safe[x] && (!self.parts.closed || below(&good) || self.held_up(counts, withheld) & primary == primary);
            if good[x] {
                let free_floor = vec![1; counts.len()];
                let farthest = 2 * (MINIMUM - 1);
                let reach = |c: usize| match primary >> c & 1 {
                    1 => counts[c] + self.reach(counts, withheld, &free_floor, c, true, farthest - counts[c]),
                    _ => 0,
                };
                let reach = (0..counts.len()).map(reach).collect();
                found.push(Pattern { withheld, hidden: self.held_up(counts, withheld), reach });
            }
        }
        (found, least)
    }

    fn is_safe(&self, counts: &[i32], withheld: u32) -> bool {
        let floor = vec![1; counts.len()];
        (0..counts.len()).filter(|&c| is_unsafe(counts[c])).all(|c| self.is_full(counts, withheld, &floor, c))
    }

    /// Whether a withheld cell can have every value of the band, where no cell falls below its floor.
    fn is_full(&self, counts: &[i32], withheld: u32, floor: &[i32], cell: usize) -> bool {
        let (up, down) = ((MINIMUM - 1 - counts[cell]).max(0), counts[cell] - 1);
        let reaches = |up: bool, by: i32| by <= 0 || self.reach(counts, withheld, floor, cell, up, by) >= by;
        floor[cell] <= 1 && reaches(true, up) && reaches(false, down)
    }

    /// The largest set of withheld cells that holds itself up: each can have every value of the band while the others stay safe.
    fn held_up(&self, counts: &[i32], withheld: u32) -> u32 {
        let (mut set, mut floor) = (withheld, vec![1; counts.len()]);
        loop {
            let lost = (0..counts.len()).find(|&c| set >> c & 1 == 1 && !self.is_full(counts, withheld, &floor, c));
            let Some(lost) = lost else { return set };
            set &= !(1 << lost);
            if is_unsafe(counts[lost]) {
                return set; // not closed: what follows has no table to begin with
            }
            floor[lost] = MINIMUM;
        }
    }

    /// How far a withheld cell can rise or fall, up to `want`: the largest flow from its row to its column around it.
    fn reach(&self, counts: &[i32], withheld: u32, floor: &[i32], cell: usize, up: bool, want: i32) -> i32 {
        let others: Vec<usize> = (0..counts.len()).filter(|&c| c != cell && withheld >> c & 1 == 1).collect();
        if self.rows == 1 {
            let room: i32 = others.iter().map(|&c| counts[c] - floor[c]).sum();
            return if up {
                room.min(want)
            } else if others.is_empty() {
                0
            } else {
                want
            };
        }
        let (row, column) = (cell / self.columns, self.rows + cell % self.columns);
        let (mut table, mut got) = (counts.to_vec(), 0);
        while got < want {
            // from a row to a column other cells go against the cell, back they go with it
            let mut from: Vec<Option<(usize, usize)>> = vec![None; self.rows + self.columns];
            let mut queue = std::collections::VecDeque::from([row]);
            while let Some(node) = queue.pop_front().filter(|_| from[column].is_none()) {
                for &c in &others {
                    let (r, k) = (c / self.columns, self.rows + c % self.columns);
                    let falls = (node == r) == up;
                    let next = if node == r {
                        k
                    } else if node == k {
                        r
                    } else {
                        continue;
                    };
                    if next != row && from[next].is_none() && !(falls && table[c] <= floor[c]) {
                        from[next] = Some((node, c));
                        queue.push_back(next);
                    }
                }
            }
            let mut path = Vec::new();
            let mut node = column;
            while let Some((before, c)) = from[node].filter(|_| node != row) {
                path.push((c, (before < self.rows) == up));
                node = before;
            }
            if path.is_empty() {
                break;
            }
            let room = path.iter().filter(|p| p.1).map(|p| table[p.0] - floor[p.0]);
            let step = room.min().unwrap_or(want).min(want - got);
            path.iter().for_each(|&(c, falls)| table[c] += if falls { -step } else { step });
            got += step;
        }
        got
    }

    /// The pattern without a key: the cheapest, of these the one with the least counts, of these the first.
    fn plain(&mut self, counts: &Counts) -> u32 {
        let closed = std::mem::replace(&mut self.parts.closed, false);
        let safe = self.make_plain(counts);
        self.parts.closed = closed;
        safe
    }

    fn make_plain(&self, counts: &Counts) -> u32 {
        let primary = unsafe_of(counts);
        let free: Vec<usize> = (0..counts.len()).filter(|&c| counts[c] >= MINIMUM).collect();
        let mut all: Vec<(f64, i32, u32)> = (0..1_usize << free.len())
            .map(|x| {
                let own = free.iter().enumerate().filter(|f| x >> f.0 & 1 == 1).map(|f| *f.1);
                let withheld = primary | own.clone().map(|c| 1_u32 << c).sum::<u32>();
                (self.loss(counts, withheld), own.map(|c| counts[c]).sum(), withheld)
            })
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        all.into_iter().map(|p| p.2).find(|&p| self.is_safe(counts, p)).unwrap_or(0)
    }

    /// The pattern that a key gives; 0 if there is none.
    fn keyed(&mut self, counts: &Counts, key: usize) -> u32 {
        self.patterns(counts);
        let (parts, top) = (self.parts, f64::from(MINIMUM - 1));
        let draws = &self.keys[key];
        let few = (0..counts.len()).filter(|&c| is_unsafe(counts[c])).count();
        let far = FAR.min(MOST_FAR / few.max(1) as f64);
        let (mut price, mut as_if, mut reach) = (vec![0.0; counts.len()], 0, vec![0; counts.len()]);
        for (c, &[u, spare, like, farther]) in draws.iter().enumerate() {
            let value = f64::from(counts[c]);
            let root = |x: f64| x.sqrt().sqrt();
            let drawn = if parts.prices { root(u / (1.0 - u)) * root(value / top) } else { 1.0 + 1e-6 * value };
            let free = parts.spare && spare < SPARE * (top / value).powi(2).min(1.0);
            price[c] = if free { -1e-9 } else { self.cost(counts[c]) * drawn };
            let steps = counts[c] - MINIMUM;
            as_if |= u32::from(parts.as_if && steps >= 0 && like < AS_IF.0 * AS_IF.1.powi(steps)) << c;
            if parts.farther && is_unsafe(counts[c]) && farther < far {
                reach[c] = MINIMUM + (top * farther / far) as i32;
            }
        }
        let primary = unsafe_of(counts);
        let all = &self.known[counts].0;
        let best = |asked: &dyn Fn(&Pattern) -> bool| {
            let priced = all.iter().filter(|p| asked(p)).map(|p| {
                let others = p.withheld & !primary;
                let sum: f64 = (0..counts.len()).filter(|&c| others >> c & 1 == 1).map(|c| price[c]).sum();
                (sum, p.withheld)
            });
            priced.min_by(|a, b| a.0.total_cmp(&b.0)).map(|p| p.1)
        };
        let like = |p: &Pattern| as_if & !(p.hidden & p.withheld) == 0;
        let farther = |p: &Pattern| (0..reach.len()).all(|c| p.reach[c] >= reach[c]);
        best(&|p| like(p) && farther(p)).or_else(|| best(&like)).or_else(|| best(&|_| true)).unwrap_or(0)
    }

    /// The share of keys that give a pattern.
    fn share(&mut self, counts: &Counts, withheld: u32) -> f64 {
        if unsafe_of(counts) & !withheld != 0 {
            return 0.0;
        }
        let hits = (0..self.keys.len()).filter(|&key| self.keyed(counts, key) == withheld).count();
        hits as f64 / self.keys.len() as f64
    }

    /// Every table that fits what is published with a pattern.
    fn fits(&self, counts: &Counts, withheld: u32) -> Vec<Counts> {
        let open = |c: usize| withheld >> c & 1 == 1;
        let sum = |of: &dyn Fn(usize) -> bool| -> i32 {
            (0..counts.len()).filter(|&c| open(c) && of(c)).map(|c| counts[c]).sum()
        };
        let row = (0..self.rows).map(|r| sum(&|c| c / self.columns == r)).collect();
        let column = (0..self.columns).map(|k| sum(&|c| c % self.columns == k)).collect();
        let (mut all, mut table) = (Vec::new(), counts.clone());
        self.extend(withheld, 0, &mut table, &mut (row, column), &mut all);
        all
    }

    fn extend(
        &self,
        withheld: u32,
        cell: usize,
        table: &mut Counts,
        left: &mut (Vec<i32>, Vec<i32>),
        all: &mut Vec<Counts>,
    ) {
        if all.len() >= MOST {
            return;
        }
        let Some(cell) = (cell..table.len()).find(|&c| withheld >> c & 1 == 1) else {
            all.push(table.clone());
            return;
        };
        let (r, k) = (cell / self.columns, cell % self.columns);
        let later = |same: &dyn Fn(usize) -> bool| (cell + 1..table.len()).any(|c| withheld >> c & 1 == 1 && same(c));
        let (last_in_row, last_in_column) = (!later(&|c| c / self.columns == r), !later(&|c| c % self.columns == k));
        let columns_bind = self.rows > 1;
        let mut most = left.0[r];
        if columns_bind {
            most = most.min(left.1[k]);
        }
        let before = table[cell];
        for value in 1..=most {
            if (last_in_row && value != left.0[r]) || (columns_bind && last_in_column && value != left.1[k]) {
                continue;
            }
            table[cell] = value;
            left.0[r] -= value;
            left.1[k] -= value;
            self.extend(withheld, cell + 1, table, left, all);
            left.0[r] += value;
            left.1[k] += value;
        }
        table[cell] = before;
    }
}

/// SplitMix64.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0
    }
}
