//! Small numbers of persons or cases in sentences, said outright or left over.

use std::collections::HashSet;

use crate::check::blocks::Pages;
use crate::check::common;
use crate::check::ledger::{explained, explains, is_spoken, opens_note};
use crate::check::lexicon::is_year;

use super::Told;
use super::authors::of_authors;
use super::compared::compared;
use super::labelled::{Labels, spoken};
use super::left::{below, fraction, of_the_rest, out_of, percentage, ratio, rest};
use super::tokens::Words;
use super::vocabulary::{VERBS, before as is_before, behind as is_behind};

/// A number that a place of a sentence tells: how large, how many words are quoted from where, and how it is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub count: i64,
    pub from: usize,
    pub to: usize,
    pub how: &'static str,
}

pub(super) const TELLS: &str = "tells a count of";
pub(super) const LEAVES: &str = "leaves a count of";
const BOUNDS: &str = "tells a count of at most";

/// Every small number that sentences tell; `most` is the largest that is small, `nouns` what this draft counts beside the usual,
/// `labels` those of its tables.
pub(crate) fn small_numbers(pages: &Pages, most: i64, nouns: &HashSet<String>, labels: &Labels) -> Vec<Told> {
    let mut found = Vec::new();
    for (number, line) in pages.lines.iter().chain(&pages.spoken).enumerate() {
        let words = Words::of(&line.text, nouns);
        let small = |n: i64| (1..=most).contains(&n);
        let mut last: Option<usize> = None;
        for i in 0..words.all.len() {
            let hit = hit(&words, i, most).filter(|h| small(h.count));
            // one place is told once
            if let Some(hit) = hit.filter(|h| last.is_none_or(|l| h.from > l || i > l)) {
                last = Some(hit.to.max(i + 1) - 1);
                let column = words.all.get(i).map_or(0, |t| t.column);
                found.push(Told {
                    line: number,
                    words: words.quote(hit.from, hit.to),
                    count: hit.count,
                    column,
                    how: hit.how,
                });
            }
        }
        for said in spoken(&words, labels) {
            let known = found.iter().any(|t: &Told| t.line == number && t.column == said.column);
            let narrow = if said.bound { said.value < most } else { true };
            if !known && small(said.value) && narrow {
                let how = if said.bound {
                    BOUNDS
                } else if said.left {
                    LEAVES
                } else {
                    TELLS
                };
                found.push(Told {
                    line: number,
                    words: said.quote.clone(),
                    count: said.value,
                    column: said.column,
                    how,
                });
            }
        }
    }
    found
}

fn hit(words: &Words, i: usize, most: i64) -> Option<Hit> {
    let token = words.all.get(i)?;
    let tells = |count: i64, to: usize| Some(Hit { count, from: i, to, how: TELLS });
    let Some(n) = token.number else {
        return other_words(words, i)
            .or_else(|| compared(words, i))
            .or_else(|| percentage(words, i))
            .or_else(|| ratio(words, i))
            .or_else(|| rest(words, i));
    };
    if let Some(hit) = fraction(words, i).or_else(|| out_of(words, i, n)).or_else(|| of_the_rest(words, i, n)) {
        return Some(hit);
    }
    if let Some(hit) =
        compared(words, i).or_else(|| percentage(words, i)).or_else(|| ratio(words, i)).filter(|h| h.count <= most)
    {
        return Some(hit);
    }
    if let Some(hit) = bound(words, i, n, most).or_else(|| between(words, i, n, most)) {
        return Some(hit);
    }
    let (before, first) = (words.back(i, 1), words.word(Some(i + 1)));
    // "for every woman there are two men"
    let every = |at: usize| words.word(Some(at)) == "for" && ["every", "each"].contains(&words.word(Some(at + 1)));
    if excluded(words, i) || (i.saturating_sub(7)..i).any(every) {
        return None;
    }
    // "145 staff (including 3 agency)"
    let within = ["including", "incl", "includes", "inc"].contains(&before);
    let unit = words.is_thing(first) || first == "%" || first.starts_with("per") || token.raw.contains('%');
    if within && !unit && words.all.iter().take(i).any(|t| t.count().is_some_and(|v| v > n)) {
        return tells(n, i + 3);
    }
    if counts_something(words, i) || stands_alone(words, i) {
        return tells(n, i + 4);
    }
    // "all 3 were charged"
    let all = before == "all" || ["the", "of"].contains(&before) && ["all", "of"].contains(&words.back(i, 2));
    let followed = VERBS.contains(&first) || words.is_noun(first) || first == "of" || token.ends();
    if all && followed && !words.is_thing(first) {
        return Some(Hit { count: n, from: i.saturating_sub(1), to: i + 4, how: TELLS });
    }
    // "a further 2", "another two", "the other 3", "the remaining three"
    let more = ["further", "another", "other", "remaining", "additional"].contains(&before)
        || ["more", "others"].contains(&first);
    if more
        && !words.is_thing(first)
        && (token.ends() || followed || ["more", "others", "in", "from", "at", ""].contains(&first))
    {
        return Some(Hit { count: n, from: i.saturating_sub(1), to: i + 4, how: TELLS });
    }
    None
}

