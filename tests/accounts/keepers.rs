//! What administrators do with the accounts of others: never with their own.

use eapd::domain::account::{AccountRole, Identity};
use eapd::domain::refusal::Because;
use eapd::domain::role::{Actor, Role};
use eapd::domain::token::RoleName;
use eapd::service::account::{self, Current, NewAccount, Opened, Search, Standing};
use eapd::service::operator;
use futures_util::TryStreamExt;

use super::world::{OTHER, email, here, join, last, refused, step, told, who, world};
use crate::support::people::{enrolled, key};
use crate::support::{TestApp, at, contract};

/// Someone with a session, and their address.
async fn member(test: &TestApp, role: AccountRole, address: &str) -> (Opened, Current) {
    let app = &test.app;
    let operator = operator::identify(app, "exploitant").await.unwrap();
    let new = NewAccount {
        identity: Identity::new(&format!("Membre {}", role.name()), "essai").unwrap(),
        email: email(address),
        role,
    };
    let person = account::create(app, &operator, &new, OTHER).await.unwrap();
    enrolled(test, &person).await;
    let session = signed(test, address).await;
    let current = who(app, &session).await;
    (session, current)
}

async fn signed(test: &TestApp, address: &str) -> Opened {
    let app = &test.app;
    let waiting = step(account::sign_in(app, address, OTHER, &here()).await.unwrap());
    account::pass(app, &waiting, &key().code_at(app.now()), &here()).await.unwrap()
}

async fn another_role_ends_the_sessions(test: TestApp) {
    let app = &test.app;
    let (_, keeper) = member(&test, AccountRole::Administrator, "admin@ministere.example").await;
    let (session, theirs) = member(&test, AccountRole::Observer, "tresor@ministere.example").await;
    let (person, role) = (theirs.actor.person.as_str(), AccountRole::Sgar("53".to_owned()));
    let change = async |why: &str| account::change_role(app, &keeper.actor, person, &role, why).await;
    refused(change(" ").await, Because::ReasonNeeded);
    refused(change("Membre observateur a changé de poste").await, Because::Invalid);
    change("mutation au 1er juin").await.unwrap();
    assert_eq!(account::current(app, &session.secret).await.unwrap(), None);
    let mut tx = app.db.snapshot().await.unwrap();
    let entries: Vec<_> = eapd::store::journal::stream(&mut tx).try_collect().await.unwrap();
    drop(tx);
    let entry = entries.last().unwrap();
    assert_eq!((entry.action.as_str(), entry.subject.as_str()), ("account.role", person));
    assert!(entry.before.as_ref().unwrap().contains("observateur"), "{entry:?}");
    assert!(entry.after.as_ref().unwrap().contains("mutation au 1er juin"), "{entry:?}");
    test.set_clock("2014-05-20T08:01:00Z");
    let again = who(app, &signed(&test, "tresor@ministere.example").await).await;
    assert_eq!(again.actor.role, Role::Sgar("53".to_owned()));
}

/// What a password opened before the change serves no more after it.
async fn a_step_of_before_the_change_is_dead(test: TestApp) {
    let app = &test.app;
    let (_, keeper) = member(&test, AccountRole::Administrator, "admin@ministere.example").await;
    let (_, theirs) = member(&test, AccountRole::Observer, "tresor@ministere.example").await;
    test.set_clock("2014-05-20T08:01:00Z");
    let waiting = step(account::sign_in(app, "tresor@ministere.example", OTHER, &here()).await.unwrap());
    let person = theirs.actor.person.as_str();
    account::change_role(app, &keeper.actor, person, &AccountRole::Manager, "besoin du service")
        .await
        .unwrap();
    let late = account::pass(app, &waiting, &key().code_at(app.now()), &here()).await;
    refused(late, Because::DeadLink);
}

async fn nobody_gives_themselves_a_role(test: TestApp) {
    let app = &test.app;
    let (_, keeper) = member(&test, AccountRole::Administrator, "admin@ministere.example").await;
    let mine = keeper.actor.person.as_str();
    let role = &AccountRole::Manager;
    refused(account::change_role(app, &keeper.actor, mine, role, "essai").await, Because::Forbidden);
    assert_eq!(told(app).await, "account.role.refused");
    refused(account::disable(app, &keeper.actor, mine).await, Because::Forbidden);
    refused(account::enable(app, &keeper.actor, mine).await, Because::Forbidden);
    refused(account::reset_second_factor(app, &keeper.actor, mine).await, Because::Forbidden);
    refused(account::end_all_sessions(app, &keeper.actor, mine).await, Because::Forbidden);
    let (_, other) = member(&test, AccountRole::Observer, "tresor@ministere.example").await;
    for role in [Role::Manager, Role::Instructor, Role::Observer, Role::Sgar("53".to_owned())] {
        let actor = Actor { person: "X".to_owned(), role };
        let person = other.actor.person.as_str();
        let wanted = &AccountRole::Administrator;
        refused(account::change_role(app, &actor, person, wanted, "essai").await, Because::Forbidden);
        refused(account::disable(app, &actor, person).await, Because::Forbidden);
        refused(account::reset_second_factor(app, &actor, person).await, Because::Forbidden);
        refused(account::search(app, &actor, &Search::default()).await, Because::Forbidden);
        refused(account::sheet(app, &actor, person).await, Because::Forbidden);
    }
}

