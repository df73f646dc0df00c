//! Which sign a newly withheld figure gets: the draft's own, unless what it is said to mean would be untrue of the figure.

use std::collections::BTreeMap;

use crate::model::Interval;
use crate::text::Meaning;

use super::super::driver::Check;
use super::super::knowledge::sign;
use super::super::lexicon::{Content, lex, tidy};

/// Signs that readers know, for figures that the draft's own sign does not fit.
const USUAL: &[&str] = &["[c]", "[w]", "(c)", "[s]"];

/// The signs of a remedy.
#[derive(Clone, Debug)]
pub(super) struct Signs {
    /// A sign of the draft that stands for some counts alone, and for which.
    narrow: Option<(String, Interval)>,
    /// The sign for all others.
    pub wide: String,
    /// Whether the draft does not have that sign yet.
    new: bool,
}

impl Signs {
    /// The signs for a draft.
    pub fn of(check: &Check) -> Signs {
        let mut used: Vec<String> = Vec::new();
        for placed in &check.reading.bound.placed {
            let own = sign(&check.reading.tables, placed);
            if !own.is_empty() && !used.contains(&own) {
                used.push(own);
            }
        }
        let range = |s: &String| match check.signs.meanings.get(s)? {
            Meaning::Within(i) => Some(*i),
            Meaning::Withheld => legend(check, s).filter(|i| i.hi.is_some()),
            _ => None,
        };
        let narrow = used.iter().find_map(|s| Some((s.clone(), range(s)?)));
        if narrow.is_none() {
            return Signs { narrow, wide: check.withheld_sign(), new: false };
        }
        let withheld = |s: &&String| check.signs.meanings.get(*s) == Some(&Meaning::Withheld) && range(s).is_none();
        if let Some(own) = used.iter().find(withheld) {
            return Signs { narrow, wide: own.clone(), new: false };
        }
        let policy = check.options.policy.markers.withheld.clone();
        let taken = |s: &str| used.iter().any(|u| u == s) || narrow.as_ref().is_some_and(|n| n.0 == s);
        let all = std::iter::once(policy).chain(USUAL.iter().map(|s| (*s).to_owned()));
        let wide = all.into_iter().find(|s| !taken(s)).unwrap_or_else(|| "[c]".to_owned());
        Signs { narrow, wide, new: true }
    }

    /// Whether the draft's own sign stands for some counts alone.
    pub fn is_narrow(&self) -> bool {
        self.narrow.is_some()
    }

    /// The sign for a figure.
    pub fn for_value(&self, value: Option<i64>) -> &str {
        match (&self.narrow, value) {
            (Some((sign, range)), Some(value)) if range.contains(value) => sign,
            _ => &self.wide,
        }
    }

    /// The signs in words.
    pub fn words(&self) -> String {
        match &self.narrow {
            Some((sign, range)) => format!("write {sign} for {range}, and {} for other figures", self.wide),
            None => format!("write {}", self.wide),
        }
    }

    /// The line that explains a sign which the draft does not have yet.
    pub fn note(&self, check: &Check) -> Option<String> {
        let explained = check.pages.lines.iter().any(|l| meaning_of(&l.text, &self.wide).is_some());
        (self.new && !explained).then(|| format!("{} = withheld to protect other figures", self.wide))
    }

    /// What the signs mean to a reader who takes the legend at its word: what the one does not stand for, the other does.
    pub fn meanings(&self, check: &Check) -> BTreeMap<String, Meaning> {
        let mut meanings = check.markers();
        let Some((sign, range)) = &self.narrow else { return meanings };
        let range = range.meet(Interval::at_least(check.signs.least));
        meanings.insert(sign.clone(), Meaning::Within(range));
        if self.new {
            let others = range.hi.filter(|_| check.signs.least > 0);
            let others = others.map(|hi| Meaning::Within(Interval::at_least(hi.saturating_add(1))));
            meanings.insert(self.wide.clone(), others.unwrap_or(Meaning::Withheld));
        }
        meanings
    }
}

/// The counts that the legend of the draft says a sign stands for.
fn legend(check: &Check, sign: &str) -> Option<Interval> {
    check.pages.lines.iter().find_map(|line| range_in(meaning_of(&line.text, sign)?))
}

/// What a line says behind a sign that it begins with.
fn meaning_of<'a>(line: &'a str, sign: &str) -> Option<&'a str> {
    let bare = line.trim_start_matches(['"', '\'', '\u{2018}', '\u{201c}']);
    let rest = bare.strip_prefix(sign)?.trim_start_matches(['"', '\'', '\u{2019}', '\u{201d}']);
    let apart = rest.starts_with([' ', '=', ':', '-', ',']);
    (apart && rest.chars().any(char::is_alphabetic) || rest.contains('<')).then_some(rest)
}

/// The first range of counts that a text names.
fn range_in(text: &str) -> Option<Interval> {
    const NUMBERS: &[(&str, &str)] = &[("three", "3"), ("four", "4"), ("five", "5"), ("six", "6"), ("ten", "10")];
    let plain = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '<' | '-' | '='));
        NUMBERS.iter().find(|n| n.0 == bare.to_lowercase()).map_or_else(|| bare.to_owned(), |n| n.1.to_owned())
    };
    let words: Vec<String> = tidy(text).split(' ').map(plain).filter(|w| !w.is_empty()).collect();
    (0..words.len()).find_map(|start| {
        (1..=4usize).rev().find_map(|length| {
            let part = words.get(start..start + length)?.join(" ");
            match lex(&part).content {
                Content::Range(i) => Some(i),
                _ => None,
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Legends in the usual words; a line that only begins with the sign says nothing.
    #[test]
    fn legends() {
        for (line, sign, range) in [
            ("* = fewer than 5", "*", Some(Interval::at_most(4))),
            ("* denotes a value of less than five", "*", Some(Interval::at_most(4))),
            ("[c]: between 1 and 4, withheld", "[c]", Some(Interval::new(1, 4))),
            ("* figures below 10 are not shown", "*", Some(Interval::at_most(9))),
            ("* suppressed", "*", None),
            ("*** end", "*", None),
        ] {
            assert_eq!(meaning_of(line, sign).and_then(range_in), range, "{line}");
        }
    }
}
