//! XML, element by element: what both XML reports are written with.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::reports::text::xml_text;

/// Bytes of a tag with its attributes, mostly.
const TAG: usize = 160;

/// Name and value of an attribute.
pub type Attribute<'a> = (&'a str, &'a str);

/// A document being written, indented by one space unless told otherwise. Characters that XML forbids become U+FFFD.
pub struct Xml<W: Write>(Writer<W>);

impl<W: Write> Xml<W> {
    /// Begins a document in UTF-8.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(out: W) -> io::Result<Self> {
        Self::of(Writer::new_with_indent(out, b' ', 1))
    }

    /// Begins a document on one line: readers of spreadsheets take spaces between elements for texts.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn on_one_line(out: W) -> io::Result<Self> {
        Self::of(Writer::new(out))
    }

    fn of(mut xml: Writer<W>) -> io::Result<Self> {
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self(xml))
    }

    /// Opens an element.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn open(&mut self, name: &str, attributes: &[Attribute<'_>]) -> io::Result<()> {
        self.0.write_event(Event::Start(start(name, attributes)))
    }

    /// Closes the element that is open.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element that holds nothing.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn empty(&mut self, name: &str, attributes: &[Attribute<'_>]) -> io::Result<()> {
        self.0.write_event(Event::Empty(start(name, attributes)))
    }

    /// An element that holds a text.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn element(&mut self, name: &str, attributes: &[Attribute<'_>], text: &str) -> io::Result<()> {
        self.0.write_event(Event::Start(start(name, attributes)))?;
        self.0.write_event(Event::Text(BytesText::new(&xml_text(text))))?;
        self.close(name)
    }

    /// Ends the document, whose elements are closed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(self) -> io::Result<()> {
        let mut out = self.0.into_inner();
        out.write_all(b"\n")?;
        out.flush()
    }
}

fn start<'a>(name: &'a str, attributes: &[Attribute<'_>]) -> BytesStart<'a> {
    if attributes.is_empty() {
        return BytesStart::new(name);
    }
    // One allocation for the whole tag.
    let mut tag = String::with_capacity(TAG);
    tag.push_str(name);
    let mut start = BytesStart::from_content(tag, name.len());
    for (key, value) in attributes {
        start.push_attribute((*key, &*xml_text(value)));
    }
    start
}
