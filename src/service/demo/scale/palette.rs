//! What a line of a flow year may say: the codes that the lists accept in that
//! year, by nature (rule 7), the usual ones more often.

use rand::{Rng, RngExt};

use crate::domain::codes::{CodeLists, Declarable, Nature, RecipientKind};
use crate::domain::field::Field;
use crate::domain::line::Markers;
use crate::domain::year::FlowYear;
use crate::service::demo::scale::draw::{per_mille, pick};
use crate::service::demo::scale::texts::{Texts, Theme};

/// How often each nature comes; another one that the lists may get comes rarely.
const NATURES: [(&str, u32); 12] = [
    ("projet", 40),
    ("subvention_association", 24),
    ("soutien_association", 6),
    ("cooperation_technique", 5),
    ("humanitaire", 5),
    ("faceco", 3),
    ("multilateral", 2),
    ("multilateral_affecte", 2),
    ("bourses", 4),
    ("sensibilisation", 5),
    ("refugies", 5),
    ("frais_de_service", 4),
];
/// Countries with which French collectivities work most.
const COUNTRIES: [&str; 24] = [
    "SEN", "MLI", "MDG", "BFA", "BEN", "MAR", "TUN", "CMR", "TGO", "NER", "HTI", "VNM", "PSE", "LBN", "ARM",
    "KHM", "GIN", "CIV", "PER", "UKR", "MRT", "TCD", "COM", "COD",
];
/// Channels that declarants use most.
const CHANNELS: [&str; 10] =
    ["22000", "12002", "23000", "21000", "11002", "12000", "51000", "41122", "41114", "11001"];
/// Imputed student costs are not declared here.
const NOT_OURS: &str = "E02";

/// Everything a line of one flow year may say.
#[derive(Debug)]
pub struct Palette<'a> {
    /// The flow year.
    pub year: FlowYear,
    natures: Vec<Choices<'a>>,
    /// The markers of the year, each with its highest score.
    pub markers: Vec<(Field, u8)>,
    /// Goals and targets of the year.
    pub sdg: Vec<&'a str>,
}

/// What a line of one nature may say.
#[derive(Debug)]
pub struct Choices<'a> {
    /// Of the nature.
    pub nature: &'a str,
    weight: u32,
    themes: Vec<(&'a Theme, Vec<&'a str>)>,
    recipients: Usual<Recipient<'a>>,
    channels: Usual<&'a str>,
    /// Types of aid that may be given.
    pub aid_types: Vec<&'a str>,
}

/// A recipient as people write it, with its name where it is a country.
#[derive(Debug, Clone, Copy)]
pub struct Recipient<'a> {
    /// ISO code, or that of the DAC.
    pub code: &'a str,
    /// French name of a country.
    pub country: Option<&'a str>,
}

/// Choices of which some are usual.
#[derive(Debug)]
struct Usual<T> {
    usual: Vec<T>,
    others: Vec<T>,
}

impl<T: Copy> Usual<T> {
    fn new(all: impl Iterator<Item = T>, is_usual: impl Fn(&T) -> bool) -> Self {
        let (usual, others) = all.partition(is_usual);
        Self { usual, others }
    }

    fn pick(&self, rng: &mut impl Rng) -> Option<T> {
        let wants_usual = per_mille(rng, 700);
        let rare = self.usual.is_empty() || (!wants_usual && !self.others.is_empty());
        pick(rng, if rare { &self.others } else { &self.usual }).copied()
    }
}

impl<'a> Palette<'a> {
    /// The palette of a flow year.
    pub fn new(codes: &'a CodeLists, texts: &'a Texts, year: FlowYear) -> Self {
        let number = year.get();
        let natures = codes.natures().iter().filter(|nature| nature.years.contains(number));
        let marker = |field: &Field| {
            let code = field.header().strip_prefix("marqueur_")?;
            let marker = codes.marker(code).filter(|marker| marker.years.contains(number))?;
            Some((*field, marker.max))
        };
        Self {
            year,
            natures: natures.map(|nature| Choices::new(codes, texts, number, nature)).collect(),
            markers: Markers::FIELDS.iter().filter_map(marker).collect(),
            sdg: (codes.sdg().iter().filter(|item| item.years.contains(number)))
                .map(|item| &*item.code)
                .collect(),
        }
    }

