//! The sign of withheld figures, where it states a range (`<5`): whether that is true of all of them, and what a reader who
//! believes it knows.

use crate::attack::Public;
use crate::model::{CellId, Exposure, Interval, Protection, System};
use crate::policy::Policy;
use crate::policy::lint::{self, Claim};
use crate::read::Error;

/// What is said at every release whose sign for withheld figures states a range.
pub(super) fn claims(policy: &Policy) -> Option<String> {
    let claim = lint::claim(policy)?;
    Some(format!(
        "`{}` says that a withheld figure is small; figures that are withheld to protect others have the same sign, and may \
         be of any size [{SIGN}]",
        claim.text
    ))
}

/// The warning about a sign that states a range.
const SIGN: &str = "sign-claims-range";

/// Whether what the sign says of a withheld cell is true of it.
fn fits(claim: &Claim, system: &System, cell: CellId) -> bool {
    let unit = system.measures.get(system.cells[cell].measure).map_or(1, |m| 10_i64.saturating_pow(m.decimals()));
    claim.range.is_some_and(|range| {
        let (lo, hi) = (range.lo.map(|lo| lo.saturating_mul(unit)), range.hi.map(|hi| hi.saturating_mul(unit)));
        Interval { lo, hi }.contains(system.value(cell))
    })
}

/// The printed cells that the sign of withheld figures stands for.
fn signed<'a>(system: &'a System, protection: &'a Protection) -> impl Iterator<Item = CellId> + 'a {
    let shown = |c: &CellId| system.cells[*c].exposure == Exposure::Shown;
    (0..system.cells.len()).filter(shown).filter(|&c| protection.is_withheld(c))
}

/// Refuses a sign that says something untrue of a cell that it stands for, unless the policy accepts that.
///
/// # Errors
/// The sign, without the cell or its value.
pub(super) fn expect_true(policy: &Policy, system: &System, protection: &Protection) -> Result<(), Error> {
    let accepted = policy.accepted.iter().any(|a| a.warning == SIGN);
    let Some(claim) = lint::claim(policy).filter(|_| !accepted) else { return Ok(()) };
    if signed(system, protection).all(|cell| fits(&claim, system, cell)) {
        return Ok(());
    }
    Err(Error::usage(format!(
        "`{}` would stand for withheld figures of which it is not true: nothing was released",
        claim.text
    ))
    .with_help(format!(
        "use a sign without a number ([markers] withheld = \"[c]\"; the legend gives the range), or accept it in the policy: \
         [[accepted]] with warning = \"{SIGN}\" and a reason"
    )))
}

/// A reader believes what the sign says of withheld figures: where it is true of all of them, he knows that much more.
pub(super) fn believe(policy: &Policy, system: &System, protection: &Protection, public: &mut Public) {
    let Some(claim) = lint::claim(policy) else { return };
    let Some(range) = claim.range.filter(|_| signed(system, protection).all(|c| fits(&claim, system, c))) else {
        return;
    };
    for cell in signed(system, protection) {
        let unit = system.measures.get(system.cells[cell].measure).map_or(1, |m| 10_i64.saturating_pow(m.decimals()));
        let scaled = |end: Option<i64>| end.map(|end| end.saturating_mul(unit));
        let told = Interval { lo: scaled(range.lo), hi: scaled(range.hi) };
        public.domain[cell] = public.domain[cell].meet(told);
    }
}
