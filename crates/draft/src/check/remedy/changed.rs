//! What a remedy changes, figure by figure, as a person would look for it.

use crate::draft::Place;

use super::super::blocks::Block;
use super::super::driver::Check;
use super::super::figures::Figures;
use super::super::lexicon::tidy;
use super::edit::Change;

/// A text of the draft that a remedy changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changed {
    /// Number of the file.
    pub file: usize,
    /// The table.
    pub table: String,
    /// The labels of its row; empty for a column that goes.
    pub row: String,
    /// The labels of its column; empty for a row that goes or is merged.
    pub column: String,
    /// Where it stands.
    pub place: Place,
    /// What stands there.
    pub from: String,
    /// What is to stand there; none where it goes.
    pub to: Option<String>,
}

/// What these changes come to, in the order of the draft.
pub(super) fn list(check: &Check, changes: &[Change]) -> Vec<Changed> {
    let mut ordered: Vec<&Change> = changes.iter().collect();
    ordered.sort_by_key(|c| c.block);
    ordered.into_iter().flat_map(|change| of_block(check, change)).collect()
}

fn of_block(check: &Check, change: &Change) -> Vec<Changed> {
    let Some(block) = check.pages.blocks.get(change.block) else { return Vec::new() };
    let tables: Vec<&Figures> = check.reading.tables.iter().filter(|f| f.parsed.block == change.block).collect();
    let text = |row: usize, col: usize| {
        block.rows.get(row).and_then(|r| r.get(col)).map(|e| (tidy(&e.text), e.place.clone())).unwrap_or_default()
    };
    let mut found = Vec::new();
    for (&(row, col), to) in &change.texts {
        let real = real(&tables, (row, col));
        let (from, place) = text(real.0, real.1);
        let goes = change.drop_rows.contains(&row) || change.drop_cols.contains(&col);
        if from == *to || goes {
            continue;
        }
        let (table, row, column) = labels(&tables, block, (row, col));
        found.push(Changed { file: block.file, table, row, column, place, from, to: Some(to.clone()) });
    }
    let name = tables.first().map_or(block.name.clone(), |t| t.name.clone());
    let mut line = |row: usize, col: usize, rows: bool, to: Option<String>| {
        let (from, place) = text(row, col);
        let own = from.clone();
        let (row, column) = if rows { (own, String::new()) } else { (String::new(), own) };
        if to.as_deref() != Some(from.as_str()) {
            found.push(Changed { file: block.file, table: name.clone(), row, column, place, from, to });
        }
    };
    let header = change.header_rows.saturating_sub(1);
    for (group, label) in &change.merge_rows {
        group.iter().for_each(|&r| line(r, 0, true, Some(label.clone())));
    }
    for (group, label) in &change.merge_cols {
        group.iter().for_each(|&c| line(header, c, false, Some(label.clone())));
    }
    change.drop_rows.iter().for_each(|&r| line(r, 0, true, None));
    change.drop_cols.iter().for_each(|&c| line(header, c, false, None));
    found
}

/// Where a figure of a tidy list stands in its block.
pub(super) fn real(tables: &[&Figures], at: (usize, usize)) -> (usize, usize) {
    tables.iter().find_map(|f| f.parsed.real.get(&at)).copied().unwrap_or(at)
}

/// The table of a figure, and the labels of its row and column.
fn labels(tables: &[&Figures], block: &Block, (row, col): (usize, usize)) -> (String, String, String) {
    let label =
        |heads: &[super::super::table::Head], at: usize| heads.iter().find(|h| h.at == at).map(|h| h.path.join(" / "));
    let own = tables.iter().filter(|f| f.measure.is_none());
    let found =
        own.filter_map(|f| Some((f.name.clone(), label(&f.parsed.rows, row)?, label(&f.parsed.cols, col)?))).next();
    let typed = |row: usize, col: usize| {
        block.rows.get(row).and_then(|r| r.get(col)).map(|e| tidy(&e.text)).unwrap_or_default()
    };
    found.unwrap_or_else(|| (block.name.clone(), typed(row, 0), typed(0, col)))
}
