//! Which sign a newly withheld figure gets: the draft's own, unless what it is said to mean would be untrue of the figure.

use std::collections::BTreeMap;

use crate::model::Interval;
use crate::text::Meaning;

use super::super::driver::Check;
use super::super::knowledge::sign;
use super::super::legend::meaning_in;

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
        let explained = meaning_in(&check.pages, &self.wide, check.signs.least).is_some();
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
    match meaning_in(&check.pages, sign, check.signs.least)? {
        Meaning::Within(range) => Some(range),
        _ => None,
    }
}
