//! Who stands at the till, as a cashier may see them, and the gifts to hand over.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use kopilka_core::domain::programme::Localised;
use kopilka_core::ids::GrantId;
use kopilka_core::usecases::offers::OfferView;
use kopilka_core::usecases::till::{self, Customer};
use kopilka_core::usecases::{Error, Refusal};
use serde::{Deserialize, Serialize};

use super::Till;
use super::body::Body;
use super::problem::Problem;
use crate::http::App;

/// What was scanned.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    code: String,
}

/// An offer in short.
#[derive(Debug, Serialize)]
pub struct OfferBrief {
    id: String,
    title: Localised,
}

/// A gift that waits.
#[derive(Debug, Serialize)]
pub struct GiftBrief {
    id: String,
    gift: String,
    name: Localised,
}

/// The member as a cashier may see them, and the visit that names them for five minutes.
#[derive(Debug, Serialize)]
pub struct Found {
    visit: String,
    name: String,
    tier: Localised,
    points: i64,
    may_spend: bool,
    birthday_near: bool,
    offers: Vec<OfferBrief>,
    one_step_away: Vec<OfferBrief>,
    gifts: Vec<GiftBrief>,
}

fn brief(offers: Vec<OfferView>) -> Vec<OfferBrief> {
    offers
        .into_iter()
        .map(|view| OfferBrief {
            id: view.offer.id,
            title: view.offer.title,
        })
        .collect()
}

/// `POST /pos/v1/members/lookup`.
pub async fn lookup(
    State(app): State<App>,
    Till(at_till): Till,
    body: Body<Lookup>,
) -> Result<Json<Found>, Problem> {
    let visit = till::lookup(&app.kopilka, &at_till, &body.value.code).await?;
    let Customer {
        name,
        tier,
        points,
        may_spend,
        birthday_near,
        offers,
        one_step_away,
        gifts,
        ..
    } = visit.customer;
    Ok(Json(Found {
        visit: visit.token,
        name,
        tier: tier.name,
        points: points.0,
        may_spend,
        birthday_near,
        offers: brief(offers),
        one_step_away: brief(one_step_away),
        gifts: gifts
            .into_iter()
            .map(|gift| GiftBrief {
                id: gift.grant.to_string(),
                gift: gift.gift,
                name: gift.name,
            })
            .collect(),
    }))
}

/// `POST /pos/v1/gifts/{id}/handover`.
pub async fn hand_over(
    State(app): State<App>,
    Till(at_till): Till,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let grant: GrantId = id.parse().map_err(|_| Error::from(Refusal::NotFound))?;
    till::hand_over(&app.kopilka, &at_till, grant).await?;
    Ok(StatusCode::NO_CONTENT)
}
