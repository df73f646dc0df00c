//! The answer as plain text.

use std::io::{self, Write};

use super::{Part, missing, parts};
use crate::release::Release;
use crate::write::text::{fill, grid, note_lines};

/// Writes the answer.
pub(in crate::write) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    for (i, part) in parts(release).iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        lines(part).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    Ok(())
}

fn lines(part: &Part) -> Vec<String> {
    let underlined = |text: &str, sign: &str| {
        let mut lines = fill("", text);
        let width = lines.iter().map(|l| l.chars().count()).max().unwrap_or(0);
        lines.push(sign.repeat(width));
        lines
    };
    match part {
        Part::Draft(text) => fill("", text),
        Part::Title(text) => underlined(text, "="),
        Part::Heading(1, text) => underlined(text, "-"),
        Part::Heading(_, text) | Part::Paragraph(text) => fill("", text),
        Part::Quote(text) => fill("    ", text),
        Part::Missing(what) => fill("", &missing(what)),
        Part::Table(caption, block) => {
            let table = grid(block, None, false);
            caption.iter().cloned().chain(table.lines().map(str::to_owned)).collect()
        }
        Part::Notes(notes) => note_lines(notes),
        Part::Signature(lines) => lines.iter().map(|line| format!("{line}: ________________________")).collect(),
    }
}
