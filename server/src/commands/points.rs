//! `kopilka points`: corrections by hand. The person who corrects proves who they are: their password is read from standard
//! input, never from arguments.

use clap::Subcommand;
use kopilka_core::Kopilka;
use kopilka_core::domain::amounts::Points as Amount;
use kopilka_core::domain::card::CardNumber;
use kopilka_core::domain::corrections::SupportRequestKind;
use kopilka_core::domain::phone::Phone;
use kopilka_core::domain::time::{Instant, local_date, local_time};
use kopilka_core::ids::{EntryId, RowId};
use kopilka_core::store::adjustments::WaitingAdjustmentRow;
use kopilka_core::store::support_requests::WaitingSupportRequest;
use kopilka_core::usecases::accounts::corrections::{
    self, AccountMergeOutcome, CorrectionOutcome, MergedAccountPair,
};

use super::arguments::prove_officer;
use super::{CommandError, explain_error};

/// Corrections by hand.
#[derive(Debug, Subcommand)]
pub enum CorrectionsCommand {
    /// Give (+) or take (−) points, with a reason; a large correction waits for a second person.
    Adjust {
        /// Number of the card.
        card: String,
        /// How many, as 100 or -100.
        #[arg(allow_negative_numbers = true)]
        points: i64,
        /// Why: the shopper reads it.
        #[arg(long)]
        reason: String,
        /// Login of the support person or administrator; the password is read from standard input.
        #[arg(long)]
        author: String,
        /// Id of the member's entry that was a mistake: the last part of its page's address, /points/ID.
        #[arg(long)]
        corrects: Option<EntryId>,
    },
    /// List what waits for a second person: id, card, author, time, points, reason; corrections first, then moved balances and
    /// changed phones.
    Waiting,
    /// Approve what waits; not one's own.
    Approve {
        /// Its id.
        id: RowId,
        /// Login of the second person; the password is read from standard input.
        #[arg(long)]
        author: String,
    },
    /// Decline what waits.
    Decline {
        /// Its id.
        id: RowId,
        /// Login of whoever declines; the password is read from standard input.
        #[arg(long)]
        author: String,
    },
    /// Merge one card's account into another's: move all its points, a debt, level, uses of offers and gifts, and block the
    /// first card. What a return or a late sale brings to the first account later goes on to the second. A balance above the
    /// limit waits for a second person.
    Move {
        /// Number of the card that gives.
        from: String,
        /// Number of the card that takes.
        to: String,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Login of the support person or administrator; the password is read from standard input.
        #[arg(long)]
        author: String,
    },
    /// Undo a move: give back what is left of the points, level, uses of offers and gifts, and end the block of the card.
    MoveBack {
        /// Id of the move, as `points move` printed it.
        id: RowId,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Login of the support person or administrator; the password is read from standard input.
        #[arg(long)]
        author: String,
    },
}

impl CorrectionsCommand {
    /// Returns whether the command needs the secret key: to approve may be to change a phone.
    pub const fn needs_key(&self) -> bool {
        matches!(self, Self::Approve { .. })
    }

    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, service: &Kopilka) -> Result<(), CommandError> {
        match self {
            Self::Adjust {
                card,
                points,
                reason,
                author,
                corrects,
            } => {
                let officer = prove_officer(service, &author).await?;
                let points_moved = Amount(points);
                let done = corrections::adjust_points(
                    service,
                    &officer,
                    &card,
                    points_moved,
                    &reason,
                    corrects,
                );
                match done.await.map_err(explain_error)? {
                    CorrectionOutcome::Applied => println!("{} moved", in_words(points)),
                    CorrectionOutcome::Waiting(id) => {
                        let wait = if points.abs() == 1 { "waits" } else { "wait" };
                        println!(
                            "{} {wait} for a second person: kopilka points approve {id}",
                            in_words(points)
                        );
                    }
                }
            }
            Self::Waiting => {
                let (rows, zone) = corrections::list_waiting_adjustments(service)
                    .await
                    .map_err(explain_error)?;
                let at = |at| {
                    let time = local_time(at, zone).format("%H:%M");
                    format!("{} {time}", local_date(at, zone))
                };
                for line in align_rows(&rows, at) {
                    println!("{line}");
                }
                let requests = corrections::waiting_requests(service);
                for request in requests.await.map_err(explain_error)? {
                    println!("{}", describe_request(&request, at));
                }
            }
            Self::Approve { id, author } => decide(service, id, &author, true).await?,
            Self::Decline { id, author } => decide(service, id, &author, false).await?,
            Self::Move {
                from,
                to,
                reason,
                author,
            } => {
                let officer = prove_officer(service, &author).await?;
                let moved = corrections::merge_accounts(service, &officer, &from, &to, &reason)
                    .await
                    .map_err(explain_error)?;
                match moved {
                    AccountMergeOutcome::Moved(merged) => {
                        println!("{} moved; card {from} is blocked", moved_points(&merged));
                        println!("to undo it: kopilka points move-back {}", merged.id);
                    }
                    AccountMergeOutcome::Waiting(id) => {
                        println!("the move waits for a second person: kopilka points approve {id}");
                    }
                }
            }
            Self::MoveBack { id, reason, author } => {
                let officer = prove_officer(service, &author).await?;
                let moved = corrections::undo_merge(service, &officer, id, &reason)
                    .await
                    .map_err(explain_error)?;
                match moved {
                    AccountMergeOutcome::Moved(merged) => println!(
                        "{} moved back; a phone that was taken away meanwhile is given back by kopilka card phone",
                        moved_points(&merged)
                    ),
                    AccountMergeOutcome::Waiting(id) => {
                        println!("the move waits for a second person: kopilka points approve {id}");
                    }
                }
            }
        }
        Ok(())
    }
}

