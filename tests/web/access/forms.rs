//! What the walk of the table of pages sends: each form with everything right in it, and the address of each page.

use std::collections::BTreeMap;

use super::{
    CALL, CERTIFICATE, CONTACT, LIST, NOW, ORDER, PASSWORD, PERSON, PREVIEW, PROPOSAL, address, asked,
    followed, key, to,
};
use crate::api::world::{FAR, OTHER, OWN};

/// The fields of a form.
pub type Fields = Vec<(&'static str, String)>;

fn told(fields: &[(&'static str, &str)]) -> Fields {
    fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// What each form holds when all is right in it but who sends it; `None` where a page has no form.
pub fn form(page: &str, siren: &str) -> Option<Fields> {
    if ["/pilotage", "/administration"].iter().any(|start| page.starts_with(start)) {
        of_staff(page, siren)
    } else {
        of_agents(page, siren)
    }
}

fn of_agents(page: &str, siren: &str) -> Option<Fields> {
    let line = [
        ("cas", "association_ici"),
        ("organisme", "Association fictive"),
        ("pays", "255"),
        ("theme", "eau"),
        ("montant_verse", "3 200"),
        ("revision", "1"),
    ];
    let signature = [
        ("revision", "1"),
        ("cle", "une-clé"),
        ("nom", "Agent Inventé"),
        ("fonction", "maire"),
        ("verifie", "oui"),
        ("atteste", "oui"),
    ];
    Some(match page {
        "/connexion" => told(&[("courriel", &address("declarant")), ("mot-de-passe", PASSWORD)]),
        "/inscription" => told(&[
            ("collectivite", OWN),
            ("nom", "Agent Inventé"),
            ("fonction", "maire"),
            ("courriel", "nouveau@service.example"),
            ("mot-de-passe", PASSWORD),
        ]),
        "/mot-de-passe-oublie" => told(&[("courriel", &address("declarant"))]),
        // A link that serves comes by mail: what follows from one is in the tests of accounts.
        "/inscription/confirmation" | "/mot-de-passe-oublie/nouveau" => {
            told(&[("jeton", "INCONNU"), ("mot-de-passe", PASSWORD)])
        }
        // Nobody here gave a password that waits for its code.
        "/connexion/code" => told(&[("code-unique", "123456")]),
        "/invitation" => told(&[("jeton", "INCONNU"), ("mot-de-passe", PASSWORD)]),
        "/compte/double-authentification" => {
            told(&[("action", "codes"), ("code-unique", &key().code_at(NOW.parse().unwrap()))])
        }
        "/deconnexion" => told(&[]),
        "/compte/sessions" => told(&[("session", "autres")]),
        "/compte/mot-de-passe" => {
            told(&[("ancien", PASSWORD), ("nouveau", "pluie citron tambour 48 lierre")])
        }
        "/espace/rattachement" => told(&[("collectivite", FAR)]),
        "/espace/{siren}/agents" => told(&[("action", "accepter"), ("demande", &asked(siren))]),
        "/espace/{siren}/questions/{question}" => told(&[("texte", "Une réponse (fictive)")]),
        "/espace/{siren}/contacts" => told(&[
            ("action", "ajouter"),
            ("nom", "Cadre Inventé"),
            ("fonction", "directeur"),
            ("courriel", "cadre@service.example"),
        ]),
        "/espace/{siren}/contacts/{contact}" => told(&[("action", "retirer")]),
        "/espace/{siren}/code" => told(&[("code", "000000")]),
        "/espace/{siren}/{exercice}/lignes/nouvelle" => told(&line),
        "/espace/{siren}/{exercice}/lignes/{reference}" => {
            told(&[&line[..], &[("action", "dupliquer")]].concat())
        }
        "/espace/{siren}/{exercice}/brouillon-d-avant" => told(&[("action", "ajouter")]),
        "/espace/{siren}/{exercice}/reprise" => told(&[("ligne", "A-1")]),
        "/espace/{siren}/{exercice}/import/{apercu}" => told(&[("action", "abandonner")]),
        "/espace/{siren}/{exercice}/signature" | "/espace/{siren}/{exercice}/neant" => told(&signature),
        _ => return None,
    })
}

fn of_staff(page: &str, siren: &str) -> Option<Fields> {
    Some(match page {
        "/pilotage/rattachements" => told(&[("action", "accepter"), ("demande", &followed(siren))]),
        "/administration/comptes" => told(&[("q", "agent")]),
        "/administration/comptes/invitation" => told(&[
            ("nom", "Observatrice Inventée"),
            ("fonction", "statisticienne"),
            ("courriel", "invitee@service.example"),
            ("role", "observateur"),
        ]),
        "/administration/comptes/{personne}" => told(&[("action", "sessions")]),
        "/administration/journal" => told(&[("faire", "verifier")]),
        "/pilotage/registre/decision/{operation}" => {
            told(&[("siren", OTHER), ("date", "2013-12-31"), ("motif", "essai")])
        }
        "/pilotage/registre/fichier/{apercu}" => told(&[("action", "appliquer")]),
        "/pilotage/eligibilite/appels/{appel}/en-attente" => told(&[("action", "noter")]),
        "/pilotage/eligibilite/attestations/{attestation}" => told(&[("motif", "Erreur (fictive)")]),
        "/pilotage/eligibilite/{siren}/attestations" => told(&[("appel", CALL)]),
        "/pilotage/rapports/{nom}/{exercice}" => told(&[("annee", "2012")]),
        "/pilotage/campagnes/nouvelle" => told(&[
            ("annee", "2015"),
            ("ouverture", "15/04/2015"),
            ("cloture", "15/06/2015"),
            ("appel", "oui"),
        ]),
        "/pilotage/campagnes/{annee}/dates" => {
            told(&[("ouverture", "16/04/2014"), ("cloture", "16/06/2014")])
        }
        "/pilotage/campagnes/{annee}/prorogation" => told(&[("cloture", "22/06/2014"), ("motif", "essai")]),
        "/pilotage/campagnes/{annee}/arret" | "/pilotage/campagnes/{annee}/publication" => {
            told(&[("annee", "2014")])
        }
        "/pilotage/campagnes/{annee}/annulation" => told(&[("annee", "2014"), ("motif", "essai")]),
        "/pilotage/campagnes/{annee}/derogations" => {
            told(&[("siren", OTHER), ("jusqu-au", "30/06/2014"), ("motif", "essai")])
        }
        "/pilotage/campagnes/{annee}/titre" => {
            told(&[("siren", OWN), ("reference", "B-1"), ("titre", "Adduction d’eau"), ("motif", "essai")])
        }
        "/pilotage/appels/nouveau" => told(&[
            ("code", "ESSAI-2014"),
            ("titre", "Appel fictif"),
            ("exercices", "2012, 2013"),
            ("regle", "tous"),
            ("texte", "Texte fictif"),
        ]),
        "/pilotage/appels/{code}/derogations" => told(&[("siren", OTHER), ("motif", "essai")]),
        "/pilotage/derogations/{numero}" => told(&[("motif", "essai")]),
        "/pilotage/declarations/{siren}/{exercice}/version/lignes/{reference}" => told(&[
            ("titre", "Adduction d’eau (fictive)"),
            ("pays", "MLI"),
            ("secteur", "14030"),
            ("canal", "22000"),
            ("nature", "projet"),
            ("montant_verse", "1 234,56"),
        ]),
        page if page.starts_with("/pilotage/declarations/{siren}/{exercice}/version/") => {
            told(&[("vue", "1"), ("motif", "essai"), ("piece", "courrier fictif"), ("action", "deposer")])
        }
        "/pilotage/relances/{annee}" => told(&[("etape", "J-30"), ("fin", "2014-06-15")]),
        "/pilotage/suivi/{annee}/attendues" => {
            told(&[("action", "ajouter"), ("siren", siren), ("motif", "essai")])
        }
        "/pilotage/questions/nouvelle" => {
            told(&[("siren", siren), ("exercice", "2013"), ("texte", "Une question (fictive)")])
        }
        "/pilotage/questions/{question}" => told(&[("action", "clore"), ("issue", "sans-suite")]),
        "/pilotage/campagnes/{annee}/annonce" => told(&[]),
        _ => return None,
    })
}

/// The address of a page, about a body.
pub fn path(page: &str, siren: &str, receipts: &BTreeMap<String, String>) -> String {
    // Of the ministry: what it may decide about, besides the collectivity. What is released is of the year that is
    // settled.
    let (reference, preview, number) = if page.starts_with("/pilotage") {
        ("B-1", PROPOSAL, Some("1"))
    } else {
        ("C-1", PREVIEW, receipts.get(siren).map(String::as_str))
    };
    let (year, format) =
        if page.starts_with("/pilotage/rapports") { ("2012", "csv") } else { ("2013", "xlsx") };
    page.replace("{siren}", siren)
        .replace("{question}", &to(siren))
        .replace("{annee}", "2014")
        .replace("{code}", CALL)
        .replace("{region}", if siren == FAR { "76" } else { "11" })
        .replace(
            "{nom}",
            if page.contains("{edition}") || page.ends_with("{format}") {
                "lignes"
            } else {
                "non-declarants"
            },
        )
        .replace("{commande}", ORDER)
        .replace("{edition}", "1")
        .replace("{format}", format)
        .replace("{exercice}", year)
        .replace("{reference}", reference)
        .replace("{apercu}", preview)
        .replace("{operation}", "fin")
        .replace("{liste}", LIST)
        .replace("{appel}", CALL)
        .replace("{attestation}", CERTIFICATE)
        .replace("{personne}", receipts.get(PERSON).map_or("X", String::as_str))
        .replace("{contact}", CONTACT)
        .replace("{numero}", number.unwrap_or("X"))
}
