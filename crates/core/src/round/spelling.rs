//! The spelling of a method with its parameters: `conventional(base=5,ties=even)`.

use super::{ROUNDINGS, Rounding, find};
use crate::diag::Fault;
use crate::parameter::{arguments, call, spelled};

/// A method from its spelling. Parameters without a name are taken in the order of the registry.
///
/// # Errors
/// For the first thing that is wrong.
pub fn parse_rounding(text: &str) -> Result<Box<dyn Rounding>, Fault> {
    let call = call(text).map_err(|f| f.help("write a method as `conventional(5)` or `random(base=3)`"))?;
    let Some(entry) = find(call.name) else {
        let names: Vec<&str> = ROUNDINGS.iter().map(|r| r.name).collect();
        return Err(Fault::new(format!("there is no rounding `{}`", call.name)).allowed(call.name, &names));
    };
    let given = arguments(&call, entry.parameters)?;
    entry
        .build(&given)
        .map_err(|faults| faults.into_iter().next().unwrap_or_else(|| Fault::new(format!("`{text}` can't be used"))))
}

/// A method in full, as [`parse_rounding`] reads it.
pub fn spelling(rounding: &dyn Rounding) -> String {
    spelled(rounding.entry().name, &rounding.parameters())
}
