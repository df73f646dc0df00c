//! Attributes that readers come upon or copies carry: tooltips, names for screen readers, values, data of cells.

use markup5ever_rcdom::{Handle, NodeData};

use super::{all_text, attribute, name};

/// Attributes that say something, and what a finding calls them.
const SPEAKING: &[(&str, &str)] = &[
    ("title", "a tooltip"),
    ("alt", "an alternative text"),
    ("aria-label", "a name for screen readers"),
    ("aria-description", "a description for screen readers"),
    ("aria-valuenow", "a value for screen readers"),
    ("aria-valuetext", "a value for screen readers"),
    ("aria-roledescription", "a description for screen readers"),
    ("summary", "a summary of a table"),
    ("abbr", "a short form"),
    ("label", "a label"),
    ("placeholder", "a placeholder"),
    ("value", "a value of an element"),
    ("sdval", "a number stored for a spreadsheet"),
    ("x:num", "a number stored for a spreadsheet"),
    ("x:str", "a text stored for a spreadsheet"),
    ("x:fmla", "a formula stored for a spreadsheet"),
    ("office:value", "a number stored for a spreadsheet"),
    ("office:string-value", "a text stored for a spreadsheet"),
    ("data", "a value of an element"),
    ("high", "a value of an element"),
    ("optimum", "a value of an element"),
];
/// Attributes `data-…` that lay out a page or number its elements.
const LAYOUT: &[&str] = &[
    "id",
    "index",
    "idx",
    "row",
    "col",
    "column",
    "rowspan",
    "colspan",
    "level",
    "depth",
    "page",
    "step",
    "slide",
    "tab",
    "width",
    "height",
    "size",
    "span",
    "delay",
    "duration",
    "offset",
    "target",
    "toggle",
    "interval",
    "columns",
    "rows",
    "lang",
    "theme",
    "version",
    "v",
    "key",
    "position",
    "ride",
    "length",
    "limit",
    "tabindex",
    "zoom",
    "scale",
    "priority",
    "level-id",
    "testid",
    "rowindex",
    "colindex",
    "row-index",
    "col-index",
    "row-id",
    "col-id",
    "column-index",
    "aos",
    "slick-index",
    "page-length",
    "src",
    "href",
    "url",
    "icon",
    "hash",
    "integrity",
    "gtm",
    "ga",
    "track",
];
/// Attributes that order rows; of a label they say nothing.
const ORDER: &[&str] =
    &["data-sort", "data-order", "data-sort-value", "data-sortable", "data-text-sort", "data-sorter"];
/// Names under which an address hands on counts.
const COUNTED: &[&str] =
    &["n", "count", "cases", "value", "values", "val", "victims", "people", "persons", "chd", "data", "y"];
/// Attributes of every standard element, by which browsers act and that say nothing; those that say something stand above.
const STANDARD: &str = " about accept accept-charset accesskey action align alink allow allowfullscreen archive async \
    autocapitalize autocomplete autocorrect autofocus autoplay axis background behavior bgcolor bgproperties border \
    bordercolor bottommargin capture cellpadding cellspacing char charoff charset checked cite class classid clear code \
    codebase codetype color cols colspan compact content contenteditable controls coords crossorigin datatype datetime \
    decoding default defer dir direction dirname disabled download draggable enctype enterkeyhint event exportparts face \
    fetchpriority for form formaction formenctype formmethod formnovalidate formtarget frame frameborder headers height \
    hidden high href hreflang hspace http-equiv id imagesizes imagesrcset inert inputmode integrity is ismap itemid \
    itemprop itemref itemscope itemtype kind lang language leftmargin link list loading longdesc loop low lowsrc \
    marginheight marginwidth max maxlength media method methods min minlength multiple muted name nohref nomodule nonce \
    noresize noshade novalidate nowrap object open optimum part pattern ping playsinline pluginspage pointsize popover \
    poster prefix preload profile prompt property quality readonly referrerpolicy rel required resource rev reversed \
    rightmargin role rows rowspan rules sandbox scheme scope scrolling sdnum selected shape size sizes slot span \
    spellcheck src srcdoc srclang srcset standby start step style tabindex target text topmargin translate type typeof \
    unselectable urn usemap valign valuetype version vlink vocab vspace width wmode wrap xmlns ";
