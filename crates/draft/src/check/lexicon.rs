//! What a cell's text is: a number, a range, a sign, or nothing; and what a label is without its footnote marks.
//!
//! Nothing is guessed here: a text that is neither a number nor a range is a sign, and what a sign stands for is
//! declared elsewhere.

use crate::model::Interval;

use super::numerals::numeral;

/// A number as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    /// Its value in units of 10^-`decimals`.
    pub units: i64,
    /// Digits after the decimal point.
    pub decimals: u32,
    /// Written with a percent sign.
    pub percent: bool,
    /// Written with a sign of money.
    pub money: bool,
}

impl Number {
    /// The count that is written, if it is one.
    pub fn count(self) -> Option<i64> {
        (self.decimals == 0 && !self.percent && !self.money && self.units >= 0).then_some(self.units)
    }

    /// Whether digits behind the decimal point say something: "12.0" is a whole number, as data frames write counts.
    pub fn has_fraction(self) -> bool {
        self.units % 10i64.pow(self.decimals.min(9)) != 0
    }

    /// The same number without decimals that are zero.
    pub fn plain(self) -> Number {
        if self.has_fraction() {
            return self;
        }
        Number { units: self.units / 10i64.pow(self.decimals.min(9)), decimals: 0, ..self }
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    /// Nothing.
    Blank,
    /// A number.
    Number(Number),
    /// Bounds in place of a number ("<5"); the lower one is open where the text does not give it.
    Range(Interval),
    /// Anything else, without the marks of footnotes.
    Sign(String),
}

/// A cell's text, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lexed {
    /// What it is.
    pub content: Content,
    /// A percentage in brackets behind a count: "12 (48%)".
    pub share: Option<Number>,
}

/// Takes a cell's text apart.
pub(crate) fn lex(text: &str) -> Lexed {
    let text = tidy(text);
    if text.is_empty() {
        return Lexed { content: Content::Blank, share: None };
    }
    if let Some((count, share)) = count_and_share(&text) {
        return Lexed { content: Content::Number(count), share: Some(share) };
    }
    if let Some(both) = sign_and_share(&text) {
        return both;
    }
    let content = if let Some(number) = number(&text) {
        Content::Number(number)
    } else if let Some(range) = range(&text) {
        Content::Range(range)
    } else {
        let bare = without_marks(&text).0;
        match (number(&bare), range(&bare)) {
            (Some(number), _) => Content::Number(number),
            (None, Some(range)) => Content::Range(range),
            (None, None) => Content::Sign(if bare.is_empty() { text } else { bare }),
        }
    };
    Lexed { content, share: None }
}

/// A text with all kinds of blanks and dashes written in one way.
pub(crate) fn tidy(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{200a}' | '\u{202f}' | '\u{3000}' | '\t' | '\n' | '\r' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => '-',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{66b}' => '.',
        '\u{66c}' => ',',
        '\u{66a}' => '%',
        // the ASCII signs in full width, as East Asian keyboards type them
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c if c.is_ascii() => c,
        c => digit(c).unwrap_or(c),
    };
    let text: String = text.chars().filter(|c| !matches!(c, '\u{200b}' | '\u{feff}')).map(plain).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The digit that a sign of another script is.
fn digit(c: char) -> Option<char> {
    /// Where the ten digits of scripts in use begin.
    const ZEROS: [u32; 16] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0x1040,
        0x17e0,
    ];
    let code = u32::from(c);
    let of = |zero: u32| code.checked_sub(zero).filter(|d| *d < 10);
    // mathematical digits come in five styles
    let styled = || (0x1d7ce..=0x1d7ff).contains(&code).then(|| (code - 0x1d7ce) % 10);
    ZEROS.iter().find_map(|&z| of(z)).or_else(styled).and_then(|d| char::from_digit(d, 10))
}

/// "12 (48%)", "12 [48%]", "12, 48%", "12 / 48%".
fn count_and_share(text: &str) -> Option<(Number, Number)> {
    let (count, share) = paired(text)?;
    let share = number(share).filter(|n| n.percent)?;
    let count = number(&without_marks(count).0)?.plain();
    Some((count.count().map(|_| count)?, share))
}

