//! Number formats of spreadsheets: what a stored number looks like on the sheet (ECMA-376, part 1, 18.8.30 and .31).
//!
//! A format can hide a number altogether (`;;;`), replace it (`[<5]"<5";0`) or show less of it (`0%`): what it shows is
//! the answer, what it stores is what a copy of the file gives away. Signs are those of English; fractions are shown
//! as decimals.

mod calendar;
mod decimal;

use decimal::{general, rounded};

/// Bytes of a format; Excel takes 255 signs.
const MOST_CODE: usize = 1024;

/// What a cell with a number shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// Its text.
    pub text: String,
    /// It is a date or a time.
    pub date: bool,
}

/// The code of a format that is known by its number alone.
pub(super) fn built_in(id: u32) -> Option<&'static str> {
    Some(match id {
        0 => "General",
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 | 6 => "$#,##0;-$#,##0",
        7 | 8 => "$#,##0.00;-$#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        14 => "d/m/yyyy",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "d/m/yyyy h:mm",
        37 | 38 => "#,##0;(#,##0)",
        39 | 40 => "#,##0.00;(#,##0.00)",
        41 | 42 => "#,##0;-#,##0;\"-\"",
        43 | 44 => "#,##0.00;-#,##0.00;\"-\"",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss",
        48 => "##0.0E+0",
        49 => "@",
        _ => return None,
    })
}

/// A piece of a section of a format.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// Signs shown as they are.
    Literal(String),
    /// A letter or sign with a meaning, and how often it stands in a row.
    Sign(char, usize),
    /// The number as a cell without a format shows it.
    General,
    /// Hours, minutes or seconds beyond a day.
    Elapsed(char),
    /// `AM/PM`.
    HalfDay,
}

/// A section of a format, and the numbers it applies to.
#[derive(Debug, Default)]
struct Section {
    condition: Option<(String, f64)>,
    tokens: Vec<Token>,
}

/// What a number shows in a format. `from_1904`: the days of the workbook count from 1904.
pub(super) fn show(code: &str, value: f64, from_1904: bool) -> Shown {
    let code = if code.len() > MOST_CODE { "General" } else { code };
    let sections: Vec<Section> = split(code).iter().map(|s| section(s)).collect();
    let (index, chosen) = choose(&sections, value);
    let Some(section) = chosen else { return Shown { text: general(value), date: false } };
    if calendar::is_date(&section.tokens) {
        let text = calendar::show(&section.tokens, value, from_1904);
        return Shown { text: text.unwrap_or_else(|| "########".to_owned()), date: true };
    }
    // a section for negative numbers shows them without their sign
    let own_sign = sections.iter().all(|s| s.condition.is_none()) && index == 1;
    let mut text = number(&section.tokens, value.abs());
    if value < 0.0 && !own_sign && text.contains(|c: char| c.is_ascii_digit() && c != '0') {
        text.insert(0, '-');
    }
    Shown { text, date: false }
}

/// The sections between semicolons.
fn split(code: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let (mut quoted, mut escaped, mut bracketed) = (false, false, false);
    for sign in code.chars() {
        let plain = !quoted && !escaped && !bracketed;
        if sign == ';' && plain {
            sections.push(String::new());
            continue;
        }
        match sign {
            '"' if !escaped => quoted = !quoted,
            '[' if plain => bracketed = true,
            ']' if !quoted && !escaped => bracketed = false,
            _ => {}
        }
        escaped = !escaped && !quoted && sign == '\\';
        if let Some(last) = sections.last_mut() {
            last.push(sign);
        }
    }
    sections
}

fn section(code: &str) -> Section {
    let mut section = Section::default();
    let mut signs = code.chars().peekable();
    while let Some(sign) = signs.next() {
        let token = match sign {
            '"' => Token::Literal(signs.by_ref().take_while(|c| *c != '"').collect()),
            '\\' => Token::Literal(signs.next().map(String::from).unwrap_or_default()),
            '_' => {
                signs.next();
                Token::Literal(" ".to_owned())
            }
            // fills the cell's width with a sign
            '*' => {
                signs.next();
                continue;
            }
            '[' => match bracket(&signs.by_ref().take_while(|c| *c != ']').collect::<String>(), &mut section) {
                Some(token) => token,
                None => continue,
            },
            'G' | 'g' if starts(&signs, "eneral") => {
                signs.by_ref().take(6).for_each(drop);
                Token::General
            }
            'A' | 'a' if starts(&signs, "m/pm") => {
                signs.by_ref().take(4).for_each(drop);
                Token::HalfDay
            }
            'E' | 'e' if matches!(signs.peek(), Some('+' | '-')) => {
                signs.next();
                Token::Sign('E', 1)
            }
            meant if "0#?.,%@/".contains(meant) => Token::Sign(meant, 1),
            letter if "ymdhs".contains(letter.to_ascii_lowercase()) => {
                let letter = letter.to_ascii_lowercase();
                let mut count = 1;
                while signs.peek().is_some_and(|c| c.to_ascii_lowercase() == letter) {
                    signs.next();
                    count += 1;
                }
                Token::Sign(letter, count)
            }
            other => Token::Literal(other.to_string()),
        };
        section.tokens.push(token);
    }
    section
}

