//! What the service refuses to do, and why: one catalogue of stable codes (`EAPD-Dnnn`).
//!
//! Faults of a line or of a cell have their own catalogues; here are the
//! refusals of a whole request.

use std::fmt;

/// Which answer a refusal gets: decided once here, mapped to a status by each audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// What is named does not exist.
    NotFound,
    /// The time for it has not come, or is past.
    Closed,
    /// It contradicts what is there.
    Conflict,
    /// What it was based on has changed meanwhile.
    Stale,
    /// The person may not do it.
    Forbidden,
    /// What was sent cannot be accepted as it is.
    Invalid,
    /// It was tried too often: later.
    TooOften,
}

macro_rules! refusals {
    ($($(#[doc = $doc:literal])+ $name:ident $code:literal $kind:ident;)+) => {
        /// A stable reason to refuse.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Because {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Because {
            /// Every reason, for the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The kind of answer.
            #[must_use]
            pub const fn kind(self) -> RefusalKind {
                match self { $(Self::$name => RefusalKind::$kind),+ }
            }

            /// What it stands for (English, for the documentation).
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+)),+ }
            }
        }
    };
}

refusals! {
    /// The SIREN is not in the register.
    UnknownSiren "EAPD-D001" NotFound;
    /// There is no campaign of that year.
    UnknownCampaign "EAPD-D002" NotFound;
    /// There is no call of that code.
    UnknownCall "EAPD-D003" NotFound;
    /// There is no derogation of that number.
    UnknownDerogation "EAPD-D004" NotFound;
    /// There is nothing filed for that SIREN and year.
    NothingFiled "EAPD-D005" NotFound;
    /// There is no report of that name, year or edition.
    UnknownReport "EAPD-D006" NotFound;
    /// There is no token of that id.
    UnknownToken "EAPD-D007" NotFound;
    /// There is no receipt, certificate or dossier of that number.
    UnknownDocument "EAPD-D008" NotFound;
    /// There is no draft for that SIREN and year.
    NoDraft "EAPD-D009" NotFound;
    /// There is no line of that reference.
    UnknownLine "EAPD-D017" NotFound;
    /// No file of that id waits for its import.
    UnknownUpload "EAPD-D018" NotFound;
    /// The window has not opened yet.
    NotYetOpen "EAPD-D010" Closed;
    /// The window is closed.
    WindowClosed "EAPD-D011" Closed;
    /// The campaign is settled: only the ministry's versions are possible.
    CampaignSettled "EAPD-D012" Closed;
    /// The campaign was cancelled.
    CampaignCancelled "EAPD-D013" Closed;
    /// The window is not over yet.
    WindowNotOver "EAPD-D014" Closed;
    /// The campaign is not settled yet.
    NotSettled "EAPD-D015" Closed;
    /// The body did not exist in the flow year.
    DidNotExist "EAPD-D016" Invalid;
    /// The dates change only before the window opens.
    DatesFixed "EAPD-D020" Closed;
    /// The campaign exists already.
    CampaignExists "EAPD-D021" Conflict;
    /// An extension only moves the end later.
    NotLater "EAPD-D022" Invalid;
    /// The step is taken already.
    StepTaken "EAPD-D023" Conflict;
    /// The campaign holds filings.
    HasFilings "EAPD-D024" Conflict;
    /// The call exists already.
    CallExists "EAPD-D025" Conflict;
    /// The derogation is revoked already.
    RevokedAlready "EAPD-D026" Conflict;
    /// The year has a campaign: amounts are declared there.
    YearHasCampaign "EAPD-D027" Conflict;
    /// Another amount is on file: a reason is needed.
    ReasonNeeded "EAPD-D028" Invalid;
    /// A date, a window or a text is not valid.
    Invalid "EAPD-D029" Invalid;
    /// The draft was changed meanwhile.
    StaleDraft "EAPD-D030" Stale;
    /// The idempotency key served another request.
    KeyReused "EAPD-D031" Conflict;
    /// There are no lines to file.
    NoLines "EAPD-D032" Invalid;
    /// A nil declaration has no lines.
    NilWithLines "EAPD-D033" Invalid;
    /// Another version was filed meanwhile.
    FiledMeanwhile "EAPD-D034" Conflict;
    /// The signature is incomplete.
    Unsigned "EAPD-D035" Invalid;
    /// A reference exists already in the declaration.
    ReferenceExists "EAPD-D036" Conflict;
    /// A manager's version needs a reason and a document.
    DocumentNeeded "EAPD-D037" Invalid;
    /// A filing awaits the attachment of its agent: that is answered first.
    AwaitsAttachment "EAPD-D038" Conflict;
    /// The person may not do this.
    Forbidden "EAPD-D040" Forbidden;
    /// The file is not valid against its schema, or cannot be checked here.
    NotValidated "EAPD-D050" Conflict;
    /// The address and the password do not go together.
    WrongCredentials "EAPD-D060" Forbidden;
    /// It was tried too often.
    TooOften "EAPD-D061" TooOften;
    /// The password is too short, too long or easily guessed.
    WeakPassword "EAPD-D062" Invalid;
    /// The link or the code does not serve, or no more.
    DeadLink "EAPD-D063" NotFound;
    /// The code is wrong.
    WrongCode "EAPD-D064" Invalid;
    /// There is no attachment of that id.
    UnknownAttachment "EAPD-D065" NotFound;
    /// The attachment is asked for or granted already.
    AttachedAlready "EAPD-D066" Conflict;
    /// The attachment was answered or has ended already.
    AttachmentAnswered "EAPD-D067" Conflict;
    /// The last agent of a collectivity stays.
    LastAgent "EAPD-D068" Conflict;
    /// There is no person or account of that name.
    UnknownPerson "EAPD-D069" NotFound;
    /// The collectivity has no address of that id.
    UnknownContact "EAPD-D070" NotFound;
    /// What was kept is too large, or there is no room.
    NotKept "EAPD-D071" Invalid;
    /// The address has an account already.
    AccountExists "EAPD-D072" Conflict;
    /// There is no such request, or it has its answer.
    UnknownRequest "EAPD-D073" NotFound;
    /// There is no question of that id.
    UnknownQuestion "EAPD-D074" NotFound;
    /// The question is closed.
    QuestionClosed "EAPD-D075" Conflict;
    /// It is the turn of the other side of the question, or what it ends by is not of it.
    OutOfTurn "EAPD-D076" Conflict;
    /// The collectivity has a contact of that address already.
    ContactExists "EAPD-D077" Conflict;
    /// The collectivity has as many contacts as its agents may keep.
    TooManyContacts "EAPD-D078" Conflict;
    /// The collectivity has no contact to confirm.
    NoContact "EAPD-D079" Conflict;
    /// As many reports as the service can are being produced.
    ReportsBusy "EAPD-D080" TooOften;
}

/// A refusal, with the French sentence that says what, where and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Refusal {
    /// The stable reason.
    pub because: Because,
    /// The sentence.
    pub message: String,
}

impl Refusal {
    /// A refusal with its sentence.
    #[must_use]
    pub fn new(because: Because, message: impl Into<String>) -> Self {
        Self { because, message: message.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.because.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique() {
        let codes: BTreeSet<&str> = Because::ALL.iter().map(|because| because.code()).collect();
        assert_eq!(codes.len(), Because::ALL.len());
    }
}
