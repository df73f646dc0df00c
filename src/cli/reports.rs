//! The confidential reports of a command: where they go, and what they are compared with.

use std::path::{Path, PathBuf};

use tabsafe::diag::reason;
use tabsafe::pipeline::Outcome;
use tabsafe::policy::{Plan, Policy};
use tabsafe::release::{Earlier, Last};
use tabsafe::write::is_page;

use super::fault::Fault;
use super::input::is_dash;
use super::show::{View, summary};

/// The reports that were asked for.
pub struct Reports<'a> {
    /// Where they go; `-` is standard output.
    pub paths: &'a [PathBuf],
    /// The earlier report.
    pub since: Option<Earlier>,
}

impl<'a> Reports<'a> {
    /// Reads the earlier report, before the long work.
    pub fn of(paths: &'a [PathBuf], since: Option<&Path>) -> Result<Self, Fault> {
        let Some(path) = since else { return Ok(Reports { paths, since: None }) };
        if !paths.iter().any(|p| is_page(p)) {
            return Err(Fault::usage("--since needs a page that tells what changed")
                .help("add --report review.html; --report can be given more than once"));
        }
        let fault = |why: String| Fault::usage(format!("{}: {why}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|e| fault(reason(&e)))?;
        let help = "give a report that an earlier run wrote with --report FILE.json";
        let earlier = Earlier::parse(&text).map_err(|why| fault(why).help(help))?;
        Ok(Reports { paths, since: Some(earlier) })
    }

    /// Those that are files.
    pub fn files(&self) -> impl Iterator<Item = &'a PathBuf> + use<'a> {
        self.paths.iter().filter(|path| !is_dash(path))
    }

    /// Whether one goes to standard output.
    pub fn to_stdout(&self) -> bool {
        self.paths.iter().any(|path| is_dash(path))
    }
}

/// Reads the last release, before the long work.
pub fn last(path: Option<&Path>, policy: &Policy) -> Result<Option<Last>, Fault> {
    let Some(path) = path else { return Ok(None) };
    if !matches!(policy.plan, Plan::Suppress(_)) {
        return Err(Fault::usage("--last is about cells to be withheld, and this policy withholds none")
            .help("what it does instead, and how, stands in the policy"));
    }
    let fault = |why: String| Fault::usage(format!("{}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|e| fault(reason(&e)))?;
    let help = "give the CSV file of the last release, or the report that its run wrote with --report FILE.json";
    let last = Last::parse(&path.display().to_string(), &text).map_err(|why| fault(why).help(help))?;
    Ok(Some(last))
}

/// What is said about a run, for the page: the verdict first. Confidential.
pub fn said(outcome: &Outcome) -> Vec<(String, String)> {
    summary::said(&View { verbose: true, ..View::of(outcome) })
}
