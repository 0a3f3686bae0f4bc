//! The files that the register is made from: a folder of the npm package, or a CSV of decisions.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::domain::register::Package;
use crate::domain::register::decision::{COLUMNS, Row};
use crate::domain::register::package::{FIRST_WITH_EPT, NAME, millesime_of};
use crate::domain::text::excerpt;
use crate::imports::columns::{Column, Record, select};
use crate::imports::{Limits, read_table};

/// Largest file of decisions, bytes.
const MAX_CSV_BYTES: u64 = 20 * 1024 * 1024;

/// Why a file cannot be taken; `Display` says it in French.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// The file is not there or cannot be read.
    #[error("{0}")]
    File(String),
    /// The file is not what it should be.
    #[error("{0}")]
    Content(String),
}

/// A file of decisions, as rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecisionFile {
    /// Its rows.
    pub rows: Vec<Row>,
    /// SHA-256 of the file, hexadecimal.
    pub digest: String,
}

#[derive(Deserialize)]
struct Manifest {
    name: String,
    version: String,
}

struct Folder<'a> {
    path: &'a Path,
    digest: Sha256,
}

/// Reads a folder of the package. Blocks: the files hold twelve megabytes.
///
/// # Errors
/// When a file is missing, is no JSON of the expected form or is empty, or the
/// folder is that of another package.
pub fn read_package(path: &Path) -> Result<Package, InputError> {
    let mut folder = Folder { path, digest: Sha256::new() };
    let manifest: Manifest = folder.json("package.json")?;
    if manifest.name != NAME {
        let found = excerpt(&manifest.name, 60);
        return Err(InputError::Content(format!(
            "{}\u{a0}: ce dossier est celui du paquet «\u{a0}{found}\u{a0}», pas de «\u{a0}{NAME}\u{a0}»",
            path.display()
        )));
    }
    // The version only matters where no millésime is given: the caller asks for it then.
    let has_territories = millesime_of(&manifest.version).is_ok_and(|year| year >= FIRST_WITH_EPT)
        || path.join("data/ept.json").exists();
    Ok(Package {
        communes: folder.list("data/communes.json")?,
        groupings: folder.list("data/epci.json")?,
        territories: if has_territories { folder.list("data/ept.json")? } else { vec![] },
        departements: folder.list("data/departements.json")?,
        regions: folder.list("data/regions.json")?,
        version: manifest.version,
        digest: hex::encode(folder.digest.finalize()),
    })
}

