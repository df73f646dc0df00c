//! Which values of a Parquet page are null: runs of levels, which the library makes room for as they say. Runs that go beyond
//! their page are refused before it sees them.

use std::io::Read;

use flate2::bufread::MultiGzDecoder;

/// Whether the levels of a page (none or one bit each) stay within its values. `content` is the page as it stands in the
/// file, `codec` how it is packed; what is packed otherwise is not looked into.
pub(super) fn sound(content: &[u8], codec: i64, expanded: usize, values: usize) -> bool {
    let plain = match codec {
        0 => content.to_vec(),
        1 => match snappy(content, expanded) {
            Some(plain) => plain,
            None => return false,
        },
        2 => {
            let mut plain = Vec::new();
            let read = MultiGzDecoder::new(content).take(expanded as u64 + 1).read_to_end(&mut plain);
            if read.is_err() {
                return false;
            }
            plain
        }
        _ => return true,
    };
    let length = plain.get(..4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let end = length.and_then(|l| usize::try_from(l).ok()).and_then(|l| l.checked_add(4));
    end.and_then(|end| plain.get(4..end)).is_some_and(|levels| runs(levels, values))
}

/// Whether runs of levels of one bit hold no more than so many values, up to the eight that fill up a group.
pub(super) fn runs(levels: &[u8], values: usize) -> bool {
    let (mut at, mut held) = (0usize, 0u64);
    while at < levels.len() {
        let (mut head, mut shift) = (0u64, 0u32);
        loop {
            let Some(byte) = levels.get(at) else { return false };
            at += 1;
            if shift > 35 {
                return false;
            }
            head |= u64::from(byte & 0x7F) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let packed = head & 1 == 1;
        held = held.saturating_add(if packed { (head >> 1).saturating_mul(8) } else { head >> 1 });
        at = at.saturating_add(if packed { usize::try_from(head >> 1).unwrap_or(usize::MAX) } else { 1 });
        if held > values as u64 + 8 {
            return false;
        }
    }
    true
}

/// A page packed by Snappy; none where it is damaged or longer than it says.
fn snappy(content: &[u8], most: usize) -> Option<Vec<u8>> {
    let (mut at, mut length, mut shift) = (0usize, 0u64, 0u32);
    loop {
        let byte = *content.get(at)?;
        at += 1;
        length |= u64::from(byte & 0x7F).checked_shl(shift)?;
        shift += 7;
        if byte & 0x80 == 0 {
            break;
        }
    }
    if length > most as u64 {
        return None;
    }
    let number = |at: usize, bytes: usize| -> Option<usize> {
        let mut value = 0usize;
        for (i, byte) in content.get(at..at.checked_add(bytes)?)?.iter().enumerate() {
            value |= usize::from(*byte) << (8 * i);
        }
        Some(value)
    };
    let mut out: Vec<u8> = Vec::new();
    while at < content.len() {
        let tag = usize::from(*content.get(at)?);
        at += 1;
        let (size, back) = match tag & 3 {
            0 => {
                let short = tag >> 2;
                let more = short.saturating_sub(59);
                let size = if short < 60 { short } else { number(at, more)? } + 1;
                at += if short < 60 { 0 } else { more };
                out.extend_from_slice(content.get(at..at.checked_add(size)?)?);
                at += size;
                (0, 0)
            }
            1 => {
                let back = (tag >> 5) << 8 | number(at, 1)?;
                at += 1;
                ((tag >> 2 & 7) + 4, back)
            }
            2 => {
                let back = number(at, 2)?;
                at += 2;
                ((tag >> 2) + 1, back)
            }
            _ => {
                let back = number(at, 4)?;
                at += 4;
                ((tag >> 2) + 1, back)
            }
        };
        for _ in 0..size {
            let from = out.len().checked_sub(back).filter(|_| back > 0)?;
            let byte = *out.get(from)?;
            out.push(byte);
        }
        if out.len() > most {
            return None;
        }
    }
    (out.len() as u64 == length).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_beyond_their_page_are_found() {
        assert!(runs(&[0x08, 1], 4) && runs(&[0x03, 0xFF], 8) && runs(&[], 0));
        assert!(!runs(&[0xFE, 0xFF, 0xFF, 0xFF, 0x0F, 1], 4) && !runs(&[0x80], 4) && !runs(&[0xFF; 12], 4));
    }

    #[test]
    fn snappy_is_unpacked() {
        assert_eq!(snappy(&[9, 0x08, b'a', b'b', b'c', 0x09, 3], 100).as_deref(), Some(b"abcabcabc".as_slice()));
        for any in [&[][..], &[0xFF; 20], &[5, 0xF0], &[3, 0x01, 9], &[4, 0x02]] {
            assert_eq!(snappy(any, 100), None);
        }
    }
}
