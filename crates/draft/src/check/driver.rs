//! The order of a check.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::attack::BlindLeak;
use crate::draft::{Entry, Place};
use crate::model::{CellId, Interval, Measure};
use crate::policy::Plan;
use crate::round::{self, Rounding};
use crate::text::Meaning;

use super::assumed;
use super::blocks::{Pages, pages};
use super::codes::{DERIVABLE, DOMINANCE, GROUP_DISCLOSURE, HIDDEN_CONTENT, INCONSISTENT, NOT_UNDERSTOOD};
use super::contradictions::contradictions;
use super::figures::{Figures, Signs, misfits};
use super::findings::{Finding, Outcome, Spot, TableSeen, Verdict};
use super::flatten::flattened;
use super::infer::{Inferred, fits, infer};
use super::leaks::{Attacked, Intruder};
use super::ledger::ledger;
use super::question::{self, Questions};
use super::reading::Reading;
use super::remedy::remedies;
use super::steps::Steps;
use super::unsafe_cells::{band, unsafe_cells, valued};
use super::{
    Draft, LayoutRate, Options, accept, groups, helps, hypotheses, legend, noise, rates, records, shares, text_totals,
    tidy, unread,
};

/// Checks a draft.
pub fn check(drafts: &[Draft], options: &Options) -> Outcome {
    let answers = question::settled(drafts, options);
    let unasked = answers.ids.keys().cloned().collect();
    let options = &Options { answers, markers: options.markers.clone(), ..*options };
    let mut check = Check::new(drafts, options);
    let mut outcome = check.run();
    outcome.unasked = unasked;
    // what was found then may rest on a search that was broken off
    if options.solver.stopped() {
        return Outcome::timed_out();
    }
    let by_hand = super::remedy::safe_tables(&outcome);
    // of figures with noise nobody can say what withholding or rounding would hide
    let noisy = outcome.judged_as.is_some();
    if options.remedies && outcome.verdict == Verdict::Unsafe && !by_hand && !noisy {
        outcome.remedies = remedies(&check, options);
    }
    outcome
}

/// A check at work.
pub(crate) struct Check<'a> {
    pub drafts: &'a [Draft],
    pub options: &'a Options<'a>,
    pub pages: Pages,
    pub signs: Signs,
    pub reading: Reading,
    /// What came of the attack.
    pub attacked: Attacked,
    /// Relations that nothing confirms and nothing excludes.
    possible: Vec<hypotheses::possible::Possible>,
    /// Percentages of withheld counts from which nothing was worked out.
    pub(super) unread: Vec<(usize, (usize, usize))>,
    /// What was asked, and what is answered.
    pub questions: Questions,
    inferred: Vec<Inferred>,
    /// What the draft says of its own signs.
    pub(super) legends: legend::Taken,
    assumptions: Vec<String>,
    /// How percentages, rates and means narrowed cells.
    pub(super) shares: HashMap<CellId, String>,
    /// The rates and means that are used, for remedies.
    pub rates: Vec<rates::Use>,
    /// What they are worked out from, to be saved.
    pub rates_layout: Vec<(String, LayoutRate)>,
}

impl<'a> Check<'a> {
    /// Reads a draft.
    pub fn new(drafts: &'a [Draft], options: &'a Options<'a>) -> Self {
        let pages = pages(drafts);
        let questions = Questions::new(&options.answers);
        let legends = legend::Taken::new(options, &pages);
        let mut signs = signs(options, &legends);
        tidy::declare(&pages, &mut signs, band(options.policy), options.layout);
        let mut reading = Reading::new(&pages, &signs, options.layout);
        if let Some(narrower) = legends.narrower(&signs) {
            let other = Reading::new(&pages, &narrower, options.layout);
            if other.adds_up() && fits(&other, options.solver) {
                (signs, reading) = (narrower, other);
            }
        }
        // "* = fewer than 5, or withheld to protect others": a bound that the figures exclude is not all that the sign stands for
        if let Some(wider) = legends.wider(&signs)
            && !(reading.adds_up() && fits(&reading, options.solver))
        {
            let other = Reading::new(&pages, &wider, options.layout);
            if other.adds_up() && fits(&other, options.solver) {
                (signs, reading) = (wider, other);
            }
        }
        let mut assumptions = Vec::new();
        let mut inferred = Vec::new();
        let listed = !records::found(&pages, &signs, options.layout).is_empty();
        if !listed && !reading.undeclared(&signs).is_empty() {
            inferred = infer(&pages, &signs, options.layout, options.solver);
            if options.accept_inferred {
                for one in inferred.iter().filter(|i| i.meaning.is_some()) {
                    signs.meanings.extend(one.meaning.map(|m| (one.sign.clone(), m)));
                    assumptions.push(format!("{} (taken as asked for by --accept-inferred)", one.words));
                }
                reading = Reading::new(&pages, &signs, options.layout);
            }
        }
        Check {
            drafts,
            options,
            pages,
            signs,
            reading,
            inferred,
            legends,
            assumptions,
            shares: HashMap::new(),
            rates: Vec::new(),
            rates_layout: Vec::new(),
            attacked: Attacked::default(),
            possible: Vec::new(),
            unread: Vec::new(),
            questions,
        }
    }

