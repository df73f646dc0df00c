//! Which sign separates the fields of a CSV file.

/// The signs that are looked for, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How many records are looked at.
const RECORDS: usize = 50;

/// The delimiter that splits the first lines best: with it the header holds the columns that are wanted, the records
/// have equally many fields, and these are many. A comma where none splits anything.
pub fn delimiter(head: &[u8], whole: bool, wanted: &[&str]) -> u8 {
    let scored = DELIMITERS.iter().map(|&d| (score(head, whole, d, wanted), d));
    let best = scored.max_by_key(|(score, d)| (*score, std::cmp::Reverse(rank(*d))));
    best.map_or(b',', |(_, d)| d)
}

fn rank(delimiter: u8) -> usize {
    DELIMITERS.iter().position(|d| *d == delimiter).unwrap_or(DELIMITERS.len())
}

/// Wanted columns found, whether all records agree, and the number of columns.
fn score(head: &[u8], whole: bool, delimiter: u8, wanted: &[&str]) -> (usize, bool, usize) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(head);
    let mut records: Vec<csv::ByteRecord> = reader.byte_records().take(RECORDS + 1).map_while(Result::ok).collect();
    if records.len() > 1 && (records.len() > RECORDS || !whole) {
        records.pop();
    }
    let Some(header) = records.first() else { return (0, false, 0) };
    let columns = header.len();
    let known = wanted.iter().filter(|w| header.iter().any(|h| h == w.as_bytes())).count();
    (known, columns > 1 && records.iter().all(|r| r.len() == columns), columns)
}

/// The delimiter's name, for notes.
pub fn delimiter_name(delimiter: u8) -> &'static str {
    match delimiter {
        b';' => "semicolons",
        b'\t' => "tabs",
        b'|' => "bars",
        _ => "commas",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_that_splits_evenly_is_found() {
        for (text, want) in [
            ("a,b\n1,2\n", b','),
            ("a;b\n1,5;2\n2,5;3\n", b';'),
            ("a\tb\n1\t2\n", b'\t'),
            ("a|b|c\n1|2|3\n", b'|'),
            ("\"a;x;y\",b\n\"1;2\",3\n", b','),
            ("notes\nplain text; with, signs\n", b','),
            ("only\n1\n2\n", b','),
            ("", b','),
        ] {
            assert_eq!(delimiter(text.as_bytes(), true, &[]) as char, want as char, "{text:?}");
        }
    }

    #[test]
    fn the_wanted_columns_decide_where_a_file_is_ragged() {
        let text = "age,notes;old\n1,a;b\n2,x,y;z\n";
        assert_eq!(delimiter(text.as_bytes(), true, &["age"]) as char, ',');
    }

    #[test]
    fn a_record_that_the_sample_cuts_is_left_aside() {
        assert_eq!(delimiter(b"a;b,x;c\n1;2;3\n4;5", false, &[]) as char, ';');
    }
}
