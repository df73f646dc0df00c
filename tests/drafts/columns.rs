//! Files in columns that are damaged or sound, with the reader of columns that the command has; files of libraries are among
//! the cases.

use tabsafe::draft::{Piece, read};

const PARQUET: &[u8] = include_bytes!("../cases/hidden-parquet/ok.parquet");
const ARROW: &[u8] = include_bytes!("../cases/hidden-arrow/ok.arrow");

#[test]
fn sound_files_are_read_without_anything_told() {
    for (name, bytes) in [("a.parquet", PARQUET), ("a.arrow", ARROW)] {
        let document = read(name, bytes.to_vec()).expect("a sound file");
        assert!(document.residue.is_empty(), "{:?}", document.residue);
        let [Piece::Grid(grid)] = document.pieces.as_slice() else { panic!("{name}: one grid is expected") };
        let row = |row: &Vec<tabsafe::draft::Entry>| row.iter().map(|e| e.text.clone()).collect::<Vec<_>>().join("|");
        let rows: Vec<String> = grid.rows.iter().map(row).collect();
        assert_eq!(rows, ["Area|Cases", "North|12", "South|", "East|7", "West|25"]);
    }
}

/// Every byte of the Arrow file is changed in turn, and both files are cut short everywhere: nothing panics or fills the
/// memory.
#[test]
fn damaged_files_are_refused_or_read() {
    for at in 0..ARROW.len() {
        for change in [0x00, 0x7F, 0xFF] {
            let mut damaged = ARROW.to_vec();
            damaged[at] = change;
            let _ = read("a.arrow", damaged);
        }
        let _ = read("a.arrow", ARROW[..at].to_vec());
    }
    for at in 0..PARQUET.len() {
        let _ = read("a.parquet", PARQUET[..at].to_vec());
    }
}
