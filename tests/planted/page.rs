//! A drafted answer as lines and tables, and as it is typed in several formats.

use std::fmt::Write as _;

use super::{columns, docx, odf, pdf, pptx, web, xlsx};

/// A piece of a draft.
pub enum Part {
    /// A line of text.
    Line(String),
    /// A table: its header, its rows.
    Table(Vec<String>, Vec<Vec<String>>),
}

/// A drafted answer.
#[derive(Default)]
pub struct Page {
    /// What it shows.
    pub parts: Vec<Part>,
    /// What its file holds elsewhere.
    pub held: Option<Held>,
}

/// What a file holds in a place that is not its tables and lines.
pub struct Held {
    /// The place.
    pub place: &'static str,
    /// It gives a withheld figure away.
    pub leak: bool,
    /// What is written there.
    pub text: String,
    /// The withheld figure, for places that hold numbers.
    pub number: i64,
    /// Its row among those of the table, and its column.
    pub at: (usize, usize),
}

/// The formats that it is typed in, by their extensions.
pub const FORMATS: [&str; 10] = ["txt", "csv", "md", "html", "xlsx", "ods", "docx", "odt", "pdf", "pptx"];

impl Page {
    /// With a line of text behind what is there.
    pub fn line(mut self, text: impl Into<String>) -> Page {
        self.parts.push(Part::Line(text.into()));
        self
    }

    /// With a table behind what is there.
    pub fn table(mut self, head: &[&str], rows: Vec<Vec<String>>) -> Page {
        self.parts.push(Part::Table(head.iter().map(|&h| h.to_owned()).collect(), rows));
        self
    }

    /// As a file of this format.
    pub fn typed(&self, format: &str) -> Vec<u8> {
        match format {
            "xlsx" => xlsx::typed(self),
            "ods" => odf::spreadsheet(self),
            "odt" => odf::text(self),
            "docx" => docx::typed(self),
            "pdf" => pdf::typed(self),
            "pptx" => pptx::typed(self),
            "arrows" => columns::stream(self),
            "arrow" => columns::arrow(self),
            "parquet" => columns::parquet(self),
            "html" if self.held.is_some() => web::typed(self),
            _ if self.held.is_some() => web::plain(self, format),
            _ => self.text(format).into_bytes(),
        }
    }

    /// What stands in the cells and lines, row by row; a blank row behind every line and table.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for part in &self.parts {
            match part {
                Part::Line(text) => rows.push(vec![text.clone()]),
                Part::Table(head, body) => rows.extend([head.clone()].into_iter().chain(body.iter().cloned())),
            }
            rows.push(Vec::new());
        }
        rows
    }

    /// What its file holds elsewhere, if that is in this place.
    pub fn holds(&self, place: &str) -> Option<&Held> {
        self.held.as_ref().filter(|h| h.place == place)
    }

    /// As a text of this format.
    pub fn text(&self, format: &str) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match (part, format) {
                (Part::Line(text), "html") => writeln!(out, "<p>{}</p>", escaped(text)),
                (Part::Line(text), "csv") => writeln!(out, "{}\n", quoted(text)),
                (Part::Line(text), _) => writeln!(out, "{text}\n"),
                (Part::Table(head, rows), "html") => writeln!(out, "{}", html(head, rows)),
                (Part::Table(head, rows), "csv") => writeln!(out, "{}", csv(head, rows)),
                (Part::Table(head, rows), "md") => writeln!(out, "{}", markdown(head, rows)),
                (Part::Table(head, rows), _) => writeln!(out, "{}", aligned(head, rows)),
            }
            .expect("a string grows");
        }
        out
    }
}

/// A text within markup.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

fn html(head: &[String], rows: &[Vec<String>]) -> String {
    let cells = |tag: &str, row: &[String]| -> String {
        row.iter().map(|c| format!("<{tag}>{}</{tag}>", escaped(c))).collect::<String>()
    };
    let body: String = rows.iter().map(|r| format!("<tr>{}</tr>\n", cells("td", r))).collect();
    format!("<table>\n<tr>{}</tr>\n{body}</table>", cells("th", head))
}

fn csv(head: &[String], rows: &[Vec<String>]) -> String {
    let line = |row: &[String]| row.iter().map(|c| quoted(c)).collect::<Vec<_>>().join(",") + "\n";
    line(head) + &rows.iter().map(|r| line(r)).collect::<String>()
}

fn markdown(head: &[String], rows: &[Vec<String>]) -> String {
    let line =
        |row: &[String]| format!("| {} |\n", row.iter().map(|c| c.replace('*', "\\*")).collect::<Vec<_>>().join(" | "));
    let rule = format!("|{}\n", "---|".repeat(head.len()));
    line(head) + &rule + &rows.iter().map(|r| line(r)).collect::<String>()
}

fn aligned(head: &[String], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = (0..head.len())
        .map(|c| {
            rows.iter().chain([&head.to_vec()]).filter_map(|r| r.get(c)).map(|t| t.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let line = |row: &[String]| {
        let cells = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(c, (text, &w))| if c == 0 { format!("{text:<w$}") } else { format!("{text:>w$}") });
        cells.collect::<Vec<_>>().join("   ").trim_end().to_owned() + "\n"
    };
    line(head) + &rows.iter().map(|r| line(r)).collect::<String>()
}
