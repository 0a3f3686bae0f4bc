//! What an entry of the journal means for the figures of a flow year: every write has an entry (rule 13), so figures
//! kept in memory are brought up to date by what was told since.

use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

/// What an entry changes of a flow year: who is expected, what they filed, what that adds up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing of it.
    Nothing,
    /// What this body filed for it.
    Filed(Siren),
    /// Anything, for all that the entry says.
    Anything,
}

/// First words of the actions that move no figure. What is not known here may move any.
const APART: [&str; 23] = [
    "session.",
    "account.",
    // What an answer to a request lets count is told apart, as `declaration.reserve.accept`.
    "attachment.",
    "person.",
    "contact.",
    "contacts.",
    "question.",
    "mail.",
    "token.",
    "collectivity.missing",
    "campaign.plan",
    "campaign.extend",
    "campaign.settle",
    "campaign.publish",
    "campaign.announce",
    "call.",
    "certificate.",
    "derogation.",
    "title.",
    "report.",
    "reminder.",
    "follow_up.",
    "journal.",
];

impl Effect {
    /// The effect of an action on its subject.
    #[must_use]
    pub fn of(action: &str, subject: &str, year: FlowYear) -> Self {
        if action.ends_with(".refused") || APART.iter().any(|start| action.starts_with(start)) {
            return Self::Nothing;
        }
        let mut parts = subject.split('/');
        let mut filed = || -> Option<(Siren, FlowYear)> {
            Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
        };
        match action.strip_prefix("declaration.").and_then(|_what| filed()) {
            Some((siren, of)) if of == year => Self::Filed(siren),
            // What is filed later makes nobody expected; what was filed before may.
            Some((_, of)) if of > year => Self::Nothing,
            _ => Self::Anything,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_journal_tells_moves_what_it_must() {
        let filed = Effect::Filed("217500016".parse().unwrap());
        let year = FlowYear::new(2013).unwrap();
        for (action, subject, effect) in [
            ("declaration.file", "217500016/2013", filed),
            ("declaration.file", "217500016/2013/1", filed),
            ("declaration.reserve.accept", "217500016/2013", filed),
            ("declaration.file", "217500016/2014", Effect::Nothing),
            // The past makes expected.
            ("declaration.file", "217500016/2012", Effect::Anything),
            ("declaration.file", "illisible", Effect::Anything),
            ("declaration.file.refused", "217500016/2013", Effect::Nothing),
            ("session.open", "S1", Effect::Nothing),
            ("attachment.accept", "A1", Effect::Nothing),
            ("campaign.extend", "2014", Effect::Nothing),
            ("campaign.create", "2014", Effect::Anything),
            ("campaign.cancel", "2014", Effect::Anything),
            ("register.decide", "217500016", Effect::Anything),
            ("expected.import", "2014", Effect::Anything),
            ("expected.decide", "217500016/2013", Effect::Anything),
            ("history.import", "reprise", Effect::Anything),
            ("une.action.nouvelle", "217500016/2013", Effect::Anything),
        ] {
            assert_eq!(Effect::of(action, subject, year), effect, "{action} {subject}");
        }
    }
}
