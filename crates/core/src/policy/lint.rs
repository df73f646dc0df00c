//! What a policy may say but should not, with the arithmetic that speaks against it.
//!
//! A warning has a code. A policy that means what it says accepts it, with the reason: `[[accepted]]`.

use super::{Keep, Plan, Policy, presets};
use crate::attack::ProtectionKind;
use crate::diag::{Diagnostics, Fault};
use crate::model::Interval;
use crate::round::Rounding;
use crate::rules::{self, spelling};
use crate::suppress::price::same;

/// Every warning: its code, and what it is about.
pub const CODES: &[(&str, &str)] = &[
    ("accepted-for-nothing", "a warning is accepted that does not arise"),
    ("exact-protection", "what must remain possible is less than what the rules hide"),
    ("exception-expired", "the last day of an exception has passed"),
    ("no-secondary", "small counts are hidden, and nothing else that would give them away"),
    ("partner-stays", "a preferred partner must never be withheld"),
    ("public-parameters", "parameters that narrow down withheld sums are public"),
    ("rounding-misfit", "threshold and rounding base do not fit"),
    ("rule-without-effect", "another rule finds all that this one does"),
    ("sign-claims-range", "the sign of withheld figures says something that is not true of all of them"),
    ("sign-without-use", "a sign that can't stand in a release"),
    ("weak-attacker", "the intruder is thought to know less than anybody does"),
    ("zeros-disagree", "the rules treat zeros differently"),
];

/// What a warning is about: its code, the key that it points at, the text, and what to do.
struct Warning {
    code: &'static str,
    place: &'static str,
    what: String,
    help: String,
}

/// Everything that is unwise in a policy and not accepted, each at its place. `today` (`2026-01-31`) tells which
/// exceptions have expired.
pub fn lint(policy: &Policy, today: Option<&str>) -> Diagnostics {
    let text = &policy.source_text;
    let mut all = Diagnostics::new(&policy.file, &text.text);
    let mut told: Vec<&str> = Vec::new();
    let found = [
        rounding(policy),
        alone(policy),
        protection(policy),
        zeros(policy),
        signs(policy),
        attacker(policy),
        rules(policy),
        partners(policy),
    ];
    for warning in found.into_iter().flatten().chain(parameters(policy)).chain(exceptions(policy, today)) {
        told.push(warning.code);
        if policy.accepted.iter().any(|a| a.warning == warning.code) {
            continue;
        }
        let span = text.places.get(warning.place).cloned();
        let fault = Fault::new(format!("{} [{}]", warning.what, warning.code)).help(warning.help);
        all.push(Fault { span, ..fault });
    }
    for accepted in policy.accepted.iter().filter(|a| !told.contains(&a.warning.as_str())) {
        // what an extended policy accepts may no longer arise here
        let Some(span) = text.places.get(&format!("accepted.{}", accepted.warning)) else { continue };
        let what = format!("`{}` is accepted, but does not arise [accepted-for-nothing]", accepted.warning);
        all.push(Fault::at(span.clone(), what).help("remove it"));
    }
    all.sort();
    all
}

/// The counts that the rules hide, each with its rule's line.
fn bands(policy: &Policy) -> Vec<((i64, i64), &str)> {
    policy.rules.iter().filter_map(|r| Some((r.rule.band()?, r.line.as_str()))).collect()
}

/// "3 to 7", or "3".
fn range(from: i64, to: i64) -> String {
    if from == to { from.to_string() } else { format!("{from} to {to}") }
}

/// A threshold that cuts through what is printed alike.
fn rounding(policy: &Policy) -> Vec<Warning> {
    let Plan::Round(plan) = &policy.plan else { return Vec::new() };
    // drawn figures have no group of counts that are printed alike
    let Some(base) = plan.method.base().filter(|_| !plan.method.keyed()) else { return Vec::new() };
    let cut =
        bands(policy).into_iter().filter_map(|((_, hi), line)| Some((misfit(&*plan.method, base, hi + 1)?, line)));
    cut.map(|(what, line)| Warning {
        code: "rounding-misfit",
        place: "round",
        what: format!("{what} ({line})"),
        help: format!("thresholds that fit a base of {base}: {}", fitting(base)),
    })
    .collect()
}

