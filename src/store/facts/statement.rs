//! The one statement that reads everything that verdicts for a call may look at, and who asks.
//!
//! One statement is one snapshot and one trip to the engine, and its answer is one
//! text: a JSON array of what is on file, each told by the name of its arm (see
//! `told`). On SQLite the trip costs more than the reading, and each row and
//! column of an answer another wake-up and another copy. Each arm finds its rows
//! by the key of its table. CROSS JOIN keeps SQLite from another order; what is
//! not materialized costs it no table. PostgreSQL plans as it likes.

/// The statement, for an engine that lists the texts of the first JSON array by `$list` and of the
/// second by `$secrets`, makes an object by `$object`, an array by `$array`, and of an amount `$cents`;
///
/// `$json` reads a JSON value that another part of the statement made.
///
/// `$1` is the JSON array of the SIREN asked about, `$2` the code of the call, `$3` the JSON
/// array of the hashes of the secrets shown.
macro_rules! everything {
    (list: $list:literal, secrets: $secrets:literal, object: $object:literal, array: $array:literal, json: $json:literal, cents: $cents:literal) => {
        concat!(
            "WITH asked (siren) AS NOT MATERIALIZED (SELECT value FROM ", $list, "), ",
            // With all that they descend from.
            "family (siren) AS MATERIALIZED (SELECT siren FROM asked \
             UNION ALL SELECT l.ancestor FROM asked a CROSS JOIN lineage l WHERE l.collectivity = a.siren), ",
            // With those to whom they handed on: a body that ended names its heirs.
            "kin (siren) AS NOT MATERIALIZED (SELECT siren FROM family \
             UNION ALL SELECT s.successor FROM family f CROSS JOIN succession s WHERE s.predecessor = f.siren), ",
            "required (flow_year) AS NOT MATERIALIZED (SELECT flow_year FROM call_year WHERE call = $2) ",
            "SELECT '[' || STRING_AGG(CAST(told AS TEXT), ',') || ']' FROM (",
            "SELECT ", $object, "('call', ", $array, "(c.code, c.title, c.opens_on, c.closes_on, c.examined_on, \
             c.group_rule, c.founding_text)) AS told FROM call c WHERE c.code = $2 ",
            "UNION ALL SELECT ", $object, "('year', ", $array, "(y.flow_year, w.opens_on, w.closes_on, \
             (SELECT MIN(p.recorded_at) FROM past_amount p WHERE p.flow_year = y.flow_year))) \
             FROM required y LEFT JOIN campaign_window w ON w.campaign = y.flow_year + 1 ",
            "UNION ALL SELECT ", $object, "('extension', ", $array, "(y.flow_year, e.revision, e.closes_on, e.reason, \
             e.decided_at)) FROM required y CROSS JOIN extension e WHERE e.campaign = y.flow_year + 1 ",
            "UNION ALL SELECT ", $object, "('step', ", $array, "(y.flow_year, s.step, s.decided_at)) \
             FROM required y CROSS JOIN campaign_step s WHERE s.campaign = y.flow_year + 1 ",
            "UNION ALL SELECT ", $object, "('body', ", $array, "(c.siren, (SELECT s.name FROM collectivity_state s \
             WHERE s.collectivity = c.id ORDER BY s.from_year DESC, s.revision DESC LIMIT 1), \
             c.exists_from, c.exists_until)) FROM kin k CROSS JOIN collectivity c WHERE c.id = k.siren ",
            "UNION ALL SELECT ", $object, "('descent', ", $array, "(s.predecessor, s.successor, s.on_day, s.kind)) \
             FROM family f CROSS JOIN succession s WHERE s.successor = f.siren ",
            "UNION ALL SELECT ", $object, "('descent', ", $array, "(s.predecessor, s.successor, s.on_day, s.kind)) \
             FROM family f CROSS JOIN succession s WHERE s.predecessor = f.siren ",
            "UNION ALL SELECT ", $object, "('filing', ", $array, "(v.siren, v.flow_year, v.version, v.kind, \
             v.filed_at, r.number, ", $json, "((SELECT ", $array, "(z.until_at, o.outcome, o.decided_at) FROM reservation z \
             LEFT JOIN reservation_outcome o ON o.flow_year = z.flow_year AND o.siren = z.siren AND o.version = z.version \
             WHERE z.flow_year = v.flow_year AND z.siren = v.siren AND z.version = v.version)))) \
             FROM required y CROSS JOIN family f CROSS JOIN filing v \
             LEFT JOIN receipt r ON r.flow_year = v.flow_year AND r.siren = v.siren AND r.version = v.version \
             WHERE v.flow_year = y.flow_year AND v.siren = f.siren ",
            "UNION ALL SELECT ", $object, "('past_amount', ", $array, "(p.siren, p.flow_year, p.revision, \
             CASE WHEN p.nil THEN NULL ELSE ", $cents, " END, p.source, p.recorded_at)) \
             FROM required y CROSS JOIN family f CROSS JOIN past_amount p \
             WHERE p.flow_year = y.flow_year AND p.siren = f.siren ",
            "UNION ALL SELECT ", $object, "('derogation', ", $array, "(d.siren, d.campaign, d.until_on, d.call, \
             d.decided_at, r.decided_at)) FROM family f CROSS JOIN derogation d \
             LEFT JOIN revocation r ON r.derogation = d.id WHERE d.siren = f.siren ",
            "UNION ALL SELECT ", $object, "('token', ", $array, "(t.secret_sha256, t.id, t.person, t.role, t.scopes, \
             t.sirens, t.region, t.created_at, t.expires_at, t.revoked_at)) \
             FROM ", $secrets, " shown CROSS JOIN token t WHERE t.secret_sha256 = shown.value",
            ") everything"
        )
    };
}

/// On SQLite.
pub(super) const SQLITE: &str = everything!(list: "json_each($1)", secrets: "json_each($3)", object: "json_object", array: "json_array", json: "json", cents: "p.amount");
/// On PostgreSQL.
pub(super) const POSTGRES: &str = everything!(
    list: "json_array_elements_text(CAST($1 AS JSON))",
    secrets: "json_array_elements_text(CAST($3 AS JSON))",
    object: "json_build_object",
    array: "json_build_array",
    json: "",
    cents: "CAST(p.amount * 100 AS BIGINT)"
);
