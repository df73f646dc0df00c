//! What adding and subtracting alone gives away: elimination over the field of 2^61 - 1 elements.
//!
//! Without any bounds a cell of a component is known exactly if the relations leave it one value, that is, if every solution
//! of `M y = 0` has `y = 0` there. One solution drawn by chance tells all cells at once: cells that can differ are 0 in it
//! with a chance of 2^-61. Pivots are taken from the shortest rows, which keeps tables sparse (Markowitz, Management Science
//! 3, 1957). Residues know no tolerance; over the rationals the rank can only be higher if 2^61 - 1 divides a minor, and then
//! a cell is called known that is not, which errs towards caution.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Chance;

const P: u64 = (1 << 61) - 1;
/// Entries written in eliminations, per entry of the component: more, and the question is left to programs.
const FILL: usize = 200;

/// Coefficients by cell; a cell may come more than once.
pub type Coefficients = Vec<(usize, i64)>;

/// Per cell, whether the relations with these coefficients alone determine it; `None` where that would take too long.
pub fn determined(rows: &[Coefficients], cells: usize) -> Option<Vec<bool>> {
    let mut elimination = Elimination::new(rows, cells);
    elimination.run()?;
    Some(elimination.solution(&mut Chance(0)).into_iter().map(|y| y == 0).collect())
}

/// The solutions of relations with some coefficients and no constants, each drawn by chance: residues by cell. Cells whose sum
/// is fixed by the relations add up to 0 in all of them; others do with a chance of 2^-61 in one.
pub struct Solutions {
    elimination: Elimination,
    chance: Chance,
}

impl Solutions {
    /// `None` where that would take too long.
    pub fn of(rows: &[Coefficients], cells: usize) -> Option<Self> {
        let mut elimination = Elimination::new(rows, cells);
        elimination.run()?;
        Some(Solutions { elimination, chance: Chance(0) })
    }

    /// Another one.
    pub fn draw(&mut self) -> Vec<u64> {
        self.elimination.solution(&mut self.chance)
    }
}

/// The sum of two residues.
pub fn sum(a: u64, b: u64) -> u64 {
    add(a, b)
}

/// What a residue adds up to 0 with.
pub fn negative(a: u64) -> u64 {
    (P - a) % P
}

/// Per row, whether it is one of a largest set of rows of which none follows from the others; `None` where that would take
/// too long.
pub fn independent(rows: &[Coefficients], cells: usize) -> Option<Vec<bool>> {
    let mut elimination = Elimination::new(rows, cells);
    elimination.run()?;
    let mut needed = vec![false; rows.len()];
    elimination.taken.iter().for_each(|&r| needed[r as usize] = true);
    Some(needed)
}

/// A row: residues other than 0, by cell in rising order.
type Row = Vec<(u32, u64)>;

/// Rows that have not been used yet, and those that have: each of these gives one cell by the others in it.
struct Elimination {
    rows: Vec<Row>,
    /// Per cell, rows that hold it, and some that did.
    rows_of: Vec<Vec<u32>>,
    /// Cells and the rows that give them, in the order in which they were taken.
    pivots: Vec<(u32, Row)>,
    /// Which rows these were.
    taken: Vec<u32>,
    /// Entries that may still be written.
    left: usize,
}

impl Elimination {
    fn new(rows: &[Coefficients], cells: usize) -> Self {
        let rows: Vec<Row> = rows.iter().map(|row| residues(row)).collect();
        let mut rows_of = vec![Vec::new(); cells];
        for (r, row) in rows.iter().enumerate() {
            row.iter().for_each(|&(c, _)| rows_of[c as usize].push(r as u32));
        }
        let entries: usize = rows.iter().map(Vec::len).sum();
        let left = entries.saturating_mul(FILL).max(1 << 20);
        Elimination { rows, rows_of, pivots: Vec::new(), taken: Vec::new(), left }
    }

    /// Takes a pivot from the shortest row that is left until none is.
    fn run(&mut self) -> Option<()> {
        let mut queue: BinaryHeap<Reverse<(usize, u32)>> =
            self.rows.iter().enumerate().map(|(r, row)| Reverse((row.len(), r as u32))).collect();
        while let Some(Reverse((length, r))) = queue.pop() {
            if self.rows[r as usize].len() != length || length == 0 {
                continue;
            }
            let row = std::mem::take(&mut self.rows[r as usize]);
            let &(pivot, own) = row.iter().min_by_key(|t| (self.rows_of[t.0 as usize].len(), t.0))?;
            let mut others = std::mem::take(&mut self.rows_of[pivot as usize]);
            others.sort_unstable();
            others.dedup();
            let scale = inverse(own);
            for other in others.into_iter().filter(|&o| o != r) {
                if self.subtract(other, &row, pivot, scale)? {
                    queue.push(Reverse((self.rows[other as usize].len(), other)));
                }
            }
            self.pivots.push((pivot, row));
            self.taken.push(r);
        }
        Some(())
    }

