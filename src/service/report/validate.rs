//! A file is validated by the tool of its format before it is released.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use crate::domain::refusal::Because;
use crate::domain::text::excerpt;
use crate::reports::{Format, ReportError, ReportName};
use crate::service::{Result, ServiceError};

/// The program that validates XML, and the package that holds it.
const XMLLINT: &str = "xmllint";
const PACKAGE: &str = "libxml2-utils";

/// Refuses a file that is not valid against its schema, or that cannot be checked here.
///
/// # Errors
/// [`Because::NotValidated`] with the first faults, or the package to install.
pub(super) async fn validate(name: ReportName, format: Format, file: &Path) -> Result<()> {
    let (Format::Xml, Some((_, schema))) = (format, name.schema()) else { return Ok(()) };
    let mut xsd = tempfile::NamedTempFile::new().map_err(ReportError::from)?;
    xsd.write_all(schema.as_bytes()).map_err(ReportError::from)?;
    run(XMLLINT, xsd.path(), file).await
}

async fn run(program: &str, schema: &Path, file: &Path) -> Result<()> {
    let refused = |message: String| ServiceError::refused(Because::NotValidated, message);
    let output = Command::new(program)
        .args(["--noout", "--nonet", "--stream", "--schema"])
        .args([schema, file])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => refused(format!(
                "le fichier XML ne peut pas être validé ici\u{a0}: installez le paquet {PACKAGE} (programme {program})"
            )),
            _ => ReportError::from(error).into(),
        })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let faults: Vec<String> = said.lines().take(3).map(|line| excerpt(line, 300)).collect();
    Err(refused(format!("le fichier XML n’est pas valide et n’est pas publié\u{a0}: {}", faults.join(" | "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_missing_validator_names_its_package() {
        let refused = run("xmllint-qui-manque", Path::new("a"), Path::new("b")).await.unwrap_err();
        assert!(refused.to_string().contains("libxml2-utils"), "{refused}");
        assert!(refused.to_string().contains("EAPD-D050"), "{refused}");
    }

    #[tokio::test]
    async fn a_file_that_is_not_valid_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tresor.xml");
        std::fs::write(&file, "<apdTresor xmlns=\"urn:fr:eapd:tresor:1\" version=\"1.0\"/>").unwrap();
        let refused = validate(ReportName::Tresor, Format::Xml, &file).await.unwrap_err();
        assert!(refused.to_string().contains("n’est pas valide"), "{refused}");
        assert!(validate(ReportName::Tresor, Format::Xlsx, &file).await.is_ok());
    }
}
