//! XML and HTML as tags and texts, each with its place in the source. Nothing is resolved or repaired.

use std::ops::Range;

/// What a piece of markup is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    /// `<a>`.
    Open,
    /// `</a>`.
    Close,
    /// `<a/>`.
    Empty,
    /// Text between tags.
    Text,
    /// Comments, declarations, instructions, and what scripts and styles hold.
    Other,
}

/// A piece of markup.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// What it is.
    pub is: Is,
    /// The local name of the element, small letters in HTML.
    pub name: String,
    /// Where it stands.
    pub at: Range<usize>,
}

/// Elements of HTML whose content is no markup.
const RAW: &[&str] = &["script", "style", "textarea", "title"];

/// The pieces of a source. `None` where a tag does not end.
pub(super) fn tokens(source: &str, html: bool) -> Option<Vec<Token>> {
    let mut found: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let rest = source.get(at..)?;
        let raw = html.then(|| found.last()).flatten().filter(|t| t.is == Is::Open && RAW.contains(&t.name.as_str()));
        if let Some(raw) = raw {
            let close = format!("</{}", raw.name);
            let end = rest.to_ascii_lowercase().find(&close).unwrap_or(rest.len());
            found.push(Token { is: Is::Other, name: String::new(), at: at..at + end });
            at += end;
            if end > 0 || end == rest.len() {
                if end == rest.len() {
                    break;
                }
                let length = tag_length(source.get(at..)?)?;
                found.push(token(source, at..at + length, html));
                at += length;
            }
            continue;
        }
        let length = match rest.strip_prefix('<') {
            None => rest.find('<').unwrap_or(rest.len()),
            Some(_) if rest.starts_with("<!--") => rest.find("-->").map(|e| e + 3)?,
            Some(_) if rest.starts_with("<![CDATA[") => rest.find("]]>").map(|e| e + 3)?,
            Some(next) if next.starts_with(|c: char| c.is_alphabetic() || matches!(c, '/' | '!' | '?' | '_')) => {
                tag_length(rest)?
            }
            // a sign of its own, which HTML allows
            Some(next) => 1 + next.find('<').unwrap_or(next.len()),
        };
        found.push(token(source, at..at + length, html));
        at += length;
    }
    Some(found)
}

/// How long the tag is that a text begins with; a `>` within quotes does not end it.
fn tag_length(text: &str) -> Option<usize> {
    let mut quote: Option<char> = None;
    for (i, sign) in text.char_indices() {
        match (quote, sign) {
            (Some(q), s) if q == s => quote = None,
            (None, '"' | '\'') if i > 0 => quote = Some(sign),
            (None, '>') => return Some(i + 1),
            _ => {}
        }
    }
    None
}

fn token(source: &str, at: Range<usize>, html: bool) -> Token {
    let text = source.get(at.clone()).unwrap_or_default();
    let tag = text.starts_with('<') && text.ends_with('>');
    let is = match text.as_bytes() {
        [b'<', b'!' | b'?', ..] => Is::Other,
        [b'<', b'/', ..] if tag => Is::Close,
        [b'<', .., b'/', b'>'] if tag => Is::Empty,
        [b'<', second, ..] if tag && !second.is_ascii_whitespace() => Is::Open,
        _ => Is::Text,
    };
    let name = match is {
        Is::Open | Is::Close | Is::Empty => named(text),
        _ => String::new(),
    };
    Token { is, name: if html { name.to_ascii_lowercase() } else { name }, at }
}

fn named(tag: &str) -> String {
    let inner = tag.trim_start_matches(['<', '/']);
    let end = inner.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(inner.len());
    let full = inner.get(..end).unwrap_or_default();
    full.rsplit(':').next().unwrap_or_default().to_owned()
}

/// The prefix of a tag's name with its colon: `w:`.
pub(super) fn prefix(tag: &str) -> String {
    let inner = tag.trim_start_matches(['<', '/']);
    let end = inner.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(inner.len());
    inner.get(..end).and_then(|full| full.split_once(':')).map(|(p, _)| format!("{p}:")).unwrap_or_default()
}

/// An attribute of a tag.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    /// Its full name, as written.
    pub name: String,
    /// Its value, as written.
    pub value: String,
    /// Where it stands in the tag, with the blank before it.
    pub at: Range<usize>,
}

impl Attribute {
    /// Its local name.
    pub fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or_default()
    }
}

