//! The document of a verdict: the same in the API, the command line and the files.
//! Its keys, in the order of the alphabet, are those of the contract.

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::domain::call::CallCode;
use crate::domain::eligibility::{
    GroupVerdict, Identity, MemberVerdict, PredecessorYear, Reason, Status, Verdict, YearState, YearVerdict,
};
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::reports::table::TextTable;

/// A verdict with its years, in the French keys of the contract.
#[must_use]
pub fn of_verdict(verdict: &Verdict) -> VerdictDocument<'_> {
    VerdictDocument {
        appel: &verdict.call,
        au: verdict.at,
        exercices: verdict.years.iter().map(of_year).collect(),
        explication: &verdict.sentence,
        ligne: None,
        motif: verdict.reason.code(),
        siren: verdict.siren,
        statut: verdict.status.code(),
        texte_fondateur: &verdict.founding_text,
    }
}

/// A verdict read back from its document: a certificate keeps the document, and shows it as it was.
#[must_use]
pub fn read(document: &Value) -> Option<Verdict> {
    let text = |key: &str| document.get(key).and_then(Value::as_str);
    Some(Verdict {
        siren: text("siren")?.parse().ok()?,
        call: text("appel")?.parse().ok()?,
        status: Status::from_code(text("statut")?)?,
        reason: Reason::from_code(text("motif")?)?,
        sentence: text("explication")?.to_owned(),
        founding_text: text("texte_fondateur")?.to_owned(),
        at: text("au")?.parse().ok()?,
        years: document.get("exercices")?.as_array()?.iter().map(read_year).collect::<Option<_>>()?,
    })
}

fn read_year(document: &Value) -> Option<YearVerdict> {
    let text = |key: &str| document.get(key).and_then(Value::as_str);
    let year = |key: &str| u16::try_from(document.get(key)?.as_u64()?).ok();
    let predecessors = document.get("predecesseurs")?.as_array()?;
    Some(YearVerdict {
        year: FlowYear::new(year("exercice")?).ok()?,
        campaign: year("campagne").and_then(|year| CampaignYear::new(year).ok()),
        state: YearState::from_code(text("etat")?)?,
        reason: Reason::from_code(text("motif")?)?,
        sentence: text("explication")?.to_owned(),
        of: text("siren")?.parse().ok()?,
        receipt: text("recepisse").map(str::to_owned),
        filed_at: text("date_depot").and_then(|at| at.parse().ok()),
        source: text("source").map(str::to_owned),
        predecessors: predecessors.iter().map(read_predecessor).collect::<Option<_>>()?,
    })
}

fn read_predecessor(document: &Value) -> Option<PredecessorYear> {
    let text = |key: &str| document.get(key).and_then(Value::as_str);
    Some(PredecessorYear {
        siren: text("siren")?.parse().ok()?,
        name: text("nom")?.to_owned(),
        state: YearState::from_code(text("etat")?)?,
        reason: Reason::from_code(text("motif")?)?,
        receipt: text("recepisse").map(str::to_owned),
        filed_at: text("date_depot").and_then(|at| at.parse().ok()),
        source: text("source").map(str::to_owned),
    })
}

/// The document of a verdict, ready to be written.
#[derive(Debug, Serialize)]
pub struct VerdictDocument<'v> {
    appel: &'v CallCode,
    au: Instant,
    exercices: Vec<YearDocument<'v>>,
    explication: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ligne: Option<u32>,
    motif: &'static str,
    siren: Siren,
    statut: &'static str,
    texte_fondateur: &'v str,
}

#[derive(Debug, Serialize)]
struct YearDocument<'v> {
    campagne: Option<CampaignYear>,
    date_depot: Option<Instant>,
    etat: &'static str,
    exercice: FlowYear,
    explication: &'v str,
    motif: &'static str,
    predecesseurs: Vec<PredecessorDocument<'v>>,
    recepisse: Option<&'v str>,
    siren: Siren,
    source: Option<&'v str>,
}

fn of_year(year: &YearVerdict) -> YearDocument<'_> {
    YearDocument {
        campagne: year.campaign,
        date_depot: year.filed_at,
        etat: year.state.code(),
        exercice: year.year,
        explication: &year.sentence,
        motif: year.reason.code(),
        predecesseurs: year.predecessors.iter().map(of_predecessor).collect(),
        recepisse: year.receipt.as_deref(),
        siren: year.of,
        source: year.source.as_deref(),
    }
}

#[derive(Debug, Serialize)]
struct PredecessorDocument<'v> {
    date_depot: Option<Instant>,
    etat: &'static str,
    motif: &'static str,
    nom: &'v str,
    recepisse: Option<&'v str>,
    siren: Siren,
    source: Option<&'v str>,
}

fn of_predecessor(predecessor: &PredecessorYear) -> PredecessorDocument<'_> {
    PredecessorDocument {
        date_depot: predecessor.filed_at,
        etat: predecessor.state.code(),
        motif: predecessor.reason.code(),
        nom: &predecessor.name,
        recepisse: predecessor.receipt.as_deref(),
        siren: predecessor.siren,
        source: predecessor.source.as_deref(),
    }
}

/// A verdict on a group with those on its members.
#[derive(Debug, Serialize)]
struct GroupDocument<'v> {
    dossier: &'v str,
    explication: &'v str,
    membres: Vec<MemberDocument<'v>>,
    motif: &'static str,
    regle: &'static str,
    statut: &'static str,
}

