//! Passwords: length and resistance to guessing, never rules of composition.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use zxcvbn::feedback::Warning;
use zxcvbn::{Score, zxcvbn};

/// Most characters: a longer text is refused, never cut.
pub const LONGEST: usize = 128;
/// Bytes beyond which a typed text cannot be a password of ours: 128 characters of four bytes.
const LONGEST_TYPED: usize = 1_024;
/// What French offices choose first, and what this service is called.
const COMMON: &[&str] = &[
    "eapd",
    "e-apd",
    "apd",
    "teledeclaration",
    "télédéclaration",
    "declaration",
    "aidepubliqueaudeveloppement",
    "cooperation",
    "coopération",
    "collectivite",
    "collectivité",
    "mairie",
    "commune",
    "village",
    "departement",
    "departementale",
    "region",
    "prefecture",
    "préfecture",
    "ministere",
    "ministère",
    "secretariat",
    "secrétariat",
    "secretaire",
    "france",
    "republique",
    "motdepasse",
    "mot",
    "passe",
    "mdp",
    "azerty",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "bonjour",
    "bienvenue",
    "soleil",
    "doudou",
    "chouchou",
    "loulou",
    "chocolat",
    "janvier",
    "février",
    "fevrier",
    "mars",
    "avril",
    "juin",
    "juillet",
    "août",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "decembre",
    "printemps",
    "automne",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
];

/// A password in its normal form (NFKC), so that the same keys on two
/// keyboards give the same one. `Debug` hides it; it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// A password as kept: argon2id in PHC form. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes the PHC string that hashing gave.
    #[must_use]
    pub fn new(phc: String) -> Self {
        Self(phc)
    }

    /// The PHC string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Why a password is not taken; `Display` says in French how to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer characters than the role asks for.
    #[error(
        "le mot de passe a {count} caractères\u{a0}: il en faut au moins {shortest}, par exemple quatre mots sans rapport entre eux"
    )]
    TooShort {
        /// Characters that it has.
        count: usize,
        /// Characters that it must have.
        shortest: usize,
    },
    /// More characters than are taken.
    #[error("le mot de passe dépasse 128 caractères\u{a0}: raccourcissez-le")]
    TooLong,
    /// Easily guessed.
    #[error("ce mot de passe est trop facile à deviner\u{a0}: {0}\u{a0}; ajoutez un ou deux mots rares")]
    Guessable(&'static str),
}

impl Password {
    /// What was typed to sign in: in its normal form, judged by nobody. Nothing for a text
    /// that no password can be.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        (text.len() <= LONGEST_TYPED).then(|| Self(text.nfkc().collect()))
    }

    /// A password to keep: at least `shortest` characters and at most [`LONGEST`], any of them,
    /// hard to guess for who knows `about`: name, address, collectivity.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn chosen(text: &str, shortest: usize, about: &[&str]) -> Result<Self, PasswordFault> {
        let Some(password) = Self::typed(text) else { return Err(PasswordFault::TooLong) };
        let count = password.0.chars().count();
        if count > LONGEST {
            return Err(PasswordFault::TooLong);
        }
        if count < shortest {
            return Err(PasswordFault::TooShort { count, shortest });
        }
        let words: Vec<String> = about.iter().flat_map(|text| words(text)).collect();
        let known: Vec<&str> = words.iter().map(String::as_str).chain(COMMON.iter().copied()).collect();
        // Capitals and accents are what people add first: without them it has to hold too.
        let plain = password.0.to_lowercase().nfd().filter(|c| !is_combining_mark(*c)).collect::<String>();
        for text in [&password.0, &plain] {
            let guess = zxcvbn(text, &known);
            if guess.score() < Score::Three {
                let warning = guess.feedback().and_then(zxcvbn::feedback::Feedback::warning);
                return Err(PasswordFault::Guessable(warning.map_or(USUAL, french)));
            }
        }
        Ok(password)
    }

    /// What is hashed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// The words of a text as people type them: with and without accents, whole, joined and in parts.
