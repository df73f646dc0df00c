//! Those who made an answer: "compiled by two members of staff". They are no cases of the draft.
//!
//! Only where the verb stands right beside the number and what was made is a piece of writing: whoever read a patient's file
//! without leave may well be whom the draft is about.

use super::tokens::Words;

/// What is only done to writings.
const WRITING: &[&str] = &[
    "compiled",
    "collated",
    "typed",
    "drafted",
    "proofread",
    "transcribed",
    "tabulated",
    "authored",
    "anonymised",
    "redacted",
];
/// What is done to writings and to else.
const MADE: &[&str] = &[
    "prepared",
    "produced",
    "checked",
    "reviewed",
    "verified",
    "approved",
    "signed",
    "handled",
    "processed",
    "written",
    "wrote",
    "made",
    "done",
    "undertaken",
    "conducted",
    "collected",
    "coded",
    "extracted",
    "assembled",
    "completed",
    "dealt",
];
/// Writings.
const WRITINGS: &[&str] = &[
    "answer",
    "answers",
    "response",
    "reply",
    "table",
    "tables",
    "figure",
    "figures",
    "letter",
    "report",
    "analysis",
    "request",
    "spreadsheet",
    "extract",
    "dataset",
    "data",
    "draft",
    "list",
    "count",
    "counts",
    "statistics",
    "numbers",
    "summary",
    "return",
];
/// Who does it.
const STAFF: &[&str] = &[
    "member",
    "members",
    "staff",
    "officer",
    "officers",
    "analyst",
    "analysts",
    "person",
    "people",
    "clerk",
    "clerks",
    "colleague",
    "colleagues",
    "researcher",
    "researchers",
    "statistician",
    "statisticians",
    "employee",
    "employees",
    "administrator",
    "administrators",
    "reviewer",
    "reviewers",
    "coder",
    "coders",
    "reader",
    "readers",
    "individual",
    "individuals",
    "of",
];
/// Bodies that have members.
const BODIES: &[&str] = &["panel", "committee", "board", "tribunal", "jury", "cabinet", "secretariat"];

/// Whether a number counts those who wrote or checked what is sent, or the members of a body.
pub(super) fn of_authors(words: &Words, i: usize) -> bool {
    let staff = |at: usize| STAFF.contains(&words.word(Some(at)));
    let one_of_them = staff(i + 1) || staff(i + 2) && !words.all.get(i + 1).is_some_and(|t| t.ends());
    one_of_them && (passive(words, i) || active(words, i)) || member(words, i)
}

/// "compiled by two members of staff", "this answer was checked by a team of three analysts".
fn passive(words: &Words, i: usize) -> bool {
    let by = (1..6).find(|&s| words.back(i, s) == "by").and_then(|s| i.checked_sub(s));
    let between = |by: usize| {
        (by + 1..i).all(|at| {
            ["a", "the", "an", "team", "group", "pair", "of", "only", "up", "to", "our", "at", "least"]
                .contains(&words.word(Some(at)))
        })
    };
    let Some(by) = by.filter(|&by| between(by)) else { return false };
    let back = |s: usize| words.back(by, s);
    let verb = if ["out", "through", "over", "up"].contains(&back(1)) { back(2) } else { back(1) };
    if WRITING.contains(&verb) {
        return true;
    }
    let carried = verb == "carried" && back(1) == "out" || MADE.contains(&verb);
    carried && subject(words, by)
}

/// Whether the clause that ends before a word begins with a piece of writing: "This answer was", "The figures have been".
fn subject(words: &Words, end: usize) -> bool {
    let start = (0..end).rev().find(|&at| words.all.get(at).is_some_and(|t| t.ends())).map_or(0, |at| at + 1);
    let mut at = start;
    while ["this", "these", "the", "our", "all", "each", "every", "any", "both"].contains(&words.word(Some(at))) {
        at += 1;
    }
    let alone =
        at > start && at + 1 < end && ["was", "were", "is", "are", "has", "have"].contains(&words.word(Some(at)));
    alone || WRITINGS.contains(&words.word(Some(at)))
}

/// "Two members of staff compiled this answer", "a team of three analysts prepared these tables".
fn active(words: &Words, i: usize) -> bool {
    let verb =
        (i + 2..i + 7).find(|&at| WRITING.contains(&words.word(Some(at))) || MADE.contains(&words.word(Some(at))));
    let Some(verb) = verb else { return false };
    let plain = (i + 1..verb).all(|at| {
        let word = words.word(Some(at));
        STAFF.contains(&word) || ["have", "has", "the", "our", "unit", "team", "office", "who"].contains(&word)
    });
    let mut at = verb + 1;
    while ["this", "these", "the", "our", "all", "each", "every", "out", "up"].contains(&words.word(Some(at))) {
        at += 1;
    }
    plain && at > verb + 1 && WRITINGS.contains(&words.word(Some(at)))
}

/// "a panel of three members", "the board has 3 members".
fn member(words: &Words, i: usize) -> bool {
    let members = ["member", "members", "people", "persons"].contains(&words.word(Some(i + 1)));
    let body = |s: usize| BODIES.contains(&words.back(i, s));
    let joined = |s: usize| ["of", "has", "had", "have", "with", "comprises", "comprising"].contains(&words.back(i, s));
    members && joined(1) && (body(2) || ["up", "consisting", "composed"].contains(&words.back(i, 2)) && body(3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn first(text: &str) -> bool {
        let none = HashSet::new();
        let words = Words::of(text, &none);
        (0..words.all.len()).filter(|&i| words.all[i].number.is_some()).any(|i| of_authors(&words, i))
    }

    /// Authors, reviewers and bodies; never those whom a draft may be about.
    #[test]
    fn authors() {
        for text in [
            "This answer was compiled by two members of staff.",
            "The figures were checked by 2 analysts.",
            "The tables have been prepared by a team of three analysts.",
            "Two members of staff compiled this answer.",
            "A team of three analysts prepared these tables.",
            "Each case is reviewed by a panel of three members.",
            "The board has 3 members.",
            "The report was carried out by two researchers.",
        ] {
            assert!(first(text), "{text}");
        }
        for text in [
            "The patient was attacked by two members of staff.",
            "The files were read by two members of staff without leave.",
            "Two members of staff were dismissed.",
            "Two officers read the files of patients.",
            "Cheques were signed by two people.",
            "The gang has 3 members.",
            "The arrests were made by two officers.",
            "Drugs were produced by 3 people.",
        ] {
            assert!(!first(text), "{text}");
        }
    }
}
