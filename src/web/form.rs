//! What was typed: read leniently, kept when it is refused, faults led back to their fields.

use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Request};

use super::refusal::PageRefused;

/// The fields that hold a password or a code: what is typed there is kept nowhere and shown to nobody.
const SECRETS: [&str; 4] = ["mot-de-passe", "ancien", "nouveau", "code-unique"];

/// The fields of a form as they were typed, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(Vec<(String, String)>);

/// What is wrong, field by field, in the order of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<(String, String)>);

/// A form as it is shown: what was typed, and what is wrong with it. Templates ask it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// What was typed.
    pub typed: Typed,
    /// What is wrong.
    pub faults: Faults,
}

impl Typed {
    /// A body of a form, `application/x-www-form-urlencoded`.
    pub fn urlencoded(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// The same with a field set, once.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value.into()));
        self
    }

    /// The same without the passwords, which are never shown again.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        self.0.retain(|(name, _)| !is_secret(name));
        self
    }

    /// Whether a password was typed.
    pub fn has_secrets(&self) -> bool {
        self.0.iter().any(|(name, _)| is_secret(name))
    }

    /// Every field as it was typed, in order.
    pub fn into_fields(self) -> Vec<(String, String)> {
        self.0
    }

    /// The text of a field without the spaces around it; empty where it is absent.
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The text of a field as it was typed: for passwords, of which every character counts.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Every value of a field that may be given several times.
    pub fn all<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }
}

fn is_secret(name: &str) -> bool {
    SECRETS.contains(&name)
}

impl Faults {
    /// Adds a fault of a field; its sentence gets its capital and its stop.
    pub fn add(&mut self, field: impl Into<String>, message: impl AsRef<str>) {
        self.0.push((field.into(), crate::domain::text::sentence(message.as_ref())));
    }

    /// A value, or the fault that its absence is.
    pub fn take<T, E: std::fmt::Display>(&mut self, field: &str, read: Result<T, E>) -> Option<T> {
        read.map_err(|error| self.add(field, error.to_string())).ok()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Form {
    /// A form as it was typed, with nothing wrong yet.
    pub fn of(typed: Typed) -> Self {
        Self { typed, faults: Faults::default() }
    }

    /// The text of a field.
    pub fn value(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    /// Whether this value of a field was chosen.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.typed.all(name).any(|chosen| chosen == value)
    }

    /// What is wrong with a field, first fault first.
    pub fn fault(&self, name: &str) -> Option<&str> {
        self.faults.0.iter().find(|(field, _)| field == name).map(|(_, message)| message.as_str())
    }

    /// Every fault with the field that it leads to.
    pub fn faults(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.faults.0.iter().map(|(field, message)| (field.as_str(), message.as_str()))
    }
}

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = PageRefused;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageRefused> {
        let fields: Result<axum::Form<Vec<(String, String)>>, FormRejection> =
            axum::Form::from_request(request, state).await;
        let axum::Form(fields) = fields.map_err(|_unreadable| PageRefused::unreadable_form())?;
        if fields.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
            return Err(PageRefused::unreadable_form());
        }
        Ok(Self(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_tells_what_was_typed_and_what_is_wrong() {
        let mut form = Form::of(Typed::urlencoded(b"nom=+Ville+d%27%C3%89t%C3%A9+&choix=a&choix=b"));
        assert_eq!(form.value("nom"), "Ville d'Été");
        assert_eq!(form.typed.raw("nom"), " Ville d'Été ");
        assert_eq!(form.value("absent"), "");
        assert!(form.has("choix", "b") && !form.has("choix", "c"));
        form.faults.add("nom", "le nom est trop long");
        assert_eq!(form.fault("nom"), Some("Le nom est trop long."));
        assert_eq!(form.faults().collect::<Vec<_>>(), [("nom", "Le nom est trop long.")]);
        assert_eq!(form.typed.with("nom", "x").get("nom"), "x");
    }

    #[test]
    fn a_password_is_not_kept() {
        for name in SECRETS {
            let typed = Typed::default().with("nom", "x").with(name, "secret");
            assert!(typed.has_secrets());
            let kept = typed.without_secrets();
            assert_eq!((kept.get("nom"), kept.get(name), kept.has_secrets()), ("x", "", false));
        }
    }
}
