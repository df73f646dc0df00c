//! Words that several rooms know: months, units of time, documents and classes that are numbered. Each room adds its own.

/// Months in English.
const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// How they are shortened.
const SHORT: &[&str] = &["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"];
/// Units of time, in the singular.
const TIMES: &[&str] = &[
    "year",
    "yr",
    "month",
    "week",
    "wk",
    "day",
    "fortnight",
    "hour",
    "hr",
    "minute",
    "min",
    "second",
    "sec",
    "decade",
];
/// Words of changes: a percentage or a comparison by them is no part of anything.
const CHANGES: &[&str] = &[
    "rose",
    "rise",
    "fell",
    "fall",
    "increase",
    "increased",
    "decrease",
    "decreased",
    "change",
    "changed",
    "growth",
    "grew",
    "dropped",
    "drop",
    "higher",
    "lower",
    "reduction",
];
/// Documents and their parts, in the singular: "file 3 of 4".
const DOCUMENTS: &[&str] = &[
    "table",
    "section",
    "page",
    "question",
    "figure",
    "part",
    "article",
    "schedule",
    "annex",
    "annexe",
    "appendix",
    "note",
    "footnote",
    "row",
    "column",
    "chapter",
    "paragraph",
    "step",
    "version",
    "file",
    "sheet",
    "worksheet",
    "tab",
    "slide",
    "letter",
    "email",
    "message",
    "response",
    "reply",
    "request",
    "answer",
    "query",
    "re",
    "attachment",
    "enclosure",
    "document",
    "doc",
    "exhibit",
    "chart",
    "graph",
    "map",
    "item",
    "volume",
    "edition",
    "issue",
    "form",
    "extract",
    "copy",
    "disc",
    "image",
    "screenshot",
    "spreadsheet",
    "workbook",
    "recommendation",
    "objective",
];
/// What classes and cohorts are called, in the singular: "Year 2 pupils", "wave 3 respondents".
const CLASSES: &[&str] = &[
    "year",
    "yr",
    "grade",
    "form",
    "class",
    "stage",
    "level",
    "tier",
    "band",
    "type",
    "category",
    "phase",
    "wave",
    "cohort",
    "round",
    "sweep",
    "group",
    "set",
    "stream",
    "key stage",
    "foundation",
    "ks",
];

/// Whether a word speaks of a change.
pub(crate) fn is_change(word: &str) -> bool {
    CHANGES.contains(&word)
}

/// Whether a word, in small letters, is a month.
pub(crate) fn month(word: &str) -> bool {
    MONTHS.contains(&word) || SHORT.contains(&word)
}

/// Whether a word is a month written out.
pub(crate) fn whole_month(word: &str) -> bool {
    MONTHS.contains(&word)
}

/// The number of a month, from 1.
pub(crate) fn month_number(word: &str) -> Option<usize> {
    let short = if word == "sept" { "sep" } else { word };
    let whole = MONTHS.iter().position(|m| *m == word);
    whole.or_else(|| MONTHS.iter().position(|m| m.get(..3) == Some(short))).map(|at| at + 1)
}

/// Whether a word is a unit of time, one or several.
pub(crate) fn time(word: &str) -> bool {
    in_number(TIMES, word)
}

/// Whether a word is a document or a part of one, one or several.
pub(crate) fn document(word: &str) -> bool {
    in_number(DOCUMENTS, word)
}

/// Whether a word is what a class or cohort is called, one or several.
pub(crate) fn class(word: &str) -> bool {
    in_number(CLASSES, word)
}

fn in_number(list: &[&str], word: &str) -> bool {
    list.contains(&word)
        || word.strip_suffix('s').is_some_and(|w| list.contains(&w))
        || word.strip_suffix("es").is_some_and(|w| list.contains(&w))
        || word.strip_suffix("ies").is_some_and(|w| list.iter().any(|l| l.strip_suffix('y') == Some(w)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words in both numbers; months in order.
    #[test]
    fn words() {
        assert!(month("sept") && month("may") && !whole_month("sept"));
        assert_eq!(
            ["january", "feb", "sept", "december", "north"].map(month_number),
            [Some(1), Some(2), Some(9), Some(12), None]
        );
        assert!(time("years") && time("hr") && !time("yearly"));
        assert!(
            document("files") && document("replies") && document("copies") && document("annexes") && !document("pupil")
        );
        assert!(class("waves") && class("year") && !class("area"));
    }
}