/// The counts that are printed as `rounded` under conventional rounding.
fn printed_as(rounded: i64, base: i64) -> (i64, i64) {
    ((rounded - base / 2).max(0), rounded + (base - 1) - base / 2)
}

/// What a threshold does to the counts that a base prints alike, if it parts them.
fn misfit(method: &dyn Rounding, base: i64, minimum: i64) -> Option<String> {
    let rounded = (minimum + base / 2).div_euclid(base) * base;
    let (low, high) = printed_as(rounded, base);
    let below = (low.max(1), minimum - 1);
    if !(low < minimum && minimum <= high && below.0 <= below.1) {
        return None;
    }
    let allowed = method.allows(rounded, None, 1);
    if allowed.iter().any(|values| values.contains(minimum - 1)) {
        return Some(format!(
            "counts of {} are all printed as {rounded}, but a threshold of {minimum} calls {} unsafe and {} safe",
            range(low, high),
            range(below.0, below.1),
            range(minimum, high)
        ));
    }
    let (first, last) = (allowed.iter().filter_map(|v| v.lo).min()?, allowed.iter().filter_map(|v| v.hi).max()?);
    Some(format!(
        "counts up to {} are hidden and all others rounded to {base}: a printed {rounded} stands for {}, not for {}",
        minimum - 1,
        range(first, last),
        range(low, high)
    ))
}

/// The first thresholds that part nothing that a base prints alike.
fn fitting(base: i64) -> String {
    let starts = (1..=3).map(|n| printed_as(n * base, base).0.to_string());
    starts.collect::<Vec<_>>().join(", ")
}

/// Small counts that are hidden while everything else is printed as it is.
fn alone(policy: &Policy) -> Vec<Warning> {
    let Plan::Round(plan) = &policy.plan else { return Vec::new() };
    let exact = |value: i64| plan.method.allows(value, None, 1).iter().all(|v| v.value() == Some(value));
    let lonely = bands(policy).into_iter().find(|((_, hi), _)| (hi + 1..=hi + 20).all(exact) && !plan.method.keyed());
    let warning = |((_, hi), line): ((i64, i64), &str)| Warning {
        code: "no-secondary",
        place: "round",
        what: format!(
            "counts up to {hi} are hidden, and all others, totals too, are printed as they are ({line}): of a total of {} with the parts {} \
             and a hidden one, that one is 2",
            2 * hi + 4,
            2 * hi + 2
        ),
        help: "[suppress] withholds what else is needed; or round the others: base = 5".to_owned(),
    };
    lonely.map(warning).into_iter().collect()
}

/// Protection that leaves less open than a rule hides.
fn protection(policy: &Policy) -> Vec<Warning> {
    let left = match policy.protection {
        ProtectionKind::Exact => 2,
        ProtectionKind::Width(width) => width + 1,
        ProtectionKind::Band | ProtectionKind::Above | ProtectionKind::Percent(_) => return Vec::new(),
    };
    let published = policy.attacker.zeros_published;
    // what is rounded with its zeros stands for small counts and zeros alike: the method says how many
    if !published && !matches!(policy.plan, Plan::Suppress(_)) {
        return Vec::new();
    }
    let narrow = bands(policy).into_iter().find(|((lo, hi), _)| hi - lo + 1 > left);
    let warning = |((lo, hi), line): ((i64, i64), &str)| {
        let (least, zeros) = match published {
            true => (lo.max(1), format!("Zeros are published, so a withheld count is {} or more", lo.max(1))),
            false => (0, "A withheld count may be zero".to_owned()),
        };
        Warning {
            code: "exact-protection",
            place: "protection",
            what: format!(
                "protection = \"{}\" leaves {left} values possible, the rule hides {}: {} ({line}). {zeros}, and a 1 may be \
                 narrowed to {}",
                policy.protection,
                hi - lo + 1,
                range(lo, hi),
                range(least, least + left - 1)
            ),
            help: "protection = \"band\" keeps all of them possible".to_owned(),
        }
    };
    narrow.map(warning).into_iter().collect()
}

/// What a rule does with zeros: publishes them, withholds them where that protects another figure, or calls them unsafe.
fn zeros_of(rule: &dyn rules::Rule) -> Option<u8> {
    let (lo, _) = rule.band()?;
    Some(if lo <= 0 { 2 } else { u8::from(rule.withholds_zeros()) })
}

