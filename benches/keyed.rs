//! What an intruder who has the program learns from a pattern, with and without a key.
//!
//!     cargo run --release --example keyed [TABLES [KEYS [SIZE...]]]
//!
//! Random tables with their totals, counts below 5 unsafe, `band`. For each unsafe cell and each value from 1 to 4 that the policy
//! promises, tables that fit what is published are drawn, and put through the program: without the key once, with it for
//! many keys. Printed is a table in Markdown, a row per size, method and cost; docs/methods/keyed.md says how to read it.

use std::time::Instant;

use tabsafe::attack::{Attacker, ProtectionKind};
use tabsafe::link::{Details, link};
use tabsafe::model::{
    Axis, CellId, Dimension, Entry, Finding, Groups, Harm, Measure, Protection, Role, Severity, Space, System, Table,
};
use tabsafe::policy::{Cost, SuppressPlan};
use tabsafe::secret::Key;
use tabsafe::solve::Highs;
use tabsafe::suppress::keyed::pattern;
use tabsafe::suppress::{Problem, suppress};

/// Counts below this are unsafe.
const MINIMUM: i64 = 5;
/// The mean of the counts, which are geometric.
const MEAN: f64 = 20.0;
/// Tables that fit for each promised value: with keys, and without.
const FIT: (usize, usize) = (4, 24);
/// Steps of the search for a table that fits.
const STEPS: usize = 20_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, otherwise| arguments.get(i).and_then(|a| a.parse().ok()).unwrap_or(otherwise);
    let (tables, keys): (usize, usize) = (number(0, 20), number(1, 100));
    let sizes = [(1, 4), (2, 3), (3, 3), (4, 4), (5, 5)];
    let asked = |size: &(usize, usize)| arguments.len() < 3 || arguments.contains(&format!("{}x{}", size.0, size.1));
    println!(
        "| table | method | cost | cells | ruled out | | no key of {keys} | LR median | 90 % | LR < 3 | closed | loss |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for size in sizes.into_iter().filter(asked) {
        for method in ["optimal", "thorough", "fast"] {
            for cost in [Cost::Cells, Cost::Counts] {
                measure(size, method, &cost, tables, keys);
            }
        }
    }
}

/// What is found of the unsafe cells of some tables.
#[derive(Default)]
struct Found {
    cells: usize,
    /// Cells that lose a promised value, and those that lose all but one, without the key.
    ruled_out: usize,
    bare: usize,
    /// Cells with a promised value for which no key tried gives the pattern.
    keyless: usize,
    ratios: Vec<f64>,
    patterns: usize,
    closed: usize,
    loss: i64,
    least: i64,
}

fn measure(size: (usize, usize), method: &str, cost: &Cost, tables: usize, keys: usize) {
    let began = Instant::now();
    let mut rng = Rng(7);
    let mut found = Found::default();
    let mut done = 0;
    while done < tables {
        let counts: Vec<i64> = (0..size.0 * size.1).map(|_| (-MEAN * (1.0 - rng.unit()).ln()) as i64).collect();
        if !counts.iter().any(|c| (1..MINIMUM).contains(c)) {
            continue;
        }
        done += usize::from(one(size, method, cost, &counts, keys, &mut rng, &mut found));
    }
    let Found { cells, ruled_out, bare, keyless, mut ratios, patterns, closed, loss, least } = found;
    ratios.sort_by(f64::total_cmp);
    let at = |share: f64| ratios.get(((ratios.len() as f64 * share) as usize).min(ratios.len().saturating_sub(1)));
    let word = |ratio: Option<&f64>| {
        ratio.map_or("-".to_owned(), |r| if r.is_finite() { format!("{r:.1}") } else { "∞".to_owned() })
    };
    let percent = |n: usize, of: usize| format!("{:.0} %", 100.0 * n as f64 / of.max(1) as f64);
    let below = ratios.iter().filter(|r| **r < 3.0).count();
    println!(
        "| {}x{} | {method} | {cost} | {cells} | {} | {} | {} | {} | {} | {} | {} | {:+.1} % |",
        size.0,
        size.1,
        percent(ruled_out, cells),
        percent(bare, cells),
        percent(keyless, cells),
        word(at(0.5)),
        word(at(0.9)),
        percent(below, cells),
        percent(closed, patterns),
        100.0 * (loss - least) as f64 / least.max(1) as f64,
    );
    eprintln!("{size:?} {method} {cost}: {:.0} s", began.elapsed().as_secs_f64());
}

