//! The command line spelling of a rule: `threshold(5)`, `threshold(5,on=persons)`, `dominance(n=2,k=85)`.

use super::{RULES, Rule, find};
use crate::diag::Fault;
use crate::parameter::{arguments, call, spelled};

/// Why a text is no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", .help.as_ref().map(|h| format!(" ({h})")).unwrap_or_default())]
pub struct RuleError {
    /// What is wrong.
    pub message: String,
    /// What is allowed, or what to do next.
    pub help: Option<String>,
}

impl From<Fault> for RuleError {
    fn from(fault: Fault) -> Self {
        RuleError { message: fault.message, help: fault.help }
    }
}

/// A rule from its command line spelling. Parameters without a name are taken in the order of the registry.
///
/// # Errors
/// For the first thing that is wrong: an unknown rule, a parenthesis that is missing, an unknown, doubled or missing
/// parameter, a value that is not allowed.
pub fn parse_rule(text: &str) -> Result<Box<dyn Rule>, RuleError> {
    let call = call(text).map_err(|f| f.help("write a rule as `threshold(5)` or `dominance(n=2,k=85)`"))?;
    let Some(entry) = find(call.name) else {
        let names: Vec<&str> = RULES.iter().map(|r| r.name).collect();
        return Err(Fault::new(format!("there is no rule `{}`", call.name)).allowed(call.name, &names).into());
    };
    let given = arguments(&call, entry.parameters)?;
    entry.build(&given).map_err(|faults| {
        faults.into_iter().next().unwrap_or_else(|| Fault::new(format!("`{text}` can't be used"))).into()
    })
}

/// A rule in full, as [`parse_rule`] reads it: `threshold(minimum=5,zero=show,on=records)`.
pub fn spelling(rule: &dyn Rule) -> String {
    spelled(rule.name(), &rule.parameters())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(text: &str) -> String {
        parse_rule(text).map_or_else(|error| error.to_string(), |rule| spelling(rule.as_ref()))
    }

    /// Positions, names, blanks and defaults; the full spelling reads back as itself.
    #[test]
    fn spellings() {
        for (text, expect) in [
            ("threshold(5)", "threshold(minimum=5,zero=show,on=records)"),
            ("threshold( 5 , on = persons )", "threshold(minimum=5,zero=show,on=persons)"),
            ("threshold(minimum=3,zero=unsafe)", "threshold(minimum=3,zero=unsafe,on=records)"),
            ("dominance(n=2,k=85)", "dominance(n=2,k=85)"),
            ("dominance(1,90.9)", "dominance(n=1,k=90.9)"),
            ("dominance(k=75.50,n=1)", "dominance(n=1,k=75.5)"),
            ("p-percent(10)", "p-percent(p=10,coalition=1)"),
            ("p-percent(p=10,coalition=2)", "p-percent(p=10,coalition=2)"),
            ("group-disclosure", "group-disclosure(except=0,variables=sensitive,min-margin=1)"),
            ("group-disclosure()", "group-disclosure(except=0,variables=sensitive,min-margin=1)"),
            ("group-disclosure(except=1)", "group-disclosure(except=1,variables=sensitive,min-margin=1)"),
        ] {
            assert_eq!(full(text), expect, "{text}");
            assert_eq!(full(expect), expect);
        }
    }

    /// Each error says what is wrong and what is right.
    #[test]
    fn refusals() {
        for (text, expect) in [
            (
                "treshold(5)",
                "there is no rule `treshold` (did you mean `threshold`? Allowed: `denominator`, `differencing`, \
                 `dominance`, `group-disclosure`, `p-percent`, `prior-posterior`, `request`, `threshold`)",
            ),
            (
                "",
                "there is no rule `` (allowed: `denominator`, `differencing`, `dominance`, `group-disclosure`, `p-percent`, \
                 `prior-posterior`, `request`, `threshold`)",
            ),
            (
                "threshold(5",
                "`threshold(5` does not end with `)` (write a rule as `threshold(5)` or `dominance(n=2,k=85)`)",
            ),
            (
                "threshold(5,onn=persons)",
                "`threshold` has no parameter `onn` (did you mean `on`? Allowed: `minimum`, `zero`, `on`, `within`, \
                 `population`, `population-below`, `uncertainty`)",
            ),
            ("threshold(5,minimum=6)", "`minimum` is given twice"),
            ("threshold(5,)", "a parameter of `threshold` is empty"),
            (
                "threshold(5,show,records,none,none,0,none,4)",
                "`threshold` takes no more than 7 parameters (they are minimum, zero, on, within, population, \
                 population-below, uncertainty)",
            ),
            (
                "dominance(k=85,2)",
                "`2` needs the name of its parameter, because one with a name stands before it (write n=… or k=…)",
            ),
            ("threshold(1)", "`minimum` of `threshold` can't be `1` (allowed: a whole number from 2 to 1000000000)"),
            (
                "threshold(2.5)",
                "`minimum` of `threshold` can't be `2.5` (allowed: a whole number from 2 to 1000000000)",
            ),
            (
                "threshold(5,on=offences)",
                "`on` of `threshold` can't be `offences` (allowed: `records`, `persons`, `contributors`)",
            ),
            (
                "p-percent(0.1)",
                "`p` of `p-percent` can't be `0.1` (percent parameters are percentages: write 10 for 10 percent, not 0.1; \
                 allowed: a percentage from 1 to 1000)",
            ),
            (
                "dominance(2,0.85)",
                "`k` of `dominance` can't be `0.85` (percent parameters are percentages: write 85 for 85 percent, not \
                 0.85; allowed: a percentage from 1 to 100)",
            ),
            (
                "p-percent(33.3333333)",
                "`p` of `p-percent` can't be `33.3333333` (no more than six decimals; allowed: a percentage from 1 to 1000)",
            ),
            ("dominance(2,0)", "`k` of `dominance` can't be `0` (allowed: a percentage from 1 to 100)"),
            (
                "dominance(2,100)",
                "`k` of `dominance` can't be `100`: no cell would ever be unsafe (allowed: below 100)",
            ),
            ("p-percent(ten)", "`p` of `p-percent` can't be `ten` (allowed: a percentage from 1 to 1000)"),
            (
                "dominance(2)",
                "`dominance` needs `k` (the share of the sum, in percent, above which the largest contributors are too large: a \
                 percentage from 1 to 100)",
            ),
        ] {
            assert_eq!(full(text), expect, "{text}");
        }
    }
}
