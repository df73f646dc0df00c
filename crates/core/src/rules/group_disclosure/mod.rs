#![doc = include_str!("manual.md")]

use super::margin::{Margin, margins};
use super::{Allowed, Breach, Needs, Parameter, Percent, Rule, RuleEntry, Tightens, Values, no_counts, worked_out};
use crate::diag::Fault;
use crate::model::{CellId, Harm, Measure, System};

/// The entry in the registry.
pub(super) const ENTRY: RuleEntry = RuleEntry {
    name: "group-disclosure",
    title: "Group (class) disclosure",
    summary: "A count is unsafe when all, or all but a few, of a published group fall in one category.",
    parameters: &[
        Parameter {
            name: "except",
            meaning: "how many of the group may be outside the category and the cell is still unsafe",
            allowed: Allowed::Whole { min: 0, max: 1_000_000_000 },
            default: Some("0"),
        },
        Parameter {
            name: "variables",
            meaning: "whose categories count: those of variables marked as sensitive, or all",
            allowed: Allowed::Words(&["sensitive", "all"]),
            default: Some("sensitive"),
        },
        Parameter {
            name: "min-margin",
            meaning: "the smallest group that the rule looks at",
            allowed: Allowed::Whole { min: 1, max: 1_000_000_000 },
            default: Some("1"),
        },
        Parameter {
            name: "share",
            meaning: "from which share of the group on, in percent, the category counts as all of it",
            allowed: Allowed::Percent { min: 50, max: 100 },
            default: Some("100"),
        },
    ],
    tightens: &[
        ("except", Tightens::Up),
        ("variables", Tightens::Order(&["sensitive", "all"])),
        ("min-margin", Tightens::Down),
        ("share", Tightens::Down),
    ],
    manual: include_str!("manual.md"),
    parse,
};

/// The rule with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct GroupDisclosure {
    except: i64,
    variables: &'static str,
    min_margin: i64,
    share: Percent,
}

fn parse(values: &Values) -> Result<Box<dyn Rule>, Fault> {
    let (except, min_margin) = (values.whole("except")?, values.whole("min-margin")?);
    let (variables, share) = (values.word("variables")?, values.percent("share")?);
    Ok(Box::new(GroupDisclosure { except, variables, min_margin, share }))
}

impl Rule for GroupDisclosure {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        let own = [
            ("except", self.except.to_string()),
            ("variables", self.variables.to_owned()),
            ("min-margin", self.min_margin.to_string()),
        ];
        let share = (self.share < Percent::HUNDRED).then(|| ("share", self.share.to_string()));
        own.into_iter().chain(share).collect()
    }

    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn idle(&self, system: &System) -> Option<String> {
        let sensitive = system.tables.iter().flat_map(|t| &t.axes).any(|a| a.sensitive.any());
        let blind = self.variables != "all" && !sensitive;
        blind.then(|| "no variable of a table is marked as sensitive".to_owned()).or_else(|| no_counts(system))
    }

    fn check(&self, system: &System, cell: CellId) -> Vec<Breach> {
        let this = &system.cells[cell];
        if matches!(system.measures[this.measure], Measure::Sum { .. }) || this.value <= 0 {
            return Vec::new();
        }
        let mut told: Vec<CellId> = Vec::new();
        let mut breaches = Vec::new();
        for group in this.places.iter().flat_map(|&place| margins(system, place)).filter(|g| self.looks_at(g)) {
            let size = system.value(group.margin);
            let outside = i128::from(size) - i128::from(this.value);
            let k = self.outside(size);
            let unsafe_group = size >= self.min_margin && outside <= i128::from(k);
            // The same group seen in another table, and the cell itself where its variable has one category only.
            if !unsafe_group || group.margin == cell || told.contains(&group.margin) {
                continue;
            }
            told.push(group.margin);
            let reason = format!("{}{}", reason(&group, size, outside), worked_out(system, cell));
            breaches.push(Breach::unsafe_for(reason, Harm::Group { margin: group.margin, k }));
        }
        breaches
    }
}

impl GroupDisclosure {
    /// How many of a group of this size may be outside the category and the cell is still unsafe.
    fn outside(&self, size: i64) -> i64 {
        let hundred = Percent::HUNDRED.millionths();
        let share = i128::from(size) * (hundred - self.share.millionths()) / hundred;
        self.except.max(i64::try_from(share).unwrap_or(i64::MAX))
    }

    /// Whether the category that the cell is of the group is looked at.
    fn looks_at(&self, group: &Margin) -> bool {
        self.variables == "all" || group.sensitive
    }
}

/// "all 7 of year 2015 fall in one category of outcome: Charge".
fn reason(group: &Margin, size: i64, outside: i128) -> String {
    let all = match outside {
        ..=0 => format!("all {size}"),
        _ => format!("all but {outside} of the {size}"),
    };
    let of = group.table.words(&group.margin_at);
    format!("{all} of {of} fall in one category of {}: {}", group.axis.label, group.entry.label)
}

#[cfg(test)]
mod tests {
    use crate::model::{Exposure, Finding, Harm, Sensitive, System};
    use crate::rules::fixture::two_way;
    use crate::rules::{apply, parse_rule};

    fn findings(rule: &str, system: &System) -> Vec<Finding> {
        apply(parse_rule(rule).expect("a rule").as_ref(), "policy.toml:1", system)
    }

