//! Every refusal of the API (RFC 9457): one list of faults, one function from an error to its answer.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::domain::rules::Issue;
use crate::domain::text::sentence;
use crate::http::{Cause, Codes, Failed, Surround, Voice};
use crate::service::ServiceError;

macro_rules! faults {
    ($($(#[doc = $doc:literal])+ $name:ident $code:literal $status:ident;)+) => {
        /// What is wrong with a request as such, whatever it asks for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Fault {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Fault {
            /// Every fault, for the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable code, `EAPD-Annn`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The status that answers it.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),+ }
            }

            /// What it stands for (English, for the documentation).
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+)),+ }
            }
        }
    };
}

faults! {
    /// There is nothing at this address.
    NoRoute "EAPD-A001" NOT_FOUND;
    /// The address takes other methods.
    Method "EAPD-A002" METHOD_NOT_ALLOWED;
    /// A part of the address cannot be read.
    PathPart "EAPD-A003" BAD_REQUEST;
    /// A parameter after `?` cannot be read, or is not known.
    QueryPart "EAPD-A004" BAD_REQUEST;
    /// A header cannot be read, or is missing.
    Header "EAPD-A005" BAD_REQUEST;
    /// The body is not JSON.
    Syntax "EAPD-A006" BAD_REQUEST;
    /// The body has not the expected shape.
    Shape "EAPD-A007" UNPROCESSABLE_ENTITY;
    /// The body is announced as something else than JSON.
    MediaType "EAPD-A008" UNSUPPORTED_MEDIA_TYPE;
    /// The body is larger than the service accepts.
    TooLarge "EAPD-A009" PAYLOAD_TOO_LARGE;
    /// The body stopped before its end.
    Interrupted "EAPD-A010" BAD_REQUEST;
    /// Lines break rules; each fault has its own code.
    Lines "EAPD-A012" UNPROCESSABLE_ENTITY;
    /// None of the accepted formats is available.
    NotAcceptable "EAPD-A011" NOT_ACCEPTABLE;
    /// A token is needed.
    TokenNeeded "EAPD-A020" UNAUTHORIZED;
    /// The token is unknown, expired or revoked.
    TokenRefused "EAPD-A021" UNAUTHORIZED;
    /// The token lacks the scope.
    ScopeMissing "EAPD-A022" FORBIDDEN;
    /// The role has no access to this address.
    RoleRefused "EAPD-A023" FORBIDDEN;
    /// A condition on the state of the resource is needed.
    ConditionNeeded "EAPD-A030" PRECONDITION_REQUIRED;
    /// The resource is not in the state that the condition names.
    ConditionFailed "EAPD-A031" PRECONDITION_FAILED;
    /// The service failed; the reference leads to its log.
    Internal "EAPD-A090" INTERNAL_SERVER_ERROR;
    /// The request took too long.
    TooSlow "EAPD-A091" SERVICE_UNAVAILABLE;
    /// The database does not answer.
    Unavailable "EAPD-A092" SERVICE_UNAVAILABLE;
    /// The service answers as many requests as it can.
    TooMany "EAPD-A093" SERVICE_UNAVAILABLE;
    /// The program is not ready to serve, or stops.
    NotReady "EAPD-A094" SERVICE_UNAVAILABLE;
}

/// A refusal of the API. It is small, so that every `Result` of the API is.
#[derive(Debug, Clone)]
pub struct ApiError(Box<Refused>);

#[derive(Debug, Clone)]
struct Refused {
    problem: Problem,
    status: StatusCode,
    headers: HeaderMap,
    /// For the log only, never shown.
    internal: Option<String>,
}

/// Une erreur, selon la RFC 9457.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Probleme)]
pub struct Problem {
    /// Code stable de l’erreur, pour les programmes.
    #[schema(example = "EAPD-D011")]
    pub code: &'static str,
    /// Sens du statut HTTP.
    pub title: &'static str,
    /// Statut HTTP.
    pub status: u16,
    /// Ce qui ne va pas et comment y remédier, en français.
    pub detail: String,
    /// Adresse demandée.
    pub instance: String,
    /// Numéro de la demande, à citer au support.
    pub reference: String,
    /// Chaque erreur d’une ligne ou d’un champ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub erreurs: Vec<FieldFault>,
}

