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
        UserCommand::Create { role, region, .. } => Some(role_of(*role, region.clone())?),
        _ => None,
    };
    let (app, actor) = context::open().await?;
    match command {
        UserCommand::Create { email, name, function, .. } => {
            let identity = Identity::new(&name, &function).map_err(|faults| {
                CliError::Usage(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\u{a0}; "))
            })?;
            let role = role.unwrap_or(AccountRole::Declarant);
            let password = app.random.identifier();
            let new = NewAccount { identity, email, role };
            let person = account::create(&app, &actor, &new, &password).await?;
            say(format_args!("Compte {person} créé."));
            say("Notez son mot de passe maintenant, il ne sera plus montré\u{a0}:");
            say(password);
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
                "{} session(s), {} lien(s), {} compte(s) d’essais, {} saisie(s), {} fichier(s) et {} courriel(s) effacés\u{a0}; {} personne(s) oubliée(s).",
                done.sessions,
                done.links,
                done.attempts,
                done.stashed,
                done.uploads,
                done.mails,
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

fn role_of(role: RoleName, region: Option<String>) -> Result<AccountRole, CliError> {
    match (role, region) {
        (RoleName::Sgar, Some(region)) => Ok(AccountRole::Sgar(region)),
        (RoleName::Sgar, None) => Err(CliError::Usage("un SGAR a une --region".to_owned())),
        (_, Some(_)) => Err(CliError::Usage("ce rôle n’a pas de --region".to_owned())),
        (RoleName::Declarant, None) => Ok(AccountRole::Declarant),
        (RoleName::Instructor, None) => Ok(AccountRole::Instructor),
        (RoleName::Manager, None) => Ok(AccountRole::Manager),
        (RoleName::Observer, None) => Ok(AccountRole::Observer),
        (RoleName::Administrator, None) => Ok(AccountRole::Administrator),
    }
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
