//! A real browser before the real service: Chromium without a window, driven by `WebDriver`.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use eapd::app::App;
use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The rules that no page may break: WCAG 2.1 AA, and what axe knows of the RGAA.
const RULES: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "RGAAv4"];

/// Where a browser keeps what it downloads, in its profile.
const DOWNLOADS: &str = "downloads";

/// Browsers at once: one a core.
static TURNS: Semaphore = Semaphore::const_new(2);

/// A command of the browser's own protocol, which `WebDriver` passes on.
#[derive(Debug)]
struct Told {
    command: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for Told {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _address: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({"cmd": self.command, "params": self.parameters});
        (http::Method::POST, Some(body.to_string()))
    }
}

/// The driver of every browser of the run; its end ends them.
static DRIVER: LazyLock<Mutex<Option<Driver>>> = LazyLock::new(Mutex::default);

struct Driver {
    /// The end of its standard input ends the driver.
    _shell: Child,
    port: u16,
}

impl Driver {
    fn start() -> Self {
        // It ends when its standard input does: with this process, however that one ends.
        let mut child = Command::new("sh")
            .args(["-c", "chromedriver --port=0 & driver=$!; cat > /dev/null; kill $driver"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines
            .by_ref()
            .find_map(|line| {
                let line = line.unwrap();
                let (_, port) = line.split_once("started successfully on port ")?;
                port.trim_end_matches('.').parse().ok()
            })
            .expect("chromedriver is missing, or did not start: run `make test-tools`");
        // What it says later must go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        Self { _shell: child, port }
    }
}

/// How a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub dark: bool,
    pub width: u32,
}

impl Look {
    /// Both themes, on a wide screen and on the narrowest one.
    pub const ALL: [Self; 4] = [
        Self { dark: false, width: 1280 },
        Self { dark: true, width: 1280 },
        Self { dark: false, width: 320 },
        Self { dark: true, width: 320 },
    ];
}

/// A window on the service.
pub struct Browser {
    pub client: Client,
    address: SocketAddr,
    /// The page on which something was last pressed.
    left: Mutex<Option<Element>>,
    profile: TempDir,
    _turn: SemaphorePermit<'static>,
}

impl Browser {
    /// Serves the application as `eapd serve` does, and opens a window on it.
    pub async fn open(app: &App) -> Self {
        let turn = TURNS.acquire().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = eapd::cli::serve::router(app);
        tokio::spawn(async move { axum::serve(listener, service).await });
        let port = {
            let mut driver = DRIVER.lock().unwrap_or_else(PoisonError::into_inner);
            driver.get_or_insert_with(Driver::start).port
        };
        let profile = tempfile::tempdir().unwrap();
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            &format!("--user-data-dir={}", profile.path().display()),
        ];
        let downloads = profile.path().join(DOWNLOADS);
        std::fs::create_dir(&downloads).unwrap();
        // A document is kept like any other file, not shown by the browser's own reader.
        let preferences = json!({
            "download.default_directory": downloads,
            "download.prompt_for_download": false,
            "plugins.always_open_pdf_externally": true,
        });
        let options = json!({"args": arguments, "prefs": preferences});
        let wanted = json!({"browserName": "chrome", "goog:chromeOptions": options});
        let wanted: Capabilities = wanted.as_object().cloned().unwrap();
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        let browser = Self { client, address, left: Mutex::default(), profile, _turn: turn };
        browser.look(Look::ALL[0]).await;
        browser
    }

    /// Opens a page of the service.
    pub async fn go(&self, path: &str) {
        self.leaves(None);
        self.client.goto(&format!("http://{}{path}", self.address)).await.unwrap();
    }

    /// Takes a cookie, `name=value`, as if the service had set it.
    pub async fn holds(&self, cookie: &str) {
        let (name, value) = cookie.split_once('=').unwrap();
        let address = format!("http://{}/", self.address);
        let cookie = json!({"name": name, "value": value, "url": address, "path": "/", "secure": true, "httpOnly": true});
        assert_eq!(self.tell("Network.setCookie", cookie).await["success"], true);
    }

