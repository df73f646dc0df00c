//! What is legal but unwise: each warning with its arithmetic, and what does not get one.

use tabsafe::policy::{Policy, lint};

/// The warnings of a policy whose head has four lines.
fn warnings(rest: &str) -> String {
    let text = format!("id = \"p\"\ntitle = \"T\"\nversion = \"1\"\nevidence = \"generic\"\n{rest}");
    let policy = Policy::from_text("p.toml", &text).unwrap_or_else(|error| panic!("{error}"));
    lint::lint(&policy, Some("2026-06-30")).to_string()
}

/// A threshold that a rounding base cuts through, when small counts are hidden and when all are rounded; the pairs that fit.
#[test]
fn threshold_and_base() {
    let rounded = |minimum: i64, base: i64| {
        warnings(&format!("[threshold]\nminimum = {minimum}\nzero = \"withhold-if-needed\"\n[round]\nbase = {base}\n"))
    };
    assert_eq!(
        rounded(5, 5),
        "p.toml:8:1: counts of 3 to 7 are all printed as 5, but a threshold of 5 calls 3 to 4 unsafe and 5 to 7 safe (p.toml:5) \
         [rounding-misfit] (thresholds that fit a base of 5: 3, 8, 13)"
    );
    let hidden = |hi: i64, base: i64| {
        warnings(&format!(
            "[threshold]\nminimum = {}\n[round]\nmethod = \"label-bands\"\nhi = {hi}\nbase = {base}\n",
            hi + 1
        ))
    };
    assert_eq!(
        hidden(4, 5),
        "p.toml:7:1: counts up to 4 are hidden and all others rounded to 5: a printed 5 stands for 5 to 7, not for 3 to 7 (p.toml:5) \
         [rounding-misfit] (thresholds that fit a base of 5: 3, 8, 13)"
    );
    assert!(hidden(5, 5).contains("a printed 5 stands for 6 to 7, not for 3 to 7"));
    assert!(hidden(9, 5).contains("a printed 10 stands for 10 to 12, not for 8 to 12"));
    for (hi, base) in [(2, 5), (7, 5), (12, 5), (4, 10)] {
        assert_eq!((hidden(hi, base), rounded(hi + 1, base)), (String::new(), String::new()), "{hi} and {base}");
    }
}

/// Small counts that are hidden by their sign alone.
#[test]
fn nothing_else_is_hidden() {
    let bands =
        |more: &str| warnings(&format!("[threshold]\nminimum = 5\n[round]\nmethod = \"label-bands\"\nhi = 4\n{more}"));
    assert!(bands("").starts_with(
        "p.toml:7:1: counts up to 4 are hidden, and all others, totals too, are printed as they are (p.toml:5): of a total of 12 with the \
         parts 10 and a hidden one, that one is 2 [no-secondary]"
    ), "{}", bands(""));
    assert!(!bands("base = 10\n").contains("[no-secondary]"));
}

/// Protection that leaves less open than the rule hides.
#[test]
fn exact_with_zeros() {
    let told = warnings("[threshold]\nminimum = 5\n[suppress]\nprotection = \"exact\"\n");
    assert_eq!(
        told,
        "p.toml:8:14: protection = \"exact\" leaves 2 values possible, the rule hides 4: 1 to 4 (p.toml:5). Zeros are published, so a \
         withheld count is 1 or more, and a 1 may be narrowed to 1 to 2 [exact-protection] (protection = \"band\" keeps all of them possible)"
    );
    assert!(
        warnings("[threshold]\nminimum = 5\n[suppress]\nprotection = \"width=2\"\n")
            .contains("leaves 3 values possible")
    );
    let zeros = "[threshold]\nminimum = 5\nzero = \"withhold-if-needed\"\n[suppress]\nprotection = \"exact\"\n";
    assert!(
        warnings(zeros).contains(
            "the rule hides 4: 1 to 4 (p.toml:5). A withheld count may be zero, and a 1 may be narrowed to 0 to 1"
        ),
        "{}",
        warnings(zeros)
    );
    for quiet in ["protection = \"band\"", "protection = \"above\"", "protection = \"width=3\""] {
        assert_eq!(warnings(&format!("[threshold]\nminimum = 5\n[suppress]\n{quiet}\n")), "");
    }
}

