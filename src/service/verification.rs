//! A number that a document bears, verified by anyone who holds it: it tells its own facts, and names no person.

use crate::app::App;
use crate::domain::refusal::Because;
use crate::service::{Result, ServiceError, certificate, receipt};

/// What a number proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// A filed version.
    Receipt(Box<receipt::Proof>),
    /// An answer on eligibility.
    Certificate(Box<certificate::Proof>),
}

/// The document of a number, as people copy it: case, spaces and hyphens forgiven, and the letters that
/// Crockford's alphabet leaves out. A number that is none is answered as one that is unknown.
pub async fn verify(app: &App, number: &str) -> Result<Verified> {
    let mut tx = app.db.snapshot().await?;
    if let Some(number) = normalised(number) {
        if let Some(proof) = receipt::find(&mut tx, &number, app.now()).await? {
            return Ok(Verified::Receipt(Box::new(proof)));
        }
        if let Some(proof) = certificate::find(&mut tx, &number).await? {
            return Ok(Verified::Certificate(Box::new(proof)));
        }
    }
    let message =
        "aucun récépissé ni aucune attestation ne porte ce numéro\u{a0}: vérifiez-le, il a 26 caractères";
    Err(ServiceError::refused(Because::UnknownDocument, message))
}

fn normalised(text: &str) -> Option<String> {
    let kept = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
    let read = |c: char| match c.to_ascii_uppercase() {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        c if c.is_ascii_alphanumeric() && c != 'U' => Some(c),
        _ => None,
    };
    // One digit more than a number has, so that a longer text is not taken for one.
    let number: String = kept.take(27).map(read).collect::<Option<_>>()?;
    (number.len() == 26).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn reads_a_number_as_people_copy_it() {
        let number = "0123456789ABCDEFGHJKMNPQRS";
        assert_eq!(normalised(number).as_deref(), Some(number));
        assert_eq!(
            normalised("o l2345678 9abcde-fghjkmnpqrs").as_deref(),
            Some("0123456789ABCDEFGHJKMNPQRS")
        );
        for wrong in
            ["", "0123456789ABCDEFGHJKMNPQR", "0123456789ABCDEFGHJKMNPQRST", "é123456789ABCDEFGHJKMNPQRS"]
        {
            assert_eq!(normalised(wrong), None, "{wrong}");
        }
    }
}
