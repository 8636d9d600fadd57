//! Who calls: the till behind the bearer key, within its rate. Extracted before any body is read.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::{header, request::Parts};
use kopilka_core::usecases::till::{self, AtTill};
use kopilka_core::usecases::{Error, Refusal};

use super::problem::Problem;
use crate::http::{App, visitor};

/// The till behind the bearer key.
pub struct Till(pub AtTill);

impl FromRequestParts<App> for Till {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let known = match bearer(parts) {
            Some(key) => till::authenticate(&app.kopilka, key).await,
            None => Err(Refusal::NotSignedIn.into()),
        };
        match known {
            Ok(at_till) => {
                let counted = app.till_limits.count(at_till.till.id);
                counted.map_err(too_many)?;
                Ok(Self(at_till))
            }
            // Many tills share an address, so only calls without a valid key are counted by address.
            Err(Error::Refused(Refusal::NotSignedIn)) => {
                let address = visitor::client_address(parts, &app.settings.trusted_proxies);
                if app.limits.allow(address) {
                    Err(Problem::new("not-signed-in", "send the key of a till"))
                } else {
                    Err(too_many(60))
                }
            }
            Err(other) => Err(other.into()),
        }
    }
}

fn too_many(seconds: u64) -> Problem {
    let seconds = seconds.max(1);
    Problem::new("too-many-requests", format!("wait {seconds} s")).retry_after(seconds)
}

/// The key of `Authorization: Bearer KEY`; the scheme's letters may be of either case (RFC 9110).
fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}

/// The id in the path; one that cannot be an id is not found.
pub struct Id<T>(pub T);

impl<T: FromStr> FromRequestParts<App> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Path::<String>::from_request_parts(parts, app)
            .await
            .ok()
            .and_then(|Path(id)| id.parse().ok())
            .map(Self)
            .ok_or_else(|| Refusal::NotFound.into())
    }
}
