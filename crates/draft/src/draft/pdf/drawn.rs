//! What a page draws beside text: lines that rule tables, shapes that cover text, pictures; and how its text is shown.
//!
//! The walk follows forms within forms as the library will, so that a file that would never end is refused here.

use pdf_extract::content::{Content, Operation};
use pdf_extract::{Dictionary, Document as Pdf, Object, ObjectId, Stream};

use super::glyphs::{Glyph, turned};
use super::instead::Instead;
use super::paint::{Look, Looks, Paint};
use super::ruled::{Ruling, Rulings};
use crate::draft::Error;
use crate::draft::bounds::refuse;

/// Bytes of what draws a page.
const MOST_CONTENT: usize = 2 << 20;
/// Operations of a page, those of forms counted each time they are drawn.
const MOST_OPERATIONS: usize = 1_000_000;
/// Forms within each other.
const MOST_FORMS: usize = 12;
/// States that a page may put aside.
const MOST_STATES: usize = 512;
/// Shapes of a page times its glyphs.
const MOST_COVERED: usize = 200_000_000;
/// Thickness of a line, in points; what is thicker is a shape.
const THICK: f64 = 3.0;
/// What to do about such a file.
const ANEW: &str = "print it to a PDF anew, or check the file it was made from";

/// A matrix as PDF writes it.
type Matrix = [f64; 6];
const UNIT: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn multiplied(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

fn moved((x, y): (f64, f64), m: Matrix) -> (f64, f64) {
    (x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5])
}

/// A filled rectangle, and how many text operations came before it.
#[derive(Debug)]
pub(super) struct Shape {
    /// Two corners that lie opposite each other.
    pub corners: [(f64, f64); 2],
    /// Text operations before it.
    pub after: usize,
    /// It is white.
    pub white: bool,
    /// It is no rectangle, and its corners those of a frame around it: it covers nothing for certain.
    pub framed: bool,
}

/// What a page draws beside text.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    lines: Vec<[(f64, f64); 2]>,
    shapes: Vec<Shape>,
    /// It shows a picture.
    pub pictures: bool,
    /// It shows text that nobody sees.
    pub invisible: bool,
    /// How text is painted, in the order of its operations.
    pub looks: Looks,
    /// Texts that stand in place of what is painted.
    pub instead: Instead,
    /// It is shaded in ways that are not followed.
    pub shaded: bool,
    shown: usize,
    operations: usize,
}

/// A path that is being drawn.
#[derive(Default)]
struct Path {
    lines: Vec<[(f64, f64); 2]>,
    rectangles: Vec<[(f64, f64); 2]>,
    curves: Vec<(f64, f64)>,
    start: (f64, f64),
    at: (f64, f64),
    clips: bool,
}

impl Drawn {
    /// What a page draws.
    ///
    /// # Errors
    /// Too much, forms in a circle, or text shown in a way the library skips.
    pub(super) fn of(pdf: &Pdf, page: ObjectId) -> Result<Drawn, Error> {
        let damaged = |_| refuse("is a damaged PDF: a page can't be read", ANEW);
        let content = pdf.get_page_content(page).map_err(damaged)?;
        let none = Dictionary::new();
        let resources = inherited(pdf, page).unwrap_or(&none);
        let mut drawn = Drawn::default();
        drawn.walk(pdf, &content, resources, UNIT, 0)?;
        Ok(drawn)
    }

    fn walk(
        &mut self,
        pdf: &Pdf,
        content: &[u8],
        resources: &Dictionary,
        base: Matrix,
        depth: usize,
    ) -> Result<(), Error> {
        if content.len() > MOST_CONTENT || depth > MOST_FORMS {
            return Err(refuse("draws too much on a page, or forms within forms without end", ANEW));
        }
        let content = Content::decode(content).map_err(|_| refuse("is a damaged PDF: a page can't be read", ANEW))?;
        let (mut states, mut state, mut path) = (Vec::new(), base, Path::default());
        let mut paint = Paint::default();
        for operation in &content.operations {
            self.operations += 1;
            if self.operations > MOST_OPERATIONS || states.len() > MOST_STATES {
                return Err(refuse("draws too much on a page", ANEW));
            }
            self.instead.take(operation);
            match operation.operator.as_str() {
                "q" => states.push((state, paint.clone())),
                "Q" => (state, paint) = states.pop().unwrap_or((state, paint)),
                "cm" => {
                    if let Some(m) = matrix(&operation.operands) {
                        state = multiplied(m, state);
                    }
                }
                "Tj" | "'" | "\"" => self.text(1, &paint, depth),
                "TJ" => {
                    let list = operation.operands.first().and_then(|o| o.as_array().ok());
                    let strings = list.map_or(0, |l| l.iter().filter(|o| matches!(o, Object::String(..))).count());
                    self.text(strings, &paint, depth);
                }
                "sh" => self.shaded = true,
                "BI" => self.pictures = true,
                "BDC" => self.instead.begin(pdf, operation, resources),
                "EMC" => self.instead.end(),
                "Do" => self.external(pdf, operation, resources, state, depth)?,
                _ => {
                    paint.take(operation);
                    self.draw(operation, state, &mut path, &mut paint);
                }
            }
        }
        Ok(())
    }

