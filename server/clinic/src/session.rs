//! Signing in: staff name and password (argon2id), sessions on the server, a waiting time after failures.
//!
//! A second factor has its place between [`Clinic::sign_in`] checking the password and the session being opened.

use crate::{Clinic, Error, Fallible, audit, tenant::Tenant};
use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};
use chrono::{DateTime, Duration, Utc};
use model::{AppError, ids::*, staff::*};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// The cookie's name.
pub const COOKIE: &str = "karte_session";
/// A session ends after this long without a request.
const IDLE: Duration = Duration::hours(4);
/// And after this long in any case.
const LONGEST: Duration = Duration::hours(14);
/// From this many failures on, each further try waits.
const PATIENCE: i32 = 5;
/// More characters than any name typed at sign-in has.
const LONGEST_NAME: usize = 100;

/// Passwords are checked by so many at once: each check takes 19 MiB on purpose, and must not take the machine.
static CHECKERS: Semaphore = Semaphore::const_new(4);

/// The cookie's value: the clinic, and a random token known only to the browser.
pub(crate) struct Token {
    pub(crate) clinic: ClinicId,
    secret: [u8; 32],
}

impl Token {
    /// A cookie that cannot be read is as good as none.
    pub(crate) fn read(cookie: &str) -> Result<Self, AppError> {
        let (clinic, secret) = cookie.split_once('.').ok_or(AppError::SignedOut)?;
        let clinic = clinic.parse().map(ClinicId).map_err(|_| AppError::SignedOut)?;
        let mut bytes = [0; 32];
        if secret.len() != 64 || !secret.is_ascii() {
            return Err(AppError::SignedOut);
        }
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&secret[2 * i..2 * i + 2], 16).map_err(|_| AppError::SignedOut)?;
        }
        Ok(Self { clinic, secret: bytes })
    }

    fn write(&self) -> String {
        format!("{}.{}", self.clinic.0.simple(), hex(&self.secret))
    }

    fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.secret).to_vec()
    }
}

/// Bytes as small hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A password as it is stored: argon2id with a random salt.
pub(crate) fn hash_password(password: &str, salt: &[u8; 16]) -> Fallible<String> {
    let salt = SaltString::encode_b64(salt).map_err(|e| Error::Broken(format!("salt: {e}")))?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|e| Error::Broken(format!("argon2: {e}")))
}

fn fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A hash nobody's password fits, so that an unknown name takes as long as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm8$m0G0m8bEnbkGdmPwDe4bXoJzL8KqBBH8DUWw4SL2yKs";

#[derive(sqlx::FromRow)]
struct Known {
    id: Uuid,
    name: String,
    role: String,
    password_hash: String,
    clinic_name: String,
}

#[derive(sqlx::FromRow)]
struct Open {
    staff_id: Uuid,
    name: String,
    role: String,
    clinic_name: String,
    seen_at: DateTime<Utc>,
}

impl Clinic {
    /// Signs in and opens a new session; the old one of the same browser is closed. Returns the cookie's value.
    pub async fn sign_in(&self, form: SignInForm, old: Option<&str>, request_id: &str) -> Result<(Me, String), AppError> {
        self.try_sign_in(form, old, request_id).await.map_err(|error| error.into_app(request_id))
    }

