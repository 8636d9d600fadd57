//! The limit for wrong codes and unknown cards, counted for each till and each card in the database. The answer to a wrong
//! code is given only once it is counted, in a transaction of its own. Until then the till has its turn
//! ([`crate::till_turns`]), and no other scan of it is judged.

use crate::domain::codes::{ScannedCode, parse_scan};
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::TillId;
use crate::service::Kopilka;
use crate::store::Tx;
use crate::store::audit::{self, Action};
use crate::store::wrong_codes::{self, CardLookupKey, RecentWrongCodes};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::{Error, Refusal, attempt};

/// Length of the counted window, in seconds. Five wrong codes fit into it (product rule: 5 a minute).
const WINDOW_SECONDS: i64 = 60;

/// Returns the beginning of the window that is counted at `now`.
pub(super) fn counted_since(now: Instant) -> Instant {
    now.plus_secs(-WINDOW_SECONDS)
}

/// Number by which the scan names its card.
pub(super) fn card_key(scan: &ScannedCode) -> CardLookupKey<'_> {
    match scan {
        ScannedCode::Rotating { card, .. } | ScannedCode::Fixed { card } => {
            CardLookupKey::Number(card.as_str())
        }
        ScannedCode::Ean(ean) => CardLookupKey::Short(ean.short_number()),
    }
}

/// Hash by which wrong codes of a card are counted.
pub(super) fn card_hash(key: CardLookupKey<'_>) -> Vec<u8> {
    match key {
        CardLookupKey::Number(number) => entropy::sha256(&format!("card {number}")),
        CardLookupKey::Short(short) => entropy::sha256(&format!("short {short}")),
    }
}

/// Refuses a till that has sent five wrong codes within a minute, and a till that has sent one of the five or more for
/// this card. Other tills may always try a card, so that nobody can block it for them.
pub(super) fn check_failures(failures: RecentWrongCodes, now: Instant) -> Result<(), Refusal> {
    let of_card = failures
        .fifth_of_card
        .zip(failures.last_of_card_at_till)
        .map(|(fifth, last)| fifth.min(last));
    let Some(oldest) = failures.fifth_at_till.max(of_card) else {
        return Ok(());
    };
    let left = oldest.plus_secs(WINDOW_SECONDS).0.saturating_sub(now.0);
    Err(Refusal::TooManyWrongCodes {
        seconds: (left.max(1) + 999_999) / 1_000_000,
    })
}

/// Refuses what was scanned while the till has to wait for its wrong codes.
///
/// # Errors
/// [`Refusal::TooManyWrongCodes`].
pub(crate) async fn check_scan(
    tx: &mut Tx,
    till: TillId,
    scan: &str,
    now: Instant,
) -> Result<(), Error> {
    if let Ok(scan) = parse_scan(scan) {
        let hash = card_hash(card_key(&scan));
        let failures = wrong_codes::load_recent(tx, till, hash, counted_since(now), now).await?;
        check_failures(failures, now)?;
    }
    Ok(())
}

/// Logs a look-up that was refused, counts it where the code was wrong, and returns the refusal. One try: whoever has undone
/// the look-up tries both again.
///
/// # Errors
/// [`Error::Busy`]; `no`; [`Refusal::TooManyWrongCodes`] instead where the limit was reached meanwhile.
pub(crate) async fn refuse_look_up<T>(
    service: &Kopilka,
    at_till: &TillContext,
    scan: &str,
    no: Error,
) -> Result<T, Error> {
    let Error::Refused(refusal) = no else {
        return Err(no);
    };
    let scanned = parse_scan(scan).ok().filter(|_| is_wrong_code(&refusal));
    let too_many = attempt!(service.db, |tx| {
        let mut now = service.now();
        let mut too_many = None;
        if let Some(scanned) = &scanned {
            now = lock_counts(service, tx, at_till.till.id).await?;
            too_many = count_wrong_code(tx, at_till.till.id, scanned, now).await?;
        }
        let why = too_many.as_ref().unwrap_or(&refusal);
        let line = at_till.audit_line(Action::LookUp).outcome(why.key());
        audit::log(tx, line, now).await?;
        Ok(too_many)
    })
    .await?;
    Err(too_many.unwrap_or(refusal).into())
}

/// Waits until nobody else counts for the till; the time by then, so that what was counted meanwhile is not in the future.
async fn lock_counts(service: &Kopilka, tx: &mut Tx, till: TillId) -> Result<Instant, Error> {
    tx.advisory_lock(&format!("wrong codes of {till}")).await?;
    Ok(service.now())
}

