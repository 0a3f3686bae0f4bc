//! Conditions on the state of a draft: nobody's changes are lost (RFC 9110, 13.1).

use axum::http::{HeaderMap, HeaderName, header};
use sha2::{Digest, Sha256};

use crate::service::declaration::draft::Draft;

use super::problem::{ApiError, Fault};

/// What a request wants to find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Nothing yet (`If-None-Match: *`).
    Absent,
    /// Anything (`If-Match: *`).
    Present,
    /// One of these states.
    OneOf(Vec<String>),
}

/// The tag of a draft. The revision starts again after a filing: what the
/// draft holds, and since when, is part of the tag.
#[must_use]
pub fn of_draft(draft: &Draft) -> String {
    let mut digest = Sha256::new();
    digest.update(draft.updated_at.to_rfc3339());
    digest.update(serde_json::to_vec(&draft.lines).unwrap_or_default());
    let digest = hex::encode(digest.finalize());
    format!("\"{}-{}\"", draft.revision, digest.get(..16).unwrap_or_default())
}

impl Condition {
    /// The condition of a request that changes something: there must be one.
    ///
    /// # Errors
    /// Without one, with two, or with one that cannot be read.
    pub fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let (tags, none) = (text(headers, &header::IF_MATCH)?, text(headers, &header::IF_NONE_MATCH)?);
        match (tags.as_deref(), none.as_deref()) {
            (None, None) => {
                let detail = "indiquez l’état que vous modifiez\u{a0}: If-Match avec l’ETag lu, ou If-None-Match: * pour un premier enregistrement";
                Err(ApiError::new(Fault::ConditionNeeded, detail))
            }
            (None, Some("*")) => Ok(Self::Absent),
            (Some("*"), None) => Ok(Self::Present),
            (Some(tags), None) => Ok(Self::OneOf(tags.split(',').map(|tag| tag.trim().to_owned()).collect())),
            _ => Err(ApiError::new(
                Fault::Header,
                "envoyez soit If-Match avec un ETag, soit If-None-Match: *, pas les deux",
            )),
        }
    }

    /// Whether the draft is in that state. Weak tags never are.
    #[must_use]
    pub fn holds(&self, draft: Option<&Draft>) -> bool {
        match (self, draft) {
            (Self::Absent, None) | (Self::Present, Some(_)) => true,
            (Self::OneOf(tags), Some(draft)) => tags.contains(&of_draft(draft)),
            _ => false,
        }
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Result<Option<String>, ApiError> {
    let mut values = Vec::new();
    for value in headers.get_all(name) {
        let text = value
            .to_str()
            .map_err(|_error| ApiError::new(Fault::Header, format!("l’en-tête {name} est illisible")))?;
        values.push(text.trim());
    }
    Ok((!values.is_empty()).then(|| values.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::{Field, RawLine};

    fn draft(revision: u32, title: &str) -> Draft {
        Draft {
            revision,
            lines: vec![RawLine::default().with(Field::Title, title)],
            updated_by: "essai".to_owned(),
            updated_at: "2014-05-20T09:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn the_same_revision_of_another_draft_has_another_tag() {
        assert_eq!(of_draft(&draft(1, "a")), of_draft(&draft(1, "a")));
        assert_ne!(of_draft(&draft(1, "a")), of_draft(&draft(1, "b")));
    }

    #[test]
    fn holds_only_in_the_state_named() {
        let saved = draft(1, "a");
        let tags = Condition::OneOf(vec!["\"9-0\"".to_owned(), of_draft(&saved)]);
        assert!(tags.holds(Some(&saved)));
        assert!(!tags.holds(Some(&draft(2, "a"))));
        assert!(!tags.holds(None));
        assert!(!Condition::OneOf(vec![format!("W/{}", of_draft(&saved))]).holds(Some(&saved)));
        assert!(Condition::Absent.holds(None) && !Condition::Absent.holds(Some(&saved)));
    }

    #[test]
    fn a_change_names_one_state() {
        let headers = |pairs: &[(HeaderName, &str)]| -> HeaderMap {
            pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
        };
        assert!(Condition::of(&headers(&[])).is_err());
        assert!(Condition::of(&headers(&[(header::IF_NONE_MATCH, "\"1\"")])).is_err());
        assert!(
            Condition::of(&headers(&[(header::IF_MATCH, "\"1\""), (header::IF_NONE_MATCH, "*")])).is_err()
        );
        assert_eq!(Condition::of(&headers(&[(header::IF_NONE_MATCH, "*")])).unwrap(), Condition::Absent);
        let two = Condition::OneOf(vec!["\"1\"".to_owned(), "\"2\"".to_owned()]);
        assert_eq!(Condition::of(&headers(&[(header::IF_MATCH, "\"1\", \"2\"")])).unwrap(), two);
    }
}