fn starts(signs: &std::iter::Peekable<std::str::Chars>, word: &str) -> bool {
    signs.clone().take(word.len()).collect::<String>().eq_ignore_ascii_case(word)
}

/// What stands in brackets: a condition, elapsed time, a currency; colours and languages show nothing.
fn bracket(inner: &str, section: &mut Section) -> Option<Token> {
    let lower = inner.to_ascii_lowercase();
    let first = lower.chars().next()?;
    if "hms".contains(first) && lower.chars().all(|c| c == first) {
        return Some(Token::Elapsed(first));
    }
    if let Some(currency) = inner.strip_prefix('$') {
        return Some(Token::Literal(currency.split('-').next().unwrap_or_default().to_owned()));
    }
    let operator: String = inner.chars().take_while(|c| "<>=".contains(*c)).collect();
    if let (false, Ok(bound)) = (operator.is_empty(), inner.trim_start_matches(['<', '>', '=']).trim().parse()) {
        section.condition = Some((operator, bound));
    }
    None
}

/// The section that applies to a number, and which one it is.
fn choose(sections: &[Section], value: f64) -> (usize, Option<&Section>) {
    let holds = |(operator, bound): &(String, f64)| match operator.as_str() {
        "<" => value < *bound,
        "<=" => value <= *bound,
        ">" => value > *bound,
        ">=" => value >= *bound,
        "=" => value == *bound,
        _ => value != *bound,
    };
    if sections.iter().any(|s| s.condition.is_some()) {
        let fits = |s: &Section| s.condition.as_ref().is_none_or(holds);
        let index = sections.iter().take(3).position(fits).unwrap_or(sections.len());
        return (index, sections.get(index));
    }
    let index = match sections.len().min(3) {
        2 if value < 0.0 => 1,
        3 if value < 0.0 => 1,
        3 if value == 0.0 => 2,
        _ => 0,
    };
    (index, sections.get(index))
}

/// A number that is not negative, in a section without dates.
fn number(tokens: &[Token], value: f64) -> String {
    let is_digit = |t: &Token| matches!(t, Token::Sign('0' | '#' | '?', _));
    let Some(first) = tokens.iter().position(|t| is_digit(t) || matches!(t, Token::Sign('.', _))) else {
        let text = tokens.iter().map(|t| match t {
            Token::Literal(text) => text.clone(),
            Token::General | Token::Sign('@', _) => general(value),
            Token::Sign('%', _) => "%".to_owned(),
            _ => String::new(),
        });
        return text.collect();
    };
    let last = tokens.iter().rposition(is_digit).unwrap_or(first);
    let end = tokens.iter().skip(last + 1).take_while(|t| matches!(t, Token::Sign('.' | ',', _))).count() + last + 1;
    let (before, rest) = tokens.split_at(first);
    let (pattern, after) = rest.split_at(end - first);
    let percents = tokens.iter().filter(|t| **t == Token::Sign('%', 1)).count();
    let value = value * 100f64.powi(i32::try_from(percents.min(4)).unwrap_or(0));
    let around = |tokens: &[Token]| {
        let text = tokens.iter().map(|t| match t {
            Token::Literal(text) => text.as_str(),
            Token::Sign('%', _) => "%",
            _ => "",
        });
        text.collect::<String>()
    };
    format!("{}{}{}", around(before), digits(pattern, value), around(after))
}

