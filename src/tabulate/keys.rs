//! Keys of records: hashed with a secret key, or taken from a column, and added up by group.
//!
//! A keyed hash has 128 bits. It is added up in four limbs of 32 bits, each a column of its own, because whole-number
//! sums of Polars are exact and do not depend on the order of the rows, on files or on threads; the limbs are put
//! together afterwards. Keys of a column go the same way in one limb, or in two where they are fractions.

use polars::prelude::*;

use crate::model::Modulus;
use crate::read::{self, Error, Records, Wanted};
use crate::secret::Key;
use crate::spec::Spec;

use super::classify::column;
use super::group::{COUNT, wholes};

/// Where the keys of records come from.
#[derive(Clone, Copy, Debug)]
pub enum RecordKey<'a> {
    /// Hashed with a secret key from the record's id, or from the whole record where the specification names no id.
    Hashed(&'a Key),
    /// The specification's column of record keys: numbers from 0 up to, not including, 1.
    Fraction,
    /// The same column: whole numbers from 0 up to, not including, this.
    Below(u64),
}

/// What the hash of a record is for; another one for persons, so that a person of one record is not that record.
const OF_RECORD: &str = "tabsafe record";
const OF_PERSON: &str = "tabsafe person";
/// Column of the hash before it is cut into limbs.
const HASH: &str = "\0hash";
/// Bits of a limb.
const LIMB: u32 = 32;
/// Fractions are kept to so many decimals: a double holds no more for every number below 1.
const UNITS: u64 = 1_000_000_000_000_000;
/// Units are added up in two limbs, this many to one of the upper.
const LOWER: u64 = 100_000_000;

/// The keys of one tabulation.
pub(super) struct Keys<'a> {
    from: RecordKey<'a>,
    /// The columns that are hashed, or the one that holds the keys.
    columns: Vec<String>,
    counted: bool,
}

