//! What verdicts rest on, for lists of any length.

use eapd::domain::call::{Call, CallDates, GroupRule};
use eapd::domain::eligibility::{Body, Verdict, decide};
use eapd::domain::filing::FilingKind;
use eapd::domain::siren::Siren;
use eapd::store::facts::{About, Question};
use eapd::store::{Tx, call, campaign as store_campaign, derogation, facts, past_amount};

use super::ground::{
    body, campaign, cents, code, day, file, ground, read, receipt_of, sent, version, write, year,
};
use crate::support::register::{Entry, How, Link, register};
use crate::support::{TestApp, at, contract};

async fn a_body_reads_back_with_its_days(app: TestApp) {
    let entry = Entry {
        from: Some(day("2009-01-01")),
        until: Some(day("2013-12-31")),
        ..Entry::named(body("D"), "Ville d’Été")
    };
    register(&app, &[entry], &[], &[]).await;
    let found = read(&app, async |tx| facts::body(tx, body("D")).await).await;
    let expected = Body {
        name: "Ville d’Été".to_owned(),
        exists_from: Some(day("2009-01-01")),
        exists_until: Some(day("2013-12-31")),
    };
    assert_eq!(found, Some(expected));
    assert_eq!(read(&app, async |tx| facts::body(tx, body("Z")).await).await, None);
    let undated = read(&app, async |tx| facts::body(tx, body("A")).await).await.unwrap();
    assert_eq!((undated.exists_from, undated.exists_until), (None, None));
}

async fn the_last_name_of_a_body_counts(app: TestApp) {
    for (from_year, revision, name) in
        [(2032, 1, "Nom de 2032"), (2032, 2, "Nom corrigé"), (2030, 1, "Nom de 2030")]
    {
        app.instance.must(&format!(
            "{}INSERT INTO collectivity_state (collectivity, from_year, revision, kind, code, name, departement, region, \
             population, reason, recorded_at) VALUES ('{}', {from_year}, {revision}, 'commune', '99001', '{name}', '99', \
             '84', 1000, 'essai', '2014-01-01T00:00:00Z');",
            crate::support::sql::opening(app.engine()),
            body("A")
        ));
    }
    let found = read(&app, async |tx| facts::body(tx, body("A")).await).await.unwrap();
    assert_eq!(found.name, "Nom corrigé");
}

/// G and H merge into D, which is split into E and F; F takes I in.
async fn a_family(app: &TestApp) {
    let entries = ["D", "E", "F", "G", "H", "I"].map(|alias| Entry::named(body(alias), alias));
    let link = |from: &str, into: &str, on: &str, how: How| Link {
        from: body(from),
        into: body(into),
        on: day(on),
        how,
    };
    let links = [
        link("G", "D", "2011-01-01", How::Merger),
        link("H", "D", "2011-01-01", How::Merger),
        link("D", "E", "2012-01-01", How::Split),
        link("D", "F", "2012-01-01", How::Split),
        link("I", "F", "2013-01-01", How::Absorption),
    ];
    register(app, &entries, &links, &[(body("D"), day("2011-12-31"))]).await;
}

async fn descent_is_known_at_any_distance(app: TestApp) {
    a_family(&app).await;
    let descends = async |aliases: &[&str], ancestor: &str| {
        let sirens: Vec<Siren> = aliases.iter().map(|alias| body(alias)).collect();
        read(&app, async |tx| facts::descends_from(tx, &sirens, body(ancestor)).await).await
    };
    assert!(descends(&["F"], "G").await && descends(&["F"], "I").await && descends(&["D"], "H").await);
    assert!(!descends(&["E"], "I").await, "only its brother took I in");
    assert!(!descends(&["G"], "D").await, "not backwards");
    assert!(!descends(&["G"], "G").await, "not of itself");
    assert!(descends(&["Z", "A", "E"], "G").await, "one of them");
    assert!(!descends(&[], "G").await);
}

