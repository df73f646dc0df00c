//! The readers of Parquet and Arrow files: any bytes are read or refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = tabsafe_fuzz::draft::read("a.parquet", bytes.to_vec());
    let _ = tabsafe_fuzz::draft::read("a.arrow", bytes.to_vec());
});
