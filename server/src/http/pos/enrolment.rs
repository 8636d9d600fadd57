//! The beginning of joining at a till: a link goes to the shopper's phone, and everything else happens there.

use axum::extract::State;
use axum::http::StatusCode;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::checkout::till;
use kopilka_core::usecases::sign_up::invitations;
use serde::Deserialize;
use utoipa::ToSchema;

use super::AuthenticatedTill;
use super::answers::answers;
use super::body::ParsedJsonBody;
use super::problem_types::BODY;
use super::{examples, problem::PosApiProblem};
use crate::http::ServerState;

/// Whom to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Enrol)]
pub struct EnrolmentBody {
    /// The shopper's phone in any common spelling.
    phone: String,
    /// Language of the message; Russian where none is given.
    #[serde(default)]
    #[schema(value_type = Option<MessageLanguage>)]
    language: Option<String>,
    /// The `Idempotency-Key` under which the sale in progress will be stored: whoever joins gets it.
    #[serde(default)]
    sale: Option<String>,
}

/// A language of messages.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "it describes what is read as text")]
enum MessageLanguage {
    /// Russian.
    Ru,
    /// English.
    En,
}

answers!(EnrolProblems: BODY, ["store-waiting", "too-soon", "no-codes-today"]);

/// Send a shopper a link to joining
///
/// The link works once, for 20 minutes, and only on the phone that it was sent to does anybody see it. The shopper reads
/// the documents and agrees there; a till can do neither for them. A phone that has a card already gets the same message
/// and the till the same answer; its link signs the shopper in.
///
/// A phone of a country that the programme takes no new members from is `invalid` with `phone-country`, whether it has a
/// card or not: its owner signs in on their own phone.
///
/// With `sale`, the sale in progress is the shopper's when they are done: stored under that key without a card, it is
/// claimed for them as it was paid.
#[utoipa::path(
    post,
    path = "/members/enrol",
    operation_id = "enrol",
    tag = "members",
    request_body(content = EnrolmentBody, example = json!(examples::enrolment_request())),
    responses((status = 202, description = "The message is on its way"), EnrolProblems),
)]
pub async fn send_invitation(
    State(app): State<ServerState>,
    AuthenticatedTill(at_till): AuthenticatedTill,
    body: ParsedJsonBody<EnrolmentBody>,
) -> Result<StatusCode, PosApiProblem> {
    let language = match body.value.language.as_deref() {
        None | Some("ru") => "ru",
        Some("en") => "en",
        Some(_) => return Err(Error::invalid_field("language", "language-unknown").into()),
    };
    let phone = &body.value.phone;
    let during = match &body.value.sale {
        Some(key) => Some(till::begin_enrolment(&app.kopilka, &at_till, key).await?),
        None => None,
    };
    invitations::send_invitation(&app.kopilka, &at_till, phone, language, during.as_deref())
        .await?;
    Ok(StatusCode::ACCEPTED)
}
