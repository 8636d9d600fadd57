//! News for an open card, as server-sent events: the balance at once, then whenever points have changed.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Extension;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use kopilka::api::Visitor;
use kopilka::text::format;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::wallet::card;
use serde::Serialize;
use tokio_stream::wrappers::BroadcastStream;

/// Balance as an open card is told it, in words of its reader's language.
#[derive(Debug, Serialize)]
struct BalanceEvent {
    active: String,
    value: i64,
    noun: String,
    pending: String,
    say: String,
    at: String,
    /// Id of what a till asks the owner right now; empty where none does.
    question: String,
}

/// The stream of a signed-in shopper's news.
pub async fn stream_balance(Extension(visitor): Extension<Arc<Visitor>>) -> Response {
    let Some(shopper) = visitor.shopper.clone() else {
        // "No content" ends an event stream for good; an error would be tried again and shown in the console.
        return StatusCode::NO_CONTENT.into_response();
    };
    Sse::new(balance_events(visitor, shopper))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
        .into_response()
}

fn balance_events(
    visitor: Arc<Visitor>,
    shopper: Shopper,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let mine = shopper.member;
    // A listener that fell behind missed something, so it is told the balance anew as well.
    let changes = BroadcastStream::new(visitor.kopilka.listen())
        .filter(move |news| {
            std::future::ready(news.as_ref().map_or(true, |change| change.concerns(mine)))
        })
        .map(|_| ());
    stream::once(std::future::ready(()))
        .chain(changes)
        .filter_map(move |()| {
            let (visitor, shopper) = (visitor.clone(), shopper.clone());
            // Boxed: a card that waits for news keeps no room for the reading.
            Box::pin(async move { balance_event(&visitor, &shopper).await.map(Ok) })
        })
}

async fn balance_event(visitor: &Visitor, shopper: &Shopper) -> Option<Event> {
    let live = match card::load_live_balance(&visitor.kopilka, shopper).await {
        Ok(live) => live,
        Err(error) => {
            tracing::error!(%error, "a live balance could not be read");
            return None;
        }
    };
    let texts = visitor.texts();
    let active = live.balance.active;
    let balance = BalanceEvent {
        active: format::format_number(active.0, visitor.language),
        value: active.0,
        noun: texts.with_count("points-noun", active.0),
        pending: format::format_number(live.balance.pending.0, visitor.language),
        say: texts.with_values(
            "balance-now",
            &[("points", texts.points_text(active).into())],
        ),
        question: live
            .question
            .map(|question| question.id.to_string())
            .unwrap_or_default(),
        at: format::format_moment(live.at, visitor.rules.programme.time_zone, visitor.language),
    };
    Event::default().event("balance").json_data(balance).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size_of_stream<V, S>(_: fn(V, Shopper) -> S) -> usize {
        size_of::<S>()
    }

    #[test]
    fn an_open_card_that_waits_keeps_little() {
        let size = size_of_stream(balance_events);
        assert!(size <= 1_200, "{size} bytes");
    }
}
