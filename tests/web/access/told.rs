//! What the journal tells of the forms that the walk of the pages sends.

use crate::support::TestApp;

/// Forms that decide nothing, as they are sent here: what is prepared and not filed, looked for or shown before it is
/// decided; and sessions of which there is none.
pub const SILENT: [&str; 18] = [
    "/administration/comptes",
    "/administration/journal",
    "/compte/sessions",
    "/connexion/code",
    "/deconnexion",
    "/espace/{siren}/{exercice}/brouillon-d-avant",
    "/espace/{siren}/{exercice}/import",
    "/espace/{siren}/{exercice}/import/{apercu}",
    "/espace/{siren}/{exercice}/lignes/nouvelle",
    "/espace/{siren}/{exercice}/lignes/{reference}",
    "/espace/{siren}/{exercice}/reprise",
    "/pilotage/declarations/{siren}/{exercice}/version",
    "/pilotage/declarations/{siren}/{exercice}/version/lignes/{reference}",
    "/pilotage/eligibilite",
    "/pilotage/registre/decision/{operation}",
    "/pilotage/registre/fichier",
    "/pilotage/relances/{annee}",
    "/pilotage/suivi/{annee}/attendues/import",
];

/// How much the journal holds.
pub fn told_by_the_journal(app: &TestApp) -> String {
    app.instance.must("SELECT COUNT(*) FROM journal;")
}
