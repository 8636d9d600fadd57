//! Who stands at the till, as a cashier may see them, and the gifts to hand over.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use kopilka_core::ids::GrantId;
use kopilka_core::usecases::checkout::pos_v1::ApiLocalised;
use kopilka_core::usecases::checkout::till::{self, GiftReplacement, TillCustomer, WaitingGift};
use kopilka_core::usecases::loyalty::offers::MemberOfferView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answers::answers;
use super::body::ParsedJsonBody;
use super::examples;
use super::problem::{PosApiProblem, WrongFieldBody};
use super::problem_types::{BODY, SCAN};
use super::{AuthenticatedTill, IdFromPath};
use crate::http::ServerState;

/// What was scanned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Lookup)]
pub struct LookupBody {
    /// The digits as they were read: rotating code, static number or EAN-13.
    code: String,
}

/// An offer in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferBrief {
    /// Stable id in the programme.
    id: String,
    /// Its title.
    title: ApiLocalised,
}

/// A gift that waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct GiftBrief {
    /// To be named when it is handed over.
    id: String,
    /// Stable id of the thing in the programme.
    gift: String,
    /// What it is.
    name: ApiLocalised,
    /// The store counts it and has none left.
    out_of_stock: bool,
    /// What may be handed over instead, where it is out and something else is there.
    substitute: Option<SubstituteBrief>,
}

/// A thing that may be handed over instead of a gift.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubstituteBrief {
    /// Stable id of the thing in the programme, for the handing over.
    gift: String,
    /// What it is.
    name: ApiLocalised,
}

/// Thing that is handed over, as the query names it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandoverQuery {
    /// Id of the substitute that is handed over instead of the gift itself.
    #[serde(default)]
    substitute: Option<String>,
}

/// The member as a cashier may see them, and the visit that names them for five minutes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Found)]
pub struct LookupAnswer {
    /// Names the member in this till's receipts for five minutes.
    visit: String,
    /// First name and initial.
    name: String,
    /// Name of the level.
    tier: ApiLocalised,
    /// Points that are active now.
    points: i64,
    /// Whether points may be spent with the card shown so.
    may_spend: bool,
    /// A receipt has used this code: points may be spent only once the shopper shows a new code.
    needs_new_code: bool,
    /// A birthday is near; which day is nobody's business here.
    birthday_near: bool,
    /// Offers that will count in this store now, where the basket fits.
    offers: Vec<OfferBrief>,
    /// Offers that lack one step: the member's tap.
    one_step_away: Vec<OfferBrief>,
    /// Gifts that wait to be handed over.
    gifts: Vec<GiftBrief>,
}

fn brief_offers(offers: Vec<MemberOfferView>) -> Vec<OfferBrief> {
    offers
        .into_iter()
        .map(|view| OfferBrief {
            id: view.offer.id.clone(),
            title: view.offer.title.clone().into(),
        })
        .collect()
}

answers!(LookupProblems: BODY, SCAN);

/// Find the member behind a scanned code
///
/// Answers what a cashier may see, never more, and opens a visit of five minutes at this till. Each look-up is logged.
///
/// Points may be spent once: the first receipt of the visit, or of its code, ends both for spending, even if it only earns.
/// Later receipts of the same visit earn. `needs_new_code` says that the code is used up, so that the cashier can ask for a
/// new one before the total. After five wrong codes or unknown cards in a minute the till waits (429, `Retry-After`).
#[utoipa::path(
    post,
    path = "/members/lookup",
    operation_id = "lookup",
    tag = "members",
    request_body(content = LookupBody, example = json!(examples::lookup_request())),
    responses(
        (status = 200, description = "The member", body = LookupAnswer, example = json!(examples::lookup_answer())),
        LookupProblems,
    ),
)]
pub async fn lookup(
    State(app): State<ServerState>,
    AuthenticatedTill(at_till): AuthenticatedTill,
    body: ParsedJsonBody<LookupBody>,
) -> Result<Json<LookupAnswer>, PosApiProblem> {
    let visit = till::look_up_customer(&app.kopilka, &at_till, &body.value.code).await?;
    let TillCustomer {
        name,
        tier,
        points,
        may_spend,
        needs_new_code,
        birthday_near,
        offers,
        one_step_away,
        gifts,
        ..
    } = visit.customer;
    Ok(Json(LookupAnswer {
        visit: visit.token,
        name,
        tier: tier.name.into(),
        points: points.0,
        may_spend,
        needs_new_code,
        birthday_near,
        offers: brief_offers(offers),
        one_step_away: brief_offers(one_step_away),
        gifts: gifts.into_iter().map(brief_gift).collect(),
    }))
}

fn brief_gift(gift: WaitingGift) -> GiftBrief {
    GiftBrief {
        id: gift.grant.to_string(),
        gift: gift.gift,
        name: gift.name.into(),
        out_of_stock: gift.out.is_some(),
        substitute: match gift.out {
            Some(GiftReplacement::Other(gift, name)) => Some(SubstituteBrief {
                gift,
                name: name.into(),
            }),
            Some(GiftReplacement::Nothing) | None => None,
        },
    }
}

/// What is wrong with what follows the question mark.
pub(super) fn malformed_query(error: &QueryRejection) -> PosApiProblem {
    let wrong = WrongFieldBody {
        field: "query".to_owned(),
        line: None,
        code: "wrong-shape",
        message: error.body_text(),
    };
    PosApiProblem::new("invalid", error.body_text()).with_errors(vec![wrong])
}

answers!(HandoverProblems: ["not-found", "invalid", "visit-over", "gift-handed-over", "gift-out"]);

/// Hand a gift over, once
///
/// Call it when the thing is in the shopper's hands, while the member is served: within five minutes of a look-up at this
/// till, or an hour of a sale in its store. There is no body. A gift that is out stays promised; where `substitute` names
/// the thing that may be handed over instead, that one counts as the gift.
#[utoipa::path(
    post,
    path = "/gifts/{id}/handover",
    operation_id = "hand_over",
    tag = "gifts",
    params(
        ("id" = String, Path, description = "The gift's id from the look-up", example = json!(examples::GIFT_ID)),
        ("substitute" = Option<String>, Query, description = "Id of the thing that is handed over instead of the gift itself"),
    ),
    responses((status = 204, description = "It is written down"), HandoverProblems),
)]
pub async fn hand_over(
    State(app): State<ServerState>,
    AuthenticatedTill(at_till): AuthenticatedTill,
    IdFromPath(grant): IdFromPath<GrantId>,
    handover: Result<Query<HandoverQuery>, QueryRejection>,
) -> Result<StatusCode, PosApiProblem> {
    let Query(HandoverQuery { substitute }) = handover.map_err(|error| malformed_query(&error))?;
    till::hand_over_gift(&app.kopilka, &at_till, grant, substitute.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
