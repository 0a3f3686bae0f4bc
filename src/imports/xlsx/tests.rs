//! Workbooks written by a library, workbooks written by hand, and hostile ones.

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use calamine::{Data, DataType, Reader, Xlsx};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::imports::{FileError, Limits, Table, catalogue, read_table};

/// An archive of these parts.
pub(in crate::imports) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    archive_as(parts, CompressionMethod::Deflated)
}

fn archive_as(parts: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const RELS: &str = r#"<Relationships><Relationship Id="r1" Type="http://x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str =
    r#"<workbook><workbookPr/><sheets><sheet name="Feuil1" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const WORKBOOK_RELS: &str = r#"<Relationships>
    <Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/>
    <Relationship Id="r3" Type="http://x/styles" Target="/xl/styles.xml"/></Relationships>"#;
const STRINGS: &str = r"<sst><si><t>siren</t></si><si><r><t>Eau </t></r><r><t>potable</t></r><rPh><t>x</t></rPh></si><si><t>a &amp; b &#233;</t></si></sst>";
const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>
    <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="46"/></cellXfs></styleSheet>"#;

/// A workbook whose only sheet holds these rows (XML).
pub(in crate::imports) fn workbook(rows: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    archive(&parts(&sheet, WORKBOOK))
}

fn parts<'a>(sheet: &'a str, workbook: &'a str) -> [(&'a str, &'a [u8]); 6] {
    [
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELS.as_bytes()),
        ("xl/sharedStrings.xml", STRINGS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ]
}

fn read(bytes: &[u8]) -> Table {
    read_table(bytes, &Limits::default()).unwrap()
}

fn refused(bytes: &[u8]) -> FileError {
    let started = Instant::now();
    let error = read_table(bytes, &Limits::default()).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(20), "{:?} for {error}", started.elapsed());
    error
}

