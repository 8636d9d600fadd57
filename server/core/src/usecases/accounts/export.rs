//! Everything that is kept about a member, for the member: as JSON, and the tables of it as CSV.

use serde::Serialize;

use crate::domain::programme::Programme;
use crate::domain::time::Instant;
use crate::service::Kopilka;
use crate::store::json::StoredReason;
use crate::store::offer_members::ListedOffer;
use crate::store::once_only::{self, EarlierBenefitUse};
use crate::store::{cards, members, merged_accounts, offer_members, receipts, tiers};
use crate::usecases::Error;
use crate::usecases::access::session::Shopper;
use crate::usecases::profiles::consents::{self, ConsentChange};
use crate::usecases::profiles::profile;
use crate::usecases::wallet::history;
use crate::usecases::wallet::history::LedgerEntryView;

/// Everything about one person, ready to be written as JSON.
#[derive(Debug, Serialize)]
pub struct PersonalDataExport {
    exported_at: String,
    #[serde(flatten)]
    account: AccountExport,
    /// Other open accounts of the person that were merged with this one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    merged_accounts: Vec<AccountExport>,
}

/// Everything about one account.
#[derive(Debug, Serialize)]
struct AccountExport {
    phone: Option<String>,
    first_name: String,
    last_name: String,
    email: String,
    language: String,
    joined_at: String,
    joined_from: String,
    joined_store: String,
    card: Option<String>,
    birth_date: Option<String>,
    children_birth_years: Vec<i32>,
    pets: Vec<(String, i64)>,
    car: Option<&'static str>,
    consents: Vec<ExportedConsentChange>,
    points: Vec<ExportedPointsEntry>,
    purchases: Vec<String>,
    tier: String,
    tier_until: Option<String>,
    tier_changes: Vec<ExportedTierChange>,
    used_in_earlier_accounts: Vec<ExportedEarlierUse>,
    offer_lists: Vec<ExportedOfferList>,
}

/// A place in the list of an offer.
#[derive(Debug, Serialize)]
struct ExportedOfferList {
    /// Id of the offer; `None` = a file, which is read outside stores too, must not name it.
    offer: Option<String>,
    since: String,
}

fn offer_list_line(place: ListedOffer, programme: &Programme) -> ExportedOfferList {
    ExportedOfferList {
        since: format_instant(place.added_at),
        offer: Some(place.offer).filter(|offer| programme.may_name(offer)),
    }
}

#[derive(Debug, Serialize)]
struct ExportedEarlierUse {
    benefit: String,
    day: String,
    uses: i64,
}

fn earlier_use_line(used: EarlierBenefitUse) -> ExportedEarlierUse {
    ExportedEarlierUse {
        day: format_instant(used.day),
        benefit: used.benefit,
        uses: used.uses,
    }
}

#[derive(Debug, Serialize)]
struct ExportedTierChange {
    at: String,
    from: String,
    to: String,
    cause: &'static str,
    counted: i64,
}

fn tier_line(change: tiers::TierChangeRow) -> ExportedTierChange {
    ExportedTierChange {
        at: format_instant(change.at),
        from: change.from_tier,
        to: change.to_tier,
        cause: change.cause.as_str(),
        counted: change.measured,
    }
}

#[derive(Debug, Serialize)]
struct ExportedConsentChange {
    at: String,
    channel: String,
    purpose: String,
    granted: bool,
    text_version: String,
    ip: String,
    source: String,
}

#[derive(Debug, Serialize)]
struct ExportedPointsEntry {
    at: String,
    kind: &'static str,
    points: i64,
    store: Option<String>,
    reason: serde_json::Value,
}

/// An instant in RFC 3339, UTC.
fn format_instant(at: Instant) -> String {
    chrono::DateTime::from_timestamp_micros(at.0)
        .map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
        .unwrap_or_default()
}

