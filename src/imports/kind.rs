//! What a file is, from its content: its name proves nothing.

use crate::imports::catalogue;
use crate::imports::error::FileError;
use crate::imports::limits::Limits;
use crate::imports::xlsx::Package;

/// A kind of file that can be read.
pub(super) enum Kind<'b> {
    Text,
    Workbook(Package<'b>),
}

const SEND: &str = "envoyez un classeur XLSX ou un fichier CSV";

/// First bytes of what people send instead of a table, and how it is called.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF", "un document PDF"),
    (b"\x89PNG", "une image PNG"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"GIF8", "une image GIF"),
    (b"II*\0", "une image TIFF"),
    (b"MM\0*", "une image TIFF"),
    (b"RIFF", "une image, un son ou une vidéo"),
    (b"\x1f\x8b", "une archive GZIP"),
    (b"7z\xbc\xaf", "une archive 7-Zip"),
    (b"Rar!", "une archive RAR"),
    (b"{\\rtf", "un document RTF"),
    (b"SQLite format 3", "une base de données"),
];

pub(super) fn find<'b>(bytes: &'b [u8], limits: &Limits) -> Result<Kind<'b>, FileError> {
    if bytes.is_empty() {
        return Err(empty());
    }
    if let Some((_, what)) = SIGNATURES.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(not_a_table(what, SEND));
    }
    if bytes.starts_with(b"PK") && bytes.get(2..4).is_some_and(|tail| tail[0] < 9 && tail[1] < 9) {
        return Package::open(bytes, limits).map(Kind::Workbook);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Err(compound(bytes));
    }
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Err(binary("le fichier est codé en UTF-32"));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Ok(Kind::Text);
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        // Latin text in UTF-16 has a zero byte in one place of two.
        return Err(binary(if at < 2 && bytes.len() > 3 && bytes[at + 2] == 0 {
            "le fichier semble codé en UTF-16 sans marque d’ordre"
        } else {
            "le fichier contient des octets nuls\u{a0}: ce n’est pas du texte"
        }));
    }
    markup(bytes)
}

/// The error of a file without any row.
pub(super) fn empty() -> FileError {
    FileError::new(
        catalogue::EMPTY_FILE,
        "le fichier ne contient aucune ligne",
        "envoyez un fichier avec une ligne d’en-têtes et au moins une ligne de données",
    )
}

pub(super) fn not_a_table(what: &str, send: &str) -> FileError {
    FileError::new(catalogue::NOT_A_TABLE, format!("ce fichier semble être {what}"), send)
}

fn binary(message: &str) -> FileError {
    let hint = "ouvrez-le dans un tableur et enregistrez-le en XLSX ou en «\u{a0}CSV UTF-8\u{a0}»";
    FileError::new(catalogue::BINARY, message, hint)
}

/// Text that is not a table: web pages named `.xls` are the most frequent.
fn markup(bytes: &[u8]) -> Result<Kind<'_>, FileError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let head = String::from_utf8_lossy(bytes.get(..1_000).unwrap_or(bytes)).to_lowercase();
    let save = "ouvrez-le dans un tableur et enregistrez-le en XLSX ou en «\u{a0}CSV UTF-8\u{a0}»";
    match head.as_bytes().first() {
        Some(b'<')
            if head.contains("<html") || head.contains("<table") || head.contains("<!doctype html") =>
        {
            Err(not_a_table("une page web (HTML), même s’il porte le nom d’un classeur", save))
        }
        Some(b'<') if head.contains("spreadsheet") => {
            Err(not_a_table("un classeur «\u{a0}XML 2003\u{a0}»", save))
        }
        Some(b'<') => Err(not_a_table("un document XML", SEND)),
        Some(b'{' | b'[') => Err(not_a_table("du JSON", SEND)),
        _ => Ok(Kind::Text),
    }
}

/// The container of old Office files, and of encrypted workbooks.
fn compound(bytes: &[u8]) -> FileError {
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide)
    };
    if holds("EncryptedPackage") {
        let message = "ce classeur est protégé par un mot de passe";
        let hint = "retirez le mot de passe dans le tableur (Fichier, Informations, Protéger), enregistrez, puis renvoyez-le";
        return FileError::new(catalogue::PASSWORD, message, hint);
    }
    if holds("WordDocument") {
        return not_a_table("un document Word ancien (.doc)", SEND);
    }
    let what = if holds("Workbook") || holds("Book") {
        "un classeur Excel ancien (.xls, Excel 97 à 2003)"
    } else {
        "un fichier Office ancien"
    };
    not_a_table(what, "ouvrez-le dans un tableur et enregistrez-le au format XLSX")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(bytes: &[u8]) -> FileError {
        match find(bytes, &Limits::default()) {
            Err(error) => error,
            Ok(_) => panic!("accepted"),
        }
    }

    #[test]
    fn names_what_was_sent_instead() {
        let cases: [(&[u8], &str); 9] = [
            (b"%PDF-1.7\n", "PDF"),
            (b"\x89PNG\r\n\x1a\n", "PNG"),
            (b"\xff\xd8\xff\xe0", "JPEG"),
            (b"<!DOCTYPE html><p>", "HTML"),
            (b"\xef\xbb\xbf \n<html><table>", "HTML"),
            (
                b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                "2003",
            ),
            (b"<?xml version=\"1.0\"?><a/>", "XML"),
            (b"{\"a\":1}", "JSON"),
            (b"{\\rtf1", "RTF"),
        ];
        for (bytes, what) in cases {
            let error = error(bytes);
            assert_eq!(error.code, catalogue::NOT_A_TABLE);
            assert!(error.message.contains(what), "{error}");
        }
        assert_eq!(error(b"").code, catalogue::EMPTY_FILE);
    }

    #[test]
    fn tells_an_old_workbook_from_an_encrypted_one() {
        let wide = |name: &str| -> Vec<u8> {
            let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 100], &name].concat()
        };
        assert!(error(&wide("Workbook")).message.contains(".xls"));
        assert!(error(&wide("WordDocument")).message.contains(".doc"));
        assert_eq!(error(&wide("EncryptedPackage")).code, catalogue::PASSWORD);
    }

    #[test]
    fn zero_bytes_are_not_text() {
        assert!(error(b"s\0i\0r\0e\0n\0").message.contains("UTF-16"));
        assert!(error(b"\0s\0i\0r\0e\0n").message.contains("UTF-16"));
        assert!(error(b"siren;motif\0").message.contains("nuls"));
        assert!(error(b"\xff\xfe\0\0s\0\0\0").message.contains("UTF-32"));
        for short in [b"\0".as_slice(), b"a\0", b"\0a\0", b"PK", b"PK\x03"] {
            let _ = find(short, &Limits::default());
        }
    }
}
