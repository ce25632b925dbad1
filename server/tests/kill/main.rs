//! Faults: the server, the platform's stand-in and PostgreSQL are killed (SIGKILL) at random while a clinic sends a thousand
//! documents. Every document arrives exactly once, in the order of its patient, none is lost, and what stands at the platform
//! in the end is what stands in the chart.
//!
//! Three real programs: `karte serve` with the PostgreSQL it keeps, and `karte-platform`, whose journal (appended and synced
//! before anybody is told) is the witness. What is entered goes through the server's own HTTP routes, again where an answer
//! was lost, as people do. A supervisor starts again what died, as systemd or a container host would.
//!
//! `KARTE_SEED=…` draws the same again, `KARTE_SENDS=…` takes another number, `KARTE_SHOW=1` tells how it goes. Say
//! `-- --nocapture` for the figures.

mod clerk;
mod house;
mod ledger;

use clerk::Clerk;
use clinic::{
    Clinic,
    testing::{self, Founded},
    world::SystemClock,
};
use house::House;
use model::staff::Role;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// Registrations and cancellations the platform is to witness.
const SENDS: usize = 1000;
/// Patients they are about.
const PATIENTS: usize = 60;
/// People who enter at the same time; each patient is in the hand of one.
const CLERKS: usize = 6;
/// The whole test gives up after this long: it is much slower on a machine that builds something beside it.
const PATIENCE: Duration = Duration::from_secs(400);

/// Numbers at random from a seed (splitmix64: G. Steele et al., "Fast splittable pseudorandom number generators", 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The next number.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// One of `0..n`.
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).expect("smaller than n")
    }

    /// A length of time between two.
    fn time(&mut self, least: Duration, most: Duration) -> Duration {
        least + (most - least) * u32::try_from(self.below(1000)).expect("small") / 1000
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

async fn found(house: &House) -> Founded {
    let pool = clinic::db::pool(house.database().await, 2).await.expect("the server's database");
    let clinic = Clinic::new(pool.clone(), Arc::new(masters::Store::default()), Arc::new(SystemClock));
    let founded = testing::found(&clinic, "aoba").await;
    pool.close().await;
    founded
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_sends_survive_the_death_of_each_process() {
    let seed = number("KARTE_SEED").unwrap_or_else(|| u64::from(std::process::id()) << 20 ^ 0x5EED);
    let sends = number("KARTE_SENDS").and_then(|n| n.try_into().ok()).unwrap_or(SENDS);
    println!("KARTE_SEED={seed}");
    let began = Instant::now();
    let mut random = Random(seed);
    let Some(house) = House::open().await else { return };
    let house = Arc::new(house);
    let founded = found(&house).await;

    let (desk, doctor) = (house.sign_in(&founded, Role::Reception).await, house.sign_in(&founded, Role::Doctor).await);
    let mut clerks: Vec<Clerk> = (0..CLERKS).map(|_| Clerk::new(house.clone(), &desk, &doctor, Random(random.next()))).collect();
    let entered = Arc::new(AtomicUsize::new(0));
    let killer = tokio::spawn(house::kill_at_random(house.clone(), Random(random.next())));

    let mut at_work = Vec::new();
    for (n, mut clerk) in clerks.drain(..).enumerate() {
        let entered = entered.clone();
        at_work.push(tokio::spawn(async move {
            for patient in (0..PATIENTS).filter(|p| p % CLERKS == n) {
                clerk.register(patient).await;
            }
            while entered.load(Ordering::SeqCst) < sends {
                clerk.enter_something().await;
            }
            clerk
        }));
    }
    while entered.load(Ordering::SeqCst) < sends {
        tokio::time::sleep(Duration::from_millis(300)).await;
        // A few more, since the last may supersede each other before they leave.
        entered.store(ledger::queued(&house).await.saturating_sub(PATIENTS), Ordering::SeqCst);
        if std::env::var_os("KARTE_SHOW").is_some() {
            println!(
                "{:5.1} s: {} entered; killed: {}",
                began.elapsed().as_secs_f32(),
                entered.load(Ordering::SeqCst),
                house.killed()
            );
        }
        assert!(began.elapsed() < PATIENCE, "{} of {sends} entered", entered.load(Ordering::SeqCst));
        assert!(entered.load(Ordering::SeqCst) >= sends || !at_work.iter().any(|one| one.is_finished()), "a clerk has stopped");
    }
    let mut clerks = Vec::new();
    for one in at_work {
        clerks.push(one.await.expect("a clerk does not panic"));
    }
    let entering = began.elapsed();
    // What was entered leaves, still under fire, until nothing waits.
    let books = ledger::settle(&house, began + PATIENCE).await;
    killer.abort();
    let _ = killer.await;
    house.no_more_killing();
    println!(
        "entered in {:.1} s, everything sent after {:.1} s; killed: {}",
        entering.as_secs_f32(),
        began.elapsed().as_secs_f32(),
        house.killed(),
    );
    books.check_exactly_once_and_in_order(sends);
    ledger::check_last_state(&house, &clerks, &books).await;
    println!("{}, all as in the chart; {:.1} s", books.summary(), began.elapsed().as_secs_f32());
    assert!(house.each_was_killed(), "each of the three was killed: {}", house.killed());
}
