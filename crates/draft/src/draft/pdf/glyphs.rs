//! Every glyph of a PDF with its place, as the library tells it.

use pdf_extract::{ColorSpace, Document as Pdf, MediaBox, OutputDev, OutputError, Path, Transform, output_doc};

use crate::draft::Error;
use crate::draft::bounds::refuse;

/// Glyphs of a drafted answer.
const MOST_GLYPHS: usize = 1_000_000;

/// What stands for a letter that the font gives no text for.
pub(super) const UNKNOWN: &str = "\u{fffd}";

/// A glyph, or several that the font writes as one. Lengths are in points; `base` grows downwards.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Glyph {
    /// Left end.
    pub left: f64,
    /// Right end.
    pub right: f64,
    /// The line it stands on.
    pub base: f64,
    /// Size of the font.
    pub size: f64,
    /// What it says.
    pub text: String,
    /// Quarter turns of its line, against the clock; places are those of the page turned back.
    pub direction: usize,
    /// The text operation that showed it, counted from 0.
    pub shown_by: usize,
    /// A shape covers it.
    pub hidden: bool,
}

/// A point of the page turned back by quarter turns, with the second coordinate downwards.
pub(super) fn turned(x: f64, y: f64, direction: usize) -> (f64, f64) {
    match direction {
        0 => (x, -y),
        1 => (y, x),
        2 => (-x, y),
        _ => (-y, -x),
    }
}

/// The glyphs of all pages.
///
/// # Errors
/// Damaged, or too many.
pub(super) fn of(pdf: &Pdf) -> Result<Vec<Vec<Glyph>>, Error> {
    let mut collector = Collector::default();
    output_doc(pdf, &mut collector).map_err(|_| {
        if collector.count > MOST_GLYPHS {
            refuse(format!("shows more than {MOST_GLYPHS} letters"), "this is no drafted answer")
        } else {
            refuse(
                "is a damaged PDF: a page can't be read",
                "print it to a PDF anew, or check the file it was made from",
            )
        }
    })?;
    Ok(collector.pages)
}

#[derive(Default)]
struct Collector {
    pages: Vec<Vec<Glyph>>,
    count: usize,
    shown: usize,
}

impl OutputDev for Collector {
    fn begin_page(&mut self, _: u32, _: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        self.pages.push(Vec::new());
        self.shown = 0;
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        at: &Transform,
        width: f64,
        _: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        self.count += 1;
        if self.count > MOST_GLYPHS {
            return Err(OutputError::FormatError(std::fmt::Error));
        }
        // a letter that the font gives no text for must not vanish from a figure
        let text = if text.is_empty() || text.chars().all(char::is_control) { UNKNOWN } else { text };
        let (along, up) = ((at.m11 * font_size, at.m12 * font_size), (at.m21 * font_size, at.m22 * font_size));
        let direction = match along {
            (x, y) if x.abs() >= y.abs() => {
                if x >= 0.0 {
                    0
                } else {
                    2
                }
            }
            (_, y) => {
                if y >= 0.0 {
                    1
                } else {
                    3
                }
            }
        };
        let (left, base) = turned(at.m31, at.m32, direction);
        let length = along.0.hypot(along.1) * width;
        let glyph = Glyph {
            left,
            right: left + length,
            base,
            size: up.0.hypot(up.1),
            text: text.to_owned(),
            direction,
            shown_by: self.shown.saturating_sub(1),
            hidden: false,
        };
        let sound = [glyph.left, glyph.right, glyph.base, glyph.size].iter().all(|n| n.is_finite() && n.abs() < 1e6);
        if let (true, Some(page)) = (sound, self.pages.last_mut()) {
            page.push(glyph);
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.shown += 1;
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn stroke(&mut self, _: &Transform, _: &ColorSpace, _: &[f64], _: &Path) -> Result<(), OutputError> {
        Ok(())
    }

    fn fill(&mut self, _: &Transform, _: &ColorSpace, _: &[f64], _: &Path) -> Result<(), OutputError> {
        Ok(())
    }
}
