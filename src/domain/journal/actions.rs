//! What the journal tells was done, in French: one table of the words that use cases write.

/// After the word of what was tried and refused.
const REFUSED: &str = ".refused";

macro_rules! actions {
    ($($code:literal $label:literal;)+) => {
        /// Every action with its label, by subject.
        pub const ACTIONS: &[(&str, &str)] = &[$(($code, $label)),+];
    };
}

actions! {
    "account.sign_up" "inscription demandée";
    "account.create" "compte créé par l’exploitant";
    "account.invite" "personne invitée";
    "account.invite.resend" "invitation envoyée de nouveau";
    "account.invite.cancel" "invitation annulée";
    "account.invite.accept" "invitation acceptée";
    "account.role" "rôle changé";
    "account.disable" "compte fermé";
    "account.enable" "compte rouvert";
    "account.sessions" "sessions d’un compte fermées";
    "account.forgotten" "lien de mot de passe demandé";
    "account.reset" "mot de passe choisi par un lien";
    "account.password" "mot de passe changé";
    "account.second_factor" "application de codes associée";
    "account.second_factor.codes" "codes de secours renouvelés";
    "account.second_factor.prepare" "changement d’application commencé";
    "account.second_factor.reset" "double authentification réinitialisée";
    "account.purge" "effacement de ce qui est trop ancien";
    "person.create" "personne connue du service";
    "person.erase" "personne oubliée";
    "session.open" "connexion";
    "session.step" "mot de passe donné, code attendu";
    "session.code.refused" "code de connexion refusé";
    "session.refused" "connexion refusée";
    "session.unconfirmed" "connexion sans adresse confirmée";
    "session.end" "session fermée";
    "session.end_others" "autres sessions fermées";
    "attachment.ask" "rattachement demandé";
    "attachment.accept" "rattachement accepté";
    "attachment.refuse" "rattachement refusé à l’agent";
    "attachment.withdraw" "demande de rattachement retirée";
    "attachment.detach" "agent détaché";
    "attachment.code" "code de rattachement envoyé";
    "collectivity.missing" "collectivité absente signalée";
    "collectivity.missing.answer" "collectivité absente\u{a0}: réponse donnée";
    "collectivity.missing.read" "collectivités absentes consultées";
    "contacts.import" "contacts importés";
    "contacts.confirm" "contacts confirmés";
    "contacts.forget" "adresse de contact oubliée";
    "contact.read" "contacts consultés";
    "contact.add" "contact ajouté";
    "contact.correct" "contact corrigé";
    "contact.remove" "contact retiré";
    "declaration.file" "déclaration déposée";
    "declaration.version" "version du ministère";
    "declaration.reserve.accept" "dépôt sous réserve confirmé";
    "declaration.reserve.refuse" "dépôt sous réserve sans effet";
    "campaign.create" "campagne créée";
    "campaign.plan" "dates d’une campagne changées";
    "campaign.extend" "campagne prorogée";
    "campaign.settle" "campagne arrêtée";
    "campaign.publish" "campagne publiée";
    "campaign.cancel" "campagne annulée";
    "call.create" "appel à projets créé";
    "derogation.filing" "dérogation de dépôt";
    "derogation.eligibility" "dérogation d’éligibilité";
    "derogation.revoke" "dérogation révoquée";
    "expected.import" "collectivités attendues importées";
    "expected.decide" "collectivité attendue ajoutée ou enlevée";
    "follow_up.read" "suivi consulté";
    "reminder.read" "relances consultées";
    "reminder.send" "relances envoyées";
    "campaign.announce" "campagne annoncée";
    "title.replace" "titre public remplacé";
    "question.ask" "question posée à une collectivité";
    "question.further" "question poursuivie";
    "question.answer" "question\u{a0}: réponse de la collectivité";
    "question.close" "question close";
    "call.dossiers.put" "dossiers d’un appel enregistrés";
    "call.dossiers.withdraw" "dossier d’un appel retiré";
    "call.dossiers.note" "dossiers d’un appel\u{a0}: changement noté";
    "certificate.issue" "attestation délivrée";
    "certificate.revoke" "attestation révoquée";
    "history.import" "montants antérieurs repris";
    "register.import" "registre importé";
    "register.decide" "registre\u{a0}: décision";
    "report.order" "publication d’un rapport demandée";
    "report.release" "rapport arrêté";
    "token.create" "jeton créé";
    "token.revoke" "jeton révoqué";
    "mail.retry" "courriels essayés de nouveau";
    "journal.export" "journal exporté";
    "journal.read" "journal consulté";
    "job.read" "tâches planifiées consultées";
    "demo.ready" "démonstration construite";
}

/// The label of an action; the code itself where this version of the program knows none.
#[must_use]
pub fn label(action: &str) -> String {
    let known = |code: &str| ACTIONS.iter().find(|(known, _)| *known == code).map(|(_, label)| *label);
    match (known(action), action.strip_suffix(REFUSED).and_then(known)) {
        (Some(label), _) => label.to_owned(),
        (None, Some(label)) => format!("{label}\u{a0}: refusé"),
        (None, None) => action.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_action_has_one_label_of_its_own() {
        let codes: BTreeSet<&str> = ACTIONS.iter().map(|(code, _)| *code).collect();
        let labels: BTreeSet<&str> = ACTIONS.iter().map(|(_, label)| *label).collect();
        assert_eq!((codes.len(), labels.len()), (ACTIONS.len(), ACTIONS.len()));
        assert_eq!(label("session.open"), "connexion");
        assert_eq!(label("session.refused"), "connexion refusée");
        assert_eq!(label("campaign.settle.refused"), "campagne arrêtée\u{a0}: refusé");
        assert_eq!(label("autre.chose"), "autre.chose");
    }
}