/// A figure and what stands behind it in brackets, or behind a comma, bar or stroke, where that is a percentage.
fn paired(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_suffix(')').and_then(|t| t.rsplit_once('('));
    let inner = inner.or_else(|| text.strip_suffix(']').and_then(|t| t.rsplit_once('[')));
    let (first, second) = inner.or_else(|| {
        let apart = [", ", "/", "|", ";"].iter().find_map(|by| text.split_once(by));
        apart.filter(|p| p.1.trim_end().ends_with('%'))
    })?;
    let (first, second) = (first.trim(), second.trim());
    (!first.is_empty() && !second.is_empty()).then_some((first, second))
}

/// A sign or range with its percentage: "* (*%)", "<5 (<2%)", "[c] ([c])", "* (5%)". A percentage that is printed beside a
/// sign tells of it; one that is withheld, or a bound beside a printed bound, tells nothing more.
fn sign_and_share(text: &str) -> Option<Lexed> {
    let (first, second) = paired(text)?;
    let digits = |t: &str| t.bytes().any(|b| b.is_ascii_digit());
    let bare = second.trim_end_matches('%').trim();
    let content = match range(first) {
        Some(range) => Content::Range(range),
        None if digits(first) || first.chars().filter(|c| c.is_alphabetic()).count() > 3 => return None,
        None => Content::Sign(first.to_owned()),
    };
    match number(second).filter(|n| n.percent) {
        Some(share) => Some(Lexed { content, share: Some(share) }),
        None if bare == first || !bare.is_empty() && !bare.chars().any(char::is_alphanumeric) => {
            Some(Lexed { content, share: None })
        }
        // "<5 (<2%)": what the bound of the percentage says is not read, so the cell is not
        None => None,
    }
}

/// A number: thousands apart by commas or blanks, a decimal point, a percent sign or a sign of money.
pub(crate) fn number(text: &str) -> Option<Number> {
    let (text, money) = match text.strip_prefix(['£', '$', '€']) {
        Some(rest) => (rest.trim_start(), true),
        None => (text, false),
    };
    let (text, percent) = match text.strip_suffix('%') {
        Some(rest) => (rest.trim_end(), true),
        None => (text, false),
    };
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => (true, rest),
        Some(_) => return None,
        None => (false, text),
    };
    // 1.204.567 can only be thousands
    let dotted = (text.matches('.').count() > 1).then(|| text.replace('.', ","));
    let text = dotted.as_deref().unwrap_or(text);
    let (whole, part) = text.split_once('.').map_or((text, ""), |(w, p)| (w, p));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !digits(part) || (text.contains('.') && part.is_empty()) || part.len() > 9 {
        return None;
    }
    let whole = ungrouped(whole)?;
    if whole.is_empty() && part.is_empty() {
        return None;
    }
    let units: i64 = format!("{whole}{part}").parse().ok()?;
    let decimals = u32::try_from(part.len()).ok()?;
    Some(Number { units: if negative { -units } else { units }, decimals, percent, money })
}

/// Digits without what keeps thousands apart: then all groups but the first have three digits.
fn ungrouped(text: &str) -> Option<String> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if digits(text) {
        return Some(text.to_owned());
    }
    let groups: Vec<&str> = text.split([',', ' ', '\'', '_', '\u{b7}']).collect();
    let (first, rest) = groups.split_first()?;
    let fits = (1..=3).contains(&first.len()) && digits(first) && rest.iter().all(|g| g.len() == 3 && digits(g));
    // 1,23,456: lakh and crore
    let indian = || {
        let (last, middle) = rest.split_last()?;
        let fits = (1..=2).contains(&first.len()) && digits(first) && last.len() == 3 && digits(last);
        Some(fits && text.contains(',') && !middle.is_empty() && middle.iter().all(|g| g.len() == 2 && digits(g)))
    };
    (fits || indian().unwrap_or(false)).then(|| groups.concat())
}

