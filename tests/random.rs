//! Small linked systems from seeds: the same seed gives the same system everywhere.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use tabsafe::model::{Axis, CellId, Dimension, Entry, Exposure, Finding, Groups, Harm, LeafSet, Severity};
use tabsafe::model::{Measure, Role, Space, System, Table};

/// Runs tests of many seeds side by side. What fails in a worker's thread is told by the test's own: a worker's words go to
/// whichever test made it.
pub fn side_by_side<T>(run: impl FnOnce() -> T) -> T {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(done) => done,
        Err(payload) => match (payload.downcast_ref::<String>(), payload.downcast_ref::<&str>()) {
            (Some(words), _) => panic!("{words}"),
            (None, Some(words)) => panic!("{words}"),
            (None, None) => resume_unwind(payload),
        },
    }
}

/// SplitMix64: small, and good enough to pick test cases.
pub struct Rng(pub u64);

impl Rng {
    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// One random case.
pub struct Case {
    /// Leaves per dimension.
    pub leaves: Vec<u32>,
    /// The tables to be published.
    pub tables: Vec<Table>,
    /// The records.
    pub groups: Groups,
    /// Counts from 1 to one below it are unsafe.
    pub threshold: i64,
}

impl Case {
    /// The case of a seed.
    pub fn new(seed: u64) -> Case {
        let mut rng = Rng(seed.wrapping_mul(0xA076_1D64_78BD_642F));
        let circle = rng.chance(20);
        let dims = if circle { 3 } else { [2, 2, 3, 3, 4][rng.below(5)] };
        let few = dims > 2 && rng.chance(80);
        let mut leaves: Vec<u32> = (0..dims).map(|_| if few { 2 } else { 2 + rng.below(2) as u32 }).collect();
        if dims == 2 && rng.chance(40) {
            leaves[0] = 4;
        }
        let tables = if circle { 0 } else { 2 + rng.below(3) };
        Case::over(rng, leaves, tables)
    }

    /// A smaller case of a seed: at most 9 combinations of leaves.
    pub fn small(seed: u64) -> Case {
        let mut rng = Rng(seed.wrapping_mul(0xA076_1D64_78BD_642F) ^ 0x5eed);
        let leaves =
            [vec![2, 2], vec![3, 2], vec![3, 3], vec![4, 2], vec![2, 2, 2], vec![2, 2, 2]][rng.below(6)].clone();
        let circle = leaves.len() == 3 && rng.chance(40);
        let tables = if circle { 0 } else { 2 + rng.below(2) };
        Case::over(rng, leaves, tables)
    }

    /// A case of so many tables over these dimensions; 0 is for the circle of three tables over pairs of three dimensions.
    fn over(mut rng: Rng, leaves: Vec<u32>, tables: usize) -> Case {
        let edges: Vec<Vec<usize>> = match tables {
            0 => vec![vec![0, 1], vec![1, 2], vec![0, 2]],
            n => (0..n).map(|_| pick(&mut rng, leaves.len())).collect(),
        };
        let tables = edges.iter().enumerate().map(|(t, edge)| table(&mut rng, t, edge, &leaves)).collect();
        let groups = records(&mut rng, &leaves);
        Case { leaves, tables, groups, threshold: [2, 3, 3, 3, 5][rng.below(5)] }
    }

    /// The case as one linked system.
    pub fn system(&self) -> System {
        self.system_with(tabsafe::link::Details::default())
    }

    /// The same with more known of each cell.
    pub fn system_with(&self, details: tabsafe::link::Details) -> System {
        let dims = self.leaves.iter().enumerate().map(|(d, &n)| Dimension::new(format!("d{d}"), n)).collect();
        tabsafe::link::link(Space { dims }, vec![Measure::Records], self.tables.clone(), &self.groups, details)
    }

    /// What is unsafe: small counts that are printed or can be worked out from printed ones.
    pub fn findings(&self, system: &System) -> Vec<Finding> {
        let small = |c: &CellId| (1..self.threshold).contains(&system.value(*c));
        let seen = |c: &CellId| system.cells[*c].exposure != Exposure::Hidden;
        (0..system.cells.len()).filter(|c| small(c) && seen(c)).map(|cell| self.finding(cell)).collect()
    }

