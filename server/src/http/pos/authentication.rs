//! Who calls: the till behind the bearer key, within its rate. Extracted before any body is read.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::{header, request::Parts};
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::till;
use kopilka_core::usecases::{Error, Refusal};

use super::problem::PosApiProblem;
use crate::http::{ServerState, visitor_layer};

/// The till behind the bearer key.
pub struct AuthenticatedTill(pub TillContext);

impl FromRequestParts<ServerState> for AuthenticatedTill {
    type Rejection = PosApiProblem;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &ServerState,
    ) -> Result<Self, PosApiProblem> {
        let known = match bearer(parts) {
            Some(key) => till::authenticate(&app.kopilka, key).await,
            None => Err(Refusal::NotSignedIn.into()),
        };
        match known {
            Ok(at_till) => {
                let counted = app.till_limits.count_request(at_till.till.id);
                counted.map_err(too_many)?;
                Ok(Self(at_till))
            }
            // Many tills share an address, so only calls without a valid key are counted by address.
            Err(Error::Refused(Refusal::NotSignedIn)) => {
                let address = visitor_layer::client_address(parts, &app.settings.trusted_proxies);
                if app.limits.allow_post(address) {
                    Err(PosApiProblem::new(
                        "not-signed-in",
                        "send the key of a till",
                    ))
                } else {
                    Err(too_many(60))
                }
            }
            Err(other) => Err(other.into()),
        }
    }
}

fn too_many(seconds: u64) -> PosApiProblem {
    let seconds = seconds.max(1);
    PosApiProblem::new("too-many-requests", format!("wait {seconds} s")).retry_after(seconds)
}

/// The key of `Authorization: Bearer KEY`; the scheme's letters may be of either case (RFC 9110).
fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}

/// The id in the path; one that cannot be an id is not found.
pub struct IdFromPath<T>(pub T);

impl<T: FromStr> FromRequestParts<ServerState> for IdFromPath<T> {
    type Rejection = PosApiProblem;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &ServerState,
    ) -> Result<Self, PosApiProblem> {
        Path::<String>::from_request_parts(parts, app)
            .await
            .ok()
            .and_then(|Path(id)| id.parse().ok())
            .map(Self)
            .ok_or_else(|| Refusal::NotFound.into())
    }
}
