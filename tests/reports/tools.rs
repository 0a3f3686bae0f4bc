//! Programs of others that read our files: Python's libraries, `LibreOffice`, xmllint.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The root of the project.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn run(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> String {
    let program = program.as_ref();
    let output =
        Command::new(program).args(arguments).stdin(Stdio::null()).output().unwrap_or_else(|error| {
            panic!("{}: {error}; install the tools of the tests with `make test-tools`", program.display())
        });
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{} {arguments:?}\n{said}\n{complained}", program.display());
    said.into_owned()
}

/// Runs a script of `tests/reports/tools` with the Python of the project.
pub fn python(script: &str, arguments: &[&Path]) -> String {
    let python = root().join(".venv/bin/python");
    assert!(python.exists(), "{} is missing: run `make test-tools`", python.display());
    let script = root().join("tests/reports/tools").join(script);
    let mut all = vec![script.to_str().unwrap()];
    all.extend(arguments.iter().map(|path| path.to_str().unwrap()));
    run(python, &all)
}

/// Checks the syntax of a document.
pub fn qpdf(file: &Path) {
    run("qpdf", &["--check", file.to_str().unwrap()]);
}

/// Writes a document with its streams unpacked, so that everything in it can be searched.
pub fn qpdf_opened(file: &Path, opened: &Path) {
    let paths = [file.to_str().unwrap(), opened.to_str().unwrap()];
    run("qpdf", &[&["--qdf", "--object-streams=disable"], &paths[..]].concat());
}

/// What a program of poppler finds in a document.
pub fn poppler(program: &str, options: &[&str], file: &Path) -> String {
    run(program, &[options, &[file.to_str().unwrap(), "-"]].concat())
}

/// Validates XML against the schema of the Trésor report.
pub fn xmllint(file: &Path) {
    xmllint_against("reports/tresor/tresor-1.0.xsd", file);
}

/// Validates XML against a schema of the project.
pub fn xmllint_against(schema: &str, file: &Path) {
    let schema = root().join(schema);
    run("xmllint", &["--noout", "--nonet", "--schema", schema.to_str().unwrap(), file.to_str().unwrap()]);
}

/// Opens a spreadsheet in `LibreOffice`, computes it anew and saves it as a workbook, in a profile of its own.
pub fn libreoffice(file: &Path, folder: &Path) -> PathBuf {
    let profile = tempfile::tempdir().unwrap();
    let profile = format!("-env:UserInstallation=file://{}", profile.path().display());
    let out = folder.join("libreoffice");
    let arguments = ["--headless", "--norestore", &profile, "--convert-to", "xlsx", "--outdir"];
    let paths = [out.to_str().unwrap(), file.to_str().unwrap()];
    run("soffice", &arguments.into_iter().chain(paths).collect::<Vec<_>>());
    out.join(file.file_name().unwrap()).with_extension("xlsx")
}
