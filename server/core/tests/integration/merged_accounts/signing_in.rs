//! The phone of an account that was merged is the person's: it opens the account that stands for the person, until the two
//! are apart again.

use kopilka_core::store::engine::StoredRow;
use kopilka_core::usecases::checkout::till::{self, look_up_customer};
use kopilka_core::usecases::messages::outbox::{self, MessageContent};
use kopilka_core::usecases::sign_up::phone_verification::{self, PhoneProofOutcome, SignUpOrigin};
use kopilka_core::usecases::wallet::card as card_page;

use super::*;

/// Returns the newest one-time password to the phone.
async fn newest_code(chain: &Chain, phone: &str) -> String {
    let all = outbox::list_newest_messages(&chain.k).await.unwrap();
    let newest = all.into_iter().find(|message| message.recipient == phone);
    match newest.unwrap().message {
        MessageContent::OneTimePassword { code, .. } | MessageContent::TillCode { code, .. } => {
            code
        }
        other => panic!("{other:?}"),
    }
}

/// Signs in with a phone; the session token.
pub(super) async fn signs_in(chain: &Chain, phone: &str) -> String {
    chain.later(61);
    let k = &chain.k;
    let token = phone_verification::ask_for_code(k, phone, &SignUpOrigin::default(), "ru").await;
    let (token, code) = (token.unwrap(), newest_code(chain, phone).await);
    match phone_verification::confirm_code(k, &token, &code, "Test").await {
        Ok(PhoneProofOutcome::SignedIn(session)) => session,
        other => panic!("{other:?}"),
    }
}

pub(super) async fn shopper(chain: &Chain, session: &str) -> Shopper {
    session::find_shopper(&chain.k, session)
        .await
        .unwrap()
        .unwrap()
}

/// Checks that the session shows the card of this member, with a code that their visit is opened by.
async fn assert_opens(chain: &Chain, session: &str, member: &Member) {
    let shopper = shopper(chain, session).await;
    assert_eq!(shopper.member, member.id);
    let page = card_page::load_card(&chain.k, &shopper).await.unwrap();
    assert_eq!(page.number.as_str(), card(member));
    let visit = look_up_customer(&chain.k, &chain.till, &page.code)
        .await
        .unwrap();
    assert_eq!(visit.member, member.id);
    assert!(visit.customer.may_spend);
}

#[tokio::test]
async fn the_phone_of_a_merged_account_opens_the_account_of_the_person_until_it_is_moved_back() {
    let chain = chain(1_000_000).await;
    let (a, b, c) = (
        chain.member(1).await,
        chain.member(2).await,
        chain.member(3).await,
    );
    let boss = officer(&chain, "boss").await;
    let before = signs_in(&chain, &a.phone).await;
    assert_opens(&chain, &before, &a).await;
    let first = moves(&chain, &boss, &a, &b).await;
    chain.later(60);
    assert_opens(&chain, &before, &b).await;
    let since = signs_in(&chain, &a.phone).await;
    assert_opens(&chain, &since, &b).await;
    let second = moves(&chain, &boss, &b, &c).await;
    for session in [&before, &since] {
        chain.later(60);
        assert_opens(&chain, session, &c).await;
    }
    moves_back(&chain, &boss, second.id).await;
    moves_back(&chain, &boss, first.id).await;
    for session in [&before, &since] {
        chain.later(60);
        assert_opens(&chain, session, &a).await;
    }
    let again = signs_in(&chain, &a.phone).await;
    assert_opens(&chain, &again, &a).await;
    chain.check().await;
}

#[tokio::test]
async fn a_code_that_was_shown_before_the_merge_counts_in_a_late_sale_after_it() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    let session = signs_in(&chain, &a.phone).await;
    let before = shopper(&chain, &session).await;
    let shown = card_page::load_card(&chain.k, &before).await.unwrap().code;
    let at = chain.k.now();
    chain.later(3_600);
    moves(&chain, &boss, &a, &b).await;
    let shown = Member {
        code: shown,
        ..a.clone()
    };
    late_sale(&chain, &shown, at, 1_000).await;
    assert_eq!(active(&chain, &b).await, 200 + 50 + 30);
}