    /// Itself, judged.
    pub fn judged(mut self) -> Self {
        self.run();
        self
    }

    /// What each sign means, for a check of a changed draft.
    pub fn markers(&self) -> BTreeMap<String, Meaning> {
        self.signs.meanings.clone()
    }

    /// The sign for withheld figures: the draft's own, else the policy's.
    pub fn withheld_sign(&self) -> String {
        let used = self.reading.bound.placed.iter().map(|p| super::knowledge::sign(&self.reading.tables, p));
        let own = used.filter(|s| !s.is_empty()).find(|s| self.signs.meanings.get(s) == Some(&Meaning::Withheld));
        own.unwrap_or_else(|| self.options.policy.markers.withheld.clone())
    }

    /// Judges it.
    pub fn run(&mut self) -> Outcome {
        let solver = self.options.solver;
        let mut findings = records::found(&self.pages, &self.signs, self.options.layout);
        if findings.is_empty() {
            findings = self.not_understood();
            findings.extend(self.legends.findings(&self.signs));
            findings.extend(contradictions(&self.reading, &self.signs, &self.inferred, &|n| self.spot(n), solver));
            helps::mend(self, &mut findings);
        }
        let told = self.told();
        let mut beside = Vec::new();
        let mut open = Vec::new();
        let goes_on = |findings: &[Finding]| !findings.iter().any(|f| f.code.stops) && !solver.stopped();
        if goes_on(&findings) {
            findings.extend(self.beside(&mut beside));
            open = self.take_facts(&mut beside);
        }
        let used = self.rates.iter().map(|u| (u.block, u.at)).collect();
        let mut assumptions = assumed::assumptions(&self.reading, &self.pages, &self.signs, &used);
        assumptions.extend(self.legends.assumptions(&self.reading, &self.signs));
        assumptions.append(&mut self.assumptions);
        assumptions.append(&mut beside);
        let mut attacked = Attacked::default();
        if goes_on(&findings) {
            match self.intruder().attack(&self.reading.bound, &self.reading.known) {
                Ok(found) => {
                    attacked = found;
                    let leaks = attacked.leaks.iter().map(|l| l.cell).collect();
                    let (open, reading) = (&self.possible, &self.reading);
                    let said = hypotheses::possible::ask(open, reading, self.intruder(), &leaks, &self.questions);
                    assumptions.extend(said);
                }
                Err(_) => findings
                    .push(Finding::plain(&INCONSISTENT, "no whole numbers fit everything that is printed".to_owned())),
            }
            self.ask_facts(&open, &attacked);
            findings.extend(self.ask_rests());
            findings.extend(self.ask_persons());
            findings.extend(self.ask_unexplained());
            findings.extend(self.unsafe_cells());
            findings.extend(self.leaks(&attacked));
            findings.extend(self.groups(&attacked));
            findings.extend(self.percentages());
            findings.extend(self.sentences(&told));
            findings.extend(self.spoken_shares());
        }
        findings.extend(self.hidden());
        let (ledger, answered) = ledger(self, &told, !findings.iter().any(|f| f.code.stops));
        findings.extend(answered);
        findings.sort_by_key(|f| f.spots.first().map(|s| (s.file, s.table, s.at, s.place.line, s.place.column)));
        let tables = self.tables();
        let accept = self.accept();
        let (findings, accepted, unfit) = accept::accepted(findings, &accept, self.drafts, &tables);
        assumptions.extend(unfit.iter().filter(|a| !self.options.accept.contains(a)).map(|a| {
            format!("the layout accepts {} at {}, and nothing of the kind is found there any more", a.code, a.place)
        }));
        let questions = self.questions.all();
        let verdict =
            verdict(&findings, &attacked, questions.iter().all(|q| q.answer.is_some()) && ledger.not_judged.is_empty());
        let verdict =
            if verdict == Verdict::Safe && !accepted.is_empty() { Verdict::SafeWithExceptions } else { verdict };
        let open = !attacked.open.is_empty();
        self.attacked = attacked;
        Outcome {
            judged_as: noise::judged_as(&self.signs),
            open,
            verdict,
            tables,
            assumptions,
            findings,
            accepted,
            unfit: unfit.into_iter().filter(|a| self.options.accept.contains(a)).collect(),
            layout: self.layout(&questions),
            questions,
            ledger,
            unasked: Vec::new(),
            remedies: Vec::new(),
            withheld: self.reading.known.seen.iter().filter(|s| s.withheld).count(),
        }
    }