/// Bounds in words or signs: "<5", "1-4", "fewer than 5", "5 or more".
fn range(text: &str) -> Option<Interval> {
    let text = text.to_lowercase();
    // "fewer than five"
    let whole = |t: &str| number(t.trim()).and_then(Number::count).or_else(|| numeral(t.trim()));
    let strip = |words: &[&str]| words.iter().find_map(|w| text.strip_prefix(w)).and_then(whole);
    let ends = |words: &[&str]| words.iter().find_map(|w| text.strip_suffix(w)).and_then(whole);
    if let Some(n) = strip(&["<=", "≤", "up to ", "at most ", "no more than ", "not more than "]) {
        return Some(Interval::at_most(n));
    }
    if let Some(n) = strip(&[">=", "≥", "at least ", "no fewer than ", "not less than "]) {
        return Some(Interval::at_least(n));
    }
    if let Some(n) = strip(&["<", "fewer than ", "less than ", "under ", "below "]) {
        return n.checked_sub(1).filter(|n| *n >= 0).map(Interval::at_most);
    }
    if let Some(n) = strip(&[">", "more than ", "over ", "above "]) {
        return n.checked_add(1).map(Interval::at_least);
    }
    if let Some(n) = ends(&[" or fewer", " or less", " or under"]) {
        return Some(Interval::at_most(n));
    }
    if let Some(n) = ends(&[" or more", " or over", "+"]) {
        return Some(Interval::at_least(n));
    }
    let between = text.strip_prefix("between ").and_then(|t| t.split_once(" and "));
    let (lo, hi) = between.or_else(|| text.split_once(" to ")).or_else(|| text.split_once('-'))?;
    let (lo, hi) = (whole(lo)?, whole(hi)?);
    (lo <= hi).then(|| Interval::new(lo, hi))
}

/// A text and the footnote marks at its end: `2015*`, `13 and Over^`, `Unknown [note 1]`, `Total (r)`.
pub(crate) fn without_marks(text: &str) -> (String, String) {
    let mut rest = text.trim();
    let mut marks = Vec::new();
    loop {
        let before = rest;
        if let Some(stripped) = bracketed_mark(rest) {
            marks.push(rest[stripped.len()..].trim().to_owned());
            rest = stripped.trim_end();
        } else if let Some(last) = rest.chars().last().filter(|c| is_mark(*c)) {
            marks.push(last.to_string());
            rest = rest[..rest.len() - last.len_utf8()].trim_end();
        }
        if rest == before {
            break;
        }
    }
    marks.reverse();
    (rest.to_owned(), marks.concat())
}

/// Signs that point to a footnote.
fn is_mark(c: char) -> bool {
    matches!(c, '*' | '^' | '†' | '‡' | '§' | '¶' | '#' | '\u{b9}' | '\u{b2}' | '\u{b3}' | '\u{2070}'..='\u{2079}')
}

/// What stands before a mark in brackets: `[note 1]`, `[1]`, `(r)`, `(p)`.
fn bracketed_mark(text: &str) -> Option<&str> {
    let open = text.rfind(['[', '('])?;
    let inner = text.get(open + 1..)?.strip_suffix([']', ')'])?;
    let words = inner.to_lowercase();
    let square = text.get(open..)?.starts_with('[');
    let noted = ["note", "footnote", "see note"].iter().any(|w| words.starts_with(w));
    let number = square && !words.is_empty() && words.bytes().all(|b| b.is_ascii_digit());
    let before = text.get(..open).unwrap_or_default().trim_end();
    let figure = before.ends_with(|c: char| c.is_ascii_digit());
    let letter = if square {
        // the marks of the Government Statistical Service behind a figure
        figure && ["b", "e", "f", "p", "r", "u", "d", "s"].contains(&words.as_str())
    } else {
        ["r", "p", "e"].contains(&words.as_str())
    };
    (noted || number || letter).then(|| text.get(..open).unwrap_or_default())
}

