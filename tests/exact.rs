//! Cell suppression instances with coefficients of any size, huge values, tight bounds, whole and not: what `audit` and
//! `protect` say beside the truth, which is worked out here by looking at every corner of what is possible (fractions) or at
//! every table (whole numbers).

use std::path::{Path, PathBuf};
use std::process::Command;

use dashu_ratio::RBig;
use serde_json::Value;
use tabsafe::attack::Attacker;
use tabsafe::model::{Decimal, Treatment, Verdict};
use tabsafe::pipeline::{InstanceOutcome, Options, audit_instance, instance_attacker, protect_instance};
use tabsafe::solve::Highs;
use tempfile::TempDir;

/// SplitMix64: picks test cases.
struct Rng(u64);

impl Rng {
    fn below(&mut self, n: u64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n) as i64
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

/// A cell of a made instance.
#[derive(Clone, Copy, Debug)]
struct Cell {
    value: i64,
    status: char,
    lo: i64,
    hi: i64,
    /// LPL, UPL, SPL.
    levels: [i64; 3],
}

/// A made instance.
#[derive(Clone, Debug)]
struct Made {
    cells: Vec<Cell>,
    /// Terms and constants.
    relations: Vec<(Vec<(usize, i64)>, i64)>,
}

/// What kinds of numbers an instance has.
#[derive(Clone, Copy, Debug)]
struct Kind {
    values: i64,
    coefficients: &'static [i64],
    /// How far bounds are from the value, at most.
    room: i64,
    cells: u64,
}

const KINDS: [Kind; 5] = [
    Kind { values: 20, coefficients: &[1, -1, 2, -3, 5, -7], room: 40, cells: 7 },
    Kind { values: 20, coefficients: &[1, 1, 1, -1, -1, -1, 2], room: 20, cells: 8 },
    Kind { values: 1000, coefficients: &[1, -1, 3, 1_000_000, -999_983], room: 50, cells: 6 },
    Kind { values: 5_000_000_000, coefficients: &[1, -1, 1000, -1000, 77], room: 1_000_000_000, cells: 6 },
    Kind {
        values: 4_000_000_000,
        coefficients: &[1, -1, 1_000_000, -1_000_000],
        room: 8_000_000_000_000_000,
        cells: 6,
    },
];

impl Made {
    fn new(rng: &mut Rng, kind: Kind) -> Made {
        let n = 3 + rng.below(kind.cells - 2) as usize;
        let cell = |rng: &mut Rng| {
            let value = rng.below(kind.values as u64 + 1);
            let (lo, hi) = (value - rng.below(kind.room as u64 + 1), value + rng.below(kind.room as u64 + 1));
            let status = rng.pick(&['u', 'x', 'x', 's', 'h', 'z', 'x']);
            let levels = match status {
                'u' => [0, 0, 0].map(|_| rng.below(kind.room as u64 / 3 + 2) * rng.below(2)),
                _ => [0; 3],
            };
            Cell { value, status, lo, hi, levels }
        };
        let mut cells: Vec<Cell> = (0..n).map(|_| cell(rng)).collect();
        cells[0].status = 'u';
        if cells[0].levels == [0; 3] {
            cells[0].levels = [1 + rng.below(kind.room as u64 / 3 + 1), rng.below(3), 0];
        }
        let mut relations = Vec::new();
        for _ in 0..1 + rng.below(3) {
            let terms: Vec<(usize, i64)> = (0..n)
                .flat_map(|c| if rng.below(5) < 3 { Some((c, rng.pick(kind.coefficients))) } else { None })
                .collect();
            let constant: i128 = terms.iter().map(|&(c, k)| i128::from(k) * i128::from(cells[c].value)).sum();
            match i64::try_from(constant) {
                Ok(constant) if terms.len() > 1 && constant.abs() <= 9_000_000_000_000_000 => {
                    relations.push((terms, constant))
                }
                _ => {}
            }
        }
        Made { cells, relations }
    }

    fn text(&self) -> String {
        let mut text = format!("0\n{}\n", self.cells.len());
        for (i, c) in self.cells.iter().enumerate() {
            let [lower, upper, spread] = c.levels;
            text += &format!("{i} {} 1 {} {} {} {lower} {upper} {spread}\n", c.value, c.status, c.lo, c.hi);
        }
        text += &format!("{}\n", self.relations.len());
        for (terms, constant) in &self.relations {
            text += &format!("{constant} {} :", terms.len());
            terms.iter().for_each(|(c, k)| text += &format!(" {c} ({k})"));
            text += "\n";
        }
        text
    }

    /// Whether a cell is unknown to an intruder under these secondary cells.
    fn unknown(&self, cell: usize, secondary: &[bool]) -> bool {
        matches!(self.cells[cell].status, 'u' | 'h') || secondary[cell]
    }

