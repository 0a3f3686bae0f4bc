//! What watchers are told, in one statement: queues, jobs, filings, the end of the journal.

use eapd::domain::filing::FilingKind;
use eapd::domain::job::Outcome;
use eapd::store::figure::{self, Figure};
use eapd::store::job_run;

use super::ground::{NOON, file, ground, read, short_line, version, write};
use crate::support::{TestApp, at, contract};

fn of<'f>(figures: &'f [Figure], what: &str, label: &str) -> Option<&'f Figure> {
    figures.iter().find(|figure| figure.what == what && figure.label == label)
}

async fn figures_are_those_of_the_tables(app: TestApp) {
    let before = read(&app, async |tx| figure::all(tx).await).await;
    let counted =
        |figures: &[Figure], what: &str, label: &str| of(figures, what, label).map(|figure| figure.counted);
    assert_eq!(counted(&before, "mail", ""), Some(0));
    assert_eq!(of(&before, "mail", "").unwrap().at, None);
    assert_eq!(counted(&before, "release", ""), Some(0));
    assert_eq!(counted(&before, "mail_given_up", ""), Some(0));
    assert_eq!(counted(&before, "schema", ""), Some(eapd::store::engine::last_migration()));
    assert_eq!(counted(&before, "filing", "2013"), None);
    assert_eq!(counted(&before, "job_done", "digest"), None);

    let lines = [short_line("A-1", 100)];
    let filed = version("A", 1, FilingKind::Declared, &lines, at(NOON));
    write(&app, async |tx| file(tx, &filed, &lines).await).await.unwrap();
    app.instance.must(
        "INSERT INTO mail (id, kind, to_kind, to_id, data, created_at, due_at) VALUES \
         ('M2', 'x', 'person', 'P1', '{}', '2014-05-20T09:00:02Z', '2014-05-20T09:00:02Z'), \
         ('M1', 'x', 'person', 'P1', '{}', '2014-05-20T09:00:01Z', '2014-05-20T09:00:01Z');",
    );
    let (first, second) = (at("2014-05-19T22:10:00Z"), at("2014-05-20T22:10:00Z"));
    let (ended, until) = (at("2014-05-19T22:11:00Z"), at("2014-05-20T22:15:00Z"));
    for due in [first, second] {
        write(&app, async |tx| job_run::take(tx, ("digest", due), "A", (due, until)).await).await.unwrap();
    }
    write(&app, async |tx| job_run::end(tx, ("digest", first), "A", ended, (Outcome::Done, "fait")).await)
        .await
        .unwrap();
    write(&app, async |tx| job_run::take(tx, ("purge", first), "A", (first, until)).await).await.unwrap();
    write(&app, async |tx| job_run::end(tx, ("purge", first), "A", ended, (Outcome::Failed, "non")).await)
        .await
        .unwrap();

    let after = read(&app, async |tx| figure::all(tx).await).await;
    let told = |what: &str, label: &str| of(&after, what, label).map(|figure| (figure.counted, figure.at));
    assert_eq!(told("mail", ""), Some((2, Some(at("2014-05-20T09:00:01Z")))));
    assert_eq!(told("filing", "2013"), Some((1, None)));
    assert_eq!(told("job_due", "digest"), Some((1, Some(first))));
    assert_eq!(told("job_done", "digest"), Some((1, Some(ended))));
    assert_eq!(told("job_open", "digest"), Some((1, Some(second))));
    assert_eq!(told("job_failed", "purge"), Some((1, Some(ended))));
    assert_eq!(told("job_open", "purge"), None);
}

contract!(with ground, "2014-05-20T10:00:00Z": figures_are_those_of_the_tables);
