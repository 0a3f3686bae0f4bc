//! The mails of a demonstration, which nobody receives.

use askama::Template;
use axum::extract::State;

use crate::app::App;
use crate::service::mail::{self, Kept};
use crate::web::layout::{Frame, Layout};
use crate::web::refusal::PageRefused;
use crate::web::text;

use super::{Answer, page};

#[derive(Template)]
#[template(path = "mails.html")]
struct Mails {
    layout: Layout,
    mails: Vec<Shown>,
}

/// A mail as the page shows it.
struct Shown {
    subject: String,
    to: String,
    at: String,
    /// The document that would have gone with it.
    attached: Option<String>,
    pieces: Vec<Piece>,
}

/// A part of the text of a mail.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// An address of the service: what is shown, and where it leads on this site.
    Link {
        shown: String,
        path: String,
    },
}

/// Answers `/demo/courriels`; there is no such page in production.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame) -> Answer {
    let kept = mail::kept(&app).await.ok_or_else(PageRefused::nothing_here)?;
    let home = app.config.server.public_url.trim_end_matches('/');
    let shown = |mail: Kept| Shown {
        pieces: pieces(&mail.body, home),
        at: text::minute(mail.at),
        attached: mail.attached.map(|(name, size)| format!("{name} ({}\u{a0}ko)", size.div_ceil(1_000))),
        subject: mail.subject,
        to: mail.to,
    };
    let mails = kept.into_iter().map(shown).collect();
    page(&Mails { layout: frame.titled("Courriels de la démonstration"), mails })
}

/// The addresses under `home` become links; everything else is text.
fn pieces(body: &str, home: &str) -> Vec<Piece> {
    let mut pieces = vec![];
    let mut rest = body;
    while let Some((before, after)) = rest.split_once(home) {
        let end = after.find(char::is_whitespace).unwrap_or(after.len());
        let (path, next) = after.split_at(end);
        pieces.push(Piece::Text(before.to_owned()));
        let shown = format!("{home}{path}");
        pieces.push(if path.starts_with('/') {
            Piece::Link { shown, path: path.to_owned() }
        } else {
            Piece::Text(shown)
        });
        rest = next;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_addresses_are_links() {
        let home = "http://127.0.0.1:8080";
        let found =
            pieces("Voir http://127.0.0.1:8080/x?jeton=A\nhttp://127.0.0.1:8080.ailleurs/y fin", home);
        let text = |text: &str| Piece::Text(text.to_owned());
        assert_eq!(
            found,
            [
                text("Voir "),
                Piece::Link { shown: format!("{home}/x?jeton=A"), path: "/x?jeton=A".to_owned() },
                text("\n"),
                text("http://127.0.0.1:8080.ailleurs/y"),
                text(" fin"),
            ]
        );
        assert_eq!(pieces("rien", home), [text("rien")]);
    }
}
