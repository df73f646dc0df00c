//! Judgements with answers worked out by hand.

use super::super::{Attack, ProtectionKind};
use super::*;
use crate::model::{Cell, Exposure, Measure, Relation, System};
use crate::solve::Highs;

/// A total (the first cell) and its parts.
fn total_of(parts: usize) -> System {
    let cell = |_| Cell {
        measure: 0,
        coords: Box::from([0]),
        value: 0,
        persons: None,
        contributions: None,
        exposure: Exposure::Shown,
        places: vec![],
    };
    let cells = (0..=parts).map(cell).collect();
    System {
        measures: vec![Measure::Records],
        cells,
        relations: vec![Relation::total(0, 1..=parts)],
        ..System::default()
    }
}

/// What is judged of the cells of a total and its parts, and what is learned where it leaks.
fn audit(seen: &[Observation], scope: Scope, kind: ProtectionKind) -> (Vec<Judgement>, Vec<(CellId, Interval, bool)>) {
    let system = total_of(seen.len() - 1);
    let name = |c: CellId| c.to_string();
    let attack = Attack::new(&Highs, &name);
    let promise = Promise { band: Some((1, 4)), kind, least: 1 };
    let audit = BlindAudit { attack: &attack, structure: system.structure(), seen, promise, scope, start: None };
    let found = audit.run().expect("some table fits");
    let leaks = audit.leaks(&found, usize::MAX).expect("some table fits");
    let leaks = leaks.into_iter().map(|l| (l.cell, l.learned, l.surely_hidden)).collect();
    (found.judged.into_values().collect(), leaks)
}

const SIGN: Observation = Observation::Withheld(Interval { lo: Some(1), hi: None });

fn printed(value: i64) -> Observation {
    Observation::Printed(value)
}

fn rounded(lo: i64, hi: i64) -> Observation {
    Observation::Replaced { stands_for: Interval::new(lo, hi), within: Interval::new(lo, hi) }
}

fn not_shown() -> Observation {
    Observation::NotShown { within: Interval::at_least(0), judged: true }
}

/// A withheld part that follows: small it is a leak in any scope, large only where two values are asked of everything.
#[test]
fn withheld_parts() {
    use Judgement::{Leak, Protected};
    let band = ProtectionKind::Band;
    for scope in [Scope::Everything, Scope::SurelyHidden] {
        let three = audit(&[printed(12), printed(9), SIGN], scope, band);
        assert_eq!(three, (vec![Leak], vec![(2, Interval::exactly(3), true)]));
        assert_eq!(audit(&[printed(12), SIGN, SIGN], scope, band), (vec![Protected; 2], vec![]));
        let narrow = audit(&[printed(3), SIGN, SIGN], scope, band);
        let one_or_two = |c| (c, Interval::new(1, 2), true);
        assert_eq!(narrow, (vec![Leak; 2], vec![one_or_two(1), one_or_two(2)]));
        assert_eq!(audit(&[printed(3), SIGN, SIGN], scope, ProtectionKind::Exact).0, [Protected; 2]);
    }
    let large = [printed(20), printed(9), SIGN];
    assert_eq!(audit(&large, Scope::Everything, band), (vec![Leak], vec![(2, Interval::exactly(11), false)]));
    assert_eq!(audit(&large, Scope::SurelyHidden, band), (vec![Protected], vec![]));
}

/// What nobody prints is judged if it follows: small it leaks, zero or large it does not.
#[test]
fn unprinted_parts() {
    for (total, part, expect) in
        [(12, 9, Judgement::Leak), (12, 12, Judgement::Protected), (12, 5, Judgement::Protected)]
    {
        for scope in [Scope::Everything, Scope::SurelyHidden] {
            let found = audit(&[printed(total), printed(part), not_shown()], scope, ProtectionKind::Band);
            assert_eq!(found.0, [expect], "{total} - {part}");
        }
    }
}

/// A rounded figure that may be small must keep all of the band that the method leaves it; one that is surely not small need not.
#[test]
fn rounded_parts() {
    let of = |seen: &[Observation], scope| audit(seen, scope, ProtectionKind::Band).0;
    use Judgement::{Leak, Protected};
    // 3 to 7 less what the total leaves: 4 to 7 may be a 4, which the method would hide among 3 and 4
    let doubtful = [printed(20), rounded(13, 16), rounded(3, 7)];
    assert_eq!(of(&doubtful, Scope::Everything), [Protected, Leak]);
    assert_eq!(of(&doubtful, Scope::SurelyHidden), [Protected, Protected]);
    let large = [printed(20), rounded(13, 14), rounded(3, 7)];
    assert_eq!(of(&large, Scope::Everything), [Protected, Protected]);
    let small = [printed(20), rounded(16, 17), rounded(3, 7)];
    for scope in [Scope::Everything, Scope::SurelyHidden] {
        assert_eq!(of(&small, scope)[1], Leak);
    }
}

/// Figures that contradict each other are told as such.
#[test]
fn contradictions() {
    let system = total_of(2);
    let name = |c: CellId| c.to_string();
    let attack = Attack::new(&Highs, &name);
    let seen = [printed(3), printed(4), SIGN];
    let promise = Promise { band: None, kind: ProtectionKind::Band, least: 1 };
    let audit = BlindAudit {
        attack: &attack,
        structure: system.structure(),
        seen: &seen,
        promise,
        scope: Scope::Everything,
        start: None,
    };
    assert!(audit.run().is_err());
}
