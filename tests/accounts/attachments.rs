//! Who acts for a collectivity: several for one agent, the last one, those who left.

use eapd::domain::attachment::{How, State};
use eapd::domain::refusal::Because;
use eapd::domain::role::Role;
use eapd::service::account::Current;
use eapd::service::attachment::{self, Decision};

use super::world::{all_sent, attached, join, mails, refused, sent, sgar, siren, told, who, world};
use crate::support::people::manager;
use crate::support::{TestApp, contract};

/// The attachment of an agent to a body, whatever its state.
async fn id_of(test: &TestApp, agent: &Current, alias: &str) -> String {
    let all = attachment::mine(&test.app, &agent.actor).await.unwrap();
    all.into_iter().rfind(|listed| listed.attachment.siren == siren(alias)).unwrap().attachment.id
}

async fn one_agent_acts_for_several(test: TestApp) {
    let app = &test.app;
    let session = attached(&test, "agent@ville.example", "A").await;
    let agent = who(app, &session).await;
    refused(attachment::ask(app, &agent.actor, siren("A"), None).await, Because::AttachedAlready);
    let id = attachment::ask(app, &agent.actor, siren("B"), Some("intérim")).await.unwrap();
    refused(attachment::ask(app, &agent.actor, siren("B"), None).await, Because::AttachedAlready);
    refused(attachment::ask(app, &agent.actor, siren("Z"), None).await, Because::UnknownSiren);
    refused(attachment::ask(app, &manager(), siren("B"), None).await, Because::Forbidden);
    assert!(sent(app).await.contains_key(&("attachment_asked".to_owned(), "region 53".to_owned())));
    attachment::decide(app, &sgar("53"), &id, Decision::Accept).await.unwrap();
    let agent = who(app, &session).await;
    let mut both = vec![siren("A"), siren("B")];
    both.sort_unstable();
    assert_eq!(agent.actor.role, Role::Declarant(both));
}

async fn the_last_agent_stays(test: TestApp) {
    let app = &test.app;
    let first = attached(&test, "un@ville.example", "A").await;
    let agent = who(app, &first).await;
    let mine = id_of(&test, &agent, "A").await;
    refused(attachment::detach(app, &agent.actor, &mine, None).await, Because::LastAgent);
    let second = attached(&test, "deux@ville.example", "A").await;
    attachment::detach(app, &agent.actor, &mine, None).await.unwrap();
    assert_eq!(told(app).await, "attachment.detach");
    assert!(who(app, &first).await.attached.is_empty(), "the session goes on, without the collectivity");
    let last = who(app, &second).await;
    let theirs = id_of(&test, &last, "A").await;
    refused(attachment::detach(app, &last.actor, &theirs, None).await, Because::LastAgent);
    // Who left has no say any more, even with a session from before.
    refused(attachment::detach(app, &agent.actor, &theirs, None).await, Because::Forbidden);
    attachment::detach(app, &sgar("84"), &theirs, Some("a quitté la mairie")).await.unwrap();
    assert!(who(app, &second).await.attached.is_empty());
}

async fn of_two_who_leave_at_once_one_stays(test: TestApp) {
    let app = &test.app;
    let one = who(app, &attached(&test, "un@ville.example", "A").await).await;
    let other = who(app, &attached(&test, "deux@ville.example", "A").await).await;
    let (mine, theirs) = (id_of(&test, &one, "A").await, id_of(&test, &other, "A").await);
    let (left, right) = tokio::join!(
        attachment::detach(app, &one.actor, &mine, None),
        attachment::detach(app, &other.actor, &theirs, None)
    );
    assert_ne!(left.is_ok(), right.is_ok(), "{left:?} {right:?}");
}

