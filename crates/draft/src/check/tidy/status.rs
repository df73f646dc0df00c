//! What the statuses of tidy lists say: those that tabsafe writes, those of SDMX, and the shorthands of statistics.

use super::super::blocks::Block;
use super::super::lexicon::{Content, lex, tidy};
use super::columns::Columns;

/// What a status says of its figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Means {
    /// The figure stands as it is.
    Printed,
    /// It is withheld.
    Withheld,
    /// It is withheld because it is small.
    Primary,
    /// It is withheld to protect another.
    Secondary,
    /// It is 0.
    Zero,
    /// It is not 0, and rounds to 0.
    RoundsToZero,
    /// There can be none.
    NotApplicable,
    /// Nobody has it.
    Missing,
    /// It can't be told.
    Unknown,
}

/// Whose words a column of statuses uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vocabulary {
    /// Any.
    General,
    /// `OBS_STATUS` of SDMX (code list CL_OBS_STATUS).
    SdmxObservation,
    /// `CONF_STATUS` of SDMX (code list CL_CONF_STATUS).
    SdmxConfidentiality,
}

/// The vocabulary of a column with this heading (as a key).
pub(crate) fn vocabulary(heading: &str) -> Vocabulary {
    match heading.replace(' ', "").as_str() {
        "obsstatus" | "observationstatus" => Vocabulary::SdmxObservation,
        "confstatus" | "confidentialitystatus" | "obsconf" => Vocabulary::SdmxConfidentiality,
        _ => Vocabulary::General,
    }
}

const WITHHELD: &[&str] = &[
    "withheld",
    "suppressed",
    "confidential",
    "redacted",
    "c",
    "[c]",
    "(c)",
    "secret",
    "hidden",
    "not published",
    "disclosive",
    "supp",
    "suppressed data",
    "data suppressed",
    "not for publication",
    "sdc",
];
const PRINTED: &[&str] = &[
    "published",
    "rounded",
    "perturbed",
    "final",
    "provisional",
    "revised",
    "normal",
    "ok",
    "actual",
    "estimated",
    "estimate",
    "p",
    "r",
    "e",
    "b",
    "[p]",
    "[r]",
    "[e]",
    "[b]",
    "u",
    "[u]",
    "official",
    "valid",
    "complete",
    "released",
    "shown",
    "available",
    "derived",
    "d",
    "free",
];

/// What a status says.
pub(crate) fn means(text: &str, vocabulary: Vocabulary) -> Means {
    let text = tidy(text);
    let lower = text.to_lowercase();
    match vocabulary {
        Vocabulary::SdmxObservation => match text.as_str() {
            "" | "A" | "B" | "D" | "E" | "F" | "G" | "I" | "P" | "U" | "V" | "W" | "K" => return Means::Printed,
            "Q" => return Means::Withheld,
            "M" => return Means::NotApplicable,
            "N" => return Means::RoundsToZero,
            "L" | "O" | "H" | "J" | "S" => return Means::Missing,
            _ => {}
        },
        Vocabulary::SdmxConfidentiality => match text.as_str() {
            "" | "F" => return Means::Printed,
            "N" | "C" | "S" => return Means::Withheld,
            "A" | "O" | "T" | "G" | "M" => return Means::Primary,
            "D" | "E" => return Means::Secondary,
            _ => {}
        },
        Vocabulary::General => {}
    }
    if lower.contains("primary") || lower.contains("below threshold") || lower.contains("too small") {
        return Means::Primary;
    }
    if lower.contains("secondary") || lower.contains("complementary") {
        return Means::Secondary;
    }
    let plain = lower.replace(['-', '_'], " ");
    match plain.as_str() {
        "" => Means::Printed,
        "zero" | "true zero" => Means::Zero,
        "rounds to zero" | "[low]" | "low" => Means::RoundsToZero,
        "not applicable" | "[z]" | "z" | "n/a" => Means::NotApplicable,
        "not available" | "[x]" | "missing" | "no data" | "[w]" | "not collected" | "unavailable" => Means::Missing,
        word if WITHHELD.contains(&word) || word.starts_with("suppress") || word.starts_with("withheld") => {
            Means::Withheld
        }
        word if PRINTED.contains(&word) => Means::Printed,
        _ => Means::Unknown,
    }
}

/// Texts in place of a figure that programs write.
pub(crate) fn is_sign(text: &str) -> bool {
    matches!(text, "NaN" | "nan" | "null" | "NULL" | "None")
}

/// Whether a column holds nothing but blanks and statuses that say that a figure is withheld or stands.
pub(crate) fn column_of_signs<'a>(texts: impl Iterator<Item = &'a str>) -> bool {
    let mut told = false;
    for text in texts.filter(|t| !t.is_empty()) {
        match means(text, Vocabulary::General) {
            Means::Withheld | Means::Primary | Means::Secondary => told = true,
            Means::Printed if text.chars().count() > 1 => {}
            _ => return false,
        }
    }
    told
}

/// A line's figure with its status.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    /// What stands in place of the figure.
    pub content: Content,
    /// The figure is printed although its status says that it is withheld.
    pub against: Option<String>,
}

