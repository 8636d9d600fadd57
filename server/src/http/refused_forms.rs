//! Audit lines about refused forms, so many for an address in a minute: what comes faster is one line that says so. An address may
//! post more forms than anybody could want to read about.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::LazyLock;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kopilka::api::Visitor;
use kopilka::api::forms::FormState;
use kopilka_core::domain::network::limited_address;
use kopilka_core::usecases::access::refused_forms::{RefusedFormSender, log_refused_form};

/// Lines about one address in a minute, in each process.
const LINES: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// Outcome of the line that stands for those that are left out.
const TOO_MANY: &str = "too-many";
/// Outcome where fields were wrong.
const INVALID: &str = "invalid";

static LIMITS: LazyLock<LineLimits> = LazyLock::new(LineLimits::default);

/// Lines by address.
#[derive(Debug)]
struct LineLimits {
    lines: DefaultKeyedRateLimiter<IpAddr>,
    summaries: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for LineLimits {
    fn default() -> Self {
        Self {
            lines: RateLimiter::keyed(Quota::per_minute(LINES)),
            summaries: RateLimiter::keyed(Quota::per_minute(NonZeroU32::MIN)),
        }
    }
}

impl LineLimits {
    /// Returns the outcome to log for this address; `None` = nothing more is logged in this minute.
    fn admit(&self, address: IpAddr, outcome: &'static str) -> Option<&'static str> {
        let address = limited_address(address);
        if self.lines.check_key(&address).is_ok() {
            return Some(outcome);
        }
        self.lines.retain_recent();
        self.summaries.retain_recent();
        let is_first = self.summaries.check_key(&address).is_ok();
        is_first.then_some(TOO_MANY)
    }
}

/// Logs that a form was refused. One that others were in the way of is not.
pub async fn log(visitor: &Visitor, form: &FormState) {
    let endpoint = form.endpoint.as_str();
    let outcome = match &form.refusal {
        Some(refusal) => refusal.key(),
        None if form.problems.is_empty() => return,
        None => INVALID,
    };
    let Ok(address) = visitor.ip.parse() else {
        return;
    };
    let Some(outcome) = LIMITS.admit(address, outcome) else {
        return;
    };
    // A browser may be a till and a shopper's: the form says as whom it was sent. Whoever is no shopper is the cashier.
    let is_of_till = endpoint.starts_with("till/");
    let is_cashiers = is_of_till || visitor.shopper.is_none();
    let cashier = visitor.cashier.as_ref().filter(|_| is_cashiers);
    let at_till = cashier.map(|cashier| cashier.at_till());
    let sender = RefusedFormSender {
        shopper: visitor.shopper.as_ref().filter(|_| !is_of_till),
        at_till: at_till.as_ref(),
    };
    if let Err(error) = log_refused_form(&visitor.kopilka, sender, endpoint, outcome).await {
        tracing::error!(endpoint, %error, "a refused form was not logged");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_lines_of_an_address_and_one_more_are_logged_in_a_minute() {
        let limits = LineLimits::default();
        let (one, other) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        for _ in 0..30 {
            assert_eq!(limits.admit(one, "code-dead"), Some("code-dead"));
        }
        assert_eq!(limits.admit(one, "code-dead"), Some(TOO_MANY));
        assert_eq!(limits.admit(one, "code-dead"), None);
        assert_eq!(limits.admit(other, "code-dead"), Some("code-dead"));
    }
}
