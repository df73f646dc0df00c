//! What the reviewer's page shows: the facts of a [`super::Report`] arranged around the tables. Confidential.
//!
//! A *case* is a cell that there is something to say about: unsafe, withheld, leaking, or left open. Every case carries
//! its reasons, what an intruder can still work out, and the two tables that prove it.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::build::drafted;
use super::figure::Figure;
use super::header::Header;
use super::report::{Desk, Facts, decimals, first_place};
use super::since::{Changes, Earlier};
use super::table::ReleaseTable;
use crate::attack::{CellAudit, Leak};
use crate::model::{CellId, Choice, Exposure, Finding, Severity, Treatment, Verdict};

/// Cases that are told in full; the JSON report holds the rest.
const CASES: usize = 1_000;
/// Values of one pair of witness tables that are listed.
const WITNESS_CELLS: usize = 40;
/// Tables of at most so many cells are shown with both witnesses in their cells.
const WITNESS_GRID: usize = 150;

/// The reviewer's page, before it has a form.
#[derive(Clone, Debug)]
pub struct Review {
    /// Title, policy, signs.
    pub header: Header,
    /// The answer to "may this go out?".
    pub verdict: Verdict,
    /// What was said about the run: a heading and a sentence each, the verdict first.
    pub said: Vec<(String, String)>,
    /// The tables of the release.
    pub tables: Vec<ReviewTable>,
    /// Every cell there is something to say about, in the order of the tables.
    pub cases: Vec<Case>,
    /// How many cases are left out, because there are too many for a page.
    pub left_out: usize,
    /// What an intruder can work out although the policy hides it.
    pub leaks: Vec<ReviewLeak>,
    /// Cells whose proof a limit left open, and cells that no method could protect, with the reason.
    pub unsettled: Vec<(String, String)>,
    /// What it cost: a name and a figure each.
    pub costs: Vec<(String, String)>,
    /// The stages and the seconds they took.
    pub seconds: Vec<(String, f64)>,
    /// What a person should look at.
    pub warnings: Vec<String>,
    /// What was assumed.
    pub assumptions: Vec<String>,
    /// What is different from an earlier report.
    pub changes: Option<Changes>,
}

/// One table: what the public sees, and what is true.
#[derive(Clone, Debug)]
pub struct ReviewTable {
    /// As it is published, or would have been.
    pub public: ReleaseTable,
    /// Per position of its grid.
    pub cells: Vec<ReviewCell>,
}

/// One printed cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReviewCell {
    /// The true value; `None` where categories exclude each other.
    pub truth: Option<Figure>,
    /// What became of it.
    pub state: State,
    /// Its place in [`Review::cases`].
    pub case: Option<usize>,
}

/// What became of a cell, as a reviewer sorts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Published as it is.
    Published,
    /// Published, and a rule asks for a look.
    Look,
    /// Unsafe and withheld.
    Primary,
    /// Withheld to protect others.
    Secondary,
    /// Published as another value.
    Replaced,
    /// Unsafe, and not protected: it leaks, is open, or has failed.
    Unsafe,
    /// Not printed, but it follows from what is.
    NotPrinted,
    /// Cannot exist.
    NotApplicable,
}

/// A cell there is something to say about.
#[derive(Clone, Debug)]
pub struct Case {
    /// The cell in words.
    pub cell: String,
    /// What became of it.
    pub state: State,
    /// The true value.
    pub truth: Figure,
    /// How many persons are behind it, where that is known.
    pub persons: Option<i64>,
    /// The table it is told under; none for a cell that is not printed.
    pub table: Option<usize>,
    /// The titles of the other tables that it stands in.
    pub also: Vec<String>,
    /// Why it is unsafe, or to be looked at.
    pub reasons: Vec<Reason>,
    /// What an intruder can narrow it to, in words, and whether that was worked out to its ends.
    pub interval: Option<(String, bool)>,
    /// Whether everything that must remain possible for it is possible.
    pub protected: Option<bool>,
    /// The tables that prove it.
    pub witnesses: Option<Witnesses>,
}

/// Why a rule names a cell.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The rule.
    pub rule: &'static str,
    /// A sentence.
    pub reason: String,
    /// The line of the policy.
    pub policy: String,
}

/// Two tables that fit all that is published: with the smallest value of a cell, and with the largest.
#[derive(Clone, Debug)]
pub struct Witnesses {
    /// The cells in which they differ from the truth or from each other.
    pub cells: Vec<WitnessCell>,
    /// How many such cells are not listed.
    pub left_out: usize,
    /// For a small table, both values at every position of its grid, and whether it is the case's own cell.
    pub grid: Option<Vec<Option<(Figure, Figure, bool)>>>,
}

/// One cell in both tables.
#[derive(Clone, Debug)]
pub struct WitnessCell {
    /// The cell in words.
    pub cell: String,
    /// Its true value.
    pub truth: Figure,
    /// Its value in the table with the smallest value of the case.
    pub low: Figure,
    /// The same with the largest.
    pub high: Figure,
}

