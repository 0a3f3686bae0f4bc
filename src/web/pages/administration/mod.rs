//! What administrators do: accounts, the journal, the jobs; nothing here leads to an amount.

pub(in crate::web) mod account;
pub(in crate::web) mod accounts;
pub(in crate::web) mod invite;
pub(in crate::web) mod journal;
pub(in crate::web) mod tasks;

use crate::app::App;
use crate::domain::account::AccountRole;
use crate::domain::token::RoleName;
use crate::service::account::regions;
use crate::web::form::Form;

/// The address and the name of the list of accounts.
const ACCOUNTS: (&str, &str) = ("/administration/comptes", "Comptes");

/// What a form chooses a role from.
struct Roles {
    roles: Vec<(&'static str, &'static str)>,
    regions: Vec<(String, String)>,
}

impl Roles {
    /// The roles that are given by invitation, and the regions of a SGAR.
    fn of(app: &App) -> Self {
        let given = RoleName::ALL.into_iter().filter(|role| *role != RoleName::Declarant);
        Self { roles: given.map(|role| (role.code(), role.label())).collect(), regions: regions(app) }
    }
}

/// The role that a form chose, or the faults that it tells.
fn role(form: &mut Form) -> Option<AccountRole> {
    let Form { typed, faults } = form;
    let name = typed.get("role").parse::<RoleName>().ok().filter(|name| *name != RoleName::Declarant);
    let name = faults.take("role", name.ok_or("choisissez ce que la personne fera"))?;
    let region = Some(typed.get("region")).filter(|code| name == RoleName::Sgar && !code.is_empty());
    let role = AccountRole::of(name, region.map(str::to_owned));
    faults.take("region", role.ok_or("choisissez la région de la préfecture"))
}

/// A role as people read it, with its region.
fn told(app: &App, role: &AccountRole) -> String {
    match role.region() {
        Some(region) => {
            let known = app.codes.regions().latest(region);
            let name = known.map_or(region, |region| &*region.name_fr);
            format!("{}, {name}", role.name().label())
        }
        None => role.name().label().to_owned(),
    }
}