/// Counts a wrong code. Returns the refusal of the limit where it was reached before.
async fn count_wrong_code(
    tx: &mut Tx,
    till: TillId,
    scan: &ScannedCode,
    now: Instant,
) -> Result<Option<Refusal>, Error> {
    let hash = card_hash(card_key(scan));
    let failures =
        wrong_codes::load_recent(tx, till, hash.clone(), counted_since(now), now).await?;
    let limit = check_failures(failures, now).err();
    if limit.is_none() {
        wrong_codes::insert(tx, till, hash, now);
    }
    Ok(limit)
}

/// Counts the wrong code of a sale that is stored all the same, in the transaction of the sale, and logs it.
///
/// # Errors
/// [`Refusal::TooManyWrongCodes`] where the limit was reached meanwhile; the sale is not stored then.
pub(crate) async fn count_in_sale(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    code: &str,
) -> Result<(), Error> {
    let Ok(scan) = parse_scan(code) else {
        return Ok(());
    };
    let now = lock_counts(service, tx, at_till.till.id).await?;
    if let Some(limit) = count_wrong_code(tx, at_till.till.id, &scan, now).await? {
        return Err(limit.into());
    }
    let line = at_till.audit_line(Action::LookUp);
    audit::log(tx, line.outcome(Refusal::CodeWrong.key()), now).await?;
    Ok(())
}

/// Counts and logs the wrong code of a sale that was refused for another reason, in a transaction of its own.
///
/// # Errors
/// As [`count_in_sale`].
pub(crate) async fn count_alone(
    service: &Kopilka,
    at_till: &TillContext,
    code: &str,
) -> Result<(), Error> {
    attempt!(service.db, |tx| count_in_sale(service, tx, at_till, code)
        .await)
    .await
}

/// Refuses as [`refuse_look_up`] does, for a code of a receipt or another form: only wrong codes and the limit are logged.
///
/// # Errors
/// As [`refuse_look_up`].
pub(crate) async fn refuse_receipt<T>(
    service: &Kopilka,
    at_till: &TillContext,
    code: Option<&str>,
    no: Error,
) -> Result<T, Error> {
    match (&no, code) {
        (Error::Refused(refusal), Some(code)) if is_logged(refusal) => {
            refuse_look_up(service, at_till, code, no).await
        }
        _ => Err(no),
    }
}

const fn is_wrong_code(refusal: &Refusal) -> bool {
    // A printed card that cannot be attached is one that does not exist, or somebody's.
    matches!(
        refusal,
        Refusal::CodeWrong | Refusal::CardUnknown | Refusal::BlankUnknown | Refusal::BlankTaken
    )
}

const fn is_logged(refusal: &Refusal) -> bool {
    is_wrong_code(refusal) || matches!(refusal, Refusal::TooManyWrongCodes { .. })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_till_waits_for_its_fifth_last_wrong_code_and_another_till_does_not_wait() {
        let now = Instant(0).plus_secs(1_000);
        let at = |seconds| Some(Instant(0).plus_secs(seconds));
        let check = |fifth_at_till, fifth_of_card, last_of_card_at_till| {
            let failures = RecentWrongCodes {
                fifth_at_till,
                fifth_of_card,
                last_of_card_at_till,
            };
            check_failures(failures, now).err()
        };
        let wait = |seconds| Some(Refusal::TooManyWrongCodes { seconds });
        assert_eq!(check(None, None, at(999)), None);
        assert_eq!(check(None, at(990), None), None);
        assert_eq!(check(at(970), None, None), wait(30));
        assert_eq!(check(None, at(990), at(950)), wait(10));
        assert_eq!(check(None, at(950), at(990)), wait(10));
        assert_eq!(check(at(990), at(950), at(950)), wait(50));
    }

    proptest! {
        #[test]
        fn nobody_waits_longer_than_the_window(
            till in proptest::option::of(0..60_000_000_i64),
            card in proptest::option::of(0..60_000_000_i64),
            own in proptest::option::of(0..60_000_000_i64),
        ) {
            let now = Instant(0).plus_secs(WINDOW_SECONDS);
            let failures = RecentWrongCodes {
                fifth_at_till: till.map(Instant),
                fifth_of_card: card.map(Instant),
                last_of_card_at_till: own.map(Instant),
            };
            if let Err(Refusal::TooManyWrongCodes { seconds }) = check_failures(failures, now) {
                prop_assert!((1..=WINDOW_SECONDS).contains(&seconds));
            }
        }
    }
}
