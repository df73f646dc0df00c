//! The only place that orders the stages: read, tabulate, link, rules, protect, attack, release.
//!
//! Nothing is written here. The caller gets everything that a release, a report and a terminal need, whatever the
//! verdict; a [`Release`] is in it only if the attack ended with "safe".

mod clock;
mod example;
mod given;
mod groups;
mod instance;
mod joint;
mod noise;
mod proof;
mod published;
mod reread;
mod signs;
mod sums;
mod terms;
mod unions;
mod waive;
mod wishes;

use crate::attack::{Attack, Attacker, Audit, Contradiction, demands, given_up, hideable, targets};
use crate::link::{Details, has_finer, link};
use crate::model::{Demand, DrawnKey, Finding, Groups, Listener, Protection, System, Verdict};
use crate::perturb::{Noise, PerturbError};
use crate::policy::{Cost, Plan, Policy, SuppressPlan};
use crate::release::{CellNote, Header, Last, Proof, Refusal, Release};
use crate::round::RoundError;
use crate::secret::{Key, KeyError};
use crate::solve::Solver;
use crate::spec::Spec;
use crate::suppress::price::WEIGHT_DECIMALS;
use crate::suppress::{Aids, Problem, Secret, suppress_by};
use crate::{read, round, rules, tabulate};

use reread::Reread;
use sums::{WithSums, count_unexamined, protect_sums};

pub use clock::Clock;
pub use example::{Tried, try_examples};
pub use given::{Given, protect_given};
pub use instance::{InstanceOutcome, audit_instance, bare_header, instance_attacker, protect_instance};
pub use proof::ProofError;
pub use published::{
    Finest, Judged, PublishedAudit, PublishedTotal, PublishedVariable, Replacing, Spread, audit_published, understand,
    verdict_of,
};

/// What a run is asked for beside its specification and policy.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Who solves programs.
    pub solver: &'a dyn Solver,
    /// The seconds left, if there is a time limit; after that no new search is begun.
    pub time_left: &'a (dyn Fn() -> Option<f64> + Sync),
    /// A clock in seconds, for the times in the report.
    pub now: &'a (dyn Fn() -> f64 + Sync),
    /// Whether intervals are worked out to their ends; otherwise they are what the witnesses show at least.
    pub intervals: bool,
    /// The day of today, `2026-01-31`: after their last day exceptions lapse. `None`: none holds.
    pub today: Option<&'a str>,
    /// The last release: what it withholds is withheld again where that is enough.
    pub last: Option<&'a Last>,
    /// Whether a public proof is made of the release.
    pub proof: bool,
    /// Told of stages, steps and what a search has found so far.
    pub progress: Listener<'a>,
}

/// The share of a time limit that the search for cells has; the rest is for the proof.
pub const SEARCH: f64 = 0.6;

impl<'a> Options<'a> {
    /// Without a time limit, a clock, a day, an earlier release, and anybody who watches.
    pub fn new(solver: &'a dyn Solver) -> Self {
        Options {
            solver,
            time_left: &|| None,
            now: &|| 0.0,
            intervals: true,
            today: None,
            last: None,
            proof: false,
            progress: &|_| (),
        }
    }

    /// When a proof must end, by the clock of the options: what is left at the beginning is for the search, which takes
    /// [`SEARCH`] of all the time.
    fn proof_limit(&self) -> Option<f64> {
        (self.time_left)().map(|left| (self.now)() + left / SEARCH)
    }
}

/// Everything that came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The cells.
    pub system: System,
    /// What the rules found.
    pub findings: Vec<Finding>,
    /// What was done.
    pub protection: Protection,
    /// What an intruder can still work out.
    pub audit: Audit,
    /// Title, policy, signs.
    pub header: Header,
    /// The release, or why there is none.
    pub release: Result<Release, Refusal>,
    /// Its public proof, where one was asked for.
    pub proof: Option<Proof>,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// Those of the warnings that follow from values which the release may withhold.
    pub confidential: Vec<String>,
    /// Stages and the seconds they took.
    pub seconds: Vec<(String, f64)>,
    /// Digits after the decimal point of the costs that loss and bound are made of.
    pub cost_decimals: u32,
}

