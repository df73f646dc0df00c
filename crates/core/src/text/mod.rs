//! Texts as files hold them: their encoding, the sign between fields, signs in place of figures, and what stopped the reading.

mod encoding;
mod error;
mod hex;
mod marker;
mod sniff;

pub use encoding::{Encoding, UTF8_MARK, text_of};
pub use error::{Error, Kind};
pub use hex::{hex, sha256};
pub use marker::{MEANINGS, Meaning, parse_marker, words};
pub use sniff::{delimiter, delimiter_name};
