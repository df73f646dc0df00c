//! Files in columns that are damaged, and what their parts tell; files of libraries are among the cases.

use super::{arrow, parquet, thrift};
use crate::draft::read;

const PARQUET: &[u8] = include_bytes!("../../../tests/cases/hidden-parquet/ok.parquet");
const ARROW: &[u8] = include_bytes!("../../../tests/cases/hidden-arrow/ok.arrow");

#[test]
fn sound_files_are_read_without_anything_told() {
    for (name, bytes) in [("a.parquet", PARQUET), ("a.arrow", ARROW)] {
        let document = read(name, bytes.to_vec()).unwrap();
        assert!(document.residue.is_empty(), "{:?}", document.residue);
        assert_eq!(crate::draft::fixture::drawn(&document), ["Area|Cases/North|12/South|/East|7/West|25"]);
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

#[test]
fn descriptions_of_any_bytes_are_none() {
    for bytes in [&b"PAR1PAR1"[..], b"PAR1\xff\xff\xff\xffPAR1", b"ARROW1\0\0\0\0\0\0ARROW1", b"PAR1", b""] {
        let _ = (parquet::File::of(bytes).is_err(), arrow::File::of(bytes).is_err());
    }
    assert!(thrift::parse(&[0x1C; 4000]).is_none());
    assert!(thrift::parse(&[0x19, 0xF8, 0xFF, 0xFF, 0xFF, 0x7F]).is_none());
}
