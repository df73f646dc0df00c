//! What remedies change: on the terminal, and as a file (`--changes`).

use std::path::Path;

use tabsafe::check::{Changed, Draft, Outcome, Remedy};
use tabsafe::release::inert;

use super::super::args::CheckArgs;
use super::super::fault::Fault;
use super::super::session::Session;
use super::fix::put;
use super::human::View;

/// Changes of a remedy that are listed; of more the first alone.
const LISTED: usize = 6;

/// Writes the file that `--changes` names.
///
/// # Errors
/// A remedy that is not there, a file that can't be written.
pub fn write(
    path: &Path,
    args: &CheckArgs,
    outcome: &Outcome,
    drafts: &[Draft],
    session: &Session,
) -> Result<(), Fault> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let fault = |e: &dyn std::fmt::Display| Fault::internal(format!("{}: {e}", path.display()));
    let head = ["remedy", "file", "table", "row", "column", "line", "from", "to"];
    csv.write_record(head).map_err(|e| fault(&e))?;
    for (number, remedy) in outcome.remedies.iter().enumerate().filter(|(n, _)| args.fix.is_none_or(|f| f == n + 1)) {
        for changed in &remedy.changes {
            let number = (number + 1).to_string();
            let line = if changed.place.line > 0 { changed.place.line.to_string() } else { String::new() };
            let file = drafts.get(changed.file).map_or("", |d| d.name.as_str());
            let to = changed.to.as_deref().unwrap_or_default();
            let fields = [&number, file, &changed.table, &changed.row, &changed.column, &line, &changed.from, to];
            csv.write_record(fields.map(inert)).map_err(|e| fault(&e))?;
        }
    }
    let bytes = csv.into_inner().map_err(|e| fault(&e))?;
    put(&[(path, &bytes)], session)
}

/// The changes of a remedy in lines, those of one row together.
pub fn lines(view: &View, remedy: &Remedy) -> Vec<String> {
    let most = match remedy.changes.len() {
        _ if view.verbose => usize::MAX,
        n if n <= LISTED => n,
        // what is merged and left out stands in the words before
        _ if matches!(remedy.kind, "merge" | "leave-out") => return Vec::new(),
        _ => 1,
    };
    let several = remedy.changes.iter().any(|c| remedy.changes.first().is_some_and(|f| f.table != c.table));
    let words = |c: &Changed| {
        let labels: Vec<&str> = [c.row.as_str(), c.column.as_str()].into_iter().filter(|l| !l.is_empty()).collect();
        let table = if several { format!("{}, ", c.table) } else { String::new() };
        let blank = |text: &str| if text.is_empty() { "(blank)".to_owned() } else { text.to_owned() };
        match &c.to {
            Some(to) => format!("{table}{}: {} -> {}", labels.join(", "), blank(&c.from), blank(to)),
            None => format!("{table}{} goes", labels.join(", ")),
        }
    };
    let mut all: Vec<String> = remedy.changes.iter().take(most).map(words).collect();
    if remedy.changes.len() > most {
        all.push(format!("and {} more: --changes FILE.csv", remedy.changes.len() - most));
    }
    if all.is_empty() { Vec::new() } else { view.fill("     ", &all.join("; ")) }
}
