//! Every key of a policy beside those of rules: what it takes and what it means. Schema and reference follow from this
//! list; a test holds it against what is read.

use super::lint;
use crate::{perturb, round, suppress};

/// A key of a policy file.
#[derive(Debug)]
pub struct Key {
    /// The table that it stands in; empty for those above the first table, `[[example]]` in brackets where there may be
    /// several.
    pub table: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it must be given (where its table is).
    pub needed: bool,
    /// What it means, in a sentence without a full stop.
    pub meaning: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text.
    Text,
    /// Text in small letters, digits and hyphens.
    Id,
    /// A day, `2026-01-31`.
    Date,
    /// One of some words.
    Words(fn() -> Vec<&'static str>),
    /// When a cell counts as protected.
    Protection,
    /// What a withheld cell costs.
    Cost,
    /// `true` or `false`.
    Flag,
    /// A whole number within bounds.
    Whole(i64, i64),
    /// A list of texts.
    Texts,
    /// A table of lists of texts.
    TextsByName,
    /// A table of texts.
    TextByName,
    /// Values from one to another, `1-4`.
    Band,
    /// SHA-256 in hexadecimal.
    Fingerprint,
    /// A list of whole numbers.
    Numbers,
    /// Whole numbers, row by row.
    Grid,
    /// Whole numbers for each cell, row by row.
    Contributions,
    /// Words or whole numbers, row by row.
    Expected,
}

fn evidence() -> Vec<&'static str> {
    EVIDENCE.to_vec()
}
fn warnings() -> Vec<&'static str> {
    lint::CODES.iter().map(|c| c.0).collect()
}
fn rules() -> Vec<&'static str> {
    crate::rules::RULES.iter().map(|r| r.name).collect()
}

fn choices() -> Vec<&'static str> {
    super::SuppressPlan::CHOICES.to_vec()
}

fn roundings() -> Vec<&'static str> {
    round::ROUNDINGS.iter().map(|r| r.name).collect()
}
fn perturbations() -> Vec<&'static str> {
    perturb::PERTURBATIONS.iter().map(|p| p.name).collect()
}

/// What `evidence` may say.
pub(super) const EVIDENCE: [&str; 4] = ["full", "excerpt", "second-hand", "generic"];

/// The tables beside those of rules, in the order of the reference, with what they are for.
pub const TABLES: &[(&str, &str)] = &[
    ("", "Above the first table: whose rule it is, and what it is meant for"),
    ("suppress", "Unsafe cells are withheld, with as many others as it takes"),
    (
        "round",
        "Every printed cell is rounded, in place of withholding. All other keys are parameters of the method: `tabsafe explain` lists the methods",
    ),
    ("perturb", "Every printed cell gets noise, in place of withholding. All other keys are parameters of the method"),
    (
        "[keep]",
        "Cells that are to stay published, beside `keep-totals`: those of a table, of some categories, or both; withheld only where nothing else is enough",
    ),
    (
        "[partner]",
        "Preferred partners: where a cell of some category is unsafe, the cells withheld to protect it are taken from these categories, at a tenth of their cost",
    ),
    ("markers", "Signs for what is not a number"),
    ("legend", "What the legend says of the signs, in place of the usual words"),
    ("attacker", "Against whom"),
    ("banned", "Variables and categories that no table may show: a release that does is refused"),
    (
        "sensitive",
        "Variables and categories that tell something sensitive about a person, beside the variables that the specification marks",
    ),
    ("exemption", "The law under which figures are withheld: a draft for a person to sign, in the report"),
    ("approval", "Who must approve an exception"),
    (
        "[exception]",
        "A cell or a rule in a named release that somebody approved; it lapses when what it excused changes",
    ),
    ("[example]", "A small table with what must come of it; `tabsafe policy test` runs them"),
    ("[accepted]", "A warning of `tabsafe policy check` that does not matter here"),
];

/// A key that may be left out.
const fn may(table: &'static str, name: &'static str, kind: Kind, meaning: &'static str) -> Key {
    Key { table, name, kind, needed: false, meaning }
}

/// A key that must be given.
const fn must(table: &'static str, name: &'static str, kind: Kind, meaning: &'static str) -> Key {
    Key { table, name, kind, needed: true, meaning }
}

