//! The whole way round (rule 8): 140 lines filed, exported to XLSX, opened and saved by
//! `LibreOffice`, two cells changed, imported, filed again: the new version differs in exactly these two.

use std::fs::File;

use eapd::domain::field::{Field, RawLine};
use eapd::domain::role::{Actor, Role};
use eapd::service::declaration::Signatory;
use eapd::service::declaration::export::{Form, export};
use eapd::service::declaration::file::{Content, Request, file};
use eapd::service::declaration::import::{Mode, import};
use eapd::service::declaration::read;

use super::tools;
use crate::contract::ground::{YEAR, body, ground, year};
use crate::support::{TestApp, contract};

fn agent() -> Actor {
    Actor { person: "AGENT".to_owned(), role: Role::Declarant(vec![body("A")]) }
}

fn typed(index: usize) -> RawLine {
    let natures = ["projet", "subvention_association", "humanitaire", "soutien_association"];
    RawLine::default()
        .with(Field::Reference, format!("00{index}"))
        .with(Field::Title, format!("Ligne n°\u{a0}{index}, «\u{a0}accents\u{a0}»"))
        .with(Field::Recipient, ["Mali", "SEN", "Madagascar"][index % 3])
        .with(Field::Purpose, if index % 4 == 2 { "72010" } else { "14030" })
        .with(Field::Channel, "22000")
        .with(Field::Nature, natures[index % 4])
        .with(Field::AmountPaid, format!("{},{:02}", 1_000 + index * 7_919, index % 100))
        .with(Field::PaidOn, "28/02/2013")
        .with(Field::Organisation, "Association fictive")
}

fn request(content: Content, app: &TestApp) -> Request {
    Request {
        siren: body("A"),
        flow_year: year(YEAR),
        content,
        signatory: Signatory { name: "Nom fictif".to_owned(), function: "maire".to_owned() },
        document: None,
        received_at: app.app.now(),
        idempotency: None,
    }
}

async fn two_cells_make_the_new_version(app: TestApp) {
    let lines = Content::Lines((1..=140).map(typed).collect());
    file(&app.app, &agent(), &request(lines, &app)).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (exported, edited) = (folder.path().join("lignes.xlsx"), folder.path().join("change.xlsx"));
    let out = File::create(&exported).unwrap();
    let place = (body("A"), year(YEAR));
    assert_eq!(export(&app.app, &agent(), place, Form::Xlsx, &out).await.unwrap(), 140);
    tools::python("change_cells.py", &[&exported, &edited]);
    let saved = std::fs::read(tools::libreoffice(&edited, folder.path())).unwrap();

    let imported = import(&app.app, &agent(), place, &saved, Mode::Replace, false).await.unwrap();
    assert_eq!(imported.changes.unchanged, 138, "{:?}", imported.changes);
    let draft = Content::Draft(imported.revision.unwrap());
    file(&app.app, &agent(), &request(draft, &app)).await.unwrap();

    let versions = read::versions(&app.app, &agent(), place.0, place.1).await.unwrap();
    let [before, after] = versions.as_slice() else { panic!("{} versions", versions.len()) };
    assert_eq!((before.lines.len(), after.lines.len(), after.filing.version), (140, 140, 2));
    let mut differing = Vec::new();
    for (one, other) in before.lines.iter().zip(&after.lines) {
        for field in Field::ALL {
            if one.line.cell(*field) != other.line.cell(*field) {
                differing.push((one.position, *field));
            }
        }
    }
    assert_eq!(differing, [(2, Field::Title), (4, Field::AmountPaid)]);
}

contract!(with ground, "2014-05-20T10:00:00Z": two_cells_make_the_new_version);
