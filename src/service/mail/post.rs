//! How a mail leaves: a server takes it, or the folder of a demonstration.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{self, AsyncSmtpTransport};
use lettre::{Address, AsyncTransport, Tokio1Executor};

use crate::config::{Config, Mail, Security, Transport};
use crate::service::mail::folder;
use crate::service::mail::write::{Attached, Ready};

/// The server has this long for one mail.
const SEND_LIMIT: Duration = Duration::from_secs(30);
/// And this long for one answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(20);

type Server = AsyncSmtpTransport<Tokio1Executor>;

/// A way for mails to leave.
#[derive(Debug)]
pub struct Post(Way);

#[derive(Debug)]
enum Way {
    Folder(PathBuf),
    Server { server: Box<Server>, from: Mailbox },
}

/// Why a mail did not leave: a few words without an address, since servers repeat addresses in their answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// No mail leaves for now.
    Outage(String),
    /// This one may leave later.
    Later(String),
    /// This one never leaves.
    Never(String),
}

impl Post {
    /// The way that the configuration chose; nothing where mails wait.
    ///
    /// # Errors
    /// Says in French what of the configuration cannot be used.
    pub fn of(config: &Config) -> Result<Option<Self>, String> {
        let mail = &config.mail;
        Ok(match mail.transport {
            Transport::None => None,
            Transport::Folder => Some(Self(Way::Folder(folder::path(config)))),
            Transport::Smtp => {
                let from = mailbox(&mail.from, Some(mail.from_name.clone()))
                    .ok_or_else(|| "mail.from\u{a0}: adresse refusée".to_owned())?;
                let server = server(mail, host(&config.server.public_url))
                    .map_err(|_error| "mail.host\u{a0}: nom de serveur refusé".to_owned())?;
                Some(Self(Way::Server { server: Box::new(server), from }))
            }
        })
    }

    /// Whether the server lets this program in, or the folder is what mails go to.
    pub async fn answers(&self) -> bool {
        match &self.0 {
            Way::Folder(_) => true,
            Way::Server { server, .. } => {
                let tried = tokio::time::timeout(SEND_LIMIT, server.test_connection()).await;
                matches!(tried, Ok(Ok(true)))
            }
        }
    }

    pub(super) async fn send(&self, ready: &Ready) -> Result<(), Failure> {
        match &self.0 {
            Way::Folder(path) => folder::put(path, ready)
                .await
                .map_err(|error| Failure::Outage(format!("dossier des courriels\u{a0}: {}", error.kind()))),
            Way::Server { server, from } => {
                let message = message(from, ready)
                    .ok_or_else(|| Failure::Never("adresse refusée par le programme".to_owned()))?;
                match tokio::time::timeout(SEND_LIMIT, server.send(message)).await {
                    Ok(Ok(_taken)) => Ok(()),
                    Ok(Err(error)) => Err(failure(server, &error).await),
                    Err(_elapsed) => Err(Failure::Outage("le serveur ne répond pas à temps".to_owned())),
                }
            }
        }
    }
}

/// The host of an address: what Message-ID ends with.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_scheme, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let is_port = |port: &str| port.chars().all(|c| c.is_ascii_digit());
    host.rsplit_once(':').filter(|(_host, port)| is_port(port)).map_or(host, |(host, _port)| host)
}

fn server(mail: &Mail, host: &str) -> Result<Server, smtp::Error> {
    let builder = match mail.security {
        Security::Starttls => Server::starttls_relay(&mail.host)?,
        Security::Tls => Server::relay(&mail.host)?,
        Security::None => Server::builder_dangerous(&mail.host),
    };
    let name =
        host.parse::<Ipv4Addr>().map_or_else(|_name| ClientId::Domain(host.to_owned()), ClientId::Ipv4);
    let builder = builder.port(mail.port()).hello_name(name).timeout(Some(ANSWER_LIMIT));
    Ok(match mail.user.as_str() {
        "" => builder.build(),
        user => {
            builder.credentials(Credentials::new(user.to_owned(), mail.password.reveal().to_owned())).build()
        }
    })
}

fn mailbox(address: &str, name: Option<String>) -> Option<Mailbox> {
    let name = name.filter(|name| !name.is_empty());
    Some(Mailbox::new(name, address.parse::<Address>().ok()?))
}

fn message(from: &Mailbox, ready: &Ready) -> Option<Message> {
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    let builder = Message::builder()
        .from(from.clone())
        .to(mailbox(ready.to.as_str(), None)?)
        .subject(&*ready.letter.subject)
        .message_id(Some(format!("<{}>", ready.message_id)))
        .date(SystemTime::from(ready.created_at.as_datetime()))
        .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()));
    let body = ready.letter.body.clone();
    let Some(Attached { name, bytes }) = &ready.attached else {
        return builder.header(ContentType::TEXT_PLAIN).body(body).ok();
    };
    // The same at each try, as all of it.
    let boundary = format!("eapd-{}", ready.id);
    let pdf = ContentType::parse("application/pdf").ok()?;
    let parts = MultiPart::mixed()
        .boundary(boundary)
        .singlepart(SinglePart::plain(body))
        .singlepart(lettre::message::Attachment::new(name.clone()).body(bytes.clone(), pdf));
    builder.multipart(parts).ok()
}

async fn failure(server: &Server, error: &smtp::Error) -> Failure {
    let told = told(error);
    match error.status() {
        Some(_) if error.is_transient() => Failure::Later(told),
        // A server that refuses us refuses every mail: that is no fault of this one.
        Some(_) if is_up(server).await => Failure::Never(told),
        _ => Failure::Outage(told),
    }
}

/// Whether the server lets us in.
async fn is_up(server: &Server) -> bool {
    matches!(tokio::time::timeout(SEND_LIMIT, server.test_connection()).await, Ok(Ok(true)))
}

/// The code of the answer and its kind; never its text, which repeats the address.
fn told(error: &smtp::Error) -> String {
    let what = match error.status() {
        Some(_) if error.is_transient() => "le serveur demande d’attendre",
        Some(_) => "le serveur refuse",
        None if error.is_timeout() => "le serveur ne répond pas à temps",
        None if error.is_tls() => "la connexion au serveur ne peut pas être protégée",
        None if error.is_response() => "la réponse du serveur est incompréhensible",
        None if error.is_client() => "le serveur n’offre pas ce que la configuration demande",
        None => "le serveur n’est pas joignable",
    };
    match error.status() {
        Some(code) => format!("{what} ({code}{})", enhanced(&error.to_string())),
        None => what.to_owned(),
    }
}

/// The detailed code of RFC 3463, as ` 5.1.1`, where the answer has one.
fn enhanced(text: &str) -> String {
    let is_code = |word: &&str| {
        let parts: Vec<&str> = word.split('.').collect();
        matches!(parts.first(), Some(&("4" | "5")))
            && parts.len() == 3
            && parts
                .iter()
                .all(|part| (1..=3).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit()))
    };
    text.split_whitespace().find(is_code).map(|code| format!(" {code}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_found_in_an_address() {
        for (url, expected) in [
            ("https://eapd.example", "eapd.example"),
            ("https://eapd.example:8443/apd?x#y", "eapd.example"),
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("http://[::1]:8080/", "[::1]"),
        ] {
            assert_eq!(host(url), expected);
        }
    }

    #[test]
    fn a_detailed_code_is_all_that_is_kept_of_an_answer() {
        assert_eq!(enhanced("permanent error (550): 5.1.1 <x@y.example> unknown"), " 5.1.1");
        assert_eq!(enhanced("permanent error (550): 192.0.2.1 x@5.1.1 5.1"), "");
    }
}
