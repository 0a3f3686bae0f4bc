//! The pages in `docs/access.csv`, walked both ways: every page is in it for every role and method, every status
//! is the one it says, on objects that exist; and a refused write changes nothing.

mod forms;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use eapd::config::Profile;
use eapd::domain::account::{AccountRole, Email, Identity};
use eapd::domain::call::CallCode;
use eapd::domain::certificate::Certificate;
use eapd::domain::contact::Origin;
use eapd::domain::instant::Instant;
use eapd::domain::question::{Asker, Message, Question};
use eapd::domain::release_order::ReleaseOrder;
use eapd::domain::token::RoleName;
use eapd::service::account::NewAccount;
use eapd::service::report::{self, ReportName};
use eapd::service::{account, attachment, derogation, operator};
use eapd::store;
use eapd::store::asked_list::AskedList;
use eapd::store::call_dossier::{CallDossier, DossierMember, Noted};
use eapd::store::contact::Contact;
use eapd::store::upload::Upload;

use self::forms::{form, path};
use super::desk::{BOUNDARY, multipart};
use super::world::{Page, ask};
use crate::api::world::{FAR, NOW, OTHER, OWN, build};
use crate::support::instance::without_refusals;
use crate::support::people::{key, session};
use crate::support::template::{Made, prepared};
use crate::support::{Engine, Role as DatabaseRole, TestApp, contract};
use told::{SILENT, told_by_the_journal};

contract!(with world, "2014-05-20T10:00:00+02:00": the_table_of_pages_holds);

const TABLE: &str = include_str!("../../docs/access.csv");
const PASSWORD: &str = "girafe velours octet jambon";
const OBJECTS: [&str; 3] = [OWN, OTHER, FAR];
/// A file that its agent looks at before it is imported.
const PREVIEW: &str = "APERCU";
/// A list that the instructor asked about, and a certificate that the instructor issued on [`OWN`].
const LIST: &str = "LISTE";
const CERTIFICATE: &str = "ATTESTATION";
/// A release that the manager ordered.
const ORDER: &str = "COMMANDE";
/// A contact of [`OWN`].
const CONTACT: &str = "CONTACT";
const CALL: &str = "AAP-2014";
/// Lines that a manager looks at before they are filed for [`OWN`].
const PROPOSAL: &str = "PROPOSITION";
/// Under which name the id of an account is kept with receipts.
const PERSON: &str = "personne";
const FILE: &str =
    "titre;pays;secteur;canal;nature;montant_verse\nPuits (fictif);MLI;14030;22000;projet;100\n";
/// A file about the register.
const DECISIONS: &str = "operation;siren;date\nfin;219900115;2013-12-31\n";
/// The forms that need no session.
const OPEN_TO_ALL: [&str; 4] = ["/connexion", "/deconnexion", "/inscription", "/mot-de-passe-oublie"];
/// Who asks besides the roles of accounts: nobody, and an agent whose attachment to [`OWN`] is not answered.
const ANYONE: &str = "anonyme";
const AWAITING: &str = "declarant_en_attente";

fn address(role: &str) -> String {
    format!("{role}@service.example")
}

/// What the cookie of a role's session holds.
fn secret(role: &str) -> String {
    format!("SESSION0{}", role.to_uppercase().replace('_', "0"))
}

/// The id of a request to be attached that waits, for a body.
fn asked(siren: &str) -> String {
    format!("DEMANDE-{siren}")
}

/// The id of another one, which the prefecture and the ministry answer.
fn followed(siren: &str) -> String {
    format!("SUIVI-{siren}")
}

/// The id of a question that a body has to answer.
fn to(siren: &str) -> String {
    format!("QUESTION-{siren}")
}

