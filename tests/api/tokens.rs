//! Tokens: recognised until they expire or are revoked, made by use cases that the journal tells of.

use eapd::domain::role::{Actor, Role};
use eapd::domain::token::{RoleName, Scope};
use eapd::service::journal;
use eapd::service::operator;
use eapd::service::token::{self, NewToken};

use crate::support::{TestApp, contract};

use super::client::Api;
use super::world::{OWN, UNKNOWN, world};

contract!(with world, "2014-05-20T10:00:00+02:00":
    a_bad_token_is_refused_even_on_a_public_route,
    a_token_lives_until_it_expires_or_is_revoked,
    a_token_never_gives_more_than_its_role,
    the_secret_is_kept_nowhere
);

fn of_declarant() -> NewToken {
    NewToken {
        holder: "Logiciel fictif".to_owned(),
        role: Role::Declarant(vec![OWN.parse().unwrap()]),
        scopes: vec![Scope::Read, Scope::File, Scope::Read],
        days: token::DAYS_DEFAULT,
    }
}

async fn a_bad_token_is_refused_even_on_a_public_route(test: TestApp) {
    let api = Api::new(test);
    for value in
        ["Bearer eapd_INCONNU", "Bearer x", "Bearer ", "Basic YTpi", "eapd_ESSAI-sgar", "Bearer\u{e9}"]
    {
        let answer = api.get("/api/v1/campagnes").header("authorization", value).send().await;
        answer.problem(401, "EAPD-A021");
        assert!(answer.header("www-authenticate").contains("invalid_token"), "{value}");
    }
    let twice = api.get("/api/v1/campagnes").by(RoleName::Sgar).by(RoleName::Sgar).send().await;
    twice.problem(401, "EAPD-A021");
    let none = api.get(format!("/api/v1/eligibilite/{OWN}?appel=AAP-2014")).send().await;
    none.problem(401, "EAPD-A020");
    assert_eq!(none.header("www-authenticate"), "Bearer realm=\"eapd\"");
}

async fn a_token_lives_until_it_expires_or_is_revoked(test: TestApp) {
    let api = Api::new(test);
    let operator = operator::identify(&api.app, "essai").await.unwrap();
    let made = token::create(&api.app, &operator, &of_declarant()).await.unwrap();
    assert!(made.secret.starts_with("eapd_") && made.secret.len() == 57, "twice 130 bits");
    assert_eq!(made.token.scopes, [Scope::File, Scope::Read]);
    let status = async || {
        let path = format!("/api/v1/declarations/{OWN}/2013/brouillon");
        api.get(path).with_token(&made.secret).send().await.status.as_u16()
    };
    assert_eq!(status().await, 200);
    api.test.set_clock("2014-08-18T09:59:59+02:00");
    assert_eq!(status().await, 200);
    api.test.set_clock("2014-08-18T10:00:00+02:00");
    assert_eq!(status().await, 401, "ninety days, to the second");
    api.test.set_clock("2014-06-01T10:00:00+02:00");
    assert_eq!(status().await, 200);
    token::revoke(&api.app, &operator, &made.token.id).await.unwrap();
    assert_eq!(status().await, 401);
    assert!(token::revoke(&api.app, &operator, &made.token.id).await.is_err());
    assert!(token::revoke(&api.app, &operator, "AUCUN").await.is_err());
    let listed = token::list(&api.app, &operator).await.unwrap();
    let listed = listed.iter().find(|listed| listed.token.id == made.token.id).unwrap();
    assert_eq!(listed.holder.as_deref(), Some("Logiciel fictif"));
    assert!(listed.token.revoked_at.is_some());
    journal::verify(&api.app, &[]).await.unwrap().unwrap();
}

async fn a_token_never_gives_more_than_its_role(test: TestApp) {
    let api = Api::new(test);
    let operator = operator::identify(&api.app, "essai").await.unwrap();
    let before = api.dump();
    let declarant = of_declarant();
    for wrong in [
        NewToken { scopes: vec![], ..declarant.clone() },
        NewToken { scopes: vec![Scope::Reports], ..declarant.clone() },
        NewToken { role: Role::Administrator, ..declarant.clone() },
        NewToken { role: Role::Operator, ..declarant.clone() },
        NewToken { role: Role::Declarant(vec![]), ..declarant.clone() },
        NewToken { role: Role::Declarant(vec![UNKNOWN.parse().unwrap()]), ..declarant.clone() },
        NewToken { role: Role::Sgar("HORS".to_owned()), scopes: vec![Scope::Follow], ..declarant.clone() },
        NewToken { role: Role::Sgar("72".to_owned()), scopes: vec![Scope::Follow], ..declarant.clone() },
        NewToken { holder: " ".to_owned(), ..declarant.clone() },
        NewToken { days: 0, ..declarant.clone() },
        NewToken { days: 367, ..declarant.clone() },
    ] {
        assert!(token::create(&api.app, &operator, &wrong).await.is_err(), "{wrong:?}");
    }
    for role in [Role::Manager, Role::Declarant(vec![OWN.parse().unwrap()])] {
        let actor = Actor { person: "P".to_owned(), role };
        assert!(token::create(&api.app, &actor, &declarant).await.is_err());
        assert!(token::list(&api.app, &actor).await.is_err());
    }
    assert_eq!(api.dump(), before);
}

async fn the_secret_is_kept_nowhere(test: TestApp) {
    let api = Api::new(test);
    let operator = operator::identify(&api.app, "essai").await.unwrap();
    let made = token::create(&api.app, &operator, &of_declarant()).await.unwrap();
    let dump = api.dump().0;
    assert!(dump.contains(&made.token.id) && !dump.contains(&made.secret));
    let journal = dump.lines().filter(|line| line.contains("token.create")).collect::<String>();
    assert!(!journal.contains("Logiciel fictif"), "the journal names by id");
}
