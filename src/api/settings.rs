//! Devices, phones to sign in by, and the end of the account. A session that ends here loses its cookie with the same answer.

use std::str::FromStr;

use kopilka_core::ids::{DeviceId, MemberId};
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::accounts::{settings, sign_in_phones};
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::reply;
use super::visitor::{Visitor, cookie};
use crate::components::page_loading;

const PAGE: &str = "/settings";

/// The first page, which wipes what the device kept of the card.
fn signed_out(visitor: &Visitor, notice: &str) {
    reply::clear_cookie(visitor, cookie::SESSION);
    reply::redirect_with_notice(visitor, "/?signed-out=1", notice);
}

/// Ends a device. The present one is thereby signed out.
#[server(prefix = "/api", endpoint = "settings/device-end", input = PostUrl)]
pub async fn end_device(#[server(default)] device: String) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let Ok(device) = DeviceId::from_str(&device) else {
        return reply::refuse(PAGE, Refusal::NotFound.into());
    };
    match settings::end_device(&visitor.kopilka, &shopper, device).await {
        Ok(()) if device == shopper.device => signed_out(&visitor, "signed-out-here"),
        Ok(()) => reply::redirect_with_notice(&visitor, PAGE, "device-ended"),
        Err(error) => return reply::refuse(PAGE, error),
    }
    Ok(())
}

/// Takes away the phone of an account that was merged into the shopper's.
#[server(prefix = "/api", endpoint = "settings/phone-remove", input = PostUrl)]
pub async fn remove_phone(#[server(default)] account: String) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let Ok(account) = MemberId::from_str(&account) else {
        return reply::refuse(PAGE, Refusal::NotFound.into());
    };
    match sign_in_phones::remove(&visitor.kopilka, &shopper, account).await {
        Ok(()) => {
            reply::redirect_with_notice(&visitor, PAGE, "phone-removed");
            Ok(())
        }
        Err(error) => reply::refuse(PAGE, error),
    }
}

/// Closes the account for good.
#[server(prefix = "/api", endpoint = "settings/close", input = PostUrl)]
pub async fn close_account(#[server(default)] confirmed: String) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    match settings::close_account(&visitor.kopilka, &shopper, confirmed == "yes").await {
        Ok(()) => {
            signed_out(&visitor, "account-closed");
            Ok(())
        }
        Err(error) => reply::refuse(PAGE, error),
    }
}