fn words(text: &str) -> impl Iterator<Item = String> {
    let lower = text.to_lowercase();
    let plain: String = lower.nfd().filter(|c| !is_combining_mark(*c)).collect();
    let mut all = vec![crate::domain::text::fold(text).replace(' ', "")];
    for text in [lower, plain] {
        for word in text.split([' ', '@', '\u{a0}']) {
            all.extend([word.to_owned(), word.replace(['-', '.', '\'', '’'], "")]);
            all.extend(word.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
        }
        all.push(text);
    }
    all.into_iter().filter(|word| word.chars().count() > 2)
}

const USUAL: &str = "il reprend des mots courants, votre nom ou celui de la collectivité";

const fn french(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => {
            "il suit les touches voisines du clavier"
        }
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            "il répète les mêmes signes"
        }
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => "il ressemble à un mot de passe très répandu",
        Warning::SequencesLikeAbcAreEasyToGuess => "il contient une suite comme abc ou 6543",
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => {
            "il repose sur une date ou une année"
        }
        Warning::AWordByItselfIsEasyToGuess => "il repose sur un mot seul",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => "il repose sur un nom ou un prénom",
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ABOUT: &[&str] =
        &["Agent Fictif", "secretariat@ville-inventee.example", "Commune de Ville-Inventée"];

    fn chosen(text: &str) -> Result<Password, PasswordFault> {
        Password::chosen(text, 12, ABOUT)
    }

    #[test]
    fn length_is_what_counts() {
        assert!(chosen("girafe velours octet jambon").is_ok());
        assert!(chosen("kT9$wq!vRz2m").is_ok());
        assert_eq!(chosen("kT9$wq!vRz2"), Err(PasswordFault::TooShort { count: 11, shortest: 12 }));
        let ministry = Password::chosen("kT9$wq!vRz2mX7b", 16, ABOUT);
        assert_eq!(ministry, Err(PasswordFault::TooShort { count: 15, shortest: 16 }));
        let long: String = "girafe velours octet jambon ".repeat(5);
        assert!(chosen(&long[..128]).is_ok(), "128 characters are taken whole");
        assert_eq!(chosen(&long[..129]), Err(PasswordFault::TooLong));
        assert_eq!(chosen(&"é".repeat(600)), Err(PasswordFault::TooLong));
        assert!(Password::typed(&"x".repeat(1_025)).is_none());
    }

    #[test]
    fn what_others_guess_first_is_refused() {
        for text in [
            "aaaaaaaaaaaaaaaa",
            "123456789012345",
            "azertyuiopqsdfghjklm",
            "motdepasse2026",
            "MotDePasse2026!",
            "password1234567",
            "mairie-mairie-mairie",
            "Ville-Inventée2026",
            "villeinventee",
            "Agent Fictif 2026",
            "secretariatville",
            "eapd-eapd-2026",
            "Bienvenue2026!",
        ] {
            assert!(matches!(chosen(text), Err(PasswordFault::Guessable(_))), "{text}");
        }
    }

    #[test]
    fn any_character_and_no_rule_of_composition() {
        for text in [
            "ĉevalo ŝtelita hieraŭ nokte",
            "小さな猫が屋根の上で眠っている夜",
            "girafevelours octetjambon",
            "7391640285 5820461937 girafe",
        ] {
            assert!(chosen(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn it_is_told_in_french_and_never_printed() {
        let fault = chosen("aaaaaaaaaaaaaaaa").unwrap_err().to_string();
        assert!(fault.contains("il répète les mêmes signes"), "{fault}");
        assert_eq!(format!("{:?}", chosen("kT9$wq!vRz2m").unwrap()), "Password(…)");
    }

    proptest! {
        /// Composed or decomposed, full width or not: one password.
        #[test]
        fn two_keyboards_give_one_password(text in "\\PC{0,40}") {
            let composed: String = text.nfc().collect();
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(Password::typed(&composed), Password::typed(&decomposed));
            let once = Password::typed(&text).unwrap();
            let again = Password::typed(std::str::from_utf8(once.as_bytes()).unwrap()).unwrap();
            prop_assert_eq!(once, again);
        }

        /// What is taken signs in, whole; any text is judged without a panic.
        #[test]
        fn what_is_chosen_is_what_is_typed(text in "\\PC{0,140}") {
            if let Ok(password) = chosen(&text) {
                prop_assert_eq!(Some(password.clone()), Password::typed(&text));
                prop_assert!((12..=LONGEST).contains(&std::str::from_utf8(password.as_bytes()).unwrap().chars().count()));
            }
        }
    }
}
