//! What is typed is text wherever it is shown again, on pages and in files.

use std::io::Cursor;

use axum::http::StatusCode;
use calamine::{DataType as _, Reader as _, Xlsx};
use eapd::domain::account::Identity;
use eapd::domain::field::{Field, RawLine};
use eapd::domain::role::{Actor, Role};
use eapd::domain::year::CampaignYear;
use eapd::service::account::SignUp;
use eapd::service::declaration::draft;
use eapd::service::{account, campaign};

use super::desk::{BASE, FIRST, OWN, PASSWORD, Signed, desk};
use super::world::{Page, get};
use crate::accounts::world::{email, here};
use crate::reports::tools;
use crate::support::{TestApp, contract};

contract!(with desk, "2014-05-20T10:00:00+02:00": a_script_that_was_typed_is_shown_as_text);

/// Markup, an attribute that ends, a formula.
const SCRIPT: &str = "=1+1<script>alert(1)</script>\"><img src=x onerror=alert(2)>";

fn inert(page: &Page, path: &str) {
    assert!(page.status.is_success(), "{path} {}", page.words());
    for alive in ["<script>alert", "<img src=x", "<b>R</b>"] {
        assert!(!page.text.contains(alive), "{path}: {alive}");
    }
}

/// A line whose every text is hostile.
fn line() -> RawLine {
    [Field::Title, Field::Organisation, Field::Description, Field::Place]
        .into_iter()
        .fold(RawLine::default(), |line, field| line.with(field, SCRIPT))
        .with(Field::Reference, "\"><b>R</b>")
        .with(Field::Recipient, "MLI")
        .with(Field::Purpose, "14030")
        .with(Field::Channel, "22000")
        .with(Field::Nature, "projet")
        .with(Field::AmountPaid, "3200")
}

/// The files that an agent keeps: every text is a text to programs that are not ours.
async fn in_files(agent: &Signed<'_>, receipt: &str) {
    let workbook = agent.get(&format!("{BASE}/export?format=xlsx")).await.bytes;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(workbook)).unwrap();
    let mut texts = 0;
    for name in book.sheet_names() {
        let sheet = book.worksheet_range(&name).unwrap();
        texts += sheet.cells().filter(|(_, _, cell)| cell.get_string() == Some(SCRIPT)).count();
        assert!(
            book.worksheet_formula(&name).unwrap().cells().all(|(_, _, formula)| formula.is_empty()),
            "{name}"
        );
    }
    assert_eq!(texts, 4, "title, organisation, description and place as they were typed");

    let document = agent.get(&format!("{receipt}/pdf")).await.bytes;
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("recepisse.pdf");
    std::fs::write(&kept, &document).unwrap();
    let close = |text: &str| text.split_whitespace().collect::<String>();
    let shown = close(&tools::poppler("pdftotext", &["-raw"], &kept));
    assert!(shown.matches(&close(SCRIPT)).count() >= 2, "the name and the function of who signs: {shown}");
    tools::qpdf(&kept);
    let plain = folder.path().join("recepisse-ouvert.pdf");
    tools::qpdf_opened(&kept, &plain);
    let plain = std::fs::read(plain).unwrap();
    for alive in ["/JavaScript", "/Launch", "/OpenAction"] {
        let is_there = plain.windows(alive.len()).any(|at| at == alive.as_bytes());
        assert!(!is_there, "{alive}");
    }
}

async fn a_script_that_was_typed_is_shown_as_text(app: TestApp) {
    let (siren, year) = (OWN.parse().unwrap(), "2013".parse().unwrap());
    // Another agent with such a name asks to be attached, with such a word.
    let form = SignUp {
        identity: Identity::new(SCRIPT, SCRIPT).unwrap(),
        email: email("autre@ville.example"),
        wanted: account::Wanted::Registered(siren),
        message: Some(SCRIPT.to_owned()),
    };
    account::sign_up(&app.app, &form, PASSWORD, &here()).await.unwrap();
    let link = crate::accounts::world::link(&app.app, "confirm_email").await;
    account::confirm(&app.app, &link, PASSWORD, &here()).await.unwrap();

    let agent = Signed::as_(&app, FIRST).await;
    let actor = Actor { person: "essai".to_owned(), role: Role::Declarant(vec![siren]) };
    draft::save(&app.app, &actor, siren, year, None, &[line()]).await.unwrap();
    let there = "%22%3E%3Cb%3ER%3C%2Fb%3E";
    for path in ["", "/recapitulatif", "/signature", "/neant", &format!("/lignes/{there}")] {
        inert(&agent.open(path).await, path);
    }
    let typed =
        [("cas", "association_ici"), ("organisme", SCRIPT), ("pays", SCRIPT), ("montant_verse", SCRIPT)];
    let wrong = agent.send("/lignes/nouvelle", &typed).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!wrong.text.contains("<script>alert") && !wrong.text.contains("<img src=x"), "{}", wrong.text);

    let signature = [
        ("revision", "1"),
        ("cle", "une-clé"),
        ("nom", SCRIPT),
        ("fonction", SCRIPT),
        ("verifie", "oui"),
        ("atteste", "oui"),
    ];
    let receipt = agent.sends("/signature", &signature).await;
    inert(&agent.get(&receipt).await, &receipt);
    for path in ["", "/historique", "/recapitulatif"] {
        let page = agent.get(&format!("{BASE}{path}")).await;
        assert!(
            page.status != StatusCode::INTERNAL_SERVER_ERROR && !page.text.contains("<script>alert"),
            "{path}"
        );
    }
    let agents = format!("/espace/{OWN}/agents");
    inert(&agent.get(&agents).await, &agents);
    for path in [format!("/connexion?suite={SCRIPT}"), format!("/collectivites?q={SCRIPT}")] {
        inert(&get(&app, &path.replace(['<', '>', '"', ' '], "%3C")).await, &path);
    }
    // A spreadsheet takes no cell for a formula.
    let export = agent.get(&format!("{BASE}/export?format=csv")).await;
    assert!(export.text.contains("'=1+1") && !export.text.contains(";=1+1"), "{}", export.text);

    in_files(&agent, &receipt).await;

    // What is public once the year is published.
    app.set_clock("2014-07-01T10:00:00+02:00");
    let manager = Actor { person: "essai".to_owned(), role: Role::Manager };
    let campaign_year = CampaignYear::new(2014).unwrap();
    campaign::settle(&app.app, &manager, campaign_year).await.unwrap();
    campaign::publish(&app.app, &manager, campaign_year).await.unwrap();
    let public = format!("/collectivites/{OWN}");
    let page = get(&app, &public).await;
    inert(&page, &public);
    assert!(page.words().contains("3\u{202f}200,00\u{a0}€"), "{}", page.words());
}
