//! Accounts to try the pages of a demonstration with: fictitious agents, fresh passwords each time.

use crate::app::App;
use crate::config::Profile;
use crate::domain::account::{AccountRole, Email, Identity, Password};
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::service::account::{NewAccount, create};
use crate::service::demo::DemoError;
use crate::service::{ServiceError, attachment, contact};
use crate::store;

/// A fictitious agent: address, name, function, collectivity, and whether the agent is attached or waits.
struct Agent {
    email: &'static str,
    name: &'static str,
    function: &'static str,
    siren: &'static str,
    is_attached: bool,
}

/// Rennes and Lyon have an agent; another one waits for Rennes.
const AGENTS: [Agent; 3] = [
    Agent {
        email: "agent.rennes@demonstration.example",
        name: "Agent fictif de Rennes",
        function: "chargé de coopération (fictif)",
        siren: "213502388",
        is_attached: true,
    },
    Agent {
        email: "agent.lyon@demonstration.example",
        name: "Agent fictif de Lyon",
        function: "secrétaire général (fictif)",
        siren: "216901231",
        is_attached: true,
    },
    Agent {
        email: "agent.en.attente@demonstration.example",
        name: "Agent fictif en attente",
        function: "stagiaire (fictif)",
        siren: "213502388",
        is_attached: false,
    },
];

/// Fictitious addresses to which a code can be sent.
const CONTACTS: &str = "siren;courriel;source\n\
                        213502388;mairie.rennes@demonstration.example;adresse fictive de démonstration\n\
                        216901231;mairie.lyon@demonstration.example;adresse fictive de démonstration\n";

/// An account of the demonstration.
#[derive(Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// What its agent signs in with.
    pub email: &'static str,
    /// The password, drawn at this start.
    pub password: String,
    /// The collectivity.
    pub siren: &'static str,
    /// Whether the agent acts for it, or waits.
    pub is_attached: bool,
}

/// Makes the accounts, or gives those of an earlier start another password.
pub async fn renew(app: &App, actor: &Actor) -> Result<Vec<DemoAccount>, DemoError> {
    if app.config.profile != Profile::Demo {
        return Err(DemoError::NotDemo);
    }
    let mut made = Vec::with_capacity(AGENTS.len());
    for agent in &AGENTS {
        let password = app.random.identifier();
        // A register of a few bodies may not hold the commune.
        let (Ok(email), Ok(siren)) = (agent.email.parse::<Email>(), agent.siren.parse::<Siren>()) else {
            continue;
        };
        let mut tx = app.db.snapshot().await?;
        let known = store::account::by_email(&mut tx, &email).await?;
        let is_registered = store::facts::body(&mut tx, siren).await?.is_some();
        drop(tx);
        if !is_registered {
            continue;
        }
        let person = match known {
            Some(account) => {
                renew_password(app, &account.person, &password).await?;
                account.person
            }
            None => {
                let identity = Identity::new(agent.name, agent.function)
                    .map_err(|_faults| ServiceError::refused(Because::Invalid, "agent fictif"))?;
                let new = NewAccount { identity, email, role: AccountRole::Declarant };
                create(app, actor, &new, &password).await?
            }
        };
        if agent.is_attached {
            attachment::attach(app, actor, &person, siren).await?;
        } else {
            let own = Actor { person, role: Role::Declarant(vec![]) };
            match attachment::ask(app, &own, siren, Some("Message fictif de démonstration.")).await {
                Ok(_id) => {}
                Err(ServiceError::Refused(refusal)) if refusal.because == Because::AttachedAlready => {}
                Err(error) => return Err(error.into()),
            }
        }
        made.push(DemoAccount {
            email: agent.email,
            password,
            siren: agent.siren,
            is_attached: agent.is_attached,
        });
    }
    if !made.is_empty() {
        match contact::import(app, actor, CONTACTS.as_bytes(), false).await {
            Ok(_) | Err(ServiceError::File(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(made)
}

pub(super) async fn renew_password(app: &App, person: &str, password: &str) -> Result<(), DemoError> {
    let Some(typed) = Password::typed(password) else { return Ok(()) };
    let hash = app.passwords.hash(typed, app.random.bytes()).await.map_err(ServiceError::from)?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    store::account::set_password(&mut tx, person, &hash, now).await?;
    store::session::end_others(&mut tx, person, None, now).await?;
    let done = serde_json::json!({"demonstration": true});
    crate::service::account::tell(&mut tx, now, person, "account.reset", person, &done).await?;
    tx.commit().await?;
    Ok(())
}
