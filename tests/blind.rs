//! The audit that knows no truth, against the attack, which does, and against enumeration; and drafts made of releases.

use std::process::Command;

use rayon::prelude::*;
use tabsafe::attack::{
    Attack, Attacker, BlindAudit, BlindFindings, BlindLeak, Judgement, Observation, Promise, ProtectionKind, Scope,
};
use tabsafe::model::{CellId, Exposure, Interval, System, Treatment, Verdict};
use tabsafe::solve::Highs;

use crate::brute;
use crate::random::{Rng, side_by_side};
use crate::worlds::{World, protect};

const SEEDS: u64 = 300;
/// Steps of the enumeration of one pattern; a larger one is skipped.
const STEPS: usize = 200_000;

/// What a reader sees of cells under these treatments.
pub fn observations(system: &System, attacker: &Attacker, treatments: &[Treatment]) -> Vec<Observation> {
    let of = |(cell, &treatment): (CellId, &Treatment)| {
        let within = attacker.domain(system, cell, treatment);
        match treatment {
            Treatment::Publish => Observation::Printed(system.value(cell)),
            Treatment::Withhold { .. } => Observation::Withheld(within),
            Treatment::Replace { .. } | Treatment::Band { .. } => Observation::Replaced { stands_for: within, within },
            Treatment::Hide => {
                Observation::NotShown { within, judged: system.cells[cell].exposure == Exposure::Implied }
            }
        }
    };
    treatments.iter().enumerate().map(of).collect()
}

/// What the audit without the truth finds in a system of which the values are gone.
pub fn audit(system: &System, seen: &[Observation], promise: Promise, scope: Scope) -> (BlindFindings, Vec<BlindLeak>) {
    let mut gone = system.clone();
    for cell in &mut gone.cells {
        (cell.value, cell.persons, cell.contributions) = (i64::MIN, None, None);
    }
    let name = |c: CellId| gone.words(c);
    let attack = Attack { blocks: &gone.blocks, ..Attack::new(&Highs, &name) };
    let audit = BlindAudit { attack: &attack, structure: gone.structure(), seen, promise, scope, start: None };
    let found = audit.run().expect("the truth fits what is published");
    let leaks = audit.leaks(&found, usize::MAX).expect("the truth fits what is published");
    (found, leaks)
}

/// What came of some patterns.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    judged: usize,
    leaks: usize,
    sure: usize,
    safe: usize,
}

impl Tally {
    fn add(self, o: Tally) -> Tally {
        Tally {
            judged: self.judged + o.judged,
            leaks: self.leaks + o.leaks,
            sure: self.sure + o.sure,
            safe: self.safe + o.safe,
        }
    }
}

