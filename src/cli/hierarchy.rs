//! `--hierarchy VAR=FILE`: which variable has its hierarchy in which file.

use std::path::Path;

use tabsafe::diag::nearest;

use super::fault::Fault;

/// The file of the hierarchy of a variable, if one is given.
///
/// # Errors
/// An argument that is not VAR=FILE, or that is about a variable which `by` does not name, whichever variable is asked
/// for: it would be ignored, and the table would lack its subtotals.
pub fn file<'a>(given: &'a [String], by: &[String], variable: &str) -> Result<Option<&'a Path>, Fault> {
    let mut found = None;
    for text in given {
        let Some((name, file)) = text.split_once('=').filter(|(_, file)| !file.is_empty()) else {
            return Err(Fault::usage(format!("--hierarchy \"{text}\" does not say whose hierarchy it is"))
                .help("write VAR=FILE, for example region=region.hrc"));
        };
        if !by.iter().any(|b| b == name) {
            let near = nearest(name, by).map(|near| format!("did you mean \"{near}\"? ")).unwrap_or_default();
            return Err(Fault::usage(format!("--hierarchy is given for \"{name}\", which --by does not name"))
                .help(format!("{near}--by names: {}", by.join(", "))));
        }
        if name == variable && found.replace(Path::new(file)).is_some() {
            return Err(Fault::usage(format!("--hierarchy is given twice for \"{name}\"")).help("give it once"));
        }
    }
    Ok(found)
}
