//! Limits of one-time passwords that the operator sets; how they are counted is in `usecases/messages/code_limits.rs`.

/// Limits that the operator sets.
#[derive(Debug, Clone, Copy)]
pub struct OneTimeCodeLimits {
    /// Codes in an hour for one address; an IPv6 address counts with its /64.
    pub per_address: i64,
    /// Messages with codes and links in a day of the programme.
    pub per_day: i64,
    /// Price of a message in minor units of the operator's currency, 0 = not known.
    pub price_minor: i64,
    /// Highest cost of the messages of a day in minor units, `None` = no limit.
    pub cost_per_day: Option<i64>,
}

impl Default for OneTimeCodeLimits {
    fn default() -> Self {
        Self {
            per_address: 20,
            per_day: 5_000,
            price_minor: 0,
            cost_per_day: None,
        }
    }
}

impl OneTimeCodeLimits {
    /// Returns the number of messages that a day may have by number and by cost.
    pub fn messages_per_day(&self) -> i64 {
        let by_cost = self
            .cost_per_day
            .and_then(|cost| cost.checked_div(self.price_minor));
        by_cost.map_or(self.per_day, |by_cost| by_cost.min(self.per_day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_ends_by_number_or_by_cost_whichever_is_first() {
        let limits = |per_day, price_minor, cost_per_day| {
            let limits = OneTimeCodeLimits {
                per_day,
                price_minor,
                cost_per_day,
                ..OneTimeCodeLimits::default()
            };
            limits.messages_per_day()
        };
        assert_eq!(limits(100, 0, None), 100);
        assert_eq!(limits(100, 450, Some(10_000)), 22);
        assert_eq!(limits(10, 450, Some(10_000)), 10);
        assert_eq!(limits(100, 0, Some(10_000)), 100);
        assert_eq!(limits(100, 450, Some(0)), 0);
    }
}
