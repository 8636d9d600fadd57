//! A database of before there were all roles keeps its staff, with everything that names them, and takes new ones.

use kopilka_core::domain::roles::Role;
use kopilka_core::ids::{RowId, StaffId, TillId};
use kopilka_core::store::audit::{self, AuditLogFilter};
use kopilka_core::store::engine::sql;
use kopilka_core::store::{chain, check, sessions, staff_accounts};
use kopilka_testing::place::{self, Place};

/// Version of the migration that brings the roles.
const ROLES: i64 = 34;
const TILL: &str = "0199c2d2-6a11-7d10-9f1c-000000000002";
const STAFF: &str = "0199c2d2-6a11-7d10-9f1c-000000000005";

/// Returns what an older program had stored: a person at a till with a session and a shift, and a line of the audit log.
fn rows(engine: &str) -> String {
    let id = |text: &str| match engine {
        "postgres" => format!("'{text}'"),
        _ => format!("X'{}'", text.replace('-', "")),
    };
    let hash = match engine {
        "postgres" => "'\\x01'",
        _ => "X'01'",
    };
    let (store, till) = (id("0199c2d2-6a11-7d10-9f1c-000000000001"), id(TILL));
    let (staff, session) = (id(STAFF), id("0199c2d2-6a11-7d10-9f1c-000000000006"));
    let (shift, line) = (
        id("0199c2d2-6a11-7d10-9f1c-000000000007"),
        id("0199c2d2-6a11-7d10-9f1c-000000000008"),
    );
    format!(
        "INSERT INTO stores (id, code, name, address, status) VALUES ({store}, 's', 'S', 'A', 'active'); \
         INSERT INTO tills (id, store_id, name, kind, created_at) VALUES ({till}, {store}, 'T', 'browser', 0); \
         INSERT INTO staff (id, login, name, role, password_hash, till_id, failures, locked_until, created_at, pin_hash, blocked_at) \
         VALUES ({staff}, 'olga', 'Olga', 'support', 'hash', {till}, 2, 7, 8, 'pin', NULL); \
         INSERT INTO staff_sessions (id, staff_id, till_id, token_hash, created_at, seen_at, device_id, locked_at) \
         VALUES ({session}, {staff}, {till}, {hash}, 3, 4, NULL, 5); \
         INSERT INTO shifts (id, till_id, number, opened_at, opened_by) VALUES ({shift}, {till}, 1, 0, {staff}); \
         INSERT INTO audit (id, at, till_id, staff_id, action, subject, outcome) \
         VALUES ({line}, 9, {till}, {staff}, 'sign-in', 'pin', 'done');"
    )
}

#[tokio::test]
async fn staff_of_before_is_kept_with_all_that_names_it() {
    let place = Place::without_tables();
    crate::past_database::build(&place, ROLES, rows(&place::engine())).await;
    let db = place.open().await;
    let mut tx = db.scan().await.unwrap();
    let olga = chain::staff_by_login(&mut tx, "olga")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(olga.id, StaffId(STAFF.parse().unwrap()));
    assert_eq!((olga.role, olga.failures), (Role::Support, 2));
    assert_eq!(olga.password_hash, "hash");
    assert_eq!(olga.pin_hash.as_deref(), Some("pin"));
    assert_eq!(olga.till_id, Some(TillId(TILL.parse().unwrap())));
    assert_eq!(olga.locked_until.0, 7);
    let session = sessions::find_by_token(&mut tx, vec![1])
        .await
        .unwrap()
        .unwrap();
    assert_eq!(session.till_id, olga.till_id);
    assert_eq!((session.role, session.shift), (Role::Support, Some(1)));
    assert_eq!(session.locked_at.map(|at| at.0), Some(5));
    let asked = AuditLogFilter::default();
    let lines = audit::list_entries(&mut tx, &asked, None, 10);
    let lines = lines.await.unwrap();
    assert_eq!((lines.len(), lines[0].login.as_str()), (1, "olga"));
    assert_eq!(lines[0].actor, "");
    let findings = check::findings(&mut tx).await.unwrap();
    assert_eq!(findings.told, Vec::<String>::new());
}

#[tokio::test]
async fn each_role_is_stored_and_a_session_needs_no_till() {
    let place = Place::without_tables();
    crate::past_database::build(&place, ROLES, rows(&place::engine())).await;
    let db = place.open().await;
    let mut tx = db.write_test_data().await.unwrap();
    let olga = chain::staff_by_login(&mut tx, "olga")
        .await
        .unwrap()
        .unwrap();
    for &role in Role::ALL {
        staff_accounts::set_role(&mut tx, olga.id, role)
            .await
            .unwrap();
        let stored = chain::staff_by_id(&mut tx, olga.id).await.unwrap();
        assert_eq!(stored.unwrap().role, role);
    }
    let now = olga.locked_until;
    sessions::insert_session(&mut tx, olga.id, None, None, vec![2], now)
        .await
        .unwrap();
    let session = sessions::find_by_token(&mut tx, vec![2])
        .await
        .unwrap()
        .unwrap();
    assert_eq!((session.till_id, session.shift), (None, None));
    tx.commit().await.unwrap();
    // What was checked before is checked still.
    for wrong in [
        "UPDATE staff SET role = 'king'",
        "INSERT INTO staff (id, login, name, role, password_hash, created_at) \
         VALUES ($1, 'olga', '', 'cashier', '', 0)",
        "INSERT INTO shifts (id, till_id, number, opened_at, opened_by) \
         SELECT $1, id, 2, 0, id FROM tills",
    ] {
        let mut tx = db.write_test_data().await.unwrap();
        let mut statement = sql(wrong);
        if wrong.contains("$1") {
            statement = statement.bind(RowId::new());
        }
        let done = match statement.execute(&mut tx).await {
            Ok(_) => tx.commit().await,
            Err(error) => Err(error),
        };
        assert!(done.is_err(), "{wrong}");
    }
}