/// The attributes of a tag.
pub(super) fn attributes(tag: &str) -> Vec<Attribute> {
    let bytes = tag.as_bytes();
    let is_blank = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_whitespace);
    let mut at = 1;
    while at < bytes.len() && !is_blank(at) && bytes.get(at) != Some(&b'>') {
        at += 1;
    }
    let mut found = Vec::new();
    while at < bytes.len() {
        let start = at;
        while is_blank(at) {
            at += 1;
        }
        let name_at = at;
        while bytes.get(at).is_some_and(|b| !b.is_ascii_whitespace() && !matches!(b, b'=' | b'>' | b'/')) {
            at += 1;
        }
        if at == name_at {
            at += 1;
            continue;
        }
        let name = tag.get(name_at..at).unwrap_or_default().to_owned();
        let mut end = at;
        while is_blank(end) {
            end += 1;
        }
        let mut value = String::new();
        if bytes.get(end) == Some(&b'=') {
            end += 1;
            while is_blank(end) {
                end += 1;
            }
            match bytes.get(end).copied() {
                Some(quote @ (b'"' | b'\'')) => {
                    let from = end + 1;
                    let to = tag.get(from..).and_then(|t| t.find(char::from(quote))).map_or(tag.len(), |e| from + e);
                    value = tag.get(from..to).unwrap_or_default().to_owned();
                    end = (to + 1).min(tag.len());
                }
                _ => {
                    let from = end;
                    while bytes.get(end).is_some_and(|b| !b.is_ascii_whitespace() && *b != b'>') {
                        end += 1;
                    }
                    value = tag.get(from..end).unwrap_or_default().to_owned();
                }
            }
            at = end;
        }
        found.push(Attribute { name, value, at: start..at });
    }
    found
}

/// The value of an attribute by its local name.
pub(super) fn value(tag: &str, local: &str) -> Option<String> {
    attributes(tag).into_iter().find(|a| a.local() == local).map(|a| unescaped(&a.value))
}

/// A tag without some of its attributes.
pub(super) fn without(tag: &str, drop: impl Fn(&Attribute) -> bool) -> String {
    let mut out = String::new();
    let mut at = 0;
    for attribute in attributes(tag).into_iter().filter(drop) {
        out.push_str(tag.get(at..attribute.at.start).unwrap_or_default());
        at = attribute.at.end;
    }
    out.push_str(tag.get(at..).unwrap_or_default());
    out
}

/// A tag with an attribute of this local name set, where it has one; else with it added.
pub(super) fn with(tag: &str, local: &str, value: &str) -> String {
    let new = escaped(value);
    match attributes(tag).into_iter().find(|a| a.local() == local) {
        Some(a) => {
            let (head, tail) = (tag.get(..a.at.start).unwrap_or_default(), tag.get(a.at.end..).unwrap_or_default());
            format!("{head} {}=\"{new}\"{tail}", a.name)
        }
        None => {
            let (bare, end) = match tag.strip_suffix("/>") {
                Some(bare) => (bare.trim_end(), "/>"),
                None => (tag.trim_end_matches('>').trim_end(), ">"),
            };
            format!("{bare} {local}=\"{new}\"{end}")
        }
    }
}

/// A text with its entities resolved.
pub(super) fn unescaped(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), |t| t.into_owned())
}

/// A text as markup has it.
pub(super) fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

/// A source with some of its ranges replaced. `None` where they overlap.
pub(super) fn replaced(source: &str, mut changes: Vec<(Range<usize>, String)>) -> Option<String> {
    changes.sort_by_key(|c| (c.0.start, c.0.end));
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    for (range, text) in changes {
        out.push_str(source.get(at..range.start)?);
        out.push_str(&text);
        at = range.end;
    }
    out.push_str(source.get(at..)?);
    Some(out)
}

/// Per token that opens an element, the token that closes it.
pub(super) fn closes(tokens: &[Token]) -> Vec<Option<usize>> {
    let mut closes = vec![None; tokens.len()];
    let mut open: Vec<usize> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let found = match token.is {
            Is::Open => {
                open.push(i);
                continue;
            }
            Is::Empty => Some(i),
            // an element that nothing closes ends with the one around it
            Is::Close => {
                let at = open.iter().rposition(|&o| tokens.get(o).is_some_and(|t| t.name == token.name));
                at.and_then(|at| {
                    let own = open.get(at).copied();
                    open.truncate(at);
                    own
                })
            }
            _ => None,
        };
        if let Some(slot) = found.and_then(|o| closes.get_mut(o)) {
            *slot = Some(i);
        }
    }
    closes
}
