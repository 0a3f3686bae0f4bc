//! Table by verb: every statement that would change, remove or replace a row
//! is refused, and refused before it does anything.

use super::lived_in::{self, Times, dump};
use crate::support::{Engine, Instance, Role};

/// A table to which rows are only added.
pub struct Guarded {
    pub table: &'static str,
    /// Its primary key.
    key: &'static str,
    /// A change that would do harm.
    change: &'static str,
}

/// What is written of the journal.
const JOURNAL: &str = "seq, at, actor, action, subject, before, after, previous, hash";

const fn guarded(table: &'static str, key: &'static str, change: &'static str) -> Guarded {
    Guarded { table, key, change }
}

pub const TABLES: [Guarded; 30] = [
    guarded("filing", "flow_year, siren, version", "filed_by = 'X'"),
    guarded("line", "flow_year, siren, version, position", "title = 'X'"),
    guarded("receipt", "number", "sha256 = 'X'"),
    guarded("extension", "campaign, revision", "reason = 'X'"),
    guarded("derogation", "id", "reason = 'X'"),
    guarded("revocation", "derogation", "reason = 'X'"),
    guarded("report_release", "name, flow_year, format, edition", "sha256 = 'X'"),
    guarded("journal", "seq", "action = 'X'"),
    guarded("campaign", "year", "created_by = 'X'"),
    guarded("campaign_dates", "campaign, revision", "decided_by = 'X'"),
    guarded("campaign_step", "campaign, step", "reason = 'X'"),
    guarded("certificate", "number", "facts = 'X'"),
    guarded("certificate_revocation", "number", "reason = 'X'"),
    guarded("call", "code", "title = 'X'"),
    guarded("call_year", "call, flow_year", "flow_year = 1999"),
    guarded("past_amount", "flow_year, siren, revision", "source = 'X'"),
    guarded("expected", "campaign, siren, revision", "reason = 'X'"),
    guarded("attachment", "id", "person = 'X'"),
    guarded("attachment_step", "attachment, revision", "step = 'refused'"),
    guarded("reservation", "flow_year, siren, version", "attachment = 'X'"),
    guarded("reservation_outcome", "flow_year, siren, version", "outcome = 'refused'"),
    guarded("public_title", "flow_year, siren, reference, revision", "title = 'X'"),
    guarded("crs_activity", "siren, reference", "crs_id = '2098000009'"),
    guarded("crs_group", "flow_year, recipient, purpose, channel, aid_type", "crs_id = '2098900009'"),
    guarded("crs_release_line", "flow_year, edition, siren, reference, crs_id", "digest = 'X'"),
    guarded("question", "id", "reference = 'X'"),
    guarded("question_message", "question, rank", "written_by = 'X'"),
    guarded("question_end", "question", "closed_by = 'X'"),
    guarded("collectivity_state", "collectivity, from_year, revision", "name = 'X'"),
    guarded("instance", "id", "demonstration = TRUE"),
];

