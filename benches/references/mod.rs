//! The bare engines under the service, doing the same work without it: each in
//! a process of its own, so that neither memory nor threads are shared.

mod package;
mod point_query;
mod register;
mod rows;
mod table;
mod workbook;
mod xml;

use std::path::Path;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::support::Result;

/// What a reference says on its standard output: the seconds of the work alone.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Timed {
    /// Seconds.
    pub seconds: f64,
}

impl Timed {
    /// From the start of the work until now.
    pub fn since(started: Instant) -> Self {
        Self { seconds: started.elapsed().as_secs_f64() }
    }

    fn say(self) -> Result<()> {
        println!("{}", serde_json::to_string(&self)?);
        Ok(())
    }
}

/// Runs the reference that the arguments name.
pub fn run(arguments: &[String]) -> Result<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["package", from, out] => package::files(Path::new(from), Path::new(out))?.say(),
        ["point-query", rest @ ..] => point_query::run(rest),
        ["register", rest @ ..] => register::run(rest),
        ["rows", rest @ ..] => rows::run(rest),
        ["workbook", "lines", from, out] => workbook::lines(Path::new(from), Path::new(out))?.say(),
        ["workbook", "tresor", from, out] => workbook::tresor(Path::new(from), Path::new(out))?.say(),
        ["workbook", "crs", from, out] => workbook::crs(Path::new(from), Path::new(out))?.say(),
        ["xml", from, out] => xml::elements(Path::new(from), Path::new(out))?.say(),
        [name, ..] => Err(format!("no reference {name}").into()),
        [] => Err("reference NAME …".into()),
    }
}
