//! The reader of files without a name: any bytes are read or refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = tabsafe_draft::draft::read("-", bytes.to_vec());
});
