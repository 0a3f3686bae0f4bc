//! Whoever sees or decides more comes by invitation: a link that serves once, for 72 hours, and a second factor.

use eapd::domain::account::{AccountRole, Identity, Purpose};
use eapd::domain::refusal::Because;
use eapd::domain::role::{Actor, Role};
use eapd::service::account::{self, Awaiting, NewAccount, Standing};

use super::world::{
    OTHER, PASSWORD, all_sent, data, dump, email, form, from, here, journal, last, link, mails, refused,
    told, who, world,
};
use crate::support::people::manager;
use crate::support::{TestApp, contract};

const ADDRESS: &str = "sgar@prefecture.example";

fn administrator() -> Actor {
    Actor { person: "ADMINISTRATEUR".to_owned(), role: Role::Administrator }
}

fn new(role: AccountRole) -> NewAccount {
    NewAccount {
        identity: Identity::new("Préfète inventée", "chargée de mission").unwrap(),
        email: email(ADDRESS),
        role,
    }
}

fn sgar() -> NewAccount {
    new(AccountRole::Sgar("53".to_owned()))
}

async fn who_is_invited_comes_in(test: TestApp) {
    let app = &test.app;
    let person = account::invite(app, &administrator(), &sgar()).await.unwrap();
    assert_eq!(told(app).await, "account.invite");
    let mail = last(app, "invited").await;
    assert_eq!((mail.to_id.as_str(), data(&mail)["role"].as_str()), (&*person, Some("sgar")));
    assert_eq!(data(&mail)["expires_at"], "2014-05-23T08:00:00Z");
    let (account, sessions) = account::sheet(app, &administrator(), &person).await.unwrap();
    assert_eq!((Standing::of(&account), sessions), (Standing::Invited, 0));
    let secret = link(app, "invited").await;
    let known = account::peek(app, &secret, Purpose::Invite).await.unwrap();
    assert_eq!((known.email.as_str(), known.name.as_str()), (ADDRESS, "Préfète inventée"));
    refused(account::accept(app, &secret, "kT9$wq!vRz2mX7b", &here()).await, Because::WeakPassword);
    let step = account::accept(app, &secret, OTHER, &here()).await.unwrap();
    assert_eq!(told(app).await, "account.invite.accept");
    refused(account::accept(app, &secret, PASSWORD, &here()).await, Because::DeadLink);
    let Some(Awaiting::Enrolment(asked)) = account::awaiting(app, &step).await.unwrap() else { panic!() };
    let code = asked.key.code_at(app.now());
    let (session, _printed) = account::enrol(app, &step, &code, &here()).await.unwrap();
    assert_eq!(who(app, &session).await.actor.role, Role::Sgar("53".to_owned()));
    refused(account::resend(app, &administrator(), &person).await, Because::StepTaken);
    refused(account::cancel(app, &administrator(), &person).await, Because::StepTaken);
}

async fn a_link_serves_72_hours_and_the_last_one_alone(test: TestApp) {
    let app = &test.app;
    let person = account::invite(app, &administrator(), &sgar()).await.unwrap();
    let first = link(app, "invited").await;
    all_sent(&test).await;
    test.set_clock("2014-05-23T07:59:59Z");
    account::peek(app, &first, Purpose::Invite).await.unwrap();
    test.set_clock("2014-05-23T08:00:00Z");
    refused(account::accept(app, &first, OTHER, &here()).await, Because::DeadLink);
    account::resend(app, &administrator(), &person).await.unwrap();
    let second = link(app, "invited").await;
    all_sent(&test).await;
    account::resend(app, &administrator(), &person).await.unwrap();
    refused(account::accept(app, &second, OTHER, &here()).await, Because::DeadLink);
    let third = link(app, "invited").await;
    // A link of one purpose serves no other.
    refused(account::reset(app, &third, OTHER, &here()).await, Because::DeadLink);
    refused(account::confirm(app, &third, OTHER, &here()).await, Because::DeadLink);
    account::accept(app, &third, OTHER, &here()).await.unwrap();
}

