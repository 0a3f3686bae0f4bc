//! What is refused on both engines alike.

use super::{Attempts, CHECK, UNIQUE};
use crate::guards::lived_in::{
    BEFORE, CANCELLED, FILED, IN_OPEN, IN_OVER, IN_SETTLED, OPEN, OVER, PLANNED, RESERVED, SETTLED, SILENT,
    Times, answer, certificate, in_thirty_days, nil_by, outcome, question, question_end, question_message,
    report, reservation,
};
use crate::support::Engine;
use crate::support::sql::{self, Filing};

pub fn on_both(engine: Engine, times: Times) -> Attempts {
    let now = times.at(0);
    let mut attempts = Attempts::default();
    lines(&mut attempts, engine);
    filings(&mut attempts, engine, times);
    decisions(&mut attempts, times);
    reservations(&mut attempts, engine, times);
    certificates(&mut attempts, times);
    questions(&mut attempts, times);
    for filing in [IN_OPEN, IN_OVER, IN_SETTLED] {
        let receipt = filing.receipt(&now);
        attempts.add(&["EAPD-G03", UNIQUE], receipt.replace("'R-", "'S-"));
        attempts.add(&["EAPD-G03", UNIQUE], receipt);
    }
    attempts.add(&["EAPD-G17"], report(engine, "tresor", OPEN - 1, 1, &now));
    attempts.add(&["EAPD-G17"], report(engine, "tresor", OVER - 1, 1, &now));
    attempts.add(&["EAPD-G03"], report(engine, "tresor", SETTLED - 1, 1, &now));
    attempts.add(&["EAPD-G03"], report(engine, "tresor", SETTLED - 1, 3, &now));
    attempts.add(&["EAPD-G10"], report(engine, "tresor", SETTLED - 1, 2, &times.at(-300)));

    let past = |year: u16, revision: u16, reason: &str| {
        format!(
            "INSERT INTO past_amount (flow_year, siren, revision, nil, amount, source, reason, recorded_by, recorded_at) \
             VALUES ({year}, '{FILED}', {revision}, FALSE, {}, 'Bilan', {reason}, 'P1', '{now}');",
            sql::euros(engine, 1)
        )
    };
    for campaign in [OPEN, OVER, SETTLED, PLANNED] {
        attempts.add(&["EAPD-G14"], past(campaign - 1, 1, "NULL"));
    }
    attempts.add(&["EAPD-G03"], past(BEFORE, 1, "NULL"));
    attempts.add(&["EAPD-G03"], past(BEFORE, 3, "'essai'"));
    for reason in ["NULL", "''", "'  '"] {
        attempts.add(&CHECK, past(BEFORE, 2, reason));
    }

    for (seq, previous) in [(2, "h1"), (3, "h1"), (3, ""), (4, "h2"), (0, "")] {
        attempts.add(
            &["EAPD-G16"],
            format!(
                "INSERT INTO journal (seq, at, actor, action, subject, previous, hash) \
                 VALUES ({seq}, '{now}', 'P1', 'essai', 's', '{previous}', 'h');"
            ),
        );
    }
    attempts
        .add(&["EAPD-G03"], format!("INSERT INTO call_year (call, flow_year) VALUES ('AAP-{OPEN}', 2012);"));
    attempts
}

