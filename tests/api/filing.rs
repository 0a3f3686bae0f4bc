//! Drafts and filings over HTTP: nothing lost, nothing twice, the instant that counts.

use axum::body::Body;
use axum::http::Request;
use eapd::domain::token::RoleName;
use futures_util::stream;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{TestApp, contract};

use super::client::Api;
use super::world::{OWN, line, secret, world};

contract!(with world, "2014-05-20T10:00:00+02:00":
    a_draft_is_saved_read_and_filed,
    a_stale_draft_overwrites_nothing,
    the_same_key_gets_the_first_receipt,
    the_same_request_sent_twice_at_once_files_once,
    two_readers_of_one_draft_file_it_once,
    nil_is_filed_explicitly,
    the_instant_is_when_the_last_byte_was_read
);

fn path(end: &str) -> String {
    format!("/api/v1/declarations/{OWN}/2013/{end}")
}

fn signed(content: (&str, Value)) -> Value {
    let mut body = json!({"signataire": {"nom": "Nom fictif", "fonction": "Maire"}});
    body[content.0] = content.1;
    body
}

async fn versions(api: &Api) -> Vec<Value> {
    let path = format!("/api/v1/declarations/{OWN}/2013");
    let declaration = api.get(path).by(RoleName::Declarant).send().await.ok();
    declaration["versions"].as_array().unwrap().clone()
}

async fn a_draft_is_saved_read_and_filed(test: TestApp) {
    let api = Api::new(test);
    let read = api.get(path("brouillon")).by(RoleName::Declarant).send().await;
    assert_eq!(read.ok()["lignes"][0]["montant_verse"], "77,77");
    let lines = json!({"lignes": [
        line("D-1", "0,01"),
        {"titre": "Sans référence (fictif)", "pays": "Mali", "secteur": "14030", "canal": "22000",
         "nature": "projet", "montant_verse": "1 234,5 €", "description": null},
    ]});
    let saved = api.put(path("brouillon")).by(RoleName::Declarant).header("if-match", read.header("etag"));
    let saved = saved.json(&lines).send().await;
    assert_eq!(saved.status, 200);
    let draft = saved.ok();
    assert_eq!(draft["revision"], 2);
    let fault = &draft["erreurs"][0];
    assert_eq!((&fault["ligne"], &fault["champ"]), (&1.into(), &"cofinancements_recus".into()), "{draft}");
    assert!(draft["lignes"][1]["reference"].as_str().is_some_and(|given| !given.is_empty()), "{draft}");
    assert_eq!(
        api.get(path("brouillon")).by(RoleName::Declarant).send().await.header("etag"),
        saved.header("etag")
    );

    let body = signed(("brouillon", saved.header("etag").into()));
    let refused = api.post(path("depot")).by(RoleName::Declarant).header("idempotency-key", "a").json(&body);
    let problem = refused.send().await.problem(422, "EAPD-A012");
    assert_eq!(problem["erreurs"].as_array().unwrap().len(), 1, "{problem}");

    let lines = json!({"lignes": [line("D-1", "50,00"), draft["lignes"][1]]});
    let saved = api.put(path("brouillon")).by(RoleName::Declarant).header("if-match", saved.header("etag"));
    let saved = saved.json(&lines).send().await;
    assert_eq!(saved.ok()["erreurs"], json!([]));
    let body = signed(("brouillon", saved.header("etag").into()));
    let filed = api.post(path("depot")).by(RoleName::Declarant).header("idempotency-key", "b").json(&body);
    let filed = filed.send().await;
    assert_eq!(filed.status, 201);
    let receipt = filed.ok();
    assert_eq!(
        (
            &receipt["version"],
            &receipt["montant_verse"],
            &receipt["ressources_propres"],
            &receipt["nombre_lignes"]
        ),
        (&2.into(), &"1284.50".into(), &"1249.94".into(), &2.into())
    );
    assert_eq!(receipt["date_depot"], "2014-05-20T08:00:00Z");
    assert_eq!(
        filed.header("location"),
        format!("/api/v1/documents/{}", receipt["numero"].as_str().unwrap())
    );
    assert_eq!(api.get(filed.header("location")).send().await.ok(), receipt);
    api.get(path("brouillon")).by(RoleName::Declarant).send().await.problem(404, "EAPD-D009");
    let kept = versions(&api).await;
    assert_eq!(kept.len(), 2);
    assert_eq!((&kept[0]["recepisse"]["en_vigueur"], &kept[1]["recepisse"]), (&false.into(), &receipt));
}

async fn a_stale_draft_overwrites_nothing(test: TestApp) {
    let api = Api::new(test);
    let save = |conditions: &[(&str, &str)], title: &str| {
        let mut asked = api.put(path("brouillon")).by(RoleName::Declarant);
        for (name, value) in conditions {
            asked = asked.header(name, *value);
        }
        asked.json(&json!({"lignes": [{"titre": title}]}))
    };
    let first = api.get(path("brouillon")).by(RoleName::Declarant).send().await.header("etag").to_owned();
    let second = save(&[("if-match", &first)], "deux").send().await.header("etag").to_owned();
    let before = api.dump();
    save(&[("if-match", &first)], "perdu").send().await.problem(412, "EAPD-A031");
    save(&[("if-match", &format!("W/{second}"))], "faible").send().await.problem(412, "EAPD-A031");
    save(&[("if-none-match", "*")], "déjà").send().await.problem(412, "EAPD-A031");
    save(&[], "sans condition").send().await.problem(428, "EAPD-A030");
    save(&[("if-none-match", "*"), ("if-match", &second)], "deux conditions")
        .send()
        .await
        .problem(400, "EAPD-A005");
    assert_eq!(api.dump(), before);
    let stale = signed(("brouillon", first.as_str().into()));
    let stale = api.post(path("depot")).by(RoleName::Declarant).header("idempotency-key", "x").json(&stale);
    stale.send().await.problem(412, "EAPD-D030");
    assert_eq!(api.dump(), before);
    save(&[("if-match", &format!("\"0-0\", {second}"))], "trois").send().await.ok();
    // Once filed there is none: a first draft again, whose tag is not that of the one before.
    let nil = signed(("neant", true.into()));
    api.post(path("depot"))
        .by(RoleName::Declarant)
        .header("idempotency-key", "n")
        .json(&nil)
        .send()
        .await
        .ok();
    save(&[("if-match", &second)], "rien à lire").send().await.problem(412, "EAPD-A031");
    let again = save(&[("if-none-match", "*")], "un").send().await;
    assert_eq!(again.status, 201);
    assert_eq!(again.ok()["revision"], 1);
    assert_ne!(again.header("etag"), first);
    save(&[("if-match", &first)], "autre brouillon").send().await.problem(412, "EAPD-A031");
}

