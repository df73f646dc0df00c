//! Finding columns by name, and saying helpfully that one is not there.

use super::Error;
use super::records::Wanted;

/// The position of each wanted column among the columns of a file.
///
/// # Errors
/// A column that is not there: the nearest names and all columns are listed.
pub(super) fn locate(file: &str, available: &[String], wanted: &[Wanted]) -> Result<Vec<usize>, Error> {
    let found = |w: &Wanted| available.iter().position(|a| *a == w.name).ok_or_else(|| missing(file, available, w));
    wanted.iter().map(found).collect()
}

/// The error for a column that a file does not have.
pub(super) fn missing(file: &str, available: &[String], wanted: &Wanted) -> Error {
    let near = nearest(&wanted.name, available);
    let hint = match near.as_slice() {
        [] => String::new(),
        names => format!("did you mean {}? ", quoted(names, " or ")),
    };
    let by = if wanted.by.is_empty() { String::new() } else { format!(", which {} needs", wanted.by) };
    Error::data(format!("{file}: there is no column \"{}\"{by}", wanted.name))
        .with_help(format!("{hint}columns available: {}", quoted(available, ", ")))
}

/// Up to three names that look like `name`, the most alike first.
pub fn nearest(name: &str, available: &[String]) -> Vec<String> {
    let key = |s: &str| s.to_lowercase().replace([' ', '-', '.'], "_");
    let wanted = key(name);
    // in short names a slip weighs more than the measure of likeness allows
    let slips = |a: &str| strsim::damerau_levenshtein(&wanted, a) <= wanted.chars().count().div_ceil(3);
    let mut scored: Vec<(f64, &String)> = (available.iter())
        .map(|a| (strsim::jaro_winkler(&wanted, &key(a)), a))
        .filter(|(score, a)| *score >= 0.8 || slips(&key(a)))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(3).map(|(_, a)| a.clone()).collect()
}

/// How many names a message lists, and how many characters of each.
const MOST: (usize, usize) = (40, 60);

/// Names in quotation marks, joined. A file that is no table has names of any length and any signs: what could steer a
/// terminal is replaced, and what is long is cut.
pub(super) fn quoted(names: &[String], joint: &str) -> String {
    let plain = |name: &String| -> String {
        let cut = if name.chars().count() > MOST.1 { "…" } else { "" };
        let signs = name.chars().take(MOST.1).map(|c| if c.is_control() { '\u{fffd}' } else { c });
        format!("\"{}{cut}\"", signs.collect::<String>())
    };
    let mut all: Vec<String> = names.iter().take(MOST.0).map(plain).collect();
    if names.len() > MOST.0 {
        all.push(format!("and {} more", names.len() - MOST.0));
    }
    all.join(joint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|s| s.to_string()).collect()
    }

    #[test]
    fn a_missing_column_is_told_with_its_neighbours() {
        let wanted = Wanted { name: "victim-agee".into(), by: "variable \"age\"".into(), ..Wanted::default() };
        let e = missing("cases.csv", &names(&["offence", "victim_age", "year"]), &wanted);
        assert_eq!(e.message, "cases.csv: there is no column \"victim-agee\", which variable \"age\" needs");
        let help = e.help.unwrap_or_default();
        assert!(help.starts_with("did you mean \"victim_age\"? "), "{help}");
        assert!(help.ends_with("columns available: \"offence\", \"victim_age\", \"year\""), "{help}");
    }

    #[test]
    fn lists_stay_short_and_harmless() {
        let names: Vec<String> = (0..50).map(|i| format!("\u{1b}[2J{i}{}", "x".repeat(100))).collect();
        let list = quoted(&names, ", ");
        assert!(!list.contains('\u{1b}') && list.ends_with("…\", and 10 more") && list.len() < 4_000, "{list}");
    }

    #[test]
    fn nothing_alike_gives_no_hint() {
        assert!(nearest("zzz", &names(&["offence", "age"])).is_empty());
        assert_eq!(nearest("aeg", &names(&["offence", "age"])), ["age"]);
    }
}
