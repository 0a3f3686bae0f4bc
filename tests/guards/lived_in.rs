//! A production database in which everything has happened, made by SQL alone:
//! an open campaign, one over, one settled and published, one planned, one
//! cancelled, with a row in every guarded table.

use eapd::clock::{Clock, SystemClock};
use eapd::config::Profile;
use eapd::domain::day::Day;
use eapd::domain::instant::Instant;

use crate::support::sql::{self, Filing};
use crate::support::{Engine, Instance, template};

pub const OPEN: u16 = 2101;
pub const OVER: u16 = 2100;
pub const SETTLED: u16 = 2099;
pub const PLANNED: u16 = 2102;
pub const CANCELLED: u16 = 2103;
/// A flow year without campaign.
pub const BEFORE: u16 = 2090;

/// Filed in the open campaign: two lines and a receipt.
pub const FILED: &str = "200000008";
/// Filed nothing, anywhere.
pub const SILENT: &str = "200000016";
/// May file in the campaign that is over, by derogation 1, and did.
pub const LATE: &str = "200000024";

/// Filed in the open campaign sous réserve: a version that was accepted, and one that awaits the answer.
pub const RESERVED: &str = "200000040";

/// The filing of the open campaign.
pub const IN_OPEN: Filing<'_> =
    Filing { siren: FILED, flow_year: OPEN - 1, version: 1, kind: "declared", lines: &[10_000, 2_345] };
/// The late filing of the campaign that is over.
pub const IN_OVER: Filing<'_> =
    Filing { siren: LATE, flow_year: OVER - 1, version: 1, kind: "declared", lines: &[777] };
/// The manager's version of the settled campaign.
pub const IN_SETTLED: Filing<'_> =
    Filing { siren: FILED, flow_year: SETTLED - 1, version: 1, kind: "taken_over", lines: &[50_000] };

/// Now, and the days around it: production compares with the engine's own clock.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    now: Instant,
}

impl Times {
    pub fn now() -> Self {
        Self { now: SystemClock.now() }
    }

    /// So many seconds from now.
    pub fn at(self, seconds: i64) -> String {
        self.now.plus_seconds(seconds).to_rfc3339()
    }

    /// The civil day in Paris, so many days from now.
    pub fn day(self, days: i64) -> String {
        let day: Day = self.now.plus_seconds(days * 86_400).day_in_paris();
        day.to_iso()
    }
}

/// The database, filled at `times`.
pub async fn instance(engine: Engine, times: Times) -> Instance {
    let instance = template::instance(engine, Profile::Production).await;
    instance.must(&(sql::opening(engine).to_owned() + &sql::transaction(&script(engine, times))));
    instance
}

fn script(engine: Engine, times: Times) -> String {
    let now = times.at(0);
    let mut script = String::new();
    script += &[FILED, SILENT, LATE, RESERVED].map(sql::collectivity).concat();
    for (year, from, to) in
        [(OPEN, -10, 10), (OVER, -40, -20), (SETTLED, -80, -60), (PLANNED, 30, 60), (CANCELLED, 70, 90)]
    {
        script += &sql::campaign(year, &now);
        script += &sql::dates(year, 1, &times.day(from), &times.day(to), &now);
    }
    script += &sql::extension(OPEN, 1, &times.day(12), &now);
    script += &sql::step(CANCELLED, "cancelled", &now);
    script += &sql::filing_derogation(1, LATE, OVER, &times.day(5), &now);
    script += &sql::filing_derogation(2, SILENT, OVER, &times.day(5), &now);
    script += &sql::revocation(2, &now);
    for filing in [IN_OPEN, IN_OVER, IN_SETTLED] {
        script += &filing.sql(engine, &now);
        script += &filing.receipt(&now);
    }
    script += &sql::step(SETTLED, "settled", &now);
    script += &sql::step(SETTLED, "published", &now);
    script += &call(OPEN, &now);
    script += &certificates(&now);
    script += &other_rows(engine, &now);
    script += &attachments(&now);
    script += &reserved(engine, times);
    script += &report(engine, "tresor", SETTLED - 1, 1, &now);
    script += &crs(engine, &now);
    script += &public_title(&now);
    script += &questions(&now);
    script
}

/// A question on [`IN_OPEN`] that was answered and closed, and one on [`IN_OVER`] that waits.
fn questions(now: &str) -> String {
    question("Q1", FILED, OPEN - 1, now)
        + &question_message("Q1", 1, "'Pourquoi ?'", now)
        + &question_message("Q1", 2, "'Parce que.'", now)
        + &question_end("Q1", "'none', NULL, NULL", now)
        + &question("Q2", LATE, OVER - 1, now)
        + &question_message("Q2", 1, "'Pourquoi ?'", now)
}

