//! CSVW (W3C, CSV on the Web): what the columns of tidy CSV hold, for programs, beside the file.
//!
//! Codes, their labels and notes, and what each status means are annotations (`notes`), because CSVW has no vocabulary
//! of its own for them. The zip format holds one such description for all of its files.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::csv::{Column, Columns, Holds, Tidy};
use super::layout::title;
use super::legend::{colophon, legend_of, notes, preamble, provenance};
use super::{STEM, csv};
use crate::model::Measure;
use crate::release::{Header, Release, ReleaseAxis, ReleaseTable, vocabulary};

/// The context of every description.
const CONTEXT: &str = "http://www.w3.org/ns/csvw";

/// What the words in the column of statuses mean.
const STATUSES: [(&str, &str); 6] = [
    ("published", "the value is the true one"),
    ("rounded", "the value stands for those that are rounded to it"),
    ("perturbed", "the value carries noise"),
    ("rounds-to-zero", "the true value is not zero, but rounds to zero"),
    ("withheld", "the value is not published, to protect those behind it or behind another figure"),
    ("not-applicable", "there can be no such cell: its categories exclude each other"),
];

/// Writes the description of `release.csv`.
pub(super) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    let columns = Columns::of(release.tables(), Tidy::WHOLE);
    let mut description = described(&format!("{STEM}.csv"), &columns, release.tables(), release.header());
    description.insert("@context".to_owned(), context());
    description.extend(about(release));
    if let Some(Value::Array(notes)) = description.get_mut("notes") {
        notes.push(made(release));
    }
    write_json(&Value::Object(description), out)
}

/// The description of several files, each of one table.
pub(super) fn group(release: &Release, files: &[(String, Columns)], out: &mut dyn Write) -> io::Result<()> {
    let tables = files.iter().zip(release.tables()).map(|((url, columns), table)| {
        let mut description = described(url, columns, std::slice::from_ref(table), release.header());
        description.insert("dc:title".to_owned(), json!(title(table)));
        Value::Object(description)
    });
    let mut group = Map::new();
    group.insert("@context".to_owned(), context());
    group.extend(about(release));
    group.insert("tables".to_owned(), tables.collect());
    group.insert("notes".to_owned(), json!([made(release)]));
    write_json(&Value::Object(group), out)
}

fn write_json(value: &Value, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    out.write_all(b"\n")
}

fn context() -> Value {
    json!([CONTEXT, {"@language": "en"}])
}

/// Title and provenance.
fn about(release: &Release) -> Map<String, Value> {
    let header = release.header();
    let lines = preamble(release).into_iter().chain(header.notes.iter().chain(&header.closing).cloned());
    let description: Vec<String> = lines.chain([colophon(release)]).collect();
    let mut about = Map::new();
    about.insert("dc:title".to_owned(), json!(header.title));
    about.insert("dc:description".to_owned(), json!(description.join("\n")));
    about
}

/// Policy and program, as an annotation.
fn made(release: &Release) -> Value {
    let mut made = Map::new();
    made.insert("type".to_owned(), json!("provenance"));
    made.extend(provenance(release).into_iter().map(|(name, value)| (name.to_owned(), json!(value))));
    Value::Object(made)
}

/// A file of these tables.
fn described(url: &str, columns: &Columns, tables: &[ReleaseTable], header: &Header) -> Map<String, Value> {
    let key = columns.list.iter().filter(|c| !matches!(c.holds, Holds::Value | Holds::Status)).map(|c| name(&c.name));
    let mut table = Map::new();
    table.insert("url".to_owned(), json!(url));
    let schema = json!({
        "columns": columns.list.iter().map(|c| column(c, tables)).collect::<Vec<_>>(),
        "primaryKey": key.collect::<Vec<_>>(),
    });
    table.insert("tableSchema".to_owned(), schema);
    table.insert("notes".to_owned(), Value::Array(annotations(tables, header)));
    table
}