    /// Changes theme and width, without asking for the page again.
    pub async fn look(&self, look: Look) {
        let theme = if look.dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": theme}]});
        self.tell("Emulation.setEmulatedMedia", media).await;
        let metrics = json!({"width": look.width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.tell("Emulation.setDeviceMetricsOverride", metrics).await;
        self.run("document.documentElement.setAttribute('data-fr-theme', arguments[0])", &[json!(theme)])
            .await;
    }

    /// Scripts off, as for who has none; on again with `true`.
    pub async fn scripts(&self, run: bool) {
        self.tell("Emulation.setScriptExecutionDisabled", json!({"value": !run})).await;
    }

    /// Tells the browser something by its own protocol; gives its answer.
    pub async fn tell(&self, command: &'static str, parameters: Value) -> Value {
        self.client.issue_cmd(Told { command, parameters }).await.unwrap()
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.client.execute(script, arguments.to_vec()).await.unwrap()
    }

    /// What axe finds wrong with the page as it is looked at: rule, help, and the first place of each.
    pub async fn violations(&self) -> Vec<String> {
        static AXE: LazyLock<String> = LazyLock::new(|| {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/axe-core/axe.min.js");
            std::fs::read_to_string(path).expect("axe-core is missing: run `npm ci`")
        });
        self.run(&AXE, &[]).await;
        let script = "const done = arguments[1]; \
                      axe.run(document, {runOnly: arguments[0], resultTypes: ['violations']}) \
                         .then(found => done(found.violations), why => done([{id: 'axe', help: String(why), nodes: []}]))";
        let found = self.client.execute_async(script, vec![json!(RULES)]).await.unwrap();
        let violations = found.as_array().cloned().unwrap_or_default();
        let told = |violation: &Value| {
            let first = &violation["nodes"][0];
            format!(
                "{}: {} {} {}",
                violation["id"], violation["help"], first["html"], first["failureSummary"]
            )
        };
        violations.iter().map(told).collect()
    }

    /// How far the page is wider than what shows it, in pixels.
    pub async fn overflow(&self) -> i64 {
        let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.run(script, &[]).await.as_i64().unwrap()
    }

    /// Everything wrong with the page that is open, in both themes, wide and narrow.
    pub async fn faults(&self, name: &str) -> Vec<String> {
        let mut faults = vec![];
        for look in Look::ALL {
            self.look(look).await;
            let found = self.violations().await;
            faults.extend(found.into_iter().map(|fault| format!("{name} {look:?}: {fault}")));
            let overflow = self.overflow().await;
            if overflow > 0 {
                faults.push(format!("{name} {look:?}: {overflow} px out of sight"));
            }
        }
        self.look(Look::ALL[0]).await;
        faults
    }

    /// Types into the field of an id, over what is there.
    pub async fn fill(&self, id: &str, text: &str) {
        let field = self.finds(Locator::Id(id)).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Types the name of a choice into the field of an id: a list of the page, or what searches it where scripts run.
    pub async fn chooses(&self, id: &str, name: &str) {
        let field = self.finds(Locator::Id(id)).await;
        if field.tag_name().await.unwrap() == "select" {
            field.send_keys(name).await.unwrap();
        } else {
            field.clear().await.unwrap();
            field.send_keys(&format!("{name}\u{e007}")).await.unwrap();
        }
    }

    /// Whether what a selector names can be seen.
    pub async fn shows(&self, selector: &str) -> bool {
        self.finds(Locator::Css(selector)).await.is_displayed().await.unwrap()
    }

    /// Whether the page has what a selector names.
    pub async fn has(&self, selector: &str) -> bool {
        !self.client.find_all(Locator::Css(selector)).await.unwrap().is_empty()
    }

    /// The text that can be seen of what a selector names, its words apart by one plain space: the driver keeps
    /// some kinds of spaces and not others.
    pub async fn text(&self, selector: &str) -> String {
        let text = self.finds(Locator::Css(selector)).await.text().await.unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Presses a link to a file; gives the file, once it is on the disk whole.
    pub async fn downloads(&self, selector: &str) -> PathBuf {
        let folder = self.profile.path().join(DOWNLOADS);
        let files = || -> BTreeSet<PathBuf> {
            std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect()
        };
        let before = files();
        self.finds(Locator::Css(selector)).await.click().await.unwrap();
        for _try in 0..100 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            // What is on its way is hidden, or bears a name of its own.
            let is_whole = |path: &PathBuf| {
                let name = path.file_name().unwrap().to_string_lossy();
                !name.starts_with('.') && !name.ends_with(".crdownload")
            };
            if let Some(new) = files().difference(&before).find(|path| is_whole(path)) {
                return new.clone();
            }
        }
        panic!("{selector}: nothing came");
    }

    /// Presses what a selector names.
    pub async fn press(&self, selector: &str) {
        self.leaves(Some(self.client.find(Locator::Css("html")).await.unwrap()));
        self.finds(Locator::Css(selector)).await.click().await.unwrap();
    }

    /// Waits for the page whose path begins so. Where something was pressed, for another page than that one,
    /// even of the same path: a form is only on its way when its button has been pressed.
    pub async fn comes_to(&self, start: &str) {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut path = String::new();
        for _try in 0..100 {
            let still = match &left {
                Some(page) => page.tag_name().await.is_ok(),
                None => false,
            };
            path = self.client.current_url().await.unwrap().path().to_owned();
            if !still && path.starts_with(start) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{start} expected, {path} found");
    }

    /// What a page shows as soon as it has come.
    pub async fn finds(&self, place: Locator<'_>) -> Element {
        self.client.wait().at_most(Duration::from_secs(10)).for_element(place).await.unwrap()
    }

    fn leaves(&self, page: Option<Element>) {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = page;
    }

    /// Closes the window.
    pub async fn close(self) {
        self.client.close().await.unwrap();
    }
}
