//! `release.toml` as serde reads it: every key that may be written, and nothing decided yet.
//!
//! Keys are optional here even where a release needs them, so that `check` can tell all that is missing at once.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use toml::Spanned;

/// A word, code or text, with its place.
pub(super) type Text = Spanned<String>;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    pub title: Option<Text>,
    pub reference: Option<Text>,
    pub source: Option<Text>,
    pub policy: Option<Text>,
    pub key_file: Option<Text>,
    pub key_env: Option<Text>,
    #[serde(default)]
    pub closing: Vec<Text>,
    pub input: Option<Spanned<Input>>,
    #[serde(default)]
    pub variables: BTreeMap<Text, Variable>,
    #[serde(default)]
    pub tables: Vec<Spanned<Table>>,
    pub facts: Option<Facts>,
    pub answer: Option<Answer>,
}

/// `[facts]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Facts {
    #[serde(default)]
    pub nested: Vec<Spanned<Vec<Text>>>,
    #[serde(default)]
    pub free: Vec<Spanned<Vec<Text>>>,
    #[serde(default)]
    pub adds_up: Vec<Spanned<Vec<Text>>>,
    #[serde(default)]
    pub impossible: Vec<Spanned<BTreeMap<Text, Text>>>,
}

/// `[answer]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Answer {
    pub received: Option<Text>,
    pub signed: Option<Text>,
    #[serde(default)]
    pub opening: Vec<Text>,
    #[serde(default)]
    pub questions: Vec<Spanned<Question>>,
    #[serde(default)]
    pub exemptions: Vec<Spanned<Exemption>>,
    #[serde(default)]
    pub advice: Vec<Text>,
    #[serde(default)]
    pub neither_confirm_nor_deny: Vec<Text>,
    #[serde(default)]
    pub review: Vec<Text>,
}

/// One of `[[answer.questions]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Question {
    pub text: Option<Text>,
    #[serde(default)]
    pub tables: Vec<Text>,
    #[serde(default)]
    pub reply: Vec<Text>,
}

/// One of `[[answer.exemptions]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Exemption {
    pub section: Option<Text>,
    pub title: Option<Text>,
    pub covers: Option<Text>,
    #[serde(default)]
    pub because: Vec<Text>,
    #[serde(default)]
    pub public_interest: Vec<Text>,
}

/// `[input]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Input {
    pub file: Option<Text>,
    pub files: Option<Spanned<Vec<Text>>>,
    pub unit: Option<Text>,
    pub person: Option<Text>,
    pub contributor: Option<Text>,
    pub id: Option<Text>,
    pub record_key: Option<Text>,
    pub count: Option<Text>,
    pub request: Option<Text>,
    #[serde(rename = "where")]
    pub filter: Option<Text>,
    #[serde(default)]
    pub types: BTreeMap<Text, ColumnType>,
}

/// A word of `[input.types]`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ColumnType {
    Text,
    Integer,
    Decimal,
    Date,
}

/// `[variables.NAME]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Variable {
    pub label: Option<Text>,
    pub column: Option<Text>,
    pub sql: Option<Text>,
    pub columns: Option<Spanned<Vec<Text>>>,
    pub categories: Option<Spanned<Vec<Spanned<Category>>>>,
    pub order: Option<Spanned<Vec<Text>>>,
    pub bands: Option<Spanned<Vec<Spanned<Band>>>>,
    pub hierarchy: Option<Text>,
    pub ignore_case: Option<Spanned<bool>>,
    pub missing: Option<Spanned<Choice<CategoryChoice>>>,
    pub other: Option<Spanned<Choice<CategoryChoice>>>,
    pub total: Option<Text>,
    pub total_across: Option<Text>,
    pub total_code: Option<Text>,
    #[serde(default)]
    pub sensitive: bool,
}

/// One of `categories`.
#[derive(Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a category such as { code = \"2015\", label = \"2015*\" }; a plain list of codes is `order = [\"a\", \"b\"]`"
)]
pub(super) struct Category {
    pub code: Option<Text>,
    pub label: Option<Text>,
    pub note: Option<Text>,
    #[serde(default)]
    pub values: Vec<Text>,
}

/// One of `bands`.
#[derive(Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a band such as { label = \"10 to 12\", from = 10, to = 12 }"
)]
pub(super) struct Band {
    pub label: Option<Text>,
    pub code: Option<Text>,
    pub from: Option<Spanned<f64>>,
    pub to: Option<Spanned<f64>>,
    pub note: Option<Text>,
}

/// `{ category = "Not Recorded" }` of `missing` and `other`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CategoryChoice {
    pub category: Text,
}

/// One of `[[tables]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Table {
    pub id: Option<Text>,
    pub title: Option<Text>,
    #[serde(default)]
    pub rows: Vec<Text>,
    #[serde(default)]
    pub columns: Vec<Text>,
    #[serde(default)]
    pub layers: Vec<Text>,
    pub measure: Option<Spanned<Choice<SumChoice>>>,
    #[serde(rename = "where")]
    pub filter: Option<Text>,
    #[serde(default)]
    pub only: BTreeMap<Text, Spanned<Vec<Text>>>,
    pub scope: Option<Text>,
    pub margins: Option<bool>,
    #[serde(default)]
    pub notes: Vec<Text>,
    #[serde(default)]
    pub cell_notes: Vec<Spanned<CellNote>>,
    #[serde(default)]
    pub keep: Vec<Spanned<Keep>>,
}

/// One of `[[tables.keep]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Keep {
    #[serde(default)]
    pub categories: BTreeMap<Text, Spanned<Vec<Text>>>,
    pub never: Option<bool>,
}

/// `{ sum = "turnover", decimals = 2 }` of `measure`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SumChoice {
    pub sum: Text,
    pub decimals: Option<Spanned<u32>>,
}

/// One of `[[tables.cell-notes]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CellNote {
    #[serde(default)]
    pub cell: BTreeMap<Text, Text>,
    pub mark: Option<Text>,
    pub text: Option<Text>,
}

/// A word, or a table where a word does not say enough.
#[derive(Debug)]
pub(super) enum Choice<T> {
    /// A word.
    Word(String),
    /// A table.
    Table(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Choice<T> {
    // By hand instead of `untagged`, which would forget which of the two was meant and what was wrong with it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WordOrTable<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for WordOrTable<T> {
            type Value = Choice<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word in quotes or a table in braces")
            }

            fn visit_str<E>(self, word: &str) -> Result<Self::Value, E> {
                Ok(Choice::Word(word.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Choice::Table)
            }
        }

        deserializer.deserialize_any(WordOrTable(std::marker::PhantomData))
    }
}