/// Certificates out of their order or of another time, and revocations of none.
fn certificates(attempts: &mut Attempts, times: Times) {
    let now = times.at(0);
    for rank in [0, 1, 2, 4] {
        let refusals: &[&'static str] =
            if rank == 0 { &["EAPD-G03", CHECK[0], CHECK[1]] } else { &["EAPD-G03", UNIQUE] };
        attempts.add(refusals, certificate("CERTIFICATE3", rank, &now));
    }
    attempts.add(&["EAPD-G03", UNIQUE], certificate("CERTIFICATE1", 3, &now));
    for seconds in [-300, 300] {
        attempts.add(&["EAPD-G10"], certificate("CERTIFICATE3", 3, &times.at(seconds)));
    }
    let revoke = |number: &str, reason: &str, at: &str| {
        format!(
            "INSERT INTO certificate_revocation (number, reason, decided_by, decided_at) \
             VALUES ('{number}', '{reason}', 'P1', '{at}');"
        )
    };
    attempts.add(&["EAPD-G03", UNIQUE], revoke("CERTIFICATE1", "Erreur", &now));
    attempts.add(&["EAPD-G07"], revoke("CERTIFICATE9", "Erreur", &now));
    attempts.add(&["EAPD-G10"], revoke("CERTIFICATE2", "Erreur", &times.at(-300)));
    attempts.add(&CHECK, revoke("CERTIFICATE2", "  ", &now));
}

/// Questions of another time or about no campaign, messages out of turn, ends by what is not theirs.
fn questions(attempts: &mut Attempts, times: Times) {
    let (now, before) = (times.at(0), times.at(-300));
    attempts.add(&["EAPD-G03", UNIQUE], question("Q1", FILED, OPEN - 1, &now));
    attempts.add(&["EAPD-G09"], question("Q3", FILED, BEFORE, &now));
    attempts.add(&["EAPD-G10"], question("Q3", FILED, OPEN - 1, &before));
    for (id, rank) in [("Q1", 3), ("Q2", 1), ("Q2", 3)] {
        attempts.add(&["EAPD-G23"], question_message(id, rank, "'Encore ?'", &now));
    }
    attempts.add(&["EAPD-G23"], question_message("Q2", 2, "NULL", &now));
    attempts.add(&CHECK, question_message("Q2", 2, "'  '", &now));
    attempts.add(&["EAPD-G10"], question_message("Q2", 2, "'Oui.'", &before));
    attempts.add(&["FOREIGN KEY constraint failed", "23503"], question_message("Q9", 1, "'Oui.'", &now));
    attempts.add(&["EAPD-G00"], "UPDATE question_message SET body = 'Autre chose' WHERE rank = 1;");
    attempts.add(&["EAPD-G23"], question_end("Q1", "'none', NULL, NULL", &now));
    attempts.add(&["EAPD-G10"], question_end("Q2", "'none', NULL, NULL", &before));
    // Another body's derogation, a version that was there before the question, one that is not there.
    for outcome in ["'derogation', 2, NULL", "'version', NULL, 1", "'version', NULL, 9"] {
        attempts.add(&["EAPD-G23"], question_end("Q2", outcome, &now));
    }
    for outcome in ["'none', 1, NULL", "'derogation', NULL, NULL", "'version', NULL, NULL"] {
        attempts.add(&CHECK, question_end("Q2", outcome, &now));
    }
}

/// Lines under a filing that is there, or under none.
fn lines(attempts: &mut Attempts, engine: Engine) {
    for filing in [IN_OPEN, IN_OVER, IN_SETTLED] {
        attempts.add(&["EAPD-G08"], filing.line(engine, 9, 100));
        let spelled = format!("'{}', 1, 9", filing.siren);
        let otherwise = filing.line(engine, 9, 100).replace(&spelled, &spelled.replace(", 1,", ", '1',"));
        attempts.add(&["EAPD-G08"], otherwise);
        attempts.add(&["EAPD-G08"], Filing { version: 3, ..filing }.line(engine, 1, 100));
        attempts.add(&["EAPD-G08"], Filing { version: 0, ..filing }.line(engine, 1, 100));
    }
    // A line of the next version that nothing seals falls at the end of its transaction.
    let orphan = Filing { version: 2, ..IN_OPEN }.line(engine, 1, 100);
    attempts.add(&["FOREIGN KEY constraint failed", "23503"], orphan);
}

fn filings(attempts: &mut Attempts, engine: Engine, times: Times) {
    let now = times.at(0);
    // An instant of when the window was open, in every campaign, by either hand.
    for (campaign, days_ago) in [(OPEN, 5), (OVER, 30), (SETTLED, 70)] {
        for kind in ["nil", "taken_over", "annulled"] {
            let filing = Filing { kind, ..Filing::nil(SILENT, campaign - 1, 1) };
            attempts.add(&["EAPD-G10"], filing.sql(engine, times.at(-86_400 * days_ago)));
        }
    }
    for (campaign, refusals) in [
        (OVER, &["EAPD-G12"]),
        (SETTLED, &["EAPD-G11"]),
        (PLANNED, &["EAPD-G09"]),
        (CANCELLED, &["EAPD-G09"]),
        (1999, &["EAPD-G09"]),
    ] {
        attempts.add(refusals, Filing::nil(SILENT, campaign - 1, 1).sql(engine, &now));
    }
    attempts.add(
        &["EAPD-G12"],
        Filing { lines: &[5], kind: "declared", ..Filing::nil(FILED, OVER - 1, 1) }.sql(engine, &now),
    );
    // Two minutes are forgiven; the attempts take their time.
    for seconds in [-121, 240] {
        attempts.add(&["EAPD-G10"], Filing::nil(SILENT, OPEN - 1, 1).sql(engine, times.at(seconds)));
    }
    for version in [0, 1, 3] {
        attempts.add(&["EAPD-G03"], Filing::nil(FILED, OPEN - 1, version).sql(engine, &now));
    }

    // What the filing says of its lines is what they are.
    let two = Filing { version: 2, ..IN_OPEN };
    let lines = two.line(engine, 1, 10_000) + &two.line(engine, 2, 2_345);
    for said in [&[10_000, 2_344][..], &[12_345], &[10_000, 2_345, 0], &[]] {
        attempts.add(
            &["EAPD-G13"],
            lines.clone() + &Filing { lines: said, kind: "rectified", ..two }.seal(engine, &now),
        );
    }
    let lying = two.seal(engine, &now).replace("'declared'", "'nil'");
    attempts.add(&["EAPD-G13", "CHECK constraint failed", "23514"], lines.clone() + &lying);

    // A manager's version says why and on which document.
    let managers = Filing { kind: "annulled", ..Filing::nil(FILED, OPEN - 1, 2) }.sql(engine, &now);
    for reasons in ["NULL, NULL", "NULL, 'Piece 1'", "'essai', NULL", "'', 'Piece 1'", "'essai', ' '"] {
        attempts.add(&CHECK, managers.replace("'essai', 'Piece 1'", reasons));
    }
    attempts.add(&CHECK, managers.replace("'annulled'", "'Annulled'"));
    attempts.add(&CHECK, lines.clone().replace("'C01', 1,", "'C01', 4,"));
    attempts.add(&CHECK, two.line(engine, 1, 0));
    let (amount, none) = (sql::euros(engine, 7), sql::euros(engine, 0));
    for values in [
        // Negative; co-financed beyond the payment; own resources that are not the difference.
        "-7, 0, -7",
        "7, 8, -1",
        "7, -1, 8",
        "7, 0, 8",
        "7, 1, 7",
    ] {
        attempts.add(&CHECK, two.line(engine, 1, 7).replace(&format!("{amount}, {none}, {amount}"), values));
    }
}

/// Reservations that come with no filing of their agent's, or after it; answers that nobody gave, or too late.
fn reservations(attempts: &mut Attempts, engine: Engine, times: Times) {
    let (now, until) = (times.at(0), in_thirty_days(times));
    let own = |version: u16| nil_by(engine, "P9", version, &now);
    // What counts already is never put in doubt, nor what is to come far ahead.
    for version in [0, 1, 2, 4] {
        attempts.add(&["EAPD-G20", UNIQUE], reservation(version, "A4", &until));
    }
    attempts.add(&["FOREIGN KEY constraint failed", "23503"], reservation(3, "A4", &until));
    // Of another agent, of a request that was answered, that is of another body, that is none.
    attempts.add(&["EAPD-G20"], reservation(3, "A4", &until) + &nil_by(engine, "P8", 3, &now));
    for other in ["A1", "A2", "A3", "A9"] {
        attempts.add(&["EAPD-G20"], reservation(3, other, &until) + &own(3));
    }
    for seconds in [0, 86_400, 31 * 86_400, 30 * 86_400 + 1] {
        attempts.add(&["EAPD-G20"], reservation(3, "A4", &times.at(seconds)) + &own(3));
    }
    let managers = Filing { kind: "annulled", ..Filing::nil(RESERVED, OPEN - 1, 3) }.sql(engine, &now);
    attempts.add(&["EAPD-G20"], reservation(3, "A4", &until) + &managers.replace("'P2'", "'P9'"));
    // A manager decides once it is answered.
    attempts.add(&["EAPD-G21"], managers);
    for outcome_of in ["accepted", "refused"] {
        attempts.add(&["EAPD-G20"], outcome(2, outcome_of, &now));
        attempts.add(&["EAPD-G03", "EAPD-G20", UNIQUE], outcome(1, outcome_of, &now));
        attempts.add(&["EAPD-G20"], outcome(3, outcome_of, &now));
        attempts.add(&["EAPD-G10"], outcome(2, outcome_of, &times.at(-300)));
    }
    attempts.add(&["EAPD-G20"], answer("A4", "refused", &now) + &outcome(2, "accepted", &now));
    attempts.add(&["EAPD-G20"], answer("A4", "accepted", &now) + &outcome(2, "refused", &now));
    attempts.add(&["EAPD-G20"], answer("A4", "accepted", &now) + &outcome(2, "accepted", &times.at(-1)));
    attempts
        .add(&["CHECK", "23514", "EAPD-G20"], answer("A4", "accepted", &now) + &outcome(2, "pending", &now));
}

fn decisions(attempts: &mut Attempts, times: Times) {
    let now = times.at(0);
    let old = times.at(-300);
    // Extensions: dated in the past, moving nothing later, decided at another time, too late.
    attempts.add(&["EAPD-G06"], sql::extension(OVER, 1, &times.day(-1), &now));
    attempts.add(&["EAPD-G06"], sql::extension(OVER, 1, &times.day(-25), &now));
    for days in [-1, 8, 10, 12] {
        attempts.add(&["EAPD-G06"], sql::extension(OPEN, 2, &times.day(days), &now));
    }
    for (campaign, revision) in [(OPEN, 2), (OVER, 1), (SETTLED, 1)] {
        attempts.add(&["EAPD-G10"], sql::extension(campaign, revision, &times.day(20), &old));
        attempts.add(&["EAPD-G03"], sql::extension(campaign, revision + 1, &times.day(20), &now));
    }
    for campaign in [SETTLED, CANCELLED] {
        attempts.add(&["EAPD-G06"], sql::extension(campaign, 1, &times.day(20), &now));
    }
    attempts
        .add(&["EAPD-G05", "23514"], sql::extension(OVER, 1, &times.day(20), &now).replacen("T2", "T1", 1));

    // Days: fixed once the window has opened.
    for campaign in [OPEN, OVER, SETTLED, CANCELLED] {
        attempts.add(&["EAPD-G04"], sql::dates(campaign, 2, &times.day(-90), &times.day(90), &now));
        attempts.add(
            &["EAPD-G10"],
            sql::dates(campaign, 2, &times.day(-90), &times.day(90), times.at(-86_400 * 95)),
        );
    }
    attempts.add(&["EAPD-G03"], sql::dates(PLANNED, 1, &times.day(40), &times.day(90), &now));
    attempts.add(&["EAPD-G03"], sql::dates(PLANNED, 3, &times.day(40), &times.day(90), &now));
    attempts.add(&CHECK, sql::dates(PLANNED, 2, &times.day(40), &times.day(39), &now));

    // States.
    for (campaign, step) in
        [(OPEN, "settled"), (PLANNED, "settled"), (OPEN, "published"), (OVER, "published")]
    {
        attempts.add(&["EAPD-G15"], sql::step(campaign, step, &now));
    }
    for campaign in [OPEN, OVER, SETTLED] {
        attempts.add(&["EAPD-G15"], sql::step(campaign, "cancelled", &now));
    }
    for step in ["settled", "published"] {
        attempts.add(&["EAPD-G03", UNIQUE], sql::step(SETTLED, step, &now));
        attempts.add(&["EAPD-G15"], sql::step(CANCELLED, step, &now));
        attempts.add(&["EAPD-G10"], sql::step(OVER, step, &old));
    }
    attempts.add(&CHECK, sql::step(OVER, "open", &now));
    attempts.add(&["EAPD-G10"], sql::campaign(2110, &old));
    attempts.add(&["EAPD-G03", UNIQUE], sql::campaign(OPEN, &now));

    // Derogations and their ends.
    attempts.add(&["EAPD-G07"], sql::filing_derogation(3, SILENT, SETTLED, &times.day(5), &now));
    attempts.add(&["EAPD-G07"], sql::filing_derogation(3, SILENT, CANCELLED, &times.day(5), &now));
    attempts.add(&["EAPD-G07"], sql::filing_derogation(3, SILENT, OVER, &times.day(-1), &now));
    attempts.add(&["EAPD-G10"], sql::filing_derogation(3, SILENT, OVER, &times.day(5), &old));
    for id in [0, 1, 2, 4] {
        attempts.add(&["EAPD-G03"], sql::filing_derogation(id, SILENT, OVER, &times.day(5), &now));
    }
    attempts.add(&["EAPD-G10"], sql::revocation(1, &old));
    attempts.add(&["EAPD-G07"], sql::revocation(9, &now));
    attempts.add(&["EAPD-G07", "EAPD-G10"], sql::revocation(1, times.at(-100)));
    attempts.add(&["EAPD-G03", UNIQUE], sql::revocation(2, &now));
    // A derogation that was revoked acts no more.
    attempts.add(&["EAPD-G12"], Filing::nil(SILENT, OVER - 1, 1).sql(Engine::Sqlite, &now));

    // Parents: no cascade takes their children along.
    for parent in ["campaign", "call", "derogation", "collectivity", "filing"] {
        attempts.add(&["EAPD-G0", "42501"], format!("DELETE FROM {parent};"));
    }
    for change in ["id = '200000032'", "siren = '200000032', id = '200000032'", "siren = NULL"] {
        attempts.add(&["EAPD-G02"], format!("UPDATE collectivity SET {change} WHERE id = '{FILED}';"));
    }
    attempts.add(&["EAPD-G02", UNIQUE], sql::collectivity(FILED));
}
