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
        (_, key) => key.strip_prefix("data-").is_some_and(|rest| {
            let first = rest.split('-').next().unwrap_or(rest);
            let toolkit =
                matches!(first, "bs" | "wp" | "v" | "vue" | "react" | "turbo" | "aos" | "uk" | "fa" | "mce" | "ved");
            !LAYOUT.contains(&rest) && !toolkit
        }),
    }
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

/// Files that an element carries within its attributes.
pub(super) fn carried(node: &Handle) -> Option<&'static str> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    let element = name(node);
    let attrs = attrs.borrow();
    let data = attrs.iter().any(|a| {
        let value = a.value.trim_start().to_lowercase();
        let picture = value.starts_with("data:image/")
            || value.starts_with("data:font/")
            || value.starts_with("data:application/font");
        value.starts_with("data:") && !picture && value.len() > "data:,".len()
    });
    let within = attrs.iter().any(|a| &*a.name.local == "srcdoc" && !a.value.trim().is_empty());
    match element.as_str() {
        _ if within => Some("a page within the page, which is not read"),
        "script" | "style" | "link" if !data => None,
        _ if data => Some("a file that the page carries within itself (a data: address), which is not read"),
        _ => None,
    }
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
