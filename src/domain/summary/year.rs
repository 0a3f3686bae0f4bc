//! A year: the part of each region of attachment, from which every territory is put together.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::domain::codes::CodeLists;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::scope::Scope;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

use super::{Body, Figures, Index, Part};

/// What is known of a body that filed or is expected.
#[derive(Debug, Clone)]
pub struct Known {
    /// The version that counts; 0 is an amount from before the service, or nothing.
    pub version: u32,
    /// What it states; none where the body is expected and did not file.
    pub kind: Option<FilingKind>,
    /// Its sums.
    pub figures: Arc<Figures>,
    /// Name of the body in the flow year.
    pub name: Box<str>,
    /// Its département.
    pub departement: Box<str>,
    /// Its region of attachment.
    pub region: Box<str>,
}

/// What was declared of a flow year.
#[derive(Debug, Clone)]
pub struct Year {
    /// Which.
    pub flow_year: FlowYear,
    /// The classes that the figures name by number.
    pub index: Index,
    /// When what is here was last added to; none where there is nothing.
    pub data_at: Option<Instant>,
    parts: BTreeMap<String, Part>,
    bodies: HashMap<Siren, Known>,
}

impl Year {
    /// A year of which nothing is known, with the classes that figures of it name already.
    #[must_use]
    pub fn new(flow_year: FlowYear, index: Index) -> Self {
        Self { flow_year, index, data_at: None, parts: BTreeMap::new(), bodies: HashMap::new() }
    }

    /// Adds the version of a body that counts.
    pub fn add(&mut self, body: &Body, version: u32, kind: FilingKind, at: Instant, figures: Arc<Figures>) {
        self.data_at = self.data_at.max(Some(at));
        self.part(&body.region).add(body, version, kind, &figures);
        self.bodies.insert(body.siren, Known::of(body, version, Some(kind), figures));
    }

    /// Counts an expected body; one that is not known yet did not file.
    pub fn expect(&mut self, body: &Body) {
        let known = self.bodies.entry(body.siren).or_insert_with(|| Known::of(body, 0, None, Arc::default()));
        let (region, is_silent) = (known.region.to_string(), !known.declared());
        self.part(&region).expect(is_silent);
    }

    fn part(&mut self, region: &str) -> &mut Part {
        self.parts.entry(region.to_owned()).or_default()
    }

    /// What a territory declared: its region with the former ones that it holds, or everything.
    #[must_use]
    pub fn of(&self, scope: &Scope, codes: &CodeLists) -> Part {
        let mut whole = Part::default();
        for (_, part) in self.parts.iter().filter(|(region, _)| scope.holds(region, codes)) {
            whole.merge(part);
        }
        whole
    }

    /// What is known of a body.
    #[must_use]
    pub fn body(&self, siren: Siren) -> Option<&Known> {
        self.bodies.get(&siren)
    }

    /// The bodies of a territory, in no order.
    pub fn bodies<'y>(
        &'y self,
        scope: &'y Scope,
        codes: &'y CodeLists,
    ) -> impl Iterator<Item = (Siren, &'y Known)> {
        let own = self.bodies.iter().filter(|(_, known)| scope.holds(&known.region, codes));
        own.map(|(siren, known)| (*siren, known))
    }

    /// Whether nothing was filed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data_at.is_none()
    }
}

impl Known {
    fn of(body: &Body, version: u32, kind: Option<FilingKind>, figures: Arc<Figures>) -> Self {
        Self {
            version,
            kind,
            figures,
            name: body.name.as_str().into(),
            departement: body.departement.as_str().into(),
            region: body.region.as_str().into(),
        }
    }

    /// Whether it declared: an annulled version does not count (rule 3).
    #[must_use]
    pub fn declared(&self) -> bool {
        self.kind.is_some_and(|kind| kind != FilingKind::Annulled)
    }

    /// What it did, in French.
    #[must_use]
    pub const fn did(&self) -> &'static str {
        match self.kind {
            Some(FilingKind::Nil) => "néant",
            Some(FilingKind::Annulled) => "annulée",
            Some(FilingKind::Declared | FilingKind::Rectified | FilingKind::TakenOver) => "déclarée",
            None => "non déclarée",
        }
    }
}