async fn an_agent_of_a_collectivity_stays_one(test: TestApp) {
    let app = &test.app;
    let (_, keeper) = member(&test, AccountRole::Administrator, "admin@ministere.example").await;
    let agent = who(app, &join(&test, "agent@ville.example", "A").await).await;
    let (person, role) = (agent.actor.person.as_str(), AccountRole::Manager);
    refused(account::change_role(app, &keeper.actor, person, &role, "essai").await, Because::Invalid);
    let (_, other) = member(&test, AccountRole::Observer, "tresor@ministere.example").await;
    let (person, role) = (other.actor.person.as_str(), AccountRole::Declarant);
    refused(account::change_role(app, &keeper.actor, person, &role, "essai").await, Because::Invalid);
    let role = AccountRole::Sgar("HORS".to_owned());
    refused(account::change_role(app, &keeper.actor, person, &role, "essai").await, Because::Invalid);
}

async fn a_lost_application_is_taken_away(test: TestApp) {
    let app = &test.app;
    let (_, keeper) = member(&test, AccountRole::Administrator, "admin@ministere.example").await;
    let (session, theirs) = member(&test, AccountRole::Observer, "tresor@ministere.example").await;
    let person = theirs.actor.person.as_str();
    account::reset_second_factor(app, &keeper.actor, person).await.unwrap();
    assert_eq!(told(app).await, "account.second_factor.reset");
    assert_eq!(account::current(app, &session.secret).await.unwrap(), None);
    let mail = last(app, "factor_changed").await;
    assert_eq!((mail.to_id.as_str(), mail.data.contains("reset")), (person, true));
    let waiting = step(account::sign_in(app, "tresor@ministere.example", OTHER, &here()).await.unwrap());
    let awaiting = account::awaiting(app, &waiting).await.unwrap();
    assert!(matches!(awaiting, Some(account::Awaiting::Enrolment(_))), "{awaiting:?}");
    test.set_clock("2014-05-20T08:01:00Z");
    refused(account::pass(app, &waiting, &key().code_at(app.now()), &here()).await, Because::WrongCode);
    account::reset_second_factor(app, &keeper.actor, person).await.unwrap();
    refused(account::reset_second_factor(app, &keeper.actor, person).await, Because::StepTaken);
}

async fn an_account_is_closed_and_opened_again(test: TestApp) {
    let app = &test.app;
    let (_, keeper) = member(&test, AccountRole::Administrator, "admin@ministere.example").await;
    let (session, theirs) = member(&test, AccountRole::Observer, "tresor@ministere.example").await;
    let person = theirs.actor.person.as_str();
    refused(account::enable(app, &keeper.actor, person).await, Because::UnknownPerson);
    account::disable(app, &keeper.actor, person).await.unwrap();
    assert_eq!(account::current(app, &session.secret).await.unwrap(), None);
    account::enable(app, &keeper.actor, person).await.unwrap();
    assert_eq!(told(app).await, "account.enable");
    assert_eq!(account::current(app, &session.secret).await.unwrap(), None, "what ended stays ended");
    test.set_clock("2014-05-20T08:01:00Z");
    let again = signed(&test, "tresor@ministere.example").await;
    who(app, &again).await;
    assert_eq!(account::end_all_sessions(app, &keeper.actor, person).await.unwrap(), 1);
    assert_eq!(account::current(app, &again.secret).await.unwrap(), None);
}

async fn accounts_are_found_by_what_is_asked(test: TestApp) {
    let app = &test.app;
    let (_, keeper) = member(&test, AccountRole::Administrator, "admin@ministere.example").await;
    member(&test, AccountRole::Sgar("53".to_owned()), "bretagne@prefecture.example").await;
    join(&test, "agent@ville.example", "A").await;
    let found = async |search: Search| -> Vec<String> {
        let found = account::search(app, &keeper.actor, &search).await.unwrap();
        assert_eq!((found.total, found.pages), (found.accounts.len(), 1));
        found.accounts.iter().map(|account| account.email.as_str().to_owned()).collect()
    };
    let all = ["agent@ville.example", "admin@ministere.example", "bretagne@prefecture.example"];
    assert_eq!(found(Search::default()).await, all, "by name");
    assert_eq!(found(Search { words: "MEMBRE sgar".to_owned(), ..Search::default() }).await, [all[2]]);
    assert_eq!(found(Search { words: "ville.example".to_owned(), ..Search::default() }).await, [all[0]]);
    assert_eq!(found(Search { role: Some(RoleName::Sgar), ..Search::default() }).await, [all[2]]);
    let open = Search { standing: Some(Standing::Open), ..Search::default() };
    assert_eq!(found(open).await, all);
    let without = Search { has_second_factor: Some(false), ..Search::default() };
    assert_eq!(found(without).await, [all[0]]);
    let unseen = |since| Search { not_seen_since: Some(at(since)), ..Search::default() };
    assert!(found(unseen("2014-05-20T08:00:00Z")).await.is_empty());
    assert_eq!(found(unseen("2014-05-20T08:00:01Z")).await, all);
    let past = account::search(app, &keeper.actor, &Search { page: 2, ..Search::default() }).await.unwrap();
    assert_eq!((past.total, past.accounts.len()), (3, 0));
}

contract!(with world, "2014-05-20T08:00:00Z":
    another_role_ends_the_sessions,
    a_step_of_before_the_change_is_dead,
    nobody_gives_themselves_a_role,
    an_agent_of_a_collectivity_stays_one,
    a_lost_application_is_taken_away,
    an_account_is_closed_and_opened_again,
    accounts_are_found_by_what_is_asked,
);
