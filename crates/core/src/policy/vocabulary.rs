//! Vocabularies of signs: what different offices print in place of a figure.
//!
//! One registry for all: a policy takes its signs from it (`vocabulary = "gss"`), the command line may change them, and
//! formats that are bound to a vocabulary of their own (spreadsheets, SDMX) look theirs up here.

use super::Markers;

/// The signs of an office or a standard, one for each state of a cell that is not plainly its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vocabulary {
    /// Its name in a policy and on the command line.
    pub name: &'static str,
    /// Whose it is, in a line.
    pub title: &'static str,
    /// Where it stands.
    pub source: &'static str,
    /// A withheld cell, primary or secondary alike.
    pub withheld: &'static str,
    /// A true zero.
    pub zero: &'static str,
    /// A cell that cannot exist.
    pub not_applicable: &'static str,
    /// A value that is not zero but rounds to zero; `None`: the vocabulary has no sign for it.
    pub rounds_to_zero: Option<&'static str>,
}

/// Every vocabulary, by name.
pub const VOCABULARIES: &[Vocabulary] = &[
    Vocabulary {
        name: "dfe",
        title: "Department for Education, explore education statistics",
        source: "explore-education-statistics.service.gov.uk, data symbols",
        withheld: "c",
        zero: "0",
        not_applicable: "z",
        rounds_to_zero: Some("low"),
    },
    Vocabulary {
        name: "eurostat",
        title: "Eurostat, special values and flags as from 2025",
        source: "ec.europa.eu/eurostat, flags and coding conventions as from 27 January 2025",
        withheld: ":C",
        zero: "0",
        not_applicable: ":m",
        rounds_to_zero: Some("0n"),
    },
    GSS,
    Vocabulary {
        name: "local",
        title: "The signs that the policy writes out, each by its own key",
        source: "the policy",
        withheld: "[c]",
        zero: "0",
        not_applicable: "[z]",
        rounds_to_zero: None,
    },
    SDMX,
];

/// Shorthand of the UK Government Analysis Function, which its rules for spreadsheets ask for.
pub const GSS: Vocabulary = Vocabulary {
    name: "gss",
    title: "UK Government Analysis Function (Government Statistical Service), shorthand in tables",
    source: "analysisfunction.civilservice.gov.uk, symbols in tables",
    withheld: "[c]",
    zero: "0",
    not_applicable: "[z]",
    rounds_to_zero: Some("[low]"),
};

/// Codes of the SDMX code list for the status of an observation.
pub const SDMX: Vocabulary = Vocabulary {
    name: "sdmx",
    title: "SDMX, code list CL_OBS_STATUS 2.2",
    source: "sdmx.org, cross-domain code lists",
    withheld: "Q",
    zero: "0",
    not_applicable: "M",
    rounds_to_zero: Some("N"),
};

/// The vocabulary of this name.
pub fn find(name: &str) -> Option<&'static Vocabulary> {
    VOCABULARIES.iter().find(|v| v.name == name)
}

/// The names of all vocabularies.
pub fn names() -> Vec<&'static str> {
    VOCABULARIES.iter().map(|v| v.name).collect()
}

impl From<&Vocabulary> for Markers {
    fn from(vocabulary: &Vocabulary) -> Markers {
        Markers {
            withheld: vocabulary.withheld.to_owned(),
            zero: vocabulary.zero.to_owned(),
            not_applicable: vocabulary.not_applicable.to_owned(),
            rounds_to_zero: vocabulary.rounds_to_zero.map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A policy that says nothing has the signs that the registry calls local.
    #[test]
    fn local_is_the_default() {
        assert_eq!(find("local").map(Markers::from), Some(Markers::default()));
        assert_eq!(find("GSS"), None, "names are as written");
    }

    /// No two states of a vocabulary look alike, and only a zero reads as a number.
    #[test]
    fn signs_are_told_apart() {
        for vocabulary in VOCABULARIES {
            let signs = [Some(vocabulary.withheld), Some(vocabulary.not_applicable), vocabulary.rounds_to_zero];
            let signs: Vec<&str> = signs.into_iter().flatten().collect();
            assert!(signs.iter().all(|s| s.parse::<f64>().is_err()), "{}", vocabulary.name);
            let mut all = [signs, vec![vocabulary.zero]].concat();
            all.sort_unstable();
            assert!(all.windows(2).all(|w| w[0] != w[1]), "{}: {all:?}", vocabulary.name);
        }
        assert!(VOCABULARIES.windows(2).all(|w| w[0].name < w[1].name), "by name, each once");
    }
}
