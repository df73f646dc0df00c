//! The reader of XLSX workbooks: the first byte chooses a part, the rest is its content; the other parts are sound.
#![no_main]

use std::io::{Cursor, Write};

const NAMES: &[&str] = &[
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
];
const SOUND: &[&str] = &[
    "<workbook><sheets><sheet name='S' id='a'/></sheets></workbook>",
    "<a><Relationship Id='a' Type='worksheet' Target='worksheets/sheet1.xml'/><Relationship Id='b' Type='sharedStrings' \
     Target='sharedStrings.xml'/><Relationship Id='c' Type='styles' Target='styles.xml'/></a>",
    "<worksheet><sheetData><row r='1'><c r='A1' s='1'><v>1</v></c></row></sheetData></worksheet>",
    "<sst><si><t>a</t></si></sst>",
    "<styleSheet><cellXfs><xf/><xf numFmtId='9'/></cellXfs></styleSheet>",
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((chosen, content)) = bytes.split_first() else { return };
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (i, (name, sound)) in NAMES.iter().zip(SOUND).enumerate() {
        let content = if usize::from(*chosen) % NAMES.len() == i { content } else { sound.as_bytes() };
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("in memory");
        writer.write_all(content).expect("in memory");
    }
    let _ = tabsafe::draft::read("a.xlsx", writer.finish().expect("in memory").into_inner());
});
