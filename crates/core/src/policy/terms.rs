//! What a policy says beside its rules: what must not be shown at all, the law, the legend, warnings accepted.

/// What the legend says of a sign, in place of the usual words; `None`: the usual ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Legend {
    /// Of a withheld figure.
    pub withheld: Option<String>,
    /// Of a true zero.
    pub zero: Option<String>,
    /// Of a cell whose categories exclude each other.
    pub not_applicable: Option<String>,
    /// Of a figure that is not zero but rounds to zero.
    pub rounds_to_zero: Option<String>,
}

impl Legend {
    /// What is said, by key.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("withheld", &self.withheld),
            ("zero", &self.zero),
            ("not-applicable", &self.not_applicable),
            ("rounds-to-zero", &self.rounds_to_zero),
        ];
        all.into_iter().filter_map(|(key, text)| Some((key, text.as_deref()?)))
    }
}

/// Variables and categories that no table of a release may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banned {
    /// Names of variables or columns.
    pub variables: Vec<String>,
    /// Codes or labels, by variable.
    pub categories: Vec<(String, Vec<String>)>,
    /// Why.
    pub reason: String,
    /// `policies/police-foi.toml:12`.
    pub line: String,
}

/// The law under which figures are withheld: the parts of a draft that a person checks and signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// "Freedom of Information Act 2000".
    pub act: String,
    /// "section 40(2)".
    pub section: String,
    /// Why it applies, as a sentence.
    pub because: String,
    /// What is offered instead, as a sentence.
    pub advice: Option<String>,
}

impl Exemption {
    /// What is said, by key.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let given = [("act", &self.act), ("section", &self.section), ("because", &self.because)];
        let all = given.into_iter().map(|(key, text)| (key, text.as_str()));
        all.chain(self.advice.iter().map(|text| ("advice", text.as_str())))
    }

    /// The draft of a refusal for `withheld` figures, shown as `sign`; `band` is what the rules hide, `never_zero` says that no
    /// withheld count is zero. A person must check and sign it.
    pub fn draft(&self, withheld: usize, sign: &str, band: Option<(i64, i64)>, never_zero: bool) -> String {
        let (figures, are) = if withheld == 1 { ("figure", "is") } else { ("figures", "are") };
        let range = band.map_or_else(String::new, |(lo, hi)| {
            let lo = if never_zero { lo.max(1) } else { lo };
            let (zero, other) = match (lo, never_zero) {
                (..=0, _) => (" (zero is included)", ""),
                (_, true) => (" (zero is not included)", ""),
                (_, false) => ("", ", which may be zero"),
            };
            format!("stands for {lo} to {hi}{zero}, or for a figure that would give such a one away{other}; it ")
        });
        let mut text = format!(
            "DRAFT, to be checked and signed by a person: {withheld} {figures} {are} withheld. The sign {sign} {range}must \
             not be read as a number. The information is exempt under {} of the {}. {}",
            self.section, self.act, self.because
        );
        if let Some(advice) = &self.advice {
            text.push_str(&format!(" {advice}"));
        }
        text
    }
}

/// A warning of the lint that somebody accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its code.
    pub warning: String,
    /// Why.
    pub reason: String,
    /// `policies/police-foi.toml:12`.
    pub line: String,
}
