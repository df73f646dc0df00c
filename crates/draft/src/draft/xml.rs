//! XML within bounds: step by step, or an element at a time. Names are local names; office formats keep them apart.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::Error;
use super::bounds::{MOST_DEPTH, MOST_NODES, refuse};

/// Attributes of an element.
const MOST_ATTRIBUTES: usize = 256;

/// An element or the text between elements.
#[derive(Debug)]
pub(super) enum Node {
    /// An element.
    Element(Element),
    /// Text, entities resolved.
    Text(String),
}

/// An element with all that it holds.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Its local name.
    pub name: String,
    /// Its attributes by local name, in the order written.
    pub attributes: Vec<(String, String)>,
    /// What it holds.
    pub children: Vec<Node>,
}

impl Element {
    /// The first attribute of this local name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The elements directly within.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|c| match c {
            Node::Element(e) => Some(e),
            Node::Text(_) => None,
        })
    }

    /// The first element of this name directly within.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|e| e.name == name)
    }

    /// The element at the end of a path of names.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Element> {
        path.iter().try_fold(self, |e, name| e.child(name))
    }

    /// Every element of this name within, however deep, in order.
    pub(super) fn all<'a>(&'a self, name: &str, into: &mut Vec<&'a Element>) {
        for e in self.elements() {
            if e.name == name {
                into.push(e);
            }
            e.all(name, into);
        }
    }

    /// All text within, as it stands.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.collect(&mut text);
        text
    }

    fn collect(&self, into: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(t) => into.push_str(t),
                Node::Element(e) => e.collect(into),
            }
        }
    }
}

/// A step through a part.
#[derive(Debug)]
pub(super) enum Step {
    /// An element begins; it holds nothing yet.
    Open(Element),
    /// The element of this name ends.
    Close(String),
    /// The part ends, every element closed.
    End,
}

/// A walk through a part of a container.
pub(super) struct Walk<'a> {
    part: &'a str,
    reader: Reader<&'a [u8]>,
    open: Vec<String>,
    /// The element that opened last was written `<a/>`.
    closes: bool,
    done: bool,
}

impl<'a> Walk<'a> {
    /// Begins a walk. `part` is its name, for messages.
    pub(super) fn new(part: &'a str, text: &'a str) -> Self {
        Walk { part, reader: Reader::from_str(text), open: Vec::new(), closes: false, done: false }
    }

    /// Whether the part has been walked to its end.
    pub(super) fn ended(&self) -> bool {
        self.done
    }

    /// The next step, text left out.
    ///
    /// # Errors
    /// Text that is no XML, is cut short, nests too deep, or declares entities of its own.
    pub(super) fn step(&mut self) -> Result<Step, Error> {
        loop {
            match self.any()? {
                Any::Open(e) => return Ok(Step::Open(e)),
                Any::Close(name) => return Ok(Step::Close(name)),
                Any::End => return Ok(Step::End),
                Any::Text(_) => {}
            }
        }
    }

    /// All that an element just opened holds, up to its end.
    ///
    /// # Errors
    /// As [`Self::step`], and where it holds too much.
    pub(super) fn whole(&mut self, opened: Element) -> Result<Element, Error> {
        let mut stack = vec![opened];
        let mut nodes = 0;
        loop {
            nodes += 1;
            if nodes > MOST_NODES {
                let what = format!("part {} holds an element of more than {MOST_NODES} pieces", self.part);
                return Err(refuse(what, "this is no drafted answer: check the tables alone"));
            }
            let any = self.any()?;
            let Some(last) = stack.last_mut() else { return Err(self.fault("it ends where nothing began")) };
            match any {
                Any::Open(e) => stack.push(e),
                Any::Text(t) => match last.children.last_mut() {
                    Some(Node::Text(before)) => before.push_str(&t),
                    _ => last.children.push(Node::Text(t)),
                },
                Any::Close(_) => {
                    let Some(ended) = stack.pop() else { return Err(self.fault("it ends where nothing began")) };
                    match stack.last_mut() {
                        Some(parent) => parent.children.push(Node::Element(ended)),
                        None => return Ok(ended),
                    }
                }
                Any::End => return Err(self.fault("it is cut short")),
            }
        }
    }

