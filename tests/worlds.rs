//! Systems with something to hide, from seeds: counts out of random linked tables, and magnitudes with bounds and
//! protection levels, as instances of the cell suppression problem have them.

use tabsafe::attack::{Attack, Attacker, Audit, ProtectionKind, targets};
use tabsafe::model::{Block, BlockDim, Cell, CellId, Demand, Exposure, Family, Finding, Harm, Interval};
use tabsafe::model::{Measure, Protection, Relation, Severity, System, Treatment};
use tabsafe::solve::{Highs, Solver};
use tabsafe::suppress::{CostModel, Problem, suppress};

use crate::oracle::costs;
use crate::random::{Case, Rng};

/// Every kind of protection.
pub const KINDS: [ProtectionKind; 5] = [
    ProtectionKind::Band,
    ProtectionKind::Exact,
    ProtectionKind::Above,
    ProtectionKind::Width(3),
    ProtectionKind::Percent(40),
];

/// A system, what is unsafe in it, and against whom it is protected how.
pub struct World {
    pub name: String,
    pub system: System,
    pub findings: Vec<Finding>,
    pub kind: ProtectionKind,
    pub attacker: Attacker,
    pub costs: CostModel,
    /// Cells that must be published.
    pub forced: Vec<CellId>,
    /// The tables and records of counts.
    pub case: Option<Case>,
}

impl World {
    /// Counts of a random linked case; the kind of protection goes round with the seed.
    pub fn counts(seed: u64) -> World {
        let kind = KINDS[(seed % KINDS.len() as u64) as usize];
        let case = Case::new(seed + 20_000_000);
        let system = case.system();
        World {
            name: format!("counts, seed {seed}, {kind}"),
            findings: case.findings(&system),
            system,
            kind,
            attacker: Attacker::default(),
            costs: costs(seed),
            forced: Vec::new(),
            case: Some(case),
        }
    }

    /// Magnitudes: a dense grid with hierarchies, or two grids that share a margin; skewed values, bounds that every
    /// intruder knows, lower, upper and sliding levels, cells that must be published.
    pub fn magnitudes(seed: u64) -> World {
        let mut rng = Rng(seed ^ 0x6d61_676e);
        let mut system = match seed % 4 {
            0 => grid(&mut rng, &[flat(3), flat(3)]),
            1 => grid(&mut rng, &[tree(), flat(2)]),
            2 => grid(&mut rng, &[flat(2), flat(2), flat(2)]),
            _ => linked(&mut rng),
        };
        system.prior = system.cells.iter().map(|c| prior(&mut rng, c.value)).collect();
        if rng.chance(50) {
            system.blocks.clear();
        }
        let mut findings = Vec::new();
        for cell in 0..system.cells.len() {
            if rng.chance(22)
                && let Some(harm) = levels(&mut rng, system.value(cell), system.prior[cell])
            {
                findings.push(finding(cell, harm));
            }
        }
        let primary = |c: CellId| findings.iter().any(|f| f.cell == c);
        let forced = (0..system.cells.len()).filter(|&c| !primary(c) && rng.chance(8)).collect();
        World {
            name: format!("magnitudes, seed {seed}"),
            system,
            findings,
            kind: ProtectionKind::Band,
            attacker: Attacker { integers: false, ..Attacker::default() },
            costs: CostModel { of_value: |v| v, total_factor: 1, keep_totals: false },
            forced,
            case: None,
        }
    }

    /// What a method has to solve.
    pub fn problem(&self) -> Problem<'_> {
        self.problem_with(&Highs, &|| None)
    }

    /// The same with another solver and clock.
    pub fn problem_with<'a>(
        &'a self,
        solver: &'a dyn Solver,
        time_left: &'a (dyn Fn() -> Option<f64> + Sync),
    ) -> Problem<'a> {
        let problem =
            Problem::new(&self.system, &self.findings, self.kind, self.attacker, self.costs, solver, time_left);
        let mut problem = problem.expect("the truth fits what is published");
        self.forced.iter().for_each(|&c| problem.candidate[c] = false);
        problem
    }

    /// What the attack says of a release.
    pub fn audit(&self, treatments: &[Treatment], demands: &[Demand], hints: &[Vec<(CellId, i64)>]) -> Audit {
        let name = |c: CellId| self.system.words(c);
        let insiders = self.attacker.insiders(&self.system);
        let attack = Attack {
            whole: self.attacker.integers,
            blocks: &self.system.blocks,
            hints,
            insiders: insiders.as_ref(),
            ..Attack::new(&Highs, &name)
        };
        let public = self.attacker.view(&self.system, treatments);
        let asked = targets(&self.system, treatments, demands);
        attack.run(&public, demands, &asked, Some(&self.truth())).expect("the truth fits what is published")
    }

    /// The true values.
    pub fn truth(&self) -> Vec<i64> {
        self.system.cells.iter().map(|c| c.value).collect()
    }
}

/// Protects a problem.
pub fn protect(problem: &Problem, method: &str) -> Protection {
    suppress(problem, method).expect("the truth fits what is published")
}

/// Which cells a protection withholds.
pub fn withheld(protection: &Protection) -> Vec<bool> {
    (0..protection.treatments.len()).map(|c| protection.is_withheld(c)).collect()
}