/// Whether the number that begins at a column of a text counts persons or cases by the words around it.
pub(crate) fn is_counted(text: &str, column: usize) -> bool {
    let none = HashSet::new();
    let words = Words::of(text, &none);
    let at = words.all.iter().position(|t| t.column == column);
    at.is_some_and(|i| {
        words.all.get(i).is_some_and(|t| t.number.is_some()) && !excluded(&words, i) && counts_something(&words, i)
    })
}

/// Whether the number that begins at a column counts those who wrote the answer, or members of a body.
pub(crate) fn is_other(text: &str, column: usize) -> bool {
    let none = HashSet::new();
    let words = Words::of(text, &none);
    words.all.iter().position(|t| t.column == column).is_some_and(|i| of_authors(&words, i))
}

/// A number that counts nobody, whatever stands further away.
pub(super) fn excluded(words: &Words, i: usize) -> bool {
    let (before, first) = (words.back(i, 1), words.word(Some(i + 1)));
    let raw = words.all.get(i).map_or("", |t| t.raw);
    let list =
        i == 0 && raw.ends_with(['.', ')', ':']) && words.all.len() > 1 || is_numbering(words, i) || is_note(words, i);
    let ended = words.all.get(i).is_some_and(|t| t.ends());
    let before_ends = i.checked_sub(1).and_then(|b| words.all.get(b)).is_some_and(|t| t.ends());
    let between = before == "and" && words.back(i, 3) == "between";
    // "sections 1, 2 and 3"
    let joint = |w: &str| ["and", "or", "to"].contains(&w);
    let number = |at: usize| words.all.get(at).is_some_and(|t| t.number.is_some());
    let first_of = (0..i).rev().take_while(|&at| number(at) || joint(words.word(Some(at)))).last();
    // "two more complaints in 2021 (45) than in 2020 (43)": a difference
    let more = ["more", "fewer", "less"].contains(&first);
    let compared = more
        && (i + 2..i + 12)
            .take_while(|&at| !words.all.get(at - 1).is_none_or(|t| t.stops()))
            .any(|at| words.word(Some(at)) == "than");
    let series = first_of.is_some_and(|at| at + 1 < i && number(at) && is_before(words.back(at, 1)));
    let led = is_before(before) && !before_ends;
    let start = first_of.filter(|&at| number(at)).unwrap_or(i);
    between
        || series
        || list
        || led
        || (is_behind(first) && !ended)
        || first == "%"
        || raw.starts_with(['\u{a3}', '$', '\u{20ac}'])
        || is_class(words, start)
        || is_explained(words, start)
        || compared
        || i == 0 && ["-", "\u{2013}", "\u{2014}"].contains(&words.all.get(1).map_or("", |t| t.raw))
        || numbered_of(words, i)
        || of_authors(words, i)
}

/// The number of a statement: "1. In 2021 we received 45. 2. In 2021, 31": 1, 2 and so on, each at the beginning of a sentence.
fn is_numbering(words: &Words, i: usize) -> bool {
    let heads = |at: usize| {
        let token = words.all.get(at)?;
        let closed =
            token.raw.ends_with(['.', ')', ':']) && token.raw.starts_with(|c: char| c == '(' || c.is_ascii_digit());
        let begins = at.checked_sub(1).and_then(|b| words.all.get(b)).is_none_or(|t| t.stops() || t.raw.ends_with(':'));
        let capital = words.all.get(at + 1).is_some_and(|t| t.raw.starts_with(char::is_uppercase));
        token.number.filter(|_| closed && begins && capital)
    };
    let Some(own) = heads(i) else { return false };
    let mut next = 1;
    for at in 0..words.all.len() {
        if heads(at) == Some(next) {
            next += 1;
        }
    }
    next > 2 && own < next && heads(0) == Some(1)
}

