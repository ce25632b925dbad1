//! For tests only: one real PostgreSQL for a test binary, and a database of its own for each test.

use crate::{
    Clinic, db,
    founding::{NewClinic, NewStaff},
    world::SetClock,
};
use chrono::{DateTime, TimeZone, Utc};
use model::{codes::InstitutionNumber, staff::*};
use private_postgres::PrivatePostgres;
use sqlx::{Connection, Executor, PgConnection, postgres::PgConnectOptions};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};
use tokio::sync::OnceCell;

/// Everybody's password in tests.
pub const PASSWORD: &str = "ためしの合言葉";

/// A friday morning in July 2026, 10:15 in Japan.
pub fn friday() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 7, 10, 1, 15, 0).single().expect("one instant")
}

/// A fresh, migrated database of its own.
pub async fn database() -> PgConnectOptions {
    static SERVER: OnceCell<PrivatePostgres> = OnceCell::const_new();
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = SERVER
        .get_or_init(|| async {
            let server = PrivatePostgres::temporary().await.expect("PostgreSQL starts");
            db::migrate(&server.connect_options()).await.expect("migrations run");
            server
        })
        .await;
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut owner = PgConnection::connect_with(&server.connect_options().database("postgres")).await.expect("connects");
    // The name is a counter of ours; a statement that names a database cannot take it as a parameter.
    let create = sqlx::AssertSqlSafe(format!("create database {name} template {}", private_postgres::DATABASE));
    owner.execute(create).await.expect("creates a database");
    owner.close().await.expect("closes");
    server.connect_options().database(&name)
}

/// A clinic system on a database of its own at a set time.
pub async fn clinic() -> (Clinic, SetClock) {
    let pool = db::pool(database().await, 8).await.expect("connects");
    let clock = SetClock::at(friday());
    // The tables are shared, the place where a test puts others is its own.
    let masters = Arc::new(masters::Store::default());
    (Clinic::new(pool, masters, Arc::new(clock.clone())), clock)
}

/// A founded clinic with one member of staff for each role.
#[derive(Debug, Clone)]
pub struct Founded {
    /// Its short name.
    pub slug: String,
    /// The staff, in the order of [`Role::ALL`].
    pub staff: Vec<Me>,
}

impl Founded {
    /// The member of staff with a role.
    pub fn one(&self, role: Role) -> Me {
        self.staff.iter().find(|me| me.staff.role == role).expect("one for each role").clone()
    }

    /// A session cookie for a role.
    pub async fn cookie(&self, clinic: &Clinic, role: Role) -> String {
        let form = SignInForm { clinic: self.slug.clone(), login: role.as_str().into(), password: PASSWORD.into() };
        clinic.sign_in(form, None, "test").await.expect("signs in").1
    }
}

/// Founds a clinic with a member of staff for each role; the login is the role's name.
pub async fn found(clinic: &Clinic, slug: &str) -> Founded {
    let number = if slug == "aoba" { "1310000001" } else { "1410000002" };
    let new = NewClinic {
        slug: slug.into(),
        name: format!("{slug}内科クリニック"),
        number: InstitutionNumber::parse(number).expect("ten digits"),
        postal_code: "1000001".into(),
        address: "東京都千代田区試験町1-1".into(),
        phone: "03-0000-0001".into(),
        standards: Vec::new(),
    };
    let id = clinic.found(&new).await.expect("founds").expect("the name is free");
    let mut staff = Vec::new();
    for role in Role::ALL {
        let new = NewStaff {
            login: role.as_str().into(),
            name: format!("{} 試験", role.label()),
            kana: "シケン".into(),
            role,
            password: PASSWORD.into(),
        };
        staff.push(clinic.hire(id, &new).await.expect("hires"));
    }
    Founded { slug: slug.into(), staff }
}