/// Everything that a verdict may rest on, each told by one verdict.
async fn everything_on_file_reaches_the_verdict(app: TestApp) {
    a_family(&app).await;
    let now = app.app.now();
    write(&app, async |tx| {
        let filed = version("A", 1, FilingKind::Nil, &[], now);
        file(tx, &filed, &[]).await?;
        sent(tx, |writes| eapd::store::filing::insert_receipt(writes, &receipt_of(&filed, "R-A"))).await?;
        let until = derogation::Scope::Filing { campaign: campaign(2014), until: day("2014-07-10") };
        derogation::decide(tx, body("B"), &until, "crue", "P1", at("2014-06-20T10:00:00Z")).await?;
        for call in [Call::default_for(campaign(2014)), requiring(2010), requiring(2009)] {
            call::create(tx, &call, "P1", now).await?;
        }
        let call = derogation::Scope::Eligibility { call: code("AAP-2014") };
        derogation::decide(tx, body("C"), &call, "avis", "P1", at("2014-06-20T10:00:00Z")).await?;
        let past = eapd::domain::declaration::PastAmount {
            siren: body("A"),
            flow_year: year(2010),
            amount: Some(cents(100)),
            filed_on: None,
            source: "Atlas".to_owned(),
        };
        past_amount::add(tx, &past, None, "P1", now).await
    })
    .await
    .unwrap();
    let later = at("2014-07-01T10:00:00Z");
    let aap = Call::default_for(campaign(2014));
    let told = async |alias: &str, call: &Call| verdict(&app, body(alias), call, later).await.reason.code();
    assert_eq!(told("A", &aap).await, "A_DECLARE_NEANT");
    assert_eq!(told("B", &aap).await, "DEROGATION_DEPOT");
    assert_eq!(told("C", &aap).await, "DEROGATION");
    assert_eq!(told("E", &aap).await, "NON_DECLARE");
    assert_eq!(told("Z", &aap).await, "HORS_REGISTRE");
    let receipt = verdict(&app, body("A"), &aap, later).await.years[0].receipt.clone();
    assert_eq!(receipt.as_deref(), Some("R-A"));
    assert_eq!(told("A", &requiring(2010)).await, "MONTANT_ANTERIEUR");
    // E descends from D, which did not exist in 2010 and descends from G and H.
    assert_eq!(told("E", &requiring(2010)).await, "PREDECESSEUR_NON_DECLARE");
    assert_eq!(told("A", &requiring(2009)).await, "ANNEE_INCONNUE");
    let none = read(&app, async |tx| facts::load(tx, &code("AAP-1999"), &[body("A")]).await).await;
    assert!(none.is_none(), "there is no such call");
}

/// A call that requires one flow year, with every field filled.
fn requiring(flow_year: u16) -> Call {
    let dates = CallDates {
        opens_on: Some(day("2014-03-01")),
        closes_on: Some(day("2014-04-30")),
        examined_on: Some(day("2014-06-01")),
    };
    let code = code(&format!("AAP-{flow_year}-ESSAI"));
    Call::new(code, "Appel d’essai", dates, vec![year(flow_year)], GroupRule::Lead, "Texte").unwrap()
}

async fn verdict(app: &TestApp, siren: Siren, call: &Call, now: eapd::domain::instant::Instant) -> Verdict {
    let on_file = read(app, async |tx| facts::load(tx, call.code(), &[siren]).await).await.unwrap();
    assert_eq!(&on_file.call, call, "the call comes with what is on file");
    decide(siren, call, &on_file.facts, now)
}

/// A campaign with all that was decided about it, as it reads back by itself.
async fn the_campaign_of_a_required_year_is_whole(app: TestApp) {
    let now = app.app.now();
    write(&app, async |tx| {
        call::create(tx, &Call::default_for(campaign(2014)), "P1", now).await?;
        let decided = "2014-05-20T10:00:00Z";
        store_campaign::extend(tx, campaign(2014), day("2014-06-30"), "crue", "P1", at(decided)).await?;
        store_campaign::extend(tx, campaign(2014), day("2014-07-02"), "crue", "P1", at(decided)).await
    })
    .await
    .unwrap();
    let call = Call::default_for(campaign(2014));
    let closing = |verdict: &Verdict| verdict.years[0].sentence.contains(&day("2014-07-02").to_long());
    assert!(closing(&verdict(&app, body("A"), &call, at("2014-06-29T10:00:00Z")).await));
    write(&app, async |tx| {
        let settled = at("2014-07-03T10:00:00Z");
        store_campaign::take_step(tx, campaign(2014), store_campaign::Step::Settled, "", "P1", settled).await
    })
    .await
    .unwrap();
    let late = verdict(&app, body("A"), &call, at("2014-07-04T10:00:00Z")).await;
    assert_eq!((late.reason.code(), closing(&late)), ("NON_DECLARE", true));
}