/// Une erreur d’un champ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ErreurDeChamp)]
pub struct FieldFault {
    /// Rang de la ligne, à partir de 1 ; absent pour ce qui n’est pas une ligne.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub ligne: Option<usize>,
    /// Nom du champ.
    pub champ: String,
    /// Valeur reçue, abrégée.
    pub valeur: String,
    /// Code stable de la règle.
    pub code: &'static str,
    /// Ce qui ne va pas.
    pub message: String,
    /// Comment y remédier.
    pub conseil: String,
}

impl ApiError {
    /// A fault of the request.
    pub fn new(fault: Fault, detail: impl Into<String>) -> Self {
        Self::with(fault.status(), fault.code(), &detail.into(), vec![])
    }

    /// A fault of the service: the cause goes to the log, never to the caller.
    pub fn internal(cause: impl Into<String>) -> Self {
        let detail = "le service a rencontré une erreur\u{a0}: rien n’a été enregistré, réessayez plus tard ou écrivez au support en citant la référence";
        Self::new(Fault::Internal, detail).because_of(cause)
    }

    /// What the caller is told.
    #[must_use]
    pub const fn problem(&self) -> &Problem {
        &self.0.problem
    }

    /// The same refusal, with what the log is told of it.
    fn because_of(mut self, cause: impl Into<String>) -> Self {
        self.0.internal = Some(cause.into());
        self
    }

    /// Faults of the fields of a body.
    #[must_use]
    pub fn shape(faults: Vec<FieldFault>) -> Self {
        let detail = match faults.len() {
            1 => "une erreur dans le corps de la demande\u{a0}: rien n’a été enregistré".to_owned(),
            count => format!("{count} erreurs dans le corps de la demande\u{a0}: rien n’a été enregistré"),
        };
        Self::with(Fault::Shape.status(), Fault::Shape.code(), &detail, faults)
    }

    fn with(status: StatusCode, code: &'static str, detail: &str, erreurs: Vec<FieldFault>) -> Self {
        let problem = Problem {
            code,
            title: title(status),
            status: status.as_u16(),
            detail: sentence(detail),
            instance: String::new(),
            reference: String::new(),
            erreurs,
        };
        let mut headers = HeaderMap::new();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = if code == Fault::TokenRefused.code() {
                "Bearer realm=\"eapd\", error=\"invalid_token\""
            } else {
                "Bearer realm=\"eapd\""
            };
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        Self(Box::new(Refused { problem, status, headers, internal: None }))
    }
}

/// The one function from what a use case refuses to its answer.
impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Refused(Refusal { because, message }) => {
                Self::with(status_of(because.kind()), because.code(), &message, vec![])
            }
            ServiceError::Lines(ref issues) => {
                let faults = issues.iter().filter(|issue| issue.is_error()).map(FieldFault::from).collect();
                Self::with(Fault::Lines.status(), Fault::Lines.code(), &error.to_string(), faults)
            }
            ServiceError::File(refused) => {
                let whole = refused.file.into_iter().map(|error| FieldFault {
                    ligne: error.row.and_then(|row| usize::try_from(row).ok()),
                    champ: String::new(),
                    valeur: String::new(),
                    code: error.code,
                    message: error.message,
                    conseil: error.hint,
                });
                let cells = refused.cells.into_iter().map(|error| FieldFault {
                    ligne: usize::try_from(error.row).ok(),
                    champ: error.column,
                    valeur: error.value,
                    code: error.code,
                    message: error.message,
                    conseil: error.hint,
                });
                let detail = "le fichier est refusé\u{a0}: rien n’a été enregistré";
                Self::with(Fault::Lines.status(), Fault::Lines.code(), detail, whole.chain(cells).collect())
            }
            ServiceError::Store(ref cause) if error.is_outage() => {
                let detail = if cause.is_full() {
                    "le disque du service est plein\u{a0}: rien n’a été enregistré, réessayez dans quelques minutes"
                } else {
                    "la base de données ne répond pas\u{a0}: réessayez dans un instant"
                };
                Self::new(Fault::Unavailable, detail).because_of(cause.to_string())
            }
            ServiceError::Store(cause) => Self::internal(cause.to_string()),
            ServiceError::Report(cause) => Self::internal(cause.to_string()),
        }
    }
}

