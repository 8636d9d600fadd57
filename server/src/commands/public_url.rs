//! The address at which shoppers reach a service.

use axum::http::Uri;

use super::CommandError;

/// A public address.
#[derive(Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// The address without a slash at its end, as `https://club.example.com`.
    pub site: String,
    /// Its host, with its port where it has one.
    pub host: String,
}

impl PublicUrl {
    /// Reads an address: a scheme and a host, with a port or without. There is no path: the pages stand at the top of a host.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn parse_url(url: &str) -> Result<Self, CommandError> {
        let like = "like https://club.example.com";
        let no_address = || CommandError::Said(format!("the public address {url} is not {like}"));
        let uri: Uri = url.parse().map_err(|_| no_address())?;
        let (Some(scheme @ ("http" | "https")), Some(authority)) =
            (uri.scheme_str(), uri.authority())
        else {
            return Err(no_address());
        };
        if authority.host().is_empty() || authority.as_str().contains('@') {
            return Err(no_address());
        }
        if uri.path() != "/" || uri.query().is_some() || url.contains('#') {
            return Err(CommandError::Said(format!(
                "the public address {url} has a path, and the pages are served at the top of a host: give one {like}"
            )));
        }
        Ok(Self {
            site: format!("{scheme}://{authority}"),
            host: authority.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_scheme_and_a_host() {
        for (url, site, host) in [
            (
                "https://club.example.com",
                "https://club.example.com",
                "club.example.com",
            ),
            (
                "https://club.example.com/",
                "https://club.example.com",
                "club.example.com",
            ),
            (
                "http://localhost:3000",
                "http://localhost:3000",
                "localhost:3000",
            ),
            ("http://[::1]:3000/", "http://[::1]:3000", "[::1]:3000"),
        ] {
            let read = PublicUrl::parse_url(url).unwrap();
            assert_eq!((read.site.as_str(), read.host.as_str()), (site, host));
        }
    }

    #[test]
    fn an_address_with_a_path_or_without_a_host_is_refused() {
        for url in [
            "https://localhost/path",
            "https://localhost/path/",
            "https://localhost//",
            "https://localhost?query",
            "https://localhost/#part",
        ] {
            let said = PublicUrl::parse_url(url).unwrap_err().to_string();
            assert!(said.contains("has a path"), "{url}: {said}");
        }
        for url in [
            "",
            "localhost:3000",
            "https://",
            "ftp://localhost",
            "https://anna@localhost",
            "https://a b",
        ] {
            let said = PublicUrl::parse_url(url).unwrap_err().to_string();
            assert!(said.contains("is not like https://"), "{url}: {said}");
        }
    }
}
