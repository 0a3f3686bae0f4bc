//! Documents as tagged PDF, for everyone to read and to keep: PDF/UA-1 and PDF/A-2a.
//!
//! A [`Document`] is told as blocks, in the order in which they are read; the layout breaks lines and pages. The
//! writer checks both standards and refuses what would not conform. No clock and no randomness: the same document
//! gives the same bytes. ADR 14 says why this library and these fonts.
//!
//! | file | what it holds |
//! |---|---|
//! | `font` | the embedded fonts, and a text as glyphs |
//! | `wrap` | lines no wider than a column |
//! | `layout` | where each line stands, and what it is part of |
//! | `write` | pages, tags and metadata as bytes |

#![expect(clippy::float_arithmetic, reason = "places on a page, in points; amounts come here as text")]

mod font;
mod layout;
mod wrap;
mod write;

use crate::domain::instant::Instant;
use crate::domain::receipt::Fact;
use crate::reports::Result;

/// A document of a few pages A4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What readers show as its name.
    pub title: String,
    /// What it is about, in a sentence.
    pub description: String,
    /// Who gives it, at the top of the first page: one line each, the first one stands out.
    pub from: Vec<String>,
    /// What must not be missed on any page, if anything.
    pub warning: Option<String>,
    /// At the foot of each page, before its number.
    pub foot: String,
    /// When what it tells happened.
    pub at: Instant,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The title: once, first.
    Title(String),
    /// A heading under the title.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A paragraph that stands out.
    Notice(String),
    /// A table of two columns: what, and its value.
    Facts(Vec<Fact>),
}

/// Writes a document.
///
/// # Errors
/// When it would not conform to PDF/UA-1 and PDF/A-2a.
pub fn write(document: &Document) -> Result<Vec<u8>> {
    let fonts = font::Fonts::new()?;
    write::bytes(document, &fonts, layout::of(document, &fonts))
}