/// The number of a note: "2 A pupil may have several", "Notes: 1 Incidents are counted once".
fn is_note(words: &Words, i: usize) -> bool {
    let begins = i.checked_sub(1).and_then(|b| words.all.get(b)).is_none_or(|t| t.stops() || t.raw.ends_with(':'));
    let next = words.all.get(i + 1).map_or("", |t| t.raw);
    let value = words.all.get(i).and_then(|t| t.number);
    let bare = words.all.get(i).is_some_and(|t| t.raw.bytes().all(|b| b.is_ascii_digit()));
    let notes = words.all.first().is_some_and(|t| matches!(t.raw, "Notes:" | "Notes" | "Note:" | "Footnotes:"));
    let said = is_spoken(next) || notes && value.is_some_and(|n| opens_note(n, next));
    begins && bare && next.starts_with(char::is_uppercase) && said
}

/// "Year 2 pupils", "Wave 3 respondents": the name of a class or cohort, with a capital. "In that year 3 were" counts.
fn is_class(words: &Words, first: usize) -> bool {
    let Some(before) = first.checked_sub(1).and_then(|at| words.all.get(at)) else { return false };
    let capital = before.raw.trim_start_matches(['(', '"', '\'']).starts_with(char::is_uppercase);
    let other = ["this", "last", "next", "that", "each", "every", "financial", "calendar", "per", "previous"];
    capital && !before.ends() && common::class(&before.word) && !other.contains(&words.back(first, 2))
}

/// "Values of 1, 2, 3 and 4 are replaced by [c]": the sentence explains a sign.
fn is_explained(words: &Words, first: usize) -> bool {
    let noun = ["of", "from", "between", "with"].contains(&words.back(first, 1)) && explained(words.back(first, 2));
    noun && words.all.iter().any(|t| explains(&t.word))
}

/// "File 3 of 4": a document and how many there are. "In response 2 of 12 patients" counts.
pub(super) fn numbered_of(words: &Words, i: usize) -> bool {
    let count = |at: usize| words.all.get(at).filter(|t| t.number.is_some());
    let of = |at: usize| words.word(Some(at + 1)) == "of" && count(at).is_some_and(|t| !t.ends());
    let own = |at: usize| {
        let end = count(at + 2).is_some_and(|t| t.ends());
        let after = words.word(Some(at + 3));
        let led = words.all.get(at.wrapping_sub(1)).is_some_and(|t| common::document(&t.word) && !t.ends());
        of(at) && led && (end || ["", "to", "for", "in", "on"].contains(&after))
    };
    own(i) || i > 1 && own(i - 2)
}

/// Numbers that no number word says: "a single case", "both victims", "twins", "the only victim", "a couple of pupils".
fn other_words(words: &Words, i: usize) -> Option<Hit> {
    let word = words.word(Some(i));
    let noun = |at: usize| words.is_noun(words.word(Some(at)));
    let near = || noun(i + 1) || noun(i + 2) && !words.all.get(i + 1).is_some_and(|t| t.ends());
    let hit = |count: i64| Some(Hit { count, from: i, to: i + 3, how: TELLS });
    let first = words.word(Some(i + 1));
    match word {
        // "a single officer may appear in several rows" is about any of them
        "single" | "sole" | "lone" | "solitary" if near() && !first.ends_with('s') && !any_of(words, i) => hit(1),
        "only" if words.back(i, 1) == "the" && near() && !plural(words, i) => hit(1),
        "both" => {
            let joined = (i + 1..i + 5).any(|at| words.word(Some(at)) == "and");
            let those =
                first == "of" && ["them", "these", "those", "whom", "which", "the"].contains(&words.word(Some(i + 2)));
            let about = near() || VERBS.contains(&first) || those && !words.is_thing(words.word(Some(i + 3)));
            if about && !joined && !words.is_thing(first) { hit(2) } else { None }
        }
        // "dismissed once in 2020"
        "once" | "twice" | "thrice" if done(words, i) => {
            hit(["once", "twice", "thrice"].iter().position(|w| *w == word).map_or(1, |p| p as i64 + 1))
        }
        // "the second and last of the dismissals"
        _ if first == "and" && ["last", "final", "only"].contains(&words.word(Some(i + 2))) => hit(ordinal(word)?),
        "couple" | "pair" if first == "of" && (noun(i + 2) || noun(i + 3)) => hit(2),
        "twins" => hit(2),
        "triplets" => hit(3),
        // "1x burglary", "2x"
        _ if word.len() > 1 && word.ends_with(['x', '\u{d7}']) => {
            let n: i64 = word.trim_end_matches(['x', '\u{d7}']).parse().ok()?;
            if first.starts_with(char::is_alphabetic) { hit(n) } else { None }
        }
        _ if below(word).is_some() => fraction(words, i),
        _ if word.contains("-third") || word.contains("-quarter") || word.contains("-fifth") => fraction(words, i),
        _ => None,
    }
}

