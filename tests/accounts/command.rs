//! The same by the command line, as whoever runs the service.

use super::world::{siren, world};
use crate::support::{TestApp, contract};

const AT: &str = "2014-05-20T09:00:00Z";

async fn an_operator_keeps_accounts_and_contacts(test: TestApp) {
    let siren = siren("A").to_string();
    let run = |args: &[&str]| test.instance.eapd(Some(AT), args);
    let create = [
        "user",
        "create",
        "--email",
        "agent@ville.example",
        "--name",
        "Agent inventé",
        "--function",
        "secrétaire",
        "--role",
        "declarant",
    ];
    let made = run(&create);
    assert!(made.done(), "{made}");
    let password = made.stdout.lines().last().unwrap().to_owned();
    assert_eq!(password.len(), 26, "{made}");
    assert_eq!(run(&create).code, Some(1), "an address has one account");
    let attached = run(&["user", "attach", "agent@ville.example", &siren]);
    assert!(attached.done(), "{attached}");
    let list = run(&["user", "list"]);
    assert!(list.stdout.contains("agent@ville.example") && !list.stdout.contains(&password), "{list}");
    let file = test.instance.home().join("contacts.csv");
    std::fs::write(&file, format!("siren;courriel;source\n{siren};mairie@ville.example;annuaire\n")).unwrap();
    let file = file.display().to_string();
    let dry = run(&["contacts", "import", &file, "--dry-run"]);
    assert!(dry.stdout.contains("1 contact(s) ajouté(s)") && dry.stdout.contains("rien n’a été"), "{dry}");
    let import = run(&["contacts", "import", &file]);
    assert!(import.stdout.contains("1 contact(s) ajouté(s)"), "{import}");
    std::fs::write(&file, "siren;courriel;source\n217500017;mairie;annuaire\n").unwrap();
    let wrong = run(&["contacts", "import", &file]);
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.stderr.contains("colonne «\u{a0}courriel\u{a0}»"), "{wrong}");
    let invite = [
        "--email",
        "sgar@prefecture.example",
        "--name",
        "Préfète inventée",
        "--function",
        "chargée de mission",
    ];
    let invite = |role: &[&str]| run(&[&["user", "invite"], &invite[..], role].concat());
    assert_eq!(invite(&["--role", "sgar"]).code, Some(2), "a prefecture has a region");
    assert_eq!(invite(&["--role", "declarant"]).code, Some(1));
    let invited = invite(&["--role", "sgar", "--region", "53"]);
    assert!(invited.stdout.contains("Invitation envoyée"), "{invited}");
    let reset = run(&["user", "reset-second-factor", "sgar@prefecture.example"]);
    assert!(reset.stderr.contains("pas de double authentification"), "{reset}");
    for args in [["user", "disable", "agent@ville.example"], ["user", "erase", "agent@ville.example"]] {
        let done = run(&args);
        assert!(done.done(), "{done}");
    }
    assert_eq!(run(&["user", "erase", "agent@ville.example"]).code, Some(1));
    assert_eq!(run(&["user", "create", "--email", "x"]).code, Some(2));
}

contract!(with world, "2014-05-20T08:00:00Z": an_operator_keeps_accounts_and_contacts);