impl Folder<'_> {
    fn json<T: DeserializeOwned>(&mut self, file: &str) -> Result<T, InputError> {
        let path = self.path.join(file);
        let bytes = std::fs::read(&path).map_err(|error| unreadable(&path, &error))?;
        self.digest.update(&bytes);
        serde_json::from_slice(&bytes).map_err(|error| {
            let what = match error.classify() {
                serde_json::error::Category::Eof => "le fichier est incomplet",
                serde_json::error::Category::Data => "une valeur manque ou n’a pas la forme attendue",
                _ => "ce n’est pas du JSON",
            };
            let (line, column) = (error.line(), error.column());
            InputError::Content(format!(
                "{}, ligne {line}, colonne {column}\u{a0}: {what}\u{a0}; réinstallez le paquet (npm ci)",
                path.display()
            ))
        })
    }

    fn list<T: DeserializeOwned>(&mut self, file: &str) -> Result<Vec<T>, InputError> {
        let rows: Vec<T> = self.json(file)?;
        if rows.is_empty() {
            let path = self.path.join(file);
            return Err(InputError::Content(format!("{}\u{a0}: la liste est vide", path.display())));
        }
        Ok(rows)
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> InputError {
    let what = match error.kind() {
        std::io::ErrorKind::NotFound => "le fichier n’existe pas".to_owned(),
        std::io::ErrorKind::PermissionDenied => "la lecture n’est pas permise".to_owned(),
        _ => error.to_string(),
    };
    InputError::File(format!("{}\u{a0}: {what}", path.display()))
}

/// Reads a CSV of decisions: UTF-8, `;` between cells, headers in any order.
///
/// # Errors
/// When it is no such file, or a header is unknown, twice there or missing.
pub fn read_decisions(path: &Path) -> Result<DecisionFile, InputError> {
    let size = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?.len();
    if size > MAX_CSV_BYTES {
        let message = format!("{}\u{a0}: plus de 20\u{a0}Mo, coupez le fichier en plusieurs", path.display());
        return Err(InputError::Content(message));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    decisions(&bytes).map_err(|error| InputError::Content(format!("{}\u{a0}: {error}", path.display())))
}

/// The same from bytes.
///
/// # Errors
/// When they are no such file.
pub fn decisions(bytes: &[u8]) -> Result<DecisionFile, InputError> {
    let rows = rows_of(bytes).map_err(InputError::Content)?;
    Ok(DecisionFile { rows, digest: hex::encode(Sha256::digest(bytes)) })
}

fn rows_of(bytes: &[u8]) -> Result<Vec<Row>, String> {
    let wanted = COLUMNS.map(|header| Column { header, mandatory: header == "operation" });
    let table = read_table(bytes, &Limits::default()).map_err(|error| error.to_string())?;
    let selection = select(&table, &wanted).map_err(|refused| refused.to_string())?;
    if let Some(problem) = selection.problems().first() {
        return Err(problem.to_string());
    }
    let cells = |record: Record<'_>| {
        let filled = COLUMNS.iter().enumerate().map(|(place, column)| (*column, record.get(place)));
        let filled = filled.filter(|(_, cell)| !cell.is_empty());
        filled.map(|(column, cell)| (column.to_owned(), cell.to_owned())).collect()
    };
    Ok(selection.records().map(|record| Row { line: record.row(), cells: cells(record) }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_rows_with_their_lines() {
        let rows =
            rows_of("\u{feff}Opération;SIREN;région\nfin;217500016;\n;;\n\"fin\";\"1\n2\";x\n".as_bytes());
        let rows = rows.unwrap();
        assert_eq!(rows.len(), 2, "a row without a cell is none");
        assert_eq!((rows[0].line, rows[1].line), (2, 4));
        assert_eq!(rows[1].cells["region"], "x");
    }

    #[test]
    fn says_what_is_wrong_with_a_file() {
        for (text, said) in [
            (&b"operation;couleur\nfin;bleu\n"[..], "couleur"),
            (b"siren;nom\n1;2\n", "operation"),
            (b"operation;fin;fin\nfin;1;2\n", "fin"),
            (b"operation;siren\n", "EAPD-I"),
            (b"operation;siren\nfin;1;2;3\n", "2"),
            (b"PK\x03\x04\0\0", "EAPD-I"),
        ] {
            let error = rows_of(text).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn a_folder_must_be_the_package() {
        let folder = tempfile::tempdir().unwrap();
        let error = read_package(folder.path()).unwrap_err();
        assert!(matches!(&error, InputError::File(text) if text.contains("package.json")), "{error}");
        let write = |file: &str, text: &str| std::fs::write(folder.path().join(file), text).unwrap();
        write("package.json", "{\"name\": \"leftpad\", \"version\": \"1.0.0\"}");
        assert!(read_package(folder.path()).unwrap_err().to_string().contains("leftpad"));
        write("package.json", "{\"name\": \"@etalab/decoupage-administratif\", \"version\": \"6.0.0\"}");
        std::fs::create_dir(folder.path().join("data")).unwrap();
        for (text, said) in [
            ("[{\"code\": \"01001\"", "incomplet"),
            ("[{\"code\": 1}]", "forme attendue"),
            ("<html>", "JSON"),
            ("[]", "vide"),
        ] {
            write("data/communes.json", text);
            let error = read_package(folder.path()).unwrap_err().to_string();
            assert!(error.contains(said) && error.contains("communes.json"), "{error}");
        }
    }
}
