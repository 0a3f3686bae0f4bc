//! What describes the tables: `datapackage.json` for programs, `LISEZMOI.md` for people.

use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::scope::Scope;
use crate::reports::open_data::{BODIES, LINES, SUBSIDIES};
use crate::reports::{Context, ReportError, Result, Status, Written};

/// The schema of each table, by its path.
const SCHEMAS: [(&str, &str); 3] = [
    (LINES, include_str!("../../../reports/lignes/schema.json")),
    (BODIES, include_str!("../../../reports/donnees-ouvertes/collectivites.schema.json")),
    (SUBSIDIES, include_str!("../../../reports/donnees-ouvertes/subventions-scdl.schema.json")),
];

/// What the reader is told first; the words in braces are filled in.
const READ_ME: &str = include_str!("../../../reports/donnees-ouvertes/LISEZMOI.md");

/// The licence, by its SPDX name.
pub const LICENCE: &str = "etalab-2.0";
/// Its French name.
pub const LICENCE_NAME: &str = "Licence Ouverte 2.0";
/// Its text.
pub const LICENCE_ADDRESS: &str = "https://www.etalab.gouv.fr/licence-ouverte-open-licence";
/// Who publishes.
const PUBLISHER: &str = "Ministère de l’Europe et des Affaires étrangères";

/// A table as it is in the archive.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub path: &'static str,
    pub rows: u64,
    pub bytes: u64,
    pub sha256: String,
}

/// The descriptor, in the order in which it is read.
#[derive(Serialize)]
struct Package<'a> {
    profile: &'a str,
    name: String,
    title: String,
    description: &'a str,
    version: String,
    created: String,
    keywords: [&'a str; 4],
    licenses: [Value; 1],
    contributors: [Value; 1],
    sources: [Value; 1],
    exercice: u16,
    territoire: &'a str,
    etat: &'a str,
    edition: Option<u32>,
    resources: Vec<Resource<'a>>,
}

#[derive(Serialize)]
struct Resource<'a> {
    name: &'a str,
    path: &'a str,
    profile: &'a str,
    title: Value,
    description: Value,
    format: &'a str,
    mediatype: &'a str,
    encoding: &'a str,
    bytes: u64,
    hash: String,
    lignes: u64,
    dialect: Value,
    schema: Value,
}

/// `datapackage.json`.
pub(super) fn describe(context: &Context, tables: &[Table]) -> Result<Vec<u8>> {
    let year = context.flow_year;
    let edition = match context.status {
        Status::Edition { number, .. } => Some(number),
        Status::Provisional | Status::Settled | Status::Past => None,
    };
    let resources: Result<Vec<Resource<'_>>> = tables.iter().map(resource).collect();
    let suffix = match &context.scope {
        Scope::National => String::new(),
        Scope::Region(code) => format!("-{}", code.to_lowercase()),
    };
    let package = Package {
        profile: "tabular-data-package",
        name: format!("apd-collectivites-{year}{suffix}"),
        title: title(context),
        description: "Versements déclarés, montants annuels par collectivité et vue des subventions. \
                      Voir LISEZMOI.md.",
        version: format!("{year}.{}.0", edition.unwrap_or_default()),
        created: context.data_at.to_rfc3339(),
        keywords: [
            "aide publique au développement",
            "coopération décentralisée",
            "collectivités territoriales",
            "subventions",
        ],
        licenses: [json!({ "name": LICENCE, "title": LICENCE_NAME, "path": LICENCE_ADDRESS })],
        contributors: [json!({ "title": PUBLISHER, "role": "publisher" })],
        sources: [json!({ "title": context.source() })],
        exercice: year.get(),
        territoire: context.scope.code(),
        etat: context.status.code(),
        edition,
        resources: resources?,
    };
    let mut text = serde_json::to_vec_pretty(&package).map_err(unwritten)?;
    text.push(b'\n');
    Ok(text)
}

fn title(context: &Context) -> String {
    format!(
        "Aide publique au développement des collectivités territoriales, exercice {} ({})",
        context.flow_year,
        context.scope.name(&context.codes),
    )
}

fn resource(table: &Table) -> Result<Resource<'_>> {
    let text = SCHEMAS.iter().find(|(path, _)| *path == table.path).map_or("{}", |(_, schema)| schema);
    let mut schema: Value = serde_json::from_str(text).map_err(unwritten)?;
    if let Some(schema) = schema.as_object_mut().filter(|_| table.path != BODIES) {
        // Whoever paid is among the bodies.
        let to = json!({ "resource": "collectivites", "fields": "idAttribuant" });
        schema.insert("foreignKeys".to_owned(), json!([{ "fields": "idAttribuant", "reference": to }]));
    }
    let said = |key: &str| schema.get(key).cloned().unwrap_or_default();
    Ok(Resource {
        name: table.path.trim_end_matches(".csv"),
        path: table.path,
        profile: "tabular-data-resource",
        title: said("title"),
        description: said("description"),
        format: "csv",
        mediatype: "text/csv",
        encoding: "utf-8",
        bytes: table.bytes,
        hash: format!("sha256:{}", table.sha256),
        lignes: table.rows,
        dialect: json!({ "delimiter": ";", "lineTerminator": "\r\n", "quoteChar": "\"", "doubleQuote": true }),
        schema,
    })
}

/// `LISEZMOI.md`.
pub(super) fn read_me(context: &Context, written: &Written) -> String {
    READ_ME
        .replace("{titre}", &title(context))
        .replace("{etat}", &context.status.sentence())
        .replace("{source}", &context.source())
        .replace("{lignes}", &written.rows.to_string())
        .replace("{total}", &written.total_own.to_string())
}

fn unwritten(error: serde_json::Error) -> ReportError {
    ReportError::Io(error.into())
}
