//! The columns of the open data, once: key of the CSV, header and look of the workbook, and the cell of a line.

use crate::domain::line::OnePercentLaw;
use crate::domain::siren::Siren;
use crate::reports::lines::PublicLine;
use crate::reports::xlsx::Cell;
use crate::reports::xlsx::Style;

/// A column.
pub struct Column {
    /// Key of the CSV; those of SCDL Subventions bear its names.
    pub key: &'static str,
    /// Header of the workbook: the title of the key in `reports/lignes/schema.json`.
    pub header: &'static str,
    /// Width in characters.
    pub width: u16,
    /// Look of its cells.
    pub style: Style,
    /// The cell of a line.
    pub cell: for<'a> fn(&PublicLine<'a>) -> Cell<'a>,
}

macro_rules! columns {
    ($($key:literal $header:literal $width:literal $style:ident $cell:expr;)+) => {
        /// The columns, in order.
        pub const COLUMNS: &[Column] = &[$(Column {
            key: $key, header: $header, width: $width, style: Style::$style, cell: $cell,
        }),+];
    };
}

fn text(text: Option<&str>) -> Cell<'_> {
    text.map_or(Cell::Blank, Cell::Text)
}

fn marker<'a>(line: &PublicLine<'a>, index: usize) -> Cell<'a> {
    line.marker(index).map_or(Cell::Blank, |value| Cell::Whole(i64::from(value)))
}

columns! {
    "nomAttribuant" "Nom de l’attribuant" 30 Text |line| Cell::Text(&line.row.body.name);
    "idAttribuant" "Identifiant de l’attribuant" 12 Code |line| Cell::Text(line.row.filed.siren.as_str());
    "exercice" "Exercice" 9 Text |line| Cell::Whole(i64::from(line.year.get()));
    "natureAttribuant" "Nature de l’attribuant" 13 Code |line| Cell::Text(line.row.body.kind.code());
    "departementAttribuant" "Département de l’attribuant" 12 Code |line| text(line.row.body.departement.as_deref());
    "regionAttribuant" "Région de l’attribuant" 10 Code |line| Cell::Text(&line.row.body.region);
    "objet" "Objet" 46 Text |line| Cell::Text(&line.row.line().title);
    "codePays" "Code du bénéficiaire" 12 Code |line| Cell::Text(line.row.line().recipient.as_str());
    "pays" "Bénéficiaire" 26 Text |line| Cell::Text(line.row.recipient_name());
    "codeSecteur" "Code-objet" 9 Code |line| Cell::Text(line.row.line().purpose.as_str());
    "secteur" "Secteur" 36 Text |line| Cell::Text(line.row.purpose_name());
    "codeCanal" "Code du canal" 9 Code |line| Cell::Text(line.row.line().channel.as_str());
    "canal" "Canal" 32 Text |line| Cell::Text(line.row.channel_name());
    "codeNatureDepense" "Code de la nature de dépense" 20 Code |line| Cell::Text(line.row.line().nature.as_str());
    "natureDepense" "Nature de la dépense" 36 Text |line| Cell::Text(line.row.nature_name());
    "codeTypeAide" "Code du type d’aide" 9 Code |line| Cell::Text(line.row.line().aid_type.as_str());
    "typeAide" "Type d’aide" 32 Text |line| Cell::Text(line.row.aid_type_name());
    "montant" "Montant" 16 Euros |line| Cell::Euros(line.row.own);
    "datesPeriodeVersement" "Date du versement" 12 Day |line| line.row.line().paid_on.map_or(Cell::Blank, Cell::Day);
    "nomBeneficiaire" "Organisme" 30 Text |line| text(line.organisation());
    "idBeneficiaire" "SIREN de l’organisme" 12 Code |line| text(line.organisation_siren().map(Siren::as_str));
    "dateDebut" "Date de début" 12 Day |line| line.row.line().starts_on.map_or(Cell::Blank, Cell::Day);
    "dateFin" "Date de fin" 12 Day |line| line.row.line().ends_on.map_or(Cell::Blank, Cell::Day);
    "loi1pct" "Dispositif 1\u{a0}%" 11 Code |line| text(line.row.line().one_percent_law.map(OnePercentLaw::code));
    "marqueurGenre" "Marqueur égalité femmes-hommes" 12 Whole |line| marker(line, 0);
    "marqueurEnvironnement" "Marqueur environnement" 14 Whole |line| marker(line, 1);
    "marqueurBiodiversite" "Marqueur biodiversité" 12 Whole |line| marker(line, 2);
    "marqueurAttenuation" "Marqueur atténuation du changement climatique" 14 Whole |line| marker(line, 3);
    "marqueurAdaptation" "Marqueur adaptation au changement climatique" 14 Whole |line| marker(line, 4);
    "marqueurDesertification" "Marqueur désertification" 14 Whole |line| marker(line, 5);
    "marqueurNutrition" "Marqueur nutrition" 12 Whole |line| marker(line, 6);
    "marqueurInclusion" "Marqueur inclusion" 12 Whole |line| marker(line, 7);
    "odd" "Objectifs de développement durable" 18 Code |line| Cell::Text(line.sdg);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_the_titles_of_the_schema() {
        let schema = include_str!("../../../reports/lignes/schema.json");
        let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
        let fields = schema["fields"].as_array().unwrap();
        let expected: Vec<(&str, &str)> = fields
            .iter()
            .map(|field| (field["name"].as_str().unwrap(), field["title"].as_str().unwrap()))
            .collect();
        let found: Vec<(&str, &str)> = COLUMNS.iter().map(|column| (column.key, column.header)).collect();
        assert_eq!(found, expected);
    }
}
