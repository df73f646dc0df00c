//! A zip of tidy CSV files, one per table, with their description in CSVW: for portals that take a file a table.

use std::io::{self, Write};

use super::csv::{Columns, Tidy, tidy_table};
use super::csvw;
use crate::package::Package;
use crate::release::Release;

/// Where CSVW looks for the description of files in a folder.
const DESCRIPTION: &str = "csv-metadata.json";

/// Writes a release as a zip of CSV files.
pub(super) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    let mut package = Package::new();
    let mut files: Vec<(String, Columns)> = Vec::new();
    for table in release.tables() {
        let plain: String = table.id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let taken = |name: &String| files.iter().any(|(n, _)| n == name);
        let numbered = (2..).map(|n| format!("table-{plain}-{n}.csv"));
        let mut names = std::iter::once(format!("table-{plain}.csv")).chain(numbered).filter(|name| !taken(name));
        let name = names.next().unwrap_or_default();
        let columns = Columns::of(std::slice::from_ref(table), Tidy { table_column: false, ..Tidy::WHOLE });
        let mut content = Vec::new();
        tidy_table(table, &columns, &mut content)?;
        package.add(&name, &content)?;
        files.push((name, columns));
    }
    let mut description = Vec::new();
    csvw::group(release, &files, &mut description)?;
    package.add(DESCRIPTION, &description)?;
    out.write_all(&package.finish()?)
}
