//! The whole answer to a request: questions and tables in the order asked, notes, signs, exemptions, advice. A draft for
//! a person to check and sign.
//!
//! [`parts`] says what stands in it and in which order; `text`, `markdown` and `docx` give it a form. What only a person
//! can say and the specification leaves out is asked for in its place, in square brackets.

pub(super) mod docx;
pub(super) mod markdown;
pub(super) mod text;

use super::layout::{self, Block, clean};
use super::legend::{self, Note};
use crate::model::{Answer, Exemption, Question};
use crate::release::{Release, ReleaseTable};

/// What makes a draft a draft.
const DRAFT: &str = "DRAFT. Not to be sent before a person has checked and signed it.";

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// The mark of a draft.
    Draft(&'static str),
    Title(String),
    /// A heading, 1 for the main parts and 2 below them.
    Heading(usize, String),
    Paragraph(String),
    /// The words of the request.
    Quote(String),
    /// What a person has to write here.
    Missing(String),
    /// A table with its caption: what it shows and which layer it is.
    Table(Option<String>, Block),
    Notes(Vec<Note>),
    /// Places for name and date.
    Signature(Vec<String>),
}

/// The answer, piece by piece.
fn parts(release: &Release) -> Vec<Part> {
    let header = release.header();
    let empty = Answer::default();
    let answer = header.answer.as_ref().unwrap_or(&empty);
    let mut parts = vec![Part::Draft(DRAFT), Part::Title(clean(&header.title))];
    if let Some(reference) = &header.reference {
        parts.push(Part::Paragraph(clean(&format!("Reference: {reference}"))));
    }
    if let Some(received) = &answer.received {
        parts.push(Part::Paragraph(clean(&format!("Your request was received on {received}."))));
    }
    parts.extend(paragraphs(&answer.opening));
    questions(answer, release, &mut parts);
    around(release, &mut parts);
    exemptions(answer, release, &mut parts);
    if withheld(release.tables().iter()) > 0 || !answer.advice.is_empty() {
        parts.push(heading("Advice and assistance"));
        said_or(
            &advice_of(answer, release),
            "what can be given instead of the figures that are withheld: wider age bands, several years together, a larger area",
            &mut parts,
        );
    }
    if !answer.neither.is_empty() || !header.closing.is_empty() {
        parts.push(heading("Other information"));
        parts.extend(paragraphs(&answer.neither));
        parts.extend(paragraphs(&header.closing));
    }
    parts.push(heading("If you are not content with this answer"));
    said_or(&answer.review, "how to ask for a review, and to whom to complain after that", &mut parts);
    let signed = answer.signed.clone().unwrap_or_else(|| "Name and role".to_owned());
    parts.push(Part::Signature(vec![clean(&signed), "Date".to_owned()]));
    parts.push(Part::Paragraph(legend::colophon(release)));
    parts
}

fn heading(text: &str) -> Part {
    Part::Heading(1, clean(text))
}

fn paragraphs(texts: &[String]) -> impl Iterator<Item = Part> {
    texts.iter().map(|text| Part::Paragraph(clean(text.trim())))
}

/// What was written, or what has to be.
fn said_or(texts: &[String], missing: &str, parts: &mut Vec<Part>) {
    match texts {
        [] => parts.push(Part::Missing(missing.to_owned())),
        texts => parts.extend(paragraphs(texts)),
    }
}

/// The questions with their tables, and the tables that no question names.
fn questions(answer: &Answer, release: &Release, parts: &mut Vec<Part>) {
    if answer.questions.is_empty() {
        parts.push(Part::Missing("the questions, in the words and the order of the request".to_owned()));
    }
    let several = answer.questions.len() > 1;
    for (number, question) in answer.questions.iter().enumerate() {
        let Question { text, tables, reply } = question;
        parts.push(heading(&if several { format!("Question {}", number + 1) } else { "Your request".to_owned() }));
        parts.push(Part::Quote(clean(text.trim())));
        parts.extend(paragraphs(reply));
        for table in tables.iter().filter_map(|id| release.tables().iter().find(|t| t.id == *id)) {
            with_notes(table, release, parts);
        }
        if tables.is_empty() && reply.is_empty() {
            parts.push(Part::Missing("the answer to this question".to_owned()));
        }
    }
    let named = |t: &&ReleaseTable| answer.questions.iter().any(|q| q.tables.contains(&t.id));
    let rest: Vec<&ReleaseTable> = release.tables().iter().filter(|t| !named(t)).collect();
    if !rest.is_empty() {
        parts.push(heading(if answer.questions.is_empty() { "Figures" } else { "Further figures" }));
    }
    rest.into_iter().for_each(|table| with_notes(table, release, parts));
}

