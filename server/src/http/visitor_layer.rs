//! Sender of a request: cookies, language, theme, and who is signed in. Determined once, before pages and forms.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, header, request::Parts};
use axum::middleware::Next;
use axum::response::Response;
use kopilka::api::visitor::cookie;
use kopilka::api::{ColourTheme, PageLanguage, Visitor};
use kopilka_core::usecases::Error;
use kopilka_core::usecases::access::staff::TillPresence;
use kopilka_core::usecases::access::{pairing, session, staff};

use super::{ServerState, error_pages, posted_forms};

/// Puts the [`Visitor`] into the request.
pub async fn attach_visitor(
    State(app): State<ServerState>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let ip = client_address(&parts, &app.settings.trusted_proxies);
    match load_visitor(&app, &parts, ip).await {
        Ok(visitor) => {
            parts.extensions.insert(Arc::new(visitor));
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => error_pages::error_response(&error, "visitor"),
    }
}

async fn load_visitor(app: &ServerState, request: &Parts, ip: IpAddr) -> Result<Visitor, Error> {
    let headers = &request.headers;
    let secure = app.settings.secure;
    let cookies = cookies(headers, secure);
    let cookie = |name: &str| cookies.get(name).map_or("", String::as_str);
    let token = Some(cookie(cookie::SESSION)).filter(|token| !token.is_empty());
    let (rules, shopper) = session::load_rules_and_shopper(&app.kopilka, token).await?;
    let asked = request
        .uri
        .path_and_query()
        .map_or_else(|| "/".to_owned(), ToString::to_string);
    let (path, by_itself) = strip_reload_mark(asked);
    let (path, form_key) = posted_forms::split_form_key(&path);
    // Only a till's pages and forms ask who is at the till.
    let place = request.uri.path();
    let at_till = place == "/till" || place.starts_with("/till/") || place.starts_with("/api/");
    let paired = match cookie(cookie::TILL) {
        token if at_till && !token.is_empty() => {
            pairing::find_paired_browser(&app.kopilka, token).await?
        }
        _ => None,
    };
    let presence = match cookie(cookie::STAFF) {
        token if at_till && !token.is_empty() => {
            staff::find_presence(&app.kopilka, token, paired.as_ref(), by_itself).await?
        }
        _ => None,
    };
    let (cashier, locked) = match presence {
        Some(TillPresence::Working(cashier)) => (Some(cashier), None),
        Some(TillPresence::Locked(cashier)) => (None, Some(cashier)),
        None => (None, None),
    };
    let language = PageLanguage::parse(cookie(cookie::LANGUAGE))
        .or_else(|| PageLanguage::parse(&shopper.as_ref()?.language))
        .or_else(|| PageLanguage::accepted(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?))
        .unwrap_or_default();
    Ok(Visitor {
        kopilka: app.kopilka.for_address(ip),
        rules,
        assets: app.assets.paths.clone(),
        shopper,
        cashier,
        locked,
        paired,
        language,
        theme: ColourTheme::parse(cookie(cookie::THEME)).unwrap_or_default(),
        path,
        form_key,
        ip: ip.to_string(),
        device: describe_device(headers),
        cookies,
        secure,
    })
}

/// A till's page that loads itself anew says so at the end of its address, which is not shown: nobody has touched it.
fn strip_reload_mark(asked: String) -> (String, bool) {
    match asked.strip_suffix("idle") {
        Some(path) if path.ends_with(['?', '&']) => {
            (path.trim_end_matches(['?', '&']).to_owned(), true)
        }
        _ => (asked, false),
    }
}

/// Cookies by bare name; over https only those with the `__Host-` prefix count.
fn cookies(headers: &HeaderMap, secure: bool) -> HashMap<String, String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(|(name, value)| {
            let bare = if secure {
                name.strip_prefix("__Host-")?
            } else {
                name
            };
            Some((bare.to_owned(), value.to_owned()))
        })
        .collect()
}

/// The client's address: the peer's, or what a trusted proxy says of whom it serves.
pub fn client_address(request: &Parts, trusted: &[IpAddr]) -> IpAddr {
    let peer = request
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
    if !trusted.contains(&peer) {
        return peer;
    }
    // The nearest address that is not a proxy of ours; those before it can be forged.
    request
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|address| address.trim().parse::<IpAddr>().ok())
        .rev()
        .find(|address| !trusted.contains(address))
        .unwrap_or(peer)
}

/// Browser and system in two words, for the shopper's own list of devices.
fn describe_device(headers: &HeaderMap) -> String {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    // Order matters: Chromium browsers name Chrome and Safari too, Android names Linux, iPhones name Mac OS.
    let first = |table: &[(&'static str, &'static str)]| {
        table
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let browser = first(&[
        ("YaBrowser", "Yandex Browser"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(peer: &str, forwarded: &str) -> Parts {
        let mut request = Request::builder()
            .header("x-forwarded-for", forwarded)
            .body(Body::empty())
            .unwrap();
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        request.into_parts().0
    }

    #[test]
    fn a_stranger_s_word_about_the_address_is_not_believed() {
        let request = request("203.0.113.9:1", "198.51.100.7");
        assert_eq!(client_address(&request, &[]).to_string(), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_is_believed_about_its_nearest_client_only() {
        let proxy: IpAddr = "192.0.2.1".parse().unwrap();
        let request = request("192.0.2.1:1", "6.6.6.6, 198.51.100.7");
        assert_eq!(
            client_address(&request, &[proxy]).to_string(),
            "198.51.100.7"
        );
    }

    #[test]
    fn over_https_a_cookie_without_the_host_prefix_is_nobody_s() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            "session=planted; __Host-session=own".parse().unwrap(),
        );
        assert_eq!(cookies(&headers, true).get("session").unwrap(), "own");
        assert_eq!(cookies(&headers, true).len(), 1);
    }

    #[test]
    fn a_page_that_loads_itself_is_told_from_one_that_somebody_asks_for() {
        let read = |asked: &str| strip_reload_mark(asked.to_owned());
        assert_eq!(read("/till?idle"), ("/till".to_owned(), true));
        let report = "/till/report?shift=1".to_owned();
        assert_eq!(read("/till/report?shift=1&idle"), (report.clone(), true));
        assert_eq!(read(&report), (report, false));
        assert_eq!(read("/till/idle"), ("/till/idle".to_owned(), false));
    }

    #[test]
    fn devices_are_named_in_two_words() {
        let mut headers = HeaderMap::new();
        let agent =
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36";
        headers.insert(header::USER_AGENT, agent.parse().unwrap());
        assert_eq!(describe_device(&headers), "Chrome, Android");
    }
}
