//! What was typed comes back, a missing collectivity reaches the ministry, contacts are imported, what is over goes.

use eapd::domain::account::AccountRole;
use eapd::domain::account::Identity;
use eapd::domain::collectivity::CollectivityKind;
use eapd::domain::missing::MissingCollectivity;
use eapd::domain::refusal::Because;
use eapd::service::account::{self, NewAccount, Purged, SignUp, Wanted, stash};
use eapd::service::{ServiceError, contact, operator};
use eapd::store;

use super::world::{
    OTHER, PASSWORD, attached, email, form, from, here, join, link, refused, sent, sign_in, siren, step,
    told, who, world,
};
use crate::support::people::{enrolled, key, manager};
use crate::support::{TestApp, contract};

async fn what_was_typed_comes_back_after_sign_in(test: TestApp) {
    let app = &test.app;
    let session = join(&test, "agent@ville.example", "A").await;
    test.set_clock("2014-05-20T09:30:00Z");
    let body = "montant=3200&csrf=x&titre=%C3%A9cole";
    let cookie = stash::keep(app, "/declarations/x", body.as_bytes(), Some(&session.secret)).await.unwrap();
    let again = sign_in(app, "agent@ville.example").await;
    let current = who(app, &again).await;
    let shown = stash::shown(app, &current, &cookie).await.unwrap().unwrap();
    assert_eq!((shown.path.as_str(), shown.body.as_slice()), ("/declarations/x", body.as_bytes()));
    assert!(stash::shown(app, &current, &cookie).await.unwrap().is_some(), "shown, not consumed");
    let other = who(app, &join(&test, "autre@ville.example", "A").await).await;
    assert_eq!(stash::shown(app, &other, &cookie).await.unwrap(), None, "its owner alone");
    assert_eq!(stash::shown(app, &current, &again.secret).await.unwrap(), None);
    test.set_clock("2014-05-20T10:29:59Z");
    assert!(stash::shown(app, &current, &cookie).await.unwrap().is_some());
    test.set_clock("2014-05-20T10:30:00Z");
    assert_eq!(stash::shown(app, &current, &cookie).await.unwrap(), None, "an hour");
    let unowned = stash::keep(app, "/x", b"y", None).await.unwrap();
    assert!(stash::shown(app, &other, &unowned).await.unwrap().is_some());
    stash::drop(app, &other, &unowned, "/y").await.unwrap();
    assert!(stash::shown(app, &other, &unowned).await.unwrap().is_some(), "another page was sent");
    stash::drop(app, &other, &unowned, "/x").await.unwrap();
    assert_eq!(stash::shown(app, &other, &unowned).await.unwrap(), None);
    refused(
        stash::keep(app, "/x", &vec![b'x'; stash::LARGEST + 1], None).await.map(|_| ()),
        Because::NotKept,
    );
    stash::keep(app, "/x", &vec![b'x'; stash::LARGEST], None).await.unwrap();
}

fn missing() -> MissingCollectivity {
    MissingCollectivity {
        name: "Communauté de communes fictive".to_owned(),
        kind: CollectivityKind::Cc,
        siren: None,
        departement: "35".to_owned(),
        successor_of: vec![siren("A"), siren("B")],
        message: Some("créée au 1er janvier".to_owned()),
    }
}

