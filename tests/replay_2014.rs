//! The campaign of 2014, lived again with the code lists of then: the window to
//! the second, what is refused and why, the verdicts and the report. The page
//! `docs/replay-2014.md` is what these tests see (`EAPD_BLESS=1` writes it).

mod page;
mod steps;

use eapd::config::Profile;

use crate::support::{Engine, TestApp, template};
use page::Page;

/// The campaign, lived to its end: an instance with all that it leaves.
pub async fn lived(engine: Engine) -> TestApp {
    replay(engine).await.0
}

async fn replay(engine: Engine) -> (TestApp, Page) {
    let app =
        TestApp::copy_of(&template::migrated(engine, Profile::Demo).await, "2014-01-06T09:00:00Z").await;
    let mut page = Page::of(&app);
    steps::the_campaign_is_announced(&app, &mut page);
    steps::the_first_second(&app, &mut page).await;
    steps::what_was_on_the_list_in_2013(&app, &mut page);
    steps::the_extension(&app, &mut page);
    steps::the_last_second(&app, &mut page).await;
    steps::the_settlement(&app, &mut page);
    steps::the_verdicts(&app, &mut page);
    steps::the_report(&app, &mut page);
    steps::the_journal(&app, &mut page);
    (app, page)
}

/// The page is what both engines show.
async fn holds(engine: Engine) {
    let (_app, page) = replay(engine).await;
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/replay-2014.md");
    if std::env::var_os("EAPD_BLESS").is_some() && engine == Engine::Sqlite {
        std::fs::write(&path, page.text()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = page.text().lines().zip(written.lines()).find(|(new, old)| new != old);
    assert!(page.text() == written, "run again with EAPD_BLESS=1: {differs:#?}");
}

// The commands block a thread while the connections of the test are given back on another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    holds(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    holds(Engine::Postgres).await;
}
