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
/// `frame` only says which relations the cells of the move stand in; sums are taken over the relations themselves.
pub fn balanced(relations: &[Relation], frame: &Frame, cells: &[(CellId, i64)]) -> bool {
    let mut touched: Vec<u32> = cells.iter().flat_map(|&(c, _)| frame.column(c)).map(|&(row, _)| row).collect();
    touched.sort_unstable();
    touched.dedup();
    let sorted = cells.windows(2).all(|w| w[0].0 < w[1].0);
    sorted
        && touched.into_iter().all(|row| {
            let sum: i128 = (relations[row as usize].terms.iter())
                .map(|&(c, k)| match cells.binary_search_by_key(&c, |t| t.0) {
                    Ok(at) => i128::from(k) * i128::from(cells[at].1),
                    Err(_) => 0,
                })
                .sum();
            sum == 0
        })
}
