//! Accounts: found by address or by person, confirmed once, closed once.

use eapd::domain::account::{AccountRole, Email, Identity, PasswordHash};
use eapd::store::StoreError;
use eapd::store::account::{self, Account};
use eapd::store::person;

use super::ground::{ground, read, write};
use crate::support::{TestApp, at, contract};

pub fn email(text: &str) -> Email {
    text.parse().unwrap()
}

/// Keeps an agent with an account made now.
pub async fn agent(app: &TestApp, id: &str, address: &str, role: AccountRole) {
    let (now, identity) = (app.app.now(), Identity::new(&format!("Agent {id}"), "secrétaire").unwrap());
    write(app, async |tx| {
        person::insert_agent(tx, id, (&email(address), &identity), now).await?;
        account::insert(tx, id, &PasswordHash::new("$argon2id$x".to_owned()), &role, now).await
    })
    .await
    .unwrap();
}

async fn find(app: &TestApp, id: &str) -> Option<Account> {
    read(app, async |tx| account::find(tx, id).await).await
}

async fn every_role_reads_back_by_address_and_by_person(app: TestApp) {
    let roles = [
        AccountRole::Declarant,
        AccountRole::Sgar("53".to_owned()),
        AccountRole::Instructor,
        AccountRole::Manager,
        AccountRole::Observer,
        AccountRole::Administrator,
    ];
    for (rank, role) in roles.into_iter().enumerate() {
        let (id, address) = (format!("P{rank}"), format!("agent{rank}@ville.example"));
        agent(&app, &id, &address, role.clone()).await;
        let found = find(&app, &id).await.unwrap();
        assert_eq!((found.name.as_str(), found.function.as_str()), (&*format!("Agent {id}"), "secrétaire"));
        assert_eq!((found.email.as_str(), &found.role), (&*address, &role));
        assert_eq!((found.created_at, found.confirmed_at), (app.app.now(), None));
        let by_address = read(&app, async |tx| account::by_email(tx, &email(&address)).await).await;
        assert_eq!(by_address, Some(found));
    }
    assert_eq!(read(&app, async |tx| account::all(tx).await).await.len(), 6);
    assert_eq!(find(&app, "P9").await, None);
    assert_eq!(read(&app, async |tx| account::by_email(tx, &email("x@ville.example")).await).await, None);
}

async fn one_living_agent_has_an_address(app: TestApp) {
    agent(&app, "P1", "agent@ville.example", AccountRole::Declarant).await;
    let identity = Identity::new("Autre", "maire").unwrap();
    let (now, address) = (app.app.now(), email("Agent@Ville.example"));
    let again = async |id: &'static str| {
        write(&app, async |tx| person::insert_agent(tx, id, (&address, &identity), now).await).await
    };
    assert!(matches!(again("P2").await, Err(StoreError::Exists)));
    write(&app, async |tx| {
        account::remove(tx, "P1").await?;
        person::erase(tx, "P1", now).await
    })
    .await
    .unwrap();
    again("P2").await.unwrap();
    assert_eq!(find(&app, "P1").await, None);
}

async fn what_happens_to_it_is_written(app: TestApp) {
    agent(&app, "P1", "agent@ville.example", AccountRole::Declarant).await;
    let later = at("2014-05-21T10:00:00Z");
    let other = PasswordHash::new("$argon2id$y".to_owned());
    write(&app, async |tx| {
        account::confirm(tx, "P1", later).await?;
        account::set_password(tx, "P1", &other, later).await?;
        account::signed_in(tx, "P1", later).await?;
        person::rename(tx, "P1", &Identity::new("Agent corrigé", "maire").unwrap()).await?;
        account::disable(tx, "P1", later).await
    })
    .await
    .unwrap();
    let found = find(&app, "P1").await.unwrap();
    assert_eq!(
        (found.confirmed_at, found.signed_in_at, found.disabled_at),
        (Some(later), Some(later), Some(later))
    );
    assert_eq!((found.password, found.password_changed_at), (other.clone(), later));
    assert_eq!((found.name.as_str(), found.function.as_str()), ("Agent corrigé", "maire"));
    let wrong = |result: Result<(), StoreError>| {
        assert!(matches!(result, Err(StoreError::Rows { .. })), "{result:?}");
    };
    write(&app, async |tx| {
        account::enable(tx, "P1").await?;
        account::set_role(tx, "P1", &AccountRole::Sgar("53".to_owned())).await
    })
    .await
    .unwrap();
    let found = find(&app, "P1").await.unwrap();
    assert_eq!((found.disabled_at, found.role), (None, AccountRole::Sgar("53".to_owned())));
    write(&app, async |tx| account::set_role(tx, "P1", &AccountRole::Manager).await).await.unwrap();
    assert_eq!(find(&app, "P1").await.unwrap().role, AccountRole::Manager);
    wrong(write(&app, async |tx| account::enable(tx, "P1").await).await);
    wrong(write(&app, async |tx| account::set_role(tx, "P9", &AccountRole::Manager).await).await);
    write(&app, async |tx| account::disable(tx, "P1", later).await).await.unwrap();
    wrong(write(&app, async |tx| account::confirm(tx, "P1", later).await).await);
    wrong(write(&app, async |tx| account::disable(tx, "P1", later).await).await);
    wrong(write(&app, async |tx| account::set_password(tx, "P9", &other, later).await).await);
    wrong(write(&app, async |tx| account::signed_in(tx, "P9", later).await).await);
    wrong(write(&app, async |tx| account::remove(tx, "P9").await).await);
    let nobody = Identity::new("X", "y").unwrap();
    wrong(write(&app, async |tx| person::rename(tx, "P9", &nobody).await).await);
}

async fn the_forgotten_are_found(app: TestApp) {
    agent(&app, "P1", "a@ville.example", AccountRole::Declarant).await;
    agent(&app, "P2", "b@ville.example", AccountRole::Declarant).await;
    agent(&app, "P3", "c@ville.example", AccountRole::Manager).await;
    let later = at("2014-06-20T10:00:00Z");
    write(&app, async |tx| {
        account::confirm(tx, "P2", app.app.now()).await?;
        account::signed_in(tx, "P2", later).await?;
        account::confirm(tx, "P3", app.app.now()).await
    })
    .await
    .unwrap();
    let unconfirmed =
        async |before| read(&app, async |tx| account::unconfirmed_before(tx, before).await).await;
    assert_eq!(unconfirmed(app.app.now()).await, Vec::<String>::new(), "not before, at");
    assert_eq!(unconfirmed(later).await, ["P1"]);
    let inactive = async |since| read(&app, async |tx| account::inactive_since(tx, since).await).await;
    assert_eq!(inactive(later).await, ["P1"], "declarants only");
    assert_eq!(inactive(later.plus_seconds(1)).await, ["P1", "P2"]);
}

contract!(with ground, "2014-05-20T10:00:00Z":
    every_role_reads_back_by_address_and_by_person,
    one_living_agent_has_an_address,
    what_happens_to_it_is_written,
    the_forgotten_are_found,
);
