//! The OpenAPI document's head: what holds for all calls. Calls and types come from the code beside them.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::problem::ProblemBody;

/// The document without its calls.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Kopilka POS API",
        version = "1.0.0",
        description = include_str!("openapi.md"),
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    servers((url = "/pos/v1")),
    tags(
        (name = "members", description = "Who stands at the till"),
        (name = "receipts", description = "What a sale costs and earns, and its storing"),
        (name = "returns", description = "What goes back of a sale, and its storing"),
        (name = "gifts", description = "Things to hand over"),
    ),
    components(schemas(ProblemBody)),
    security(("till_key" = [])),
    modifiers(&TillKeyScheme),
)]
pub struct PosApiDocument;

struct TillKeyScheme;

impl Modify for TillKeyScheme {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let key = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "The till's own key, printed once by `kopilka till add` or `kopilka till rotate`",
            ))
            .build();
        if let Some(components) = &mut document.components {
            components.add_security_scheme("till_key", SecurityScheme::Http(key));
        }
    }
}