    async fn try_sign_in(&self, form: SignInForm, old: Option<&str>, request_id: &str) -> Fallible<(Me, String)> {
        let now = self.now();
        let (Some(slug), Some(login)) = (name_of(&form.clinic), name_of(&form.login)) else {
            return Err(AppError::WrongPassword.into());
        };
        let clinic: Option<Uuid> = sqlx::query_scalar("select clinic_id from clinic_directory where slug = $1")
            .bind(&slug)
            .fetch_optional(&self.pool)
            .await?;
        let Some(clinic) = clinic.map(ClinicId) else {
            verify(form.password, NOBODY.into()).await?;
            return Err(AppError::WrongPassword.into());
        };

        // The try is counted before the password is looked at, so that many tries at once count as many; and no
        // connection is held while it is looked at.
        let mut tx = self.begin(clinic).await?;
        if let Some(seconds) = count_try(&mut tx, clinic, &login, now).await? {
            return Err(AppError::TooMany { seconds }.into());
        }
        let known: Option<Known> = sqlx::query_as(
            "select s.id, s.name, s.role, s.password_hash, c.name as clinic_name
             from staff s join clinic c using (clinic_id)
             where s.clinic_id = current_clinic() and s.login = $1 and s.active",
        )
        .bind(&login)
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        let hash = known.as_ref().map_or_else(|| NOBODY.to_owned(), |k| k.password_hash.clone());
        let right = verify(form.password, hash).await?;
        let mut tx = self.begin(clinic).await?;
        let Some(known) = known else { return Err(AppError::WrongPassword.into()) };
        if !right {
            audit::record_bare(&mut tx, clinic, Some(StaffId(known.id)), now, "session.refuse", request_id).await?;
            tx.commit().await?;
            return Err(AppError::WrongPassword.into());
        }
        let role = Role::parse(&known.role).ok_or_else(|| Error::Broken("role of staff".into()))?;

        let token = Token { clinic, secret: self.world.random.bytes() };
        if let Some(old) = old.and_then(|cookie| Token::read(cookie).ok()).filter(|old| old.clinic == clinic) {
            sqlx::query("delete from session where clinic_id = current_clinic() and token_hash = $1")
                .bind(old.hash())
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query("delete from session where clinic_id = current_clinic() and expires_at < $1")
            .bind(now)
            .execute(&mut *tx)
            .await?;
        sqlx::query("delete from sign_in_failure where clinic_id = current_clinic() and login = $1")
            .bind(&login)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "insert into session (clinic_id, token_hash, staff_id, created_at, seen_at, expires_at) values ($1, $2, $3, $4, $4, $5)",
        )
        .bind(clinic.0)
        .bind(token.hash())
        .bind(known.id)
        .bind(now)
        .bind(now + LONGEST)
        .execute(&mut *tx)
        .await?;

        let me = Me { clinic, clinic_name: known.clinic_name, staff: StaffRef { id: StaffId(known.id), name: known.name, role } };
        let mut tenant = Tenant::new(tx, me.clone(), now, request_id, self.world.clone());
        audit::record(&mut tenant, "session.sign_in", None, None, "").await?;
        tenant.commit().await?;
        Ok((me, token.write()))
    }

    /// Closes the session; a cookie without one is no error.
    pub async fn sign_out(&self, cookie: Option<&str>, request_id: &str) -> Result<(), AppError> {
        let signed_out = async {
            let Some(token) = cookie.and_then(|cookie| Token::read(cookie).ok()) else { return Ok(()) };
            let mut tx = self.begin(token.clinic).await?;
            let staff: Option<Uuid> = sqlx::query_scalar(
                "delete from session where clinic_id = current_clinic() and token_hash = $1 returning staff_id",
            )
            .bind(token.hash())
            .fetch_optional(&mut *tx)
            .await?;
            if let Some(staff) = staff.map(StaffId) {
                audit::record_bare(&mut tx, token.clinic, Some(staff), self.now(), "session.sign_out", request_id).await?;
            }
            tx.commit().await?;
            Ok(())
        };
        signed_out.await.map_err(|error: Error| error.into_app(request_id))
    }

    /// Who a cookie belongs to, if anybody; counts as activity of the session.
    pub async fn me(&self, cookie: Option<&str>, request_id: &str) -> Result<Option<Me>, AppError> {
        self.owner(cookie, true).await.map_err(|error| error.into_app(request_id))
    }

    /// The same without counting as activity: for streams that stay open by themselves.
    pub async fn peek(&self, cookie: Option<&str>, request_id: &str) -> Result<Option<Me>, AppError> {
        self.owner(cookie, false).await.map_err(|error| error.into_app(request_id))
    }

