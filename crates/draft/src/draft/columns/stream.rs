//! Arrow streams: the messages of a file without what frames them. Framed here as a file, so that both are read alike.

use super::ANEW;
use super::flat::Table;
use crate::draft::Error;
use crate::draft::bounds::refuse;

/// What every message begins with.
const MARK: [u8; 4] = [0xFF; 4];
/// How a file begins, filled up to eight bytes.
const HEAD: &[u8; 8] = b"ARROW1\0\0";
/// Messages of a stream.
const MOST_MESSAGES: usize = 100_000;

fn damaged() -> Error {
    refuse("is a damaged stream of Arrow messages", ANEW)
}

/// A message: where it begins, the bytes of its description, those of its body.
struct Block {
    offset: usize,
    description: usize,
    body: usize,
}

/// A stream as a file.
///
/// # Errors
/// Damaged, or bytes behind its end.
pub(super) fn framed(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut at = 0usize;
    let mut schema: Option<&[u8]> = None;
    let (mut batches, mut dictionaries) = (Vec::new(), Vec::new());
    while at < bytes.len() {
        let (block, kind, description) = message(bytes, at).ok_or_else(damaged)?;
        let Some(block) = block else {
            at += 8;
            break;
        };
        match kind {
            1 if schema.is_none() => schema = Some(description),
            2 => dictionaries.push((block.offset, block.description, block.body)),
            3 => batches.push((block.offset, block.description, block.body)),
            _ => return Err(damaged()),
        }
        if batches.len() + dictionaries.len() > MOST_MESSAGES {
            return Err(refuse("holds too many batches", "this is no drafted answer: check the tables alone"));
        }
        at = block.offset + block.description + block.body;
    }
    if bytes.get(at..).is_some_and(|rest| !rest.is_empty()) {
        return Err(refuse("is a stream of Arrow messages with bytes behind its end, which are not read", ANEW));
    }
    let footer = footer(schema.ok_or_else(damaged)?, &dictionaries, &batches).ok_or_else(damaged)?;
    let mut file = HEAD.to_vec();
    file.extend_from_slice(bytes.get(..at).unwrap_or_default());
    let length = u32::try_from(footer.len()).map_err(|_| damaged())?;
    file.extend(footer);
    file.extend(length.to_le_bytes());
    file.extend(b"ARROW1");
    Ok(file)
}

/// The message at a place, its kind and its description; no block where the stream ends.
fn message(bytes: &[u8], at: usize) -> Option<(Option<Block>, u8, &[u8])> {
    if bytes.get(at..at.checked_add(4)?)? != MARK {
        return None;
    }
    let length = usize::try_from(u32::from_le_bytes(bytes.get(at + 4..at.checked_add(8)?)?.try_into().ok()?)).ok()?;
    if length == 0 {
        return Some((None, 0, &[]));
    }
    let description = bytes.get(at + 8..(at + 8).checked_add(length)?)?;
    let root = Table::root(description)?;
    let body = usize::try_from(root.long(3).unwrap_or(0)).ok()?;
    let end = (at + 8 + length).checked_add(body)?;
    bytes.get(at..end)?;
    Some((Some(Block { offset: at, description: 8 + length, body }), root.byte(1)?, description))
}

/// The description at the end of a file: version, schema, and where the batches stand. The schema is the message's own,
/// bytes and all: an offset within it leads on as before.
fn footer(schema: &[u8], dictionaries: &[(usize, usize, usize)], batches: &[(usize, usize, usize)]) -> Option<Vec<u8>> {
    let own = Table::root(schema)?.table(2)?.at();
    // root, list of fields (4 of them, 12 bytes and 4 to fill up), table of 5 words
    let (list, table) = (4usize, 20usize);
    let after = table + 20;
    let mut out = Vec::new();
    let word = |out: &mut Vec<u8>, n: usize| {
        out.extend(u32::try_from(n).ok()?.to_le_bytes());
        Some(())
    };
    word(&mut out, table)?;
    for field in [12u16, 20, 4, 8, 12, 16] {
        out.extend(field.to_le_bytes());
    }
    out.extend([0; 4]);
    word(&mut out, table - list)?;
    // the fifth version of the format
    out.extend([4, 0, 0, 0]);
    let vectors = after.next_multiple_of(8) + 4;
    let first = vectors;
    let second = (first + 4 + dictionaries.len() * 24).next_multiple_of(8) + 4;
    let message = (second + 4 + batches.len() * 24).next_multiple_of(8);
    word(&mut out, message + own - (table + 8))?;
    word(&mut out, first - (table + 12))?;
    word(&mut out, second - (table + 16))?;
    for (start, blocks) in [(first, dictionaries), (second, batches)] {
        out.resize(start, 0);
        word(&mut out, blocks.len())?;
        for (offset, description, body) in blocks {
            out.extend(i64::try_from(HEAD.len() + offset).ok()?.to_le_bytes());
            out.extend(i64::try_from(*description).ok()?.to_le_bytes());
            out.extend(i64::try_from(*body).ok()?.to_le_bytes());
        }
    }
    out.resize(message, 0);
    out.extend_from_slice(schema);
    out.resize(out.len().next_multiple_of(8), 0);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_stream_is_refused() {
        for bytes in [&[0xFF; 4][..], &[0xFF; 8], &[0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], &[0xFF; 64], &[]] {
            assert!(framed(bytes).is_err());
        }
    }
}
