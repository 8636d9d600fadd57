//! Where the demo may be reached: from this machine alone, because anybody who reaches it reads everybody's one-time
//! passwords at `/outbox` and knows the passwords of its staff.

use std::net::{IpAddr, SocketAddr};

use axum::http::Uri;

use super::CommandError;

/// Makes sure that a demo listens at a loopback address, and that the host of its public address, where one is given, is
/// this machine.
///
/// # Errors
/// A sentence for the operator.
pub fn check_demo_address(
    listen: SocketAddr,
    public_url: Option<&str>,
) -> Result<(), CommandError> {
    if !is_loopback(listen.ip()) {
        return Err(CommandError::Said(format!(
            "--demo listens on this machine alone, and {listen} can be reached from others: give a loopback address, \
             as --listen 127.0.0.1:3000"
        )));
    }
    match public_url {
        Some(url) if !is_this_machine(url) => Err(CommandError::Said(format!(
            "--demo is for this machine alone, and the public address {url} is not of it: leave --public-url out, or \
             give one as http://localhost:3000"
        ))),
        _ => Ok(()),
    }
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Returns whether the host of an address is a loopback address or a name under `localhost` (RFC 6761 section 6.3).
fn is_this_machine(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else {
        return false;
    };
    let Some(host) = uri.host() else {
        return false;
    };
    is_host_of_this_machine(host)
}

/// Returns whether a host, without its port, is a loopback address or a name under `localhost`.
pub fn is_host_of_this_machine(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    match bare.parse::<IpAddr>() {
        Ok(address) => is_loopback(address),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_machine_are_told_from_others() {
        for url in [
            "http://localhost",
            "http://localhost:3000/",
            "https://demo.localhost",
            "https://LOCALHOST.:8443",
            "http://127.0.0.1:80",
            "http://127.8.9.10",
            "http://[::1]:3000",
            "http://[::ffff:127.0.0.1]/",
        ] {
            assert!(is_this_machine(url), "{url}");
        }
        for url in [
            "https://club.example.com",
            "http://localhost.example.com",
            "http://notlocalhost",
            "http://localhost@example.com",
            "http://192.168.1.5:3000",
            "http://0.0.0.0:3000",
            "http://[::]:3000",
            "http://[2001:db8::1]",
            "",
            "localhost.example.com/localhost",
        ] {
            assert!(!is_this_machine(url), "{url}");
        }
    }
}
