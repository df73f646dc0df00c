//! `--fix N --out FILE`: writes the draft that remedy N makes.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use tabsafe::check::{Cut, DRAFT_WRITERS, Draft, DraftWriter, Outcome, Remedy, Verdict, in_place};
use tabsafe::draft::{self, FORMATS};
use tabsafe::write::{Item, Stage};

use super::super::args::CheckArgs;
use super::super::exit;
use super::super::fault::Fault;
use super::super::input::is_dash;
use super::super::session::Session;

/// A file to be written, and how.
struct Target {
    path: PathBuf,
    /// The name that says the format.
    named: PathBuf,
    /// Writes it anew; some formats can only be changed in place.
    writer: Option<&'static DraftWriter>,
}

/// The files that were checked, and how a changed one is checked again.
pub struct Originals<'a> {
    /// Where they are.
    pub files: &'a [PathBuf],
    /// What was read.
    pub drafts: &'a [Draft],
    /// Checks changed drafts as these were.
    pub again: &'a dyn Fn(&[Draft]) -> Outcome,
}

/// Where the files go; known before the work, so that a wrong name fails at once.
pub struct Targets {
    number: usize,
    files: Vec<Target>,
}

/// Checks what `--fix` and `--out` ask for.
///
/// # Errors
/// One without the other, a format that is not written, an output that is an input.
pub fn targets(args: &CheckArgs) -> Result<Option<Targets>, Fault> {
    let (number, out) = match (args.fix, &args.out) {
        (None, None) => return Ok(None),
        (Some(number), Some(out)) => (number, out),
        (Some(_), None) => {
            return Err(Fault::usage("--fix needs --out FILE").help("name the file for the changed draft"));
        }
        (None, Some(_)) => {
            return Err(
                Fault::usage("--out needs --fix N").help("N is the number of a remedy: run check without them first")
            );
        }
    };
    let paths: Vec<PathBuf> = match args.files.as_slice() {
        [_] => vec![out.clone()],
        files => files.iter().map(|f| out.join(f.file_name().unwrap_or_default())).collect(),
    };
    let mut targets = Vec::new();
    for (path, input) in paths.into_iter().zip(&args.files) {
        if !is_dash(&path) && args.files.iter().any(|f| same(f, &path)) {
            return Err(Fault::usage(format!("{} is the draft itself", path.display()))
                .help("name another file: the draft is not replaced"));
        }
        let named = if is_dash(&path) { input } else { &path };
        let named = named.clone();
        targets.push(Target { writer: writer(&named, input)?, named, path });
    }
    Ok(Some(Targets { number, files: targets }))
}

fn same(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// The extension of a file, in small letters.
fn extension(path: &Path) -> String {
    path.extension().and_then(|e| e.to_str()).unwrap_or("txt").to_lowercase()
}

/// The writer of a file's format; none for one that is only changed in place.
fn writer(path: &Path, input: &Path) -> Result<Option<&'static DraftWriter>, Fault> {
    let extension = extension(path);
    let found = DRAFT_WRITERS.iter().find(|w| w.extensions.contains(&extension.as_str()));
    if found.is_some() || IN_PLACE_ONLY.contains(&extension.as_str()) && extension == self::extension(input) {
        return Ok(found);
    }
    let all: Vec<String> = DRAFT_WRITERS.iter().flat_map(|w| w.extensions).map(|e| format!(".{e}")).collect();
    Err(Fault::usage(format!("{}: a changed draft is not written as .{extension}", path.display())).help(format!(
        "give --out a name that ends in one of {}; --changes FILE.csv lists what to change by hand",
        all.join(", ")
    )))
}

/// Formats that are changed in place, and not written anew.
const IN_PLACE_ONLY: &[&str] = &["odt", "htm", "xhtml", "docm", "xlsm"];

/// Changed files that were read again and found safe.
pub struct Prepared {
    files: Vec<(Target, Vec<u8>, bool)>,
    /// What the remedy does.
    words: Vec<String>,
    /// What only a person can mend.
    left: Vec<String>,
    /// What the drafts held beside what they show, and the changed ones do not.
    taken: Vec<String>,
}

