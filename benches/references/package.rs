//! `zip` alone: the files of a package, already in memory, compressed as ours are.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::time::Instant;

use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, ZipArchive};

use super::Timed;
use crate::support::Result;

/// `package IN.zip OUT.zip`: every file of a package.
pub fn files(from: &Path, out: &Path) -> Result<Timed> {
    let mut archive = ZipArchive::new(BufReader::new(File::open(from)?))?;
    let mut files = vec![];
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let name = entry.name()?.into_owned();
        let mut bytes = vec![];
        entry.read_to_end(&mut bytes)?;
        files.push((name, bytes));
    }
    let started = Instant::now();
    let mut package = ZipWriter::new(BufWriter::with_capacity(1 << 16, File::create(out)?));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in &files {
        package.start_file(name.as_str(), options)?;
        package.write_all(bytes)?;
    }
    package.finish()?.flush()?;
    Ok(Timed::since(started))
}
