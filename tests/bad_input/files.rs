//! Files that are not what they should be.

use std::io::Write as _;

use zip::write::SimpleFileOptions;

use super::ground::{HEADERS, OPEN, OVER, PLANNED, body, file, import, instance, lines, refused};

#[tokio::test]
async fn a_file_is_what_it_says() {
    let instance = instance().await;
    let a = body("A").to_string();
    for (name, bytes, texts) in [
        ("lignes.xlsx", &b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"[..], &["PDF"][..]),
        ("lignes.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &["image"]),
        ("ancien.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0\0\0\0\0", &["Office ancien", "XLSX"]),
        ("vide.csv", b"", &["aucune ligne"]),
        ("lignes.docx", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", &["archive ZIP", "XLSX"]),
        ("notes.csv", "Chers collègues, voici nos lignes.".as_bytes(), &["colonne"]),
    ] {
        let path = file(&instance, name, bytes);
        refused(&instance, OPEN, &import(&path, &a), 1, texts);
    }
    let absent = instance.home().join("absent.csv").display().to_string();
    refused(&instance, OPEN, &import(&absent, &a), 3, &["absent.csv"]);
    let folder = instance.home().display().to_string();
    refused(&instance, OPEN, &import(&folder, &a), 3, &[&folder]);
}

#[tokio::test]
async fn ten_thousand_bad_rows_are_all_told() {
    let instance = instance().await;
    let rows: Vec<String> =
        (1..=10_000).map(|row| format!("L{row};Puits;Croatie;14030;22000;projet;12,345;;")).collect();
    let path = lines(&instance, &rows.join("\n"));
    let a = body("A").to_string();
    let outcome = refused(&instance, OPEN, &import(&path, &a), 1, &["Ligne 2,", "Ligne 10001,"]);
    let told = |column: &str| outcome.stderr.matches(&format!("«\u{a0}{column}\u{a0}»")).count();
    assert!(
        told("montant_verse") >= 10_000 && told("pays") >= 10_000,
        "{} lines",
        outcome.stderr.lines().count()
    );
    assert!(outcome.stderr.lines().count() >= 20_000);
}

/// A workbook of a few kilobytes that unpacks to hundreds of megabytes.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
             <Override PartName=\"/xl/workbook.xml\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>",
        ),
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
             <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
             Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
             xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
             <sheet name=\"Lignes\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
             <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
             Target=\"worksheets/sheet1.xml\"/></Relationships>",
        ),
    ];
    for (name, text) in parts {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    zip.write_all(
        b"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    )
    .unwrap();
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..600 {
        zip.write_all(&blanks).unwrap();
    }
    zip.write_all(b"</sheetData></worksheet>").unwrap();
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_zip_bomb_is_refused_before_it_is_unpacked() {
    let instance = instance().await;
    let bytes = bomb();
    assert!(bytes.len() < 1 << 20, "{}", bytes.len());
    let path = file(&instance, "bombe.xlsx", bytes);
    refused(&instance, OPEN, &import(&path, body("A").as_str()), 1, &["démesuré", "CSV"]);
    refused(&instance, OPEN, &["eligibility", "--call", "2014", "--from", &path], 1, &["démesuré", "CSV"]);
}

#[tokio::test]
async fn a_wrong_cell_is_named_with_its_line_and_column() {
    let instance = instance().await;
    let a = body("A").to_string();
    let row = |amount: &str, cofinancing: &str, paid_on: &str| {
        format!("L1;Puits;MLI;14030;22000;projet;{amount};{cofinancing};{paid_on}")
    };
    for (row, texts) in [
        (row("1000", "", "31/12/2012"), &["Ligne 2, colonne « date_versement »", "2013"][..]),
        (row("1000", "", "01/01/2014"), &["Ligne 2, colonne « date_versement »", "2013"]),
        (row("1000", "", "31/02/2013"), &["Ligne 2, colonne « date_versement »"]),
        (row("12,345", "", ""), &["Ligne 2, colonne « montant_verse »", "12,345"]),
        (row("1.234", "", ""), &["Ligne 2, colonne « montant_verse »", "1 234,00", "1,234"]),
        (row("1e9", "", ""), &["Ligne 2, colonne « montant_verse »"]),
        (row("0", "", ""), &["Ligne 2, colonne « montant_verse »"]),
        (row("-5", "", ""), &["Ligne 2, colonne « montant_verse »"]),
        (row("１２", "", ""), &["Ligne 2, colonne « montant_verse »"]),
        (row("1000,00", "1000,01", ""), &["Ligne 2, colonne « cofinancements_recus »", "1 000,01"]),
        ("L1;;MLI;14030;22000;projet;1;;".to_owned(), &["Ligne 2, colonne « titre »"]),
        ("L1;Puits;Atlantide;14030;22000;projet;1;;".to_owned(), &["Ligne 2, colonne « pays »", "Atlantide"]),
        ("L1;Puits;MLI;140;22000;projet;1;;".to_owned(), &["Ligne 2, colonne « secteur »"]),
    ] {
        let path = lines(&instance, &row);
        refused(&instance, OPEN, &import(&path, &a), 1, texts);
        let mut dry = import(&path, &a);
        dry.push("--dry-run");
        refused(&instance, OPEN, &dry, 1, texts);
    }
    let twice = format!("{}\n{}", row("1", "", ""), row("2", "", ""));
    refused(
        &instance,
        OPEN,
        &import(&lines(&instance, &twice), &a),
        1,
        &["Ligne 3, colonne « reference »", "L1"],
    );
}

/// The lines are right: it is the moment, or the body, that is wrong.
#[tokio::test]
async fn right_lines_at_the_wrong_moment_leave_no_draft() {
    let instance = instance().await;
    let (a, z) = (body("A").to_string(), body("Z").to_string());
    let path = lines(&instance, "L1;Puits;MLI;14030;22000;projet;1000;;");
    refused(&instance, OPEN, &import(&path, &z), 1, &[&z, "registre", "EAPD-D001"]);
    let signed = |file, siren| {
        let mut args = import(file, siren);
        args.extend(["--submit", "--signatory", "Signataire fictif", "--function", "maire"]);
        args
    };
    refused(&instance, OVER, &signed(&path, &a), 1, &["15 juin 2014", "dérogation", "EAPD-D011"]);
    refused(&instance, PLANNED, &signed(&path, &a), 1, &["15 avril 2014", "EAPD-D010"]);
    let mut blank = import(&path, &a);
    blank.extend(["--submit", "--signatory", " ", "--function", "maire"]);
    refused(&instance, OPEN, &blank, 1, &["qui signe", "EAPD-D035"]);
    refused(
        &instance,
        OPEN,
        &["declare", "import", &path, "--siren", &a, "--campaign", "2017"],
        1,
        &["2017", "EAPD-D002"],
    );
}

/// One wrong row of a file of the ministry, and none of the others is kept.
#[tokio::test]
async fn files_of_the_ministry_are_taken_whole_or_not() {
    let instance = instance().await;
    let (a, b, z) = (body("A"), body("B"), body("Z"));
    let headers = "siren;signataire_nom;signataire_fonction;piece;neant";
    let lines = HEADERS;
    let bulk = file(
        &instance,
        "papier.csv",
        format!(
            "{headers};{lines}\n{a};Fictif;maire;courrier 1;;L1;Puits;MLI;14030;22000;projet;1000;;\n\
             {b};Fictif;maire;courrier 2;;L1;Puits;Croatie;14030;22000;projet;1000;;\n"
        ),
    );
    refused(
        &instance,
        OPEN,
        &["declare", "bulk", &bulk, "--campaign", "2014"],
        1,
        &["Ligne 3, colonne « pays »"],
    );
    let unknown = file(
        &instance,
        "papier2.csv",
        format!(
            "{headers};{lines}\n{a};Fictif;maire;courrier 1;oui;;;;;;;;;\n{z};Fictif;maire;courrier 2;oui;;;;;;;;;\n"
        ),
    );
    refused(
        &instance,
        OPEN,
        &["declare", "bulk", &unknown, "--campaign", "2014"],
        1,
        &["Ligne 3", z.as_str()],
    );
    let history = file(
        &instance,
        "reprise.csv",
        format!(
            "siren;exercice;montant;neant;date_depot;source\n{a};2010;100;;;Atlas\n{a};2013;100;;;Atlas\n"
        ),
    );
    refused(&instance, OPEN, &["history", "import", &history], 1, &["Ligne 3", "campagne 2014"]);
    let expected = file(&instance, "attendues.csv", format!("siren;motif\n{a};liste\n{z};liste\n"));
    refused(
        &instance,
        OPEN,
        &["expected", "import", &expected, "--campaign", "2014"],
        1,
        &["Ligne 3", z.as_str()],
    );
    let decisions = file(
        &instance,
        "decisions.csv",
        format!("operation;siren;date\nfin;{a};2013-12-31\nfin;{z};2013-12-31\n"),
    );
    refused(&instance, OPEN, &["register", "import", &decisions], 1, &["ligne 3", z.as_str()]);
}
