//! How text is painted: white on white, clipped away, or outside the page. A reader does not see it, and can copy it.

use pdf_extract::content::Operation;
use pdf_extract::{Document as Pdf, Object, ObjectId};

use super::drawn::Drawn;
use super::glyphs::{Glyph, turned};

/// How far text may reach out of an area, in points.
const OVER: f64 = 2.0;

/// Two corners of an area.
type Area = [(f64, f64); 2];

/// What holds for text and shapes.
#[derive(Clone, Debug, Default)]
pub(super) struct Paint {
    /// How letters are rendered; 3 and 7 not at all.
    pub mode: i64,
    /// What is filled is white.
    pub white: bool,
    /// Where painting is confined to.
    pub clip: Option<Area>,
    /// The colour space is one of grey.
    grey: bool,
}

impl Paint {
    /// Takes an operation that changes colour or rendering.
    pub(super) fn take(&mut self, operation: &Operation) {
        let n: Vec<f64> = operation.operands.iter().filter_map(|o| o.as_float().ok()).map(f64::from).collect();
        let full = |n: &[f64]| !n.is_empty() && n.iter().all(|v| *v >= 0.999);
        match operation.operator.as_str() {
            "Tr" => self.mode = n.first().map_or(0, |m| *m as i64),
            "g" | "rg" => self.white = full(&n),
            "k" => self.white = n.len() == 4 && n.iter().all(|v| *v <= 0.001),
            "cs" => {
                let name = operation.operands.first().and_then(|o| o.as_name().ok()).unwrap_or_default();
                (self.grey, self.white) = (matches!(name, b"DeviceGray" | b"CalGray" | b"G"), false);
            }
            "sc" | "scn" => {
                self.white = match n.len() {
                    1 => self.grey && full(&n),
                    3 => full(&n),
                    4 => n.iter().all(|v| *v <= 0.001),
                    _ => false,
                };
            }
            _ => {}
        }
    }

    /// Confines what follows to an area.
    pub(super) fn clip_to(&mut self, area: Area) {
        let [(a, b), (c, d)] = area;
        let (left, right, low, high) = (a.min(c), a.max(c), b.min(d), b.max(d));
        self.clip = Some(match self.clip {
            None => [(left, low), (right, high)],
            Some([(l, b), (r, t)]) => [(left.max(l), low.max(b)), (right.min(r), high.min(t))],
        });
    }
}

/// How a run of text is painted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Look {
    /// In white.
    pub white: bool,
    /// Where it is confined to.
    pub clip: Option<Area>,
}

/// How the text of a page is painted, from which text operation on.
#[derive(Debug, Default)]
pub(super) struct Looks(Vec<(usize, Look)>);

impl Looks {
    /// Says how text is painted from an operation on.
    pub(super) fn put(&mut self, from: usize, look: Look) {
        if self.0.last().map(|l| l.1) != Some(look) {
            self.0.push((from, look));
        }
    }

    fn of(&self, operation: usize) -> Look {
        let at = self.0.partition_point(|(from, _)| *from <= operation);
        at.checked_sub(1).and_then(|i| self.0.get(i)).map(|l| l.1).unwrap_or_default()
    }
}

/// Marks the glyphs that nobody sees for how or where they are painted; says of what kinds there are any.
pub(super) fn unseen(pdf: &Pdf, page: ObjectId, drawn: &Drawn, glyphs: &mut [Glyph]) -> Vec<&'static str> {
    let edge = edge(pdf, page);
    let (mut outside, mut white) = (false, false);
    for glyph in glyphs.iter_mut().filter(|g| !g.text.trim().is_empty()) {
        let look = drawn.looks.of(glyph.shown_by);
        let at = middle(glyph);
        let beyond = |area: Area| {
            let [(left, low), (right, high)] = area;
            at.0 < left - OVER || at.0 > right + OVER || at.1 < low - OVER || at.1 > high + OVER
        };
        if edge.is_some_and(beyond) || look.clip.is_some_and(beyond) {
            (outside, glyph.hidden) = (true, true);
        } else if look.white && !drawn.pictures && !drawn.shaded && !on_colour(drawn, glyph) {
            (white, glyph.hidden) = (true, true);
        }
    }
    let kinds = [
        (outside, "text outside of what the page shows: it can still be copied"),
        (white, "white text, which only a copy of the file shows"),
    ];
    kinds.into_iter().filter(|k| k.0).map(|k| k.1).collect()
}

/// The middle of a glyph as the page counts its places.
fn middle(glyph: &Glyph) -> (f64, f64) {
    let (across, base) = ((glyph.left + glyph.right) / 2.0, glyph.base - glyph.size * 0.3);
    match glyph.direction {
        0 => (across, -base),
        1 => (base, across),
        2 => (-across, base),
        _ => (-base, -across),
    }
}

/// Whether a shape of another colour than white was painted below a glyph, and no white one over that.
fn on_colour(drawn: &Drawn, glyph: &Glyph) -> bool {
    let (x, y) = turned_back(glyph);
    let mut below = drawn.shapes().iter().filter(|s| s.after <= glyph.shown_by).filter(|s| {
        let [(a, b), (c, d)] = s.corners.map(|(x, y)| turned(x, y, glyph.direction));
        (a.min(c)..=a.max(c)).contains(&x) && (b.min(d)..=b.max(d)).contains(&y)
    });
    below.next_back().is_some_and(|s| !s.white)
}

/// The middle of a glyph as its line counts its places.
fn turned_back(glyph: &Glyph) -> (f64, f64) {
    ((glyph.left + glyph.right) / 2.0, glyph.base - glyph.size * 0.3)
}

/// What a page shows of its area: the crop box, else the media box.
fn edge(pdf: &Pdf, page: ObjectId) -> Option<Area> {
    let own = |key: &[u8]| -> Option<Area> {
        let mut node = pdf.get_dictionary(page).ok()?;
        for _ in 0..64 {
            if let Ok(list) = node.get_deref(key, pdf).and_then(Object::as_array) {
                let n: Vec<f64> = list
                    .iter()
                    .filter_map(|o| pdf.dereference(o).ok().and_then(|(_, o)| o.as_float().ok()))
                    .map(f64::from)
                    .collect();
                let [a, b, c, d] = n.as_slice() else { return None };
                return Some([(a.min(*c), b.min(*d)), (a.max(*c), b.max(*d))]);
            }
            node = node.get(b"Parent").and_then(Object::as_reference).and_then(|id| pdf.get_dictionary(id)).ok()?;
        }
        None
    };
    let mut all = Paint::default();
    for area in [own(b"MediaBox"), own(b"CropBox")].into_iter().flatten() {
        all.clip_to(area);
    }
    all.clip
}
