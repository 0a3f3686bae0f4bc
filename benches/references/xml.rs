//! quick-xml alone: the elements of a report, already in memory, written with the same indentation.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};

use super::Timed;
use crate::support::Result;

/// A tag, or the text between two, as it means: the library escapes it again.
enum Piece {
    Start(Box<str>, Vec<(Box<str>, Box<str>)>),
    Empty(Box<str>, Vec<(Box<str>, Box<str>)>),
    Text(Box<str>),
    End(Box<str>),
}

/// `xml IN.xml OUT.xml`: every element of a report.
pub fn elements(from: &Path, out: &Path) -> Result<Timed> {
    let pieces = read(from)?;
    let started = Instant::now();
    let mut xml = Writer::new_with_indent(BufWriter::with_capacity(1 << 16, File::create(out)?), b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    for piece in &pieces {
        match piece {
            Piece::Start(name, attributes) => xml.write_event(Event::Start(tag(name, attributes)))?,
            Piece::Empty(name, attributes) => xml.write_event(Event::Empty(tag(name, attributes)))?,
            Piece::Text(text) => xml.write_event(Event::Text(BytesText::new(text)))?,
            Piece::End(name) => xml.write_event(Event::End(BytesEnd::new(&**name)))?,
        }
    }
    xml.into_inner().flush()?;
    Ok(Timed::since(started))
}

fn tag<'a>(name: &'a str, attributes: &[(Box<str>, Box<str>)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        start.push_attribute((&**key, &**value));
    }
    start
}

fn read(from: &Path) -> Result<Vec<Piece>> {
    let mut reader = Reader::from_reader(BufReader::new(File::open(from)?));
    let mut pieces = vec![];
    let mut buffer = vec![];
    // Text comes in parts, around what was escaped; what indents is not text.
    let mut text = String::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer)?;
        if !matches!(event, Event::Text(_) | Event::GeneralRef(_)) {
            if !text.trim().is_empty() {
                pieces.push(Piece::Text(text.as_str().into()));
            }
            text.clear();
        }
        match event {
            Event::Start(start) => pieces.push(Piece::Start(name_of(&start), attributes_of(&start)?)),
            Event::Empty(start) => pieces.push(Piece::Empty(name_of(&start), attributes_of(&start)?)),
            Event::End(end) => pieces.push(Piece::End(end.name().as_ref().into())),
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(name) => text.push_str(&quick_xml::escape::unescape(&format!("&{};", &*name))?),
            Event::Eof => return Ok(pieces),
            _ => {}
        }
    }
}

fn name_of(start: &BytesStart<'_>) -> Box<str> {
    start.name().as_ref().into()
}

fn attributes_of(start: &BytesStart<'_>) -> Result<Vec<(Box<str>, Box<str>)>> {
    let read = start.attributes().map(|attribute| {
        let attribute = attribute?;
        let value = quick_xml::escape::unescape(&attribute.value)?;
        Ok((attribute.key.as_ref().into(), value.as_ref().into()))
    });
    read.collect()
}
