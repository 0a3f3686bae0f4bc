//! Files as rows of text: CSV, and what each kind of file makes of its rows.

use std::sync::LazyLock;

use eapd::domain::codes::CodeLists;
use eapd::domain::rules::check_lines;
use eapd::domain::year::FlowYear;
use eapd::imports::{
    Form, Limits, Refused, Table, bulk, contacts, dossiers, eligibility, expected, history, lines, read_table,
};

use super::readers::told;

/// Bounds that small inputs reach too.
const NARROW: Limits = Limits {
    bytes: 3_500,
    rows: 12,
    columns: 14,
    cell_bytes: 60,
    text_bytes: 900,
    unpacked_bytes: 20_000,
    ratio: 50,
    parts: 9,
    errors: 10,
};
/// Lines whose rules are checked: the search for what was meant takes its time.
const CHECKED: usize = 8;

static CODES: LazyLock<CodeLists> = LazyLock::new(|| CodeLists::embedded().unwrap());

pub const WORDS: &[&str] = &[
    ";",
    ",",
    "\t",
    "\"",
    "\"\"",
    "\r\n",
    "\n",
    "\r",
    "\u{feff}",
    "\0",
    "é",
    "\u{a0}",
    "\u{fffd}",
    "=1+1",
    "'=",
    "siren",
    "titre",
    "pays",
    "secteur",
    "canal",
    "nature",
    "montant_verse",
    "Anomalies",
    "217500016",
    "Mali",
    "14030",
    "22000",
    "projet",
    "1.234",
    "1 234,50",
    "31/12/2013",
    "2013-06-01",
    "oui",
    "6|6.1",
    "sep=;",
    "998",
    "multilateral",
    "bourses",
    "C01",
    "100",
    "a@b.fr",
    "porteur",
    "chef_de_file",
    "\u{202e}",
];

/// A file of each kind, as people send them.
pub fn seeds() -> Vec<Vec<u8>> {
    let utf16: Vec<u8> =
        "\u{feff}siren;motif\r\n217500016;Été\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    [
        "reference;titre;pays;secteur;canal;nature;montant_verse\n2013-L0001;Puits de Médine;MLI;14030;22000;projet;1 234,56\n;École;Sénégal;11220;22000;subvention_association;1000\n",
        "titre,pays,secteur,canal,nature,type_aide,montant_verse,date_versement\r\n\"Eau, potable\",255,14030 - Eau,22000,projet,C01,1234.5,31/12/2013\r\n",
        "siren;exercice;montant;neant;date_depot;source\n217500016;2012;\"1 234,50\";non;30/06/2013;\"a\nb\"\n",
        "\u{feff}dossier,role,siren\r\nD1,chef_de_file,217500016\r\nD1,partenaire,\"Kayes, Mali\"\r\n",
        "siren\tsignataire_nom\tsignataire_fonction\tpiece\tneant\ttitre\n217500016\tA\tmaire\tP\toui\t\n",
        "siren;motif\n217500016;Atlas\n",
        "siren;courriel;source;nom\n217500016;mairie@exemple.fr;annuaire;Mairie\n",
        "siren\n217500016\n21750001600019\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into_iter()
    .chain([utf16, b"siren;motif\n217500016;\xe9t\xe9\n".to_vec()])
    .collect()
}

/// A file of text, read as a table, as lines and as one other kind.
pub fn csv(bytes: &[u8]) {
    table(bytes);
    other_kind(bytes);
}

fn limits_for(bytes: &[u8]) -> Limits {
    if bytes.len() % 4 == 3 { NARROW } else { Limits::default() }
}

/// What is read of a file: within its bounds, twice the same, and the same again from the CSV that is
/// written of it. Then its lines meet the rules.
pub fn table(bytes: &[u8]) {
    let limits = limits_for(bytes);
    let read = read_table(bytes, &limits);
    assert_eq!(read, read_table(bytes, &limits), "read twice");
    match read {
        Ok(table) => {
            within(&table, &limits);
            if table.form == Form::Csv && table.problems.is_empty() && limits == Limits::default() {
                assert_written_back(&table);
            }
        }
        Err(error) => told(error.code, &error.message, &error.hint),
    }
    match lines::examine(bytes, &limits) {
        Ok(examined) => {
            let raw: Vec<_> =
                examined.imported.lines.into_iter().map(|(_, line)| line).take(CHECKED).collect();
            let year = FlowYear::new(2013 + u16::try_from(bytes.len() % 3).unwrap()).unwrap();
            let checked = check_lines(&CODES, year, &raw);
            assert!(!checked.is_accepted() || checked.lines.len() == raw.len(), "a line is lost");
            for issue in &checked.issues {
                assert!(issue.line < raw.len());
                told(issue.rule.code(), &issue.message, &issue.hint);
            }
        }
        Err(refused) => all_told(&refused),
    }
}

fn within(table: &Table, limits: &Limits) {
    assert!(table.rows.len() <= limits.rows && table.headers.len() <= limits.columns);
    assert!(table.problems.len() <= limits.errors);
    let texts =
        table.headers.iter().map(|header| &header.text).chain(table.rows.iter().flat_map(|row| &row.cells));
    let mut whole = 0;
    for text in texts {
        assert!(text.len() <= limits.cell_bytes, "a cell of {} bytes", text.len());
        whole += text.len();
    }
    assert!(whole <= limits.text_bytes, "{whole} bytes of text");
    assert!(table.rows.windows(2).all(|pair| pair[0].number < pair[1].number), "rows in order");
}

/// The same cells, from quotes around each of them.
fn assert_written_back(table: &Table) {
    let mut text = String::from("\u{feff}");
    let headers = table.headers.iter().map(|header| &header.text).collect::<Vec<_>>();
    for cells in std::iter::once(headers).chain(table.rows.iter().map(|row| row.cells.iter().collect())) {
        let quoted: Vec<String> =
            cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        text.push_str(&(quoted.join(";") + "\n"));
    }
    let Ok(again) = read_table(text.as_bytes(), &Limits::default()) else {
        panic!("what was read cannot be written: {text:?}");
    };
    let cells = |table: &Table| -> Vec<Vec<String>> {
        let trimmed = |cells: &[String]| cells.iter().map(|cell| cell.trim().to_owned()).collect();
        table.rows.iter().map(|row| trimmed(&row.cells)).collect()
    };
    if table.headers.len() > 1 {
        assert_eq!(cells(table), cells(&again), "{text:?}");
    }
}

fn all_told(refused: &Refused) {
    assert!(!refused.is_empty(), "refused for nothing");
    refused.file.iter().for_each(|error| told(error.code, &error.message, &error.hint));
    refused.cells.iter().take(50).for_each(|error| told(error.code, &error.message, &error.hint));
}

/// One of the other kinds of file; which one depends on the bytes alone.
pub fn other_kind(bytes: &[u8]) {
    let limits = limits_for(bytes);
    let refused = match bytes.len() % 6 {
        0 => bulk::read(bytes, &limits).err(),
        1 => history::read(bytes, &limits).err(),
        2 => expected::read(bytes, &limits).err(),
        3 => contacts::read(bytes, &limits).err(),
        4 => dossiers::read(bytes, &limits).err(),
        _ => eligibility::read(bytes, &limits).err(),
    };
    refused.iter().for_each(all_told);
}