/// Rules that treat zeros differently, and a sign for zeros where none is shown.
#[test]
fn zeros() {
    let both =
        "[[threshold]]\nminimum = 5\n[[threshold]]\nminimum = 10\non = \"persons\"\nzero = \"unsafe\"\n[suppress]\n";
    assert!(warnings(both).contains(
        "one rule publishes zeros and hides 1 to 4 (p.toml:5), another hides 0 to 9 (p.toml:7): a withheld figure may be either [zeros-disagree]"
    ));
    let needed = both.replace("unsafe", "withhold-if-needed");
    assert!(warnings(&needed).contains(
        "one rule publishes zeros and hides 1 to 4 (p.toml:5), another withholds zeros where that protects another figure, and hides 1 to 9 \
         (p.toml:7): a withheld figure may be zero [zeros-disagree]"
    ), "{}", warnings(&needed));
    let hidden = "[threshold]\nminimum = 5\nzero = \"unsafe\"\n[suppress]\n[legend]\nzero = \"nobody\"\n";
    assert_eq!(
        warnings(hidden),
        "p.toml:10:8: `legend.zero` can't stand in a release: every zero is withheld [sign-without-use] (remove it)"
    );
}

/// The sign of withheld figures must be true of all of them.
#[test]
fn signs() {
    let told = |rest: &str| warnings(&format!("[threshold]\nminimum = 5\n[suppress]\n{rest}\n"));
    assert!(told("[markers]\nwithheld = \"<5\"").starts_with(
        "p.toml:9:12: `<5` says that a withheld figure is small. Figures that are withheld to protect others have the same sign, and may be \
         of any size [sign-claims-range]"
    ));
    assert!(told("[legend]\nwithheld = \"fewer than 5\"").contains("[sign-claims-range]"));
    for sign in ["1-4", "(1 to 4)", "1–4"] {
        assert!(told(&format!("[markers]\nwithheld = \"{sign}\"")).contains("[sign-claims-range]"), "{sign}");
    }
    assert_eq!(told("[legend]\nwithheld = \"fewer than 5, or withheld to protect another figure\""), "");
    assert_eq!(told("[markers]\nwithheld = \"*\""), "");
    // that no withheld figure is zero is true only where every zero is published
    let never = "[suppress]\n[legend]\nwithheld = \"withheld, never zero\"\n";
    assert_eq!(warnings(&format!("[threshold]\nminimum = 5\n{never}")), "");
    assert!(warnings(&format!("[threshold]\nminimum = 5\nzero = \"withhold-if-needed\"\n{never}")).contains(
        "`withheld, never zero` says that a withheld figure is not zero. The rules let zeros be withheld [sign-claims-range]"
    ));
    assert!(told("[markers]\nrounds-to-zero = \"[low]\"").contains("nothing is rounded [sign-without-use]"));
    let rounded =
        "[threshold]\nminimum = 8\n[round]\nmethod = \"label-bands\"\nhi = 7\nbase = 5\n[markers]\nwithheld = \"<8\"\n";
    assert_eq!(warnings(rounded), "", "a label band shows small counts only");
    assert!(
        warnings(&rounded.replace("<8", "<5"))
            .contains("`<5` names 5, but it stands for 1 to 7 (p.toml:5) [sign-claims-range]")
    );
}

