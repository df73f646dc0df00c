//! What `check` can find, each with a page of the manual.

/// A kind of finding.
#[derive(Debug)]
pub struct Code {
    /// Its name in outputs.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub summary: &'static str,
    /// Its page, in Markdown.
    pub manual: &'static str,
    /// Whether the draft can't be judged while it stands: it contradicts itself or was not understood.
    pub stops: bool,
}

impl PartialEq for Code {
    fn eq(&self, other: &Code) -> bool {
        self.name == other.name
    }
}

macro_rules! codes {
    ($($constant:ident, $name:literal, $stops:literal, $summary:literal;)*) => {
        $(
            #[doc = $summary]
            pub static $constant: Code = Code {
                name: $name,
                summary: $summary,
                manual: include_str!(concat!("codes/", $name, ".md")),
                stops: $stops,
            };
        )*
        /// Every kind of finding, by name.
        pub static CODES: &[&Code] = &[$(&$constant),*];
    };
}

codes! {
    DERIVABLE, "derivable", false, "A withheld, rounded or unprinted figure can be worked out, or narrowed below what the policy hides.";
    DOMINANCE, "dominance", false, "All but a few of a printed group fall in one category.";
    GROUP_DISCLOSURE, "group-disclosure", false, "All of a printed group fall in one category.";
    HIDDEN_CONTENT, "hidden-content", false, "The file holds something that its page does not show.";
    INCONSISTENT, "inconsistent", true, "Two places of the draft contradict each other.";
    NOT_ADDITIVE, "not-additive", true, "A total is not the sum of its parts.";
    NOT_UNDERSTOOD, "not-understood", true, "A part of the draft could not be read as a table of counts.";
    NUMBER_IN_TEXT, "number-in-text", false, "A sentence or caption tells a small number of persons or cases.";
    OFF_BASE, "off-base", true, "A figure is no multiple of the base to which the draft is said to be rounded.";
    SMALL_COUNT, "small-count", false, "A printed count is smaller than the policy allows.";
    UNKNOWN_MARKER, "unknown-marker", true, "A sign stands in place of a figure, and nothing says what it means.";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes stand in the order of their names, each once, with a summary and a page that opens with its own sentence.
    #[test]
    fn registry() {
        assert!(CODES.windows(2).all(|w| w[0].name < w[1].name));
        for code in CODES {
            assert!(code.summary.ends_with('.') && code.manual.len() > 300, "{}", code.name);
            for heading in ["## What to do", "## Example"] {
                assert!(code.manual.contains(heading), "{}: {heading}", code.name);
            }
        }
    }
}