/// The texts of one row under wide headers, and the codes of its unusable cells.
fn cells(row: &str) -> (Vec<String>, Vec<&'static str>) {
    let headers = r#"<c t="inlineStr"><is><t>x</t></is></c>"#.repeat(10);
    let table = read(&workbook(&format!(r#"<row r="1">{headers}</row><row r="3">{row}</row>"#)));
    let codes = table.problems.iter().map(|problem| problem.error.code).collect();
    (table.rows.into_iter().flat_map(|row| row.cells).collect(), codes)
}

#[test]
fn reads_what_a_library_writes() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Mode d’emploi").unwrap().write(0, 0, "Lisez-moi").unwrap();
    let sheet = book.add_worksheet().set_name("LIGNES").unwrap();
    let euros = Format::new().set_num_format("#,##0.00\\ \"€\"");
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for (column, header) in (0_u16..).zip(["siren", "titre", "montant", "somme", "date", "part", "jour"]) {
        sheet.write(2, column, header).unwrap();
    }
    sheet.write(4, 0, 217_500_016).unwrap();
    sheet.write(4, 1, " Côte\u{a0}d’Ivoire\nsuite ").unwrap();
    sheet.write_with_format(4, 2, 1_234.5, &euros).unwrap();
    sheet.write_formula(4, 3, Formula::new("=0.1+0.2").set_result("0.30000000000000004")).unwrap();
    sheet.write_datetime_with_format(4, 4, ExcelDateTime::from_ymd(2013, 5, 12).unwrap(), &day).unwrap();
    sheet.write_with_format(4, 5, 0.25, &Format::new().set_num_format("0%")).unwrap();
    sheet.merge_range(4, 6, 4, 7, "1 234,56", &Format::new()).unwrap();
    sheet.write_blank(900, 3, &euros).unwrap();
    let table = read(&book.save_to_buffer().unwrap());
    assert_eq!((table.header_row, table.headers.len(), table.rows.len()), (3, 7, 1), "{:?}", table.problems);
    assert_eq!(table.rows[0].number, 5);
    assert_eq!(
        table.rows[0].cells,
        ["217500016", " Côte\u{a0}d’Ivoire\nsuite ", "1234.5", "0.3", "2013-05-12", "0.25", "1 234,56"]
    );
}

#[test]
fn takes_the_first_sheet_that_people_see() {
    let mut book = Workbook::new();
    book.add_worksheet().set_hidden(true).write(0, 0, "caché").unwrap();
    book.add_worksheet().set_active(true).write(0, 0, "siren").unwrap().write(1, 0, "1").unwrap();
    book.add_worksheet().write(0, 0, "aide").unwrap();
    assert_eq!(read(&book.save_to_buffer().unwrap()).headers[0].text, "siren");
}

#[test]
fn reads_every_type_of_cell() {
    let (texts, codes) = cells(
        r#"<c r="A3" t="s"><v>1</v></c><c r="B3" t="s"><v>2</v></c><c r="C3" t="str"><f>A1</f><v>x_x000A_y</v></c>
           <c r="D3"><v>1E3</v></c><c r="E3" s="1"><v>41275</v></c><c r="F3" s="2"><v>41275</v></c>
           <c r="G3" t="d"><v>2013-05-12T00:00:00</v></c><c r="H3" t="inlineStr"><is><t>a</t><r><t>b</t></r></is></c>
           <c r="I3"><v>1<!-- -->2<![CDATA[3]]></v></c><c r="J3" t="str"><f>IF(1,"","")</f><v></v></c>"#,
    );
    assert_eq!(
        texts,
        ["Eau potable", "a & b é", "x\ny", "1000", "2013-01-01", "2013-01-01", "2013-05-12", "ab", "123"]
    );
    assert_eq!(codes, [""; 0]);
}

#[test]
fn cells_without_address_follow_each_other() {
    let table = read(&workbook(
        r#"<row><c t="s"><v>0</v></c><c/><c t="inlineStr"><is><t>b</t></is></c></row><row><c/><c/><c><v>2</v></c></row>"#,
    ));
    assert_eq!((table.headers.len(), table.rows[0].number, table.rows[0].cell(2)), (3, 2, "2"));
}

#[test]
fn names_the_cells_that_cannot_be_used() {
    let cases = [
        (r#"<c r="B3" t="e"><v>#REF!</v></c>"#, catalogue::ERROR_VALUE, "#REF!"),
        (r#"<c r="B3" t="e"><v>#SPILL!</v></c>"#, catalogue::ERROR_VALUE, "#SPILL!"),
        (r#"<c r="B3" t="b"><v>1</v></c>"#, catalogue::BOOLEAN, "VRAI"),
        (r#"<c r="B3" s="1"><v>41275.5</v></c>"#, catalogue::DATE_CELL, "heure"),
        (r#"<c r="B3" s="3"><v>1.5</v></c>"#, catalogue::DATE_CELL, "durée"),
        (r#"<c r="B3" s="1"><v>60</v></c>"#, catalogue::DATE_CELL, "aucun jour"),
        (r#"<c r="B3"><f>A1+1</f></c>"#, catalogue::NO_CACHED_VALUE, "formule"),
        (r#"<c r="B3"><f>A1+1</f><v/></c>"#, catalogue::NO_CACHED_VALUE, "formule"),
        (r#"<c r="B3"><v>1,5</v></c>"#, catalogue::NUMBER_CELL, "nombre"),
        (r#"<c r="B3"><v>inf</v></c>"#, catalogue::NUMBER_CELL, "nombre"),
    ];
    for (cell, code, said) in cases {
        let headers = r#"<row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>"#;
        let table = read(&workbook(&format!(r#"{headers}<row r="3">{cell}</row>"#)));
        let error = &table.problems[0].error;
        assert_eq!((error.code, error.row, error.column.as_str()), (code, 3, "Eau potable"), "{cell}");
        assert!(error.message.contains("B3") && error.message.contains(said), "{error}");
    }
    let error = refused(&workbook(r#"<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>"#));
    assert_eq!(error.code, catalogue::ERROR_VALUE, "a header cannot be an error");
}

#[test]
fn counts_days_from_1904_where_the_workbook_says_so() {
    let sheet = r#"<worksheet><sheetData><row r="1"><c t="s"><v>0</v></c></row><row r="2"><c s="1"><v>39813</v></c></row></sheetData></worksheet>"#;
    let workbook = WORKBOOK.replace("<workbookPr/>", r#"<workbookPr date1904="1"/>"#);
    assert_eq!(read(&archive(&parts(sheet, &workbook))).rows[0].cells, ["2013-01-01"]);
}

#[test]
fn cells_beyond_the_headers_are_errors_even_far_away() {
    let far = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"/><c r="XFD2"><v>7</v></c></row>"#;
    let table = read(&workbook(far));
    assert_eq!(table.problems[0].error.code, catalogue::EXTRA_CELL);
    assert!(table.rows[0].cells.len() <= 2, "no room is made for the cells between");
}

#[test]
fn refuses_bombs_before_they_unpack() {
    let zeros = vec![b' '; 64 << 20];
    let sheet = format!("<worksheet><sheetData>{}", " ".repeat(8 << 20));
    assert_eq!(refused(&archive(&parts(&sheet, WORKBOOK))).code, catalogue::SUSPICIOUS, "ratio of the sheet");
    let mut parts = parts("<worksheet/>", WORKBOOK).to_vec();
    parts.push(("xl/media/image1.png", &zeros));
    assert_eq!(refused(&archive(&parts)).code, catalogue::SUSPICIOUS, "a part that is never read");
    let names: Vec<String> = (0..1_100).map(|n| format!("xl/{n}")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    assert_eq!(refused(&archive(&many)).code, catalogue::SUSPICIOUS, "number of parts");
    let limits = Limits { unpacked_bytes: 3_000, ..Limits::default() };
    assert!(read_table(&workbook(""), &limits).is_err_and(|error| error.code != catalogue::SUSPICIOUS));
    let limits = Limits { unpacked_bytes: 500, ..Limits::default() };
    assert!(read_table(&workbook(""), &limits).is_err_and(|error| error.code == catalogue::SUSPICIOUS));
}

#[test]
fn counts_what_comes_out_when_headers_lie() {
    let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", " ".repeat(32 << 20));
    let mut bytes = archive(&parts(&sheet, WORKBOOK));
    let size = u32::try_from(sheet.len()).unwrap().to_le_bytes();
    let mut lies = 0;
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == size {
            bytes[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
            lies += 1;
        }
    }
    assert!(lies >= 2, "local header and directory");
    // The archive library stops at the declared size; `Bounded` would if it did not.
    assert!([catalogue::SUSPICIOUS, catalogue::DAMAGED].contains(&refused(&bytes).code));
}

#[test]
fn refuses_document_types_in_any_part() {
    let laughs = r#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>"#;
    let sheet = "<worksheet><sheetData/></worksheet>";
    for target in 0..6 {
        let mut parts = parts(sheet, WORKBOOK).to_vec();
        let text = format!("{laughs}{}", std::str::from_utf8(parts[target].1).unwrap());
        parts[target].1 = text.as_bytes();
        assert_eq!(refused(&archive(&parts)).code, catalogue::DOCTYPE, "{}", parts[target].0);
    }
    let wide: Vec<u8> = laughs.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes) in [("customXml/item1.xml", laughs.as_bytes()), ("[Content_Types].xml", &wide)] {
        let mut parts = parts(sheet, WORKBOOK).to_vec();
        parts.push((name, bytes));
        assert_eq!(refused(&archive(&parts)).code, catalogue::DOCTYPE, "{name}");
    }
    let late =
        "<worksheet><sheetData/><!DOCTYPE x></worksheet>".replace("<sheetData/>", &" ".repeat(9 << 10));
    assert_eq!(refused(&archive(&parts(&late, WORKBOOK))).code, catalogue::DOCTYPE, "after the prolog");
    let entity = r#"<row r="1"><c t="str"><v>&secret;</v></c></row>"#;
    assert_eq!(refused(&workbook(entity)).code, catalogue::DAMAGED, "an entity that nobody declared");
}

#[test]
fn allocates_nothing_from_declared_counts() {
    let mut parts = parts("<worksheet><sheetData/></worksheet>", WORKBOOK).to_vec();
    let strings = STRINGS.replace("<sst>", r#"<sst count="9999999999999" uniqueCount="9999999999999">"#);
    parts[3].1 = strings.as_bytes();
    assert_eq!(refused(&archive(&parts)).code, catalogue::EMPTY_FILE);
    let deep = "<a>".repeat(100_000);
    assert_eq!(refused(&workbook(&deep)).code, catalogue::DAMAGED);
}

#[test]
fn one_long_text_cannot_fill_the_memory() {
    let text = format!("<sst><si><t>{}</t></si></sst>", "é".repeat(30_000));
    let row = |n: usize| format!(r#"<row r="{n}">{}</row>"#, r#"<c t="s"><v>0</v></c>"#.repeat(150));
    let sheet: String = (1..300).map(row).collect();
    let sheet = format!("<worksheet><sheetData>{sheet}</sheetData></worksheet>");
    let mut parts = parts(&sheet, WORKBOOK).to_vec();
    parts[3].1 = text.as_bytes();
    assert_eq!(refused(&archive(&parts)).code, catalogue::TABLE_TOO_LARGE);
}

#[test]
fn refuses_what_is_not_well_made() {
    for rows in [
        r#"<row r="2"/><row r="1"/>"#,
        r#"<row r="99999999999"/>"#,
        r#"<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>"#,
        r#"<row r="1"><c r="B2"><v>1</v></c></row>"#,
        r#"<row r="1"><c r="ZZZ1"><v>1</v></c></row>"#,
        r#"<row r="1"><c t="s"><v>99</v></c></row>"#,
        r#"<row r="1"><c t="?"><v>1</v></c></row>"#,
        r#"<row r="1"><c><v>1</v></row>"#,
        "<row",
    ] {
        assert_eq!(refused(&workbook(rows)).code, catalogue::DAMAGED, "{rows}");
    }
    let whole = workbook("");
    assert_eq!(refused(&whole[..whole.len() / 2]).code, catalogue::DAMAGED, "cut");
    assert_eq!(refused(&archive(&[("_rels/.rels", b"<a/>"), ("xl/a.xml", b"")])).code, catalogue::DAMAGED);
    assert_eq!(refused(&archive(&[("xl/A.xml", b""), ("xl/a.xml", b"")])).code, catalogue::SUSPICIOUS);
}

#[test]
fn names_other_archives() {
    let ods = b"application/vnd.oasis.opendocument.spreadsheet".as_slice();
    let nested = workbook("");
    for (parts, what) in [
        (vec![("mimetype", ods), ("content.xml", b"".as_slice())], ".ods"),
        (vec![("word/document.xml", b"".as_slice())], "Word"),
        (vec![("ppt/presentation.xml", b"".as_slice())], "PowerPoint"),
        (vec![("xl/workbook.bin", b"".as_slice())], ".xlsb"),
        (vec![("lignes.xlsx", nested.as_slice())], "ZIP"),
    ] {
        let error = refused(&archive(&parts));
        assert_eq!(error.code, catalogue::NOT_A_TABLE);
        assert!(error.message.contains(what), "{error}");
    }
}

/// A sheet that exercises most of the reader, to be spoiled by mutation.
fn seed() -> Vec<u8> {
    let rows = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>
        <row r="2"><c r="A2" s="1"><v>41275</v></c><c r="B2" t="str"><f>A1</f><v>x</v></c></row>"#;
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").into_bytes()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn never_panics_on_a_spoiled_part(
        edits in prop::collection::vec((0_usize..6, any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let sheet = seed();
        let parts = parts(std::str::from_utf8(&sheet).unwrap(), WORKBOOK);
        let mut owned: Vec<(&str, Vec<u8>)> = parts.iter().map(|(name, bytes)| (*name, bytes.to_vec())).collect();
        for (part, at, byte) in edits {
            let bytes = &mut owned[part].1;
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let parts: Vec<(&str, &[u8])> = owned.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        let _ = read_table(&archive_as(&parts, CompressionMethod::Stored), &Limits::default());
    }

    #[test]
    fn never_panics_on_a_spoiled_archive(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        cuts in any::<bool>(),
    ) {
        let sheet = seed();
        let parts = parts(std::str::from_utf8(&sheet).unwrap(), WORKBOOK);
        let mut bytes = archive(&parts);
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cuts {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read_table(&bytes, &Limits::default());
    }

    #[test]
    fn reads_what_calamine_reads(
        rows in prop::collection::vec((".{0,12}", -999_999_999_999_i64..999_999_999_999, 61_u16..40_000), 1..12),
    ) {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let day = Format::new().set_num_format("yyyy-mm-dd");
        for (column, header) in (0_u16..).zip(["texte", "nombre", "jour"]) {
            sheet.write(0, column, header).unwrap();
        }
        for (row, (text, cents, serial)) in (1_u32..).zip(&rows) {
            sheet.write_string(row, 0, text).unwrap();
            let number: f64 = format!("{cents}e-2").parse().unwrap();
            sheet.write_number(row, 1, number).unwrap();
            sheet.write_number_with_format(row, 2, f64::from(*serial), &day).unwrap();
        }
        let bytes = book.save_to_buffer().unwrap();
        let ours = read(&bytes);
        let mut theirs: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let theirs = theirs.worksheet_range_at(0).unwrap().unwrap();
        for row in &ours.rows {
            let at = row.number - 1;
            let text = theirs.get_value((at, 0)).and_then(DataType::as_string).unwrap_or_default();
            prop_assert_eq!(row.cells[0].trim(), text.trim());
            let Some(Data::Float(number)) = theirs.get_value((at, 1)) else { panic!("number") };
            prop_assert_eq!(row.cells[1].parse::<f64>().unwrap().to_bits(), number.to_bits());
            let Some(Data::DateTime(day)) = theirs.get_value((at, 2)) else { panic!("day") };
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            prop_assert_eq!(&row.cells[2], &format!("{year:04}-{month:02}-{day:02}"));
        }
        prop_assert_eq!(ours.rows.len(), rows.len());
    }
}
