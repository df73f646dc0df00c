//! From bytes to text: UTF-8, UTF-16 with a byte order mark, or else Windows-1252. Always in memory.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How a text is written in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16 with a byte order mark, least byte first.
    Utf16Le,
    /// UTF-16 with a byte order mark, most significant byte first.
    Utf16Be,
    /// Windows-1252, for what is not UTF-8.
    Windows1252,
}

/// The byte order mark of UTF-8.
pub const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

impl Encoding {
    /// What the first bytes of a file say: UTF-8 unless they are a mark of UTF-16.
    pub fn by_mark(head: &[u8]) -> Encoding {
        match head {
            [0xFF, 0xFE, ..] => Encoding::Utf16Le,
            [0xFE, 0xFF, ..] => Encoding::Utf16Be,
            _ => Encoding::Utf8,
        }
    }

    /// Its name, for notes.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16",
            Encoding::Windows1252 => "Windows-1252",
        }
    }

    /// The text, without its byte order mark.
    ///
    /// # Errors
    /// Bytes that are no text in this encoding; the message goes after a file's name.
    pub fn decode(self, bytes: &[u8]) -> Result<String, String> {
        let encoding = match self {
            Encoding::Utf8 => encoding_rs::UTF_8,
            Encoding::Utf16Le => UTF_16LE,
            Encoding::Utf16Be => UTF_16BE,
            Encoding::Windows1252 => WINDOWS_1252,
        };
        let (text, faulty) = encoding.decode_with_bom_removal(bytes);
        if faulty {
            return Err(format!("is not valid {} text", self.name()));
        }
        Ok(text.into_owned())
    }
}

/// The text of a small file in whichever encoding it is.
pub fn text_of(bytes: Vec<u8>) -> Result<String, String> {
    match Encoding::by_mark(&bytes) {
        Encoding::Utf8 => Encoding::Utf8.decode(&bytes).or_else(|_| Encoding::Windows1252.decode(&bytes)),
        other => other.decode(&bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_gives_the_same_text() {
        let utf16 = |big: bool| {
            let bytes = |u: u16| if big { u.to_be_bytes() } else { u.to_le_bytes() };
            "\u{feff}Größe".encode_utf16().flat_map(bytes).collect::<Vec<u8>>()
        };
        for bytes in [b"Gr\xF6\xDFe".to_vec(), "Größe".into(), "\u{feff}Größe".into(), utf16(false), utf16(true)] {
            assert_eq!(text_of(bytes), Ok("Größe".to_owned()));
        }
    }

    #[test]
    fn half_a_character_of_utf_16_is_an_error() {
        assert_eq!(text_of(vec![0xFF, 0xFE, 0x41]), Err("is not valid UTF-16 text".to_owned()));
    }
}
