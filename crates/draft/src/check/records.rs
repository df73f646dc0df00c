//! Lists with a row for each person or case: they are no tables of counts, and nothing in them is protected.

use super::blocks::{Block, Pages};
use super::codes::NOT_UNDERSTOOD;
use super::figures::Signs;
use super::findings::{Finding, Spot};
use super::layout::Layout;
use super::lexicon::{Content, key, lex, tidy};
use super::words::{is_common_sign, total_word};

/// Headers of columns that tell one person or case from another.
const INDIVIDUAL: &[&str] = &[
    "name",
    "full name",
    "first name",
    "last name",
    "surname",
    "forename",
    "forenames",
    "given name",
    "initials",
    "age",
    "dob",
    "date of birth",
    "birth date",
    "birthdate",
    "date of death",
    "patient",
    "patient id",
    "patient number",
    "nhs number",
    "person",
    "person id",
    "case",
    "case id",
    "case no",
    "case number",
    "case ref",
    "case reference",
    "record",
    "record id",
    "record number",
    "id",
    "ref",
    "ref no",
    "reference",
    "reference number",
    "crime number",
    "crime ref",
    "crime reference",
    "incident number",
    "incident id",
    "urn",
    "unique id",
    "participant",
    "participant id",
    "respondent",
    "respondent id",
    "subject",
    "subject id",
    "victim",
    "victim age",
    "age of victim",
    "suspect age",
    "age of suspect",
    "age at death",
    "age at offence",
    "victim name",
    "defendant",
    "offender",
    "staff id",
    "employee",
    "employee id",
    "employee number",
    "student id",
    "pupil",
    "upn",
    "collar number",
    "officer",
    "officer id",
    "staff number",
    "payroll number",
    "student",
    "student number",
    "pupil id",
    "client id",
    "tenant id",
    "prisoner number",
    "patient ref",
    "postcode",
    "address",
    "streetaddress",
    "street address",
    "email",
    "national insurance number",
    "passport number",
    "year of birth",
    "birth year",
];

/// Headers of other columns that describe one person or case; they count nobody.
const DESCRIBES: &[&str] = &[
    "year",
    "month",
    "day",
    "date",
    "time",
    "date of offence",
    "date of incident",
    "date of arrest",
    "date of admission",
    "date of discharge",
    "date reported",
    "date recorded",
    "sex",
    "gender",
    "ethnicity",
    "ethnic group",
    "race",
    "raceethnicity",
    "nationality",
    "religion",
    "occupation",
    "job",
    "job title",
    "profession",
    "role",
    "rank",
    "marital status",
    "disability",
    "cause",
    "cause of death",
    "outcome",
    "offence",
    "diagnosis",
    "town",
    "city",
    "county",
    "state",
    "country",
    "area",
    "ward",
    "location",
    "place",
    "latitude",
    "longitude",
    "height",
    "weight",
    "salary",
    "income",
    "score",
    "grade",
    "description",
    "comment",
    "comments",
    "notes",
    "details",
    "status",
    "weapon",
    "armed",
    "has kids",
    "charge",
    "sentence",
    "disposal",
    "species",
    "breed",
    "length of service",
    "years of service",
    "injury",
    "reason",
    "category",
    "type",
    "department",
    "division",
    "station",
    "school",
    "year group",
    "class",
    "house",
];

/// A finding for each such list; a list with a line for each cell of a table is none.
pub(crate) fn found(pages: &Pages, signs: &Signs, layout: Option<&Layout>) -> Vec<Finding> {
    let told = |block: &Block| layout.and_then(|l| l.table(&block.name)).is_some();
    let listed = |number: usize, block: &Block| super::tidy::read(number, block, signs, layout).is_some();
    let blocks = pages.blocks.iter().enumerate();
    // what describes persons has no column of counts, whatever else it looks like
    let is_list = |n, b| persons(b) || !listed(n, b);
    blocks.filter_map(|(n, b)| one(b).filter(|_| !told(b) && is_list(n, b))).collect()
}

