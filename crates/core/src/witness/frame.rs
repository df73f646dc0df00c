//! Relations by row and by cell, side by side in memory.

use crate::model::{CellId, Relation};

/// The coefficients of all relations; their right-hand sides play no part in differences.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    rows: Lists,
    columns: Lists,
}

/// Lists of (index, coefficient), one behind the other.
#[derive(Clone, Debug, Default)]
struct Lists {
    start: Vec<u32>,
    items: Vec<(u32, i32)>,
}

impl Lists {
    fn of(&self, i: usize) -> &[(u32, i32)] {
        &self.items[self.start[i] as usize..self.start[i + 1] as usize]
    }
}

impl Frame {
    /// The frame of relations over `cells` cells. Coefficients beyond 32 bits do not occur in tables; moves found over
    /// one would be refused by [`balanced`], which goes back to the relations.
    pub fn new(cells: usize, relations: &[Relation]) -> Self {
        let mut rows =
            Lists { start: vec![0], items: Vec::with_capacity(relations.iter().map(|r| r.terms.len()).sum()) };
        let mut count = vec![0u32; cells + 1];
        for relation in relations {
            for &(cell, k) in &relation.terms {
                rows.items.push((cell as u32, i32::try_from(k).unwrap_or(i32::MAX)));
                count[cell + 1] += 1;
            }
            rows.start.push(rows.items.len() as u32);
        }
        (1..count.len()).for_each(|c| count[c] += count[c - 1]);
        let mut columns = Lists { start: count.clone(), items: vec![(0, 0); rows.items.len()] };
        for row in 0..relations.len() {
            for &(cell, k) in rows.of(row) {
                let at = &mut count[cell as usize];
                columns.items[*at as usize] = (row as u32, k);
                *at += 1;
            }
        }
        Frame { rows, columns }
    }

    /// The number of relations.
    pub fn rows(&self) -> usize {
        self.rows.start.len() - 1
    }

    /// The number of cells.
    pub fn cells(&self) -> usize {
        self.columns.start.len() - 1
    }

    /// The cells of a relation.
    #[inline]
    pub fn row(&self, row: usize) -> &[(u32, i32)] {
        self.rows.of(row)
    }

    /// The relations of a cell.
    #[inline]
    pub fn column(&self, cell: CellId) -> &[(u32, i32)] {
        self.columns.of(cell)
    }
}

/// Whether every relation still holds after a move: the checker that trusts nobody.
///
/// `frame` is the frame of these relations. It holds their coefficients, so that a move of few cells in long relations costs
/// no more than the cells; where it can't hold one, the sum is taken over the relation itself.
pub fn balanced(relations: &[Relation], frame: &Frame, cells: &[(CellId, i64)]) -> bool {
    let of_cell = |&(c, by): &(CellId, i64)| frame.column(c).iter().map(move |&(row, k)| (row, k, by));
    let mut touched: Vec<(u32, i32, i64)> = cells.iter().flat_map(of_cell).collect();
    touched.sort_unstable();
    let sorted = cells.windows(2).all(|w| w[0].0 < w[1].0);
    sorted
        && touched.chunk_by(|a, b| a.0 == b.0).all(|terms| {
            if terms.iter().any(|t| t.1 == i32::MAX) {
                return holds_after(&relations[terms[0].0 as usize], cells);
            }
            terms.iter().map(|&(_, k, by)| i128::from(k) * i128::from(by)).sum::<i128>() == 0
        })
}

/// Whether a relation still holds after a move, by its own terms.
fn holds_after(relation: &Relation, cells: &[(CellId, i64)]) -> bool {
    let moved = |&(c, k): &(CellId, i64)| match cells.binary_search_by_key(&c, |t| t.0) {
        Ok(at) => i128::from(k) * i128::from(cells[at].1),
        Err(_) => 0,
    };
    relation.terms.iter().map(moved).sum::<i128>() == 0
}
