//! NDJSON: one JSON object a line, in two passes like CSV.
//!
//! The survey parses every line strictly, collects the names of all members and what the values of the wanted ones
//! are. Then Polars scans the file with an explicit schema of the wanted members.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::*;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use sha2::{Digest, Sha256};

use crate::spec::ColumnType;
use crate::text::hex;

use super::Error;
use super::files::unreadable;
use super::kinds::{self, Finds, Found};
use super::records::{Column, Source, Wanted};
use super::{Opened, Reader, frames, names};

/// Its entry in the registry.
pub(super) const READER: Reader = Reader {
    name: "NDJSON",
    extensions: &["ndjson", "jsonl"],
    about: "one JSON object a line; a member that a line lacks is missing",
    magic: b"",
    names: names_of,
    open,
    lines: Some(lines),
};

/// What the survey found out about one file.
struct Surveyed {
    file: String,
    path: PathBuf,
    names: Vec<String>,
    members: Vec<Member>,
    rows: u64,
    source: Source,
}

/// What the survey found out about a wanted member.
#[derive(Clone, Default)]
struct Member {
    finds: Finds,
    texts: u64,
    booleans: u64,
}

fn names_of(path: &Path) -> Result<Vec<String>, Error> {
    Ok(survey(path, &[])?.names)
}

fn open(files: &[PathBuf], wanted: &[Wanted]) -> Result<Opened, Error> {
    let surveyed: Vec<Surveyed> = files.iter().map(|f| survey(f, wanted)).collect::<Result<_, _>>()?;
    let mut available: Vec<String> = Vec::new();
    for name in surveyed.iter().flat_map(|s| &s.names) {
        if !available.contains(name) {
            available.push(name.clone());
        }
    }
    if let Some(first) = surveyed.first() {
        names::locate(&first.file, &available, wanted)?;
    }
    let mut columns = Vec::new();
    let mut stored = Vec::new();
    for (i, wanted) in wanted.iter().enumerate() {
        let found: Vec<Found> =
            surveyed.iter().map(|s| Found { file: &s.file, field: 0, finds: &s.members[i].finds }).collect();
        let column = kinds::decide(wanted, &found)?;
        stored.push(stored_as(column.kind, surveyed.iter().map(|s| &s.members[i])));
        columns.push(column);
    }
    let rows = surveyed.iter().map(|s| s.rows).sum();
    let sources = surveyed.iter().map(|s| s.source.clone()).collect();
    let scans = surveyed.iter().map(|s| scan(s, &columns, &stored)).collect::<Result<_, _>>()?;
    Ok(Opened { frame: frames::stack(scans)?, columns, available, rows, sources, notes: Vec::new() })
}

/// The type as which Polars reads a member of this type.
fn stored_as<'a>(kind: ColumnType, members: impl Iterator<Item = &'a Member>) -> DataType {
    let (mut texts, mut booleans, mut values) = (0, 0, 0);
    for m in members {
        texts += m.texts;
        booleans += m.booleans;
        values += m.finds.values;
    }
    match kind {
        ColumnType::Integer if texts == 0 => DataType::Int64,
        ColumnType::Decimal if texts == 0 => DataType::Float64,
        ColumnType::Text if booleans > 0 && booleans == values => DataType::Boolean,
        _ => DataType::String,
    }
}

fn scan(surveyed: &Surveyed, columns: &[Column], stored: &[DataType]) -> Result<LazyFrame, Error> {
    let file = &surveyed.file;
    let schema: Schema =
        columns.iter().zip(stored).map(|(c, t)| Field::new(c.name.as_str().into(), t.clone())).collect();
    // An opened file instead of its name: Polars would take signs in the name for a pattern.
    let input = File::open(&surveyed.path).map_err(|e| unreadable(&surveyed.path, &e))?;
    let frame = LazyJsonLineReader::new_with_sources(ScanSources::Files(Arc::from(vec![input])))
        .with_schema(Some(Arc::new(schema)))
        .with_infer_schema_length(NonZeroUsize::new(1))
        .finish()
        .map_err(|_| Error::internal(format!("{file}: the scan could not be set up")))?;
    let typed = columns.iter().zip(stored).map(|(c, t)| {
        let column = col(c.name.as_str());
        let column = match (c.kind, t) {
            (_, DataType::Boolean) => column,
            (ColumnType::Integer, DataType::String) => {
                frames::typed(column, ColumnType::Text).strict_cast(DataType::Int64)
            }
            (ColumnType::Decimal, DataType::String) => {
                frames::typed(column, ColumnType::Text).strict_cast(DataType::Float64)
            }
            (kind, _) => frames::typed(column, kind),
        };
        column.alias(c.name.as_str())
    });
    Ok(frame.select(typed.collect::<Vec<_>>()))
}

