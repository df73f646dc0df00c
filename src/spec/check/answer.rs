//! `[answer]`: what an answer to a request says beside its figures.

use std::collections::HashSet;

use toml::Spanned;

use super::Check;
use crate::diag::Fault;
use crate::model::{Answer, Exemption, Question};
use crate::spec::TableSpec;
use crate::spec::written::{self, Text};

impl Check {
    pub(super) fn answer(&mut self, answer: Option<written::Answer>, tables: &[TableSpec]) -> Option<Answer> {
        let answer = answer?;
        let mut asked = HashSet::new();
        let questions: Vec<Question> =
            answer.questions.into_iter().map(|q| self.question(q, tables, &mut asked)).collect();
        if !questions.is_empty() {
            for table in tables.iter().filter(|t| !asked.contains(&t.id)) {
                let message =
                    format!("no question names the table \"{}\": the answer gives it after the last one", table.id);
                self.warnings.push(Fault::new(message));
            }
        }
        Some(Answer {
            received: self.filled(answer.received),
            signed: self.filled(answer.signed),
            opening: self.paragraphs(answer.opening),
            questions,
            exemptions: answer.exemptions.into_iter().map(|e| self.exemption(e)).collect(),
            advice: self.paragraphs(answer.advice),
            neither: self.paragraphs(answer.neither_confirm_nor_deny),
            review: self.paragraphs(answer.review),
        })
    }

    fn paragraphs(&mut self, texts: Vec<Text>) -> Vec<String> {
        texts.into_iter().filter_map(|text| self.filled(Some(text))).collect()
    }

    fn question(
        &mut self,
        question: Spanned<written::Question>,
        tables: &[TableSpec],
        asked: &mut HashSet<String>,
    ) -> Question {
        let place = question.span();
        let question = question.into_inner();
        let text = self.needed(question.text, Some(place), "the question has no text", "write text = \"…\"");
        let mut named = Vec::new();
        for table in question.tables {
            let id = table.get_ref().clone();
            if tables.iter().all(|t| t.id != id) {
                let there = tables.iter().map(|t| t.id.as_str()).collect::<Vec<_>>().join(", ");
                let fault = Fault::at(table.span(), format!("there is no table \"{id}\""));
                self.fault(fault.help(format!("there are: {there}")));
            } else if !asked.insert(id.clone()) {
                let fault = Fault::at(table.span(), format!("the table \"{id}\" answers two questions"));
                self.fault(fault.help("name it in the first of them, and refer to it in the `reply` of the other"));
            } else {
                named.push(id);
            }
        }
        Question { text, tables: named, reply: self.paragraphs(question.reply) }
    }

    fn exemption(&mut self, exemption: Spanned<written::Exemption>) -> Exemption {
        let place = exemption.span();
        let exemption = exemption.into_inner();
        let section = self.needed(
            exemption.section,
            Some(place.clone()),
            "the exemption names no provision",
            "write section = \"section 40(2)\"",
        );
        if exemption.because.is_empty() {
            let fault = Fault::at(place, "the exemption does not say why it applies");
            self.fault(fault.help("write because = [\"…\"]: the law asks for the reason"));
        }
        Exemption {
            section,
            title: self.filled(exemption.title),
            covers: self.filled(exemption.covers),
            because: self.paragraphs(exemption.because),
            public_interest: self.paragraphs(exemption.public_interest),
        }
    }
}
