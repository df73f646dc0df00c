//! Numbers look as LibreOffice shows them, whatever their format.

use std::fs;

use super::{folder, grids, read};

/// Every value in every format, against what another program shows.
#[test]
fn as_another_program_shows_them() {
    let text = fs::read_to_string(folder().join("formats.txt")).expect("what is shown");
    let mut lines = text.lines().map(|l| l.split('\t').collect::<Vec<_>>());
    let codes = lines.next().expect("the formats");
    let document = read("formats.xlsx");
    let grids = grids(&document);
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for (row, shown) in grids[0].rows.iter().zip(lines) {
        let value: f64 = row[0].text.parse().expect("a number");
        for ((entry, shown), code) in row.iter().zip(&shown).zip(&codes) {
            // Excel, whose format it is, and LibreOffice count days before March 1900 differently, and differ about the
            // sign of a negative number that a condition chooses a section for
            let date = code.contains(['y', 'h']) && !(61.0..1e6).contains(&value);
            if date || value < 0.0 && code.contains(['<', '>', '=']) {
                continue;
            }
            compared += 1;
            let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            if entry.text != shown {
                wrong.push(format!(
                    "{code}: {:?} in {} is shown as {:?}, not {shown:?}",
                    entry.stored, entry.place.line, entry.text
                ));
            }
        }
    }
    assert!(compared > 450, "{compared} compared");
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong.join("\n"));
}
