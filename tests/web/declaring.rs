//! Declaring by the pages: from the choice of a case to the receipt, and what may go wrong on the way.

use axum::http::StatusCode;

use super::client::Client;
use super::desk::{BASE, FIRST, OTHER, OWN, PASSWORD, SECOND, Signed, desk, value, water};
use super::world::Page;
use crate::reports::tools::poppler;
use crate::support::{TestApp, contract};

/// The signature of the page, with what is typed.
async fn signature<'a>(agent: &Signed<'_>, page: &str, more: &[(&'a str, &'a str)]) -> Vec<(String, String)> {
    let shown = agent.open(page).await;
    let mut fields: Vec<(String, String)> = ["revision", "cle", "nom", "fonction"]
        .map(|name| {
            (
                name.to_owned(),
                if matches!(name, "nom" | "fonction") {
                    prefilled(&shown.text, name)
                } else {
                    value(&shown, name)
                },
            )
        })
        .to_vec();
    fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields
}

fn prefilled(text: &str, name: &str) -> String {
    let field = text.split(&format!("name=\"{name}\"")).nth(1).unwrap();
    field.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// Files what is there; gives the address of the receipt.
pub async fn file(agent: &Signed<'_>, more: &[(&str, &str)]) -> String {
    let fields = signature(agent, "/signature", &[more, &[("atteste", "oui")]].concat()).await;
    agent.sends("/signature", &pairs(&fields)).await
}

async fn a_small_commune_declares_without_a_code(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    let start = agent.open("").await;
    let words = start.words();
    assert!(words.contains("Il reste 26\u{a0}jours.") && words.contains("Rien n’est déposé"), "{words}");
    assert!(start.text.contains(&format!("{BASE}/lignes/nouvelle?cas=association_ici")));
    let form = agent.open("/lignes/nouvelle?cas=association_ici").await;
    for code in ["14030", "22000", "C01", "subvention_association"] {
        assert!(!form.words().contains(code), "{code}");
    }
    assert_eq!(agent.sends("/lignes/nouvelle", &water(&[])).await, format!("{BASE}/recapitulatif"));
    let recap = agent.open("/recapitulatif").await;
    let words = recap.words();
    for told in ["Mali", "3\u{202f}200,00\u{a0}€", "soit 3,2\u{a0}k€", "Eau potable, assainissement – Mali"]
    {
        assert!(words.contains(told), "{told}: {words}");
    }
    let sign = agent.open("/signature").await;
    assert_eq!(prefilled(&sign.text, "nom"), "Agente Inventée");
    let receipt = file(&agent, &[]).await;
    let page = agent.get(&receipt).await;
    let words = page.words();
    assert!(
        words.contains("Votre déclaration est déposée") && words.contains("3\u{202f}200,00\u{a0}€"),
        "{words}"
    );
    assert!(words.contains("Signée par Agente Inventée, secrétaire de mairie"), "{words}");
    let stored = app.instance.must("SELECT purpose || ' ' || channel || ' ' || nature FROM line;");
    assert_eq!(stored.trim(), "14030 22000 subvention_association");
    assert!(agent.open("").await.words().contains("La version 1"), "it counts");
}

async fn what_is_missing_is_told_and_what_was_typed_stays(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    let wrong = agent
        .send(
            "/lignes/nouvelle",
            &water(&[("organisme", "<b>Puits"), ("pays", ""), ("theme", ""), ("montant_verse", "1.234")]),
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("<title>Erreur – Une association d’ici – e-APD</title>"), "{}", wrong.text);
    for field in ["pays", "theme", "montant_verse"] {
        assert!(wrong.text.contains(&format!("<a href=\"#{field}\">")), "{field}");
        assert!(wrong.text.contains(&format!("id=\"{field}\"")), "{field}");
    }
    assert!(wrong.words().contains("3 erreurs sont à corriger"), "{}", wrong.words());
    assert!(wrong.text.contains("value=\"1.234\"") && !wrong.text.contains("<b>Puits"));
    assert!(app.instance.must("SELECT count(*) FROM draft;").trim() == "0", "nothing is written");
    // Kept for later all the same, and told again before the signature.
    let later = water(&[("montant_verse", "1.234"), ("action", "plus-tard")]);
    assert_eq!(agent.sends("/lignes/nouvelle", &later).await, BASE);
    assert!(agent.open("").await.words().contains("À compléter."));
    assert!(agent.open("/recapitulatif").await.words().contains("Une erreur est à corriger avant de signer"));
    let signed = agent.get(&format!("{BASE}/signature")).await;
    assert_eq!(
        (signed.status, signed.header("location")),
        (StatusCode::SEE_OTHER, &*format!("{BASE}/recapitulatif"))
    );
    // A country that left the list is shown by its name, not taken out of sight.
    agent.sends("/lignes/nouvelle", &water(&[("pays", "62"), ("action", "plus-tard")])).await;
    let left = agent.open("/lignes/2013-L0002").await;
    assert!(
        left.text.contains("<option value=\"Croatie\" data-outside selected>Croatie</option>"),
        "{}",
        left.text
    );
    let unknown = agent.send("/lignes/nouvelle", &[("cas", "introuvable")]).await;
    assert_eq!(unknown.header("location"), format!("{BASE}/lignes/nouvelle"));
}

async fn every_field_is_there_for_who_knows_them(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    let unfolded = agent.send("/lignes/nouvelle", &water(&[("action", "precisions")])).await;
    assert_eq!(unfolded.status, StatusCode::OK);
    for told in [
        "value=\"14030\"",
        "value=\"22000\"",
        "name=\"marqueur_genre\"",
        "name=\"projet_crs\"",
        "value=\"3 200 €\"",
    ] {
        assert!(unfolded.text.contains(told), "{told}");
    }
    let fields = [
        ("cas", "autre"),
        ("titre", "Bourse d’étude"),
        ("nature", "bourses"),
        ("pays", "255"),
        ("montant_verse", "1500,50"),
        ("reference", "BOURSE/É 1"),
        ("odd", "6"),
    ];
    let wrong = agent.send("/lignes/nouvelle", &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("<a href=\"#odd\">"), "goals came in 2015");
    agent.sends("/lignes/nouvelle", &fields[..6]).await;
    let page = agent.open("/lignes/BOURSE%2F%C3%89%201").await;
    assert!(page.text.contains("value=\"Bourse d&#39;étude\"") || page.text.contains("Bourse d’étude"));
    assert!(page.text.contains("<option value=\"bourses\" selected>"), "no case gives it: every field");
    let twice = agent.send("/lignes/nouvelle", &fields[..6]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text.contains("<a href=\"#reference\">"), "{}", twice.words());
}

async fn a_line_is_changed_doubled_and_taken_out(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    agent.sends("/lignes/nouvelle", &water(&[])).await;
    let path = "/lignes/2013-L0001";
    let page = agent.open(path).await;
    assert!(page.text.contains("<option value=\"eau\" selected>"), "in plain words again");
    let seen = value(&page, "vue");
    agent.sends(path, &water(&[("vue", &seen), ("montant_verse", "4 000,50")])).await;
    let page = agent.open(path).await;
    assert!(page.text.contains("value=\"4 000,50\""));
    let copy = agent.sends(path, &[("action", "dupliquer"), ("cas", "association_ici")]).await;
    assert_eq!(copy, format!("{BASE}/lignes/2013-L0002"));
    assert!(
        agent.open("/recapitulatif").await.words().contains("semble répéter"),
        "a copy is to be confirmed"
    );
    let asked = agent
        .send("/lignes/2013-L0002", &[("action", "retirer"), ("cas", "association_ici"), ("vue", "x")])
        .await;
    assert!(asked.words().contains("Retirer ce versement"), "{}", asked.words());
    let seen = value(&agent.open("/lignes/2013-L0002").await, "vue");
    agent.sends("/lignes/2013-L0002", &[("action", "retirer-oui"), ("vue", &seen)]).await;
    assert_eq!(agent.get(&format!("{BASE}/lignes/2013-L0002")).await.status, StatusCode::NOT_FOUND);
}

async fn two_agents_at_once_lose_nothing(app: TestApp) {
    let (first, second) = (Signed::as_(&app, FIRST).await, Signed::as_(&app, SECOND).await);
    first.sends("/lignes/nouvelle", &water(&[])).await;
    let path = "/lignes/2013-L0001";
    let seen = value(&first.open(path).await, "vue");
    // Another line of another agent is no conflict.
    second.sends("/lignes/nouvelle", &water(&[("pays", "269")])).await;
    second.sends(path, &water(&[("vue", &seen), ("montant_verse", "5000,10")])).await;
    let told = first
        .send(path, &water(&[("vue", &seen), ("montant_verse", "6000,20"), ("organisme", "Ma saisie")]))
        .await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    let words = told.words();
    assert!(words.contains("modifié entre-temps") && words.contains("Agent Imaginaire"), "{words}");
    assert!(words.contains("5000,10 6000,20"), "both are shown: {words}");
    assert!(told.text.contains("value=\"Ma saisie\""), "what was typed stays");
    let seen = value(&told, "vue");
    first.sends(path, &water(&[("vue", &seen), ("montant_verse", "6000,20")])).await;
    let words = second.open("").await.words();
    assert!(words.contains("6\u{202f}000,20\u{a0}€") && words.contains("Sénégal"), "{words}");
    // Taken out meanwhile: what was typed can be put back.
    let seen = value(&first.open(path).await, "vue");
    second.sends(path, &[("action", "retirer-oui"), ("vue", &seen)]).await;
    let told = first.send(path, &water(&[("vue", &seen)])).await;
    assert!(told.words().contains("a été retiré entre-temps"), "{}", told.words());
    assert_eq!(value(&told, "vue"), "");
    first.sends(path, &water(&[("vue", "")])).await;
}

async fn the_signature_asks_for_what_it_needs(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    agent.sends("/lignes/nouvelle", &water(&[("montant_verse", "125"), ("theme", "ne_sais_pas")])).await;
    let fields = signature(&agent, "/signature", &[]).await;
    let page = agent.send("/signature", &pairs(&fields)).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("<title>Erreur – Signer et déposer – e-APD</title>"));
    for field in ["verifie", "atteste"] {
        assert!(page.text.contains(&format!("<a href=\"#{field}\">")), "{field}");
    }
    assert!(page.words().contains("2 points à vérifier"), "thousands, and the sector: {}", page.words());
    let mut nobody = fields.clone();
    nobody.retain(|(name, _)| name != "nom");
    let page = agent.send("/signature", &pairs(&nobody)).await;
    assert!(page.text.contains("<a href=\"#nom\">"));
    // Another agent saves meanwhile: the signature was of something else.
    let second = Signed::as_(&app, SECOND).await;
    second.sends("/lignes/nouvelle", &water(&[("pays", "269")])).await;
    let mut all = fields.clone();
    all.extend([("verifie".to_owned(), "oui".to_owned()), ("atteste".to_owned(), "oui".to_owned())]);
    let page = agent.send("/signature", &pairs(&all)).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.words().contains("2\u{a0}lignes"), "what is there now is shown: {}", page.words());
    let receipt = file(&agent, &[("verifie", "oui")]).await;
    // Sent twice, filed once.
    assert_eq!(app.instance.must("SELECT count(*) FROM filing;").trim(), "1");
    assert!(agent.get(&receipt).await.words().contains("Lignes 2"));
}

