//! Formulas of spreadsheets: numbers that are written into them, and what the plainest of them come to.
//!
//! A formula goes out with its cell: `=7-4` shows 3 and gives 7 and 4 away. Programs that open a file work formulas out
//! anew, whatever the file stores: sums, differences and the like are worked out here as well.

use super::held::figures;

/// Bytes of a formula that is looked at.
const MOST_FORMULA: usize = 8192;
/// Cells that one formula may add up.
const MOST_SUMMED: usize = 200_000;
/// Brackets within each other.
const MOST_DEPTH: usize = 32;
/// Functions whose numbers are places, dates or shapes, not figures.
const OTHER: &[&str] = &[
    "ROW",
    "ROWS",
    "COLUMN",
    "COLUMNS",
    "DATE",
    "TIME",
    "YEAR",
    "MONTH",
    "DAY",
    "EDATE",
    "EOMONTH",
    "TODAY",
    "NOW",
    "OFFSET",
    "INDEX",
    "MOD",
    "HYPERLINK",
    "CHAR",
    "UNICHAR",
    "REPT",
    "MID",
    "LEFT",
    "RIGHT",
    "TEXT",
    "ROUND",
    "ROUNDUP",
    "ROUNDDOWN",
    "MROUND",
    "CEILING",
    "FLOOR",
    "VLOOKUP",
    "HLOOKUP",
    "XLOOKUP",
    "MATCH",
    "INDIRECT",
    "ADDRESS",
    "SUBSTITUTE",
    "FIND",
    "SEARCH",
    "LARGE",
    "SMALL",
    "RANK",
    "QUARTILE",
    "PERCENTILE",
    "RAND",
    "RANDBETWEEN",
    "SUBTOTAL",
    "AGGREGATE",
];
/// Functions that give one of their arguments.
const CHOOSING: &[&str] =
    &["IF", "IFS", "CHOOSE", "SWITCH", "IFERROR", "IFNA", "SUM", "MAX", "MIN", "AVERAGE", "PRODUCT"];

/// A number written into a formula.
struct Literal {
    text: String,
    before: char,
    after: char,
    within: Vec<String>,
}

/// What a formula is made of.
#[derive(Default)]
struct Made {
    numbers: Vec<Literal>,
    texts: Vec<String>,
    /// It refers to cells or names.
    refers: bool,
    functions: Vec<String>,
}

/// The figures that a formula holds and its cell does not show.
pub(super) fn beside(formula: &str, shown: &str) -> Vec<String> {
    let formula = formula.get(..MOST_FORMULA).unwrap_or(formula);
    let made = taken_apart(formula);
    let runs: Vec<&str> = shown.split(|c: char| !(c.is_ascii_digit() || c == '.')).collect();
    let shows = |number: &str| {
        runs.contains(&number)
            || shown
                .replace([',', ' ', '\u{a0}'], "")
                .split(|c: char| !(c.is_ascii_digit() || c == '.'))
                .any(|r| r == number)
    };
    let year = |number: &str| number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
    let other = |names: &[String]| names.iter().any(|n| OTHER.contains(&n.as_str()));
    let mut found: Vec<String> = Vec::new();
    for text in &made.texts {
        found.extend(figures(text).into_iter().filter(|f| !shows(f)));
    }
    for number in &made.numbers {
        let small = matches!(number.text.as_str(), "0" | "1");
        let term = matches!(number.before, '+' | '-') || matches!(number.after, '+' | '-');
        let chosen = number.within.last().is_some_and(|f| CHOOSING.contains(&f.as_str()))
            && matches!(number.before, '(' | ',' | ';')
            && matches!(number.after, ')' | ',' | ';');
        let told =
            if made.refers { !small && (term || chosen) && !other(&number.within) } else { !other(&made.functions) };
        if told && !shows(&number.text) && !year(&number.text) && !year(shown) {
            found.push(number.text.clone());
        }
    }
    found.dedup();
    found
}

