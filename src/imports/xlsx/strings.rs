//! The texts that cells share, kept in one buffer.

use quick_xml::events::Event;

use super::package::Package;
use super::xml::{Part, add_text};
use crate::imports::error::FileError;

/// The shared texts of a workbook.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    /// The text with this number, or `None` where the workbook has no such one.
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..*self.ends.get(index)?)
    }
}

pub(super) fn read(package: &mut Package<'_>, name: Option<&str>) -> Result<Strings, FileError> {
    let mut strings = Strings::default();
    let Some(name) = name else { return Ok(strings) };
    let Some(mut part) = package.part(name)? else { return Ok(strings) };
    loop {
        match part.next()? {
            Event::Start(element) if element.local_name().as_ref() == "si" => {
                let text = rich_text(&mut part, "si")?;
                strings.text.push_str(&text);
                strings.ends.push(strings.text.len());
            }
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// The text up to the end of the element `closing`: all its runs joined, the
/// phonetic help of East Asian texts left out.
pub(super) fn rich_text(part: &mut Part<'_>, closing: &str) -> Result<String, FileError> {
    let mut text = String::new();
    let (mut in_text, mut phonetic) = (false, false);
    loop {
        let event = part.next()?;
        match &event {
            Event::Start(element) => match element.local_name().as_ref() {
                "t" => in_text = !phonetic,
                "rPh" => phonetic = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => phonetic = false,
                name if name == closing => return Ok(unescaped(text)),
                _ => {}
            },
            Event::Eof => return Ok(unescaped(text)),
            event if in_text => add_text(&mut text, event)?,
            _ => {}
        }
    }
}

/// Opens the escapes `_xHHHH_` by which workbooks write control characters.
pub(super) fn unescaped(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let code = escape.get(2..6).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let opened = code
            .filter(|_| escape.as_bytes().get(6) == Some(&b'_'))
            .and_then(|code| u32::from_str_radix(code, 16).ok())
            .and_then(char::from_u32);
        let (shown, width) = opened.map_or(('_', 1), |c| (c, 7));
        out.push(shown);
        rest = escape.get(width..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_escapes_and_nothing_else() {
        let open = |text: &str| unescaped(text.to_owned());
        assert_eq!(open("a_x000D_\nb"), "a\r\nb");
        assert_eq!(open("_x005F_x000D_"), "_x000D_", "an escaped escape");
        assert_eq!(open("axe_xyz_x00_ _x"), "axe_xyz_x00_ _x");
        assert_eq!(open("_xD800_é_x00é"), "_xD800_é_x00é", "half a surrogate stays as written");
    }

    #[test]
    fn finds_texts_by_number() {
        let strings = Strings { text: "abcde".to_owned(), ends: vec![2, 2, 5] };
        let found: Vec<_> = (0..4).map(|index| strings.get(index)).collect();
        assert_eq!(found, [Some("ab"), Some(""), Some("cde"), None]);
    }
}
