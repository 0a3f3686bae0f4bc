//! The operations of a file of decisions, and of the forms that write one: what each does, what it reads.

/// An operation on the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// The word of the files.
    pub name: &'static str,
    /// Its French name.
    pub label: &'static str,
    /// What it does, in French.
    pub about: &'static str,
    /// The columns it reads beside `operation`; `nom` may always be there, for those who read the file.
    pub columns: &'static [&'static str],
    /// Those without which it is refused.
    pub needed: &'static [&'static str],
}

/// Every operation, in the order in which people look for them.
pub const OPERATIONS: [Operation; 10] = [
    Operation {
        name: "modification",
        label: "Corriger",
        about: "Ce qui est rempli change, pour tout l’exercice de la date et les suivants. Les exercices d’avant gardent ce qu’ils avaient.",
        columns: &["siren", "nom", "type", "code", "departement", "population", "date", "motif"],
        needed: &["siren", "date", "motif"],
    },
    Operation {
        name: "creation",
        label: "Ajouter un organisme",
        about: "Ajoute un organisme que le millésime n’a pas. Sans SIREN, il est «\u{a0}à compléter\u{a0}» et ne peut pas déclarer.",
        columns: &[
            "siren",
            "nom",
            "type",
            "code",
            "departement",
            "region",
            "population",
            "date",
            "fin",
            "motif",
        ],
        needed: &["nom", "type", "region"],
    },
    Operation {
        name: "completer",
        label: "Donner son SIREN à un organisme",
        about: "L’organisme «\u{a0}à compléter\u{a0}» garde son histoire et peut déclarer.",
        columns: &["siren", "type", "code"],
        needed: &["siren", "type", "code"],
    },
    Operation {
        name: "fusion",
        label: "Fusion dans un organisme nouveau",
        about: "L’organisme disparaît la veille de la date\u{a0}; celui qui lui succède naît ce jour-là. Une décision par organisme qui disparaît.",
        columns: &["siren", "vers", "date", "motif"],
        needed: &["siren", "vers", "date", "motif"],
    },
    Operation {
        name: "absorption",
        label: "Absorption par un organisme qui existait",
        about: "L’organisme disparaît la veille de la date\u{a0}; celui qui lui succède existait déjà.",
        columns: &["siren", "vers", "date", "motif"],
        needed: &["siren", "vers", "date", "motif"],
    },
    Operation {
        name: "scission",
        label: "Scission",
        about: "Un organisme nouveau naît du premier à cette date\u{a0}; le premier continue, sauf à dire aussi sa fin.",
        columns: &["siren", "vers", "date", "motif"],
        needed: &["siren", "vers", "date", "motif"],
    },
    Operation {
        name: "rattachement",
        label: "Région de rattachement",
        about: "La région, pour tout l’exercice de la date et les suivants\u{a0}; sans date, depuis toujours. Aucun millésime ne la change plus.",
        columns: &["siren", "region", "date", "motif"],
        needed: &["siren", "region", "motif"],
    },
    Operation {
        name: "region_associee",
        label: "Région associée",
        about: "Pour un groupement sur deux régions\u{a0}: sa seconde préfecture le voit, hors total.",
        columns: &["siren", "region", "date", "fin", "motif"],
        needed: &["siren", "region", "motif"],
    },
    Operation {
        name: "debut",
        label: "Premier jour",
        about: "Le jour depuis lequel l’organisme existe. Le motif est obligatoire s’il y en avait un autre.",
        columns: &["siren", "date", "motif"],
        needed: &["siren", "date"],
    },
    Operation {
        name: "fin",
        label: "Dernier jour",
        about: "Le dernier jour de l’organisme, inclus. Le motif est obligatoire s’il y en avait un autre.",
        columns: &["siren", "date", "motif"],
        needed: &["siren", "date"],
    },
];

impl Operation {
    /// The operation of this word.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::register::decision::COLUMNS;

    #[test]
    fn what_is_needed_is_read_and_what_is_read_is_a_column() {
        for operation in OPERATIONS {
            assert!(
                operation.needed.iter().all(|column| operation.columns.contains(column)),
                "{operation:?}"
            );
            assert!(operation.columns.iter().all(|column| COLUMNS.contains(column)), "{operation:?}");
        }
    }
}