/// Rules that differ in what they do with zeros. The strictest of them is what holds for legend and attack.
fn zeros(policy: &Policy) -> Vec<Warning> {
    let all: Vec<(u8, &super::RuleUse)> = policy.rules.iter().filter_map(|r| Some((zeros_of(&*r.rule)?, r))).collect();
    let (Some((mild, first)), Some((strict, second))) =
        (all.iter().min_by_key(|r| r.0), all.iter().max_by_key(|r| r.0))
    else {
        return Vec::new();
    };
    if mild == strict {
        return Vec::new();
    }
    let words = |zeros: u8, r: &super::RuleUse| {
        let hides = r.rule.band().map_or_else(String::new, |(lo, hi)| range(lo, hi));
        match zeros {
            0 => format!("publishes zeros and hides {hides} ({})", r.line),
            1 => format!("withholds zeros where that protects another figure, and hides {hides} ({})", r.line),
            _ => format!("hides {hides} ({})", r.line),
        }
    };
    vec![Warning {
        code: "zeros-disagree",
        place: "threshold",
        what: format!(
            "one rule {}, another {}: a withheld figure may be {}",
            words(*mild, first),
            words(*strict, second),
            if *strict == 2 { "either" } else { "zero" }
        ),
        help: "treat zeros alike in all rules".to_owned(),
    }]
}

/// Signs that say too much, or that can't stand anywhere.
fn signs(policy: &Policy) -> Vec<Warning> {
    let mut all = Vec::new();
    let places = &policy.source_text.places;
    let suppresses = matches!(policy.plan, Plan::Suppress(_));
    let texts =
        [("markers.withheld", Some(&policy.markers.withheld)), ("legend.withheld", policy.legend.withheld.as_ref())];
    for (place, text) in texts.into_iter().filter(|_| suppresses) {
        let lies = text.filter(|t| !policy.attacker.zeros_published && claims_no_zero(t));
        all.extend(lies.map(|text| {
            Warning {
                code: "sign-claims-range",
                place,
                what: format!("`{text}` says that a withheld figure is not zero. The rules let zeros be withheld"),
                help:
                    "leave it to the legend, which says of zeros what the rules say; or zero = \"show\" in each of them"
                        .to_owned(),
            }
        }));
        let claims = text.filter(|t| claims_range(t) && !allows_for_others(t));
        all.extend(claims.map(|text| Warning {
            code: "sign-claims-range",
            place,
            what: format!(
                "`{text}` says that a withheld figure is small. Figures that are withheld to protect others have the same \
                 sign, and may be of any size"
            ),
            help: "use a sign without a number, such as [c]; the legend gives the range, and says what else is withheld"
                .to_owned(),
        }));
    }
    if let (Some(number), false) = (claimed(&policy.markers.withheld), suppresses) {
        let fits = |((lo, hi), _): &((i64, i64), &str)| number == *hi || number == hi + 1 || number == *lo;
        let other = bands(policy).into_iter().next().filter(|band| !fits(band));
        all.extend(other.map(|((lo, hi), line)| Warning {
            code: "sign-claims-range",
            place: "markers.withheld",
            what: format!("`{}` names {number}, but it stands for {} ({line})", policy.markers.withheld, range(lo, hi)),
            help: "use a sign that says what it stands for".to_owned(),
        }));
    }
    let mut unused = |place: &'static str, why: &str| {
        if places.contains_key(place) {
            let what = format!("`{place}` can't stand in a release: {why}");
            all.push(Warning { code: "sign-without-use", place, what, help: "remove it".to_owned() });
        }
    };
    let conditions = policy.rules.iter().any(|r| r.rule.known_sums().is_some());
    let hides_zeros = bands(policy).iter().any(|((lo, _), _)| *lo == 0) && !conditions;
    if suppresses {
        if hides_zeros && policy.attacker.integers {
            unused("legend.zero", "every zero is withheld");
        }
        unused("markers.rounds-to-zero", "nothing is rounded");
        unused("legend.rounds-to-zero", "nothing is rounded");
    }
    all
}

/// The number that a sign names, if it says that a figure is below one.
fn claimed(sign: &str) -> Option<i64> {
    let digits = sign.split(|c: char| !c.is_ascii_digit()).find(|d| !d.is_empty())?;
    digits.parse().ok().filter(|_| claims_range(sign))
}

