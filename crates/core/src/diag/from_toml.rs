//! Reads a TOML text into a serde type and reports every structural fault, not only the first.
//!
//! serde stops at the first thing it does not understand. So the text is parsed once into a tree with places; what
//! serde refuses is reported and cut out of the tree, and serde tries again with the rest.

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use super::{Diagnostics, Fault, Span, nearest};

/// More structural faults than this are not worth telling.
const MOST_FAULTS: usize = 50;

/// What [`from_toml`] made of a text.
#[derive(Debug)]
pub struct Parsed<T> {
    /// The value, without the parts that are at fault; `None` if nothing could be made of the text.
    pub value: Option<T>,
    /// What is wrong. A caller that checks `value` further adds to it; while it holds structural faults, what seems
    /// to be missing from `value` may just be misspelt and should not be reported again.
    pub faults: Diagnostics,
}

/// Reads a TOML text.
///
/// `name` is the file's name for messages. Types use `deny_unknown_fields` and [`toml::Spanned`] where a later
/// fault will point.
pub fn from_toml<T: DeserializeOwned>(name: &str, text: &str) -> Parsed<T> {
    let mut faults = Diagnostics::new(name, text);
    let (mut tree, syntax) = DeTable::parse_recoverable(text);
    for error in &syntax {
        let fault = Fault { span: error.span(), ..Fault::new(format!("not TOML: {}", error.message())) };
        let twice = error.message().contains("duplicate key");
        let help =
            "it stands above already: remove one of the two; tables of which there may be several are written [[name]]";
        faults.push(if twice { fault.help(help) } else { fault });
    }
    if !syntax.is_empty() {
        faults.sort();
        first_syntax_fault_is_the_last(&mut faults);
        return Parsed { value: None, faults };
    }
    let mut meant: Vec<String> = Vec::new();
    for _ in 0..MOST_FAULTS {
        let error = match T::deserialize(Deserializer::from(tree.clone())) {
            Ok(value) => return Parsed { value: Some(value), faults },
            Err(error) => error,
        };
        let span = error.span();
        if let Some(fault) = translate(error.message(), span.clone(), &mut meant) {
            faults.push(fault);
        }
        if !span.is_some_and(|span| cut_table(tree.get_mut(), &span)) {
            break;
        }
    }
    Parsed { value: None, faults }
}

/// What follows a fault of syntax is mostly an echo of it: only a key that stands twice leaves the rest as it is.
fn first_syntax_fault_is_the_last(faults: &mut Diagnostics) {
    if let Some(first) = faults.faults.iter().position(|f| !f.message.contains("duplicate key")) {
        faults.faults.truncate(first + 1);
        let help = "this is the first place that makes no sense; a quote or a bracket may be open before it";
        faults.faults[first].help = Some(help.to_owned());
    }
}

/// Takes out the entry whose key or value has this place; false if there is none.
fn cut_table(table: &mut DeTable<'_>, span: &Span) -> bool {
    let before = table.len();
    *table = std::mem::take(table).into_iter().filter(|(k, v)| k.span() != *span && v.span() != *span).collect();
    table.len() < before || table.iter_mut().any(|(_, value)| cut_value(value, span))
}

/// The same inside a value.
fn cut_value(value: &mut Spanned<DeValue<'_>>, span: &Span) -> bool {
    match value.get_mut() {
        DeValue::Table(table) => cut_table(table, span),
        DeValue::Array(items) => {
            if items.iter().any(|item| item.span() == *span) {
                let kept: Vec<_> = items.iter().filter(|item| item.span() != *span).cloned().collect();
                *items = kept.into_iter().collect();
                return true;
            }
            items.iter_mut().any(|item| cut_value(item, span))
        }
        _ => false,
    }
}