/// A label for comparing: small letters, no marks, ranges and joints spelled in one way.
pub(crate) fn key(label: &str) -> String {
    let (bare, _) = without_marks(&tidy(label));
    let mut out = String::new();
    let lower = bare.to_lowercase().replace('&', " and ").replace(['_', ':'], " ");
    let chars: Vec<char> = lower.chars().collect();
    for (i, &c) in chars.iter().enumerate() {
        let digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
        let around = |step: isize| {
            (1..3).find_map(|n| {
                let at = i.checked_add_signed(step * n)?;
                (chars.get(at) != Some(&' ')).then_some(at)
            })
        };
        match c {
            // 10-12, 10 - 12 and 10 to 12 are one
            '-' if digit(around(-1)) && digit(around(1)) => out.push_str(" to "),
            _ => out.push(c),
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a label is a year, or a year that has run in part: `2015*`, `2014/15`, `2014-15`, `FY 2014/15`.
pub(crate) fn is_year(label: &str) -> bool {
    let bare = without_marks(&tidy(label)).0.to_lowercase();
    let bare = bare.strip_prefix("fy").or_else(|| bare.strip_prefix("cy")).unwrap_or(&bare).trim();
    let year = |t: &str| t.len() == 4 && t.parse::<u32>().is_ok_and(|y| (1900..2100).contains(&y));
    let short = |t: &str| (t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit())) || year(t);
    year(bare) || bare.split_once(['/', '-']).is_some_and(|(a, b)| year(a.trim()) && short(b.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(text: &str) -> Content {
        lex(text).content
    }

    /// Counts in the spellings that occur, footnote marks aside.
    #[test]
    fn numbers() {
        for (text, count) in [
            ("0", 0),
            ("12", 12),
            ("1,234", 1234),
            ("1 234 567", 1_234_567),
            (" 12* ", 12),
            ("12 [note 1]", 12),
            ("7 (r)", 7),
        ] {
            let Content::Number(number) = content(text) else { panic!("{text} is a number") };
            assert_eq!(number.count(), Some(count), "{text}");
        }
        let Content::Number(share) = content("12.5 %") else { panic!("a percentage") };
        assert_eq!((share.units, share.decimals, share.percent, share.count()), (125, 1, true, None));
        let both = lex("12 (48%)");
        assert_eq!(both.share.map(|s| s.units), Some(48));
        for text in ["1,23", "12,5", "-", "1.", "x1", "1/2", "-5x"] {
            assert!(matches!(content(text), Content::Sign(_)), "{text} is no number: {:?}", content(text));
        }
    }

    /// Ranges in signs and words; the lower end of "<5" is left to those who know whether zeros are printed.
    #[test]
    fn ranges() {
        for (text, range) in [
            ("<5", Interval::at_most(4)),
            ("≤ 4", Interval::at_most(4)),
            ("fewer than 5", Interval::at_most(4)),
            ("1-4", Interval::new(1, 4)),
            ("1 – 4", Interval::new(1, 4)),
            ("1 to 4", Interval::new(1, 4)),
            ("between 1 and 4", Interval::new(1, 4)),
            ("5 or more", Interval::at_least(5)),
            (">4", Interval::at_least(5)),
            ("5+", Interval::at_least(5)),
        ] {
            assert_eq!(content(text), Content::Range(range), "{text}");
        }
    }

    /// What is neither is a sign, whatever it looks like.
    #[test]
    fn signs() {
        for text in ["-", "*", "[c]", "..", "x", "#", "n/a", "**", "suppressed", "[x]"] {
            assert_eq!(content(text), Content::Sign(text.to_owned()), "{text}");
        }
        assert_eq!(content(" \u{a0}"), Content::Blank);
        assert_eq!(content("–"), Content::Sign("-".to_owned()), "dashes are one sign");
    }

    /// Marks of footnotes are no part of a label; spellings of the same band are one.
    #[test]
    fn labels() {
        let marks = |text: &str| without_marks(text);
        assert_eq!(marks("2015*"), ("2015".to_owned(), "*".to_owned()));
        assert_eq!(marks("13 and Over^"), ("13 and Over".to_owned(), "^".to_owned()));
        assert_eq!(marks("Unknown [note 1]"), ("Unknown".to_owned(), "[note 1]".to_owned()));
        assert_eq!(marks("Theft (other)"), ("Theft (other)".to_owned(), String::new()));
        assert_eq!(key("10 – 12"), "10 to 12");
        assert_eq!(key("Grand  TOTAL:"), "grand total");
        assert_eq!(key("Facebook & WhatsApp"), key("facebook and whatsapp"));
        assert!(is_year("2015*") && is_year("2014/15") && is_year("FY 2013-14") && !is_year("1234") && !is_year("25"));
    }
}