/// As many bodies as a request may name and more, some of them twice.
async fn a_long_list_is_answered_whole(app: TestApp) {
    let numbers: Vec<Siren> = (0..10_000_000_u32)
        .step_by(1_117)
        .filter_map(|number| (0..10).find_map(|key| format!("29{number:06}{key}").parse().ok()))
        .take(1_300)
        .collect();
    let entries: Vec<Entry> = numbers.iter().map(|siren| Entry::named(*siren, "Commune fictive")).collect();
    register(&app, &entries, &[], &[]).await;
    let now = app.app.now();
    let call = Call::default_for(campaign(2014));
    write(&app, async |tx| {
        call::create(tx, &call, "P1", now).await?;
        for siren in numbers.iter().step_by(13) {
            nil(tx, *siren, now).await?;
        }
        Ok(())
    })
    .await
    .unwrap();
    let asked = [numbers.clone(), numbers.clone()].concat();
    let on_file = read(&app, async |tx| facts::load(tx, call.code(), &asked).await).await.unwrap();
    for (place, siren) in numbers.iter().enumerate() {
        let expected = if place % 13 == 0 { "A_DECLARE_NEANT" } else { "NON_DECLARE" };
        let verdict = decide(*siren, &call, &on_file.facts, at("2014-07-01T10:00:00Z"));
        assert_eq!(verdict.reason.code(), expected, "{siren}");
    }
}

/// Two calls, one that does not exist, bodies and a secret: each question has its own answer.
async fn questions_asked_together_are_answered_apart(app: TestApp) {
    let now = app.app.now();
    let (first, second) = (Call::default_for(campaign(2014)), requiring(2009));
    write(&app, async |tx| {
        call::create(tx, &first, "P1", now).await?;
        call::create(tx, &second, "P1", now).await?;
        nil(tx, body("A"), now).await
    })
    .await
    .unwrap();
    let question = |call: &str, alias: &str| Question {
        about: Some(About { call: code(call), siren: body(alias) }),
        ..Question::default()
    };
    let unknown = Question { secret_sha256: Some("hash of nothing".to_owned()), about: None };
    let questions = [
        question(first.code().as_str(), "A"),
        unknown,
        question(second.code().as_str(), "B"),
        question("AAP-1999", "A"),
        question(first.code().as_str(), "B"),
    ];
    let answers = read(&app, async |tx| facts::answer(tx, &questions).await).await;
    let told = |place: usize, alias: &str| {
        let on_file = answers[place].on_file.as_ref()?;
        Some((on_file.call.clone(), decide(body(alias), &on_file.call, &on_file.facts, now).reason.code()))
    };
    assert_eq!(answers.len(), questions.len());
    assert!(answers.iter().all(|answer| answer.token.is_none()));
    assert_eq!(told(0, "A"), Some((first.clone(), "A_DECLARE_NEANT")));
    assert_eq!(told(1, "A"), None);
    assert_eq!(told(2, "B"), Some((second, "ANNEE_INCONNUE")));
    assert_eq!(told(3, "A"), None);
    assert_eq!(told(4, "B"), Some((first, "FENETRE_OUVERTE")));
    assert!(read(&app, async |tx| facts::answer(tx, &[]).await).await.is_empty());
}

async fn nil(tx: &mut Tx<'_>, siren: Siren, now: eapd::domain::instant::Instant) -> eapd::store::Result<()> {
    let filed = eapd::domain::declaration::Filing { siren, ..version("A", 1, FilingKind::Nil, &[], now) };
    file(tx, &filed, &[]).await
}

contract!(with ground, "2014-05-20T10:00:00Z":
    a_body_reads_back_with_its_days,
    the_last_name_of_a_body_counts,
    descent_is_known_at_any_distance,
    everything_on_file_reaches_the_verdict,
    the_campaign_of_a_required_year_is_whole,
    a_long_list_is_answered_whole,
    questions_asked_together_are_answered_apart,
);
