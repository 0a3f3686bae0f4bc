//! What a change of the register would do, as a page tells it before it is written.

use crate::domain::text::thousands;
use crate::service::register::Foreseen as Told;
use crate::web::text;

/// Differences that are shown; the others are counted.
const SHOWN: usize = 500;

/// What a page tells.
pub(super) struct Foreseen {
    /// In one sentence.
    pub(super) summary: String,
    /// What no rule forbids but a person should see.
    pub(super) notices: Vec<String>,
    /// Body, and what changes of it.
    pub(super) rows: Vec<(String, String, String)>,
    /// How many more there are.
    pub(super) more: Option<String>,
    /// Whether anything changes.
    pub(super) is_something: bool,
}

impl Foreseen {
    pub(super) fn of(told: &Told) -> Self {
        let (summary, differences) = (&told.summary, &told.differences);
        let sentence = if summary.is_unchanged() {
            "Rien de nouveau\u{a0}: le registre ne changerait pas".to_owned()
        } else {
            format!(
                "Ajoutés\u{a0}: {}. Modifiés\u{a0}: {}. Disparus\u{a0}: {}. Inchangés\u{a0}: {}",
                thousands(summary.created),
                thousands(summary.changed),
                thousands(summary.closed),
                thousands(summary.unchanged)
            )
        };
        let populations = u64::try_from(differences.populations).unwrap_or_default();
        let people = (populations > 0).then(|| {
            let counted = text::count(populations, "organisme change", "organismes changent");
            format!(". {counted} de population seulement")
        });
        let rows = differences.list.iter().take(SHOWN);
        let left = differences.list.len().saturating_sub(SHOWN);
        Self {
            summary: sentence + &people.unwrap_or_default(),
            notices: summary.notices.clone(),
            rows: rows.map(|one| (one.name.clone(), one.id.clone(), one.change.told())).collect(),
            more: (left > 0).then(|| thousands(u64::try_from(left).unwrap_or_default())),
            is_something: !summary.is_unchanged(),
        }
    }
}
