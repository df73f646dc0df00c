//! What the signs and marks of a release mean: the notes of a table, the legend, the lines around the tables.

use super::layout::clean;
use crate::model::Measure;
use crate::release::{Header, Markers, Published, Release, ReleaseTable};

/// Signs that a label may end with to point at a note.
const MARKS: &str = "*^†‡§¶#~!¹²³⁴⁵⁶⁷⁸⁹";

/// A note and the mark that points at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The mark (`*`); empty for a note on the whole table.
    pub mark: String,
    /// What it says.
    pub text: String,
}

/// The notes of a table: those of its categories and cells in the order met, then its own.
pub fn notes(table: &ReleaseTable) -> Vec<Note> {
    let entries = table.axes.iter().flat_map(|a| &a.entries);
    let categories = entries.filter_map(|e| {
        let text = clean(e.note.as_deref()?);
        Some(match mark_of(&e.label) {
            "" => Note { mark: String::new(), text: format!("{}: {text}", clean(&e.label)) },
            mark => Note { mark: clean(mark), text },
        })
    });
    let cells = table.cell_notes.iter().map(|(_, mark, text)| Note { mark: clean(mark), text: clean(text) });
    let own = table.notes.iter().map(|n| Note { mark: String::new(), text: clean(n) });
    let mut notes: Vec<Note> = Vec::new();
    for note in categories.chain(cells).chain(own) {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

/// The mark at the end of a label: signs (`2015*`) or a note in brackets (`Other [note 2]`).
pub(super) fn mark_of(label: &str) -> &str {
    let label = label.trim_end();
    if let Some(start) = label.rfind("[note ").filter(|_| label.ends_with(']')) {
        return &label[start..];
    }
    &label[label.trim_end_matches(|c| MARKS.contains(c)).len()..]
}

/// The signs that stand in a release and what they mean, in a fixed order.
pub fn legend(release: &Release) -> Vec<Note> {
    legend_of(release.header(), &release.header().markers, release.tables())
}

/// The signs that stand in some tables, where `markers` are the signs.
pub(super) fn legend_of(header: &Header, markers: &Markers, tables: &[ReleaseTable]) -> Vec<Note> {
    let own = &header.terms.legend;
    let said = |own: &Option<String>, usual: &str| own.as_ref().map_or_else(|| usual.to_owned(), |text| clean(text));
    let stands = |state: fn(&Published) -> bool| tables.iter().any(|t| t.grid.iter().any(state));
    let mut legend = Vec::new();
    let mut add = |mark: &str, text: String| legend.push(Note { mark: clean(mark), text });
    if stands(|p| *p == Published::Withheld) {
        add(&markers.withheld, said(&own.withheld, &withheld(header, markers, tables)));
    }
    if stands(|p| *p == Published::Zero) && (markers.zero != "0" || own.zero.is_some()) {
        add(&markers.zero, said(&own.zero, "zero"));
    }
    if let Some(mark) = markers.rounds_to_zero.as_ref().filter(|_| stands(|p| *p == Published::RoundsToZero)) {
        add(mark, said(&own.rounds_to_zero, "not zero, but rounds to zero"));
    }
    if stands(|p| *p == Published::NotApplicable) {
        add(&markers.not_applicable, said(&own.not_applicable, "not applicable: these categories exclude each other"));
    }
    if let Some(notice) = &header.replaced {
        add("", clean(notice));
    }
    legend
}

/// What the sign of a withheld figure stands for: the range that the rules hide, what else is withheld, and whether it may be
/// zero. Of zeros it says what the attack takes for granted: that a withheld count is never one (`never_zero`), or nothing of
/// the kind; a withheld sum may always be one.
fn withheld(header: &Header, markers: &Markers, tables: &[ReleaseTable]) -> String {
    let stands = |sum: bool| {
        let of_kind = tables.iter().filter(|t| matches!(t.measure, Measure::Sum { .. }) == sum);
        of_kind.flat_map(|t| &t.grid).any(|p| *p == Published::Withheld)
    };
    let unbounded = "withheld to protect those behind the figure, or to protect another figure";
    let counts = stands(false);
    if !counts {
        return unbounded.to_owned();
    }
    // a method that shows a sign tells the same of every figure behind it
    let sums = header.replaced.is_none() && stands(true);
    let shown = match markers.zero.as_str() {
        "0" => String::new(),
        sign => format!(" (shown as {})", clean(sign)),
    };
    let zero = match (header.never_zero, sums, header.withheld_band) {
        (true, false, _) => format!("never zero{shown}"),
        (true, true, _) => format!("a count is never zero{shown}, a sum may be"),
        (false, _, Some((..=0, _))) => "zero is included".to_owned(),
        (false, _, Some(_)) => "it may be zero".to_owned(),
        // nothing that a rule hides by its size: the plain words leave zero open
        (false, _, None) => return unbounded.to_owned(),
    };
    let Some((lo, hi)) = header.withheld_band else { return format!("{unbounded}; {zero}") };
    let lo = if header.never_zero { lo.max(1) } else { lo };
    let range = if lo >= hi { format!("{hi}") } else { format!("between {lo} and {hi}") };
    match (&header.replaced, sums) {
        (Some(_), _) => format!("{range}; {zero}"),
        (None, false) => format!("withheld: {range}, or withheld to protect another figure; {zero}"),
        (None, true) => {
            format!(
                "withheld: a count {range}, or a figure withheld to protect those behind it or another figure; {zero}"
            )
        }
    }
}

/// The lines below the title: reference, source, what is counted.
pub fn preamble(release: &Release) -> Vec<String> {
    let header = release.header();
    let reference = header.reference.iter().map(|r| format!("Reference: {r}"));
    let source = header.source.iter().map(|s| format!("Source: {s}"));
    let unit = Some(&header.unit).filter(|u| !u.is_empty()).map(|u| format!("Counted: {u}"));
    reference.chain(source).chain(unit).map(|line| clean(&line)).collect()
}

/// Letters of the fingerprint that people are shown: enough to tell policies apart.
pub(super) const SHORT: usize = 12;

/// Under which policy the figures were protected.
pub fn colophon(release: &Release) -> String {
    let h = release.header();
    let short: String = h.public_fingerprint.chars().take(SHORT).collect();
    let print = if short.is_empty() { String::new() } else { format!(" (fingerprint {short})") };
    let policy = format!("policy {}, version {}{print}", h.policy_id, h.policy_version);
    clean(&format!("Protected under {policy}, with tabsafe {}.", h.tool_version))
}

/// The same for programs, a name and a value each: the policy, its version, its public fingerprint in full, the program.
pub(super) fn provenance(release: &Release) -> Vec<(&'static str, String)> {
    let h = release.header();
    let all = [
        ("policy", h.policy_id.clone()),
        ("policy-version", h.policy_version.clone()),
        ("policy-fingerprint", h.public_fingerprint.clone()),
        ("tool", format!("tabsafe {}", h.tool_version)),
    ];
    all.into_iter().map(|(name, value)| (name, clean(&value))).filter(|(_, value)| !value.is_empty()).collect()
}

/// The same as a line, for the description among a document's properties.
pub(super) fn provenance_line(release: &Release) -> String {
    let all = provenance(release).into_iter().map(|(name, value)| format!("{name}: {value}"));
    all.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::mark_of;

    #[test]
    fn a_mark_is_the_tail_of_a_label() {
        assert_eq!(mark_of("2015*"), "*");
        assert_eq!(mark_of("13 and Over^"), "^");
        assert_eq!(mark_of("65+"), "");
        assert_eq!(mark_of("Other [note 2]"), "[note 2]");
        assert_eq!(mark_of("Zürich†‡ "), "†‡");
        assert_eq!(mark_of(""), "");
    }
}