/// The files of the remedy, read again as their readers will and checked.
///
/// # Errors
/// A remedy that is not there, a format that it can't be written in, a file that is not safe once it is written.
pub fn prepared(targets: Targets, outcome: &Outcome, originals: &Originals) -> Result<Prepared, Fault> {
    let remedy = chosen(&targets, outcome)?;
    let mut written: Vec<(Vec<u8>, bool)> = Vec::new();
    for (number, ((target, draft), (file, before))) in
        targets.files.iter().zip(&remedy.drafts).zip(originals.files.iter().zip(originals.drafts)).enumerate()
    {
        let cuts: Vec<Cut> = remedy.cuts.iter().filter(|c| c.file == number).cloned().collect();
        written.push(bytes(target, draft, file, before, &cuts)?);
    }
    let (left, taken) = reread(&targets, &written, originals)?;
    let files = targets.files.into_iter().zip(written).map(|(target, (bytes, kept))| (target, bytes, kept)).collect();
    Ok(Prepared { files, words: remedy.words.clone(), left, taken })
}

/// Keeps the remedies whose files, written in the format of the drafts and read again, are safe: no other is listed.
pub fn keep_writable(outcome: &mut Outcome, originals: &Originals) {
    let targets = |number: usize| {
        let target = |file: &PathBuf| {
            let writer = writer(file, file).ok()?;
            Some(Target { path: file.clone(), named: file.clone(), writer })
        };
        let files: Option<Vec<Target>> = originals.files.iter().map(target).collect();
        files.map(|files| Targets { number, files })
    };
    let holds = |number: usize| targets(number).is_none_or(|t| prepared(t, outcome, originals).is_ok());
    let kept: Vec<bool> = (1..=outcome.remedies.len()).map(holds).collect();
    let mut kept = kept.into_iter();
    outcome.remedies.retain(|_| kept.next().unwrap_or(false));
}

/// Writes the files; says what is left to do.
///
/// # Errors
/// Files that can't be written.
pub fn write(prepared: &Prepared, session: &Session) -> Result<(), Fault> {
    let files = prepared.files.iter().filter(|f| !is_dash(&f.0.path)).map(|f| (f.0.path.as_path(), f.1.as_slice()));
    put(&files.collect::<Vec<_>>(), session)?;
    for (target, bytes, kept) in &prepared.files {
        if is_dash(&target.path) {
            session.put(bytes)?;
        } else {
            session.note(&format!("{} written: {}", target.path.display(), prepared.words.join("; ")));
        }
        if !kept {
            session.note(
                "written anew, without the layout of the draft: --changes FILE.csv lists what to change in the draft itself",
            );
        }
    }
    if !prepared.taken.is_empty() {
        session.note(&format!("taken out of the file: {}", prepared.taken.join("; ")));
    }
    if !prepared.left.is_empty() {
        session.note(&format!("change by hand, and check again: {}", prepared.left.join("; ")));
    }
    Ok(())
}

/// The remedy that was asked for.
fn chosen<'a>(targets: &Targets, outcome: &'a Outcome) -> Result<&'a Remedy, Fault> {
    targets.number.checked_sub(1).and_then(|n| outcome.remedies.get(n)).ok_or_else(|| {
        let help = match (outcome.verdict, outcome.remedies.len()) {
            (Verdict::Safe, _) => "the draft is safe as it is".to_owned(),
            (_, 0) => "no remedy was found".to_owned(),
            (_, n) => format!("there are {n}: run check without --fix to see them"),
        };
        Fault::usage(format!("there is no remedy {}", targets.number)).help(help)
    })
}

