//! Safety rules as a batch spells them, and the rules of tabsafe that they stand for.
//!
//! `P(p,n)` is the p%-rule against a coalition of n, `P(p,q,n)` the same with p·100/q, `NK(n,k)` dominance, `FREQ(m,s)`
//! a minimum frequency with a safety range of s percent, `ZERO(r)` zeros with contributors, hidden up to r, `MAN(s)` the
//! safety range of cells that a person calls unsafe. What holds for single contributors is read; rules for holdings,
//! requests and weights are refused rather than passed over.

/// Parts of a percent that parameters are kept with.
const PARTS: i64 = 1_000_000;

/// The safety rules of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafetyRules {
    /// Rules of the registry, as a policy spells them.
    pub spelled: Vec<String>,
    /// Minimum frequency, and its safety range in percent.
    pub frequency: Option<(i64, i64)>,
    /// Zeros with contributors are unsafe, and must be hidden up to this amount.
    pub zero: Option<i64>,
    /// Safety range in percent of cells that a person calls unsafe.
    pub manual: i64,
    /// How many of the largest contributions they look at.
    pub largest: usize,
}

impl Default for SafetyRules {
    fn default() -> Self {
        SafetyRules { spelled: Vec::new(), frequency: None, zero: None, manual: 20, largest: 0 }
    }
}

impl SafetyRules {
    /// Whether one of them says which cells are unsafe: `MAN` alone says how those are protected that a person or the
    /// statuses of the table call unsafe.
    pub fn judge(&self) -> bool {
        !self.spelled.is_empty() || self.frequency.is_some() || self.zero.is_some()
    }
}

/// One rule of a list, in its words.
struct Call<'a> {
    kind: String,
    arguments: Vec<&'a str>,
}

/// The rules of a line such as `P(10,1)|NK(2,75)|FREQ(3,20)`.
///
/// # Errors
/// What is no rule, or one that is not supported; in words, without its place.
pub(super) fn parse(text: &str) -> Result<SafetyRules, String> {
    let mut rules = SafetyRules::default();
    let mut contributions = [0_usize; 2];
    for part in text.split('|').map(str::trim).filter(|part| !part.is_empty()) {
        let call = call(part)?;
        match call.kind.as_str() {
            "P" => rules.p_percent(&call, next(&mut contributions[0]))?,
            "NK" => rules.dominance(&call, next(&mut contributions[1]))?,
            "FREQ" => rules.minimum(&call)?,
            "ZERO" => rules.zero = Some(call.whole(0)?).filter(|r| *r > 0),
            "MAN" => rules.manual = call.whole(0)?,
            "MIS" | "WGT" if call.whole(0)? == 0 => {}
            "MIS" => return Err("MIS(1), by which cells with missing codes are safe, is not supported".to_owned()),
            "WGT" => return Err("WGT(1), rules on weighted records, is not supported".to_owned()),
            "REQ" if call.arguments.iter().all(|a| a.trim() == "0") => {}
            "REQ" => return Err("REQ, protection on request, is not supported".to_owned()),
            kind => return Err(format!("{kind} is no safety rule: there are P, NK, FREQ, ZERO, MIS, WGT, MAN, REQ")),
        }
    }
    Ok(rules)
}

/// The number of a rule among those of its kind, from 1.
fn next(count: &mut usize) -> usize {
    *count += 1;
    *count
}

fn call(part: &str) -> Result<Call<'_>, String> {
    let shape = || format!("{part} is no safety rule: write it as FREQ(3,20)");
    let (kind, rest) = part.split_once('(').ok_or_else(shape)?;
    let inner = rest.trim_end().strip_suffix(')').ok_or_else(shape)?;
    Ok(Call { kind: kind.trim().to_uppercase(), arguments: inner.split(',').collect() })
}

impl Call<'_> {
    fn given(&self, at: usize) -> Result<&str, String> {
        self.arguments.get(at).map(|a| a.trim()).ok_or_else(|| format!("{} lacks a number", self.kind))
    }

    /// A whole number that is not negative.
    fn whole(&self, at: usize) -> Result<i64, String> {
        let text = self.given(at)?;
        let number = text.parse::<i64>().ok().filter(|n| (0..=1_000_000_000).contains(n));
        number.ok_or_else(|| format!("{} takes whole numbers, not {text}", self.kind))
    }
}

impl SafetyRules {
    /// The `n`th p%-rule: the third and fourth are for holdings.
    fn p_percent(&mut self, call: &Call, n: usize) -> Result<(), String> {
        let (p, q, coalition) = match call.arguments.len() {
            1 => (call.whole(0)?, 100, 1),
            2 => (call.whole(0)?, 100, call.whole(1)?),
            _ => (call.whole(0)?, call.whole(1)?, call.whole(2)?),
        };
        if p == 0 {
            return Ok(());
        }
        if n > 2 {
            return Err("rules for holdings are not supported".to_owned());
        }
        if q == 0 || coalition == 0 {
            return Err("q and n of P are 1 at least".to_owned());
        }
        // rounded up: a larger p protects more
        let parts = (p.saturating_mul(100 * PARTS) + q - 1) / q;
        let percent = format!("{}.{:06}", parts / PARTS, parts % PARTS);
        let percent = percent.trim_end_matches('0').trim_end_matches('.');
        self.spelled.push(format!("p-percent(p={percent},coalition={coalition})"));
        self.looks_at(coalition.saturating_add(1));
        Ok(())
    }

    fn dominance(&mut self, call: &Call, n: usize) -> Result<(), String> {
        let (largest, k) = (call.whole(0)?, call.whole(1)?);
        if largest == 0 || k == 0 {
            return Ok(());
        }
        if n > 2 {
            return Err("rules for holdings are not supported".to_owned());
        }
        self.spelled.push(format!("dominance(n={largest},k={k})"));
        self.looks_at(largest);
        Ok(())
    }

    fn minimum(&mut self, call: &Call) -> Result<(), String> {
        let (minimum, range) = (call.whole(0)?, call.whole(1)?);
        if minimum == 0 {
            return Ok(());
        }
        if self.frequency.is_some() {
            return Err("rules for holdings are not supported".to_owned());
        }
        self.frequency = Some((minimum, range));
        Ok(())
    }

    fn looks_at(&mut self, largest: i64) {
        self.largest = self.largest.max(usize::try_from(largest).unwrap_or(usize::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every rule by its parameters; what is 0 is no rule.
    #[test]
    fn rules_of_a_batch() -> Result<(), String> {
        let rules = parse("P(10,1)|NK(2,75)|FREQ(3,20)|ZERO(10)|MIS(0)|WGT(0)|MAN(30)")?;
        assert_eq!(rules.spelled, ["p-percent(p=10,coalition=1)", "dominance(n=2,k=75)"]);
        assert_eq!((rules.frequency, rules.zero, rules.manual, rules.largest), (Some((3, 20)), Some(10), 30, 2));
        assert_eq!(parse("P(20,30,2)")?.spelled, ["p-percent(p=66.666667,coalition=2)"]);
        assert_eq!(parse("P(0,0)|NK(0,0)|FREQ(0,0)|ZERO(0)|REQ(0,0,0,0)")?, SafetyRules::default());
        Ok(())
    }

    /// What is not supported is refused, not passed over.
    #[test]
    fn refusals() {
        for text in [
            "WGT(1)",
            "MIS(1)",
            "REQ(1,2,3,4)",
            "FREQ(3,20)|FREQ(3,20)",
            "NK(1,70)|NK(2,80)|NK(3,85)",
            "XX(1)",
            "NK(2",
            "NK(2)",
            "P(1.5,1)",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
