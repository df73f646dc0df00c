//! Words around a number that say what it is, other than a count of persons or cases.

use super::super::common;

/// Number words and what they are.
const NUMBERS: &[(&str, i64)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("both", 2),
    ("single", 1),
    ("couple", 2),
    ("pair", 2),
    ("dozen", 12),
];

/// What stands before the number of a place, a document, a law, a class.
const NUMBERED: &str = " draft table tab section sections s ss page pp p question q qu qs figure fig part article art schedule annex \
    annexe appendix app note notes footnote endnote row column col chapter ch paragraph para step age aged ages version v phase class tier \
    band type level stage quarter week day month year request regulation reg code nr ref reference ward zone unit \
    room floor flat grade group category cat district division sector block line lot module form volume vol issue edition item \
    option box house route junction platform channel act principle exemption clause rule standard iso directive order recital \
    sheet cell file attachment document doc slide exhibit map chart graph scale wave round sweep tel telephone phone fax call \
    dial ext extension mobile freephone ring no nos nummer seite tabelle abbildung abschnitt kapitel anhang anlage artikel \
    absatz satz tableau annee page página tabla tabela pagina número numéro windows excel office schedule covid \
    objective goal recommendation priority target aim indicator measure series variant size gate road lane court entrance \
    crossrail terminal term gcse stufe jahrgang klasse gruppe typ ziffer frage ";

/// What stands before "number" where an identifier follows.
const IDENTIFIED: &str = " request reference ref case phone telephone contact account house flat serial registration company \
    charity file version issue page room fax mobile freephone crime incident helpline order invoice policy ";

/// What stands behind a number of something that is neither a person nor a case.
const THINGS: &str = " working quarter quarters term terms times time decimal decimals significant digit digits table tables \
    question questions column columns row rows page pages sheet sheets worksheet worksheets tab tabs part parts annex annexes \
    appendix appendices attachment attachments document documents file files spreadsheet spreadsheets section sections \
    paragraph paragraphs sentence sentences word words note notes footnote footnotes chart charts figure figures map maps graph \
    graphs per point points km kilometre kilometres mile miles metre metres meter meters mph kg kilograms tonnes litres \
    hectares acres feet inches million billion thousand pounds pence euros euro dollars gbp eur usd degrees am pm o'clock \
    reason reasons way ways system systems exemption exemptions source sources method methods methodology definition \
    definitions area areas borough boroughs county counties force forces category categories group groups band bands list lists \
    stage stages step steps factor factors thing things type types kind kinds level levels language languages place places \
    variable variables measure measures indicator indicators respect respects copy copies website websites link links \
    department departments service services team teams ward wards district districts region regions council councils authority \
    authorities school schools hospital hospitals site sites station stations office offices trust trusts board boards body \
    bodies agency agencies organisation organisations division divisions directorate directorates country countries nation \
    nations state states set sets series period periods cycle cycles season seasons date dates class classes code codes sector \
    sectors option options criteria criterion condition conditions test tests issue issues aspect aspects element elements \
    component components field fields format formats version versions number numbers dataset datasets database databases \
    database's response responses answer answers email emails letter letters request's principle principles act acts regulation \
    regulations law laws strand strands theme themes objective objectives dimension dimensions breakdown breakdowns total \
    totals subset subsets count counts age ages gender genders sex sexes ethnicity ethnicities percentage percent cent calendar \
    financial fiscal academic tranche tranches batch batches tier tiers phase phases phone telephone channel channels bay bays bed beds ";

/// What is owned, and counted without counting anybody.
const OWNED: &str = " van vans car cars vehicle vehicles minibus minibuses lorry lorries appliance appliances engine engines bin bins camera cameras \
    computer computers laptop laptops building buildings library libraries centre centres room rooms park parks playground playgrounds \
    toilet toilets machine machines device devices printer printers bus buses boat boats horse horses drone drones ";
/// Who owns says so.
const OWNS: &str = " own owns owned have has had use uses used operate operates operated run runs maintain maintains lease leases leased hold holds \
    are is ";

/// Parts of a whole, behind a number word: "two thirds".
const PARTS: &str =
    " third thirds quarter quarters half halves fifth fifths sixth sixths seventh eighth ninth tenth tenths hundredth ";

/// What "both" and "a single" speak of without counting persons or cases.
const IDIOMS: &str = " sides parties ends instances versions terms respects cases occasions aspects sexes genders parent parents occupancy status \
    market point site use figure currency user name piece view page file copy line digit digits document response request ";

/// Words that lead from a number to the number of a whole: "two of the three areas".
const LEADS: &str = " of the these those our its their all such ";

/// Words between a number and what it is a number of.
const BREAKS: &str = " in of for by at on from with were was is are has had have and or to than as who whom which that not but during \
    since until between against per ";

