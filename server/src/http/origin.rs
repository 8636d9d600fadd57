//! Writes come from our own pages only, checked by Fetch Metadata, and by `Origin` where a browser sends none.
//! The POS API has bearer keys instead of cookies and does not pass here.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::{ServerState, error_pages};

/// Refuses writes from other sites.
pub async fn same_origin(State(app): State<ServerState>, request: Request, next: Next) -> Response {
    let reads = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if reads || is_ours(request.headers(), &app.settings.host) {
        return next.run(request).await;
    }
    error_pages::error_page(
        StatusCode::FORBIDDEN,
        "Эта форма пришла не с нашего сайта. Откройте страницу у нас и повторите",
        "This form did not come from our site. Open the page here and try again",
    )
}

fn is_ours(headers: &HeaderMap, host: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => text(header::ORIGIN.as_str())
            .and_then(|origin| origin.split_once("://"))
            .is_some_and(|(_, origin)| {
                origin == host || text(header::HOST.as_str()) == Some(origin)
            }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect::<HeaderMap>()
    }

    #[test]
    fn our_own_forms_pass() {
        assert!(is_ours(
            &headers(&[("sec-fetch-site", "same-origin")]),
            "club.test"
        ));
        assert!(is_ours(
            &headers(&[("origin", "https://club.test")]),
            "club.test"
        ));
    }

    #[test]
    fn forms_of_other_sites_do_not() {
        for site in ["cross-site", "same-site", "none"] {
            let foreign = headers(&[("sec-fetch-site", site)]);
            assert!(!is_ours(&foreign, "club.test"), "{site}");
        }
        let liar = [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://club.test"),
        ];
        assert!(!is_ours(&headers(&liar), "club.test"));
        assert!(!is_ours(
            &headers(&[("origin", "https://evil.test")]),
            "club.test"
        ));
        assert!(!is_ours(&headers(&[("origin", "null")]), "club.test"));
    }

    #[test]
    fn a_form_that_hides_where_it_comes_from_does_not_pass() {
        assert!(!is_ours(&HeaderMap::new(), "club.test"));
    }
}