#[tokio::test]
async fn devices_of_merged_accounts_are_listed_and_ended_with_those_of_the_person() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    let of_a = signs_in(&chain, &a.phone).await;
    let of_b = signs_in(&chain, &b.phone).await;
    moves(&chain, &boss, &a, &b).await;
    let (one, other) = (shopper(&chain, &of_a).await, shopper(&chain, &of_b).await);
    assert_eq!(
        settings::list_devices(&chain.k, &one).await.unwrap().len(),
        2
    );
    settings::end_device(&chain.k, &other, one.device)
        .await
        .unwrap();
    assert!(
        session::find_shopper(&chain.k, &of_a)
            .await
            .unwrap()
            .is_none()
    );
    let again = signs_in(&chain, &a.phone).await;
    session::sign_out(&chain.k, &shopper(&chain, &again).await)
        .await
        .unwrap();
    assert!(
        session::find_shopper(&chain.k, &again)
            .await
            .unwrap()
            .is_none()
    );
    assert_opens(&chain, &of_b, &b).await;
}

#[tokio::test]
async fn a_till_finds_the_person_by_the_phone_of_a_merged_account() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    moves(&chain, &boss, &a, &b).await;
    let (k, till) = (&chain.k, &chain.till);
    let token = till::request_phone_code(k, till, &a.phone, "ru")
        .await
        .unwrap();
    let code = newest_code(&chain, &a.phone).await;
    let visit = till::confirm_phone_code(k, till, &token, &code)
        .await
        .unwrap();
    assert_eq!(visit.member, b.id);
}

/// The phone of a member, as it is stored.
pub(super) async fn phone_of(chain: &Chain, member: &Member) -> Option<String> {
    let mut tx = chain.k.db.read().await.unwrap();
    members::load_member(&mut tx, member.id)
        .await
        .unwrap()
        .phone
}

fn is_taken(answer: &Result<CorrectionOutcome, Error>) -> bool {
    matches!(answer, Err(Error::Invalid(problems)) if problems[0].key == "phone-taken")
}

#[derive(Debug, PartialEq, Eq, StoredRow)]
struct PhoneChange {
    member_id: kopilka_core::ids::MemberId,
    outcome: String,
}

#[tokio::test]
async fn support_may_give_the_phone_of_a_merged_account_to_the_account_of_the_person() {
    let chain = chain(1_000_000).await;
    let (a, b, c) = (
        chain.member(1).await,
        chain.member(2).await,
        chain.member(3).await,
    );
    let boss = officer(&chain, "boss").await;
    let change = async |to: &Member, phone: &str| {
        corrections::change_phone(&chain.k, &boss, card(to), phone).await
    };
    assert!(is_taken(&change(&b, &a.phone).await));
    let merged = moves(&chain, &boss, &a, &b).await;
    assert!(is_taken(&change(&c, &a.phone).await));
    assert!(is_taken(&change(&b, &c.phone).await));
    change(&b, &a.phone).await.unwrap();
    assert_eq!(phone_of(&chain, &a).await, None);
    assert_eq!(phone_of(&chain, &b).await.as_ref(), Some(&a.phone));
    let lines: Vec<PhoneChange> = {
        let mut tx = chain.k.db.read().await.unwrap();
        sql("SELECT member_id, outcome FROM audit WHERE action = 'phone-changed' ORDER BY outcome")
            .fetch_all(&mut tx)
            .await
            .unwrap()
    };
    assert_eq!(
        lines,
        [(b.id, "done"), (a.id, "given-up")].map(|(member_id, outcome)| PhoneChange {
            member_id,
            outcome: outcome.to_owned(),
        })
    );
    // The number stays where it was given to, and the first account gets another.
    moves_back(&chain, &boss, merged.id).await;
    let session = signs_in(&chain, &a.phone).await;
    assert_eq!(shopper(&chain, &session).await.member, b.id);
    change(&a, "+79161112233").await.unwrap();
    chain.later(2 * 86_400);
    let session = signs_in(&chain, "+79161112233").await;
    assert_opens(&chain, &session, &a).await;
    chain.check().await;
}
