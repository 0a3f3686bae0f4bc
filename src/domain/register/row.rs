//! Reading one row of a file of decisions: each operation with its own columns.

use std::fmt;
use std::str::FromStr;

use crate::domain::collectivity::CollectivityKind;
use crate::domain::day::Day;
use crate::domain::siren::Siren;
use crate::domain::text::fold;

use super::decision::{COLUMNS, Creation, Decision, Fault, Form, Numbered, Row};
use super::operation::{OPERATIONS, Operation};

/// Reads a row.
///
/// # Errors
/// Every fault of the row.
pub fn read(row: &Row) -> Result<Numbered, Vec<Fault>> {
    let mut cells = Cells { row, faults: vec![] };
    let decision = cells.decision();
    match decision {
        Some(decision) if cells.faults.is_empty() => Ok(Numbered { line: row.line, decision }),
        _ => Err(cells.faults),
    }
}

struct Cells<'a> {
    row: &'a Row,
    faults: Vec<Fault>,
}

impl<'a> Cells<'a> {
    fn raw(&self, column: &str) -> &'a str {
        self.row.cells.get(column).map_or("", |cell| cell.trim())
    }

    fn fault(&mut self, column: &'static str, message: impl Into<String>) {
        let value = self.raw(column).to_owned();
        self.faults.push(Fault { line: self.row.line, column, value, message: message.into() });
    }

    fn text(&self, column: &str) -> Option<String> {
        Some(self.raw(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn needed_text(&mut self, column: &'static str) -> Option<String> {
        let text = self.text(column);
        if text.is_none() {
            self.fault(column, "la cellule est vide\u{a0}: cette opération en a besoin");
        }
        text
    }

    fn parsed<T: FromStr<Err: fmt::Display>>(&mut self, column: &'static str) -> Option<T> {
        match self.text(column)?.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(column, error.to_string());
                None
            }
        }
    }

    fn needed<T: FromStr<Err: fmt::Display>>(&mut self, column: &'static str) -> Option<T> {
        self.needed_text(column)?;
        self.parsed(column)
    }

    fn population(&mut self) -> Option<u32> {
        let digits: String = self.raw("population").chars().filter(|c| !c.is_whitespace()).collect();
        if digits.is_empty() {
            return None;
        }
        let number = Some(&digits).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        let population = number.and_then(|digits| digits.parse().ok());
        if population.is_none() {
            self.fault("population", "écrivez un nombre entier d’habitants, ou laissez la cellule vide");
        }
        population
    }

    fn departement(&mut self) -> Option<String> {
        let code = self.text("departement")?.to_uppercase();
        let is_code = (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_code {
            self.fault("departement", "écrivez le code INSEE du département, par exemple 01, 2A ou 974");
        }
        Some(code)
    }

    fn decision(&mut self) -> Option<Decision> {
        let folded = fold(self.raw("operation")).replace(' ', "_");
        let Some(Operation { name: operation, columns, .. }) = Operation::named(&folded) else {
            let known: Vec<&str> = OPERATIONS.iter().map(|operation| operation.name).collect();
            self.fault("operation", format!("écrivez une de ces opérations\u{a0}: {}", known.join(", ")));
            return None;
        };
        for column in COLUMNS {
            let is_read = ["operation", "nom"].contains(&column) || columns.contains(&column);
            if !is_read && !self.raw(column).is_empty() {
                let message = format!(
                    "l’opération «\u{a0}{operation}\u{a0}» ne lit pas cette colonne\u{a0}: laissez-la vide"
                );
                self.fault(column, message);
            }
        }
        match *operation {
            "creation" => self.creation().map(Decision::Create),
            "fusion" => self.succession(Form::Merger),
            "absorption" => self.succession(Form::Absorption),
            "scission" => self.succession(Form::Split),
            "rattachement" => self.attachment(),
            "region_associee" => self.association(),
            "completer" => {
                let (siren, kind, code) =
                    (self.needed("siren"), self.needed("type"), self.needed_text("code"));
                Some(Decision::Complete { siren: siren?, kind: kind?, code: code? })
            }
            "modification" => self.amendment(),
            _ => {
                let (siren, on) = (self.needed("siren"), self.needed("date"));
                let reason = self.text("motif").unwrap_or_default();
                Some(if *operation == "debut" {
                    Decision::Begin { siren: siren?, on: on?, reason }
                } else {
                    Decision::End { siren: siren?, on: on?, reason }
                })
            }
        }
    }

    fn creation(&mut self) -> Option<Creation> {
        let siren: Option<Siren> = self.parsed("siren");
        let kind = self.needed("type");
        let (name, region) = (self.needed_text("nom"), self.needed_text("region"));
        let code = self.text("code").or_else(|| grouping_code(siren, kind));
        if code.is_none() && kind.is_some() {
            self.fault("code", "donnez le code INSEE, ou le SIREN pour un groupement");
        }
        let exists_from: Option<Day> = self.parsed("date");
        let exists_until: Option<Day> = self.parsed("fin");
        if exists_from.zip(exists_until).is_some_and(|(from, until)| until < from) {
            self.fault("fin", "le dernier jour précède le premier\u{a0}: vérifiez les deux dates");
        }
        let (departement, population) = (self.departement(), self.population());
        Some(Creation {
            siren,
            kind: kind?,
            code: code?,
            name: name?,
            departement,
            region: region?.to_uppercase(),
            population,
            exists_from,
            exists_until,
            reason: self.text("motif").unwrap_or_default(),
        })
    }

    fn succession(&mut self, form: Form) -> Option<Decision> {
        let (siren, into) = (self.needed::<Siren>("siren"), self.needed::<Siren>("vers"));
        let (on, reason) = (self.needed("date"), self.needed_text("motif"));
        if siren.is_some() && siren == into {
            self.fault("vers", "une collectivité ne se succède pas à elle-même\u{a0}: n’écrivez que celles qui disparaissent");
        }
        Some(Decision::Succeed { siren: siren?, into: into?, on: on?, form, reason: reason? })
    }

    fn attachment(&mut self) -> Option<Decision> {
        let (siren, region) = (self.needed("siren"), self.needed_text("region"));
        let (from, reason) = (self.parsed("date"), self.needed_text("motif"));
        Some(Decision::Attach { siren: siren?, region: region?.to_uppercase(), from, reason: reason? })
    }

    fn association(&mut self) -> Option<Decision> {
        let (siren, region) = (self.needed("siren"), self.needed_text("region"));
        let from: Option<Day> = self.parsed("date");
        let until: Option<Day> = self.parsed("fin");
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            self.fault("fin", "la fin précède le début\u{a0}: vérifiez les deux dates");
        }
        let reason = self.needed_text("motif");
        Some(Decision::Associate {
            siren: siren?,
            region: region?.to_uppercase(),
            from,
            until,
            reason: reason?,
        })
    }

    fn amendment(&mut self) -> Option<Decision> {
        let (siren, from, reason) = (self.needed("siren"), self.needed("date"), self.needed_text("motif"));
        let kind = self.parsed("type");
        let (code, name) = (self.text("code"), self.text("nom"));
        let (departement, population) = (self.departement(), self.population());
        let says_nothing = kind.is_none()
            && code.is_none()
            && name.is_none()
            && departement.is_none()
            && population.is_none();
        if says_nothing && self.faults.is_empty() {
            self.fault(
                "nom",
                "rien à modifier\u{a0}: donnez un nom, un type, un code, un département ou une population",
            );
        }
        Some(Decision::Amend {
            siren: siren?,
            kind,
            code,
            name,
            departement,
            population,
            from: from?,
            reason: reason?,
        })
    }
}

