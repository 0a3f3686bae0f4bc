//! One line: chosen by its case, filled in, changed, doubled, taken out.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::app::App;
use crate::domain::field::{Field, RawLine};
use crate::domain::guide::{Answers, Guide};
use crate::domain::refusal::{Because, RefusalKind};
use crate::service::ServiceError;
use crate::service::declaration::line::{self, Changed, Theirs, fingerprint, present};
use crate::service::declaration::overview::diff;
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see, typed_before};

use super::inputs::{ALL_FIELDS, Look, Section, all, line_of, name_of, of_case, typed_of};
use super::space::{CaseChoice, cases};
use super::{Desk, Place, encoded};

#[derive(Template)]
#[template(path = "declare/cases.html")]
struct CasesPage {
    layout: Layout,
    base: String,
    year: String,
    cases: Vec<CaseChoice>,
}

#[derive(Template)]
#[template(path = "declare/line.html")]
struct LinePage {
    layout: Layout,
    base: String,
    /// Where the form is sent: the address that shows it.
    address: String,
    form: Form,
    sections: Vec<Section>,
    /// What the case says, in plain words; none where every field is asked.
    case: Option<CaseChoice>,
    is_new: bool,
    /// The question before a line is taken out.
    is_leaving: bool,
    meanwhile: Option<Meanwhile>,
}

/// What someone else did to the line.
struct Meanwhile {
    who: String,
    is_gone: bool,
    differences: Vec<(&'static str, String, String)>,
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    cas: String,
}

/// The form of a line, before it is shown.
struct Sheet<'a> {
    app: &'a App,
    desk: &'a Desk,
    /// The line that is changed, as it is now; none for a new one.
    before: Option<RawLine>,
    reference: String,
    typed: Typed,
}

/// Answers `GET …/lignes/nouvelle`: the choice of the case, then its form.
pub(in crate::web) async fn new(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    agent: Agent,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let typed = typed_before(&app, &agent, &headers, &place.path).await?;
    let typed = typed.unwrap_or_else(|| Typed::default().with("cas", asked.cas));
    let sheet = Sheet { app: &app, desk: &desk, before: None, reference: String::new(), typed };
    if !sheet.is_known() {
        let cases = cases(&app, &desk);
        let layout = desk.layout(frame, "Ajouter un versement");
        return page(&CasesPage { layout, base: desk.base(), year: desk.year.to_string(), cases });
    }
    sheet.show(frame, StatusCode::OK)
}

/// Answers `POST …/lignes/nouvelle`.
pub(in crate::web) async fn create(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    Posted { agent, typed }: Posted,
) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let sheet = Sheet { app: &app, desk: &desk, before: None, reference: String::new(), typed };
    if !sheet.is_known() {
        return Ok(see(&desk.address("lignes/nouvelle")));
    }
    let (line, faults) = sheet.read();
    if let Some(answer) = sheet.detour(&frame, &line, &faults) {
        return answer;
    }
    match line::add(&app, &desk.agent.actor, desk.key(), vec![line]).await {
        Ok(_references) => Ok(see(&sheet.next())),
        Err(error) => sheet.refused(frame, error),
    }
}

/// Answers `GET …/lignes/{reference}`.
pub(in crate::web) async fn edit(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    agent: Agent,
    headers: HeaderMap,
) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let before = line_there(&app, &desk, &place).await?;
    let before = before.ok_or_else(PageRefused::nothing_here)?;
    let typed = match typed_before(&app, &agent, &headers, &place.path).await? {
        Some(typed) => typed,
        None => {
            let answers = Guide::new(&app.codes, desk.year).recognise(&before);
            typed_of(&app.codes, desk.year, &before, answers.as_ref()).with("vue", fingerprint(&before))
        }
    };
    let sheet = Sheet { app: &app, desk: &desk, before: Some(before), reference: place.name.clone(), typed };
    sheet.show(frame, StatusCode::OK)
}

