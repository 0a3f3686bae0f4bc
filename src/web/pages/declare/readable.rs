//! The text of a field as people read it.

use crate::app::App;
use crate::domain::amount::parse_amount;
use crate::domain::codes::Row as _;
use crate::domain::day::Day;
use crate::domain::field::Field;
use crate::domain::year::FlowYear;
use crate::web::text;

/// A text as people read it: names beside codes, amounts as amounts.
pub(super) fn readable(app: &App, year: FlowYear, field: Field, text: &str) -> String {
    let year = year.get();
    let named = |code: &str, name: &str| format!("{name} ({code})");
    let found = match field {
        _ if text.is_empty() => Some("rien".to_owned()),
        Field::Recipient => app.codes.find_recipient(text).map(|row| row.name_fr.to_string()),
        Field::Purpose => app.codes.find_purpose(text, year).map(|row| named(row.key(), &row.name_fr)),
        Field::Channel => app.codes.find_channel(text, year).map(|row| named(row.key(), &row.name_fr)),
        Field::AidType => app.codes.find_aid_type(text, year).map(|row| named(row.key(), &row.name_fr)),
        Field::Nature => app.codes.find_nature(text, year).map(|row| row.name_fr.to_string()),
        Field::PaidOn | Field::StartsOn | Field::EndsOn => text.parse::<Day>().ok().map(text::long_day),
        Field::AmountPaid
        | Field::CofinancingReceived
        | Field::CofinancingState
        | Field::CofinancingCollectivities
        | Field::CofinancingOthers
        | Field::ServiceCosts
        | Field::AmountCommitted => parse_amount(text).ok().map(text::euros),
        _ => None,
    };
    found.unwrap_or_else(|| text.to_owned())
}