impl<'a> Keys<'a> {
    /// What a specification's records are hashed from, or where their keys are.
    pub fn new(spec: &Spec, from: RecordKey<'a>, available: &[String]) -> Result<Keys<'a>, Error> {
        let mut columns = match (from, &spec.input.id) {
            (RecordKey::Hashed(_), Some(id)) => vec![id.clone()],
            (RecordKey::Hashed(_), None) => available.to_vec(),
            (RecordKey::Fraction | RecordKey::Below(_), _) => vec![key_column(spec)?.to_owned()],
        };
        columns.sort_unstable();
        Ok(Keys { from, columns, counted: spec.input.count.is_some() })
    }

    /// The columns to be selected from the records.
    pub fn columns(&self) -> Vec<Expr> {
        let all: Vec<Expr> = self.columns.iter().map(|c| column(c)).collect();
        match (self.from, all.split_first()) {
            (RecordKey::Hashed(key), Some((first, others))) => {
                let texts: Vec<Expr> = others.iter().map(|c| c.clone().cast(DataType::String)).collect();
                vec![hashed(key, first.clone().cast(DataType::String), &texts)]
            }
            (RecordKey::Fraction, Some((key, _))) => {
                let units = key.clone().cast(DataType::Float64) * lit(UNITS as f64);
                vec![units.round(0, RoundMode::HalfToEven).cast(DataType::Int64).alias(HASH)]
            }
            (_, Some((key, _))) => vec![key.clone().cast(DataType::Int64).alias(HASH)],
            (_, None) => vec![lit(NULL).cast(DataType::Int64).alias(HASH)],
        }
    }

    /// The limbs, from what [`Keys::columns`] has selected.
    pub fn limbs(&self) -> Vec<Expr> {
        let hash = col(HASH);
        let limbs = match self.from {
            RecordKey::Hashed(_) => (0..4).map(|i| limb(hash.clone(), i)).collect(),
            RecordKey::Fraction => {
                let upper = hash.clone().floor_div(lit(LOWER as i64));
                vec![hash.clone() - upper.clone() * lit(LOWER as i64), upper]
            }
            RecordKey::Below(_) => vec![hash],
        };
        // a row that stands for no case at all is no record
        let of_cases = |limb: Expr| match self.counted {
            true => when(col(COUNT).gt(lit(0i64))).then(limb).otherwise(lit(0i64)),
            false => limb,
        };
        limbs.into_iter().enumerate().map(|(i, limb)| of_cases(limb).alias(name(i))).collect()
    }

    fn many(&self) -> usize {
        match self.from {
            RecordKey::Hashed(_) => 4,
            RecordKey::Fraction => 2,
            RecordKey::Below(_) => 1,
        }
    }

    /// The sums of the limbs, and what tells whether the keys hold.
    pub fn aggregates(&self) -> Vec<Expr> {
        let mut all: Vec<Expr> = (0..self.many()).map(|i| col(name(i)).sum().alias(name(i))).collect();
        all.push(col(HASH).is_null().sum().cast(DataType::Int64).alias("key_missing"));
        if let RecordKey::Fraction | RecordKey::Below(_) = self.from {
            all.extend([col(HASH).min().alias("key_least"), col(HASH).max().alias("key_most")]);
        }
        all
    }

    /// The key of each group.
    pub fn read(&self, table: &DataFrame) -> Result<Vec<u128>, Error> {
        let name_of = self.columns.first().map_or("", String::as_str);
        let missing: i64 = wholes(table, "key_missing")?.iter().sum();
        if missing > 0 {
            let (s, have) = if missing == 1 { ("", "has") } else { ("s", "have") };
            let what = if let RecordKey::Hashed(_) = self.from { "id" } else { "record key" };
            return Err(Error::data(format!("column \"{name_of}\": {missing} record{s} {have} no {what}"))
                .with_help("what is drawn for a group of records needs all their keys: fill them in"));
        }
        if let Some(below) = self.bound() {
            let wrong = wholes(table, "key_least")?.into_iter().any(|k| k < 0)
                || wholes(table, "key_most")?.into_iter().any(|k| u64::try_from(k).is_ok_and(|k| k >= below));
            if wrong {
                let range = match self.from {
                    RecordKey::Below(n) => format!("whole numbers from 0 to {}", n.saturating_sub(1)),
                    _ => "numbers from 0 to less than 1".to_owned(),
                };
                return Err(Error::data(format!("column \"{name_of}\" holds record keys that are not {range}"))
                    .with_help("the perturbation table of the policy says which keys there are"));
            }
        }
        let limbs = (0..self.many()).map(|i| wholes(table, &name(i))).collect::<Result<Vec<_>, _>>()?;
        let place = |i: usize| match self.from {
            RecordKey::Hashed(_) => 1u128 << (LIMB as usize * i),
            _ => u128::from(LOWER).pow(i as u32),
        };
        let modulus = self.modulus();
        let key = |row: usize| {
            let limb = |i: usize| u128::from(limbs[i][row].unsigned_abs()).wrapping_mul(place(i));
            (0..limbs.len()).map(limb).fold(0, |sum, l| modulus.add(sum, modulus.reduce(l)))
        };
        Ok((0..table.height()).map(key).collect())
    }

    fn bound(&self) -> Option<u64> {
        match self.from {
            RecordKey::Hashed(_) => None,
            RecordKey::Fraction => Some(UNITS),
            RecordKey::Below(n) => Some(n),
        }
    }

    /// What keys are summed modulo.
    pub fn modulus(&self) -> Modulus {
        self.bound().map_or(Modulus::FULL, Modulus::of)
    }

    /// The key of a person; none where keys are those of a column, which names records.
    pub fn person(&self, id: &str) -> Option<u128> {
        match self.from {
            RecordKey::Hashed(key) => Some(number(&key.hash(&[OF_PERSON.as_bytes(), &[0], id.as_bytes()]))),
            RecordKey::Fraction | RecordKey::Below(_) => None,
        }
    }
}

/// The columns that keys need, beside those of the specification.
pub(super) fn wanted(spec: &Spec, from: RecordKey) -> Result<Vec<Wanted>, Error> {
    let code = |name: String, by: String| Wanted { name, by, code: true, ..Wanted::default() };
    Ok(match (from, &spec.input.id) {
        (RecordKey::Hashed(_), Some(id)) => vec![code(id.clone(), spec.input_key("id"))],
        (RecordKey::Hashed(_), None) => {
            let names = read::columns(&spec.input.files)?;
            names.into_iter().map(|name| code(name, "the keys of records".to_owned())).collect()
        }
        (RecordKey::Fraction | RecordKey::Below(_), _) => {
            let by = spec.input_key("record-key");
            vec![Wanted { name: key_column(spec)?.to_owned(), by, number: true, ..Wanted::default() }]
        }
    })
}

fn key_column(spec: &Spec) -> Result<&str, Error> {
    spec.input.record_key.as_deref().ok_or_else(|| {
        let key = spec.input_key("record-key");
        Error::usage("the policy takes the keys of records from a column, but nothing says which").with_help(format!(
            "give {key}, the column of record keys, or let the policy derive them: keys = \"hashed\""
        ))
    })
}

/// What a reader should know about how records are told apart.
pub(super) fn note(spec: &Spec, from: RecordKey, records: &Records) -> Option<String> {
    let whole = matches!(from, RecordKey::Hashed(_)) && spec.input.id.is_none();
    whole.then(|| {
        format!(
            "no column names the records ({}): each is known by all of its {} columns, so a change to any of them, or another \
             column, changes what is drawn for it",
            spec.input_key("id"),
            records.available.len()
        )
    })
}

fn name(limb: usize) -> String {
    format!("key_limb{limb}")
}

fn number(hash: &[u8; 32]) -> u128 {
    hash.iter().take(16).rev().fold(0, |n, &byte| n << 8 | u128::from(byte))
}

/// The keyed hash of some columns, as 16 bytes. A single column is an id: without one a record has no key.
fn hashed(key: &Key, first: Expr, others: &[Expr]) -> Expr {
    let key = key.clone();
    let single = others.is_empty();
    let hash = move |columns: &mut [Column]| {
        let texts = columns.iter().map(|c| c.str()).collect::<PolarsResult<Vec<_>>>()?;
        let rows = columns.first().map_or(0, Column::len);
        let mut bytes = Vec::new();
        let hash = |row: usize| {
            bytes.clear();
            for text in &texts {
                match text.get(row) {
                    None if single => return None,
                    None => bytes.push(0),
                    Some(text) => {
                        // the length keeps neighbours apart
                        bytes.push(1);
                        bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
                        bytes.extend_from_slice(text.as_bytes());
                    }
                }
            }
            Some(number(&key.hash(&[OF_RECORD.as_bytes(), &[0], &bytes])).to_le_bytes())
        };
        let hashes: BinaryChunked = (0..rows).map(hash).collect();
        Ok(hashes.with_name(HASH.into()).into_series().into_column())
    };
    let kind = |_: &Schema, _: &[Field]| Ok(Field::new(HASH.into(), DataType::Binary));
    first.map_many(hash, others, kind).alias(HASH)
}

/// One limb of a hash.
fn limb(hash: Expr, at: usize) -> Expr {
    let cut = move |column: Column| {
        let hashes = column.binary()?;
        let part = |bytes: &[u8]| {
            let from = at * LIMB as usize / 8;
            let limb = bytes.get(from..from + 4).unwrap_or_default();
            limb.iter().rev().fold(0i64, |n, &byte| n << 8 | i64::from(byte))
        };
        let limbs: Int64Chunked = hashes.iter().map(|h| h.map(part)).collect();
        Ok(limbs.with_name(column.name().clone()).into_series().into_column())
    };
    hash.map(cut, |_, field| Ok(Field::new(field.name().clone(), DataType::Int64)))
}

#[cfg(test)]
mod tests;
