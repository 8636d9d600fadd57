//! `kopilka audit`: who did what, oldest first, in columns apart by tabs. Of members no more than the end of a card number.

use std::io::Write;
use std::time::Duration;

use clap::Args;
use kopilka_core::Kopilka;
use kopilka_core::domain::card::CardNumber;
use kopilka_core::domain::time::Instant;
use kopilka_core::ids::RowId;
use kopilka_core::store::audit::{self, AuditLogFilter, AuditLogRow};
use kopilka_core::store::{Tx, cards, chain, tills};

use super::CommandError;

/// Lines that are read at once.
const PAGE: i64 = 1_000;

/// Print who did what: sign-ins, sales, returns, corrections, changes of members and of the chain, warnings.
#[derive(Debug, Args)]
pub struct AuditCommand {
    /// How far back, as 30m, 24h or 7d.
    #[arg(long, default_value = "24h", value_parser = humantime::parse_duration)]
    since: Duration,
    /// Name of a till: what was done there.
    #[arg(long)]
    till: Option<String>,
    /// Login of a person: what they did.
    #[arg(long)]
    staff: Option<String>,
    /// Number of a card: what was done with its member.
    #[arg(long)]
    member: Option<String>,
}

impl AuditCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, service: &Kopilka) -> Result<(), CommandError> {
        let mut tx = service.db.scan().await?;
        let filter = self.build_query(service, &mut tx).await?;
        let mut out = std::io::stdout().lock();
        let mut after: Option<(Instant, RowId)> = None;
        loop {
            let lines = audit::list_entries(&mut tx, &filter, after, PAGE).await?;
            let Some(last) = lines.last() else { break };
            after = Some((last.at, last.id));
            for line in &lines {
                // A reader that has seen enough closes the pipe: that is no failure.
                if writeln!(out, "{}", format_entry(line)).is_err() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    async fn build_query(
        &self,
        service: &Kopilka,
        tx: &mut Tx,
    ) -> Result<AuditLogFilter, CommandError> {
        let seconds = i64::try_from(self.since.as_secs()).unwrap_or(i64::MAX);
        let no = |what: &str, name: &str| CommandError::Said(format!("there is no {what} {name}"));
        let mut filter = AuditLogFilter {
            since: service.now().plus_secs(seconds.saturating_neg()),
            ..AuditLogFilter::default()
        };
        if let Some(name) = &self.till {
            let till = tills::id_by_name(tx, name).await?;
            filter.till = Some(till.ok_or_else(|| no("till", name))?);
        }
        if let Some(login) = &self.staff {
            let staff = chain::staff_by_login(tx, login).await?;
            filter.staff = Some(staff.ok_or_else(|| no("login", login))?.id);
        }
        if let Some(number) = &self.member {
            let unknown = || no("card", number);
            let number = CardNumber::parse(number).ok_or_else(unknown)?;
            let card = cards::find_by_number(tx, number.as_str()).await?;
            filter.member = Some(card.ok_or_else(unknown)?.member_id);
        }
        Ok(filter)
    }
}

/// A moment in UTC.
pub(super) fn format_moment(at: Instant) -> String {
    chrono::DateTime::from_timestamp_micros(at.0)
        .map(|time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string())
        .unwrap_or_default()
}

/// A line in columns: time, till, login of the person who did it, action, outcome, member, subject, browser, login of the
/// cashier whom a late sale names, kind of whoever did it.
fn format_entry(line: &AuditLogRow) -> String {
    let at = format_moment(line.at);
    let member = match (&line.card, line.member_id) {
        (Some(card), _) => mask_card(card),
        // A closed account has no card any more: what is left is an id that means nothing.
        (None, Some(member)) => member.to_string(),
        (None, None) => String::new(),
    };
    let columns: [&str; 10] = [
        &at,
        &line.till,
        &line.login,
        &line.action,
        &line.outcome,
        &member,
        &line.subject,
        &line.device,
        &line.named,
        &line.actor,
    ];
    columns
        .map(|text| if text.is_empty() { "-" } else { text })
        .join("\t")
}

pub(super) fn mask_card(card: &str) -> String {
    let last: String = card
        .chars()
        .skip(card.chars().count().saturating_sub(4))
        .collect();
    format!("…{last}")
}
