//! The simple form: from plain words to the codes of a line and back (rule 7).
//!
//! A line keeps codes only. Which case and theme it came from is found again from them, so that a line
//! that was imported, or taken from last year, opens in plain words too where there are words for it.

use crate::domain::codes::{Ask, Case, ChannelCode, CodeLists, Declarable, Intermediary, Nature, Row, Theme};
use crate::domain::field::{Field, RawLine};
use crate::domain::rules::{self, Issue};
use crate::domain::year::FlowYear;

/// What was chosen in plain words, by code; empty where nothing was.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// Of a [`Case`].
    pub case: String,
    /// Of an [`Intermediary`], or a channel where the case takes others.
    pub intermediary: String,
    /// Of a [`Theme`].
    pub theme: String,
}

/// Where a fault of the simple form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The choice of the intermediary.
    Intermediary,
    /// The choice of the theme.
    Theme,
    /// A field of the line.
    Field(Field),
}

/// A fault of the simple form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it is.
    pub place: Place,
    /// French sentences: what is wrong, and how to mend it.
    pub message: String,
}

/// The code lists of one flow year, asked in plain words.
#[derive(Debug, Clone, Copy)]
pub struct Guide<'a> {
    codes: &'a CodeLists,
    year: FlowYear,
}

/// What the answers stand for.
struct Chosen<'a> {
    case: &'a Case,
    nature: &'a str,
    channel: Option<&'a ChannelCode>,
    theme: Option<&'a Theme>,
}

impl<'a> Guide<'a> {
    /// The words of a flow year.
    #[must_use]
    pub const fn new(codes: &'a CodeLists, year: FlowYear) -> Self {
        Self { codes, year }
    }

    /// The line with the codes that the answers set; what they do not set stays as typed. An empty title
    /// becomes theme and country, never the organisation, which is not public for every nature (rule 15).
    #[must_use]
    pub fn apply(self, answers: &Answers, mut line: RawLine) -> RawLine {
        let Some(chosen) = self.chosen(answers) else { return line };
        line.set(Field::Nature, chosen.nature);
        line.set(Field::Channel, chosen.channel.map(ChannelCode::as_str).unwrap_or_default());
        line.set(Field::Purpose, chosen.theme.map(|theme| theme.purpose.as_str()).unwrap_or_default());
        line.set(Field::AidType, "");
        if line.get(Field::Title).is_empty() {
            line.set(Field::Title, self.title(&chosen, &line));
        }
        line
    }

    /// What is wrong with a line of the simple form: what is missing in plain words, then what the rules
    /// refuse in the fields that people typed.
    #[must_use]
    pub fn faults(self, answers: &Answers, line: &RawLine) -> Vec<Fault> {
        let mut faults = vec![];
        let mut missing = |place, message: &str| faults.push(Fault { place, message: message.to_owned() });
        if let Some(case) = self.codes.case(&answers.case, self.year.get()) {
            let chosen = self.chosen(answers);
            let empty = |field| line.get(field).is_empty();
            if case.asks(Ask::Intermediary) && chosen.as_ref().is_none_or(|chosen| chosen.channel.is_none()) {
                missing(Place::Intermediary, "Indiquez à qui l’argent a été versé.");
            }
            if case.asks(Ask::Organisation) && empty(Field::Organisation) {
                missing(Place::Field(Field::Organisation), "Indiquez le nom de l’organisme aidé.");
            }
            if case.asks(Ask::Recipient) && empty(Field::Recipient) {
                missing(Place::Field(Field::Recipient), "Choisissez le pays qui en bénéficie.");
            }
            if case.asks(Ask::Theme) && chosen.is_none_or(|chosen| chosen.theme.is_none()) {
                let message = "Choisissez le sujet\u{a0}; «\u{a0}Je ne sais pas\u{a0}» est permis.";
                missing(Place::Theme, message);
            }
        }
        if line.get(Field::AmountPaid).is_empty() {
            missing(Place::Field(Field::AmountPaid), "Indiquez le montant versé, en euros.");
        }
        let told = |field: Field, faults: &[Fault]| {
            let by_choice = matches!(field, Field::Purpose | Field::Channel | Field::Nature | Field::AidType);
            by_choice || faults.iter().any(|fault| fault.place == Place::Field(field))
        };
        let issues = self.issues(line);
        let others: Vec<Fault> = issues
            .into_iter()
            .filter_map(|issue| Some((issue.field?, issue)))
            .filter(|(field, _)| !told(*field, &faults))
            .map(|(field, issue)| Fault { place: Place::Field(field), message: message(&issue) })
            .collect();
        faults.extend(others);
        faults
    }

