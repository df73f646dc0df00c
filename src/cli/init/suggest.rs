//! What a column could be used for: categories, bands, or nothing. Names, numbers of persons and cases, free text and
//! days of birth are never listed, nor is a value that few records share.

use tabsafe::read::{Column, Profile};
use tabsafe::spec::ColumnType;

use super::quoted;

/// A category that is listed has at least this many records.
const SHARED: u64 = 3;
/// More categories than this are not listed.
const MOST: u64 = 20;
/// Longer values are sentences.
const LONGEST: usize = 40;
/// Bands that are suggested at most.
const BANDS: usize = 6;

/// Words in the name of a column that tells persons or cases apart, or holds text of its own.
const NEVER: &[&str] = &[
    "id",
    "ids",
    "ref",
    "reference",
    "no",
    "nr",
    "num",
    "number",
    "key",
    "uuid",
    "guid",
    "name",
    "names",
    "surname",
    "forename",
    "firstname",
    "lastname",
    "username",
    "email",
    "mail",
    "phone",
    "telephone",
    "tel",
    "mobile",
    "address",
    "street",
    "postcode",
    "zip",
    "nhs",
    "nino",
    "ssn",
    "passport",
    "licence",
    "license",
    "iban",
    "account",
    "note",
    "notes",
    "comment",
    "comments",
    "remark",
    "remarks",
    "description",
    "text",
    "narrative",
    "mo",
    "birth",
    "born",
    "dob",
    "birthday",
    "birthdate",
];
/// Those of them that are about a birth.
const BIRTH: &[&str] = &["birth", "born", "dob", "birthday", "birthdate"];
/// Words in the name of a column that tells persons apart.
const PERSONS: &[&str] =
    &["person", "victim", "patient", "client", "pupil", "offender", "suspect", "customer", "resident"];

/// What is suggested for a column.
pub struct Suggestion {
    /// Whether a variable can be made of it as it is.
    pub usable: bool,
    /// Whether the lines hold an SQL expression in place of the column.
    pub sql: bool,
    /// What was found, in words.
    pub remark: String,
    /// Lines of TOML.
    pub lines: Vec<String>,
    /// How likely it is wanted in a table.
    pub rank: u32,
}

impl Suggestion {
    fn none(remark: &str) -> Self {
        Suggestion { usable: false, sql: false, remark: remark.to_owned(), lines: Vec::new(), rank: 0 }
    }
}

/// The words of a column's name, in small letters: `VictimID`, `victim_id` and `victim id` are victim and id.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|w| !w.is_empty());
    words
}

fn any_of(name: &str, list: &[&str]) -> bool {
    words(name).iter().any(|w| list.contains(&w.as_str()))
}

/// Whether a column seems to say whose record it is.
pub fn names_a_person(name: &str) -> bool {
    any_of(name, PERSONS) && any_of(name, &["id", "ids", "no", "nr", "number", "ref", "reference", "key"])
}

/// Whether the names of two columns have a word in common, as `offence_code` and `offence_title` have.
pub fn akin(a: &str, b: &str) -> bool {
    let other = words(b);
    words(a).iter().any(|word| other.contains(word))
}

/// What a column could be used for.
pub fn suggest(column: &Column, profile: &Profile, rows: u64) -> Suggestion {
    if any_of(&column.name, BIRTH) {
        return Suggestion::none(
            "A day of birth tells persons apart: make an age of it (sql = \"...\") and put that in bands.",
        );
    }
    if any_of(&column.name, NEVER) {
        return Suggestion::none(
            "By its name it tells persons or cases apart, or is text of its own: nothing is listed.",
        );
    }
    match column.kind {
        ColumnType::Integer | ColumnType::Decimal => numbers(column, profile, rows),
        ColumnType::Date => dates(&column.name),
        ColumnType::Text => texts(profile, rows),
    }
}

fn dates(name: &str) -> Suggestion {
    let column = name.replace('"', "\"\"");
    let sql = quoted(&format!("EXTRACT(YEAR FROM \"{column}\")"));
    let lines = vec![format!("sql = {sql}")];
    Suggestion { usable: true, sql: true, remark: "By year:".to_owned(), lines, rank: 2 }
}

