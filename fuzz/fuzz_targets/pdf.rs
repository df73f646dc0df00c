//! The reader of PDFs: any bytes are read or refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = tabsafe_draft::draft::read("a.pdf", bytes.to_vec());
});