/// Adds what is found of one table; `false` if it can't be protected.
fn one(
    size: (usize, usize),
    method: &str,
    cost: &Cost,
    counts: &[i64],
    keys: usize,
    rng: &mut Rng,
    found: &mut Found,
) -> bool {
    let system = system(size, counts);
    let key =
        |n: usize| Key::from_bytes(format!("a key for measurements, number {n}").as_bytes()).expect("long enough");
    let Some(plain) = protected(&system, method, cost) else { return false };
    let Some((keyed, closed)) = keyed(&system, method, cost, &key(rng.below(1 << 30))) else { return false };
    found.least += plain.loss;
    found.loss += keyed.loss;
    found.patterns += 1;
    found.closed += usize::from(closed);
    for cell in (0..counts.len()).filter(|&i| (1..MINIMUM).contains(&counts[i])) {
        found.cells += 1;
        let kept = (1..MINIMUM).filter(|&v| {
            fitting(size, &system, &plain, (cell, v), FIT.1, rng)
                .iter()
                .any(|t| protected(&self::system(size, t), method, cost).is_some_and(|p| same(&p, &plain)))
        });
        let kept = kept.count();
        found.ruled_out += usize::from(kept < 4);
        found.bare += usize::from(kept < 2);
        let likely: Vec<f64> = (1..MINIMUM)
            .map(|v| {
                let fit = fitting(size, &system, &keyed, (cell, v), FIT.0, rng);
                let shares = fit.iter().map(|t| share(&self::system(size, t), method, cost, &keyed, keys, &key));
                shares.sum::<f64>() / fit.len().max(1) as f64
            })
            .collect();
        let (least, most) = likely.iter().fold((f64::INFINITY, 0.0_f64), |(l, m), &p| (l.min(p), m.max(p)));
        found.keyless += usize::from(least == 0.0);
        found.ratios.push(most / least);
    }
    true
}

/// The share of keys that give a pattern.
fn share(
    system: &System,
    method: &str,
    cost: &Cost,
    wanted: &Protection,
    keys: usize,
    key: &dyn Fn(usize) -> Key,
) -> f64 {
    with_problem(system, cost, |problem| {
        let hits = (0..keys).filter(|&n| pattern(problem, method, &key(n)).is_ok_and(|(p, _)| same(&p, wanted)));
        hits.count() as f64 / keys as f64
    })
}

fn protected(system: &System, method: &str, cost: &Cost) -> Option<Protection> {
    with_problem(system, cost, |problem| suppress(problem, method).ok().filter(|p| p.failed.is_empty()))
}

fn keyed(system: &System, method: &str, cost: &Cost, key: &Key) -> Option<(Protection, bool)> {
    with_problem(system, cost, |problem| pattern(problem, method, key).ok().filter(|p| p.0.failed.is_empty()))
}

fn with_problem<T>(system: &System, cost: &Cost, run: impl FnOnce(&Problem) -> T) -> T {
    let plan = SuppressPlan { cost: cost.clone(), ..SuppressPlan::default() };
    let wishes = plan.wishes(None);
    let band = ProtectionKind::Band;
    let mut problem =
        Problem::new(system, &findings(system), band, Attacker::default(), wishes.model(), &Highs, &|| None)
            .expect("the truth fits");
    wishes.apply(&mut problem);
    run(&problem)
}

/// Whether two tables are published alike as far as signs go; what is shown is the same for tables that fit.
fn same(a: &Protection, b: &Protection) -> bool {
    (0..a.treatments.len().max(b.treatments.len())).all(|c| a.is_withheld(c) == b.is_withheld(c))
}

/// What the threshold finds.
fn findings(system: &System) -> Vec<Finding> {
    let finding = |cell: CellId| Finding {
        cell,
        rule: "threshold",
        reason: String::new(),
        harm: Harm::Small { lo: 1, hi: MINIMUM - 1 },
        policy_line: String::new(),
        severity: Severity::Unsafe,
    };
    (0..system.cells.len()).filter(|&c| (1..MINIMUM).contains(&system.value(c))).map(finding).collect()
}

/// A table of so many rows and columns with its totals.
fn system((rows, columns): (usize, usize), counts: &[i64]) -> System {
    let sizes: Vec<usize> = [rows, columns].into_iter().filter(|&n| n > 1).collect();
    let dims: Vec<Dimension> =
        sizes.iter().enumerate().map(|(d, &n)| Dimension::new(format!("d{d}"), n as u32)).collect();
    let axes = sizes.iter().enumerate().map(|(d, &n)| axis(d, n)).collect();
    let table = Table {
        id: "1".to_owned(),
        title: "Table 1".to_owned(),
        measure: 0,
        axes,
        scope: Vec::new(),
        scope_name: String::new(),
        notes: Vec::new(),
    };
    let mut groups = Groups { leaf: vec![Vec::new(); sizes.len()], ..Groups::default() };
    for (i, &n) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
        let at = if rows > 1 { vec![i / columns, i % columns] } else { vec![i] };
        groups.leaf.iter_mut().zip(at).for_each(|(leaf, at)| leaf.push(at as u32));
        groups.records.push(n);
    }
    link(Space { dims }, vec![Measure::Records], vec![table], &groups, Details::default())
}

