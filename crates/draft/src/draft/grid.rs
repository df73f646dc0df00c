//! Rows of cells that span others, spread to a plain grid: web pages and office texts alike.

use super::bounds::Budget;
use super::{Entry, Error, Place};

/// Columns that one cell may span, as browsers have it.
const MOST_ACROSS: usize = 1000;

/// A cell as written, and how many columns and rows it covers.
#[derive(Debug, Default)]
pub(super) struct Spanning {
    /// The cell.
    pub entry: Entry,
    /// Columns that it covers, at least 1.
    pub across: usize,
    /// Rows that it covers, at least 1; 0 for all rows that follow.
    pub down: usize,
}

/// A cell that still reaches into the rows below.
#[derive(Clone)]
struct Reach {
    entry: Entry,
    rows: usize,
}

/// The grid that rows of spanning cells make. Each entry is placed at its row and column within `part`.
///
/// # Errors
/// More cells than the budget has left.
pub(super) fn spread(rows: Vec<Vec<Spanning>>, part: &str, budget: &mut Budget) -> Result<Vec<Vec<Entry>>, Error> {
    let mut reaching: Vec<Option<Reach>> = Vec::new();
    let count = rows.len();
    let mut grid = Vec::with_capacity(count);
    for (r, row) in rows.into_iter().enumerate() {
        let mut line = Vec::new();
        let mut cells = row.into_iter();
        loop {
            while let Some(covered) = from_above(&mut reaching, line.len()) {
                budget.take(1)?;
                line.push(covered);
            }
            let Some(cell) = cells.next() else { break };
            let across = cell.across.clamp(1, MOST_ACROSS);
            let down = if cell.down == 0 { count - r } else { cell.down.min(count - r) };
            budget.take(across)?;
            for i in 0..across {
                // a cell from above that stands in the way ends here, as in a browser that lets cells overlap
                let entry = Entry { merged: cell.entry.merged || i > 0, ..cell.entry.clone() };
                set(&mut reaching, line.len(), (down > 1).then(|| Reach { entry: entry.clone(), rows: down - 1 }));
                line.push(entry);
            }
        }
        // cells from above beyond the end of the row
        for c in line.len()..reaching.len() {
            let covered = from_above(&mut reaching, c).unwrap_or_default();
            budget.take(1)?;
            line.push(covered);
        }
        while line.last().is_some_and(|e: &Entry| *e == Entry::default()) {
            line.pop();
        }
        for (c, entry) in line.iter_mut().enumerate() {
            entry.place = Place { line: r + 1, column: c + 1, part: Some(part.to_owned()) };
        }
        grid.push(line);
    }
    Ok(grid)
}

/// The cell from above that covers a column of this row; its reach is one row shorter then.
fn from_above(reaching: &mut [Option<Reach>], column: usize) -> Option<Entry> {
    let slot = reaching.get_mut(column)?;
    let reach = slot.as_mut()?;
    let covered = Entry { merged: true, ..reach.entry.clone() };
    reach.rows -= 1;
    if reach.rows == 0 {
        *slot = None;
    }
    Some(covered)
}

fn set(reaching: &mut Vec<Option<Reach>>, column: usize, reach: Option<Reach>) {
    if reaching.len() <= column {
        reaching.resize(column + 1, None);
    }
    if let Some(slot) = reaching.get_mut(column) {
        *slot = reach;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str, across: usize, down: usize) -> Spanning {
        Spanning { entry: Entry { text: text.to_owned(), ..Entry::default() }, across, down }
    }

    fn texts(rows: Vec<Vec<Spanning>>) -> Vec<String> {
        let grid = spread(rows, "table 1", &mut Budget::default()).unwrap();
        let text = |e: &Entry| if e.merged { format!("({})", e.text) } else { e.text.clone() };
        grid.iter().map(|row| row.iter().map(text).collect::<Vec<_>>().join("|")).collect()
    }

    #[test]
    fn two_header_rows_are_spread_over_their_columns() {
        let rows = vec![
            vec![cell("Age", 1, 2), cell("Year", 3, 1), cell("Total", 1, 2)],
            vec![cell("2013", 1, 1), cell("2014", 1, 1), cell("2015", 1, 1)],
            vec![cell("a", 1, 1), cell("1", 1, 1), cell("2", 1, 1), cell("3", 1, 1), cell("6", 1, 1)],
        ];
        assert_eq!(texts(rows), ["Age|Year|(Year)|(Year)|Total", "(Age)|2013|2014|2015|(Total)", "a|1|2|3|6"]);
    }

    #[test]
    fn spans_beyond_the_table_end_with_it() {
        let rows = vec![vec![cell("a", 1, 9), cell("b", 2, 0)], vec![], vec![cell("c", 1, 1)]];
        assert_eq!(texts(rows), ["a|b|(b)", "(a)|(b)|(b)", "(a)|(b)|(b)|c"]);
    }

    #[test]
    fn spans_can_not_fill_the_memory() {
        let rows = (0..1000).map(|_| vec![cell("a", usize::MAX, usize::MAX)]).collect();
        assert!(spread(rows, "table 1", &mut Budget::default()).is_err());
    }
}
