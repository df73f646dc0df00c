//! Changes to tidy lists: a figure that is withheld is blank there, and its status says so.

use super::super::driver::Check;
use super::super::figures::Figures;
use super::super::tidy;
use super::changed;
use super::edit::Change;

/// A change in the rows and columns of the block itself; in a list with statuses the sign for what is withheld is the
/// status.
pub(super) fn real(check: &Check, change: &Change) -> Change {
    let tables: Vec<&Figures> =
        check.reading.tables.iter().filter(|f| f.parsed.listed && f.parsed.block == change.block).collect();
    let Some(block) = check.pages.blocks.get(change.block).filter(|_| !tables.is_empty()) else {
        return change.clone();
    };
    let statuses = tidy::withheld_statuses(block, &|text| check.signs.declares(text));
    let mut texts = std::collections::BTreeMap::new();
    for (&at, text) in &change.texts {
        let (row, col) = changed::real(&tables, at);
        let figure = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if figure || statuses.is_empty() {
            texts.insert((row, col), text.clone());
            continue;
        }
        let blank = tidy::withheld_text(block, col, &|text| check.signs.declares(text));
        texts.insert((row, col), blank);
        texts.extend(statuses.iter().map(|(column, status)| ((row, *column), status.clone())));
    }
    Change { texts, ..change.clone() }
}