fn consent_line(change: ConsentChange) -> ExportedConsentChange {
    ExportedConsentChange {
        at: format_instant(change.at),
        channel: change.subject.channel_word().to_owned(),
        purpose: change.subject.purpose_word().to_owned(),
        granted: change.granted,
        text_version: change.text_version,
        ip: change.ip,
        source: change.source,
    }
}

fn points_line(entry: LedgerEntryView) -> Result<ExportedPointsEntry, Error> {
    let reason = if entry.unnamed {
        // A file is read outside stores too: that an offer gave the points, and how many, but not which.
        serde_json::json!({"kind": "offer", "points": entry.points})
    } else {
        serde_json::to_value(StoredReason::from(entry.reason))?
    };
    Ok(ExportedPointsEntry {
        at: format_instant(entry.at),
        kind: entry.kind.as_str(),
        points: entry.points.0,
        store: entry.store,
        reason,
    })
}

async fn all_entries(
    service: &Kopilka,
    shopper: &Shopper,
) -> Result<Vec<ExportedPointsEntry>, Error> {
    let mut lines = Vec::new();
    let mut before = None;
    loop {
        let page = history::load_history(service, shopper, before).await?;
        for entry in page.entries {
            lines.push(points_line(entry)?);
        }
        before = page.older;
        if before.is_none() {
            return Ok(lines);
        }
    }
}

/// Returns the shopper for each open account of the person that was merged with theirs.
async fn other_accounts(service: &Kopilka, shopper: &Shopper) -> Result<Vec<Shopper>, Error> {
    let mut tx = service.db.scan().await?;
    let mut others = Vec::new();
    for member in merged_accounts::accounts_of_person(&mut tx, shopper.member).await? {
        if member != shopper.member
            && members::load_member(&mut tx, member)
                .await?
                .closed_at
                .is_none()
        {
            others.push(Shopper {
                member,
                ..shopper.clone()
            });
        }
    }
    Ok(others)
}

/// Everything that is kept about the shopper, in all accounts that were merged.
///
/// # Errors
/// [`Error::Fault`].
pub async fn export_everything(
    service: &Kopilka,
    shopper: &Shopper,
) -> Result<PersonalDataExport, Error> {
    let mut merged_accounts = Vec::new();
    for other in other_accounts(service, shopper).await? {
        merged_accounts.push(export_account(service, &other).await?);
    }
    Ok(PersonalDataExport {
        exported_at: format_instant(service.now()),
        account: export_account(service, shopper).await?,
        merged_accounts,
    })
}

async fn export_account(service: &Kopilka, shopper: &Shopper) -> Result<AccountExport, Error> {
    let profile = profile::load_profile(service, shopper).await?;
    let consents = consents::load_consents(service, shopper).await?;
    let points = all_entries(service, shopper).await?;
    let mut tx = service.db.scan().await?;
    let row = members::load_member(&mut tx, shopper.member).await?;
    let standing = tiers::load_tier_status(&mut tx, shopper.member).await?;
    let changes = tiers::list_changes(&mut tx, shopper.member, i64::MAX).await?;
    let earlier = once_only::earlier_uses(&mut tx, shopper.member).await?;
    let rules = service.current_rules(&mut tx).await?;
    let places = offer_members::of_member(&mut tx, shopper.member).await?;
    let purchases = receipts::purchases_since(&mut tx, shopper.member, Instant(0)).await?;
    Ok(AccountExport {
        phone: row.phone,
        first_name: row.first_name,
        last_name: row.last_name,
        email: row.email,
        language: row.language,
        joined_at: format_instant(row.joined_at),
        joined_from: row.joined_from,
        joined_store: row.joined_store,
        card: cards::find_of_member(&mut tx, shopper.member)
            .await?
            .map(|card| card.number),
        birth_date: profile
            .birth
            .map(|date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)),
        children_birth_years: profile.children.iter().map(|(_, year)| *year).collect(),
        pets: profile
            .pets
            .iter()
            .map(|(species, count)| (species.as_str().to_owned(), *count))
            .collect(),
        car: row.car.word(),
        consents: consents.history.into_iter().map(consent_line).collect(),
        points,
        purchases: purchases.into_iter().map(format_instant).collect(),
        tier_until: standing.until.map(format_instant),
        tier: standing.tier,
        tier_changes: changes.into_iter().map(tier_line).collect(),
        used_in_earlier_accounts: earlier.into_iter().map(earlier_use_line).collect(),
        offer_lists: places
            .into_iter()
            .map(|place| offer_list_line(place, &rules.programme))
            .collect(),
    })
}

