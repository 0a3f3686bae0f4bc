//! A question to a collectivity about what it declared: asked by who follows it, answered in its own space, closed
//! without effect, by a derogation or by a version. Never public.
//!
//! Each side writes in its turn, so that a form sent twice is taken once; whoever asks may close at any time.

use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

/// Most characters of a message.
pub const LONGEST: usize = 2_000;

/// In whose name a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// The ministry.
    Ministry,
    /// The prefecture of the region.
    Sgar,
}

/// Where a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The collectivity has to answer.
    Asked,
    /// It has: who asks goes on or closes.
    Answered,
    /// Nothing more is written.
    Closed,
}

/// What is done about a question that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The collectivity answers.
    Answer,
    /// Who asks does so further.
    AskFurther,
    /// Who asks closes it.
    Close,
}

/// How a question ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Without effect.
    Nothing,
    /// By the filing derogation of this number.
    Derogation(i32),
    /// By the version of this number, filed since the question.
    Version(u32),
}

/// What was written, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The words; nothing once they are forgotten.
    pub body: Option<String>,
    /// Random id of who wrote it.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// The end of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// How.
    pub outcome: Outcome,
    /// Random id of who closed it.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// A question with what was written since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Random id.
    pub id: String,
    /// To which collectivity.
    pub siren: Siren,
    /// About the declaration of which payments.
    pub flow_year: FlowYear,
    /// About which line; nothing: about the whole.
    pub reference: Option<String>,
    /// In whose name.
    pub asker: Asker,
    /// When.
    pub asked_at: Instant,
    /// What was written, in turns, the question first.
    pub messages: Vec<Message>,
    /// How it ended, if it did.
    pub end: Option<End>,
}

/// What is wrong with a message; `Display` says in French what to mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing was written.
    #[error("écrivez votre message")]
    Empty,
    /// Too much was.
    #[error("le message dépasse 2\u{202f}000 caractères\u{a0}: raccourcissez-le")]
    TooLong,
}

impl Asker {
    /// Every side that asks.
    pub const ALL: [Self; 2] = [Self::Ministry, Self::Sgar];

    /// As people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ministry => "le ministère",
            Self::Sgar => "la préfecture de région",
        }
    }
}

impl State {
    /// Every state, in order.
    pub const ALL: [Self; 3] = [Self::Asked, Self::Answered, Self::Closed];

    /// Its word in an address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asked => "posee",
            Self::Answered => "repondue",
            Self::Closed => "close",
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Asked => "posée",
            Self::Answered => "répondue",
            Self::Closed => "close",
        }
    }
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 3] = [Self::Answer, Self::AskFurther, Self::Close];

    /// Whether it may follow `state`.
    #[must_use]
    pub const fn follows(self, state: State) -> bool {
        match self {
            Self::Answer => matches!(state, State::Asked),
            Self::AskFurther => matches!(state, State::Answered),
            Self::Close => !matches!(state, State::Closed),
        }
    }
}

impl Question {
    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> State {
        match (&self.end, self.messages.len() % 2) {
            (Some(_), _) => State::Closed,
            (None, 0) => State::Answered,
            (None, _) => State::Asked,
        }
    }

    /// Who wrote the first message.
    #[must_use]
    pub fn asked_by(&self) -> Option<&str> {
        self.messages.first().map(|message| message.by.as_str())
    }

    /// Who asked last: whom the next answer is for.
    #[must_use]
    pub fn last_asked_by(&self) -> Option<&str> {
        self.messages.iter().step_by(2).next_back().map(|message| message.by.as_str())
    }

    /// The instant of what follows at `now`: never before what is there, when the clock that told it was a little ahead.
    #[must_use]
    pub fn not_before_the_last(&self, now: Instant) -> Instant {
        now.max(self.messages.last().map_or(self.asked_at, |message| message.at))
    }
}

/// Whether the message of this place, from 0, is of who asks.
#[must_use]
pub const fn asks(place: usize) -> bool {
    place.is_multiple_of(2)
}

/// A message as it is kept: ends trimmed, lines of one form, not empty, bounded.
///
/// # Errors
/// What is wrong with it.
pub fn text(typed: &str) -> Result<String, TextError> {
    let text = typed.trim().replace("\r\n", "\n");
    match text.chars().count() {
        0 => Err(TextError::Empty),
        1..=LONGEST => Ok(text),
        _ => Err(TextError::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        "2014-05-20T10:00:00Z".parse::<Instant>().unwrap().plus_seconds(seconds)
    }

    fn question(messages: usize, end: Option<Outcome>) -> Question {
        let message = |place: usize| Message {
            body: Some("texte".to_owned()),
            by: format!("P{place}"),
            at: at(i64::try_from(place).unwrap()),
        };
        Question {
            id: "Q1".to_owned(),
            siren: "217500016".parse().unwrap(),
            flow_year: FlowYear::new(2013).unwrap(),
            reference: None,
            asker: Asker::Ministry,
            asked_at: at(0),
            messages: (0..messages).map(message).collect(),
            end: end.map(|outcome| End { outcome, by: "P0".to_owned(), at: at(9) }),
        }
    }

    #[test]
    fn each_side_writes_in_its_turn_until_it_is_closed() {
        use State::{Answered, Asked, Closed};
        let states = |end| [1, 2, 3, 4].map(|messages| question(messages, end).state());
        assert_eq!(states(None), [Asked, Answered, Asked, Answered]);
        for end in [Outcome::Nothing, Outcome::Derogation(3), Outcome::Version(2)] {
            assert_eq!(states(Some(end)), [Closed; 4]);
        }
    }

    #[test]
    fn every_act_that_is_not_told_is_refused() {
        for state in State::ALL {
            let allowed: Vec<Act> = Act::ALL.into_iter().filter(|act| act.follows(state)).collect();
            let expected: &[Act] = match state {
                State::Asked => &[Act::Answer, Act::Close],
                State::Answered => &[Act::AskFurther, Act::Close],
                State::Closed => &[],
            };
            assert_eq!(allowed, expected, "{state:?}");
        }
    }

    #[test]
    fn an_answer_is_for_who_asked_last() {
        let asked = |messages| question(messages, None);
        for (messages, last) in [(1, "P0"), (2, "P0"), (3, "P2"), (4, "P2")] {
            assert_eq!(asked(messages).last_asked_by(), Some(last), "{messages}");
            assert_eq!(asked(messages).asked_by(), Some("P0"));
        }
        assert_eq!([0, 1, 2].map(asks), [true, false, true]);
        assert_eq!(asked(3).not_before_the_last(at(1)), at(2));
        assert_eq!(asked(3).not_before_the_last(at(5)), at(5));
    }

    #[test]
    fn a_message_says_something_and_is_bounded() {
        assert_eq!(text(" Pourquoi\r\nce montant\u{a0}? "), Ok("Pourquoi\nce montant\u{a0}?".to_owned()));
        assert_eq!(text(" \r\n "), Err(TextError::Empty));
        assert_eq!(text(&"é".repeat(LONGEST)), Ok("é".repeat(LONGEST)));
        assert_eq!(text(&"é".repeat(LONGEST + 1)), Err(TextError::TooLong));
    }
}
