//! Requests that a rule refuses, and commands that are not called as they should.

use super::ground::{OPEN, OVER, PLANNED, body, file, instance, lines, refused};

#[tokio::test]
async fn what_the_rules_refuse_says_why() {
    let instance = instance().await;
    let a = body("A").to_string();
    let out = instance.home().join("r.xml").display().to_string();
    let day = ["derogation", "filing", &a, "--campaign", "2014", "--until", "2014-06-20", "--reason", "crue"];
    let cases: [(&str, &[&str], &[&str]); 17] = [
        (OPEN, &["campaign", "create", "2014"], &["existe déjà", "EAPD-D021"]),
        (OPEN, &["campaign", "settle", "2014"], &["15 juin 2014", "EAPD-D014"]),
        (OVER, &["campaign", "publish", "2014"], &["arrêtez-la", "EAPD-D015"]),
        (OPEN, &["campaign", "cancel", "2014", "--reason", "essai"], &["préparée", "EAPD-D020"]),
        (OPEN, &["campaign", "extend", "2014", "--until", "2014-06-15", "--reason", "essai"], &["EAPD-D022"]),
        (
            OPEN,
            &["campaign", "extend", "2014", "--until", "2014-06-30", "--reason", " "],
            &["motif", "EAPD-D028"],
        ),
        (
            OPEN,
            &["campaign", "plan", "2014", "--opens", "2014-05-01", "--closes", "2014-06-30"],
            &["EAPD-D020"],
        ),
        (PLANNED, &["campaign", "plan", "2014", "--opens", "2014-05-01", "--closes", "2014-04-30"], &["30"]),
        (OPEN, &["campaign", "status", "2019"], &["2019", "EAPD-D002"]),
        (OVER, &day, &["20 juin 2014", "EAPD-D022"]),
        (OPEN, &["derogation", "revoke", "7", "--reason", "essai"], &["7", "EAPD-D004"]),
        (
            OPEN,
            &["declare", "annul", &a, "--flow-year", "2013", "--reason", "r", "--piece", "p"],
            &["EAPD-D005"],
        ),
        (
            OPEN,
            &["declare", "take-over", &a, "--flow-year", "2013", "--reason", "r", "--piece", "p"],
            &["EAPD-D014"],
        ),
        (
            OVER,
            &["declare", "take-over", &a, "--flow-year", "2013", "--reason", "r", "--piece", " "],
            &["pièce", "EAPD-D037"],
        ),
        (OPEN, &["eligibility", &a, "--call", "AAP-1999"], &["AAP-1999", "EAPD-D003"]),
        (OVER, &["report", "release", "tresor", "--flow-year", "2013"], &["arrêtée", "EAPD-D015"]),
        (
            OVER,
            &["report", "tresor", "--flow-year", "2013", "--format", "csv", "--out", &out],
            &["xlsx", "EAPD-D029"],
        ),
    ];
    for (at, args, texts) in cases {
        refused(&instance, at, args, 1, texts);
    }
    assert!(!instance.home().join("r.xml").exists());
}

#[tokio::test]
async fn a_wrong_number_is_named() {
    let instance = instance().await;
    let wrong = "219900101";
    refused(&instance, OPEN, &["eligibility", wrong, "--call", "2014"], 1, &[wrong]);
    refused(&instance, OPEN, &["eligibility", "12345", "--call", "2014"], 1, &["12345"]);
    // In a file it is answered in its place: that is no error.
    let list = file(&instance, "liste.csv", format!("siren\n{}\n{wrong}\n", body("A")));
    let outcome =
        instance.eapd(Some(OPEN), &["eligibility", "--from", &list, "--call", "2014", "--format", "csv"]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    assert_eq!(outcome.stdout.lines().count(), 3, "{outcome}");
}

#[tokio::test]
async fn wrong_usage_says_what_is_missing() {
    let instance = instance().await;
    let path = lines(&instance, "L1;Puits;MLI;14030;22000;projet;1000;;");
    let a = body("A").to_string();
    let cases: [(&[&str], &str); 12] = [
        (&["campagne"], "« campagne »"),
        (&["campaign", "create"], "YEAR"),
        (&["campaign", "create", "deux-mille"], "deux-mille"),
        (&["campaign", "create", "2014", "--vite"], "--vite"),
        (&["declare", "import", &path, "--campaign", "2014"], "--siren"),
        (&["declare", "import", &path, "--siren", "219900101", "--campaign", "2014"], "219900101"),
        (&["declare", "import", &path, "--siren", &a, "--campaign", "2014", "--submit"], "--signatory"),
        (&["eligibility", "--call", "2014"], "SIREN"),
        (&["eligibility", &a, "--call", "2014", "--format", "pdf"], "pdf"),
        (&["eligibility", &a, "--call", "2014", "--format", "xlsx"], "--out"),
        (&["eligibility", &a, "--call", "2014", "--at", "hier"], "hier"),
        (&["report", "inconnu", "--flow-year", "2013", "--format", "xml", "--out", "x"], "inconnu"),
    ];
    for (args, text) in cases {
        refused(&instance, OPEN, args, 2, &[text]);
    }
}
