//! `tabsafe init`: a commented release.toml for a data file.
//!
//! Lines of TOML are switched off by `# `, so that nothing is used that nobody chose; remarks begin with `## `.

mod suggest;
#[cfg(test)]
mod tests;

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use tabsafe::diag::{reason, visible_json};
use tabsafe::read::{self, Column, Profile};
use tabsafe::spec::ColumnType;

use super::args::InitArgs;
use super::exit;
use super::fault::Fault;
use super::input::{Data, is_dash};
use super::session::Session;
use suggest::{Suggestion, suggest};

/// Runs the command.
pub fn run(args: &InitArgs, session: &Session) -> Result<u8, Fault> {
    let out = args.out.as_deref().filter(|path| !is_dash(path));
    if let Some(path) = out.filter(|path| path.exists()) {
        return Err(Fault::usage(format!("{} is there already", path.display()))
            .help("name another file, or move that one away: a specification is not replaced"));
    }
    let input = Data::open(&args.data, session)?;
    let text = specification(&input, &args.data, out).map_err(|fault| input.named(fault))?;
    match out {
        // an escape of JSON is one of TOML as well
        None => session.put(visible_json(&text).as_bytes())?,
        Some(path) => {
            write_new(path, &text)?;
            let place = path.display();
            session
                .say(&format!("{place}: fill in the title, switch on what you need, then: tabsafe release {place}\n"));
        }
    }
    Ok(exit::SAFE)
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, text: &str) -> Result<(), Fault> {
    let fault = |e: std::io::Error| match e.kind() {
        ErrorKind::AlreadyExists => Fault::usage(format!("{} is there already", path.display())),
        _ => Fault::usage(format!("cannot write {}: {}", path.display(), reason(&e))),
    };
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(fault)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|e| {
        let _ = std::fs::remove_file(path);
        fault(e)
    })
}

/// A column with what is suggested for it.
struct Described<'a> {
    column: &'a Column,
    profile: Profile,
    suggestion: Suggestion,
}

/// The whole specification of the data.
fn specification(input: &Data, data: &Path, out: Option<&Path>) -> Result<String, Fault> {
    let records = read::describe(&[input.path().to_owned()])?;
    let mut described = Vec::new();
    for column in &records.columns {
        let profile = read::profile(&records, column)?;
        let suggestion = suggest(column, &profile, records.rows);
        described.push(Described { column, profile, suggestion });
    }
    let file = if is_dash(data) { String::new() } else { beside(data, out).display().to_string() };
    let mut text = head(&file, records.rows, &described);
    described.iter().for_each(|d| text.push_str(&section(d)));
    text.push_str(&table(&described));
    Ok(text)
}

/// The path of the data as the specification, whose folder it is relative to, must name it.
fn beside(data: &Path, out: Option<&Path>) -> PathBuf {
    let folder = out.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        None => data.to_owned(),
        Some(folder) => match data.strip_prefix(folder) {
            Ok(inside) => inside.to_owned(),
            Err(_) => std::path::absolute(data).unwrap_or_else(|_| data.to_owned()),
        },
    }
}

fn head(file: &str, rows: u64, described: &[Described]) -> String {
    let person = described.iter().find(|d| suggest::names_a_person(&d.column.name)).map(|d| d.column.name.as_str());
    let (person, remark) = match person {
        Some(name) => (name, ""),
        None => ("COLUMN", "   # put its name here"),
    };
    let stdin = if file.is_empty() { "   # the data came from standard input: name their file" } else { "" };
    format!(
        "## A release from {rows} records. Lines that begin with \"## \" are remarks. Lines that begin with \"# \" are\n\
         ## switched off: take away these two signs to use them.\n\
         ## 1. Write a title.  2. Say whom the records are about.  3. Switch on the variables that you need.\n\
         ## 4. Switch on a table, or write your own.  5. tabsafe release THIS_FILE --out FOLDER\n\
         ## Every key: docs/reference/release-toml.md\n\n\
         title = \"\"\n\
         ## Which cells are unsafe, and what is done about them: `tabsafe policy list`\n\
         policy = \"police-foi\"\n\n\
         [input]\n\
         file = {}{stdin}\n\
         ## What a record is, in the singular.\n\
         unit = \"record\"\n\
         ## The column that says whose record it is: ten records about one person count as one person.\n\
         # person = {}{remark}\n\
         ## Which records the release is about, in SQL: columns in double quotes, texts in single quotes.\n\
         # where = \"\"\"...\"\"\"\n",
        quoted(file),
        quoted(person),
    )
}

/// A section for a column, switched off.
fn section(d: &Described) -> String {
    let name = &d.column.name;
    let mut text = format!("\n## {}: {}", remark(name), kind(d.column.kind));
    if d.profile.missing > 0 {
        text.push_str(&format!(", {} missing", d.profile.missing));
    }
    text.push_str(&format!(". {}\n", d.suggestion.remark));
    if !d.suggestion.usable {
        return text;
    }
    text.push_str(&format!("# [variables.{}]\n", quoted(name)));
    if !d.suggestion.sql {
        text.push_str(&format!("# column = {}\n", quoted(name)));
    }
    d.suggestion.lines.iter().for_each(|line| text.push_str(&format!("# {line}\n")));
    text.push_str(match d.profile.missing {
        0 => "# missing = \"error\"\n",
        _ => "# missing = { category = \"Not Recorded\" }\n",
    });
    text
}

/// A table over the two likeliest variables.
fn table(described: &[Described]) -> String {
    let mut best: Vec<&Described> = described.iter().filter(|d| d.suggestion.usable).collect();
    best.sort_by_key(|d| std::cmp::Reverse(d.suggestion.rank));
    let mut text =
        "\n## A table. Each variable that it names must be switched on above.\n# [[tables]]\n# title = \"TABLE 1\"\n"
            .to_owned();
    let name = |d: &&Described| quoted(&d.column.name);
    let rows = best.first().copied();
    text.push_str(&format!("# rows = [{}]\n", rows.as_ref().map_or_else(|| quoted("VARIABLE"), name)));
    // a code and its title would make a table of a diagonal
    let other = |d: &&&Described| rows.is_some_and(|rows| !suggest::akin(&rows.column.name, &d.column.name));
    if let Some(columns) = best.iter().skip(1).find(other) {
        text.push_str(&format!("# columns = [{}]\n", name(columns)));
    }
    text
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

/// A name that can't end a comment line.
fn remark(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
