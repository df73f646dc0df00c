//! Whether a release gives away what its policy hides.

use tabsafe::release::Release;

use super::algebra::{Equations, derivation};
use super::groups::{Candidate, Named, candidates};
use super::kinds::{Kinds, Trouble, kinds};
use super::printed::{Cell, Figure, MOST, cells, said, zeros};
use super::reader::{Frame, Printed, Reader};
use super::solver::{Possible, end, possible};
use super::truths::{Truth, Want};
use super::walk::{Met, walk};
use super::world::{Plan, World};

/// What a release gives away.
#[derive(Clone, Debug)]
pub struct Leak {
    /// In a word: `cell-exact`.
    pub label: String,
    /// In words: the group, what is left of it, how it follows.
    pub words: String,
}

/// What is said of a release.
#[derive(Debug)]
pub enum Judged {
    /// These leaks, and how many groups were looked at.
    Leaks(Vec<Leak>, usize),
    TooLarge,
}

/// Everything about a release that a group is judged by.
pub struct Case<'a> {
    pub world: &'a World,
    pub kinds: &'a Kinds,
    pub frame: Frame,
    pub truth: Truth<'a>,
    pub cells: Vec<Cell>,
    pub reader: Reader,
    /// What is known where all is withheld that can be.
    pub little: Reader,
    pub equations: Equations,
}

impl<'a> Case<'a> {
    pub fn new(world: &'a World, kinds: &'a Kinds, release: &Release) -> Case<'a> {
        let frame = Frame::new(world, kinds);
        let truth = Truth::new(world, kinds);
        let cells = cells(world, kinds, release);
        let mut said = said(world, release);
        said.never_zero &= matches!(world.policy.plan, Plan::Suppress { .. });
        let reader = |printed| Reader::new(world, kinds, &frame, &truth, &cells, said, printed);
        let (reader, little) = (reader(Printed::AsReleased), reader(Printed::AsLittleAsPossible));
        let equations = Equations::new(&reader);
        Case { world, kinds, frame, truth, cells, reader, little, equations }
    }

    /// A withheld sum that is zero where the legend says that no withheld figure is.
    fn false_sign(&self, release: &Release) -> Option<&Cell> {
        let zero = |c: &&Cell| c.figure == Figure::Withheld && self.truth.number(&self.frame.group(self.kinds, c)) == 0;
        self.cells.iter().find(|c| said(self.world, release).legend_never_zero && zero(c))
    }

    /// The groups to be judged.
    pub fn candidates(&self) -> Vec<Candidate> {
        candidates(self.world, self.kinds, &self.frame, &self.truth, &self.cells, &self.equations)
    }
}

/// The kinds of a world whose release prints some zeros.
pub fn kinds_of(world: &World, release: &Release) -> Result<Kinds, Trouble> {
    let zeros = zeros(world, release);
    let gone = |codes: &[Vec<Vec<String>>]| {
        codes.iter().zip(&zeros).any(|(axes, zero)| {
            let finest: Option<Vec<String>> = axes.iter().map(|c| c.last().cloned()).collect();
            !axes.is_empty() && finest.is_some_and(|f| zero.contains(&f))
        })
    };
    kinds(world, &gone)
}

/// Steps of the walk before the solver is asked.
const STEPS: usize = 500;

/// Judges a release.
pub fn judge(world: &World, release: &Release, seed: u64) -> Judged {
    let false_figure = |label: &str, words: String| Judged::Leaks(vec![Leak { label: label.to_owned(), words }], 0);
    let kinds = match kinds_of(world, release) {
        Ok(kinds) => kinds,
        Err(Trouble::TooMany) => return Judged::TooLarge,
        Err(Trouble::NotThere) => {
            return false_figure("false-figure", "a record is where a zero is printed".to_owned());
        }
    };
    let case = Case::new(world, &kinds, release);
    if let Some(row) = case.reader.falsehood() {
        let words = row
            .cell
            .map_or("common sense".to_owned(), |c| format!("{} is {}", case.cells[c].name, case.cells[c].shown));
        return false_figure("false-figure", words);
    }
    if let Some(cell) = case.false_sign(release) {
        return false_figure(
            "false-legend",
            format!("{} is withheld and is zero, which the legend rules out", cell.name),
        );
    }
    let all = case.candidates();
    let forms: Vec<Vec<(usize, i64)>> = all.iter().map(|c| case.frame.form(&c.group)).collect();
    let met = walk(&case.reader, &case.equations, &forms, STEPS, seed);
    let mut leaks = Vec::new();
    for (g, candidate) in all.iter().enumerate() {
        leaks.extend(leak(&case, candidate, &forms[g], &met, g));
    }
    Judged::Leaks(leaks, all.len())
}

/// The leak of a group, if there is one.
fn leak(case: &Case, candidate: &Candidate, form: &[(usize, i64)], met: &Met, g: usize) -> Option<Leak> {
    let open = |w: &&Want| match **w {
        Want::Value(v) => !met.value(g, v),
        Want::Spread(s) => met.hi[g] - met.lo[g] < s,
        Want::AtMost(b) => met.lo[g] > b,
        Want::AtLeast(b) => met.hi[g] < b,
    };
    let open: Vec<Want> = candidate.wants.iter().filter(open).copied().collect();
    let seen = (met.lo[g], met.hi[g]);
    let refuted: Vec<Want> = open.into_iter().filter(|w| refuted_from(&case.reader, form, *w, seen)).collect();
    // what can't be hidden at all is not asked for
    let truth = case.truth.number(&candidate.group);
    let hideable = |w: &Want| !refuted_from(&case.little, form, *w, (truth, truth));
    let lost: Vec<Want> = refuted.into_iter().filter(hideable).collect();
    if lost.is_empty() {
        return None;
    }
    let exact = lost.contains(&Want::Spread(1));
    let named = match candidate.named {
        Named::Cell => "cell",
        Named::Joint => "joint",
        Named::Difference => "difference",
        Named::Intersection => "intersection",
        Named::Union => "union",
    };
    let label = format!("{named}-{}", if exact { "exact" } else { "narrow" });
    let ends = (end(&case.reader, form, 1), end(&case.reader, form, -1));
    let derived = derivation(&case.reader, form).map_or("by whole programs".to_owned(), |d| {
        // zeros go without saying
        let one = |(r, f): &(usize, f64)| {
            let cell = &case.cells[case.reader.rows[*r].cell?];
            Some(format!("{f:+} [{}: {}]", cell.name, cell.shown))
        };
        d.iter().filter_map(one).collect::<Vec<_>>().join(" ")
    });
    let words = format!(
        "{:?} of {}: truly {truth}, lost {lost:?}, can be {ends:?}; {derived}",
        candidate.group.measure, candidate.name,
    );
    Some(Leak { label, words })
}

/// Whether the solver says that a want can't be met; `seen` are the ends of what is known to be possible.
fn refuted_from(reader: &Reader, form: &[(usize, i64)], want: Want, seen: (i64, i64)) -> bool {
    let no = |lo: i64, hi: i64| possible(reader, form, lo, hi) == Possible::No;
    match want {
        Want::Value(v) => no(v, v),
        Want::AtMost(b) => no(-MOST, b),
        Want::AtLeast(b) => no(b, MOST),
        Want::Spread(1) => no(-MOST, seen.0 - 1) && no(seen.1 + 1, MOST),
        Want::Spread(s) => match (end(reader, form, 1), end(reader, form, -1)) {
            (Some(lo), Some(hi)) => hi - lo < s as f64 - 1e-6,
            _ => false,
        },
    }
}
