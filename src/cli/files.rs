//! Files that commands read and write: a file is written beside its place and
//! renamed at the end, so that nobody ever sees half of one.

use std::path::Path;

use tempfile::NamedTempFile;

use crate::cli::output::CliError;

fn environment(path: &Path) -> impl Fn(std::io::Error) -> CliError {
    let shown = path.display().to_string();
    move |error| CliError::Environment(format!("{shown}\u{a0}: {error}"))
}

/// The bytes of a file that a command names.
pub fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(environment(path))
}

/// A new file beside `path`, gone again unless it is kept.
pub fn beside(path: &Path) -> Result<NamedTempFile, CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(environment(path))
}

/// Puts a file in its place, once it is on the disk.
pub fn keep(file: NamedTempFile, path: &Path) -> Result<(), CliError> {
    readable(&file).map_err(environment(path))?;
    file.as_file().sync_all().map_err(environment(path))?;
    file.persist(path).map_err(|error| environment(path)(error.error))?;
    Ok(())
}

/// Writes a whole file.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let file = beside(path)?;
    std::fs::write(file.path(), bytes).map_err(environment(path))?;
    keep(file, path)
}

/// A temporary file is its owner's alone; what a person asked for is as their other files.
#[cfg(unix)]
fn readable(file: &NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_file: &NamedTempFile) -> std::io::Result<()> {
    Ok(())
}
