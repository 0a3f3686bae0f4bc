//! How values of the domain are stored on either engine.
//!
//! Euros: `NUMERIC(15,2)` on PostgreSQL, integer centimes in SQLite. Days:
//! `DATE` and ISO text. Instants: `TIMESTAMPTZ` and RFC 3339 text of one length,
//! so that text order is time order. Both directions convert exactly or fail.

use rust_decimal::Decimal;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef};
use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Encode, Postgres, Sqlite, Type};
use time::{Date, OffsetDateTime};

use crate::domain::call::CallCode;
use crate::domain::codes::{AidTypeCode, BiMulti, ChannelCode, NatureCode, PurposeCode, RecipientCode};
use crate::domain::collectivity::CollectivityKind;
use crate::domain::crs::CrsId;
use crate::domain::day::Day;
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::line::OnePercentLaw;
use crate::domain::siren::Siren;
use crate::domain::year::{CampaignYear, FlowYear};

/// Stores `$value` on engine `$db` as `$stored`, which its driver knows.
macro_rules! stored {
    ($value:ty, $db:ty, $buffer:ty, $info:ty, $raw:ty, $stored:ty, $read:ty, $encode:expr, $decode:expr) => {
        impl Type<$db> for $value {
            fn type_info() -> $info {
                <$stored as Type<$db>>::type_info()
            }

            fn compatible(info: &$info) -> bool {
                <$stored as Type<$db>>::compatible(info)
            }
        }

        impl<'q> Encode<'q, $db> for $value {
            fn encode_by_ref(&self, buffer: &mut $buffer) -> Result<IsNull, BoxDynError> {
                let encode: fn(&$value) -> $stored = $encode;
                Encode::<$db>::encode(encode(self), buffer)
            }
        }

        impl<'r> Decode<'r, $db> for $value {
            fn decode(raw: $raw) -> Result<Self, BoxDynError> {
                let decode: fn($read) -> Result<$value, BoxDynError> = $decode;
                decode(<$read as Decode<'r, $db>>::decode(raw)?)
            }
        }
    };
}

// A text is read where the driver holds it: reports read millions of them.
macro_rules! stored_on_sqlite {
    (@$value:ty, $stored:ty, $read:ty, $encode:expr, $decode:expr) => {
        stored!(
            $value,
            Sqlite,
            SqliteArgumentsBuffer,
            SqliteTypeInfo,
            SqliteValueRef<'r>,
            $stored,
            $read,
            $encode,
            $decode
        );
    };
    ($value:ty, String, $encode:expr, $decode:expr) => {
        stored_on_sqlite!(@$value, String, &'r str, $encode, $decode);
    };
    ($value:ty, $stored:ty, $encode:expr, $decode:expr) => {
        stored_on_sqlite!(@$value, $stored, $stored, $encode, $decode);
    };
}

macro_rules! stored_on_postgres {
    (@$value:ty, $stored:ty, $read:ty, $encode:expr, $decode:expr) => {
        stored!(
            $value,
            Postgres,
            PgArgumentBuffer,
            PgTypeInfo,
            PgValueRef<'r>,
            $stored,
            $read,
            $encode,
            $decode
        );
    };
    ($value:ty, String, $encode:expr, $decode:expr) => {
        stored_on_postgres!(@$value, String, &'r str, $encode, $decode);
    };
    ($value:ty, $stored:ty, $encode:expr, $decode:expr) => {
        stored_on_postgres!(@$value, $stored, $stored, $encode, $decode);
    };
}

/// The same storage on both engines.
macro_rules! stored_alike {
    ($value:ty, String, $encode:expr, $decode:expr) => {
        stored_on_sqlite!($value, String, $encode, $decode);
        stored_on_postgres!($value, String, $encode, $decode);
    };
    ($value:ty, $stored:ty, $encode:expr, $decode:expr) => {
        stored_on_sqlite!($value, $stored, $encode, $decode);
        stored_on_postgres!($value, $stored, $encode, $decode);
    };
}

stored_on_sqlite!(Euros, i64, |euros| euros.cents(), |cents| Ok(Euros::from_cents(cents)?));
stored_on_postgres!(Euros, Decimal, |euros| euros.to_decimal(), |decimal| Ok(Euros::try_from(decimal)?));

stored_on_sqlite!(Day, String, |day| day.to_iso(), |text| Ok(text.parse()?));
stored_on_postgres!(Day, Date, |day| day.date(), |date| Ok(Day::new(date)));

stored_on_sqlite!(Instant, String, |at| at.to_rfc3339(), |text| Ok(text.parse()?));
stored_on_postgres!(Instant, OffsetDateTime, |at| at.as_datetime(), |at| Ok(Instant::new(at)));

stored_alike!(Siren, String, |siren| siren.to_string(), |text| Ok(text.parse()?));
stored_alike!(FlowYear, i32, |year| i32::from(year.get()), |year| Ok(FlowYear::new(u16::try_from(year)?)?));
stored_alike!(CampaignYear, i32, |year| i32::from(year.get()), |year| Ok(CampaignYear::new(u16::try_from(
    year
)?)?));

/// Codes are stored as their text.
macro_rules! stored_as_text {
    ($($code:ty),+) => {
        $(stored_alike!($code, String, |code| code.to_string(), |text| Ok(text.parse()?));)+
    };
}
stored_as_text!(RecipientCode, PurposeCode, ChannelCode, NatureCode, AidTypeCode, CallCode, CrsId);

stored_alike!(CollectivityKind, String, |kind| kind.code().to_owned(), |text| Ok(text.parse()?));
stored_alike!(OnePercentLaw, String, |law| law.code().to_owned(), |text| OnePercentLaw::from_code(text)
    .ok_or_else(|| format!("unknown scheme {text}").into()));
stored_alike!(FilingKind, String, |kind| kind_word(*kind).to_owned(), |text| {
    filing_kind(text).ok_or_else(|| format!("unknown kind of filing {text}").into())
});
stored_alike!(BiMulti, i32, |value| i32::from(value.code()), |code| {
    let all = [BiMulti::Bilateral, BiMulti::Multilateral, BiMulti::BilateralCore];
    all.into_iter()
        .find(|value| i32::from(value.code()) == code)
        .ok_or_else(|| format!("unknown bi/multi {code}").into())
});

/// The words of the tables, which are English.
const fn kind_word(kind: FilingKind) -> &'static str {
    match kind {
        FilingKind::Declared => "declared",
        FilingKind::Nil => "nil",
        FilingKind::Rectified => "rectified",
        FilingKind::Annulled => "annulled",
        FilingKind::TakenOver => "taken_over",
    }
}

/// The kind of filing of a word.
pub(super) fn filing_kind(word: &str) -> Option<FilingKind> {
    FilingKind::ALL.into_iter().find(|kind| kind_word(*kind) == word)
}
