//! A debt in points outlives a closed account, also one that arises only afterwards, when a purchase from before the closing is
//! returned. It is kept under the hashes of the person's phones, and whoever joins again with one of these owes it: what there is
//! by then, and what comes later. A closed account is named by a keyed hash of its id, so that nothing in the database alone
//! leads from a phone to the ledger of the erased person.

use super::super::facts::balance_of;
use super::super::posting::Posting;
use super::super::{Error, joined};
use super::Rejoin;
use crate::domain::amounts::Points;
use crate::domain::time::Instant;
use crate::ids::MemberId;
use crate::secret_key::KeyPurpose;
use crate::service::{Kopilka, Rules};
use crate::store::closed_debts::{self, ClosedAccount};
use crate::store::members::{self, MemberRow};
use crate::store::{Tx, once_only};

/// Makes whoever stands for the person owe a debt that an account came to have, where that account is closed. Returns the member
/// who owes it now; `None` = nobody yet, or the account is open.
///
/// # Errors
/// [`Error::Fault`].
pub(in super::super) async fn account_owes(
    k: &Kopilka,
    tx: &mut Tx,
    (member, debt): (MemberId, Points),
    now: Instant,
) -> Result<Option<MemberId>, Error> {
    if !debt.is_positive() || members::by_id(tx, member).await?.closed_at.is_none() {
        return Ok(None);
    }
    let rules = k.rules(tx).await?;
    let Some(rejoin) = Rejoin::of(k, &rules.programme, now)? else {
        return Ok(None);
    };
    let mark = rejoin.mark(member);
    if closed_debts::add(tx, &mark, debt).await? {
        return Ok(None);
    }
    let successor = closed_debts::successor(tx, &mark, rejoin.since, now).await?;
    if let Some(successor) = successor {
        owe(tx, &rules, successor, debt, now).await?;
    }
    Ok(successor)
}

/// Makes a member owe what their person owed in a closed account. Where the member's account was merged, the one that stands
/// for the person owes it.
async fn owe(
    tx: &mut Tx,
    rules: &Rules,
    member: MemberId,
    debt: Points,
    now: Instant,
) -> Result<(), Error> {
    let end = joined::hold(tx, member).await?;
    let posting = Posting {
        member: end.unwrap_or(member),
        rules,
        at: now,
        receipt: None,
        author: None,
        corrects: None,
    };
    posting.catch_up(tx).await?;
    posting.owe_again(tx, debt).await
}

impl Rejoin<'_> {
    fn mark(&self, member: MemberId) -> Vec<u8> {
        let id = member.to_string();
        self.key.hash(KeyPurpose::ClosedAccount, &id)
    }

    /// Keeps the debts of one person's accounts, which are about to be closed, under these hashes. Where nothing was ever bought
    /// and nothing is owed, nothing is kept: no return can make these accounts owe. Earlier accounts of the person are kept on
    /// until their own end.
    pub(super) async fn keep_debts(
        &self,
        tx: &mut Tx,
        accounts: &[MemberRow],
        hashes: &[Vec<u8>],
    ) -> Result<(), Error> {
        let (mut own, mut earlier) = (Vec::new(), Vec::new());
        let mut may_owe = false;
        for account in accounts {
            let debt = balance_of(tx, account.id, self.now).await?.debt;
            may_owe |= debt.is_positive() || once_only::has_bought(tx, account.id).await?;
            let closed = ClosedAccount {
                account_mark: self.mark(account.id),
                kept_from: Instant(self.day(self.now)),
                ends_at: self.ends,
            };
            own.push((closed, debt));
            let predecessors = closed_debts::predecessors(tx, account.id).await?;
            earlier.extend(predecessors.into_iter().map(|each| (each, Points::ZERO)));
        }
        let own = own.into_iter().filter(|_| may_owe);
        for (account, debt) in own.chain(earlier) {
            for hash in hashes {
                closed_debts::keep(tx, hash, &account, debt).await?;
            }
        }
        Ok(())
    }

    /// Makes the member owe what is kept under the hash, and what the closed accounts come to owe later.
    pub(super) async fn take_debts_over(
        &self,
        tx: &mut Tx,
        rules: &Rules,
        member: MemberId,
        hash: &[u8],
    ) -> Result<(), Error> {
        for account in closed_debts::kept(tx, hash, self.since, self.now).await? {
            let Some(debt) = closed_debts::take(tx, &account.account_mark).await? else {
                continue;
            };
            closed_debts::set_successor(tx, member, &account).await?;
            if debt.is_positive() {
                owe(tx, rules, member, debt, self.now).await?;
            }
        }
        Ok(())
    }
}