/// Answers `POST …/lignes/{reference}`: saves, doubles or takes out.
pub(in crate::web) async fn change(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    Posted { agent, typed }: Posted,
) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let before = line_there(&app, &desk, &place).await?;
    let sheet = Sheet { app: &app, desk: &desk, before, reference: place.name.clone(), typed };
    let (actor, key, seen) = (&desk.agent.actor, desk.key(), (place.name.as_str(), sheet.typed.get("vue")));
    let (changed, next) = match sheet.typed.get("action") {
        "dupliquer" => {
            return match line::double(&app, actor, key, &place.name).await {
                Ok(copy) => Ok(see(&desk.address(&format!("lignes/{}", encoded(&copy))))),
                Err(error) => sheet.refused(frame, error),
            };
        }
        "retirer" => return sheet.ask_leaving(frame),
        "retirer-oui" => (line::remove(&app, actor, key, seen).await, desk.base()),
        _ => {
            let (line, faults) = sheet.read();
            if let Some(answer) = sheet.detour(&frame, &line, &faults) {
                return answer;
            }
            // Someone took the line out, which was told: it is put back.
            let saved = if sheet.before.is_none() && seen.1.is_empty() {
                line::add(&app, actor, key, vec![line]).await.map(|_| Changed::Saved(String::new()))
            } else {
                line::put(&app, actor, key, seen, &line).await
            };
            (saved, sheet.next())
        }
    };
    match changed {
        Ok(Changed::Saved(_)) => Ok(see(&next)),
        Ok(Changed::Meanwhile(theirs)) => sheet.meanwhile(frame, &theirs),
        Err(error) => sheet.refused(frame, error),
    }
}

async fn line_there(app: &App, desk: &Desk, place: &Place) -> Result<Option<RawLine>, PageRefused> {
    let present = present(app, &desk.agent.actor, desk.siren, desk.year).await?;
    Ok(present.line(&place.name).cloned())
}

