//! An agent whose attachment is awaited declares sous réserve: what they may do, what they never see, and what
//! becomes of it.

use axum::http::StatusCode;
use eapd::domain::eligibility::Status;
use eapd::domain::refusal::Because;
use eapd::domain::year::{CampaignYear, FlowYear};
use eapd::service::account::{self, NewAccount};
use eapd::service::attachment::{self, Decision};
use eapd::service::declaration::carry_over;
use eapd::service::declaration::file::{Content, Request, file as file_version};
use eapd::service::{ServiceError, campaign, eligibility, operator};

use super::desk::{BASE, FIRST, OWN, Signed, desk, value, water};
use crate::support::people::{PASSWORD, manager, signatory};
use crate::support::{TestApp, contract};

pub const THIRD: &str = "troisieme@commune.example";

/// An account that asked to act for [`OWN`]; gives the id of the request and the person.
async fn newcomer(test: &TestApp) -> (String, eapd::domain::role::Actor) {
    let app = &test.app;
    // The ids of a copy begin again where those of its template began.
    for _taken in 0..40 {
        drop(app.random.identifier());
    }
    let operator = operator::identify(app, "essai").await.unwrap();
    let new = NewAccount {
        email: THIRD.parse().unwrap(),
        identity: eapd::domain::account::Identity::new("Agente Nouvelle", "chargée de mission").unwrap(),
        role: eapd::domain::account::AccountRole::Declarant,
    };
    let person = account::create(app, &operator, &new, PASSWORD).await.unwrap();
    let actor = eapd::domain::role::Actor { person, role: eapd::domain::role::Role::Declarant(vec![]) };
    let asked = attachment::ask(app, &actor, OWN.parse().unwrap(), None).await.unwrap();
    (asked, actor)
}

/// Somebody whose attachment is awaited filed, and goes on preparing; gives the address of the receipt.
pub async fn filed(test: &TestApp) -> String {
    newcomer(test).await;
    let agent = Signed::as_(test, THIRD).await;
    agent.sends("/lignes/nouvelle", &water(&[])).await;
    let receipt = file(&agent).await;
    agent.sends("/lignes/nouvelle", &water(&[("titre", "La suite")])).await;
    receipt
}