    /// The secondary cells of the text.
    fn given(&self) -> Vec<bool> {
        self.cells.iter().map(|c| c.status == 'x').collect()
    }

    /// Every cell that may be secondary.
    fn most(&self) -> Vec<bool> {
        self.cells.iter().map(|c| matches!(c.status, 'x' | 's')).collect()
    }

    /// Whether a primary cell with these ends reaches its levels, as far as its bounds allow.
    fn reaches(&self, cell: usize, lo: &RBig, hi: &RBig) -> bool {
        let Cell { value, lo: least, hi: most, levels, .. } = self.cells[cell];
        let [lower, upper, spread] = levels;
        let cut = [lower.min(value - least), upper.min(most - value), spread.min(most - least)];
        let [lower, upper, spread] = if cut == [0; 3] { levels } else { cut };
        let ratio = |v: i64| RBig::from(v);
        *lo <= ratio((value - lower).max(least)) && *hi >= ratio(value + upper) && hi - lo >= ratio(spread)
    }

    fn primaries(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.cells.len()).filter(|&c| self.cells[c].status == 'u')
    }

    /// The ends of each cell in fractions.
    fn ends(&self, secondary: &[bool]) -> Vec<(RBig, RBig)> {
        let cells: Vec<usize> = (0..self.cells.len()).filter(|&c| self.unknown(c, secondary)).collect();
        let own = |c: usize| RBig::from(self.cells[c].value);
        let mut ends: Vec<(RBig, RBig)> = (0..self.cells.len()).map(|c| (own(c), own(c))).collect();
        for corner in corners(self, &cells) {
            for (&c, v) in cells.iter().zip(corner) {
                if v < ends[c].0 {
                    ends[c].0 = v;
                } else if v > ends[c].1 {
                    ends[c].1 = v;
                }
            }
        }
        ends
    }

    /// The ends of each cell in whole numbers, of instances whose bounds are near.
    fn whole_ends(&self, secondary: &[bool]) -> Vec<(RBig, RBig)> {
        let cells: Vec<usize> = (0..self.cells.len()).filter(|&c| self.unknown(c, secondary)).collect();
        let mut values: Vec<i64> = self.cells.iter().map(|c| c.value).collect();
        let mut ends: Vec<(i64, i64)> = values.iter().map(|&v| (v, v)).collect();
        cells.iter().for_each(|&c| values[c] = self.cells[c].lo);
        loop {
            let holds = |(terms, constant): &(Vec<(usize, i64)>, i64)| {
                terms.iter().map(|&(c, k)| i128::from(k) * i128::from(values[c])).sum::<i128>() == i128::from(*constant)
            };
            if self.relations.iter().all(holds) {
                cells.iter().for_each(|&c| ends[c] = (ends[c].0.min(values[c]), ends[c].1.max(values[c])));
            }
            // the next table, as an odometer turns
            let Some(&next) = cells.iter().find(|&&c| values[c] < self.cells[c].hi) else { break };
            cells.iter().take_while(|&&c| c != next).for_each(|&c| values[c] = self.cells[c].lo);
            values[next] += 1;
        }
        ends.into_iter().map(|(l, h)| (RBig::from(l), RBig::from(h))).collect()
    }

    fn safe(&self, ends: &[(RBig, RBig)]) -> bool {
        self.primaries().all(|c| self.reaches(c, &ends[c].0, &ends[c].1))
    }
}

/// Every corner of what is possible for some cells: as many of them as there are relations that say something new follow from
/// the others, which stand at their bounds.
fn corners(made: &Made, cells: &[usize]) -> Vec<Vec<RBig>> {
    let n = cells.len();
    let rows: Vec<(Vec<RBig>, RBig)> = (made.relations.iter())
        .map(|(terms, constant)| {
            let mut row = vec![RBig::ZERO; n];
            let mut rest = RBig::from(*constant);
            for &(c, k) in terms {
                match cells.iter().position(|&x| x == c) {
                    Some(at) => row[at] = RBig::from(k),
                    None => rest -= RBig::from(k) * RBig::from(made.cells[c].value),
                }
            }
            (row, rest)
        })
        .collect();
    let mut found = Vec::new();
    for basis in 0u32..1 << n {
        if basis.count_ones() as usize > rows.len() {
            continue;
        }
        let outside: Vec<usize> = (0..n).filter(|&i| basis >> i & 1 == 0).collect();
        for sides in 0u32..1 << outside.len() {
            let mut values: Vec<Option<RBig>> = vec![None; n];
            for (bit, &i) in outside.iter().enumerate() {
                let Cell { lo, hi, .. } = made.cells[cells[i]];
                values[i] = Some(RBig::from(if sides >> bit & 1 == 0 { lo } else { hi }));
            }
            if let Some(corner) = completed(&rows, values)
                && corner
                    .iter()
                    .zip(cells)
                    .all(|(v, &c)| RBig::from(made.cells[c].lo) <= *v && *v <= RBig::from(made.cells[c].hi))
            {
                found.push(corner);
            }
        }
    }
    found
}

