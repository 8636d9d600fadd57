//! The phone of a merged account can be taken away: nobody signs in by it any more, and whoever joins with it begins anew but gets
//! nothing that its owner had once.

use kopilka_core::usecases::accounts::sign_in_phones::{self, SignInPhone};
use kopilka_core::usecases::messages::outbox;
use kopilka_core::usecases::sign_up::phone_verification::{self, SignUpOrigin};

use super::signing_in::{phone_of, shopper, signs_in};
use super::*;

#[tokio::test]
async fn an_owner_takes_the_phone_of_a_merged_account_away_and_keeps_the_own_one() {
    let chain = chain(1_000_000).await;
    let (a, b, c) = (
        chain.member(1).await,
        chain.member(2).await,
        chain.member(3).await,
    );
    let boss = officer(&chain, "boss").await;
    let session = signs_in(&chain, &b.phone).await;
    let owner = shopper(&chain, &session).await;
    let phones = async || {
        let all = sign_in_phones::sign_in_phones(&chain.k, &owner).await;
        all.unwrap()
    };
    assert_eq!(phones().await.len(), 1);
    let merge = moves(&chain, &boss, &a, &b).await;
    let [own, merged] = &phones().await[..] else {
        panic!("two phones");
    };
    assert_eq!((own.account, own.is_own), (b.id, true));
    assert_eq!((merged.account, merged.is_own), (a.id, false));
    assert!(merged.masked.ends_with("00-01"), "{}", merged.masked);
    // A device that has signed in by the phone is signed out with it, and a code that is on its way goes.
    let by_phone = signs_in(&chain, &a.phone).await;
    chain.later(61);
    let asked =
        phone_verification::ask_for_code(&chain.k, &a.phone, &SignUpOrigin::default(), "ru").await;
    asked.unwrap();
    for foreign in [b.id, c.id] {
        let no = sign_in_phones::remove(&chain.k, &owner, foreign).await;
        assert!(matches!(no, Err(Error::Refused(Refusal::NotFound))));
    }
    sign_in_phones::remove(&chain.k, &owner, a.id)
        .await
        .unwrap();
    assert_eq!(phones().await, [own.clone()] as [SignInPhone; 1]);
    assert_eq!(phone_of(&chain, &a).await, None);
    assert!(
        session::find_shopper(&chain.k, &by_phone)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        session::find_shopper(&chain.k, &session)
            .await
            .unwrap()
            .is_some()
    );
    let left: Vec<String> = messages_to(&chain, &a.phone).await;
    assert_eq!(left, Vec::<String>::new());
    let again = sign_in_phones::remove(&chain.k, &owner, a.id).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::NotFound))));
    // Apart again, the account has no phone: support gives it one.
    moves_back(&chain, &boss, merge.id).await;
    corrections::change_phone(&chain.k, &boss, card(&a), &a.phone)
        .await
        .unwrap();
    chain.check().await;
}

/// Recipients of messages to the phone that are still kept.
async fn messages_to(chain: &Chain, phone: &str) -> Vec<String> {
    let all = outbox::list_newest_messages(&chain.k).await.unwrap();
    let recipients = all.into_iter().map(|message| message.recipient);
    recipients.filter(|recipient| recipient == phone).collect()
}
