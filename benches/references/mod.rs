//! The bare engines under the service, doing the same work without it: each in
//! a process of its own, so that neither memory nor threads are shared.

mod register;
mod rows;
mod table;

use crate::support::Result;

/// Runs the reference that the arguments name.
pub fn run(arguments: &[String]) -> Result<()> {
    match arguments.split_first() {
        Some((name, rest)) if name == "rows" => rows::run(rest),
        Some((name, rest)) if name == "register" => register::run(rest),
        Some((name, _rest)) => Err(format!("no reference {name}").into()),
        None => Err("reference NAME …".into()),
    }
}