/// A question to a body.
pub fn question(id: &str, siren: &str, flow_year: u16, at: &str) -> String {
    format!(
        "INSERT INTO question (id, siren, flow_year, asked_as, asked_at) \
         VALUES ('{id}', '{siren}', {flow_year}, 'ministry', '{at}');\n"
    )
}

/// What is written in a question; `body` as SQL spells it.
pub fn question_message(question: &str, rank: u8, body: &str, at: &str) -> String {
    format!(
        "INSERT INTO question_message (question, rank, body, written_by, written_at) \
         VALUES ('{question}', {rank}, {body}, 'P1', '{at}');\n"
    )
}

/// The end of a question; `outcome` is the outcome, the derogation and the version, as SQL spells them.
pub fn question_end(question: &str, outcome: &str, at: &str) -> String {
    format!(
        "INSERT INTO question_end (question, outcome, derogation, version, closed_by, closed_at) \
         VALUES ('{question}', {outcome}, 'P1', '{at}');\n"
    )
}

/// A call for projects that requires the flow year of `campaign`.
fn call(campaign: u16, now: &str) -> String {
    format!(
        "INSERT INTO call_year (call, flow_year) VALUES ('AAP-{campaign}', {});\n\
         INSERT INTO call (code, title, group_rule, founding_text, created_by, created_at) \
         VALUES ('AAP-{campaign}', 'Appel', 'all', 'Texte', 'P1', '{now}');\n",
        campaign - 1
    )
}

/// Two certificates on a body and the call of the open campaign, the first one revoked.
fn certificates(now: &str) -> String {
    certificate("CERTIFICATE1", 1, now)
        + &certificate("CERTIFICATE2", 2, now)
        + &format!(
            "INSERT INTO certificate_revocation (number, reason, decided_by, decided_at) \
             VALUES ('CERTIFICATE1', 'Erreur', 'P1', '{now}');\n"
        )
}

/// A certificate on [`SILENT`] and the call of the open campaign.
pub fn certificate(number: &str, rank: u8, issued_at: &str) -> String {
    format!(
        "INSERT INTO certificate (number, siren, call, rank, facts, sha256, journal_head, issued_by, issued_at) \
         VALUES ('{number}', '{SILENT}', 'AAP-{OPEN}', {rank}, '{{}}', 'a', 'h1', 'P1', '{issued_at}');\n"
    )
}

/// Attachments of an agent: one accepted, then ended; one that waits.
fn attachments(now: &str) -> String {
    let person = "INSERT INTO person (id, kind, name, created_at) VALUES ('P7', 'agent', 'Agent fictif'";
    let asked = |id: &str, siren: &str| {
        format!(
            "INSERT INTO attachment (id, person, siren, ordinal, asked_at) VALUES ('{id}', 'P7', '{siren}', 1, '{now}');\n"
        )
    };
    let step = |revision: u8, step: &str| {
        format!(
            "INSERT INTO attachment_step (attachment, revision, step, how, decided_by, decided_at) \
             VALUES ('A1', {revision}, '{step}', 'peer', 'P1', '{now}');\n"
        )
    };
    format!("{person}, '{now}');\n")
        + &asked("A1", FILED)
        + &step(1, "accepted")
        + &step(2, "detached")
        + &asked("A2", SILENT)
}

/// The request of an agent to act for [`RESERVED`].
pub fn asked(id: &str, person: &str, now: &str) -> String {
    format!(
        "INSERT INTO attachment (id, person, siren, ordinal, asked_at) VALUES ('{id}', '{person}', '{RESERVED}', 1, '{now}');\n"
    )
}

/// A version of [`RESERVED`] sous réserve until `until`.
pub fn reservation(version: u8, attachment: &str, until: &str) -> String {
    format!(
        "INSERT INTO reservation (flow_year, siren, version, attachment, until_at) \
         VALUES ({}, '{RESERVED}', {version}, '{attachment}', '{until}');\n",
        OPEN - 1
    )
}

/// What became of it.
pub fn outcome(version: u8, outcome: &str, now: &str) -> String {
    format!(
        "INSERT INTO reservation_outcome (flow_year, siren, version, outcome, decided_by, decided_at) \
         VALUES ({}, '{RESERVED}', {version}, '{outcome}', 'P1', '{now}');\n",
        OPEN - 1
    )
}

/// A nil of [`RESERVED`], by an agent.
pub fn nil_by(engine: Engine, person: &str, version: u16, now: &str) -> String {
    Filing::nil(RESERVED, OPEN - 1, version).sql(engine, now).replace("'P2'", &format!("'{person}'"))
}