    /// The unsafe cells in words.
    fn cells(rule: &str, system: &System) -> Vec<String> {
        let mut words: Vec<String> = findings(rule, system).iter().map(|f| system.words(f.cell)).collect();
        words.sort();
        words
    }

    /// The manual's examples: all of a row in one category, and all but one.
    #[test]
    fn worked_examples() {
        let system = two_way(&[&[0, 0, 250], &[0, 0, 5], &[0, 0, 2], &[1, 2, 3]]);
        assert_eq!(cells("group-disclosure", &system), ["area A, outcome C", "area B, outcome C", "area C, outcome C"]);
        let system = two_way(&[&[0, 1, 250], &[3, 4, 5]]);
        assert_eq!(cells("group-disclosure", &system), [""; 0]);
        assert_eq!(cells("group-disclosure(except=1)", &system), ["area A, outcome C"]);
    }

    /// The finding says which group must not be known to be in the category, and says it in words.
    #[test]
    fn harm_and_reason() {
        let system = two_way(&[&[0, 1, 250], &[0, 7, 0]]);
        let found = findings("group-disclosure(1)", &system);
        let margin = |row: usize| system.cell_at(0, &[row, 3]).expect("a cell");
        let seen: Vec<_> = found.iter().map(|f| (f.harm, f.reason.as_str())).collect();
        assert_eq!(
            seen,
            [
                (
                    Harm::Group { margin: margin(0), k: 1 },
                    "all but 1 of the 251 of area A fall in one category of outcome: C"
                ),
                (Harm::Group { margin: margin(1), k: 1 }, "all 7 of area B fall in one category of outcome: B"),
            ]
        );
        let all = two_way(&[&[4, 0, 0], &[2, 0, 0]]);
        let reasons: Vec<String> = findings("group-disclosure", &all).into_iter().map(|f| f.reason).collect();
        assert!(
            reasons.contains(&"all 6 of the grand total fall in one category of outcome: A".to_owned()),
            "{reasons:?}"
        );
    }

    /// Where some categories are sensitive, only a group that falls in one of those is unsafe; `all` looks at every category.
    #[test]
    fn categories() {
        let mut system = two_way(&[&[5, 0, 0], &[0, 0, 7], &[3, 4, 5]]);
        system.tables[0].axes[1].sensitive = Sensitive::Of(vec![false, false, true, false]);
        assert_eq!(cells("group-disclosure", &system), ["area B, outcome C"]);
        assert!(cells("group-disclosure(variables=all)", &system).contains(&"area A, outcome A".to_owned()));
        system.tables[0].axes[1].sensitive = Sensitive::Of(vec![false; 4]);
        let rule = parse_rule("group-disclosure").expect("a rule");
        assert!(cells("group-disclosure", &system).is_empty() && rule.idle(&system).is_some());
    }

    /// Only sensitive variables by default; with `all`, a cell can be unsafe in two groups, and both are told.
    #[test]
    fn variables() {
        let system = two_way(&[&[5, 0], &[0, 0]]);
        let margins = |rule: &str| {
            let of = findings(rule, &system).into_iter().filter(|f| system.words(f.cell) == "area A, outcome A");
            of.map(|f| f.harm).collect::<Vec<_>>()
        };
        let group = |at: [usize; 2]| Harm::Group { margin: system.cell_at(0, &at).expect("a cell"), k: 0 };
        assert_eq!(margins("group-disclosure"), [group([0, 2])]);
        assert_eq!(margins("group-disclosure(variables=all)"), [group([2, 0]), group([0, 2])]);
    }

    /// With a share, nearly all of a group is as good as all of it: 36 of 40 are 90 percent, 35 are not.
    #[test]
    fn share() {
        let system = two_way(&[&[36, 4], &[35, 5], &[4, 0]]);
        assert_eq!(cells("group-disclosure(share=90)", &system), ["area A, outcome A", "area C, outcome A"]);
        let found = findings("group-disclosure(share=90)", &system);
        assert_eq!(found[0].reason, "all but 4 of the 40 of area A fall in one category of outcome: A");
        assert_eq!(found.iter().map(|f| f.harm).filter(|h| matches!(h, Harm::Group { k: 4, .. })).count(), 1);
        assert_eq!(cells("group-disclosure", &system), ["area C, outcome A"]);
    }

    /// A variable with one category tells nothing; an empty group neither; a small one only if it is large enough.
    #[test]
    fn nothing_to_tell() {
        assert_eq!(cells("group-disclosure", &two_way(&[&[5], &[3]])), [""; 0]);
        assert_eq!(cells("group-disclosure(except=3)", &two_way(&[&[0, 0], &[9, 9]])), [""; 0]);
        let system = two_way(&[&[2, 0], &[6, 0], &[5, 5]]);
        assert_eq!(cells("group-disclosure(min-margin=3)", &system), ["area B, outcome A"]);
    }

    /// A cell that stands in two tables is told once; one that can be worked out is told as such.
    #[test]
    fn places() {
        let mut system = two_way(&[&[5, 0], &[3, 3]]);
        system.tables.push(system.tables[0].clone());
        system.grids.push(system.grids[0].clone());
        for cell in &mut system.cells {
            let again = cell.places.iter().map(|p| crate::model::Place { table: 1, ..*p }).collect::<Vec<_>>();
            cell.places.extend(again);
            cell.exposure = Exposure::Implied;
        }
        let found = findings("group-disclosure", &system);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].reason,
            "all 5 of area A fall in one category of outcome: A; no table prints the cell, but it can be worked out"
        );
    }
}
