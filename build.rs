//! Embeds the static files of the pages: writes the table of what `make assets` gathered, fonts of documents included.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("build/assets");
    let manifest = folder.join("manifest.tsv");
    println!("cargo::rerun-if-changed={}", manifest.display());
    let listed = fs::read_to_string(&manifest)
        .map_err(|_absent| "the static files of the pages are missing: run `make assets`")?;
    let mut table = String::new();
    let (mut dsfr, mut own) = ("", "");
    for line in listed.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [address, media, hash] = fields[..] else { return Err(format!("manifest.tsv: {line}").into()) };
        let path = format!("{}/{address}", folder.display());
        let packed = |suffix: &str| {
            let path = format!("{path}.{suffix}");
            if Path::new(&path).exists() {
                format!("Some(include_bytes!({path:?}))")
            } else {
                "None".to_owned()
            }
        };
        writeln!(
            table,
            "    Asset {{ address: {address:?}, media: {media:?}, etag: \"\\\"{hash}\\\"\", \
             raw: include_bytes!({path:?}), br: {}, gz: {} }},",
            packed("br"),
            packed("gz")
        )?;
        let first = address.split('/').next().unwrap_or_default();
        *(if first.starts_with("dsfr-") { &mut dsfr } else { &mut own }) = first;
    }
    let source = format!(
        "/// Every static file, in the order of their addresses.\n\
         const ASSETS: &[Asset] = &[\n{table}];\n\
         /// Where the files of the design system are.\n\
         pub(super) const DSFR: &str = \"/static/{dsfr}\";\n\
         /// Where our own files are.\n\
         pub(super) const OWN: &str = \"/static/{own}\";\n"
    );
    fs::write(Path::new(&env::var("OUT_DIR")?).join("assets.rs"), source)?;
    // What documents are set in: `src/reports/pdf/font.rs` includes it.
    for name in ["Marianne-Regular.ttf", "Marianne-Bold.ttf"] {
        let font = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("build/fonts").join(name);
        println!("cargo::rerun-if-changed={}", font.display());
        if !font.exists() {
            return Err("the fonts of documents are missing: run `make assets`".into());
        }
    }
    // What the map of regions is drawn from: `src/web/pages/follow_up/map.rs` includes it.
    let map = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("build/map/regions.tsv");
    println!("cargo::rerun-if-changed={}", map.display());
    if !map.exists() {
        return Err("the outlines of the regions are missing: run `make assets`".into());
    }
    Ok(())
}