    /// What stands beside the counts, taken into what is known: totals in the text, rates, means, percentages.
    fn beside(&mut self, assumptions: &mut Vec<String>) -> Vec<Finding> {
        let totals = text_totals::take(&mut self.reading, &self.pages, self.options.solver);
        let tables: Vec<Figures> = self.reading.tables.clone();
        let spot = |table: usize, at: (usize, usize)| spot_in(&tables, table, at);
        let rates = rates::take(&mut self.reading, &self.pages, &self.signs, self.options.layout, &spot);
        let elsewhere = rates.uses.iter().map(|u| (u.block, u.at)).collect();
        let shares = shares::take(&mut self.reading, &self.signs, &elsewhere, &spot);
        let taken = hypotheses::take(&mut self.reading, &self.signs, &shares.open, &spot);
        assumptions.extend([totals.assumptions, shares.assumptions, rates.assumptions, taken.assumptions].concat());
        let possible = hypotheses::possible(&self.reading, &self.signs, &spot).into_iter();
        let said = match self.signs.replaces() {
            true => Vec::new(),
            false => hypotheses::spoken::find(&self.reading, &self.pages),
        };
        let possible = possible.chain(taken.possible).chain(said).collect();
        self.unread = taken.unread;
        self.possible = hypotheses::possible::confirmed(possible, &mut self.reading, &self.questions);
        self.shares = rates.steps;
        self.shares.extend(shares.steps);
        self.shares.extend(taken.steps);
        self.rates = rates.uses;
        self.rates_layout = rates.layout;
        totals.findings.into_iter().chain(shares.findings).chain(rates.findings).chain(taken.findings).collect()
    }

    /// Tables of percentages alone that give a small count away.
    fn percentages(&self) -> Vec<Finding> {
        let Some(band) = band(self.options.policy) else { return Vec::new() };
        shares::without_counts(&self.reading, &self.pages, &self.signs, band, self.band_line().as_deref())
    }

    /// The line of the policy that hides small counts.
    pub(super) fn band_line(&self) -> Option<String> {
        self.options.policy.rules.iter().find(|r| r.rule.band().is_some()).map(|r| r.line.clone())
    }

