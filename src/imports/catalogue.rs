//! Every reason for which a file is refused, once: the documentation is written from this table.

/// One reason, with a stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// `EAPD-Innn`, never reused.
    pub code: &'static str,
    /// Short French title.
    pub title: &'static str,
    /// What the message says, and how to mend it (French).
    pub message: &'static str,
    /// An example that breaks it (French).
    pub example: &'static str,
}

macro_rules! catalogue {
    ($($name:ident $code:literal $title:literal $message:literal $example:literal;)+) => {
        $(#[doc = $title] pub const $name: &str = $code;)+

        /// Every entry, in the order of the codes.
        pub const ALL: &[Entry] =
            &[$(Entry { code: $code, title: $title, message: $message, example: $example }),+];
    };
}

catalogue! {
    EMPTY_FILE "EAPD-I001" "Fichier vide"
        "Le fichier ne contient aucune ligne\u{a0}: envoyez un fichier avec une ligne d’en-têtes et au moins une ligne de données."
        "un fichier de 0 octet, ou des en-têtes seuls";
    TOO_LARGE "EAPD-I002" "Fichier trop gros"
        "Le fichier dépasse la taille acceptée (10\u{a0}Mio)\u{a0}: retirez les images et les feuilles inutiles, ou envoyez un CSV."
        "un classeur de 12\u{a0}Mio";
    NOT_A_TABLE "EAPD-I003" "Ni CSV ni classeur XLSX"
        "Le contenu du fichier est d’une autre nature, quel que soit son nom\u{a0}; le message dit ce qu’il semble être et quoi envoyer."
        "un PDF, une image, un ancien classeur .xls, un classeur ODS, une page HTML nommée .xls";
    PASSWORD "EAPD-I004" "Classeur protégé par un mot de passe"
        "Le classeur est chiffré\u{a0}: retirez le mot de passe dans le tableur, enregistrez, puis renvoyez-le."
        "un classeur enregistré avec un mot de passe d’ouverture";
    BINARY "EAPD-I005" "Contenu illisible"
        "Le fichier n’est pas du texte\u{a0}: ouvrez-le dans un tableur et enregistrez-le en XLSX ou en CSV UTF-8."
        "un fichier qui contient des octets nuls";
    ENCODING "EAPD-I006" "Caractères illisibles"
        "Les accents ne se lisent ni en UTF-8, ni en UTF-16, ni en Windows-1252\u{a0}: enregistrez le fichier en «\u{a0}CSV UTF-8\u{a0}»."
        "un CSV enregistré en codage Macintosh, ou qui contient déjà le signe \u{fffd}";
    SUSPICIOUS "EAPD-I007" "Archive suspecte"
        "Une fois dépaqueté, le classeur est démesuré ou mensonger\u{a0}: copiez les lignes dans un classeur neuf."
        "une bombe de décompression";
    DOCTYPE "EAPD-I008" "Déclaration de type de document"
        "Une partie du classeur contient une déclaration DOCTYPE, qu’aucun tableur n’écrit\u{a0}: enregistrez-le de nouveau avec un tableur."
        "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>";
    DAMAGED "EAPD-I009" "Classeur abîmé"
        "Le classeur ne peut pas être lu jusqu’au bout\u{a0}: ouvrez-le dans un tableur, enregistrez-le, renvoyez-le."
        "un téléchargement interrompu";
    TOO_MANY_ROWS "EAPD-I010" "Trop de lignes"
        "Le fichier dépasse 20\u{202f}000 lignes\u{a0}: partagez-le en plusieurs fichiers."
        "un fichier de 20\u{202f}001 lignes";
    TOO_MANY_COLUMNS "EAPD-I011" "Trop de colonnes"
        "La ligne d’en-têtes dépasse 200 colonnes\u{a0}: gardez celles du modèle."
        "une ligne de 201 en-têtes";
    CELL_TOO_LONG "EAPD-I012" "Cellule trop longue"
        "Une cellule dépasse 64\u{a0}Kio de texte\u{a0}: raccourcissez-la."
        "une description de cent pages";
    TABLE_TOO_LARGE "EAPD-I013" "Tableau trop volumineux"
        "Le texte de toutes les cellules dépasse 64\u{a0}Mio\u{a0}: partagez le fichier ou raccourcissez les textes."
        "un même long texte répété sur chaque ligne";
    TOO_MANY_ERRORS "EAPD-I014" "Trop d’erreurs"
        "La lecture s’est arrêtée\u{a0}: corrigez d’abord les erreurs montrées."
        "une colonne entière en erreur sur des milliers de lignes, plusieurs fois";
    QUOTES "EAPD-I015" "Guillemets mal fermés"
        "Un guillemet droit (\") ouvre une cellule et ne la ferme pas comme il faut\u{a0}: doublez les guillemets à l’intérieur d’une cellule, ou retirez-les."
        "\"École \"Les Manguiers\"\";Mali";

    UNKNOWN_COLUMN "EAPD-I020" "Colonne inconnue"
        "Le message donne le nom connu le plus proche\u{a0}: corrigez l’en-tête ou supprimez la colonne."
        "montant_verser";
    DUPLICATE_COLUMN "EAPD-I021" "Colonne en double"
        "Deux colonnes ont le même en-tête, aux accents et à la casse près\u{a0}: n’en gardez qu’une."
        "pays;Pays";
    MISSING_COLUMN "EAPD-I022" "Colonne obligatoire absente"
        "Le message donne toutes celles qui manquent\u{a0}: ajoutez-les, l’ordre est libre."
        "un fichier de lignes sans la colonne montant_verse";
    UNNAMED_COLUMN "EAPD-I023" "Colonne sans en-tête"
        "Une colonne contient des valeurs mais pas d’en-tête\u{a0}: nommez-la ou videz-la."
        "pays;;montant_verse, avec une valeur dans la deuxième colonne";
    EXTRA_CELL "EAPD-I024" "Cellule en trop"
        "La ligne a plus de cellules que d’en-têtes, souvent à cause d’un séparateur dans un texte\u{a0}: mettez ce texte entre guillemets."
        "Eau;assainissement;Mali sous deux en-têtes";

    ERROR_VALUE "EAPD-I030" "Erreur de formule"
        "La cellule affiche une erreur du tableur\u{a0}: corrigez la formule ou écrivez la valeur."
        "#REF!";
    BOOLEAN "EAPD-I031" "Valeur vrai ou faux"
        "La cellule contient VRAI ou FAUX, et non un texte\u{a0}: écrivez la valeur attendue."
        "VRAI";
    DATE_CELL "EAPD-I032" "Date du tableur inutilisable"
        "La cellule est une date avec une heure, une durée ou un jour qui n’existe pas\u{a0}: gardez le jour seul."
        "12/05/2013 14:30";
    NO_CACHED_VALUE "EAPD-I033" "Formule sans résultat enregistré"
        "Le fichier a été écrit par un programme qui n’a pas calculé ses formules\u{a0}: ouvrez-le dans un tableur et enregistrez-le, ou écrivez les valeurs."
        "=A1+B1, sans valeur enregistrée";
    NUMBER_CELL "EAPD-I034" "Nombre du tableur illisible"
        "La cellule est annoncée comme un nombre et n’en est pas un\u{a0}: écrivez-la de nouveau."
        "1E999";

    EMPTY_CELL "EAPD-I040" "Valeur obligatoire absente"
        "La cellule est vide alors que la valeur est nécessaire\u{a0}: complétez-la."
        "une ligne sans SIREN";
    SIREN "EAPD-I041" "SIREN illisible"
        "Le numéro n’a pas 9 chiffres (14 pour un SIRET), ou sa clé de contrôle est fausse\u{a0}: vérifiez-le."
        "217500017";
    YEAR "EAPD-I042" "Exercice illisible"
        "L’exercice n’est pas une année sur quatre chiffres que le service connaît."
        "13";
    AMOUNT "EAPD-I043" "Montant illisible"
        "Le montant n’est pas en euros avec au plus deux décimales, ou il a deux lectures, ou il est négatif\u{a0}: le message montre les lectures."
        "1.234";
    DAY "EAPD-I044" "Date illisible"
        "La date n’est pas de la forme AAAA-MM-JJ ou JJ/MM/AAAA."
        "12/5/13";
    YES_NO "EAPD-I045" "Oui ou non attendu"
        "La colonne prend oui, non, ou rien."
        "peut-être";
    NIL_CONFLICT "EAPD-I046" "Néant et versement contradictoires"
        "La ligne déclare néant et un montant, ou ni l’un ni l’autre\u{a0}: un silence n’est pas un zéro."
        "neant = oui et montant = 12,50";
    PAST_CONFLICT "EAPD-I047" "Deux montants pour un même exercice"
        "Le fichier donne deux valeurs à un même SIREN et un même exercice sans motif\u{a0}: gardez la bonne, ou donnez un motif à la correction."
        "217500016;2012;100 puis 217500016;2012;200";
    GROUP_CONFLICT "EAPD-I048" "Lignes d’un SIREN en désaccord"
        "Les lignes d’un même SIREN donnent deux signataires, deux fonctions ou deux pièces\u{a0}: une déclaration n’en a qu’un."
        "deux pièces pour le SIREN 217500016";
    ROLE "EAPD-I049" "Rôle inconnu"
        "La colonne role prend chef_de_file ou partenaire."
        "porteur";
    EMAIL "EAPD-I050" "Adresse électronique illisible"
        "L’adresse n’est pas de la forme nom@domaine\u{a0}: corrigez-la, une seule par ligne."
        "mairie(at)exemple.fr";
    NAME "EAPD-I051" "Nom ou fonction trop long"
        "Le nom et la fonction d’une personne tiennent chacun sur une ligne de 120\u{a0}caractères\u{a0}: raccourcissez-les."
        "la biographie d’une élue dans la colonne fonction";
}

/// The entry of a code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| entry.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(ALL.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(ALL.iter().all(|entry| entry.code.starts_with("EAPD-I") && entry.code.len() == 9));
        assert_eq!(find("EAPD-I030").map(|entry| entry.example), Some("#REF!"));
        assert_eq!(find("EAPD-I999"), None);
    }

    #[test]
    fn sentences_follow_french_typography() {
        for entry in ALL {
            for text in [entry.title, entry.message] {
                assert!(!text.contains(" :") && !text.contains(" ;") && !text.contains('\''), "{text}");
            }
            assert!(entry.message.ends_with('.'), "{}", entry.message);
            assert!(!entry.example.is_empty());
        }
    }
}
