//! Bodies that the package lacks, and the SIREN of those that had none.

use super::{
    Body, Cause, Creation, Done, Reason, Siren, Source, State, Step, Wrong, attachment, placeholder, wrong,
};
use crate::domain::register::body::Attributes;

impl Step<'_> {
    pub(super) fn create(&mut self, creation: &Creation) -> Result<Done, Wrong> {
        self.region(&creation.region, None)?;
        let key = placeholder(creation.kind, &creation.code);
        let id = creation.siren.map_or_else(|| key.clone(), |siren| siren.to_string());
        if let Some(held) = self.ledger.get(&id) {
            let held = held.clone();
            return self.again(creation, &held);
        }
        if self.ledger.get(&key).is_some_and(|held| !matches!(held.source, Source::Replaced(_))) {
            let message = format!(
                "le registre tient «\u{a0}{key}\u{a0}» sans SIREN\u{a0}: écrivez «\u{a0}completer\u{a0}» au lieu de «\u{a0}creation\u{a0}»"
            );
            return wrong("operation", "creation", message);
        }
        if creation.siren.is_none() {
            self.summary.incomplete += 1;
        }
        let body = self.body(creation, id);
        self.ledger.insert(body, vec![]);
        Ok(Done::Created)
    }

    fn body(&self, creation: &Creation, id: String) -> Body {
        let attributes = |region: String| Attributes {
            kind: creation.kind,
            code: creation.code.clone(),
            name: creation.name.clone(),
            departement: creation.departement.clone(),
            region,
            population: creation.population,
        };
        let eras = attachment::eras(&creation.region, creation.departement.as_deref(), self.codes.regions());
        let state = |era: attachment::Era| State {
            from_year: era.from_year,
            revision: 1,
            attributes: attributes(era.region),
            reason: Reason::new(Cause::Creation, creation.reason.clone()),
        };
        Body {
            id,
            siren: creation.siren,
            exists_from: creation.exists_from,
            exists_until: creation.exists_until,
            millesime: 0,
            source: Source::Csv,
            states: eras.into_iter().map(state).collect(),
            associations: vec![],
        }
    }

    /// A creation that was made before says nothing new; another one under the same key is a mistake.
    fn again(&mut self, creation: &Creation, held: &Body) -> Result<Done, Wrong> {
        if matches!(held.source, Source::Replaced(_)) {
            return Ok(Done::Nothing);
        }
        let asked = self.body(creation, held.id.clone());
        let first = |body: &Body| body.states.first().map(|state| state.attributes.clone());
        if first(&asked) != first(held) {
            let message = format!(
                "le registre tient déjà {}, autrement\u{a0}: corrigez par «\u{a0}modification\u{a0}» ou «\u{a0}rattachement\u{a0}»",
                held.named()
            );
            return wrong("siren", &held.id, message);
        }
        let dates = [
            ("date", "debut", creation.exists_from, held.exists_from),
            ("fin", "fin", creation.exists_until, held.exists_until),
        ];
        for (column, operation, asked, held) in dates {
            if let Some((asked, held)) = asked.zip(held).filter(|(asked, held)| asked != held) {
                let message = format!(
                    "le registre porte le {held}\u{a0}: corrigez par une ligne «\u{a0}{operation}\u{a0}» qui dit pourquoi"
                );
                return wrong(column, &asked, message);
            }
        }
        let from = held.exists_from.or(creation.exists_from);
        let until = held.exists_until.or(creation.exists_until);
        Ok(Done::changed(self.ledger.set_existence(&held.id, from, until)))
    }

    pub(super) fn complete(&mut self, siren: Siren, key: &str) -> Result<Done, Wrong> {
        let Some(held) = self.ledger.get(key) else {
            let message = format!(
                "le registre ne tient pas «\u{a0}{key}\u{a0}»\u{a0}: vérifiez le type et le code, ou écrivez «\u{a0}creation\u{a0}»"
            );
            return wrong("code", key, message);
        };
        match held.source {
            Source::Replaced(given) if given == siren => return Ok(Done::Nothing),
            Source::Replaced(given) => {
                return wrong("siren", &siren, format!("«\u{a0}{key}\u{a0}» a déjà reçu le SIREN {given}"));
            }
            Source::Package | Source::Csv => {}
        }
        if let Some(other) = self.ledger.get(siren.as_str()) {
            return wrong("siren", &siren, format!("ce SIREN est celui de {}", other.named()));
        }
        self.ledger.complete(key, siren);
        Ok(Done::Changed)
    }
}
