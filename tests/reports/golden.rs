//! Golden files: XML and CSV byte for byte, workbooks part by part as XML.
//! `EAPD_UPDATE_GOLDEN=1` writes them anew, to be reviewed by reading.

use std::fs;
use std::path::PathBuf;

use eapd::reports::lines::LinesCsv;
use eapd::reports::tresor::{TresorWorkbook, TresorXml};

use super::fixture::{buffer, golden};

pub fn workbook() -> Vec<u8> {
    let campaign = golden();
    let mut out = buffer();
    campaign.write(Box::new(TresorWorkbook::begin(campaign.national(), None, &mut out).unwrap()));
    out.into_inner()
}

#[test]
fn tmp() {
    let dir = PathBuf::from("/tmp/rep");
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("tresor.xlsx"), workbook()).unwrap();
    let campaign = golden();
    let mut out = Vec::new();
    campaign.write(Box::new(TresorXml::begin(campaign.national(), &mut out).unwrap()));
    fs::write(dir.join("tresor.xml"), out).unwrap();
    let mut out = Vec::new();
    campaign.write(Box::new(LinesCsv::begin(campaign.national(), &mut out).unwrap()));
    fs::write(dir.join("lignes.csv"), out).unwrap();
}
