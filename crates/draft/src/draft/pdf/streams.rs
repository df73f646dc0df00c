//! Streams unpacked within bounds before the library sees them, and operators that it skips written out in others.

use std::io::Read;

use flate2::bufread::ZlibDecoder;
use pdf_extract::content::{Content, Operation};
use pdf_extract::{Dictionary, Document as Pdf, Object, ObjectId, Stream};

use crate::draft::Error;
use crate::draft::bounds::{MOST_EXPANDED, MOST_PART, refuse};

/// What to do about such a file.
const ANEW: &str = "print it to a PDF anew, or check the file it was made from";
/// Filters of pictures, which are told and not read.
const PICTURES: &[&[u8]] = &[b"DCTDecode", b"DCT", b"JPXDecode", b"CCITTFaxDecode", b"CCF", b"JBIG2Decode"];

/// Unpacks every stream that is no picture.
///
/// # Errors
/// A stream that expands to too much, or a page whose compression is not read.
pub(super) fn unpack(pdf: &mut Pdf) -> Result<(), Error> {
    let drawing: Vec<ObjectId> = pdf.get_pages().values().flat_map(|page| pdf.get_page_contents(*page)).collect();
    let ids: Vec<ObjectId> = pdf.objects.keys().copied().collect();
    let mut left = MOST_EXPANDED as usize;
    for id in ids {
        let Some(filters) = pdf.objects.get(&id).and_then(|o| o.as_stream().ok()).map(|s| filters(pdf, s)) else {
            continue;
        };
        let Some(Object::Stream(stream)) = pdf.objects.get_mut(&id) else { continue };
        let form = stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|n| n == b"Form");
        if filters.is_empty() || filters.iter().any(|f| PICTURES.contains(&f.as_slice())) {
            continue;
        }
        let picture = stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|n| n == b"Image");
        let most = left.min(MOST_PART as usize);
        match unpacked(stream, &filters, most)? {
            // a picture stays as it is: nobody reads it
            Some(_) if picture => {}
            Some(content) => {
                left -= content.len();
                stream.dict.remove(b"DecodeParms");
                stream.set_plain_content(content);
            }
            None if drawing.contains(&id) || form => {
                let name = filters.last().map(|f| String::from_utf8_lossy(f).into_owned()).unwrap_or_default();
                return Err(refuse(format!("uses a compression that is not read ({name})"), ANEW));
            }
            None => {}
        }
    }
    Ok(())
}