/// Whether "once" behind a verb counts what was done: "was dismissed once in 2020".
fn done(words: &Words, i: usize) -> bool {
    const METHOD: [&str; 10] =
        ["counted", "included", "recorded", "listed", "reported", "published", "updated", "used", "asked", "checked"];
    let verb = words.back(i, 1).ends_with("ed") && !METHOD.contains(&words.back(i, 1));
    let ended = words.all.get(i).is_some_and(|t| t.stops()) || i + 1 == words.all.len();
    verb && (ended || ["in", "during", "since"].contains(&words.word(Some(i + 1))))
}

/// "second", "2nd".
fn ordinal(word: &str) -> Option<i64> {
    const WORDS: [&str; 10] =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    let named = WORDS.iter().position(|w| *w == word).and_then(|at| i64::try_from(at + 1).ok());
    let digits = || ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)?.parse().ok());
    named.or_else(digits)
}

/// Whether a sentence says what any one of them may do.
fn any_of(words: &Words, i: usize) -> bool {
    (i + 2..i + 4)
        .any(|at| ["may", "can", "could", "might", "should", "will", "would", "must"].contains(&words.word(Some(at))))
}

/// Whether the noun behind a word stands for several.
fn plural(words: &Words, i: usize) -> bool {
    let at = if words.is_noun(words.word(Some(i + 1))) { i + 1 } else { i + 2 };
    let noun = words.word(Some(at));
    noun.ends_with('s') || ["people", "men", "women", "children"].contains(&noun)
}

/// "no more than two pupils": narrower than what the policy hides.
fn bound(words: &Words, i: usize, n: i64, most: i64) -> Option<Hit> {
    let than = words.back(i, 1) == "than" && words.back(i, 2) == "more" && ["no", "not"].contains(&words.back(i, 3));
    let at_most = words.back(i, 1) == "most" && words.back(i, 2) == "at";
    let first = words.word(Some(i + 1));
    let about = words.is_noun(first)
        || words.is_noun(words.word(Some(i + 2)))
        || VERBS.contains(&first)
        || ["in", "at", "from"].contains(&first);
    let ended = words.all.get(i).is_some_and(|t| t.ends());
    let fits = (than || at_most) && (about || ended) && n < most && !words.is_thing(first) && !is_behind(first);
    fits.then_some(Hit { count: n, from: i.saturating_sub(3), to: i + 3, how: BOUNDS })
}

/// "between 1 and 3 cases": narrower than what the policy hides, where no sign is explained.
fn between(words: &Words, i: usize, n: i64, most: i64) -> Option<Hit> {
    let led = words.back(i, 1) == "between" && words.word(Some(i + 1)) == "and";
    let high = words.all.get(i + 2).filter(|_| led).and_then(|t| t.count())?;
    let about =
        (i + 3..i + 5).any(|at| words.is_noun(words.word(Some(at)))) && !words.is_thing(words.word(Some(i + 3)));
    let narrow = n >= 1 && n < high && high <= most && (n > 1 || high < most);
    let plain = !words.all.iter().any(|t| explains(&t.word) || t.word == "=");
    (about && narrow && plain).then_some(Hit { count: high, from: i.saturating_sub(1), to: i + 5, how: BOUNDS })
}

