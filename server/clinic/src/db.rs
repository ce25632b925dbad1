//! The database: migrations under a lock, and a pool whose connections work as a role that owns nothing.

use crate::Fallible;
use sqlx::{
    Connection, Executor, PgConnection, PgPool,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::Duration;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// Brings the schema up to date. Several servers may start at once: the migrator holds an advisory lock meanwhile.
pub async fn migrate(options: &PgConnectOptions) -> Result<(), MigrateError> {
    let mut owner = PgConnection::connect_with(options).await?;
    MIGRATIONS.run(&mut owner).await?;
    owner.close().await?;
    Ok(())
}

/// Whether every migration this program knows has been applied.
pub async fn is_current(pool: &PgPool) -> Fallible<bool> {
    let newest = MIGRATIONS.iter().map(|m| m.version).max();
    let applied: Option<i64> =
        sqlx::query_scalar("select max(version) from _sqlx_migrations where success").fetch_one(pool).await?;
    Ok(applied >= newest)
}

/// A pool for the application: every connection works as `karte_app`, to whom row-level security applies.
pub async fn pool(options: PgConnectOptions, connections: u32) -> Result<PgPool, sqlx::Error> {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(5))
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute("set role karte_app").await?;
                connection.execute("set statement_timeout = '15s'").await?;
                connection.execute("set idle_in_transaction_session_timeout = '30s'").await?;
                Ok(())
            })
        })
        .connect_with(options)
        .await
}
