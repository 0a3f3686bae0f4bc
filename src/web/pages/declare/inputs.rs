//! The fields of a line: the few of a case in plain words, or all of them.

use crate::domain::codes::{Ask, Case, CodeLists, Declarable, RecipientKind, RecipientRule, Row};
use crate::domain::field::{Field, RawLine};
use crate::domain::guide::{Answers, Guide, Place};
use crate::domain::line::{Markers, OnePercentLaw};
use crate::domain::text::fold;
use crate::domain::year::FlowYear;
use crate::web::form::Typed;

/// The word of a form that asks for every field.
pub(in crate::web::pages) const ALL_FIELDS: &str = "autre";

/// Fields under a heading.
pub(in crate::web::pages) struct Section {
    pub(in crate::web::pages) name: &'static str,
    pub(in crate::web::pages) inputs: Vec<Input>,
}

/// A field of a form.
pub(in crate::web::pages) struct Input {
    pub(in crate::web::pages) name: &'static str,
    pub(in crate::web::pages) label: String,
    pub(in crate::web::pages) hint: String,
    pub(in crate::web::pages) required: bool,
    pub(in crate::web::pages) look: Look,
}

/// How a field is filled in.
pub(in crate::web::pages) enum Look {
    /// One line.
    Text,
    /// Euros.
    Amount,
    /// Several lines.
    Area,
    /// One of a list.
    Choice(Vec<Group>),
}

/// Choices under a heading; without a name they stand alone.
pub(in crate::web::pages) struct Group {
    pub(in crate::web::pages) name: &'static str,
    pub(in crate::web::pages) choices: Vec<Choice>,
}

/// One of a list.
pub(in crate::web::pages) struct Choice {
    pub(in crate::web::pages) value: String,
    pub(in crate::web::pages) name: String,
}

impl Look {
    /// The family of classes of the design system.
    pub(in crate::web::pages) const fn group(&self) -> &'static str {
        match self {
            Self::Choice(_) => "select",
            Self::Text | Self::Amount | Self::Area => "input",
        }
    }
}

/// From how many choices on a list is searched by typing, where scripts run.
const LONG: usize = 10;

impl Input {
    /// Whether it is a list that is too long to be read.
    pub(in crate::web::pages) fn is_long(&self) -> bool {
        self.choices().count() >= LONG
    }

    /// Whether a text is none of its choices: it is shown beside them, so that nothing typed or kept is lost.
    pub(in crate::web::pages) fn lacks(&self, text: &str) -> bool {
        !text.is_empty() && self.choices().all(|choice| choice.value != text)
    }

    fn choices(&self) -> impl Iterator<Item = &Choice> {
        let groups = match &self.look {
            Look::Choice(groups) => groups.as_slice(),
            Look::Text | Look::Amount | Look::Area => &[],
        };
        groups.iter().flat_map(|group| &group.choices)
    }

    fn of(field: Field, look: Look) -> Self {
        let required = Field::MANDATORY.contains(&field);
        let (label, hint) = (field.label().to_owned(), String::new());
        Self { name: field.header(), label, hint, required, look }
    }

    fn named(mut self, label: &str) -> Self {
        label.clone_into(&mut self.label);
        self
    }

    fn hinted(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    const fn required(mut self, required: bool) -> Self {
        self.required = required;
        self
    }
}

/// The name of the field that a place of the guide is.
pub(in crate::web::pages) const fn name_of(place: Place) -> &'static str {
    match place {
        Place::Intermediary => "par",
        Place::Theme => "theme",
        Place::Field(field) => field.header(),
    }
}

/// The fields that a case shows.
pub(in crate::web::pages) fn of_case(codes: &CodeLists, year: FlowYear, case: &Case) -> Vec<Section> {
    let mut inputs = vec![];
    if case.asks(Ask::Intermediary) {
        let choices = codes.intermediaries(case, year.get());
        let choices = choices.map(|row| choice(&row.code, &row.name_fr)).collect();
        let others = Guide::new(codes, year).other_channels(case).into_iter();
        let others = others.map(|(value, name)| Choice { value, name }).collect();
        let groups = vec![
            Group { name: "Les plus courants", choices },
            Group { name: "Tous les organismes", choices: others },
        ];
        inputs.push(Input {
            name: "par",
            label: "À qui l’argent a-t-il été versé\u{a0}?".to_owned(),
            hint: String::new(),
            required: true,
            look: Look::Choice(groups),
        });
    }
    if case.asks(Ask::Organisation) || case.asks(Ask::OrganisationIfKnown) {
        let input = Input::of(Field::Organisation, Look::Text).named("Nom de l’organisme aidé");
        inputs.push(input.required(case.asks(Ask::Organisation)));
    }
    if case.asks(Ask::Recipient) {
        inputs.push(recipient(codes, year, Some(case)).required(true));
    }
    if case.asks(Ask::Theme) {
        let choices = codes.themes(case, year.get()).map(|row| choice(&row.code, &row.name_fr)).collect();
        inputs.push(Input {
            name: "theme",
            label: "Sujet".to_owned(),
            hint: "Le principal, s’il y en a plusieurs.".to_owned(),
            required: true,
            look: Look::Choice(vec![Group { name: "", choices }]),
        });
    }
    inputs.extend(amounts(year));
    let title = Input::of(Field::Title, Look::Text).named("Titre").required(false);
    inputs.push(title.hinted("Il sera public. Laissé vide, il reprend le sujet et le pays."));
    vec![Section { name: "", inputs }]
}

