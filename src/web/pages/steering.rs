//! Where the ministry, the prefectures and the observers begin: what each may do here.

use askama::Template;

use crate::domain::refusal::Because;
use crate::domain::role::Role;
use crate::service::ServiceError;
use crate::web::layout::{Frame, Layout, Section};
use crate::web::visitor::Agent;

use super::{Answer, page};

#[derive(Template)]
#[template(path = "steering.html")]
struct Steering {
    layout: Layout,
    sections: Vec<Section>,
}

/// Answers `GET /pilotage`.
pub(in crate::web) async fn show(frame: Frame, Agent(current): Agent) -> Answer {
    if matches!(current.actor.role, Role::Declarant(_)) {
        let message = "ces pages sont celles du ministère et des préfectures de région";
        return Err(ServiceError::refused(Because::Forbidden, message).into());
    }
    let layout = frame.titled("Pilotage");
    let sections = layout.sections().map(|(section, _place)| section);
    let sections = sections.filter(|section| !section.about.is_empty()).collect();
    page(&Steering { layout, sections })
}