/// An unsafe cell.
pub fn finding(cell: CellId, harm: Harm) -> Finding {
    Finding { cell, rule: "given", reason: String::new(), harm, policy_line: String::new(), severity: Severity::Unsafe }
}

/// A printed cell that stands in no table.
pub fn cell(value: i64) -> Cell {
    Cell {
        measure: 0,
        coords: Box::default(),
        value,
        persons: None,
        contributions: None,
        exposure: Exposure::Shown,
        places: Vec::new(),
    }
}

/// Sums, in whole units.
pub fn sums() -> Vec<Measure> {
    vec![Measure::Sum { column: "value".to_owned(), index: 0, decimals: 0 }]
}

/// `n` categories and their total.
pub fn flat(n: usize) -> BlockDim {
    BlockDim { nodes: n + 1, families: vec![Family { total: n, parts: (0..n).collect() }], ..BlockDim::default() }
}

/// Two groups of two, and their total.
pub fn tree() -> BlockDim {
    let family = |total, parts: [usize; 2]| Family { total, parts: parts.to_vec() };
    BlockDim {
        nodes: 7,
        families: vec![family(4, [0, 1]), family(5, [2, 3]), family(6, [4, 5])],
        ..BlockDim::default()
    }
}

/// A system of one grid with skewed values.
pub fn grid(rng: &mut Rng, dims: &[BlockDim]) -> System {
    let mut system = System { measures: sums(), ..System::default() };
    add_grid(rng, &mut system, dims, &[]);
    system
}

/// Two grids over the same totals of one dimension.
fn linked(rng: &mut Rng) -> System {
    let mut system = grid(rng, &[flat(3), flat(2)]);
    let shared: Vec<CellId> = (0..4).map(|r| r * 3 + 2).collect();
    add_grid(rng, &mut system, &[flat(3), flat(2)], &shared);
    system
}

/// Adds a grid; `shared` are cells that its last column stands for, if it is the second one.
fn add_grid(rng: &mut Rng, system: &mut System, dims: &[BlockDim], shared: &[CellId]) {
    let block = Block { dims: dims.to_vec(), cells: Vec::new() };
    let strides = block.strides();
    let size: usize = dims.iter().map(|d| d.nodes).product();
    let node = |p: usize, d: usize| p / strides[d] % dims[d].nodes;
    let mut value: Vec<i64> = vec![0; size];
    let inner = |p: usize| (0..dims.len()).all(|d| dims[d].families.iter().all(|f| f.total != node(p, d)));
    for p in (0..size).filter(|&p| inner(p)) {
        value[p] = [0, 1, 1, 2, 3, 5, 8, 12, 20, 35, 60, 140, 700][rng.below(13)];
    }
    if !shared.is_empty() {
        // rows add up to what the other grid has
        let columns = dims[1].nodes;
        for r in 0..dims[0].nodes - 1 {
            let total = system.value(shared[r]);
            let first = rng.below(total as usize + 1) as i64;
            (value[r * columns], value[r * columns + 1]) = (first, total - first);
        }
    }
    for d in 0..dims.len() {
        for f in &dims[d].families {
            for p in (0..size).filter(|&p| node(p, d) == f.total) {
                let origin = p - f.total * strides[d];
                value[p] = f.parts.iter().map(|&part| value[origin + part * strides[d]]).sum();
            }
        }
    }
    let mut ids = Vec::with_capacity(size);
    for (p, &v) in value.iter().enumerate() {
        match shared.get(node(p, 0)) {
            Some(&cell) if node(p, 1) == dims[1].nodes - 1 => ids.push(cell),
            _ => {
                system.cells.push(cell(v));
                ids.push(system.cells.len() - 1);
            }
        }
    }
    for d in 0..dims.len() {
        for f in &dims[d].families {
            for p in (0..size).filter(|&p| node(p, d) == f.total) {
                let origin = p - f.total * strides[d];
                let relation = Relation::total(ids[p], f.parts.iter().map(|&part| ids[origin + part * strides[d]]));
                if !system.relations.contains(&relation) {
                    system.relations.push(relation);
                }
            }
        }
    }
    system.blocks.push(Block { cells: ids, ..block });
}

/// What every intruder knows of a value: little, half of it, or that a zero is one.
fn prior(rng: &mut Rng, value: i64) -> Interval {
    match rng.below(6) {
        0 => Interval::new(value - value / 2, value + value / 2 + 1),
        1 if value == 0 => Interval::exactly(0),
        2 => Interval::new(0, 2 * value + 10),
        3 => Interval::new(value - value / 5, 3 * value + 3),
        _ => Interval::at_least(0),
    }
}

/// Levels of a tenth or more, as far as the bounds leave room; `None` where they leave none.
fn levels(rng: &mut Rng, value: i64, prior: Interval) -> Option<Harm> {
    let (down, up) = (value - prior.lo.unwrap_or(0), prior.hi.map_or(i64::MAX, |hi| hi - value));
    let level = (value * [10, 15, 40][rng.below(3)] / 100).max(1);
    let (lower, upper) = (level.min(down), level.min(up));
    let spread = if rng.chance(30) { (level + 2).min(down.saturating_add(up)) } else { 0 };
    (lower + upper > 0).then_some(Harm::Levels { lower, upper, spread })
}
