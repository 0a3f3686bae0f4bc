//! Statements that write the rows of a test by hand, past the program.
//!
//! They give text, to be run alone, in a transaction, or as an attempt that
//! has to fail. What the two engines write differently is here only.

use std::fmt::Display;

use eapd::domain::day::Day;

use super::Engine;

/// An amount of `cents` as the engine stores it.
pub fn euros(engine: Engine, cents: i64) -> String {
    match engine {
        Engine::Sqlite => cents.to_string(),
        Engine::Postgres => format!("{}.{:02}", cents / 100, cents % 100),
    }
}

/// Bytes as the engine writes them.
pub fn bytes(engine: Engine, hexadecimal: &str) -> String {
    match engine {
        Engine::Sqlite => format!("X'{hexadecimal}'"),
        Engine::Postgres => format!("'\\x{hexadecimal}'"),
    }
}

/// `statements` in one transaction.
pub fn transaction(statements: &str) -> String {
    format!("{BEGIN}\n{statements}\nCOMMIT;\n")
}

/// `statements` tried, then undone.
pub fn tried(statements: &str) -> String {
    format!("{BEGIN}\n{statements}\nROLLBACK;\n")
}

const BEGIN: &str = "BEGIN;";

/// What the program says first on every connection to SQLite.
pub fn opening(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "PRAGMA foreign_keys = ON;\n",
        Engine::Postgres => "",
    }
}

/// A collectivity of the register, with its first state.
pub fn collectivity(siren: &str) -> String {
    format!(
        "INSERT INTO collectivity_state (collectivity, from_year, revision, kind, code, name, departement, region, \
         population, reason, recorded_at) VALUES ('{siren}', 0, 1, 'commune', '99{siren}', 'Commune {siren}', '99', \
         '84', 1000, 'essai', '2014-01-01T00:00:00Z');\n\
         INSERT INTO collectivity (id, siren, millesime, source, sort_key) \
         VALUES ('{siren}', '{siren}', 2026, 'essai', 'commune {siren}');\n"
    )
}

/// A campaign without dates.
pub fn campaign(year: u16, decided_at: impl Display) -> String {
    format!("INSERT INTO campaign (year, created_by, created_at) VALUES ({year}, 'P1', '{decided_at}');\n")
}

/// The window of a campaign; days are ISO.
pub fn dates(year: u16, revision: u16, opens_on: &str, closes_on: &str, decided_at: impl Display) -> String {
    let (opens_at, closes_at) = (day(opens_on).starts_at(), day(closes_on).ends_at());
    format!(
        "INSERT INTO campaign_dates (campaign, revision, opens_on, closes_on, opens_at, closes_at, decided_by, \
         decided_at) VALUES ({year}, {revision}, '{opens_on}', '{closes_on}', '{}', '{}', 'P1', '{decided_at}');\n",
        opens_at.to_rfc3339(),
        closes_at.to_rfc3339()
    )
}

/// A later closing day.
pub fn extension(year: u16, revision: u16, closes_on: &str, decided_at: impl Display) -> String {
    format!(
        "INSERT INTO extension (campaign, revision, closes_on, closes_at, reason, decided_by, decided_at) \
         VALUES ({year}, {revision}, '{closes_on}', '{}', 'essai', 'P1', '{decided_at}');\n",
        day(closes_on).ends_at().to_rfc3339()
    )
}

/// `settled`, `published` or `cancelled`.
pub fn step(year: u16, step: &str, decided_at: impl Display) -> String {
    format!(
        "INSERT INTO campaign_step (campaign, step, reason, decided_by, decided_at) \
         VALUES ({year}, '{step}', 'essai', 'P1', '{decided_at}');\n"
    )
}

/// A derogation to file until the end of a day.
pub fn filing_derogation(
    id: u16,
    siren: &str,
    year: u16,
    until_on: &str,
    decided_at: impl Display,
) -> String {
    format!(
        "INSERT INTO derogation (id, kind, siren, campaign, until_on, until_at, reason, decided_by, decided_at) \
         VALUES ({id}, 'filing', '{siren}', {year}, '{until_on}', '{}', 'essai', 'P1', '{decided_at}');\n",
        day(until_on).ends_at().to_rfc3339()
    )
}

/// The end of a derogation.
pub fn revocation(derogation: u16, decided_at: impl Display) -> String {
    format!(
        "INSERT INTO revocation (derogation, reason, decided_by, decided_at) \
         VALUES ({derogation}, 'essai', 'P1', '{decided_at}');\n"
    )
}

/// A filing of any kind with lines of `cents` euro cents each, and its receipt.
#[derive(Debug, Clone, Copy)]
pub struct Filing<'a> {
    pub siren: &'a str,
    pub flow_year: u16,
    pub version: u16,
    pub kind: &'a str,
    pub lines: &'a [i64],
}

impl<'a> Filing<'a> {
    /// A signed "nothing": the shortest filing there is.
    pub const fn nil(siren: &'a str, flow_year: u16, version: u16) -> Self {
        Self { siren, flow_year, version, kind: "nil", lines: &[] }
    }

    /// The lines first, then the filing that seals them.
    pub fn sql(&self, engine: Engine, filed_at: impl Display) -> String {
        let lines: String = (1..).zip(self.lines).map(|(at, cents)| self.line(engine, at, *cents)).collect();
        lines + &self.seal(engine, filed_at)
    }

    /// The filing alone.
    pub fn seal(&self, engine: Engine, filed_at: impl Display) -> String {
        let Self { siren, flow_year, version, kind, lines } = self;
        let managers = if matches!(*kind, "declared" | "nil") { "NULL, NULL" } else { "'essai', 'Piece 1'" };
        let total = euros(engine, lines.iter().sum());
        format!(
            "INSERT INTO filing (flow_year, siren, version, kind, filed_at, filed_by, signatory, reason, document, \
             line_count, total_paid, total_own) VALUES ({flow_year}, '{siren}', {version}, '{kind}', '{filed_at}', \
             'P2', 'P3', {managers}, {}, {total}, {total});\n",
            lines.len()
        )
    }

    /// One line, without cofinancing.
    pub fn line(&self, engine: Engine, position: u16, cents: i64) -> String {
        let Self { siren, flow_year, version, .. } = self;
        let amount = euros(engine, cents);
        let none = euros(engine, 0);
        format!(
            "INSERT INTO line (flow_year, siren, version, position, reference, title, recipient, purpose, channel, \
             nature, aid_type, bi_multi, amount_paid, cofinancing_received, own_resources) VALUES ({flow_year}, \
             '{siren}', {version}, {position}, 'L{position}', 'Puits', 'BEN', '14030', '22000', 'projet', 'C01', 1, \
             {amount}, {none}, {amount});\n"
        )
    }

    /// The receipt of the filing, numbered as the filing is.
    pub fn receipt(&self, issued_at: impl Display) -> String {
        let Self { siren, flow_year, version, .. } = self;
        format!(
            "INSERT INTO receipt (number, flow_year, siren, version, sha256, journal_head, issued_at) \
             VALUES ('R-{siren}-{flow_year}-{version}', {flow_year}, '{siren}', {version}, 'a', 'b', '{issued_at}');\n"
        )
    }
}

fn day(text: &str) -> Day {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}
