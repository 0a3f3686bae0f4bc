//! `eapd user …`: accounts of agents.

use clap::Subcommand;

use crate::cli::context;
use crate::cli::output::{CliError, say};
use crate::domain::account::{AccountRole, Email, Identity};
use crate::domain::siren::Siren;
use crate::domain::token::RoleName;
use crate::service::account::{self, Account, NewAccount};
use crate::service::attachment;

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Crée un compte ; son mot de passe, tiré au sort, n’est montré qu’une fois
    Create {
        /// Adresse électronique
        #[arg(long)]
        email: Email,
        /// Nom et prénom
        #[arg(long)]
        name: String,
        /// Fonction
        #[arg(long)]
        function: String,
        /// declarant, sgar, instructeur, gestionnaire, observateur ou administrateur
        #[arg(long)]
        role: RoleName,
        /// Code INSEE de la région d’un SGAR
        #[arg(long)]
        region: Option<String>,
    },
    /// Liste les comptes
    List,
    /// Rattache un agent à une collectivité
    Attach {
        /// Identifiant ou adresse de l’agent
        who: String,
        /// La collectivité
        siren: Siren,
    },
    /// Invite une personne du ministère, d’une préfecture ou observatrice ; elle reçoit un lien par courriel
    Invite {
        /// Adresse électronique
        #[arg(long)]
        email: Email,
        /// Nom et prénom
        #[arg(long)]
        name: String,
        /// Fonction
        #[arg(long)]
        function: String,
        /// sgar, instructeur, gestionnaire, observateur ou administrateur
        #[arg(long)]
        role: RoleName,
        /// Code INSEE de la région d’un SGAR
        #[arg(long)]
        region: Option<String>,
    },
    /// Enlève la double authentification d’un compte ; une autre se prépare à la connexion suivante
    ResetSecondFactor {
        /// Identifiant ou adresse
        who: String,
    },
    /// Ferme un compte : ses sessions s’arrêtent
    Disable {
        /// Identifiant ou adresse
        who: String,
    },
    /// Efface ce qui est trop ancien, selon la section [retention] de la configuration
    Purge,
    /// Oublie une personne : nom, fonction, adresse et compte disparaissent
    Erase {
        /// Identifiant ou adresse
        who: String,
    },
}

/// Runs one of them.
pub async fn run(command: UserCommand) -> Result<(), CliError> {
    let role = match &command {
        UserCommand::Create { role, region, .. } | UserCommand::Invite { role, region, .. } => {
            Some(role_of(*role, region.clone())?)
        }
        _ => None,
    };
    let (app, actor) = context::open().await?;
    match command {
        UserCommand::Create { email, name, function, .. } => {
            let identity = identity_of(&name, &function)?;
            let role = role.unwrap_or(AccountRole::Declarant);
            let password = app.random.identifier();
            let new = NewAccount { identity, email, role };
            let person = account::create(&app, &actor, &new, &password).await?;
            say(format_args!("Compte {person} créé."));
            say("Notez son mot de passe maintenant, il ne sera plus montré\u{a0}:");
            say(password);
        }
        UserCommand::Invite { email, name, function, .. } => {
            let identity = identity_of(&name, &function)?;
            let new = NewAccount { identity, email, role: role.unwrap_or(AccountRole::Declarant) };
            let person = account::invite(&app, &actor, &new).await?;
            say(format_args!("Invitation envoyée\u{a0}: compte {person}."));
        }
        UserCommand::ResetSecondFactor { who } => {
            let account = account::find(&app, &actor, &who).await?;
            account::reset_second_factor(&app, &actor, &account.person).await?;
            say(format_args!("Double authentification du compte {} réinitialisée.", account.person));
        }
        UserCommand::List => {
            let all = account::list(&app, &actor).await?;
            if all.is_empty() {
                say("Aucun compte.");
            }
            for account in &all {
                say(describe(account));
            }
        }
        UserCommand::Attach { who, siren } => {
            let account = account::find(&app, &actor, &who).await?;
            attachment::attach(&app, &actor, &account.person, siren).await?;
            say(format_args!("{} est rattaché à {siren}.", account.person));
        }
        UserCommand::Disable { who } => {
            let account = account::find(&app, &actor, &who).await?;
            account::disable(&app, &actor, &account.person).await?;
            say(format_args!("Compte {} fermé.", account.person));
        }
        UserCommand::Purge => {
            let done = account::purge(&app, &actor).await?;
            say(format_args!(
                "{} session(s), {} lien(s), {} compte(s) d’essais, {} saisie(s), {} fichier(s), {} contact(s), {} courriel(s) et {} texte(s) de questions effacés\u{a0}; {} personne(s) oubliée(s).",
                done.sessions,
                done.links,
                done.attempts,
                done.stashed,
                done.uploads,
                done.contacts,
                done.mails,
                done.questions,
                done.persons
            ));
        }
        UserCommand::Erase { who } => {
            let account = account::find(&app, &actor, &who).await?;
            account::erase(&app, &actor, &account.person).await?;
            say(format_args!("{} est oublié\u{a0}: seul cet identifiant reste.", account.person));
        }
    }
    Ok(())
}

fn identity_of(name: &str, function: &str) -> Result<Identity, CliError> {
    Identity::new(name, function).map_err(|faults| {
        CliError::Usage(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\u{a0}; "))
    })
}

fn role_of(role: RoleName, region: Option<String>) -> Result<AccountRole, CliError> {
    let wrong = match role {
        RoleName::Sgar => "un SGAR a une --region",
        _ => "ce rôle n’a pas de --region",
    };
    AccountRole::of(role, region).ok_or_else(|| CliError::Usage(wrong.to_owned()))
}

fn describe(account: &Account) -> String {
    let state = match (account.disabled_at, account.confirmed_at, account.signed_in_at) {
        (Some(at), ..) => format!("fermé le {at}"),
        (None, None, _) => "adresse à confirmer".to_owned(),
        (None, Some(_), None) => "jamais connecté".to_owned(),
        (None, Some(_), Some(at)) => format!("connecté le {at}"),
    };
    let role = account.role.acting_for(vec![]);
    format!("{}  {}  {} ({})  {state}", account.person, account.email.as_str(), account.name, role.code())
}
