//! `/events`: tells the open browsers of a clinic that a visit or a chart changed (server-sent events).
//!
//! PostgreSQL carries the news between all servers on one channel: whoever commits a change notifies, every server
//! listens once and passes it on to its own browsers, those of the clinic it belongs to and no others. The news holds
//! ids only; the browser asks again for what it shows, with its own rights.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Request, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use clinic::events::{CHANNEL, Notification};
use futures::{Stream, StreamExt};
use model::{AppError, ids::ClinicId};
use sqlx::{PgPool, postgres::PgListener};
use tokio::sync::broadcast;

use super::{
    failure::{Asked, answer},
    request_id, session,
};
use crate::shutdown::Shutdown;

/// News that a slow browser may lag behind before its stream is ended (it comes back and asks for everything).
const BACKLOG: usize = 1024;

/// A stream ends after this long; the browser comes back, and its session is looked at again.
const LONGEST: Duration = Duration::from_secs(10 * 60);

/// What passes through the hub.
#[derive(Debug, Clone)]
enum News {
    Of(Notification),
    /// The line to the database was down: something may have been missed.
    Missed,
}

/// Passes news from the database on to open browsers. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Hub(broadcast::Sender<News>);

impl Hub {
    /// A hub that listens on the database of `pool`, as long as the server runs.
    pub fn listen(pool: PgPool, mut shutdown: Shutdown) -> Self {
        let (sender, _) = broadcast::channel(BACKLOG);
        let hub = Self(sender);
        let ours = hub.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = ours.pass_on(&pool) => {}
                () = shutdown.wait() => {}
            }
        });
        hub
    }

    async fn pass_on(&self, pool: &PgPool) {
        loop {
            if let Err(error) = self.pass_on_until_cut(pool).await {
                tracing::warn!(kind = "events", %error, "not listening to the database; trying again");
            }
            // Nobody listening is no error of ours.
            let _ = self.0.send(News::Missed);
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn pass_on_until_cut(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        while let Some(heard) = listener.try_recv().await? {
            match serde_json::from_str(heard.payload()) {
                Ok(news) => {
                    let _ = self.0.send(News::Of(news));
                }
                Err(_) => tracing::error!("a notification that cannot be read"),
            }
        }
        Ok(())
    }
}

/// The stream for one browser.
pub async fn stream(State(state): State<super::State>, request: Request) -> Response {
    let asked = Asked::from(&request);
    // Before the session is looked up, so that nothing falls between the two.
    let news = state.events.0.subscribe();
    match state.clinic.peek(session::cookie(request.headers()), &request_id::of(&request)).await {
        Ok(Some(me)) => {
            let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
            let news = of_clinic(me.clinic, news, state.shutdown).take_until(tokio::time::sleep(LONGEST));
            Sse::new(news).keep_alive(keep_alive).into_response()
        }
        Ok(None) => answer(&asked, &AppError::SignedOut),
        Err(error) => answer(&asked, &error),
    }
}

/// The clinic's own news. The stream ends when something was missed, and the browser, coming back, asks for everything;
/// an event without data would not do, since browsers do not deliver it.
fn of_clinic(
    clinic: ClinicId,
    news: broadcast::Receiver<News>,
    shutdown: Shutdown,
) -> impl Stream<Item = Result<Event, Infallible>> {
    futures::stream::unfold((news, shutdown), move |(mut news, mut shutdown)| async move {
        loop {
            let heard = tokio::select! {
                heard = news.recv() => heard,
                () = shutdown.wait() => return None,
            };
            match heard {
                Ok(News::Of(heard)) if heard.clinic == clinic => {
                    let event = Event::default().event(heard.event).data(heard.id.to_string());
                    return Some((Ok(event), (news, shutdown)));
                }
                Ok(News::Of(_)) => {}
                Ok(News::Missed) | Err(_) => return None,
            }
        }
    })
}
