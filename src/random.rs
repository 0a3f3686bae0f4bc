//! Randomness, injected like the clock: numbers of receipts, ids of persons, secrets.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// Crockford's base 32: no I, L, O or U to misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 26 digits of 5 bits: 130 bits, which nobody guesses.
const DIGITS: usize = 26;
/// Digits of a code that people print: 80 bits.
const PRINTED_DIGITS: usize = 16;
/// Digits of a code that people copy by hand: 40 bits, worth what its few tries make it worth.
const CODE_DIGITS: usize = 8;

/// A source of identifiers that cannot be guessed.
pub struct Random(Mutex<ChaCha20Rng>);

impl Random {
    /// Seeded by the operating system.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn from_system() -> Result<Self, rand::rngs::SysError> {
        Ok(Self(Mutex::new(ChaCha20Rng::try_from_rng(&mut rand::rngs::SysRng)?)))
    }

    /// Reproducible, for demonstrations and tests only.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }

    /// An identifier of 130 random bits, 26 characters long.
    #[must_use]
    pub fn identifier(&self) -> String {
        digits(&self.bytes::<DIGITS>())
    }

    /// A code that people copy by hand, 8 characters long.
    #[must_use]
    pub fn code(&self) -> String {
        digits(&self.bytes::<CODE_DIGITS>())
    }

    /// A code that people print and type once, 16 characters long.
    #[must_use]
    pub fn printed_code(&self) -> String {
        digits(&self.bytes::<PRINTED_DIGITS>())
    }

    /// Random bytes, for the salt of a password or a key.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0_u8; N];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }
}

fn digits(bytes: &[u8]) -> String {
    let digit = |byte: &u8| ALPHABET.get(usize::from(byte & 31)).copied().map_or('0', char::from);
    bytes.iter().map(digit).collect()
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_long_and_never_the_same() {
        let random = Random::from_system().unwrap();
        let (a, b) = (random.identifier(), random.identifier());
        assert_eq!(a.len(), 26);
        assert_eq!(random.code().len(), 8);
        assert_ne!(random.bytes::<16>(), random.bytes::<16>());
        assert_ne!(a, b);
        assert_eq!(Random::from_seed(1).identifier(), Random::from_seed(1).identifier());
    }
}
