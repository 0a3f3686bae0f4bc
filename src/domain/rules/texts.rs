//! Free texts: lengths in characters, and the characters that no file or page can carry.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::Rule;
use super::line::LineCheck;
use crate::domain::field::Field;

/// A text as it is kept: one form for each accented letter, so that what is typed on one machine is found on
/// another, and without the marks of zero width that web pages and word processors leave behind.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    // Letters without accents have one form.
    if text.is_ascii() {
        return Cow::Borrowed(text.trim());
    }
    let is_nothing = |c: char| matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}');
    if is_nfc(text) && !text.contains(is_nothing) {
        return Cow::Borrowed(text.trim());
    }
    let kept: String = text.chars().filter(|c| !is_nothing(*c)).nfc().collect();
    Cow::Owned(kept.trim().to_owned())
}

/// Controls, marks that turn the direction of what follows, and what XML cannot hold.
fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}

impl<'a> LineCheck<'_, 'a> {
    pub(super) fn title(&mut self) -> Option<String> {
        // A dash is no title.
        if !self.raw.get(Field::Title).contains(char::is_alphanumeric) {
            self.missing(
                Field::Title,
                "Dites en quelques mots ce qui a été payé\u{a0}; le titre sera public.",
            );
        }
        self.text(Field::Title, 150)
    }

    /// What is kept of a field; none when that is nothing.
    fn kept(&self, field: Field) -> Option<Cow<'a, str>> {
        Some(clean(self.raw.get(field))).filter(|text| !text.is_empty())
    }

    /// A text of one line.
    pub(super) fn text(&mut self, field: Field, limit: usize) -> Option<String> {
        let text = self.kept(field)?;
        self.length(field, &text, limit);
        self.control_characters(field, &text);
        Some(text.into_owned())
    }

    /// A text of several lines; their ends are all `\n`, whatever machine it comes from.
    pub(super) fn long_text(&mut self, field: Field, limit: usize) -> Option<String> {
        let text = self.kept(field)?;
        let text = if text.contains('\r') {
            Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
        } else {
            text
        };
        self.length(field, &text, limit);
        let kept = |c: char| !matches!(c, '\n' | '\t');
        if let Some(c) = text.chars().find(|c| kept(*c) && is_forbidden(*c)) {
            self.forbidden(field, c);
        }
        Some(text.into_owned())
    }

    pub(super) fn length(&mut self, field: Field, text: &str, limit: usize) {
        // A text of no more bytes has no more characters.
        let length = if text.len() <= limit { 0 } else { text.chars().count() };
        if length > limit {
            let message = format!(
                "Le champ «\u{a0}{}\u{a0}» compte {length} caractères, pour {limit} au plus.",
                field.label()
            );
            self.add(
                Rule::TooLong,
                field,
                message,
                format!("Abrégez à {limit} caractères, espaces compris."),
            );
        }
    }

    pub(super) fn control_characters(&mut self, field: Field, text: &str) {
        if let Some(c) = text.chars().find(|c| is_forbidden(*c)) {
            self.forbidden(field, c);
        }
    }

    fn forbidden(&mut self, field: Field, c: char) {
        let what = match c {
            '\n' | '\r' => "un saut de ligne".to_owned(),
            '\t' => "une tabulation".to_owned(),
            other => format!("un caractère invisible (U+{:04X})", u32::from(other)),
        };
        let message = format!("Le champ «\u{a0}{}\u{a0}» contient {what}.", field.label());
        self.add(
            Rule::ForbiddenCharacter,
            field,
            message,
            "Retapez le texte sur une seule ligne, sans le coller depuis un autre logiciel.",
        );
    }
}
