//! Language, theme and size of the code: kept in cookies, so that guests have them too.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::reply::{self, YEAR};
use super::visitor::{ColourTheme, PageLanguage, Visitor, cookie};
use kopilka_core::usecases::Error;
use kopilka_core::usecases::accounts::settings;

/// Endpoints of the preferences.
pub const ENDPOINTS: [&str; 3] = ["language", "theme", "card/size"];

/// Sizes that the code can have.
pub const CODE_SIZES: [&str; 4] = ["small", "medium", "large", "larger"];

/// Returns the page that tells why a preference was refused: buttons for it are on every page.
fn refusal_page(visitor: &Visitor) -> &'static str {
    if visitor.shopper.is_some() {
        "/settings"
    } else {
        "/"
    }
}

/// Shows pages in another language from now on.
#[server(prefix = "/api", endpoint = "language", input = PostUrl)]
pub async fn set_language(
    #[server(default)] language: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    let visitor = Visitor::current();
    let Some(language) = PageLanguage::parse(&language) else {
        let unknown = Error::invalid_field("language", "language-unknown");
        return reply::refuse(refusal_page(&visitor), unknown);
    };
    if let Some(shopper) = &visitor.shopper
        && let Err(error) =
            settings::set_language(&visitor.kopilka, shopper, language.as_str()).await
    {
        return reply::refuse(refusal_page(&visitor), error);
    }
    reply::set_cookie(&visitor, cookie::LANGUAGE, language.as_str(), YEAR);
    reply::redirect_to(&next);
    Ok(())
}

/// Shows pages in another theme from now on.
#[server(prefix = "/api", endpoint = "theme", input = PostUrl)]
pub async fn set_theme(
    #[server(default)] theme: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    let visitor = Visitor::current();
    match ColourTheme::parse(&theme) {
        None => {
            let unknown = Error::invalid_field("theme", "theme-unknown");
            return reply::refuse(refusal_page(&visitor), unknown);
        }
        Some(ColourTheme::System) => reply::clear_cookie(&visitor, cookie::THEME),
        Some(theme) => reply::set_cookie(&visitor, cookie::THEME, theme.as_str(), YEAR),
    }
    reply::redirect_to(&next);
    Ok(())
}

/// Draws the code in another size from now on.
#[server(prefix = "/api", endpoint = "card/size", input = PostUrl)]
pub async fn set_code_size(#[server(default)] size: String) -> Result<(), ServerFnError> {
    let visitor = Visitor::current();
    if !CODE_SIZES.contains(&size.as_str()) {
        let unknown = Error::invalid_field("size", "size-unknown");
        return reply::refuse(refusal_page(&visitor), unknown);
    }
    reply::set_cookie(&visitor, cookie::CODE_SIZE, &size, YEAR);
    reply::redirect_to("/card");
    Ok(())
}
