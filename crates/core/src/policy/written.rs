//! A policy as written: what serde reads from the TOML file, with the places of what can be wrong.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use toml::{Spanned, Value};

use crate::diag::Span;
use crate::rules::{Argument, Given, RULES, RuleEntry, find};

/// Text, with its place.
pub(super) type Text = Spanned<String>;
/// Cells, row by row, with the place of all.
pub(super) type Rows<T> = Spanned<Vec<Vec<T>>>;

/// The file.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub id: Option<Text>,
    pub title: Option<Text>,
    pub version: Option<Text>,
    pub publisher: Option<Text>,
    pub date: Option<Text>,
    pub source: Option<Text>,
    pub evidence: Option<Text>,
    pub scope: Option<Text>,
    pub units: Option<Vec<Text>>,
    pub outside: Option<Vec<Text>>,
    pub extends: Option<Text>,
    pub without: Vec<Text>,
    pub locked: Vec<Text>,
    /// In the order of the file.
    pub rules: Vec<WrittenRule>,
    pub suppress: Option<Spanned<Suppress>>,
    pub round: Option<Spanned<Parameters>>,
    pub perturb: Option<Spanned<Parameters>>,
    pub keep: Vec<Spanned<Keep>>,
    pub partners: Vec<Spanned<Partner>>,
    pub markers: Option<Markers>,
    pub legend: Option<Legend>,
    pub attacker: Option<Attacker>,
    pub notes: Option<Vec<String>>,
    pub banned: Option<Spanned<Banned>>,
    pub sensitive: Option<Spanned<Sensitive>>,
    pub exemption: Option<Spanned<Exemption>>,
    pub approval: Option<Approval>,
    pub exceptions: Vec<Spanned<Exception>>,
    pub examples: Vec<Spanned<Example>>,
    pub accepted: Vec<Spanned<Accepted>>,
}

/// A table of the file that a rule reads.
#[derive(Debug)]
pub(super) struct WrittenRule {
    pub entry: &'static RuleEntry,
    pub span: Span,
    pub given: Vec<Given>,
}

/// The table `[suppress]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Suppress {
    pub method: Option<Text>,
    pub protection: Option<Text>,
    pub cost: Option<Text>,
    pub total_factor: Option<Spanned<i64>>,
    pub keep_totals: Option<bool>,
    pub choice: Option<Text>,
    pub key_file: Option<Text>,
    pub key_env: Option<Text>,
}

/// One of `[[keep]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Keep {
    pub table: Option<Text>,
    #[serde(default)]
    pub categories: BTreeMap<Text, Spanned<Vec<Text>>>,
    pub never: Option<bool>,
}

/// One of `[[partner]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Partner {
    pub variable: Option<Text>,
    #[serde(default)]
    pub of: Vec<Text>,
    #[serde(default)]
    pub prefer: Vec<Text>,
    pub neighbours: Option<bool>,
}

/// The table `[markers]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Markers {
    /// A name of the registry of vocabularies; the other keys change single signs of it.
    pub vocabulary: Option<Text>,
    pub withheld: Option<Text>,
    pub zero: Option<Text>,
    pub not_applicable: Option<Text>,
    pub rounds_to_zero: Option<Text>,
}

/// The table `[legend]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Legend {
    pub withheld: Option<Text>,
    pub zero: Option<Text>,
    pub not_applicable: Option<Text>,
    pub rounds_to_zero: Option<Text>,
}

/// The table `[banned]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Banned {
    #[serde(default)]
    pub variables: Vec<Text>,
    #[serde(default)]
    pub categories: BTreeMap<Text, Spanned<Vec<Text>>>,
    pub reason: Option<Text>,
}

/// The table `[sensitive]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Sensitive {
    #[serde(default)]
    pub variables: Vec<Text>,
    #[serde(default)]
    pub categories: BTreeMap<Text, Spanned<Vec<Text>>>,
}

/// The table `[exemption]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Exemption {
    pub act: Option<Text>,
    pub section: Option<Text>,
    pub because: Option<Text>,
    pub advice: Option<Text>,
}

/// The table `[approval]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Approval {
    pub second_person: Option<bool>,
}

/// One of `[[exception]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Exception {
    pub release: Option<Text>,
    pub rule: Option<Text>,
    pub table: Option<Text>,
    #[serde(default)]
    pub cell: BTreeMap<Text, Text>,
    pub band: Option<Text>,
    pub definition: Option<Text>,
    pub approved_by: Option<Text>,
    pub second: Option<Text>,
    pub reason: Option<Text>,
    pub until: Option<Text>,
}

/// One of `[[example]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Example {
    pub name: Option<Text>,
    pub source: Option<Text>,
    pub variables: Option<Spanned<Vec<Text>>>,
    #[serde(default)]
    pub sensitive: Vec<Text>,
    pub counts: Option<Rows<Spanned<i64>>>,
    pub persons: Option<Rows<Spanned<i64>>>,
    pub contributions: Option<Rows<Vec<Spanned<i64>>>>,
    pub population: Option<Spanned<Vec<Spanned<i64>>>>,
    pub expect: Option<Rows<Spanned<Value>>>,
    pub refused: Option<bool>,
}

/// One of `[[accepted]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Accepted {
    pub warning: Option<Text>,
    pub reason: Option<Text>,
}

/// The table `[attacker]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Attacker {
    pub integers: Option<bool>,
    pub prior: Option<Spanned<i64>>,
    pub own_contribution: Option<bool>,
    pub accept_unexamined: Option<bool>,
    pub coalition: Option<Spanned<i64>>,
}

