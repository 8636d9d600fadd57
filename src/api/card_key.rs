//! The key of a device's turning code, handed out once and to that device only.

use kopilka_core::entropy;
use kopilka_core::usecases::wallet::card;
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::Visitor;
use super::reply;

/// Gives this device a new secret: `turn at secret`, that is, which secret of the device it is, the server's time in
/// milliseconds since 1970, and 32 bytes in hex. Codes of the secret before end after two steps.
#[server(prefix = "/api", endpoint = "card/key", input = PostUrl)]
pub async fn renew_key() -> Result<String, ServerFnError> {
    let visitor = Visitor::current();
    let renewed = match visitor.shopper() {
        Ok(shopper) => card::renew_secret(&visitor.kopilka, &shopper).await,
        Err(error) => Err(error),
    };
    match renewed {
        Ok(renewed) => {
            let at = visitor.kopilka.now().0 / 1_000;
            let secret = entropy::encode_hex(&renewed.secret);
            Ok(format!("{} {at} {secret}", renewed.turn))
        }
        Err(error) => reply::refuse("/card", error).map(|()| String::new()),
    }
}