/// Whether a number counts persons or cases: what stands around it says so.
pub(super) fn counts_something(words: &Words, i: usize) -> bool {
    // "1 in 5 pupils" is a share
    if words.word(Some(i + 1)) == "in" && words.all.get(i + 2).is_some_and(|t| t.count().is_some()) {
        return false;
    }
    let ends = |at: usize| words.all.get(at).is_none_or(|t| t.raw.ends_with(['.', ';', ':', ')']));
    let (before, first) = (words.back(i, 1), words.word(Some(i + 1)));
    let noun = |at: usize| words.is_noun(words.word(Some(at)));
    let those = ["them", "whom", "these", "those", "which"];
    if first == "of" && (["the", "all"].contains(&words.word(Some(i + 2))) || those.contains(&words.word(Some(i + 2))))
    {
        // "3 of them" are what was named last
        let named = || words.all[..i].iter().rev().find(|t| words.is_noun(&t.word) || words.is_thing(&t.word));
        let things = those.contains(&words.word(Some(i + 2))) && named().is_some_and(|t| words.is_thing(&t.word));
        let thing = things || (i + 3..i + 5).any(|at| words.is_thing(words.word(Some(at))));
        return !thing && ((i + 3..i + 6).any(noun) || those.contains(&words.word(Some(i + 2))));
    }
    // "the number of victims was 3"
    let counted = || {
        words.all[..i].iter().any(|t| ["number", "total", "count"].contains(&t.word.as_str()))
            && words.all[..i].iter().any(|t| words.is_noun(&t.word))
    };
    if ["was", "were", "is", "are", "="].contains(&before) && counted() {
        return true;
    }
    // "How many victims? 3 in 2023"
    if first == "in" && is_year(words.word(Some(i + 2))) && words.all[..i].iter().any(|t| words.is_noun(&t.word)) {
        return true;
    }
    let mut at = i;
    for step in 0..3 {
        if ends(at) {
            return false;
        }
        at += 1;
        if noun(at) {
            return true;
        }
        // "3 areas with offences"
        if step == 0 && words.is_thing(words.word(Some(at))) {
            return false;
        }
    }
    false
}

