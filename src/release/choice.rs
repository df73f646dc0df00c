//! How a pattern was chosen, and what that means against an intruder who has the program.

use serde::Serialize;

use super::figure::Figure;
use crate::model::Choice;

/// How the pattern was chosen among those that hide enough.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ChoiceReport {
    /// `key` or `cheapest`.
    by: &'static str,
    /// What that means against an intruder who has the program.
    program: &'static str,
    /// The key that was drawn for this run: whoever gives it again gets the same pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// The loss of the cheapest pattern that was found without the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    cheapest_loss: Option<Figure>,
}

impl ChoiceReport {
    /// What the report says of a choice; `decimals` are those of costs. `None` where nothing was chosen.
    pub fn new(choice: &Choice, decimals: u32) -> Option<ChoiceReport> {
        let program = choice.against_program()?;
        let figure = |value: &i64| Figure { value: *value, decimals };
        Some(match choice {
            Choice::Keyed { drawn, cheapest, .. } => ChoiceReport {
                by: "key",
                program,
                key: drawn.as_ref().map(|key| key.text().to_owned()),
                cheapest_loss: cheapest.as_ref().map(figure),
            },
            Choice::None | Choice::Cheapest => ChoiceReport { by: "cheapest", program, key: None, cheapest_loss: None },
        })
    }
}