/// What stopped a run.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Reading or tabulating.
    #[error(transparent)]
    Input(#[from] read::Error),
    /// The policy bans what a table would show.
    #[error("{}", .0.join("\n"))]
    Banned(Vec<String>),
    /// There is no secret key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No rounding was found.
    #[error(transparent)]
    Rounding(#[from] RoundError),
    /// No noise could be added.
    #[error(transparent)]
    Noise(#[from] PerturbError),
    /// No values fit what would be published.
    #[error("the figures contradict themselves: {0}")]
    Contradiction(String),
    /// The attack called safe what a reader can see through: a fault of tabsafe. Names cells, never a value.
    #[error(
        "read again as its readers will, the release does not hold what the attack has proved: {0}; nothing is released"
    )]
    Disagreement(String),
    /// There is no public proof, and one was asked for.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// Records of a specification's data as one system.
#[derive(Debug)]
pub struct Prepared {
    /// The cells.
    pub system: System,
    /// The same with the finest classes of every dimension in each table, where that is more.
    finer: Option<System>,
    /// The records, grouped to the finest cells.
    pub groups: Groups,
    /// What a person should know about the data.
    pub warnings: Vec<String>,
    /// Those of them that follow from values which the release may withhold.
    pub confidential: Vec<String>,
    /// Those of these that a release shows, if there is one.
    pub shown_by_zeros: Vec<String>,
}

/// Reads, tabulates and links.
///
/// # Errors
/// What stopped it.
pub fn prepare(spec: &Spec, policy: &Policy, clock: &mut Clock) -> Result<Prepared, Failure> {
    prepare_with(spec, policy, noise::key(spec, policy)?.as_ref(), clock)
}

/// The same, with the secret key if the policy needs one.
fn prepare_with(spec: &Spec, policy: &Policy, key: Option<&Key>, clock: &mut Clock) -> Result<Prepared, Failure> {
    none_banned(terms::banned_variables(spec, policy))?;
    let details = details(policy, spec.input.person.is_some());
    wishes::known(spec, policy)?;
    noise::check(spec, policy)?;
    clock.stage("read");
    let keys = noise::record_keys(policy, key);
    let weight = suppress_plan(policy).and_then(|plan| plan.cost.column()).map(|column| (column, WEIGHT_DECIMALS));
    let Details { persons, contributions, zeros_published, .. } = details;
    let needs = tabulate::Needs { persons, contributions, keys, zeros_published, weight };
    let records = read::open(&spec.input.files, &tabulate::wanted(spec, &needs)?)?;
    let of_files = records.notes.clone();
    clock.stage("tabulate");
    let mut tables = tabulate::tabulate(spec, records, needs)?;
    noise::bound(policy, &mut tables.groups)?;
    clock.stage("link");
    let tabulate::Tabulation { space, measures, tables: own, groups, summary } = tables;
    let finer = has_finer(&space, &measures, &own, &groups).then(|| {
        let details = Details { finest: true, ..details };
        link(space.clone(), measures.clone(), own.clone(), &groups, details)
    });
    let mut system = link(space, measures, own, &groups, details);
    system.unexamined.extend(summary.unexamined.iter().cloned());
    none_banned(terms::banned_categories(spec, policy, &system))?;
    terms::mark_sensitive(policy, &mut system);
    let finer = finer.map(|mut finer| {
        terms::mark_sensitive(policy, &mut finer);
        finer.unexamined.extend(summary.unexamined.iter().cloned());
        finer
    });
    let written = spec.warnings.faults.iter().map(|fault| fault.message.clone());
    let of_noise = noise::warnings(spec, policy);
    let of_terms = terms::out_of_scope(spec, policy).into_iter().chain(terms::zeros_that_show(spec, policy, &system));
    let of_terms = of_terms.chain(signs::claims(policy)).chain(terms::uncounted(spec, policy, &system));
    let of_terms = of_terms.chain(terms::formulas(&system));
    let confidential = terms::follow_from_counts(&of_files, &summary);
    let shown_by_zeros = terms::shown_by_zeros(policy, &summary);
    let written = written.chain(summary.of_writing);
    let warnings = written.chain(summary.notes).chain(summary.warnings).chain(of_noise).chain(of_terms);
    Ok(Prepared { warnings: warnings.collect(), confidential, shown_by_zeros, system, finer, groups })
}

fn none_banned(found: Vec<String>) -> Result<(), Failure> {
    if found.is_empty() { Ok(()) } else { Err(Failure::Banned(found)) }
}

/// What the rules need to be known. Persons count only where the specification says who they are.
fn details(policy: &Policy, persons_named: bool) -> Details {
    let needs = policy.rules.iter().map(|r| r.rule.needs());
    let mut details = Details::default();
    needs.for_each(|n| {
        details.persons |= n.persons && persons_named;
        details.contributions = details.contributions.max(n.contributions);
    });
    let joined = policy.attacker.joined();
    details.persons |= joined > 0 && persons_named;
    details.insiders = joined;
    if suppress_plan(policy).is_some_and(|plan| plan.cost == Cost::Contributors) {
        details.persons |= persons_named;
        details.contributions = details.contributions.max(1);
    }
    let bands = policy.rules.iter().filter_map(|r| r.rule.band());
    details.few = bands.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let withheld = policy.rules.iter().any(|r| r.rule.withholds_zeros());
    details.zeros_published = suppress_plan(policy).is_some() && policy.attacker.zeros_published && !withheld;
    if let Some(plan) = noise::plan(policy) {
        details.persons |= plan.method.private() && persons_named;
        details.contributions = details.contributions.max(plan.method.contributions());
    }
    details
}

/// Runs everything.
///
/// # Errors
/// What stopped it. A finding or a leak is no error: see [`Outcome::audit`].
pub fn run(spec: &Spec, policy: &Policy, options: &Options) -> Result<Outcome, Failure> {
    let mut clock = Clock::new(options.progress, options.now);
    if options.proof {
        proof::possible(policy)?;
    }
    let (key, drawn) = noise::key_or_drawn(spec, policy)?;
    let mut prepared = prepare_with(spec, policy, key.as_ref(), &mut clock)?;
    clock.stage("rules");
    let details = details(policy, spec.input.person.is_some());
    let finer = prepared.finer.take();
    let exposed = groups::expose_all(policy, (&mut prepared.system, finer), &prepared.groups, details, options);
    exposed.map_err(|c| Failure::Contradiction(relation_in_words(&prepared.system, c.relation)))?;
    let findings = findings(policy, &prepared.system);
    let waived = waive::waive(spec, policy, &prepared.system, findings, options.today);
    let mut header = header(spec, policy);
    header.terms.exceptions = waived.excused;
    let idle = terms::idle(policy, &prepared.system).into_iter().chain(wishes::idle(spec, policy, &prepared.system)?);
    let Prepared { system, groups, mut warnings, mut confidential, shown_by_zeros, .. } = prepared;
    warnings.extend(idle.chain(waived.warnings));
    confidential.extend(waived.confidential);
    let kept = waived.kept;
    let facts = Facts { system, groups, findings: kept, header, warnings, confidential, shown_by_zeros, key, drawn };
    finish(spec, policy, facts, options, clock)
}

/// What the rules of a policy find.
fn findings(policy: &Policy, system: &System) -> Vec<Finding> {
    rules::judge(policy.rules.iter().map(|r| (&*r.rule, r.line.as_str())), system)
}

/// What is known before anything is protected.
struct Facts {
    system: System,
    groups: Groups,
    findings: Vec<Finding>,
    header: Header,
    warnings: Vec<String>,
    /// Those of them that follow from values, and of these those that a release shows, if there is one.
    confidential: Vec<String>,
    shown_by_zeros: Vec<String>,
    /// The secret key of what is drawn, or of the choice of withheld cells.
    key: Option<Key>,
    /// The same as text, if it was drawn for this run.
    drawn: Option<DrawnKey>,
}

/// Protects, attacks and releases.
fn finish(spec: &Spec, policy: &Policy, facts: Facts, options: &Options, mut clock: Clock) -> Result<Outcome, Failure> {
    let last = options.last.filter(|_| suppress_plan(policy).is_some()).map(|last| last.withheld(&facts.system));
    let limit = options.proof_limit();
    clock.stage("protect");
    let mut records = Records { spec, policy, facts, last: last.as_deref(), options };
    let (protection, noise) = protect_sums(&mut records)?;
    let facts = records.facts;
    let Facts { system, findings, mut header, mut warnings, mut confidential, shown_by_zeros, .. } = facts;
    let contradiction = |c: Contradiction| Failure::Contradiction(relation_in_words(&system, c.relation));
    signs::expect_true(policy, &system, &protection)?;
    warnings.extend(terms::nothing_left(spec, &system, &protection));
    warnings.extend(options.last.zip(last.as_ref()).map(|(l, cells)| wishes::again(l, cells, &protection)));
    clock.stage("attack");
    let (mut audit, bare) = attack(&system, &findings, policy, &protection, options, limit).map_err(contradiction)?;
    confidential.extend(not_hideable(bare));
    if let Some(noise) = &noise {
        noise::average(&system, &findings, &protection, noise, options, &mut audit);
    }
    if audit.verdict == Verdict::Safe && !header.terms.exceptions.is_empty() {
        audit.verdict = Verdict::SafeWithExceptions;
    }
    count_unexamined(&system, policy, &mut audit, &mut header.notes, &mut warnings);
    clock.stage("release");
    let release = Release::new(&system, &protection, &audit, header.clone());
    if release.is_ok() {
        confidential.retain(|note| !shown_by_zeros.contains(note));
    }
    if let Ok(release) = &release {
        let (system, findings, protection) = (&system, &findings[..], &protection);
        Reread { system, policy, findings, protection, release }.check(options, limit)?;
    }
    let proof = match &release {
        Ok(release) if options.proof => {
            clock.stage("proof");
            Some(proof::make(&system, release, policy, options, limit)?)
        }
        _ => None,
    };
    let seconds = clock.finish();
    let cost_decimals = suppress_plan(policy).map_or(0, |plan| plan.wishes(last.as_deref()).decimals());
    Ok(Outcome {
        findings,
        protection,
        audit,
        header,
        release,
        proof,
        warnings,
        confidential,
        seconds,
        cost_decimals,
        system,
    })
}

/// What was done about the unsafe cells; where that is noise, also how large it is.
type Protected = (Protection, Option<Noise>);

/// A release of records, as it is protected.
struct Records<'a> {
    spec: &'a Spec,
    policy: &'a Policy,
    facts: Facts,
    last: Option<&'a [bool]>,
    options: &'a Options<'a>,
}

