//! What stands beside the text of a page: values of fields, attributes, elements that are not read, scripts, styles.

use std::collections::HashSet;

use markup5ever_rcdom::{Handle, NodeData};

use super::attributes::Carried;
use super::hidden::holds_figure;
use super::{State, Text, UNREAD, Walk, all_text, attribute, attributes, name, scripts};
use crate::draft::bounds::{MOST_DEPTH, refuse};
use crate::draft::held::{self, Held};
use crate::draft::number_format::read_back;
use crate::draft::{Error, Piece};

/// Side of a picture that is an icon, in pixels.
const ICON: f64 = 64.0;
/// Shapes of a picture that is an icon.
const SHAPES: usize = 6;

/// The value of a field, as text that is shown or hidden.
pub(super) fn input(node: &Handle, state: State, text: &mut Text) {
    let value = attribute(node, "value").unwrap_or_default();
    match attribute(node, "type").unwrap_or_default().to_lowercase().as_str() {
        "hidden" if holds_figure(&value) => text.push(&format!(" {value} "), State { hidden: true, ..state }),
        "hidden" => {}
        // told with the attributes
        "checkbox" | "radio" => {}
        _ => text.push(&format!(" {value} "), state),
    }
}

/// What a template holds: hidden where there is a figure in it, else aside.
pub(super) fn template(node: &Handle, state: State) -> Option<(Handle, State)> {
    let NodeData::Element { template_contents, .. } = &node.data else { return None };
    let contents = template_contents.borrow().as_ref().cloned()?;
    let figure = all_text(&contents, 0).map_or(true, |text| holds_figure(&text));
    Some((contents, State { hidden: state.hidden || figure, aside: state.aside || !figure, ..state }))
}