async fn a_form_sent_twice_files_once(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    agent.sends("/lignes/nouvelle", &water(&[])).await;
    let fields = signature(&agent, "/signature", &[("atteste", "oui")]).await;
    let first = agent.sends("/signature", &pairs(&fields)).await;
    let again = agent.sends("/signature", &pairs(&fields)).await;
    assert_eq!(first, again);
    assert_eq!(app.instance.must("SELECT count(*) FROM filing;").trim(), "1");
}

async fn a_correction_says_which_version_counts(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    agent.sends("/lignes/nouvelle", &water(&[])).await;
    let first = file(&agent, &[]).await;
    agent.sends("/lignes/nouvelle", &water(&[("pays", "269"), ("montant_verse", "999,99")])).await;
    let words = agent.open("").await.words();
    assert!(
        words.contains("Correction non déposée") && words.contains("c’est la version 1 qui compte"),
        "{words}"
    );
    assert!(words.contains("Sénégal") && words.contains("Mali"), "the correction began from what was filed");
    file(&agent, &[]).await;
    assert!(agent.get(&first).await.words().contains("Une version plus récente compte"));
    let history = agent.open("/historique").await.words();
    assert!(
        history.contains("Version 2 Celle qui compte") && history.contains("1\u{a0}ligne ajoutée"),
        "{history}"
    );
    for (query, media) in [("version=1&format=csv", "text/csv"), ("format=xlsx", "application/vnd.openxml")] {
        let file = agent.open(&format!("/export?{query}")).await;
        assert!(file.header("content-type").starts_with(media));
        assert!(
            file.header("content-disposition").starts_with("attachment; filename=\"lignes-219900107-2013-v")
        );
    }
    for wrong in ["/export?format=exe", "/export?version=x", "/export?version=9", "/recepisses/X"] {
        assert_eq!(agent.get(&format!("{BASE}{wrong}")).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

async fn nothing_is_declared_by_a_signed_nil(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    assert!(agent.open("/est-ce-de-l-apd").await.text.contains(&format!("{BASE}/neant")));
    agent.sends("/lignes/nouvelle", &water(&[])).await;
    let fields = signature(&agent, "/neant", &[("atteste", "oui")]).await;
    let page = agent.send("/neant", &pairs(&fields)).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("<a href=\"#verifie\">"), "a draft is not dropped in silence");
    let fields = signature(&agent, "/neant", &[("atteste", "oui"), ("verifie", "oui")]).await;
    let receipt = agent.sends("/neant", &pairs(&fields)).await;
    assert!(agent.get(&receipt).await.words().contains("déclaration néant"));
    let kind = app.instance.must("SELECT kind FROM filing;");
    assert_eq!((kind.trim(), app.instance.must("SELECT count(*) FROM draft;").trim()), ("nil", "0"));
}

async fn the_last_second_counts_and_the_next_one_loses_nothing(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    agent.sends("/lignes/nouvelle", &water(&[])).await;
    let fields = signature(&agent, "/signature", &[("atteste", "oui")]).await;
    app.set_clock("2014-06-15T23:30:00+02:00");
    let agent = Signed::as_(&app, FIRST).await;
    app.set_clock("2014-06-16T00:00:00+02:00");
    let page = agent.send("/signature", &pairs(&fields)).await;
    assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.words());
    assert!(
        page.words().contains("s’est fermée le 15\u{a0}juin\u{a0}2014")
            && prefilled(&page.text, "nom") == "Agente Inventée"
    );
    let words = agent.open("").await.words();
    assert!(
        words.contains("Brouillon non déposé")
            && words.contains("On ne peut plus déposer depuis le 15\u{a0}juin\u{a0}2014"),
        "{words}"
    );
    assert!(words.contains("écrivez au ministère"), "{words}");
    app.set_clock("2014-06-15T23:59:59+02:00");
    agent.sends("/signature", &pairs(&fields)).await;
    app.set_clock("2014-06-16T00:10:00+02:00");
    assert!(agent.open("").await.words().contains("La version 1"), "the receipt stays at hand");
}

async fn last_year_comes_back_without_amounts(app: TestApp) {
    app.set_clock("2013-05-20T10:00:00+02:00");
    let agent = Signed::as_(&app, FIRST).await.on(2012);
    for fields in [water(&[]), water(&[("pays", "269")])] {
        agent.sends("/lignes/nouvelle", &fields).await;
    }
    file(&agent, &[]).await;
    app.set_clock(super::desk::NOW);
    let agent = Signed::as_(&app, FIRST).await;
    let page = agent.open("/reprise").await;
    assert!(page.text.contains("2012-L0001") && page.text.contains("2012-L0002"));
    agent.sends("/reprise", &[("ligne", "2012-L0001"), ("ligne", "introuvable")]).await;
    let words = agent.open("").await.words();
    assert!(
        words.contains("2012-L0001") && !words.contains("2012-L0002") && words.contains("À compléter."),
        "{words}"
    );
    let again = agent.open("/reprise").await.words();
    assert!(again.contains("déjà dans la déclaration de 2013"), "{again}");
}

async fn others_and_strangers_stay_out(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    let paths = [
        "",
        "/est-ce-de-l-apd",
        "/lignes/nouvelle",
        "/reprise",
        "/recapitulatif",
        "/signature",
        "/neant",
        "/historique",
        "/export",
    ];
    for path in paths {
        let page = agent.get(&format!("/espace/{OTHER}/2013{path}")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        assert!(page.words().contains("Vous n’êtes pas rattaché à cette collectivité"), "{path}");
        let page = super::world::get(&app, &format!("{BASE}{path}")).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}");
        assert!(page.header("location").starts_with("/connexion?suite=%2Fespace%2F"), "{path}");
    }
    for wrong in [format!("/espace/{OWN}/1900"), "/espace/123/2013".to_owned(), "/espace/x/y".to_owned()] {
        assert_eq!(agent.get(&wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let none = agent.get(&format!("/espace/{OWN}/2019")).await;
    assert!(none.words().contains("Pas de campagne"), "{}", none.words());
}

/// The receipt on screen, as a document and to anyone: the same figures, and who is named where.
async fn the_receipt_is_there_as_a_document_too(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    agent.sends("/lignes/nouvelle", &water(&[("cofinancements_recus", "200 €")])).await;
    let address = file(&agent, &[]).await;
    let shown = agent.get(&address).await;
    let words = shown.words();
    for told in
        ["3\u{202f}200,00\u{a0}€", "200,00\u{a0}€", "3\u{202f}000,00\u{a0}€", "Agente Inventée", "PDF – "]
    {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert!(shown.text.contains(&format!("href=\"{address}/pdf\"")), "{}", shown.text);
    let document = agent.get(&format!("{address}/pdf")).await;
    assert_eq!(document.status, StatusCode::OK);
    assert_eq!(document.header("content-type"), "application/pdf");
    let name = format!("attachment; filename=\"recepisse-{OWN}-2013-v1.pdf\"");
    assert_eq!(document.header("content-disposition"), name);
    assert_eq!(document.header("x-content-type-options"), "nosniff");
    assert!(document.header("cache-control").contains("no-store"), "{}", document.header("cache-control"));
    assert_eq!(agent.get(&format!("{address}/pdf")).await.bytes, document.bytes);
    let size = document.bytes.len().div_ceil(1_000);
    assert!(words.contains(&format!("PDF – {size}\u{a0}ko")), "{size}: {words}");
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("recepisse.pdf");
    std::fs::write(&kept, &document.bytes).unwrap();
    let text = poppler("pdftotext", &["-raw"], &kept).split_whitespace().collect::<Vec<_>>().join(" ");
    for told in ["Commune d’Essai", "3 200,00 €", "3 000,00 €", "Agente Inventée", "DÉMONSTRATION"] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let number = address.rsplit('/').next().unwrap();
    let public = super::world::get(&app, &format!("/recepisses?numero={number}")).await.words();
    assert!(public.contains("3\u{202f}200,00\u{a0}€") && !public.contains("Agente Inventée"), "{public}");
    // Another year, another number, nobody: no document.
    for wrong in [format!("{BASE}/recepisses/X/pdf"), format!("/espace/{OWN}/2012/recepisses/{number}/pdf")] {
        assert_eq!(agent.get(&wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let other = agent.get(&format!("/espace/{OTHER}/2013/recepisses/{number}/pdf")).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    let nobody = super::world::get(&app, &format!("{address}/pdf")).await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
    assert!(nobody.header("location").starts_with("/connexion"), "{}", nobody.header("location"));
}

/// An hour and a minute after the last page, while a line is typed, then before the signature is sent.
async fn a_session_that_ends_loses_nothing_typed(app: TestApp) {
    let mut agent = Client::new(&app);
    let known = [("courriel", FIRST), ("mot-de-passe", PASSWORD)];
    assert_eq!(agent.post("/connexion", &known).await.status, StatusCode::SEE_OTHER);
    let comes_back = async |agent: &mut Client<'_>, sent: Page, rest: &str| {
        let path = format!("{BASE}/{rest}");
        let way = format!("/connexion?suite={}", path.replace('/', "%2F"));
        assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, &*way));
        let asked = agent.get(&way).await.words();
        assert!(asked.contains("Ce que vous aviez saisi est gardé"), "{asked}");
        let back = agent.post("/connexion", &[&known[..], &[("suite", &path)]].concat()).await;
        assert_eq!(back.header("location"), path);
        agent.get(&path).await
    };
    let typed = water(&[("organisme", "Les amis du puits (fictif)"), ("titre", "Un puits")]);
    app.set_clock("2014-05-20T11:01:00+02:00");
    let sent = agent.post(&format!("{BASE}/lignes/nouvelle"), &typed).await;
    let page = comes_back(&mut agent, sent, "lignes/nouvelle").await;
    for (name, text) in [("organisme", "Les amis du puits (fictif)"), ("titre", "Un puits")] {
        assert_eq!(prefilled(&page.text, name), text);
    }
    for chosen in ["<option value=\"255\" selected>", "<option value=\"eau\" selected>", "value=\"3 200 €\""]
    {
        assert!(page.text.contains(chosen), "{chosen}: {}", page.text);
    }
    assert_eq!(app.instance.must("SELECT count(*) FROM draft;").trim(), "0", "nothing was written meanwhile");
    let saved = agent.post(&format!("{BASE}/lignes/nouvelle"), &typed).await;
    assert_eq!(saved.header("location"), format!("{BASE}/recapitulatif"));

    let form = agent.get(&format!("{BASE}/signature")).await;
    let (revision, key) = (value(&form, "revision"), value(&form, "cle"));
    let signed = [
        ("revision", revision.as_str()),
        ("cle", key.as_str()),
        ("nom", "Maire Imaginaire"),
        ("fonction", "première adjointe"),
        ("atteste", "oui"),
    ];
    app.set_clock("2014-05-20T12:03:00+02:00");
    let sent = agent.post(&format!("{BASE}/signature"), &signed).await;
    let page = comes_back(&mut agent, sent, "signature").await;
    assert_eq!(prefilled(&page.text, "nom"), "Maire Imaginaire");
    assert_eq!(prefilled(&page.text, "fonction"), "première adjointe");
    assert_eq!(app.instance.must("SELECT count(*) FROM filing;").trim(), "0", "nothing was filed meanwhile");
    let (revision, key) = (value(&page, "revision"), value(&page, "cle"));
    let again = [&[("revision", &*revision), ("cle", &*key)], &signed[2..]].concat();
    let receipt = agent.post(&format!("{BASE}/signature"), &again).await;
    assert!(receipt.header("location").starts_with(&format!("{BASE}/recepisses/")), "{}", receipt.words());
    assert_eq!(app.instance.must("SELECT count(*) FROM filing;").trim(), "1");
}

contract!(with desk, "2014-05-20T10:00:00+02:00":
    a_small_commune_declares_without_a_code,
    what_is_missing_is_told_and_what_was_typed_stays,
    every_field_is_there_for_who_knows_them,
    a_line_is_changed_doubled_and_taken_out,
    two_agents_at_once_lose_nothing,
    the_signature_asks_for_what_it_needs,
    a_form_sent_twice_files_once,
    a_correction_says_which_version_counts,
    nothing_is_declared_by_a_signed_nil,
    the_last_second_counts_and_the_next_one_loses_nothing,
    last_year_comes_back_without_amounts,
    others_and_strangers_stay_out,
    the_receipt_is_there_as_a_document_too,
    a_session_that_ends_loses_nothing_typed,
);
