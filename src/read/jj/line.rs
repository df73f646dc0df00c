//! Lines and words of a text, without copying.

use crate::read::Error;

/// The lines of a text that hold anything.
pub(super) struct Lines<'a> {
    name: &'a str,
    text: &'a [u8],
    at: usize,
    number: u64,
}

/// A line.
pub(super) struct Line<'a> {
    /// Its number, from 1.
    pub number: u64,
    name: &'a str,
    text: &'a [u8],
    start: usize,
}

impl<'a> Lines<'a> {
    pub fn new(name: &'a str, text: &'a [u8]) -> Self {
        Lines { name, text, at: 0, number: 0 }
    }

    /// The fault of a text that ends too early.
    pub fn ended(&self, place: &str) -> Error {
        Error::data(format!("{}: the file ends {place}", self.name))
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        loop {
            let rest = self.text.get(self.at..).filter(|r| !r.is_empty())?;
            let length = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
            let line = Line { number: self.number + 1, name: self.name, text: &rest[..length], start: self.at };
            self.at += length + 1;
            self.number += 1;
            if !line.text.iter().all(u8::is_ascii_whitespace) {
                return Some(line);
            }
        }
    }
}

impl<'a> Line<'a> {
    /// Its words: what stands between blanks; each of `(`, `)` and `:` is a word of its own.
    pub fn words(&self) -> Words<'a> {
        Words { rest: self.text, end: self.start + self.text.len() }
    }

    /// A fault on this line.
    pub fn fault(&self, what: &str) -> Error {
        Error::data(format!("{}:{}: {what}", self.name, self.number))
    }
}

/// The words of a line.
pub(super) struct Words<'a> {
    rest: &'a [u8],
    /// Where the line ends in the text.
    end: usize,
}

impl Words<'_> {
    /// Where the last word ended in the text.
    pub fn position(&self) -> usize {
        self.end - self.rest.len()
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let text = self.rest.trim_ascii_start();
        let alone = |b: &u8| matches!(b, b'(' | b')' | b':');
        let first = text.first()?;
        let length = match alone(first) {
            true => 1,
            false => text.iter().position(|b| alone(b) || b.is_ascii_whitespace()).unwrap_or(text.len()),
        };
        let (word, rest) = text.split_at(length);
        self.rest = rest;
        Some(word)
    }
}