#[derive(Debug, Serialize)]
struct MemberDocument<'v> {
    compte: bool,
    membre: &'v str,
    reponse: Option<VerdictDocument<'v>>,
    role: &'static str,
    statut: &'static str,
}

fn of_group<'v>(name: &'v str, group: &'v GroupVerdict) -> GroupDocument<'v> {
    GroupDocument {
        dossier: name,
        explication: &group.sentence,
        membres: group.members.iter().map(of_member).collect(),
        motif: group.reason.code(),
        regle: group.rule.code(),
        statut: group.status.code(),
    }
}

fn of_member(member: &MemberVerdict) -> MemberDocument<'_> {
    let (who, verdict) = match &member.member.identity {
        Identity::French(verdict) => (verdict.siren.as_str(), Some(of_verdict(verdict))),
        Identity::NotConcerned(name) => (name.as_str(), None),
    };
    MemberDocument {
        compte: member.counts,
        membre: who,
        reponse: verdict,
        role: member.member.role.code(),
        statut: member.status.code(),
    }
}

/// One row of a list that was asked about: the line of the file, what it held, and the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Line of the file, or rank in the request.
    pub row: u32,
    /// The number as typed.
    pub text: String,
    /// The verdict, or why the number cannot be read.
    pub verdict: std::result::Result<Box<Verdict>, String>,
}

/// The verdict, or the error in its place.
impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Unreadable<'a> {
            erreur: &'a str,
            ligne: u32,
            statut: &'static str,
            valeur: &'a str,
        }
        match &self.verdict {
            Ok(verdict) => {
                VerdictDocument { ligne: Some(self.row), ..of_verdict(verdict) }.serialize(serializer)
            }
            Err(erreur) => Unreadable { erreur, ligne: self.row, statut: "erreur", valeur: &self.text }
                .serialize(serializer),
        }
    }
}

/// One dossier that was asked about, and the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierAnswer {
    /// Its number or name.
    pub name: String,
    /// The verdict on the group, or every reason why it cannot be judged as described.
    pub verdict: std::result::Result<GroupVerdict, Vec<String>>,
}

/// The verdict, or the errors in its place.
impl Serialize for DossierAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Unreadable<'a> {
            dossier: &'a str,
            erreurs: &'a [String],
        }
        match &self.verdict {
            Ok(group) => of_group(&self.name, group).serialize(serializer),
            Err(erreurs) => Unreadable { dossier: &self.name, erreurs }.serialize(serializer),
        }
    }
}

/// Years with their states, and what proves them, as cells of a table.
#[must_use]
pub fn verdict_cells(verdict: &Verdict) -> (String, String) {
    let states = verdict.years.iter().map(|year| format!("{}={}", year.year, year.state.code()));
    let proofs = verdict.years.iter().filter_map(|year| year.receipt.clone().or_else(|| year.source.clone()));
    (states.collect::<Vec<_>>().join(" | "), proofs.collect::<Vec<_>>().join(" | "))
}

impl Answer {
    fn cells(&self) -> Vec<String> {
        match &self.verdict {
            Ok(verdict) => {
                let (states, proofs) = verdict_cells(verdict);
                vec![
                    self.row.to_string(),
                    verdict.siren.to_string(),
                    verdict.status.code().to_owned(),
                    verdict.reason.code().to_owned(),
                    verdict.sentence.clone(),
                    states,
                    proofs,
                    verdict.call.to_string(),
                    verdict.at.to_rfc3339(),
                ]
            }
            Err(error) => {
                let mut cells = vec![
                    self.row.to_string(),
                    self.text.clone(),
                    "erreur".to_owned(),
                    String::new(),
                    error.clone(),
                ];
                cells.resize(9, String::new());
                cells
            }
        }
    }
}

/// The answers to a list as a table, in the order of the list.
#[must_use]
pub fn table(answers: &[Answer]) -> TextTable {
    let headers =
        ["ligne", "siren", "statut", "motif", "explication", "exercices", "recepisses", "appel", "au"];
    TextTable {
        headers: headers.map(str::to_owned).to_vec(),
        rows: answers.iter().map(Answer::cells).collect(),
    }
}

/// The answers on dossiers as a table: one row a member, the group's answer repeated.
#[must_use]
pub fn dossier_table(answers: &[DossierAnswer]) -> TextTable {
    let headers = [
        "dossier",
        "statut",
        "motif",
        "explication",
        "role",
        "membre",
        "statut_membre",
        "explication_membre",
    ];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for answer in answers {
        match &answer.verdict {
            Ok(group) => {
                let of_group = [&answer.name, group.status.code(), group.reason.code(), &group.sentence];
                for member in &group.members {
                    let told = of_member(member);
                    let sentence = told.reponse.map_or("", |verdict| verdict.explication);
                    let of_member = [told.role, told.membre, told.statut, sentence];
                    rows.push(of_group.iter().chain(&of_member).map(ToString::to_string).collect());
                }
            }
            Err(errors) => {
                for error in errors {
                    let mut row = [&answer.name, "erreur", "", error].map(str::to_owned).to_vec();
                    row.resize(headers.len(), String::new());
                    rows.push(row);
                }
            }
        }
    }
    TextTable { headers: headers.map(str::to_owned).to_vec(), rows }
}