    /// What a line of a nature may say, the usual natures more often.
    pub fn choose(&self, rng: &mut impl Rng) -> Option<&Choices<'a>> {
        weighted(rng, &self.natures, |choices| choices.weight)
    }
}

impl<'a> Choices<'a> {
    fn new(codes: &'a CodeLists, texts: &'a Texts, year: u16, nature: &'a Nature) -> Self {
        let code = nature.code.as_str();
        let purposes = codes.purposes().iter().filter(|purpose| {
            purpose.years.contains(year) && purpose.is_declarable(year) && nature.accepts_purpose(purpose)
        });
        let mut themes: Vec<(&'a Theme, Vec<&'a str>)> = Vec::new();
        for purpose in purposes {
            let theme = texts.theme(code, purpose.code.as_str());
            match themes.iter_mut().find(|(known, _)| std::ptr::eq(*known, theme)) {
                Some((_, purposes)) => purposes.push(purpose.code.as_str()),
                None => themes.push((theme, vec![purpose.code.as_str()])),
            }
        }
        let recipients = codes
            .recipients()
            .iter()
            .filter(|recipient| recipient.years.contains(year) && nature.accepts_recipient(recipient));
        let recipients = recipients.map(|recipient| Recipient {
            code: recipient.iso3.as_deref().unwrap_or(recipient.code.as_str()),
            country: Some(&*recipient.name_fr).filter(|_| recipient.kind == RecipientKind::Country),
        });
        let channels = codes.channels().iter().filter(|channel| {
            channel.years.contains(year) && channel.is_declarable(year) && nature.accepts_channel(channel)
        });
        let aid_types = codes.aid_types().iter().filter(|aid| {
            aid.years.contains(year) && aid.is_declarable(year) && nature.accepts_aid_type(aid)
        });
        Self {
            nature: code,
            weight: NATURES.iter().find(|(known, _)| *known == code).map_or(1, |(_, weight)| *weight),
            themes,
            recipients: Usual::new(recipients, |recipient| {
                COUNTRIES.contains(&recipient.code) || recipient.code == "998"
            }),
            channels: Usual::new(channels.map(|channel| channel.code.as_str()), |code| {
                CHANNELS.contains(code)
            }),
            aid_types: aid_types.map(|aid| aid.code.as_str()).filter(|code| *code != NOT_OURS).collect(),
        }
    }

    /// A theme, and a purpose of it.
    pub fn purpose(&self, rng: &mut impl Rng) -> Option<(&'a Theme, &'a str)> {
        let (theme, purposes) = weighted(rng, &self.themes, |(theme, _)| theme.weight)?;
        Some((theme, pick(rng, purposes)?))
    }

    /// A recipient.
    pub fn recipient(&self, rng: &mut impl Rng) -> Option<Recipient<'a>> {
        self.recipients.pick(rng)
    }

    /// A channel.
    pub fn channel(&self, rng: &mut impl Rng) -> Option<&'a str> {
        self.channels.pick(rng)
    }
}

fn weighted<'t, T>(rng: &mut impl Rng, items: &'t [T], weight: impl Fn(&T) -> u32) -> Option<&'t T> {
    let whole: u32 = items.iter().map(&weight).sum();
    let mut left = rng.random_range(0..whole.max(1));
    items.iter().find(|item| match left.checked_sub(weight(item)) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::demo::scale::draw::source;

    #[test]
    fn every_nature_has_choices_in_every_year() {
        let (codes, texts) = (CodeLists::embedded().unwrap(), Texts::embedded());
        for year in 2008..2026 {
            let palette = Palette::new(&codes, &texts, FlowYear::new(year).unwrap());
            assert_eq!(palette.natures.len(), NATURES.len(), "{year}");
            for choices in &palette.natures {
                let mut rng = source(1, &[]);
                let all = (choices.purpose(&mut rng), choices.recipient(&mut rng), choices.channel(&mut rng));
                assert!(matches!(all, (Some(_), Some(_), Some(_))), "{year} {choices:?}");
                assert!(!choices.aid_types.is_empty(), "{year} {}", choices.nature);
            }
        }
    }
}
