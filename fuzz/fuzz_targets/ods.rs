//! The reader of OpenDocument files: the first byte chooses a part, the rest is its content; the other parts are sound.
#![no_main]

mod parts;

const NAMES: &[&str] = &["content.xml", "styles.xml", "mimetype"];
const SOUND: &[&str] = &[
    "<a><spreadsheet><table name='S'><table-row><table-cell><p>1</p></table-cell></table-row></table></spreadsheet></a>",
    "<a><styles/></a>",
    "application/vnd.oasis.opendocument.spreadsheet",
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = parts::packed(NAMES, SOUND, bytes).map(|file| tabsafe_draft::draft::read("a.ods", file));
});
