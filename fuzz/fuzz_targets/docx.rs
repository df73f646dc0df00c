//! The reader of Word documents: the first byte chooses a part, the rest is its content; the other parts are sound.
#![no_main]

use std::io::{Cursor, Write};

const NAMES: &[&str] = &["word/document.xml", "word/styles.xml", "word/footnotes.xml", "word/comments.xml"];
const SOUND: &[&str] = &[
    "<document><body><tbl><tr><tc><p><r><t>1</t></r></p></tc></tr></tbl></body></document>",
    "<styles><style styleId='H'/></styles>",
    "<footnotes><footnote id='1'><p/></footnote></footnotes>",
    "<comments><comment><p/></comment></comments>",
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((chosen, content)) = bytes.split_first() else { return };
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (i, (name, sound)) in NAMES.iter().zip(SOUND).enumerate() {
        let content = if usize::from(*chosen) % NAMES.len() == i { content } else { sound.as_bytes() };
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("in memory");
        writer.write_all(content).expect("in memory");
    }
    let _ = tabsafe::draft::read("a.docx", writer.finish().expect("in memory").into_inner());
});
