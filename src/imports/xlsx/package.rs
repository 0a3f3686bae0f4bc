//! The archive of a workbook, opened with suspicion.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::bounded::Bounded;
use super::xml::{Part, doctype};
use super::{damaged, suspicious};
use crate::imports::catalogue;
use crate::imports::error::FileError;
use crate::imports::kind::not_a_table;
use crate::imports::limits::Limits;

/// A document type can only stand before the first element.
const PROLOG_BYTES: u64 = 8 << 10;

/// An archive whose directory has been checked.
pub struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Position by lower-case name.
    index: HashMap<String, usize>,
    limits: Limits,
    /// Bytes that may still be unpacked.
    budget: Cell<u64>,
}

impl fmt::Debug for Package<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Package").field("parts", &self.index.len()).finish_non_exhaustive()
    }
}

impl<'b> Package<'b> {
    /// Opens the archive and checks what its directory declares: number and
    /// sizes of the parts, parts that overlap or bear one name, document types.
    ///
    /// # Errors
    /// An archive that is not a workbook, or not an honest one.
    pub(in crate::imports) fn open(bytes: &'b [u8], limits: &Limits) -> Result<Self, FileError> {
        let mut archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|_error| damaged("archive incomplète"))?;
        if archive.len() > limits.parts {
            return Err(suspicious("l’archive contient trop de parties"));
        }
        if archive.has_duplicate_names() || archive.has_overlapping_entries().unwrap_or(true) {
            return Err(suspicious("des parties de l’archive se chevauchent"));
        }
        let mut index = HashMap::new();
        let mut total = 0_u64;
        for position in 0..archive.len() {
            let part = archive.by_index_raw(position).map_err(|_error| damaged("répertoire illisible"))?;
            let (size, packed) = (part.size(), part.compressed_size());
            total = total.saturating_add(size);
            if size > allowed(packed, limits) || total > limits.unpacked_bytes {
                return Err(suspicious("dépaqueté, le classeur serait démesuré"));
            }
            if part.encrypted() {
                let hint = "retirez le mot de passe, puis renvoyez le classeur";
                return Err(FileError::new(
                    catalogue::PASSWORD,
                    "cette archive est protégée par un mot de passe",
                    hint,
                ));
            }
            let name = part.name().map_err(|_error| damaged("nom de partie illisible"))?;
            if index.insert(normalised(&name), position).is_some() {
                return Err(suspicious("deux parties de l’archive portent le même nom"));
            }
        }
        let budget = Cell::new(limits.unpacked_bytes);
        let mut package = Self { archive, index, limits: *limits, budget };
        package.recognise()?;
        package.check_prologs()?;
        Ok(package)
    }

    /// Whether the archive is a workbook; otherwise what it seems to be.
    fn recognise(&mut self) -> Result<(), FileError> {
        let holds = |name: &str| self.index.contains_key(name);
        let send = "enregistrez le tableau au format XLSX ou en CSV";
        if holds("xl/workbook.bin") {
            return Err(not_a_table("un classeur binaire (.xlsb)", send));
        }
        if holds("_rels/.rels") && self.index.keys().any(|name| name.starts_with("xl/")) {
            return Ok(());
        }
        let what = if holds("word/document.xml") {
            "un document Word"
        } else if holds("ppt/presentation.xml") {
            "une présentation PowerPoint"
        } else if holds("mimetype") && holds("content.xml") {
            let mut kind = String::new();
            if let Some(&position) = self.index.get("mimetype")
                && let Ok(part) = self.archive.by_index(position)
            {
                // A kind that cannot be read is simply not named.
                let _unread = part.take(100).read_to_string(&mut kind);
            }
            if kind.contains("spreadsheet") {
                "un classeur LibreOffice (.ods)"
            } else {
                "un document LibreOffice"
            }
        } else if holds("index/document.iwa") {
            "un document Numbers ou Pages"
        } else {
            "une archive ZIP"
        };
        Err(not_a_table(what, send))
    }

    /// Refuses a document type in any part, the unread ones too.
    fn check_prologs(&mut self) -> Result<(), FileError> {
        for position in 0..self.archive.len() {
            let Ok(part) = self.archive.by_index(position) else { continue };
            let is_xml = part.name().is_ok_and(|name| {
                let name = name.to_lowercase();
                [".xml", ".rels", ".vml"].iter().any(|end| name.ends_with(end))
            });
            if !is_xml {
                continue;
            }
            let mut prolog = Vec::new();
            // A part that cannot be unpacked is reported when it is needed.
            let _unread = part.take(PROLOG_BYTES).read_to_end(&mut prolog);
            prolog.retain(|byte| *byte != 0);
            if prolog.windows(9).any(|window| window.eq_ignore_ascii_case(b"<!DOCTYPE")) {
                return Err(doctype());
            }
        }
        Ok(())
    }

    /// Opens a part by its name, any case and with or without a leading `/`.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Part<'_>>, FileError> {
        let Some(&position) = self.index.get(&normalised(name)) else { return Ok(None) };
        let file = self.archive.by_index(position).map_err(|_error| damaged("partie illisible"))?;
        let allowed = allowed(file.compressed_size(), &self.limits);
        Ok(Some(Part::new(Bounded::new(file, allowed, &self.budget))))
    }
}

fn normalised(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

fn allowed(packed: u64, limits: &Limits) -> u64 {
    packed.saturating_mul(limits.ratio).max(Limits::RATIO_FLOOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_parts_may_be_packed_at_any_ratio() {
        let limits = Limits::default();
        assert_eq!(allowed(1, &limits), Limits::RATIO_FLOOR);
        assert_eq!(allowed(1 << 20, &limits), 200 << 20);
    }
}