async fn a_collectivity_that_is_not_in_the_list_reaches_the_ministry(test: TestApp) {
    let app = &test.app;
    let form = SignUp { wanted: Wanted::Missing(missing()), ..form("agent@cc.example", "A") };
    account::sign_up(app, &form, PASSWORD, &here()).await.unwrap();
    assert!(!sent(app).await.contains_key(&("collectivity_missing".to_owned(), "ministry".to_owned())));
    let secret = link(app, "confirm_email").await;
    let session = account::confirm(app, &secret, PASSWORD, &here()).await.unwrap();
    assert!(sent(app).await.contains_key(&("collectivity_missing".to_owned(), "ministry".to_owned())));
    let agent = who(app, &session).await;
    assert!(agent.awaited.is_empty() && agent.attached.is_empty());
    refused(account::missing_requests(app, &agent.actor).await, Because::Forbidden);
    let open = account::missing_requests(app, &manager()).await.unwrap();
    assert_eq!((open.len(), &open[0].told, &open[0].person), (1, &missing(), &agent.actor.person));
    assert_eq!(account::missing(app, &agent.actor, &missing()).await.unwrap(), open[0].id, "asked once");
    let wrong = MissingCollectivity { departement: "Bretagne".to_owned(), ..missing() };
    refused(account::missing(app, &agent.actor, &wrong).await, Because::Invalid);
    for rank in 1..5 {
        let other = MissingCollectivity { name: format!("Autre {rank}"), ..missing() };
        account::missing(app, &agent.actor, &other).await.unwrap();
        assert_eq!(told(app).await, "collectivity.missing");
    }
    let sixth = MissingCollectivity { name: "Sixième".to_owned(), ..missing() };
    refused(account::missing(app, &agent.actor, &sixth).await, Because::TooOften);
    let answer = async |words: &str| account::answer_missing(app, &manager(), &open[0].id, words).await;
    refused(answer(" ").await, Because::Invalid);
    answer("Elle est au registre depuis ce matin.").await.unwrap();
    let mail = super::world::last(app, "missing_answered").await;
    assert_eq!((mail.to_id.as_str(), mail.data.contains("depuis ce matin")), (&*agent.actor.person, true));
    refused(answer("Encore.").await, Because::UnknownRequest);
    assert_eq!(account::missing_requests(app, &manager()).await.unwrap().len(), 4);
}

async fn contacts_are_imported_whole_or_not_at_all(test: TestApp) {
    let app = &test.app;
    let import = async |rows: String, dry_run| {
        let file = format!("siren;courriel;source\n{rows}");
        contact::import(app, &manager(), file.as_bytes(), dry_run).await
    };
    let (a, b, unknown) = (siren("A"), siren("B"), siren("Z"));
    let rows = format!("{a};Mairie@Ville.example;annuaire\n{b};b@ville.example;annuaire\n");
    let counts = |done: contact::Recorded| (done.added, done.updated, done.unchanged);
    assert_eq!(counts(import(rows.clone(), true).await.unwrap()), (2, 0, 0));
    assert_eq!(counts(import(rows.clone(), false).await.unwrap()), (2, 0, 0), "a dry run wrote nothing");
    assert_eq!(told(app).await, "contacts.import");
    assert_eq!(counts(import(rows, false).await.unwrap()), (0, 0, 2));
    let changed = format!("{a};mairie@ville.example;fichier 2014\n{a};autre@ville.example;fichier 2014\n");
    assert_eq!(counts(import(changed, false).await.unwrap()), (1, 1, 0));
    // What the file knows of persons comes with it; what an agent confirmed stays.
    let named = async |name: &str, function: &str| {
        let file =
            format!("siren;courriel;source;nom;fonction\n{a};autre@ville.example;x;{name};{function}\n");
        counts(contact::import(app, &manager(), file.as_bytes(), false).await.unwrap())
    };
    let kept = async || {
        let found = store::contact::of_siren(&mut app.db.snapshot().await.unwrap(), a).await.unwrap();
        let found = found.into_iter().find(|found| found.email == email("autre@ville.example")).unwrap();
        (found.name.unwrap_or_default(), found.function.unwrap_or_default())
    };
    let told = |name: &str, function: &str| (name.to_owned(), function.to_owned());
    assert_eq!((named("Élue Inventée", "").await, kept().await), ((0, 1, 0), told("Élue Inventée", "")));
    assert_eq!((named("", "").await, kept().await), ((0, 0, 1), told("Élue Inventée", "")));
    test.instance.must("UPDATE contact SET confirmed_at = '2014-05-20T08:00:00Z', confirmed_by = 'P1';");
    assert_eq!(
        (named("Autre Nom", "maire").await, kept().await),
        ((0, 1, 0), told("Élue Inventée", "maire"))
    );
    let wrong = format!("{a};neuf@ville.example;x\n{unknown};z@ville.example;x\n");
    match import(wrong, false).await {
        Err(ServiceError::File(refused)) => {
            let places: Vec<_> = refused.cells.iter().map(|cell| (cell.row, cell.column.as_str())).collect();
            assert_eq!(places, [(3, "siren")]);
        }
        other => panic!("{other:?}"),
    }
    let again = import(format!("{a};neuf@ville.example;x\n"), true).await.unwrap();
    assert_eq!(counts(again), (1, 0, 0), "nothing of a refused file is kept");
    let agent = who(app, &attached(&test, "agent@ville.example", "A").await).await;
    refused(contact::import(app, &agent.actor, b"x", false).await, Because::Forbidden);
}