impl WithSums for Records<'_> {
    fn protect(&self) -> Result<Protected, Failure> {
        let Records { spec, policy, last, options, .. } = *self;
        let Facts { system, groups, findings, key, drawn, .. } = &self.facts;
        protect(
            &Known { spec, policy, system, groups, findings, key: key.as_ref(), drawn: drawn.as_ref(), last },
            options,
        )
    }

    fn add_sums(&mut self, protection: &Protection) -> bool {
        if suppress_plan(self.policy).is_none() {
            return false;
        }
        let details = details(self.policy, self.spec.input.person.is_some());
        let Facts { system, groups, findings, .. } = &mut self.facts;
        let more = groups::sums(self.policy, system, groups, details, &protection.treatments);
        let any = !more.is_empty();
        findings.extend(more);
        any
    }

    fn system(&mut self) -> &mut System {
        &mut self.facts.system
    }
}

/// What a release is called in a ledger: its title, and the beginnings of the fingerprints of what it was made by.
fn release_name(spec: &Spec, policy: &Policy) -> String {
    let short = |text: &str| text.chars().take(12).collect::<String>();
    format!("{} {} {}", spec.title, short(&spec.fingerprint), short(&policy.fingerprint))
}

/// What there is when something is to be done about the unsafe cells.
#[derive(Clone, Copy)]
struct Known<'a> {
    spec: &'a Spec,
    policy: &'a Policy,
    system: &'a System,
    groups: &'a Groups,
    findings: &'a [Finding],
    /// The secret key of noise, of random rounding or of the choice of withheld cells.
    key: Option<&'a Key>,
    drawn: Option<&'a DrawnKey>,
    /// Per cell, whether it was withheld in the last release.
    last: Option<&'a [bool]>,
}