/// A strict pass over one file.
///
/// # Errors
/// The first line that is no JSON object, or that holds a nested value where a wanted column needs a plain one.
fn survey(path: &Path, wanted: &[Wanted]) -> Result<Surveyed, Error> {
    let file = path.display().to_string();
    let mut input = BufReader::with_capacity(1 << 16, File::open(path).map_err(|e| unreadable(path, &e))?);
    let index: HashMap<&str, usize> = wanted.iter().enumerate().map(|(i, w)| (w.name.as_str(), i)).collect();
    let mut known = Names::default();
    let mut members = vec![Member::default(); wanted.len()];
    let (mut hash, mut bytes, mut rows, mut line) = (Sha256::new(), 0, 0, 0);
    let mut text = Vec::new();
    loop {
        text.clear();
        let n = input.read_until(b'\n', &mut text).map_err(|e| unreadable(path, &e))?;
        if n == 0 {
            break;
        }
        hash.update(&text);
        bytes += n as u64;
        line += 1;
        if text.iter().all(|b| b.is_ascii_whitespace()) {
            continue;
        }
        rows += 1;
        let mut values: Vec<Option<Value>> = (0..wanted.len()).map(|_| None).collect();
        let mut parser = serde_json::Deserializer::from_slice(&text);
        let object = Object { index: &index, values: &mut values, known: &mut known };
        object.deserialize(&mut parser).and_then(|()| parser.end()).map_err(|e| fault(&file, line, &e))?;
        for ((member, value), wanted) in members.iter_mut().zip(values).zip(wanted) {
            member
                .see(value, line)
                .map_err(|what| Error::data(format!("{file}:{line}: column \"{}\": {what}", wanted.name)))?;
        }
    }
    if rows == 0 {
        return Err(Error::data(format!("{file}: is empty")));
    }
    let source = Source { path: path.to_owned(), format: READER.name, sha256: hex(&hash.finalize()), bytes };
    Ok(Surveyed { file, path: path.to_owned(), names: known.list, members, rows, source })
}

/// The lines of some records: blank lines hold none. A file that can't be read again has no lines.
fn lines(path: &Path, _: &[&str], numbers: &BTreeSet<u64>) -> BTreeMap<u64, u64> {
    let Ok(file) = File::open(path) else { return BTreeMap::new() };
    let lines = BufReader::new(file).split(b'\n').map_while(Result::ok).zip(1u64..);
    let filled = lines.filter(|(text, _)| !text.iter().all(u8::is_ascii_whitespace));
    filled
        .zip(0u64..)
        .filter(|(_, number)| numbers.contains(number))
        .map(|((_, line), number)| (number, line))
        .collect()
}

/// The parser's own message quotes no text of the line, only its kind and the column.
fn fault(file: &str, line: u64, e: &serde_json::Error) -> Error {
    use serde_json::error::Category;
    let what = match e.classify() {
        Category::Data => "is not a JSON object".to_owned(),
        _ => format!("is not valid JSON (at character {})", e.column()),
    };
    Error::data(format!("{file}:{line}: the line {what}")).with_help("each line must hold one object: {\"age\": 12}")
}

/// Names of members, in the order of their first appearance.
#[derive(Default)]
struct Names {
    list: Vec<String>,
    seen: BTreeSet<String>,
}

impl Names {
    fn add(&mut self, name: &str) {
        if !self.seen.contains(name) {
            self.seen.insert(name.to_owned());
            self.list.push(name.to_owned());
        }
    }
}

/// The value of a wanted member.
enum Value {
    Boolean,
    Integer,
    Number(f64),
    Text(String),
    Nested,
}

impl Member {
    fn see(&mut self, value: Option<Value>, line: u64) -> Result<(), &'static str> {
        match value {
            None => self.finds.miss(line),
            Some(Value::Integer) => self.finds.see(b"1", line),
            Some(Value::Number(n)) => {
                // The shortest form of the number, which has no exponent; with a point it is no whole number.
                let text = format!("{n}");
                self.finds.see(if text.contains('.') { text } else { text + ".0" }.as_bytes(), line);
            }
            Some(Value::Boolean) => {
                self.booleans += 1;
                self.finds.see(b"true", line);
            }
            Some(Value::Text(text)) => {
                if !text.is_empty() {
                    self.texts += 1;
                    self.finds.quoted = true;
                }
                self.finds.see(text.as_bytes(), line);
            }
            Some(Value::Nested) => return Err("this value is a list or an object; only plain values can be used"),
        }
        Ok(())
    }
}

/// Takes one object apart into the values of the wanted members.
struct Object<'a> {
    index: &'a HashMap<&'a str, usize>,
    values: &'a mut [Option<Value>],
    known: &'a mut Names,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            self.known.add(&key);
            match self.index.get(key.as_ref()) {
                Some(&i) => self.values[i] = map.next_value_seed(Scalar)?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Reads a value; null is none.
struct Scalar;

impl<'de> DeserializeSeed<'de> for Scalar {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Scalar {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Some(Value::Boolean))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Some(Value::Integer))
    }

    fn visit_u64<E>(self, n: u64) -> Result<Self::Value, E> {
        Ok(Some(if i64::try_from(n).is_ok() { Value::Integer } else { Value::Number(n as f64) }))
    }

    fn visit_f64<E>(self, n: f64) -> Result<Self::Value, E> {
        Ok(Some(Value::Number(n)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Value::Text(text.to_owned())))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Some(Value::Nested))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Some(Value::Nested))
    }
}
