//! The files that the register is made from: a folder of the npm package, or a CSV of decisions.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tar::Archive;

use crate::domain::register::Package;
use crate::domain::register::decision::{COLUMNS, Row};
use crate::domain::register::package::{FIRST_WITH_EPT, NAME, millesime_of};
use crate::domain::text::excerpt;
use crate::imports::columns::{Column, Record, select};
use crate::imports::{Limits, read_table};

/// What says which package it is.
const MANIFEST: &str = "package.json";
/// The territories of Greater Paris, which older versions lack.
const TERRITORIES: &str = "data/ept.json";
/// The files that are read of an archive.
const NEEDED: [&str; 6] = [
    MANIFEST,
    "data/communes.json",
    "data/epci.json",
    TERRITORIES,
    "data/departements.json",
    "data/regions.json",
];
/// Bytes of an archive once it is unpacked; the package of 2026 has 24 MB.
const MOST_UNPACKED: u64 = 128 * 1024 * 1024;
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

/// The files of a package, as they are read.
struct Files<'a> {
    place: Place<'a>,
    digest: Sha256,
}

/// Where the files of a package are.
enum Place<'a> {
    /// In a folder.
    Folder(&'a Path),
    /// In the archive that npm makes, unpacked.
    Archive(BTreeMap<String, Vec<u8>>),
}

/// Reads a folder of the package. Blocks: the files hold twelve megabytes.
///
/// # Errors
/// When a file is missing, is no JSON of the expected form or is empty, or the
/// folder is that of another package.
pub fn read_package(path: &Path) -> Result<Package, InputError> {
    Files { place: Place::Folder(path), digest: Sha256::new() }.package()
}

/// The same from the archive that npm makes (`npm pack`), within bounds. Blocks.
///
/// # Errors
/// As [`read_package`], and when it is no such archive.
pub fn read_archive(bytes: &[u8]) -> Result<Package, InputError> {
    let unreadable = || {
        let message = "ce n’est pas une archive du paquet\u{a0}: envoyez le fichier .tgz que «\u{a0}npm pack @etalab/decoupage-administratif\u{a0}» produit";
        InputError::Content(message.to_owned())
    };
    // One byte more than is taken tells that there is more.
    let unpacked = GzDecoder::new(bytes).take(MOST_UNPACKED.saturating_add(1));
    let (mut files, mut unpacked_bytes) = (BTreeMap::new(), 0_u64);
    let mut archive = Archive::new(unpacked);
    for entry in archive.entries().map_err(|_other| unreadable())? {
        let mut entry = entry.map_err(|_other| unreadable())?;
        unpacked_bytes = unpacked_bytes.saturating_add(entry.size());
        if unpacked_bytes > MOST_UNPACKED {
            return Err(InputError::Content("l’archive est trop grosse une fois décompressée".to_owned()));
        }
        let name = entry.path().map_err(|_other| unreadable())?.to_string_lossy().into_owned();
        // npm puts everything in a folder of this name.
        let Some(name) = name.strip_prefix("package/").filter(|name| NEEDED.contains(name)) else { continue };
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(|_broken| unreadable())?;
        files.insert(name.to_owned(), content);
    }
    if !files.contains_key(MANIFEST) {
        return Err(unreadable());
    }
    Files { place: Place::Archive(files), digest: Sha256::new() }.package()
}

impl Files<'_> {
    fn package(mut self) -> Result<Package, InputError> {
        let manifest: Manifest = self.json(MANIFEST)?;
        if manifest.name != NAME {
            let found = excerpt(&manifest.name, 60);
            return Err(InputError::Content(format!(
                "{}\u{a0}: c’est le paquet «\u{a0}{found}\u{a0}», pas «\u{a0}{NAME}\u{a0}»",
                self.place.named(MANIFEST)
            )));
        }
        // The version only matters where no millésime is given: the caller asks for it then.
        let has_territories = millesime_of(&manifest.version).is_ok_and(|year| year >= FIRST_WITH_EPT)
            || self.place.has(TERRITORIES);
        Ok(Package {
            communes: self.list("data/communes.json")?,
            groupings: self.list("data/epci.json")?,
            territories: if has_territories { self.list(TERRITORIES)? } else { vec![] },
            departements: self.list("data/departements.json")?,
            regions: self.list("data/regions.json")?,
            version: manifest.version,
            digest: hex::encode(self.digest.finalize()),
        })
    }

    fn json<T: DeserializeOwned>(&mut self, file: &str) -> Result<T, InputError> {
        let bytes = self.place.bytes(file)?;
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
                self.place.named(file)
            ))
        })
    }

    fn list<T: DeserializeOwned>(&mut self, file: &str) -> Result<Vec<T>, InputError> {
        let rows: Vec<T> = self.json(file)?;
        if rows.is_empty() {
            return Err(InputError::Content(format!("{}\u{a0}: la liste est vide", self.place.named(file))));
        }
        Ok(rows)
    }
}

impl Place<'_> {
    fn named(&self, file: &str) -> String {
        match self {
            Self::Folder(path) => path.join(file).display().to_string(),
            Self::Archive(_) => file.to_owned(),
        }
    }

    fn has(&self, file: &str) -> bool {
        match self {
            Self::Folder(path) => path.join(file).exists(),
            Self::Archive(files) => files.contains_key(file),
        }
    }

    fn bytes(&self, file: &str) -> Result<Cow<'_, [u8]>, InputError> {
        match self {
            Self::Folder(path) => {
                let path = path.join(file);
                std::fs::read(&path).map(Cow::Owned).map_err(|error| unreadable(&path, &error))
            }
            Self::Archive(files) => {
                files.get(file).map(|bytes| Cow::Borrowed(bytes.as_slice())).ok_or_else(|| {
                    InputError::Content(format!("{file}\u{a0}: le fichier manque dans l’archive"))
                })
            }
        }
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
