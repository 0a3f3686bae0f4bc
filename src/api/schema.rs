//! Pieces of the OpenAPI schemas that follow the tables of the domain: codes and fields of lines.

use utoipa::openapi::schema::{AdditionalProperties, Object, ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{KnownFormat, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::call::GroupRule;
use crate::domain::campaign::CampaignState;
use crate::domain::collectivity::CollectivityKind;
use crate::domain::eligibility::{MemberRole, Reason, Status, YearState};
use crate::domain::field::Field;
use crate::domain::filing::FilingKind;
use crate::domain::publication::{PUBLIC_FIELDS, PublicStatus};
use crate::domain::reservation::Standing;

/// Une ligne de versement telle qu’on la saisit : des textes, vides ou absents quand on ne dit rien.
#[derive(Debug)]
pub struct LigneSaisie;

/// Une ligne de versement déposée : les champs remplis, et les ressources propres.
#[derive(Debug)]
pub struct Ligne;

/// Ce qui est public d’une ligne de versement.
#[derive(Debug)]
pub struct LignePublique;

fn text(description: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(description))
}

fn codes<'a>(description: &str, codes: impl IntoIterator<Item = &'a str>) -> Object {
    text(description).enum_values(Some(codes.into_iter().map(str::to_owned))).build()
}

/// An instant.
pub(super) fn instant() -> Object {
    text("Instant, RFC 3339, UTC.").format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).build()
}

/// An instant, or nothing.
pub(super) fn instant_or_null() -> Object {
    let format = Some(SchemaFormat::KnownFormat(KnownFormat::DateTime));
    nullable(text("Instant, RFC 3339, UTC, ou null.").format(format))
}

/// A civil day.
pub(super) fn day() -> Object {
    text("Jour civil, Europe/Paris.").format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).build()
}

/// A civil day, or nothing.
pub(super) fn day_or_null() -> Object {
    let format = Some(SchemaFormat::KnownFormat(KnownFormat::Date));
    nullable(text("Jour civil, Europe/Paris, ou null.").format(format))
}

fn nullable(builder: ObjectBuilder) -> Object {
    builder.schema_type(SchemaType::from_iter([Type::String, Type::Null])).build()
}

/// An amount.
pub(super) fn amount() -> Object {
    text("Montant en euros, deux décimales : un texte, jamais un nombre.")
        .pattern(Some(r"^-?[0-9]+\.[0-9]{2}$"))
        .examples(["1234.56"])
        .build()
}

/// An amount, or nothing.
pub(super) fn amount_or_null() -> Object {
    nullable(
        text("Montant en euros, deux décimales, ou null.")
            .pattern(Some(r"^-?[0-9]+\.[0-9]{2}$"))
            .examples(["1234.56"]),
    )
}

/// A SIREN.
pub(super) fn siren() -> Object {
    text("SIREN, neuf chiffres.").pattern(Some("^[0-9]{9}$")).examples(["217500016"]).build()
}

/// A SIREN, or nothing.
pub(super) fn siren_or_null() -> Object {
    nullable(text("SIREN, neuf chiffres, ou null.").pattern(Some("^[0-9]{9}$")))
}

/// The kind of a collectivity.
pub(super) fn collectivity_kind() -> Object {
    codes("Sorte de collectivité.", CollectivityKind::ALL.map(CollectivityKind::code))
}

/// How a body follows another.
pub(super) fn descent_kind() -> Object {
    codes("Fusion ou scission.", ["fusion", "scission"])
}

/// A SHA-256.
pub(super) fn sha256() -> Object {
    text("SHA-256, hexadécimal.").pattern(Some("^[0-9a-f]{64}$")).build()
}

/// A year.
pub(super) fn year() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .description(Some("Année civile."))
        .examples([2013])
        .build()
}

/// A year, or nothing.
pub(super) fn year_or_null() -> Object {
    let kinds = SchemaType::from_iter([Type::Integer, Type::Null]);
    ObjectBuilder::new().schema_type(kinds).description(Some("Année civile, ou null.")).build()
}

/// The state of a campaign.
pub(super) fn campaign_state() -> Object {
    use CampaignState::{Cancelled, Open, Over, Planned, Published, Settled};
    let all = [Planned, Open, Over, Settled, Published, Cancelled];
    codes("État de la campagne.", all.map(CampaignState::code))
}

/// The kind of a version.
pub(super) fn filing_kind() -> Object {
    codes("Nature de la version.", FilingKind::ALL.map(FilingKind::code))
}

/// What may be said in public.
pub(super) fn public_status() -> Object {
    codes("Ce qui peut être dit en public.", PublicStatus::ALL.map(PublicStatus::code))
}

/// Where a filed version stands.
pub(super) fn standing() -> Object {
    codes("Où en est une version déposée.", Standing::CODES)
}

/// The answer on eligibility.
pub(super) fn status() -> Object {
    codes("Réponse.", statuses())
}

fn statuses() -> [&'static str; 5] {
    use Status::{Eligible, Ineligible, NotConcerned, Pending, Undetermined};
    [Eligible, Ineligible, Pending, Undetermined, NotConcerned].map(Status::code)
}

/// The state of a required year.
pub(super) fn year_state() -> Object {
    use YearState::{Missed, Pending, Satisfied, Unknown};
    codes("État de l’exercice exigé.", [Satisfied, Pending, Unknown, Missed].map(YearState::code))
}

/// Why a year or a verdict is what it is.
pub(super) fn reason() -> Object {
    codes("Motif.", Reason::ALL.map(Reason::code))
}

/// The rule of a call for groups.
pub(super) fn group_rule() -> Object {
    codes("Qui doit avoir déclaré dans un groupe.", [GroupRule::All, GroupRule::Lead].map(GroupRule::code))
}

/// The part of a member of a group.
pub(super) fn member_role() -> Object {
    codes("Rôle dans le groupe.", [MemberRole::Lead, MemberRole::Partner].map(MemberRole::code))
}

/// The fields of a line, each a text.
fn line(description: &str, fields: &[Field], with_own: bool) -> ObjectBuilder {
    let mut object = ObjectBuilder::new().description(Some(description));
    for field in fields {
        let mut cell = text(field.label());
        if !with_own {
            cell = cell.schema_type(SchemaType::from_iter([Type::String, Type::Null]));
        }
        object = object.property(field.header(), cell);
    }
    if with_own {
        object = object.property("ressources_propres", amount()).required("ressources_propres");
    }
    object.additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

macro_rules! schema_of_line {
    ($name:ident, $description:literal, $fields:expr, $with_own:literal) => {
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                line($description, $fields, $with_own).into()
            }
        }

        impl ToSchema for $name {}
    };
}
schema_of_line!(
    LigneSaisie,
    "Une ligne de versement telle qu’on la saisit : des textes, vides, null ou absents quand on ne dit rien.",
    Field::ALL,
    false
);
schema_of_line!(
    Ligne,
    "Une ligne déposée : les champs remplis, et les ressources propres, qui comptent.",
    Field::ALL,
    true
);
schema_of_line!(LignePublique, "Ce qui est public d’une ligne de versement.", PUBLIC_FIELDS, true);
