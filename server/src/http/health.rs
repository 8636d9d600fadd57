//! Health checks: whether the process lives (no database), and whether it can serve (database).

use axum::extract::State;
use axum::http::StatusCode;
use kopilka_core::usecases::programme::rules;

use super::ServerState;

/// The process answers.
pub async fn check_process() -> &'static str {
    "ok\n"
}

/// The database answers too.
pub async fn check_database(State(app): State<ServerState>) -> (StatusCode, &'static str) {
    match rules::load_rules_in_force(&app.kopilka).await {
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
