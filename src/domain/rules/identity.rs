//! What identifies a line: its reference, the CRS project, the organisation (rule 8).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::Rule;
use super::check::Run;
use super::line::LineCheck;
use super::texts::clean;
use crate::domain::field::{Field, RawLine};
use crate::domain::siren::{Siren, parse_siren_or_siret};
use crate::domain::text::excerpt;

/// The DAC was created in 1960: no commitment that it recorded is older.
const FIRST_CRS_YEAR: u16 = 1960;

/// Whether a line gives no reference of its own: a new one must then avoid those of earlier versions.
#[must_use]
pub fn some_lack_reference(lines: &[RawLine]) -> bool {
    lines.iter().any(|raw| clean(raw.get(Field::Reference)).is_empty())
}

/// The reference of each line: its own, or a new one that nobody has; a reference that two lines share is a
/// fault of the later one.
pub(super) fn references(run: &mut Run<'_>, lines: &[RawLine], reserved: &[&str]) -> Vec<String> {
    let own: Vec<Cow<'_, str>> = lines.iter().map(|raw| clean(raw.get(Field::Reference))).collect();
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(lines.len());
    for (index, reference) in own.iter().enumerate().filter(|(_, reference)| !reference.is_empty()) {
        let earlier = *first.entry(reference).or_insert(index);
        if earlier != index {
            let message = format!(
                "La référence «\u{a0}{}\u{a0}» est déjà celle de la ligne n°\u{a0}{} ({}).",
                excerpt(reference, 40),
                earlier.saturating_add(1),
                lines.get(earlier).map_or_else(String::new, title)
            );
            let hint = format!(
                "Donnez une autre référence à la ligne n°\u{a0}{}, ou laissez-la vide\u{a0}: une référence nouvelle sera donnée.",
                index.saturating_add(1)
            );
            run.add(Rule::DuplicateReference, (index, Some(Field::Reference)), reference, message, hint);
        }
    }
    let reserved: HashSet<&str> = reserved.iter().copied().collect();
    let mut numbers = 1_u32..;
    let flow_year = run.flow_year;
    let mut fresh = || {
        let mut candidates = numbers.by_ref().map(|number| format!("{flow_year}-L{number:04}"));
        let is_free = |name: &String| !first.contains_key(name.as_str()) && !reserved.contains(name.as_str());
        // So many numbers are never used up.
        candidates.find(is_free).unwrap_or_default()
    };
    own.iter().map(|own| if own.is_empty() { fresh() } else { own.to_string() }).collect()
}

fn title(raw: &RawLine) -> String {
    format!("«\u{a0}{}\u{a0}»", excerpt(raw.get(Field::Title), 60))
}

impl LineCheck<'_, '_> {
    pub(super) fn organisation_siren(&mut self) -> Option<Siren> {
        let text = self.given(Field::OrganisationSiren)?;
        match parse_siren_or_siret(text) {
            Ok(siren) => Some(siren),
            Err(error) => {
                let hint = "Indiquez les 9 chiffres du SIREN ou les 14 du SIRET\u{a0}; laissez vide pour un organisme étranger.";
                let message = error.to_string();
                let message = match message.strip_prefix("la clé") {
                    Some(rest) => format!("La clé{rest}."),
                    None => format!("{message}."),
                };
                self.add(Rule::OrganisationSiren, Field::OrganisationSiren, message, hint);
                None
            }
        }
    }

    /// Ten digits, of which the first four are the year of the first commitment.
    pub(super) fn crs_project(&mut self) -> Option<String> {
        let field = Field::CrsProject;
        let text = self.given(field)?;
        let flow_year = self.run.year();
        let digits = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit());
        let year = text.get(..4).filter(|_| digits).and_then(|year| year.parse::<u16>().ok());
        let Some(year) = year else {
            self.add(
                Rule::CrsProjectShape,
                field,
                format!("«\u{a0}{}\u{a0}» n’est pas un identifiant CRS.", excerpt(text, 30)),
                "Reprenez les 10 chiffres de l’identifiant attribué une année antérieure, ou laissez vide.",
            );
            return None;
        };
        if !(FIRST_CRS_YEAR..=flow_year).contains(&year) {
            self.add(
                Rule::CrsProjectYear,
                field,
                format!(
                    "L’identifiant CRS {text} porte l’année {year}, {}.",
                    if year > flow_year {
                        format!("après l’exercice {flow_year}")
                    } else {
                        format!("avant les premiers engagements suivis ({FIRST_CRS_YEAR})")
                    }
                ),
                format!(
                    "Les 4 premiers chiffres sont l’année du premier engagement, {flow_year} au plus tard\u{a0}; vérifiez l’identifiant ou laissez vide."
                ),
            );
            return None;
        }
        Some(text.to_owned())
    }
}
