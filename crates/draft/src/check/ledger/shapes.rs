//! What a single word with a digit in it is by its form: a number, a date, a percentage, a code.

use super::super::lexicon::{is_year, number};
use super::vocabulary::{month, number_word};

/// The form of a word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// No number at all.
    Plain,
    /// A whole number.
    Number(i64),
    /// A number word.
    Word(i64),
    /// "3/12".
    Fraction(i64, i64),
    /// "3:1".
    Ratio,
    /// "2-3".
    Range(i64, i64),
    /// A percentage.
    Percent,
    /// A decimal fraction, an amount of money, a measure with its unit.
    Unit,
    /// A year, a date, a time, an ordinal, an address, a code.
    Reference,
    /// The mark of a footnote.
    Mark,
    /// "<5".
    Bound,
    /// Numbers joined with something else: their values, where they have one.
    Several(Vec<Option<i64>>),
}

/// A word of a text.
#[derive(Clone, Debug)]
pub(super) struct Word<'a> {
    /// As typed.
    pub raw: &'a str,
    /// Without punctuation around it.
    pub core: &'a str,
    /// In small letters, without anything around letters and digits.
    pub low: String,
    /// Where it begins, in characters from 0.
    pub column: usize,
    /// Its form.
    pub shape: Shape,
}

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut column = 0;
    // "$South = 3$" is a formula, no money
    let formula = text.matches('$').count() > 1 && text.split('$').skip(1).any(|t| t.starts_with(char::is_alphabetic));
    for raw in text.split(' ') {
        let core = core(raw);
        let core = if formula { core.trim_matches('$') } else { core };
        let low = raw.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let low = if low.ends_with("'s") { low[..low.len() - 2].to_owned() } else { low };
        let shape = shape(raw, core, &low);
        words.push(Word { raw, core, low, column, shape });
        column += raw.chars().count() + 1;
    }
    words
}

/// A word without the punctuation of a sentence around it; brackets that it opens itself stay.
fn core(raw: &str) -> &str {
    let head = |c: char| {
        matches!(
            c,
            '(' | '[' | '{' | '"' | '\'' | '“' | '”' | '„' | ',' | ';' | ':' | '.' | '•' | '*' | '_' | '|' | '~' | '#'
        )
    };
    let tail = |c: char| {
        matches!(
            c,
            ')' | ']' | '}' | '"' | '\'' | '“' | '”' | ',' | ';' | ':' | '.' | '!' | '?' | '*' | '_' | '|' | '†' | '‡'
        )
    };
    let inner = raw.trim_start_matches(head).trim_end_matches(tail);
    let start = raw.len() - raw.trim_start_matches(head).len();
    let open = inner.contains('(') && !inner.ends_with(')');
    match raw.get(start..start + inner.len() + 1) {
        Some(longer) if open && longer.ends_with(')') => longer,
        _ => inner,
    }
}

fn shape(raw: &str, core: &str, low: &str) -> Shape {
    if !core.chars().any(char::is_numeric) {
        return number_word(low).map_or(Shape::Plain, Shape::Word);
    }
    if core.contains("://") || core.contains('@') || low.starts_with("www.") || is_domain(core) {
        return Shape::Reference;
    }
    if core.starts_with(['<', '>', '≤', '≥']) {
        return Shape::Bound;
    }
    if core.ends_with(['%', '‰']) {
        return Shape::Percent;
    }
    if core.starts_with(['£', '$', '€', '¥']) || core.ends_with(['£', '€', '$']) {
        return Shape::Unit;
    }
    if is_period(core) {
        return Shape::Reference;
    }
    // a number in a circle that stands alone may be any number, raised digits are marks
    if core.chars().all(is_circled) {
        return several(core);
    }
    if core.chars().all(|c| !c.is_numeric() || is_raised(c)) {
        return if core.chars().any(is_vulgar) { Shape::Unit } else { Shape::Mark };
    }
    if raw.starts_with('[') && raw.trim_end_matches(['.', ',', ';', ':']).ends_with(']') && digits(core) {
        return Shape::Mark;
    }
    // "x3 dismissed", "12f" and "2M/12F"
    if let Some(value) = core.strip_prefix(['x', 'X', '\u{d7}']).filter(|n| digits(n)).and_then(|n| n.parse().ok()) {
        return Shape::Number(value);
    }
    let sex = |t: &str| t.strip_suffix(['m', 'f', 'M', 'F']).is_some_and(digits);
    if core.contains('/') && core.split('/').all(sex) || core.to_lowercase().strip_suffix('f').is_some_and(digits) {
        return several(core);
    }
    if core.chars().any(|c| c.is_alphabetic() && !c.is_numeric()) {
        return lettered(core);
    }
    plain(core).unwrap_or_else(|| several(core))
}