/// What the sign of withheld figures, or its legend, says of every one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The sign or the legend.
    pub text: String,
    /// The values that it leaves; `None`: it states a range, and it is not clear which.
    pub range: Option<Interval>,
}

/// What a policy that withholds says of every withheld figure by its sign or its legend, if that is a range: figures that
/// are withheld to protect others have the same sign.
pub fn claim(policy: &Policy) -> Option<Claim> {
    let texts = [Some(&policy.markers.withheld), policy.legend.withheld.as_ref()];
    let suppresses = matches!(policy.plan, Plan::Suppress(_));
    let claims = texts.into_iter().flatten().filter(|t| suppresses && claims_range(t) && !allows_for_others(t));
    let claims: Vec<Claim> = claims.map(|t| Claim { text: t.clone(), range: stated(t) }).collect();
    let range = |a: Option<Interval>, b: Option<Interval>| Some(a?.meet(b?));
    claims.into_iter().reduce(|a, b| Claim { range: range(a.range, b.range), ..a })
}

/// The values that a text such as `<5`, `1-4` or `fewer than 5` leaves.
fn stated(text: &str) -> Option<Interval> {
    let lower = text.to_lowercase();
    let numbers: Result<Vec<i64>, _> =
        lower.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).map(str::parse).collect();
    let has = |signs: &[&str]| signs.iter().any(|sign| lower.contains(sign));
    match numbers.ok()?.as_slice() {
        [lo, hi] if lo <= hi => Some(Interval::new(*lo, *hi)),
        [most] if has(&["≤", "<=", "=<", "up to "]) => Some(Interval::new(0, *most)),
        [below] if has(&["<", "fewer than", "less than", "under ", "below "]) => Some(Interval::new(0, below - 1)),
        _ => None,
    }
}

/// Whether a sign or a legend says that a figure is below a number, or between two.
fn claims_range(text: &str) -> bool {
    let lower = text.to_lowercase();
    let signs = ["<", "≤", "fewer than", "less than", "under ", "below ", "between ", "up to "];
    let words = signs.iter().any(|sign| lower.contains(sign)) && lower.chars().any(|c| c.is_ascii_digit());
    words || two_numbers(&lower)
}

/// Whether a text is nothing but two numbers with a dash or `to` between them, brackets aside.
fn two_numbers(text: &str) -> bool {
    let inner = text.trim_matches(|c: char| !c.is_ascii_digit());
    let parts = inner.split_once(['-', '–', '—']).or_else(|| inner.split_once("to"));
    let digits = |part: &str| !part.trim().is_empty() && part.trim().bytes().all(|b| b.is_ascii_digit());
    parts.is_some_and(|(a, b)| digits(a) && digits(b))
}

/// Whether a sign or a legend says that no withheld figure is zero.
fn claims_no_zero(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words =
        ["never zero", "not zero", "never 0", "not 0", "non-zero", "nonzero", "zero is not included", "at least 1"];
    words.iter().any(|word| lower.contains(word)) || lower.contains("1 or more")
}

/// Whether it also says that other figures are withheld.
fn allows_for_others(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["other", "another", "protect", "secondary"].iter().any(|word| lower.contains(word))
}

/// An intruder who knows less than everybody does.
fn attacker(policy: &Policy) -> Vec<Warning> {
    if policy.attacker.integers || bands(policy).is_empty() {
        return Vec::new();
    }
    vec![Warning {
        code: "weak-attacker",
        place: "attacker",
        what: "integers = false: the intruder is thought not to know that counts are whole numbers. Of two withheld parts of \
               a total of 3, each 1 or more, everybody knows that they are 1 and 2"
            .to_owned(),
        help: "remove it, unless the tables hold sums only".to_owned(),
    }]
}