async fn the_same_key_gets_the_first_receipt(test: TestApp) {
    let api = Api::new(test);
    let tag = api.get(path("brouillon")).by(RoleName::Declarant).send().await.header("etag").to_owned();
    let ask = |key: &str, body: &Value| {
        api.post(path("depot")).by(RoleName::Declarant).header("idempotency-key", key).json(body)
    };
    let draft = signed(("brouillon", tag.into()));
    let first = ask("clé-un", &draft);
    // An HTTP header is ASCII.
    first.send().await.problem(400, "EAPD-A005");
    let first = ask("un", &draft).send().await;
    assert_eq!(first.status, 201);
    let before = api.dump();
    // The draft is gone, the window closes, the campaign is settled: the answer stays.
    for now in ["2014-05-20T10:00:01+02:00", "2014-06-16T00:00:00+02:00", "2014-12-31T00:00:00+01:00"] {
        api.test.set_clock(now);
        let again = ask("un", &draft).send().await;
        assert_eq!((again.status, again.json()), (first.status, first.json()), "{now}");
    }
    assert_eq!(api.dump(), before);
    api.test.set_clock("2014-05-20T10:05:00+02:00");
    ask("un", &signed(("neant", true.into()))).send().await.problem(409, "EAPD-D031");
    assert_eq!(api.dump(), before);
    assert_eq!(versions(&api).await.len(), 2);
}

async fn the_same_request_sent_twice_at_once_files_once(test: TestApp) {
    let api = Api::new(test);
    let body = signed(("lignes", json!([line("E-1", "50")])));
    let ask =
        || api.post(path("depot")).by(RoleName::Declarant).header("idempotency-key", "k").json(&body).send();
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    assert_eq!(one.ok(), two.ok());
    assert_eq!(one.ok(), three.ok());
    assert_eq!(versions(&api).await.len(), 2);
}

async fn two_readers_of_one_draft_file_it_once(test: TestApp) {
    let api = Api::new(test);
    let tag = api.get(path("brouillon")).by(RoleName::Declarant).send().await.header("etag").to_owned();
    let body = signed(("brouillon", tag.into()));
    let ask = |key: &str| {
        api.post(path("depot")).by(RoleName::Declarant).header("idempotency-key", key).json(&body).send()
    };
    let (one, two) = tokio::join!(ask("k1"), ask("k2"));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert!(statuses == [201, 409] || statuses == [201, 412], "{statuses:?}");
    assert_eq!(versions(&api).await.len(), 2);
}

async fn nil_is_filed_explicitly(test: TestApp) {
    let api = Api::new(test);
    let nil = signed(("neant", true.into()));
    let filed = api.post(path("depot")).by(RoleName::Declarant).header("idempotency-key", "n").json(&nil);
    let receipt = filed.send().await.ok();
    assert_eq!((&receipt["nature"], &receipt["ressources_propres"]), (&"neant".into(), &"0.00".into()));
}

/// Nobody is late because of our own queue, nor in time because they began early.
async fn the_instant_is_when_the_last_byte_was_read(test: TestApp) {
    let api = Api::new(test);
    let router = eapd::api::router(&api.app);
    let body = signed(("neant", true.into())).to_string();
    for (key, read_at, status) in
        [("avant", "2014-06-15T23:59:59+02:00", 201), ("apres", "2014-06-16T00:00:00+02:00", 409)]
    {
        api.test.set_clock("2014-06-15T23:59:00+02:00");
        let (start, end) = (body[..20].to_owned(), body[20..].to_owned());
        let clock = std::sync::Arc::clone(&api.test.clock);
        let chunks = stream::iter([0, 1]).map_chunks(move |part| {
            if part == 1 {
                clock.set(read_at.parse().unwrap());
                return end.clone();
            }
            start.clone()
        });
        let request = Request::post(path("depot"))
            .header("authorization", format!("Bearer {}", secret(RoleName::Declarant)))
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(chunks)
            .unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), status, "{key}");
        let answer: Value =
            serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap();
        match status {
            201 => assert_eq!(answer["date_depot"], "2014-06-15T21:59:59Z"),
            _ => assert_eq!(answer["code"], "EAPD-D011", "{answer}"),
        }
    }
}

/// A body that is sent in parts.
trait MapChunks {
    fn map_chunks(self, part: impl FnMut(i32) -> String + Send + 'static) -> Body;
}

impl<S: futures_util::Stream<Item = i32> + Send + 'static> MapChunks for S {
    fn map_chunks(self, mut part: impl FnMut(i32) -> String + Send + 'static) -> Body {
        use futures_util::StreamExt;
        Body::from_stream(self.map(move |index| Ok::<_, std::io::Error>(part(index))))
    }
}
