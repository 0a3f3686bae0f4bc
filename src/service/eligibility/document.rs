//! The document of a verdict: the same in the API, the command line and the files.

use serde_json::{Value, json};

use crate::reports::table::TextTable;

use crate::domain::eligibility::{
    GroupVerdict, Identity, MemberVerdict, PredecessorYear, Verdict, YearVerdict,
};

/// A verdict with its years, in the French keys of the contract.
#[must_use]
pub fn of_verdict(verdict: &Verdict) -> Value {
    json!({
        "siren": verdict.siren,
        "appel": verdict.call,
        "statut": verdict.status.code(),
        "motif": verdict.reason.code(),
        "explication": verdict.sentence,
        "texte_fondateur": verdict.founding_text,
        "au": verdict.at,
        "exercices": verdict.years.iter().map(of_year).collect::<Vec<Value>>(),
    })
}

fn of_year(year: &YearVerdict) -> Value {
    json!({
        "exercice": year.year,
        "campagne": year.campaign,
        "etat": year.state.code(),
        "motif": year.reason.code(),
        "explication": year.sentence,
        "siren": year.of,
        "recepisse": year.receipt,
        "date_depot": year.filed_at,
        "source": year.source,
        "predecesseurs": year.predecessors.iter().map(of_predecessor).collect::<Vec<Value>>(),
    })
}

fn of_predecessor(predecessor: &PredecessorYear) -> Value {
    json!({
        "siren": predecessor.siren,
        "nom": predecessor.name,
        "etat": predecessor.state.code(),
        "motif": predecessor.reason.code(),
        "recepisse": predecessor.receipt,
        "date_depot": predecessor.filed_at,
        "source": predecessor.source,
    })
}

/// A verdict on a group with those on its members.
#[must_use]
pub fn of_group(name: &str, group: &GroupVerdict) -> Value {
    json!({
        "dossier": name,
        "regle": group.rule.code(),
        "statut": group.status.code(),
        "motif": group.reason.code(),
        "explication": group.sentence,
        "membres": group.members.iter().map(of_member).collect::<Vec<Value>>(),
    })
}

fn of_member(member: &MemberVerdict) -> Value {
    let (who, verdict) = match &member.member.identity {
        Identity::French(verdict) => (verdict.siren.to_string(), Some(of_verdict(verdict))),
        Identity::NotConcerned(name) => (name.clone(), None),
    };
    json!({
        "role": member.member.role.code(),
        "membre": who,
        "statut": member.status.code(),
        "compte": member.counts,
        "reponse": verdict,
    })
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

impl Answer {
    /// The answer as a document: the verdict, or the error in its place.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut document = match &self.verdict {
            Ok(verdict) => of_verdict(verdict),
            Err(error) => json!({"valeur": self.text, "statut": "erreur", "erreur": error}),
        };
        if let Some(map) = document.as_object_mut() {
            map.insert("ligne".to_owned(), self.row.into());
        }
        document
    }

    fn cells(&self) -> Vec<String> {
        match &self.verdict {
            Ok(verdict) => {
                let states = verdict.years.iter().map(|year| format!("{}={}", year.year, year.state.code()));
                let proofs = verdict
                    .years
                    .iter()
                    .filter_map(|year| year.receipt.clone().or_else(|| year.source.clone()));
                vec![
                    self.row.to_string(),
                    verdict.siren.to_string(),
                    verdict.status.code().to_owned(),
                    verdict.reason.code().to_owned(),
                    verdict.sentence.clone(),
                    states.collect::<Vec<_>>().join(" | "),
                    proofs.collect::<Vec<_>>().join(" | "),
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
pub fn dossier_table(answers: &[Value]) -> TextTable {
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
    let text =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut rows = Vec::new();
    for answer in answers {
        let group = ["dossier", "statut", "motif", "explication"].map(|key| text(answer, key)).to_vec();
        let members = answer.get("membres").and_then(Value::as_array);
        for member in members.into_iter().flatten() {
            let reply = member.get("reponse").cloned().unwrap_or_default();
            let own = [
                text(member, "role"),
                text(member, "membre"),
                text(member, "statut"),
                text(&reply, "explication"),
            ];
            rows.push(group.iter().cloned().chain(own).collect());
        }
        for error in answer.get("erreurs").and_then(Value::as_array).into_iter().flatten() {
            let mut row = vec![text(answer, "dossier"), "erreur".to_owned(), String::new()];
            row.push(error.as_str().unwrap_or_default().to_owned());
            row.resize(headers.len(), String::new());
            rows.push(row);
        }
    }
    TextTable { headers: headers.map(str::to_owned).to_vec(), rows }
}
