//! Verifies a receipt by its number: it tells its own facts, and no person's name.

use crate::app::App;
use crate::domain::declaration::{Filing, Receipt};
use crate::domain::refusal::Because;
use crate::service::{Result, ServiceError};
use crate::store::{self, StoreError, Tx};

/// A receipt with the version that it proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The receipt.
    pub receipt: Receipt,
    /// The version.
    pub filing: Filing,
    /// Whether that version still counts today.
    pub in_force: bool,
}

/// The receipt of a number, as people copy it: case, spaces and hyphens
/// forgiven, and the letters that Crockford's alphabet leaves out.
pub async fn verify(app: &App, number: &str) -> Result<Proof> {
    let mut tx = app.db.snapshot().await?;
    let receipt = match normalised(number) {
        Some(number) => store::filing::receipt(&mut tx, &number).await?,
        None => None,
    };
    let receipt = receipt.ok_or_else(|| {
        let message = "aucun récépissé ne porte ce numéro\u{a0}: vérifiez-le, il a 26 caractères";
        ServiceError::refused(Because::UnknownDocument, message)
    })?;
    of_receipt(&mut tx, receipt).await
}

/// A receipt with its version.
pub(crate) async fn of_receipt(tx: &mut Tx<'_>, receipt: Receipt) -> Result<Proof> {
    let mut versions = store::filing::versions(tx, receipt.siren, receipt.flow_year).await?;
    let last = versions.last().map(|filing| filing.version);
    versions.retain(|filing| filing.version == receipt.version);
    let filing = versions.pop().ok_or_else(|| StoreError::Inconsistent {
        table: "receipt",
        detail: format!("{} has no filing", receipt.number),
    })?;
    Ok(Proof { in_force: last == Some(filing.version), receipt, filing })
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
