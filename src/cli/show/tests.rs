//! The terminal output of the hand-made release.

use std::path::PathBuf;

use tabsafe::attack::{Audit, Leak};
use tabsafe::model::{Interval, Protection, Treatment, Verdict};
use tabsafe::release::{Header, Release};

use super::{View, fixture, release};

/// The output for the fixture after a change to the view and its parts.
fn shown(change: impl Fn(&mut Protection, &mut Audit, &mut Header), view: impl Fn(&mut View)) -> String {
    let (system, findings) = (fixture::system(), fixture::findings());
    let (mut protection, mut audit, mut header) = (fixture::protection(), fixture::audit(), fixture::header());
    change(&mut protection, &mut audit, &mut header);
    let made = Release::new(&system, &protection, &audit, header.clone()).ok();
    let files = [PathBuf::from("out/release.txt"), PathBuf::from("out/release.csv")];
    let reports = [PathBuf::from("report.json")];
    let mut it = View {
        system: &system,
        findings: &findings,
        protection: &protection,
        audit: &audit,
        header: &header,
        release: made.as_ref(),
        warnings: &[],
        confidential: &[],
        files: if made.is_some() { &files } else { &[] },
        reports: &reports,
        cost_decimals: 0,
        verbose: false,
        color: false,
    };
    view(&mut it);
    release(&it)
}

