//! Which collectivity an agent means: a SIREN, a name, one of those of a name, or one that is not in the list.

use crate::app::App;
use crate::domain::collectivity::{Collectivity, CollectivityKind};
use crate::domain::missing::{MissingCollectivity, MissingError};
use crate::domain::siren::{Siren, parse_siren_or_siret};
use crate::service::account::Wanted;
use crate::service::{register, this_year};
use crate::web::form::Form;
use crate::web::refusal::PageRefused;

/// Bodies that are offered where a name has several.
const OFFERED: usize = 12;

/// A body among those of a name.
pub(super) struct Offered {
    pub(super) siren: String,
    pub(super) told: String,
}

/// The kinds that a collectivity can have, with their words.
pub(super) fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    CollectivityKind::ALL.into_iter().map(|kind| (kind.code(), kind.label()))
}

/// Whether the form asks for the fields of a collectivity that is not in the list, or for the list again:
/// it is shown once more, with nothing wrong yet.
pub(super) fn is_turned(form: &mut Form) -> bool {
    let turned = match form.value("autre") {
        "absente" => "oui",
        "liste" => "",
        _ => return false,
    };
    form.typed = std::mem::take(&mut form.typed).with("absente", turned).with("autre", "");
    true
}

/// The collectivity that was meant, or the faults that the form tells; with the bodies to choose from
/// where a name has several.
pub(super) async fn read(app: &App, form: &mut Form) -> Result<(Option<Wanted>, Vec<Offered>), PageRefused> {
    if form.value("absente").is_empty() {
        listed(app, form).await
    } else {
        Ok((missing(form).map(Wanted::Missing), vec![]))
    }
}

/// A collectivity that is not in the list, as it is told.
fn missing(form: &mut Form) -> Option<MissingCollectivity> {
    let Form { typed, faults } = form;
    let kind = typed.get("absente-type").parse::<CollectivityKind>();
    let kind = faults.take("absente-type", kind.map_err(|_none| "choisissez le type de la collectivité"));
    let siren = Some(typed.get("absente-siren")).filter(|text| !text.is_empty());
    let siren = faults.take("absente-siren", siren.map(parse_siren_or_siret).transpose());
    let before = typed.get("absente-remplace").split([' ', ',', ';', '|']).filter(|part| !part.is_empty());
    let before = before.map(parse_siren_or_siret).collect::<Result<Vec<Siren>, _>>();
    let successor_of = faults.take("absente-remplace", before);
    let told = MissingCollectivity {
        name: typed.get("absente-nom").to_owned(),
        kind: kind.unwrap_or(CollectivityKind::Other),
        siren: siren.flatten(),
        departement: typed.get("absente-departement").to_owned(),
        successor_of: successor_of.unwrap_or_default(),
        message: Some(typed.get("message").to_owned()),
    };
    match told.checked() {
        Ok(told) => faults.is_empty().then_some(told),
        Err(errors) => {
            for error in errors {
                let field = match error {
                    MissingError::Name => "absente-nom",
                    MissingError::Departement => "absente-departement",
                    MissingError::Predecessors => "absente-remplace",
                    MissingError::Message => "message",
                };
                faults.add(field, error.to_string());
            }
            None
        }
    }
}

/// One of the register: by its SIREN, chosen among those offered, or by a name that it alone has.
async fn listed(app: &App, form: &mut Form) -> Result<(Option<Wanted>, Vec<Offered>), PageRefused> {
    let typed = form.value("collectivite").to_owned();
    let chosen = form.value("siren").parse::<Siren>().ok();
    if typed.is_empty() {
        form.faults.add("collectivite", "indiquez la collectivité, par son nom ou son SIREN");
        return Ok((None, vec![]));
    }
    if let Ok(siren) = parse_siren_or_siret(&typed) {
        if register::show(app, siren).await?.is_some() {
            return Ok((Some(Wanted::Registered(siren)), vec![]));
        }
        let fault =
            format!("le SIREN {siren} n’est pas au registre\u{a0}: vérifiez-le, ou cherchez par le nom");
        form.faults.add("collectivite", fault);
        return Ok((None, vec![]));
    }
    let found = register::search(app, &typed, None, None, this_year(app)?, 1).await?;
    let living = found.bodies.iter().filter(|body| body.exists_until.is_none());
    let of_that_name: Vec<(Siren, &Collectivity)> =
        living.filter_map(|body| Some((body.siren?, body))).take(OFFERED).collect();
    let meant = of_that_name.iter().map(|(siren, _)| *siren).find(|siren| Some(*siren) == chosen);
    match (meant, of_that_name.as_slice()) {
        (Some(siren), _) => Ok((Some(Wanted::Registered(siren)), vec![])),
        (None, [(only, _)]) if found.total == 1 => Ok((Some(Wanted::Registered(*only)), vec![])),
        (None, []) => {
            let fault =
                "aucune collectivité ne porte ce nom\u{a0}: essayez avec moins de mots, ou avec le SIREN";
            form.faults.add("collectivite", fault);
            Ok((None, vec![]))
        }
        (None, several) => {
            let fault = "plusieurs collectivités correspondent\u{a0}: choisissez la vôtre dans la liste";
            form.faults.add("siren", fault);
            Ok((None, several.iter().map(|(siren, body)| Offered::of(*siren, body)).collect()))
        }
    }
}

impl Offered {
    fn of(siren: Siren, body: &Collectivity) -> Self {
        let place =
            body.departement.as_deref().map(|code| format!(", département {code}")).unwrap_or_default();
        let told = format!("{}, {}{place}, SIREN {siren}", body.name, body.kind.label());
        Self { siren: siren.to_string(), told }
    }
}