    pub fn intruder(&self) -> Intruder<'_> {
        Intruder {
            attacker: self.options.policy.attacker,
            protection: self.options.policy.protection,
            band: band(self.options.policy),
            solver: self.options.solver,
        }
    }

    /// Where a printed cell stands.
    pub fn spot(&self, number: usize) -> Spot {
        let placed = self.reading.bound.placed.get(number);
        placed.map(|p| spot_in(&self.reading.tables, p.table, (p.row, p.col))).unwrap_or_default()
    }

    /// All places of a cell.
    fn spots(&self, cell: CellId) -> Vec<Spot> {
        let mut spots: Vec<Spot> = Vec::new();
        for spot in self.reading.bound.places_of(cell).iter().map(|&n| self.spot(n)) {
            // a total stands in each breakdown of it
            if !spots.iter().any(|s| (s.table, s.at) == (spot.table, spot.at)) {
                spots.push(spot);
            }
        }
        spots
    }

    /// Blocks of figures that are no tables of counts, and drafts without any.
    fn not_understood(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let told = self.reading.tables.is_empty() && shares::told(&self.reading, &self.pages);
        if self.in_sentences() {
            findings.extend(self.without_tables());
        } else if self.reading.tables.is_empty() && !told {
            let what =
                if self.pages.blocks.is_empty() { "there is no table in it" } else { "no table in it holds counts" };
            findings.push(Finding {
                help: Some(
                    "is it the right file? Rows and columns can be told apart by tabs, bars or two blanks".to_owned(),
                ),
                ..Finding::plain(&NOT_UNDERSTOOD, what.to_owned())
            });
        }
        findings.extend(unread::found(&self.reading, &self.signs, &|t, at| spot_in(&self.reading.tables, t, at)));
        for table in self.options.layout.into_iter().flat_map(|l| &l.tables) {
            let listed = self.reading.tables.iter().any(|f| f.name == table.name);
            if !listed && !self.pages.blocks.iter().any(|b| b.name == table.name) {
                let names: Vec<String> = self.pages.blocks.iter().map(|b| format!("\"{}\"", b.name)).collect();
                findings.push(Finding {
                    help: Some(format!("tables of the draft: {}", names.join(", "))),
                    ..Finding::plain(
                        &NOT_UNDERSTOOD,
                        format!(
                            "{}: the layout speaks of a table \"{}\", which is not there",
                            self.options.layout.map(|l| l.place(&table.name)).unwrap_or_default(),
                            table.name
                        ),
                    )
                });
            }
        }
        findings.extend(self.lists());
        for figures in self.reading.tables.iter().filter(|f| f.is_main()) {
            let said = self.options.layout.and_then(|l| l.table(&figures.name));
            let wrong = said.zip(self.options.layout).map(|(l, all)| misfits(figures, l, all)).unwrap_or_default();
            findings.extend(wrong.into_iter().map(|words| Finding {
                help: Some("write the layout anew with --save-layout, and edit that".to_owned()),
                ..Finding::plain(&NOT_UNDERSTOOD, words)
            }));
        }
        findings
    }

    /// Tidy lists that name a cell twice, or that are too large.
    fn lists(&self) -> Vec<Finding> {
        let doubled = |&(table, first, second): &(usize, usize, usize)| Finding {
            spots: [second, first].map(|row| spot_in(&self.reading.tables, table, (row, 0))).to_vec(),
            help: Some(
                "a cell stands once in a list: leave one of the lines out, or add the column that tells them apart"
                    .to_owned(),
            ),
            ..Finding::plain(&INCONSISTENT, "two lines are about the same cell".to_owned())
        };
        let refused = |(block, why): &(usize, String)| Finding {
            spots: self
                .pages
                .blocks
                .get(*block)
                .and_then(|b| Some((b.file, b.rows.first()?.first()?.place.clone())))
                .map(|(file, place)| Spot { file, place, ..Spot::default() })
                .into_iter()
                .collect(),
            help: Some("check each of its tables in a file of its own".to_owned()),
            ..Finding::plain(&NOT_UNDERSTOOD, why.clone())
        };
        self.reading.doubled.iter().map(doubled).chain(self.reading.refused.iter().map(refused)).collect()
    }

    fn unsafe_cells(&self) -> Vec<Finding> {
        let system = valued(&self.reading);
        let finding = |u: super::unsafe_cells::UnsafeCell| Finding {
            code: u.code,
            spots: self.spots(u.finding.cell),
            reason: u.finding.reason,
            steps: Vec::new(),
            help: None,
            policy: Some(u.finding.policy_line),
        };
        unsafe_cells(&system, self.options.policy).into_iter().map(finding).collect()
    }

    fn leaks(&self, attacked: &Attacked) -> Vec<Finding> {
        if attacked.leaks.is_empty() {
            return Vec::new();
        }
        let names = self.reading.names();
        let known = &self.reading.known;
        let flat = flattened(&known.public, &|c| known.seen.get(c).is_some_and(|s| !s.places.is_empty()));
        let (steps, all) = (Steps::new(&flat, &names), Steps::new(&known.public, &names));
        let policy = self.band_line();
        let finding = |leak: &BlindLeak| {
            let own = self.reading.known.domain(leak.cell);
            let derived =
                || steps.derivation(leak.cell, leak.learned).or_else(|| all.derivation(leak.cell, leak.learned));
            let mut told = if own == leak.learned {
                Vec::new()
            } else {
                derived().unwrap_or_else(|| all.beyond(leak.cell, leak.learned))
            };
            // a percentage that gave it, or one of the figures on the way
            if let Some(share) = self.shares.get(&leak.cell) {
                told.insert(
                    0,
                    super::steps::Step { equation: share.clone(), follows: String::new(), open: 1, left: own },
                );
            }
            Finding {
                code: &DERIVABLE,
                spots: self.spots(leak.cell),
                reason: self.reason(leak.cell, leak.learned),
                steps: told,
                help: None,
                policy: policy.clone(),
            }
        };
        attacked.leaks.iter().map(finding).collect()
    }

    /// Groups all of which are surely in one category, although figures are withheld.
    fn groups(&self, attacked: &Attacked) -> Vec<Finding> {
        let names = self.reading.names();
        let told = groups::told(&self.reading, self.options.policy, attacked.base.as_deref(), self.options.solver);
        let finding = |g: groups::Group| {
            let (cell, margin) = (names.cell(g.cell), names.cell(g.margin));
            let (code, all) = match g.except {
                0 => (&GROUP_DISCLOSURE, "all".to_owned()),
                k => (&DOMINANCE, format!("all but at most {k}")),
            };
            Finding {
                spots: self.spots(g.cell),
                policy: Some(g.line),
                ..Finding::plain(code, format!("whatever is withheld, {all} of {margin} are in {cell}"))
            }
        };
        told.into_iter().map(finding).collect()
    }

    /// What an intruder learns of a figure, in a sentence.
    fn reason(&self, cell: CellId, learned: Interval) -> String {
        let known = &self.reading.known;
        let names = self.reading.names();
        let band = band(self.options.policy);
        let hides =
            band.map(|(lo, hi)| format!(", and the policy hides which of {lo} to {hi} it is")).unwrap_or_default();
        let places = self.reading.bound.places_of(cell).iter().filter_map(|&n| self.reading.bound.placed.get(n));
        let printed = places.into_iter().find(|p| {
            super::knowledge::content(&self.reading.tables, p)
                .and_then(|c| self.signs.known(c))
                .is_some_and(|k| matches!(k, super::tree::Known::Exact(_)))
        });
        match (learned.value(), printed) {
            (Some(v), Some(place)) if known.is_withheld(cell) => {
                format!("it is {v}: {} prints it", names.table(place.table))
            }
            (Some(v), _) if known.is_withheld(cell) => format!("it can be worked out: it is {v}"),
            (Some(v), _) => format!("no table prints {}, but it can be worked out: it is {v}", names.cell(cell)),
            (None, _) if known.is_withheld(cell) => format!("it can be narrowed down to {learned}{hides}"),
            (None, _) => {
                format!("no table prints {}, but it can be narrowed down to {learned}{hides}", names.cell(cell))
            }
        }
    }

    fn tables(&self) -> Vec<TableSeen> {
        let table = |(t, figures): (usize, &super::figures::Figures)| {
            let block = self.pages.blocks.get(figures.parsed.block);
            let own = self.reading.cases.iter().position(|c| c.tables.contains(&t));
            let near = |c: usize| {
                own == Some(c)
                    || self.reading.cases.get(c).and_then(|c| c.part_of) == own
                    || own.and_then(|o| self.reading.cases.get(o)).and_then(|o| o.part_of) == Some(c)
            };
            let linked = (0..self.reading.cases.len())
                .filter(|&c| near(c))
                .filter_map(|c| self.reading.cases.get(c))
                .flat_map(|c| &c.tables);
            let main = |t: &usize| self.reading.tables.get(*t).is_some_and(|f| !f.layer);
            let linked: std::collections::BTreeSet<usize> =
                linked.copied().filter(|&other| other != t).filter(main).collect();
            TableSeen {
                name: figures.name.clone(),
                file: figures.file,
                place: block.and_then(|b| b.rows.first()?.first()).map_or_else(Place::default, |e| e.place.clone()),
                rows: counted(&figures.parsed.rows),
                columns: counted(&figures.parsed.cols),
                linked: linked.into_iter().filter_map(|t| self.reading.tables.get(t)).map(|t| t.name.clone()).collect(),
                typed: match figures.parsed.listed {
                    true => tidy::typed(figures),
                    false => block
                        .map(|b| b.rows.iter().map(|r| r.iter().map(typed).collect()).collect())
                        .unwrap_or_default(),
                },
            }
        };
        self.reading.tables.iter().enumerate().filter(|(_, f)| f.is_main()).map(table).collect()
    }
}