/// "example.org", "figures2023.xlsx".
fn is_domain(core: &str) -> bool {
    core.rsplit_once('.').is_some_and(|(name, end)| {
        (2..=4).contains(&end.len())
            && end.chars().all(|c| c.is_ascii_alphabetic())
            && name.chars().any(char::is_alphabetic)
    }) || core.rsplit_once('.').is_some_and(|(_, end)| ["xlsx", "docx", "pdf", "csv", "ods", "txt"].contains(&end))
}

/// A year, years, a decade: "2013", "2013/14", "2012/13-2014/15", "1990s", "FY2013/14".
fn is_period(core: &str) -> bool {
    let year = |t: &str| is_year(t.trim()) || t.strip_suffix('s').is_some_and(is_year);
    year(core)
        || core.split_once('-').is_some_and(|(a, b)| year(a) && year(b))
        || core.matches('-').count() == 3 && core.split('-').all(digits)
}

/// A part of a telephone number.
fn digits_of(text: &str) -> bool {
    digits(text.strip_prefix('+').unwrap_or(text))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Raised digits, numbers in circles, fractions in one sign.
fn is_raised(c: char) -> bool {
    matches!(c, '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{2070}'..='\u{2089}' | '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}')
        || is_vulgar(c)
}

/// Whether all that holds a digit in a text is a date, a telephone number, a code or the like.
pub(crate) fn is_reference(text: &str) -> bool {
    let words = words(text);
    let digits = |w: &&Word| w.raw.chars().any(char::is_numeric);
    let day = |w: &Word| matches!(w.shape, Shape::Number(n) if (1..=31).contains(&n));
    let months = words.iter().any(|w| month(&w.low));
    let phone = text.starts_with(['0', '+', '(']) && text.chars().filter(char::is_ascii_digit).count() >= 9;
    // "Head of Service, tel. 01632 960001"
    let first = words.iter().position(|w| digits(&w)).unwrap_or(0);
    let run: Vec<&str> = words.iter().skip(first).map(|w| w.core).take_while(|w| digits_of(w)).collect();
    let code = run.first().is_some_and(|w| w.starts_with(['0', '+']) && w.len() > 2);
    let dialled =
        code && run.iter().map(|w| w.len()).sum::<usize>() >= 10 && words.iter().filter(digits).count() == run.len();
    let phone = phone || dialled;
    words.iter().any(|w| digits(&w))
        && (phone || words.iter().filter(digits).all(|w| w.shape == Shape::Reference || months && day(w)))
}

/// Numbers in circles.
fn is_circled(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}')
}

fn is_vulgar(c: char) -> bool {
    matches!(c, '\u{bc}'..='\u{be}' | '\u{2150}'..='\u{215e}' | '\u{2189}')
}

