//! The reader of Word documents: the first byte chooses a part, the rest is its content; the other parts are sound.
#![no_main]

mod parts;

const NAMES: &[&str] = &["word/document.xml", "word/styles.xml", "word/footnotes.xml", "word/comments.xml"];
const SOUND: &[&str] = &[
    "<document><body><tbl><tr><tc><p><r><t>1</t></r></p></tc></tr></tbl></body></document>",
    "<styles><style styleId='H'/></styles>",
    "<footnotes><footnote id='1'><p/></footnote></footnotes>",
    "<comments><comment><p/></comment></comments>",
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = parts::packed(NAMES, SOUND, bytes).map(|file| tabsafe_draft::draft::read("a.docx", file));
});