/// Signs and files what is there; gives the address of the receipt.
async fn file(agent: &Signed<'_>) -> String {
    let page = agent.open("/signature").await;
    let fields = [
        ("revision", value(&page, "revision")),
        ("cle", value(&page, "cle")),
        ("nom", "Maire Inventé".to_owned()),
        ("fonction", "maire".to_owned()),
        ("atteste", "oui".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    agent.sends("/signature", &fields).await
}

async fn verdict(test: &TestApp) -> (Status, String) {
    let list = eligibility::of_list(&test.app, "AAP-2014", &[OWN.parse().unwrap()], None).await.unwrap();
    let verdict = &list.verdicts[0];
    (verdict.status, verdict.sentence.clone())
}

async fn public(test: &TestApp, receipt: &str) -> String {
    let number = receipt.rsplit('/').next().unwrap();
    let visitor = super::client::Client::new(test).get(&format!("/recepisses?numero={number}")).await;
    assert_eq!(visitor.status, StatusCode::OK);
    visitor.words()
}

/// At 23:30 on the last day; accepted the week after, it is eligible with its first instant.
async fn filed_in_time_it_counts_once_accepted(test: TestApp) {
    test.set_clock("2014-06-15T23:25:00+02:00");
    let (asked, _) = newcomer(&test).await;
    let agent = Signed::as_(&test, THIRD).await;
    let space = agent.get("/espace").await;
    assert!(space.text.contains(&format!("href=\"{BASE}\"")), "{}", space.text);
    let start = agent.open("").await.words();
    assert!(start.contains("Votre rattachement à Commune d’Essai est en attente"), "{start}");
    assert!(!start.contains("Reprendre les lignes de l’an dernier"), "{start}");
    agent.sends("/lignes/nouvelle", &water(&[])).await;
    test.set_clock("2014-06-15T23:30:00+02:00");
    let sign = agent.open("/signature").await.words();
    assert!(sign.contains("Vous déposez sous réserve de votre rattachement"), "{sign}");
    let receipt = file(&agent).await;
    let page = agent.get(&receipt).await.words();
    assert!(page.contains("Déclaration déposée sous réserve"), "{page}");
    assert!(page.contains("en attente jusqu’au 15") && page.contains("à 23"), "{page}");
    assert!(public(&test, &receipt).await.contains("la déclaration est sous réserve"));
    // A correction is possible still, and both wait.
    agent.sends("/lignes/nouvelle", &water(&[("montant_verse", "1 000")])).await;
    test.set_clock("2014-06-15T23:40:00+02:00");
    let second = file(&agent).await;
    let history = agent.open("/historique").await.words();
    assert!(
        history.contains("Version 1 Sous réserve") && history.contains("Version 2 Sous réserve"),
        "{history}"
    );

    test.set_clock("2014-06-20T10:00:00+02:00");
    assert_eq!(verdict(&test).await.0, Status::Pending);
    let colleague = Signed::as_(&test, FIRST).await;
    let told = colleague.open("").await.words();
    assert!(
        told.contains("Un dépôt sous réserve attend votre réponse") && told.contains("Rien ne compte encore"),
        "{told}"
    );
    let agents = colleague.get(&format!("/espace/{OWN}/agents")).await.words();
    assert!(agents.contains("A déposé sous réserve les versements de 2013"), "{agents}");
    test.set_clock("2014-06-22T10:00:00+02:00");
    let colleague = Signed::as_(&test, FIRST).await;
    let body = [("demande", asked.as_str()), ("action", "accepter")];
    let page = colleague.on_path(&format!("/espace/{OWN}/agents"), &body).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.words());

    let (status, sentence) = verdict(&test).await;
    assert_eq!(status, Status::Eligible);
    assert!(sentence.contains("a déclaré le 15") && sentence.contains("40\u{a0}min"), "{sentence}");
    let agent = Signed::as_(&test, THIRD).await;
    let page = agent.get(&second).await.words();
    assert!(page.contains("Votre déclaration est déposée") && page.contains("confirmée le"), "{page}");
    let first = public(&test, &receipt).await;
    assert!(first.contains("remplacé"), "{first}");
    assert!(public(&test, &second).await.contains("celle qui compte aujourd’hui"));
    let counted = agent.open("").await.words();
    assert!(counted.contains("La version 2") && !counted.contains("est en attente"), "{counted}");
    let journal = test.instance.must("SELECT action FROM journal ORDER BY seq;");
    let actions: Vec<&str> = journal.lines().map(str::trim).collect();
    let accepted = actions.iter().filter(|action| **action == "declaration.reserve.accept").count();
    assert_eq!(accepted, 2, "{actions:?}");
    assert!(actions.contains(&"attachment.accept"), "{actions:?}");
    let told =
        test.instance.must("SELECT after FROM journal WHERE action = 'declaration.file' ORDER BY seq;");
    assert_eq!(told.matches("\"sous_reserve\":true").count(), 2, "{told}");
}

async fn refused_it_is_void(test: TestApp) {
    test.set_clock("2014-06-15T23:25:00+02:00");
    let (asked, _) = newcomer(&test).await;
    let agent = Signed::as_(&test, THIRD).await;
    agent.sends("/lignes/nouvelle", &water(&[])).await;
    let receipt = file(&agent).await;
    test.set_clock("2014-06-22T10:00:00+02:00");
    attachment::decide(&test.app, &manager(), &asked, Decision::Refuse("inconnu en mairie")).await.unwrap();
    assert_eq!(verdict(&test).await.0, Status::Ineligible);
    assert!(public(&test, &receipt).await.contains("mais la déclaration est sans effet"));
    let agent = Signed::as_(&test, THIRD).await;
    assert_eq!(agent.get(BASE).await.status, StatusCode::FORBIDDEN);
    let colleague = Signed::as_(&test, FIRST).await;
    let history = colleague.open("/historique").await.words();
    assert!(history.contains("Version 1 Sans effet"), "{history}");
    let mail = test.instance.must("SELECT data FROM mail WHERE kind = 'attachment_refused';");
    assert!(mail.contains("\"void\":[2013]"), "{mail}");
}

async fn thirty_days_and_a_second_are_too_many(test: TestApp) {
    test.set_clock("2014-06-10T10:00:00+02:00");
    let (asked, _) = newcomer(&test).await;
    let agent = Signed::as_(&test, THIRD).await;
    agent.sends("/lignes/nouvelle", &water(&[])).await;
    let receipt = file(&agent).await;
    test.set_clock("2014-07-10T10:00:00+02:00");
    assert_eq!(verdict(&test).await.0, Status::Pending);
    test.set_clock("2014-07-10T10:00:01+02:00");
    assert_eq!(verdict(&test).await.0, Status::Ineligible);
    attachment::decide(&test.app, &manager(), &asked, Decision::Accept).await.unwrap();
    assert_eq!(verdict(&test).await.0, Status::Ineligible, "it stays void");
    assert!(public(&test, &receipt).await.contains("sans effet"));
    let agent = Signed::as_(&test, THIRD).await;
    let page = agent.get(&receipt).await.words();
    assert!(page.contains("Cette déclaration est sans effet") && page.contains("dépôt tardif"), "{page}");
    let mail = test.instance.must("SELECT data FROM mail WHERE kind = 'attachment_accepted';");
    assert!(mail.contains("\"void\":[2013]") && mail.contains("\"counted\":[]"), "{mail}");
}

/// Nothing of the collectivity is shown to who is not attached, and nothing of theirs is touched.
async fn whoever_waits_sees_nothing_of_the_others(test: TestApp) {
    // Last year's declaration, this year's, and a correction that is not filed.
    test.set_clock("2013-05-20T10:00:00+02:00");
    let before = Signed::as_(&test, FIRST).await.on(2012);
    before.sends("/lignes/nouvelle", &water(&[("organisme", "Secret d’avant")])).await;
    let of_2012 = file(&before).await;
    test.set_clock("2014-05-20T10:00:00+02:00");
    let colleague = Signed::as_(&test, FIRST).await;
    colleague
        .sends("/lignes/nouvelle", &water(&[("organisme", "Secret déposé"), ("titre", "Secret déposé")]))
        .await;
    let theirs = file(&colleague).await;
    colleague
        .sends("/lignes/nouvelle", &water(&[("organisme", "Secret préparé"), ("titre", "Secret préparé")]))
        .await;
    let shared = test.instance.must("SELECT lines FROM draft WHERE author = '';");

    let (_, actor) = newcomer(&test).await;
    let agent = Signed::as_(&test, THIRD).await;
    agent.sends("/lignes/nouvelle", &water(&[("titre", "Le mien")])).await;
    for path in
        ["", "/est-ce-de-l-apd", "/recapitulatif", "/signature", "/neant", "/historique", "/lignes/nouvelle"]
    {
        let page = agent.open(path).await;
        assert!(!page.text.contains("Secret"), "{path} {}", page.words());
        assert!(page.words().contains("est en attente. Vous pouvez préparer et déposer"), "{path}");
    }
    let own = file(&agent).await;
    assert!(agent.get(&own).await.words().contains("sous réserve"));
    for (path, status) in [
        (format!("{BASE}/reprise"), StatusCode::FORBIDDEN),
        (format!("{BASE}/export"), StatusCode::NOT_FOUND),
        (format!("{BASE}/export?version=1"), StatusCode::NOT_FOUND),
        (format!("{BASE}/export?version=2&format=csv"), StatusCode::OK),
        (format!("/espace/{OWN}/agents"), StatusCode::FORBIDDEN),
        (theirs, StatusCode::NOT_FOUND),
        (of_2012, StatusCode::NOT_FOUND),
    ] {
        let page = agent.get(&path).await;
        assert_eq!(page.status, status, "{path} {}", page.words());
        assert!(!page.text.contains("Secret"), "{path}");
    }
    let history = agent.open("/historique").await.words();
    assert!(history.contains("Version 2") && !history.contains("Version 1"), "{history}");
    let key = (OWN.parse().unwrap(), FlowYear::new(2013).unwrap());
    let carried = carry_over::last_year(&test.app, &actor, key.0, key.1).await;
    assert!(matches!(carried, Err(ServiceError::Refused(refusal)) if refusal.because == Because::Forbidden));
    assert_eq!(test.instance.must("SELECT lines FROM draft WHERE author = '';"), shared, "nobody touched it");
    // The colleague's declaration counts as before.
    let words = colleague.open("").await.words();
    assert!(words.contains("La version 1") && words.contains("Un dépôt sous réserve attend"), "{words}");
}

/// What is prepared and not filed when the answer comes.
async fn a_draft_of_ones_own_is_not_lost(test: TestApp) {
    let (asked, _) = newcomer(&test).await;
    let agent = Signed::as_(&test, THIRD).await;
    let colleague = Signed::as_(&test, FIRST).await;
    agent.sends("/lignes/nouvelle", &water(&[("titre", "Le mien")])).await;
    colleague.sends("/lignes/nouvelle", &water(&[("titre", "Le leur")])).await;
    attachment::decide(&test.app, &manager(), &asked, Decision::Accept).await.unwrap();
    let page = agent.open("").await.words();
    assert!(
        page.contains("Votre brouillon d’avant le rattachement") && page.contains("1\u{a0}ligne"),
        "{page}"
    );
    assert!(page.contains("Le leur") && !page.contains("Le mien"), "{page}");
    assert!(!colleague.open("").await.words().contains("Le mien"));
    agent.sends("/brouillon-d-avant", &[("action", "ajouter")]).await;
    for reader in [&agent, &colleague] {
        let page = reader.open("").await.words();
        assert!(page.contains("Le leur") && page.contains("Le mien"), "{page}");
        assert!(page.contains("2013-L0001") && page.contains("2013-L0002"), "a fresh reference: {page}");
        assert!(!page.contains("Votre brouillon d’avant"), "{page}");
    }
    assert_eq!(test.instance.must("SELECT count(*) FROM draft;").trim(), "1");
}

async fn alone_it_becomes_the_collectivitys(test: TestApp) {
    let (asked, _) = newcomer(&test).await;
    let agent = Signed::as_(&test, THIRD).await;
    agent.sends("/lignes/nouvelle", &water(&[("titre", "Le mien")])).await;
    let colleague = Signed::as_(&test, FIRST).await;
    assert!(!colleague.open("").await.words().contains("Le mien"));
    attachment::decide(&test.app, &manager(), &asked, Decision::Accept).await.unwrap();
    assert!(colleague.open("").await.words().contains("Le mien"));
    let page = agent.open("").await.words();
    assert!(page.contains("Le mien") && !page.contains("d’avant le rattachement"), "{page}");
}

/// What counts is not replaced by a draft that knew nothing of it.
async fn beside_what_is_filed_it_is_offered_or_dropped(test: TestApp) {
    let colleague = Signed::as_(&test, FIRST).await;
    colleague.sends("/lignes/nouvelle", &water(&[("titre", "Le leur")])).await;
    file(&colleague).await;
    let (asked, _) = newcomer(&test).await;
    let agent = Signed::as_(&test, THIRD).await;
    agent.sends("/lignes/nouvelle", &water(&[("titre", "Le mien")])).await;
    attachment::decide(&test.app, &manager(), &asked, Decision::Accept).await.unwrap();
    assert!(agent.open("").await.words().contains("Votre brouillon d’avant le rattachement"));
    assert_eq!(agent.send("/brouillon-d-avant", &[]).await.status, StatusCode::BAD_REQUEST);
    agent.sends("/brouillon-d-avant", &[("action", "abandonner")]).await;
    let page = agent.open("").await.words();
    assert!(page.contains("Le leur") && !page.contains("d’avant le rattachement"), "{page}");
    assert_eq!(test.instance.must("SELECT count(*) FROM draft;").trim(), "0");
}

/// An erased agent leaves no draft, and what waited is void.
async fn whoever_is_erased_leaves_no_draft(test: TestApp) {
    let (_, actor) = newcomer(&test).await;
    let agent = Signed::as_(&test, THIRD).await;
    agent.sends("/lignes/nouvelle", &water(&[("titre", "Le mien")])).await;
    let receipt = file(&agent).await;
    agent.sends("/lignes/nouvelle", &water(&[("titre", "Le suivant")])).await;
    account::erase(&test.app, &actor, &actor.person).await.unwrap();
    assert_eq!(test.instance.must("SELECT count(*) FROM draft;").trim(), "0");
    assert!(public(&test, &receipt).await.contains("sans effet"));
    // A settled campaign, and the rest as for anybody.
    test.set_clock("2014-06-20T10:00:00+02:00");
    campaign::settle(&test.app, &manager(), CampaignYear::new(2014).unwrap()).await.unwrap();
    assert_eq!(verdict(&test).await.0, Status::Ineligible);
}

/// Whoever comes first: what is filed counts, or its agent is told to look again.
async fn of_a_filing_and_an_answer_at_once_none_is_lost(test: TestApp) {
    let (asked, actor) = newcomer(&test).await;
    let request = Request {
        siren: OWN.parse().unwrap(),
        flow_year: FlowYear::new(2013).unwrap(),
        content: Content::Nil,
        signatory: signatory(),
        document: None,
        received_at: test.app.now(),
        idempotency: None,
    };
    let manager = manager();
    let (filed, answered) = tokio::join!(
        file_version(&test.app, &actor, &request),
        attachment::decide(&test.app, &manager, &asked, Decision::Accept)
    );
    answered.unwrap();
    if let Err(error) = filed {
        assert!(
            matches!(&error, ServiceError::Refused(refusal) if refusal.because == Because::AttachmentAnswered),
            "{error}"
        );
        file_version(&test.app, &actor, &request).await.unwrap();
    }
    assert_eq!(test.instance.must("SELECT version FROM effective_filing;").trim(), "1");
    assert_eq!(verdict(&test).await.0, Status::Eligible);
}

contract!(with desk, "2014-05-20T10:00:00+02:00":
    filed_in_time_it_counts_once_accepted,
    refused_it_is_void,
    thirty_days_and_a_second_are_too_many,
    whoever_waits_sees_nothing_of_the_others,
    a_draft_of_ones_own_is_not_lost,
    alone_it_becomes_the_collectivitys,
    beside_what_is_filed_it_is_offered_or_dropped,
    whoever_is_erased_leaves_no_draft,
    of_a_filing_and_an_answer_at_once_none_is_lost,
);
