//! `tabsafe explain`: what a rule, a method, a finding, an exit code or a marker means.

use tabsafe::policy::lint;
use tabsafe::policy::vocabulary::VOCABULARIES;
use tabsafe::{argus, check, diag, perturb, read, round, rules, suppress, write};

use super::exit;
use super::fault::Fault;
use super::session::Session;

/// A page of the manual: its name, a line about it, its text.
struct Page {
    name: &'static str,
    summary: &'static str,
    text: String,
}

/// Every page, from the registries.
fn pages() -> Vec<Page> {
    let rules = rules::RULES.iter().map(|r| Page { name: r.name, summary: r.summary, text: r.manual.to_owned() });
    let methods =
        suppress::METHODS.iter().map(|m| Page { name: m.name, summary: m.summary, text: m.manual.to_owned() });
    let rounding = round::ROUNDINGS.iter();
    let rounding = rounding.map(|r| Page { name: r.page, summary: r.summary, text: r.manual.to_owned() });
    let noise = perturb::PERTURBATIONS.into_iter();
    let noise = noise.map(|p| Page { name: p.name, summary: p.summary, text: p.manual.to_owned() });
    let mut pages: Vec<Page> = rules.chain(methods).chain(rounding).chain(noise).collect();
    let codes = exit::CODES.iter().map(|(code, name, meaning)| format!("{code}  {name:<13} {meaning}\n"));
    pages.push(Page { name: "exit-codes", summary: "What the exit codes mean.", text: codes.collect() });
    pages.push(Page { name: "formats", summary: "Formats that are read and written.", text: formats() });
    let signs = read::MEANINGS.iter().map(|(word, meaning)| format!("{word:<16} {meaning}\n"));
    let text = format!("--marker TEXT=MEANING says what a sign in a cell stands for.\n\n{}", signs.collect::<String>());
    pages.push(Page { name: "markers", summary: "What a sign in a published table can stand for.", text });
    let warnings = lint::CODES.iter().map(|(code, about)| format!("{code:<22} {about}\n"));
    let text = format!(
        "`tabsafe policy check` warns of what is allowed but unwise. `[[accepted]]` accepts a warning, with the reason.\n\n{}",
        warnings.collect::<String>()
    );
    pages.push(Page { name: "policy-warnings", summary: "What `policy check` warns of.", text });
    pages.push(Page {
        name: "vocabularies",
        summary: "Signs of different offices for what is not a figure.",
        text: vocabularies(),
    });
    let summary = "What a withheld cell costs, and which cells are to stay.";
    pages.push(Page { name: "costs", summary, text: suppress::price::MANUAL.to_owned() });
    let summary = "A pattern of withheld cells that the public can't repeat.";
    pages.push(Page { name: "keyed", summary, text: suppress::keyed::MANUAL.to_owned() });
    let summary = "What `check` asks, and how it is answered.";
    pages.push(Page { name: "questions", summary, text: check::QUESTIONS.to_owned() });
    pages.push(Page { name: "argus", summary: "Runs a batch of tau-ARGUS.", text: argus::MANUAL.to_owned() });
    for (name, text) in write::MANUALS {
        let summary = write::find(name).map_or("", |w| w.summary);
        pages.push(Page { name, summary, text: (*text).to_owned() });
    }
    for code in check::CODES {
        // a finding may be named after the rule that finds it
        match pages.iter_mut().find(|p| p.name == code.name) {
            Some(page) => page.text.push_str(&format!("\n# As a finding of `tabsafe check`\n\n{}", code.manual)),
            None => pages.push(Page { name: code.name, summary: code.summary, text: code.manual.to_owned() }),
        }
    }
    pages.sort_by_key(|p| p.name);
    pages
}

/// Every vocabulary of signs, from the registry.
fn vocabularies() -> String {
    let line = |v: &tabsafe::policy::vocabulary::Vocabulary| {
        let low = v.rounds_to_zero.unwrap_or("");
        format!("{:<10} {:<9} {:<5} {:<15} {:<15} {}\n", v.name, v.withheld, v.zero, v.not_applicable, low, v.title)
    };
    format!(
        "vocabulary = \"NAME\" under [markers] of a policy, or --vocabulary NAME. Spreadsheets have the signs of gss, SDMX those of sdmx.\n\n\
         {:<10} {:<9} {:<5} {:<15} {:<15} whose\n{}",
        "name",
        "withheld",
        "zero",
        "not applicable",
        "rounds to zero",
        VOCABULARIES.iter().map(line).collect::<String>()
    )
}

/// Every format, from the registries.
fn formats() -> String {
    let files = |extensions: &[&str]| extensions.iter().map(|e| format!(".{e}")).collect::<Vec<_>>().join(" ");
    let read = read::READERS.iter().map(|r| format!("{:<10} {} ({})\n", r.name, r.about, files(r.extensions)));
    let written = write::WRITERS.iter().map(|w| format!("{:<10} {} ({})\n", w.name, w.summary, files(&[w.extension])));
    format!("Read:\n\n{}\nWritten (--format):\n\n{}", read.collect::<String>(), written.collect::<String>())
}

/// Runs the command.
pub fn run(name: Option<&str>, session: &Session) -> Result<u8, Fault> {
    let pages = pages();
    let Some(name) = name else {
        pages.iter().for_each(|p| session.say(&format!("{:<22} {}\n", p.name, p.summary)));
        return Ok(exit::SAFE);
    };
    let by_code = exit::CODES.iter().any(|(code, word, _)| *word == name || code.to_string() == name);
    let wanted = if by_code { "exit-codes" } else { name };
    if let Some(page) = pages.iter().find(|p| p.name == wanted) {
        session.say(&page.text);
        return Ok(exit::SAFE);
    }
    let names: Vec<&str> = pages.iter().map(|p| p.name).collect();
    let near = diag::nearest(name, &names).map(|n| format!("did you mean {n}? ")).unwrap_or_default();
    Err(Fault::usage(format!("there is no page \"{name}\"")).help(format!("{near}there are: {}", names.join(", "))))
}
