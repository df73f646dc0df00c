//! Rounded figures of a published table: what each stands for.

use crate::model::{Interval, scaled};
use crate::read::{Error, Meaning, PublishedTable};
use crate::round::{Rounding, spelling};

/// Puts in place of each rounded figure what it stands for under a method. `inner` says of the codes of a cell whether it is
/// one of the finest cells, where that is known.
///
/// # Errors
/// Figures that the method never publishes, with their lines.
pub fn understand(
    table: &mut PublishedTable,
    method: &dyn Rounding,
    inner: impl Fn(&[String]) -> bool,
) -> Result<(), Error> {
    let unit = 10i64.saturating_pow(table.decimals);
    let mut strange = Vec::new();
    for cell in &mut table.cells {
        let Err(Meaning::Rounded(shown)) = cell.content else { continue };
        let allowed = method.allows(shown, inner(&cell.codes).then_some(1), unit);
        let (Some(first), Some(last)) = (allowed.first(), allowed.last()) else {
            strange.push(format!("line {}: {}", cell.line, scaled(shown, table.decimals)));
            continue;
        };
        let bounds = Interval { lo: first.lo, hi: last.hi };
        cell.content = bounds.value().ok_or(Meaning::StandsFor(bounds));
    }
    if strange.is_empty() {
        return Ok(());
    }
    let what = format!("{}: {} no figure of {}", table.file, told(&strange), spelling(method));
    Err(Error::data(what)
        .with_help("check the method and its parameters; a column `status` says which figures are rounded"))
}

/// "line 3: 7 is", or several.
fn told(strange: &[String]) -> String {
    let first = strange.iter().take(10).cloned().collect::<Vec<_>>().join("; ");
    match strange.len() {
        1 => format!("{first} is"),
        2..=10 => format!("{first} are"),
        n => format!("{first}; and {} more are", n - 10),
    }
}
