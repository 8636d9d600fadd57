//! `kopilka offer`: lists of members whom the chain has named for an offer.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use kopilka_core::Kopilka;
use kopilka_core::domain::actor::Actor;
use kopilka_core::usecases::programme::offer_members::{
    self, ListChange, ListedMember, MemberReference, OfferListError, read_member_references,
};

use super::arguments::read_text_file;
use super::{CommandError, explain_error, format_minute};

/// Names that are told one by one; the rest are counted.
const TOLD: usize = 50;
/// Members that are read at a time.
const PAGE: i64 = 1_000;

/// Offers of the programme.
#[derive(Debug, Subcommand)]
pub enum OfferCommand {
    /// Members in the list of an offer with `named_members = true`.
    Members(OfferMembers),
}

/// A list of members.
#[derive(Debug, Args)]
pub struct OfferMembers {
    /// Id of the offer in the programme.
    offer: String,
    #[command(subcommand)]
    action: OfferMembersAction,
}

/// What is done with a list.
#[derive(Debug, Subcommand)]
enum OfferMembersAction {
    /// Put members into the list: all of them or, where one of them names nobody, none.
    Add(OfferMemberReferences),
    /// Take members out of the list: all of them or, where one of them names nobody, none.
    Remove(OfferMemberReferences),
    /// List the members: id, end of the card number, since when; apart by tabs.
    List,
    /// Empty the list.
    Clear,
}

/// References to members.
#[derive(Debug, Args)]
struct OfferMemberReferences {
    /// Card numbers, EANs of cards, or member ids.
    #[arg(required_unless_present = "file", value_name = "NAMES")]
    references: Vec<String>,
    /// CSV file whose first column has card numbers, EANs of cards, or member ids.
    #[arg(long, conflicts_with = "references")]
    file: Option<PathBuf>,
}

impl OfferMemberReferences {
    fn read(self) -> Result<Vec<MemberReference>, CommandError> {
        match self.file {
            Some(file) => Ok(read_member_references(&read_text_file(&file)?)),
            None => Ok((1..)
                .zip(self.references)
                .map(|(line, text)| MemberReference { line, text })
                .collect()),
        }
    }
}

impl OfferCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, service: &Kopilka) -> Result<(), CommandError> {
        let Self::Members(OfferMembers { offer, action }) = self;
        match action {
            OfferMembersAction::Add(named) => {
                let done =
                    offer_members::add_members(service, &Actor::OPERATOR, &offer, &named.read()?)
                        .await;
                let done = done.map_err(explain_list_error)?;
                println!(
                    "{} added, {} were there already",
                    done.changed, done.unchanged
                );
                warn_if_unused(&offer, done);
            }
            OfferMembersAction::Remove(named) => {
                let done = offer_members::remove_members(
                    service,
                    &Actor::OPERATOR,
                    &offer,
                    &named.read()?,
                )
                .await;
                let done = done.map_err(explain_list_error)?;
                println!(
                    "{} removed, {} were not there",
                    done.changed, done.unchanged
                );
            }
            OfferMembersAction::List => list(service, &offer).await?,
            OfferMembersAction::Clear => {
                let removed = offer_members::clear_list(service, &Actor::OPERATOR, &offer).await;
                println!("{} removed", removed.map_err(explain_error)?);
            }
        }
        Ok(())
    }
}

/// A list that no version asks for does nothing.
fn warn_if_unused(offer: &str, done: ListChange) {
    if !done.is_asked_for {
        eprintln!(
            "warning: the offer {offer} is not for named members: its list does nothing until a version says \
             named_members = true"
        );
    }
}

/// Prints the lines that name nobody, and returns the error in words.
fn explain_list_error(error: OfferListError) -> CommandError {
    if let OfferListError::UnknownReferences(lines) = &error {
        for line in lines.iter().take(TOLD) {
            eprintln!("line {line} names no member");
        }
        if let Some(more) = lines.len().checked_sub(TOLD).filter(|more| *more > 0) {
            eprintln!("and {more} lines more");
        }
    }
    match error {
        OfferListError::Failed(error) => explain_error(error),
        error => CommandError::Said(error.to_string()),
    }
}

async fn list(service: &Kopilka, offer: &str) -> Result<(), CommandError> {
    let mut after = None;
    let mut out = std::io::stdout().lock();
    loop {
        let page = offer_members::list_members(service, offer, after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.member_id);
        let lines: String = page.iter().map(line_of).collect();
        // A pipe that was closed has read enough.
        if out.write_all(lines.as_bytes()).is_err() {
            return Ok(());
        }
    }
}

fn line_of(place: &ListedMember) -> String {
    let card = place.card.as_deref().unwrap_or_default();
    let end = card.get(card.len().saturating_sub(4)..).unwrap_or_default();
    let since = format_minute(place.added_at);
    format!("{}\t…{end}\t{since}\n", place.member_id)
}
