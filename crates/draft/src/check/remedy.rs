//! What could be done about an unsafe draft: each remedy is a changed draft, proved by checking that one.
//!
//! - `withhold`: as many more figures as it takes, by the methods of `suppress`.
//! - `merge`: categories merged, table by table; where no merging helps, a variable is left out.
//! - `leave_out`: a variable left out of every table.
//! - `round`: every figure rounded to a base.
//!
//! They are priced alike (`price`): by how little a reader then knows of the figures that the draft printed. `edit`
//! changes the text, so that what is checked again is what would be sent.

mod additive;
mod changed;
pub(crate) mod derived;
mod edit;
mod listed;
mod merge;
mod price;
mod round;
mod signs;
mod sums;
mod withhold;

use super::codes::{HIDDEN_CONTENT, NUMBER_IN_TEXT};
use super::driver::Check;
use super::findings::{Outcome, Verdict};
use super::rewrite::Cut;
use super::{Draft, Options};

pub use changed::Changed;
pub(crate) use edit::Edited;

/// Something that makes a draft safe.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// `withhold`, `merge`, `leave-out` or `round`.
    pub kind: &'static str,
    /// What is done, in words.
    pub words: Vec<String>,
    /// Figures of the draft that are no longer printed as they were.
    pub cells: usize,
    /// Figures of the draft that it prints.
    pub of: usize,
    /// How far a reader is then from each of them on average.
    pub distance: f64,
    /// The sum of those distances, in counts: the smaller, the less information is lost.
    pub cost: i64,
    /// Whether fewer figures or less cost were proven impossible for this kind.
    pub proven: bool,
    /// What it changes, in the order of the draft.
    pub changes: Vec<Changed>,
    /// The changed draft.
    pub drafts: Vec<Draft>,
    /// The rows and columns that it no longer has.
    pub cuts: Vec<Cut>,
    /// The check of it: safe, but for sentences and what the file hides, which only a person can mend.
    pub outcome: Outcome,
}

/// A way to change a draft, before it is proved.
pub(crate) struct Proposal {
    pub kind: &'static str,
    pub words: Vec<String>,
    pub edited: Edited,
    pub changes: Vec<Changed>,
    pub proven: bool,
}

/// The remedies of an unsafe draft, the one that loses least first.
pub(crate) fn remedies(check: &Check, options: &Options) -> Vec<Remedy> {
    let stopped = || options.solver.stopped();
    let withheld = || withhold::proposal(check).into_iter().collect();
    let merged = || merge::merged(check).into_iter().collect();
    let left_out = || merge::left_out(check);
    let rounded = || round::proposal(check).into_iter().collect();
    let kinds: [&dyn Fn() -> Vec<Proposal>; 4] = [&withheld, &merged, &left_out, &rounded];
    let mut remedies: Vec<Remedy> = Vec::new();
    for propose in kinds {
        let proposals = if stopped() { Vec::new() } else { propose() };
        remedies.extend(proposals.into_iter().filter_map(|p| if stopped() { None } else { proved(check, p, options) }));
    }
    remedies.sort_by_key(|r| (r.cost, r.cells, r.kind));
    // of each kind the one that loses least
    let mut kinds: Vec<&str> = Vec::new();
    remedies.retain(|r| {
        let new = !kinds.contains(&r.kind);
        kinds.push(r.kind);
        new
    });
    remedies
}

/// Whether nothing is left but what only a person can mend: sentences, and what the file hides.
pub(crate) fn safe_tables(outcome: &Outcome) -> bool {
    let by_hand = |f: &super::findings::Finding| [NUMBER_IN_TEXT.name, HIDDEN_CONTENT.name].contains(&f.code.name);
    match outcome.verdict {
        Verdict::Safe | Verdict::SafeWithExceptions => true,
        Verdict::Unsafe => !outcome.open && outcome.findings.iter().all(by_hand),
        Verdict::NotUnderstood | Verdict::Question | Verdict::Inconclusive => false,
    }
}

/// A proposal as a remedy, if the changed draft is safe; where merging is not enough, what is left is withheld.
fn proved(check: &Check, proposal: Proposal, options: &Options) -> Option<Remedy> {
    let markers = check.markers();
    let again = Options { markers, remedies: false, answers: options.answers.clone(), ..*options };
    let outcome = Check::new(&proposal.edited.drafts, &again).run();
    let Proposal { kind, mut words, mut edited, mut changes, proven } = proposal;
    // what was asked of the draft is asked of the changed one
    let asked = |o: &Outcome| o.open_questions().all(|q| check.questions.asked(&q.asks));
    let safe = |o: &Outcome| safe_tables(o) || o.verdict == Verdict::Question && asked(o);
    let (edited, outcome) = if safe(&outcome) {
        (edited, outcome)
    } else {
        if outcome.verdict != Verdict::Unsafe || !matches!(kind, "merge" | "leave-out") {
            return None;
        }
        let rest = Check::new(&edited.drafts, &again).judged();
        let more = withhold::proposal(&rest)?;
        words.extend(more.words);
        changes.extend(more.changes);
        edited.follow(more.edited);
        let outcome = Check::new(&edited.drafts, &again).run();
        safe(&outcome).then_some((edited, outcome))?
    };
    // what a search that was broken off did not find is no proof
    if options.solver.stopped() {
        return None;
    }
    let price = price::price(check, &edited, &again);
    Some(Remedy {
        kind,
        words,
        cells: price.lost,
        of: price.of,
        distance: price.distance,
        cost: price.cost,
        proven,
        changes,
        drafts: edited.drafts,
        cuts: edited.cuts,
        outcome,
    })
}