    fn text(&mut self, strings: usize, paint: &Paint, depth: usize) {
        // the library reads forms without the clipping around them
        let clip = paint.clip.filter(|_| depth == 0);
        self.looks.put(self.shown, Look { white: paint.white, clip });
        self.shown += strings;
        self.invisible |= strings > 0 && matches!(paint.mode, 3 | 7);
    }

    /// A picture, or a form, which draws like a page.
    fn external(
        &mut self,
        pdf: &Pdf,
        operation: &Operation,
        resources: &Dictionary,
        state: Matrix,
        depth: usize,
    ) -> Result<(), Error> {
        let Some(form) = form_of(pdf, operation, resources) else { return Ok(()) };
        if form.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|n| n == b"Image") {
            self.pictures = true;
            return Ok(());
        }
        let content = form.get_plain_content().unwrap_or_else(|_| form.content.clone());
        let own = form.dict.get_deref(b"Resources", pdf).and_then(Object::as_dict).ok();
        // the library leaves a form's own matrix aside, so its text stands where the lines are drawn without it too
        self.walk(pdf, &content, own.unwrap_or(resources), state, depth + 1)
    }

    fn draw(&mut self, operation: &Operation, state: Matrix, path: &mut Path, paint: &mut Paint) {
        let n = numbers(operation);
        match (operation.operator.as_str(), n.as_slice()) {
            ("m", [x, y, ..]) => {
                path.at = moved((*x, *y), state);
                path.start = path.at;
            }
            ("l", [x, y, ..]) => {
                let to = moved((*x, *y), state);
                path.lines.push([path.at, to]);
                path.at = to;
            }
            ("re", [x, y, w, h, ..]) => {
                path.rectangles.push([moved((*x, *y), state), moved((x + w, y + h), state)]);
            }
            ("h", _) => {
                path.lines.push([path.at, path.start]);
                path.at = path.start;
            }
            ("c" | "v" | "y", points) => {
                let points = points.chunks_exact(2).filter_map(|p| Some(moved((*p.first()?, *p.get(1)?), state)));
                path.curves.extend(points);
                path.at = path.curves.last().copied().unwrap_or(path.at);
            }
            ("W" | "W*", _) => path.clips = true,
            ("S" | "s", _) => self.stroke(std::mem::take(path)),
            ("f" | "F" | "f*", _) => self.fill(std::mem::take(path), paint.white),
            ("B" | "B*" | "b" | "b*", _) => {
                let path = std::mem::take(path);
                let copy = Path { lines: Vec::new(), rectangles: path.rectangles.clone(), ..Path::default() };
                self.fill(copy, paint.white);
                self.stroke(path);
            }
            ("n", _) => {
                let ended = std::mem::take(path);
                if let (true, [area], true) = (ended.clips, ended.rectangles.as_slice(), ended.lines.is_empty()) {
                    paint.clip_to(*area);
                }
            }
            _ => {}
        }
    }

    fn stroke(&mut self, path: Path) {
        self.lines.extend(path.lines);
        for [(x, y), (u, v)] in path.rectangles {
            self.lines.extend([[(x, y), (u, y)], [(u, y), (u, v)], [(u, v), (x, v)], [(x, v), (x, y)]]);
        }
    }

    fn fill(&mut self, path: Path, white: bool) {
        // four lines that close are a rectangle written out
        let outline = (path.lines.len() >= 3).then(|| {
            let ends = || path.lines.iter().flatten();
            let least = |f: fn(&(f64, f64)) -> f64| ends().map(f).fold(f64::INFINITY, f64::min);
            let most = |f: fn(&(f64, f64)) -> f64| ends().map(f).fold(f64::NEG_INFINITY, f64::max);
            [(least(|p| p.0), least(|p| p.1)), (most(|p| p.0), most(|p| p.1))]
        });
        let straight = path.lines.len() <= 5 && path.curves.is_empty();
        let boxes = outline.filter(|_| straight);
        if !straight {
            let points = || path.lines.iter().flatten().chain(&path.curves);
            let most = |f: fn(&(f64, f64)) -> f64| points().map(f).fold(f64::NEG_INFINITY, f64::max);
            let least = |f: fn(&(f64, f64)) -> f64| points().map(f).fold(f64::INFINITY, f64::min);
            let corners = [(least(|p| p.0), least(|p| p.1)), (most(|p| p.0), most(|p| p.1))];
            self.shapes.push(Shape { corners, after: self.shown, white, framed: true });
        }
        for [(x, y), (u, v)] in path.rectangles.into_iter().chain(boxes) {
            let (width, height) = ((u - x).abs(), (v - y).abs());
            let middle = ((x + u) / 2.0, (y + v) / 2.0);
            if height <= THICK && width > height {
                self.lines.push([(x, middle.1), (u, middle.1)]);
            } else if width <= THICK {
                self.lines.push([(middle.0, y), (middle.0, v)]);
            } else {
                let corners = [(x.min(u), y.min(v)), (x.max(u), y.max(v))];
                self.shapes.push(Shape { corners, after: self.shown, white, framed: false });
            }
        }
    }

    /// The filled shapes.
    pub(super) fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// Marks the glyphs that a shape drawn after them covers; whether there are any.
    ///
    /// # Errors
    /// Too many of both to be looked at.
    pub(super) fn cover(&self, glyphs: &mut [Glyph]) -> Result<bool, Error> {
        if self.shapes.len().saturating_mul(glyphs.len()) > MOST_COVERED {
            return Err(refuse("draws too many shapes among its text", ANEW));
        }
        let mut covered = false;
        for glyph in glyphs.iter_mut().filter(|g| !g.text.trim().is_empty()) {
            let inside = |shape: &Shape| {
                let [(x, y), (u, v)] = shape.corners.map(|(x, y)| turned(x, y, glyph.direction));
                let (left, right, top, bottom) = (x.min(u), x.max(u), y.min(v), y.max(v));
                let (across, base) = ((glyph.left + glyph.right) / 2.0, glyph.base - glyph.size * 0.3);
                !shape.framed
                    && shape.after > glyph.shown_by
                    && (left..=right).contains(&across)
                    && (top..=bottom).contains(&base)
            };
            let hidden = self.shapes.iter().any(inside);
            glyph.hidden |= hidden;
            covered |= hidden;
        }
        Ok(covered)
    }

    /// The lines along and across text that runs in a direction.
    pub(super) fn rulings(&self, direction: usize) -> Rulings {
        let mut rulings = Rulings::default();
        for line in &self.lines {
            let [(x, y), (u, v)] = line.map(|(x, y)| turned(x, y, direction));
            let (width, height) = ((u - x).abs(), (v - y).abs());
            if !(width.is_finite() && height.is_finite()) {
                continue;
            }
            if height <= 0.5 && width > 2.0 {
                rulings.across.push(Ruling { at: (y + v) / 2.0, from: x.min(u), to: x.max(u) });
            } else if width <= 0.5 && height > 2.0 {
                rulings.down.push(Ruling { at: (x + u) / 2.0, from: y.min(v), to: y.max(v) });
            }
        }
        rulings
    }
}