/// The keys of the file that are not rules.
pub(super) const KEYS: [&str; 29] = [
    "id",
    "title",
    "version",
    "publisher",
    "date",
    "source",
    "evidence",
    "scope",
    "units",
    "outside",
    "extends",
    "without",
    "locked",
    "suppress",
    "round",
    "perturb",
    "keep",
    "partner",
    "markers",
    "legend",
    "attacker",
    "notes",
    "banned",
    "sensitive",
    "exemption",
    "approval",
    "exception",
    "example",
    "accepted",
];

/// Derived by hand, because the tables of rules are those of the registry.
impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FileVisitor)
    }
}

struct FileVisitor;

impl<'de> Visitor<'de> for FileVisitor {
    type Value = Written;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the tables of a policy")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Written, A::Error> {
        let mut file = Written::default();
        while let Some(Key(key)) = map.next_key()? {
            match key.as_str() {
                "id" => file.id = Some(map.next_value()?),
                "title" => file.title = Some(map.next_value()?),
                "version" => file.version = Some(map.next_value()?),
                "publisher" => file.publisher = Some(map.next_value()?),
                "date" => file.date = Some(map.next_value()?),
                "source" => file.source = Some(map.next_value()?),
                "evidence" => file.evidence = Some(map.next_value()?),
                "scope" => file.scope = Some(map.next_value()?),
                "units" => file.units = Some(map.next_value()?),
                "outside" => file.outside = Some(map.next_value()?),
                "extends" => file.extends = Some(map.next_value()?),
                "without" => file.without = map.next_value()?,
                "locked" => file.locked = map.next_value()?,
                "suppress" => file.suppress = Some(map.next_value()?),
                "round" => file.round = Some(map.next_value()?),
                "perturb" => file.perturb = Some(map.next_value()?),
                "keep" => file.keep = map.next_value()?,
                "partner" => file.partners = map.next_value()?,
                "markers" => file.markers = Some(map.next_value()?),
                "legend" => file.legend = Some(map.next_value()?),
                "attacker" => file.attacker = Some(map.next_value()?),
                "notes" => file.notes = Some(map.next_value()?),
                "banned" => file.banned = Some(map.next_value()?),
                "sensitive" => file.sensitive = Some(map.next_value()?),
                "exemption" => file.exemption = Some(map.next_value()?),
                "approval" => file.approval = Some(map.next_value()?),
                "exception" => file.exceptions = map.next_value()?,
                "example" => file.examples = map.next_value()?,
                "accepted" => file.accepted = map.next_value()?,
                rule => {
                    let tables = map.next_value::<Tables>()?.0;
                    let of = |(span, given)| find(rule).map(|entry| WrittenRule { entry, span, given });
                    file.rules.extend(tables.into_iter().filter_map(of));
                }
            }
        }
        file.rules.sort_by_key(|r| r.span.start);
        Ok(file)
    }
}

/// A key of the file: one of [`KEYS`] or the name of a rule.
struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = String::deserialize(deserializer)?;
        if KEYS.contains(&key.as_str()) || find(&key).is_some() {
            return Ok(Key(key));
        }
        let rules = RULES.iter().map(|r| r.name);
        let allowed: Vec<String> = KEYS.into_iter().chain(rules).map(|k| format!("`{k}`")).collect();
        // Worded as serde does it, so that it is told like every other unknown key.
        Err(D::Error::custom(format!("unknown field `{key}`, expected one of {}", allowed.join(", "))))
    }
}

/// One or several tables of the same rule: `[dominance]`, or `[[dominance]]` for each.
struct Tables(Vec<(Span, Vec<Given>)>);

impl<'de> Deserialize<'de> for Tables {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<OneOrMore>::deserialize(deserializer)?;
        let span = spanned.span();
        Ok(match spanned.into_inner() {
            OneOrMore::One(parameters) => Tables(vec![(span, given(parameters))]),
            OneOrMore::More(tables) => Tables(tables.into_iter().map(|t| (t.span(), given(t.into_inner()))).collect()),
        })
    }
}

/// The parameters in a table.
pub(super) type Parameters = BTreeMap<Text, Spanned<Value>>;

enum OneOrMore {
    One(Parameters),
    More(Vec<Spanned<Parameters>>),
}

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TablesVisitor)
    }
}

struct TablesVisitor;

impl<'de> Visitor<'de> for TablesVisitor {
    type Value = OneOrMore;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of parameters")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OneOrMore, A::Error> {
        let mut parameters = Parameters::new();
        while let Some((name, value)) = map.next_entry()? {
            parameters.insert(name, value);
        }
        Ok(OneOrMore::One(parameters))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMore, A::Error> {
        let mut tables = Vec::new();
        while let Some(table) = seq.next_element()? {
            tables.push(table);
        }
        Ok(OneOrMore::More(tables))
    }
}

/// The parameters as rules and methods take them, in the order of the file.
pub(super) fn given(parameters: Parameters) -> Vec<Given> {
    let argument = |value: &Value| match value {
        Value::Integer(n) => Argument::Whole(*n),
        Value::Float(x) => Argument::Decimal(x.to_string()),
        Value::String(text) => Argument::Word(text.clone()),
        Value::Boolean(true) => Argument::Other("true"),
        Value::Boolean(false) => Argument::Other("false"),
        Value::Datetime(_) => Argument::Other("a date"),
        Value::Array(_) => Argument::Other("a list"),
        Value::Table(_) => Argument::Other("a table"),
    };
    let mut given: Vec<Given> = parameters
        .into_iter()
        .map(|(name, value)| Given {
            name_span: name.span(),
            name: name.into_inner(),
            value: argument(value.get_ref()),
            value_span: value.span(),
        })
        .collect();
    given.sort_by_key(|g| g.name_span.start);
    given
}
