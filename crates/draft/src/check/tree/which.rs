//! Parts that words name: "of whom charged", "of which", "of these", "including", "excluding X".
//!
//! A part by itself leaves a rest, which is a group of persons as well ("4,112, of whom 4,105 without an injury": 7 with one).
//! Several parts are all there is only where their words or the figures say so; else each is a part by itself.

use std::collections::HashMap;

use super::super::sides::Layer;
use super::Tree;

/// What opens the label of a part.
const OPENS: &[&str] = &[
    "of whom",
    "of which",
    "of these",
    "of those",
    "of them",
    "out of which",
    "out of whom",
    "out of these",
    "thereof",
    "included in above",
    "including",
    "incl.",
    "incl",
    "which includes",
    "within which",
    "among these",
    "among them",
    "who were",
    "which were",
];
/// What stands between the label of the whole and what is left out of it.
const WITHOUT: &[&str] = &[
    " excluding ",
    " excl. ",
    " excl ",
    " without ",
    " except ",
    " other than ",
    " not including ",
    " ex. ",
    " apart from ",
];
/// Words that make the opposite of a label.
const NOT: &[&str] =
    &["not", "no", "non", "without", "never", "un", "isn't", "aren't", "were", "was", "with", "a", "an", "any"];

/// The words behind "of which" in a label, if it is that of a part.
pub(crate) fn part_words(key: &str) -> Option<&str> {
    let bare = key.trim_start_matches(['-', '–', '·', '•', '*', ' ', '(', '>', '\u{2022}']);
    let opened = OPENS.iter().find_map(|w| {
        let rest = bare.strip_prefix(w)?;
        (rest.is_empty() || rest.starts_with([' ', ',', ':', '-']))
            .then(|| rest.trim_start_matches([' ', ',', ':', '-']))
    });
    // "who completed training"; the WHO is no part
    let who = || {
        let rest = bare.strip_prefix("who ")?;
        let first = rest.split(' ').next().unwrap_or_default();
        let verb = ["had", "have", "has", "was", "are", "is", "did", "left", "went"].contains(&first);
        (verb || first.ends_with("ed")).then_some(rest)
    };
    opened
        .or_else(who)
        .or_else(|| [" of which ", " of whom "].iter().find_map(|w| bare.split_once(w)).map(|(_, rest)| rest))
}

