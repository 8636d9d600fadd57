//! What is kept of codes, and for how long; what a pause of codes leaves as it is.

use kopilka_core::entropy;
use kopilka_core::secret_key::KeyPurpose;
use kopilka_core::store::engine::sql;
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::access::{session, staff};
use kopilka_core::usecases::accounts::settings;
use kopilka_core::usecases::checkout::till;
use kopilka_core::usecases::jobs::pruning::prune_expired_rows;
use kopilka_core::usecases::messages::outbox::MessageContent;
use kopilka_core::usecases::sign_up::phone_verification::{self, PhoneProofOutcome};
use kopilka_core::usecases::sign_up::{enrolment, invitations};

use super::scene::{
    PHONE, application, ask, chain, confirm, count, from, messages, newest_code, refused, wrong,
};

#[tokio::test]
async fn after_a_hundred_wrong_codes_in_a_row_none_is_sent_for_a_day_and_sessions_go_on() {
    let chain = chain().await;
    let owner = from(&chain.k, "203.0.113.1");
    let token = ask(&owner, PHONE).await.unwrap();
    let code = newest_code(&owner, PHONE).await;
    let PhoneProofOutcome::NewPhone(enrolment) = confirm(&owner, &token, &code).await.unwrap()
    else {
        panic!("a new phone");
    };
    let application = application("en", "203.0.113.1");
    let session = enrolment::finish_enrolment(&chain.k, &enrolment, &application)
        .await
        .unwrap();
    for phone in [PHONE, "+79160000009"] {
        let mut judged = 0;
        for round in 0..7 {
            chain.later(3_601);
            for attempt in 0..3 {
                let stranger = from(&chain.k, &format!("198.51.{round}.{attempt}"));
                let Ok(token) = ask(&stranger, phone).await else {
                    continue;
                };
                let code = newest_code(&chain.k, phone).await;
                for _ in 0..5 {
                    if judged < 100 {
                        wrong(&chain.k, &token, &[&code]).await;
                        judged += 1;
                    }
                }
            }
        }
        assert_eq!(judged, 100);
        chain.later(3_601);
        for address in ["203.0.113.1", "198.51.100.7"] {
            let answer = ask(&from(&chain.k, address), phone).await;
            assert_eq!(refused(answer), Refusal::CodesPaused { hours: 23 });
        }
        let at_till = till::request_phone_code(&chain.k, &chain.till, phone, "ru").await;
        assert_eq!(refused(at_till), Refusal::CodesPaused { hours: 23 });
        // Its owner is told, once.
        let told = messages(&chain.k, phone).await;
        let told = told
            .iter()
            .filter(|each| matches!(each, MessageContent::CodesPaused));
        assert_eq!(told.count(), 1);
        // A link needs no guessing.
        invitations::send_invitation(&chain.k, &chain.till, phone, "ru", None)
            .await
            .unwrap();
    }
    assert!(
        session::find_shopper(&chain.k, &session)
            .await
            .unwrap()
            .is_some()
    );
    chain.later(24 * 3_600);
    let token = ask(&owner, PHONE).await.unwrap();
    let code = newest_code(&chain.k, PHONE).await;
    assert_eq!(wrong(&chain.k, &token, &[&code]).await, Some(4));
    let proven = confirm(&owner, &token, &code).await.unwrap();
    assert!(matches!(proven, PhoneProofOutcome::SignedIn(_)));
}

#[tokio::test]
async fn what_is_counted_is_forgotten_in_time_and_with_the_account() {
    let chain = chain().await;
    let service = from(&chain.k, "192.0.2.1");
    let token = ask(&service, PHONE).await.unwrap();
    ask(&service, PHONE).await.unwrap();
    chain.later(60);
    phone_verification::resend_code(&service, &token, "ru")
        .await
        .unwrap();
    let code = newest_code(&service, PHONE).await;
    wrong(&service, &token, &[&code]).await;
    let tables = [
        "SELECT COUNT(*) FROM challenges",
        "SELECT COUNT(*) FROM challenge_tokens",
        "SELECT COUNT(*) FROM earlier_codes",
        "SELECT COUNT(*) FROM code_sends",
        "SELECT COUNT(*) FROM wrong_one_time_codes",
        "SELECT COUNT(*) FROM guessed_phones",
        "SELECT COUNT(*) FROM code_days",
    ];
    for table in tables {
        assert!(count(&chain, table).await > 0, "{table}");
    }
    chain.later(31 * 86_400);
    prune_expired_rows(&chain.k).await.unwrap();
    for table in tables {
        assert_eq!(count(&chain, table).await, 0, "{table}");
    }

    let token = ask(&service, PHONE).await.unwrap();
    ask(&service, PHONE).await.unwrap();
    let code = newest_code(&service, PHONE).await;
    wrong(&service, &token, &[&code]).await;
    let PhoneProofOutcome::NewPhone(enrolment) = confirm(&service, &token, &code).await.unwrap()
    else {
        panic!("a new phone");
    };
    let application = application("ru", "192.0.2.1");
    let session = enrolment::finish_enrolment(&chain.k, &enrolment, &application)
        .await
        .unwrap();
    // One more, wrongly answered, while the account is open.
    let token = ask(&from(&chain.k, "192.0.2.9"), PHONE).await.unwrap();
    chain.later(60);
    phone_verification::resend_code(&service, &token, "ru")
        .await
        .unwrap();
    let code = newest_code(&service, PHONE).await;
    wrong(&service, &token, &[&code]).await;
    let shopper = session::find_shopper(&chain.k, &session)
        .await
        .unwrap()
        .unwrap();
    settings::close_account(&chain.k, &shopper, true)
        .await
        .unwrap();
    for table in [
        "SELECT COUNT(*) FROM challenges WHERE phone <> ''",
        "SELECT COUNT(*) FROM challenge_tokens",
        "SELECT COUNT(*) FROM earlier_codes",
        "SELECT COUNT(*) FROM code_sends WHERE phone <> ''",
        "SELECT COUNT(*) FROM wrong_one_time_codes",
        "SELECT COUNT(*) FROM guessed_phones",
    ] {
        assert_eq!(count(&chain, table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn addresses_and_unknown_logins_are_kept_as_keyed_hashes() {
    let chain = chain().await;
    let service = from(&chain.k, "192.0.2.1");
    ask(&service, PHONE).await.unwrap();
    let nobody = staff::prove_officer(&service, "nobody", "12345678").await;
    assert_eq!(refused(nobody), Refusal::WrongPassword);
    let mut tx = chain.k.db.read().await.unwrap();
    let asker: String = sql("SELECT asker FROM code_sends")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    let login: Vec<u8> = sql("SELECT login_hash FROM unknown_logins")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    let key = chain.k.secret_key().unwrap();
    let keyed = entropy::encode_hex(&key.keyed_hash(KeyPurpose::AskerNetwork, "192.0.2.1"));
    assert_eq!(asker, keyed[..16]);
    assert_eq!(login, key.keyed_hash(KeyPurpose::UnknownLogin, "nobody"));
    // Nobody without the key finds them by trying all.
    assert_ne!(
        asker,
        entropy::encode_hex(&entropy::sha256("192.0.2.1"))[..16]
    );
    assert_ne!(login, entropy::sha256("nobody"));
}