async fn an_invitation_taken_back_leaves_nothing(test: TestApp) {
    let app = &test.app;
    let person = account::invite(app, &administrator(), &sgar()).await.unwrap();
    let secret = link(app, "invited").await;
    account::cancel(app, &administrator(), &person).await.unwrap();
    assert_eq!(told(app).await, "account.invite.cancel");
    refused(account::accept(app, &secret, OTHER, &here()).await, Because::DeadLink);
    assert!(mails(app).await.is_empty(), "what waited to be sent is gone too");
    let left = dump(&test);
    assert!(!left.contains(ADDRESS) && !left.contains("Préfète inventée"));
    // And may be made anew.
    account::invite(app, &administrator(), &sgar()).await.unwrap();
}

async fn a_closed_account_accepts_nothing(test: TestApp) {
    let app = &test.app;
    let person = account::invite(app, &administrator(), &sgar()).await.unwrap();
    let secret = link(app, "invited").await;
    account::disable(app, &administrator(), &person).await.unwrap();
    refused(account::accept(app, &secret, OTHER, &here()).await, Because::DeadLink);
    refused(account::resend(app, &administrator(), &person).await, Because::StepTaken);
}

/// Nobody comes in beside the link: not by a form with that address, nor by a forgotten password.
async fn there_is_no_other_way_in(test: TestApp) {
    let app = &test.app;
    let person = account::invite(app, &administrator(), &sgar()).await.unwrap();
    all_sent(&test).await;
    account::sign_up(app, &form(ADDRESS, "A"), PASSWORD, &here()).await.unwrap();
    account::forgotten(app, &email(ADDRESS), &here()).await.unwrap();
    let kinds: Vec<String> = mails(app).await.into_iter().map(|mail| mail.kind).collect();
    assert_eq!(kinds, ["address_known"]);
    for (rank, password) in [PASSWORD, OTHER, ""].into_iter().enumerate() {
        let origin = from(&format!("203.0.113.{rank}"));
        refused(account::sign_in(app, ADDRESS, password, &origin).await, Because::WrongCredentials);
    }
    let (account, _sessions) = account::sheet(app, &administrator(), &person).await.unwrap();
    assert_eq!(account.name, "Préfète inventée", "its name is not another's");
    assert_eq!(test.instance.must("SELECT COUNT(*) FROM attachment;").trim(), "0");
}

async fn administrators_alone_invite(test: TestApp) {
    let app = &test.app;
    for role in [Role::Manager, Role::Instructor, Role::Observer, Role::Sgar("53".to_owned())] {
        let actor = Actor { person: "X".to_owned(), role };
        refused(account::invite(app, &actor, &sgar()).await, Because::Forbidden);
        assert_eq!(told(app).await, "account.invite.refused");
    }
    let person = account::invite(app, &administrator(), &sgar()).await.unwrap();
    refused(account::resend(app, &manager(), &person).await, Because::Forbidden);
    refused(account::cancel(app, &manager(), &person).await, Because::Forbidden);
    refused(account::invite(app, &administrator(), &sgar()).await, Because::AccountExists);
    refused(account::invite(app, &administrator(), &new(AccountRole::Declarant)).await, Because::Invalid);
    for region in ["99", "HORS", "42"] {
        let unknown = new(AccountRole::Sgar(region.to_owned()));
        refused(account::invite(app, &administrator(), &unknown).await, Because::Invalid);
    }
    let rows = test.instance.must("SELECT * FROM journal;");
    assert!(!rows.contains(ADDRESS) && !rows.contains("Préfète"), "{rows}");
    assert!(journal(app).await.iter().any(|(action, _)| action == "account.invite"));
}

contract!(with world, "2014-05-20T08:00:00Z":
    who_is_invited_comes_in,
    a_link_serves_72_hours_and_the_last_one_alone,
    an_invitation_taken_back_leaves_nothing,
    a_closed_account_accepts_nothing,
    there_is_no_other_way_in,
    administrators_alone_invite,
);
