//! Questions on the command line: `--yes`, `--no`, and how they are shown.

use anstyle::Style;
use tabsafe::check::{Answers, Outcome, Question};

use super::super::args::CheckArgs;
use super::super::fault::Fault;
use super::human::View;
use super::tables::paint;

/// Lines of a question that are named.
const LINES: usize = 5;

/// The answers that `--yes` and `--no` give.
///
/// # Errors
/// A name that is none, a question with both answers.
pub fn answers(args: &CheckArgs) -> Result<Answers, Fault> {
    let mut answers = Answers::default();
    let given = args.yes.iter().map(|id| (id, true)).chain(args.no.iter().map(|id| (id, false)));
    for (given, yes) in given {
        let number = given.trim().trim_start_matches(['Q', 'q']).parse::<usize>().ok().filter(|n| *n > 0);
        let id = number.map(|n| format!("Q{n}")).ok_or_else(|| {
            Fault::usage(format!("\"{given}\" is no name of a question"))
                .help("questions are called Q1, Q2 and so on: run check without --yes and --no to see them")
        })?;
        if answers.ids.insert(id.clone(), yes).is_some_and(|before| before != yes) {
            return Err(Fault::usage(format!("{id} is answered with yes and with no")).help("give one answer"));
        }
    }
    Ok(answers)
}

/// Whether every answer has its question.
///
/// # Errors
/// Names that no question has, with the questions there are.
pub fn known(outcome: &Outcome) -> Result<(), Fault> {
    let Some(first) = outcome.unasked.first() else { return Ok(()) };
    let there: Vec<String> = outcome.questions.iter().map(|q| format!("{}: {}", q.id, q.asks)).collect();
    let help = match there.as_slice() {
        [] => "nothing is asked about this draft: leave --yes and --no out".to_owned(),
        there => format!("there are: {}", there.join(" ")),
    };
    Err(Fault::usage(format!("there is no question {first}")).help(help))
}

/// The verdict of a draft with open questions.
pub fn verdict(outcome: &Outcome, name: &str) -> String {
    match outcome.open_questions().count() {
        1 => format!("QUESTION: one thing must be settled before {name} can be judged. It must not go out before."),
        n => format!("QUESTION: {n} things must be settled before {name} can be judged. It must not go out before."),
    }
}

/// " (line 4)", where the format has lines.
fn place(question: &Question) -> String {
    let mut lines: Vec<usize> = question.spots.iter().map(|s| s.place.line).filter(|line| *line > 0).collect();
    lines.dedup();
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!(" (line {line})"),
        lines => {
            let first: Vec<String> = lines.iter().take(LINES).map(usize::to_string).collect();
            let more = match lines.len().saturating_sub(LINES) {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            format!(" (lines {}{more})", first.join(", "))
        }
    }
}

/// What is asked, what follows, and how it is answered.
pub fn lines(view: &View) -> Vec<String> {
    let open: Vec<&Question> = view.outcome.open_questions().collect();
    let Some(first) = open.first() else { return Vec::new() };
    let heading = match open.len() {
        1 => "One thing must be settled first".to_owned(),
        n => format!("{n} things must be settled first"),
    };
    let mut lines = vec![String::new(), paint(&heading, Style::new().bold(), view.color)];
    for question in &open {
        lines.extend(view.fill(&format!("  {:<3} ", question.id), &format!("{}{}", question.asks, place(question))));
        for (word, follows) in [("If yes", &question.if_yes), ("If no", &question.if_no)] {
            lines.extend(follows.iter().flat_map(|words| view.fill("      ", &format!("{word}: {words}"))));
        }
    }
    let how = format!(
        "-> answer with --yes {} or --no {}; add --save-layout FILE to keep the answers for the next time",
        first.id, first.id
    );
    lines.extend(view.fill("  ", &how));
    lines
}
