//! The OpenAPI document (3.1): what does not come from the handlers themselves.

use axum::http::Method;
use serde_json::Value;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, RefOr,
    ResponseBuilder, ServerBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::app::App;

use super::access::Access;
use super::problem::{FieldFault, Problem};

const DESCRIPTION: &str = "Déclarations d’aide publique au développement des collectivités territoriales.

Les clés sont en français. Les montants sont des textes décimaux (\"1234.56\"), jamais des nombres ; les \
instants suivent la RFC 3339, en UTC ; les jours sont ceux de Paris. Les erreurs suivent la RFC 9457, avec un \
code stable. Le guide est dans docs/api.md.";

/// The document before its routes.
pub(super) fn base(app: &App) -> OpenApi {
    let info = InfoBuilder::new()
        .title("e-APD")
        .version("1")
        .description(Some(DESCRIPTION))
        .license(Some(LicenseBuilder::new().name("MIT").identifier(Some("MIT")).build()))
        .build();
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("Jeton « eapd_… », créé par eapd token create, avec des portées et une échéance."))
        .build();
    let components = ComponentsBuilder::new()
        .security_scheme("jeton", SecurityScheme::Http(token))
        .schema(Problem::name(), Problem::schema())
        .schema(FieldFault::name(), FieldFault::schema())
        .build();
    let server = ServerBuilder::new().url(app.config.server.public_url.as_str()).build();
    OpenApiBuilder::new().info(info).components(Some(components)).servers(Some([server])).build()
}

/// The operations of a path, with their methods.
pub(super) fn operations(item: &mut PathItem) -> Vec<(Method, &mut Operation)> {
    let all = [
        (Method::GET, item.get.as_mut()),
        (Method::PUT, item.put.as_mut()),
        (Method::POST, item.post.as_mut()),
        (Method::DELETE, item.delete.as_mut()),
        (Method::PATCH, item.patch.as_mut()),
    ];
    all.into_iter().filter_map(|(method, operation)| operation.map(|operation| (method, operation))).collect()
}

/// Adds to an operation who may call it, and what every refusal looks like.
pub(super) fn amend(operation: &mut Operation, access: Access) {
    let who = match access {
        Access::Public => {
            operation.security = Some(vec![SecurityRequirement::default(), requirement([])]);
            "Accès : public ; un jeton, s’il est donné, doit être valable.".to_owned()
        }
        Access::Token { scopes, roles } => {
            let scopes: Vec<&str> = scopes.iter().map(|scope| scope.code()).collect();
            let roles: Vec<&str> = roles.iter().map(|role| role.code()).collect();
            operation.security = Some(scopes.iter().map(|scope| requirement([*scope])).collect());
            format!("Accès : jeton de portée {} ; rôles : {}.", scopes.join(" ou "), roles.join(", "))
        }
    };
    let said = operation.description.take().filter(|said| !said.is_empty());
    operation.description = Some(said.map_or_else(|| who.clone(), |said| format!("{said}\n\n{who}")));
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    let problem = ResponseBuilder::new()
        .description("Un refus, avec son code et comment y remédier")
        .content("application/problem+json", content)
        .build();
    operation.responses.responses.insert("default".to_owned(), RefOr::T(problem));
}

fn requirement<const N: usize>(scopes: [&str; N]) -> SecurityRequirement {
    SecurityRequirement::new("jeton", scopes)
}

/// Gives what people read of the document its French spaces: before `: ; ? !`
/// and inside quotes. Lines of a comment become one.
pub(super) fn typeset(document: &mut Value) {
    match document {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) if key == "description" || key == "summary" => {
                        *text = french(text);
                    }
                    other => typeset(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(typeset),
        _ => {}
    }
}

fn french(text: &str) -> String {
    let paragraphs: Vec<String> = text.split("\n\n").map(|lines| lines.replace('\n', " ")).collect();
    let mut text = paragraphs.join("\n\n");
    for mark in [":", ";", "?", "!", "»"] {
        text = text.replace(&format!(" {mark}"), &format!("\u{a0}{mark}"));
    }
    text.replace("« ", "«\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::french;

    #[test]
    fn spaces_are_french() {
        assert_eq!(
            french("Accès : « x » ;\noui ?\n\nNon"),
            "Accès\u{a0}: «\u{a0}x\u{a0}»\u{a0}; oui\u{a0}?\n\nNon"
        );
    }
}
