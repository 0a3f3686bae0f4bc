//! What a decision or a millésime changes of a state, and what it leaves alone.

use crate::domain::collectivity::CollectivityKind;

use super::body::Attributes;

/// What a decision changes of a state; what is none stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patch {
    /// Kind.
    pub kind: Option<CollectivityKind>,
    /// INSEE code.
    pub code: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Département.
    pub departement: Option<Option<String>>,
    /// Region.
    pub region: Option<String>,
    /// Population.
    pub population: Option<Option<u32>>,
}

impl Patch {
    /// Everything that `attributes` says.
    #[must_use]
    pub fn all(attributes: Attributes) -> Self {
        Self {
            kind: Some(attributes.kind),
            code: Some(attributes.code),
            name: Some(attributes.name),
            departement: Some(attributes.departement),
            region: Some(attributes.region),
            population: Some(attributes.population),
        }
    }

    /// Changes `to`.
    pub(super) fn apply(&self, to: &mut Attributes) {
        fn set<T: Clone>(value: Option<&T>, to: &mut T) {
            if let Some(value) = value {
                to.clone_from(value);
            }
        }
        set(self.kind.as_ref(), &mut to.kind);
        set(self.code.as_ref(), &mut to.code);
        set(self.name.as_ref(), &mut to.name);
        set(self.departement.as_ref(), &mut to.departement);
        set(self.region.as_ref(), &mut to.region);
        set(self.population.as_ref(), &mut to.population);
    }

    /// Leaves out what `later` no longer has as `before` had it: a later
    /// decision or millésime stands.
    pub(super) fn keep_unchanged(&mut self, before: &Attributes, later: &Attributes) {
        fn keep<T, U: PartialEq>(patch: &mut Option<T>, before: &U, later: &U) {
            if before != later {
                *patch = None;
            }
        }
        keep(&mut self.kind, &before.kind, &later.kind);
        keep(&mut self.code, &before.code, &later.code);
        keep(&mut self.name, &before.name, &later.name);
        keep(&mut self.departement, &before.departement, &later.departement);
        keep(&mut self.region, &before.region, &later.region);
        keep(&mut self.population, &before.population, &later.population);
    }
}