/// The shopper's points as CSV (RFC 4180, UTF-8): a line for each movement, those of merged accounts after their own.
///
/// # Errors
/// [`Error::Fault`].
pub async fn points_csv(service: &Kopilka, shopper: &Shopper) -> Result<String, Error> {
    let mut rows = all_entries(service, shopper).await?;
    for other in other_accounts(service, shopper).await? {
        rows.extend(all_entries(service, &other).await?);
    }
    let mut table = CsvTableWriter::new(&["at", "kind", "points", "store", "reason"]);
    for row in rows {
        table.write_row(&[
            &row.at,
            row.kind,
            &row.points.to_string(),
            row.store.as_deref().unwrap_or_default(),
            &row.reason.to_string(),
        ])?;
    }
    table.finish()
}

/// Returns each change of the shopper's consents, those of merged accounts after their own.
async fn all_consents(
    service: &Kopilka,
    shopper: &Shopper,
) -> Result<Vec<ExportedConsentChange>, Error> {
    let mut changes = consents::load_consents(service, shopper).await?.history;
    for other in other_accounts(service, shopper).await? {
        changes.extend(consents::load_consents(service, &other).await?.history);
    }
    Ok(changes.into_iter().map(consent_line).collect())
}

/// The proofs of the shopper's consents as CSV: a line for each change.
///
/// # Errors
/// [`Error::Fault`].
pub async fn consents_csv(service: &Kopilka, shopper: &Shopper) -> Result<String, Error> {
    let mut table = CsvTableWriter::new(&[
        "at",
        "channel",
        "purpose",
        "granted",
        "text_version",
        "ip",
        "source",
    ]);
    for line in all_consents(service, shopper).await? {
        table.write_row(&[
            &line.at,
            &line.channel,
            &line.purpose,
            if line.granted { "yes" } else { "no" },
            &line.text_version,
            &line.ip,
            &line.source,
        ])?;
    }
    table.finish()
}

struct CsvTableWriter(csv::Writer<Vec<u8>>);

impl CsvTableWriter {
    fn new(header: &[&str]) -> Self {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail; a missing header would be seen at once.
        drop(writer.write_record(header));
        Self(writer)
    }

    fn write_row(&mut self, fields: &[&str]) -> Result<(), Error> {
        self.0
            .write_record(fields.iter().map(|field| escape_formula(field)))
            .map_err(|error| Error::Fault(error.to_string()))
    }

    fn finish(self) -> Result<String, Error> {
        let bytes = self
            .0
            .into_inner()
            .map_err(|error| Error::Fault(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| Error::Fault(error.to_string()))
    }
}

/// A spreadsheet takes a cell that begins so for a formula; a number with a sign is left alone.
fn escape_formula(field: &str) -> String {
    let formula =
        field.starts_with(['=', '+', '-', '@', '\t', '\r']) && field.parse::<i64>().is_err();
    if formula {
        format!("'{field}")
    } else {
        field.to_owned()
    }
}

/// The proofs of the shopper's consents as JSON.
///
/// # Errors
/// [`Error::Fault`].
pub async fn consents_json(service: &Kopilka, shopper: &Shopper) -> Result<String, Error> {
    let lines = all_consents(service, shopper).await?;
    Ok(serde_json::to_string_pretty(&lines)?)
}