fn amounts(year: FlowYear) -> [Input; 2] {
    [
        Input::of(Field::AmountPaid, Look::Amount)
            .named("Montant versé, en euros")
            .hinted(format!("Ce qui a été payé en {year}, pas en milliers d’euros. Exemple\u{a0}: 3\u{202f}200,50")),
        Input::of(Field::CofinancingReceived, Look::Amount)
            .named("Dont payé par d’autres, en euros")
            .hinted("Ce que l’État, l’Union européenne, une agence de l’eau ou une autre collectivité vous en a remboursé ou apporté."),
    ]
}

fn choice(value: &str, name: &str) -> Choice {
    Choice { value: value.to_owned(), name: name.to_owned() }
}

fn recipient(codes: &CodeLists, year: FlowYear, case: Option<&Case>) -> Input {
    let of_kind = |kind: RecipientKind| {
        let rows = codes.recipients().iter();
        let rows = rows.filter(|row| row.kind == kind && row.years().contains(year.get()));
        let mut choices: Vec<Choice> = rows.map(|row| choice(row.code.as_str(), &row.name_fr)).collect();
        choices.sort_by_key(|choice| fold(&choice.name));
        choices
    };
    let nature = case.and_then(|case| codes.nature(case.nature.as_str(), year.get()));
    let takes_none = nature.is_none_or(|nature| nature.recipient_rule != RecipientRule::Country);
    let mut groups = vec![
        Group { name: "Pays", choices: of_kind(RecipientKind::Country) },
        Group { name: "Plusieurs pays d’une région", choices: of_kind(RecipientKind::Region) },
    ];
    if takes_none {
        let choices = vec![choice("998", "Aucun pays en particulier")];
        groups.push(Group { name: "Sans pays", choices });
    }
    let hint = format!("Les pays en développement de la liste internationale de {year}.");
    Input::of(Field::Recipient, Look::Choice(groups)).named("Pays").hinted(hint)
}

/// Every field.
pub(in crate::web::pages) fn all(codes: &CodeLists, year: FlowYear) -> Vec<Section> {
    let text = |field| Input::of(field, Look::Text);
    let amount = |field| Input::of(field, Look::Amount);
    let example = format!("Par exemple\u{a0}: 31/12/{year}");
    let day = |field| Input::of(field, Look::Text).hinted(example.as_str());
    let derived = "Laissé vide, il est déduit de la nature quand elle le permet.";
    let number = year.get();
    let natures = codes.natures().iter().filter(|row| row.years.contains(number));
    let natures = natures.map(|row| choice(row.code.as_str(), &row.name_fr)).collect();
    let [paid, cofinanced] = amounts(year);
    vec![
        Section {
            name: "Le versement",
            inputs: vec![
                text(Field::Title).named("Titre").hinted("Il sera public."),
                Input::of(Field::Nature, Look::Choice(vec![Group { name: "", choices: natures }])),
                recipient(codes, year, None).required(false),
                coded(Field::Purpose, declared(codes.purposes().iter(), number)).hinted(derived),
                coded(Field::Channel, declared(codes.channels().iter(), number)).hinted(derived),
                coded(Field::AidType, declared(codes.aid_types().iter(), number)).hinted(derived),
                text(Field::Organisation),
                text(Field::OrganisationSiren).hinted("9 ou 14 chiffres, pour un organisme français."),
            ],
        },
        Section {
            name: "Les montants",
            inputs: vec![
                paid,
                cofinanced,
                amount(Field::CofinancingState),
                amount(Field::CofinancingCollectivities),
                amount(Field::CofinancingOthers),
                amount(Field::ServiceCosts).hinted("Compris dans le montant versé."),
                amount(Field::AmountCommitted).hinted("Laissé vide\u{a0}: le montant versé."),
            ],
        },
        Section {
            name: "Le projet",
            inputs: vec![
                Input::of(Field::Description, Look::Area).hinted("Elle n’est jamais publiée."),
                text(Field::Place).hinted("Elle n’est jamais publiée."),
                day(Field::PaidOn),
                day(Field::StartsOn),
                day(Field::EndsOn),
                text(Field::Reference)
                    .hinted("Votre clé de ce projet, la même chaque année. Laissée vide, elle est donnée."),
                text(Field::CrsProject).hinted("10 chiffres, si une année antérieure en a reçu un."),
            ],
        },
        Section { name: "Les marqueurs", inputs: marks(codes, number) },
    ]
}

