//! e-APD: the map of the house.
//!
//! | room | what it holds |
//! |---|---|
//! | [`api`] | the HTTP API: JSON, problems, OpenAPI |
//! | [`web`] | the pages: HTML, forms, sessions, static files |
//! | [`http`] | what surrounds every request, of pages and of the API |
//! | [`domain`] | the rules, pure: no I/O, no SQL, no clock |
//! | [`imports`] | how the files that people send are read |
//! | [`service`] | use cases, one file per verb of the business |
//! | [`reports`] | how a report is written: XLSX, XML, CSV |
//! | [`store`] | all SQL, one file a noun, on both engines |
//! | [`jobs`] | what runs beside the requests |
//! | [`cli`] | the command line, one file per command |
//! | [`app`] | the composition root: what every use case is given |
//! | [`load`] | what one process takes on at once, and whether it stops |
//! | [`metrics`] | what is counted while the program runs |
//! | [`clock`], [`random`], [`passwords`], [`config`] | time, randomness, hashing and settings, injected |

pub mod api;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod http;
pub mod imports;
pub mod jobs;
pub mod load;
pub mod memory;
pub mod metrics;
pub mod passwords;
pub mod random;
pub mod reports;
pub mod service;
pub mod store;
pub mod web;