/// What is done about the unsafe cells.
fn protect(known: &Known, options: &Options) -> Result<Protected, Failure> {
    let Known { spec, policy, system, groups, findings, key, drawn, last } = *known;
    let contradiction = |c: Contradiction| Failure::Contradiction(relation_in_words(system, c.relation));
    match &policy.plan {
        Plan::Round(plan) => {
            let (solver, time_left) = (options.solver, options.time_left);
            let (release, groups) = (spec.fingerprint.as_str(), Some(groups));
            let work = round::Work { system, groups, key, release, solver, time_left };
            Ok((plan.method.round(&work)?, None))
        }
        Plan::Perturb(plan) => {
            let made = noise::perturb(plan, system, findings, key, &release_name(spec, policy))?;
            Ok((made.protection, Some(made.noise)))
        }
        Plan::Suppress(plan) => {
            let Options { solver, time_left, progress, .. } = *options;
            let aids = Aids { solver, time_left, progress };
            let keep = wishes::kept(spec, plan);
            let wishes = wishes::all(plan, &keep, last);
            let costs = wishes.model();
            let mut problem = Problem::watched(system, findings, policy.protection, policy.attacker, costs, aids)
                .map_err(contradiction)?;
            wishes.apply(&mut problem);
            let secret = key.map(|key| Secret { key, drawn });
            suppress_by(&problem, &plan.method, secret).map(|p| (p, None)).map_err(contradiction)
        }
    }
}