/// The world of the API with an account and a session for each role, and requests that wait.
async fn world(engine: Engine) -> Made {
    prepared(engine, Profile::Demo, "pages", "2013-01-10T09:00:00+01:00", async |test: &TestApp| {
        build(test).await;
        test.set_clock(NOW);
        let app = &test.app;
        let operator = operator::identify(app, "essai").await.unwrap();
        let roles = RoleName::ALL.map(|role| (role.code(), of_name(role)));
        let askers = ["demandeur", "demandeuse"].map(|name| (name, AccountRole::Declarant));
        let mut persons = BTreeMap::new();
        for (name, role) in roles.into_iter().chain([(AWAITING, AccountRole::Declarant)]).chain(askers) {
            let identity = Identity::new("Agent Inventé", "essai").unwrap();
            let new = NewAccount { email: address(name).parse::<Email>().unwrap(), identity, role };
            let person = account::create(app, &operator, &new, PASSWORD).await.unwrap();
            session(test, &person, &new.role, (&format!("S-{name}"), &secret(name))).await;
            persons.insert(name, person);
        }
        let lines = ReportName::Lines;
        report::release(app, &operator, lines, "2012".parse().unwrap(), &|_, _| ()).await.unwrap();
        let own = OWN.parse().unwrap();
        attachment::attach(app, &operator, &persons["declarant"], own).await.unwrap();
        let mut tx = app.db.begin().await.unwrap();
        let asks = OBJECTS.map(|siren| (asked(siren), "demandeur", siren));
        let followed = OBJECTS.map(|siren| (followed(siren), "demandeuse", siren));
        let awaiting = [("DEMANDE".to_owned(), AWAITING, OWN)];
        for (id, who, siren) in asks.into_iter().chain(followed).chain(awaiting) {
            let about = (persons[who].as_str(), siren.parse().unwrap());
            store::attachment::insert(&mut tx, &id, about, None, app.now()).await.unwrap();
        }
        ordered(&mut tx, &persons["gestionnaire"], app.now()).await;
        for (id, who, adds) in [(PREVIEW, "declarant", true), (PROPOSAL, "gestionnaire", false)] {
            let upload = Upload {
                id: id.to_owned(),
                person: persons[who].clone(),
                siren: own,
                year: "2013".parse().unwrap(),
                adds,
                present: vec![],
                content: FILE.as_bytes().to_vec(),
                kept_at: app.now(),
            };
            store::upload::insert(&mut tx, &upload).await.unwrap();
        }
        let contact = Contact {
            id: CONTACT.to_owned(),
            siren: own,
            email: "elue@service.example".parse().unwrap(),
            name: None,
            function: None,
            origin: Origin::Imported,
            source: "essai".to_owned(),
            recorded_at: app.now(),
            confirmed: None,
        };
        store::contact::insert(&mut tx, &contact).await.unwrap();
        let instructor = persons["instructeur"].as_str();
        eligibility(&mut tx, instructor, app.now()).await;
        for siren in OBJECTS {
            questioned(&mut tx, siren, &persons["gestionnaire"], app.now()).await;
        }
        tx.commit().await.unwrap();
        derogation::grant_eligibility(app, &operator, own, "AAP-2014", "essai").await.unwrap();
    })
    .await
}

/// A question of a manager that waits.
async fn questioned(tx: &mut store::Tx<'_>, siren: &str, person: &str, now: Instant) {
    let body = Some("Une question (fictive)".to_owned());
    let question = Question {
        id: to(siren),
        siren: siren.parse().unwrap(),
        flow_year: "2013".parse().unwrap(),
        reference: None,
        asker: Asker::Ministry,
        asked_at: now,
        messages: vec![Message { body, by: person.to_owned(), at: now }],
        end: None,
    };
    store::question::insert(tx, &question).await.unwrap();
}

/// A release on its way.
async fn ordered(tx: &mut store::Tx<'_>, person: &str, now: Instant) {
    let order = ReleaseOrder {
        id: ORDER.to_owned(),
        name: ReportName::Tresor.code().to_owned(),
        flow_year: "2012".parse().unwrap(),
        ordered_by: person.to_owned(),
        ordered_at: now,
        done: 0,
        total: 0,
        attempts: 0,
        end: None,
    };
    assert!(store::release_order::insert(tx, &order).await.unwrap());
}