fn persons(block: &Block) -> bool {
    columns(block).is_some_and(|c| describes_persons(&c))
}

fn one(block: &Block) -> Option<Finding> {
    let columns = columns(block)?;
    if !(describes_persons(&columns) || is_free_text(&columns) && !institutions(block, &columns)) {
        return None;
    }
    let place = block.rows.first()?.first()?.place.clone();
    let words: Vec<String> =
        columns.iter().filter(|c| c.kind == Column::Words).map(|c| format!("\"{}\"", c.header)).collect();
    let why = if describes_persons(&columns) {
        String::new()
    } else {
        format!(" ({} hold words, not figures)", super::assumed::and(&words))
    };
    Some(Finding {
        spots: vec![Spot { file: block.file, place, ..Spot::default() }],
        help: Some("make a table with tabsafe protect, and check that; if it is a table of counts, say how it is read in a layout (--save-layout)".to_owned()),
        ..Finding::plain(
            &NOT_UNDERSTOOD,
            format!(
                "{}: this looks like a list with a row for each person or case, not a table of counts{why}: nothing in it is protected",
                block.name
            ),
        )
    })
}

/// Whether a list has a row for each school, hospital or road: its first column names each once, and no other names a person.
fn institutions(block: &Block, columns: &[Described]) -> bool {
    const NAMES: &[&str] = &[
        "school",
        "academy",
        "college",
        "university",
        "hospital",
        "trust",
        "practice",
        "surgery",
        "care home",
        "prison",
        "station",
        "site",
        "road",
        "street",
        "ward",
        "council",
        "local authority",
        "authority",
        "library",
        "borough",
        "district",
        "provider",
        "depot",
        "park",
        "building",
        "force",
        "constituency",
    ];
    const CODES: &[&str] = &["urn", "postcode", "address", "ref", "id", "reference"];
    let Some(first) = columns.first() else { return false };
    let named = NAMES.contains(&first.key.strip_suffix(" name").unwrap_or(&first.key));
    let individual = columns.iter().any(|c| INDIVIDUAL.contains(&c.key.as_str()) && !CODES.contains(&c.key.as_str()));
    let texts: Vec<String> = block.rows.iter().skip(1).filter_map(|r| r.first()).map(|e| key(&e.text)).collect();
    let different: std::collections::BTreeSet<&String> = texts.iter().collect();
    named && !individual && different.len() == texts.len()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    /// Numbers, ranges, signs in place of them.
    Figures,
    /// Words that are no signs.
    Words,
    /// Dates and times.
    Dates,
    Blank,
}

struct Described {
    header: String,
    key: String,
    kind: Column,
    /// All figures in it are plain numbers.
    whole: bool,
    /// Each cell holds another number or code: "1001", "E1".
    codes: bool,
}

/// The columns of a block that has a header of words and no total.
fn columns(block: &Block) -> Option<Vec<Described>> {
    let header = block.rows.first()?;
    let body = block.rows.get(1..)?;
    let texts: Vec<String> = header.iter().map(|e| tidy(&e.text)).collect();
    let is_words = |t: &String| matches!(lex(t).content, Content::Sign(_)) && t.chars().any(char::is_alphabetic);
    let named = texts.iter().filter(|t| is_words(t)).count();
    let totals = body.iter().any(|r| r.first().is_some_and(|e| total_word(&key(&e.text)).is_some()));
    if body.len() < 2 || texts.len() < 2 || named < texts.len() || totals || header.iter().any(|e| e.merged) {
        return None;
    }
    Some(
        texts
            .into_iter()
            .enumerate()
            .map(|(c, header)| Described {
                key: key(&header),
                kind: kind(body, c),
                whole: whole(body, c),
                codes: codes(body, c),
                header,
            })
            .collect(),
    )
}

