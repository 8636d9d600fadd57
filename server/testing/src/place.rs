//! A place for one test's data, on the engine that KOPILKA_TEST_ENGINE names: a folder, and on PostgreSQL a database of
//! its own. Both go with it.

use std::future::Future;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use kopilka_core::store::Database;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

pub struct Place {
    folder: TempDir,
    database: Option<TestDatabase>,
}

struct TestDatabase {
    name: String,
    url: String,
}

/// The engine of this run.
pub fn engine() -> String {
    std::env::var("KOPILKA_TEST_ENGINE").unwrap_or_else(|_| "sqlite".to_owned())
}

impl Place {
    /// On PostgreSQL the tables are there already.
    pub fn new() -> Self {
        Self::on(&engine())
    }

    /// On PostgreSQL the database has no tables.
    pub fn without_tables() -> Self {
        Self::with_database(&engine(), TestDatabase::create_empty)
    }

    pub fn on(engine: &str) -> Self {
        Self::with_database(engine, TestDatabase::create)
    }

    fn with_database(engine: &str, create: impl FnOnce() -> TestDatabase) -> Self {
        let database = match engine {
            "sqlite" => None,
            "postgres" => Some(create()),
            other => panic!("KOPILKA_TEST_ENGINE is sqlite or postgres, not {other}"),
        };
        Self {
            folder: tempfile::tempdir().unwrap(),
            database,
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The address of the database, on PostgreSQL.
    pub fn url(&self) -> Option<&str> {
        self.database.as_ref().map(|database| database.url.as_str())
    }

    pub async fn open(&self) -> Database {
        match self.url() {
            None => Database::open(&self.path().join("kopilka.db"))
                .await
                .unwrap(),
            Some(url) => Database::connect(url).await.unwrap(),
        }
    }

    /// Tells a program where to keep its data.
    pub fn tell(&self, program: &mut Command) {
        program.arg("--data").arg(self.path());
        match self.url() {
            None => program.env_remove("DATABASE_URL"),
            Some(url) => program.env("DATABASE_URL", url),
        };
    }
}

/// The database that this process's test databases are copies of: with all migrations, which take longer than the copy.
static TEMPLATE: OnceLock<String> = OnceLock::new();

impl TestDatabase {
    fn create() -> Self {
        let template = TEMPLATE.get_or_init(|| {
            let name = format!("kopilka_template_{}", std::process::id());
            administer(format!("CREATE DATABASE {name}"));
            let url = url_of(&name);
            apart(async move { Database::connect(&url).await.unwrap().close().await });
            name
        });
        Self::named(|name| format!("CREATE DATABASE {name} TEMPLATE {template}"))
    }

    fn create_empty() -> Self {
        Self::named(|name| format!("CREATE DATABASE {name}"))
    }

    fn named(statement: impl FnOnce(&str) -> String) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("kopilka_{}_{next}", std::process::id());
        administer(statement(&name));
        let url = url_of(&name);
        Self { name, url }
    }
}

fn url_of(database: &str) -> String {
    server().replace("/postgres?", &format!("/{database}?"))
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        administer(format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

fn server() -> String {
    std::env::var("KOPILKA_TEST_POSTGRES").expect(
        "this test needs PostgreSQL: run it by `.ci/postgres cargo test …`, as `make unit` does",
    )
}

fn administer(statement: String) {
    apart(async move {
        let mut connection = PgConnection::connect(&server()).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    });
}

/// Runs to its end what a test that may have a runtime of its own cannot wait for.
pub fn apart<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    std::thread::spawn(|| {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(work)
    })
    .join()
    .unwrap()
}
