//! What a sheet holds beside what it shows is the same from each format of spreadsheet.

use tabsafe::draft::Entry;

use super::{grids, paragraphs, read};

/// A row, column and sheet that are hidden, a comment, and numbers that show less than they store.
#[test]
fn is_read_and_told() {
    for name in ["hidden.xlsx", "hidden.ods", "hidden.xls"] {
        let document = read(name);
        let grids = grids(&document);
        let cell = |e: &Entry| (e.text.clone(), e.hidden, e.stored);
        let rows: Vec<Vec<_>> = grids[0].rows.iter().map(|r| r.iter().map(cell).collect()).collect();
        let shown = |text: &str| (text.to_owned(), false, None);
        let hidden = |text: &str| (text.to_owned(), true, None);
        assert_eq!(rows[0], [shown("Group"), shown("Cases"), hidden("Names"), shown("Share")], "{name}");
        let share = ("12.3%".to_owned(), false, Some(0.12345));
        assert_eq!(rows[1], [shown("North"), shown("12"), hidden("A B"), share], "{name}");
        assert_eq!(rows[2], [hidden("of these young"), hidden("2"), hidden("C D"), hidden("x")], "{name}");
        let thousands = ("12,345".to_owned(), false, Some(12345.4));
        assert_eq!(rows[3], [shown("South"), thousands, hidden("E F"), shown("*")], "{name}");
        // programs count steps of their own, but none where there is none
        let indents = grids[0].rows.iter().map(|r| r[0].indent > 0).collect::<Vec<_>>();
        assert_eq!(indents, [false, false, true, false, false], "{name}");
        assert!(grids[0].rows[0][0].bold && !grids[0].rows[1][0].bold, "{name}");
        assert!(grids[1].rows.iter().flatten().all(|e| e.hidden), "{name}: a hidden sheet");
        let comments: Vec<_> = paragraphs(&document).into_iter().filter(|p| p.hidden).collect();
        assert_eq!(comments.len(), 1, "{name}");
        assert!(comments[0].text.contains("both were brothers"), "{name}");
        assert_eq!((comments[0].place.line, comments[0].place.column), (3, 2), "{name}");
        for what in ["row", "column", "sheet \"Records\"", "comment"] {
            assert!(
                document.residue.iter().any(|(_, said)| said.contains(what)),
                "{name}: {what}: {:?}",
                document.residue
            );
        }
    }
}
