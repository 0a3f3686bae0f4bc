//! Following a campaign: the dashboard, the lists behind its numbers, who is expected.
//!
//! | file | addresses under `/pilotage/suivi` |
//! |---|---|
//! | `dashboard` | itself, `/{annee}`; `map` and `chart` draw |
//! | `list` | `/{annee}/collectivites`, `/{annee}/export` |
//! | `contacts` | `/pilotage/contacts/{siren}` |
//! | `expected` | `/{annee}/attendues`, `/{annee}/attendues/import` |

mod chart;
pub(in crate::web) mod contacts;
pub(in crate::web) mod dashboard;
pub(in crate::web) mod expected;
pub(in crate::web) mod list;
mod map;

use serde::Deserialize;

use crate::domain::follow_up::{Axis, Class, Column, Filter, Order, Why};
use crate::domain::year::CampaignYear;
use crate::web::refusal::PageRefused;

/// The section of the navigation.
const SECTION: &str = "/pilotage/suivi";
/// Its name.
const NAME: &str = "Suivi de la campagne";

/// What an address asks for; anything unreadable is as if it were not there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    classe: String,
    region: String,
    departement: String,
    categorie: String,
    strate: String,
    motif: String,
    contact: String,
    q: String,
    tri: String,
    sens: String,
    page: String,
    format: String,
}

impl Asked {
    /// The region that is looked at, where one is named.
    fn region(&self) -> Option<&str> {
        Some(self.region.trim()).filter(|region| !region.is_empty())
    }

    fn filter(&self) -> Filter {
        let axes = [
            (Axis::Departement, &self.departement),
            (Axis::Category, &self.categorie),
            (Axis::Band, &self.strate),
        ];
        let codes = axes.into_iter().map(|(axis, code)| (axis, code.trim().to_owned()));
        Filter {
            class: Class::ALL.into_iter().find(|class| class.code() == self.classe),
            codes: codes.filter(|(_, code)| !code.is_empty()).collect(),
            reason: Why::ALL.into_iter().find(|reason| reason.code() == self.motif),
            is_unreachable: self.contact == "non",
            query: self.q.chars().take(200).collect(),
        }
    }

    fn order(&self) -> Order {
        let column = Column::ALL.into_iter().find(|column| column.code() == self.tri).unwrap_or_default();
        Order { column, is_reversed: self.sens == "desc" }
    }

    /// The filters as a query, without the order and the page.
    fn query(&self) -> String {
        query(&[
            ("classe", &self.classe),
            ("region", &self.region),
            ("departement", &self.departement),
            ("categorie", &self.categorie),
            ("strate", &self.strate),
            ("motif", &self.motif),
            ("contact", &self.contact),
            ("q", &self.q),
        ])
    }
}

/// A query of the parameters that are not empty.
fn query(parameters: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    query.finish()
}

/// Where the pages of a campaign are.
fn base(year: CampaignYear) -> String {
    format!("{SECTION}/{year}")
}

/// The year of an address.
fn read(year: &str) -> Result<CampaignYear, PageRefused> {
    year.parse().map_err(|_unreadable| PageRefused::nothing_here())
}
