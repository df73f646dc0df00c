//! What can be mailed to the author of a draft that must be changed: what is wrong, where, and what is asked of him. It names
//! no figure that is withheld or too small.

use std::collections::BTreeMap;

use tabsafe::check::{Finding, Outcome, Verdict};

use super::human::View;
use super::tables::{cut, cut_at};

/// Characters of what is asked for.
const REMEDY: usize = 120;
/// Places of one kind that are named.
const PLACES: usize = 3;

/// The paragraph; none where nothing must be changed.
pub fn lines(view: &View) -> Vec<String> {
    let outcome = view.outcome;
    let name = view.drafts.iter().map(|d| d.name.as_str()).collect::<Vec<_>>().join(", ");
    let words = match outcome.verdict {
        Verdict::Safe | Verdict::SafeWithExceptions | Verdict::Inconclusive => return Vec::new(),
        Verdict::Unsafe => format!("{name} can't go out as it is. {} {}", wrong(view), request(outcome)),
        Verdict::NotUnderstood => {
            format!("{name} could not be checked. {} Please correct it and send it again.", unclear(view))
        }
        Verdict::Question => {
            let asks: Vec<&str> = outcome.open_questions().map(|q| q.asks.as_str()).collect();
            format!("before {name} can go out, please answer: {}", asks.join(" "))
        }
    };
    std::iter::once(String::new()).chain(view.fill("", &format!("For the author: {words}"))).collect()
}

/// What is wrong, a sentence for each kind of finding.
fn wrong(view: &View) -> String {
    let mut kinds: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &view.outcome.findings {
        kinds.entry(finding.code.name).or_default().push(finding);
    }
    let sentence = |(code, found): (&&str, &Vec<&Finding>)| {
        let (n, at) = (found.len(), places(view, found));
        let one = n == 1;
        match *code {
            "small-count" if one => format!("A count is too small to be published: {at}."),
            "small-count" => format!("{n} counts are too small to be published: {at}."),
            "derivable" if one => format!("A figure can be worked out from others: {at}."),
            "derivable" => format!("{n} figures can be worked out from others: {at}."),
            "group-disclosure" | "dominance" => format!("All or nearly all of a group fall in one category: {at}."),
            "number-in-text" => format!("The text mentions numbers that are too small to be published: {at}."),
            "hidden-content" => format!("The file holds more than it shows: {at}."),
            _ => found.first().map(|f| format!("{}.", f.reason)).unwrap_or_default(),
        }
    };
    kinds.iter().map(sentence).collect::<Vec<_>>().join(" ")
}

/// What is asked of the author.
fn request(outcome: &Outcome) -> String {
    match outcome.remedies.first() {
        Some(remedy) => {
            let words: Vec<&str> = remedy.words.iter().take(2).map(String::as_str).collect();
            let more = if remedy.words.len() > 2 { ", and so on in the other tables" } else { "" };
            format!("One way to mend it: {}{more}.", cut_at(&words.join("; "), REMEDY))
        }
        None => "Please change this and send it again.".to_owned(),
    }
}

/// Why a draft was not judged.
fn unclear(view: &View) -> String {
    let stops: Vec<&Finding> = view.outcome.findings.iter().filter(|f| f.code.stops).collect();
    let said = |f: &&Finding| {
        let at = places(view, &[*f]);
        let reason = f.reason.split(';').next().unwrap_or_default();
        if at.is_empty() || reason.contains(&at) { format!("{reason}.") } else { format!("{reason} ({at}).") }
    };
    let more = match stops.len().saturating_sub(PLACES) {
        0 => String::new(),
        1 => " One more place is like that.".to_owned(),
        n => format!(" {n} more places are like that."),
    };
    format!("{}{more}", stops.iter().take(PLACES).map(said).collect::<Vec<_>>().join(" "))
}

/// "TABLE 2 (Under 10, 2014), TABLE 3 and 4 more places", "line 12".
fn places(view: &View, found: &[&Finding]) -> String {
    let mut tables: BTreeMap<(Option<usize>, usize), Vec<String>> = BTreeMap::new();
    for spot in found.iter().filter_map(|f| f.spots.first()) {
        let labels = [spot.row.as_str(), spot.column.as_str()].into_iter().filter(|l| !l.is_empty()).map(cut);
        tables.entry((spot.table, spot.place.line)).or_default().push(labels.collect::<Vec<_>>().join(", "));
    }
    let mut names: Vec<String> = Vec::new();
    for ((table, line), labels) in &tables {
        let name = match table.and_then(|t| view.outcome.tables.get(t)) {
            Some(table) => table.name.clone(),
            None if *line > 0 => format!("line {line}"),
            None => continue,
        };
        let words = match labels.first().filter(|l| found.len() <= PLACES && !l.is_empty()) {
            Some(label) => format!("{name} ({label})"),
            None => name,
        };
        if !names.contains(&words) {
            names.push(words);
        }
    }
    let more = names.len().saturating_sub(2 * PLACES);
    names.truncate(2 * PLACES);
    if more > 0 {
        names.push(format!("{more} more places"));
    }
    match names.as_slice() {
        [] => "see the list above".to_owned(),
        [init @ .., last] if !init.is_empty() => format!("{} and {last}", init.join(", ")),
        [only, ..] => only.clone(),
    }
}