/// Rules that another one makes idle.
fn rules(policy: &Policy) -> Vec<Warning> {
    let mut all = Vec::new();
    for (i, weak) in policy.rules.iter().enumerate() {
        let Some(entry) = rules::find(weak.rule.name()) else { continue };
        // a parameter that a rule does not spell out is at its default
        let usual = |name: &str| entry.parameters.iter().find(|p| p.name == name).and_then(|p| p.default);
        let value = |r: &dyn rules::Rule, name: &str| {
            let own = r.parameters().into_iter().find(|(n, _)| *n == name);
            own.map_or_else(|| usual(name).unwrap_or("none").to_owned(), |(_, v)| v)
        };
        let covers = |strong: &super::RuleUse| {
            entry.parameters.iter().all(|p| {
                let (old, new) = (value(&*weak.rule, p.name), value(&*strong.rule, p.name));
                old == new || entry.tightens(p.name).is_some_and(|t| t.allows(&old, &new))
            })
        };
        let others = policy.rules.iter().enumerate().filter(|(j, r)| *j != i && r.rule.name() == weak.rule.name());
        // of two that are alike, the later one is idle
        let alike = |j: usize, strong: &super::RuleUse| spelling(&*strong.rule) == spelling(&*weak.rule) && j > i;
        if let Some((_, strong)) = others.into_iter().find(|(j, strong)| covers(strong) && !alike(*j, strong)) {
            all.push(Warning {
                code: "rule-without-effect",
                place: entry.name,
                what: format!(
                    "{} ({}) finds nothing that {} ({}) does not find",
                    spelling(&*weak.rule),
                    weak.line,
                    spelling(&*strong.rule),
                    strong.line
                ),
                help: "remove the weaker one".to_owned(),
            });
        }
    }
    all
}

/// Partners that can't be one, because they must stay published.
fn partners(policy: &Policy) -> Vec<Warning> {
    let Plan::Suppress(plan) = &policy.plan else { return Vec::new() };
    let stays = |variable: &str, code: &str| {
        let all_of = |k: &&Keep| match k.categories.as_slice() {
            [(v, codes)] => k.never && k.table.is_none() && same(v, variable) && codes.iter().any(|c| same(c, code)),
            _ => false,
        };
        plan.keep.iter().find(|k| all_of(k))
    };
    let pairs = plan.partners.iter().flat_map(|p| p.prefer.iter().map(move |code| (p, code)));
    let found = pairs.filter_map(|(p, code)| Some((p, code, stays(&p.variable, code)?)));
    found
        .map(|(p, code, keep)| Warning {
            code: "partner-stays",
            place: "partner",
            what: format!(
                "`{code}` is a preferred partner ({}), but its cells are never withheld for others ({})",
                p.line, keep.line
            ),
            help: "remove the one or the other".to_owned(),
        })
        .collect()
}

/// Parameters that narrow down a withheld sum, where the public can read them.
fn parameters(policy: &Policy) -> Vec<Warning> {
    let shipped = presets::PRESETS.iter().any(|p| p.name == policy.id && p.file == policy.file);
    let published = policy.evidence != "generic" || shipped;
    let legends = policy.legend.entries().map(|(_, text)| text);
    let said: Vec<&str> = policy.notes.iter().map(String::as_str).chain(legends).collect();
    let numbers = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_ascii_digit() && c != '.').map(|n| n.trim_matches('.').to_owned()).collect()
    };
    let mentioned = |value: &String| said.iter().any(|text| numbers(text).contains(value));
    let mut all = Vec::new();
    for used in &policy.rules {
        let Some(betrayed) = used.rule.betrays() else { continue };
        let in_notes = used.rule.parameters().iter().any(|(_, value)| value.len() > 1 && mentioned(value));
        let why = match (in_notes, published) {
            (true, _) => "a note or the legend tells",
            (false, true) => "everybody can read",
            (false, false) => continue,
        };
        all.push(Warning {
            code: "public-parameters",
            place: if in_notes { "notes" } else { "" },
            what: format!("{why} the parameters of {} ({}): {betrayed}", used.rule.name(), used.line),
            help: "keep the parameters of rules for sums in a policy of your own, and out of notes".to_owned(),
        });
    }
    all
}

/// Exceptions of the past.
fn exceptions(policy: &Policy, today: Option<&str>) -> Vec<Warning> {
    let past = policy.exceptions.iter().filter(|e| today.is_some_and(|today| today > e.until.as_str()));
    past.map(|e| Warning {
        code: "exception-expired",
        place: "",
        what: format!("the exception of {} ({}) lapsed after {}", e.line, e.what(), e.until),
        help: "remove it, or have it approved again".to_owned(),
    })
    .collect()
}
