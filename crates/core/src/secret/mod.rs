//! Secret keys, and what follows from them: reproducible randomness that nobody without the key can foresee.
//!
//! 1. A [`KeySource`] names where the key is: a file or an environment variable, never an argument. A key that is not
//!    there is an error; there is no default.
//! 2. A [`Key`] never leaves the room: it can't be shown, compared or written, and no error names any of it.
//! 3. [`Key::draw`] gives the random numbers that belong to an identity (a cell, a group of records) and a purpose. The
//!    same key, purpose and identity give the same numbers, in every run and table and whatever the order of work.
//!    [`Key::number`] is one number of them, for keys of records that are added up.
//!
//! The seed of a draw is HMAC-SHA256(key, purpose 0 identity) (RFC 2104), its numbers are those of ChaCha20 (RFC 8439).
//! Purposes keep apart what may not repeat: rounding and noise, or two methods, never use the same numbers.

mod source;

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

use crate::text::hex;

pub use source::{KeyError, KeySource};

/// The block of SHA-256, in bytes.
const BLOCK: usize = 64;

/// A secret key.
#[derive(Clone)]
pub struct Key([u8; BLOCK]);

/// Shows that there is a key, and nothing of it.
impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(secret)")
    }
}

impl Key {
    /// The fewest bytes that a key may have.
    pub const FEWEST_BYTES: usize = 32;

    /// The key in these bytes; blanks and line ends around them are no part of it. `None` if they are too few.
    pub fn from_bytes(bytes: &[u8]) -> Option<Key> {
        let bytes = bytes.trim_ascii();
        if bytes.len() < Key::FEWEST_BYTES {
            return None;
        }
        let mut block = [0; BLOCK];
        match block.get_mut(..bytes.len()) {
            Some(start) => start.copy_from_slice(bytes),
            None => block[..32].copy_from_slice(&Sha256::digest(bytes)),
        }
        Some(Key(block))
    }

    /// A new key from the random numbers of the operating system, and the same in hexadecimal, as a key file holds it: for a
    /// run that nobody gave a key. Whoever asks for it keeps it with what is confidential.
    ///
    /// # Errors
    /// If the operating system gives no random numbers.
    pub fn draw_new() -> Result<(Key, String), KeyError> {
        let mut bytes = [0_u8; Key::FEWEST_BYTES];
        let fault = KeyError {
            place: "a new key".to_owned(),
            what: "can't be drawn: the operating system gives no random numbers".to_owned(),
            help: "look for what keeps it from doing so, or give a key",
        };
        getrandom::fill(&mut bytes).map_err(|_| fault.clone())?;
        let text = hex(&bytes);
        let key = Key::from_bytes(text.as_bytes()).ok_or(fault)?;
        Ok((key, text))
    }

    /// A keyed hash: HMAC-SHA256.
    pub fn hash(&self, message: &[&[u8]]) -> [u8; 32] {
        let part = |pad: u8, pieces: &[&[u8]]| -> [u8; 32] {
            let mut digest = Sha256::new();
            digest.update(self.0.map(|b| b ^ pad));
            pieces.iter().for_each(|p| digest.update(p));
            digest.finalize().into()
        };
        let inner = part(0x36, message);
        part(0x5c, &[&inner])
    }

    /// The random numbers of an identity. `purpose` is a word that holds no byte 0.
    pub fn draw(&self, purpose: &str, identity: &[u8]) -> Draw {
        Draw(ChaCha20Rng::from_seed(self.hash(&[purpose.as_bytes(), &[0], identity])))
    }

    /// One random number for an identity, such as a record key.
    pub fn number(&self, purpose: &str, identity: &[u8]) -> u64 {
        let hash = self.hash(&[purpose.as_bytes(), &[0], identity]);
        hash.iter().take(8).rev().fold(0, |n, &byte| n << 8 | u64::from(byte))
    }
}

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Draw(ChaCha20Rng);

impl Draw {
    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number from 0 to `n - 1`, each exactly as likely; 0 for `n` = 0.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        // of the 2^64 numbers, those beyond the last multiple of n are drawn again
        let last = u64::MAX - (u64::MAX % n + 1) % n;
        loop {
            let bits = self.bits();
            if bits <= last {
                return bits % n;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::from_bytes(b"a key for tests, of no use to anybody").expect("long enough")
    }

    /// The keyed hash is the one of RFC 4231: test cases 6 (a key longer than a block), and 7 (a long text as well).
    #[test]
    fn published_test_vectors() {
        let key = Key::from_bytes(&[0xaa; 131]).expect("long enough");
        let hash = key.hash(&[b"Test Using Larger Than Block-Size Key", b" - Hash Key First"]);
        assert_eq!(hex(&hash), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
        let text = "This is a test using a larger than block-size key and a larger than block-size data. The key needs \
                    to be hashed before being used by the HMAC algorithm.";
        let hash = key.hash(&[text.as_bytes()]);
        assert_eq!(hex(&hash), "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
    }

    /// Numbers follow from key, purpose and identity, and from nothing else; line ends around a key are no part of it.
    #[test]
    fn what_a_draw_depends_on() {
        let first = |key: &Key, purpose: &str, identity: &[u8]| key.draw(purpose, identity).bits();
        let base = first(&key(), "a", b"1");
        let same = Key::from_bytes(b"  a key for tests, of no use to anybody\r\n").expect("long enough");
        let other = Key::from_bytes(b"a key for tests, of no use to anybodY").expect("long enough");
        assert_eq!(first(&same, "a", b"1"), base);
        assert_ne!(first(&other, "a", b"1"), base);
        assert_ne!(first(&key(), "b", b"1"), base);
        assert_ne!(first(&key(), "a", b"2"), base);
        assert_ne!(first(&key(), "a1", b""), base, "purpose and identity do not run into each other");
        assert_ne!(key().number("a", b"1"), key().number("a", b"2"));
    }

    /// Each number below a bound is as likely as any other: chi-squared over 70,000 draws, with 6 degrees of freedom and
    /// a fixed key; 22.46 is exceeded once in 1,000 keys.
    #[test]
    fn below_is_uniform() {
        let mut draw = key().draw("uniform", b"");
        let mut seen = [0i64; 7];
        (0..70_000).for_each(|_| seen[draw.below(7) as usize] += 1);
        let chi: f64 = seen.iter().map(|&n| ((n - 10_000) as f64).powi(2) / 10_000.0).sum();
        assert!(chi < 22.46, "{seen:?}");
        assert_eq!(draw.below(1), 0);
        let large = u64::MAX / 2 + 2;
        assert!((0..100).all(|_| draw.below(large) < large));
    }

    /// Too short a key is none, and a key shows nothing of itself.
    #[test]
    fn short_and_silent() {
        assert!(Key::from_bytes(b"0123456789012345678901234567890").is_none());
        assert!(Key::from_bytes(b"0123456789012345678901234567890   \n").is_none());
        assert_eq!(format!("{:?}", key()), "Key(secret)");
    }
}
