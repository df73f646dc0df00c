//! Drafts under a policy that adds noise: what is said of them, and whether they look as if they carried none.

use crate::policy::PerturbPlan;

use super::codes::NOT_UNDERSTOOD;
use super::figures::Signs;
use super::findings::Finding;
use super::lexicon::Content;
use super::reading::Reading;

/// Totals that are the sum of their parts: so many are no chance.
const ENOUGH: usize = 4;

/// What the figures were judged as.
pub(crate) fn judged_as(signs: &Signs) -> Option<String> {
    let plan = signs.noise.as_ref()?;
    let spelling = plan.method.entry().name;
    let most = most(plan);
    let bound = match most {
        Some(most) => format!("a figure stands for all counts from {most} less to {most} more"),
        None => "its noise has no bound, so nothing certain follows from a figure".to_owned(),
    };
    Some(format!(
        "its figures were judged as noisy ones under {spelling}, not as true counts: {bound}, parts need not add up to \
         totals, and small figures are allowed. Whether noise was added, and whether it can be averaged out, a draft does \
         not tell: tabsafe release does"
    ))
}

/// How far noise goes at most, told from a figure far from zero.
fn most(plan: &PerturbPlan) -> Option<i64> {
    const FAR: i64 = 1_000_000;
    let allowed = plan.method.allows(FAR, 1);
    let (lo, hi) = (allowed.first()?.lo?, allowed.last()?.hi?);
    Some((FAR - lo).max(hi - FAR))
}

/// A finding where every total is the sum of its parts, which noise hardly ever leaves.
pub(crate) fn without(reading: &Reading, signs: &Signs) -> Option<Finding> {
    signs.noise.as_ref()?;
    let shown = |cell: usize| {
        let placed = reading.bound.placed.get(*reading.bound.places_of(cell).first()?)?;
        match super::knowledge::content(&reading.tables, placed)? {
            Content::Number(n) => n.count(),
            _ => None,
        }
    };
    let mut sums = 0;
    for relation in &reading.bound.system.relations {
        let values: Option<Vec<(i64, i64)>> = relation.terms.iter().map(|&(c, k)| shown(c).map(|v| (v, k))).collect();
        let Some(values) = values else { continue };
        if values.iter().filter(|(v, _)| *v != 0).count() < 3 {
            continue;
        }
        let sum = values.iter().fold(0i64, |sum, (v, k)| sum.saturating_add(v.saturating_mul(*k)));
        if sum != relation.constant {
            return None;
        }
        sums += 1;
    }
    (sums >= ENOUGH).then(|| Finding {
        help: Some(
            "make the release with tabsafe release under this policy; or check the draft under a policy that withholds or rounds"
                .to_owned(),
        ),
        ..Finding::plain(
            &NOT_UNDERSTOOD,
            format!("the policy adds noise to every figure, but all {sums} totals are the sums of their parts: these look like true counts"),
        )
    })
}
