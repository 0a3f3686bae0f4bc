//! The receipt as a document: the facts of its [`Sheet`], as the screen and the mail show them.

use crate::domain::filing::FilingKind;
use crate::domain::receipt::{self, Reader, Sheet};
use crate::domain::reservation::Standing;
use crate::reports::Result;
use crate::reports::pdf::{Block, Document, write};

/// What a document says of a demonstration.
const FICTITIOUS: &str = "DÉMONSTRATION\u{a0}: cette déclaration et ses montants sont fictifs.";

/// Writes the receipt. The same sheet gives the same bytes.
///
/// # Errors
/// When it would not conform to PDF/UA-1 and PDF/A-2a.
pub fn document(
    sheet: &Sheet,
    standing: Standing,
    public_url: &str,
    is_demonstration: bool,
) -> Result<Vec<u8>> {
    write(&told(sheet, standing, public_url, is_demonstration))
}

fn told(sheet: &Sheet, standing: Standing, public_url: &str, is_demonstration: bool) -> Document {
    let (filing, number) = (&sheet.filing, &sheet.receipt.number);
    let ministry = "Ministère de l’Europe et des Affaires étrangères";
    let from = [
        if is_demonstration { "Démonstration" } else { ministry },
        "e-APD, télédéclaration de l’aide publique au développement des collectivités territoriales",
    ];
    let title = match filing.kind {
        FilingKind::Declared | FilingKind::Nil => "Récépissé de télédéclaration",
        FilingKind::Rectified | FilingKind::Annulled | FilingKind::TakenOver => {
            "Récépissé d’une version du ministère"
        }
    };
    Document {
        title: format!("{title}, versements de {}, version {}, numéro {number}", filing.flow_year, filing.version),
        description: sheet.statement(standing),
        from: from.map(str::to_owned).to_vec(),
        warning: is_demonstration.then(|| FICTITIOUS.to_owned()),
        foot: format!("Récépissé {number}"),
        at: filing.filed_at,
        blocks: vec![
            Block::Title(title.to_owned()),
            Block::Paragraph(sheet.statement(standing)),
            // Whether the version counts: the one place where the document says so.
            Block::Notice(receipt::standing(standing)),
            Block::Facts(sheet.facts(Reader::Agent, public_url)),
            Block::Heading("Vérifier ce récépissé".to_owned()),
            Block::Paragraph(
                "Toute personne qui a le numéro peut le vérifier à l’adresse ci-dessus, sans compte. La page montre \
                 les mêmes montants et les mêmes empreintes, sans le nom des personnes."
                    .to_owned(),
            ),
            Block::Paragraph(
                "L’empreinte SHA-256 est celle de toute la version, ligne par ligne\u{a0}: un seul signe changé en \
                 donnerait une autre. La tête du journal scelle ce dépôt et tous ceux qui le précèdent."
                    .to_owned(),
            ),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::receipt::tests::sheet;

    #[test]
    fn every_kind_conforms_and_the_same_sheet_gives_the_same_bytes() {
        for kind in FilingKind::ALL {
            let until = "2014-07-15T21:30:00Z".parse().unwrap();
            let standings = [
                Standing::InForce { confirmed_at: None },
                Standing::Superseded { confirmed_at: Some(until) },
                Standing::Reserved { until },
                Standing::Void { since: until },
            ];
            for (standing, is_demonstration) in standings.into_iter().zip([false, true, false, true]) {
                let sheet = sheet(kind);
                let write = || document(&sheet, standing, "https://eapd.example", is_demonstration).unwrap();
                let bytes = write();
                assert!(bytes.starts_with(b"%PDF-1.7") && bytes.len() < 100_000, "{}", bytes.len());
                assert_eq!(bytes, write());
            }
        }
    }

    /// Whatever people wrote: longer than a page, in letters that the fonts have not, or nothing at all.
    #[test]
    fn whatever_people_wrote_conforms() {
        let long = "Communauté d’agglomération fictive de l’Œil-de-Bœuf ".repeat(60);
        let odd = "مرحبا 你好 😀 e\u{301} \u{202e}gauche\u{0}\r\n\t\u{e000}\u{10ffff}\u{fffd} ﬁn ﷺ \u{1f1eb}\u{1f1f7}";
        let unbroken = "A".repeat(2_000);
        for text in [long.as_str(), odd, &unbroken, "", " ", "'\"<&>)(\\"] {
            let mut sheet = sheet(FilingKind::Rectified);
            sheet.collectivity = Some(text.to_owned());
            sheet.filed_by = Some(text.to_owned());
            sheet.signatory = Some((text.to_owned(), Some(text.to_owned())));
            sheet.filing.reason = Some(text.to_owned());
            sheet.filing.document = Some(text.to_owned());
            document(&sheet, Standing::InForce { confirmed_at: None }, "https://eapd.example", true).unwrap();
        }
    }
}
