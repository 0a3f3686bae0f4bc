//! Files that are made for one answer: written to the disk, read as they are sent, so that memory does not grow.

use std::fs::File;
use std::io::{self, Read, Seek};

use axum::body::Body;
use futures_util::stream;

use crate::app::App;

/// Bytes read at once from a file that is being sent.
const CHUNK: usize = 64 * 1024;

/// A file without a name, that is gone when it is closed.
///
/// # Errors
/// When the folder cannot be written.
pub fn temporary(app: &App) -> io::Result<File> {
    let folder = &app.config.reports.temporary_dir;
    if folder.as_os_str().is_empty() { tempfile::tempfile() } else { tempfile::tempfile_in(folder) }
}

/// The file as a body.
///
/// # Errors
/// When it cannot be read from its beginning.
pub fn sent(mut file: File) -> io::Result<Body> {
    file.rewind()?;
    let chunks = stream::try_unfold(file, |mut file| async move {
        let read = move || {
            let mut chunk = vec![0; CHUNK];
            let length = file.read(&mut chunk)?;
            chunk.truncate(length);
            Ok::<_, io::Error>((chunk, file))
        };
        let (chunk, file) = tokio::task::spawn_blocking(read).await.map_err(io::Error::other)??;
        Ok::<_, io::Error>((!chunk.is_empty()).then_some((chunk, file)))
    });
    Ok(Body::from_stream(chunks))
}
