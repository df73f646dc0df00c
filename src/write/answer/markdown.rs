//! The answer as Markdown.

use std::io::{self, Write};

use super::{Part, missing, parts};
use crate::release::Release;
use crate::write::markdown::{column_heads, escape, list, note_items, paragraph, write_block};

/// Writes the answer.
pub(in crate::write) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    for (i, part) in parts(release).iter().enumerate() {
        // lists and tables bring their own blank line
        if i > 0 && !matches!(part, Part::Notes(_) | Part::Table(..)) {
            writeln!(out)?;
        }
        match part {
            Part::Draft(text) => writeln!(out, "**{}**", escape(text))?,
            Part::Title(text) => writeln!(out, "# {}", escape(text))?,
            Part::Heading(depth, text) => writeln!(out, "{} {}", "#".repeat(depth + 1), escape(text))?,
            Part::Paragraph(text) => writeln!(out, "{}", paragraph(text))?,
            Part::Quote(text) => writeln!(out, "> {}", paragraph(text))?,
            Part::Missing(what) => writeln!(out, "**{}**", escape(&missing(what)))?,
            Part::Table(_, block) => write_block(block, column_heads(block), out)?,
            Part::Notes(notes) => list(out, note_items(notes))?,
            Part::Signature(lines) => {
                for line in lines {
                    writeln!(out, "{}: {}\\", escape(line), "\\_".repeat(24))?;
                }
            }
        }
    }
    Ok(())
}