/// What most cells of a column are.
fn kind(body: &[Vec<crate::draft::Entry>], col: usize) -> Column {
    let (mut figures, mut words, mut dates) = (0usize, 0usize, 0usize);
    for entry in body.iter().filter_map(|r| r.get(col)).take(MOST_ROWS) {
        let text = tidy(&entry.text);
        if text.is_empty() {
            continue;
        }
        match lex(&text).content {
            _ if is_date(&text) => dates += 1,
            Content::Sign(sign) if !is_common_sign(&sign) && sign.chars().any(char::is_alphabetic) => words += 1,
            _ => figures += 1,
        }
    }
    match (figures, words, dates) {
        (0, 0, 0) => Column::Blank,
        (f, w, d) if d > f && d > w => Column::Dates,
        (f, w, _) if w > f => Column::Words,
        _ => Column::Figures,
    }
}

/// Whether no cell of a column is anything but a plain number.
fn whole(body: &[Vec<crate::draft::Entry>], col: usize) -> bool {
    let texts =
        || body.iter().filter_map(|r| r.get(col)).take(MOST_ROWS).map(|e| tidy(&e.text)).filter(|t| !t.is_empty());
    texts().all(|t| matches!(lex(&t).content, Content::Number(_)))
}

/// Whether a column tells its rows apart by numbers or codes that say nothing else.
fn codes(body: &[Vec<crate::draft::Entry>], col: usize) -> bool {
    let texts: Vec<String> =
        body.iter().take(MOST_ROWS).map(|r| r.get(col).map(|e| tidy(&e.text)).unwrap_or_default()).collect();
    let code = |t: &String| {
        let plain = t.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '_'));
        plain && t.chars().any(|c| c.is_ascii_digit())
    };
    let different: std::collections::BTreeSet<&String> = texts.iter().collect();
    texts.iter().all(code) && different.len() == texts.len()
}

/// Whether a header names one person by a noun: "Officer ID", "Employee", "Staff number".
fn names_person(key: &str) -> bool {
    const PERSONS: &[&str] = &[
        "officer",
        "employee",
        "patient",
        "pupil",
        "student",
        "person",
        "victim",
        "defendant",
        "offender",
        "prisoner",
        "client",
        "tenant",
        "participant",
        "respondent",
        "suspect",
        "complainant",
        "claimant",
        "resident",
        "inmate",
        "member",
        "constable",
        "worker",
        "nurse",
        "doctor",
        "teacher",
        "applicant",
        "detainee",
        "child",
        "individual",
        "customer",
        "driver",
    ];
    const NUMBERS: &[&str] = &["id", "no", "no.", "number", "ref", "ref.", "reference", "code", "identifier", "#"];
    let words: Vec<&str> = key.split([' ', '-']).filter(|w| !w.is_empty()).collect();
    let person = |w: &str| PERSONS.contains(&w);
    match words.as_slice() {
        [one] => person(one) || *one == "upn",
        [first, .., last] => {
            (person(first) || ["staff", "collar", "payroll", "warrant", "badge", "nhs"].contains(first))
                && NUMBERS.contains(last)
        }
        [] => false,
    }
}

/// So many rows say what a column holds.
const MOST_ROWS: usize = 1_000;

