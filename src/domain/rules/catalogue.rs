//! The catalogue of the rules of a line: one table.
//!
//! A code is never given to another rule: a rule that goes leaves its number unused.

use super::entry::{RuleEntry, Severity};
use crate::domain::field::Field;

macro_rules! rules {
    ($(
        #[doc = $doc:literal]
        $name:ident $code:literal $severity:ident $year:literal $rests_on:literal,
        $title:literal,
        $explanation:literal,
        $([$($field:ident = $text:literal),*])+;
    )+) => {
        /// A rule of a line.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $doc] $name,)+
        }

        impl Rule {
            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// What it does when broken.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),+ }
            }

            /// French title.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }
        }

        /// Every rule, in the order of the codes.
        pub const CATALOGUE: &[RuleEntry] = &[$(
            RuleEntry {
                rule: Rule::$name,
                code: $code,
                severity: Severity::$severity,
                title_fr: $title,
                explanation_fr: $explanation,
                rests_on: $rests_on,
                flow_year: $year,
                fixture: &[$(&[$((Field::$field, $text)),*]),+],
            }
        ),+];
    };
}

rules! {
    /// A mandatory field is empty.
    MissingField "EAPD-L001" Error 2013 "règle 7",
        "Champ obligatoire vide",
        "Le titre, la nature et le montant versé sont toujours demandés\u{a0}; le pays, le secteur et le canal, quand la nature ne permet pas de les déduire.",
        [Title = ""];
    /// A text has more characters than its field takes.
    TooLong "EAPD-L002" Error 2013 "CRS++, points 14, 16 et 19\u{a0}; règle 8",
        "Texte trop long",
        "Nombre de caractères, espaces compris\u{a0}: 40 pour la référence, 150 pour le titre et l’organisme, 100 pour la zone précise, 20\u{202f}000 pour la description.",
        [Reference = "PROGRAMME-DE-COOPERATION-AVEC-LE-MALI-2013"];
    /// A text holds a control or invisible direction character.
    ForbiddenCharacter "EAPD-L003" Error 2013 "XML 1.0, 2.2",
        "Caractère interdit",
        "Les caractères de commande et ceux qui changent le sens de lecture ne passent ni dans un fichier XML, ni dans une page. La description garde ses sauts de ligne et ses tabulations.",
        [Title = "Forage\tde trois puits"];
    /// Several values in a field that takes one.
    SeveralValues "EAPD-L004" Error 2013 "CRS++, points 7, 9, 13 et 15",
        "Plusieurs valeurs",
        "Une ligne n’a qu’un pays, un secteur, un canal, une nature et un type d’aide\u{a0}; seul le champ des objectifs de développement durable en prend plusieurs.",
        [Recipient = "Mali|Sénégal"];
    /// A code comes with the name of another one.
    CodeAndNameDisagree "EAPD-L005" Error 2013 "règle 7",
        "Code et nom en désaccord",
        "Un code peut être suivi de son nom ou d’une partie de son nom\u{a0}; si le nom est celui d’un autre code, rien ne permet de choisir.",
        [Purpose = "14030 - Enseignement primaire"];
    /// Two lines share a reference.
    DuplicateReference "EAPD-L010" Error 2013 "règle 8",
        "Référence en double",
        "La référence désigne une activité\u{a0}: elle est unique dans la déclaration. Laissée vide, elle est attribuée (par exemple 2013-L0001).",
        [Reference = "PUITS-1"] [Reference = "PUITS-1", Title = "Formation des comités de l’eau"];
    /// A CRS identifier is not ten digits.
    CrsProjectShape "EAPD-L011" Error 2013 "règle 8\u{a0}; CRS++, point 4",
        "Identifiant CRS illisible",
        "L’identifiant CRS compte 10 chiffres, dont les 4 premiers sont l’année du premier engagement.",
        [CrsProject = "2012-00123"];
    /// A CRS identifier bears a year after the flow year, or before 1960.
    CrsProjectYear "EAPD-L012" Error 2013 "règle 8\u{a0}; CRS++, point 4",
        "Identifiant CRS d’une année impossible",
        "L’identifiant CRS a été attribué l’année du premier engagement, qui n’est pas postérieure à l’exercice.",
        [CrsProject = "2014000123"];
    /// The SIREN or SIRET of the organisation fails its check.
    OrganisationSiren "EAPD-L013" Error 2013 "clé de contrôle de l’Insee",
        "SIREN de l’organisme invalide",
        "Le SIREN compte 9 chiffres et le SIRET 14, avec une clé de contrôle. Un organisme étranger n’en a pas.",
        [Organisation = "Association fictive", OrganisationSiren = "123456789"];
    /// The recipient is on no DAC list.
    RecipientUnknown "EAPD-L020" Error 2013 "règle 7",
        "Pays inconnu",
        "Le pays s’écrit par son nom français, son code ISO à trois lettres ou son code du CAD.",
        [Recipient = "Sénegale"];
    /// The country is not on the DAC list of the flow year.
    RecipientNotOnList "EAPD-L021" Error 2013 "règle 7",
        "Pays hors de la liste du CAD de l’exercice",
        "Seuls les versements en faveur des pays de la liste du CAD de l’exercice comptent dans l’APD\u{a0}; la liste change au fil des années.",
        [Recipient = "Croatie"];
    /// The regional code is not active in the flow year.
    RegionNotThatYear "EAPD-L022" Error 2013 "règle 7",
        "Code régional hors de l’exercice",
        "Les codes régionaux du CAD ont des dates, comme les pays.",
        [Recipient = "1027"];
    /// 998 where the nature asks for a country.
    UnspecifiedNotAllowed "EAPD-L023" Error 2013 "règle 7",
        "Pays exigé par la nature",
        "Le code 998 (non spécifié) n’est admis que pour les natures qui ne visent pas un pays.",
        [Recipient = "998"];
    /// A country where the nature takes 998 only.
    UnspecifiedOnly "EAPD-L024" Error 2013 "règle 7\u{a0}; CRS++, point 7",
        "Nature sans pays",
        "La sensibilisation et les contributions générales à une organisation multilatérale ne se rattachent à aucun pays.",
        [Nature = "sensibilisation", Purpose = "", Channel = ""];
    /// The purpose is in no list.
    PurposeUnknown "EAPD-L030" Error 2013 "règle 7",
        "Secteur inconnu",
        "Le secteur s’écrit par son code-objet à cinq chiffres ou par son nom.",
        [Purpose = "99999"];
    /// A three-digit sector instead of a purpose code.
    PurposeTooCoarse "EAPD-L031" Error 2013 "règle 7",
        "Secteur trop large",
        "Les secteurs à trois chiffres sont des rubriques\u{a0}: la déclaration demande un code-objet à cinq chiffres.",
        [Purpose = "140"];
    /// The purpose code may not be declared for the flow year.
    PurposeNotThatYear "EAPD-L032" Error 2016 "règle 7",
        "Secteur hors de l’exercice",
        "Les codes-objet ont des dates\u{a0}: ceux de l’énergie, par exemple, ont tous changé en 2016.",
        [Purpose = "23067"];
    /// The nature does not take the purpose.
    PurposeNotAllowed "EAPD-L033" Error 2013 "règle 7\u{a0}; CRS++, point 15",
        "Secteur étranger à la nature",
        "Certains secteurs vont avec une seule nature\u{a0}: réfugiés, sensibilisation, frais de service, bourses, aide humanitaire.",
        [Purpose = "93010"];
    /// H01 with another purpose than 99820.
    AwarenessPurpose "EAPD-L034" Error 2013 "directives du CAD, saisie CRS++",
        "Sensibilisation hors de 99820",
        "Le type d’aide H01 (sensibilisation) va avec le code-objet 99820 seul.",
        [Nature = "sensibilisation", Recipient = "", Channel = ""];
    /// H02 to H06 with another purpose than 930xx.
    RefugeePurpose "EAPD-L035" Error 2013 "directives du CAD, saisie CRS++",
        "Accueil de réfugiés hors de 930xx",
        "Les types d’aide H02 à H06 (réfugiés en France) vont avec les codes-objet 930xx seuls.",
        [Nature = "refugies", Recipient = "", Channel = ""];
    /// G01 with another purpose than 91010.
    AdministrationPurpose "EAPD-L036" Error 2013 "directives du CAD, saisie CRS++",
        "Frais de service hors de 91010",
        "Le type d’aide G01 (frais administratifs) va avec le code-objet 91010 seul.",
        [Nature = "frais_de_service", Recipient = "", Channel = ""];
    /// 99810: the sector is still to be said.
    PurposeToBeSaid "EAPD-L037" Warning 2013 "règle 7",
        "Secteur à préciser",
        "Le secteur n’est pas précisé (99810)\u{a0}: la ligne peut être déposée, et elle est signalée au ministère, qui le précisera avec la collectivité.",
        [Purpose = "99810"];
    /// The channel is in no list.
    ChannelUnknown "EAPD-L040" Error 2013 "règle 7",
        "Canal inconnu",
        "Le canal s’écrit par son code à cinq chiffres ou par son nom.",
        [Channel = "22999"];
    /// The channel is a group heading.
    ChannelHeading "EAPD-L041" Error 2013 "règle 7",
        "Canal trop large",
        "Les têtes de rubrique (10000, 20000, 30000, 40000, 60000 et celles des organisations multilatérales) ne se déclarent pas.",
        [Channel = "20000"];
    /// The channel may not be declared for the flow year.
    ChannelNotThatYear "EAPD-L042" Error 2013 "règle 7",
        "Canal hors de l’exercice",
        "Les canaux ont des dates\u{a0}: 11000 et 12000, par exemple, se divisent à partir de 2015.",
        [Channel = "11002"];
    /// The nature does not take the channel.
    ChannelNotAllowed "EAPD-L043" Error 2013 "règle 7",
        "Canal étranger à la nature",
        "Chaque nature n’admet que certains canaux\u{a0}: une subvention à une association passe par une association.",
        [Nature = "subvention_association", Channel = "12000"];
    /// B01 with another channel than 2xxxx.
    CoreSupportChannel "EAPD-L044" Error 2013 "directives du CAD, saisie CRS++",
        "Soutien général hors d’une association",
        "Le type d’aide B01 (soutien général) demande un canal 2xxxx, jamais 1xxxx.",
        [Nature = "soutien_association", Channel = "12000"];
    /// B02 with another channel than 4xxxx.
    MultilateralChannel "EAPD-L045" Error 2013 "directives du CAD, saisie CRS++",
        "Contribution multilatérale hors d’une organisation multilatérale",
        "Les types d’aide B02, B021 et B022 demandent un canal 4xxxx.",
        [Nature = "multilateral", Recipient = "", Purpose = ""];
    /// The type of aid is in no list.
    AidTypeUnknown "EAPD-L050" Error 2013 "règle 7",
        "Type d’aide inconnu",
        "Le type d’aide s’écrit par son code ou son nom\u{a0}; laissé vide, il est déduit de la nature.",
        [AidType = "C99"];
    /// The type of aid has sub-codes in the flow year.
    AidTypeHeading "EAPD-L051" Error 2022 "règle 7",
        "Type d’aide trop large",
        "Un type d’aide qui se divise dans l’exercice ne se déclare pas lui-même\u{a0}: B02 et B03 depuis 2022.",
        [Nature = "multilateral", Recipient = "", Purpose = "", Channel = "41122", AidType = "B02"];
    /// The type of aid may not be declared for the flow year.
    AidTypeNotThatYear "EAPD-L052" Error 2013 "règle 7",
        "Type d’aide hors de l’exercice",
        "Les types d’aide ont des dates\u{a0}: B021 et B022 depuis 2022, H03 à H05 depuis 2018.",
        [Nature = "refugies", Recipient = "", Purpose = "", Channel = "", AidType = "H05"];
    /// The nature does not take the type of aid.
    AidTypeNotAllowed "EAPD-L053" Error 2013 "règle 7",
        "Type d’aide étranger à la nature",
        "Chaque nature a son type d’aide, ou quelques-uns\u{a0}; il vaut mieux laisser ce champ vide.",
        [AidType = "B01"];
    /// E02: the universities report it.
    ImputedStudentCosts "EAPD-L054" Error 2013 "directives du CAD, saisie CRS++",
        "Écolages",
        "Les coûts d’étude imputés (E02) sont déclarés par les universités de l’État\u{a0}: une collectivité qui les déclarait aussi les compterait deux fois.",
        [Nature = "bourses", Purpose = "", Channel = "", AidType = "E02"];
    /// The nature is in no list.
    NatureUnknown "EAPD-L060" Error 2013 "règle 7",
        "Nature inconnue",
        "La nature de la dépense s’écrit par son code ou son nom\u{a0}; ce qu’elle implique ou exclut n’est examiné qu’ensuite.",
        [Nature = "jumelage"];
    /// An amount cannot be read.
    AmountUnreadable "EAPD-L070" Error 2013 "règle 6",
        "Montant illisible",
        "Un montant s’écrit en euros, avec une virgule ou un point et deux décimales au plus\u{a0}; les espaces et le signe\u{a0}€ sont admis.",
        [AmountPaid = "douze mille"];
    /// An amount has two readings.
    AmountAmbiguous "EAPD-L071" Error 2013 "règle 6",
        "Montant ambigu",
        "1.234 peut être mille deux cent trente-quatre ou un peu plus d’un euro\u{a0}: le service ne choisit pas.",
        [AmountPaid = "12.500"];
    /// An amount has more than two decimals.
    AmountTooPrecise "EAPD-L072" Error 2013 "règle 6",
        "Plus de deux décimales",
        "Les montants sont exacts au centime\u{a0}: le service n’arrondit pas à la place du déclarant.",
        [AmountPaid = "12500,125"];
    /// An amount is beyond what the service holds.
    AmountTooLarge "EAPD-L073" Error 2013 "règle 6",
        "Montant trop grand",
        "Le service tient des montants de 9\u{202f}999\u{202f}999\u{202f}999\u{202f}999,99\u{a0}€ au plus.",
        [AmountPaid = "99999999999999,00"];
    /// The amount paid is zero or negative.
    AmountNotPositive "EAPD-L074" Error 2013 "règle 6",
        "Montant versé nul ou négatif",
        "Une ligne est un versement\u{a0}: son montant est supérieur à 0\u{a0}€. Un reversement n’est pas un versement négatif.",
        [AmountPaid = "0,00"];
    /// Another amount is negative.
    NegativeAmount "EAPD-L075" Error 2013 "règle 6",
        "Montant négatif",
        "Les cofinancements reçus, leurs parts, les frais de service et le montant engagé ne sont jamais négatifs.",
        [CofinancingReceived = "-1,00"];
    /// The cofinancing received is above the amount paid.
    CofinancingAbovePaid "EAPD-L076" Error 2013 "règle 6",
        "Cofinancements supérieurs au versement",
        "Les cofinancements reçus sont la part de ce versement que d’autres prennent en charge\u{a0}: ils ne peuvent pas le dépasser.",
        [CofinancingReceived = "12500,01"];
    /// The parts of the cofinancing do not add up to it.
    PartsDoNotAddUp "EAPD-L077" Error 2013 "règle 6",
        "Parts de cofinancement incohérentes",
        "Les parts de l’État, des collectivités et des autres sont facultatives\u{a0}; données, leur somme est le total des cofinancements reçus.",
        [CofinancingReceived = "3000,00", CofinancingState = "1000,00"];
    /// The service costs are above the amount paid.
    ServiceCostsAbovePaid "EAPD-L078" Error 2013 "règle 6",
        "Frais de service supérieurs au versement",
        "Les frais de service sont compris dans le montant versé.",
        [ServiceCosts = "12500,01"];
    /// The total of the declaration is beyond what the service holds.
    TotalTooLarge "EAPD-L079" Error 2013 "règle 6",
        "Total trop grand",
        "La somme des montants versés doit rester dans les limites que le service tient.",
        [AmountPaid = "9999999999999,99"] [AmountPaid = "9999999999999,99", Title = "Formation des comités de l’eau"];
    /// Own resources are zero.
    NoOwnResources "EAPD-L080" Warning 2013 "règle 6",
        "Ressources propres nulles",
        "Une ligne entièrement cofinancée est gardée et montrée, mais reste hors des tableaux du Trésor, du CRS et de l’IATI, avec un décompte de contrôle.",
        [CofinancingReceived = "12500,00"];
    /// The amount committed is below the amount paid.
    CommittedBelowPaid "EAPD-L081" Warning 2013 "règle 6",
        "Engagement inférieur au versement",
        "L’engagement est d’ordinaire au moins égal au versement.",
        [AmountCommitted = "12000,00"];
    /// A whole number of euros below 1,000: thousands may have been meant.
    ThousandsMistake "EAPD-L082" Warning 2013 "contrôle de vraisemblance",
        "Milliers d’euros\u{a0}?",
        "Un montant rond de moins de 1\u{202f}000\u{a0}€ a peut-être été saisi en milliers d’euros.",
        [AmountPaid = "125"];
    /// A date cannot be read.
    DateUnreadable "EAPD-L090" Error 2013 "format des fichiers d’import",
        "Date illisible",
        "Les dates s’écrivent JJ/MM/AAAA ou AAAA-MM-JJ.",
        [PaidOn = "31/06/2013"];
    /// The day of payment is not in the flow year.
    PaidOutsideYear "EAPD-L091" Error 2013 "règle 1",
        "Versement hors de l’exercice",
        "Une campagne porte sur les versements d’une seule année civile.",
        [PaidOn = "02/01/2014"];
    /// The project ends before it starts.
    EndsBeforeStart "EAPD-L092" Error 2013 "règle 1",
        "Dates du projet inversées",
        "La date de début précède la date de fin, ou lui est égale.",
        [StartsOn = "01/09/2013", EndsOn = "01/03/2013"];
    /// The project ended before the flow year.
    EndedBeforeYear "EAPD-L093" Warning 2013 "règle 1",
        "Projet fini avant l’exercice",
        "Un solde peut être payé après la fin d’un projet\u{a0}; le plus souvent, la date est fausse.",
        [EndsOn = "31/12/2012"];
    /// The 1 % scheme is unknown.
    OnePercentUnknown "EAPD-L100" Error 2013 "CGCT, L.\u{a0}1115-1-1 et L.\u{a0}1115-2",
        "Dispositif de 1\u{a0}% inconnu",
        "Les dispositifs sont eau, dechets et energie.",
        [OnePercentLaw = "transports"];
    /// The water scheme with a purpose that is not 140xx.
    OnePercentWater "EAPD-L101" Warning 2013 "CGCT, L.\u{a0}1115-1-1",
        "1\u{a0}% eau hors de l’eau",
        "Le 1\u{a0}% eau (loi Oudin-Santini) paie des projets d’eau et d’assainissement.",
        [OnePercentLaw = "eau", Purpose = "11220"];
    /// The waste scheme with another purpose than 14050.
    OnePercentWaste "EAPD-L102" Warning 2014 "CGCT, L.\u{a0}1115-2",
        "1\u{a0}% déchets hors des déchets",
        "Le 1\u{a0}% déchets paie des projets de traitement des déchets ménagers.",
        [OnePercentLaw = "dechets"];
    /// The energy scheme with a purpose that is not 23xxx.
    OnePercentEnergy "EAPD-L103" Warning 2013 "CGCT, L.\u{a0}1115-1-1",
        "1\u{a0}% énergie hors de l’énergie",
        "Le 1\u{a0}% énergie paie des projets d’électricité et de gaz.",
        [OnePercentLaw = "energie"];
    /// The waste scheme before the law that created it.
    WasteBeforeLaw "EAPD-L104" Error 2013 "loi n°\u{a0}2014-773 du 7\u{a0}juillet\u{a0}2014",
        "1\u{a0}% déchets avant la loi",
        "Le 1\u{a0}% déchets a été créé en juillet 2014\u{a0}: il n’existe pas pour un exercice antérieur.",
        [OnePercentLaw = "dechets", Purpose = "14050"];
    /// A marker has another value than those of its scale.
    MarkerValue "EAPD-L110" Error 2013 "CRS++, points 20, 21 et 28 à 31",
        "Note de marqueur invalide",
        "Un marqueur vaut 0, 1 ou 2 (3 pour la désertification), ou rien s’il n’a pas été examiné\u{a0}: rien n’est pas 0.",
        [MarkerGender = "3"];
    /// The marker does not exist in the flow year.
    MarkerNotThatYear "EAPD-L111" Error 2013 "règle 7",
        "Marqueur hors de l’exercice",
        "L’adaptation est notée depuis 2010, la nutrition et l’inclusion depuis 2018.",
        [MarkerNutrition = "1"];
    /// A goal or a target is unknown.
    SdgUnknown "EAPD-L112" Error 2016 "liste des Nations unies",
        "Objectif de développement durable inconnu",
        "Les objectifs vont de 1 à 17\u{a0}; une cible s’écrit avec un point, comme 6.1 ou 6.a.",
        [Sdg = "6|18"];
    /// Goals did not exist before 2015.
    SdgNotThatYear "EAPD-L113" Error 2013 "liste des Nations unies",
        "Objectif de développement durable hors de l’exercice",
        "Les objectifs ont été adoptés en 2015\u{a0}: un exercice antérieur n’en porte pas.",
        [Sdg = "6"];
    /// Two lines are the same but for their reference.
    DuplicateLine "EAPD-L120" Warning 2013 "contrôle de vraisemblance",
        "Ligne en double",
        "Deux lignes de mêmes pays, secteur, canal, nature, montant et titre sont souvent un même versement saisi deux fois.",
        [] [];
}
