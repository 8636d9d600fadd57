//! A demo answers only where it is called by a name of this machine. A page elsewhere whose own name was made to lead to this
//! machine (DNS rebinding) would read everybody's one-time passwords at `/outbox` otherwise.

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::{ServerState, error_pages};
use crate::commands::is_host_of_this_machine;

/// Refuses requests to a demo that call it by another name.
pub async fn check_demo_host(
    State(app): State<ServerState>,
    request: Request,
    next: Next,
) -> Response {
    if !app.kopilka.config.demo || calls_this_machine(&request) {
        return next.run(request).await;
    }
    error_pages::error_page(
        StatusCode::MISDIRECTED_REQUEST,
        "Демо работает только на этом компьютере. Откройте его по адресу localhost или 127.0.0.1",
        "The demo is for this machine alone. Open it at localhost or 127.0.0.1",
    )
}

/// Returns whether everything that names the host of a request names this machine.
fn calls_this_machine(request: &Request) -> bool {
    let hosts = request.headers().get_all(header::HOST);
    let mut named = false;
    for host in hosts {
        named = true;
        let authority = host.to_str().ok().and_then(|host| host.parse().ok());
        if !authority.is_some_and(|authority| is_of_this_machine(&authority)) {
            return false;
        }
    }
    match request.uri().authority() {
        Some(authority) => is_of_this_machine(authority),
        None => named,
    }
}

fn is_of_this_machine(authority: &Authority) -> bool {
    !authority.as_str().contains('@') && is_host_of_this_machine(authority.host())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::body::Body;

    use super::*;

    fn request(uri: &str, hosts: &[&str]) -> Request {
        let mut request = Request::builder().uri(uri);
        for host in hosts {
            request = request.header("host", *host);
        }
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn names_of_this_machine_are_answered_with_any_port() {
        for host in [
            "localhost",
            "LOCALHOST:3000",
            "demo.localhost",
            "127.0.0.1",
            "127.0.0.1:8080",
            "[::1]",
            "[::1]:3000",
        ] {
            assert!(calls_this_machine(&request("/", &[host])), "{host}");
        }
        assert!(calls_this_machine(&request("http://localhost/", &[])));
    }

    #[test]
    fn other_names_and_none_are_not() {
        for host in [
            "evil.example",
            "evil.example:3000",
            "localhost.evil.example",
            "localhost@evil.example",
            "evil.example@localhost",
            "192.168.1.5:3000",
            "0.0.0.0",
            "",
        ] {
            assert!(!calls_this_machine(&request("/", &[host])), "{host}");
        }
        assert!(!calls_this_machine(&request("/", &[])));
        assert!(!calls_this_machine(&request(
            "/",
            &["localhost", "evil.example"]
        )));
        assert!(!calls_this_machine(&request(
            "http://evil.example/",
            &["localhost"]
        )));
    }
}
