//! The certificate of eligibility as a document: the facts of [`Attested`], as the page of verification shows them.

use crate::domain::certificate::{Attested, Certificate, NO_DECISION, title, what_next};
use crate::reports::Result;
use crate::reports::pdf::{Block, Document, write};

/// What a document says of a demonstration.
const FICTITIOUS: &str = "DÉMONSTRATION\u{a0}: cette attestation est fictive.";

/// Where a certificate comes from.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Address of the service.
    pub public_url: &'a str,
    /// Where people write for help; may be empty.
    pub contact: &'a str,
    /// Whether what it says is fictitious.
    pub is_demonstration: bool,
}

/// Writes the certificate. The same one gives the same bytes, whatever became of it since: the page of verification
/// says that.
///
/// # Errors
/// When it would not conform to PDF/UA-1 and PDF/A-2a.
pub fn document(certificate: &Certificate, attested: &Attested, place: &Place<'_>) -> Result<Vec<u8>> {
    write(&told(certificate, attested, place))
}

fn told(certificate: &Certificate, attested: &Attested, place: &Place<'_>) -> Document {
    let (number, verdict) = (&certificate.number, &attested.verdict);
    let title = title(verdict);
    let ministry = "Ministère de l’Europe et des Affaires étrangères";
    let from = [
        if place.is_demonstration { "Démonstration" } else { ministry },
        "e-APD, éligibilité aux appels à projets cofinancés des collectivités territoriales",
    ];
    let mut blocks = vec![
        Block::Title(title.clone()),
        Block::Paragraph(format!(
            "Pour {} et l’appel à projets {}, le service a répondu le {}\u{a0}:",
            attested.whose(),
            verdict.call,
            verdict.at
        )),
        Block::Notice(verdict.sentence.clone()),
    ];
    if let Some(next) = what_next(verdict.status, place.contact) {
        blocks.push(Block::Heading("Ce qui peut encore être fait".to_owned()));
        blocks.push(Block::Paragraph(next));
    }
    blocks.push(Block::Paragraph(NO_DECISION.to_owned()));
    blocks.push(Block::Heading("Sur quoi la réponse se fonde".to_owned()));
    blocks.push(Block::Facts(attested.facts(certificate, place.public_url)));
    blocks.push(Block::Heading("Vérifier cette attestation".to_owned()));
    blocks.push(Block::Paragraph(
        "Toute personne qui a le numéro peut la vérifier, sans compte, à l’adresse donnée avec lui. La page montre ce \
         qui est écrit ici, et dit si l’attestation a été remplacée ou révoquée depuis. L’empreinte SHA-256 est celle \
         de tout ce que l’attestation affirme\u{a0}; la tête du journal scelle cette délivrance et tout ce qui la \
         précède."
            .to_owned(),
    ));
    Document {
        title: format!("{title}, {}, SIREN {}, numéro {number}", verdict.call, verdict.siren),
        description: verdict.sentence.clone(),
        from: from.map(str::to_owned).to_vec(),
        warning: place.is_demonstration.then(|| FICTITIOUS.to_owned()),
        foot: format!("Attestation {number}"),
        at: certificate.issued_at,
        blocks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::certificate::tests::attested;
    use crate::domain::eligibility::Status;

    const PLACE: Place<'_> = Place {
        public_url: "https://eapd.example",
        contact: "aap@ministere.example",
        is_demonstration: false,
    };

    #[test]
    fn every_answer_conforms_and_the_same_certificate_gives_the_same_bytes() {
        for (status, is_demonstration) in
            [Status::Eligible, Status::Pending, Status::Ineligible, Status::Undetermined]
                .into_iter()
                .zip([false, true, false, true])
        {
            let (certificate, attested) = attested(status);
            let write = || document(&certificate, &attested, &Place { is_demonstration, ..PLACE }).unwrap();
            let bytes = write();
            assert!(bytes.starts_with(b"%PDF-1.7") && bytes.len() < 100_000, "{}", bytes.len());
            assert_eq!(bytes, write());
        }
    }

    #[test]
    fn who_is_not_eligible_reads_whom_to_ask() {
        let (certificate, of_ineligible) = attested(Status::Ineligible);
        let says = |attested: &Attested, text: &str| {
            told(&certificate, attested, &PLACE)
                .blocks
                .iter()
                .any(|block| matches!(block, Block::Paragraph(told) if told.contains(text)))
        };
        assert!(says(&of_ineligible, "aap@ministere.example") && says(&of_ineligible, "dérogation"));
        assert!(says(&of_ineligible, NO_DECISION));
        assert!(!says(&attested(Status::Eligible).1, "aap@ministere.example"));
    }

    #[test]
    fn whatever_the_register_holds_conforms() {
        let long = "Communauté d’agglomération fictive de l’Œil-de-Bœuf ".repeat(60);
        for text in [long.as_str(), "مرحبا 你好 😀 \u{202e}gauche\u{0}\r\n\t", "", "'\"<&>)(\\"] {
            let (certificate, mut attested) = attested(Status::Ineligible);
            attested.collectivity = Some(text.to_owned());
            attested.verdict.sentence = text.to_owned();
            attested.verdict.founding_text = text.to_owned();
            document(&certificate, &attested, &PLACE).unwrap();
        }
    }
}