impl Guarded {
    /// Every statement that would harm the table, as the engine spells it.
    fn attempts(&self, engine: Engine) -> Vec<String> {
        let Self { table, key, change } = self;
        // One has a column that follows from the others, which nobody writes.
        let (into, all) = match *table {
            "journal" => (format!("journal ({JOURNAL})"), JOURNAL),
            _ => ((*table).to_owned(), "*"),
        };
        let same: Vec<_> = key.split(", ").map(|column| format!("t.{column} = s.{column}")).collect();
        let same = same.join(" AND ");
        let mut attempts = vec![
            format!("UPDATE {table} SET {change};"),
            format!("WITH x AS (SELECT 1) UPDATE {table} SET {change};"),
            format!("DELETE FROM {table};"),
            format!("DELETE FROM {table} WHERE 1 = 1;"),
            format!(
                "INSERT INTO {into} SELECT {all} FROM {table} WHERE TRUE ON CONFLICT ({key}) DO UPDATE SET {change};"
            ),
        ];
        attempts.extend(match engine {
            Engine::Sqlite => vec![
                format!("UPDATE OR REPLACE {table} SET {change};"),
                format!("UPDATE OR IGNORE {table} SET {change};"),
                format!("REPLACE INTO {into} SELECT {all} FROM {table};"),
                format!("INSERT OR REPLACE INTO {into} SELECT {all} FROM {table};"),
                format!("INSERT OR IGNORE INTO {into} SELECT {all} FROM {table};"),
                format!("INSERT OR ROLLBACK INTO {into} SELECT {all} FROM {table};"),
                format!(
                    "INSERT INTO {into} SELECT {all} FROM {table} WHERE TRUE ON CONFLICT DO UPDATE SET {change};"
                ),
                format!("UPDATE {table} SET {change} FROM (SELECT 1) AS other;"),
            ],
            Engine::Postgres => vec![
                format!("TRUNCATE {table} CASCADE;"),
                format!("WITH gone AS (DELETE FROM {table} RETURNING *) SELECT COUNT(*) FROM gone;"),
                format!(
                    "MERGE INTO {table} t USING {table} s ON {same} WHEN MATCHED THEN UPDATE SET {change};"
                ),
                format!("MERGE INTO {table} t USING {table} s ON {same} WHEN MATCHED THEN DELETE;"),
                format!("UPDATE ONLY {table} SET {change};"),
            ],
        });
        attempts
    }
}

/// Runs one attempt: it has to fail with one of `refusals` and to leave `before` as it was.
pub fn refused(
    instance: &Instance,
    role: Role,
    sql: &str,
    refusals: &[&str],
    before: &str,
) -> Result<(), String> {
    let outcome = instance.sql_as(role, sql);
    if outcome.done() {
        return Err(format!("accepted: {sql}"));
    }
    if !refusals.iter().any(|refusal| outcome.stderr.contains(refusal)) {
        return Err(format!("refused, but not by {refusals:?}: {sql}\n{}", outcome.stderr));
    }
    if dump(instance) != before {
        return Err(format!("refused, yet something changed: {sql}"));
    }
    Ok(())
}

/// Every table, every statement, after each of `preludes`.
fn walk(instance: &Instance, role: Role, preludes: &[&str], refusal: &str) {
    let before = dump(instance);
    for Guarded { table, .. } in &TABLES {
        let rows = instance.must(&format!("SELECT COUNT(*) > 0 FROM {table};"));
        assert!(["1", "t"].contains(&rows.trim()), "{table} is empty: nothing to guard");
    }
    let mut holes = Vec::new();
    let mut attempts = 0_u32;
    for guarded in &TABLES {
        for attempt in guarded.attempts(instance.engine) {
            for prelude in preludes {
                attempts += 1;
                let sql = format!("{prelude}{attempt}");
                holes.extend(refused(instance, role, &sql, &[refusal], &before).err());
            }
        }
    }
    assert!(holes.is_empty(), "{} of {attempts} attempts\n{}", holes.len(), holes.join("\n"));
}

/// The `sqlite3` command: nobody checks foreign keys for it unless asked to.
#[tokio::test]
async fn sqlite_refuses_every_verb_on_every_guarded_table() {
    let preludes = [
        "",
        "PRAGMA foreign_keys = ON; PRAGMA defer_foreign_keys = ON; PRAGMA recursive_triggers = ON;\n",
        "PRAGMA foreign_keys = ON; PRAGMA ignore_check_constraints = ON; PRAGMA recursive_triggers = OFF;\n",
    ];
    walk(&lived_in::instance(Engine::Sqlite, Times::now()).await, Role::Application, &preludes, "EAPD-G");
}

#[tokio::test]
async fn postgres_refuses_the_application_role_every_verb_on_every_guarded_table() {
    walk(
        &lived_in::instance(Engine::Postgres, Times::now()).await,
        Role::Application,
        &[""],
        "ERROR:  42501: permission denied",
    );
}

/// The second wall: even the role that owns the tables is refused by the triggers.
#[tokio::test]
async fn postgres_refuses_the_owner_too() {
    walk(&lived_in::instance(Engine::Postgres, Times::now()).await, Role::Owner, &[""], "EAPD-G");
}