/// The missing values, if the equations give exactly one solution.
fn completed(rows: &[(Vec<RBig>, RBig)], values: Vec<Option<RBig>>) -> Option<Vec<RBig>> {
    let missing: Vec<usize> = (0..values.len()).filter(|&i| values[i].is_none()).collect();
    let mut grid: Vec<Vec<RBig>> = (rows.iter())
        .map(|(row, rest)| {
            let known = row.iter().zip(&values).filter_map(|(k, v)| Some(k * v.as_ref()?));
            let rest = rest - known.fold(RBig::ZERO, |sum, x| sum + x);
            missing.iter().map(|&i| row[i].clone()).chain([rest]).collect()
        })
        .collect();
    for at in 0..missing.len() {
        let pivot = (at..grid.len()).find(|&r| !grid[r][at].is_zero())?;
        grid.swap(at, pivot);
        let own = grid[at][at].clone();
        grid[at].iter_mut().for_each(|k| *k /= own.clone());
        let row = grid[at].clone();
        for (r, other) in grid.iter_mut().enumerate().filter(|(r, _)| *r != at) {
            let _ = r;
            let k = other[at].clone();
            other.iter_mut().zip(&row).for_each(|(x, p)| *x -= &k * p);
        }
    }
    if grid[missing.len()..].iter().any(|row| !row[missing.len()].is_zero()) {
        return None;
    }
    let mut values = values;
    missing.iter().enumerate().for_each(|(at, &i)| values[i] = Some(grid[at][missing.len()].clone()));
    values.into_iter().collect()
}

/// The seeds of a test: so many, or as many times more as `TABSAFE_TEST_SCALE` says.
fn seeds(n: u64) -> std::ops::Range<u64> {
    let scale = std::env::var("TABSAFE_TEST_SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(1.0);
    0..(n as f64 * scale) as u64
}

/// A folder, and a file in it for one instance after the other.
fn folder() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("made.jj");
    (dir, path)
}

fn audit(path: &Path, text: &[u8], whole: bool) -> InstanceOutcome {
    std::fs::write(path, text).expect("written");
    let attacker = Attacker { integers: whole, ..instance_attacker() };
    audit_instance(path, attacker, &Options::new(&Highs)).expect("an instance")
}

/// Whether an end that is told is this one: exactly, or rounded outwards after six decimals.
fn is(told: Option<Decimal>, end: &RBig, up: bool) -> bool {
    let Some(told) = told else { return false };
    let unit = RBig::from(10_i64.pow(told.places));
    let told_at = RBig::from(told.digits) / &unit;
    let off = if up { &told_at - end } else { end - &told_at };
    off.is_zero()
        || (off > RBig::ZERO && off < RBig::ONE / unit && (told.places == 6 || told.digits.abs() > i64::MAX / 10))
}

/// What the audit says of an instance is the truth: the verdict, which cells are protected, and the ends of each.
fn agrees(made: &Made, outcome: &InstanceOutcome, ends: &[(RBig, RBig)]) {
    let text = made.text();
    let expect = if made.safe(ends) { Verdict::Safe } else { Verdict::Unsafe };
    assert_eq!(outcome.verdict(), expect, "{text}{ends:?}");
    for cell in &outcome.audit.cells {
        let (lo, hi) = &ends[cell.cell];
        assert_eq!(cell.protected, made.reaches(cell.cell, lo, hi), "cell {}\n{text}", cell.cell);
        let right = is(cell.bounds.lo, lo, false) && is(cell.bounds.hi, hi, true);
        assert!(cell.exact && right, "cell {}: {:?}, not {lo} to {hi}\n{text}", cell.cell, cell.bounds);
        assert_eq!(cell.bounds.single, lo == hi, "cell {}\n{text}", cell.cell);
    }
}

/// In fractions the audit says of every instance what its corners say: no level is taken for met that is not, none for missed
/// that is met, and every end is right.
#[test]
fn audits_in_fractions() {
    let (_dir, path) = folder();
    for (k, kind) in KINDS.into_iter().enumerate() {
        for seed in seeds(600) {
            let made = Made::new(&mut Rng(seed * 8 + k as u64), kind);
            let ends = made.ends(&made.given());
            agrees(&made, &audit(&path, made.text().as_bytes(), false), &ends);
        }
    }
}