/// How many rows or columns hold counts.
fn counted(heads: &[super::table::Head]) -> usize {
    heads.iter().filter(|h| h.kind == super::table::Kind::Count).count()
}

/// A cell's text as typed, indented as it stands, in one line.
fn typed(entry: &Entry) -> String {
    if entry.merged {
        return String::new();
    }
    format!("{}{}", "  ".repeat(entry.indent.min(4)), entry.text.replace('\n', " "))
}

/// Where a cell of figures stands.
pub(super) fn spot_in(tables: &[Figures], table: usize, (row, col): (usize, usize)) -> Spot {
    let Some(figures) = tables.get(table) else { return Spot::default() };
    let (rows, cols) = (&figures.parsed.rows, &figures.parsed.cols);
    let label = |head: Option<&super::table::Head>| head.map(|h| h.path.join(" / ")).unwrap_or_default();
    // a measure stands in the table beside whose counts it stands
    let beside = figures.measure.is_some().then(|| tables.iter().position(|f| f.parsed.block == figures.parsed.block));
    let listed = figures.parsed.listed.then(|| tidy::typed_at(figures, row, col));
    Spot {
        table: Some(beside.flatten().unwrap_or(table)),
        at: Some(listed.unwrap_or_else(|| (rows.get(row).map_or(0, |h| h.at), cols.get(col).map_or(0, |h| h.at)))),
        row: label(rows.get(row)),
        column: label(cols.get(col)),
        file: figures.file,
        place: figures.parsed.cell(row, col).map(|c| c.place.clone()).unwrap_or_default(),
    }
}

