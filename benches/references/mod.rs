//! The bare engines under the service, doing the same work without it: each in
//! a process of its own, so that neither memory nor threads are shared.

mod point_query;

use crate::support::Result;

/// Runs the reference that the arguments name.
pub fn run(arguments: &[String]) -> Result<()> {
    match arguments.split_first() {
        Some((name, rest)) if name == "point-query" => point_query::run(rest),
        Some((name, _rest)) => Err(format!("no reference {name}").into()),
        None => Err("reference NAME …".into()),
    }
}
