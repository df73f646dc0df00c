//! Texts that a PDF gives out in place of those that it paints (`ActualText`): what a copy of the page says.

use pdf_extract::content::Operation;
use pdf_extract::{Dictionary, Document as Pdf, Object, decode_text_string};

use crate::draft::Place;
use crate::draft::held::{Held, numbers};

/// Such texts of a page.
#[derive(Debug, Default)]
pub(super) struct Instead {
    /// Those whose numbers are not painted.
    other: Vec<String>,
    /// Marked parts that are open: the text of each, where it has one, and what has been painted since, as it is written.
    open: Vec<Option<(String, String)>>,
}

impl Instead {
    /// A marked part begins.
    pub(super) fn begin(&mut self, pdf: &Pdf, operation: &Operation, resources: &Dictionary) {
        let named = |name: &[u8]| {
            let list = resources.get_deref(b"Properties", pdf).and_then(Object::as_dict).ok()?;
            list.get_deref(name, pdf).and_then(Object::as_dict).ok()
        };
        let keys = match operation.operands.get(1) {
            Some(Object::Dictionary(own)) => Some(own),
            Some(Object::Name(name)) => named(name),
            _ => None,
        };
        let text = keys.and_then(|k| k.get_deref(b"ActualText", pdf).ok()).and_then(|t| decode_text_string(t).ok());
        self.open.push(text.map(|t| (t, String::new())));
    }

    /// A marked part ends.
    pub(super) fn end(&mut self) {
        if let Some(Some((text, painted))) = self.open.pop()
            && numbers(&text).iter().any(|n| !painted.to_lowercase().contains(n.as_str()))
        {
            self.other.push(text);
        }
    }

    /// Takes what an operation paints.
    pub(super) fn take(&mut self, operation: &Operation) {
        if !self.open.iter().any(Option::is_some) {
            return;
        }
        let mut painted = String::new();
        let mut put = |object: &Object| {
            if let Object::String(bytes, _) = object {
                painted.extend(bytes.iter().filter(|b| **b != 0).map(|b| char::from(*b)));
            }
        };
        for operand in &operation.operands {
            put(operand);
            operand.as_array().into_iter().flatten().for_each(&mut put);
        }
        self.open.iter_mut().flatten().for_each(|(_, own)| own.push_str(&painted));
    }

    /// Tells the texts.
    pub(super) fn told(&self, page: usize, held: &mut Vec<Held>) {
        let place = Place { part: Some(format!("page {page}")), ..Place::default() };
        held.extend(self.other.iter().map(|text| Held {
            place: place.clone(),
            what: "a text in place of another".to_owned(),
            text: text.clone(),
        }));
    }
}
