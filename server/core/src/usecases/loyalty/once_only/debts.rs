//! A debt in points outlives a closed account, also one that arises only afterwards, when a purchase from before the closing is
//! returned. It is kept under the hashes of the phones that the person has at the closing, not of former ones: these are somebody
//! else's by now. Whoever joins again with one of them owes it: what there is by then, and what comes later. A closed account is
//! named by a keyed hash of its id, so that nothing in the database alone leads from a phone to the ledger of the erased person.

use super::RejoinRules;
use crate::domain::amounts::Points;
use crate::domain::ledger::lot_grace;
use crate::domain::time::Instant;
use crate::ids::MemberId;
use crate::secret_key::KeyPurpose;
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::closed_debts::{self, ClosedAccountRow};
use crate::store::members::{self, MemberRow};
use crate::store::{Tx, once_only};
use crate::usecases::Error;
use crate::usecases::loyalty::member_snapshot::balance_of;
use crate::usecases::loyalty::points_forwarding;
use crate::usecases::loyalty::posting::LedgerPosting;

/// Lets whoever stands for the person owe more, or less again, where the debt of a closed account has changed by `change`
/// points. Returns the member whose points that moved; `None` = nobody has joined again, or the account is open.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn debt_changed(
    service: &Kopilka,
    tx: &mut Tx,
    member: MemberId,
    change: Points,
    now: Instant,
) -> Result<Option<MemberId>, Error> {
    if change.is_zero() || members::load_member(tx, member).await?.closed_at.is_none() {
        return Ok(None);
    }
    let rules = service.current_rules(tx).await?;
    let Some(rejoin) = RejoinRules::in_force(service, &rules.programme, now)? else {
        return Ok(None);
    };
    let mark = rejoin.hash_member(member);
    if closed_debts::add_to_debt(tx, &mark, change).await? {
        return Ok(None);
    }
    let Some(successor) = closed_debts::successor(tx, &mark, rejoin.since, now).await? else {
        return Ok(None);
    };
    // No more is given back than was taken over.
    let change = change.max(-successor.owed);
    closed_debts::change_owed(tx, &mark, change).await?;
    let person = PersonDebtAccount::hold_account(tx, successor.member_id, &rules, now).await?;
    person.change_debt(tx, change).await?;
    Ok(Some(person.posting.member))
}

/// The account that stands for a person, held and caught up.
struct PersonDebtAccount<'a> {
    posting: LedgerPosting<'a>,
}

impl<'a> PersonDebtAccount<'a> {
    async fn hold_account(
        tx: &mut Tx,
        member: MemberId,
        rules: &'a ProgrammeRules,
        now: Instant,
    ) -> Result<Self, Error> {
        let end = points_forwarding::hold_with_target(tx, member).await?;
        let posting = LedgerPosting::new(end.unwrap_or(member), rules, now);
        posting.catch_up(tx).await?;
        Ok(Self { posting })
    }

    /// Makes the person owe so many points of a closed account; less than 0 are given back.
    async fn change_debt(&self, tx: &mut Tx, points: Points) -> Result<(), Error> {
        if points.is_positive() {
            return self.posting.owe_again(tx, points).await;
        }
        let rules = &self.posting.rules.programme;
        let expires = lot_grace(&rules.points, self.posting.at, rules.time_zone);
        self.posting
            .give_back_to_debt_first(tx, -points, Some(expires))
            .await
    }
}

impl RejoinRules<'_> {
    fn hash_member(&self, member: MemberId) -> Vec<u8> {
        let id = member.to_string();
        self.key.keyed_hash(KeyPurpose::ClosedAccount, &id)
    }

    /// Keeps the debts of one person's accounts, which are about to be closed, under the hashes of their phones. Where nothing
    /// was ever bought and nothing is owed, nothing is kept: no return can make these accounts owe. Earlier accounts of the
    /// person are kept on until their own end.
    pub(super) async fn keep_debts(
        &self,
        tx: &mut Tx,
        accounts: &[MemberRow],
    ) -> Result<(), Error> {
        let phones = accounts.iter().filter_map(|each| each.phone.as_deref());
        let hashes: Vec<Vec<u8>> = phones.map(|phone| self.hash_phone(phone)).collect();
        let mut kept = Vec::new();
        let mut may_owe = false;
        let mut left = Points::ZERO;
        for account in accounts {
            left += balance_of(tx, account.id, self.now).await?.debt;
            may_owe |= once_only::has_bought(tx, account.id).await?;
        }
        may_owe |= left.is_positive();
        // What is owed for an earlier account goes back to that account: a return of its purchases may make it smaller.
        for account in accounts {
            for earlier in closed_debts::predecessors(tx, account.id).await? {
                let debt = earlier.owed.min(left);
                left -= debt;
                kept.push((earlier.account, debt));
            }
        }
        for account in accounts.iter().filter(|_| may_owe) {
            let debt = balance_of(tx, account.id, self.now).await?.debt.min(left);
            left -= debt;
            let closed = ClosedAccountRow {
                account_mark: self.hash_member(account.id),
                kept_from: self.day_start(self.now),
                ends_at: self.ends,
            };
            kept.push((closed, debt));
        }
        for (account, debt) in kept {
            for hash in &hashes {
                closed_debts::upsert_debt(tx, hash, &account, debt).await?;
            }
        }
        Ok(())
    }

    /// Makes the member owe what is kept under the hash, and what the closed accounts come to owe later.
    pub(super) async fn take_debts_over(
        &self,
        tx: &mut Tx,
        rules: &ProgrammeRules,
        member: MemberId,
        hash: &[u8],
    ) -> Result<(), Error> {
        for account in closed_debts::list_closed_accounts(tx, hash, self.since, self.now).await? {
            let Some(debt) = closed_debts::delete_debt(tx, &account.account_mark).await? else {
                continue;
            };
            closed_debts::set_successor(tx, member, &account, debt).await?;
            if debt.is_positive() {
                let person = PersonDebtAccount::hold_account(tx, member, rules, self.now).await?;
                person.change_debt(tx, debt).await?;
            }
        }
        Ok(())
    }
}
