//! Tidy lists: tables with a line for each cell, as open-data portals, SDMX-CSV and tabsafe itself write them.
//!
//! 1. `columns`: what each column of such a list holds: labels, figures, a status, the name of a table or measure.
//! 2. `status`: what a line's status says of its figure; a blank with the status "withheld" is a withheld figure.
//! 3. `axes`: the variables, their totals and hierarchies; codes beside labels are one variable.
//! 4. `tables`: the tables that share the list, each with all its margins, as the rest of `check` takes them.
//!
//! A list of persons is none: its lines name no figure, or say the same twice.

mod axes;
mod columns;
mod status;
mod tables;

use crate::model::Interval;
use crate::text::Meaning;

use super::blocks::{Block, Pages};
use super::figures::{Figures, Signs};
use super::layout::Layout;
use super::lexicon::Content;
use super::table::Head;
use super::typed::Typed;

pub(crate) use tables::Listed;

/// The sign for a combination of labels that has no line although others of its kind have.
pub(crate) const NO_LINE: &str = "no line";

/// A block as the tables of a tidy list; `None` where it is none.
pub(crate) fn read(number: usize, block: &Block, signs: &Signs, layout: Option<&Layout>) -> Option<Listed> {
    let columns = columns::columns(block, &|text| signs.declares(text))?;
    tables::tables(number, block, &columns, signs, layout)
}

/// Adds what the statuses of tidy lists stand for, where they stand in place of a figure and nobody declared them, and what
/// the arithmetic says of combinations of labels that have no line.
///
/// `band` are the counts that the policy hides: a status that calls a figure primary says that it is one of them.
pub(crate) fn declare(pages: &Pages, signs: &mut Signs, band: Option<(i64, i64)>, layout: Option<&Layout>) {
    let zeros_published = signs.least > 0;
    for block in &pages.blocks {
        let Some(columns) = columns::columns(block, &|text| signs.declares(text)) else { continue };
        for found in status::in_place_of_figures(block, &columns) {
            if let Some(meaning) = meaning(found.means, band, zeros_published) {
                signs.meanings.entry(found.text).or_insert(meaning);
            }
        }
    }
    if signs.declares(NO_LINE) {
        return;
    }
    let (mut zero, mut more) = (0, 0);
    for (number, block) in pages.blocks.iter().enumerate() {
        let Some(listed) = read(number, block, signs, layout) else { continue };
        let found = tables::evidence(&listed, signs);
        (zero, more) = (zero + found.0, more + found.1);
    }
    match (zero, more) {
        (2.., 0) => _ = signs.meanings.insert(NO_LINE.to_owned(), Meaning::Zero),
        (_, 1..) => _ = signs.meanings.insert(NO_LINE.to_owned(), Meaning::NotAvailable),
        _ => {}
    }
}

/// What a status in place of a figure stands for.
fn meaning(means: status::Means, band: Option<(i64, i64)>, zeros_published: bool) -> Option<Meaning> {
    Some(match means {
        status::Means::Withheld => Meaning::Withheld,
        status::Means::Primary => band.map_or(Meaning::Withheld, |(lo, hi)| {
            Meaning::Within(Interval::new(if zeros_published { lo.max(1) } else { lo }, hi))
        }),
        // where zeros are printed, what is withheld for others is at least what the rule lets go
        status::Means::Secondary => match band.filter(|_| zeros_published) {
            Some((_, hi)) => Meaning::Within(Interval::at_least(hi.saturating_add(1))),
            None => Meaning::Withheld,
        },
        status::Means::Zero => Meaning::Zero,
        status::Means::NotApplicable => Meaning::NotApplicable,
        status::Means::RoundsToZero => Meaning::RoundsToZero,
        status::Means::Missing => Meaning::NotAvailable,
        status::Means::Printed | status::Means::Unknown => return None,
    })
}

/// A table of a list as text: its labels and figures, a line for each cell.
pub(crate) fn typed(figures: &Figures) -> Vec<Vec<String>> {
    let parsed = &figures.parsed;
    let header = parsed.corner.iter().cloned().chain(parsed.cols.iter().map(|h| h.path.join(", ")));
    let line = |(head, cells): (&Head, &Vec<Typed>)| {
        head.path
            .iter()
            .cloned()
            .chain(cells.iter().map(|c| match &c.lexed.content {
                Content::Sign(sign) if c.text.is_empty() => sign.clone(),
                _ => c.text.clone(),
            }))
            .collect::<Vec<String>>()
    };
    std::iter::once(header.collect()).chain(parsed.rows.iter().zip(&parsed.cells).map(line)).collect()
}

/// Row and column of a figure in that text.
pub(crate) fn typed_at(figures: &Figures, row: usize, col: usize) -> (usize, usize) {
    (row + 1, figures.parsed.corner.len() + col)
}

/// The columns of statuses of a list, each with the status that it gives a withheld figure.
pub(crate) fn withheld_statuses(block: &Block, marker: &dyn Fn(&str) -> bool) -> Vec<(usize, String)> {
    columns::columns(block, marker).map(|c| status::for_withheld(block, &c)).unwrap_or_default()
}

/// What a list prints in place of a withheld figure beside its status: mostly nothing.
pub(crate) fn withheld_text(block: &Block, column: usize, marker: &dyn Fn(&str) -> bool) -> String {
    columns::columns(block, marker).map(|c| status::blank(block, column, &c)).unwrap_or_default()
}
