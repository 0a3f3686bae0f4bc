//! Which agents act for which collectivity (rule 16: data belongs to the SIREN, never to a person).
//!
//! An agent asks; an agent already attached, the prefecture of the region, the
//! ministry, or a code sent to the collectivity answers. Each answer is a step that is
//! only ever added.

use crate::domain::instant::Instant;
use crate::domain::siren::Siren;

/// Most characters of a message or of a reason.
pub const LONGEST_TEXT: usize = 500;

/// What happens to an attachment once it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepKind {
    /// The agent acts for the collectivity from then on.
    Accepted,
    /// The agent does not.
    Refused,
    /// The agent takes the request back.
    Withdrawn,
    /// The agent acts for the collectivity no more.
    Detached,
}

/// By what right a step is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// An agent attached to the collectivity.
    Peer,
    /// The prefecture of its region.
    Sgar,
    /// The ministry.
    Ministry,
    /// The code that the collectivity received.
    Code,
    /// The agent alone.
    Own,
    /// Whoever runs the program.
    Operator,
}

/// Where an attachment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nobody has answered yet.
    Awaited,
    /// The agent acts for the collectivity.
    Attached,
    /// It was refused.
    Refused,
    /// It was taken back.
    Withdrawn,
    /// It has ended.
    Detached,
}

/// A step of an attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What happened.
    pub kind: StepKind,
    /// By what right.
    pub how: How,
    /// When.
    pub at: Instant,
    /// Random id of the person who took it.
    pub by: String,
    /// Why, in French, where it is said.
    pub reason: Option<String>,
}

/// An agent's wish to act for a collectivity, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Random id.
    pub id: String,
    /// Random id of the agent.
    pub person: String,
    /// The collectivity.
    pub siren: Siren,
    /// When it was asked for.
    pub asked_at: Instant,
    /// What the agent wrote to those who answer; purgeable.
    pub message: Option<String>,
    /// What happened since, in order.
    pub steps: Vec<Step>,
}

impl StepKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Accepted, Self::Refused, Self::Withdrawn, Self::Detached];

    /// Where it leaves the attachment.
    #[must_use]
    pub const fn state(self) -> State {
        match self {
            Self::Accepted => State::Attached,
            Self::Refused => State::Refused,
            Self::Withdrawn => State::Withdrawn,
            Self::Detached => State::Detached,
        }
    }

    /// Whether it may follow `state`: an attachment that ended is asked for anew.
    #[must_use]
    pub const fn follows(self, state: State) -> bool {
        match self {
            Self::Accepted | Self::Refused | Self::Withdrawn => matches!(state, State::Awaited),
            Self::Detached => matches!(state, State::Attached),
        }
    }
}

impl How {
    /// Every right.
    pub const ALL: [Self; 6] =
        [Self::Peer, Self::Sgar, Self::Ministry, Self::Code, Self::Own, Self::Operator];

    /// Who answered, as people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Peer => "un agent de la collectivité",
            Self::Sgar => "la préfecture de région",
            Self::Ministry => "le ministère",
            Self::Code => "le code envoyé à la collectivité",
            Self::Own => "l’agent lui-même",
            Self::Operator => "l’exploitant du service",
        }
    }
}

impl State {
    /// Whether it may change without being asked for anew.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Awaited | Self::Attached)
    }

    /// As people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Awaited => "en attente",
            Self::Attached => "rattaché",
            Self::Refused => "refusé",
            Self::Withdrawn => "retiré",
            Self::Detached => "détaché",
        }
    }
}

impl Attachment {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.steps.last().map_or(State::Awaited, |step| step.kind.state())
    }

    /// The instant of a step taken at `now`: never before what it follows, when the clock that
    /// told the last one was a little ahead.
    #[must_use]
    pub fn not_before_the_last(&self, now: Instant) -> Instant {
        now.max(self.steps.last().map_or(self.asked_at, |step| step.at))
    }
}

/// A text of a person about another one, on few lines: trimmed, bounded; nothing where it is blank.
///
/// # Errors
/// A French sentence, when it is too long.
pub fn text(text: Option<&str>) -> Result<Option<String>, String> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > LONGEST_TEXT {
        return Err(format!("ce texte dépasse {LONGEST_TEXT} caractères\u{a0}: raccourcissez-le"));
    }
    Ok(Some(text.to_owned()))
}

/// Whether a text names a person by one of these: it could then never be forgotten (rule 14).
#[must_use]
pub fn names(text: &str, person: &[&str]) -> bool {
    let within = format!(" {} ", crate::domain::text::fold(text));
    let named = |name: &&str| {
        let name = crate::domain::text::fold(name);
        !name.is_empty() && within.contains(&format!(" {name} "))
    };
    person.iter().any(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_transition_that_is_not_told_is_refused() {
        use State::{Attached, Awaited, Detached, Refused, Withdrawn};
        for state in [Awaited, Attached, Refused, Withdrawn, Detached] {
            let allowed: Vec<StepKind> =
                StepKind::ALL.into_iter().filter(|kind| kind.follows(state)).collect();
            let expected: &[StepKind] = match state {
                Awaited => &[StepKind::Accepted, StepKind::Refused, StepKind::Withdrawn],
                Attached => &[StepKind::Detached],
                _ => &[],
            };
            assert_eq!(allowed, expected, "{state:?}");
            assert_eq!(state.is_open(), !expected.is_empty());
        }
    }

    #[test]
    fn it_stands_where_its_last_step_left_it() {
        let at = |text: &str| text.parse().unwrap();
        let step = |kind, at| Step { kind, how: How::Peer, at, by: "P2".to_owned(), reason: None };
        let mut attachment = Attachment {
            id: "A1".to_owned(),
            person: "P1".to_owned(),
            siren: "217500016".parse().unwrap(),
            asked_at: at("2014-06-15T21:00:00Z"),
            message: None,
            steps: vec![],
        };
        assert_eq!(attachment.state(), State::Awaited);
        attachment.steps.push(step(StepKind::Accepted, at("2014-06-20T08:00:00Z")));
        attachment.steps.push(step(StepKind::Detached, at("2014-07-20T08:00:00Z")));
        assert_eq!(attachment.state(), State::Detached);
        let last = at("2014-07-20T08:00:00Z");
        assert_eq!(attachment.not_before_the_last(last.plus_seconds(-1)), last);
        assert_eq!(attachment.not_before_the_last(last.plus_seconds(1)), last.plus_seconds(1));
    }

    #[test]
    fn a_reason_does_not_name_the_person() {
        assert!(names("Mme AGENT-FICTIF a quitté la mairie", &["Agent Fictif", "agent@ville.example"]));
        assert!(names("écrire à agent@ville.example", &["Agent Fictif", "agent@ville.example"]));
        assert!(!names("n’est plus agent de la mairie", &["Agent Fictif", "agent@ville.example"]));
        assert!(!names("inconnu", &[""]));
    }

    #[test]
    fn a_text_is_short() {
        assert_eq!(text(Some("  ")), Ok(None));
        assert_eq!(text(Some(" bonjour ")), Ok(Some("bonjour".to_owned())));
        assert!(text(Some(&"é".repeat(501))).is_err());
    }
}
