//! OpenDocument spreadsheets, from the same sheets as the workbooks (ADR 19): amounts are written as exact decimals.
//!
//! Small books only: a sheet is held in memory until it is written. Every entry bears the same date, and the document
//! that of its data: the same sheets give the same bytes.

mod content;
mod formula;
mod grid;
mod looks;
mod pages;

pub use grid::Grid;

use std::io::{self, Seek, Write};

use zip::CompressionMethod;
use zip::DateTime;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::domain::instant::Instant;
use crate::reports::{ReportError, Result};

/// The media type, which is the first entry too.
pub const MEDIA_TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";
/// The version of the standard.
const VERSION: &str = "1.3";

/// The namespaces of a part, with its version.
const NAMESPACES: [(&str, &str); 12] = [
    ("xmlns:office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
    ("xmlns:style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"),
    ("xmlns:text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
    ("xmlns:table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
    ("xmlns:number", "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"),
    ("xmlns:fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"),
    ("xmlns:meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"),
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:config", "urn:oasis:names:tc:opendocument:xmlns:config:1.0"),
    ("xmlns:ooo", "http://openoffice.org/2004/office"),
    ("xmlns:of", "urn:oasis:names:tc:opendocument:xmlns:of:1.2"),
    ("office:version", VERSION),
];

const MANIFEST: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
    "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" ",
    "manifest:version=\"1.3\">\n",
    " <manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" ",
    "manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>\n",
    " <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>\n",
    " <manifest:file-entry manifest:full-path=\"styles.xml\" manifest:media-type=\"text/xml\"/>\n",
    " <manifest:file-entry manifest:full-path=\"settings.xml\" manifest:media-type=\"text/xml\"/>\n",
    " <manifest:file-entry manifest:full-path=\"meta.xml\" manifest:media-type=\"text/xml\"/>\n",
    "</manifest:manifest>\n",
);

/// Writes the document.
///
/// # Errors
/// When it cannot be written.
pub fn write(grids: &[Grid], title: &str, data_at: Instant, out: impl Write + Seek) -> Result<()> {
    let mut zip = ZipWriter::new(out);
    let mut entry = |name: &str, method: CompressionMethod, bytes: &[u8]| -> Result<()> {
        let options =
            SimpleFileOptions::default().compression_method(method).last_modified_time(DateTime::default());
        zip.start_file(name, options).map_err(broken)?;
        Ok(zip.write_all(bytes)?)
    };
    entry("mimetype", CompressionMethod::Stored, MEDIA_TYPE.as_bytes())?;
    entry("META-INF/manifest.xml", CompressionMethod::Deflated, MANIFEST.as_bytes())?;
    entry("content.xml", CompressionMethod::Deflated, &content::content(grids)?)?;
    entry("styles.xml", CompressionMethod::Deflated, pages::styles(grids).as_bytes())?;
    entry("settings.xml", CompressionMethod::Deflated, &pages::settings(grids)?)?;
    entry("meta.xml", CompressionMethod::Deflated, &pages::meta(title, data_at)?)?;
    zip.finish().map_err(broken)?.flush()?;
    Ok(())
}

fn broken(error: zip::result::ZipError) -> ReportError {
    ReportError::Io(io::Error::other(error))
}
