//! Networks that requests come from. Somebody with IPv6 has at least a /64 of addresses, so those are one for every limit.

use std::net::{IpAddr, Ipv6Addr};

/// Returns the address by which limits count: IPv4 as it is, IPv6 as its /64, IPv4 mapped into IPv6 as IPv4.
pub fn limited_address(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(address: &str) -> String {
        limited_address(address.parse().unwrap()).to_string()
    }

    #[test]
    fn addresses_of_one_ipv6_network_are_one() {
        assert_eq!(limited("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(limited("2001:db8:1:2::ffff"), "2001:db8:1:2::");
        assert_eq!(limited("2001:db8:1:3::1"), "2001:db8:1:3::");
        assert_eq!(limited("192.0.2.7"), "192.0.2.7");
        assert_eq!(limited("::ffff:192.0.2.7"), "192.0.2.7");
    }
}