/// Values that many records share, and that are short.
fn texts(profile: &Profile, rows: u64) -> Suggestion {
    let plain = |value: &str| {
        let digits = value.chars().filter(char::is_ascii_digit).count();
        value.chars().count() <= LONGEST && value.split_whitespace().count() <= 5 && digits <= 4 && !value.contains('@')
    };
    let filled = rows.saturating_sub(profile.missing);
    if profile.distinct == 0 {
        return Suggestion::none("It is empty.");
    }
    let shared: Vec<&str> =
        profile.counts.iter().filter(|(v, n)| *n >= SHARED && plain(v)).map(|(v, _)| v.as_str()).collect();
    let many = profile.distinct > MOST || profile.counts.is_empty();
    if many || shared.len() < 2 || filled < 4 * profile.distinct {
        return Suggestion::none(&format!(
            "{} different values: free text or a code that tells cases apart, so none is listed. To look for words: \
             sql = \"CASE WHEN COLUMN ILIKE '%word%' THEN 'yes' ELSE 'no' END\"",
            profile.distinct
        ));
    }
    let mut lines = vec![format!("order = [{}]", shared.iter().map(|v| quoted(v)).collect::<Vec<_>>().join(", "))];
    let rare = profile.distinct - shared.len() as u64;
    let mut remark = format!("{} categories:", shared.len());
    if rare > 0 {
        lines.push("other = { category = \"Other\" }".to_owned());
        remark = format!("{} categories, and {rare} more that few records have:", shared.len());
    }
    Suggestion { usable: true, sql: false, remark, lines, rank: 4 }
}

/// Bands between friendly edges; a number that counts the records is none.
fn numbers(column: &Column, profile: &Profile, rows: u64) -> Suggestion {
    let whole = column.kind == ColumnType::Integer;
    let filled = rows.saturating_sub(profile.missing);
    let (Some(&least), Some(&most)) = (profile.quantiles.first(), profile.quantiles.last()) else {
        return Suggestion::none("It is empty.");
    };
    let numbered = whole && profile.distinct == filled && most - least < filled as f64 && filled > 20;
    if numbered {
        return Suggestion::none("Each record has a number of its own: it tells cases apart, so nothing is suggested.");
    }
    let shared = |counts: &[(String, u64)]| counts.iter().all(|(_, n)| *n >= SHARED);
    if whole && !profile.counts.is_empty() && profile.distinct <= 8 && shared(&profile.counts) {
        let codes: Vec<String> = profile.counts.iter().map(|(v, _)| quoted(v)).collect();
        let lines = vec![format!("order = [{}]", codes.join(", "))];
        let remark = format!("{} categories:", profile.distinct);
        return Suggestion { usable: true, sql: false, remark, lines, rank: 3 };
    }
    let decimals = if whole { 0 } else { column.survey.as_ref().map_or(6, |s| s.decimals.as_ref().map_or(0, |d| d.0)) };
    let edges = edges(&profile.quantiles, decimals > 0);
    if edges.is_empty() {
        return Suggestion::none("Nearly all records have the same number: nothing is suggested.");
    }
    Suggestion {
        usable: true,
        sql: false,
        remark: "Bands, made from how the numbers spread; adapt them:".to_owned(),
        lines: bands(&edges, decimals.min(6) as usize),
        rank: 3,
    }
}

/// Where bands begin: multiples of 1, 2 or 5 times a power of ten, from the middle of the numbers outwards.
fn edges(quantiles: &[f64], fractions: bool) -> Vec<f64> {
    let at = |i: usize| quantiles.get(i).copied().unwrap_or(0.0);
    let (low, high) = (at(1), at(quantiles.len().saturating_sub(2)));
    let width = (high - low) / 4.0;
    if !(width.is_finite() && width > 0.0) {
        return Vec::new();
    }
    let power = 10f64.powf(width.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|s| *s >= width).unwrap_or(10.0 * power);
    let step = if fractions { step } else { step.max(1.0).round() };
    let first = (low / step).floor() as i64 + 1;
    let edges = (first..first + BANDS as i64 - 1).map(|k| k as f64 * step);
    edges.take_while(|edge| *edge <= high).collect()
}

/// The bands between edges, as lines of TOML; each ends one unit of the last decimal below the next.
fn bands(edges: &[f64], decimals: usize) -> Vec<String> {
    let unit = 10f64.powi(-(decimals as i32));
    let show = |x: f64| format!("{x:.decimals$}");
    let (Some(&first), Some(&last)) = (edges.first(), edges.last()) else { return Vec::new() };
    let label = |x: f64| if x.fract() == 0.0 { format!("{x:.0}") } else { show(x) };
    let mut lines = vec!["bands = [".to_owned()];
    lines.push(format!("    {{ label = \"Under {}\", to = {} }},", label(first), show(first - unit)));
    for pair in edges.windows(2) {
        let (from, to) = (pair[0], pair[1] - unit);
        let name = if decimals == 0 && from == to { label(from) } else { format!("{} to {}", label(from), show(to)) };
        lines.push(format!("    {{ label = \"{name}\", from = {}, to = {} }},", show(from), show(to)));
    }
    lines.push(format!("    {{ label = \"{} and over\", from = {} }},", label(last), show(last)));
    lines.push("]".to_owned());
    lines
}