/// What a line says of the figure in a column.
pub(crate) fn told(block: &Block, row: usize, column: usize, columns: &Columns) -> Told {
    let text = |c: usize| block.rows.get(row).and_then(|r| r.get(c)).map(|e| tidy(&e.text)).unwrap_or_default();
    let own = text(column);
    let content = if is_sign(&own) { Content::Blank } else { lex(&own).content };
    let said = columns.statuses.iter().map(|s| (text(s.at), s.kind)).filter(|(t, _)| !t.is_empty());
    let said: Vec<(String, Means)> = said
        .map(|(t, kind)| {
            let m = means(&t, kind);
            (t, m)
        })
        .collect();
    let hides = |m: Means| matches!(m, Means::Withheld | Means::Primary | Means::Secondary);
    match &content {
        Content::Blank | Content::Sign(_) => {
            let silent = matches!(content, Content::Blank);
            // of several statuses the one that says most
            let told = said.iter().filter(|s| s.1 != Means::Printed).max_by_key(|s| weight(s.1));
            match told {
                Some((status, _)) if silent => Told { content: Content::Sign(status.clone()), against: None },
                _ => Told { content, against: None },
            }
        }
        Content::Number(_) | Content::Range(_) => {
            let against = said.iter().find(|s| hides(s.1) || s.1 == Means::RoundsToZero).map(|s| s.0.clone());
            Told { content, against }
        }
    }
}

/// How much a status says of a figure that is not there.
fn weight(means: Means) -> usize {
    match means {
        Means::Printed => 0,
        Means::Unknown => 1,
        Means::Missing => 2,
        Means::Withheld => 3,
        Means::NotApplicable | Means::RoundsToZero | Means::Zero => 4,
        Means::Secondary | Means::Primary => 5,
    }
}

/// A status in place of a figure.
pub(crate) struct InPlace {
    /// The status as it is written.
    pub text: String,
    /// What it says.
    pub means: Means,
}

/// The statuses that stand for figures that are not printed, or against figures that are, each once.
pub(crate) fn in_place_of_figures(block: &Block, columns: &Columns) -> Vec<InPlace> {
    let mut found: Vec<InPlace> = Vec::new();
    for row in 1..block.rows.len() {
        for &column in &columns.values {
            let told = told(block, row, column, columns);
            let text = match (&told.content, &told.against) {
                (_, Some(text)) => text.clone(),
                (Content::Sign(text), None) => text.clone(),
                _ => continue,
            };
            if found.iter().any(|f| f.text == text) {
                continue;
            }
            let said = columns.statuses.iter().filter(|s| {
                let entry = block.rows.get(row).and_then(|r| r.get(s.at));
                entry.is_some_and(|e| tidy(&e.text) == text)
            });
            let kinds: Vec<Means> = said.map(|s| means(&text, s.kind)).collect();
            // a sign in the column of figures itself is declared like any other
            let Some(&means) = kinds.iter().max_by_key(|m| weight(**m)) else { continue };
            found.push(InPlace { text, means });
        }
    }
    found
}

/// The columns of statuses, each with the status that it gives a withheld figure: the list's own, or that of its vocabulary.
pub(crate) fn for_withheld(block: &Block, columns: &Columns) -> Vec<(usize, String)> {
    let hides = |m: Means| matches!(m, Means::Withheld);
    let own = |at: usize, kind: Vocabulary| {
        let texts = block.rows.iter().skip(1).filter_map(|r| r.get(at)).map(|e| tidy(&e.text));
        texts.filter(|t| !t.is_empty()).find(|t| hides(means(t, kind)))
    };
    let usual = |kind: Vocabulary| match kind {
        Vocabulary::SdmxObservation => "Q",
        Vocabulary::SdmxConfidentiality => "N",
        Vocabulary::General => "withheld",
    };
    columns.statuses.iter().map(|s| (s.at, own(s.at, s.kind).unwrap_or_else(|| usual(s.kind).to_owned()))).collect()
}

/// What a list prints in place of a withheld figure: `NaN` where it does so elsewhere, else nothing.
pub(crate) fn blank(block: &Block, column: usize, columns: &Columns) -> String {
    let withheld = |row: usize| {
        columns.statuses.iter().any(|s| {
            let entry = block.rows.get(row).and_then(|r| r.get(s.at));
            entry.is_some_and(|e| matches!(means(&e.text, s.kind), Means::Withheld | Means::Primary | Means::Secondary))
        })
    };
    let text = |row: usize| block.rows.get(row).and_then(|r| r.get(column)).map(|e| tidy(&e.text)).unwrap_or_default();
    let mut texts = (1..block.rows.len()).filter(|&r| withheld(r)).map(text);
    texts.find(|t| is_sign(t)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same letter says different things in different vocabularies.
    #[test]
    fn statuses() {
        assert_eq!(means("Q", Vocabulary::SdmxObservation), Means::Withheld);
        assert_eq!(means("A", Vocabulary::SdmxObservation), Means::Printed);
        assert_eq!(means("A", Vocabulary::SdmxConfidentiality), Means::Primary);
        assert_eq!(means("D", Vocabulary::SdmxConfidentiality), Means::Secondary);
        assert_eq!(means("withheld", Vocabulary::General), Means::Withheld);
        assert_eq!(means("Suppressed (secondary)", Vocabulary::General), Means::Secondary);
        assert_eq!(means("rounds-to-zero", Vocabulary::General), Means::RoundsToZero);
        assert_eq!(means("q9", Vocabulary::General), Means::Unknown);
    }

    /// A column of signs is told from one of labels.
    #[test]
    fn columns_of_signs() {
        assert!(column_of_signs(["", "c", "", "c"].into_iter()));
        assert!(column_of_signs(["published", "suppressed"].into_iter()));
        assert!(!column_of_signs(["p", "e", "b"].into_iter()), "labels of one letter");
        assert!(!column_of_signs(["", ""].into_iter()));
    }
}