impl Finding {
    /// A finding without a place.
    pub(crate) fn plain(code: &'static super::Code, reason: String) -> Finding {
        Finding { code, spots: Vec::new(), reason, steps: Vec::new(), help: None, policy: None }
    }
}

/// What signs stand for: what the draft says itself, then the policy, then the layout, then the command line.
fn signs(options: &Options, legends: &legend::Taken) -> Signs {
    let policy = options.policy;
    let mut meanings: BTreeMap<String, Meaning> = legends.meanings();
    let markers = &policy.markers;
    meanings.insert(markers.withheld.clone(), Meaning::Withheld);
    meanings.insert(markers.zero.clone(), Meaning::Zero);
    meanings.insert(markers.not_applicable.clone(), Meaning::NotApplicable);
    meanings.extend(markers.rounds_to_zero.clone().map(|m| (m, Meaning::RoundsToZero)));
    for (sign, meaning) in options.layout.into_iter().flat_map(|l| &l.markers) {
        if let Ok((_, meaning)) = crate::text::parse_marker(&format!("{sign}={meaning}")) {
            meanings.insert(sign.clone(), meaning);
        }
    }
    meanings.extend(options.markers.clone());
    let said = options.layout.and_then(|l| l.rounded_to);
    let told = || legends.rounded().map(|r| (r.base, r.random));
    // the policy's own method, unless the layout names another base; else what the draft says of itself
    let nearest = |base: i64| (base > 1).then(|| format!("conventional(base={base})"));
    let said_so =
        |(base, random): (i64, bool)| if random { Some(format!("random(base={base})")) } else { nearest(base) };
    let spelling = match (&policy.plan, said) {
        (Plan::Round(plan), base) if base.is_none() || base == plan.method.base() => {
            Some(round::spelling(&*plan.method))
        }
        (_, Some(base)) => nearest(base),
        (_, None) => told().and_then(said_so),
    };
    let rounding: Option<Arc<dyn Rounding>> = spelling.and_then(|s| round::parse_rounding(&s).ok()).map(Arc::from);
    let base = rounding.as_ref().and_then(|r| r.base());
    let noise = match &policy.plan {
        Plan::Perturb(plan) if rounding.is_none() && plan.method.covers(&Measure::Records) => Some(plan.clone()),
        _ => None,
    };
    let of_table = |table: &super::LayoutTable| {
        let base = table.rounded_to?;
        let rounding = nearest(base).and_then(|s| round::parse_rounding(&s).ok()).map(Arc::from);
        Some((table.name.clone(), rounding))
    };
    let tables = options.layout.into_iter().flat_map(|l| &l.tables).filter_map(of_table).collect();
    Signs { meanings, least: i64::from(policy.attacker.zeros_published), base, rounding, tables, noise }
}

fn verdict(findings: &[Finding], attacked: &Attacked, answered: bool) -> Verdict {
    // what a file holds and does not show is unsafe however the rest is to be read
    if findings.iter().any(|f| *f.code == HIDDEN_CONTENT) {
        return Verdict::Unsafe;
    }
    match (findings.iter().any(|f| f.code.stops), findings.is_empty(), attacked.open.is_empty()) {
        (true, ..) => Verdict::NotUnderstood,
        (false, false, _) => Verdict::Unsafe,
        (false, true, false) => Verdict::Inconclusive,
        (false, true, true) if !answered => Verdict::Question,
        (false, true, true) => Verdict::Safe,
    }
}
