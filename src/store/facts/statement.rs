//! The one statement that reads everything that verdicts for a call may look at.
//!
//! One statement is one snapshot and one trip to the engine: on SQLite the trip
//! costs more than the reading. Its arms give rows of one shape, told apart by
//! `tag` (see `rows`); each finds its rows by the key of its table. CROSS JOIN
//! keeps SQLite from another order; what is not materialized costs it no table.
//! PostgreSQL plans as it likes.

/// The statement, for an engine that lists the texts of a JSON array by `$list`.
///
/// `$1` is the JSON array of the SIREN asked about, `$2` the code of the call.
macro_rules! everything {
    ($list:literal) => {
        concat!(
            "WITH asked (siren) AS NOT MATERIALIZED (SELECT value FROM ",
            $list,
            "), ",
            // With all that they descend from.
            "family (siren) AS MATERIALIZED (SELECT siren FROM asked \
             UNION ALL SELECT l.ancestor FROM asked a CROSS JOIN lineage l WHERE l.collectivity = a.siren), ",
            // With those to whom they handed on: a body that ended names its heirs.
            "kin (siren) AS NOT MATERIALIZED (SELECT siren FROM family \
             UNION ALL SELECT s.successor FROM family f CROSS JOIN succession s WHERE s.predecessor = f.siren), ",
            "required (flow_year) AS NOT MATERIALIZED (SELECT flow_year FROM call_year WHERE call = $2) ",
            "SELECT 'call' AS tag, c.code AS about, c.founding_text AS other, CAST(NULL AS INTEGER) AS year, \
             0 AS rank, c.group_rule AS word, c.title AS text, c.opens_on AS day, c.closes_on AS last_day, \
             c.examined_on AS third_day, CAST(NULL AS TIMESTAMPTZ) AS at, CAST(NULL AS TIMESTAMPTZ) AS end_at, \
             CAST(NULL AS NUMERIC(15, 2)) AS amount FROM call c WHERE c.code = $2 ",
            "UNION ALL SELECT 'year', NULL, NULL, y.flow_year, 0, NULL, NULL, w.opens_on, w.closes_on, NULL, \
             (SELECT MIN(p.recorded_at) FROM past_amount p WHERE p.flow_year = y.flow_year), NULL, NULL \
             FROM required y LEFT JOIN campaign_window w ON w.campaign = y.flow_year + 1 ",
            "UNION ALL SELECT 'extension', NULL, NULL, y.flow_year, e.revision, NULL, e.reason, NULL, e.closes_on, \
             NULL, e.decided_at, NULL, NULL FROM required y CROSS JOIN extension e \
             WHERE e.campaign = y.flow_year + 1 ",
            "UNION ALL SELECT 'step', NULL, NULL, y.flow_year, 0, s.step, NULL, NULL, NULL, NULL, s.decided_at, \
             NULL, NULL FROM required y CROSS JOIN campaign_step s WHERE s.campaign = y.flow_year + 1 ",
            "UNION ALL SELECT 'body', c.siren, NULL, NULL, 0, NULL, (SELECT s.name FROM collectivity_state s \
             WHERE s.collectivity = c.id ORDER BY s.from_year DESC, s.revision DESC LIMIT 1), \
             c.exists_from, c.exists_until, NULL, NULL, NULL, NULL \
             FROM kin k CROSS JOIN collectivity c WHERE c.id = k.siren ",
            "UNION ALL SELECT 'descent', s.successor, s.predecessor, NULL, 0, s.kind, NULL, s.on_day, NULL, NULL, \
             NULL, NULL, NULL FROM family f CROSS JOIN succession s WHERE s.successor = f.siren ",
            "UNION ALL SELECT 'descent', s.successor, s.predecessor, NULL, 0, s.kind, NULL, s.on_day, NULL, NULL, \
             NULL, NULL, NULL FROM family f CROSS JOIN succession s WHERE s.predecessor = f.siren ",
            "UNION ALL SELECT 'filing', v.siren, r.number, v.flow_year, v.version, v.kind, NULL, NULL, NULL, NULL, \
             v.filed_at, NULL, NULL FROM required y CROSS JOIN family f CROSS JOIN filing v \
             LEFT JOIN receipt r ON r.flow_year = v.flow_year AND r.siren = v.siren AND r.version = v.version \
             WHERE v.flow_year = y.flow_year AND v.siren = f.siren ",
            "UNION ALL SELECT 'past amount', p.siren, NULL, p.flow_year, p.revision, \
             CASE WHEN p.nil THEN 'nil' END, p.source, NULL, NULL, NULL, p.recorded_at, NULL, p.amount \
             FROM required y CROSS JOIN family f CROSS JOIN past_amount p \
             WHERE p.flow_year = y.flow_year AND p.siren = f.siren ",
            "UNION ALL SELECT 'derogation', d.siren, d.call, d.campaign - 1, d.id, NULL, NULL, NULL, d.until_on, \
             NULL, d.decided_at, r.decided_at, NULL FROM family f CROSS JOIN derogation d \
             LEFT JOIN revocation r ON r.derogation = d.id WHERE d.siren = f.siren"
        )
    };
}

/// On SQLite.
pub(super) const SQLITE: &str = everything!("json_each($1)");
/// On PostgreSQL.
pub(super) const POSTGRES: &str = everything!("json_array_elements_text(CAST($1 AS JSON))");
