//! Whether an entry of the journal may tell of a change to a year: every write has an entry (rule 13).

use crate::domain::expected::YEARS_BACK;
use crate::domain::year::FlowYear;

/// Actions on what no sum is made from. Any other one, known or not, is taken for a change.
const ELSEWHERE: [&str; 11] = [
    "session.",
    "account.",
    // What an answer to a request lets count is told apart, as `declaration.reserve.accept`.
    "attachment.",
    "token.",
    "person.",
    "mail.",
    "call.",
    "derogation.",
    "report.",
    "journal.",
    "question.",
];

/// Whether what an entry tells of may change the sums of a flow year, or who is expected in it: filings of that
/// year and of the five before, and everything that is not known to be elsewhere.
#[must_use]
pub fn touches(action: &str, subject: &str, year: FlowYear) -> bool {
    if ELSEWHERE.iter().any(|start| action.starts_with(start)) || action.ends_with(".refused") {
        return false;
    }
    let filed = action.strip_prefix("declaration.").and(subject.split('/').nth(1));
    let filed = filed.and_then(|year| year.parse::<FlowYear>().ok());
    filed.is_none_or(|filed| filed <= year && year.get() - filed.get() <= YEARS_BACK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_to_be_elsewhere_changes_nothing() {
        let year = FlowYear::new(2020).unwrap();
        for (action, subject, expected) in [
            ("session.open", "P1", false),
            ("declaration.file.refused", "219900107/2020", false),
            ("question.ask", "219900107/2020", false),
            ("declaration.file", "219900107/2020/1", true),
            ("declaration.file", "219900107/2015", true),
            ("declaration.file", "219900107/2014", false),
            ("declaration.version", "219900107/2021", false),
            ("declaration.reserve.accept", "219900107/2020", true),
            ("declaration.file", "illisible", true),
            ("register.decide", "219900107", true),
            ("expected.import", "2021", true),
            ("history.import", "", true),
            ("jamais.vu", "", true),
        ] {
            assert_eq!(touches(action, subject, year), expected, "{action} {subject}");
        }
    }
}
