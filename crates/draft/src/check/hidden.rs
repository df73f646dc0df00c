//! What the files of a draft hold and do not show.

use super::codes::HIDDEN_CONTENT;
use super::driver::Check;
use super::findings::{Finding, Spot};

impl Check<'_> {
    /// What the file holds beside what it shows.
    pub(super) fn hidden(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (file, draft) in self.drafts.iter().enumerate() {
            for (place, words) in &draft.document.residue {
                let spot = Spot { file, place: place.clone(), ..Spot::default() };
                findings.push(Finding { spots: vec![spot], ..Finding::plain(&HIDDEN_CONTENT, words.clone()) });
            }
        }
        for (file, draft) in self.drafts.iter().enumerate() {
            for doubt in &draft.document.doubts {
                let spots = vec![Spot { file, place: doubt.place.clone(), ..Spot::default() }];
                let harmless = vec!["they give nothing away".to_owned()];
                let answer = self.questions.ask(&doubt.asks, harmless, vec![doubt.else_holds.clone()], spots.clone());
                if answer == Some(false) {
                    findings.push(Finding { spots, ..Finding::plain(&HIDDEN_CONTENT, doubt.else_holds.clone()) });
                }
            }
        }
        findings.extend(self.stored());
        findings
    }
}