/// The resources of a page, its own or those of the tree above it.
fn inherited(pdf: &Pdf, page: ObjectId) -> Option<&Dictionary> {
    let mut node = pdf.get_dictionary(page).ok()?;
    for _ in 0..64 {
        if let Ok(resources) = node.get_deref(b"Resources", pdf).and_then(Object::as_dict) {
            return Some(resources);
        }
        node = node.get(b"Parent").and_then(Object::as_reference).and_then(|id| pdf.get_dictionary(id)).ok()?;
    }
    None
}

fn form_of<'a>(pdf: &'a Pdf, operation: &Operation, resources: &'a Dictionary) -> Option<&'a Stream> {
    let name = operation.operands.first()?.as_name().ok()?;
    let forms = resources.get_deref(b"XObject", pdf).and_then(Object::as_dict).ok()?;
    forms.get_deref(name, pdf).and_then(Object::as_stream).ok()
}

fn numbers(operation: &Operation) -> Vec<f64> {
    operation.operands.iter().filter_map(|o| o.as_float().ok()).map(f64::from).collect()
}

fn matrix(operands: &[Object]) -> Option<Matrix> {
    let numbers: Vec<f64> = operands.iter().filter_map(|o| o.as_float().ok()).map(f64::from).collect();
    numbers.try_into().ok()
}