async fn decide(
    service: &Kopilka,
    id: RowId,
    author: &str,
    approve: bool,
) -> Result<(), CommandError> {
    let officer = prove_officer(service, author).await?;
    let merged = corrections::decide_on_approval(service, &officer, id, approve)
        .await
        .map_err(explain_error)?;
    println!("{}", if approve { "approved" } else { "declined" });
    if let Some(merge) = merged {
        println!("to undo it: kopilka points move-back {merge}");
    }
    Ok(())
}

fn moved_points(merged: &MergedAccountPair) -> String {
    let debt = match merged.debt {
        Amount(0) => String::new(),
        debt => format!(" and a debt of {}", debt.0),
    };
    format!("{}{debt}", in_words(merged.points.0))
}

/// Returns a number of points in words.
fn in_words(points: i64) -> String {
    let noun = if points.abs() == 1 { "point" } else { "points" };
    format!("{points} {noun}")
}

/// A line for an act that waits. Of a new phone only what its owner may recognise is told.
fn describe_request(
    request: &WaitingSupportRequest,
    written: impl Fn(Instant) -> String,
) -> String {
    let grouped = |card: &str| CardNumber::parse(card).map(|number| number.grouped());
    let what = match request.kind {
        SupportRequestKind::Phone => {
            format!("new phone {}", Phone::trusted(&request.phone).masked())
        }
        SupportRequestKind::MoveBack => "moves an account back".to_owned(),
        SupportRequestKind::Move => format!(
            "moves all to card {}",
            grouped(&request.other_card).unwrap_or_default()
        ),
    };
    format!(
        "{}  {:<19}  {}  {}  {}  {what}  {}",
        request.id,
        grouped(&request.card).unwrap_or_else(|| "-".to_owned()),
        request.author,
        written(request.created_at),
        in_words(request.points.0),
        request.note,
    )
    .trim_end()
    .to_owned()
}

/// A line for each correction that waits, in columns; `written` puts its time into words.
fn align_rows(rows: &[WaitingAdjustmentRow], written: impl Fn(Instant) -> String) -> Vec<String> {
    let lengths =
        |of: fn(&WaitingAdjustmentRow) -> usize| rows.iter().map(of).max().unwrap_or_default();
    let author = lengths(|row| row.author.chars().count());
    let points = lengths(|row| format_signed(row.points.0).chars().count());
    rows.iter()
        .map(|row| {
            let corrects = row
                .corrects
                .map(|entry| format!("  (corrects {entry})"))
                .unwrap_or_default();
            format!(
                "{}  {:<19}  {:<author$}  {}  {:>points$}  {}{corrects}",
                row.id,
                format_card(row),
                row.author,
                written(row.created_at),
                format_signed(row.points.0),
                row.note,
            )
        })
        .collect()
}

/// The card's number in groups, or a dash where the account is closed.
fn format_card(row: &WaitingAdjustmentRow) -> String {
    let number = row.card.as_deref().and_then(CardNumber::parse);
    number.map_or_else(|| "-".to_owned(), |number| number.grouped())
}

fn format_signed(points: i64) -> String {
    format!("{points:+}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrections_that_wait_stand_in_columns_with_all_that_whoever_approves_needs() {
        let row = |author: &str, points: i64, corrects: Option<EntryId>| WaitingAdjustmentRow {
            id: RowId(uuid::Uuid::from_u128(7)),
            card: Some("4276000000000016".to_owned()),
            author: author.to_owned(),
            created_at: Instant(7),
            points: Amount(points),
            note: "Спор".to_owned(),
            corrects,
        };
        let entry = EntryId(uuid::Uuid::from_u128(9));
        let rows = [row("boss", 1_500, None), row("masha", -20_000, Some(entry))];
        let id = "00000000-0000-0000-0000-000000000007";
        let lines = align_rows(&rows, |at| format!("at {}", at.0));
        let card = format_card(&rows[0]);
        assert_eq!(
            lines,
            [
                format!("{id}  {card:<19}  boss   at 7   +1500  Спор"),
                format!("{id}  {card:<19}  masha  at 7  -20000  Спор  (corrects {entry})"),
            ]
        );
    }
}