/// Names of `meta` elements that describe the page's form, not what it says.
const FORM: &[&str] = &[
    "viewport",
    "generator",
    "theme-color",
    "format-detection",
    "robots",
    "googlebot",
    "referrer",
    "progid",
    "originator",
    "appversion",
    "msapplication",
    "csrf",
    "google-site",
    "msvalidate",
    "color-scheme",
    "apple-mobile",
    "handheldfriendly",
    "mobileoptimized",
    "created",
    "changed",
    "date",
    "revisit",
    "rating",
    "twitter:card",
    "og:image",
    "og:url",
    "fb:",
    "og:updated",
    "article:",
    "al:",
    "dcterms.date",
    "dc.date",
    "docsecurity",
    "hyperlinkschanged",
    "linksuptodate",
    "scalecrop",
    "sharedoc",
    "p:domain",
    "telephone",
];

/// What an attribute holds.
pub(super) struct Spoken {
    /// What a finding calls it.
    pub what: String,
    /// Its value.
    pub text: String,
    /// It orders the rows of a table.
    pub orders: bool,
}

/// What the attributes of an element say, apart from what lays out the page.
pub(super) fn spoken(node: &Handle) -> Vec<Spoken> {
    let NodeData::Element { attrs, .. } = &node.data else { return Vec::new() };
    let element = name(node);
    let mut found = Vec::new();
    for attr in attrs.borrow().iter() {
        let key = attr.name.local.to_lowercase();
        if matches!(key.as_str(), "href" | "src" | "action" | "data-src" | "data-url" | "poster" | "srcset")
            && let Some(text) = handed_on(&attr.value)
        {
            found.push(Spoken { what: "an address with counts in it".to_owned(), text, orders: false });
        }
        let value = attr.value.trim();
        if !value.contains(char::is_alphanumeric) || !speaks(&element, &key, node) {
            continue;
        }
        let what = match SPEAKING.iter().find(|(n, _)| *n == key) {
            Some((_, what)) if element != "meta" => (*what).to_owned(),
            _ if element == "meta" => "the description of the page".to_owned(),
            _ => format!("the attribute {key}"),
        };
        let same = || all_text(node, 0).is_ok_and(|text| says(&text, value));
        if !same() {
            // a lone value is read with its name
            let text = match named(node).filter(|_| element == "meta" && !value.contains(' ')) {
                Some(name) => format!("{name}: {value}"),
                None => value.to_owned(),
            };
            found.push(Spoken { what, text, orders: ORDER.contains(&key.as_str()) });
        }
    }
    found
}

/// Whether an attribute says something to readers or programs.
fn speaks(element: &str, key: &str, node: &Handle) -> bool {
    let kind = || attribute(node, "type").unwrap_or_default().to_lowercase();
    match (element, key) {
        ("meta", "content") => {
            named(node).is_some_and(|n| {
                let n = n.to_lowercase();
                // of the library catalogue's terms only what a person reads
                let term = n.strip_prefix("dcterms.").or_else(|| n.strip_prefix("dc."));
                let read = term.is_none_or(|t| matches!(t, "title" | "description" | "subject" | "abstract"));
                read && !FORM.iter().any(|f| n.starts_with(f))
            })
        }
        // its text is read as shown
        ("input", "value") => matches!(kind().as_str(), "checkbox" | "radio"),
        // a number that a list begins with
        ("li", "value") | ("object" | "embed", "data") => false,
        ("meter", "high" | "optimum") => true,
        (_, "high" | "optimum") => false,
        (_, "content") => attribute(node, "itemprop").is_some(),
        (_, key) if SPEAKING.iter().any(|(n, _)| *n == key) => true,
        (_, key) if !key.starts_with("data-") => !is_drawn(node) && made_up(key),
        (_, key) => key.strip_prefix("data-").is_some_and(|rest| {
            let first = rest.split('-').next().unwrap_or(rest);
            let toolkit =
                matches!(first, "bs" | "wp" | "v" | "vue" | "react" | "turbo" | "aos" | "uk" | "fa" | "mce" | "ved");
            !LAYOUT.contains(&rest) && !toolkit
        }),
    }
}

/// Whether an element is part of a drawing or a formula, whose attributes are all numbers.
fn is_drawn(node: &Handle) -> bool {
    matches!(&node.data, NodeData::Element { name, .. } if &*name.ns != "http://www.w3.org/1999/xhtml")
}

/// Whether an attribute is none that browsers, style sheets or libraries of code know.
fn made_up(key: &str) -> bool {
    let code = ["on", "aria-", "ng-", "v-", "x-", "hx-", "wire", "xml", "js", "_ng", "@", "#", "[", "(", "*", "."];
    let foreign = key.contains(':') || key.contains('{') || key.contains('"');
    !foreign && !code.iter().any(|c| key.starts_with(c)) && !STANDARD.contains(&format!(" {key} "))
}