/// A table, its notes, and how many of its figures are withheld.
fn with_notes(table: &ReleaseTable, release: &Release, parts: &mut Vec<Part>) {
    let markers = &release.header().markers;
    parts.push(Part::Heading(2, layout::title(table)));
    parts.extend(layout::blocks(table, markers).into_iter().map(|block| Part::Table(block.caption.clone(), block)));
    let notes = legend::notes(table);
    if !notes.is_empty() {
        parts.push(Part::Notes(notes));
    }
    let (gone, all) = (table.withheld(), table.grid.len());
    if gone > 0 {
        let are = if gone == 1 { "is" } else { "are" };
        let text = format!("{gone} of the {all} figures of this table {are} withheld, shown as {}.", markers.withheld);
        parts.push(Part::Paragraph(clean(&text)));
    }
}

/// What the signs mean, where the figures come from, and what the policy says about them.
fn around(release: &Release, parts: &mut Vec<Part>) {
    let header = release.header();
    let legend = legend::legend(release);
    if !legend.is_empty() {
        parts.push(heading("Signs in the tables"));
        parts.push(Part::Notes(legend));
    }
    let source = header.source.iter().map(|s| format!("Source: {s}"));
    let unit = Some(&header.unit).filter(|u| !u.is_empty()).map(|u| format!("Counted: {u}"));
    let about: Vec<String> = source.chain(unit).chain(header.notes.iter().cloned()).collect();
    if !about.is_empty() {
        parts.push(heading("About the figures"));
        parts.extend(paragraphs(&about));
    }
}

fn withheld<'a>(tables: impl Iterator<Item = &'a ReleaseTable>) -> usize {
    tables.map(ReleaseTable::withheld).sum()
}

/// What is withheld, under which provision, and why it applies.
fn exemptions(answer: &Answer, release: &Release, parts: &mut Vec<Part>) {
    let gone = withheld(release.tables().iter());
    if gone == 0 && answer.exemptions.is_empty() {
        return;
    }
    parts.push(heading("What is withheld, and why"));
    let sign = &release.header().markers.withheld;
    if gone > 0 {
        let all: usize = release.tables().iter().map(|t| t.grid.len()).sum();
        let text = format!(
            "{gone} of the {all} figures in the tables of this answer are withheld. Each is shown as {sign}. The same sign \
            stands for a figure that is withheld because of its size and for one that would reveal another, so that \
            neither can be worked out."
        );
        parts.push(Part::Paragraph(clean(&text)));
    }
    let relied_on = exemptions_of(answer, release);
    for Exemption { section, title, covers, because, public_interest } in &relied_on {
        let title = title.as_ref().map_or(String::new(), |t| format!(": {t}"));
        parts.push(Part::Heading(2, layout::capital(&clean(&format!("{section}{title}")))));
        let covers = covers.clone().unwrap_or_else(|| format!("the figures shown as {sign}"));
        parts.push(Part::Paragraph(clean(&format!("Withheld under {section}: {covers}."))));
        parts.extend(paragraphs(because));
        if !public_interest.is_empty() {
            parts.push(Part::Paragraph("The public interest:".to_owned()));
            parts.extend(paragraphs(public_interest));
        }
    }
    if relied_on.is_empty() {
        parts.push(Part::Missing("that information is withheld, the exemption, and why it applies".to_owned()));
    }
}

/// The exemptions that the specification names; where it names none, the one of the policy.
fn exemptions_of(answer: &Answer, release: &Release) -> Vec<Exemption> {
    if !answer.exemptions.is_empty() {
        return answer.exemptions.clone();
    }
    let of_policy = release.header().terms.exemption.as_ref().map(|e| Exemption {
        section: format!("{} of the {}", e.section, e.act),
        because: vec![e.because.clone()],
        ..Exemption::default()
    });
    of_policy.into_iter().collect()
}

/// What the specification offers instead of what is withheld; where it offers nothing, what the policy does.
fn advice_of(answer: &Answer, release: &Release) -> Vec<String> {
    if !answer.advice.is_empty() {
        return answer.advice.clone();
    }
    release.header().terms.exemption.iter().filter_map(|e| e.advice.clone()).collect()
}

/// What stands in the place of something that only a person can write.
fn missing(what: &str) -> String {
    format!("[To be written before this is signed: {what}.]")
}

#[cfg(test)]
mod tests;