/// The filters of a stream in the order in which they are undone.
fn filters(pdf: &Pdf, stream: &Stream) -> Vec<Vec<u8>> {
    let of = |o: &Object| pdf.dereference(o).ok().and_then(|(_, o)| o.as_name().ok().map(<[u8]>::to_vec));
    match stream.dict.get(b"Filter").and_then(|f| pdf.dereference(f).map(|f| f.1)) {
        Ok(Object::Array(list)) => list.iter().take(8).map(|o| of(o).unwrap_or_default()).collect(),
        Ok(name @ Object::Name(_)) => of(name).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The bytes of a stream; none where a filter is not read.
///
/// # Errors
/// More than `most` bytes.
fn unpacked(stream: &Stream, filters: &[Vec<u8>], most: usize) -> Result<Option<Vec<u8>>, Error> {
    let mut content = stream.content.clone();
    for filter in filters {
        let next = match filter.as_slice() {
            b"FlateDecode" | b"Fl" => inflated(&content, most),
            b"LZWDecode" | b"LZW" => lzw(&content, early(&stream.dict), most),
            b"ASCII85Decode" | b"A85" => ascii85(&content),
            b"ASCIIHexDecode" | b"AHx" => ascii_hex(&content),
            b"RunLengthDecode" | b"RL" => run_length(&content, most),
            _ => return Ok(None),
        };
        let Some(next) = next else { return Ok(None) };
        if next.len() > most {
            let (one, all) = (MOST_PART >> 20, MOST_EXPANDED >> 20);
            let what = format!("is too large once expanded (a part may take {one} MB, all together {all} MB)");
            return Err(refuse(what, "this is no drafted answer: check its pages alone"));
        }
        content = next;
    }
    Ok(predicted(stream, content))
}

fn inflated(content: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let whole = ZlibDecoder::new(content).take(most as u64 + 1).read_to_end(&mut out);
    // what a damaged stream holds up to its fault is read, as programs do
    (whole.is_ok() || !out.is_empty() || content.is_empty()).then_some(out)
}

/// Whether codes grow one step early, as they do unless the file says otherwise.
fn early(dictionary: &Dictionary) -> bool {
    let says = |d: &Dictionary| d.get(b"EarlyChange").and_then(Object::as_i64).map(|n| n != 0);
    match dictionary.get(b"DecodeParms") {
        Ok(Object::Dictionary(d)) => says(d).unwrap_or(true),
        Ok(Object::Array(list)) => {
            list.iter().filter_map(|o| o.as_dict().ok()).find_map(|d| says(d).ok()).unwrap_or(true)
        }
        _ => true,
    }
}

/// LZW with codes of 9 to 12 bits: 256 clears the table, 257 ends.
fn lzw(content: &[u8], early: bool, most: usize) -> Option<Vec<u8>> {
    // each entry is the one before it and a byte more
    let mut table: Vec<(usize, u8, usize)> = Vec::new();
    let mut out: Vec<u8> = Vec::new();
    let (mut width, mut bits, mut have) = (9u32, 0u32, 0u32);
    let mut last: Option<usize> = None;
    let mut bytes = content.iter();
    loop {
        while have < width {
            let Some(byte) = bytes.next() else { return Some(out) };
            (bits, have) = (bits << 8 | u32::from(*byte), have + 8);
        }
        let code = (bits >> (have - width) & ((1 << width) - 1)) as usize;
        have -= width;
        bits &= (1 << have) - 1;
        if code == 257 || out.len() > most {
            return Some(out);
        }
        if code == 256 {
            (width, last) = (9, None);
            table.clear();
            continue;
        }
        let next = 258 + table.len();
        let entry = if code == next { last? } else { code };
        let text = spelled(entry, &table)?;
        let first = *text.first()?;
        out.extend_from_slice(&text);
        if code == next {
            out.push(first);
        }
        if let Some(before) = last.filter(|_| next < 4096) {
            table.push((before, first, next));
        }
        last = Some(code);
        let grown = 258 + table.len() + usize::from(early);
        width = if grown >= 2048 {
            12
        } else if grown >= 1024 {
            11
        } else if grown >= 512 {
            10
        } else {
            9
        };
    }
}

/// The bytes that a code stands for.
fn spelled(code: usize, table: &[(usize, u8, usize)]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let mut at = code;
    while at > 257 {
        let (before, byte, own) = *table.get(at - 258)?;
        // an entry is made of earlier ones only
        if before >= own {
            return None;
        }
        text.push(byte);
        at = before;
    }
    text.push(u8::try_from(at).ok()?);
    text.reverse();
    Some(text)
}

fn ascii85(content: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut group: Vec<u8> = Vec::new();
    let content = content.strip_prefix(b"<~").unwrap_or(content);
    let value = |group: &[u8]| group.iter().fold(0u64, |n, b| n * 85 + u64::from(b - b'!')) as u32;
    for byte in content {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => group.push(*byte),
            b if b.is_ascii_whitespace() || *b == 0 => {}
            _ => return None,
        }
        if group.len() == 5 {
            out.extend_from_slice(&value(&group).to_be_bytes());
            group.clear();
        }
    }
    if group.len() > 1 {
        let kept = group.len() - 1;
        group.resize(5, b'u');
        out.extend(value(&group).to_be_bytes().into_iter().take(kept));
    }
    Some(out)
}

fn ascii_hex(content: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> =
        content.iter().copied().take_while(|b| *b != b'>').filter(|b| !b.is_ascii_whitespace()).collect();
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    digits
        .chunks(2)
        .map(|pair| Some(digit(*pair.first()?)? << 4 | pair.get(1).map_or(Some(0), |b| digit(*b))?))
        .collect()
}

fn run_length(content: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = content;
    while let Some((length, after)) = rest.split_first() {
        match *length {
            128 => break,
            n if n < 128 => {
                let count = (usize::from(n) + 1).min(after.len());
                out.extend_from_slice(after.get(..count)?);
                rest = after.get(count..)?;
            }
            n => {
                let (byte, more) = after.split_first()?;
                out.extend(std::iter::repeat_n(*byte, 257 - usize::from(n)));
                rest = more;
            }
        }
        if out.len() > most {
            break;
        }
    }
    Some(out)
}

/// Bytes whose differences were packed; none where they were packed in a way that is not read.
fn predicted(stream: &Stream, content: Vec<u8>) -> Option<Vec<u8>> {
    let parameters = match stream.dict.get(b"DecodeParms") {
        Ok(Object::Dictionary(d)) => Some(d),
        Ok(Object::Array(list)) => list.iter().rev().find_map(|o| o.as_dict().ok()),
        _ => None,
    };
    let number = |key: &[u8], or: i64| parameters.and_then(|d| d.get(key).and_then(Object::as_i64).ok()).unwrap_or(or);
    match number(b"Predictor", 1) {
        1 => Some(content),
        10..=15 => {
            let (columns, colours, bits) =
                (number(b"Columns", 1), number(b"Colors", 1), number(b"BitsPerComponent", 8));
            let step = usize::try_from((colours.checked_mul(bits)? + 7) / 8).ok()?.max(1);
            let row = usize::try_from((columns.checked_mul(colours)?.checked_mul(bits)? + 7) / 8).ok()?;
            png(&content, row, step)
        }
        _ => None,
    }
}

fn png(content: &[u8], row: usize, step: usize) -> Option<Vec<u8>> {
    if row == 0 {
        return None;
    }
    let mut out: Vec<u8> = Vec::with_capacity(content.len());
    for line in content.chunks(row.checked_add(1)?) {
        let (kind, bytes) = line.split_first()?;
        let start = out.len();
        for (i, byte) in bytes.iter().enumerate() {
            let at = |from: usize, back: usize| from.checked_sub(back).and_then(|n| out.get(n)).copied().unwrap_or(0);
            let left = if i >= step { at(start + i, step) } else { 0 };
            let above = if start > 0 { at(start + i, row) } else { 0 };
            let corner = if start > 0 && i >= step { at(start + i, row + step) } else { 0 };
            let guess = match kind {
                0 => 0,
                1 => left,
                2 => above,
                3 => ((u16::from(left) + u16::from(above)) / 2) as u8,
                4 => paeth(left, above, corner),
                _ => return None,
            };
            let value = byte.wrapping_add(guess);
            out.push(value);
        }
    }
    Some(out)
}

fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(above), i16::from(corner));
    let guess = a + b - c;
    let (x, y, z) = ((guess - a).abs(), (guess - b).abs(), (guess - c).abs());
    if x <= y && x <= z {
        left
    } else if y <= z {
        above
    } else {
        corner
    }
}

