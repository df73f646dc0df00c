//! Thrift's compact form, as Parquet describes itself in it: a tree of values within bounds.

use std::collections::BTreeMap;

/// Values within each other.
const MOST_DEPTH: usize = 32;
/// Values of a tree.
const MOST_VALUES: usize = 2_000_000;

/// A value.
#[derive(Debug)]
pub(super) enum Value<'a> {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number that nothing here needs.
    Double,
    /// Bytes or a text.
    Bytes(&'a [u8]),
    /// A list.
    List(Vec<Value<'a>>),
    /// Fields by their numbers.
    Struct(BTreeMap<i16, Value<'a>>),
}

impl<'a> Value<'a> {
    /// A field.
    pub(super) fn field(&self, number: i16) -> Option<&Value<'a>> {
        match self {
            Value::Struct(fields) => fields.get(&number),
            _ => None,
        }
    }

    /// A whole number in a field.
    pub(super) fn int(&self, number: i16) -> Option<i64> {
        match self.field(number)? {
            Value::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// Bytes in a field.
    pub(super) fn bytes(&self, number: i16) -> Option<&'a [u8]> {
        match self.field(number)? {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The items of a list in a field; none where there is none.
    pub(super) fn list(&self, number: i16) -> &[Value<'a>] {
        match self.field(number) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }
}

/// The struct that begins at the start of some bytes, and how many bytes it takes.
pub(super) fn parse(bytes: &[u8]) -> Option<(Value<'_>, usize)> {
    let mut reader = Reader { bytes, at: 0, left: MOST_VALUES };
    let value = reader.fields(0)?;
    Some((value, reader.at))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    left: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied()?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn int(&mut self) -> Option<i64> {
        let raw = self.varint()?;
        Some((raw >> 1) as i64 ^ -((raw & 1) as i64))
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let end = self.at.checked_add(usize::try_from(length).ok()?)?;
        let bytes = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(bytes)
    }

    fn fields(&mut self, depth: usize) -> Option<Value<'a>> {
        let mut fields = BTreeMap::new();
        let mut number = 0i16;
        loop {
            let head = self.byte()?;
            if head & 0x0F == 0 {
                return Some(Value::Struct(fields));
            }
            let step = i16::from(head >> 4);
            number = if step > 0 { number.checked_add(step)? } else { i16::try_from(self.int()?).ok()? };
            let value = match head & 0x0F {
                1 => Value::Bool(true),
                2 => Value::Bool(false),
                kind => self.value(kind, depth + 1)?,
            };
            fields.insert(number, value);
        }
    }

    fn value(&mut self, kind: u8, depth: usize) -> Option<Value<'a>> {
        self.left = self.left.checked_sub(1).filter(|_| depth < MOST_DEPTH)?;
        Some(match kind {
            1 | 2 => Value::Bool(self.byte()? == 1),
            3 => Value::Int(i64::from(self.byte()? as i8)),
            4..=6 => Value::Int(self.int()?),
            7 => {
                self.take(8)?;
                Value::Double
            }
            8 => {
                let length = self.varint()?;
                Value::Bytes(self.take(length)?)
            }
            9 | 10 => {
                let head = self.byte()?;
                let size = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
                let mut items = Vec::new();
                for _ in 0..size {
                    items.push(self.value(head & 0x0F, depth + 1)?);
                }
                Value::List(items)
            }
            11 => {
                let size = self.varint()?;
                let kinds = if size > 0 { self.byte()? } else { 0 };
                let mut items = Vec::new();
                for _ in 0..size {
                    items.push(self.value(kinds >> 4, depth + 1)?);
                    items.push(self.value(kinds & 0x0F, depth + 1)?);
                }
                Value::List(items)
            }
            12 => self.fields(depth + 1)?,
            _ => return None,
        })
    }
}
