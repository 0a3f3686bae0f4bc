//! What only `sqlite3` can try.

use super::Attempts;
use crate::guards::lived_in::{FILED, IN_OPEN, LATE, OPEN, OVER, SETTLED, SILENT, Times};
use crate::support::Engine;
use crate::support::sql::{self, Filing};

pub fn on_sqlite(times: Times) -> Attempts {
    let engine = Engine::Sqlite;
    let now = times.at(0);
    let old = times.at(-86_400 * 5);
    let mut attempts = Attempts::default();
    let back_dated = Filing::nil(SILENT, OPEN - 1, 1).sql(engine, &old);
    // Nobody checks foreign keys for sqlite3 unless asked to: the guards do.
    let orphan = Filing { version: 2, ..IN_OPEN }.line(engine, 1, 100);
    attempts.add(&["EAPD-G18"], orphan.clone());
    attempts.add(&["EAPD-G18"], format!("PRAGMA foreign_keys = OFF;\n{orphan}"));
    attempts.add(
        &["EAPD-G18"],
        format!("CREATE TEMP TABLE pragma_foreign_keys AS SELECT 1 AS foreign_keys;\n{orphan}"),
    );
    attempts.add(&["EAPD-G18"], Filing::nil("200000099", OPEN - 1, 1).sql(engine, &now));
    attempts.add(
        &["FOREIGN KEY"],
        format!("PRAGMA foreign_keys = ON;\n{}", Filing::nil("200000099", OPEN - 1, 1).sql(engine, &now)),
    );
    // A table of the session that says this is a demonstration, or that no window ever closed.
    for lie in [
        "CREATE TEMP TABLE instance AS SELECT 1 AS id, 1 AS demonstration;",
        "ATTACH ':memory:' AS other; CREATE TABLE other.instance AS SELECT 1 AS id, 1 AS demonstration;",
    ] {
        attempts.add(&["EAPD-G10"], format!("PRAGMA foreign_keys = ON;\n{lie}\n{back_dated}"));
    }
    attempts.add(
        &["EAPD-G12"],
        format!(
            "PRAGMA foreign_keys = ON;\nCREATE TEMP TABLE campaign_window AS SELECT {OVER} AS campaign, \
             '2000-01-01T00:00:00Z' AS opens_at, '2999-01-01T00:00:00Z' AS closes_at;\n{}",
            Filing::nil(SILENT, OVER - 1, 1).sql(engine, &now)
        ),
    );
    // Instants in another spelling would not sort, or would not be read back.
    for other in [
        now.replace('T', " "),
        now.replace('Z', ""),
        now.replace('Z', "+00:00"),
        now.replace('Z', ".5Z"),
        "now".to_owned(),
        String::new(),
    ] {
        attempts.add(
            &["EAPD-G10"],
            sql::opening(engine).to_owned() + &Filing::nil(SILENT, OPEN - 1, 1).sql(engine, other),
        );
    }
    // A day that no calendar has, which SQLite's own functions take for one of the month after.
    for day in ["2102-02-30", "2102-06-31", "2102-6-30", "2102-06-30 "] {
        for hour in [22, 23] {
            attempts.add(
                &["EAPD-G05"],
                format!(
                    "PRAGMA foreign_keys = ON;\nINSERT INTO extension (campaign, revision, closes_on, closes_at, \
                     reason, decided_by, decided_at) VALUES ({OVER}, 1, '{day}', '{day}T{hour}:00:00Z', 'essai', \
                     'P1', '{now}');"
                ),
            );
        }
    }
    // Without CHECK a kind of its own would pass for a manager's.
    let unknown = Filing::nil(SILENT, SETTLED - 1, 1).sql(engine, &now).replace("'nil'", "'other'");
    attempts.add(
        &["EAPD-G11"],
        format!("PRAGMA foreign_keys = ON; PRAGMA ignore_check_constraints = ON;\n{unknown}"),
    );
    attempts.add(
        &["EAPD-G01"],
        "PRAGMA ignore_check_constraints = ON;\nINSERT INTO instance (id, demonstration, created_at) VALUES (2, 1, '');",
    );
    let checked = sql::opening(engine).to_owned();
    // Replacing by another key than the primary one.
    attempts.add(
        &["EAPD-G0"],
        checked.clone() + &IN_OPEN.line(engine, 1, 1).replacen("INSERT", "INSERT OR REPLACE", 1),
    );
    attempts.add(
        &["EAPD-G03"],
        checked.clone() + &IN_OPEN.receipt(&now).replacen("INSERT", "REPLACE", 1).replace("'R-", "'S-"),
    );
    attempts.add(
        &["EAPD-G02"],
        format!(
            "REPLACE INTO collectivity (id, siren, millesime, source, sort_key) VALUES ('{FILED}', '{FILED}', 1, 'x', 'x');"
        ),
    );
    attempts.add(
        &["EAPD-G02"],
        format!("UPDATE OR REPLACE collectivity SET id = '{LATE}', siren = '{LATE}' WHERE id = '{FILED}';"),
    );
    // Text where a number is meant, and the reverse, is converted before the guards look.
    attempts
        .add(&["EAPD-G08"], checked + &IN_OPEN.line(engine, 9, 100).replace(&format!("'{FILED}'"), FILED));
    // No rowid to go by.
    attempts.add(&["no such column: rowid"], "UPDATE filing SET filed_by = 'X' WHERE rowid = 1;");
    attempts.add(&["cannot modify"], "DELETE FROM effective_filing;");
    attempts
}