/// Groupings have no INSEE code: their SIREN stands for it.
fn grouping_code(siren: Option<Siren>, kind: Option<CollectivityKind>) -> Option<String> {
    let has_code = matches!(
        kind?,
        CollectivityKind::Region
            | CollectivityKind::Departement
            | CollectivityKind::Commune
            | CollectivityKind::Ctu
            | CollectivityKind::Com
    );
    siren.filter(|_| !has_code).map(|siren| siren.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(&str, &str)]) -> Row {
        let cells = cells.iter().map(|(column, cell)| ((*column).to_owned(), (*cell).to_owned())).collect();
        Row { line: 7, cells }
    }

    fn faults(cells: &[(&str, &str)]) -> Vec<(&'static str, String)> {
        let faults = read(&row(cells)).unwrap_err();
        faults.into_iter().map(|fault| (fault.column, fault.message)).collect()
    }

    #[test]
    fn reads_a_merger_with_accents_and_spaces_forgiven() {
        let cells = [
            ("operation", " Fusion "),
            ("siren", "217 500 016"),
            ("vers", "200000172"),
            ("date", "01/01/2017"),
            ("motif", "Arrêté"),
        ];
        let read = read(&row(&cells)).unwrap();
        let Decision::Succeed { on, form, .. } = read.decision else { panic!("{read:?}") };
        assert_eq!((on.to_iso(), form, read.line), ("2017-01-01".to_owned(), Form::Merger, 7));
        assert!(matches!(
            super::read(&row(&[
                ("operation", "région associée"),
                ("siren", "217500016"),
                ("region", "hors"),
                ("motif", "x")
            ])),
            Ok(Numbered { decision: Decision::Associate { region, .. }, .. }) if region == "HORS"
        ));
    }

    #[test]
    fn says_every_fault_of_a_row() {
        let found = faults(&[
            ("operation", "creation"),
            ("siren", "217500017"),
            ("type", "village"),
            ("population", "mille"),
            ("date", "2020-05-01"),
            ("fin", "2019-05-01"),
        ]);
        let columns: Vec<&str> = found.iter().map(|(column, _)| *column).collect();
        assert_eq!(columns, ["siren", "type", "nom", "region", "fin", "population"]);
        assert!(found[0].1.contains("clé de contrôle"), "{found:?}");
    }

    #[test]
    fn a_cell_that_no_one_reads_is_a_fault() {
        let found = faults(&[
            ("operation", "fin"),
            ("siren", "217500016"),
            ("date", "2019-12-31"),
            ("region", "11"),
            ("nom", "Commune fictive"),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "region");
    }

    #[test]
    fn a_grouping_has_its_siren_as_code_and_a_commune_has_not() {
        let cells = |kind| {
            [
                ("operation", "creation"),
                ("siren", "200000172"),
                ("type", kind),
                ("nom", "A"),
                ("region", "84"),
            ]
        };
        let Decision::Create(creation) = read(&row(&cells("syndicat"))).unwrap().decision else { panic!() };
        assert_eq!(creation.code, "200000172");
        assert_eq!(faults(&cells("commune"))[0].0, "code");
    }

    #[test]
    fn shows_where_and_what() {
        let fault = &read(&row(&[("operation", "suppression")])).unwrap_err()[0];
        let text = fault.to_string().replace('\u{a0}', " ");
        assert!(
            text.starts_with("ligne 7, colonne « operation », valeur « suppression » : écrivez"),
            "{text}"
        );
    }
}