async fn a_colleague_who_left_is_detached_and_may_come_back(test: TestApp) {
    let app = &test.app;
    let gone = attached(&test, "parti@ville.example", "A").await;
    let agent = who(app, &gone).await;
    let peer = who(app, &attached(&test, "reste@ville.example", "A").await).await;
    let id = id_of(&test, &agent, "A").await;
    let named = attachment::detach(app, &peer.actor, &id, Some("Agent Inventé est parti")).await;
    refused(named, Because::Invalid);
    attachment::detach(app, &peer.actor, &id, Some("a changé de service")).await.unwrap();
    assert!(sent(app).await.contains_key(&("detached".to_owned(), format!("person {}", agent.actor.person))));
    refused(attachment::detach(app, &peer.actor, &id, None).await, Because::AttachmentAnswered);
    all_sent(&test).await;
    test.set_clock("2014-05-20T08:30:00Z");
    let again = attachment::ask(app, &agent.actor, siren("A"), None).await.unwrap();
    attachment::decide(app, &peer.actor, &again, Decision::Accept).await.unwrap();
    assert_eq!(who(app, &gone).await.attached, [siren("A")]);
}

async fn a_refusal_says_why_and_a_request_is_taken_back(test: TestApp) {
    let app = &test.app;
    let session = join(&test, "agent@ville.example", "A").await;
    let agent = who(app, &session).await;
    let id = agent.awaited[0].attachment.clone();
    refused(attachment::decide(app, &sgar("84"), &id, Decision::Refuse(" ")).await, Because::ReasonNeeded);
    attachment::decide(app, &sgar("84"), &id, Decision::Refuse("inconnu en mairie")).await.unwrap();
    let mail = mails(app).await.into_iter().find(|mail| mail.kind == "attachment_refused").unwrap();
    assert!(mail.data.contains("inconnu en mairie"), "{mail:?}");
    let again = attachment::ask(app, &agent.actor, siren("A"), None).await.unwrap();
    let other = who(app, &join(&test, "autre@ville.example", "A").await).await;
    refused(attachment::withdraw(app, &other.actor, &again).await, Because::UnknownAttachment);
    attachment::withdraw(app, &agent.actor, &again).await.unwrap();
    refused(attachment::withdraw(app, &agent.actor, &again).await, Because::AttachmentAnswered);
    refused(attachment::withdraw(app, &agent.actor, "RIEN").await, Because::UnknownAttachment);
    let mine = attachment::mine(app, &agent.actor).await.unwrap();
    let states: Vec<State> = mine.iter().map(|listed| listed.attachment.state()).collect();
    assert_eq!(states.len(), 2);
    assert!(states.contains(&State::Refused) && states.contains(&State::Withdrawn));
    let how =
        mine.iter().flat_map(|listed| &listed.attachment.steps).map(|step| step.how).collect::<Vec<_>>();
    assert!(how.contains(&How::Sgar) && how.contains(&How::Own));
}

async fn who_is_not_concerned_sees_no_agents(test: TestApp) {
    let app = &test.app;
    let session = attached(&test, "agent@ville.example", "A").await;
    let agent = who(app, &session).await;
    assert_eq!(attachment::of_siren(app, &agent.actor, siren("A")).await.unwrap().len(), 1);
    assert_eq!(attachment::of_siren(app, &sgar("84"), siren("A")).await.unwrap().len(), 1);
    assert_eq!(attachment::of_siren(app, &manager(), siren("A")).await.unwrap().len(), 1);
    refused(attachment::of_siren(app, &agent.actor, siren("B")).await, Because::Forbidden);
    refused(attachment::of_siren(app, &sgar("53"), siren("A")).await, Because::Forbidden);
    let waiting = who(app, &join(&test, "attend@ville.example", "A").await).await;
    refused(attachment::of_siren(app, &waiting.actor, siren("A")).await, Because::Forbidden);
    for role in [Role::Instructor, Role::Observer, Role::Administrator] {
        let actor = eapd::domain::role::Actor { person: "X".to_owned(), role };
        refused(attachment::of_siren(app, &actor, siren("A")).await, Because::Forbidden);
    }
}

contract!(with world, "2014-05-20T08:00:00Z":
    one_agent_acts_for_several,
    the_last_agent_stays,
    of_two_who_leave_at_once_one_stays,
    a_colleague_who_left_is_detached_and_may_come_back,
    a_refusal_says_why_and_a_request_is_taken_back,
    who_is_not_concerned_sees_no_agents,
);
