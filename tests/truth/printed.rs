//! The product as a black box: from the texts of a world to what is released, and from that to statements about groups.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use tabsafe::model::Verdict;
use tabsafe::pipeline::{Failure, Options, Outcome, run};
use tabsafe::policy;
use tabsafe::read;
use tabsafe::release::{Published, Refusal, Release};
use tabsafe::solve::Highs;
use tabsafe::spec::Spec;
use tabsafe::write::{find, legend};

use super::bits::Bits;
use super::kinds::Kinds;
use super::world::{Measure, Plan, World, Zero};

/// Seconds for one release.
const LIMIT: f64 = 20.0;

/// What came of a run.
#[derive(Debug)]
pub enum Came {
    Released(Box<Outcome>),
    Unsafe,
    Inconclusive,
    /// Refused in words: the exit code and what was said.
    Refused(u8, String),
    /// A fault of the product itself.
    Internal(String),
}

/// Runs the product on files in a folder, as the command line does.
pub fn came(folder: &Path, spec: &str, policy: &str) -> Came {
    let run = || released(folder, spec, policy);
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        Came::Internal(said.or(panic.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_default())
    })
}

fn released(folder: &Path, spec: &str, policy: &str) -> Came {
    let spec = match Spec::parse(spec, &folder.join("release.toml")) {
        Ok(spec) => spec,
        Err(faults) => {
            let said: Vec<String> = faults.faults.iter().map(|f| f.message.clone()).collect();
            return Came::Refused(2, said.join("; "));
        }
    };
    let policy = match policy::Policy::from_text(&folder.join("pol.toml").to_string_lossy(), policy) {
        Ok(policy) => policy,
        Err(error) => return Came::Refused(2, error.to_string()),
    };
    // an attack that finds no end is inconclusive, as with `--time-limit`
    let begun = Instant::now();
    let now = || begun.elapsed().as_secs_f64();
    let time_left = || Some(LIMIT - now());
    let outcome = match run(&spec, &policy, &Options { time_left: &time_left, now: &now, ..Options::new(&Highs) }) {
        Ok(outcome) => outcome,
        Err(Failure::Input(error)) => match error.kind {
            read::Kind::Internal => return Came::Internal(error.to_string()),
            read::Kind::Usage => return Came::Refused(2, error.to_string()),
            read::Kind::Data => return Came::Refused(3, error.to_string()),
        },
        Err(Failure::Contradiction(said)) => {
            return Came::Internal(format!("true figures contradict themselves: {said}"));
        }
        Err(Failure::Disagreement(said)) => return Came::Internal(format!("read again: {said}")),
        Err(Failure::Banned(said)) => return Came::Refused(1, said.join("\n")),
        Err(other) => return Came::Refused(2, other.to_string()),
    };
    match &outcome.release {
        Ok(_) => Came::Released(Box::new(outcome)),
        Err(Refusal::NotSafe(Verdict::Inconclusive)) => Came::Inconclusive,
        Err(Refusal::NotSafe(_) | Refusal::NotProtected(_)) => Came::Unsafe,
        Err(other) => Came::Internal(other.to_string()),
    }
}

/// Writes the data of a world into a folder.
pub fn write_data(world: &World, folder: &Path) {
    std::fs::write(folder.join("data.csv"), world.csv()).expect("written");
    if matches!(&world.policy.plan, Plan::Round { method: "random", .. }) {
        std::fs::write(folder.join("key"), "0123456789abcdef0123456789abcdef\n").expect("written");
    }
}

/// The release as text.
pub fn as_text(release: &Release) -> String {
    let mut bytes = Vec::new();
    let text = find("text").expect("the format");
    (text.write)(release, &mut bytes).expect("written");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What a printed figure says of its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// From, to.
    Known(i64, i64),
    Withheld,
}

/// Without bound.
pub const MOST: i64 = 1 << 40;

/// A place of a printed table.
#[derive(Clone, Debug)]
pub struct Cell {
    pub table: usize,
    pub name: String,
    pub measure: Measure,
    /// Kinds of records.
    pub set: Bits,
    pub figure: Figure,
    /// What is printed, for people.
    pub shown: String,
}