/// Digits, and what joins them.
fn plain(core: &str) -> Option<Shape> {
    if let Some(n) = number(core.strip_prefix('+').unwrap_or(core)) {
        let whole = 10i64.checked_pow(n.decimals)?;
        if n.units % whole != 0 {
            return Some(Shape::Unit);
        }
        let code = core.starts_with('0') && core.len() > 1 && n.decimals == 0 || digits(core) && core.len() > 7;
        let value = (n.units / whole).checked_abs()?;
        return Some(if code { Shape::Reference } else { Shape::Number(value) });
    }
    let parts = |by: char| -> Option<Vec<&str>> {
        let parts: Vec<&str> = core.split(by).collect();
        (parts.len() > 1 && parts.iter().all(|p| digits(p))).then_some(parts)
    };
    let value = |t: &str| t.parse::<i64>().ok();
    if let Some(parts) = parts('/') {
        return match parts[..] {
            [a, b] => Some(Shape::Fraction(value(a)?, value(b)?)),
            _ => Some(Shape::Reference),
        };
    }
    if let Some(parts) = parts('-') {
        return match parts[..] {
            [a, _] if a.starts_with('0') && a.len() > 2 => Some(Shape::Reference),
            [a, b] if value(a)? < value(b)? => Some(Shape::Range(value(a)?, value(b)?)),
            [_, _] => None,
            _ => Some(Shape::Reference),
        };
    }
    if let Some(parts) = parts(':') {
        let timed = parts.iter().skip(1).all(|p| p.len() == 2 && value(p).is_some_and(|m| m < 60));
        let timed = timed && parts.first().and_then(|h| value(h)).is_some_and(|h| h <= 24);
        return Some(if timed { Shape::Reference } else { Shape::Ratio });
    }
    if let Some(parts) = parts('.') {
        return (parts.len() > 2).then_some(Shape::Reference);
    }
    let phone = core.starts_with('+') || core.starts_with("(0");
    phone.then_some(Shape::Reference)
}

/// Digits among letters.
fn lettered(core: &str) -> Shape {
    let low = core.to_lowercase();
    let split = core.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    let (head, rest) = low.split_at(split);
    if digits(head) && ["st", "nd", "rd", "th", "s", "er", "e", "re"].contains(&rest) {
        return Shape::Reference;
    }
    const UNITS: &[&str] = &[
        "am", "pm", "km", "m", "mph", "kg", "g", "k", "bn", "mn", "cm", "mm", "ft", "x", "p", "hrs", "hr", "h", "min",
        "mins", "yrs", "yr", "yo", "mb", "gb", "ha", "°c", "kb", "tb", "cl", "ml", "l", "t", "pt", "px", "d", "w",
    ];
    if digits(head) && UNITS.contains(&rest) || number_with_unit(&low, UNITS) {
        return Shape::Unit;
    }
    // "16-year-old", "10-day"
    const TIMED: &[&str] = &[
        "-year", "-day", "-month", "-week", "-hour", "-page", "-point", "-digit", "-stage", "-part", "-tier",
        "-minute", "-mile", "-way", "-plus", "year", "days", "weeks",
    ];
    if digits(head) && TIMED.iter().any(|t| rest.starts_with(t)) {
        return Shape::Reference;
    }
    if low.split(['-', '/', '.', ' ']).any(|part| month(part.trim_matches(|c: char| c.is_ascii_digit()))) {
        return Shape::Reference;
    }
    if core.contains([':', '=']) || core.contains('(') && !core.starts_with('(') && head.len() == split && split > 0 {
        return several(core);
    }
    if is_code(core, &low) {
        return Shape::Reference;
    }
    if core.chars().last().is_some_and(is_raised) && core.chars().filter(|c| c.is_numeric()).all(is_raised) {
        return Shape::Mark;
    }
    several(core)
}

/// "2.5km", "1,200kg".
fn number_with_unit(low: &str, units: &[&str]) -> bool {
    let at = low.find(|c: char| c.is_alphabetic() || c == '°').unwrap_or(0);
    let (head, unit) = low.split_at(at);
    at > 0 && units.contains(&unit) && number(head.trim_end_matches('-')).is_some()
}

