//! The worker that looks into the mailboxes each minute and reports which letters were opened and which consents
//! could not be told before.

use super::{consent, mailbox};
use crate::{Clinic, Fallible};
use links::RecordSharing;
use model::ids::ClinicId;
use std::{future::Future, time::Duration};
use uuid::Uuid;

/// How often the mailboxes are looked into.
const LOOK: Duration = Duration::from_secs(60);
/// How soon after the start.
const FIRST: Duration = Duration::from_secs(2);
/// Every so many looks read the whole list, by which letters that were taken back are known.
const WHOLE: u32 = 10;

/// Looks until told to stop. Without a platform there is no mailbox. Several servers may run it: a letter is kept once.
pub async fn watch(clinic: Clinic, shutdown: impl Future<Output = ()>) {
    let Some(sharing) = clinic.world.sharing.clone() else { return shutdown.await };
    tokio::pin!(shutdown);
    for turn in 0u32.. {
        let wait = if turn == 0 { FIRST } else { LOOK };
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(wait) => {}
        }
        let looking = once(&clinic, sharing.as_ref(), turn.is_multiple_of(WHOLE));
        tokio::select! {
            () = &mut shutdown => return,
            looked = looking => if let Err(error) = looked {
                let _ = error.into_app("inbox");
            }
        }
    }
}

/// Looks into the mailbox of every clinic once. Gives how many letters came.
///
/// # Errors
/// The last clinic's whose mailbox could not be written down; the others are looked into all the same.
pub async fn once(clinic: &Clinic, sharing: &dyn RecordSharing, whole: bool) -> Fallible<usize> {
    let clinics: Vec<Uuid> =
        sqlx::query_scalar("select clinic_id from clinic_directory order by slug").fetch_all(clinic.pool()).await?;
    let (mut came, mut fault) = (0, None);
    for id in clinics.into_iter().map(ClinicId) {
        let looked = async {
            consent::report(clinic, id, sharing).await?;
            mailbox::report_opened(clinic, id, sharing).await?;
            mailbox::look(clinic, id, sharing, whole).await
        };
        match looked.await {
            Ok(count) => came += count,
            Err(error) => fault = Some(error),
        }
    }
    fault.map_or(Ok(came), Err)
}