/// What the words around the figures say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said {
    /// A withheld count is never zero.
    pub never_zero: bool,
    /// The legend says of all withheld figures that they are never zero.
    pub legend_never_zero: bool,
}

/// What the policy and the legend say.
pub fn said(world: &World, release: &Release) -> Said {
    let legend = legend::legend(release).iter().map(|n| n.text.clone()).collect::<Vec<_>>().join("\n");
    // of sums it may say that they may be zero
    let legend_never_zero = legend.contains("never zero") && !legend.contains("a sum may be");
    Said { never_zero: world.policy.zero() == Zero::Show || legend_never_zero, legend_never_zero }
}

/// Whether the release prints that there are no records of a kind: an inner cell of a table of records or persons that is zero.
pub fn zeros(world: &World, release: &Release) -> Vec<HashSet<Vec<String>>> {
    let mut all = Vec::new();
    for (t, table) in release.tables().iter().enumerate() {
        let mut own = HashSet::new();
        if world.policy.zero() == Zero::Show && !matches!(world.tables[t].measure, Measure::Sum(..)) {
            for (position, state) in table.grid.iter().enumerate() {
                let entries = table.entries_at(position);
                if *state == Published::Zero && entries.iter().all(|e| e.level > 0) {
                    own.insert(entries.iter().map(|e| e.code.clone()).collect());
                }
            }
        }
        all.push(own);
    }
    all
}

/// Every printed figure as a statement about its group.
pub fn cells(world: &World, kinds: &Kinds, release: &Release) -> Vec<Cell> {
    let mut all = Vec::new();
    let single = release.tables().len() == 1;
    for (t, table) in release.tables().iter().enumerate() {
        let measure = &world.tables[t].measure;
        let alone = single && table.axes.len() == 1 && table.axes[0].entries.iter().all(|e| !e.total);
        for (position, state) in table.grid.iter().enumerate() {
            let entries = table.entries_at(position);
            let within =
                |codes: &Vec<Vec<String>>| codes.iter().zip(&entries).all(|(c, e)| e.level == 0 || c.contains(&e.code));
            let about = |k: &usize| kinds.records[*k].joint[t].is_some() && within(&kinds.records[*k].codes[t]);
            let set = Bits::of((0..kinds.records.len()).filter(about));
            let words: Vec<String> =
                table.axes.iter().zip(&entries).map(|(a, e)| format!("{}={}", a.variable, e.code)).collect();
            let figure = match *state {
                Published::Number(v) => Figure::Known(v, v),
                Published::Zero | Published::NotApplicable => Figure::Known(0, 0),
                Published::Withheld => Figure::Withheld,
                Published::Rounded(v) | Published::Perturbed(v) => behind(world, measure, v, alone),
                Published::RoundsToZero => match behind(world, measure, 0, alone) {
                    Figure::Known(_, hi) => Figure::Known(1, hi),
                    Figure::Withheld => Figure::Withheld,
                },
            };
            let name = format!("table {}: {}", world.tables[t].id, words.join(", "));
            all.push(Cell { table: t, name, measure: measure.clone(), set, figure, shown: format!("{state:?}") });
        }
    }
    all
}

/// The true values that a method of rounding prints as this one.
fn behind(world: &World, measure: &Measure, v: i64, alone: bool) -> Figure {
    let Plan::Round { method, base } = &world.policy.plan else { return Figure::Withheld };
    let base = match measure {
        Measure::Sum(_, d) => base * 10i64.pow(*d),
        _ => *base,
    };
    // ties go up
    let nearest = ((v - base / 2).max(0), v + (base - 1) / 2);
    let next = (v - base + 1, v + base - 1);
    let (lo, hi) = match *method {
        "conventional" => nearest,
        "controlled" if alone => nearest,
        "controlled" if v == 0 => (0, base - 1),
        "controlled" => (next.0.max(1), next.1),
        _ => (next.0.max(0), next.1),
    };
    Figure::Known(lo, hi)
}