/// Whether two labels are each other's opposite: "charged" and "not charged", "with an injury" and "without an injury".
pub(crate) fn opposite(a: &str, b: &str) -> bool {
    const PAIRS: &[(&str, &str)] = &[
        ("male", "female"),
        ("males", "females"),
        ("men", "women"),
        ("boys", "girls"),
        ("yes", "no"),
        ("adult", "child"),
        ("adults", "children"),
        ("urban", "rural"),
        ("day", "night"),
        ("successful", "unsuccessful"),
        ("known", "unknown"),
        ("solved", "unsolved"),
        ("charged", "uncharged"),
        ("detected", "undetected"),
        ("authorised", "unauthorised"),
        ("full-time", "part-time"),
        ("full time", "part time"),
    ];
    let words = |t: &str| -> Vec<String> {
        t.replace('-', " ").split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let (wa, wb) = (words(a), words(b));
    let negative = |w: &[String]| {
        w.iter().filter(|w| ["not", "no", "non", "without", "never", "isn't", "aren't"].contains(&w.as_str())).count()
    };
    let rest = |w: &[String]| -> Vec<String> { w.iter().filter(|w| !NOT.contains(&w.as_str())).cloned().collect() };
    let (ra, rb) = (rest(&wa), rest(&wb));
    if !ra.is_empty() && ra == rb && negative(&wa) % 2 != negative(&wb) % 2 {
        return true;
    }
    let pair = |x: &str, y: &str| PAIRS.iter().any(|p| *p == (x, y) || *p == (y, x));
    let differ: Vec<(&String, &String)> = wa.iter().zip(&wb).filter(|(x, y)| x != y).collect();
    pair(a, b) || wa.len() == wb.len() && matches!(differ[..], [(x, y)] if pair(x, y) || un(x, y) || un(y, x))
}

/// "uncharged" and "charged".
fn un(a: &str, b: &str) -> bool {
    ["un", "non", "in"].iter().any(|p| a.strip_prefix(p).is_some_and(|rest| rest == b && b.len() > 3))
}

impl Tree<'_> {
    /// Parts that their labels call so.
    pub(super) fn by_words(&mut self) {
        let keys: Vec<String> = self.axis.entries.iter().map(|e| e.key.clone()).collect();
        let which: Vec<Option<String>> = keys.iter().map(|k| part_words(k).map(str::to_owned)).collect();
        let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut parent: Option<usize> = None;
        for at in 0..keys.len() {
            match which.get(at).and_then(Option::as_ref) {
                None if self.axis.entries.get(at).is_some_and(|e| e.shown) => parent = Some(at),
                None => {}
                Some(_) => {
                    let Some(whole) = parent else { continue };
                    match groups.last_mut().filter(|g| g.0 == whole) {
                        Some(group) => group.1.push(at),
                        None => groups.push((whole, vec![at])),
                    }
                }
            }
        }
        for (whole, parts) in groups {
            let words: Vec<String> =
                parts.iter().map(|&p| which.get(p).cloned().flatten().unwrap_or_default()).collect();
            self.parts_of(whole, parts, &words);
        }
        self.without(&keys);
    }

    /// Takes parts of a whole by their words.
    fn parts_of(&mut self, whole: usize, parts: Vec<usize>, words: &[String]) {
        let parts: Vec<usize> = parts.into_iter().filter(|&p| self.within(whole, &[p])).collect();
        if parts.is_empty() {
            return;
        }
        let found = self.matched(whole, &parts);
        let two = matches!(words, [a, b] if opposite(a, b));
        let all = parts.len() > 1
            && found.less == 0
            && found.more == 0
            && (two || found.exact >= 2 || found.exact >= 1 && (found.near >= 1 || self.lines.len() == 1));
        let names: Vec<String> = parts.iter().map(|&p| self.label(p)).collect();
        if all {
            self.said.push(format!("{} is the sum of {}", self.label(whole), super::and(&names)));
            self.set_children(whole, parts);
            return;
        }
        let each = if parts.len() > 1 { "each a part" } else { "a part" };
        let is = if parts.len() > 1 { "are" } else { "is" };
        self.said.push(format!("{} {is} {each} of {}, by the words", super::and(&names), self.label(whole)));
        for part in parts {
            self.include(whole, part);
        }
    }

    /// A part of a whole beside others that are not told.
    pub(super) fn include(&mut self, whole: usize, part: usize) {
        match self.axis.entries.get_mut(whole) {
            Some(e) if e.children.is_empty() && e.includes.is_empty() => e.includes.push(part),
            Some(_) => {
                let name = String::new();
                self.axis.layers.push(Layer { parent: whole, parts: vec![part], open: true, name });
            }
            None => {}
        }
    }

    /// "Offences excluding fraud" is a part of "Offences"; with "Fraud" it is all of them.
    fn without(&mut self, keys: &[String]) {
        let numbers: HashMap<&str, usize> = keys.iter().enumerate().rev().map(|(i, k)| (k.as_str(), i)).collect();
        for (part, key) in keys.iter().enumerate() {
            let Some((head, out)) = WITHOUT.iter().find_map(|w| key.split_once(w)) else { continue };
            let total = ["total", "all"].iter().find_map(|w| numbers.get(w));
            let Some(&whole) = numbers.get(head).or(total.filter(|_| head == "total" || head == "all")) else {
                continue;
            };
            let free = self.axis.roots().contains(&part);
            if whole == part || !free || !self.within(whole, &[part]) {
                continue;
            }
            let rest = numbers.get(out).copied().filter(|&r| r != part && r != whole);
            let both = rest.filter(|&r| self.fit(whole, &[part, r]).wrong == 0 && self.children(whole).is_empty());
            match both {
                Some(rest) => {
                    self.said.push(format!(
                        "{} is the sum of {} and {}, by the words",
                        self.label(whole),
                        self.label(part),
                        self.label(rest)
                    ));
                    self.set_children(whole, vec![part, rest]);
                }
                None => {
                    self.said.push(format!("{} is a part of {}, by the words", self.label(part), self.label(whole)));
                    self.include(whole, part);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Labels of parts, and labels that are each other's opposite.
    #[test]
    fn labels() {
        for (key, rest) in [
            ("of whom with an injury", Some("with an injury")),
            ("of which charged", Some("charged")),
            ("of these, under 18", Some("under 18")),
            ("- of which fraud", Some("fraud")),
            ("arrests of which charged", Some("charged")),
            ("including fraud", Some("fraud")),
            ("offences", None),
            ("of age", None),
            ("includes", None),
        ] {
            assert_eq!(part_words(key), rest, "{key}");
        }
        for (a, b) in [
            ("charged", "not charged"),
            ("with an injury", "without an injury"),
            ("male", "female"),
            ("detected", "undetected"),
            ("no injury", "injury"),
        ] {
            assert!(opposite(a, b) && opposite(b, a), "{a}, {b}");
        }
        for (a, b) in [("charged", "cautioned"), ("not charged", "not cautioned"), ("male", "male")] {
            assert!(!opposite(a, b), "{a}, {b}");
        }
    }
}
