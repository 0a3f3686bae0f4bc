//! A small made-up package: a few communes and groupings, in the form of the real one.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

/// A valid SIREN from its first eight digits.
pub fn siren(first: u32) -> String {
    let digits = format!("{first:08}");
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            match (place.is_multiple_of(2), digit) {
                (false, _) => digit,
                (true, 0..=4) => digit * 2,
                (true, _) => digit * 2 - 9,
            }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// The SIREN of a made-up commune.
pub fn of_commune(code: &str) -> String {
    siren(21_000_000 + code.parse::<u32>().unwrap())
}

/// The folder of a package, written when asked for.
#[derive(Clone)]
pub struct Made {
    pub version: String,
    pub communes: Vec<Value>,
    pub epci: Vec<Value>,
    pub ept: Vec<Value>,
    pub departements: Vec<Value>,
    pub regions: Vec<Value>,
}

/// A commune with its SIREN.
pub fn commune(code: &str, name: &str, departement: &str, region: &str, population: u32) -> Value {
    json!({
        "code": code, "nom": name, "type": "commune-actuelle", "departement": departement, "region": region,
        "zone": "metro", "siren": of_commune(code), "population": population,
        "codesPostaux": [format!("{departement}999")],
    })
}

/// A grouping of communes, given with their inhabitants.
pub fn grouping(first: u32, kind: &str, name: &str, members: &[(&str, u32)]) -> Value {
    let total: u32 = members.iter().map(|(_, population)| population).sum();
    let members: Vec<Value> = members
        .iter()
        .map(|(code, population)| json!({"code": code, "siren": of_commune(code), "populationMunicipale": population}))
        .collect();
    json!({
        "code": siren(first), "nom": name, "type": kind, "populationMunicipale": total, "membres": members,
    })
}

fn departement(code: &str, name: &str, region: &str) -> Value {
    json!({"code": code, "nom": name, "region": region, "zone": "metro"})
}

fn region(code: &str, name: &str) -> Value {
    json!({"code": code, "nom": name, "zone": "metro"})
}

impl Made {
    /// Communes in Hautes-Pyrénées, Pyrénées-Atlantiques, Rhône, Bas-Rhin,
    /// Haut-Rhin, Mayotte and overseas; groupings over one and two regions.
    pub fn new(version: &str) -> Self {
        let mut overseas = commune("98799", "Commune fictive du lagon", "987", "987", 50);
        overseas.as_object_mut().unwrap().remove("siren");
        let mut part = commune("65998", "Commune fictive déléguée", "65", "76", 10);
        part["type"] = json!("commune-deleguee");
        Self {
            version: version.to_owned(),
            communes: vec![
                commune("65901", "Commune fictive A", "65", "76", 3_000),
                commune("65902", "Saint-Étienne-la-Fictive", "65", "76", 500),
                commune("64901", "Commune fictive B", "64", "75", 900),
                commune("69901", "Lyon-la-Fictive", "69", "84", 100_000),
                commune("69902", "L'Île-Fictive", "69", "84", 400),
                commune("67901", "Commune fictive C", "67", "44", 700),
                commune("68901", "Commune fictive D", "68", "44", 800),
                commune("97699", "Commune fictive E", "976", "06", 60),
                overseas,
                part,
            ],
            epci: vec![
                grouping(
                    20_000_001,
                    "CC",
                    "CC des Fictives",
                    &[("65901", 3_000), ("65902", 500), ("64901", 900)],
                ),
                grouping(20_000_002, "MET69", "Métropole fictive de Lyon", &[("69901", 100_000)]),
                grouping(20_000_003, "CA", "CA d'Alsace fictive", &[("67901", 700), ("68901", 700)]),
            ],
            ept: vec![grouping(20_000_004, "EPT", "Territoire fictif", &[("69902", 400)])],
            departements: vec![
                departement("65", "Hautes-Pyrénées", "76"),
                departement("64", "Pyrénées-Atlantiques", "75"),
                departement("69", "Rhône", "84"),
                departement("67", "Bas-Rhin", "44"),
                departement("68", "Haut-Rhin", "44"),
                departement("976", "Mayotte", "06"),
                departement("987", "Polynésie française", "987"),
            ],
            regions: vec![
                region("76", "Occitanie"),
                region("75", "Nouvelle-Aquitaine"),
                region("84", "Auvergne-Rhône-Alpes"),
                region("44", "Grand Est"),
                region("06", "Mayotte"),
                region("94", "Corse"),
                region("987", "Polynésie française"),
            ],
        }
    }

    /// Writes the folder.
    pub fn write(&self) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        let manifest = json!({"name": "@etalab/decoupage-administratif", "version": self.version});
        let files = [
            ("package.json", manifest),
            ("data/communes.json", Value::Array(self.communes.clone())),
            ("data/epci.json", Value::Array(self.epci.clone())),
            ("data/ept.json", Value::Array(self.ept.clone())),
            ("data/departements.json", Value::Array(self.departements.clone())),
            ("data/regions.json", Value::Array(self.regions.clone())),
        ];
        // The first versions have no such file.
        let there =
            |(file, value): &(&str, Value)| !file.ends_with("ept.json") || value.as_array() != Some(&vec![]);
        for (file, value) in files.into_iter().filter(there) {
            std::fs::write(folder.path().join(file), value.to_string()).unwrap();
        }
        folder
    }

    /// The archive that npm makes of it.
    pub fn archive(&self) -> Vec<u8> {
        let folder = self.write();
        let gzip = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
        let mut archive = tar::Builder::new(gzip);
        archive.append_dir_all("package", folder.path()).unwrap();
        archive.into_inner().unwrap().finish().unwrap()
    }

    /// The commune with this code.
    pub fn commune_mut(&mut self, code: &str) -> &mut Value {
        self.communes.iter_mut().find(|row| row["code"] == code).unwrap()
    }

    /// Leaves a commune out.
    pub fn without_commune(mut self, code: &str) -> Self {
        self.communes.retain(|row| row["code"] != code);
        for grouping in &mut self.epci {
            grouping["membres"].as_array_mut().unwrap().retain(|member| member["code"] != code);
        }
        self
    }
}

/// A CSV of decisions in a folder of its own.
pub fn csv(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(path_of(&folder), text).unwrap();
    folder
}

/// The file of [`csv`].
pub fn path_of(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("decisions.csv")
}

/// The real package, which make installs.
pub fn real() -> std::path::PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/@etalab/decoupage-administratif");
    assert!(folder.exists(), "{} is missing: run `make test`, or npm ci", folder.display());
    folder
}
