//! Lists with a row for each cell, for machines: they are no tables as people read them, and are checked otherwise.

use super::blocks::{Block, Pages};
use super::codes::NOT_UNDERSTOOD;
use super::findings::{Finding, Spot};
use super::lexicon::key;

/// A finding for each such list.
pub(crate) fn found(pages: &Pages) -> Vec<Finding> {
    pages.blocks.iter().filter_map(one).collect()
}

fn one(block: &Block) -> Option<Finding> {
    let header = block.rows.first()?;
    let labels: Vec<String> = header.iter().map(|e| key(&e.text)).collect();
    let at = |label: &str| labels.iter().position(|l| l == label);
    let (reason, help) = if let (Some(_), Some(_)) = (at("obs value"), at("structure id")) {
        let help = "check the text, page or spreadsheet of the same release, which holds the same figures";
        ("it is SDMX-CSV: a row for each cell", help.to_owned())
    } else {
        let status = at("status").filter(|&s| statuses(block, s))?;
        let value = status.checked_sub(1)?;
        let names: Vec<&str> = header.iter().take(value).map(|e| e.text.as_str()).collect();
        let help = match at("table") {
            Some(_) => {
                "check the text, page or spreadsheet of the same release, which holds the same figures".to_owned()
            }
            None => format!(
                "ask what an intruder can work out of it: tabsafe audit FILE --by {} --count {}",
                names.join(","),
                header.get(value)?.text
            ),
        };
        ("it is a list with a row for each cell and its status, as tabsafe writes for machines", help)
    };
    let spot = Spot { file: block.file, place: header.first()?.place.clone(), ..Spot::default() };
    let reason = format!("{}: {reason}", block.name);
    Some(Finding { spots: vec![spot], help: Some(help), ..Finding::plain(&NOT_UNDERSTOOD, reason) })
}

/// Whether a column says of each row what was done with its figure.
fn statuses(block: &Block, column: usize) -> bool {
    const WORDS: [&str; 4] = ["published", "withheld", "rounded", "perturbed"];
    let rows = block.rows.get(1..).unwrap_or_default();
    !rows.is_empty() && rows.iter().all(|r| r.get(column).is_some_and(|e| WORDS.contains(&e.text.as_str())))
}
