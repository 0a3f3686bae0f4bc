//! The Trésor report as XML, against `reports/tresor/tresor-1.0.xsd`.

use std::io::{self, Write};

use crate::domain::day::Day;
use crate::domain::declaration::FiledLine;
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::reports::tresor::TITLE;
use crate::reports::tresor::controls::Controls;
use crate::reports::tresor::counted::Counted;
use crate::reports::tresor::table::{Kind, Table};
use crate::reports::tresor::tally::Tally;
use crate::reports::xml::{Attribute, Xml};
use crate::reports::{Context, LineReport, ReportError, Result, Status, Written};

/// The namespace of the schema; an incompatible change takes another one.
pub const NAMESPACE: &str = "urn:fr:eapd:tresor:1";
/// The version of the schema.
pub const VERSION: &str = "1.0";

/// The XML being written.
pub struct TresorXml<W: Write> {
    context: Context,
    xml: Xml<W>,
    tally: Tally,
}

impl<W: Write + Send> TresorXml<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(context: Context, out: W) -> Result<Self> {
        let tally = Tally::new(&context);
        let mut report = Self { context, xml: Xml::begin(out)?, tally };
        report.xml.open("apdTresor", &[("xmlns", NAMESPACE), ("version", VERSION)])?;
        report.head()?;
        report.xml.open("lignes", &[])?;
        Ok(report)
    }

    fn head(&mut self) -> io::Result<()> {
        let context = self.context.clone();
        let year = context.flow_year;
        self.xml.open("entete", &[])?;
        self.xml.element("titre", &[], TITLE)?;
        self.xml.element("exercice", &[], &year.to_string())?;
        self.xml.element("campagne", &[], &year.campaign().to_string())?;
        self.xml.element(
            "perimetre",
            &[("code", context.scope.code())],
            &context.scope.name(&context.codes),
        )?;
        let (code, sentence) = (context.status.code(), context.status.sentence());
        match context.status {
            Status::Edition { number, released_at } => {
                let (number, at) = (number.to_string(), released_at.to_rfc3339());
                self.xml.element("etat", &[("code", code), ("edition", &number), ("le", &at)], &sentence)?;
            }
            Status::Provisional | Status::Settled | Status::Past => {
                self.xml.element("etat", &[("code", code)], &sentence)?;
            }
        }
        self.xml.element("donneesAu", &[], &context.data_at.to_rfc3339())?;
        self.xml.element("devise", &[], "EUR")?;
        self.xml.element("source", &[], &context.source())?;
        self.xml.close("entete")
    }

    fn amount(&mut self, name: &str, amount: Euros) -> io::Result<()> {
        self.xml.element(name, &[], amount.plain().as_str())
    }

    fn day(&mut self, name: &str, day: Option<Day>) -> io::Result<()> {
        day.map_or(Ok(()), |day| self.xml.element(name, &[], day.iso().as_str()))
    }

    fn resolved(&mut self, row: &Counted<'_>) -> io::Result<()> {
        let line = row.line();
        self.xml.open("ligne", &[])?;
        let mut body = vec![("siren", row.filed.siren.as_str()), ("nature", row.body.kind.code())];
        body.extend(row.category.map(|category| ("categorie", &*category.code)));
        body.extend(row.body.departement.as_deref().map(|code| ("departement", code)));
        body.push(("region", &row.body.region));
        self.xml.element("collectivite", &body, &row.body.name)?;
        let number = row.filed.version.to_string();
        self.xml.empty("version", &[("numero", &number), ("nature", row.filed.kind.code())])?;
        self.xml.element("reference", &[], &line.reference)?;
        self.xml.element("titre", &[], &line.title)?;
        self.xml.element("beneficiaire", &[("code", line.recipient.as_str())], row.recipient_name())?;
        self.xml.element("secteur", &[("code", line.purpose.as_str())], row.purpose_name())?;
        self.xml.element("canal", &[("code", line.channel.as_str())], row.channel_name())?;
        self.xml.element("nature", &[("code", line.nature.as_str())], row.nature_name())?;
        self.xml.element("typeAide", &[("code", line.aid_type.as_str())], row.aid_type_name())?;
        self.xml.element("biMulti", &[], &line.bi_multi.code().to_string())?;
        if let Some(column) = row.column {
            self.xml.element("colonne", &[], &column.code)?;
        }
        let amounts = &line.amounts;
        self.amount("montantVerse", amounts.paid)?;
        self.amount("cofinancementsRecus", amounts.cofinancing_received)?;
        self.amount("ressourcesPropres", row.own)?;
        if let Some(costs) = amounts.service_costs {
            self.amount("fraisDeService", costs)?;
        }
        if let Some(committed) = amounts.committed {
            self.amount("montantEngage", committed)?;
        }
        self.day("dateVersement", line.paid_on)?;
        if let Some(name) = &line.organisation {
            let siren = line.organisation_siren.as_ref().map(|siren| ("siren", siren.as_str()));
            self.xml.element("organisme", siren.as_slice(), name)?;
        }
        self.day("dateDebut", line.starts_on)?;
        self.day("dateFin", line.ends_on)?;
        if let Some(law) = line.one_percent_law {
            self.xml.element("loi1pct", &[], law.code())?;
        }
        self.xml.close("ligne")
    }

    fn table(&mut self, table: &Table) -> Result<()> {
        let unit = table.unit;
        let codes = std::sync::Arc::clone(&self.context.codes);
        self.xml.open("tableau", &[("unite", &unit.factor().to_string())])?;
        self.xml.open("colonnes", &[])?;
        for column in codes.tresor_columns() {
            self.xml.element("colonne", &[("code", &column.code)], &column.name_fr)?;
        }
        self.xml.close("colonnes")?;
        let figures = |kind: Kind| kind != Kind::Area;
        for row in table.rows.iter().filter(|row| figures(row.kind)) {
            self.xml.open("rang", &[("nature", row.kind.code()), ("code", &row.code)])?;
            self.xml.element("libelle", &[], &row.label)?;
            let cells = codes.tresor_columns().iter().zip(&row.exact).zip(&row.shown);
            let mut exact_total = Euros::ZERO;
            let mut is_empty = true;
            for ((column, exact), shown) in cells {
                let (Some(exact), Some(shown)) = (exact, shown) else { continue };
                is_empty = false;
                exact_total = exact_total.checked_add(*exact).ok_or(ReportError::OutOfRange)?;
                let attributes = [("colonne", &*column.code), ("exact", &exact.to_plain())];
                self.xml.element("cellule", &attributes, &unit.text(*shown))?;
            }
            if !is_empty {
                let exact = exact_total.to_plain();
                self.xml.element("total", &[("exact", &exact)], &unit.text(row.shown_total))?;
            }
            self.xml.close("rang")?;
        }
        Ok(self.xml.close("tableau")?)
    }

    fn controls(&mut self, controls: &Controls) -> io::Result<()> {
        let (kept, left_out) = (self.tally.kept, self.tally.left_out);
        let (paid, cofinancing) = (self.tally.paid, self.tally.cofinancing);
        let filings = self.context.filings;
        self.xml.open("controles", &[])?;
        let (count, sum) = (kept.lines.to_string(), kept.own.to_plain());
        self.xml.empty("lignesRetenues", &[("nombre", &count), ("somme", &sum)])?;
        self.xml.empty("lignesEcartees", &[("nombre", &left_out.to_string())])?;
        self.xml.element("montantVerse", &[], &paid.to_plain())?;
        self.xml.element("cofinancementsRecus", &[], &cofinancing.to_plain())?;
        self.xml.element("ressourcesPropres", &[], &sum)?;
        self.xml.element("ressourcesPropresScellees", &[], &filings.total_own.to_plain())?;
        self.xml.element("ecartArrondi", &[], &controls.whole.difference.to_plain())?;
        for candidate in &controls.candidates {
            let (count, sum) = (candidate.total.lines.to_string(), candidate.total.own.to_plain());
            let attributes = [("code", candidate.code), ("nombre", &count), ("somme", &sum)];
            self.xml.element("doubleCompte", &attributes, &candidate.label)?;
        }
        let counts: Vec<(&str, String)> = [
            ("declarees", FilingKind::Declared),
            ("neant", FilingKind::Nil),
            ("rectifiees", FilingKind::Rectified),
            ("annulees", FilingKind::Annulled),
            ("reprises", FilingKind::TakenOver),
        ]
        .map(|(name, kind)| (name, filings.kind(kind).to_string()))
        .into();
        let attributes: Vec<Attribute<'_>> =
            counts.iter().map(|(name, count)| (*name, count.as_str())).collect();
        self.xml.empty("declarations", &attributes)?;
        self.xml.close("controles")
    }
}

impl<W: Write + Send> LineReport for TresorXml<W> {
    fn line(&mut self, line: &FiledLine) -> Result<()> {
        // The context is borrowed by the line while the file is written.
        let context = self.context.clone();
        let Some(resolved) = Counted::new(line, &context)? else { return Ok(()) };
        self.tally.add(&resolved, &context)?;
        Ok(self.resolved(&resolved)?)
    }

    fn finish(mut self: Box<Self>) -> Result<Written> {
        self.context.check_sealed(self.tally.lines(), self.tally.kept.own)?;
        self.xml.close("lignes")?;
        let table = Table::new(&self.tally, &self.context)?;
        let controls = Controls::new(&table, &self.tally, &self.context)?;
        self.table(&table)?;
        self.controls(&controls)?;
        self.xml.close("apdTresor")?;
        self.xml.end()?;
        let rows = self.tally.lines();
        Ok(Written { content_sha256: None, rows, total_own: self.tally.kept.own })
    }
}
