//! Changes to the text of a draft, table by table, and what became of each row and column.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::draft::{Entry, Paragraph, Piece};

use super::super::Draft;
use super::super::blocks::Block;
use super::super::driver::Check;
use super::super::rewrite::Cut;

/// Changes to one table, in rows and columns of its text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    /// The block.
    pub block: usize,
    /// How many of its rows are headers.
    pub header_rows: usize,
    /// New texts of cells.
    pub texts: BTreeMap<(usize, usize), String>,
    /// Rows that become one, the first of them, under a new label.
    pub merge_rows: Vec<(Vec<usize>, String)>,
    /// The same for columns.
    pub merge_cols: Vec<(Vec<usize>, String)>,
    /// Rows that go.
    pub drop_rows: Vec<usize>,
    /// Columns that go.
    pub drop_cols: Vec<usize>,
}

/// The change of a block, which is none yet where there was none.
pub(crate) fn change_of(changes: &mut Vec<Change>, block: usize) -> &mut Change {
    let at = changes.iter().position(|c| c.block == block).unwrap_or(changes.len());
    if at == changes.len() {
        changes.push(Change { block, ..Change::default() });
    }
    &mut changes[at]
}

/// What became of the rows and columns of a block: per new one, those that are in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Map {
    pub rows: Vec<Vec<usize>>,
    pub cols: Vec<Vec<usize>>,
}

/// A changed draft.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edited {
    /// The files.
    pub drafts: Vec<Draft>,
    /// Per block that lost rows or columns, where they went.
    pub maps: BTreeMap<usize, Map>,
    /// The rows and columns that go, as the files have them.
    pub cuts: Vec<Cut>,
}

impl Edited {
    /// Takes over a further change that moved no rows and columns.
    pub fn follow(&mut self, next: Edited) {
        self.drafts = next.drafts;
    }
}

/// Applies changes; `note` is added behind the first file's last piece.
pub(crate) fn apply(check: &Check, changes: &[Change], note: Option<String>) -> Edited {
    let mut edited = Edited { drafts: check.drafts.to_vec(), maps: BTreeMap::new(), cuts: Vec::new() };
    let mut ordered: Vec<&Change> = changes.iter().collect();
    // later rows first, so that the numbers of earlier ones stay what they are
    ordered.sort_by_key(|c| std::cmp::Reverse(c.block));
    for change in ordered {
        let Some(block) = check.pages.blocks.get(change.block) else { continue };
        let change = &super::listed::real(check, change);
        let (rows, map) = changed(block, change);
        if !(change.merge_rows.is_empty()
            && change.merge_cols.is_empty()
            && change.drop_rows.is_empty()
            && change.drop_cols.is_empty())
        {
            edited.cuts.push(cut(block, &map));
            edited.maps.insert(change.block, map);
        }
        let document = edited.drafts.get_mut(block.file).map(|d| &mut d.document);
        if let Some(Piece::Grid(grid)) = document.and_then(|d| d.pieces.get_mut(block.piece)) {
            let first = block.grid_rows.first().copied().unwrap_or(0);
            let own: HashSet<usize> = block.grid_rows.iter().copied().collect();
            let mut number = 0;
            grid.rows.retain(|_| {
                number += 1;
                !own.contains(&(number - 1))
            });
            let at = first.min(grid.rows.len());
            grid.rows.splice(at..at, rows);
        }
    }
    if let (Some(text), Some(draft)) = (note, edited.drafts.first_mut()) {
        draft.document.pieces.push(Piece::Paragraph(Paragraph { text, ..Paragraph::default() }));
    }
    edited
}

/// What goes from a block, in rows and columns of its grid.
fn cut(block: &Block, map: &Map) -> Cut {
    let width = block.rows.iter().map(Vec::len).max().unwrap_or(0);
    let stays = |groups: &[Vec<usize>]| groups.iter().filter_map(|g| g.first().copied()).collect::<HashSet<usize>>();
    let (rows, cols) = (stays(&map.rows), stays(&map.cols));
    let goes = |(n, row): (usize, &usize)| (!rows.contains(&n)).then_some(*row);
    Cut {
        file: block.file,
        piece: block.piece,
        rows: block.grid_rows.clone(),
        gone_rows: block.grid_rows.iter().enumerate().filter_map(goes).collect(),
        gone_columns: (0..width).filter(|c| !cols.contains(c)).collect(),
    }
}

