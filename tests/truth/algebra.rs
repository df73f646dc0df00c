//! Rational elimination, done modulo a prime: what follows exactly from the equations, and moves that change none of them.

use super::reader::Reader;

const PRIME: u64 = (1 << 31) - 1;

/// The equations of a reader in reduced form.
#[derive(Debug)]
pub struct Equations {
    columns: usize,
    /// Reduced rows and their pivots.
    rows: Vec<(Vec<u64>, usize)>,
    /// Variables that are known to be 0.
    pub zero: Vec<bool>,
}

fn modular(v: i64) -> u64 {
    v.rem_euclid(PRIME as i64) as u64
}

fn inverse(v: u64) -> u64 {
    let (mut result, mut base, mut power) = (1, v, PRIME - 2);
    while power > 0 {
        if power & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        power >>= 1;
    }
    result
}

/// `row - factor · other`.
fn subtract(row: &mut [u64], factor: u64, other: &[u64]) {
    let negative = PRIME - factor;
    for (a, b) in row.iter_mut().zip(other).filter(|(_, b)| **b != 0) {
        *a = (*a + negative * b) % PRIME;
    }
}

impl Equations {
    pub fn new(reader: &Reader) -> Equations {
        let columns = reader.truth.len();
        let mut zero = vec![false; columns];
        let mut found = Equations { columns, rows: Vec::new(), zero: Vec::new() };
        for row in reader.rows.iter().filter(|r| r.lo == r.hi) {
            match row.terms.as_slice() {
                [(v, _)] if row.hi == 0 => zero[*v] = true,
                terms => found.add(terms),
            }
        }
        found.zero = zero;
        found
    }

    fn add(&mut self, terms: &[(usize, i64)]) {
        let mut row = self.reduced(terms);
        let Some(pivot) = row.iter().position(|v| *v != 0) else { return };
        let scale = inverse(row[pivot]);
        row.iter_mut().for_each(|v| *v = *v * scale % PRIME);
        for (other, _) in &mut self.rows {
            let factor = other[pivot];
            if factor != 0 {
                subtract(other, factor, &row);
            }
        }
        self.rows.push((row, pivot));
    }

    fn reduced(&self, terms: &[(usize, i64)]) -> Vec<u64> {
        let mut row = vec![0; self.columns];
        terms.iter().for_each(|(v, k)| row[*v] = (row[*v] + modular(*k)) % PRIME);
        for (other, pivot) in &self.rows {
            let factor = row[*pivot];
            if factor != 0 {
                subtract(&mut row, factor, other);
            }
        }
        row
    }

    /// Whether a sum of variables follows from the equations.
    pub fn determine(&self, terms: &[(usize, i64)]) -> bool {
        let terms: Vec<(usize, i64)> = terms.iter().copied().filter(|t| !self.zero[t.0]).collect();
        self.reduced(&terms).iter().all(|v| *v == 0)
    }

    /// Whole-number moves that keep every equation.
    pub fn moves(&self) -> Vec<Vec<i64>> {
        let mut pivot = vec![false; self.columns];
        self.rows.iter().for_each(|r| pivot[r.1] = true);
        let free = (0..self.columns).filter(|c| !pivot[*c] && !self.zero[*c]);
        free.filter_map(|f| {
            let mut vector = vec![0; self.columns];
            vector[f] = 1;
            self.rows.iter().for_each(|(row, p)| vector[*p] = (PRIME - row[f]) % PRIME);
            (1..=6).find_map(|m| small(&vector, m))
        })
        .collect()
    }
}

/// A multiple of a vector in small numbers, if it is.
fn small(vector: &[u64], multiple: u64) -> Option<Vec<i64>> {
    let signed = |v: &u64| {
        let v = v * multiple % PRIME;
        let v = if v > PRIME / 2 { v as i64 - PRIME as i64 } else { v as i64 };
        (v.abs() <= 60).then_some(v)
    };
    vector.iter().map(signed).collect()
}

/// How a sum of variables follows from rows: their factors, if they are simple.
pub fn derivation(reader: &Reader, terms: &[(usize, i64)]) -> Option<Vec<(usize, f64)>> {
    let known: Vec<usize> = (0..reader.rows.len()).filter(|r| reader.rows[*r].lo == reader.rows[*r].hi).collect();
    // columns: variables, then one for each row that says where it comes from
    let (n, m) = (reader.truth.len(), known.len());
    let mut reduced: Vec<(Vec<u64>, usize)> = Vec::new();
    let reduce = |row: &mut Vec<u64>, by: &[(Vec<u64>, usize)]| {
        for (other, pivot) in by {
            let factor = row[*pivot];
            if factor != 0 {
                subtract(row, factor, other);
            }
        }
    };
    for (i, r) in known.iter().enumerate() {
        let mut row = vec![0; n + m];
        reader.rows[*r].terms.iter().for_each(|(v, k)| row[*v] = modular(*k));
        row[n + i] = 1;
        reduce(&mut row, &reduced);
        let Some(pivot) = row[..n].iter().position(|v| *v != 0) else { continue };
        let scale = inverse(row[pivot]);
        row.iter_mut().for_each(|v| *v = *v * scale % PRIME);
        for (other, _) in &mut reduced {
            let factor = other[pivot];
            if factor != 0 {
                subtract(other, factor, &row);
            }
        }
        reduced.push((row, pivot));
    }
    let mut row = vec![0; n + m];
    terms.iter().for_each(|(v, k)| row[*v] = modular(*k));
    reduce(&mut row, &reduced);
    if row[..n].iter().any(|v| *v != 0) {
        return None;
    }
    let factors: Vec<u64> = row[n..].iter().map(|v| (PRIME - v) % PRIME).collect();
    let (multiple, factors) = (1..=6).find_map(|k| Some((k, small(&factors, k)?)))?;
    let told = factors.iter().enumerate().filter(|f| *f.1 != 0);
    Some(told.map(|(i, f)| (known[i], *f as f64 / multiple as f64)).collect())
}
