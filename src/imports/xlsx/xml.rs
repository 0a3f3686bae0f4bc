//! The XML of a part, event by event.

use std::borrow::Cow;
use std::io::BufReader;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::bounded::{Bounded, bombed};
use super::{damaged, suspicious};
use crate::imports::catalogue;
use crate::imports::error::FileError;

/// No part of a workbook nests deeper; deeper nesting only costs memory.
const MAX_DEPTH: usize = 64;
/// A part being read as XML.
pub(super) struct Part<'p> {
    reader: Reader<BufReader<Bounded<'p>>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<'p> Part<'p> {
    pub(super) fn new(source: Bounded<'p>) -> Self {
        let mut reader = Reader::from_reader(BufReader::with_capacity(32 << 10, source));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// The next event; a document type is refused wherever it stands.
    pub(super) fn next(&mut self) -> Result<Event<'_>, FileError> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| failed(&error))?;
        match event {
            Event::DocType(_) => return Err(doctype()),
            Event::Start(_) if self.depth >= MAX_DEPTH => return Err(damaged("éléments trop imbriqués")),
            Event::Start(_) => self.depth = self.depth.saturating_add(1),
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if self.depth > 0 => return Err(damaged("fin inattendue")),
            _ => {}
        }
        Ok(event)
    }
}

/// The values of some attributes, their prefixes ignored, in one pass.
pub(super) fn attributes<'e, const N: usize>(
    element: &'e BytesStart<'_>,
    names: [&str; N],
) -> Result<[Option<Cow<'e, str>>; N], FileError> {
    let mut values = [const { None }; N];
    for found in element.attributes() {
        let found = found.map_err(|_error| damaged("attribut illisible"))?;
        let name = found.key.local_name();
        let wanted = names.iter().zip(&mut values).find(|(wanted, _)| **wanted == name.as_ref());
        if let Some((_, value @ None)) = wanted {
            let text = found.normalized_value(XmlVersion::Implicit1_0);
            *value = Some(text.map_err(|_error| damaged("attribut illisible"))?);
        }
    }
    Ok(values)
}

/// The value of one attribute, its prefix ignored.
pub(super) fn attribute<'e>(
    element: &'e BytesStart<'_>,
    name: &str,
) -> Result<Option<Cow<'e, str>>, FileError> {
    attributes(element, [name]).map(|[value]| value)
}

/// Adds what an event contributes to the text of its element.
pub(super) fn add_text(text: &mut String, event: &Event<'_>) -> Result<(), FileError> {
    match event {
        Event::Text(part) => text.push_str(&part.xml10_content()),
        Event::CData(part) => text.push_str(&part.xml10_content()),
        Event::GeneralRef(entity) => {
            let unknown = || damaged("entité inconnue");
            let plain = match entity.as_ref() {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "apos" => '\'',
                "quot" => '"',
                _ => entity.resolve_char_ref().map_err(|_error| unknown())?.ok_or_else(unknown)?,
            };
            text.push(plain);
        }
        _ => {}
    }
    Ok(())
}

/// The error of a document type, with which files read other files or grow without end.
pub(super) fn doctype() -> FileError {
    FileError::new(
        catalogue::DOCTYPE,
        "une partie du classeur contient une déclaration de type de document (DOCTYPE)",
        "aucun tableur n’en écrit\u{a0}: enregistrez le classeur de nouveau avec un tableur",
    )
}

fn failed(error: &quick_xml::Error) -> FileError {
    match error {
        quick_xml::Error::Io(error) if bombed(error) => suspicious("dépaqueté, il est démesuré"),
        quick_xml::Error::Io(_) => damaged("données compressées illisibles"),
        _ => damaged("XML mal formé"),
    }
}
