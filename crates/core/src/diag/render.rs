//! Shows faults with the lines of the file they point at.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

use super::{Diagnostics, Fault};

/// How faults are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// One line per fault.
    Plain,
    /// With the lines of the file, drawn for a terminal.
    Graphical {
        /// Whether colours are used.
        color: bool,
        /// Columns of the terminal.
        width: usize,
    },
}

impl Diagnostics {
    /// The faults as text, in the order they are held.
    pub fn render(&self, look: Look) -> String {
        let Look::Graphical { color, width } = look else { return self.to_string() };
        let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(width.max(40)).with_links(false);
        let source = NamedSource::new(&self.name, self.text.clone());
        let mut out = String::new();
        for fault in &self.faults {
            let shown = Shown { fault, source: &source, text: &self.text, place: self.place(fault) };
            if handler.render_report(&mut out, &shown).is_err() {
                // A span that the renderer can't show must not hide the fault itself.
                return self.to_string();
            }
        }
        out
    }
}

/// One fault in the renderer's terms.
#[derive(Debug)]
struct Shown<'a> {
    fault: &'a Fault,
    source: &'a NamedSource<String>,
    text: &'a str,
    place: String,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The drawing names the place itself; without one the file must be named here.
        if self.fault.span.is_none() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.fault.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.fault.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display + 'a>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.fault.span.as_ref().map(|_| self.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.fault.span.as_ref()?;
        let start = span.start.min(self.text.len());
        let rest = self.text.get(start..)?;
        // A whole table is marked by its first line only.
        let line = rest.find('\n').unwrap_or(rest.len());
        let length = span.end.saturating_sub(span.start).min(line);
        Some(Box::new(std::iter::once(LabeledSpan::new(None, start, length))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The drawing holds the file's name and line, the source and the help; plain is the plain form.
    #[test]
    fn drawn() {
        let mut all = Diagnostics::new("release.toml", "title = \"x\"\nlable = 2\n");
        all.push(Fault::at(12..17, "unknown key `lable`").allowed("lable", &["label"]));
        all.push(Fault::new("no table"));
        let drawn = all.render(Look::Graphical { color: false, width: 80 });
        for part in ["unknown key `lable`", "release.toml:2:1", "lable = 2", "did you mean `label`?"] {
            assert!(drawn.contains(part), "{part} is not in\n{drawn}");
        }
        assert!(drawn.contains("release.toml: no table"), "{drawn}");
        assert_eq!(all.render(Look::Plain), all.to_string());
    }
}