/// Writes the operators `'` and `"` of pages and forms out in those that the library knows.
///
/// # Errors
/// A page that can't be read.
pub(super) fn write_out(pdf: &mut Pdf) -> Result<(), Error> {
    for page in pdf.get_pages().into_values() {
        let content = pdf.get_page_content(page).unwrap_or_default();
        if let Some(plain) = written_out(&content)? {
            let id = pdf.add_object(Stream::new(Dictionary::new(), plain));
            if let Ok(dictionary) = pdf.get_dictionary_mut(page) {
                dictionary.set("Contents", Object::Reference(id));
            }
        }
    }
    for object in pdf.objects.values_mut() {
        let Object::Stream(stream) = object else { continue };
        if stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|n| n == b"Form")
            && let Some(plain) = written_out(&stream.content)?
        {
            stream.set_plain_content(plain);
        }
    }
    Ok(())
}

/// The content in other operators; none where there is nothing to change.
fn written_out(content: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    if !content.contains(&b'\'') && !content.contains(&b'"') {
        return Ok(None);
    }
    let damaged = |_| refuse("is a damaged PDF: a page can't be read", ANEW);
    let read = Content::decode(content).map_err(damaged)?;
    if !read.operations.iter().any(|o| matches!(o.operator.as_str(), "'" | "\"")) {
        return Ok(None);
    }
    let mut operations = Vec::new();
    for operation in read.operations {
        let line = || Operation::new("T*", Vec::new());
        match (operation.operator.as_str(), operation.operands.as_slice()) {
            ("'", [.., text]) => operations.extend([line(), Operation::new("Tj", vec![text.clone()])]),
            ("\"", [words, letters, text]) => operations.extend([
                Operation::new("Tw", vec![words.clone()]),
                Operation::new("Tc", vec![letters.clone()]),
                line(),
                Operation::new("Tj", vec![text.clone()]),
            ]),
            ("'" | "\"", _) => return Err(refuse("is a damaged PDF: a page shows text that is none", ANEW)),
            // pictures within the page are told before
            ("BI", _) => {}
            _ => operations.push(operation),
        }
    }
    Content { operations }.encode().map(Some).map_err(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_texts_are_unpacked() {
        assert_eq!(ascii85(b"87cURD]j7BEbo80~>").as_deref(), Some(b"Hello world!".as_slice()));
        assert_eq!(ascii_hex(b"48 65 6C6c 6F>").as_deref(), Some(b"Hello".as_slice()));
        assert_eq!(
            run_length(&[4, b'H', b'e', b'l', b'l', b'o', 254, b'!', 128, 7], 100).as_deref(),
            Some(b"Hello!!!".as_slice())
        );
        // the example of the standard, ISO 32000-1, 7.4.4.2
        let packed = [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01];
        assert_eq!(lzw(&packed, true, 100).as_deref(), Some([45u8, 45, 45, 45, 45, 65, 45, 45, 45, 66].as_slice()));
        for any in [&b"\xff\xff\xff\xff"[..], b"", b"\x80", b"z~>", b"{"] {
            let _ = (lzw(any, true, 100), lzw(any, false, 100), ascii85(any), ascii_hex(any), run_length(any, 100));
        }
    }

    #[test]
    fn quotes_are_written_out() {
        let plain = written_out(b"BT (a) Tj (b) ' 1 2 (c) \" ET").unwrap().unwrap();
        let text = String::from_utf8(plain).unwrap();
        assert_eq!(text.split_whitespace().collect::<Vec<_>>().join(" "), "BT (a) Tj T* (b) Tj 1 Tw 2 Tc T* (c) Tj ET");
        assert!(written_out(b"BT (it's) Tj ET").unwrap().is_none());
    }
}