fn axis(dim: usize, size: usize) -> Axis {
    let entry = |code: String, leaves: Vec<u32>, total: bool| Entry {
        label: code.clone(),
        code,
        note: None,
        leaves,
        level: u8::from(!total).into(),
        total,
        shown: true,
    };
    let own = (0..size).map(|n| entry(n.to_string(), vec![n as u32], false));
    let all = entry("Total".to_owned(), (0..size as u32).collect(), true);
    Axis {
        variable: format!("v{dim}"),
        label: format!("v{dim}"),
        role: Role::Row,
        dim,
        entries: own.chain([all]).collect(),
        sensitive: false.into(),
    }
}

/// Tables that fit what is published of a system, in which an inner cell has a value; drawn by a search in random order.
fn fitting(
    size: (usize, usize),
    system: &System,
    found: &Protection,
    (cell, value): (usize, i64),
    most: usize,
    rng: &mut Rng,
) -> Vec<Vec<i64>> {
    let mut all: Vec<Vec<i64>> =
        (0..most).filter_map(|_| Fit::new(size, system, found, (cell, value)).draw(rng)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A search for a table that fits: inner cells row by row, each total as soon as its last part is chosen.
struct Fit {
    /// Per inner cell, its value if it is known.
    known: Vec<Option<i64>>,
    /// Sums of some inner cells that are published.
    sums: Vec<(Vec<usize>, i64)>,
    steps: usize,
    values: Vec<i64>,
}

impl Fit {
    fn new((rows, columns): (usize, usize), system: &System, found: &Protection, fixed: (usize, i64)) -> Fit {
        let at = |r: usize, c: usize| match rows {
            1 => system.cell_at(0, &[c]),
            _ => system.cell_at(0, &[r, c]),
        };
        let value = |r, c| at(r, c).filter(|&cell| !found.is_withheld(cell)).map(|cell| system.value(cell));
        let mut known: Vec<Option<i64>> = (0..rows * columns).map(|i| value(i / columns, i % columns)).collect();
        known[fixed.0] = Some(fixed.1);
        let mut sums = Vec::new();
        for r in 0..rows {
            sums.extend(value(r, columns).map(|sum| ((0..columns).map(|c| r * columns + c).collect(), sum)));
        }
        if rows > 1 {
            for c in 0..columns {
                sums.extend(value(rows, c).map(|sum| ((0..rows).map(|r| r * columns + c).collect(), sum)));
            }
            sums.extend(value(rows, columns).map(|sum| ((0..rows * columns).collect(), sum)));
        }
        Fit { known, sums, steps: 0, values: vec![0; rows * columns] }
    }

    fn draw(&mut self, rng: &mut Rng) -> Option<Vec<i64>> {
        self.go(0, rng).then(|| self.values.clone())
    }

    fn go(&mut self, cell: usize, rng: &mut Rng) -> bool {
        self.steps += 1;
        if cell == self.values.len() {
            return true;
        }
        let most = self.room(cell);
        let mut choices: Vec<i64> = match self.known[cell] {
            Some(value) => vec![value],
            None => (1..=most).collect(),
        };
        rng.shuffle(&mut choices);
        for value in choices {
            if self.steps > STEPS {
                return false;
            }
            self.values[cell] = value;
            if self.holds(cell) && self.go(cell + 1, rng) {
                return true;
            }
        }
        false
    }

    /// The largest value that leaves at least 1 for what is not yet chosen of each sum; without a published sum, 60.
    fn room(&self, cell: usize) -> i64 {
        let left = |(cells, sum): &(Vec<usize>, i64)| sum - self.least(cells, cell);
        let of = self.sums.iter().filter(|s| s.0.contains(&cell));
        of.map(left).min().unwrap_or(60).min(400)
    }

    /// What the other cells of a sum come to at least, when those up to `cell` are chosen.
    fn least(&self, cells: &[usize], cell: usize) -> i64 {
        let of = |&c: &usize| if c < cell { self.values[c] } else { self.known[c].unwrap_or(1) };
        cells.iter().filter(|&&c| c != cell).map(of).sum()
    }

    /// Whether every sum whose last free cell was just chosen is right, and no other is too large.
    fn holds(&self, cell: usize) -> bool {
        self.sums.iter().filter(|s| s.0.contains(&cell)).all(|(cells, sum)| {
            let total = self.least(cells, cell) + self.values[cell];
            let open = cells.iter().any(|&c| c > cell && self.known[c].is_none());
            if open { total <= *sum } else { total == *sum }
        })
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
        (self.next() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for i in (1..all.len()).rev() {
            all.swap(i, self.below(i + 1));
        }
    }
}
