//! A file a page, or a few that belong together, with the template of the same name.

pub(super) mod account;
pub(super) mod administration;
pub(super) mod attachments;
pub(super) mod codes;
pub(super) mod collectivity;
pub(super) mod declare;
pub(super) mod eligibility;
pub(super) mod follow_up;
pub(super) mod help;
pub(super) mod home;
pub(super) mod legal;
pub(super) mod mails;
pub(super) mod managing;
pub(super) mod open_data;
pub(super) mod questions;
pub(super) mod receipt;
pub(super) mod register;
pub(super) mod reminders;
pub(super) mod reports;
pub(super) mod search;
pub(super) mod steering;
pub(super) mod summary;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::refusal::PageRefused;

/// What a page answers.
pub(super) type Answer = Result<Response, PageRefused>;

/// A page, written.
fn page(template: &impl Template) -> Answer {
    page_with(StatusCode::OK, template)
}

/// A page with a status of its own: 422 where a form is to be mended.
fn page_with(status: StatusCode, template: &impl Template) -> Answer {
    Ok((status, Html(template.render()?)).into_response())
}
