//! The document of a summary: the same in the API and in the file, in the French keys of the contract.

use serde::Serialize;

use crate::domain::euros::Euros;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::summary::{Counts, Row, Share, Sum, Summary};
use crate::domain::year::{CampaignYear, FlowYear};

/// A summary, ready to be written.
#[derive(Debug, Serialize)]
pub struct SummaryDocument<'s> {
    territoire: &'s str,
    nom: &'s str,
    exercice: FlowYear,
    campagne: CampaignYear,
    statut: &'static str,
    donnees_au: Instant,
    total: SumDocument,
    annee_precedente: Option<SumDocument>,
    collectivites: CountsDocument,
    collectivites_annee_precedente: Option<CountsDocument>,
    lignes_ecartees: u64,
    pays_beneficiaires: u64,
    sahel: SumDocument,
    tableaux: Vec<TableDocument<'s>>,
    premieres_collectivites: Vec<ContributorDocument<'s>>,
    premiers_projets: Vec<ProjectDocument<'s>>,
    collectivites_associees: Vec<ContributorDocument<'s>>,
}

#[derive(Debug, Serialize)]
struct SumDocument {
    lignes: u64,
    ressources_propres: Euros,
    dont_refugies: Euros,
    hors_refugies: Euros,
}

#[derive(Debug, Serialize)]
struct CountsDocument {
    declarantes: u64,
    dont_neant: u64,
    attendues: u64,
    attendues_non_declarantes: u64,
}

#[derive(Debug, Serialize)]
struct TableDocument<'s> {
    code: &'static str,
    titre: &'static str,
    rangs: Vec<RowDocument<'s>>,
}

#[derive(Debug, Serialize)]
struct RowDocument<'s> {
    code: &'s str,
    nom: &'s str,
    #[serde(flatten)]
    montants: SumDocument,
    part_hors_refugies: Option<String>,
    annee_precedente: Option<SumDocument>,
    declarantes: Option<u64>,
}

#[derive(Debug, Serialize)]
struct ContributorDocument<'s> {
    siren: Siren,
    nom: &'s str,
    #[serde(flatten)]
    montants: SumDocument,
    part_hors_refugies: Option<String>,
    region: Option<&'s str>,
}

#[derive(Debug, Serialize)]
struct ProjectDocument<'s> {
    siren: Siren,
    nom: &'s str,
    titre: &'s str,
    pays: &'s str,
    ressources_propres: Euros,
}

impl From<Sum> for SumDocument {
    fn from(sum: Sum) -> Self {
        Self {
            lignes: sum.lines,
            ressources_propres: sum.own,
            dont_refugies: sum.refugees,
            hors_refugies: sum.without_refugees(),
        }
    }
}

impl From<Counts> for CountsDocument {
    fn from(counts: Counts) -> Self {
        Self {
            declarantes: counts.declarants(),
            dont_neant: counts.nil,
            attendues: counts.expected,
            attendues_non_declarantes: counts.silent,
        }
    }
}

/// The document of a summary.
#[must_use]
pub fn of(summary: &Summary) -> SummaryDocument<'_> {
    let whole = summary.total.without_refugees();
    let part = |sum: Sum| Share::of(sum.without_refugees(), whole).map(Share::to_plain);
    let row = |row: &'_ Row| -> Option<String> { part(row.now) };
    SummaryDocument {
        territoire: summary.word(),
        nom: &summary.name,
        exercice: summary.flow_year,
        campagne: summary.flow_year.campaign(),
        statut: summary.standing.code(),
        donnees_au: summary.data_at,
        total: summary.total.into(),
        annee_precedente: summary.before.map(SumDocument::from),
        collectivites: summary.counts.into(),
        collectivites_annee_precedente: summary.counts_before.map(CountsDocument::from),
        lignes_ecartees: summary.left_out,
        pays_beneficiaires: summary.countries,
        sahel: summary.sahel.into(),
        tableaux: summary
            .tables
            .iter()
            .map(|table| TableDocument {
                code: table.cut.code(),
                titre: table.cut.title(),
                rangs: table
                    .rows
                    .iter()
                    .map(|one| RowDocument {
                        code: &one.class,
                        nom: &one.name,
                        montants: one.now.into(),
                        part_hors_refugies: row(one),
                        annee_precedente: one.before.map(SumDocument::from),
                        declarantes: one.declarants,
                    })
                    .collect(),
            })
            .collect(),
        premieres_collectivites: summary
            .contributors
            .iter()
            .map(|one| ContributorDocument {
                siren: one.siren,
                nom: &one.name,
                montants: one.sum.into(),
                part_hors_refugies: part(one.sum),
                region: None,
            })
            .collect(),
        premiers_projets: summary
            .projects
            .iter()
            .map(|one| ProjectDocument {
                siren: one.siren,
                nom: &one.name,
                titre: &one.title,
                pays: &one.recipient,
                ressources_propres: one.own,
            })
            .collect(),
        collectivites_associees: summary
            .associated
            .iter()
            .map(|one| ContributorDocument {
                siren: one.siren,
                nom: &one.name,
                montants: one.sum.into(),
                part_hors_refugies: None,
                region: Some(&one.region),
            })
            .collect(),
    }
}