/// The name of a `meta` element.
fn named(node: &Handle) -> Option<String> {
    ["name", "property", "itemprop"].into_iter().find_map(|key| attribute(node, key))
}

/// Whether a shown text says what an attribute does.
fn says(text: &str, value: &str) -> bool {
    let (text, value) = (crate::draft::words::tidy(text), crate::draft::words::tidy(value));
    let number = |t: &str| crate::draft::number_format::read_back(t);
    text == value || number(&value).is_some_and(|v| crate::draft::number_format::beyond(&text, v).is_none())
}

/// A file that an element carries within its attributes.
pub(super) enum Carried {
    /// A text, which is read.
    Text(String),
    /// Something that is not read, in words.
    Unread(&'static str),
}

/// Files that an element carries within its attributes.
pub(super) fn carried(node: &Handle) -> Option<Carried> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    let element = name(node);
    let attrs = attrs.borrow();
    let file = attrs.iter().find(|a| {
        let value = a.value.trim_start().get(..40).unwrap_or(a.value.trim_start()).to_lowercase();
        let picture = value.starts_with("data:image/")
            || value.starts_with("data:font/")
            || value.starts_with("data:application/font");
        value.starts_with("data:") && !picture && a.value.trim_start().len() > "data:,".len()
    });
    let data = file.is_some();
    let within = attrs.iter().any(|a| &*a.name.local == "srcdoc" && !a.value.trim().is_empty());
    match element.as_str() {
        _ if within => Some(Carried::Unread("a page within the page, which is not read")),
        "script" | "style" | "link" if !data => None,
        _ if data => Some(match file.and_then(|f| text_of(f.value.trim_start())) {
            Some(text) => Carried::Text(text),
            None => Carried::Unread("a file that the page carries within itself (a data: address), which is not read"),
        }),
        _ => None,
    }
}

/// The text of a `data:` address, where it says that it is one.
fn text_of(address: &str) -> Option<String> {
    let (kind, content) = address.get("data:".len()..)?.split_once(',')?;
    let kind = kind.to_lowercase();
    let plain = kind.is_empty() || kind.starts_with(';') || kind.starts_with("text/") || kind.contains("json");
    if !plain || kind.starts_with("text/html") {
        return None;
    }
    let bytes = if kind.ends_with(";base64") { crate::draft::words::from_base64(content) } else { unescaped(content) };
    String::from_utf8(bytes).ok()
}

/// A part of an address without its escapes (`%20`).
fn unescaped(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let (mut plain, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let escape = bytes.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(|h| std::str::from_utf8(h).ok());
        let sign = escape.and_then(|h| u8::from_str_radix(h, 16).ok());
        plain.push(sign.unwrap_or(*byte));
        at += if sign.is_some() { 3 } else { 1 };
    }
    plain
}

/// Counts that an address hands on (`?count=3`).
fn handed_on(address: &str) -> Option<String> {
    let query = address.split_once(['?', '#'])?.1;
    let counted = query.split(['&', ';', '?', '#']).filter_map(|p| p.split_once('=')).filter(|(name, value)| {
        COUNTED.contains(&name.to_lowercase().as_str()) && value.contains(|c: char| c.is_ascii_digit())
    });
    let all: Vec<String> =
        counted.map(|(name, value)| format!("{name}: {}", value.replace(['+', ',', '|'], " "))).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Code that an element runs when it is used: what it might say.
pub(super) fn handlers(node: &Handle) -> Vec<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return Vec::new() };
    let code = |key: &str, value: &str| {
        key.starts_with("on") && key.len() > 3 || value.trim_start().to_lowercase().starts_with("javascript:")
    };
    attrs.borrow().iter().filter(|a| code(&a.name.local, &a.value)).map(|a| a.value.to_string()).collect()
}

/// Numbers that an element's own style hands to a chart drawn by a style sheet (`--size: 0.3`).
pub(super) fn drawn(node: &Handle) -> Option<String> {
    let style = attribute(node, "style")?.to_lowercase();
    let own = style.split(';').filter_map(|s| s.split_once(':')).find(|(n, v)| {
        let named =
            ["--size", "--start", "--end", "--value", "--count", "--n", "--data", "--percent", "--num", "--total"];
        named.contains(&n.trim()) && v.contains(|c: char| c.is_ascii_digit())
    });
    own.map(|(_, value)| value.trim().to_owned())
}