/// One pattern: the methods', or cells withheld by chance.
fn judge(world: &World, treatments: &[Treatment], what: &str) -> Option<Tally> {
    let case = world.case.as_ref()?;
    let (least, band) = (i64::from(world.attacker.zeros_published), Some((1, case.threshold - 1)));
    let seen = observations(&world.system, &world.attacker, treatments);
    let withheld: Vec<CellId> = (0..seen.len()).filter(|&c| !matches!(seen[c], Observation::Printed(_))).collect();
    let truth = brute::truth(case, &world.system, treatments, &withheld, STEPS)?;
    let mut tally = Tally::default();

    // everything: as the ends of what is possible say
    let promise = Promise { band, kind: ProtectionKind::Band, least };
    let (found, leaks) = audit(&world.system, &seen, promise, Scope::Everything);
    for leak in &leaks {
        assert_eq!(leak.learned, truth.interval(leak.cell), "{what}: {}", world.system.words(leak.cell));
    }
    for (&cell, &judged) in &found.judged {
        let Interval { lo: Some(lo), hi } = truth.interval(cell) else { continue };
        let unseen = matches!(seen[cell], Observation::NotShown { .. });
        let large = hi.is_none_or(|hi| hi >= case.threshold);
        let single = hi == Some(lo);
        let expect = match (large, unseen) {
            (true, true) => Some(Judgement::Protected),
            (true, false) => Some(if single { Judgement::Leak } else { Judgement::Protected }),
            (false, true) if lo == 0 => Some(Judgement::Protected),
            (false, _) if single || hi < Some(case.threshold - 1) => Some(Judgement::Leak),
            (false, _) if lo <= 1 => Some(Judgement::Protected),
            // whether more could be hidden is another question
            (false, _) => None,
        };
        assert!(
            expect.is_none_or(|e| e == judged),
            "{what}: {} is {lo} to {hi:?}: {judged:?}",
            world.system.words(cell)
        );
        tally.judged += 1;
        tally.leaks += usize::from(judged == Judgement::Leak);
    }

    // what is surely hidden: nothing of it in what the attack calls safe
    let promise = Promise { kind: world.kind, ..promise };
    let sure: Vec<BlindLeak> = audit(&world.system, &seen, promise, Scope::SurelyHidden).1;
    let problem = world.problem();
    let verdict = world.audit(treatments, &problem.demands, &[]).verdict;
    if verdict == Verdict::Safe {
        let told: Vec<String> = sure.iter().map(|l| format!("{}: {}", world.system.words(l.cell), l.learned)).collect();
        assert!(told.is_empty(), "{what}: the attack says safe, a reader finds {told:?}");
        tally.safe += 1;
    }
    tally.sure += sure.iter().filter(|l| l.surely_hidden).count();
    Some(tally)
}

/// Without the truth the audit says of every cell what enumeration says; and where the attack, which has the truth, calls a
/// pattern safe, no reader can tell that some cell is a count that the policy hides.
#[test]
fn agrees_with_enumeration_and_attack() {
    let one = |seed: u64| {
        let world = World::counts(seed + 40_000);
        let problem = world.problem();
        let by_method = protect(&problem, "fast");
        let mut tally = Tally::default();
        if by_method.failed.is_empty() {
            tally = tally.add(judge(&world, &by_method.treatments, &world.name).unwrap_or_default());
        }
        let mut rng = Rng(seed ^ 0x626c_696e);
        let mut chosen = problem.primary.clone();
        let percent = [0, 25, 50][rng.below(3)];
        problem.candidates().for_each(|c| chosen[c] |= rng.chance(percent));
        let what = format!("{}, by chance", world.name);
        tally.add(judge(&world, &problem.treatments(&chosen), &what).unwrap_or_default())
    };
    let tally = side_by_side(|| (0..SEEDS).into_par_iter().map(one).reduce(Tally::default, Tally::add));
    eprintln!("{tally:?}");
    assert!(tally.judged >= 2_000 && tally.leaks >= 300 && tally.sure >= 200 && tally.safe >= 100, "{tally:?}");
}

/// The release of the worked example, read again as a draft, gives no withheld figure away: as text and as a spreadsheet.
#[test]
fn the_worked_example_as_a_draft() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tabsafe"));
        command.current_dir(env!("CARGO_MANIFEST_DIR"));
        command
    };
    let release = ["release", "examples/police-foi/release.toml", "--format", "text,xlsx", "--quiet", "--out"];
    assert!(program().args(release).arg(folder.path()).status().expect("it runs").success());
    for file in ["release.txt", "release.xlsx"] {
        let check = ["--policy", "police-foi", "--format", "json"];
        let ran = program().arg("check").arg(folder.path().join(file)).args(check).output().expect("it runs");
        let told: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("JSON");
        let codes: Vec<&str> =
            told["findings"].as_array().expect("a list").iter().filter_map(|f| f["code"].as_str()).collect();
        assert!(codes.is_empty() && told["verdict"] == "safe", "{file}: {codes:?} {}", told["verdict"]);
        assert_eq!(told["tables"].as_array().map(Vec::len), Some(6), "{file}: all tables are read");
    }
}
