//! Compound files that are damaged, and what a workbook's records tell.

use crate::draft::read;

const DRAFT: &[u8] = include_bytes!("../../../../../tests/data/drafts/hidden.xls");

#[test]
fn chains_of_sectors_in_a_circle_end() {
    // the table of sectors: every sector follows itself
    let mut file = DRAFT.to_vec();
    let table = u32::from_le_bytes(file[76..80].try_into().unwrap()) as usize;
    for (i, word) in file[(table + 1) * 512..(table + 2) * 512].chunks_exact_mut(4).enumerate() {
        word.copy_from_slice(&(i as u32).to_le_bytes());
    }
    let error = read("a.xls", file).unwrap_err();
    assert!(error.message.contains("no end"), "{error}");
}

#[test]
fn other_compound_files_are_told_apart() {
    let named = |name: &str| {
        let mut file = DRAFT.to_vec();
        let wide = |n: &str| n.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let (from, to) = (wide("Workbook"), wide(name));
        let at = file.windows(from.len()).position(|w| w == from).unwrap();
        file[at..at + to.len()].copy_from_slice(&to);
        read("a.xls", file).unwrap_err().message
    };
    assert!(named("WordDocument").contains("Word document"));
    assert!(named("EncryptedPackage").contains("password"));
    assert!(named("Nothing_").contains("not read"));
}
