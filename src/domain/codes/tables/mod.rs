//! The files of `config/codelists/`, each read into its records.

mod crs;
mod natures;
mod plain;
mod published;
mod recipients;
mod territory;

use std::collections::BTreeMap;

use super::{
    BiMulti, Fault, FaultKind,
    read::{Cells, Rejected, read_rows},
};

const YES_NO: &[(&str, bool)] = &[("yes", true), ("no", false)];
const BI_MULTI: &[(&str, BiMulti)] =
    &[("1", BiMulti::Bilateral), ("2", BiMulti::Multilateral), ("3", BiMulti::BilateralCore)];
const CODE: &str = "un code";
const NUMBER: &str = "un nombre";

/// The texts of the code lists, and the faults found while reading them.
pub(super) struct Tables<'a> {
    texts: &'a BTreeMap<&'a str, &'a str>,
    pub(super) faults: Vec<Fault>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(texts: &'a BTreeMap<&'a str, &'a str>) -> Self {
        Self { texts, faults: Vec::new() }
    }

    fn rows<T>(
        &mut self,
        file: &'static str,
        columns: &'static [&'static str],
        read: impl Fn(&mut Cells<'_>) -> Result<T, Rejected>,
    ) -> Vec<T> {
        if let Some(text) = self.texts.get(file) {
            read_rows(file, text, columns, &mut self.faults, read)
        } else {
            self.faults.push(Fault::new(file, "fichier", FaultKind::Unreadable, "le fichier manque"));
            Vec::new()
        }
    }
}
