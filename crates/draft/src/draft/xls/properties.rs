//! Properties of a compound file (MS-OLEPS): those that a person typed, and those of the person's own.

use crate::draft::Place;
use crate::draft::held::Held;

/// The streams that hold them.
pub(super) const STREAMS: [&str; 2] = ["\u{5}SummaryInformation", "\u{5}DocumentSummaryInformation"];
/// Properties of a set.
const MOST: usize = 4096;
/// Properties that a person types: title, subject, key words, remarks; category, manager, company.
const TYPED: [u32; 7] = [2, 3, 5, 6, 14, 15, 26];

/// The texts of a stream of properties.
pub(super) fn texts(bytes: &[u8]) -> Vec<Held> {
    let word = |at: usize| bytes.get(at..at.checked_add(4)?).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let mut found = Vec::new();
    let sets = word(24).unwrap_or(0).min(2) as usize;
    for set in 0..sets {
        let Some(start) = word(28 + set * 20 + 16).map(|s| s as usize) else { continue };
        let count = start.checked_add(4).and_then(word).unwrap_or(0) as usize;
        for i in 0..count.min(MOST) {
            let at = |n: usize| start.checked_add(8 + i * 8 + n).and_then(word);
            let (Some(id), Some(offset)) = (at(0), at(4)) else { break };
            // the second set holds a person's own, behind a list of their names
            if (set == 0 && !TYPED.contains(&id)) || (set == 1 && id < 2) {
                continue;
            }
            let Some(value) = start.checked_add(offset as usize) else { continue };
            let content = |from: usize, length: usize| {
                bytes.get(value.checked_add(from)?..value.checked_add(from)?.checked_add(length)?)
            };
            let length = value.checked_add(4).and_then(word).unwrap_or(0) as usize;
            let text = match word(value) {
                Some(0x1E) => content(8, length).map(|b| b.iter().map(|b| char::from(*b)).collect::<String>()),
                Some(0x1F) => content(8, length.saturating_mul(2)).map(wide),
                Some(0x03) => value.checked_add(4).and_then(word).map(|n| (n as i32).to_string()),
                Some(0x05) => content(4, 8).and_then(|b| b.try_into().ok()).map(|b| f64::from_le_bytes(b).to_string()),
                _ => None,
            };
            let text = text.unwrap_or_default().trim_matches('\0').to_owned();
            // "3.1", the version of a program
            let version = word(value).is_some_and(|kind| matches!(kind, 0x1E | 0x1F)) && is_version(&text);
            if version {
                continue;
            }
            found.push(Held { place: Place::default(), what: "a property of the document".to_owned(), text });
        }
    }
    found
}

fn is_version(text: &str) -> bool {
    text.contains('.') && text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

fn wide(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).filter_map(|c| Some(u16::from_le_bytes(c.try_into().ok()?))).collect();
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_are_taken() {
        for bytes in [vec![0xFF; 200], vec![0; 200], Vec::new(), vec![1; 47]] {
            texts(&bytes);
        }
        let mut one = vec![0u8; 48];
        one[24] = 1;
        one[44] = 48;
        one.extend([40, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 16, 0, 0, 0, 0x1E, 0, 0, 0, 8, 0, 0, 0]);
        one.extend(b"South 3\0");
        assert_eq!(texts(&one).first().map(|h| h.text.as_str()), Some("South 3"));
    }
}
