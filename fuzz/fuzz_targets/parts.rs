//! Office files for the fuzzer: one part is its own, the others are sound.

use std::io::{Cursor, Write};

/// A container of these parts. The first byte chooses one, the rest is its content; `None` where there is no byte.
pub fn packed(names: &[&str], sound: &[&str], bytes: &[u8]) -> Option<Vec<u8>> {
    let (chosen, content) = bytes.split_first()?;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (i, (name, sound)) in names.iter().zip(sound).enumerate() {
        let content = if usize::from(*chosen) % names.len() == i { content } else { sound.as_bytes() };
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("in memory");
        writer.write_all(content).expect("in memory");
    }
    Some(writer.finish().expect("in memory").into_inner())
}