/// Letters and digits of a code: "COVID-19", "Q1", "SW1A", "2HH", "FOI-1234/22", "s.40", "v1.3", "under-18".
fn is_code(core: &str, low: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "no", "p", "pp", "s", "ss", "para", "paras", "q", "qs", "fig", "figs", "v", "ver", "art", "ch", "sch", "reg",
        "regs", "tab", "table", "sect", "sec", "vol", "ref", "ext", "tel", "under", "over", "post", "pre", "mid",
        "covid", "iso", "type", "key", "nr", "abs", "§", "cl", "app", "annex", "note", "fn", "r", "ks", "gcse", "year",
        "week", "day", "stage",
    ];
    let letters: String = core.chars().filter(|c| c.is_alphabetic()).collect();
    let figures = core.chars().filter(char::is_ascii_digit).count();
    let first = low.chars().take_while(|c| c.is_alphabetic() || *c == '§').collect::<String>();
    let upper = letters.chars().all(char::is_uppercase);
    let mixed = figures >= 3 && letters.chars().count() + figures >= 6 && !first.is_empty() || figures >= 4;
    upper || PREFIXES.contains(&first.as_str()) || mixed || letters.chars().count() == 1 && first.is_empty()
}

/// The numbers of a word that is none as a whole.
fn several(core: &str) -> Shape {
    let runs = core.split(|c: char| !c.is_numeric()).filter(|run| !run.is_empty());
    Shape::Several(runs.map(|run| run.parse().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Shape {
        words(text).into_iter().next().map_or(Shape::Plain, |w| w.shape)
    }

    /// Dates, times, codes, postcodes, versions, addresses of pages.
    #[test]
    fn references() {
        for text in [
            "2014",
            "2014/15",
            "2012/13-2014/15",
            "1990s",
            "01/02/2015",
            "2015-02-01",
            "1.2.2015",
            "10:30",
            "1st",
            "22nd",
            "Q1",
            "S10",
            "2HH",
            "SW1A",
            "FOI-1234/22",
            "s.40",
            "v1.3",
            "1.2.3",
            "www.example.org/3",
            "a3@example.org",
            "16-year-old",
            "COVID-19",
            "18s",
            "Jul-15",
            "15-Jul-2015",
            "020",
            "data3.csv",
            "12345678",
            "A4",
            "under-18s",
            "p.3",
            "No.5",
            "FY2014/15",
        ] {
            assert_eq!(of(text), Shape::Reference, "{text}");
        }
        for text in ["£3", "£2.5m", "3.5", "5km", "10am", "½", "3€"] {
            assert_eq!(of(text), Shape::Unit, "{text}");
        }
        for text in ["12%", "10-20%", "12.5%,"] {
            assert_eq!(of(text), Shape::Percent, "{text}");
        }
        for text in ["[1]", "cases¹", "³"] {
            assert_eq!(of(text), Shape::Mark, "{text}");
        }
    }

    /// What may be a count keeps its value, whatever stands around it.
    #[test]
    fn numbers() {
        for (text, value) in
            [("3", 3), ("(3)", 3), ("3.", 3), ("-3", 3), ("1,204;", 1204), ("3.0", 3), ("\"12\"", 12), ("+5", 5)]
        {
            assert_eq!(of(text), Shape::Number(value), "{text}");
        }
        assert_eq!(of("two,"), Shape::Word(2));
        assert_eq!(
            (of("3/12"), of("2-3"), of("3:1"), of("<5")),
            (Shape::Fraction(3, 12), Shape::Range(2, 3), Shape::Ratio, Shape::Bound)
        );
        for (text, values) in [
            ("South:3", vec![3]),
            ("n=3", vec![3]),
            ("12(3)", vec![12, 3]),
            ("5-3", vec![5, 3]),
            ("victims=2;", vec![2]),
        ] {
            assert_eq!(of(text), Shape::Several(values.into_iter().map(Some).collect()), "{text}");
        }
        // digits of other scripts
        assert_eq!((of("٣"), of("３")), (Shape::Several(vec![None]), Shape::Several(vec![None])));
    }
}
