//! The sixteen rules of the service in short, for `docs/rules.md`: French, in the words of the glossary.

/// Name and summary of each rule, in order from 1.
pub(super) const DESIGN_RULES: [(&str, &str); 16] = [
    (
        "Année",
        "La campagne N porte sur l’exercice N-1, quel que soit le jour. Une date de versement, si elle est donnée, est dans l’exercice ; les dates d’un projet sont seulement dans l’ordre.",
    ),
    (
        "Fenêtre et états",
        "Les jours sont ceux de Paris, premier et dernier compris. Ouverte et échue se déduisent de l’horloge et des prorogations ; arrêtée et publiée sont des décisions. Une prorogation ne fait que repousser la fin, avant l’arrêt, et ne couvre pas les dépôts faits entre l’ancienne fin et la décision.",
    ),
    (
        "Versions immuables",
        "Seul le brouillon se modifie. Une version déposée est complète et définitive ; la dernière compte, dépôts sous réserve mis à part tant qu’ils ne sont pas confirmés, toutes restent lisibles. Les versions du ministère (rectifiée, annulée, reprise) demandent un motif et une pièce. La base refuse elle-même toute modification.",
    ),
    (
        "Dérogations",
        "La dérogation de dépôt rouvre la fenêtre à une collectivité jusqu’à un jour ; la dérogation d’éligibilité la rend éligible à un seul appel. Chacune a un motif et un auteur, et se révoque par une nouvelle décision.",
    ),
    (
        "Silence et néant",
        "Ne rien déposer n’est pas déclarer zéro. Le néant est une version signée, sans ligne. Une reprise antérieure tient lieu de déclaration pour une année sans campagne dans le service.",
    ),
    (
        "Montants",
        "En euros exacts, au centime. Le montant versé est supérieur à 0 ; les cofinancements reçus vont de 0 au montant versé, et leurs parts en font la somme ; les ressources propres sont la différence, et c’est elles qui comptent. Les frais de service sont compris dans le montant versé. Une écriture ambiguë est refusée, jamais devinée.",
    ),
    (
        "Codes datés",
        "Pays, secteur, canal et type d’aide sont ceux qui se déclarent pour l’exercice. La nature de la dépense implique un type d’aide et, souvent, le secteur, le pays et le canal : ce qu’elle implique n’est pas demandé.",
    ),
    (
        "Identité d’une ligne",
        "La référence est la clé de la collectivité, unique dans la déclaration et gardée d’une version à l’autre ; laissée vide, elle est attribuée. SIREN et référence désignent une même activité au fil des années.",
    ),
    (
        "Éligibilité",
        "Pour chaque exercice exigé par l’appel à projets : satisfait, en attente, manquant ou inconnu. Un exercice manquant rend inéligible, sauf dérogation d’éligibilité ; chaque verdict dit ses motifs, le texte de l’appel et les récépissés. Une collectivité issue d’une fusion répond de toutes celles qui existaient alors.",
    ),
    (
        "Territoire",
        "Chaque collectivité a, pour chaque exercice, une région de rattachement, et parfois des régions associées, montrées hors total. Régions et hors région font le national.",
    ),
    (
        "Collectivités attendues",
        "Taux, relances et liste des non-déclarants ne portent que sur les collectivités attendues, avec le motif : une déclaration ou une reprise dans les cinq années précédentes, une liste importée, un dossier d’appel, un ajout.",
    ),
    (
        "Rapports",
        "La somme des lignes égale chaque total, au centime, dans chaque format ; en milliers, seules les cases sont arrondies. Avant l’arrêt, un rapport est provisoire ; après, une édition diffusée est gardée octet pour octet.",
    ),
    (
        "Journal",
        "Chaque écriture ajoute au journal qui, quoi, quand, avant et après, chaînés par empreinte ; les récépissés et les rapports diffusés portent la tête de la chaîne.",
    ),
    (
        "Personnes",
        "Les versions et le journal ne désignent une personne que par un identifiant aléatoire ; noms et adresses sont en un seul lieu, qui se purge.",
    ),
    (
        "Public",
        "Rien d’une campagne n’est public avant sa publication. La description et la zone précise ne le sont jamais, ni l’organisme pour les bourses et les réfugiés.",
    ),
    (
        "Rattachement",
        "Les données appartiennent au SIREN, jamais à une personne. Un agent dont le rattachement est attendu prépare à part et dépose sous réserve : accepté dans les 30 jours, son dépôt compte avec l’instant où il l’a fait ; sinon, il est sans effet. D’ici là, une version du ministère attend elle aussi la réponse.",
    ),
];
