//! The two weights of Marianne that documents are set in, and how a text becomes glyphs.

use krilla::Data;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, UnicodeBuffer};
use unicode_normalization::UnicodeNormalization;

use crate::reports::{ReportError, Result};

const REGULAR: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/build/fonts/Marianne-Regular.ttf"));
const BOLD: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/build/fonts/Marianne-Bold.ttf"));
/// What stands for a sign that the fonts do not have.
const UNKNOWN: char = '?';

/// Least width of a narrow space, in sizes of the text: that of the fonts hardly parts the thousands.
const NARROW: f32 = 0.2;

/// The fonts of a document.
pub(super) struct Fonts {
    regular: Weight,
    bold: Weight,
}

/// One weight.
pub(super) struct Weight {
    /// As the document embeds it.
    pub font: Font,
    face: Face<'static>,
    /// Of the same design: units of the font in the size of the text.
    per_em: f32,
}

/// A piece of text on one line.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// What it says; glyphs tell parts of it.
    pub text: String,
    /// Its glyphs, in units of the size of the text.
    pub glyphs: Vec<KrillaGlyph>,
}

impl Fonts {
    /// # Errors
    /// When the program was built with fonts that cannot be read.
    pub fn new() -> Result<Self> {
        Ok(Self { regular: Weight::new(REGULAR)?, bold: Weight::new(BOLD)? })
    }

    pub const fn weight(&self, is_bold: bool) -> &Weight {
        if is_bold { &self.bold } else { &self.regular }
    }
}

impl Weight {
    fn new(bytes: &'static [u8]) -> Result<Self> {
        let unreadable = || ReportError::Pdf("police illisible".to_owned());
        let font = Font::new(Data::from(bytes), 0).ok_or_else(unreadable)?;
        let face = Face::from_slice(bytes, 0).ok_or_else(unreadable)?;
        Ok(Self { per_em: font.units_per_em(), font, face })
    }

    /// The same text in signs that the font has, composed, without what is no sign.
    pub fn clean(&self, text: &str) -> String {
        let mut clean = String::with_capacity(text.len());
        for c in text.nfc() {
            match c {
                // Invisible signs: they would say in the file what nobody sees.
                '\u{ad}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}' => {}
                '\u{2010}' | '\u{2011}' => clean.push('-'),
                c if c.is_whitespace() || c.is_control() => {
                    clean.push(if matches!(c, '\u{a0}' | '\u{202f}') { c } else { ' ' });
                }
                c if self.face.glyph_index(c).is_some_and(|glyph| glyph.0 != 0) => clean.push(c),
                _ => clean.push(UNKNOWN),
            }
        }
        clean
    }

    /// Sets a [clean](Self::clean) text.
    pub fn set(&self, text: &str) -> Run {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.guess_segment_properties();
        let shaped = rustybuzz::shape(&self.face, &[], buffer);
        let infos = shaped.glyph_infos();
        let starts: Vec<usize> =
            infos.iter().map(|info| usize::try_from(info.cluster).unwrap_or_default()).collect();
        let share = |units: i32| i16::try_from(units).map_or(0.0, f32::from) / self.per_em;
        let glyphs =
            infos.iter().zip(shaped.glyph_positions()).zip(&starts).map(|((info, position), start)| {
                // Glyphs of one cluster tell the same letters; clusters follow each other from left to right.
                let next = starts.partition_point(|next| next <= start);
                let end = starts.get(next).copied().unwrap_or(text.len());
                let is_narrow = text.get(*start..end) == Some("\u{202f}");
                let advance = share(position.x_advance);
                KrillaGlyph::new(
                    GlyphId::new(info.glyph_id),
                    if is_narrow { advance.max(NARROW) } else { advance },
                    share(position.x_offset),
                    share(position.y_offset),
                    share(position.y_advance),
                    *start..end,
                    None,
                )
            });
        Run { glyphs: glyphs.collect(), text: text.to_owned() }
    }
}

impl Run {
    /// Width at a size, points.
    pub fn width(&self, size: f32) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.x_advance * size).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_signs_and_loses_what_is_none() {
        let fonts = Fonts::new().unwrap();
        let regular = fonts.weight(false);
        let french = "Œuvre d’Évreux\u{a0}: «\u{a0}1\u{202f}234,56\u{a0}€\u{a0}» – çà et là…";
        assert_eq!(regular.clean(french), french);
        assert_eq!(
            regular.clean("e\u{301}te\u{301}\u{200b}\r\n\u{202e}x\u{2011}y 😀 مرحبا"),
            "été  x-y ? ?????"
        );
        for glyph in regular.set(&regular.clean("été 😀")).glyphs {
            assert_ne!(glyph.glyph_id.to_u32(), 0, "nothing that the font has not");
        }
        assert!(fonts.weight(true).set("Titre").width(10.0) > fonts.weight(false).set("Titre").width(10.0));
    }
}
