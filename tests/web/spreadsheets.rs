//! Files of the import at the spreadsheets of others: the template filled in, the annotated file mended, exports sent back.

use axum::http::StatusCode;

use super::desk::{BASE, FIRST, Signed, desk};
use super::importing::{apply, count, csv, row, sent};
use super::world::Page;
use crate::reports::tools;
use crate::support::{TestApp, contract};

/// Keeps a file of the service for the programs of others.
fn saved(folder: &tempfile::TempDir, name: &str, page: &Page) -> std::path::PathBuf {
    assert_eq!(page.status, StatusCode::OK);
    let path = folder.path().join(name);
    std::fs::write(&path, &page.bytes).unwrap();
    path
}

fn told(script: &str, arguments: &[&std::path::Path]) -> serde_json::Value {
    serde_json::from_str(&tools::python(script, arguments)).unwrap()
}

async fn a_template_filled_at_a_spreadsheet_is_taken(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    let folder = tempfile::tempdir().unwrap();
    let page = agent.open("/modele?format=xlsx").await;
    assert!(page.header("content-disposition").contains("modele-lignes-2013.xlsx"));
    let empty = agent.upload("/import", "remplacer", &page.bytes).await;
    assert!(empty.words().contains("ne contient aucune ligne"), "{}", empty.words());
    let template = saved(&folder, "modele.xlsx", &page);
    let filled = folder.path().join("rempli.xlsx");
    let found = told("fill_template.py", &[&template, &filled]);
    assert_eq!(found["sheets"], serde_json::json!(["Lignes", "Listes", "Mode d’emploi"]));
    assert_eq!(
        (found["headers"].as_array().unwrap().len(), found["rows"].as_array().unwrap().len()),
        (32, 0)
    );
    for (list, least) in
        [("nature", 8), ("pays", 100), ("secteur", 100), ("canal", 20), ("type_aide", 10), ("loi_1pct", 3)]
    {
        assert!(found["offered"][list].as_u64().unwrap() >= least, "{list}: {}", found["offered"]);
    }
    assert!(found["guide"].as_str().unwrap().contains("fictif"), "{}", found["guide"]);
    for file in [filled.clone(), tools::libreoffice(&filled, folder.path())] {
        let preview = sent(&agent, "remplacer", &std::fs::read(&file).unwrap()).await;
        let words = agent.open(&preview).await.words();
        for told in ["2\u{a0}lignes ajoutées", "1\u{202f}237\u{202f}768,39\u{a0}€", "Togo"] {
            assert!(words.contains(told), "{told}: {words}");
        }
    }
    let csv = agent.open("/modele?format=csv").await;
    assert!(csv.text.starts_with("\u{feff}reference;titre;pays;") && csv.text.lines().count() == 1);
    assert_eq!(agent.get(&format!("{BASE}/modele?format=ods")).await.status, StatusCode::NOT_FOUND);
}