/// A number without a noun that still counts: "1 was withdrawn", "2 x burglary", "there were 3 in South".
fn stands_alone(words: &Words, i: usize) -> bool {
    let (before, first) = (words.back(i, 1), words.word(Some(i + 1)));
    let ended = words.all.get(i).is_some_and(|t| t.ends());
    // "98 schools, of which 3 are special schools"
    let back = ["which", "these", "those", "them"].contains(&before);
    let named = || words.all[..i].iter().rev().find(|t| words.is_noun(&t.word) || words.is_thing(&t.word));
    if back && named().is_some_and(|t| words.is_thing(&t.word)) {
        return false;
    }
    if VERBS.contains(&first) && !ended && words.opens(i) && !(first == "are" && i == 0) {
        return true;
    }
    let times = ["x", "\u{d7}"].contains(&first) && words.word(Some(i + 2)).starts_with(char::is_alphabetic);
    let past = ["was", "were", "been"].contains(&before)
        || ["only", "just", "also"].contains(&before) && ["was", "were"].contains(&words.back(i, 2));
    let there = past && (1..5).any(|s| words.back(i, s) == "there");
    let follows = ended || ["in", "at", "from", "for", "who", "which", "that", "of", ""].contains(&first);
    times || there && follows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::blocks::Line;
    use crate::draft::Place;

    fn line(text: &str) -> Line {
        Line { file: 0, text: text.to_owned(), place: Place::default(), hidden: false, drawn: None }
    }

    /// Sentences that tell a small number of persons or cases, and those with numbers of other things.
    #[test]
    fn small() {
        let told = |text: &str| -> Vec<i64> {
            let pages = Pages { lines: vec![line(text)], ..Pages::default() };
            small_numbers(
                &pages,
                4,
                &HashSet::from(["programme".to_owned()]),
                &Labels::new(["North", "South", "Central"].into_iter()),
            )
            .into_iter()
            .map(|t| t.count)
            .collect()
        };
        for (text, counts) in [
            ("Two of the victims were under 10.", &[2][..]),
            ("There were 3 male victims and one suspect.", &[3, 1]),
            ("Of these, 2 of them were charged.", &[2]),
            ("one case of 2013 stands in this band", &[1]),
            ("The number of victims was 3.", &[3]),
            ("1. How many prosecutions? 14 in 2022, 3 in 2023.", &[3]),
            ("A different programme was used in 1 programme.", &[1]),
            ("There was a single case in the ward.", &[1]),
            ("In South, both victims were children.", &[2]),
            ("Both of them were charged.", &[2]),
            ("South: three out of twelve.", &[3]),
            ("Of the South cases, all 3 were charged.", &[3]),
            ("All three were under 18.", &[3]),
            ("Ten of the 12 offences in 2014 led to a charge.", &[2]),
            ("All but two of the 12 were charged.", &[2]),
            ("None but one was charged.", &[1]),
            ("One in four of the 12 was under 18.", &[3]),
            ("Half of the 6 were women.", &[3]),
            ("5% of the 40 pupils were excluded.", &[2]),
            ("95% of the 40 pupils stayed.", &[2]),
            ("Of the 60 pupils, 58 passed.", &[2]),
            ("12 people were arrested, 10 of whom were charged.", &[2]),
            ("A quarter of the 12 pupils left.", &[3]),
            ("The only victim was a child.", &[1]),
            ("A couple of patients died.", &[2]),
            ("The victims were twins.", &[2]),
            ("A further 2 were withdrawn.", &[2]),
            ("31 were withdrawn because the goods were found. 1 was withdrawn because the owner died.", &[1]),
            ("Of the 4,112 patients over 65, 4,110 had no injury on record.", &[2]),
            ("South is 3.", &[3]),
            ("South had three.", &[3]),
            ("South: 1 x burglary.", &[1]),
            ("There were no more than 3 in South.", &[3]),
            ("In that year 3 pupils were excluded.", &[3]),
            ("In response 2 of 12 patients left.", &[2]),
            ("Of the 40 pupils, 15 were from Ashby, 22 from Benton and the remaining pupils from Corley.", &[3]),
            ("The Trust employs 312 nurses. Excluding the 309 who are permanent, all are on bank contracts.", &[3]),
            ("We received 57 complaints in 2021, of which 96.5% were dismissed.", &[2]),
            ("There were 12 incidents in 2019 and a quarter of these involved a weapon.", &[3]),
            ("There were between 1 and 3 cases in each year.", &[3]),
            ("There were 40 offences: 25 in Central, 12 in South and the rest in North.", &[3]),
        ] {
            assert_eq!(told(text), counts, "{text}");
        }
        for text in [
            "TABLE 2",
            "2. How many offences were recorded?",
            "Section 23(5) of the Act applies to victims",
            "Offences up to 4 July 2015",
            "Children aged 3 and over",
            "fewer than 3 victims",
            "within 4 working days of the offence",
            "Table 1 offences by year",
            "Code 88/1 offences",
            "Counts of 1 to 4 are withheld",
            "25 offences",
            "Both tables show the same period",
            "Both boys and girls are included",
            "All three tables are by year",
            "Page 3 of 12",
            "3 of the 5 areas have no offences",
            "South is 3% of the total",
            "A single table is given",
            "Half of the areas answered",
            "In South, Table 3 shows the offences",
            "There were 12 offences in South",
            "They are the only figures that we hold",
            "Between 2 and 4 offences are shown as <5",
            "Offences under sections 1, 2 and 3 are counted once.",
            "A single officer may appear in several rows.",
            "All 4 areas are covered, and 3 of them are coastal.",
            "Of the 60 pupils, 32 passed.",
            "Victims aged 3 were included",
            "Year 2 pupils were asked.",
            "Years 3 and 4 pupils were asked.",
            "Wave 2 respondents are included.",
            "Children in Years 1 and 2 are counted.",
            "File 3 of 4",
            "This is letter 2 of 3.",
            "2. Of these, 31 were upheld.",
            "This answer was compiled by two members of staff.",
            "Values of 1, 2, 3 and 4 are replaced by [c].",
            "Counts of 1, 2, 3 and 4 were withheld.",
            "We received 57 complaints in 2021, of which 82.5% were dismissed.",
            "There were 120 incidents and a quarter of these involved a weapon.",
            "Of the 40 pupils, 15 were from Ashby, 12 from Benton and the remaining pupils from Corley.",
            "There were between 1 and 4 cases in each year.",
        ] {
            assert_eq!(told(text), [0i64; 0], "{text}");
        }
    }
}
