//! What a backup says of itself, and what a database is compared by.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::service::Result as ServiceResult;
use crate::service::upkeep::{Result, at};
use crate::store::{self, Tx, inventory};

/// The name of its file in the folder of a backup.
pub const FILE: &str = "manifeste.json";
/// The version of the manifest that this program writes.
pub const VERSION: u32 = 1;

/// A manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Of the manifest itself.
    pub version: u32,
    /// `sqlite` or `postgres`.
    pub moteur: String,
    /// The program that wrote it.
    pub programme: String,
    /// When, RFC 3339, on the clock of the machine.
    pub prise_le: String,
    /// What the database held.
    pub contenu: Content,
    /// The copy.
    pub copie: CopyOf,
}

/// What a database holds, in figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Number of the last migration.
    pub migration: i64,
    /// Rows of each table.
    pub tables: BTreeMap<String, i64>,
    /// Own resources of each flow year, exact, from the lines of the versions that count.
    pub ressources_propres: BTreeMap<String, String>,
    /// Released reports, `name/flow year/edition/format`, with the SHA-256 of their bytes.
    pub rapports: BTreeMap<String, String>,
    /// The end of the journal.
    pub journal: Head,
}

/// The end of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Number of its last entry.
    pub numero: i64,
    /// Hash of its last entry.
    pub empreinte: String,
}

/// The copy, a file beside the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopyOf {
    /// Its name.
    pub fichier: String,
    /// Its size.
    pub octets: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
}

impl Content {
    /// Counts what a database holds; the bytes of each released report are read and hashed.
    pub async fn of(tx: &mut Tx<'_>) -> ServiceResult<Self> {
        let tables = inventory::counts(tx).await?;
        let own = inventory::own_resources(tx).await?;
        let mut reports = BTreeMap::new();
        for release in store::report::all(tx).await? {
            let bytes = store::report::bytes(tx, &release).await?.unwrap_or_default();
            let name =
                format!("{}/{}/{}/{}", release.name, release.flow_year, release.edition, release.format);
            reports.insert(name, hex::encode(Sha256::digest(&bytes)));
        }
        let head = store::journal::head(tx).await?;
        Ok(Self {
            migration: inventory::migration(tx).await?,
            tables: tables.into_iter().map(|(name, rows)| (name.to_owned(), rows)).collect(),
            ressources_propres: own
                .into_iter()
                .map(|(year, sum)| (year.to_string(), sum.to_plain()))
                .collect(),
            rapports: reports,
            journal: Head { numero: head.seq, empreinte: head.hash },
        })
    }

    /// What differs in `found` from what should be there, a French sentence each.
    #[must_use]
    pub fn differences(&self, found: &Self) -> Vec<String> {
        let mut told = Vec::new();
        if self.migration != found.migration {
            told.push(format!("migration {} au lieu de {}", found.migration, self.migration));
        }
        compare(&self.tables, &found.tables, "table", &mut told);
        compare(&self.ressources_propres, &found.ressources_propres, "ressources propres", &mut told);
        compare(&self.rapports, &found.rapports, "rapport publié", &mut told);
        if self.journal != found.journal {
            told.push(format!(
                "journal\u{a0}: {} {} au lieu de {} {}",
                found.journal.numero, found.journal.empreinte, self.journal.numero, self.journal.empreinte
            ));
        }
        told
    }
}

fn compare<V: PartialEq + std::fmt::Display>(
    expected: &BTreeMap<String, V>,
    found: &BTreeMap<String, V>,
    what: &str,
    told: &mut Vec<String>,
) {
    let shown = |value: Option<&V>| value.map_or_else(|| "rien".to_owned(), ToString::to_string);
    for name in expected.keys().chain(found.keys().filter(|name| !expected.contains_key(*name))) {
        let (wanted, is) = (expected.get(name), found.get(name));
        if wanted != is {
            told.push(format!("{what} {name}\u{a0}: {} au lieu de {}", shown(is), shown(wanted)));
        }
    }
}

/// The size and the SHA-256 of a file, without holding it.
pub(super) fn hash(path: &Path) -> Result<(u64, String)> {
    let mut file = File::open(path).map_err(at(path))?;
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0_u64, vec![0_u8; 1 << 16]);
    loop {
        let read = file.read(&mut buffer).map_err(at(path))?;
        if read == 0 {
            return Ok((size, hex::encode(hash.finalize())));
        }
        hash.update(buffer.get(..read).unwrap_or_default());
        size = size.saturating_add(u64::try_from(read).unwrap_or_default());
    }
}