/// The digits that a pattern such as `#,##0.00` asks for.
fn digits(pattern: &[Token], value: f64) -> String {
    if pattern.contains(&Token::Sign('/', 1)) {
        return general(value);
    }
    if let Some(at) = pattern.iter().position(|t| *t == Token::Sign('E', 1)) {
        let (mantissa, exponent) = pattern.split_at(at);
        let decimals = mantissa.iter().skip_while(|t| **t != Token::Sign('.', 1)).count().saturating_sub(1);
        return decimal::scientific(value, decimals, exponent.len().saturating_sub(1));
    }
    let point = pattern.iter().position(|t| *t == Token::Sign('.', 1)).unwrap_or(pattern.len());
    let (whole, decimals) = pattern.split_at(point);
    let count = |tokens: &[Token], signs: &str| {
        tokens.iter().filter(|t| matches!(t, Token::Sign(s, _) if signs.contains(*s))).count()
    };
    let commas = |tokens: &[Token]| tokens.iter().rev().take_while(|t| **t == Token::Sign(',', 1)).count();
    let scale = commas(if decimals.is_empty() { whole } else { decimals });
    let grouped = whole.iter().rev().skip(commas(whole)).any(|t| *t == Token::Sign(',', 1));
    let value = value / 1000f64.powi(i32::try_from(scale.min(4)).unwrap_or(0));
    let (least, most) = (count(decimals, "0?"), count(decimals, "0#?"));
    let text = rounded(value, most);
    let (mut whole_digits, mut decimal_digits) = match text.split_once('.') {
        Some((w, d)) => (w.to_owned(), d.to_owned()),
        None => (text, String::new()),
    };
    while decimal_digits.len() > least && decimal_digits.ends_with('0') {
        decimal_digits.pop();
    }
    let fewest = count(whole, "0");
    if whole_digits == "0" && fewest == 0 {
        whole_digits.clear();
    }
    while whole_digits.len() < fewest.min(30) {
        whole_digits.insert(0, '0');
    }
    if grouped {
        whole_digits = decimal::grouped(&whole_digits);
    }
    if decimal_digits.is_empty() && most == 0 {
        return whole_digits;
    }
    format!("{whole_digits}.{decimal_digits}")
}

/// What a number shows in a format, and the number itself where that shows less of it. A date shows all of a number, unless
/// no draft has a date as early as that.
pub(super) fn shown(format: Option<&str>, value: f64, from_1904: bool) -> (String, Option<f64>) {
    let shown = show(format.unwrap_or("General"), value, from_1904);
    let stored = match shown.date {
        true => Some(value).filter(|v| calendar::is_count(*v)),
        false => beyond(&super::words::tidy(&shown.text), value),
    };
    (shown.text, stored)
}

/// The number that a text shows, where it shows one: grouping, percent and currency signs aside.
pub(super) fn read_back(text: &str) -> Option<f64> {
    let percent = text.contains('%');
    let negative = text.starts_with('(') && text.ends_with(')');
    let kept: String = text.chars().filter(|c| !matches!(c, ',' | ' ' | '%' | '£' | '$' | '€' | '(' | ')')).collect();
    let value: f64 = kept.parse().ok()?;
    let value = if percent { value / 100.0 } else { value };
    Some(if negative { -value } else { value })
}

/// The stored number, where the text shows less of it, or another.
pub(super) fn beyond(text: &str, stored: f64) -> Option<f64> {
    let same = |shown: f64| (shown - stored).abs() <= stored.abs().max(shown.abs()) * 1e-12;
    let shows = readings(text).into_iter().any(same) || calendar::says(text, stored);
    (!shows).then_some(stored)
}

