//! The identifier of an activity: the same for one SIREN and one reference, whatever the year (rule 8).

use sha2::{Digest, Sha256};

use crate::domain::siren::Siren;
use crate::reports::iati::REPORTER;

/// Bytes of the digest that are told: enough for millions of activities never to meet.
const TOLD: usize = 8;

/// `XM-DAC-4-8-<siren>-<digest>`: the first 16 hexadecimal digits of the SHA-256 of `<siren>-<reference>`. The reference
/// is the collectivity's own text, and not public (rule 15): a digest tells the same activity again without its words,
/// and holds nothing that the standard forbids in an identifier.
#[must_use]
pub fn activity_identifier(siren: Siren, reference: &str) -> String {
    let digest = Sha256::digest(format!("{siren}-{reference}"));
    let told = digest.get(..TOLD).map(hex::encode).unwrap_or_default();
    format!("{REPORTER}-{siren}-{told}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn siren() -> Siren {
        "210000022".parse().unwrap()
    }

    #[test]
    fn it_never_changes() {
        assert_eq!(activity_identifier(siren(), "C-1"), "XM-DAC-4-8-210000022-88955b1c5c339458");
    }

    proptest! {
        #[test]
        fn it_tells_activities_apart_without_their_words(a in any::<String>(), b in any::<String>()) {
            let (one, other) = (activity_identifier(siren(), &a), activity_identifier(siren(), &b));
            prop_assert_eq!(a == b, one == other);
            let digest = one.strip_prefix("XM-DAC-4-8-210000022-").unwrap();
            prop_assert!(digest.len() == 16 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{}", one);
        }
    }
}
