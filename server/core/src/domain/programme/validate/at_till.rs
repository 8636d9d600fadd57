//! Whether the settings about tills mean something.

use super::{FaultCollector, top_level_path};
use crate::domain::programme::Programme;

/// Longest time for which a till may stay open with nobody at it, in minutes.
const LONGEST_IDLE: u32 = 240;
/// Longest time for which it is kept who did what, in days.
const LONGEST_AUDIT: u32 = 3_660;
/// Longest time to claim a receipt, in days: a month is a long time to keep a slip of paper.
const LONGEST_CLAIM: u32 = 31;
/// Most that the fraud limits can count.
const MOST: u32 = 100_000;
/// Furthest back that the fraud limits count, in minutes.
const LONGEST_WINDOW: u32 = 1_440;
/// Longest that a changed phone may matter, in hours.
const LONGEST_CHANGE: u32 = 720;

impl Programme {
    pub(super) fn validate_tills(&self, findings: &mut FaultCollector) {
        findings.unless(
            (1..=LONGEST_IDLE).contains(&self.till.idle_minutes),
            top_level_path("till").field("idle_minutes"),
            format!("must be 1 to {LONGEST_IDLE} minutes"),
        );
        findings.unless(
            (1..=LONGEST_AUDIT).contains(&self.till.audit_days),
            top_level_path("till").field("audit_days"),
            format!("must be 1 to {LONGEST_AUDIT} days"),
        );
        findings.unless(
            self.till.claim_days <= LONGEST_CLAIM,
            top_level_path("till").field("claim_days"),
            format!("must be 0 to {LONGEST_CLAIM} days"),
        );
        let limits = &self.fraud_limits;
        if let Some(limit) = limits.card_receipts {
            findings.check_limits(
                "card_receipts",
                ("soft", limit.soft),
                ("hard", limit.hard),
                MOST,
            );
        }
        for (name, timed) in [
            ("card_scans", limits.card_scans),
            ("scans_without_sale", limits.scans_without_sale),
        ] {
            let Some(timed) = timed else { continue };
            findings.check_limits(name, ("soft", timed.soft), ("hard", timed.hard), MOST);
            findings.unless(
                (1..=LONGEST_WINDOW).contains(&timed.minutes),
                top_level_path("radar").field(name).field("minutes"),
                format!("must be 1 to {LONGEST_WINDOW} minutes"),
            );
        }
        if let Some(change) = limits.phone_change {
            let (soft, hard) = (change.soft_hours, change.hard_hours);
            for (name, hours) in [("soft_hours", soft), ("hard_hours", hard)] {
                findings.unless(
                    hours.is_none_or(|hours| (1..=LONGEST_CHANGE).contains(&hours)),
                    top_level_path("radar").field("phone_change").field(name),
                    format!(
                        "must be 1 to {LONGEST_CHANGE} hours; leave it out where none is meant"
                    ),
                );
            }
            findings.warn_unless(
                soft.zip(hard).is_none_or(|(soft, hard)| soft > hard),
                top_level_path("radar")
                    .field("phone_change")
                    .field("soft_hours"),
                "never warns: spending is refused for as long",
            );
        }
    }
}

impl FaultCollector {
    fn check_limits(
        &mut self,
        name: &str,
        soft: (&str, Option<u32>),
        hard: (&str, Option<u32>),
        most: u32,
    ) {
        let path = top_level_path("radar").field(name);
        for (field, number) in [soft, hard] {
            self.unless(
                number.is_none_or(|number| (1..=most).contains(&number)),
                path.field(field),
                format!("must be 1 to {most}; leave it out where none is meant"),
            );
        }
        self.warn_unless(
            soft.1.zip(hard.1).is_none_or(|(soft, hard)| soft < hard),
            path.field(soft.0),
            "never warns: the hard limit comes first",
        );
    }
}