/// In whole numbers the audit says what a look at every table says, however large values and coefficients are.
#[test]
fn audits_in_whole_numbers() {
    let (_dir, path) = folder();
    let kinds = [
        Kind { values: 20, coefficients: &[1, -1, 2, -3, 5], room: 4, cells: 5 },
        Kind { values: 8_000_000_000, coefficients: &[1, -1, 2, 1_000_000, -999_999], room: 4, cells: 5 },
    ];
    for (k, kind) in kinds.into_iter().enumerate() {
        for seed in seeds(600) {
            let made = Made::new(&mut Rng(seed * 8 + k as u64 + 5), kind);
            let ends = made.whole_ends(&made.given());
            agrees(&made, &audit(&path, made.text().as_bytes(), true), &ends);
        }
    }
}

/// In whole numbers no instance with wide bounds and large coefficients is called safe whose levels are not met even in
/// fractions.
#[test]
fn no_false_safe_in_whole_numbers() {
    let (_dir, path) = folder();
    for (k, kind) in KINDS.into_iter().enumerate().skip(2) {
        for seed in seeds(300) {
            let made = Made::new(&mut Rng(seed * 8 + k as u64), kind);
            let outcome = audit(&path, made.text().as_bytes(), true);
            let safe = made.safe(&made.ends(&made.given()));
            assert!(safe || outcome.verdict() != Verdict::Safe, "{}", made.text());
        }
    }
}

/// A pattern of `protect` is one that `audit` and the corners call safe; and there is one wherever withholding all that may be
/// withheld is enough.
#[test]
fn protect_agrees_with_audit() {
    let (_dir, path) = folder();
    for (k, kind) in KINDS.into_iter().enumerate() {
        for seed in seeds(120) {
            let made = Made::new(&mut Rng(seed * 8 + k as u64), kind);
            std::fs::write(&path, made.text()).expect("written");
            for method in ["optimal", "fast"] {
                let attacker = instance_attacker();
                let outcome = protect_instance(&path, attacker, method, &Options::new(&Highs)).expect("an instance");
                let withheld = |c: &usize| outcome.protection.treatments[*c] == Treatment::Withhold { primary: false };
                let secondary: Vec<bool> = (0..made.cells.len()).map(|c| withheld(&c)).collect();
                let possible = made.safe(&made.ends(&made.most()));
                let is_safe = outcome.verdict() == Verdict::Safe;
                assert_eq!(is_safe, possible, "{method} ({k}, {seed}): {:?}\n{}", outcome.verdict(), made.text());
                if is_safe {
                    assert!(made.safe(&made.ends(&secondary)), "{method}\n{}", made.text());
                    let (_other, file) = folder();
                    assert_eq!(
                        audit(&file, &outcome.pattern(), false).verdict(),
                        Verdict::Safe,
                        "{method}\n{}",
                        made.text()
                    );
                }
            }
        }
    }
}

/// The exit code of `audit` on an instance of `tests/data/exact`, and the JSON ends of a cell.
fn told(name: &str, cell: u64, more: &[&str]) -> (Option<i32>, Value, Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/exact").join(name);
    let mut command = Command::new(env!("CARGO_BIN_EXE_tabsafe"));
    let done = command.arg("audit").arg(path).args(["--format", "json"]).args(more).output().expect("it runs");
    let json: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    let cells = json["cells"].as_array().expect("cells");
    let found = cells.iter().find(|c| c["by"]["cell"] == cell).expect("the cell").clone();
    (done.status.code(), found["lo"].clone(), found["hi"].clone())
}

/// No relation is left out, however large its right-hand side is.
#[test]
fn a_right_hand_side_beyond_64_bits() {
    for more in [&[][..], &["--attacker", "integers=true"]] {
        assert_eq!(told("overflow.jj", 0, more), (Some(1), 5_000_000_000_000_i64.into(), 5_000_000_000_000_i64.into()));
        assert_eq!(told("overflow_small.jj", 0, more), (Some(1), 5.into(), 5.into()));
    }
}

/// What a solver takes for equal is not equal: coefficients that make its tolerance large meet no level.
#[test]
fn a_tolerance_meets_no_level() {
    for more in [&[][..], &["--attacker", "integers=true"]] {
        for name in ["tol2.jj", "tol2_1000.jj"] {
            let (code, _, hi) = told(name, 0, more);
            assert_eq!((code, hi), (Some(1), 5_000_000_000_000_i64.into()), "{name} {more:?}");
        }
    }
}

/// Values that need not be whole are not rounded: levels that fractions meet are met, and the ends are told as they are.
#[test]
fn fractions_meet_levels() {
    assert_eq!(told("s65.jj", 4, &[]), (Some(0), 1.into(), 14.375.into()));
    assert_eq!(told("s147.jj", 4, &[]), (Some(0), 7.into(), 19.6.into()));
}
