//! Health checks: whether the process lives (no database), and whether it can serve (database).

use axum::extract::State;
use axum::http::StatusCode;
use kopilka_core::usecases::rules;

use super::App;

/// The process answers.
pub async fn live() -> &'static str {
    "ok\n"
}

/// The database answers too.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match rules::in_force(&app.kopilka).await {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
        }
    }
}
