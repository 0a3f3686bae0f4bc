//! Tokens: found by the hash of their secret, revoked once.

use eapd::domain::role::Role;
use eapd::domain::token::{Scope, Token};
use eapd::store::StoreError;
use eapd::store::facts::{self, Question};
use eapd::store::person::{self, PersonKind};
use eapd::store::token;

use super::ground::{body, ground, read, write};
use crate::support::{TestApp, at, contract};

fn token_of(id: &str, role: Role, scopes: &[Scope]) -> Token {
    Token {
        id: id.to_owned(),
        person: "P1".to_owned(),
        role,
        scopes: scopes.to_vec(),
        created_at: at("2014-05-20T10:00:00Z"),
        expires_at: at("2014-08-18T10:00:00Z"),
        revoked_at: None,
    }
}

async fn person(app: &TestApp) {
    let now = app.app.now();
    write(app, async |tx| person::insert(tx, "P1", PersonKind::Token, "Logiciel fictif", None, now).await)
        .await
        .unwrap();
}

async fn insert(app: &TestApp, told: &Token, hash: &str) -> Result<(), StoreError> {
    write(app, async |tx| token::insert(tx, told, hash).await).await
}

/// What requests that show the secrets of these hashes at the same time are answered.
async fn shown(app: &TestApp, hashes: &[&str]) -> Vec<Option<Token>> {
    let question = |hash: &&str| Question { secret_sha256: Some((*hash).to_owned()), about: None };
    let questions: Vec<Question> = hashes.iter().map(question).collect();
    let answers = read(app, async |tx| facts::answer(tx, &questions).await).await;
    assert!(answers.iter().all(|answer| answer.on_file.is_none()));
    answers.into_iter().map(|answer| answer.token).collect()
}

async fn every_role_reads_back(app: TestApp) {
    person(&app).await;
    let tokens = [
        token_of("T1", Role::Declarant(vec![body("A"), body("B")]), &[Scope::File, Scope::Read]),
        token_of("T2", Role::Sgar("11".to_owned()), &[Scope::Follow]),
        token_of("T3", Role::Instructor, &[Scope::Eligibility]),
        token_of("T4", Role::Manager, &[Scope::Read, Scope::Reports]),
        token_of("T5", Role::Observer, &[Scope::Reports]),
        token_of("T6", Role::Administrator, &[Scope::Administer]),
    ];
    assert_eq!(read(&app, async |tx| token::all(tx).await).await, []);
    for told in &tokens {
        insert(&app, told, &format!("hash of {}", told.id)).await.unwrap();
    }
    for told in &tokens {
        let hash = format!("hash of {}", told.id);
        assert_eq!(shown(&app, &[&hash]).await, [Some(told.clone())]);
        assert_eq!(read(&app, async |tx| token::find(tx, &told.id).await).await.as_ref(), Some(told));
    }
    assert_eq!(read(&app, async |tx| token::all(tx).await).await, tokens);
    let all = shown(&app, &["hash of T4", "hash of T7", "hash of T2", "hash of T4"]).await;
    let [_, second, _, fourth, ..] = tokens.map(Some);
    assert_eq!(all, [fourth.clone(), None, second, fourth], "each its own, by one trip");
    assert_eq!(read(&app, async |tx| token::find(tx, "T7").await).await, None);
}

async fn a_secret_and_an_id_serve_once(app: TestApp) {
    person(&app).await;
    insert(&app, &token_of("T1", Role::Observer, &[Scope::Reports]), "h1").await.unwrap();
    for (id, hash) in [("T1", "h2"), ("T2", "h1")] {
        let again = insert(&app, &token_of(id, Role::Observer, &[Scope::Reports]), hash).await;
        assert!(matches!(again, Err(StoreError::Exists)), "{again:?}");
    }
    let nobody = Token { person: "P9".to_owned(), ..token_of("T3", Role::Observer, &[Scope::Reports]) };
    assert!(insert(&app, &nobody, "h3").await.is_err(), "a token has a holder");
}

async fn it_is_revoked_once(app: TestApp) {
    person(&app).await;
    insert(&app, &token_of("T1", Role::Observer, &[Scope::Reports]), "h1").await.unwrap();
    insert(&app, &token_of("T2", Role::Observer, &[Scope::Reports]), "h2").await.unwrap();
    let revoke = async |id: &'static str, now: &'static str| {
        write(&app, async |tx| token::revoke(tx, id, at(now)).await).await
    };
    revoke("T1", "2014-06-01T00:00:00Z").await.unwrap();
    for id in ["T1", "T7"] {
        let error = revoke(id, "2014-06-02T00:00:00Z").await.unwrap_err();
        assert!(matches!(error, StoreError::Rows { what: "token", expected: 1, touched: 0 }), "{error}");
    }
    let revoked_at =
        async |id: &'static str| read(&app, async |tx| token::find(tx, id).await).await.unwrap().revoked_at;
    assert_eq!(revoked_at("T1").await, Some(at("2014-06-01T00:00:00Z")));
    assert_eq!(revoked_at("T2").await, None);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    every_role_reads_back,
    a_secret_and_an_id_serve_once,
    it_is_revoked_once,
);