/// What stands before a bound, or a base of rounding.
const BOUNDS: &str = " than under over least most below above nearest exceeding exceeds minimum maximum threshold base beyond until within \
    multiples multiple ";

/// What stands behind a bound, after "or".
const OR_BOUNDS: &str = " more fewer less over under above below greater higher lower older younger ";

/// What tells that a sentence explains signs or rounding.
const EXPLAINS: &str = " withheld suppressed suppression redacted redaction replaced masked hidden rounded rounding disclosure disclosive omitted \
    denotes denote denoted means represents indicates indicated signifies shown suppress withhold mask anonymised \
    marked symbol identifiable identification obscured protected unterdrückt geheim ";

/// What such a sentence says that numbers are of.
const EXPLAINED: &str =
    " figure figures value values count counts number numbers cell cells frequency frequencies total totals ";

/// Verbs of change, which make "from 12 to 3" two counts.
const CHANGES: &str = " fell rose dropped decreased increased went changed grew declined down up reduced reduction increase decrease fall rise drop \
    change moved shrank jumped ";

/// Verbs that make of "one" a count.
const VERBS: &str = " was were is has had have did died remains remained resulted led went received left came could declined refused withdrew ";

/// Words before "one" that make it a count.
const ONLY: &str = " only just exactly another: ";

/// Months in other languages than English, of drafts that were seen.
const MONTHS: &str = " januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre januari februari maart mei augustus ";

/// Words behind a number in an address.
const STREETS: &str = " street st road rd lane avenue ave square way drive close crescent terrace court place house gardens hill park row \
    quay embankment straße strasse weg platz ";

fn holds(list: &str, word: &str) -> bool {
    !word.is_empty() && !word.contains(' ') && list.split_ascii_whitespace().any(|w| w == word)
}

/// The value of a number word.
pub(super) fn number_word(word: &str) -> Option<i64> {
    NUMBERS.iter().find(|(w, _)| *w == word).map(|(_, n)| *n)
}

/// Whether a word stands before numbers of places, documents, laws, classes.
pub(super) fn numbered(word: &str) -> bool {
    if matches!(word, "answer" | "answers" | "query" | "queries" | "re") {
        return true;
    }
    holds(NUMBERED, word) || word.strip_suffix('s').is_some_and(|w| holds(NUMBERED, w))
}

/// Whether "number" behind this word is that of an identifier.
pub(super) fn identified(word: &str) -> bool {
    holds(IDENTIFIED, word)
}

/// Whether a word is something that is neither a person nor a case.
pub(crate) fn thing(word: &str) -> bool {
    common::time(word) || holds(THINGS, word)
}

/// Whether a word is something that is owned.
pub(super) fn owned(word: &str) -> bool {
    holds(OWNED, word)
}

/// Whether a word says that something is owned.
pub(super) fn owns(word: &str) -> bool {
    holds(OWNS, word)
}

/// Whether a word is a part of a whole.
pub(super) fn part(word: &str) -> bool {
    holds(PARTS, word)
}

/// Whether "both" or "a single" before this word is no count.
pub(super) fn idiom(word: &str) -> bool {
    holds(IDIOMS, word)
}

/// Whether a word leads from a number to the whole.
pub(super) fn leads(word: &str) -> bool {
    holds(LEADS, word)
}

/// Whether a word ends what a number can be a number of.
pub(super) fn breaks(word: &str) -> bool {
    holds(BREAKS, word)
}

/// Whether a bound follows.
pub(super) fn bound(word: &str) -> bool {
    holds(BOUNDS, word)
}

/// Whether "or" and this word make a bound of the number before.
pub(super) fn or_bound(word: &str) -> bool {
    holds(OR_BOUNDS, word)
}

/// Whether a sentence with this word explains signs or rounding.
pub(crate) fn explains(word: &str) -> bool {
    holds(EXPLAINS, word)
}

/// Whether numbers behind this word are explained in such a sentence.
pub(crate) fn explained(word: &str) -> bool {
    holds(EXPLAINED, word)
}

/// Whether a word tells of a change from one number to another.
pub(super) fn changes(word: &str) -> bool {
    holds(CHANGES, word)
}

/// Whether "one" before this word counts.
pub(super) fn verb(word: &str) -> bool {
    holds(VERBS, word)
}

/// Whether "one" behind this word counts.
pub(super) fn only(word: &str) -> bool {
    holds(ONLY, word)
}

/// Whether a word is a month.
pub(super) fn month(word: &str) -> bool {
    common::month(word) || holds(MONTHS, word)
}

/// Whether a word ends an address.
pub(super) fn street(word: &str) -> bool {
    holds(STREETS, word)
}
