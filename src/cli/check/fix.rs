//! `--fix N --out FILE`: writes the draft that remedy N makes.

use std::io::Write;
use std::path::{Path, PathBuf};

use tabsafe::check::{DRAFT_WRITERS, Draft, DraftWriter, Outcome, Verdict};
use tabsafe::diag::reason;

use super::super::args::CheckArgs;
use super::super::fault::Fault;
use super::super::input::is_dash;
use super::super::session::Session;

/// A file to be written, and how.
struct Target {
    path: PathBuf,
    writer: &'static DraftWriter,
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
        targets.push(Target { writer: writer(named)?, path });
    }
    Ok(Some(Targets { number, files: targets }))
}

fn same(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// The writer of a file's format.
fn writer(path: &Path) -> Result<&'static DraftWriter, Fault> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("txt").to_lowercase();
    DRAFT_WRITERS.iter().find(|w| w.extensions.contains(&extension.as_str())).ok_or_else(|| {
        let all: Vec<String> = DRAFT_WRITERS.iter().flat_map(|w| w.extensions).map(|e| format!(".{e}")).collect();
        Fault::usage(format!("{}: a changed draft is not written as .{extension}", path.display()))
            .help(format!("give --out a name that ends in one of {}", all.join(", ")))
    })
}

/// Writes the files of the remedy; says what is left to do.
///
/// # Errors
/// A remedy that is not there, files that can't be written.
pub fn write(targets: &Targets, outcome: &Outcome, session: &Session) -> Result<(), Fault> {
    let count = outcome.remedies.len();
    let Some(remedy) = targets.number.checked_sub(1).and_then(|n| outcome.remedies.get(n)) else {
        let help = match (outcome.verdict, count) {
            (Verdict::Safe, _) => "the draft is safe as it is".to_owned(),
            (_, 0) => "no remedy was found".to_owned(),
            (_, n) => format!("there are {n}: run check without --fix to see them"),
        };
        return Err(Fault::usage(format!("there is no remedy {}", targets.number)).help(help));
    };
    for (target, draft) in targets.files.iter().zip(&remedy.drafts) {
        let bytes = bytes(target, draft)?;
        if is_dash(&target.path) {
            session.put(&bytes)?;
        } else {
            put(&target.path, &bytes)?;
            session.note(&format!("{} written: {}", target.path.display(), remedy.words.join("; ")));
        }
    }
    if remedy.outcome.verdict != Verdict::Safe {
        session
            .note("what sentences tell and what the file hides is left as it was: change it by hand, and check again");
    }
    Ok(())
}

fn bytes(target: &Target, draft: &Draft) -> Result<Vec<u8>, Fault> {
    (target.writer.write)(&draft.document).map_err(|e| Fault::internal(format!("{}: {e}", target.path.display())))
}

/// Writes beside the place, and moves there when all is written.
fn put(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let fault = |e: &std::io::Error| {
        Fault::usage(format!("cannot write {}: {}", path.display(), reason(e))).help("name another file")
    };
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|e| fault(&e))?;
    let mut file = tempfile::Builder::new().prefix(".tabsafe-").tempfile_in(folder).map_err(|e| fault(&e))?;
    file.write_all(bytes).and_then(|()| file.flush()).map_err(|e| fault(&e))?;
    file.persist(path).map_err(|e| fault(&e.error))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // a temporary file is its owner's alone; an answer is for others too
        let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644));
    }
    Ok(())
}
