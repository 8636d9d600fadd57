//! The owner's answer to a till that asks whether points may pay. From a signed-in device only; the first answer counts.

use kopilka_core::ids::RowId;
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::checkout::spend_confirmation;
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::reply;
use crate::components::page_loading;

/// Answers the question with this id: `yes` or, for anything else, no.
#[server(prefix = "/api", endpoint = "card/answer", input = PostUrl)]
pub async fn answer_question(
    #[server(default)] question: String,
    #[server(default)] answer: String,
) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let yes = answer == "yes";
    let result = match question.parse::<RowId>() {
        Ok(id) => spend_confirmation::answer_question(&visitor.kopilka, &shopper, id, yes).await,
        Err(_) => Err(Refusal::QuestionOver.into()),
    };
    let notice = if yes {
        "spending-agreed"
    } else {
        "spending-declined"
    };
    reply::answer_with_notice(&visitor, result, "/card", "/card", notice)
}