/// What can be worked out, and how.
#[derive(Clone, Debug)]
pub struct ReviewLeak {
    /// The cell in words.
    pub cell: String,
    /// What is left of its possible values, in words.
    pub learned: String,
    /// The arithmetic.
    pub derivation: String,
    /// Its place in [`Review::cases`].
    pub case: Option<usize>,
}

impl Review {
    /// Arranges the facts. `said` is what was said about the run, a heading and a sentence each; `since` an earlier
    /// report to compare with.
    pub fn new(facts: &Facts, said: &[(String, String)], since: Option<&Earlier>) -> Review {
        let desk = Desk::new(facts);
        let table = Arranged::new(facts, &desk);
        let (summary, system) = (desk.summary(), facts.system);
        let unsettled = facts.audit.open.iter().map(|d| d.cell).collect::<BTreeSet<_>>().into_iter();
        let open = unsettled.map(|c| (desk.words(c), "a limit ended the proof".to_owned()));
        let failed = facts.protection.failed.iter().map(|(c, why)| (desk.words(*c), why.clone()));
        let proof = match summary.proven_optimal {
            true => "proven to be the least".to_owned(),
            false => format!("at least {} is unavoidable", summary.bound),
        };
        let withheld = summary.primaries + summary.secondaries;
        let mut costs = vec![
            ("Printed cells".to_owned(), summary.cells.to_string()),
            ("Unsafe and withheld (primary)".to_owned(), summary.primaries.to_string()),
            ("Withheld to protect them (secondary)".to_owned(), summary.secondaries.to_string()),
        ];
        if withheld > 0 {
            costs.push(("Sum of the secondary figures".to_owned(), summary.secondary_value.to_string()));
            costs.push(("Loss by the policy's costs".to_owned(), format!("{}, {proof}", summary.loss)));
        }
        costs.push(("Method".to_owned(), summary.method.to_owned()));
        if let Choice::Keyed { drawn: Some(key), .. } = &facts.protection.choice {
            costs.push(("Key of the choice, drawn for this run".to_owned(), key.text().to_owned()));
        }
        Review {
            header: facts.header.clone(),
            verdict: facts.audit.verdict,
            said: said.to_vec(),
            left_out: table.left_out,
            leaks: facts.audit.leaks.iter().map(|l| table.leak(l)).collect(),
            tables: (0..system.tables.len()).filter_map(|i| table.table(i)).collect(),
            cases: table.order.iter().map(|&c| table.case(c)).collect(),
            unsettled: open.chain(failed).collect(),
            costs,
            seconds: facts.seconds.to_vec(),
            warnings: facts.warnings.to_vec(),
            assumptions: system.unexamined.clone(),
            changes: since.map(|earlier| Changes::new(facts, &desk, earlier)),
        }
    }
}

/// The facts by cell.
struct Arranged<'a> {
    facts: &'a Facts<'a>,
    desk: &'a Desk<'a>,
    findings: HashMap<CellId, Vec<&'a Finding>>,
    /// Cells that leak, are open or could not be protected.
    bad: HashSet<CellId>,
    /// The cells of the cases, in order.
    order: Vec<CellId>,
    index: HashMap<CellId, usize>,
    left_out: usize,
}

impl<'a> Arranged<'a> {
    fn new(facts: &'a Facts<'a>, desk: &'a Desk<'a>) -> Self {
        let (system, audit, protection) = (facts.system, facts.audit, facts.protection);
        let mut findings: HashMap<CellId, Vec<&Finding>> = HashMap::new();
        facts.findings.iter().for_each(|f| findings.entry(f.cell).or_default().push(f));
        let bad: HashSet<CellId> = (audit.leaks.iter().map(|l| l.cell))
            .chain(audit.open.iter().map(|d| d.cell))
            .chain(protection.failed.iter().map(|f| f.0))
            .chain(audit.cells.iter().filter(|c| !c.protected).map(|c| c.cell))
            .collect();
        let withheld = protection.treatments.iter().enumerate();
        let withheld = withheld.filter(|(_, t)| matches!(t, Treatment::Withhold { .. })).map(|(c, _)| c);
        let mut order: Vec<CellId> = withheld.chain(findings.keys().copied()).chain(bad.iter().copied()).collect();
        order.retain(|&c| c < system.cells.len());
        // what is wrong must not be among what is left out
        order.sort_by_key(|c| (!bad.contains(c), first_place(system, *c).unwrap_or((usize::MAX, 0)), *c));
        order.dedup();
        let left_out = order.len().saturating_sub(CASES);
        order.truncate(CASES);
        order.sort_by_key(|&c| (first_place(system, c).unwrap_or((usize::MAX, 0)), c));
        let index = order.iter().enumerate().map(|(i, &c)| (c, i)).collect();
        Arranged { facts, desk, findings, bad, order, index, left_out }
    }

    fn state(&self, id: CellId) -> State {
        let treatment = self.facts.protection.treatments.get(id).copied().unwrap_or(Treatment::Hide);
        let named = self.findings.get(&id).is_some_and(|f| !f.is_empty());
        match (self.facts.system.cells[id].exposure, treatment) {
            _ if self.bad.contains(&id) => State::Unsafe,
            (Exposure::Hidden | Exposure::Implied, _) | (_, Treatment::Hide) => State::NotPrinted,
            (_, Treatment::Withhold { primary: true }) => State::Primary,
            (_, Treatment::Withhold { primary: false }) => State::Secondary,
            (_, Treatment::Replace { .. } | Treatment::Band { .. }) => State::Replaced,
            (_, Treatment::Publish) if named => State::Look,
            (_, Treatment::Publish) => State::Published,
        }
    }

