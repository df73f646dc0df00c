//! A second pair of eyes on the bytes of a CSV file while the parser reads them: fingerprint, encoding, quoting.
//!
//! The parser is lenient where two programs would read the same bytes differently. What it lets pass is noted here, so
//! that the survey can refuse it or hand on a tidied copy.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use crate::text::hex;

/// What was seen of the bytes so far. Lines are physical lines, counted from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sights {
    /// How many bytes.
    pub bytes: u64,
    /// Whether some bytes are not UTF-8.
    pub not_utf8: bool,
    /// Whether a line ends in a carriage return alone.
    pub lone_return: bool,
    /// Whether there are blank lines.
    pub blank_line: bool,
    /// Whether a field that does not begin with a quote holds one.
    pub stray_quote: bool,
    /// The line of a NUL byte.
    pub nul: Option<u64>,
    /// The line where something follows a closing quote.
    pub after_quote: Option<u64>,
    /// At the end: the line of a quote that is never closed.
    pub unclosed: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    LineStart,
    FieldStart,
    Plain,
    Quoted,
    /// After a quote within a quoted field: the end of it, or half of a doubled quote.
    Closing,
}

/// Reads from `inner` and notes what goes by.
pub(super) struct Watch<R> {
    inner: R,
    hash: Sha256,
    delimiter: u8,
    state: State,
    returned: bool,
    line: u64,
    opened: u64,
    /// Bytes at the start that are a byte order mark.
    mark: usize,
    /// The last byte that went by, and whether the end was reached.
    last: u8,
    ended: bool,
    /// The beginning of a character that the last chunk cut.
    cut: Vec<u8>,
    sights: Sights,
}

impl<R: Read> Watch<R> {
    /// Watches `inner`, whose first `mark` bytes are a byte order mark.
    pub(super) fn new(inner: R, delimiter: u8, mark: usize) -> Self {
        Watch {
            inner,
            hash: Sha256::new(),
            delimiter,
            state: State::LineStart,
            returned: false,
            line: 1,
            opened: 0,
            mark,
            last: b'\n',
            ended: false,
            cut: Vec::new(),
            sights: Sights::default(),
        }
    }

    /// What was seen so far.
    pub(super) fn sights(&self) -> &Sights {
        &self.sights
    }

    /// What was seen, and the SHA-256 of it, in hexadecimal.
    pub(super) fn finish(self) -> (Sights, String) {
        (self.sights, hex(&self.hash.finalize()))
    }

    fn look(&mut self, chunk: &[u8]) {
        self.hash.update(chunk);
        self.sights.bytes += chunk.len() as u64;
        if !self.sights.not_utf8 {
            self.look_at_encoding(chunk);
        }
        let skipped = self.mark.min(chunk.len());
        self.mark -= skipped;
        for &byte in &chunk[skipped..] {
            self.step(byte);
        }
    }

    fn look_at_encoding(&mut self, chunk: &[u8]) {
        let joined;
        let bytes = if self.cut.is_empty() {
            chunk
        } else {
            joined = [&self.cut, chunk].concat();
            &joined
        };
        match std::str::from_utf8(bytes) {
            Ok(_) => self.cut = Vec::new(),
            Err(e) if e.error_len().is_some() => self.sights.not_utf8 = true,
            Err(e) => self.cut = bytes[e.valid_up_to()..].to_vec(),
        }
    }

    fn step(&mut self, byte: u8) {
        let quoted = self.state == State::Quoted;
        if self.returned && byte != b'\n' {
            self.sights.lone_return = true;
            self.state = State::LineStart;
        }
        self.returned = byte == b'\r' && !quoted;
        match byte {
            b'"' => self.quote(),
            b'\n' => {
                self.sights.blank_line |= self.state == State::LineStart;
                self.line += 1;
                if !quoted {
                    self.state = State::LineStart;
                }
            }
            b'\r' => {}
            _ if quoted => {}
            _ if byte == self.delimiter => self.state = State::FieldStart,
            _ => {
                if self.state == State::Closing {
                    self.sights.after_quote.get_or_insert(self.line);
                }
                self.state = State::Plain;
            }
        }
        if byte == 0 {
            self.sights.nul.get_or_insert(self.line);
        }
    }

    fn quote(&mut self) {
        self.state = match self.state {
            State::LineStart | State::FieldStart => {
                self.opened = self.line;
                State::Quoted
            }
            State::Closing => State::Quoted,
            State::Quoted => State::Closing,
            State::Plain => {
                self.sights.stray_quote = true;
                State::Plain
            }
        };
    }

    fn look_at_end(&mut self) {
        self.sights.not_utf8 |= !self.cut.is_empty();
        self.sights.lone_return |= self.returned;
        self.sights.unclosed = (self.state == State::Quoted).then_some(self.opened);
    }
}

impl<R: Read> Read for Watch<R> {
    /// Hands the bytes on. A last line without an end is given one, so that lines can be counted by their ends.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = if self.ended { 0 } else { self.inner.read(buffer)? };
        if n > 0 {
            self.look(&buffer[..n]);
            self.last = buffer[n - 1];
            return Ok(n);
        }
        if !self.ended {
            self.ended = true;
            self.look_at_end();
            if self.last != b'\n'
                && let Some(first) = buffer.first_mut()
            {
                *first = b'\n';
                return Ok(1);
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads in chunks of every small size: what is seen must not depend on where chunks end.
    fn sights(text: &[u8]) -> Sights {
        let mut seen: Vec<Sights> = Vec::new();
        for size in 1..=5 {
            let mark = if text.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
            let mut watch = Watch::new(text, b',', mark);
            let mut buffer = vec![0; size];
            while watch.read(&mut buffer).unwrap() > 0 {}
            seen.push(watch.finish().0);
        }
        assert!(seen.windows(2).all(|w| w[0] == w[1]), "{seen:?}");
        seen.remove(0)
    }

    #[test]
    fn clean_files_show_nothing() {
        for text in ["a,b\n1,2\n", "a,b\r\n1,\"x\"\"y\r\nz\"\r\n", "\u{feff}\"a\",b\nö,€", "a,\"\"\n"] {
            let seen = sights(text.as_bytes());
            assert_eq!(seen, Sights { bytes: text.len() as u64, ..Sights::default() }, "{text:?}");
        }
    }

    #[test]
    fn each_quirk_is_seen_with_its_line() {
        assert!(sights(b"a\n\xE4\n").not_utf8);
        assert!(sights(b"a\n\xC3").not_utf8);
        assert!(sights(b"a\r1\r2\r").lone_return);
        assert!(sights(b"a\n\n1\n").blank_line);
        assert!(sights(b"a\r\n\r\n1\n").blank_line);
        assert!(sights(b"a,b\n1,5\" pipe\n").stray_quote);
        assert_eq!(sights(b"a,b\n1,\"x\" y\n").after_quote, Some(2));
        assert_eq!(sights(b"a,b\n1,\"x\ny\n").unclosed, Some(2));
        assert_eq!(sights(b"a\n1\n\0\n").nul, Some(3));
    }
}
