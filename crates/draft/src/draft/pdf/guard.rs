//! What a library would expand, loop over or recurse into without a bound is looked at before.

use std::io::Read;

use flate2::bufread::ZlibDecoder;
use pdf_extract::{Dictionary, Document as Pdf, Object};

use crate::draft::Error;
use crate::draft::bounds::{MOST_EXPANDED, MOST_PART, refuse};

/// Streams of a file.
const MOST_STREAMS: usize = 20_000;
/// Nodes of the tree of pages above a page.
const MOST_PARENTS: usize = 64;
/// Characters of a font that one range may name.
const MOST_RANGE: u64 = 0xFFFF;
/// What to do about such a file.
const ANEW: &str = "print it to a PDF anew, or check the file it was made from";

/// Refuses a file whose streams expand to too much, or are compressed in ways that can't be looked into before.
///
/// # Errors
/// What there is too much of.
pub(super) fn check_streams(bytes: &[u8]) -> Result<(), Error> {
    check_indices(bytes)?;
    let (mut total, mut streams) = (0, 0);
    let mut rest = bytes;
    while let Some(at) = rest.windows(6).position(|w| w == b"stream") {
        rest = rest.get(at + 6..).unwrap_or_default();
        let start = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n' | b' ')).count();
        let content = rest.get(start..).unwrap_or_default();
        // a zlib stream says so in its first byte
        if content.first().is_none_or(|b| b & 0x0F != 8) {
            continue;
        }
        streams += 1;
        if streams > MOST_STREAMS {
            return Err(refuse(
                format!("holds more than {MOST_STREAMS} streams"),
                "this is no drafted answer: check its pages alone",
            ));
        }
        let most = MOST_PART.min(MOST_EXPANDED - total);
        let expanded = std::io::copy(&mut ZlibDecoder::new(content).take(most + 1), &mut std::io::sink()).unwrap_or(0);
        total += expanded;
        if expanded > most {
            let (one, all) = (MOST_PART >> 20, MOST_EXPANDED >> 20);
            let what = format!("is too large once expanded (a part may take {one} MB, all together {all} MB)");
            return Err(refuse(what, "this is no drafted answer: check its pages alone"));
        }
    }
    Ok(())
}

/// Refuses a file whose index of objects is packed by anything but the usual compression: it is unpacked by the library,
/// without a bound, before anything can be looked into.
fn check_indices(bytes: &[u8]) -> Result<(), Error> {
    for name in [b"/ObjStm".as_slice(), b"/XRef"] {
        for (at, window) in bytes.windows(name.len()).enumerate() {
            if window != name {
                continue;
            }
            let around = bytes.get(at.saturating_sub(300)..(at + 300).min(bytes.len())).unwrap_or_default();
            let uses = |f: &[u8]| around.windows(f.len()).any(|w| w == f);
            if [b"LZW".as_slice(), b"ASCII85", b"A85", b"ASCIIHex", b"RunLength"].iter().any(|f| uses(f)) {
                return Err(refuse("uses a compression of its index that is not read", ANEW));
            }
        }
    }
    Ok(())
}

/// Refuses objects that would make the library loop or recurse without end.
///
/// # Errors
/// The fault.
pub(super) fn check_objects(pdf: &Pdf) -> Result<(), Error> {
    for page in pdf.get_pages().values() {
        let dictionary = pdf.get_dictionary(*page).map_err(|_| refuse("is a damaged PDF: a page is missing", ANEW))?;
        check_parents(pdf, dictionary)?;
    }
    for object in pdf.objects.values() {
        match object {
            Object::Stream(stream) => {
                let content = stream.get_plain_content().unwrap_or_default();
                if content.windows(5).any(|w| w == b"range") && !ranges_are_small(&content) {
                    return Err(refuse("is a damaged PDF: a font names too many characters", ANEW));
                }
                check_widths(&stream.dict)?;
            }
            Object::Dictionary(dictionary) => check_widths(dictionary)?,
            _ => {}
        }
    }
    Ok(())
}

fn check_parents(pdf: &Pdf, page: &Dictionary) -> Result<(), Error> {
    let mut node = page;
    for _ in 0..MOST_PARENTS {
        let parent = node.get(b"Parent").and_then(Object::as_reference).and_then(|id| pdf.get_dictionary(id));
        match parent {
            Ok(parent) => node = parent,
            Err(_) => return Ok(()),
        }
    }
    Err(refuse("is a damaged PDF: its pages are nested in a circle", ANEW))
}

/// Widths of characters, `first last width`: a range that names billions would be filled in one by one.
fn check_widths(dictionary: &Dictionary) -> Result<(), Error> {
    let Ok(widths) = dictionary.get(b"W").and_then(Object::as_array) else { return Ok(()) };
    let small = |o: &Object| o.as_i64().is_ok_and(|n| (0..=MOST_RANGE as i64).contains(&n));
    if widths.iter().all(|o| !matches!(o, Object::Integer(_)) || small(o)) {
        return Ok(());
    }
    Err(refuse("is a damaged PDF: a font names too many characters", ANEW))
}

/// Whether no two hexadecimal numbers behind each other in a map of characters lie too far apart.
fn ranges_are_small(content: &[u8]) -> bool {
    let text = String::from_utf8_lossy(content);
    let sections = text.split("begin").filter(|s| {
        let name: String = s.chars().take_while(|c| c.is_ascii_alphabetic()).collect();
        matches!(name.as_str(), "bfrange" | "cidrange" | "notdefrange")
    });
    sections.into_iter().all(|section| {
        let numbers: Vec<Option<u64>> = section
            .split('<')
            .skip(1)
            .map(|hex| {
                let digits: String = hex.chars().take_while(|c| *c != '>').filter(|c| !c.is_whitespace()).collect();
                u64::from_str_radix(&digits, 16).ok()
            })
            .collect();
        // every pair is looked at, wherever a range begins: the numbers of one map lie close together
        numbers.windows(2).all(|pair| match pair {
            [Some(a), Some(b)] => b.saturating_sub(*a) <= MOST_RANGE,
            _ => true,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_characters_are_bounded() {
        assert!(ranges_are_small(b"1 beginbfrange\n<0001> <0020> <0041>\nendbfrange"));
        assert!(ranges_are_small(b"2 beginbfchar <01> <D83DDE00> endbfchar"));
        assert!(!ranges_are_small(b"1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange"));
        assert!(!ranges_are_small(b"1 begincidrange\n<00000000> <7FFFFFFF> 0 endcidrange"));
    }
}