/// Every key.
pub const KEYS: &[Key] = &[
    must("", "id", Kind::Id, "short name; small letters, digits and hyphens"),
    must("", "title", Kind::Text, "title"),
    must("", "version", Kind::Text, "version; change it whenever the policy changes"),
    may("", "publisher", Kind::Text, "who has published the rule; needed unless `evidence` is `generic`"),
    may("", "date", Kind::Date, "when that was published"),
    may("", "source", Kind::Text, "the address where the rule can be read; needed unless `evidence` is `generic`"),
    must(
        "",
        "evidence",
        Kind::Words(evidence),
        "how well it is evidenced: the whole source was read, an excerpt, a second party states it, or it is nobody's rule",
    ),
    may("", "scope", Kind::Text, "whose figures, at which level of geography, about what: for the reader"),
    may("", "units", Kind::Texts, "what a record of the release may be; another one is told after a run"),
    may(
        "",
        "outside",
        Kind::Texts,
        "what the source asks of things that tabsafe does not publish, such as percentages: for the reader",
    ),
    may(
        "",
        "extends",
        Kind::Text,
        "the policy that this one builds on: a name, or a file seen from this one; what is not said here is as there",
    ),
    may(
        "",
        "without",
        Kind::Texts,
        "rules of the extended policy that are left out; also `banned`, `sensitive`, `keep` and `partner`",
    ),
    may(
        "",
        "locked",
        Kind::Texts,
        "what a policy that extends this one may tighten but not loosen: tables (`threshold`) or keys (`threshold.minimum`)",
    ),
    may("", "notes", Kind::Texts, "notes that stand in every release"),
    may("suppress", "method", Kind::Words(suppress::names), "how other cells are chosen"),
    may(
        "suppress",
        "protection",
        Kind::Protection,
        "when a cell counts as protected: band, exact, above, width=W, percent=P",
    ),
    may(
        "suppress",
        "cost",
        Kind::Cost,
        "what a withheld cell costs: its value (`counts`), the same for all, the logarithm of the value, how many persons or contributors are behind it, or the sum of a column of weights",
    ),
    may("suppress", "total-factor", Kind::Whole(1, 1_000_000), "totals cost this many times as much"),
    may(
        "suppress",
        "keep-totals",
        Kind::Flag,
        "totals are published whatever it takes; where that cannot be, the release is refused",
    ),
    may(
        "suppress",
        "choice",
        Kind::Words(choices),
        "which pattern is taken: the cheapest, which whoever has the program can repeat, or among nearly cheapest ones one that depends on a secret key; `keyed` where a key is named",
    ),
    may(
        "suppress",
        "key-file",
        Kind::Text,
        "the file of the secret key, seen from the policy; with `keyed` and no key, one is drawn for each run and kept in the confidential report",
    ),
    may("suppress", "key-env", Kind::Text, "the environment variable with the secret key"),
    may("[keep]", "table", Kind::Text, "short name of the table; without it, every table"),
    may(
        "[keep]",
        "categories",
        Kind::TextsByName,
        "codes or labels, by variable; a cell fits if it fits each of them, a variable that is not named may stand at anything",
    ),
    may(
        "[keep]",
        "never",
        Kind::Flag,
        "never withheld for the sake of others: where that leaves no way to protect those, the release is refused",
    ),
    must("[partner]", "variable", Kind::Text, "name or label of the variable"),
    may("[partner]", "of", Kind::Texts, "codes or labels of the categories that need a partner; without it, all"),
    may("[partner]", "prefer", Kind::Texts, "codes or labels of their partners"),
    may(
        "[partner]",
        "neighbours",
        Kind::Flag,
        "the categories before and after the unsafe one are partners as well, such as the age groups beside it",
    ),
    may("round", "method", Kind::Words(roundings), "how"),
    may("round", "protection", Kind::Protection, "when a cell counts as protected"),
    may("round", "key-file", Kind::Text, "for methods that draw: the file of the secret key, seen from the policy"),
    may("round", "key-env", Kind::Text, "for methods that draw: the environment variable with the secret key"),
    must("perturb", "method", Kind::Words(perturbations), "how"),
    may("perturb", "protection", Kind::Protection, "when a cell counts as protected"),
    may("perturb", "key-file", Kind::Text, "the file of the secret key, seen from the policy"),
    may("perturb", "key-env", Kind::Text, "the environment variable with the secret key"),
    may(
        "markers",
        "vocabulary",
        Kind::Words(super::vocabulary::names),
        "signs of an office; the other keys change single ones",
    ),
    may("markers", "withheld", Kind::Text, "of a withheld figure, whatever it is withheld for"),
    may("markers", "zero", Kind::Text, "of a true zero"),
    may(
        "markers",
        "not-applicable",
        Kind::Text,
        "of a cell in which no case can be, by the definitions of its categories",
    ),
    may("markers", "rounds-to-zero", Kind::Text, "of a figure that is not zero but rounds to zero"),
    may("legend", "withheld", Kind::Text, "of the sign of a withheld figure"),
    may("legend", "zero", Kind::Text, "of the sign of a true zero"),
    may("legend", "not-applicable", Kind::Text, "of the sign of a cell in which no case can be"),
    may("legend", "rounds-to-zero", Kind::Text, "of the sign of a figure that rounds to zero"),
    may(
        "attacker",
        "own-contribution",
        Kind::Flag,
        "every contributor is an intruder as well: he knows the cells that he alone is behind",
    ),
    may(
        "attacker",
        "accept-unexamined",
        Kind::Flag,
        "a release goes out although part of it could not be examined (a circle of tables beyond the limit); every output then says so",
    ),
    may("attacker", "integers", Kind::Flag, "he knows that counts are whole numbers"),
    may("attacker", "prior", Kind::Whole(1, 1000), "he knows every value of a magnitude within this many percent"),
    may("attacker", "coalition", Kind::Whole(1, 100), "how many contributors join"),
    may("banned", "variables", Kind::Texts, "names of variables, labels or columns"),
    may("banned", "categories", Kind::TextsByName, "codes or labels, by variable"),
    must("banned", "reason", Kind::Text, "why; told to whoever is refused"),
    may("sensitive", "variables", Kind::Texts, "names or labels of variables, each of whose categories does"),
    may(
        "sensitive",
        "categories",
        Kind::TextsByName,
        "codes or labels of those that do, by variable; the other categories of it do not",
    ),
    must("exemption", "act", Kind::Text, "the act"),
    must("exemption", "section", Kind::Text, "the section of it"),
    must("exemption", "because", Kind::Text, "why it applies, as a sentence"),
    may("exemption", "advice", Kind::Text, "what is offered instead, as a sentence"),
    may("approval", "second-person", Kind::Flag, "an exception names a second person who agreed"),
    must("[exception]", "release", Kind::Text, "reference number of the release, or its title"),
    may("[exception]", "rule", Kind::Words(rules), "the rule that is excused; without it, every rule"),
    may("[exception]", "table", Kind::Text, "short name of the table that the cell stands in"),
    may(
        "[exception]",
        "cell",
        Kind::TextByName,
        "variables and codes of the cell; variables that are not named stand at their total",
    ),
    must("[exception]", "band", Kind::Band, "the values that are excused; a value outside is not"),
    must(
        "[exception]",
        "definition",
        Kind::Fingerprint,
        "`definition` of the release's report: it changes with policy and specification",
    ),
    must("[exception]", "approved-by", Kind::Text, "who approved it"),
    may("[exception]", "second", Kind::Text, "who agreed"),
    must("[exception]", "reason", Kind::Text, "why the figure may be shown"),
    must("[exception]", "until", Kind::Date, "its last day"),
    must("[example]", "name", Kind::Text, "what it shows"),
    may("[example]", "source", Kind::Text, "where it stands"),
    may("[example]", "variables", Kind::Texts, "names of its two variables: rows, columns"),
    may("[example]", "sensitive", Kind::Texts, "which of them are sensitive"),
    may("[example]", "counts", Kind::Grid, "counts of the inner cells"),
    may("[example]", "persons", Kind::Grid, "different persons behind the counts, where there are fewer"),
    may(
        "[example]",
        "contributions",
        Kind::Contributions,
        "contributions to the sums of the inner cells, in place of `counts`",
    ),
    may("[example]", "population", Kind::Numbers, "population of each row"),
    may(
        "[example]",
        "expect",
        Kind::Expected,
        "what must come of each cell: a number that is printed, `withheld`, `shown`, `unsafe`, `safe`, or `?` for anything; with a row or column more, of the totals too",
    ),
    may("[example]", "refused", Kind::Flag, "the release must be refused"),
    must("[accepted]", "warning", Kind::Words(warnings), "the word in brackets after the warning"),
    must("[accepted]", "reason", Kind::Text, "why it does not matter here"),
];
