//! The codes of an application: RFC 6238 as every one of them knows it, SHA-1, six digits, 30 seconds.

use std::fmt;

use totp_rs::{Builder, Secret as Shared, Totp};

use crate::domain::instant::Instant;

/// Seconds of a step: one code each.
const STEP: u64 = 30;
/// Steps before and after the present one whose codes are taken: a telephone is a little late or early.
const TOLERANCE: u16 = 1;
/// Bytes of a key: what RFC 4226 asks for.
const BYTES: usize = 20;

/// What the service shares with the application of a person. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; BYTES]);

impl Key {
    /// A key just drawn.
    #[must_use]
    pub const fn new(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }

    /// Reads what [`Self::base32`] wrote; nothing where it is no key.
    #[must_use]
    pub fn from_base32(text: &str) -> Option<Self> {
        Shared::try_from_base32(text).ok()?.as_bytes().try_into().ok().map(Self)
    }

    /// The key as it is kept.
    #[must_use]
    pub fn base32(&self) -> String {
        Shared::new_stack(self.0).to_base32()
    }

    /// The key as a person types it: in groups of four.
    #[must_use]
    pub fn shown(&self) -> String {
        let text = self.base32();
        let letters: Vec<char> = text.chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// The address that an application reads in a QR code: `otpauth://totp/…`.
    #[must_use]
    pub fn address(&self, issuer: &str, account: &str) -> String {
        let named = self.builder().with_issuer(Some(issuer)).with_account_name(account);
        named.build_noncompliant().to_url().unwrap_or_default()
    }

    /// The code that an application shows at an instant.
    #[must_use]
    pub fn code_at(&self, now: Instant) -> String {
        self.totp().generate(seconds(now)).to_string()
    }

    /// The step of a code that a person typed, if it is the one of the present step or of one beside it.
    #[must_use]
    pub fn step_of(&self, typed: &str, now: Instant) -> Option<i64> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let step = self.totp().check(&digits, seconds(now))?;
        i64::try_from(step).ok()
    }

    fn builder(&self) -> Builder {
        let shared = Shared::new_stack(self.0);
        Builder::new().with_digits(6).with_skew(TOLERANCE).with_step_duration(STEP).with_secret(shared)
    }

    fn totp(&self) -> Totp {
        self.builder().build_noncompliant()
    }
}

fn seconds(now: Instant) -> u64 {
    u64::try_from(now.as_datetime().unix_timestamp()).unwrap_or_default()
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        "1970-01-01T00:00:00Z".parse::<Instant>().unwrap().plus_seconds(seconds)
    }

    /// RFC 6238, appendix B: the last six digits of its codes for SHA-1.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let key = Key::new(*b"12345678901234567890");
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(key.code_at(at(seconds)), code, "{seconds}");
        }
    }

    #[test]
    fn a_step_before_and_one_after_are_taken() {
        let key = Key::new([7; 20]);
        let code = key.code_at(at(3_000));
        for (now, step) in [
            (2_969, None),
            (2_970, Some(100)),
            (3_000, Some(100)),
            (3_029, Some(100)),
            (3_059, Some(100)),
            (3_060, None),
        ] {
            assert_eq!(key.step_of(&code, at(now)), step, "{now}");
        }
        let (left, right) = code.split_at(3);
        assert_eq!(key.step_of(&format!(" {left} {right}"), at(3_000)), Some(100));
        for wrong in ["", "12345", "1234567", "12345a", "+12345", "１２３４５６"] {
            assert_eq!(key.step_of(wrong, at(3_000)), None, "{wrong}");
        }
    }

    #[test]
    fn a_key_is_read_as_it_was_written_and_never_printed() {
        let key = Key::new(*b"12345678901234567890");
        assert_eq!(key.base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(key.shown(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(Key::from_base32(&key.base32()), Some(key.clone()));
        for wrong in ["", "GEZD", "0", "é"] {
            assert_eq!(Key::from_base32(wrong), None, "{wrong}");
        }
        assert!(!format!("{key:?}").contains("GEZD"));
        let address = key.address("e-APD", "agent@ville.example");
        assert!(address.starts_with("otpauth://totp/e-APD:agent"), "{address}");
        for part in ["secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "issuer=e-APD"] {
            assert!(address.contains(part), "{address}");
        }
    }
}
