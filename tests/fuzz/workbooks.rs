//! Workbooks: as archives, and as the XML inside them.

use std::io::{Cursor, Write};

use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::tables;

/// Before the name of each part, in an input of [`parts`].
const PART: &str = "\n%%";

const RELS: &str = r#"<Relationships><Relationship Id="r1" Type="http://x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<workbook><workbookPr/><sheets><sheet name="Aide" sheetId="2" state="hidden" r:id="r0"/><sheet name="Lignes" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const WORKBOOK_RELS: &str = r#"<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="http://x/styles" Target="/xl/styles.xml"/></Relationships>"#;
const STRINGS: &str = r"<sst><si><t>titre</t></si><si><r><t>Eau </t></r><r><t>potable</t></r><rPh><t>x</t></rPh></si><si><t>a &amp; b &#233;</t></si><si><t>montant_verse</t></si></sst>";
const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="46"/></cellXfs></styleSheet>"#;
const SHEET: &str = r#"<worksheet><dimension ref="A1:D3"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>pays</t></is></c><c r="C1" t="s"><v>3</v></c><c r="D1" t="str"><v>date_versement</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="str"><f>A1</f><v>Mali</v></c><c r="C2"><v>1234.5599999999999</v></c><c r="D2" s="2"><v>41275</v></c></row><row r="3"><c r="A3" t="b"><v>1</v></c><c t="e"><v>#REF!</v></c><c r="D3" t="d"><v>2013-05-12</v></c></row></sheetData></worksheet>"#;

/// The parts of a workbook that is read well.
const PARTS: [(&str, &str); 6] = [
    ("_rels/.rels", RELS),
    ("xl/workbook.xml", WORKBOOK),
    ("xl/_rels/workbook.xml.rels", WORKBOOK_RELS),
    ("xl/sharedStrings.xml", STRINGS),
    ("xl/styles.xml", STYLES),
    ("xl/worksheets/sheet1.xml", SHEET),
];

pub const MARKS: &[&str] = &[
    "PK\u{3}\u{4}",
    "PK\u{1}\u{2}",
    "PK\u{5}\u{6}",
    "PK\u{6}\u{6}",
    "PK\u{6}\u{7}",
    "\0\0\0\0",
    "xl/workbook.xml",
    "../",
    "/",
    "\\",
    "mimetype",
    "word/document.xml",
    "\u{8}\0",
    "\u{c}\0",
];

pub const WORDS: &[&str] = &[
    "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "<!ENTITY",
    "&a;",
    "&#0;",
    "&#x1F600;",
    "&amp;",
    "&lt;",
    "_x000D_",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
    "<row r=\"1048576\">",
    "r=\"XFD1\"",
    "r=\"A1\"",
    "t=\"s\"",
    "t=\"b\"",
    "t=\"e\"",
    "t=\"d\"",
    "t=\"inlineStr\"",
    "t=\"str\"",
    "s=\"1\"",
    "<c><v>",
    "</v></c>",
    "<f>",
    "<is><t>",
    "1E308",
    "-1",
    "18446744073709551615",
    "NaN",
    "41275.5",
    "60",
    "date1904=\"1\"",
    "xml:space=\"preserve\"",
    "Target=\"../../etc\"",
    "TargetMode=\"External\"",
    "<si/>",
    "<t/>",
    "<mc:AlternateContent>",
    "xmlns:x=\"y\"",
    "x:",
    "\n%%xl/worksheets/sheet1.xml\n",
    "\n%%xl/styles.xml\n",
    "\n%%xl/sharedStrings.xml\n",
    "\0",
];

fn zipped(parts: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        // The same name twice, or none, is not to be had from this writer.
        if writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).is_ok() {
            writer.write_all(bytes).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

pub fn archives() -> Vec<Vec<u8>> {
    let parts = PARTS.map(|(name, text)| (name, text.as_bytes()));
    [CompressionMethod::Stored, CompressionMethod::Deflated].map(|method| zipped(&parts, method)).to_vec()
}

/// An archive as it comes.
pub fn archive(bytes: &[u8]) {
    tables::table(bytes);
}

/// Each part alone, and all of them.
pub fn all_parts() -> Vec<Vec<u8>> {
    let part = |(name, text): (&str, &str)| format!("{PART}{name}\n{text}");
    let mut seeds: Vec<Vec<u8>> = PARTS.map(|named| part(named).into_bytes()).to_vec();
    seeds.push(PARTS.map(part).concat().into_bytes());
    seeds
}

/// The parts that an input names, in the place of those of a good workbook: the way to the XML that a change
/// of the archive itself would bar.
pub fn parts(bytes: &[u8]) {
    let mut parts: Vec<(&str, &[u8])> = PARTS.map(|(name, text)| (name, text.as_bytes())).to_vec();
    for section in split(bytes) {
        let Some(end) = section.iter().position(|byte| *byte == b'\n') else { continue };
        let Ok(name) = std::str::from_utf8(&section[..end]) else { continue };
        let text = &section[end + 1..];
        match parts.iter().position(|(known, _)| *known == name) {
            Some(place) => parts[place].1 = text,
            None if parts.len() < 12 => parts.push((name, text)),
            None => {}
        }
    }
    tables::table(&zipped(&parts, CompressionMethod::Stored));
}

/// What stands between one [`PART`] and the next.
fn split(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mark = PART.as_bytes();
    let starts: Vec<usize> = bytes
        .windows(mark.len())
        .enumerate()
        .filter(|(_, window)| *window == mark)
        .map(|(at, _)| at)
        .collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([bytes.len()]).collect();
    starts.into_iter().zip(ends).map(move |(start, end)| &bytes[start + mark.len()..end])
}
