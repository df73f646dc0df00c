//! The reader of OpenDocument files: the first byte chooses a part, the rest is its content; the other parts are sound.
#![no_main]

use std::io::{Cursor, Write};

const NAMES: &[&str] = &["content.xml", "styles.xml", "mimetype"];
const SOUND: &[&str] = &[
    "<a><spreadsheet><table name='S'><table-row><table-cell><p>1</p></table-cell></table-row></table></spreadsheet></a>",
    "<a><styles/></a>",
    "application/vnd.oasis.opendocument.spreadsheet",
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((chosen, content)) = bytes.split_first() else { return };
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (i, (name, sound)) in NAMES.iter().zip(SOUND).enumerate() {
        let content = if usize::from(*chosen) % NAMES.len() == i { content } else { sound.as_bytes() };
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("in memory");
        writer.write_all(content).expect("in memory");
    }
    let _ = tabsafe::draft::read("a.ods", writer.finish().expect("in memory").into_inner());
});