/// A list, a certificate and a dossier of an instructor.
async fn eligibility(tx: &mut store::Tx<'_>, person: &str, now: Instant) {
    let (call, siren): (CallCode, _) = (CALL.parse().unwrap(), OWN.parse().unwrap());
    let list = AskedList {
        id: LIST.to_owned(),
        person: person.to_owned(),
        call: call.clone(),
        content: format!("siren\n{OWN}").into_bytes(),
        kept_at: now,
    };
    store::asked_list::insert(tx, &list).await.unwrap();
    let facts = format!(
        "{{\"appel_intitule\":\"Appel\",\"collectivite\":null,\"numero\":\"{CERTIFICATE}\",\"reponse\":{{\
         \"appel\":\"{CALL}\",\"au\":\"{now}\",\"exercices\":[],\"explication\":\"Éligible.\",\
         \"motif\":\"A_DECLARE\",\"siren\":\"{OWN}\",\"statut\":\"eligible\",\"texte_fondateur\":\"Texte\"}}}}",
        now = now.to_rfc3339()
    );
    let certificate = Certificate {
        number: CERTIFICATE.to_owned(),
        siren,
        call: call.clone(),
        rank: 1,
        facts,
        sha256: "0a".repeat(32),
        journal_head: String::new(),
        issued_by: person.to_owned(),
        issued_at: now,
    };
    store::certificate::insert(tx, &certificate).await.unwrap();
    let noted = Noted { status: "eligible".to_owned(), reason: "A_DECLARE".to_owned(), at: now };
    let members = vec![DossierMember { leads: true, who: Ok(siren) }];
    let dossier = CallDossier { name: "D1".to_owned(), put_at: now, noted, members };
    store::call_dossier::put(tx, &call, &dossier, person).await.unwrap();
}

fn of_name(role: RoleName) -> AccountRole {
    match role {
        RoleName::Declarant => AccountRole::Declarant,
        RoleName::Sgar => AccountRole::Sgar("11".to_owned()),
        RoleName::Instructor => AccountRole::Instructor,
        RoleName::Manager => AccountRole::Manager,
        RoleName::Observer => AccountRole::Observer,
        RoleName::Administrator => AccountRole::Administrator,
    }
}

/// One cell of the table.
#[derive(Debug, Clone)]
struct Case {
    method: Method,
    page: String,
    role: String,
    siren: &'static str,
    status: u16,
}

impl Case {
    /// Whether the request is taken, and may change what is there.
    fn writes(&self) -> bool {
        let is_taken =
            self.status < 400 && (self.role != ANYONE || OPEN_TO_ALL.contains(&self.page.as_str()));
        self.method == Method::POST && is_taken
    }

    /// What the answer has that the table does not say.
    fn differs(&self, page: &Page) -> Option<String> {
        sealed(page, self);
        (page.status.as_u16() != self.status).then(|| format!("{self:?}: {}", page.status))
    }
}

fn cases() -> Vec<Case> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(TABLE.as_bytes());
    let mut cases = Vec::new();
    for row in reader.records().map(Result::unwrap).filter(|row| is_page(&row[1])) {
        for (index, siren) in OBJECTS.into_iter().enumerate() {
            let status = &row[index + 3];
            if status == "-" {
                assert!(index > 0 && !row[1].contains("{siren}"), "{row:?}");
                continue;
            }
            let (method, status) = (row[0].parse().unwrap(), status.parse().unwrap());
            cases.push(Case { method, page: row[1].to_owned(), role: row[2].to_owned(), siren, status });
        }
    }
    cases
}

fn is_page(path: &str) -> bool {
    !path.starts_with("/api/") && !["/healthz", "/readyz"].contains(&path)
}