/// A column: its type, and for the value that an empty field is none.
fn column(column: &Column, tables: &[ReleaseTable]) -> Value {
    let named = |more: Value| {
        let mut all = Map::new();
        all.insert("name".to_owned(), json!(name(&column.name)));
        all.insert("titles".to_owned(), json!(column.name));
        if let Value::Object(more) = more {
            all.extend(more);
        }
        Value::Object(all)
    };
    let text = |description: &str| named(json!({"datatype": "string", "dc:description": description}));
    match &column.holds {
        Holds::Table => text("the short name of the table"),
        Holds::Measure => text("what is counted"),
        Holds::Variable(variable) => {
            let label = tables.iter().flat_map(|t| &t.axes).find(|a| a.variable == *variable).map(|a| a.label.as_str());
            text(&format!("code of {}", label.unwrap_or(variable)))
        }
        Holds::Value => {
            let whole = tables.iter().all(|t| t.decimals() == 0);
            let counted = "the figure; empty where none is published, for the reason that the status gives";
            named(json!({"datatype": if whole { "integer" } else { "decimal" }, "null": "", "dc:description": counted}))
        }
        Holds::Status => {
            let words = STATUSES.map(|(word, _)| word).join("|");
            named(json!({"datatype": {"base": "string", "format": words}, "dc:description": "what the row holds"}))
        }
    }
}

/// A name as CSVW allows it: letters, digits and dots stay, every other byte is percent-encoded.
fn name(text: &str) -> String {
    let plain = |b: u8, first: bool| b.is_ascii_alphanumeric() || b == b'.' || (b == b'_' && !first);
    let byte = |(i, b): (usize, u8)| if plain(b, i == 0) { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().enumerate().map(byte).collect()
}

/// Codes with labels, tables with their notes, statuses.
fn annotations(tables: &[ReleaseTable], header: &Header) -> Vec<Value> {
    let mut all = Vec::new();
    for (variable, total) in csv::variables(tables) {
        let axes = tables.iter().flat_map(|t| &t.axes).filter(|a| a.variable == variable);
        all.push(json!({"type": "categories", "variable": variable, "total": total, "categories": categories(axes)}));
    }
    for table in tables {
        let notes: Vec<Value> = notes(table).iter().map(|n| json!({"mark": n.mark, "text": n.text})).collect();
        let measure = match &table.measure {
            Measure::Records => "records",
            Measure::Persons => "persons",
            Measure::Sum { .. } => "sum",
        };
        all.push(json!({
            "type": "table", "table": table.id, "title": table.title, "scope": table.scope, "measure": measure,
            "notes": notes,
        }));
    }
    let used = |word: &str| tables.iter().any(|t| t.grid.iter().any(|p| p.status() == word));
    let statuses =
        STATUSES.iter().filter(|(word, _)| used(word)).map(|(word, text)| json!({"status": word, "text": text}));
    all.push(json!({"type": "statuses", "statuses": statuses.collect::<Vec<_>>()}));
    let key = legend_of(header, &(&vocabulary::GSS).into(), tables);
    all.push(json!({"type": "key", "texts": key.iter().map(|n| &n.text).collect::<Vec<_>>()}));
    all
}

/// Every category of a variable once, in the order met.
fn categories<'a>(axes: impl Iterator<Item = &'a ReleaseAxis>) -> Vec<Value> {
    let mut seen: Vec<&str> = Vec::new();
    let mut all = Vec::new();
    for entry in axes.flat_map(|a| &a.entries) {
        if !seen.contains(&entry.code.as_str()) {
            seen.push(&entry.code);
            all.push(json!({
                "code": entry.code, "label": entry.label, "level": entry.level, "total": entry.total, "note": entry.note,
            }));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::name;

    /// Names are as the standard allows them.
    #[test]
    fn names() {
        assert_eq!(
            ["age", "_x_y", "victim age", "Größe"].map(name),
            ["age", "%5Fx_y", "victim%20age", "Gr%C3%B6%C3%9Fe"]
        );
    }
}