impl Sheet<'_> {
    fn guide(&self) -> Guide<'_> {
        Guide::new(&self.app.codes, self.desk.year)
    }

    fn case(&self) -> Option<&crate::domain::codes::Case> {
        self.app.codes.case(self.typed.get("cas"), self.desk.year.get())
    }

    /// Whether the form knows which fields to ask.
    fn is_known(&self) -> bool {
        self.case().is_some() || self.typed.get("cas") == ALL_FIELDS
    }

    fn sections(&self) -> Vec<Section> {
        match self.case() {
            Some(case) => of_case(&self.app.codes, self.desk.year, case),
            None => all(&self.app.codes, self.desk.year),
        }
    }

    fn answers(&self) -> Answers {
        let text = |name| self.typed.get(name).to_owned();
        Answers { case: text("cas"), intermediary: text("par"), theme: text("theme") }
    }

    /// The line that was typed, and what is wrong with it, by field.
    fn read(&self) -> (RawLine, Vec<(&'static str, String)>) {
        let line = line_of(&self.typed, &self.sections(), self.before.clone().unwrap_or_default());
        let (line, faults) = match self.case() {
            Some(_) => {
                let answers = self.answers();
                let line = self.guide().apply(&answers, line);
                let faults = self.guide().faults(&answers, &line);
                (line, faults)
            }
            None => {
                let faults = self.guide().faults_of_fields(&line);
                (line, faults)
            }
        };
        (line, faults.into_iter().map(|fault| (name_of(fault.place), fault.message)).collect())
    }

    /// Another page than the next one: every field, or what is to be mended.
    fn detour(&self, frame: &Frame, line: &RawLine, faults: &[(&'static str, String)]) -> Option<Answer> {
        let action = self.typed.get("action");
        if action == "precisions" {
            return Some(self.with_every_field(line).show(frame.clone(), StatusCode::OK));
        }
        if faults.is_empty() || action == "plus-tard" {
            return None;
        }
        let shown = self.sections();
        let is_shown =
            |name: &str| shown.iter().flat_map(|part| &part.inputs).any(|input| input.name == name);
        let sheet = if faults.iter().all(|(name, _)| is_shown(name)) {
            self.with(self.typed.clone())
        } else {
            self.with_every_field(line)
        };
        Some(sheet.mend(frame.clone(), StatusCode::UNPROCESSABLE_ENTITY, faults))
    }

    fn with(&self, typed: Typed) -> Self {
        let Self { app, desk, before, reference, .. } = self;
        Self { app, desk, before: before.clone(), reference: reference.clone(), typed }
    }

    fn with_every_field(&self, line: &RawLine) -> Self {
        let typed = typed_of(&self.app.codes, self.desk.year, line, None);
        self.with(typed.with("vue", self.typed.get("vue")))
    }

    /// Where to go once it is saved.
    fn next(&self) -> String {
        match self.typed.get("action") {
            "encore" => self.desk.address("lignes/nouvelle"),
            "plus-tard" => self.desk.base(),
            _ => self.desk.address("recapitulatif"),
        }
    }

    fn address(&self) -> String {
        let name = if self.reference.is_empty() { "nouvelle".to_owned() } else { encoded(&self.reference) };
        self.desk.address(&format!("lignes/{name}"))
    }

    fn page(&self, frame: Frame) -> LinePage {
        let is_new = self.reference.is_empty();
        let title = match (is_new, self.case()) {
            (true, Some(case)) => case.name_fr.to_string(),
            (true, None) => "Nouveau versement".to_owned(),
            (false, _) => format!("Versement {}", self.reference),
        };
        let case = self.case().map(|case| CaseChoice {
            code: case.code.to_string(),
            name: case.name_fr.to_string(),
            hint: case.hint_fr.to_string(),
        });
        LinePage {
            layout: self.desk.layout(frame, title),
            base: self.desk.base(),
            address: self.address(),
            sections: self.sections(),
            case,
            is_new,
            is_leaving: false,
            meanwhile: None,
            form: Form::of(self.typed.clone()),
        }
    }

    fn show(&self, frame: Frame, status: StatusCode) -> Answer {
        page_with(status, &self.page(frame))
    }

    fn mend(&self, frame: Frame, status: StatusCode, faults: &[(&'static str, String)]) -> Answer {
        let mut page = self.page(frame);
        for (name, message) in faults {
            page.form.faults.add(*name, message);
        }
        page.layout = page.layout.led_by("Erreur");
        page_with(status, &page)
    }

    fn ask_leaving(&self, frame: Frame) -> Answer {
        let page = LinePage { is_leaving: true, ..self.page(frame) };
        page_with(StatusCode::OK, &page)
    }

    /// A refusal of the use case, with all that was typed.
    fn refused(&self, frame: Frame, error: ServiceError) -> Answer {
        let ServiceError::Refused(refusal) = error else { return Err(error.into()) };
        let (status, field) = match refusal.because {
            Because::ReferenceExists => (StatusCode::UNPROCESSABLE_ENTITY, Field::Reference.header()),
            because if because.kind() == RefusalKind::NotFound => {
                return Err(ServiceError::Refused(refusal).into());
            }
            because if because.kind() == RefusalKind::Invalid => {
                (StatusCode::UNPROCESSABLE_ENTITY, "formulaire")
            }
            _ => (StatusCode::CONFLICT, "formulaire"),
        };
        self.mend(frame, status, &[(field, refusal.message)])
    }

    /// Someone else changed the line: theirs beside what was typed, which stays in the form.
    fn meanwhile(&self, frame: Frame, theirs: &Theirs) -> Answer {
        let (mine, _faults) = self.read();
        let seen = theirs.line.as_ref().map(fingerprint).unwrap_or_default();
        let sheet = self.with(self.typed.clone().with("vue", seen));
        let mut page = sheet.page(frame);
        let who = theirs.by.clone().unwrap_or_else(|| "Une autre personne".to_owned());
        let when = theirs.at.map(|at| format!(" le {}", text::minute(at))).unwrap_or_default();
        let fields = theirs.line.as_ref().map(|line| {
            let changes =
                diff(std::slice::from_ref(line), &[mine.with(Field::Reference, line.get(Field::Reference))]);
            let fields = changes.changed.into_iter().flat_map(|line| line.fields);
            fields.map(|change| (change.field.label(), change.old, change.new)).collect()
        });
        page.meanwhile = Some(Meanwhile {
            who: format!("{who}{when}"),
            is_gone: theirs.line.is_none(),
            differences: fields.unwrap_or_default(),
        });
        page.layout = page.layout.led_by("Modifié entre-temps");
        page_with(StatusCode::CONFLICT, &page)
    }
}
