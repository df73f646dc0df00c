//! `tabsafe release`: from case records to a release that an attack has proved safe.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tabsafe::diag::reason;
use tabsafe::pipeline::{self, Failure, Options, Outcome};
use tabsafe::policy::{Policy, vocabulary};
use tabsafe::release::{Facts, Last, Refusal};
use tabsafe::secret::KeySource;
use tabsafe::solve::{Highs, Stoppable};
use tabsafe::spec::{Classes, Spec};
use tabsafe::write::{Reporting, Written};
use tabsafe::{read, write};

use super::args::ReleaseArgs;
use super::compare;
use super::exit;
use super::fault::Fault;
use super::input::{STANDARD_INPUT, is_dash};
use super::progress::Progress;
use super::reports::{self, Reports};
use super::session::{Session, today};
use super::show::{self, View, refusal};

/// Runs the command.
pub fn run(args: &ReleaseArgs, session: &Session) -> Result<u8, Fault> {
    let mut spec = load(&args.spec)?;
    if let Some(file) = &args.key {
        spec.key = Some(KeySource::File(file.clone()));
    }
    if !args.compare.is_empty() {
        return compare::run(args, &spec, session);
    }
    let Some(name) = args.policy.as_deref().or(spec.policy.as_deref()) else {
        return Err(no_policy(&spec));
    };
    let mut policy = Policy::load(name)?;
    if let Some(name) = &args.vocabulary {
        policy = with_vocabulary(policy, name)?;
    }
    let formats = write::formats(&args.format)?;
    let to_stdout = args.out.as_deref().is_some_and(is_dash);
    if to_stdout && formats.len() != 1 {
        return Err(Fault::usage("standard output takes one format").help("give one: --out - --format csv"));
    }
    let reports = Reports::of(&args.report, args.since.as_deref())?;
    let last = reports::last(args.last.as_deref(), &policy)?;
    if reports.to_stdout() {
        return Err(
            Fault::usage("the confidential report does not go to standard output").help("give a file: --report FILE")
        );
    }
    let proof = args.proof.as_deref();
    if proof.is_some_and(is_dash) {
        return Err(Fault::usage("the proof does not go to standard output").help("give a file: --proof FILE.json"));
    }
    let output = match (args.out.as_deref().filter(|_| !to_stdout), args.dry_run) {
        (Some(dir), false) => Some(write::prepare_proved(dir, &formats, reports.paths, proof)?),
        (None, false) if !reports.paths.is_empty() || proof.is_some() => {
            Some(write::prepare_proved(Path::new("."), &[], reports.paths, proof)?)
        }
        _ => None,
    };
    if let Some(output) = &output {
        let earlier = args.since.iter().chain(&args.last).cloned();
        output.keep(&inputs(&spec, &policy).into_iter().chain(earlier).collect::<Vec<_>>())?;
    }
    let outcome = watched(args.time_limit, session, |options| {
        let options = Options { intervals: true, last: last.as_ref(), proof: proof.is_some(), ..*options };
        pipeline::run(&spec, &policy, &options)
    })?;
    let (facts, said) = (facts(&outcome, true), reports::said(&outcome));
    let reporting = Reporting { facts: &facts, said: &said, since: reports.since.as_ref() };
    let Written { files, removed, same } = match output {
        Some(output) => {
            let (release, proof) = (outcome.release.as_ref().ok(), outcome.proof.as_ref());
            session.writing(|| output.commit_proved(release, proof, Some(&reporting), &|| session.stopped()))?
        }
        None => Written::default(),
    };
    let folder = args.out.as_deref().filter(|_| !to_stdout && !args.dry_run);
    let left: Vec<String> = folder.into_iter().flat_map(|dir| left_over(dir, &[&*files, &*same].concat())).collect();
    let gone = removed.iter().map(|path| format!("{} was of an earlier release: removed", path.display()));
    let left: Vec<String> = gone.chain(left).collect();
    let (confidential, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|f| reports.paths.contains(f));
    match (to_stdout, &outcome.release, formats.first()) {
        (true, Ok(release), Some(writer)) => {
            let mut out = Vec::new();
            (writer.write)(release, &mut out).map_err(|e| Fault::internal(e.to_string()))?;
            session.put(&out)?;
        }
        // what was asked for on standard output is the release and nothing else
        (true, ..) => session.error(&refusal::text(&outcome, session.verbose)),
        (false, ..) => {
            let warnings: Vec<String> = left.into_iter().chain(outcome.warnings.iter().cloned()).collect();
            let view = View {
                release: outcome.release.as_ref().ok(),
                warnings: &warnings,
                files: &files,
                reports: &confidential,
                verbose: session.verbose,
                ..View::of(&outcome)
            };
            session.say_drawn(&|color| show::release(&View { color, ..view }));
        }
    }
    conclude(&outcome, session.verbose)
}

/// What is told of files of an earlier release that this run did not write: they may show other figures.
fn left_over(dir: &Path, written: &[PathBuf]) -> Vec<String> {
    let old = write::possible(dir).filter(|path| !written.contains(path) && path.exists());
    old.map(|path| format!("{} is of an earlier run and was not written now: remove it", path.display())).collect()
}

