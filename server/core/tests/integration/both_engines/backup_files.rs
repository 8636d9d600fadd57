//! Files of backups: what is refused, left behind and readable by others.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_replaces_only_what_it_is_told_to() {
    if one_engine() {
        return;
    }
    for engine in ENGINES {
        let place = Place::on(engine);
        let db = filled(&place).await;
        let file = place.path().join("backup");
        backup::backup(&db, &file).await.unwrap();
        let before = contents(&db).await;
        let mut tx = db.write_test_data().await.unwrap();
        sql("UPDATE members SET first_name = 'Другое'")
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let changed = contents(&db).await;
        let refused = restore(&db, &file, false).await;
        assert!(refused.unwrap_err().to_string().contains("--replace"));
        assert_eq!(contents(&db).await, changed);
        restore(&db, &file, true).await.unwrap();
        assert_eq!(contents(&db).await, before);
        adds_up(&db).await;
        let again = backup::backup(&db, &file).await;
        assert!(again.unwrap_err().to_string().contains("already"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_backup_is_refused_with_a_sentence() {
    if one_engine() {
        return;
    }
    for engine in ENGINES {
        let place = Place::on(engine);
        let db = place.open().await;
        let file = place.path().join("file");
        let said = |result: Result<(), Error>| result.unwrap_err().to_string();
        assert!(said(restore(&db, &file, false).await).contains("no such file"));
        assert!(said(restore(&db, place.path(), false).await).contains("it is a folder"));
        let device = Path::new("/dev/null");
        assert!(said(restore(&db, device, false).await).contains("it is a device"));
        let there = backup::backup(&db, place.path()).await.unwrap_err();
        assert!(there.to_string().contains("a folder already"));
        std::fs::write(&file, "only text ".repeat(999)).unwrap();
        assert!(said(restore(&db, &file, false).await).contains("is no backup of kopilka"));
        std::fs::write(&file, "").unwrap();
        assert!(said(restore(&db, &file, false).await).contains("is no backup of kopilka"));
        std::fs::remove_file(&file).unwrap();
        backup::backup(&db, &file).await.unwrap();
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
        let cut = said(restore(&db, &file, false).await);
        assert!(
            cut.contains("damaged") || cut.contains("no backup"),
            "{cut}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_backup_or_restore_left_is_in_nobodys_way() {
    if one_engine() {
        return;
    }
    for engine in ENGINES {
        let place = Place::on(engine);
        let db = filled(&place).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup");
        for left in ["backup.part", "backup.restoring"] {
            std::fs::write(folder.path().join(left), "half of it").unwrap();
        }
        backup::backup(&db, &file).await.unwrap();
        // As on a disk that may only be read.
        let mut readable = std::fs::metadata(&file).unwrap().permissions();
        readable.set_readonly(true);
        std::fs::set_permissions(&file, readable).unwrap();
        restore(&db, &file, true).await.unwrap();
        let refused = restore(&db, &file, false).await;
        assert!(refused.is_err());
        assert_eq!(
            names(folder.path()),
            ["backup", "backup.part", "backup.restoring"]
        );
        let others = names(place.path());
        assert!(
            others.iter().all(|name| name.starts_with("kopilka.db")),
            "{others:?}"
        );
        adds_up(&db).await;
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_fails_leaves_nothing() {
    if one_engine() {
        return;
    }
    for engine in ENGINES {
        let place = Place::on(engine);
        let db = place.open().await;
        let folder = tempfile::tempdir().unwrap();
        let mut tx = db.write_test_data().await.unwrap();
        // It cannot be copied: a table that a new database has not.
        sql("ALTER TABLE leases RENAME TO leased")
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let failed = backup::backup(&db, &folder.path().join("backup")).await;
        if engine == "postgres" {
            assert!(failed.is_err());
            assert_eq!(names(folder.path()), Vec::<String>::new());
        }
        let nowhere = folder.path().join("missing").join("backup");
        assert!(backup::backup(&db, &nowhere).await.is_err());
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_for_its_owner_alone() {
    if one_engine() {
        return;
    }
    use std::os::unix::fs::PermissionsExt;
    for engine in ENGINES {
        let place = Place::on(engine);
        let file = place.path().join("backup");
        backup::backup(&place.open().await, &file).await.unwrap();
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
