//! The open data of a flow year as one Data Package: the lines, what each body declared, the subsidies in the columns
//! of SCDL, and what describes them (rule 15).
//!
//! The tables are written beside the archive while the lines pass, and packed once all are known: memory does not grow
//! with the lines. Every entry bears the same date, so that the same data gives the same bytes.

pub mod bodies;
mod package;
mod scdl;

pub use bodies::PublicBody;
pub use package::{LICENCE_ADDRESS, LICENCE_NAME};

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use zip::CompressionMethod;
use zip::DateTime;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::domain::declaration::FiledLine;
use crate::domain::euros::Euros;
use crate::domain::siren::Siren;
use crate::domain::summary::REFUGEES;
use crate::reports::lines::LinesCsv;
use crate::reports::open_data::package::Table;
use crate::reports::open_data::scdl::Scdl;
use crate::reports::resolved::Resolved;
use crate::reports::{Context, LineReport, ReportError, Result, Written};

/// The tables, in the order of the archive.
pub const LINES: &str = "lignes.csv";
/// What each body declared.
pub const BODIES: &str = "collectivites.csv";
/// The lines that are subsidies.
pub const SUBSIDIES: &str = "subventions-scdl.csv";
/// What a person reads first.
pub const READ_ME: &str = "LISEZMOI.md";
/// What a program reads first.
pub const PACKAGE: &str = "datapackage.json";

/// The package being written.
pub struct OpenData<W: Write + Seek> {
    context: Context,
    bodies: Vec<PublicBody>,
    /// What each body spent on the reception of refugees.
    refugees: HashMap<Siren, Euros>,
    lines: Box<LinesCsv<BufWriter<File>>>,
    lines_file: File,
    subsidies: Scdl<BufWriter<File>>,
    subsidies_file: File,
    out: W,
}

/// A file without a name, and a second handle to read it back.
fn scratch(folder: Option<&Path>) -> io::Result<(BufWriter<File>, File)> {
    let file = match folder {
        Some(folder) => tempfile::tempfile_in(folder),
        None => tempfile::tempfile(),
    }?;
    Ok((BufWriter::with_capacity(1 << 16, file.try_clone()?), file))
}

impl<W: Write + Seek + Send> OpenData<W> {
    /// Begins the package, with every body of which something is said; those outside the scope are passed over.
    ///
    /// # Errors
    /// When a temporary file cannot be written.
    pub fn begin(
        context: Context,
        mut bodies: Vec<PublicBody>,
        temporary: Option<&Path>,
        out: W,
    ) -> Result<Self> {
        let (lines, lines_file) = scratch(temporary)?;
        let (subsidies, subsidies_file) = scratch(temporary)?;
        bodies.retain(|body| context.scope.holds(&body.body.region, &context.codes));
        bodies.sort_by_key(|body| body.siren);
        Ok(Self {
            lines: Box::new(LinesCsv::begin(context.clone(), lines)?),
            lines_file,
            subsidies: Scdl::begin(subsidies)?,
            subsidies_file,
            refugees: HashMap::new(),
            context,
            bodies,
            out,
        })
    }
}

impl<W: Write + Seek + Send> LineReport for OpenData<W> {
    fn line(&mut self, line: &FiledLine) -> Result<()> {
        let Some(row) = Resolved::new(line, &self.context)? else { return Ok(()) };
        if row.line().nature.as_str() == REFUGEES {
            let sum = self.refugees.entry(line.siren).or_insert(Euros::ZERO);
            *sum = sum.checked_add(row.own).ok_or(ReportError::OutOfRange)?;
        }
        self.subsidies.line(&row, self.context.flow_year)?;
        self.lines.line(line)
    }

    fn finish(self: Box<Self>) -> Result<Written> {
        let Self { context, bodies, refugees, lines, mut lines_file, subsidies, mut subsidies_file, out } =
            *self;
        let written = lines.finish()?;
        let count_of_subsidies = subsidies.finish()?;
        let mut archive = Archive::new(out);
        archive.entry(READ_ME, &mut package::read_me(&context, &written).as_bytes())?;
        let lines = archive.table(LINES, written.rows, &mut lines_file)?;
        let mut table = Vec::new();
        let count = bodies::csv(&bodies, &refugees, &context, &mut table)?;
        let bodies = archive.table(BODIES, count, &mut io::Cursor::new(table))?;
        let subsidies = archive.table(SUBSIDIES, count_of_subsidies, &mut subsidies_file)?;
        let described = package::describe(&context, &[lines, bodies, subsidies])?;
        archive.entry(PACKAGE, &mut described.as_slice())?;
        Ok(Written { content_sha256: Some(archive.end()?), ..written })
    }
}

/// The archive, and the digest of what it holds: a library that compresses otherwise changes the bytes alone.
struct Archive<W: Write + Seek> {
    zip: ZipWriter<W>,
    said: Sha256,
}

impl<W: Write + Seek> Archive<W> {
    fn new(out: W) -> Self {
        Self { zip: ZipWriter::new(out), said: Sha256::new() }
    }

    /// Packs an entry; gives its length and SHA-256.
    fn entry(&mut self, name: &str, from: &mut impl Read) -> Result<(u64, String)> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.zip.start_file(name, options).map_err(broken)?;
        let (mut digest, mut bytes) = (Sha256::new(), 0_u64);
        let mut buffer = vec![0_u8; 1 << 16];
        loop {
            let read = from.read(&mut buffer)?;
            let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else { break };
            digest.update(part);
            self.zip.write_all(part)?;
            bytes = bytes.saturating_add(u64::try_from(read).unwrap_or_default());
        }
        let sha256 = hex::encode(digest.finalize());
        self.said.update(format!("{sha256}  {name}\n"));
        Ok((bytes, sha256))
    }

    /// Packs a table from its beginning.
    fn table(&mut self, path: &'static str, rows: u64, from: &mut (impl Read + Seek)) -> Result<Table> {
        from.seek(SeekFrom::Start(0))?;
        let (bytes, sha256) = self.entry(path, from)?;
        Ok(Table { path, rows, bytes, sha256 })
    }

    /// Ends the archive; gives the digest of its entries.
    fn end(self) -> Result<String> {
        self.zip.finish().map_err(broken)?.flush()?;
        Ok(hex::encode(self.said.finalize()))
    }
}

fn broken(error: zip::result::ZipError) -> ReportError {
    ReportError::Io(io::Error::other(error))
}