/// The changed file, and whether its layout is that of the draft.
fn bytes(target: &Target, draft: &Draft, file: &Path, before: &Draft, cuts: &[Cut]) -> Result<(Vec<u8>, bool), Fault> {
    let same = FORMATS
        .iter()
        .any(|f| f.name == before.document.format && f.extensions.contains(&extension(&target.named).as_str()));
    let original = (same && !is_dash(file)).then(|| std::fs::read(file).ok()).flatten();
    let name = target.named.display().to_string();
    if let Some(bytes) = original.and_then(|b| in_place(&name, &b, &before.document, &draft.document, cuts)) {
        return Ok((bytes, true));
    }
    let Some(writer) = target.writer else {
        return Err(Fault::usage(format!("{name}: this remedy can't be written into the file as it stands")).help(
            "give --out a name that ends in .docx, .xlsx, .ods or .txt, or change it by hand: --changes FILE.csv",
        ));
    };
    let bytes =
        (writer.write)(&draft.document).map_err(|e| Fault::internal(format!("{}: {e}", target.path.display())))?;
    Ok((bytes, false))
}

/// Reads the changed files as their readers will, and checks them; what only a person can mend is given back, and what the
/// files no longer hold.
fn reread(
    targets: &Targets,
    written: &[(Vec<u8>, bool)],
    originals: &Originals,
) -> Result<(Vec<String>, Vec<String>), Fault> {
    let mut drafts = Vec::new();
    for (target, (bytes, _)) in targets.files.iter().zip(written) {
        let name = target.named.display().to_string();
        let document = draft::read(&name, bytes.clone())?;
        drafts.push(Draft { name, document });
    }
    let taken = taken_out(originals.drafts, &drafts);
    let outcome = (originals.again)(&drafts);
    if outcome.verdict == Verdict::Safe {
        return Ok((Vec::new(), taken));
    }
    let by_hand = |code: &str| ["number-in-text", "hidden-content"].contains(&code);
    if outcome.verdict == Verdict::Unsafe && outcome.findings.iter().all(|f| by_hand(f.code.name)) {
        return Ok((by_hand_words(&outcome), taken));
    }
    let first = outcome.findings.iter().find(|f| !by_hand(f.code.name)).map(|f| f.reason.clone()).unwrap_or_default();
    let why = if first.is_empty() { outcome.verdict.word().to_owned() } else { first };
    Err(Fault::new(exit::UNSAFE, format!("the changed file, read again, is not safe: {why}"))
        .help("nothing was written: try another remedy, or change the draft by hand: --changes FILE.csv"))
}

/// What drafts held beside what they show and changed ones do not, each kind once.
fn taken_out(before: &[Draft], after: &[Draft]) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    for (before, after) in before.iter().zip(after) {
        let still: HashSet<&str> = after.document.residue.iter().map(|r| r.1.as_str()).collect();
        let gone = before.document.residue.iter().map(|r| r.1.as_str()).filter(|w| !still.contains(w));
        // figures that were held are not repeated
        let words = gone.map(|w| w.split(" holds what the page").next().unwrap_or(w).to_owned());
        taken.extend(words);
    }
    let mut seen = HashSet::new();
    taken.retain(|w| seen.insert(w.clone()));
    taken
}

/// What only a person can mend, with its place.
pub fn by_hand_words(outcome: &Outcome) -> Vec<String> {
    let place = |f: &tabsafe::check::Finding| {
        let spot = f.spots.first()?;
        match (&spot.place.part, spot.place.line) {
            (Some(part), 0) => Some(part.clone()),
            (Some(part), line) => Some(format!("{part}, row {line}")),
            (None, 0) => None,
            (None, line) => Some(format!("line {line}")),
        }
    };
    let words = |f: &tabsafe::check::Finding| match place(f) {
        Some(place) => format!("{place}: {}", f.reason),
        None => f.reason.clone(),
    };
    let by_hand = outcome.findings.iter().filter(|f| ["number-in-text", "hidden-content"].contains(&f.code.name));
    let mut all: Vec<String> = by_hand.map(words).collect();
    all.dedup();
    all
}

/// Writes files, all of them or none.
pub fn put(files: &[(&Path, &[u8])], session: &Session) -> Result<(), Fault> {
    let stage = Stage::open(files.iter().map(|f| f.0))?;
    let item = |&(path, bytes): &(&Path, &'_ [u8])| {
        let bytes = bytes.to_vec();
        Item::public(path.to_owned(), move |out: &mut dyn Write| out.write_all(&bytes))
    };
    let items = files.iter().map(item).collect();
    session.writing(|| stage.commit(items, &|| session.stopped()))?;
    Ok(())
}