fn taken_apart(formula: &str) -> Made {
    let signs: Vec<char> = formula.chars().collect();
    let mut made = Made::default();
    let mut within: Vec<String> = Vec::new();
    let (mut at, mut before) = (0, '(');
    let run = |from: usize, fits: &dyn Fn(char) -> bool| signs.iter().skip(from).take_while(|c| fits(**c)).count();
    while let Some(&sign) = signs.get(at) {
        match sign {
            '"' => {
                let length = run(at + 1, &|c| c != '"');
                made.texts.push(signs.iter().skip(at + 1).take(length).collect());
                at += length + 2;
                before = '"';
            }
            '\'' => {
                at += run(at + 1, &|c| c != '\'') + 2;
                made.refers = true;
                before = 'A';
            }
            '[' => {
                at += run(at + 1, &|c| c != ']') + 2;
                made.refers = true;
                before = 'A';
            }
            d if d.is_ascii_digit() || d == '.' => {
                let length = run(at, &|c| c.is_ascii_digit() || c == '.');
                let text: String = signs.iter().skip(at).take(length).collect();
                at += length;
                let after = signs.iter().skip(at).find(|c| !c.is_whitespace()).copied().unwrap_or(')');
                // `2:5` are rows, `1E3` is left to be
                if text.starts_with(|c: char| c.is_ascii_digit()) && !matches!(after, ':') && before != ':' {
                    made.numbers.push(Literal { text, before, after, within: within.clone() });
                }
                before = '0';
            }
            c if c.is_alphabetic() || matches!(c, '$' | '_' | '\\') => {
                let length = run(at, &|c| c.is_alphanumeric() || matches!(c, '$' | '_' | '.' | '!' | ':' | '\\'));
                let name: String = signs.iter().skip(at).take(length).collect();
                at += length;
                let name = name.to_uppercase();
                if signs.get(at) == Some(&'(') {
                    let name = name.rsplit('.').next().unwrap_or_default().to_owned();
                    made.functions.push(name.clone());
                    within.push(name);
                    at += 1;
                    before = '(';
                } else {
                    made.refers |= !matches!(name.as_str(), "TRUE" | "FALSE");
                    before = 'A';
                }
            }
            '(' => {
                within.push(within.last().cloned().unwrap_or_default());
                (at, before) = (at + 1, '(');
            }
            ')' => {
                within.pop();
                (at, before) = (at + 1, ')');
            }
            c => {
                at += 1;
                if !c.is_whitespace() {
                    before = c;
                }
            }
        }
        if within.len() > MOST_DEPTH {
            break;
        }
    }
    made
}

/// What stands in a cell, for a formula.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operand {
    /// A number.
    Number(f64),
    /// Nothing.
    Blank,
    /// A text; sums leave it out.
    Text,
    /// A formula that is not worked out yet.
    Open,
}

/// What a formula of sums, differences, products and quotients comes to; none for any other.
pub(crate) fn value(formula: &str, cell: &dyn Fn((usize, usize)) -> Operand) -> Option<f64> {
    let signs: Vec<char> = formula.chars().filter(|c| !c.is_whitespace() && *c != '$').collect();
    if signs.len() > MOST_FORMULA {
        return None;
    }
    let mut reader = Reader { signs, at: 0, cell, summed: 0 };
    let value = reader.sum(0)?;
    (reader.at == reader.signs.len() && value.is_finite()).then_some(value)
}

struct Reader<'a> {
    signs: Vec<char>,
    at: usize,
    cell: &'a dyn Fn((usize, usize)) -> Operand,
    summed: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.signs.get(self.at).copied()
    }

    fn take(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(sign);
        self.at += usize::from(found);
        found
    }

    fn sum(&mut self, depth: usize) -> Option<f64> {
        let mut value = self.product(depth)?;
        loop {
            if self.take('+') {
                value += self.product(depth)?;
            } else if self.take('-') {
                value -= self.product(depth)?;
            } else {
                return Some(value);
            }
        }
    }

    fn product(&mut self, depth: usize) -> Option<f64> {
        let mut value = self.factor(depth)?;
        loop {
            if self.take('*') {
                value *= self.factor(depth)?;
            } else if self.take('/') {
                value /= self.factor(depth)?;
            } else {
                return Some(value);
            }
        }
    }

    fn factor(&mut self, depth: usize) -> Option<f64> {
        if depth > MOST_DEPTH {
            return None;
        }
        if self.take('-') {
            return Some(-self.factor(depth + 1)?);
        }
        if self.take('(') {
            let value = self.sum(depth + 1)?;
            return self.take(')').then_some(value);
        }
        let word: String = self.signs.iter().skip(self.at).take_while(|c| c.is_alphanumeric() || **c == '.').collect();
        self.at += word.chars().count();
        if word.eq_ignore_ascii_case("sum") && self.take('(') {
            return self.summed(depth);
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return word.parse().ok();
        }
        match (self.cell)(position(&word)?) {
            Operand::Number(n) => Some(n),
            Operand::Blank => Some(0.0),
            Operand::Text | Operand::Open => None,
        }
    }

    /// The arguments of a sum, up to its closing bracket.
    fn summed(&mut self, depth: usize) -> Option<f64> {
        let mut total = 0.0;
        loop {
            total += match self.range() {
                Some((first, last)) => self.area(first, last)?,
                None => self.sum(depth + 1)?,
            };
            if self.take(')') {
                return Some(total);
            }
            if !(self.take(',') || self.take(';')) {
                return None;
            }
        }
    }

    /// An area or a single cell that is a whole argument.
    fn range(&mut self) -> Option<((usize, usize), (usize, usize))> {
        let text: String =
            self.signs.iter().skip(self.at).take_while(|c| c.is_ascii_alphanumeric() || **c == ':').collect();
        let next = self.signs.get(self.at + text.chars().count());
        let (first, last) = text.split_once(':').unwrap_or((&text, &text));
        let area = (position(first)?, position(last)?);
        matches!(next, Some(')' | ',' | ';')).then(|| {
            self.at += text.chars().count();
            area
        })
    }

    fn area(&mut self, a: (usize, usize), b: (usize, usize)) -> Option<f64> {
        let (top, bottom, left, right) = (a.0.min(b.0), a.0.max(b.0), a.1.min(b.1), a.1.max(b.1));
        self.summed = self.summed.saturating_add((bottom - top + 1).saturating_mul(right - left + 1));
        if self.summed > MOST_SUMMED {
            return None;
        }
        let mut total = 0.0;
        for at in (top..=bottom).flat_map(|r| (left..=right).map(move |c| (r, c))) {
            match (self.cell)(at) {
                Operand::Number(n) => total += n,
                Operand::Blank | Operand::Text => {}
                Operand::Open => return None,
            }
        }
        Some(total)
    }
}