async fn what_is_over_goes(test: TestApp) {
    let app = &test.app;
    let operator = operator::identify(app, "exploitant").await.unwrap();
    let active = attached(&test, "actif@ville.example", "A").await;
    let person = who(app, &active).await.actor.person;
    account::sign_up(app, &form("jamais@ville.example", "A"), PASSWORD, &from("198.51.100.1")).await.unwrap();
    stash::keep(app, "/x", b"y", None).await.unwrap();
    assert_eq!(account::purge(app, &operator).await.unwrap(), Purged::default());
    refused(account::purge(app, &manager()).await, Because::Forbidden);
    test.set_clock("2014-05-28T08:00:00Z");
    let purged = account::purge(app, &operator).await.unwrap();
    assert_eq!((purged.stashed, purged.persons), (1, 1), "{purged:?}");
    test.set_clock("2014-07-20T08:00:00Z");
    let purged = account::purge(app, &operator).await.unwrap();
    assert_eq!(purged.persons, 0);
    assert!(purged.sessions >= 1 && purged.links >= 1, "{purged:?}");
    sign_in(app, "actif@ville.example").await;
    test.set_clock("2017-07-19T08:00:01Z");
    assert_eq!(account::purge(app, &operator).await.unwrap().persons, 1, "three years without a sign-in");
    refused(account::find(app, &operator, &person).await, Because::UnknownPerson);
}

async fn longer_passwords_for_the_ministry(test: TestApp) {
    let app = &test.app;
    let operator = operator::identify(app, "exploitant").await.unwrap();
    let new = NewAccount {
        identity: Identity::new("Gestionnaire inventée", "cheffe de bureau").unwrap(),
        email: email("gestion@ministere.example"),
        role: AccountRole::Manager,
    };
    refused(account::create(app, &operator, &new, "kT9$wq!vRz2mX7b").await, Because::WeakPassword);
    refused(account::create(app, &manager(), &new, OTHER).await, Because::Forbidden);
    let person = account::create(app, &operator, &new, OTHER).await.unwrap();
    refused(account::create(app, &operator, &new, OTHER).await, Because::AccountExists);
    enrolled(&test, &person).await;
    let signed_in = account::sign_in(app, "gestion@ministere.example", OTHER, &here()).await.unwrap();
    let opened = account::pass(app, &step(signed_in), &key().code_at(app.now()), &here()).await.unwrap();
    let current = who(app, &opened).await;
    assert_eq!(current.actor.role, eapd::domain::role::Role::Manager);
    refused(account::change_password(app, &current, OTHER, "kT9$wq!vRz2m").await, Because::WeakPassword);
    assert_eq!(account::list(app, &operator).await.unwrap().len(), 1);
    refused(account::list(app, &current.actor).await, Because::Forbidden);
}

contract!(with world, "2014-05-20T08:00:00Z":
    what_was_typed_comes_back_after_sign_in,
    a_collectivity_that_is_not_in_the_list_reaches_the_ministry,
    contacts_are_imported_whole_or_not_at_all,
    what_is_over_goes,
    longer_passwords_for_the_ministry,
);
