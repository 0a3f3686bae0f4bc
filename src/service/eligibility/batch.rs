//! Lists and dossiers, answered in their order: an unreadable row gets its error in its place.

use serde::{Serialize, Serializer};

use crate::app::App;
use crate::domain::eligibility::MemberRole;
use crate::domain::instant::Instant;
use crate::domain::siren::{Siren, parse_siren_or_siret};
use crate::imports::Limits;
use crate::imports::dossiers::{Body, Dossier, Member, Role};
use crate::imports::eligibility::{Batch, read};
use crate::reports::table::TextTable;
use crate::service::Result;
use crate::service::eligibility::document::{self, Answer, DossierAnswer};
use crate::service::eligibility::{AskedIdentity, AskedMember, BATCH_MAX, of_groups, of_list};

/// A number as typed, and the SIREN it is or why it is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Line of the file, or rank in the request, from 1.
    pub row: u32,
    /// As typed.
    pub text: String,
    /// The SIREN, also of a SIRET.
    pub siren: std::result::Result<Siren, String>,
}

/// The answers to a question, ready to be sent in any format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answers {
    /// One a row.
    List(Vec<Answer>),
    /// One a dossier.
    Dossiers(Vec<DossierAnswer>),
}

impl Asked {
    /// The `rank`-th number of a request.
    #[must_use]
    pub fn typed(rank: usize, text: &str) -> Self {
        let row = u32::try_from(rank).unwrap_or(u32::MAX).saturating_add(1);
        Self {
            row,
            text: text.to_owned(),
            siren: parse_siren_or_siret(text).map_err(|error| error.to_string()),
        }
    }
}

/// Documents, in the order of the question.
impl Serialize for Answers {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::List(answers) => answers.serialize(serializer),
            Self::Dossiers(answers) => answers.serialize(serializer),
        }
    }
}

impl Answers {
    /// A table, in the order of the question.
    #[must_use]
    pub fn to_table(&self) -> TextTable {
        match self {
            Self::List(answers) => document::table(answers),
            Self::Dossiers(answers) => document::dossier_table(answers),
        }
    }

    /// CSV, in the order of the question.
    pub fn to_csv(&self) -> std::result::Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.to_table().to_csv()?)
    }

    /// A workbook, in the order of the question.
    pub fn to_xlsx(&self) -> std::result::Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.to_table().to_xlsx("Éligibilité")?)
    }
}

/// Answers a file of SIREN, or of dossiers where it has a column `dossier`.
pub async fn of_file(app: &App, call_name: &str, bytes: &[u8], at: Option<Instant>) -> Result<Answers> {
    match read(bytes, &Limits::default())? {
        Batch::Sirens(entries) => {
            let asked = entries.into_iter().map(|entry| Asked {
                row: entry.row,
                text: entry.text,
                siren: entry.siren.map_err(|error| error.to_string()),
            });
            of_asked(app, call_name, asked.collect(), at).await
        }
        Batch::Dossiers(dossiers) => {
            let at = at.unwrap_or_else(|| app.now());
            of_dossiers(app, call_name, &dossiers, at).await.map(Answers::Dossiers)
        }
    }
}

/// Answers numbers, in their order, duplicates included.
pub async fn of_asked(app: &App, call_name: &str, asked: Vec<Asked>, at: Option<Instant>) -> Result<Answers> {
    let at = at.unwrap_or_else(|| app.now());
    let sirens: Vec<Siren> = asked.iter().filter_map(|asked| asked.siren.clone().ok()).collect();
    let mut verdicts = Vec::with_capacity(sirens.len());
    // The call is resolved even for an empty list: a wrong one is not an empty answer.
    for part in sirens.chunks(BATCH_MAX).chain(sirens.is_empty().then_some(&[][..])) {
        verdicts.extend(of_list(app, call_name, part, Some(at)).await?.verdicts);
    }
    let mut verdicts = verdicts.into_iter();
    let answer = |asked: Asked| {
        let verdict = match asked.siren {
            Ok(_) => Ok(Box::new(verdicts.next()?)),
            Err(error) => Err(error),
        };
        Some(Answer { row: asked.row, text: asked.text, verdict })
    };
    Ok(Answers::List(asked.into_iter().filter_map(answer).collect()))
}

/// A dossier as asked about: its members, or why some of them cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedDossier {
    /// Its number or name.
    pub name: String,
    /// Its members, each readable or not.
    pub members: Vec<std::result::Result<AskedMember, String>>,
}

impl AskedDossier {
    fn readable(&self) -> Option<Vec<AskedMember>> {
        self.members.iter().map(|member| member.as_ref().ok().cloned()).collect()
    }
}

/// Answers dossiers, in their order: one with an unreadable member gets its errors in its place.
pub async fn of_asked_dossiers(
    app: &App,
    call_name: &str,
    dossiers: &[AskedDossier],
    at: Option<Instant>,
) -> Result<Answers> {
    answers_on(app, call_name, dossiers, at).await.map(Answers::Dossiers)
}

async fn answers_on(
    app: &App,
    call_name: &str,
    dossiers: &[AskedDossier],
    at: Option<Instant>,
) -> Result<Vec<DossierAnswer>> {
    let readable: Vec<Vec<AskedMember>> = dossiers.iter().filter_map(AskedDossier::readable).collect();
    let (_call, judged) = of_groups(app, call_name, &readable, at).await?;
    let mut judged = judged.into_iter();
    let answer = |dossier: &AskedDossier| {
        let mut errors: Vec<String> =
            dossier.members.iter().filter_map(|member| member.as_ref().err().cloned()).collect();
        let judged = if errors.is_empty() { judged.next() } else { None };
        let verdict = match judged {
            Some(Ok(group)) => Ok(group),
            Some(Err(error)) => {
                errors.push(error.to_string());
                Err(errors)
            }
            None => Err(errors),
        };
        DossierAnswer { name: dossier.name.clone(), verdict }
    };
    Ok(dossiers.iter().map(answer).collect())
}

/// Answers the dossiers of a file, in their order.
pub(crate) async fn of_dossiers(
    app: &App,
    call_name: &str,
    dossiers: &[Dossier],
    at: Instant,
) -> Result<Vec<DossierAnswer>> {
    let member = |member: &Member| match &member.entry {
        Ok(entry) => Ok(asked(entry)),
        Err(error) => Err(error.to_string()),
    };
    let dossiers: Vec<AskedDossier> = dossiers
        .iter()
        .map(|dossier| AskedDossier {
            name: dossier.name.clone(),
            members: dossier.members.iter().map(member).collect(),
        })
        .collect();
    answers_on(app, call_name, &dossiers, Some(at)).await
}

fn asked((role, body): &(Role, Body)) -> AskedMember {
    AskedMember {
        role: match role {
            Role::Lead => MemberRole::Lead,
            Role::Partner => MemberRole::Partner,
        },
        identity: match body {
            Body::Siren(siren) => AskedIdentity::French(*siren),
            Body::Other(name) => AskedIdentity::Other(name.clone()),
        },
    }
}