    async fn owner(&self, cookie: Option<&str>, active: bool) -> Fallible<Option<Me>> {
        let Some(token) = cookie.and_then(|cookie| Token::read(cookie).ok()) else { return Ok(None) };
        let mut tx = self.begin(token.clinic).await?;
        match whose(&mut tx, &token, self.now()).await {
            Ok(me) if active => {
                tx.commit().await?;
                Ok(Some(me))
            }
            Ok(me) => Ok(Some(me)),
            Err(Error::App(AppError::SignedOut)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Checks a password away from the threads that serve requests: argon2 takes its time on purpose.
async fn verify(password: String, hash: String) -> Fallible<bool> {
    let _turn = CHECKERS.acquire().await.map_err(|e| Error::Broken(format!("password check: {e}")))?;
    tokio::task::spawn_blocking(move || fits(&password, &hash)).await.map_err(|e| Error::Broken(format!("password check: {e}")))
}

/// The owner of a session that has not ended; moves its idle time on, at most once a minute.
pub(crate) async fn whose(db: &mut PgConnection, token: &Token, now: DateTime<Utc>) -> Fallible<Me> {
    let open: Option<Open> = sqlx::query_as(
        "select s.staff_id, t.name, t.role, c.name as clinic_name, s.seen_at
         from session s
         join staff t on t.clinic_id = s.clinic_id and t.id = s.staff_id
         join clinic c on c.clinic_id = s.clinic_id
         where s.clinic_id = current_clinic() and s.token_hash = $1 and s.expires_at > $2 and s.seen_at > $3 and t.active",
    )
    .bind(token.hash())
    .bind(now)
    .bind(now - IDLE)
    .fetch_optional(&mut *db)
    .await?;
    let open = open.ok_or(AppError::SignedOut)?;
    if now - open.seen_at > Duration::minutes(1) {
        sqlx::query("update session set seen_at = $2 where clinic_id = current_clinic() and token_hash = $1")
            .bind(token.hash())
            .bind(now)
            .execute(&mut *db)
            .await?;
    }
    let role = Role::parse(&open.role).ok_or_else(|| Error::Broken("role of staff".into()))?;
    // For the request's line in the log: ids, no names.
    let span = tracing::Span::current();
    span.record("clinic", tracing::field::display(token.clinic.0)).record("staff", tracing::field::display(open.staff_id));
    Ok(Me {
        clinic: token.clinic,
        clinic_name: open.clinic_name,
        staff: StaffRef { id: StaffId(open.staff_id), name: open.name, role },
    })
}

/// A name as typed, in the form it is stored; none where it cannot be anybody's.
fn name_of(typed: &str) -> Option<String> {
    let name = typed.trim().to_lowercase();
    (!name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control)).then_some(name)
}

/// Counts a try; a right password takes the count away again. After too many failures it is not a try but gives the
/// seconds to wait: two to the power of the failures beyond patience, at most five minutes.
async fn count_try(db: &mut PgConnection, clinic: ClinicId, login: &str, now: DateTime<Utc>) -> Fallible<Option<u32>> {
    sqlx::query(
        "insert into sign_in_failure (clinic_id, login, failures, last_at) values ($1, $2, 0, $3)
         on conflict (clinic_id, login) do nothing",
    )
    .bind(clinic.0)
    .bind(login)
    .bind(now)
    .execute(&mut *db)
    .await?;
    let (failures, last): (i32, DateTime<Utc>) = sqlx::query_as(
        "select failures, last_at from sign_in_failure where clinic_id = current_clinic() and login = $1 for update",
    )
    .bind(login)
    .fetch_one(&mut *db)
    .await?;
    if failures >= PATIENCE {
        let wait = Duration::seconds(1 << (failures - PATIENCE + 1).clamp(1, 9)).min(Duration::minutes(5));
        let left = u32::try_from((last + wait - now).num_seconds()).unwrap_or(0);
        if left > 0 {
            return Ok(Some(left));
        }
    }
    sqlx::query(
        "update sign_in_failure set failures = least(failures + 1, 1000), last_at = $2
         where clinic_id = current_clinic() and login = $1",
    )
    .bind(login)
    .bind(now)
    .execute(db)
    .await?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let token = Token { clinic: ClinicId(Uuid::from_u128(7)), secret: [0xab; 32] };
        let read = Token::read(&token.write()).expect("reads back");
        assert_eq!((read.clinic, read.secret), (token.clinic, token.secret));
        for bad in ["", ".", "x.y", "00000000000000000000000000000007.zz"] {
            assert!(Token::read(bad).is_err());
        }
    }

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hash = hash_password("ひらけゴマ", &[7; 16]).expect("hashes");
        assert!(hash.starts_with("$argon2id$"));
        assert!(fits("ひらけゴマ", &hash));
        assert!(!fits("ひらけごま", &hash));
        assert!(!fits("anything", NOBODY));
        assert!(PasswordHash::new(NOBODY).is_ok(), "an unknown name must take as long as a known one");
    }
}