impl Walk<'_> {
    /// Takes what an element holds in other places than its text.
    pub(super) fn hold(&mut self, node: &Handle) {
        let place = self.cell.clone().unwrap_or_else(|| self.paragraph_place());
        let mut put = |what: &str, text: String| {
            self.held.push(Held { place: place.clone(), what: what.to_owned(), text });
        };
        let element = name(node);
        match element.as_str() {
            "script" => {
                let kind = attribute(node, "type").unwrap_or_default();
                self.scripts.push((place.clone(), kind, all_text(node, 0).unwrap_or_default()));
            }
            "style" => {
                let texts = scripts::shown_by_styles(&all_text(node, 0).unwrap_or_default());
                texts.into_iter().for_each(|text| put("a text that a style sheet shows", text));
            }
            "title" => put("the title of the page", all_text(node, 0).unwrap_or_default()),
            _ => {}
        }
        attributes::drawn(node).into_iter().for_each(|text| put("a number for a chart drawn by styles", text));
        for code in attributes::handlers(node) {
            self.scripts.push((place.clone(), String::new(), code));
        }
        match attributes::carried(node) {
            Some(Carried::Text(text)) => {
                let what = "a file that the page carries within itself".to_owned();
                self.held.push(Held { place: place.clone(), what, text });
            }
            Some(Carried::Unread(what)) => self.told_once(what),
            None => {}
        }
        for spoken in attributes::spoken(node) {
            match read_back(&spoken.text).filter(|_| self.cell.is_some()) {
                Some(number) => self.stored.push((number, spoken.orders)),
                None => self.held.push(Held { place: place.clone(), what: spoken.what, text: spoken.text }),
            }
        }
    }

    /// Takes what the elements within an element hold, where only their text is read.
    ///
    /// # Errors
    /// Nested beyond reason.
    pub(super) fn hold_within(&mut self, node: &Handle, depth: usize) -> Result<(), Error> {
        if depth > MOST_DEPTH {
            return Err(refuse(format!("its elements nest deeper than {MOST_DEPTH}"), "this is no drafted answer"));
        }
        for child in node.children.borrow().iter() {
            match &child.data {
                NodeData::Comment { contents } => self.comment(contents),
                NodeData::Element { .. } => {
                    self.hold(child);
                    let element = name(child);
                    self.unread(child, &element, State::default());
                    self.hold_within(child, depth + 1)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether an element is not read; tells so, once for each kind.
    pub(super) fn unread(&mut self, node: &Handle, element: &str, state: State) -> bool {
        let Some((_, what)) = UNREAD.iter().find(|(n, _)| *n == element) else { return false };
        let told = match element {
            "svg" => !is_icon(node),
            // what counts visitors shows nothing
            "img" | "iframe" => !(is_dot(node) || state.aside && element == "iframe"),
            _ => true,
        };
        if told {
            self.told_once(what);
        }
        true
    }

    fn told_once(&mut self, what: &str) {
        if !self.document.residue.iter().any(|(_, said)| said == what) {
            let place = self.paragraph_place();
            self.document.residue.push((place, what.to_owned()));
        }
    }

    /// Tells what was held, once all that the page shows is known.
    pub(super) fn finish(&mut self) {
        let mut said: HashSet<String> = HashSet::new();
        let labels = labels(self);
        for (place, kind, code) in std::mem::take(&mut self.scripts) {
            if let Some(why) = scripts::holds(&kind, &code, &labels).filter(|why| said.insert(why.clone())) {
                self.document.residue.push((place, why));
            }
        }
        held::keep(std::mem::take(&mut self.held), &mut self.document);
    }
}

/// The labels of the page's tables, in small letters.
fn labels(walk: &Walk) -> HashSet<String> {
    let grids = walk.document.pieces.iter().filter_map(|p| match p {
        Piece::Grid(grid) => Some(grid),
        Piece::Paragraph(_) => None,
    });
    let cells = grids.flat_map(|g| g.rows.iter().flatten()).map(|e| e.text.to_lowercase());
    // a word that code is full of says nothing
    let common = [
        "name", "type", "value", "values", "total", "number", "count", "date", "year", "no", "id", "all", "data", "in",
        "to",
    ];
    cells.filter(|t| t.len() > 1 && t.contains(char::is_alphabetic) && !common.contains(&t.as_str())).collect()
}

/// A picture that nobody can see.
fn is_dot(node: &Handle) -> bool {
    let small =
        |side: &str| attribute(node, side).is_some_and(|v| matches!(v.trim().trim_end_matches("px"), "0" | "1"));
    small("width") && small("height")
}

/// A small drawing without any text: an icon.
fn is_icon(node: &Handle) -> bool {
    let side = |name: &str| {
        attribute(node, name).and_then(|v| v.trim().trim_end_matches("px").trim_end_matches("em").parse::<f64>().ok())
    };
    let boxed = attribute(node, "viewBox").or_else(|| attribute(node, "viewbox")).unwrap_or_default();
    let within = boxed.split([' ', ',']).filter_map(|n| n.parse::<f64>().ok()).nth(2);
    let decorates = attribute(node, "aria-hidden").as_deref() == Some("true")
        || matches!(attribute(node, "role").as_deref(), Some("presentation" | "none"));
    let small = side("width").or(side("height")).or(within).is_some_and(|s| s <= ICON);
    let text = all_text(node, 0).unwrap_or_default();
    let speaks = holds_figure(&text) || !text.trim().is_empty() && shapes(node, 0) > 1;
    (small || decorates) && !speaks && shapes(node, 0) <= SHAPES
}

/// The shapes of a drawing.
fn shapes(node: &Handle, depth: usize) -> usize {
    if depth > MOST_DEPTH {
        return SHAPES + 1;
    }
    let shape = |c: &Handle| {
        matches!(
            name(c).as_str(),
            "path" | "rect" | "circle" | "line" | "polygon" | "polyline" | "ellipse" | "image" | "use"
        )
    };
    node.children.borrow().iter().map(|c| usize::from(shape(c)) + shapes(c, depth + 1)).sum()
}
