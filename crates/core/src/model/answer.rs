//! What an answer to a request says beside its figures. Written by a person in the specification; nothing of it is
//! made up here.

/// The parts of an answer to a Freedom of Information request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// When the request came in, as printed.
    pub received: Option<String>,
    /// Who signs: a role or a name.
    pub signed: Option<String>,
    /// Paragraphs before the first question.
    pub opening: Vec<String>,
    /// The questions in the order asked.
    pub questions: Vec<Question>,
    /// The exemptions that are relied on.
    pub exemptions: Vec<Exemption>,
    /// Advice and assistance: what is offered instead of what is withheld.
    pub advice: Vec<String>,
    /// Statements that neither confirm nor deny that other information is held.
    pub neither: Vec<String>,
    /// How to complain.
    pub review: Vec<String>,
}

/// One question of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The question in the words of the request.
    pub text: String,
    /// Short names of the tables that answer it.
    pub tables: Vec<String>,
    /// Paragraphs that answer it, before its tables.
    pub reply: Vec<String>,
}

/// A provision of the law under which something is withheld.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exemption {
    /// The provision: "section 40(2)".
    pub section: String,
    /// What it is about: "Personal information".
    pub title: Option<String>,
    /// What is withheld under it; `None`: the figures that the tables withhold.
    pub covers: Option<String>,
    /// Why it applies.
    pub because: Vec<String>,
    /// The public interest test, where the exemption is not absolute.
    pub public_interest: Vec<String>,
}
