//! Questions: what a verdict depends on and a draft does not say.
//!
//! Whatever part of `check` needs to know something that neither the words nor the arithmetic of the draft settle asks for it
//! by [`Questions::ask`], with what follows from either answer. An open question keeps a draft from being called safe; it
//! never hides a finding.
//!
//! A question is known by its text: the same text asked twice is one question. Its short name counts the questions in the
//! order in which they are asked, answered ones included. Since an answer can raise new questions, names are given in
//! passes: first to what is asked without the answers of this run, then to what those raise. So `--yes Q1 --no Q3` means
//! what the list showed that `Q1` and `Q3` were read from.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::driver::Check;
use super::findings::Spot;
use super::{Draft, Options};

/// The page of the manual about questions.
pub const MANUAL: &str = include_str!("question.md");

/// Something that must be settled before the draft can be judged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Question {
    /// Its short name: `Q1`.
    pub id: String,
    /// The question, which yes or no answers; its text is its key in a layout.
    pub asks: String,
    /// What follows from a yes, a sentence each; empty where nothing does.
    pub if_yes: Vec<String>,
    /// What follows from a no.
    pub if_no: Vec<String>,
    /// What it is about.
    pub spots: Vec<Spot>,
    /// The answer, where there is one.
    pub answer: Option<bool>,
}

/// Answers that a user gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// By the short names of questions, as `--yes` and `--no` give them.
    pub ids: BTreeMap<String, bool>,
    /// By their texts, as a layout gives them.
    pub texts: BTreeMap<String, bool>,
    /// The questions that have a name already, in the order of the names.
    numbered: Vec<String>,
}

impl Answers {
    /// The text that a short name stands for.
    fn text_of(&self, id: &str) -> Option<&String> {
        let number: usize = id.strip_prefix('Q')?.parse().ok()?;
        self.numbered.get(number.checked_sub(1)?)
    }

    /// Takes the names as answers to texts; whether any could be taken.
    fn settle(&mut self) -> bool {
        let (known, open): (BTreeMap<_, _>, BTreeMap<_, _>) =
            std::mem::take(&mut self.ids).into_iter().partition(|(id, _)| self.text_of(id).is_some());
        let texts: Vec<(String, bool)> =
            known.iter().filter_map(|(id, yes)| Some((self.text_of(id)?.clone(), *yes))).collect();
        self.texts.extend(texts);
        self.ids = open;
        !known.is_empty()
    }
}

/// The answers by text, the names of a command line being looked up in what is asked without them. What is left under
/// [`Answers::ids`] names no question.
pub(crate) fn settled(drafts: &[Draft], options: &Options) -> Answers {
    let mut answers = options.answers.clone();
    let said = options.layout.map(|l| l.replies()).unwrap_or_default();
    answers.texts = said.into_iter().chain(answers.texts).collect();
    while !answers.ids.is_empty() {
        let before = answers.numbered.len();
        let pass = Options { answers: answers.clone(), markers: options.markers.clone(), remedies: false, ..*options };
        answers.numbered = Check::new(drafts, &pass).judged().questions.numbered();
        if !answers.settle() || answers.numbered.len() == before {
            break;
        }
    }
    answers
}

/// What was asked so far, and what is answered.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    texts: BTreeMap<String, bool>,
    asked: Mutex<Asked>,
}

#[derive(Debug, Default)]
struct Asked {
    /// Texts by number.
    numbered: Vec<String>,
    /// In the order of asking.
    questions: Vec<Question>,
}

impl Questions {
    /// Nothing asked yet.
    pub fn new(answers: &Answers) -> Questions {
        let asked = Asked { numbered: answers.numbered.clone(), questions: Vec::new() };
        Questions { texts: answers.texts.clone(), asked: Mutex::new(asked) }
    }

    /// The answer to a question, without asking it.
    pub fn answer(&self, asks: &str) -> Option<bool> {
        self.texts.get(asks).copied()
    }

    /// Asks; the answer, where a user gave one. Without it the question stands in the answer of `check`.
    pub fn ask(&self, asks: &str, if_yes: Vec<String>, if_no: Vec<String>, spots: Vec<Spot>) -> Option<bool> {
        let answer = self.answer(asks);
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if !asked.questions.iter().any(|q| q.asks == asks) {
            let known = asked.numbered.iter().position(|text| text == asks);
            let number = known.unwrap_or_else(|| {
                asked.numbered.push(asks.to_owned());
                asked.numbered.len() - 1
            });
            let id = format!("Q{}", number + 1);
            asked.questions.push(Question { id, asks: asks.to_owned(), if_yes, if_no, spots, answer });
        }
        answer
    }

    /// Whether a question was asked.
    pub fn asked(&self, asks: &str) -> bool {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).questions.iter().any(|q| q.asks == asks)
    }

    /// The texts of all that have a name.
    fn numbered(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).numbered.clone()
    }

    /// Everything asked, by number.
    pub fn all(&self) -> Vec<Question> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = asked.questions.clone();
        all.sort_by_key(|q| asked.numbered.iter().position(|text| *text == q.asks));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(questions: &Questions, text: &str) -> Option<bool> {
        questions.ask(text, Vec::new(), Vec::new(), Vec::new())
    }

    /// The same text is one question; names follow the order of asking, answered ones included.
    #[test]
    fn names() {
        let mut answers = Answers::default();
        answers.texts.insert("b?".to_owned(), true);
        let questions = Questions::new(&answers);
        assert_eq!([ask(&questions, "a?"), ask(&questions, "b?"), ask(&questions, "a?")], [None, Some(true), None]);
        ask(&questions, "c?");
        let all: Vec<_> = questions.all().into_iter().map(|q| (q.id, q.asks, q.answer)).collect();
        let expect = [("Q1", "a?", None), ("Q2", "b?", Some(true)), ("Q3", "c?", None)];
        assert_eq!(all, expect.map(|(id, asks, answer)| (id.to_owned(), asks.to_owned(), answer)));
    }

    /// A name means what it meant where it was read, although an answer raises a question before it; what names nothing is
    /// left.
    #[test]
    fn names_stay() {
        let mut answers =
            Answers { ids: [("Q1".to_owned(), true), ("Q2".to_owned(), false)].into(), ..Answers::default() };
        answers.ids.insert("Q9".to_owned(), true);
        let first = Questions::new(&answers);
        ask(&first, "a?");
        ask(&first, "c?");
        answers.numbered = first.numbered();
        assert!(answers.settle() && !answers.clone().settle());
        let second = Questions::new(&answers);
        assert_eq!(["a?", "b?", "c?"].map(|text| ask(&second, text)), [Some(true), None, Some(false)]);
        assert_eq!(second.all().iter().map(|q| q.id.as_str()).collect::<Vec<_>>(), ["Q1", "Q2", "Q3"]);
        assert_eq!(second.all()[2].asks, "b?");
        assert_eq!(answers.ids.keys().collect::<Vec<_>>(), ["Q9"]);
    }
}