/// Sends the request of a case; a form as if from a page of ours, or of another site.
async fn send(app: &TestApp, case: &Case, receipts: &BTreeMap<String, String>, site: &str) -> Page {
    let path = path(&case.page, case.siren, receipts);
    let mut request = Request::builder().method(case.method.clone()).uri(path);
    if case.role != ANYONE {
        request = request.header(header::COOKIE, format!("__Host-eapd-session={}", secret(&case.role)));
    }
    if case.method == Method::GET {
        return ask(app, request.body(Body::empty()).unwrap()).await;
    }
    let has_file = ["/import", "/fichier", "/version"].iter().any(|end| case.page.ends_with(end));
    let (kind, body) = if has_file {
        let list = format!("siren;motif\n{};essai\n", case.siren);
        let file = match case.page.as_str() {
            page if page.ends_with("/fichier") => DECISIONS,
            page if page.ends_with("/import") && page.contains("{annee}") => &list,
            _ => FILE,
        };
        let parts = [
            ("mode", None, &b"ajouter"[..]),
            ("nature", None, &b"decisions"[..]),
            ("fichier", Some("fichier.csv"), file.as_bytes()),
        ];
        (format!("multipart/form-data; boundary={BOUNDARY}"), multipart(&parts))
    } else if case.page == "/pilotage/eligibilite" {
        let parts =
            [("appel", None, CALL.as_bytes()), ("sirens", None, OWN.as_bytes()), ("fichier", Some(""), b"")];
        (format!("multipart/form-data; boundary={BOUNDARY}"), multipart(&parts))
    } else {
        let fields = form(&case.page, case.siren).unwrap_or_else(|| panic!("{case:?} has no form"));
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        ("application/x-www-form-urlencoded".to_owned(), body.into_bytes())
    };
    let request = request.header(header::CONTENT_TYPE, kind).header("sec-fetch-site", site);
    ask(app, request.body(Body::from(body)).unwrap()).await
}

/// What every answer says of itself, refusals and downloads included.
fn sealed(page: &Page, case: &Case) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(page.header(name), value, "{name} {case:?}");
    }
    let policy = page.header("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{case:?} {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{case:?} {policy}");
    assert_eq!(page.header("x-request-id").len(), 26, "{case:?}");
}

/// What the database holds, but for refusals told to the journal and what was typed by who must sign in first.
fn dump(app: &TestApp) -> String {
    let outcome = match app.engine() {
        Engine::Sqlite => app.instance.sql(".dump"),
        Engine::Postgres => {
            app.instance.sql_as(DatabaseRole::Owner, "SELECT schema_to_xml('public', true, true, '');")
        }
    };
    assert!(outcome.done() && outcome.stdout.contains("Commune fictive"), "{outcome}");
    let mut kept = String::new();
    let mut rest = outcome.stdout.as_str();
    while let Some((before, after)) = rest.split_once("<stash>") {
        kept.push_str(before);
        rest = after.split_once("</stash>").unwrap().1;
    }
    kept.push_str(rest);
    let is_kept = |line: &&str| !line.starts_with("INSERT INTO stash");
    without_refusals(&kept).lines().filter(is_kept).collect::<Vec<_>>().join("\n")
}

/// Receipts of the version that each body filed for 2013, where it did; and an account that is nobody's own who asks.
fn receipts(app: &TestApp) -> BTreeMap<String, String> {
    let rows = app.instance.must("SELECT siren || ' ' || number FROM receipt WHERE flow_year = 2013;");
    let person = app.instance.must("SELECT 'personne ' || person FROM session WHERE id = 'S-demandeuse';");
    rows.lines()
        .chain(person.lines())
        .filter_map(|row| row.split_once(' '))
        .map(|(siren, number)| (siren.to_owned(), number.to_owned()))
        .collect()
}

/// The methods that each page takes, asked of the router itself.
async fn taken(app: &TestApp) -> BTreeSet<(String, String)> {
    let mut taken = BTreeSet::new();
    for page in eapd::web::routes::addresses() {
        let path = path(page, OWN, &BTreeMap::new());
        let request =
            Request::builder().method(Method::DELETE).uri(path).header("sec-fetch-site", "same-origin");
        let page_of = ask(app, request.body(Body::empty()).unwrap()).await;
        let allowed = page_of.header("allow").to_owned();
        assert!(!allowed.is_empty(), "{page} does not say what it takes");
        let methods = allowed.split(',').map(str::trim).filter(|method| *method != "HEAD");
        taken.extend(methods.map(|method| (method.to_owned(), page.to_owned())));
    }
    taken
}

/// Every page of the table that anyone can open, as somebody who can, about objects that exist.
pub struct Opened {
    pub path: String,
    /// The cookie of who opens it; none for anyone.
    pub cookie: Option<String>,
}