    /// What is wrong with a line by its fields alone.
    #[must_use]
    pub fn faults_of_fields(self, line: &RawLine) -> Vec<Fault> {
        let issues = self.issues(line).into_iter();
        let fault = |issue: Issue| Fault {
            place: Place::Field(issue.field.unwrap_or(Field::Title)),
            message: message(&issue),
        };
        issues.map(fault).collect()
    }

    fn issues(self, line: &RawLine) -> Vec<Issue> {
        let checked = rules::check_lines(self.codes, self.year, std::slice::from_ref(line));
        checked.issues.into_iter().filter(Issue::is_error).collect()
    }

    /// The answers that give the codes of a line, if there are such: the line then opens in plain words.
    #[must_use]
    pub fn recognise(self, line: &RawLine) -> Option<Answers> {
        let (codes, year) = (self.codes, self.year.get());
        let nature = codes.find_nature(line.get(Field::Nature), year)?;
        let aid_type = line.get(Field::AidType);
        if !aid_type.is_empty() && codes.find_aid_type(aid_type, year)?.code != nature.aid_type {
            return None;
        }
        let channel = match line.get(Field::Channel) {
            "" => nature.channel.clone(),
            text => Some(codes.find_channel(text, year)?.code.clone()),
        };
        codes.cases(year).find_map(|case| {
            let intermediary = self.way_of(case, nature, channel.as_ref())?;
            let theme = self.theme_of(case, nature, line.get(Field::Purpose))?;
            Some(Answers { case: String::from(&*case.code), intermediary, theme })
        })
    }

    /// By which intermediary a case leads to a nature and a channel; empty where it asks for none.
    fn way_of(self, case: &'a Case, nature: &Nature, channel: Option<&ChannelCode>) -> Option<String> {
        if !case.asks(Ask::Intermediary) {
            return (case.nature == nature.code && case.channel.as_ref() == channel).then(String::new);
        }
        let own = |row: &&Intermediary| row.nature.as_ref().unwrap_or(&case.nature) == &nature.code;
        let mut known = self.codes.intermediaries(case, self.year.get()).filter(own);
        let Some(channel) = channel else { return (case.nature == nature.code).then(String::new) };
        if let Some(row) = known.find(|row| row.channel == *channel) {
            return Some(String::from(&*row.code));
        }
        let other = case.nature == nature.code && case.asks(Ask::OtherIntermediary);
        other.then(|| channel.to_string())
    }

    /// By which theme a case leads to a purpose; empty where it asks for none, or the line has none yet.
    fn theme_of(self, case: &'a Case, nature: &Nature, purpose: &str) -> Option<String> {
        let year = self.year.get();
        let purpose = match purpose {
            "" => nature.purpose.as_ref(),
            text => Some(&self.codes.find_purpose(text, year)?.code),
        };
        if !case.asks(Ask::Theme) {
            return (purpose == nature.purpose.as_ref()).then(String::new);
        }
        let Some(purpose) = purpose else { return Some(String::new()) };
        let theme = self.codes.themes(case, year).find(|theme| theme.purpose == *purpose)?;
        Some(String::from(&*theme.code))
    }

    /// Channels by name that a case takes beyond its intermediaries.
    #[must_use]
    pub fn other_channels(self, case: &Case) -> Vec<(String, String)> {
        let year = self.year.get();
        let Some(nature) = self.codes.nature(case.nature.as_str(), year) else { return vec![] };
        if !case.asks(Ask::OtherIntermediary) {
            return vec![];
        }
        let taken = self.codes.channels().iter().filter(|row| {
            row.years().contains(year) && row.is_declarable(year) && nature.accepts_channel(row)
        });
        let mut named: Vec<(String, String)> =
            taken.map(|row| (row.code.to_string(), row.name_fr.to_string())).collect();
        named.sort_by_key(|(_, name)| crate::domain::text::fold(name));
        named
    }