/// The numbers that a text can be read as: as English writes it, as other languages do, and with words around it
/// ("2 cases", "FY21"). What is a bound or a range shows no number.
fn readings(text: &str) -> Vec<f64> {
    let mut found: Vec<f64> = read_back(text).into_iter().collect();
    let lower = text.to_lowercase();
    let bound = ["<", ">", "≤", "≥", "fewer", "less", "more", "under", "over", "up to", "least", "most", "+"];
    if bound.iter().any(|b| lower.contains(b)) {
        return found;
    }
    let apart = |c: char| matches!(c, '.' | ',' | '\'' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2019}' | '\u{2009}');
    let mut runs: Vec<String> = vec![String::new()];
    for sign in text.chars() {
        let last = runs.last_mut();
        match (sign, last) {
            (d, Some(run)) if d.is_ascii_digit() || apart(d) && !run.is_empty() => run.push(d),
            (_, Some(run)) if !run.is_empty() => runs.push(String::new()),
            _ => {}
        }
    }
    runs.retain(|r| r.contains(|c: char| c.is_ascii_digit()));
    let [run] = runs.as_slice() else { return found };
    let run = run.trim_end_matches(apart);
    let percent = if text.contains('%') { 100.0 } else { 1.0 };
    let negative = text.starts_with(['-', '\u{2212}', '–', '(']);
    let digits = |kept: &[char]| -> String { run.chars().filter(|c| c.is_ascii_digit() || kept.contains(c)).collect() };
    for reading in [digits(&['.']), digits(&[',']).replace(',', "."), digits(&[])] {
        if let Ok(value) = reading.parse::<f64>() {
            let value = value / percent;
            found.push(if negative { -value } else { value });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_in_a_spreadsheet() {
        for (code, value, text) in [
            ("General", 12.0, "12"),
            ("General", 0.1 + 0.2, "0.3"),
            ("General", -1.5, "-1.5"),
            ("0", 2.5, "3"),
            ("0", -0.4, "0"),
            ("0.0", 0.25, "0.3"),
            ("0.00", 1.005, "1.01"),
            ("#,##0", 1_234_567.8, "1,234,568"),
            ("#,##0.0#", 1234.5, "1,234.5"),
            ("#", 0.0, ""),
            ("0%", 0.125, "13%"),
            ("0.0%", 0.12345, "12.3%"),
            ("0,", 12_345.0, "12"),
            ("000", 7.0, "007"),
            ("#,##0;(#,##0)", -1234.0, "(1,234)"),
            ("0;-0;\"-\"", 0.0, "-"),
            ("0;-0;-", 0.0, "-"),
            (";;;", 12.0, ""),
            ("[<5]\"<5\";0", 3.0, "<5"),
            ("[<5]\"<5\";0", 12.0, "12"),
            ("[=0]\"-\";[<5]\\*;General", 4.0, "*"),
            ("[=0]\"-\";[<5]\\*;General", 12.0, "12"),
            ("[Red]0.0;[Blue]-0.0", -2.0, "-2.0"),
            ("[$£-809]#,##0.00", 3.5, "£3.50"),
            ("_-* #,##0_-;-* #,##0_-;_-* \"-\"??_-;_-@_-", 5.0, " 5 "),
            ("0 \"cases\"", 2.0, "2 cases"),
            ("@", 5.0, "5"),
            ("\"c\"", 2.0, "c"),
        ] {
            assert_eq!(show(code, value, false).text, text, "{code} {value}");
        }
    }

    #[test]
    fn dates_look_as_in_a_spreadsheet() {
        for (code, value, from_1904, text) in [
            ("yyyy-mm-dd", 42_201.0, false, "2015-07-16"),
            ("mmm-yy", 42_201.0, false, "Jul-15"),
            ("d mmmm yyyy", 40_739.0, true, "16 July 2015"),
            ("dddd", 42_201.0, false, "Thursday"),
            ("h:mm", 0.75, false, "18:00"),
            ("h:mm AM/PM", 0.75, false, "6:00 PM"),
            ("[h]:mm:ss", 1.5, false, "36:00:00"),
            ("yyyy", 1.0, false, "1900"),
            ("yyyy", -1.0, false, "########"),
            ("yyyy", 1e300, false, "########"),
        ] {
            assert_eq!(show(code, value, from_1904), Shown { text: text.to_owned(), date: true }, "{code} {value}");
        }
    }

    #[test]
    fn what_a_text_hides_of_its_number_is_told() {
        for (text, stored) in [("12", 12.0), ("1,234", 1234.0), ("12.3%", 0.123), ("(5)", -5.0), ("0.3", 0.1 + 0.2)] {
            assert_eq!(beyond(text, stored), None, "{text}");
        }
        for (text, stored) in [
            ("2 cases", 2.0),
            ("1.234", 1234.0),
            ("12,5 %", 0.125),
            ("1 234,5", 1234.5),
            ("FY21", 21.0),
            ("16 July 2015", 42_201.0),
        ] {
            assert_eq!(beyond(text, stored), None, "{text}");
        }
        for (text, stored) in [("<5", 5.0), ("1-4", 3.0), ("[c]", 3.0), ("3 of 4", 3.0)] {
            assert_eq!(beyond(text, stored), Some(stored), "{text}");
        }
        for (text, stored) in [("12", 12.4), ("<5", 3.0), ("", 7.0), ("12.3%", 0.12345), ("*", 2.0)] {
            assert_eq!(beyond(text, stored), Some(stored), "{text}");
        }
    }

    #[test]
    fn any_code_is_taken() {
        for code in
            ["[", "\"", "\\", "_", "*", "0.0.0", "E+", "[<]", ";;;;;;", "[$", "[h", "#/#", ",,,", "..", "%%%%%%%%"]
        {
            for value in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e308, 1e-308] {
                show(code, value, false);
            }
        }
    }
}
