//! One reader, guided by what the program executes: `EAPD_FUZZ` names it, libFuzzer reads its own options.
#![no_main]

#[path = "../../tests/fuzz/readers.rs"]
mod readers;
#[path = "../../tests/fuzz/tables.rs"]
mod tables;
#[path = "../../tests/fuzz/values.rs"]
mod values;
#[path = "../../tests/fuzz/workbooks.rs"]
mod workbooks;

use std::sync::LazyLock;

static READER: LazyLock<&'static readers::Reader> = LazyLock::new(|| {
    let name = std::env::var("EAPD_FUZZ").unwrap_or_default();
    readers::named(&name).unwrap_or_else(|| panic!("EAPD_FUZZ names no reader: {name:?}"))
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (READER.read)(bytes));