/// The pages that open in `test`, a copy of [`world`]; and those that lead elsewhere or give a file to all.
pub async fn opened(test: &TestApp) -> (Vec<Opened>, BTreeSet<String>) {
    // Who has the most to see of a page comes first.
    let roles = [
        ANYONE,
        "declarant",
        "gestionnaire",
        "administrateur",
        "instructeur",
        "sgar",
        "observateur",
        AWAITING,
    ];
    let receipts = receipts(test);
    let cases: Vec<_> =
        cases().into_iter().filter(|case| case.method == Method::GET && case.siren == OWN).collect();
    let mut others: BTreeSet<String> = cases.iter().map(|case| case.page.clone()).collect();
    let mut pages = vec![];
    for role in roles {
        for case in cases.iter().filter(|case| case.role == role) {
            if !others.contains(&case.page) {
                continue;
            }
            let answer = send(test, case, &receipts, "same-origin").await;
            if answer.status == StatusCode::OK && answer.header("content-type").starts_with("text/html") {
                others.remove(&case.page);
                let cookie = (role != ANYONE).then(|| format!("__Host-eapd-session={}", secret(role)));
                pages.push(Opened { path: path(&case.page, case.siren, &receipts), cookie });
            }
        }
    }
    (pages, others)
}

/// A copy of the world of the table.
pub async fn lived_in() -> TestApp {
    TestApp::copy_of(&world(Engine::Sqlite).await, NOW).await
}

async fn the_table_of_pages_holds(test: TestApp) {
    let template = world(test.engine()).await;
    let cases = cases();
    let told: BTreeSet<(String, String)> =
        cases.iter().map(|case| (case.method.to_string(), case.page.clone())).collect();
    assert_eq!(told, taken(&test).await, "docs/access.csv and the pages differ");
    let all: BTreeSet<&str> =
        RoleName::ALL.map(RoleName::code).into_iter().chain([ANYONE, AWAITING]).collect();
    for (method, page) in &told {
        let rows = cases.iter().filter(|case| case.method.as_str() == method && case.page == *page);
        assert_eq!(rows.map(|case| case.role.as_str()).collect::<BTreeSet<_>>(), all, "{method} {page}");
    }
    let receipts = receipts(&test);
    let untouched = dump(&test);
    let told_before = told_by_the_journal(&test);
    let mut wrong = vec![];
    // What is read, and what is refused.
    for (method, page) in &told {
        for case in cases.iter().filter(|case| case.method.as_str() == method && case.page == *page) {
            if case.method == Method::POST {
                let foreign = send(&test, case, &receipts, "cross-site").await;
                assert_eq!(foreign.status, StatusCode::FORBIDDEN, "{case:?} from another site");
                sealed(&foreign, case);
            }
            if !case.writes() {
                wrong.extend(case.differs(&send(&test, case, &receipts, "same-origin").await));
            }
        }
        if method == "POST" {
            assert!(dump(&test) == untouched, "{page} was refused and wrote");
        }
    }
    assert!(dump(&test) == untouched, "reading wrote");
    // What is written, and told by the journal.
    let mut silent = BTreeSet::new();
    for role in all {
        let mut own = TestApp::copy_of(&template, NOW).await;
        let writing = cases.iter().filter(|case| case.role == role && case.writes());
        for case in writing {
            wrong.extend(case.differs(&send(&own, case, &receipts, "same-origin").await));
            if told_by_the_journal(&own) == told_before {
                silent.insert(case.page.as_str());
            }
            let parts = ["{exercice}", "/pilotage/eligibilite", "/questions", "/contacts"];
            if parts.iter().any(|part| case.page.contains(part)) {
                // Nothing was prepared before the attachment that could be added.
                if !case.page.ends_with("/brouillon-d-avant") && dump(&own) == untouched {
                    wrong.push(format!("{case:?} wrote nothing"));
                }
            }
            // A write may end the session, or what the next one is about.
            own = TestApp::copy_of(&template, NOW).await;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(silent, SILENT.into(), "forms that were taken and of which the journal tells nothing");
}
