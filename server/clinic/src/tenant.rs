//! The way in: from a cookie to a transaction that sees one clinic's rows and nothing else.

use crate::{
    Error, Fallible, Grant, events, policy,
    policy::Action,
    session,
    world::{Clock, Random, World},
};
use chrono::{DateTime, NaiveDate, Utc};
use model::{AppError, date, ids::*, staff::Me};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use std::sync::Arc;
use uuid::Uuid;

/// One per process: the pool and the world. Cheap to clone.
#[derive(Clone)]
pub struct Clinic {
    pub(crate) pool: PgPool,
    pub(crate) world: World,
}

impl Clinic {
    /// A clinic system on a database, with our own fee engine and without a platform.
    pub fn new(pool: PgPool, masters: Arc<masters::Store>, clock: Arc<dyn Clock>) -> Self {
        let world = World {
            clock,
            random: Random::from_system(),
            masters,
            calculator: Arc::new(fee::Engine),
            habits: crate::search::Habits::default(),
            sharing: None,
            profiles: fhir::Version::default(),
        };
        Self { pool, world }
    }

    /// The same with a national platform to talk to.
    pub fn with_sharing(mut self, sharing: Arc<dyn links::RecordSharing>) -> Self {
        self.world.sharing = Some(sharing);
        self
    }

    /// The same with documents made and checked by a version of the profiles.
    pub fn with_profiles(mut self, version: fhir::Version) -> Self {
        self.world.profiles = version;
        self
    }

    /// The same with ids from a seed, for made-up histories.
    pub fn with_random(mut self, random: Random) -> Self {
        self.world.random = random;
        self
    }

    /// The instant it is.
    pub fn now(&self) -> DateTime<Utc> {
        self.world.clock.now()
    }

    /// The day it is in Japan.
    pub fn today(&self) -> NaiveDate {
        date::day_of(self.now())
    }

    /// The masters as they are loaded now.
    pub fn masters(&self) -> Arc<masters::Snapshot> {
        self.world.masters.current()
    }

    /// The pool, for health checks and listeners.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// From a session cookie to a desk where one action may be done.
    pub async fn enter<A: Action>(&self, cookie: Option<&str>, request_id: &str) -> Result<Desk<A>, AppError> {
        let entered = async {
            let token = session::Token::read(cookie.ok_or(AppError::SignedOut)?)?;
            let mut tx = self.begin(token.clinic).await?;
            let me = session::whose(&mut tx, &token, self.now()).await?;
            let grant = policy::grant::<A>(me.staff.role)?;
            Ok(Desk { tenant: Tenant::new(tx, me, self.now(), request_id, self.world.clone()), grant })
        };
        entered.await.map_err(|error: Error| error.into_app(request_id))
    }

    /// The desk of a member of staff who needs no session: the demo's generator and tests.
    pub async fn enter_as<A: Action>(&self, me: Me) -> Fallible<Desk<A>> {
        let grant = policy::grant::<A>(me.staff.role)?;
        let tx = self.begin(me.clinic).await?;
        Ok(Desk { tenant: Tenant::new(tx, me, self.now(), "internal", self.world.clone()), grant })
    }

    /// Another transaction for who was let in a moment ago, in the same request: long work is done between two short ones.
    pub(crate) async fn enter_again<A: Action>(&self, me: &Me, request_id: &str) -> Result<Desk<A>, AppError> {
        let entered = async {
            let grant = policy::grant::<A>(me.staff.role)?;
            let tx = self.begin(me.clinic).await?;
            Ok(Desk { tenant: Tenant::new(tx, me.clone(), self.now(), request_id, self.world.clone()), grant })
        };
        entered.await.map_err(|error: Error| error.into_app(request_id))
    }

    /// A transaction with the tenant set by its first statement.
    pub(crate) async fn begin(&self, clinic: ClinicId) -> Fallible<Transaction<'static, Postgres>> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("select set_config('app.clinic_id', $1, true)").bind(clinic.to_string()).execute(&mut *tx).await?;
        Ok(tx)
    }
}

/// A tenant and the grant to do one thing there.
pub struct Desk<A> {
    /// The transaction and who is in it.
    pub tenant: Tenant,
    /// The proof that the action is allowed.
    pub grant: Grant<A>,
}

impl<A> Desk<A> {
    /// Commits what succeeded; what failed leaves no trace but its error.
    pub async fn finish<T>(self, result: Fallible<T>) -> Result<T, AppError> {
        let Tenant { tx, request_id, .. } = self.tenant;
        match result {
            Ok(value) => tx.commit().await.map(|()| value).map_err(|e| Error::from(e).into_app(&request_id)),
            Err(error) => {
                // The rollback's own failure adds nothing: the connection is dropped and the change with it.
                let _ = tx.rollback().await;
                Err(error.into_app(&request_id))
            }
        }
    }
}

/// One clinic's rows in one transaction, and who is at work.
pub struct Tenant {
    tx: Transaction<'static, Postgres>,
    /// Who is signed in.
    pub me: Me,
    /// The instant of the request.
    pub now: DateTime<Utc>,
    /// Request id, for the audit trail.
    pub request_id: String,
    pub(crate) world: World,
}

impl Tenant {
    pub(crate) fn new(tx: Transaction<'static, Postgres>, me: Me, now: DateTime<Utc>, request_id: &str, world: World) -> Self {
        Self { tx, me, now, request_id: request_id.to_owned(), world }
    }

    pub(crate) async fn commit(self) -> Fallible<()> {
        self.tx.commit().await.map_err(Error::from)
    }

    /// The connection, for SQL.
    pub(crate) fn db(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// The clinic's id, for SQL.
    pub(crate) fn clinic(&self) -> Uuid {
        self.me.clinic.0
    }

    /// The day of the request in Japan.
    pub fn today(&self) -> NaiveDate {
        date::day_of(self.now)
    }

    /// A new id.
    pub(crate) fn new_id(&self) -> Uuid {
        self.world.random.id(self.now)
    }

    /// The masters as they are loaded now.
    pub(crate) fn masters(&self) -> Arc<masters::Snapshot> {
        self.world.masters.current()
    }

    /// Tells every open browser of the clinic that something changed; delivered when the transaction commits.
    pub(crate) async fn announce(&mut self, event: events::Event) -> Fallible<()> {
        let payload = event.payload(self.me.clinic);
        sqlx::query("select pg_notify($1, $2)").bind(events::CHANNEL).bind(payload).execute(self.db()).await?;
        Ok(())
    }
}