const fn status_of(kind: RefusalKind) -> StatusCode {
    match kind {
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        RefusalKind::Closed | RefusalKind::Conflict => StatusCode::CONFLICT,
        RefusalKind::Stale => StatusCode::PRECONDITION_FAILED,
        RefusalKind::Forbidden => StatusCode::FORBIDDEN,
        RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        RefusalKind::TooOften => StatusCode::TOO_MANY_REQUESTS,
    }
}

const fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "Demande illisible",
        StatusCode::UNAUTHORIZED => "Jeton nécessaire",
        StatusCode::FORBIDDEN => "Accès refusé",
        StatusCode::NOT_FOUND => "Introuvable",
        StatusCode::METHOD_NOT_ALLOWED => "Méthode non permise",
        StatusCode::NOT_ACCEPTABLE => "Format non disponible",
        StatusCode::CONFLICT => "Impossible en l’état",
        StatusCode::PRECONDITION_FAILED => "Modifié entre-temps",
        StatusCode::PAYLOAD_TOO_LARGE => "Envoi trop volumineux",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "Type de contenu non accepté",
        StatusCode::UNPROCESSABLE_ENTITY => "Contenu refusé",
        StatusCode::PRECONDITION_REQUIRED => "Condition nécessaire",
        StatusCode::TOO_MANY_REQUESTS => "Trop d’essais",
        StatusCode::SERVICE_UNAVAILABLE => "Service indisponible",
        _ => "Erreur du service",
    }
}

impl From<&Issue> for FieldFault {
    fn from(issue: &Issue) -> Self {
        Self {
            ligne: Some(issue.line.saturating_add(1)),
            champ: issue.field.map_or_else(String::new, |field| field.header().to_owned()),
            valeur: crate::domain::text::excerpt(&issue.value, 60),
            code: issue.rule.code(),
            message: sentence(&issue.message),
            conseil: sentence(&issue.hint),
        }
    }
}

/// The body is written by the envelope, which knows the address and the reference.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Refused { problem, status, headers, internal } = *self.0;
        let mut response = (status, headers).into_response();
        let mut codes: Vec<&'static str> = problem.erreurs.iter().map(|fault| fault.code).collect();
        codes.push(problem.code);
        codes.sort_unstable();
        codes.dedup();
        response.extensions_mut().insert(problem);
        response.extensions_mut().insert(Codes(codes));
        if let Some(cause) = internal {
            response.extensions_mut().insert(Cause(cause));
        }
        response
    }
}

/// How the API is answered: data, of which nothing may run, be framed or be sniffed.
pub const VOICE: Voice = Voice {
    policy: "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    referrer: "no-referrer",
    failed,
    complete,
};

fn failed(why: Failed) -> Response {
    let refused = match why {
        Failed::Panic(text) => ApiError::internal(format!("panic: {text}")),
        Failed::TooSlow => {
            let detail = "la demande a pris trop de temps\u{a0}: réessayez, avec la même clé d’idempotence s’il s’agit d’un dépôt";
            ApiError::new(Fault::TooSlow, detail)
        }
        Failed::TooMany => {
            let detail = "le service répond déjà à autant de demandes qu’il le peut\u{a0}: réessayez dans quelques secondes, avec la même clé d’idempotence s’il s’agit d’un dépôt";
            ApiError::new(Fault::TooMany, detail)
        }
    };
    refused.into_response()
}

/// The body of a problem, now that its address and reference are known.
fn complete(mut response: Response, _app: &App, surround: &Surround) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let problem = Problem {
        instance: crate::domain::text::excerpt(&surround.address, 300),
        reference: surround.reference.clone(),
        ..problem
    };
    match serde_json::to_vec(&problem) {
        Ok(json) => {
            *response.body_mut() = Body::from(json);
            let media = HeaderValue::from_static("application/problem+json");
            response.headers_mut().insert(header::CONTENT_TYPE, media);
        }
        Err(_never) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
    }
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique() {
        let codes: BTreeSet<&str> = Fault::ALL.iter().map(|fault| fault.code()).collect();
        assert_eq!(codes.len(), Fault::ALL.len());
    }

    #[test]
    fn an_internal_cause_is_not_told() {
        let error = ApiError::internal("SELECT secret");
        assert_eq!(error.0.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!serde_json::to_string(&error.0.problem).unwrap().contains("SELECT"));
    }
}
