//! What the readers of drafts take from the room `read`.

#[path = "../../src/read/encoding.rs"]
mod encoding;
#[path = "../../src/read/error.rs"]
mod error;
#[path = "../../src/read/csv/sniff.rs"]
mod sniff;

pub(crate) use encoding::text_of;
pub use error::Error;
pub(crate) use sniff::delimiter;