/// Row and column, from 0, of a cell's name (`B3`, `$B$3`).
pub(super) fn position(name: &str) -> Option<(usize, usize)> {
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, number) = name.split_at(digits);
    let column = letters.chars().filter(|c| *c != '$').try_fold(0usize, |n, c| {
        let value = (c.to_ascii_uppercase() as usize).checked_sub('A' as usize).filter(|v| *v < 26)?;
        n.checked_mul(26)?.checked_add(value + 1)
    })?;
    let row: usize = number.parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_written_into_formulas_are_found() {
        for (formula, shown, found) in [
            ("7-4", "3", "7 4"),
            ("SUM(B2:B4)+3", "20", "3"),
            ("B2-3", "17", "3"),
            ("IF(A2=\"x\",3,\"[c]\")", "[c]", "3"),
            ("\"n=\"&3", "[c]", "3"),
            ("T(\"3 cases\")", "[c]", "3"),
            ("12+C2", "15", "12"),
        ] {
            assert_eq!(beside(formula, shown).join(" "), found, "{formula}");
        }
        for (formula, shown) in [
            ("SUM(B2:B4)", "20"),
            ("SUM('Sheet 3'!B2:B4)", "20"),
            ("IF(B2<5,\"<5\",B2)", "<5"),
            ("ROUND(B2/5,0)*5", "20"),
            ("B2/B5*100", "40"),
            ("C2/B2-1", "0.5"),
            ("A2+1", "2021"),
            ("2020+1", "2021"),
            ("DATE(2021,3,1)", "1 March 2021"),
            ("ROW()-3", "4"),
            ("3", "3"),
            ("1234", "1,234"),
            ("of:=[.B2]", "12"),
        ] {
            assert_eq!(beside(formula, shown).join(" "), "", "{formula}");
        }
    }

    #[test]
    fn plain_formulas_are_worked_out() {
        let cell = |at: (usize, usize)| match at {
            (1, 1) => Operand::Number(12.0),
            (2, 1) => Operand::Number(3.0),
            (3, 1) => Operand::Text,
            (4, 1) => Operand::Open,
            _ => Operand::Blank,
        };
        for (formula, want) in [
            ("SUM(B2:B4)", Some(15.0)),
            ("SUM(B2,B3,5)", Some(20.0)),
            ("B2-B3", Some(9.0)),
            ("$B$2", Some(12.0)),
            ("(B2+B3)/5*2", Some(6.0)),
            ("SUM(B2:B5)", None),
            ("B4+1", None),
            ("AVERAGE(B2:B3)", None),
            ("Sheet2!B2", None),
            ("SUM(A1:XFD1048576)", None),
            ("((((((((", None),
            ("", None),
        ] {
            assert_eq!(value(formula, &cell), want, "{formula}");
        }
    }

    #[test]
    fn any_formula_is_taken() {
        for text in ["\"", "'", "[", "(((((", ")))", "1:", "é(", "$", "=+-*/", "SUM(", "SUM(,)", "A", "\u{1F600}3"] {
            beside(text, "");
            value(text, &|_| Operand::Blank);
        }
        let deep = "(".repeat(10_000);
        beside(&deep, "");
        value(&deep, &|_| Operand::Blank);
        value(&"-".repeat(8_000), &|_| Operand::Blank);
    }
}