/// What is told of unsafe figures, so many of them, of which nothing could keep every value possible that the rules hide.
fn not_hideable(figures: usize) -> Option<String> {
    let of = match figures {
        0 => return None,
        1 => "1 unsafe figure".to_owned(),
        n => format!("{n} unsafe figures"),
    };
    Some(format!(
        "of {of} not every value that the rules hide can be kept possible (where zeros are shown, a total of two parts is never \
         1); two or more remain"
    ))
}

/// The attack, which knows what was done and not how it was found; and of how many cells a value was not asked for, because
/// nothing could hide it.
fn attack(
    system: &System,
    findings: &[Finding],
    policy: &Policy,
    protection: &Protection,
    options: &Options,
    limit: Option<f64>,
) -> Result<(Audit, usize), Contradiction> {
    let attacker: Attacker = policy.attacker;
    let mut public = attacker.view(system, &protection.treatments);
    signs::believe(policy, system, protection, &mut public);
    let all = demands(system, findings, policy.protection, &attacker, &protection.treatments);
    let truth: Vec<i64> = system.cells.iter().map(|c| c.value).collect();
    let name = |c: usize| system.words(c);
    let insiders = attacker.insiders(system);
    let time_left = || limit.map(|at| at - (options.now)());
    let mut attack = Attack {
        time_left: &time_left,
        insiders: insiders.as_ref(),
        whole: attacker.integers,
        blocks: &system.blocks,
        hints: &protection.witnesses,
        progress: options.progress,
        ..Attack::new(options.solver, &name)
    };
    if !options.intervals {
        attack.exact_cells = 0;
    }
    // a rounded figure may stand for a zero, whatever a policy says of zeros that are withheld
    let rounds = matches!(policy.plan, Plan::Round(_));
    let hides = Attacker { zeros_published: attacker.zeros_published && !rounds, ..attacker };
    let demands: Vec<Demand> = hideable(&attack, system, &hides, all.clone())?.into_iter().map(|d| d.0).collect();
    let bare = given_up(&all, &demands).len();
    let targets = targets(system, &protection.treatments, &demands);
    let mut audit = attack.run(&public, &demands, &targets, Some(&truth))?;
    if let Some(widest) = attacker.widest_view(system, &protection.treatments) {
        attack.confirm(&widest, &demands, &truth, &mut audit)?;
    }
    let chosen = matches!(policy.plan, Plan::Suppress(_));
    if chosen && protection.limit_reached && audit.verdict == Verdict::Unsafe {
        // what leaks through a pattern whose search was cut short could have been hidden for all we know
        let leaks = std::mem::take(&mut audit.leaks);
        audit.open.extend(demands.into_iter().filter(|d| leaks.iter().any(|l| l.cell == d.cell)));
        audit.verdict = Verdict::Inconclusive;
    }
    Ok((audit, bare))
}

