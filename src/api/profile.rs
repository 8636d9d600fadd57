//! The profile's questions, a form each: an answer can be given, changed and taken back on its own.

use std::str::FromStr;

use kopilka_core::domain::profile::Species;
use kopilka_core::ids::RowId;
use kopilka_core::usecases::profiles::profile;
use kopilka_core::usecases::{Error, Refusal};
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::{Visitor, reply};
use crate::components::page_loading;

const PAGE: &str = "/profile";

/// Back to the question on the page; says so when the answer completed the profile.
fn go_to_question(
    visitor: &Visitor,
    result: Result<profile::ProfileSaveOutcome, Error>,
    question: &str,
    notice: &str,
) -> Result<(), ServerFnError> {
    match result {
        Ok(saved) => {
            let notice = if saved.rewarded {
                "profile-rewarded"
            } else {
                notice
            };
            reply::redirect_with_notice(visitor, &format!("{PAGE}#{question}"), notice);
            Ok(())
        }
        Err(error) => reply::refuse(PAGE, error),
    }
}

/// Changes the name and e-mail.
#[server(prefix = "/api", endpoint = "profile/name", input = PostUrl)]
pub async fn save_name(
    #[server(default)] first_name: String,
    #[server(default)] last_name: String,
    #[server(default)] email: String,
) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let service = &visitor.kopilka;
    let result = profile::save_name(service, &shopper, &first_name, &last_name, &email).await;
    reply::answer_with_notice(&visitor, result, PAGE, PAGE, "profile-saved")
}

/// Sets the birth date; three empty fields remove it.
#[server(prefix = "/api", endpoint = "profile/birth", input = PostUrl)]
pub async fn save_birth(
    #[server(default)] birth_day: String,
    #[server(default)] birth_month: String,
    #[server(default)] birth_year: String,
) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let service = &visitor.kopilka;
    let result =
        profile::save_birth_date(service, &shopper, &birth_day, &birth_month, &birth_year).await;
    go_to_question(&visitor, result, "birth", "profile-saved")
}

/// Removes the birth date, whatever stands in its fields.
#[server(prefix = "/api", endpoint = "profile/birth-remove", input = PostUrl)]
pub async fn remove_birth() -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let result = profile::save_birth_date(&visitor.kopilka, &shopper, "", "", "").await;
    go_to_question(&visitor, result, "birth", "birth-removed")
}

/// Adds a child by birth year.
#[server(prefix = "/api", endpoint = "profile/child-add", input = PostUrl)]
pub async fn add_child(
    #[server(default)] child_year: String,
    #[server(default)] child_agreed: String,
) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let agreed = child_agreed == "yes";
    let service = &visitor.kopilka;
    let result = profile::add_child(service, &shopper, &child_year, agreed, &visitor.ip).await;
    reply::answer_with_notice(&visitor, result, PAGE, "/profile#children", "child-added")
}

/// Removes a child.
#[server(prefix = "/api", endpoint = "profile/child-remove", input = PostUrl)]
pub async fn remove_child(#[server(default)] child: String) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let Ok(child) = RowId::from_str(&child) else {
        return reply::refuse(PAGE, Refusal::NotFound.into());
    };
    let result = profile::remove_child(&visitor.kopilka, &shopper, child).await;
    reply::answer_with_notice(&visitor, result, PAGE, "/profile#children", "child-removed")
}

/// Replaces the pets: a count for each species, nothing for none.
#[server(prefix = "/api", endpoint = "profile/pets", input = PostUrl)]
pub async fn save_pets(
    #[server(default)] dog: String,
    #[server(default)] cat: String,
    #[server(default)] bird: String,
    #[server(default)] fish: String,
    #[server(default)] rodent: String,
    #[server(default)] other: String,
) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let counts = [
        (Species::Dog, dog),
        (Species::Cat, cat),
        (Species::Bird, bird),
        (Species::Fish, fish),
        (Species::Rodent, rodent),
        (Species::Other, other),
    ];
    let result = profile::save_pets(&visitor.kopilka, &shopper, &counts).await;
    reply::answer_with_notice(&visitor, result, PAGE, "/profile#pets", "profile-saved")
}

/// Answers the question about a car, or takes the answer back.
#[server(prefix = "/api", endpoint = "profile/car", input = PostUrl)]
pub async fn save_car(#[server(default)] car: String) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let answer = if car == "untold" { "" } else { &car };
    let result = profile::save_car(&visitor.kopilka, &shopper, answer).await;
    go_to_question(&visitor, result, "drive", "profile-saved")
}
