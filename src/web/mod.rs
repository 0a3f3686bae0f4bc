//! The pages: HTML made on the server, in French, in the State's design system (DSFR).
//! Every one of them works without JavaScript.
//!
//! | file | what it holds |
//! |---|---|
//! | [`routes`] | every page with its address: the one table |
//! | `pages` | a file a page, with the template of the same name in `templates/` |
//! | `layout` | what every page shows around its content |
//! | `form` | what was typed: read leniently, kept when it is refused, faults led back to their fields |
//! | `received` | a form with a file |
//! | `qr` | a text as a QR code |
//! | `origin` | where a form may come from |
//! | `visitor` | who asks: the session behind the cookie |
//! | `refusal` | every refusal and its one way to a page |
//! | `assets` | the static files, embedded and compressed |
//! | `text` | how figures, days and counts read |

mod assets;
mod form;
mod layout;
mod origin;
mod pager;
mod pages;
mod qr;
mod received;
mod refusal;
pub mod routes;
mod text;
mod visitor;

pub use routes::router;
