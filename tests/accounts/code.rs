//! A code sent to the collectivity attaches its agent at once.

use eapd::domain::refusal::Because;
use eapd::service::account::Current;
use eapd::service::{attachment, contact};

use super::world::{attached, data, join, last, refused, sent, siren, told, who, world};
use crate::support::people::manager;
use crate::support::{TestApp, contract};

/// Two addresses for A, one for B.
async fn contacts(test: &TestApp) {
    let (a, b) = (siren("A"), siren("B"));
    let file = format!(
        "siren;courriel;source\n{a};mairie@ville.example;annuaire\n{a};contact@ville.example;annuaire\n{b};b@ville.example;annuaire\n"
    );
    contact::import(&test.app, &manager(), file.as_bytes(), false).await.unwrap();
}

/// Sends a code to an address of A and reads it in the mail.
async fn code(test: &TestApp, agent: &Current) -> String {
    let found = attachment::contacts(&test.app, &agent.actor, siren("A")).await.unwrap();
    let sent = attachment::send_code(&test.app, &agent.actor, siren("A"), &found[1].id).await.unwrap();
    assert_eq!(sent.masked, "ma…@ville.example");
    let mail = last(&test.app, "attachment_code").await;
    assert_eq!((mail.to_kind.as_str(), mail.to_id.as_str()), ("contact", found[1].id.as_str()));
    test.instance.must("DELETE FROM mail;");
    data(&mail)["code"].as_str().unwrap().to_owned()
}

async fn the_code_of_the_town_hall_attaches_at_once(test: TestApp) {
    let app = &test.app;
    contacts(&test).await;
    let peer = who(app, &attached(&test, "ancien@ville.example", "A").await).await;
    let session = join(&test, "nouveau@ville.example", "A").await;
    let agent = who(app, &session).await;
    let shown = attachment::contacts(app, &agent.actor, siren("A")).await.unwrap();
    assert_eq!(
        shown.iter().map(|one| one.masked.as_str()).collect::<Vec<_>>(),
        ["co…@ville.example", "ma…@ville.example"]
    );
    let code = code(&test, &agent).await;
    assert_eq!((code.len(), code.as_bytes()[4]), (9, b'-'));
    attachment::use_code(app, &agent.actor, siren("A"), &code.to_lowercase().replace('-', " "))
        .await
        .unwrap();
    assert_eq!(told(app).await, "attachment.accept");
    assert_eq!(who(app, &session).await.attached, [siren("A")]);
    let announced = sent(app).await;
    let to = format!("person {}", peer.actor.person);
    assert!(announced.contains_key(&("attachment_announced".to_owned(), to)), "nobody comes in unseen");
    assert!(announced.contains_key(&("attachment_announced".to_owned(), "region 84".to_owned())));
    refused(attachment::use_code(app, &agent.actor, siren("A"), &code).await, Because::UnknownAttachment);
    let rows = test.instance.must("SELECT * FROM single_use;");
    assert!(!rows.contains(&code) && !rows.contains(&code.replace('-', "")), "only its hash is kept");
}

async fn few_wrong_codes_and_it_is_dead(test: TestApp) {
    let app = &test.app;
    contacts(&test).await;
    let agent = who(app, &join(&test, "agent@ville.example", "A").await).await;
    let code = code(&test, &agent).await;
    refused(attachment::use_code(app, &agent.actor, siren("A"), "court").await, Because::WrongCode);
    for left in (0..5).rev() {
        let error =
            attachment::use_code(app, &agent.actor, siren("A"), "0000-0000").await.unwrap_err().to_string();
        assert_eq!(error.contains("il reste"), left > 0, "{error}");
        assert_eq!(told(app).await, "attachment.code.refused");
    }
    refused(attachment::use_code(app, &agent.actor, siren("A"), &code).await, Because::WrongCode);
    let another = self::code(&test, &agent).await;
    attachment::use_code(app, &agent.actor, siren("A"), &another).await.unwrap();
}

async fn a_code_is_for_one_agent_one_body_and_a_week(test: TestApp) {
    let app = &test.app;
    contacts(&test).await;
    let session = join(&test, "agent@ville.example", "A").await;
    let agent = who(app, &session).await;
    let other = who(app, &join(&test, "autre@ville.example", "A").await).await;
    let first = code(&test, &agent).await;
    refused(attachment::use_code(app, &other.actor, siren("A"), &first).await, Because::WrongCode);
    attachment::ask(app, &agent.actor, siren("B"), None).await.unwrap();
    refused(attachment::use_code(app, &agent.actor, siren("B"), &first).await, Because::WrongCode);
    let second = code(&test, &agent).await;
    refused(attachment::use_code(app, &agent.actor, siren("A"), &first).await, Because::WrongCode);
    test.set_clock("2014-05-27T08:00:00Z");
    refused(attachment::use_code(app, &agent.actor, siren("A"), &second).await, Because::WrongCode);
    test.set_clock("2014-05-27T07:59:59Z");
    attachment::use_code(app, &agent.actor, siren("A"), &second).await.unwrap();
}

async fn a_town_hall_is_not_flooded_nor_written_to_by_strangers(test: TestApp) {
    let app = &test.app;
    contacts(&test).await;
    let agent = who(app, &join(&test, "agent@ville.example", "A").await).await;
    refused(attachment::contacts(app, &agent.actor, siren("B")).await, Because::UnknownAttachment);
    refused(attachment::contacts(app, &manager(), siren("A")).await, Because::Forbidden);
    let other = who(app, &join(&test, "autre@ville.example", "B").await).await;
    let of_b = attachment::contacts(app, &other.actor, siren("B")).await.unwrap();
    let elsewhere = attachment::send_code(app, &agent.actor, siren("A"), &of_b[0].id).await;
    refused(elsewhere, Because::UnknownContact);
    for _time in 0..3 {
        code(&test, &agent).await;
    }
    let found = attachment::contacts(app, &agent.actor, siren("A")).await.unwrap();
    let again = attachment::send_code(app, &agent.actor, siren("A"), &found[0].id).await;
    refused(again, Because::TooOften);
    test.set_clock("2014-05-20T09:00:00Z");
    code(&test, &agent).await;
}

contract!(with world, "2014-05-20T08:00:00Z":
    the_code_of_the_town_hall_attaches_at_once,
    few_wrong_codes_and_it_is_dead,
    a_code_is_for_one_agent_one_body_and_a_week,
    a_town_hall_is_not_flooded_nor_written_to_by_strangers,
);