/// The answer to a request.
pub fn answer(attachment: &str, step: &str, now: &str) -> String {
    format!(
        "INSERT INTO attachment_step (attachment, revision, step, how, decided_by, decided_at) \
         VALUES ('{attachment}', 1, '{step}', 'peer', 'P1', '{now}');\n"
    )
}

/// 30 days from now.
pub fn in_thirty_days(times: Times) -> String {
    times.at(30 * 86_400)
}

/// Two versions sous réserve: one was accepted, one awaits the answer.
fn reserved(engine: Engine, times: Times) -> String {
    let (now, until) = (times.at(0), in_thirty_days(times));
    let person = |id: &str| {
        format!(
            "INSERT INTO person (id, kind, name, created_at) VALUES ('{id}', 'agent', 'Agent fictif', '{now}');\n"
        )
    };
    person("P8")
        + &person("P9")
        + &asked("A3", "P8", &now)
        + &asked("A4", "P9", &now)
        + &reservation(1, "A3", &until)
        + &nil_by(engine, "P8", 1, &now)
        + &answer("A3", "accepted", &now)
        + &outcome(1, "accepted", &now)
        + &reservation(2, "A4", &until)
        + &nil_by(engine, "P9", 2, &now)
}

/// A public title in place of the one that [`IN_OPEN`] declares.
fn public_title(now: &str) -> String {
    format!(
        "INSERT INTO public_title (flow_year, siren, reference, revision, declared_sha256, title, reason, decided_by, \
         decided_at) VALUES ({}, '{FILED}', 'L1', 1, 'a', 'Un puits', 'essai', 'P1', '{now}');\n",
        OPEN - 1
    )
}

/// A past amount, an expected body, two entries of the journal.
fn other_rows(engine: Engine, now: &str) -> String {
    format!(
        "INSERT INTO past_amount (flow_year, siren, revision, nil, amount, source, recorded_by, recorded_at) \
         VALUES ({BEFORE}, '{FILED}', 1, FALSE, {}, 'Bilan', 'P1', '{now}');\n\
         INSERT INTO expected (campaign, siren, revision, expected, origin, reason, decided_by, decided_at) \
         VALUES ({OPEN}, '{FILED}', 1, TRUE, 'list', 'Liste', 'P1', '{now}');\n\
         INSERT INTO journal (seq, at, actor, action, subject, previous, hash) \
         VALUES (1, '{now}', 'P1', 'essai', 's', '', 'h1'), (2, '{now}', 'P1', 'essai', 's', 'h1', 'h2');\n",
        sql::euros(engine, 123_456)
    )
}

/// A released report.
pub fn report(engine: Engine, name: &str, flow_year: u16, edition: u16, released_at: &str) -> String {
    format!(
        "INSERT INTO report_release (name, flow_year, format, edition, bytes, sha256, content_sha256, line_count, \
         total_own, journal_head, released_by, released_at) VALUES ('{name}', {flow_year}, 'xml', {edition}, {}, 'a', \
         'b', 1, {}, 'h2', 'P1', '{released_at}');\n",
        sql::bytes(engine, "00ff"),
        sql::euros(engine, 50_000)
    )
}

/// The identifiers of the CRS that editions of the settled year gave, and what one told.
fn crs(engine: Engine, now: &str) -> String {
    let year = SETTLED - 1;
    report(engine, "ocde-crs", year, 1, now)
        + &report(engine, "ocde-crs-regroupe", year, 1, now)
        + &format!(
            "INSERT INTO crs_activity (siren, reference, crs_id, flow_year, edition) \
             VALUES ('{FILED}', 'L1', '{year}000001', {year}, 1);\n\
             INSERT INTO crs_release_line (flow_year, edition, siren, reference, crs_id, version, nature, digest) \
             VALUES ({year}, 1, '{FILED}', 'L1', '{year}000001', 1, 8, 'a');\n\
             INSERT INTO crs_group (flow_year, recipient, purpose, channel, aid_type, crs_id, edition) \
             VALUES ({year}, '255', '14030', '22000', 'C01', '{year}900000', 1);\n"
        )
}

/// Every row of every table, to compare before with after.
pub fn dump(instance: &Instance) -> String {
    match instance.engine {
        Engine::Sqlite => instance.must(".dump"),
        Engine::Postgres => {
            let tables = super::verbs::TABLES.iter().map(|guarded| guarded.table);
            let others = ["collectivity", "succession", "associated_region", "draft", "person"];
            let rows = tables.chain(others).map(|table| format!("SELECT '{table}', t::text FROM {table} t"));
            instance.must(&format!("{} ORDER BY 1, 2;", rows.collect::<Vec<_>>().join(" UNION ALL ")))
        }
    }
}