fn coded(field: Field, choices: Vec<Choice>) -> Input {
    Input::of(field, Look::Choice(vec![Group { name: "", choices }])).required(false)
}

fn declared<'a, T: Declarable + 'a>(rows: impl Iterator<Item = &'a T>, year: u16) -> Vec<Choice> {
    let rows = rows.filter(|row| row.years().contains(year) && row.is_declarable(year));
    rows.map(|row| choice(row.key(), &format!("{} – {}", row.key(), row.name_fr()))).collect()
}

fn marks(codes: &CodeLists, year: u16) -> Vec<Input> {
    let laws = OnePercentLaw::ALL.map(|law| {
        let name = match law {
            OnePercentLaw::Water => "Eau et assainissement",
            OnePercentLaw::Waste => "Déchets",
            OnePercentLaw::Energy => "Électricité et gaz",
        };
        choice(law.code(), name)
    });
    let laws = Look::Choice(vec![Group { name: "", choices: laws.into() }]);
    let mut inputs = vec![
        Input::of(Field::OnePercentLaw, laws)
            .hinted("Si le versement vient du 1\u{a0}% d’un service public."),
        Input::of(Field::Sdg, Look::Text)
            .hinted("Objectifs (6) ou cibles (6.1), séparés par «\u{a0}|\u{a0}»."),
    ];
    for field in Markers::FIELDS {
        let code = field.header().strip_prefix("marqueur_").unwrap_or_default();
        let Some(marker) = codes.marker(code).filter(|marker| marker.years.contains(year)) else { continue };
        let names = [
            "0\u{a0}: non visé",
            "1\u{a0}: significatif",
            "2\u{a0}: principal",
            "3\u{a0}: principal, plan d’action",
        ];
        let choices =
            (0..=marker.max).zip(names).map(|(value, name)| choice(&value.to_string(), name)).collect();
        inputs.push(Input::of(field, Look::Choice(vec![Group { name: "", choices }])));
    }
    inputs
}

/// What a form shows of a line; the answers are those that give it.
pub(in crate::web::pages) fn typed_of(
    codes: &CodeLists,
    year: FlowYear,
    line: &RawLine,
    answers: Option<&Answers>,
) -> Typed {
    let mut typed = Typed::default();
    for (field, text) in line.filled() {
        let text = match field {
            // Lists show names by code; a country that left the list is known by its name.
            Field::Recipient => codes.find_recipient(text).map_or(text, |row| {
                if row.years().contains(year.get()) { row.code.as_str() } else { &row.name_fr }
            }),
            Field::Nature => codes.find_nature(text, year.get()).map_or(text, |row| row.code.as_str()),
            Field::Purpose => codes.find_purpose(text, year.get()).map_or(text, |row| row.code.as_str()),
            Field::Channel => codes.find_channel(text, year.get()).map_or(text, |row| row.code.as_str()),
            Field::AidType => codes.find_aid_type(text, year.get()).map_or(text, |row| row.code.as_str()),
            _ => text,
        };
        typed = typed.with(field.header(), text);
    }
    let Some(answers) = answers else { return typed.with("cas", ALL_FIELDS) };
    // A title that was made is made again.
    let made = Guide::new(codes, year).apply(answers, line.clone().with(Field::Title, ""));
    if made.get(Field::Title) == line.get(Field::Title) {
        typed = typed.with(Field::Title.header(), "");
    }
    typed
        .with("cas", answers.case.as_str())
        .with("par", answers.intermediary.as_str())
        .with("theme", answers.theme.as_str())
}

/// The line that was typed: the fields that were shown replace those of `before`.
pub(in crate::web::pages) fn line_of(typed: &Typed, sections: &[Section], before: RawLine) -> RawLine {
    let shown = |field: &Field| {
        sections.iter().flat_map(|part| &part.inputs).any(|input| input.name == field.header())
    };
    let fields = Field::ALL.iter().filter(|field| shown(field));
    fields.fold(before, |line, field| line.with(*field, typed.get(field.header())))
}