#[test]
fn a_safe_release() {
    insta::assert_snapshot!(shown(|_, _, _| (), |_| ()), @r#"
    Grooming offences

    TABLE 1
    Year            Total
    2014         17180014
    2015*               6
    Grand Total  17180020
    *  to 16 July 2015

    TABLE 2
    Victim Age   Year                Total
                     2014  2015*
    Under 10          [c]      -       [c]
    10 and over       [c]     6#       [c]
    Without age       [z]    [z]       [z]
    Grand Total  17180014      6  17180020
    *  to 16 July 2015
    #  one recorded late
    Recorded age.

    [c]  withheld: between 1 and 4, or withheld to protect another figure; never zero (shown as -)
    -    zero
    [z]  not applicable: these categories exclude each other

    SAFE: an attack on everything published found nothing that the policy hides.
    Done      4 of 9 cells withheld
    Files     out/release.txt
              out/release.csv
    Report    report.json (confidential)
    More      --verbose or --report FILE: which cells are unsafe, what it cost, what remains possible
              (confidential)
    "#);
}

/// What is confidential is shown where it was asked for, below a mark that says so.
#[test]
fn a_safe_release_in_full() {
    let all = shown(|_, _, _| (), |v| v.verbose = true);
    assert!(
        all.starts_with("CONFIDENTIAL: --verbose shows what the public files do not\n\nGrooming offences\n"),
        "{all}"
    );
    for line in [
        "  Withheld: the count is between 1 and 4 (threshold, policies/police-foi.toml:12)\n",
        "  2 more cells are withheld to protect others.\n",
        "\nUnsafe    2 of 9 cells, by threshold (policies/police-foi.toml:12)\n",
        "\nDone      withheld 2 unsafe cells and 2 more to protect them, by the method \"optimal\"\n",
        "\nCost      4 of 9 cells, 50.0 % of all counts printed (",
        "\nProof     no other choice of cells loses less, which is proven (a loss of ",
        "\nIntruder  the narrowest withheld figure can still be anything from 1 to 4 (Victim Age Under 10, Year\n",
    ] {
        assert!(all.contains(line), "{line} is not in\n{all}");
    }
}

#[test]
fn a_leak() {
    let leak = |_: &mut Protection, audit: &mut Audit, _: &mut Header| {
        audit.verdict = Verdict::Unsafe;
        let derivation = format!("Total 7310005 - 2 = {}", fixture::SECRET);
        audit.leaks.push(Leak { cell: 0, learned: Interval::exactly(fixture::SECRET), derivation });
    };
    let quiet = shown(leak, |_| ());
    assert!(!quiet.contains(&fixture::SECRET.to_string()), "{quiet}");
    insta::assert_snapshot!(quiet, @r#"
    UNSAFE: not every cell could be protected. Nothing was released.
    Report    report.json (confidential)
    Next      merge categories (wider bands, pooled years) or leave out a total or a table; then run
              again. A policy that keeps totals or other cells, or shows all zeros, may leave no way to
              protect a cell
    More      --verbose or --report FILE: which cells are unsafe, what it cost, what remains possible
              (confidential)
    "#);
    let told = shown(leak, |v| v.verbose = true);
    assert!(
        told.contains("  Victim Age Under 10, Year 2014 is exactly 7310003: Total 7310005 - 2 = 7310003\n"),
        "{told}"
    );
}

#[test]
fn no_true_value_without_verbose() {
    let quiet = shown(|_, _, _| (), |_| ());
    for value in [fixture::SECRET, fixture::SECONDARY, fixture::SECONDARY + 6] {
        assert!(!quiet.contains(&value.to_string()), "{value} in {quiet}");
    }
    let verbose = shown(|_, _, _| (), |v| v.verbose = true);
    assert!(verbose.contains("Under 10: 2014 (7310003 is below the threshold of 5), Total"), "{verbose}");
    assert!(verbose.contains("% of all counts printed (34360034 of "), "{verbose}");
}

#[test]
fn colour_changes_nothing_but_colour() {
    let plain = shown(|_, _, _| (), |_| ());
    let colored = shown(|_, _, _| (), |v| v.color = true);
    assert!(colored.contains("\u{1b}[1m\u{1b}[32mSAFE"), "{colored:?}");
    let mut stripped = String::new();
    let mut rest = colored.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        stripped.push_str(before);
        rest = after.split_once('m').map_or("", |(_, r)| r);
    }
    stripped.push_str(rest);
    let squeeze = |s: &str| s.lines().map(|l| l.trim_end().to_owned()).collect::<Vec<_>>();
    assert_eq!(squeeze(&stripped), squeeze(&plain));
}

#[test]
fn limits_and_gaps_are_told() {
    let limit = |p: &mut Protection, a: &mut Audit, _: &mut Header| {
        (p.loss, p.bound, p.limit_reached) = (494, 480, true);
        a.verdict = Verdict::Inconclusive;
    };
    let text = shown(limit, |_| ());
    assert!(text.starts_with("INCONCLUSIVE: a limit ended the proof. Nothing was released.\n"), "{text}");
    assert!(!text.contains("2.8 %") && !text.contains("480"), "{text}");
    let verbose = shown(limit, |v| v.verbose = true).split_whitespace().collect::<Vec<_>>().join(" ");
    let told = "at most 2.8 % of the loss could be saved by another choice of cells (the loss is 494, at least 480 is";
    assert!(verbose.contains(told), "{verbose}");
    assert!(text.contains("Next      allow more time"), "{text}");
}

#[test]
fn nothing_to_do_is_said_so() {
    let nothing = |p: &mut Protection, _: &mut Audit, _: &mut Header| {
        p.treatments = vec![Treatment::Publish; 9];
        (p.loss, p.bound) = (0, 0);
    };
    assert!(shown(nothing, |v| v.findings = &[]).contains("Done      0 of 9 cells withheld\n"));
    let text = shown(nothing, |v| (v.findings, v.verbose) = (&[], true));
    assert!(text.contains("Unsafe    none of 9 cells\n"), "{text}");
    assert!(!text.contains("Done") && !text.contains("Cost") && !text.contains("Intruder"), "{text}");
}

#[test]
fn rounding_is_told_as_rounding() {
    let round = |p: &mut Protection, _: &mut Audit, h: &mut Header| {
        let near = |v: i64| Treatment::Replace { by: v, preimage: Interval::new(v - 2, v + 2) };
        p.treatments = vec![Treatment::Publish; 9];
        p.treatments[0] = near(7_310_005);
        p.treatments[4] = near(5);
        (p.loss, p.bound, p.method) = (0, 0, "conventional");
        (h.rounding_base, h.withheld_band) = (Some(5), None);
        h.replaced = Some("Figures are rounded.".to_owned());
    };
    assert!(shown(round, |_| ()).contains("Done      2 of 9 cells rounded, 0 withheld\n"));
    let text = shown(round, |v| v.verbose = true);
    assert!(text.contains("Done      rounded 2 cells to multiples of 5, by the method \"conventional\"\n"), "{text}");
    assert!(text.contains("the narrowest rounded figure can still be anything from"), "{text}");
    assert!(text.contains("  Rounded: the count is between 1 and 4 (threshold,"), "{text}");
}

#[test]
fn many_findings_stay_few_lines_and_wide_tables_stay_out() {
    let (mut system, protection, audit) = (fixture::system(), fixture::protection(), fixture::audit());
    let header = Header { cell_notes: Vec::new(), ..fixture::header() };
    let ages = &mut system.tables[1].axes[0].entries;
    let model = ages[0].clone();
    for i in 0..60 {
        let mut age = model.clone();
        age.label =
            format!("Age {i}, which has quite a long label so that a line of it must be wrapped somewhere on a page");
        ages.insert(0, age);
    }
    let positions = system.tables[1].len();
    system.grids[1] = vec![Some(0); positions];
    let shown_at = |position| tabsafe::model::Place { table: 1, position, shown: true };
    system.cells[0].places = (0..positions).map(shown_at).collect();
    let findings = fixture::findings();
    let made = Release::new(&system, &protection, &audit, header.clone()).ok();
    let view = View {
        system: &system,
        findings: &findings,
        protection: &protection,
        audit: &audit,
        header: &header,
        release: made.as_ref(),
        warnings: &["look here".to_owned()],
        confidential: &[],
        files: &[],
        reports: &[],
        cost_decimals: 0,
        verbose: true,
        color: false,
    };
    let text = release(&view);
    assert!(text.contains("and 24 more rows, see the files"), "{text}");
    assert!(text.contains("    and 174 more, see the report"), "{text}");
    assert!(text.lines().all(|l| l.chars().count() <= super::WIDTH), "{text}");
    assert!(text.contains("Note      look here"));
}

/// What gives a cell away is told in words, with the cheapest step, to those who ask for what is confidential.
#[test]
fn what_stands_in_the_way() {
    let system = fixture::system();
    let (findings, header) = (fixture::findings(), fixture::header());
    let mut protection = fixture::protection();
    // of the years that add up to the total of the youngest, one is withheld
    protection.treatments[1..=2].fill(Treatment::Publish);
    let mut audit = fixture::audit();
    audit.verdict = Verdict::Unsafe;
    audit.leaks = vec![Leak { cell: 0, learned: Interval::exactly(fixture::SECRET), derivation: String::new() }];
    let view = View {
        system: &system,
        findings: &findings,
        protection: &protection,
        audit: &audit,
        header: &header,
        release: None,
        warnings: &[],
        confidential: &[],
        files: &[],
        reports: &[],
        cost_decimals: 0,
        verbose: false,
        color: false,
    };
    let text = super::summary::refused(&view).join("\n");
    assert!(!text.contains("Under 10") && text.contains("More: --verbose"), "{text}");
    let text = super::summary::refused(&View { verbose: true, ..view }).join("\n");
    insta::assert_snapshot!(text, @r#"
    UNSAFE: an intruder can work out 1 figure that the policy hides. Nothing was released.
      Victim Age Under 10, Year 2014 is exactly 7310003: the other parts of Victim Age Under 10 are 0,
      which is shown, so that total gives it away
    Next: leave Year, which has two categories, out of the table; or leave out TABLE 2: none of these
          cells stands in another table; then run again. A policy that keeps totals or other cells, or
          shows all zeros, may leave no way to protect a cell
    "#);
}
