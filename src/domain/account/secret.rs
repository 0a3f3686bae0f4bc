//! Secrets of cookies and links: shown once, kept as a hash, never printed.

use std::fmt;

use sha2::{Digest, Sha256};

/// Longest secret that is looked at.
const LONGEST: usize = 200;

/// What a cookie, a link or a code holds. `Debug` hides it; it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret just drawn, or one that comes back.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the cookie or the link that carries it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// SHA-256, hexadecimal: all that is kept. Nothing for what is too long to be one of ours.
    #[must_use]
    pub fn sha256(&self) -> Option<String> {
        (self.0.len() <= LONGEST).then(|| hex::encode(Sha256::digest(self.0.as_bytes())))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_hashed_and_never_printed() {
        let secret = Secret::new("abc");
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(secret.sha256().as_deref(), Some(hash));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(Secret::new("a".repeat(201)).sha256(), None);
    }
}
