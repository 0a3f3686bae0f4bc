//! Natures that lead to codes accepted in each year, and the columns of the Trésor table.

use super::{
    super::{
        CodeLists, Declarable, Fault, FaultKind, Nature, Pattern, Row,
        embedded::{AID_TYPES, CHANNELS, NATURES, PURPOSES, TRESOR_COLUMN_NAMES, TRESOR_COLUMNS},
    },
    CHECKED_YEARS,
};

pub(super) fn check(lists: &CodeLists, faults: &mut Vec<Fault>) {
    for nature in &lists.natures {
        known_codes(lists, nature, faults);
        if let Some(message) = contradiction(lists, nature) {
            faults.push(Fault::new(NATURES, nature.key(), FaultKind::Nature, message));
        }
    }
    for (name, codes) in lists.nature_labels.ambiguous() {
        let message = format!("ce nom désigne plusieurs natures\u{a0}: {}", codes.join(", "));
        faults.push(Fault::new(NATURES, name, FaultKind::Label, message));
    }
    for code in lists.natures.keys() {
        for year in CHECKED_YEARS {
            if let Err(why) = minimal_line(lists, code, year) {
                let message = format!("pas de ligne minimale acceptée pour {year}\u{a0}: {why}");
                faults.push(Fault::new(NATURES, code, FaultKind::Nature, message));
            }
        }
    }
    tresor(lists, faults);
}

/// Whether a pattern takes at least one code of a list.
struct Known<'a>(&'a CodeLists);

impl Known<'_> {
    fn aid_type(&self, pattern: &Pattern) -> bool {
        self.0.aid_types.keys().any(|code| pattern.matches(code, code))
    }

    fn purpose(&self, pattern: &Pattern) -> bool {
        self.0.purposes.keys().any(|code| pattern.matches(code, code))
    }

    fn channel(&self, pattern: &Pattern) -> bool {
        self.0.channels.iter().any(|row| pattern.matches(row.key(), row.family.as_str()))
    }
}

fn known_codes(lists: &CodeLists, nature: &Nature, faults: &mut Vec<Fault>) {
    let known = Known(lists);
    let mut orphan = |what: &str, file: &str| {
        let message = format!("{what}\u{a0}: un code ou un motif ne correspond à rien dans {file}");
        faults.push(Fault::new(NATURES, nature.key(), FaultKind::Orphan, message));
    };
    if !nature.aid_types.patterns().all(|pattern| known.aid_type(pattern))
        || lists.aid_types.latest(nature.aid_type.as_str()).is_none()
    {
        orphan("aid_types", AID_TYPES);
    }
    if !nature.purposes.patterns().all(|pattern| known.purpose(pattern))
        || nature.purpose.as_ref().is_some_and(|code| lists.purposes.latest(code.as_str()).is_none())
    {
        orphan("purposes", PURPOSES);
    }
    if !nature.channels.patterns().all(|pattern| known.channel(pattern))
        || nature.channel.as_ref().is_some_and(|code| lists.channels.latest(code.as_str()).is_none())
    {
        orphan("channels", CHANNELS);
    }
}

/// What a row of a nature says against itself.
fn contradiction(lists: &CodeLists, nature: &Nature) -> Option<String> {
    let other = lists.aid_types.iter().find(|row| {
        nature.accepts_aid_type(row) && row.bi_multi.is_some_and(|value| value != nature.bi_multi)
    });
    if let Some(row) = other {
        return Some(format!("bi_multi n’est pas celui du type d’aide {}", row.code));
    }
    let given = [
        ("pays", nature.recipient.is_some(), nature.mandatory.recipient),
        ("secteur", nature.purpose.is_some(), nature.mandatory.purpose),
        ("canal", nature.channel.is_some(), nature.mandatory.channel),
    ];
    let (word, _, _) = given.into_iter().find(|(_, by_default, mandatory)| by_default == mandatory)?;
    Some(format!("{word} doit être soit obligatoire, soit donné par défaut"))
}

/// Whether the nature has one row in the year and its minimal line is accepted.
fn minimal_line(lists: &CodeLists, code: &str, year: u16) -> Result<(), String> {
    let nature = lists.natures.at(code, year).ok_or("la nature n’a pas de ligne cette année-là")?;
    let line = nature.minimal_line_codes(year).ok_or("aucun exemple ne convient à ses motifs")?;
    let refused = |what: &str, code: &str| format!("{what} {code} refusé");
    lists
        .aid_types
        .at(line.aid_type, year)
        .filter(|row| row.is_declarable(year) && nature.accepts_aid_type(row))
        .ok_or_else(|| refused("type d’aide", line.aid_type))?;
    lists
        .purposes
        .at(line.purpose, year)
        .filter(|row| row.is_declarable(year) && nature.accepts_purpose(row))
        .ok_or_else(|| refused("code-objet", line.purpose))?;
    lists
        .recipients
        .at(line.recipient, year)
        .filter(|row| nature.accepts_recipient(row))
        .ok_or_else(|| refused("bénéficiaire", line.recipient))?;
    lists
        .channels
        .at(line.channel, year)
        .filter(|row| row.is_declarable(year) && nature.accepts_channel(row))
        .ok_or_else(|| refused("canal", line.channel))?;
    Ok(())
}

fn tresor(lists: &CodeLists, faults: &mut Vec<Fault>) {
    let known = Known(lists);
    for rule in &lists.tresor_rules {
        if !lists.tresor_columns.iter().any(|column| column.code == rule.column) {
            let message = format!("cette colonne n’a pas de nom dans {TRESOR_COLUMN_NAMES}");
            faults.push(Fault::new(TRESOR_COLUMNS, &*rule.column, FaultKind::Orphan, message));
        }
        if !(known.aid_type(&rule.aid_type) && known.purpose(&rule.purpose) && known.channel(&rule.channel)) {
            let message = "un motif de cette correspondance ne prend aucun code";
            faults.push(Fault::new(TRESOR_COLUMNS, &*rule.column, FaultKind::Orphan, message));
        }
    }
    // An empty purpose and channel match stars only: the column is then reached whatever they are.
    for row in lists.aid_types.iter().filter(|row| row.declarable.is_some()) {
        if lists.tresor_column(row.key(), "", "").is_none() {
            let message = format!("ce type d’aide n’atteint aucune colonne de {TRESOR_COLUMNS}");
            faults.push(Fault::new(AID_TYPES, row.key(), FaultKind::TresorColumn, message));
        }
    }
}