/// Nobody said which policy.
pub fn no_policy(spec: &Spec) -> Fault {
    Fault::usage(format!("{} names no policy", spec.path.display()))
        .help("add `policy = \"NAME\"` or give --policy; `tabsafe policy list` shows those that ship")
}

/// The specification: a file, or standard input, whose paths are relative to the current folder.
fn load(path: &Path) -> Result<Spec, Fault> {
    if !is_dash(path) {
        return Ok(Spec::load(path)?);
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|e| Fault::usage(format!("{STANDARD_INPUT} can't be read as a specification: {}", reason(&e))))?;
    Ok(Spec::parse(&text, Path::new(STANDARD_INPUT))?)
}

/// The policy with the signs of a vocabulary.
fn with_vocabulary(policy: Policy, name: &str) -> Result<Policy, Fault> {
    let Some(vocabulary) = vocabulary::find(name) else {
        return Err(Fault::usage(format!("there is no vocabulary \"{name}\""))
            .help(format!("there are: {}", vocabulary::names().join(", "))));
    };
    Ok(policy.amended(|p| p.markers = vocabulary.into()))
}

/// Every file that a release is made from: none of them may be replaced.
pub fn inputs(spec: &Spec, policy: &Policy) -> Vec<PathBuf> {
    let hierarchy = |classes: &Classes| match classes {
        Classes::HierarchyFile(path) => Some(path.clone()),
        _ => None,
    };
    let hierarchies = spec.variables.iter().filter_map(|v| hierarchy(&v.classes));
    let steering = [spec.path.clone(), PathBuf::from(&policy.file)];
    let own = match &spec.key {
        Some(KeySource::File(path)) => Some(path.clone()),
        Some(KeySource::Variable(_)) | None => None,
    };
    let key = policy.key_file().map(PathBuf::from).into_iter().chain(own);
    read::matching(&spec.input.files)
        .into_iter()
        .chain(hierarchies)
        .chain(steering)
        .chain(key)
        .chain(policy.files())
        .collect()
}

/// Runs the pipeline, showing its stages; `intervals`: the reader is to see what remains possible for each cell; `last`: what
/// was withheld last time is preferred.
pub fn work(
    spec: &Spec,
    policy: &Policy,
    limit: Option<f64>,
    intervals: bool,
    last: Option<&Last>,
    session: &Session,
) -> Result<Outcome, Fault> {
    watched(limit, session, |options| pipeline::run(spec, policy, &Options { intervals, last, ..*options }))
}

/// Runs a pipeline under a time limit, showing its stages. What Ctrl-C left unfinished is no result.
pub fn watched<T>(
    limit: Option<f64>,
    session: &Session,
    run: impl FnOnce(&Options) -> Result<T, Failure>,
) -> Result<T, Fault> {
    let (began, deadline) = (Instant::now(), session.deadline(limit));
    let search = limit.and_then(|s| Duration::try_from_secs_f64(s * pipeline::SEARCH).ok());
    let today = today();
    let shown = Progress::new(session, deadline);
    let progress = |event| shown.tell(event);
    let solver = Stoppable { solver: &Highs, stop: session.stop() };
    let options = Options {
        solver: &solver,
        // whoever pressed Ctrl-C has no time left
        time_left: &|| match session.stopped() {
            true => Some(0.0),
            false => search.map(|s| s.saturating_sub(began.elapsed()).as_secs_f64()),
        },
        now: &|| began.elapsed().as_secs_f64(),
        intervals: true,
        today: Some(&today),
        last: None,
        proof: false,
        progress: &progress,
    };
    let outcome = run(&options);
    shown.finish();
    if session.stopped() {
        return Err(Fault::interrupted());
    }
    Ok(outcome?)
}

/// What the report is made from.
pub fn facts(outcome: &Outcome, by_table: bool) -> Facts<'_> {
    Facts {
        system: &outcome.system,
        findings: &outcome.findings,
        protection: &outcome.protection,
        audit: &outcome.audit,
        header: &outcome.header,
        seconds: &outcome.seconds,
        warnings: &outcome.warnings,
        by_table,
        cost_decimals: outcome.cost_decimals,
    }
}

/// The exit code of an outcome; a refusal that no verdict explains is an error, which names a cell to those alone who asked
/// for what is confidential.
pub fn conclude(outcome: &Outcome, verbose: bool) -> Result<u8, Fault> {
    let words = |refusal: &Refusal| match (verbose, refusal) {
        (true, _) | (_, Refusal::Mismatch(_)) => refusal.to_string(),
        (false, _) => "a cell could not be protected or printed: nothing is released".to_owned(),
    };
    let more = "--verbose names the cell and says why (confidential)";
    match &outcome.release {
        Ok(_) => Ok(exit::SAFE),
        Err(Refusal::NotSafe(verdict)) => Ok(exit::of(*verdict)),
        Err(refusal @ Refusal::NoSuchCell { .. }) => Err(Fault::usage(refusal.to_string())),
        Err(refusal @ Refusal::NotProtected(_)) if verbose => Err(Fault::new(exit::UNSAFE, words(refusal))),
        Err(refusal @ Refusal::NotProtected(_)) => Err(Fault::new(exit::UNSAFE, words(refusal)).help(more)),
        Err(refusal) => Err(Fault::internal(words(refusal))),
    }
}