/// serde's message in the words of a person who edits the file; `None` where an earlier fault explains it.
fn translate(message: &str, span: Option<Span>, meant: &mut Vec<String>) -> Option<Fault> {
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let fault = match (message.split(' ').next(), words.split_first()) {
        (Some("unknown"), Some((word, allowed))) => {
            meant.extend(nearest(word, allowed).map(str::to_owned));
            let what = if message.starts_with("unknown field") { "key" } else { "word" };
            Fault::new(format!("unknown {what} `{word}`")).allowed(word, allowed)
        }
        (Some("missing"), Some((word, _))) => {
            if meant.iter().any(|m| m == word) {
                return None;
            }
            Fault::new(format!("the key `{word}` is missing here"))
        }
        _ => plain_types(message),
    };
    Some(Fault { span, ..fault })
}

/// "invalid type: string "x", expected a sequence" without the jargon.
fn plain_types(message: &str) -> Fault {
    let plain = |text: &str| {
        let text = text.replace("sequence", "list").replace("a map", "a table").replace("a string", "text in quotes");
        let text = text.replace("string ", "text ").replace("boolean", "true or false").replace("map", "table");
        ["usize", "u64", "u32", "i64"].iter().fold(text, |t, number| t.replace(number, "a whole number"))
    };
    match message.split_once(", expected ") {
        Some((found, expected)) => {
            let found = found.trim_start_matches("invalid type: ").trim_start_matches("invalid value: ");
            let wanted = plain(expected).replace("a true or false", "true or false, without quotes");
            Fault::new(format!("{} can't stand here", plain(found))).help(format!("write {wanted}"))
        }
        None => Fault::new(plain(message)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case")]
    struct File {
        title: String,
        limit: Option<u32>,
        kind: Option<Kind>,
        #[serde(default)]
        parts: BTreeMap<String, Part>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        Small,
        LeaveOut,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Part {
        label: Spanned<String>,
        #[serde(default)]
        items: Vec<u32>,
    }

    /// Every structural fault is told, at its place, and what is sound comes through.
    #[test]
    fn all_faults_at_once() {
        let text = "title = \"t\"\nlimt = 5\nkind = \"leave out\"\n[parts.a]\nlabel = \"A\"\nitems = [1, \"two\", 3]\n\
                    [parts.b]\nlable = \"B\"\n[parts.c]\nitems = 4\nlabel = \"C\"\n";
        let parsed = from_toml::<File>("f.toml", text);
        let mut faults = parsed.faults;
        faults.sort();
        assert_eq!(
            faults.to_string(),
            "f.toml:2:1: unknown key `limt` (did you mean `limit`? Allowed: `title`, `limit`, `kind`, `parts`)\n\
             f.toml:3:8: unknown word `leave out` (did you mean `leave-out`? Allowed: `small`, `leave-out`)\n\
             f.toml:6:13: text \"two\" can't stand here (write a whole number)\n\
             f.toml:8:1: unknown key `lable` (did you mean `label`? Allowed: `label`, `items`)\n\
             f.toml:10:9: integer `4` can't stand here (write a list)"
        );
        let value = parsed.value.expect("the sound rest");
        assert_eq!(value.title, "t");
        assert_eq!((value.limit, value.kind.is_none()), (None, true));
        assert_eq!(value.parts["a"].items, [1, 3]);
        assert_eq!(value.parts["a"].label.get_ref(), "A");
        assert!(matches!(from_toml::<File>("f", "title=\"x\"\nkind=\"small\"").value.unwrap().kind, Some(Kind::Small)));
        assert!(matches!(
            from_toml::<File>("f", "title=\"x\"\nkind=\"leave-out\"").value.unwrap().kind,
            Some(Kind::LeaveOut)
        ));
    }

    /// A required key that is not there is told; a text that is not TOML gives no value.
    #[test]
    fn missing_and_broken() {
        let parsed = from_toml::<File>("f.toml", "limit = 1\n");
        assert!(parsed.value.is_none());
        assert_eq!(parsed.faults.faults[0].message, "the key `title` is missing here");
        let parsed = from_toml::<File>("f.toml", "title = \"a\"\ntitle = \"b\"\nlimit = \n");
        assert!(parsed.value.is_none());
        let shown = parsed.faults.to_string();
        assert!(shown.contains("f.toml:2:1: not TOML: duplicate key"), "{shown}");
        assert!(shown.contains("f.toml:3:"), "{shown}");
    }
}
