//! The reader of XLSX workbooks: the first byte chooses a part, the rest is its content; the other parts are sound.
#![no_main]

mod parts;

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
    let _ = parts::packed(NAMES, SOUND, bytes).map(|file| tabsafe_draft::draft::read("a.xlsx", file));
});
