//! Every server follows the database: when a set of files was applied anywhere, it loads what is in force and puts it in the
//! place of what it held, while requests go on.

use super::load;
use crate::{Clinic, Fallible};
use sqlx::postgres::PgListener;
use std::{future::Future, time::Duration};

/// Channel on which a change is told.
pub const CHANNEL: &str = "masters";

/// How long to wait before listening again when the line was cut.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a silent line is trusted: one that died without a word would never tell of a change.
const TRUSTED: Duration = Duration::from_secs(300);

/// Follows the database until told to stop.
pub async fn watch(clinic: Clinic, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return,
            followed = follow(&clinic) => {
                if let Err(error) = followed {
                    let _ = error.into_app("masters");
                }
            }
        }
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Listens first and looks then, so that nothing falls between the two; ends when the line is cut or was silent for long.
async fn follow(clinic: &Clinic) -> Fallible<()> {
    let mut listener = PgListener::connect_with(&clinic.pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        catch_up(clinic).await?;
        let Ok(heard) = tokio::time::timeout(TRUSTED, listener.try_recv()).await else { return Ok(()) };
        if heard?.is_none() {
            return Ok(());
        }
    }
}

/// Loads what is in force if the database is ahead of this server.
pub(crate) async fn catch_up(clinic: &Clinic) -> Fallible<()> {
    let (held, _) = clinic.world.masters.state();
    if load::number(&clinic.pool).await? <= held {
        return Ok(());
    }
    let (number, snapshot) = load::load(&clinic.pool).await?;
    let store = clinic.world.masters.clone();
    let taken = super::away(move || store.advance(number, snapshot)).await?;
    tracing::info!(state = number, taken, "masters loaded");
    Ok(())
}