    fn chosen(self, answers: &Answers) -> Option<Chosen<'a>> {
        let year = self.year.get();
        let case = self.codes.case(&answers.case, year)?;
        let known =
            self.codes.intermediaries(case, year).find(|row| *row.code == *answers.intermediary.as_str());
        let other = || {
            let row = self.codes.channels().at(&answers.intermediary, year)?;
            let nature = self.codes.nature(case.nature.as_str(), year)?;
            let takes =
                case.asks(Ask::OtherIntermediary) && row.is_declarable(year) && nature.accepts_channel(row);
            takes.then_some(&row.code)
        };
        Some(Chosen {
            case,
            nature: known.and_then(|row| row.nature.as_ref()).unwrap_or(&case.nature).as_str(),
            channel: case.channel.as_ref().or_else(|| known.map(|row| &row.channel)).or_else(other),
            theme: self.codes.themes(case, year).find(|theme| *theme.code == *answers.theme.as_str()),
        })
    }

    fn title(self, chosen: &Chosen<'_>, line: &RawLine) -> String {
        let what = chosen.theme.map_or(&*chosen.case.name_fr, |theme| &*theme.name_fr);
        // "I do not know" is no title.
        let what = match chosen.theme {
            Some(theme) if theme.purpose.as_str() == rules::UNSPECIFIED_PURPOSE => "Coopération",
            _ => what,
        };
        let recipient = Some(line.get(Field::Recipient)).filter(|text| !text.is_empty());
        match recipient.and_then(|text| self.codes.find_recipient(text)) {
            Some(recipient) => format!("{what} – {}", recipient.name_fr),
            None => what.to_owned(),
        }
    }
}