/// "2016-03-01", "01/03/2016", "1 Mar 2016", with or without a time.
fn is_date(text: &str) -> bool {
    let date = text.split(['T', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = date.split(['-', '/', '.']).collect();
    let digits = |p: &&str| !p.is_empty() && p.len() <= 4 && p.bytes().all(|b| b.is_ascii_digit());
    let numeric = parts.len() == 3 && parts.iter().all(digits) && parts.iter().any(|p| p.len() == 4);
    let words: Vec<&str> = text.split(' ').collect();
    let named = matches!(words[..], [day, month, year] if digits(&day) && day.len() < 3 && digits(&year) && year.len() == 4 && month.chars().all(char::is_alphabetic));
    numeric || named
}

/// Whether some column tells persons apart, and none counts: each column of figures is an attribute of one person.
fn describes_persons(columns: &[Described]) -> bool {
    // "Age" above bands names the rows of a table
    let single = |c: &Described| c.whole || !c.key.contains("age");
    let individual = |c: &&Described| INDIVIDUAL.contains(&c.key.as_str()) && single(c);
    let attribute = |c: &Described| {
        INDIVIDUAL.contains(&c.key.as_str()) || DESCRIBES.contains(&c.key.as_str()) || c.key.starts_with("date of ")
    };
    let figures = || columns.iter().filter(|c| c.kind == Column::Figures);
    let contact =
        columns.iter().any(|c| ["telephone", "phone", "contact", "website", "url", "link"].contains(&c.key.as_str()));
    // an index, which data frames write without a header, is no attribute of its own
    let told = columns.iter().filter(individual).count();
    let more = columns.len() > 2 || columns.iter().all(attribute);
    // a row for each officer, whatever is told of him
    let rows = columns.first().is_some_and(|c| c.codes && names_person(&c.key));
    rows || told > 0 && more && figures().all(attribute) && !contact
}

/// Whether words stand in several columns behind one of figures.
fn is_free_text(columns: &[Described]) -> bool {
    const NOTES: [&str; 8] = ["note", "notes", "comment", "comments", "source", "footnote", "remarks", "flag"];
    let first = columns.iter().skip(1).position(|c| c.kind == Column::Figures).map_or(columns.len(), |p| p + 1);
    let behind = columns.iter().skip(first).filter(|c| c.kind == Column::Words && !NOTES.contains(&c.key.as_str()));
    behind.count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::Entry;

    fn is_list(rows: &[&str]) -> bool {
        let entry = |t: &str| Entry { text: t.to_owned(), ..Entry::default() };
        let rows = rows.iter().map(|r| r.split('|').map(entry).collect()).collect();
        let block = Block {
            file: 0,
            name: "t".to_owned(),
            before: Vec::new(),
            after: Vec::new(),
            rows,
            piece: 0,
            grid_rows: Vec::new(),
            said: Vec::new(),
        };
        one(&block).is_some()
    }

    /// Records of persons, and tables of counts in much the same clothes.
    #[test]
    fn persons() {
        for rows in [
            &["Name|Job|Age", "Ada|clerk|41", "Bo|driver|52"][..],
            &["Name|Profession|Age|Has kids|Date of birth", "A|x|66|TRUE|1947-01-08", "B|y|57|FALSE|1958-02-09"],
            &["Age|Ethnicity", "34|White British", "27|Asian"],
            &["Case ID|Year|Outcome", "A1|2020|charged", "A2|2021|caution"],
            &["area|cases|text0|text1", "N|12|abc|def", "S|20|ghi|jkl"],
            &["Patient ID|Sex|Weight", "1|M|80", "2|F|61"],
            &["Officer ID|Year joined|Complaints", "1001|2001|12", "1002|2005|7"],
            &["Employee|Days sick 2020|Days sick 2021", "E1|12|30", "E2|45|9"],
        ] {
            assert!(is_list(rows), "{rows:?}");
        }
        for rows in [
            &["Age|Boys|Girls", "5|12|20", "6|30|40"][..],
            &["Name|Type|Pupils", "Oak School|primary|120", "Elm School|primary|90"],
            &["place|age|cases", "North|1|12", "North|2|15"],
            &["Day|Confirmed|Probable|Note", "1 May|11|20|", "2 May|10|30|"],
            &["Area|Sex|Count", "North|M|12", "North|F|15"],
            &["Age|Victims", "Under 10|12", "10-12|20"],
            &["Reference|Cases", "A|12", "B|15"],
            &["Pupil group|2020|2021", "Year 1|12|30", "Year 2|45|9"],
            &["Officers|Stations", "10|12", "20|45"],
            &["Victim age|Number", "Under 10|12", "10-12|15"],
            &["Age|Number", "5|12", "6|15"],
        ] {
            assert!(!is_list(rows), "{rows:?}");
        }
    }
}
