//! The HTTP API: JSON, French keys, problems of RFC 9457, described by OpenAPI 3.1.
//!
//! | file | what it holds |
//! |---|---|
//! | [`routes`] | every route with who may call it: the one table |
//! | [`v1`] | the handlers and types of version 1, a file a resource |
//! | [`access`], `auth` | what a route asks of its caller, and who calls |
//! | [`received`], [`json`], [`decode`] | the body read whole, its instant, every fault of it |
//! | [`query`], [`etag`] | parts of the address, conditions |
//! | [`problem`] | every refusal, the API’s voice and its one way to an answer |
//! | [`figures`] | metrics, at an address of their own |
//! | [`schema`], `openapi` | the OpenAPI document |

pub mod access;
mod auth;
pub mod decode;
pub mod etag;
pub mod figures;
pub mod health;
pub mod json;
mod openapi;
pub mod problem;
pub mod query;
pub mod received;
pub mod routes;
pub mod schema;
pub mod v1;

pub use routes::router;