    fn table(&self, index: usize) -> Option<ReviewTable> {
        let system = self.facts.system;
        let mut public = drafted(system, self.facts.protection, self.facts.header.noise, index)?;
        let notes = self.facts.header.cell_notes.iter().filter(|n| n.table == public.id);
        public.notes.extend(notes.map(|n| format!("{} {}", n.mark, n.text)));
        let (table, grid) = (system.tables.get(index)?, system.grids.get(index)?);
        let printed = (0..table.len()).filter(|&p| table.is_shown(&table.entries_at(p)));
        let cells = printed.map(|p| match grid.get(p).copied().flatten().filter(|&c| c < system.cells.len()) {
            None => ReviewCell { truth: None, state: State::NotApplicable, case: None },
            Some(id) => ReviewCell {
                truth: Some(self.desk.figure(id, system.value(id))),
                state: self.state(id),
                case: self.index.get(&id).copied(),
            },
        });
        Some(ReviewTable { cells: cells.collect(), public })
    }

    fn leak(&self, leak: &Leak) -> ReviewLeak {
        ReviewLeak {
            cell: self.desk.words(leak.cell),
            learned: leak.learned.words(self.decimals(leak.cell)),
            derivation: leak.derivation.clone(),
            case: self.index.get(&leak.cell).copied(),
        }
    }

    fn decimals(&self, id: CellId) -> u32 {
        let system = self.facts.system;
        decimals(system.cells.get(id).and_then(|c| system.measures.get(c.measure)))
    }

    fn case(&self, id: CellId) -> Case {
        let system = self.facts.system;
        let cell = &system.cells[id];
        let treatment = self.facts.protection.treatments.get(id).copied().unwrap_or(Treatment::Hide);
        let audit = self.desk.audits.get(&id).copied();
        let place = first_place(system, id);
        let others = cell.places.iter().filter(|p| p.shown && Some((p.table, p.position)) != place);
        let mut findings = self.findings.get(&id).cloned().unwrap_or_default();
        findings.sort_by_key(|f| f.severity == Severity::Review);
        let reason = |f: &&Finding| Reason { rule: f.rule, reason: f.reason.clone(), policy: f.policy_line.clone() };
        let interval = self.desk.interval(id, treatment);
        Case {
            cell: self.desk.words(id),
            state: self.state(id),
            truth: self.desk.figure(id, cell.value),
            persons: cell.persons,
            table: place.map(|p| p.0).filter(|_| cell.exposure == Exposure::Shown),
            also: others.filter_map(|p| Some(system.tables.get(p.table)?.title.clone())).collect(),
            reasons: findings.iter().map(reason).collect(),
            interval: interval.map(|i| (i.words(self.decimals(id)), audit.is_none_or(|a| a.exact))),
            protected: audit.map(|a| a.protected),
            witnesses: audit.filter(|a| a.low != a.high).map(|a| self.witnesses(a, place)),
        }
    }

    fn witnesses(&self, audit: &CellAudit, place: Option<(usize, usize)>) -> Witnesses {
        let system = self.facts.system;
        let low: HashMap<CellId, i64> = audit.low.0.iter().copied().collect();
        let high: HashMap<CellId, i64> = audit.high.0.iter().copied().collect();
        let both = |id: CellId| {
            let value = |table: &HashMap<CellId, i64>| table.get(&id).copied().unwrap_or(system.cells[id].value);
            (self.desk.figure(id, value(&low)), self.desk.figure(id, value(&high)))
        };
        // forms of several cells have numbers of their own, which are no cells
        let moved: BTreeSet<CellId> =
            low.keys().chain(high.keys()).copied().filter(|&c| c < system.cells.len()).collect();
        let mut moved: Vec<CellId> = moved.into_iter().collect();
        moved.sort_by_key(|&c| (c != audit.cell, first_place(system, c).unwrap_or((usize::MAX, 0)), c));
        let listed = moved.iter().take(WITNESS_CELLS).map(|&id| {
            let (low, high) = both(id);
            WitnessCell { cell: self.desk.words(id), truth: self.desk.figure(id, system.cells[id].value), low, high }
        });
        let grid = place.filter(|&(t, _)| system.tables[t].len() <= WITNESS_GRID).map(|(t, _)| {
            let table = &system.tables[t];
            let printed = (0..table.len()).filter(|&p| table.is_shown(&table.entries_at(p)));
            let pair = |p: usize| {
                let id = system.grids.get(t)?.get(p).copied().flatten()?;
                let (low, high) = both(id);
                Some((low, high, id == audit.cell))
            };
            printed.map(pair).collect()
        });
        Witnesses { cells: listed.collect(), left_out: moved.len().saturating_sub(WITNESS_CELLS), grid }
    }
}