    fn any(&mut self) -> Result<Any, Error> {
        if std::mem::take(&mut self.closes) {
            return Ok(Any::Close(self.open.pop().unwrap_or_default()));
        }
        if self.done {
            return Ok(Any::End);
        }
        loop {
            let event = self.reader.read_event().map_err(|e| fault(self.part, &e.to_string()))?;
            return match event {
                Event::Start(start) => self.opened(&start, false),
                Event::Empty(start) => self.opened(&start, true),
                Event::End(_) => Ok(Any::Close(self.open.pop().unwrap_or_default())),
                Event::Text(text) => Ok(Any::Text(said(self.part, text.xml10_content())?)),
                Event::CData(text) => Ok(Any::Text(said(self.part, text.xml10_content())?)),
                Event::GeneralRef(name) => Ok(Any::Text(self.entity(&name)?)),
                Event::DocType(_) => Err(self.fault("it declares a document type, which office files never do")),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
                Event::Eof if self.open.is_empty() => {
                    self.done = true;
                    Ok(Any::End)
                }
                Event::Eof => Err(self.fault("it is cut short")),
            };
        }
    }

    fn opened(&mut self, start: &BytesStart, closes: bool) -> Result<Any, Error> {
        if self.open.len() >= MOST_DEPTH {
            return Err(self.fault(&format!("its elements nest deeper than {MOST_DEPTH}")));
        }
        let local = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
        let name = local(start.local_name().as_ref());
        let mut attributes = Vec::new();
        // names that stand twice cost time to look for, and change nothing: the first counts
        for attribute in start.attributes().with_checks(false) {
            if attributes.len() >= MOST_ATTRIBUTES {
                return Err(self.fault("an element has too many attributes"));
            }
            let attribute = attribute.map_err(|e| self.fault(&e.to_string()))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|e| self.fault(&e.to_string()))?;
            attributes.push((local(attribute.key.local_name().as_ref()), value.into_owned()));
        }
        self.open.push(name.clone());
        self.closes = closes;
        Ok(Any::Open(Element { name, attributes, children: Vec::new() }))
    }

    fn entity(&self, name: &BytesRef) -> Result<String, Error> {
        if let Some(sign) = name.resolve_char_ref().map_err(|e| self.fault(&e.to_string()))? {
            return Ok(sign.to_string());
        }
        let name = said(self.part, name.decode())?;
        let sign = quick_xml::escape::resolve_predefined_entity(&name);
        sign.map(str::to_owned).ok_or_else(|| self.fault("it uses an entity that it does not declare"))
    }

    fn fault(&self, what: &str) -> Error {
        fault(self.part, what)
    }
}

enum Any {
    Open(Element),
    Close(String),
    Text(String),
    End,
}

fn said<E: std::fmt::Display>(part: &str, text: Result<std::borrow::Cow<str>, E>) -> Result<String, Error> {
    text.map(std::borrow::Cow::into_owned).map_err(|e| fault(part, &e.to_string()))
}

fn fault(part: &str, what: &str) -> Error {
    refuse(format!("part {part} is damaged: {what}"), "open the file in the program that made it, and save it again")
}

/// The text of a part, whichever encoding it is in.
///
/// # Errors
/// Bytes that are no text.
pub(super) fn decoded(part: &str, bytes: Vec<u8>) -> Result<String, Error> {
    crate::text::text_of(bytes).map_err(|e| fault(part, &format!("it {e}")))
}

/// A whole part as one element.
///
/// # Errors
/// As [`Walk::step`].
pub(super) fn parse(part: &str, bytes: Vec<u8>) -> Result<Element, Error> {
    let text = decoded(part, bytes)?;
    let mut walk = Walk::new(part, &text);
    match walk.step()? {
        Step::Open(root) => {
            let root = walk.whole(root)?;
            match walk.step()? {
                Step::End => Ok(root),
                _ => Err(fault(part, "text follows its end")),
            }
        }
        _ => Err(fault(part, "it is empty")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Element, Error> {
        parse("p", text.as_bytes().to_vec())
    }

    #[test]
    fn text_and_attributes_come_with_their_entities_resolved() {
        let root = parsed("<w:a x='1&amp;2'><w:b>&lt;5</w:b> &#x41;<c/></w:a>").unwrap();
        assert_eq!((root.name.as_str(), root.get("x")), ("a", Some("1&2")));
        assert_eq!(root.text(), "<5 A");
        assert_eq!(root.at(&["b"]).map(Element::text).as_deref(), Some("<5"));
        assert_eq!(root.elements().count(), 2);
    }

    #[test]
    fn what_is_no_sound_xml_is_refused_with_its_part() {
        let deep = "<a>".repeat(MOST_DEPTH + 1);
        let bomb = "<!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>";
        for text in ["", "<a>", "<a></b>", "<a/><b/>", "</a>", "<a>&b;</a>", "<a x=1/>", &deep, bomb] {
            let error = parsed(text).unwrap_err();
            assert!(error.message.starts_with("part p is damaged: "), "{text:.20}: {error}");
        }
    }
}
