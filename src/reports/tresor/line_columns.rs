//! The columns of the sheet of lines, once: header, look, meaning, and the cell of a line.

use crate::reports::tresor::counted::Counted;
use crate::reports::xlsx::Cell;
use crate::reports::xlsx::Style;

/// A column.
pub struct LineColumn {
    /// Header.
    pub header: &'static str,
    /// Width in characters.
    pub width: u16,
    /// Look of its cells.
    pub style: Style,
    /// What it holds, in French, for the dictionary.
    pub meaning: &'static str,
    /// The cell of a line.
    pub cell: for<'a> fn(&Counted<'a>) -> Cell<'a>,
}

macro_rules! columns {
    ($($header:literal $width:literal $style:ident $meaning:literal $cell:expr;)+) => {
        /// The columns, in order.
        pub const LINE_COLUMNS: &[LineColumn] =
            &[$(LineColumn {
                header: $header, width: $width, style: Style::$style, meaning: $meaning, cell: $cell,
            }),+];
    };
}

fn text(text: Option<&str>) -> Cell<'_> {
    text.map_or(Cell::Blank, Cell::Text)
}

columns! {
    "SIREN" 11 Code "SIREN de la collectivité qui déclare" |row| Cell::Text(row.filed.siren.as_str());
    "Collectivité" 30 Text "Nom de la collectivité, au registre de l’exercice" |row| Cell::Text(&row.body.name);
    "Nature juridique" 18 Text "Nature de la collectivité" |row| Cell::Text(row.body.kind.label());
    "Catégorie" 30 Text "Catégorie publiée, selon la nature et la population"
        |row| text(row.category.map(|category| &*category.name_fr));
    "Département" 12 Code "Code du département" |row| text(row.body.departement.as_deref());
    "Région" 8 Code "Code de la région de rattachement dans l’exercice, ou HORS" |row| Cell::Text(&row.body.region);
    "Nom de la région" 26 Text "Région de rattachement" |row| Cell::Text(row.region_name);
    "Version" 9 Whole "Numéro de la version déposée qui fait foi" |row| Cell::Whole(i64::from(row.filed.version));
    "Nature de la version" 13 Text "Déclarée, rectifiée ou reprise" |row| Cell::Text(row.filed.kind.label());
    "Référence" 18 Code "Clé de l’activité, propre à la collectivité" |row| Cell::Text(&row.line().reference);
    "Titre" 46 Text "Titre public de l’activité" |row| Cell::Text(&row.line().title);
    "Code pays" 8 Code "Code CAD du bénéficiaire" |row| Cell::Text(row.line().recipient.as_str());
    "Bénéficiaire" 26 Text "Pays ou région bénéficiaire" |row| Cell::Text(row.recipient_name());
    "Code-objet" 9 Code "Code-objet du SNPC (CRS)" |row| Cell::Text(row.line().purpose.as_str());
    "Secteur" 36 Text "Libellé du code-objet" |row| Cell::Text(row.purpose_name());
    "Code canal" 9 Code "Code du canal d’acheminement" |row| Cell::Text(row.line().channel.as_str());
    "Canal" 32 Text "Libellé du canal" |row| Cell::Text(row.channel_name());
    "Nature" 20 Text "Code de la nature de dépense" |row| Cell::Text(row.line().nature.as_str());
    "Nature de la dépense" 36 Text "Libellé de la nature" |row| Cell::Text(row.nature_name());
    "Type d’aide" 9 Code "Code du type d’aide" |row| Cell::Text(row.line().aid_type.as_str());
    "Libellé du type d’aide" 32 Text "Libellé du type d’aide" |row| Cell::Text(row.aid_type_name());
    "Bi/multi" 8 Whole "1 bilatéral, 2 multilatéral, 3 soutien général à une organisation (bilatéral)"
        |row| Cell::Whole(i64::from(row.line().bi_multi.code()));
    "Montant versé" 16 Euros "Montant versé dans l’exercice, en euros" |row| Cell::Euros(row.line().amounts.paid);
    "Cofinancements reçus" 16 Euros "Part du versement que d’autres supportent, en euros"
        |row| Cell::Euros(row.line().amounts.cofinancing_received);
    "Ressources propres" 16 Euros "Montant versé moins cofinancements reçus, en euros\u{a0}: ce qui compte"
        |row| Cell::Euros(row.own);
    "Colonne" 14 Code "Colonne du tableau\u{a0}; vide si la ligne n’y compte pas (ressources propres nulles)"
        |row| text(row.column.map(|column| &*column.code));
    "dont frais de service" 16 Euros "Frais de service compris dans le montant versé, en euros"
        |row| row.line().amounts.service_costs.map_or(Cell::Blank, Cell::Euros);
    "Montant engagé" 16 Euros "Montant engagé, en euros, s’il a été donné"
        |row| row.line().amounts.committed.map_or(Cell::Blank, Cell::Euros);
    "Date du versement" 12 Day "Jour du versement, dans l’exercice, s’il a été donné"
        |row| row.line().paid_on.map_or(Cell::Blank, Cell::Day);
    "Organisme" 30 Text "Organisme qui a reçu le versement" |row| text(row.line().organisation.as_deref());
    "SIREN de l’organisme" 12 Code "SIREN de l’organisme"
        |row| text(row.filed.line.organisation_siren.as_ref().map(crate::domain::siren::Siren::as_str));
    "Date de début" 12 Day "Début du projet" |row| row.line().starts_on.map_or(Cell::Blank, Cell::Day);
    "Date de fin" 12 Day "Fin du projet" |row| row.line().ends_on.map_or(Cell::Blank, Cell::Day);
    "Dispositif 1\u{a0}%" 11 Text "Dispositif 1\u{a0}%\u{a0}: eau, dechets, energie"
        |row| text(row.line().one_percent_law.map(crate::domain::line::OnePercentLaw::code));
}
