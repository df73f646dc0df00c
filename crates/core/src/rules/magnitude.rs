//! What the rules for sums share: the contributions to a cell, and protection levels.

use super::{Breach, Needs, Percent, Values, worked_out};
use crate::diag::Fault;
use crate::model::{CellId, Harm, Measure, System};

/// What is known of the contributions to a cell of a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known<'a> {
    /// The largest contributions, as many as were asked for or as there are; none is negative as far as is known.
    Largest(&'a [i64]),
    /// Some contribution is negative: shares of the sum have no meaning.
    Negative(&'a [i64]),
    /// Not enough is known to apply the rule.
    Nothing,
}

/// The contributions to a cell, at least the `wanted` largest; `None` where rules for sums do not apply: to counts,
/// and to cells without contributors.
pub(super) fn contributions(system: &System, cell: CellId, wanted: usize) -> Option<Known<'_>> {
    let cell = &system.cells[cell];
    if !matches!(system.measures[cell.measure], Measure::Sum { .. }) {
        return None;
    }
    let Some(known) = &cell.contributions else {
        return (cell.value != 0).then_some(Known::Nothing);
    };
    if known.count == 0 && cell.value == 0 {
        return None;
    }
    let enough = usize::try_from(known.count).is_ok_and(|count| known.largest.len() >= wanted.min(count));
    if !enough || known.count <= 0 {
        return Some(Known::Nothing);
    }
    let sum: i128 = known.largest.iter().map(|&x| i128::from(x)).sum();
    // The largest adding up to more than the whole means that some of the others are negative.
    let negative = cell.value < 0 || sum > i128::from(cell.value) || known.largest.iter().any(|&x| x < 0);
    Some(if negative { Known::Negative(&known.largest) } else { Known::Largest(&known.largest) })
}

/// Levels that protect a cell of this value by `upper` on both sides. Where values are not negative, an intruder can
/// be kept no further below than at 0.
pub(super) fn levels(value: i64, upper: i128) -> Harm {
    let upper = i64::try_from(upper.max(1)).unwrap_or(i64::MAX);
    let lower = if value > 0 { upper.min(value) } else { upper };
    Harm::Levels { lower, upper, spread: 0 }
}

/// `a / b` rounded up; `b` must be positive.
pub(super) fn ceiling(a: i128, b: i128) -> i128 {
    a.div_euclid(b) + i128::from(a.rem_euclid(b) != 0)
}

/// How close contributors could come to the largest contribution, and how close they may: the (p,q)-rule, and with
/// `q` = 100 the p%-rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Estimate {
    /// How close nobody may come, in percent of the contribution.
    pub p: Percent,
    /// How close everybody can come beforehand, in percent.
    pub q: Percent,
    /// How many contributors join.
    pub coalition: usize,
}

/// The parameter of how many contributors join.
pub(super) fn coalition(values: &Values) -> Result<usize, Fault> {
    Ok(usize::try_from(values.whole("coalition")?).unwrap_or(usize::MAX - 1))
}

impl Estimate {
    /// The largest contribution and those who join.
    pub(super) fn needs(&self) -> Needs {
        Needs { persons: false, contributions: self.coalition + 1 }
    }

    /// What the parameters tell of a withheld sum.
    pub(super) fn betrays(&self) -> String {
        let percent = |p: Percent| p.to_string().parse::<f64>().unwrap_or(100.0);
        let share = percent(self.p) / percent(self.q) * 100.0;
        let known = self.coalition + 1;
        format!(
            "who knows the {known} largest contributions knows that all others are below {share:.2} % of the largest"
        )
    }

    /// What is wrong with a cell.
    pub(super) fn check(&self, system: &System, cell: CellId) -> Vec<Breach> {
        let value = system.cells[cell].value;
        let wanted = self.coalition + 1;
        let (upper, reason) = match contributions(system, cell, wanted) {
            None => return Vec::new(),
            Some(Known::Largest(largest)) => {
                let first = largest.first().map_or(0, |&x| i128::from(x));
                let known: i128 = largest.iter().take(wanted).map(|&x| i128::from(x)).sum();
                let upper = self.level(first, i128::from(value) - known);
                if upper <= 0 {
                    return Vec::new();
                }
                (upper, self.estimated())
            }
            Some(Known::Negative(largest)) => {
                let absolute = largest.iter().map(|&x| i128::from(x).abs()).max().unwrap_or(0);
                (
                    self.level(absolute, 0),
                    "some contributions are negative, so they can't be compared with the sum".to_owned(),
                )
            }
            Some(Known::Nothing) => {
                let reason =
                    "the contributions to the sum are not known, so the largest might be estimated too closely";
                (self.level(i128::from(value).abs(), 0), reason.to_owned())
            }
        };
        vec![Breach::unsafe_for(reason + worked_out(system, cell), levels(value, upper))]
    }

    /// `p/q · first − rest`, rounded up: above 0 exactly when `q` percent of the rest are less than `p` percent of the first.
    fn level(&self, first: i128, rest: i128) -> i128 {
        let (p, q) = (self.p.millionths(), self.q.millionths().max(1));
        ceiling(p * first - q * rest, q)
    }

    /// The reason; it does not tell the shares.
    fn estimated(&self) -> String {
        match self.coalition {
            1 => "the second largest contributor could estimate the largest contribution too closely".to_owned(),
            c => format!("{c} contributors together could estimate the largest contribution too closely"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sum_cell;

    /// Rounded up on both sides of zero, so that protection is never less than the formula asks for.
    #[test]
    fn rounding_up() {
        assert_eq!([(7, 2), (8, 2), (-7, 2), (0, 5), (1, 100)].map(|(a, b)| ceiling(a, b)), [4, 4, -3, 0, 1]);
    }

    /// The lower level of a value that can't be negative ends at 0; levels are at least 1.
    #[test]
    fn level_bounds() {
        assert_eq!(levels(100, 30), Harm::Levels { lower: 30, upper: 30, spread: 0 });
        assert_eq!(levels(100, 300), Harm::Levels { lower: 100, upper: 300, spread: 0 });
        assert_eq!(levels(-5, 300), Harm::Levels { lower: 300, upper: 300, spread: 0 });
        assert_eq!(levels(10, 0), Harm::Levels { lower: 1, upper: 1, spread: 0 });
        assert_eq!(levels(10, i128::MAX), Harm::Levels { lower: 10, upper: i64::MAX, spread: 0 });
    }

    /// What can't be known is told apart from what is fine.
    #[test]
    fn what_is_known() {
        let known = |value, count, largest: &[i64]| {
            let system = sum_cell(value, Some((count, largest)));
            format!("{:?}", contributions(&system, 0, 2))
        };
        assert_eq!(known(10, 3, &[5, 3]), "Some(Largest([5, 3]))");
        assert_eq!(known(5, 1, &[5]), "Some(Largest([5]))");
        assert_eq!(known(10, 3, &[5]), "Some(Nothing)");
        assert_eq!(known(10, 0, &[]), "Some(Nothing)");
        assert_eq!(known(0, 0, &[]), "None");
        assert_eq!(known(7, 3, &[5, 3]), "Some(Negative([5, 3]))");
        assert_eq!(known(-5, 1, &[-5]), "Some(Negative([-5]))");
        assert_eq!(contributions(&sum_cell(0, None), 0, 2), None);
        assert_eq!(contributions(&sum_cell(4, None), 0, 2), Some(Known::Nothing));
    }
}
