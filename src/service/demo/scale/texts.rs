//! The texts of the fictitious lines (`texts.txt`), by theme, and how a title
//! and a description are made of them.

use rand::{Rng, RngExt};

use crate::service::demo::scale::draw::{per_mille, pick};

const FILE: &str = include_str!("texts.txt");
/// At the end of each title.
const MARK: &str = " (donnée fictive)";
/// Characters of the longest title.
const LONGEST_TITLE: usize = 120;

/// What lines about one thing say.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Theme {
    /// How often a purpose is one of this theme.
    pub weight: u32,
    keys: Vec<&'static str>,
    objects: Vec<&'static str>,
    sentences: Vec<&'static str>,
}

/// Every text.
#[derive(Debug)]
pub struct Texts {
    themes: Vec<Theme>,
    other: Theme,
    details: Vec<&'static str>,
    sentences: Vec<&'static str>,
    organisations: Vec<&'static str>,
    places: Vec<&'static str>,
}

impl Texts {
    /// The texts embedded in the program.
    pub fn embedded() -> Self {
        let mut themes = read(FILE);
        let mut take = |key: &str| {
            let at = themes.iter().position(|theme| theme.keys == [key]);
            at.map(|at| themes.remove(at)).unwrap_or_default()
        };
        let (other, details, sentences) = (take("*"), take("detail").objects, take("sentence").sentences);
        let (organisations, places) = (take("organisation").objects, take("place").objects);
        Self { themes, other, details, sentences, organisations, places }
    }

    /// The theme of a purpose paid under a nature: the nature's own, else the
    /// one whose key says most of the code.
    pub fn theme(&self, nature: &str, purpose: &str) -> &Theme {
        let own = self.themes.iter().find(|theme| theme.keys.contains(&nature));
        let longest = |theme: &&Theme| {
            theme.keys.iter().filter(|key| purpose.starts_with(**key)).map(|key| key.len()).max()
        };
        own.or_else(|| self.themes.iter().filter(|theme| longest(theme).is_some()).max_by_key(longest))
            .unwrap_or(&self.other)
    }

    /// A title of 20 to 120 characters, marked as fictitious.
    pub fn title(&self, rng: &mut impl Rng, theme: &Theme, country: Option<&str>) -> String {
        let mut title = pick(rng, &theme.objects).copied().unwrap_or_default().to_owned();
        let mut left = LONGEST_TITLE.saturating_sub(MARK.chars().count() + title.chars().count());
        let mut add = |separator: &str, text: &str| {
            let length = separator.chars().count() + text.chars().count();
            if length <= left {
                left -= length;
                title.push_str(separator);
                title.push_str(text);
            }
        };
        if let Some(country) = country.filter(|_| per_mille(rng, 600)) {
            add(" – ", country);
        }
        for often in [650, 250] {
            if per_mille(rng, often) {
                add(", ", pick(rng, &self.details).copied().unwrap_or_default());
            }
        }
        title.push_str(MARK);
        title
    }

    /// A description of one to six sentences, sometimes in two paragraphs.
    pub fn description(&self, rng: &mut impl Rng, theme: &Theme) -> String {
        let mut text = String::from("[Fictif]");
        for rank in 0..rng.random_range(1..=6_u8) {
            let sentences = if rank % 2 == 0 { &theme.sentences } else { &self.sentences };
            let between = if rank == 3 && per_mille(rng, 300) { "\n" } else { " " };
            text.push_str(between);
            text.push_str(pick(rng, sentences).copied().unwrap_or_default());
        }
        text
    }

    /// Who received the money.
    pub fn organisation(&self, rng: &mut impl Rng) -> String {
        let name = pick(rng, &self.organisations).copied().unwrap_or_default();
        format!("{name} n°\u{a0}{}", rng.random_range(1..=400))
    }

    /// Where, precisely.
    pub fn place(&self, rng: &mut impl Rng) -> &'static str {
        pick(rng, &self.places).copied().unwrap_or_default()
    }
}

fn read(file: &'static str) -> Vec<Theme> {
    let mut themes: Vec<Theme> = Vec::new();
    for line in file.lines() {
        let Some((mark, text)) = line.split_once(' ') else { continue };
        match (mark, themes.last_mut()) {
            ("@", _) => {
                let mut words = text.split(' ');
                let weight = words.next().and_then(|weight| weight.parse().ok()).unwrap_or_default();
                themes.push(Theme { weight, keys: words.collect(), ..Theme::default() });
            }
            ("-", Some(theme)) => theme.objects.push(text),
            ("*", Some(theme)) => theme.sentences.push(text),
            _ => {}
        }
    }
    themes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::demo::scale::draw::source;

    #[test]
    fn every_theme_has_its_texts() {
        let texts = Texts::embedded();
        assert!(texts.themes.len() > 15);
        for theme in texts.themes.iter().chain([&texts.other]) {
            assert!(
                !theme.objects.is_empty() && !theme.sentences.is_empty() && theme.weight > 0,
                "{theme:?}"
            );
        }
        for texts in [&texts.details, &texts.sentences, &texts.organisations, &texts.places] {
            assert!(texts.len() >= 8, "{texts:?}");
        }
        assert_eq!(texts.theme("projet", "14050").objects[0], "Collecte et tri des déchets ménagers");
        assert_eq!(texts.theme("projet", "14030").objects[0], "Accès à l’eau potable");
        assert_eq!(texts.theme("bourses", "11420").keys, ["bourses"]);
        assert_eq!(texts.theme("projet", "99810").keys, ["*"]);
    }

    #[test]
    fn titles_are_varied_marked_and_of_the_right_length() {
        let (texts, mut rng) = (Texts::embedded(), source(1, &[]));
        let mut lengths = std::collections::BTreeSet::new();
        let mut seen = String::new();
        for _time in 0..200 {
            for theme in &texts.themes {
                let title = texts.title(&mut rng, theme, Some("Territoires palestiniens occupés"));
                lengths.insert(title.chars().count());
                assert!(title.ends_with("(donnée fictive)"), "{title}");
                seen.push_str(&title);
                seen.push_str(&texts.description(&mut rng, theme));
            }
        }
        assert!(lengths.first() >= Some(&20) && lengths.last() <= Some(&120), "{lengths:?}");
        assert!(lengths.len() > 60, "{lengths:?}");
        for mark in ["’", "'", "œ", "Œ", "«\u{a0}", "&", "<", ">", "é", "\n"] {
            assert!(seen.contains(mark), "{mark}");
        }
    }
}