    /// Takes a cell out of a row by a multiple of another row. Returns whether it was there; `None` when it has been too much.
    fn subtract(&mut self, r: u32, by: &Row, pivot: u32, scale: u64) -> Option<bool> {
        let row = &self.rows[r as usize];
        let Ok(at) = row.binary_search_by_key(&pivot, |t| t.0) else { return Some(false) };
        let factor = P - mul(row[at].1, scale);
        self.left = self.left.checked_sub(row.len() + by.len())?;
        let mut sum = Row::with_capacity(row.len() + by.len());
        let (mut a, mut b) = (row.iter().peekable(), by.iter().peekable());
        loop {
            match (a.peek(), b.peek()) {
                (Some(&&(c, k)), Some(&&(d, l))) if c == d => {
                    let value = add(k, mul(factor, l));
                    if value != 0 && c != pivot {
                        sum.push((c, value));
                    }
                    a.next();
                    b.next();
                }
                (Some(&&x), other) if other.is_none_or(|y| x.0 < y.0) => {
                    sum.push(x);
                    a.next();
                }
                (_, Some(&&(d, l))) => {
                    sum.push((d, mul(factor, l)));
                    self.rows_of[d as usize].push(r);
                    b.next();
                }
                _ => break,
            }
        }
        self.rows[r as usize] = sum;
        Some(true)
    }

    /// A solution in which every cell that no row gives has been drawn by chance.
    fn solution(&self, chance: &mut Chance) -> Vec<u64> {
        let mut y: Vec<u64> = self.rows_of.iter().map(|_| 1 + chance.bits() % (P - 1)).collect();
        for (pivot, row) in self.pivots.iter().rev() {
            let rest = row.iter().filter(|t| t.0 != *pivot).fold(0, |s, &(c, k)| add(s, mul(k, y[c as usize])));
            let own = row.iter().find(|t| t.0 == *pivot).map_or(1, |t| t.1);
            y[*pivot as usize] = mul((P - rest) % P, inverse(own));
        }
        y
    }
}

fn residues(row: &[(usize, i64)]) -> Row {
    let mut row: Row = row.iter().map(|&(c, k)| (c as u32, i128::from(k).rem_euclid(i128::from(P)) as u64)).collect();
    row.sort_unstable();
    row.dedup_by(|b, a| {
        a.0 == b.0 && {
            a.1 = add(a.1, b.1);
            true
        }
    });
    row.retain(|t| t.1 != 0);
    row
}

fn add(a: u64, b: u64) -> u64 {
    let sum = a + b;
    if sum >= P { sum - P } else { sum }
}

/// The product of two residues.
pub fn mul(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    // 2^61 is 1 here, so the upper bits are added to the lower ones
    add((product & u128::from(P)) as u64, (product >> 61) as u64)
}

/// The inverse of a residue other than 0, by Fermat.
pub fn inverse(a: u64) -> u64 {
    let (mut power, mut base, mut exponent) = (1, a, P - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            power = mul(power, base);
        }
        base = mul(base, base);
        exponent >>= 1;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(cells: usize, rows: &[&[(usize, i64)]]) -> Vec<bool> {
        determined(&rows.iter().map(|r| r.to_vec()).collect::<Vec<_>>(), cells).expect("it is small")
    }

    /// Relations whose answer is seen at a glance.
    #[test]
    fn at_a_glance() {
        assert_eq!(told(3, &[&[(0, 1), (1, 1)], &[(1, 1), (2, 1)]]), [false; 3]);
        assert_eq!(told(3, &[&[(0, 1), (1, 1)], &[(1, 1), (2, 1)], &[(0, 1), (2, 1)]]), [true; 3]);
        assert_eq!(told(3, &[&[(0, 1), (1, 1)], &[(0, 2), (1, 2)], &[(0, 1), (1, 1), (2, 1)]]), [false, false, true]);
        assert_eq!(told(2, &[&[(0, -1), (1, 1)], &[(0, 1), (1, 1)]]), [true, true]);
        assert_eq!(told(2, &[&[(0, 1)]]), [true, false]);
        assert_eq!(told(1, &[]), [false]);
        assert_eq!(told(2, &[&[(0, 1), (0, -1), (1, 1)]]), [false, true]);
    }

    /// A square with both margins hidden moves; with one corner known it does not.
    #[test]
    fn a_square() {
        let rows: [&[(usize, i64)]; 4] = [&[(0, 1), (1, 1)], &[(2, 1), (3, 1)], &[(0, 1), (2, 1)], &[(1, 1), (3, 1)]];
        assert_eq!(told(4, &rows), [false; 4]);
        let corner: [&[(usize, i64)]; 5] = [rows[0], rows[1], rows[2], rows[3], &[(0, 1)]];
        assert_eq!(told(4, &corner), [true; 4]);
    }

    /// Of rows that follow from each other one is left; the short ones are kept.
    #[test]
    fn rows_that_say_something_new() {
        let rows = [vec![(0, 1), (1, 1)], vec![(0, 2), (1, 2)], vec![(2, 1)], vec![(0, 1), (1, 1), (2, 1)], vec![]];
        assert_eq!(independent(&rows, 3), Some(vec![true, false, true, false, false]));
        let margins = [vec![(0, 1), (1, 1)], vec![(2, 1), (3, 1)], vec![(0, 1), (2, 1)], vec![(1, 1), (3, 1)]];
        let kept = independent(&margins, 4).expect("it is small");
        assert_eq!(kept.iter().filter(|&&k| k).count(), 3);
    }

    /// Arithmetic on residues.
    #[test]
    fn residues_of_products() {
        for a in [1, 2, 12_345, P - 1, P / 2] {
            assert_eq!(mul(a, inverse(a)), 1);
            assert_eq!(mul(a, P - 1), P - a);
        }
        assert_eq!((add(P - 1, 1), add(P - 1, 2)), (0, 1));
    }
}