/// The plan to withhold, if it is one.
fn suppress_plan(policy: &Policy) -> Option<&SuppressPlan> {
    match &policy.plan {
        Plan::Suppress(plan) => Some(plan),
        Plan::Round(_) | Plan::Perturb(_) => None,
    }
}

/// What stands around the figures.
fn header(spec: &Spec, policy: &Policy) -> Header {
    let code = |v: usize| spec.variables.get(v).map(|v| v.name.clone()).unwrap_or_default();
    let cell_notes = spec.tables.iter().flat_map(|t| {
        t.cell_notes.iter().map(move |n| CellNote {
            table: t.id.clone(),
            at: n.at.iter().map(|(v, c)| (code(*v), c.clone())).collect(),
            mark: n.mark.clone(),
            text: n.text.clone(),
        })
    });
    let bands = policy.rules.iter().filter_map(|r| r.rule.band());
    Header {
        title: spec.title.clone(),
        reference: spec.reference.clone(),
        source: spec.source.clone(),
        unit: spec.input.unit.clone(),
        policy_id: policy.id.clone(),
        policy_version: policy.version.clone(),
        policy_fingerprint: policy.fingerprint.clone(),
        public_fingerprint: policy.public_fingerprint.clone(),
        spec_fingerprint: spec.fingerprint.clone(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        closing: spec.closing.clone(),
        notes: policy.notes.clone(),
        markers: policy.markers.clone(),
        withheld_band: match &policy.plan {
            Plan::Round(plan) => plan.method.sign(),
            // a figure withheld for what it is with noise says nothing about the band of a rule
            Plan::Perturb(_) => None,
            Plan::Suppress(_) => bands.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))),
        },
        never_zero: match &policy.plan {
            Plan::Round(plan) => plan.method.sign().is_some_and(|(lo, _)| lo > 0),
            Plan::Perturb(_) => false,
            Plan::Suppress(_) => policy.attacker.zeros_published,
        },
        rounding_base: match &policy.plan {
            Plan::Round(plan) => plan.method.base(),
            Plan::Suppress(_) | Plan::Perturb(_) => None,
        },
        replaced: match &policy.plan {
            Plan::Round(plan) => Some(plan.method.notice()),
            Plan::Perturb(plan) => Some(plan.method.notice(spec.input.person.is_some())),
            Plan::Suppress(_) => None,
        },
        noise: noise::plan(policy).is_some(),
        cell_notes: cell_notes.collect(),
        terms: terms::of(policy),
        answer: spec.answer.clone(),
    }
}

/// Which total does not fit its parts, without its value.
fn relation_in_words(system: &System, relation: usize) -> String {
    let total = system.relations.get(relation).and_then(|r| r.terms.first()).map(|t| system.words(t.0));
    format!("no values fit the total of {}", total.unwrap_or_default())
}
