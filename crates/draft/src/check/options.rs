//! What a check is asked for.

use std::collections::BTreeMap;

use crate::policy::Policy;
use crate::solve::Solver;
use crate::text::Meaning;

use super::{Accept, Answers, Layout};

/// What a check is asked for.
#[derive(Clone)]
pub struct Options<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// How the draft is to be read, where a person says so.
    pub layout: Option<&'a Layout>,
    /// What signs stand for; an empty sign is a blank cell.
    pub markers: BTreeMap<String, Meaning>,
    /// Whether a meaning that the arithmetic supports is taken for what nobody declared.
    pub accept_inferred: bool,
    /// Answers to questions; those of the layout are added.
    pub answers: Answers,
    /// Findings that are accepted; those of the layout are added.
    pub accept: &'a [Accept],
    /// Whether remedies are looked for.
    pub remedies: bool,
    /// Who solves programs.
    pub solver: &'a dyn Solver,
}

impl<'a> Options<'a> {
    /// Without a layout, markers or answers; remedies are looked for.
    pub fn new(policy: &'a Policy, solver: &'a dyn Solver) -> Self {
        Options {
            policy,
            layout: None,
            markers: BTreeMap::new(),
            accept_inferred: false,
            answers: Answers::default(),
            accept: &[],
            remedies: true,
            solver,
        }
    }
}