/// The rows of a block after a change.
fn changed(block: &Block, change: &Change) -> (Vec<Vec<Entry>>, Map) {
    let width = block.rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut rows = block.rows.clone();
    rows.iter_mut().for_each(|r| r.resize_with(width, Entry::default));
    for (&(row, col), text) in &change.texts {
        if let Some(entry) = rows.get_mut(row).and_then(|r| r.get_mut(col)) {
            entry.text.clone_from(text);
            entry.stored = None;
        }
    }
    let map = Map {
        rows: groups(rows.len(), &change.merge_rows, &change.drop_rows),
        cols: groups(width, &change.merge_cols, &change.drop_cols),
    };
    keep_spanners(&mut rows, &map.cols, change.header_rows);
    let label = |merged: &[(Vec<usize>, String)], first: usize| {
        merged.iter().find(|m| m.0.first() == Some(&first)).map(|m| m.1.clone())
    };
    let mut kept: Vec<Vec<Entry>> = Vec::new();
    for group in &map.rows {
        let Some(mut row) = group.first().and_then(|&r| rows.get(r)).cloned() else { continue };
        if let (Some(text), Some(entry)) = (group.first().and_then(|&r| label(&change.merge_rows, r)), row.first_mut())
        {
            entry.text = text;
        }
        let cells = map.cols.iter().filter_map(|g| g.first().and_then(|&c| row.get(c)).cloned());
        kept.push(cells.collect());
    }
    // labels of merged columns stand in the lowest header row
    if let Some(header) = change.header_rows.checked_sub(1).and_then(|h| kept.get_mut(h)) {
        for (n, group) in map.cols.iter().enumerate() {
            let text = group.first().and_then(|&c| label(&change.merge_cols, c));
            if let (Some(text), Some(entry)) = (text, header.get_mut(n)) {
                entry.text = text;
            }
        }
    }
    let mut map = map;
    for row in (0..change.header_rows.min(kept.len())).rev() {
        if kept.get(row).is_some_and(|r| r.iter().all(|e| e.text.trim().is_empty() || e.merged)) {
            kept.remove(row);
            map.rows.remove(row);
        }
    }
    (kept, map)
}

/// Rows or columns after merging and dropping.
fn groups(count: usize, merged: &[(Vec<usize>, String)], dropped: &[usize]) -> Vec<Vec<usize>> {
    let dropped: HashSet<usize> = dropped.iter().copied().collect();
    let mut within: HashMap<usize, usize> = HashMap::new();
    for (n, (group, _)) in merged.iter().enumerate() {
        group.iter().for_each(|&i| _ = within.entry(i).or_insert(n));
    }
    (0..count)
        .filter(|i| !dropped.contains(i))
        .filter_map(|i| match within.get(&i).and_then(|&n| merged.get(n)) {
            Some((group, _)) => (group.first() == Some(&i)).then(|| group.clone()),
            None => Some(vec![i]),
        })
        .collect()
}

/// A text that spans columns stands in the first of them: where that goes, the next one that stays takes it.
fn keep_spanners(rows: &mut [Vec<Entry>], cols: &[Vec<usize>], header_rows: usize) {
    let stays = |c: usize| cols.iter().any(|g| g.first() == Some(&c));
    for row in rows.iter_mut().take(header_rows.saturating_sub(1)) {
        for c in 0..row.len() {
            let blank = |row: &[Entry], at: usize| row.get(at).is_none_or(|e| e.text.trim().is_empty() || e.merged);
            if stays(c) || blank(row, c) {
                continue;
            }
            let next = (c + 1..row.len()).take_while(|&n| blank(row, n)).find(|&n| stays(n));
            if let Some(next) = next
                && let Some(text) = row.get(c).map(|e| e.text.clone())
                && let Some(entry) = row.get_mut(next)
            {
                entry.text = text;
                entry.merged = false;
            }
        }
    }
}
