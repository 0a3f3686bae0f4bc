//! What the journeys share.
//!
//! | file | what it gives |
//! |---|---|
//! | [`app`] | [`TestApp`]: the program on a fresh database, a clock to move |
//! | [`instance`] | that database by hand: `sqlite3`, `psql`, the `eapd` program |
//! | [`template`] | databases made once a run and copied for each test |
//! | [`run`] | the folder and the PostgreSQL cluster of the run |
//! | [`scenario`], [`truth_table`] | cases of eligibility, in a small vocabulary |
//! | [`register`], [`people`], [`lines`] | bodies, who acts for them, what they declare |
//! | [`sql`] | statements that write the rows of a test |
//! | [`contract!`] | one test an engine from one function |

pub mod app;
pub mod browser;
pub mod command;
pub mod instance;
pub mod lines;
pub mod people;
pub mod register;
pub mod run;
pub mod scenario;
pub mod sql;
pub mod template;
pub mod truth_table;

pub use app::{TestApp, at};
pub use instance::{Engine, Instance, Role, without_refusals};

/// Makes of each `async fn name(app: TestApp)` one test an engine, named
/// `…::sqlite::name` and `…::postgres::name`: the contract holds on both or it
/// does not hold. Once a file:
///
/// ```ignore
/// contract!(Profile::Demo, "2014-05-20T10:00:00Z": a_draft_reads_back, a_filing_is_sealed);
/// ```
///
/// With a template in place of the profile, `contract!(with registered, "…": …)`,
/// where `async fn registered(engine: Engine) -> Made`.
macro_rules! contract {
    (with $template:path, $now:literal: $($case:ident),+ $(,)?) => {
        $crate::support::contract!(@engines $template, $now: $($case)+);
    };
    ($profile:expr, $now:literal: $($case:ident),+ $(,)?) => {
        async fn template_of_the_contract(engine: $crate::support::Engine) -> $crate::support::template::Made {
            $crate::support::template::migrated(engine, $profile).await
        }
        $crate::support::contract!(@engines template_of_the_contract, $now: $($case)+);
    };
    (@engines $template:path, $now:literal: $($case:ident)+) => {
        mod sqlite {
            use super::*;
            $crate::support::contract!(@cases Sqlite, $template, $now: $($case)+);
        }
        mod postgres {
            use super::*;
            $crate::support::contract!(@cases Postgres, $template, $now: $($case)+);
        }
    };
    (@cases $engine:ident, $template:path, $now:literal: $($case:ident)+) => {
        $(
            #[tokio::test]
            async fn $case() {
                let template = $template($crate::support::Engine::$engine).await;
                super::$case($crate::support::TestApp::copy_of(&template, $now).await).await;
            }
        )+
    };
}
pub(crate) use contract;
