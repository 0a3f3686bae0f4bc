//! What runs beside the requests: each job may run at any time, in several processes at once, and twice.

pub mod mail;
