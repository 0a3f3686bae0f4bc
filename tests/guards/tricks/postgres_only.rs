//! What only `psql` as the application role can try.

use super::Attempts;
use crate::guards::lived_in::{BEFORE, FILED, IN_OPEN, OPEN, OVER, SETTLED, SILENT, Times};
use crate::support::Engine;
use crate::support::sql::{self, Filing};

pub fn on_postgres(times: Times) -> Attempts {
    let engine = Engine::Postgres;
    let now = times.at(0);
    let back_dated = Filing::nil(SILENT, OPEN - 1, 1).sql(engine, times.at(-86_400 * 5));
    let late = Filing::nil(SILENT, OVER - 1, 1).sql(engine, &now);
    let mut attempts = Attempts::default();
    // Rights it does not have.
    for sql in [
        "SET session_replication_role = replica;",
        "ALTER TABLE filing DISABLE TRIGGER ALL;",
        "ALTER TABLE filing DISABLE TRIGGER filing_guard;",
        "DROP TRIGGER filing_guard ON filing;",
        "DROP TABLE line;",
        "ALTER TABLE filing ALTER COLUMN reason DROP NOT NULL;",
        "CREATE OR REPLACE FUNCTION eapd_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';",
        "CREATE TABLE public.own (id INTEGER);",
        "CREATE TEMP TABLE own () INHERITS (filing);",
        "CREATE SCHEMA own;",
        "SET ROLE eapd_owner;",
        "SELECT eapd_grant('DELETE', 'filing');",
        "SELECT eapd_append_only('filing', 'x');",
        "INSERT INTO instance (id, demonstration, created_at) VALUES (1, TRUE, now());",
        "SELECT * FROM filing FOR UPDATE;",
        "BEGIN; LOCK TABLE filing IN ACCESS EXCLUSIVE MODE;",
    ] {
        attempts.add(&["42501"], sql);
    }
    // A table of the session that says this is a demonstration, or that no window ever closed.
    let lie = "CREATE TEMP TABLE instance AS SELECT 1 AS id, TRUE AS demonstration;";
    for path in ["", "SET search_path = pg_temp, public;", "SET search_path = public, pg_temp;"] {
        attempts.add(&["EAPD-G10"], format!("{lie}\n{path}\n{back_dated}"));
    }
    attempts.add(
        &["EAPD-G12"],
        format!(
            "CREATE TEMP TABLE campaign_window AS SELECT {OVER} AS campaign, '-infinity'::timestamptz AS opens_at, \
             'infinity'::timestamptz AS closes_at;\n{late}"
        ),
    );
    attempts.add(
        &["EAPD-G11"],
        format!(
            "CREATE TEMP TABLE campaign_step (campaign INTEGER, step TEXT, decided_at TIMESTAMPTZ);\n{}",
            Filing::nil(SILENT, SETTLED - 1, 1).sql(engine, &now)
        ),
    );
    // A snapshot from before a settlement would not see it.
    for level in ["REPEATABLE READ", "SERIALIZABLE"] {
        let begin = format!("BEGIN ISOLATION LEVEL {level};");
        let filing = Filing::nil(SILENT, OPEN - 1, 1).sql(engine, &now);
        attempts.add(&["EAPD-G18"], format!("{begin}\n{filing}\nCOMMIT;"));
        attempts.add(&["EAPD-G18"], format!("{begin}\n{}\nCOMMIT;", sql::step(OVER, "settled", &now)));
        let next = Filing { version: 2, ..IN_OPEN }.line(engine, 1, 100);
        attempts.add(&["EAPD-G18"], format!("{begin}\n{next}\nCOMMIT;"));
    }
    // Not a number is larger than any: it would pass as an amount.
    let next = Filing { version: 2, ..IN_OPEN }.line(engine, 1, 7);
    attempts.add(&["23514"], next.replace("0.07", "'NaN'"));
    attempts.add(
        &["23514"],
        format!(
            "INSERT INTO past_amount (flow_year, siren, revision, nil, amount, source, recorded_by, recorded_at) \
             VALUES ({BEFORE}, '{SILENT}', 1, FALSE, 'NaN', 'Bilan', 'P1', '{now}');"
        ),
    );
    attempts.add(&["EAPD-G10"], Filing::nil(SILENT, OPEN - 1, 1).sql(engine, now.replace('Z', ".5Z")));
    attempts.add(&["EAPD-G10"], Filing::nil(SILENT, OPEN - 1, 1).sql(engine, "infinity"));
    // The bulk door has the same guards.
    let copy =
        |table: &str, columns: &str, row: &str| format!("COPY {table} ({columns}) FROM STDIN;\n{row}\n\\.\n");
    attempts.add(
        &["EAPD-G08"],
        copy(
            "line",
            "flow_year, siren, version, position, reference, title, recipient, purpose, channel, nature, aid_type, \
             bi_multi, amount_paid, cofinancing_received, own_resources",
            &format!("{}\t{FILED}\t1\t9\tL9\tPuits\tBEN\t14030\t22000\tprojet\tC01\t1\t1\t0\t1", OPEN - 1),
        ),
    );
    attempts.add(
        &["EAPD-G12"],
        copy(
            "filing",
            "flow_year, siren, version, kind, filed_at, filed_by, line_count, total_paid, total_own",
            &format!("{}\t{SILENT}\t1\tnil\t{now}\tP2\t0\t0\t0", OVER - 1),
        ),
    );
    attempts.add(
        &["EAPD-G12"],
        format!(
            "WITH late AS ({} RETURNING 1) SELECT COUNT(*) FROM late;",
            late.trim_end().trim_end_matches(';')
        ),
    );
    attempts.add(
        &["EAPD-G12"],
        format!(
            "MERGE INTO filing t USING (SELECT 1) s ON FALSE WHEN NOT MATCHED THEN INSERT (flow_year, siren, version, \
             kind, filed_at, filed_by, line_count, total_paid, total_own) VALUES ({}, '{SILENT}', 1, 'nil', '{now}', \
             'P2', 0, 0, 0);",
            OVER - 1
        ),
    );
    attempts
}