    fn finding(&self, cell: CellId) -> Finding {
        Finding {
            cell,
            rule: "threshold",
            reason: String::new(),
            harm: Harm::Small { lo: 1, hi: self.threshold - 1 },
            policy_line: String::new(),
            severity: Severity::Unsafe,
        }
    }
}

/// One to three dimensions.
fn pick(rng: &mut Rng, dims: usize) -> Vec<usize> {
    loop {
        let edge: Vec<usize> = (0..dims).filter(|_| rng.chance(55)).collect();
        if (1..=3).contains(&edge.len()) {
            return edge;
        }
    }
}

fn table(rng: &mut Rng, index: usize, edge: &[usize], leaves: &[u32]) -> Table {
    let mut scope = Vec::new();
    if rng.chance(25) {
        // a filter, now and then on a variable that the table also shows
        let dim = rng.below(leaves.len());
        let kept = 1 + rng.below(leaves[dim] as usize - 1) as u32;
        scope.push((dim, (0..kept).collect()));
    }
    let axes = edge.iter().map(|&d| axis(rng, d, leaves[d])).collect();
    Table {
        id: format!("t{index}"),
        title: format!("Table {index}"),
        measure: 0,
        axes,
        scope_name: if scope.is_empty() { String::new() } else { "in scope".to_owned() },
        scope,
        notes: vec![],
    }
}

/// The leaves themselves, a hierarchy, groups that may cross those of other tables, or only some of the leaves.
fn axis(rng: &mut Rng, dim: usize, leaves: u32) -> Axis {
    let single = |l: u32| (vec![l], 1);
    let mut parts: Vec<(LeafSet, u32)> = match rng.below(6) {
        3 if leaves >= 3 => {
            let cut = 1 + rng.below(leaves as usize - 1) as u32;
            vec![((0..cut).collect(), 1), ((cut..leaves).collect(), 1)]
        }
        4 if leaves >= 3 => {
            let cut = 2 + rng.below(leaves as usize - 2) as u32;
            let group = ((0..cut).collect(), 1);
            let below = (0..cut).map(|l| (vec![l], 2));
            std::iter::once(group).chain(below).chain((cut..leaves).map(single)).collect()
        }
        5 if leaves >= 3 => (0..leaves - 1).map(single).collect(),
        _ => (0..leaves).map(single).collect(),
    };
    let mut whole: LeafSet = parts.iter().flat_map(|p| p.0.clone()).collect();
    whole.sort_unstable();
    whole.dedup();
    let shown = rng.chance(75);
    if shown || rng.chance(50) {
        parts.push((whole, 0));
    }
    let entries = (parts.into_iter())
        .map(|(set, level)| {
            let label = format!("{set:?}");
            let total = level == 0 || set.len() > 1 && level == 1;
            let shown = level > 0 || shown;
            Entry { code: label.clone(), label, note: None, leaves: set, level, total, shown }
        })
        .collect();
    let (variable, label) = (format!("v{dim}"), format!("variable {dim}"));
    Axis { variable, label, role: Role::Row, dim, entries, sensitive: false.into() }
}

/// Mostly nothing or little, sometimes up to 6 records, in each combination of leaves.
fn records(rng: &mut Rng, leaves: &[u32]) -> Groups {
    let mut groups = Groups { leaf: vec![vec![]; leaves.len()], ..Groups::default() };
    let size: u32 = leaves.iter().product();
    let empty = if size > 8 { 60 } else { 35 };
    for mut joint in 0..size {
        let count = if rng.chance(empty) { 0 } else { [1, 1, 1, 2, 2, 3, 4, 6][rng.below(8)] };
        for (column, &n) in groups.leaf.iter_mut().zip(leaves) {
            column.push(joint % n);
            joint /= n;
        }
        groups.records.push(count);
    }
    groups
}
