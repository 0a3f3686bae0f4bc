//! No statement without a case: what the sources of the store offer is what
//! the contract calls.

use std::collections::BTreeSet;
use std::process::Command;

use crate::house::read_all;

/// It gathers questions, which others put into words; its own tests are beside it.
const NO_STATEMENT: &str = "src/store/together.rs";

/// A function of the store that touches the database, with its module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Offered {
    module: String,
    name: String,
    /// Called with a point, on a value.
    is_method: bool,
}

/// `src/store/call.rs` is `call`, and all that is in `src/store/register/` is `register`.
fn module(file: &str) -> String {
    let path = file.trim_start_matches("src/store/").trim_end_matches(".rs");
    path.split('/').next().unwrap_or_default().to_owned()
}

/// The functions of one source: asynchronous ones, those that give a stream, and those that tell what to write.
fn offered(file: &str, text: &str) -> Vec<Offered> {
    let tells = |rest: &str| rest.contains("(writes: ") || rest.ends_with('(');
    let declared = |line: &str| -> Option<(String, bool)> {
        let is_method = line.starts_with("    ");
        let rest = line.trim_start();
        let name = rest.strip_prefix("pub async fn ").or_else(|| {
            rest.strip_prefix("pub fn ").filter(|rest| rest.contains("BoxStream") || tells(rest))
        })?;
        let name = name.split(['(', '<']).next()?;
        Some((name.to_owned(), is_method))
    };
    let found = text.lines().filter_map(declared);
    found.map(|(name, is_method)| Offered { module: module(file), name, is_method }).collect()
}

/// Whether the cases call it: `module::name(…)`, or of a type or a value `::name(…)`, `.name(…)`.
fn is_called(offered: &Offered, cases: &str) -> bool {
    let Offered { module, name, is_method } = offered;
    let direct = cases.contains(&format!("{module}::{name}("));
    direct || (*is_method && [".", "::"].iter().any(|sign| cases.contains(&format!("{sign}{name}("))))
}

#[test]
fn every_statement_has_a_case() {
    let all: BTreeSet<Offered> = read_all("src/store", "rs")
        .iter()
        .filter(|(file, _)| file != NO_STATEMENT)
        .flat_map(|(file, text)| offered(file, text))
        .collect();
    assert!(all.len() > 40, "{all:?}");
    let cases: String = read_all("tests/contract", "rs")
        .into_iter()
        .filter(|(file, _)| !file.ends_with("complete.rs") && !file.ends_with("ground.rs"))
        .map(|(_, text)| text.lines().map(crate::house::code).collect::<Vec<_>>().join("\n"))
        .collect();
    let missing: Vec<String> = all
        .iter()
        .filter(|offered| !is_called(offered, &cases))
        .map(|offered| format!("{}::{}", offered.module, offered.name))
        .collect();
    assert!(missing.is_empty(), "no case in tests/contract calls {missing:?}");
}

#[test]
fn statements_are_found_in_every_form() {
    let text = "pub async fn find(tx: &mut Tx<'_>) -> Result<()> {\n\
                pub fn stream<'t>(tx: &'t mut Tx<'_>) -> BoxStream<'t, Result<()>> {\n\
                pub fn is_sqlite(url: &str) -> bool {\nasync fn hidden() {\n    pub async fn begin(&self) {\n\
                pub fn insert(writes: &mut Writes) {\npub fn add(\n";
    let names: Vec<_> = offered("src/store/register/read.rs", text)
        .into_iter()
        .map(|offered| (offered.module, offered.name, offered.is_method))
        .collect();
    let expected = [("find", false), ("stream", false), ("begin", true), ("insert", false), ("add", false)];
    assert_eq!(names, expected.map(|(name, is_method)| ("register".to_owned(), name.to_owned(), is_method)));
}

/// As many cases on one engine as on the other, and some.
#[test]
fn both_engines_have_as_many_cases() {
    let list = Command::new(std::env::current_exe().unwrap()).arg("--list").output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let count = |engine: &str| {
        let of_contract =
            |line: &&str| line.starts_with("contract::") && line.contains(&format!("::{engine}::"));
        list.lines().filter(of_contract).count()
    };
    let (sqlite, postgres) = (count("sqlite"), count("postgres"));
    eapd::cli::output::say(format_args!(
        "contract of the store: {sqlite} cases on SQLite, {postgres} on PostgreSQL"
    ));
    assert_eq!(sqlite, postgres);
    assert_ne!(sqlite, 0);
}
