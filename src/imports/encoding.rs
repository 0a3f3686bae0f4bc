//! The encodings in which spreadsheets write CSV: UTF-8, UTF-16 with its mark, Windows-1252.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::imports::catalogue;
use crate::imports::error::FileError;

const HINT: &str = "dans le tableur, enregistrez le fichier en «\u{a0}CSV UTF-8\u{a0}» ou en XLSX";

/// The text of the bytes, without its byte order mark.
///
/// Bytes that are not UTF-8 and bear no mark are Windows-1252, unless they
/// hold one of the five values that encoding leaves undefined: text in another
/// encoding nearly always does, and an accent is never guessed.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, FileError> {
    let (encoding, body) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, bytes.get(mark..).unwrap_or_default()),
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, bytes),
        None => (WINDOWS_1252, bytes),
    };
    if encoding == WINDOWS_1252
        && let Some(at) = body.iter().position(|byte| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d))
    {
        let message = "le codage des caractères n’est ni UTF-8, ni UTF-16, ni Windows-1252";
        return Err(unreadable(message, body.get(..at).unwrap_or_default()));
    }
    let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(body) else {
        let name = match encoding {
            e if e == UTF_16LE || e == UTF_16BE => "UTF-16",
            _ => "UTF-8",
        };
        return Err(unreadable(&format!("le fichier s’annonce en {name} et n’en est pas"), &[]));
    };
    if let Some(at) = text.find('\u{fffd}') {
        let message =
            "le fichier contient «\u{a0}\u{fffd}\u{a0}»\u{a0}: des accents ont été perdus avant l’envoi";
        return Err(unreadable(message, text.get(..at).unwrap_or_default().as_bytes()));
    }
    if text.contains('\0') {
        let message = "le fichier contient des caractères nuls\u{a0}: ce n’est pas du texte";
        return Err(FileError::new(catalogue::BINARY, message, HINT));
    }
    Ok(text)
}

fn unreadable(message: &str, before: &[u8]) -> FileError {
    let error = FileError::new(catalogue::ENCODING, message, HINT);
    let lines = before.split(|byte| *byte == b'\n').count();
    match u32::try_from(lines) {
        Ok(lines) if !before.is_empty() => error.at(lines),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_spreadsheets_write() {
        let text = "titre;pays\r\nÉcole — l’œuvre €;Côte d’Ivoire\r\n";
        let wide = |order: fn(u16) -> [u8; 2], mark: &[u8]| {
            [mark.to_vec(), text.encode_utf16().flat_map(order).collect()].concat()
        };
        let (latin, _, lost) = WINDOWS_1252.encode(text);
        assert!(!lost);
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat(),
            wide(u16::to_le_bytes, b"\xff\xfe"),
            wide(u16::to_be_bytes, b"\xfe\xff"),
            latin.into_owned(),
        ] {
            assert_eq!(decode(&bytes).unwrap(), text);
        }
    }

    #[test]
    fn refuses_what_would_lose_an_accent() {
        let error = decode(b"titre\n\x8ecole pr\x8fs de l\n").unwrap_err();
        assert_eq!((error.code, error.row), (catalogue::ENCODING, Some(2)), "Macintosh");
        assert_eq!(decode("titre\n\n\u{fffd}cole".as_bytes()).unwrap_err().row, Some(3));
        assert!(decode(b"\xff\xfea\0b").unwrap_err().message.contains("UTF-16"), "cut in a character");
        assert!(decode(b"\xff\xfe\x00\xd8a\0").is_err(), "half a surrogate pair");
        assert!(decode(b"\xef\xbb\xbf\xe9").unwrap_err().message.contains("UTF-8"));
        assert_eq!(decode(b"\xff\xfea\0\0\0").unwrap_err().code, catalogue::BINARY);
    }
}
