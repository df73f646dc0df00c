//! Markdown: a pipe table per block, with one header row as the format demands.

use std::io::{self, Write};

use super::layout::{self, Block};
use super::legend::{self, Note};
use crate::model::Role;
use crate::release::Release;

/// Writes a release as Markdown.
pub(super) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    let header = release.header();
    writeln!(out, "# {}", escape(&header.title))?;
    list(out, legend::preamble(release).iter().map(|line| escape(line)))?;
    for table in release.tables() {
        writeln!(out, "\n## {}", escape(&layout::title(table)))?;
        let across: Vec<String> =
            table.axes.iter().filter(|a| a.role == Role::Column).map(|a| escape(&a.label)).collect();
        if !across.is_empty() {
            writeln!(out, "\nAcross: {}", across.join(", then "))?;
        }
        for block in layout::blocks(table, &header.markers) {
            write_block(&block, column_heads(&block), out)?;
        }
        list(out, note_items(&legend::notes(table)))?;
    }
    let legend = legend::legend(release);
    if !legend.is_empty() {
        writeln!(out, "\n## Signs")?;
        list(out, note_items(&legend))?;
    }
    for statement in header.notes.iter().chain(&header.closing) {
        writeln!(out, "\n{}", paragraph(statement))?;
    }
    writeln!(out, "\n{}", paragraph(&legend::colophon(release)))
}

pub(super) fn list(out: &mut dyn Write, items: impl Iterator<Item = String>) -> io::Result<()> {
    items.enumerate().try_for_each(|(i, item)| writeln!(out, "{}- {item}", if i == 0 { "\n" } else { "" }))
}

pub(super) fn note_items(notes: &[Note]) -> impl Iterator<Item = String> {
    notes.iter().map(|n| match n.mark.as_str() {
        "" => escape(&n.text),
        // A bare `-` at the start of an item would open another list.
        mark => format!("**{}** {}", escape(mark), escape(&n.text)),
    })
}

pub(super) fn write_block(block: &Block, heads: Vec<String>, out: &mut dyn Write) -> io::Result<()> {
    if let Some(caption) = &block.caption {
        writeln!(out, "\n### {}", escape(caption))?;
    }
    let rule: Vec<&str> = (0..heads.len()).map(|c| if c < block.labels { "---" } else { "---:" }).collect();
    writeln!(out, "\n| {} |\n| {} |", heads.join(" | "), rule.join(" | "))?;
    for row in &block.body {
        // Blanks at the start of a field are lost in Markdown; these stay.
        let field = |t: &layout::Text| format!("{}{}", "\u{2003}".repeat(t.indent), escape(&t.text));
        writeln!(out, "| {} |", row.iter().map(field).collect::<Vec<_>>().join(" | "))?;
    }
    Ok(())
}

/// One heading per column, with nothing in it that is a Markdown sign.
pub(super) fn column_heads(block: &Block) -> Vec<String> {
    block.heads().iter().map(|text| escape(text)).collect()
}

/// A text in which nothing is a Markdown sign.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in layout::clean(text).chars() {
        if "\\`*_[]<>|~^#&".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// The same at the start of a line, where a few more signs count.
pub(super) fn paragraph(text: &str) -> String {
    let text = escape(text.trim());
    if text.starts_with(['-', '+', '=']) { format!("\\{text}") } else { text }
}