/// Parameters that narrow down a sum, where the public can read them.
#[test]
fn public_parameters() {
    let rules = "[dominance]\nn = 1\nk = 80\n[p-percent]\np = 10\n[suppress]\n";
    assert_eq!(warnings(rules), "", "a policy of one's own keeps them");
    let told = warnings(&format!("notes = [\"No contributor has more than 80 percent of a figure.\"]\n{rules}"));
    assert_eq!(
        told,
        "p.toml: a note or the legend tells the parameters of dominance (p.toml:6): who knows the largest contribution knows that a withheld \
         sum is below 1.25 times as much (100 / 80) [public-parameters] (keep the parameters of rules for sums in a policy of your own, and \
         out of notes)"
    );
}

/// A rule that another one covers, and an intruder who knows less than everybody.
#[test]
fn idle_rules_and_weak_intruders() {
    let told = warnings(
        "[[threshold]]\nminimum = 3\n[[threshold]]\nminimum = 5\non = \"persons\"\n[suppress]\n[attacker]\nintegers = false\n",
    );
    assert!(told.contains(
        "threshold(minimum=3,zero=show,on=records) (p.toml:5) finds nothing that threshold(minimum=5,zero=show,on=persons) (p.toml:7) does \
         not find [rule-without-effect]"
    ), "{told}");
    assert!(told.contains(
        "Of two withheld parts of a total of 3, each 1 or more, everybody knows that they are 1 and 2 [weak-attacker]"
    ));
    let twice = warnings("[[dominance]]\nn = 1\nk = 80\n[[dominance]]\nn = 1\nk = 80\n[suppress]\n");
    assert_eq!(twice.matches("[rule-without-effect]").count(), 1, "{twice}");
    assert_eq!(warnings("[[dominance]]\nn = 1\nk = 50\n[[dominance]]\nn = 2\nk = 67\n[suppress]\n"), "");
}

/// A warning that is accepted with a reason is silent; one that does not arise is told to be superfluous; an exception of
/// the past is told.
#[test]
fn accepted_and_expired() {
    let exact = "[threshold]\nminimum = 5\n[suppress]\nprotection = \"exact\"\n";
    let accepted = "[[accepted]]\nwarning = \"exact-protection\"\nreason = \"as agreed\"\n";
    assert_eq!(warnings(&format!("{exact}{accepted}")), "");
    let for_nothing = warnings(&format!("{}{accepted}", exact.replace("exact", "band")));
    assert_eq!(
        for_nothing,
        "p.toml:10:11: `exact-protection` is accepted, but does not arise [accepted-for-nothing] (remove it)"
    );
    let exception = format!(
        "[threshold]\nminimum = 5\n[suppress]\n[[exception]]\nrelease = \"R\"\nrule = \"threshold\"\nband = \"1-4\"\ndefinition = \"{}\"\n\
         approved-by = \"A\"\nreason = \"B\"\nuntil = \"DAY\"\n",
        "0".repeat(64)
    );
    assert_eq!(warnings(&exception.replace("DAY", "2026-06-30")), "");
    assert!(warnings(&exception.replace("DAY", "2026-06-29")).contains("lapsed after 2026-06-29 [exception-expired]"));
}

/// A partner that must never be withheld can't be one; one that is only kept if possible, or in another table, can.
#[test]
fn partners_that_must_stay() {
    let told = |keep: &str| {
        warnings(&format!(
            "[threshold]\nminimum = 5\n[suppress]\n[[partner]]\nvariable = \"outcome\"\nprefer = [\"Other\"]\n[[keep]]\n{keep}\n"
        ))
    };
    assert_eq!(
        told("categories = { Outcome = [\"Charge\", \"other\"] }\nnever = true"),
        "p.toml:8:1: `Other` is a preferred partner (p.toml:8), but its cells are never withheld for others (p.toml:11) [partner-stays] \
         (remove the one or the other)"
    );
    for fine in [
        "categories = { outcome = [\"Other\"] }",
        "categories = { outcome = [\"Charge\"] }\nnever = true",
        "categories = { outcome = [\"Other\"] }\ntable = \"1\"\nnever = true",
        "categories = { outcome = [\"Other\"], year = [\"2016\"] }\nnever = true",
    ] {
        assert_eq!(told(fine), "", "{fine}");
    }
}
