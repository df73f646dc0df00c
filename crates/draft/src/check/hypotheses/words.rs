//! Words that say, or suggest, that a label is a whole.

use super::super::lexicon::is_year;
use super::super::variables::band;
use super::super::words::is_unknown_label;

/// Words in a label of a whole.
const WHOLE: &[&str] = &[
    "whole",
    "entire",
    "everyone",
    "everybody",
    "combined",
    "overall",
    "altogether",
    "together",
    "aggregate",
    "anyone",
    "either",
    "nationwide",
    "national",
    "everything",
    "sum",
    "base",
    "n",
];
/// Places that others are parts of.
const PLACES: &[&str] = &[
    "england",
    "wales",
    "scotland",
    "northern ireland",
    "ireland",
    "united kingdom",
    "uk",
    "great britain",
    "gb",
    "england and wales",
    "usa",
    "united states",
    "us",
    "germany",
    "france",
    "australia",
    "canada",
    "new zealand",
    "eu",
    "europe",
    "world",
    "country",
    "nation",
    "force area",
    "county",
    "trust",
    "city",
];
/// Words of labels that are no wholes of the others.
const NEVER: &[&str] = &[
    "average",
    "mean",
    "median",
    "rate",
    "ratio",
    "other",
    "others",
    "rest",
    "none",
    "not",
    "no",
    "unknown",
    "minimum",
    "maximum",
    "min",
    "max",
    "target",
    "estimate",
    "remaining",
    "remainder",
    "else",
    "saints",
    "souls",
    "hallows",
];

/// Whether a label has a word that makes it a whole: "Whole trust", "Everyone", "All respondents".
pub(crate) fn whole_word(key: &str) -> bool {
    let words: Vec<&str> = key.split(' ').collect();
    if never(key) {
        return false;
    }
    words.first() == Some(&"all") && words.len() > 1 || words.iter().any(|w| WHOLE.contains(w))
}

/// Whether a label says that it is everybody: "Everyone", "All respondents".
pub(crate) fn every_word(key: &str) -> bool {
    let first = key.split(' ').next().unwrap_or_default();
    !never(key) && (["everyone", "everybody", "everything"].contains(&first) || first == "all" && key.contains(' '))
}

/// Whether a label is the name of a place that may have the others as its parts.
pub(crate) fn place_word(key: &str) -> bool {
    PLACES.contains(&key)
}

/// Whether a label can't be that of a whole.
pub(crate) fn never(key: &str) -> bool {
    let words = key.split([' ', '-', '/', ',', '(', ')']);
    words.into_iter().any(|w| NEVER.contains(&w)) || is_unknown_label(key) || is_year(key) || band(key).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wholes by their words; an average, a saint and the others are none.
    #[test]
    fn labels() {
        for key in ["whole trust", "everyone", "all respondents", "all wards", "nationwide", "both areas combined"] {
            assert!(whole_word(key), "{key}");
        }
        for key in ["18 cassr average", "all other", "all saints", "st mary", "other", "not known", "2015", "10 to 12"]
        {
            assert!(!whole_word(key), "{key}");
        }
        assert!(place_word("england") && never("18 cassr average"));
    }
}