fn message(issue: &Issue) -> String {
    if issue.hint.is_empty() { issue.message.clone() } else { format!("{} {}", issue.message, issue.hint) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::CHECKED_YEARS;
    use proptest::prelude::*;

    fn codes() -> CodeLists {
        CodeLists::embedded().unwrap()
    }

    /// Every way to answer in a flow year.
    fn ways(codes: &CodeLists, year: u16) -> Vec<Answers> {
        let mut ways = vec![];
        for case in codes.cases(year) {
            let mut through: Vec<String> =
                codes.intermediaries(case, year).map(|row| row.code.to_string()).collect();
            let guide = Guide::new(codes, FlowYear::new(year).unwrap());
            through.extend(guide.other_channels(case).into_iter().map(|(code, _)| code));
            let mut themes: Vec<String> = codes.themes(case, year).map(|row| row.code.to_string()).collect();
            for list in [&mut through, &mut themes] {
                if list.is_empty() {
                    list.push(String::new());
                }
            }
            for intermediary in &through {
                for theme in &themes {
                    let (intermediary, theme) = (intermediary.clone(), theme.clone());
                    ways.push(Answers { case: case.code.to_string(), intermediary, theme });
                }
            }
        }
        ways
    }

    fn typed() -> RawLine {
        RawLine::default()
            .with(Field::AmountPaid, "3 200 €")
            .with(Field::Recipient, "255")
            .with(Field::Organisation, "Association fictive")
    }

    fn answers(case: &str, theme: &str) -> Answers {
        Answers { case: case.to_owned(), theme: theme.to_owned(), ..Answers::default() }
    }

    #[test]
    fn in_each_year_each_case_with_each_theme_gives_an_accepted_line() {
        let codes = codes();
        let mut count = 0_usize;
        for year in CHECKED_YEARS {
            let guide = Guide::new(&codes, FlowYear::new(year).unwrap());
            assert_eq!(codes.cases(year).count(), 6, "{year}");
            for way in ways(&codes, year) {
                let line = guide.apply(&way, typed());
                assert_eq!(guide.faults(&way, &line), [], "{year} {way:?}");
                let checked = rules::check_lines(&codes, FlowYear::new(year).unwrap(), &[line]);
                assert!(checked.is_accepted(), "{year} {way:?} {:?}", checked.issues);
                let flagged = checked.issues.iter().any(|issue| issue.rule == rules::Rule::PurposeToBeSaid);
                assert_eq!(flagged, way.theme == "ne_sais_pas", "{year} {way:?}");
                count += 1;
            }
        }
        assert!(count > 10_000, "{count}");
    }

    #[test]
    fn the_secretary_types_four_things_and_sees_no_code() {
        let codes = codes();
        let guide = Guide::new(&codes, FlowYear::new(2025).unwrap());
        let answers = answers("association_ici", "eau");
        let line = guide.apply(&answers, typed());
        assert_eq!(line.get(Field::Title), "Eau potable, assainissement – Mali");
        assert_eq!((line.get(Field::Channel), line.get(Field::Purpose)), ("22000", "14030"));
        let named = guide.apply(&answers, typed().with(Field::Title, "Puits de Kita"));
        assert_eq!(named.get(Field::Title), "Puits de Kita", "a title that was typed stays");
        let unknown = guide.apply(&Answers { theme: "ne_sais_pas".to_owned(), ..answers }, typed());
        assert_eq!(unknown.get(Field::Title), "Coopération – Mali");
    }

    #[test]
    fn what_is_missing_is_told_in_plain_words_once() {
        let codes = codes();
        let guide = Guide::new(&codes, FlowYear::new(2025).unwrap());
        let way = answers("association_ici", "");
        let line = guide.apply(&way, RawLine::default());
        let places: Vec<Place> = guide.faults(&way, &line).into_iter().map(|fault| fault.place).collect();
        let field = Place::Field;
        assert_eq!(
            places,
            [field(Field::Organisation), field(Field::Recipient), Place::Theme, field(Field::AmountPaid)]
        );
        let way = answers("organisme_international", "eau");
        let line = guide.apply(&way, typed().with(Field::AmountPaid, "1.234"));
        let places: Vec<Place> = guide.faults(&way, &line).into_iter().map(|fault| fault.place).collect();
        assert_eq!(places, [Place::Intermediary, field(Field::AmountPaid)]);
        let way = answers("accueil", "");
        let line = guide.apply(&way, RawLine::default().with(Field::AmountPaid, "500,50"));
        assert_eq!(guide.faults(&way, &line), []);
    }

    #[test]
    fn a_line_that_no_case_gives_is_not_forced_into_one() {
        let codes = codes();
        let guide = Guide::new(&codes, FlowYear::new(2025).unwrap());
        let line = guide.apply(&answers("association_ici", "eau"), typed());
        assert!(guide.recognise(&line).is_some());
        for (field, text) in [
            (Field::Nature, "bourses"),
            (Field::Purpose, "14081"),
            (Field::Channel, "22501"),
            (Field::AidType, "B01"),
            (Field::Nature, ""),
        ] {
            assert_eq!(guide.recognise(&line.clone().with(field, text)), None, "{field} {text}");
        }
        let names = line.with(Field::Channel, "ONG basée dans un pays donneur").with(Field::AidType, "C01");
        assert_eq!(guide.recognise(&names), Some(answers("association_ici", "eau")));
    }

    proptest! {
        /// What a way gives is recognised, as typed and as filed; applied again it gives the same line.
        #[test]
        fn a_line_leads_back_to_its_answers(year in 2008_u16..=2026, pick in 0_usize..10_000) {
            let codes = codes();
            let flow_year = FlowYear::new(year).unwrap();
            let guide = Guide::new(&codes, flow_year);
            let ways = ways(&codes, year);
            let way = &ways[pick % ways.len()];
            let line = guide.apply(way, typed());
            let filed = rules::check_lines(&codes, flow_year, std::slice::from_ref(&line)).lines[0].to_raw();
            for line in [line, filed] {
                let found = guide.recognise(&line).unwrap();
                let again = guide.apply(&found, line.clone());
                let same = |line: &RawLine| {
                    let checked = rules::check_lines(&codes, flow_year, std::slice::from_ref(line));
                    checked.lines[0].to_raw().with(Field::Reference, "")
                };
                prop_assert_eq!(same(&again), same(&line));
                prop_assert_eq!(&found.case, &way.case);
            }
        }
    }
}
