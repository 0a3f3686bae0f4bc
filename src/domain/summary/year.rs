//! A year: the part of each region of attachment, from which every territory is put together.

use std::collections::{BTreeMap, BTreeSet, HashMap};
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
    /// When it was filed, or recorded.
    pub at: Option<Instant>,
    /// Whether the campaign expects the body (rule 11).
    pub is_expected: bool,
    /// Its sums.
    pub figures: Arc<Figures>,
    /// Name of the body in the flow year.
    pub name: Box<str>,
    /// Its class of [`super::Cut::Category`].
    pub category: Box<str>,
    /// Its département.
    pub departement: Box<str>,
    /// Its region of attachment.
    pub region: Box<str>,
}

/// What was declared of a flow year. After bodies were changed, [`Year::sum`] adds up again.
#[derive(Debug, Clone)]
pub struct Year {
    /// Which.
    pub flow_year: FlowYear,
    /// The classes that the figures name by number.
    pub index: Index,
    /// When what is here was last added to; none where there is nothing.
    pub data_at: Option<Instant>,
    parts: BTreeMap<Box<str>, Part>,
    bodies: HashMap<Siren, Known>,
    // The regions whose bodies changed since they were added up.
    changed: BTreeSet<Box<str>>,
}

impl Year {
    /// A year of which nothing is known, with the classes that figures of it name already.
    #[must_use]
    pub fn new(flow_year: FlowYear, index: Index) -> Self {
        let (parts, bodies, changed) = Default::default();
        Self { flow_year, index, data_at: None, parts, bodies, changed }
    }

    /// Takes note of the version of a body that counts, in place of the one before.
    pub fn add(&mut self, body: &Body, version: u32, kind: FilingKind, at: Instant, figures: Arc<Figures>) {
        let is_expected = self.bodies.get(&body.siren).is_some_and(|known| known.is_expected);
        let (kind, at) = (Some(kind), Some(at));
        self.put(body.siren, Known { version, kind, at, is_expected, figures, ..Known::silent(body) });
    }

    /// Forgets what a body filed: none of its versions counts any more.
    pub fn forget(&mut self, siren: Siren) {
        let Some(known) = self.bodies.remove(&siren) else { return };
        self.changed.insert(known.region.clone());
        if known.is_expected {
            let figures = Arc::default();
            self.bodies.insert(siren, Known { version: 0, kind: None, at: None, figures, ..known });
        }
    }

    /// Counts an expected body; one that is not known yet did not file.
    pub fn expect(&mut self, body: &Body) {
        let known = self.bodies.get(&body.siren).cloned().unwrap_or_else(|| Known::silent(body));
        self.put(body.siren, Known { is_expected: true, ..known });
    }

    fn put(&mut self, siren: Siren, known: Known) {
        self.changed.insert(known.region.clone());
        if let Some(before) = self.bodies.insert(siren, known) {
            self.changed.insert(before.region);
        }
    }

    /// Adds up the regions whose bodies changed.
    pub fn sum(&mut self) {
        let mut changed: BTreeMap<_, Part> =
            std::mem::take(&mut self.changed).into_iter().map(|region| (region, Part::default())).collect();
        self.data_at = None;
        for (siren, known) in &self.bodies {
            self.data_at = self.data_at.max(known.at);
            if let Some(part) = changed.get_mut(&known.region) {
                part.add(*siren, known);
            }
        }
        self.parts.extend(changed);
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
    fn silent(body: &Body) -> Self {
        Self {
            version: 0,
            kind: None,
            at: None,
            is_expected: false,
            figures: Arc::default(),
            name: body.name.as_str().into(),
            category: body.category.as_str().into(),
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
