//! `tabsafe init`: a commented release.toml for a data file.

use std::path::Path;

use tabsafe::read::{self, Column};
use tabsafe::spec::ColumnType;

use super::exit;
use super::fault::Fault;
use super::session::Session;

/// Runs the command.
pub fn run(data: &Path, session: &Session) -> Result<u8, Fault> {
    let records = read::describe(&[data.to_owned()])?;
    let mut text = format!(
        "# {} records. Say who is to be protected, name the variables, list the tables; then:\n#   tabsafe release release.toml --out out\n\ntitle = \"\"\npolicy = \"police-foi\"      # tabsafe policy list\n\n[input]\nfile = {}\nunit = \"record\"\n# person = \"COLUMN\"         # the column that says whose record it is\n# where = \"SQL expression\"  # which records the release is about\n",
        records.rows,
        quoted(&data.display().to_string()),
    );
    for column in &records.columns {
        text.push_str(&section(column));
    }
    text.push_str("\n[[tables]]\ntitle = \"TABLE 1\"\nrows = [\"VARIABLE\"]\n# columns = [\"VARIABLE\"]\n");
    session.say(&text);
    Ok(exit::SAFE)
}

/// A section for a column, commented out: nothing is used that nobody chose.
fn section(column: &Column) -> String {
    let name = &column.name;
    let head =
        format!("\n# {} ({})\n# [variables.{}]\n# column = {}\n", name, kind(column.kind), quoted(name), quoted(name));
    let classes = match column.kind {
        ColumnType::Integer | ColumnType::Decimal => {
            "# bands = [{ label = \"Under 10\", to = 9 }, { label = \"10 and over\", from = 10 }]   # adapt\n"
        }
        ColumnType::Text | ColumnType::Date => {
            "# categories = [{ code = \"A\" }, { code = \"B\" }]   # without it, every value found\n"
        }
    };
    let missing = match column.survey.as_ref().map(|s| s.missing) {
        Some(0) => "# missing = \"error\"   # no value is missing now\n".to_owned(),
        Some(n) => format!("# missing = {{ category = \"Not Recorded\" }}   # {n} values are missing\n"),
        None => "# missing = \"error\"\n".to_owned(),
    };
    format!("{head}{classes}{missing}")
}

fn kind(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "text",
        ColumnType::Integer => "whole numbers",
        ColumnType::Decimal => "decimal numbers",
        ColumnType::Date => "dates",
    }
}

/// A string as TOML writes it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