async fn an_annotated_workbook_is_mended_and_taken(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    let folder = tempfile::tempdir().unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let headers =
        ["titre", "pays", "secteur", "canal", "nature", "montant_verse", "date_versement", "description"];
    for (column, header) in (0_u16..).zip(headers) {
        sheet.write(1, column, header).unwrap();
    }
    let day = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    for (line, (title, country)) in
        (2_u32..).zip([("Puits", "Mali"), ("=cmd|' /C calc'!A0", "Atlantide"), ("École", "Togo")])
    {
        for (column, text) in (0_u16..).zip([title, country, "14030", "22000", "projet"]) {
            sheet.write_string(line, column, text).unwrap();
        }
        sheet.write_number(line, 5, 1000.25).unwrap();
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2013, 5, 12).unwrap();
        sheet.write_datetime_with_format(line, 6, &date, &day).unwrap();
    }
    sheet.write_string(3, 5, "1.234").unwrap();
    sheet.write_boolean(4, 7, true).unwrap();
    let preview = sent(&agent, "remplacer", &book.save_to_buffer().unwrap()).await;
    let words = agent.open(&preview).await.words();
    for told in ["4 pays Atlantide", "4 montant_verse 1.234", "5 description VRAI"] {
        assert!(words.contains(told), "{told}: {words}");
    }
    let annotated = saved(&folder, "annote.xlsx", &agent.open(&format!("{preview}/annote")).await);
    let (mended, changes) = (folder.path().join("corrige.xlsx"), folder.path().join("changes.txt"));
    std::fs::write(&changes, "4:pays=Togo\n4:montant_verse=1234.5\n5:description=vrai\n").unwrap();
    let found = told("annotations.py", &[&annotated, &mended, &changes]);
    assert_eq!(found["sheets"], serde_json::json!(["Lignes", "Listes"]));
    let mut coloured: Vec<&str> =
        found["coloured"].as_array().unwrap().iter().map(|place| place.as_str().unwrap()).collect();
    coloured.sort_unstable();
    assert_eq!(coloured, ["4:montant_verse", "4:pays", "5:description"]);
    assert_eq!(found["said"].as_object().unwrap().keys().collect::<Vec<_>>(), ["4", "5"]);
    assert!(found["said"]["4"].as_str().unwrap().contains("Erreur, colonne pays"), "{}", found["said"]);
    assert!(found["comments"]["4:pays"].as_str().unwrap().contains("Atlantide"), "{}", found["comments"]);
    let cells = &found["cells"];
    assert_eq!(cells["3:montant_verse"], "n:1000.25");
    assert_eq!(cells["3:date_versement"], "d:2013-05-12 00:00:00");
    assert_eq!(cells["4:montant_verse"], "s:1.234", "as it was typed");
    assert_eq!(cells["4:titre"], "s:=cmd|' /C calc'!A0", "a text, never a formula");
    assert_eq!(cells["5:description"], "e:#N/A", "unusable until it is mended");
    // Unmended, it is refused again; mended, it is taken, from LibreOffice too.
    let again = std::fs::read(tools::libreoffice(&annotated, folder.path())).unwrap();
    let again = sent(&agent, "remplacer", &again).await;
    let words = agent.open(&again).await.words();
    assert!(words.contains("3\u{a0}erreurs"), "{words}");
    for file in [mended.clone(), tools::libreoffice(&mended, folder.path())] {
        let preview = sent(&agent, "remplacer", &std::fs::read(&file).unwrap()).await;
        let page = agent.open(&preview).await;
        let words = page.words();
        assert!(
            words.contains("3\u{a0}lignes ajoutées") && words.contains("3\u{202f}235,00\u{a0}€"),
            "{words}"
        );
        assert!(page.text.contains("value=\"appliquer\""));
    }
}

async fn what_is_exported_comes_back_unchanged(app: TestApp) {
    let agent = Signed::as_(&app, FIRST).await;
    let lines =
        csv(&(row("A", "-5 % de fuites", "3200,50") + &row("B", "'=déjà", "1000") + &row("C", "@x", "5")));
    let preview = sent(&agent, "remplacer", &lines).await;
    let page = agent.open(&preview).await;
    apply(&agent, &preview, &page).await;
    super::declaring::file(&agent, &[("verifie", "oui")]).await;
    let second = sent(&agent, "ajouter", &csv(&row("D", "Pont", "7"))).await;
    let page = agent.open(&second).await;
    apply(&agent, &second, &page).await;
    super::declaring::file(&agent, &[("verifie", "oui")]).await;
    let history = agent.open("/historique").await;
    for (version, lines) in [(1, 3), (2, 4)] {
        for format in ["xlsx", "csv"] {
            let address = format!("/export?version={version}&format={format}");
            assert!(history.text.contains(&address.replace('&', "&amp;")), "{address}");
            let file = agent.open(&address).await;
            let preview = sent(&agent, "remplacer", &file.bytes).await;
            let page = agent.open(&preview).await;
            let words = page.words();
            let told = if version == 2 { "0\u{a0}modification." } else { "1\u{a0}ligne supprimée" };
            assert!(words.contains(told), "{version} {format}: {words}");
            assert!(words.contains(&format!("Lignes 4 {lines}")), "{version} {format}: {words}");
            assert_eq!(page.text.contains("value=\"appliquer\""), version == 1);
        }
    }
    assert_eq!(count(&app, "draft"), "0");
}

contract!(with desk, "2014-05-20T10:00:00+02:00":
    a_template_filled_at_a_spreadsheet_is_taken,
    an_annotated_workbook_is_mended_and_taken,
    what_is_exported_comes_back_unchanged,
);
