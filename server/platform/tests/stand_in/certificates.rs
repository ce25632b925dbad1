//! HTTPS with client certificates on both sides, and what the adapter says when something about them is wrong.

use crate::support::{A, B, Room, document};
use chrono::{DateTime, Days, NaiveDate, Utc};
use links::{Answer, Fault, HttpSharing, RecordSharing, SharingError};
use model::codes::InstitutionNumber;
use platform::{Options, Platform, certificates::Authority, serve};
use std::{path::Path, sync::Arc, time::Duration};

fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}

fn today() -> NaiveDate {
    model::date::day_of(now())
}

fn who(number: &str) -> InstitutionNumber {
    InstitutionNumber(number.into())
}

fn localhost() -> Vec<String> {
    vec!["localhost".into(), "127.0.0.1".into()]
}

/// A stand-in with its authority in a room.
struct Place {
    room: Room,
    authority: Authority,
    platform: Arc<Platform>,
    port: u16,
}

impl Place {
    async fn start() -> Self {
        let (room, authority) = founded();
        authority.server(&localhost(), now()).expect("issued");
        Self::over(room, authority).await
    }

    async fn over(room: Room, authority: Authority) -> Self {
        let platform = Platform::open(&room.0.join("data"), Options::default(), Arc::new(now)).expect("a directory");
        let platform = Arc::new(platform);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (served, dir) = (platform.clone(), certificates(&room));
        tokio::spawn(async move { serve(served, listener, &dir, std::future::pending()).await.expect("serves") });
        Self { room, authority, platform, port }
    }

    fn sharing(&self) -> HttpSharing {
        self.reached_as("127.0.0.1", &certificates(&self.room))
    }

    fn reached_as(&self, host: &str, dir: &Path) -> HttpSharing {
        HttpSharing::open(&format!("https://{host}:{}", self.port), Some(dir), Duration::from_secs(5)).expect("an address")
    }
}

fn founded() -> (Room, Authority) {
    let room = Room::new();
    let authority = Authority::open(&certificates(&room), today()).expect("founded");
    authority.institution(&who(A), now()).expect("issued");
    (room, authority)
}

fn certificates(room: &Room) -> std::path::PathBuf {
    room.0.join("certificates")
}

async fn asked(sharing: &HttpSharing, number: &str) -> Result<(), SharingError> {
    sharing.inbox(&who(number), 0).await.map(drop)
}

/// The words of a certificate fault.
async fn certificate(sharing: &HttpSharing, number: &str) -> String {
    match asked(sharing, number).await {
        Err(SharingError::Fault(Fault::Certificate { why })) => why,
        other => panic!("a certificate is wrong, but it said {other:?}"),
    }
}

#[tokio::test]
async fn an_institution_is_known_by_its_certificate() {
    let place = Place::start().await;
    let sharing = place.sharing();
    let answer = sharing.register(&who(A), &document(A, "x1", "さば"), "k").await.expect("taken");
    assert!(matches!(answer, Answer::Taken { .. }));
    assert_eq!(place.platform.journal().expect("it can be read")[0].institution, A);
    asked(&place.reached_as("localhost", &certificates(&place.room)), A).await.expect("by its name too");
    // Another authority in the same place would not change who is known; the same authority goes on.
    let again = Authority::open(&certificates(&place.room), today()).expect("read");
    assert!(!again.institution(&who(A), now()).expect("kept"), "what holds is kept");
    assert!(again.institution(&who(B), now()).expect("issued"));
    asked(&sharing, B).await.expect("one that was issued later");
}

#[tokio::test]
async fn an_institution_without_a_certificate_is_told_so() {
    let place = Place::start().await;
    // A header does not stand in for it.
    links::tls::install_ring();
    let authority = std::fs::read(certificates(&place.room).join("ca.pem")).expect("it is there");
    let roots = reqwest::Certificate::from_pem_bundle(&authority).expect("certificates");
    let anybody = reqwest::Client::builder().tls_certs_only(roots).build().expect("a client");
    let url = format!("https://127.0.0.1:{}/v1/inbox", place.port);
    let answer = anybody.get(url).header("x-institution-number", A).send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 401);
    let why = certificate(&place.sharing(), B).await;
    assert!(why.contains(B) && why.contains("がありません"), "{why}");
    std::fs::write(certificates(&place.room).join(format!("{B}.pem")), "nonsense").expect("own directory");
    let why = certificate(&place.sharing(), B).await;
    assert!(why.contains("読めません"), "{why}");
}

#[tokio::test]
async fn a_certificate_that_has_ended_is_told_apart_from_a_clock() {
    let place = Place::start().await;
    let ended = today() - Days::new(400)..today() - Days::new(3);
    place.authority.issue_institution(&who(A), A, ended.clone()).expect("issued");
    let why = certificate(&place.sharing(), A).await;
    assert!(why.contains("有効期限") && why.contains(&ended.end.to_string()), "{why}");
    let ahead = today() + Days::new(3)..today() + Days::new(400);
    place.authority.issue_institution(&who(A), A, ahead).expect("issued");
    let why = certificate(&place.sharing(), A).await;
    assert!(why.contains("始まっていません"), "{why}");

    // Renewed files hold at once, in the same adapter.
    let sharing = place.sharing();
    certificate(&sharing, A).await;
    place.authority.issue_institution(&who(A), A, today() - Days::new(1)..today() + Days::new(40)).expect("issued");
    asked(&sharing, A).await.expect("renewed");

    // By the platform's clock it has ended, by ours it has not: a clock is wrong.
    place.platform.set_clock_offset(50 * 86_400);
    let Err(SharingError::Fault(Fault::Clock { seconds })) = asked(&place.sharing(), A).await else { panic!("a clock") };
    assert!((seconds + 50 * 86_400).abs() < 5, "we are behind by fifty days: {seconds}");
    place.platform.set_clock_offset(-50 * 86_400);
    let Err(SharingError::Fault(Fault::Clock { seconds })) = asked(&place.sharing(), A).await else { panic!("a clock") };
    assert!((seconds - 50 * 86_400).abs() < 5, "we are ahead by fifty days: {seconds}");
}

#[tokio::test]
async fn the_platforms_certificate_and_our_clock_are_told_apart() {
    let place = Place::start().await;
    // Our clock is years ahead: the platform's certificate seems to have ended, and its Date says otherwise.
    let ahead = place.sharing().with_clock(Arc::new(|| now() + chrono::TimeDelta::days(1000)));
    let Err(SharingError::Fault(Fault::Clock { seconds })) = asked(&ahead, A).await else { panic!("a clock") };
    assert!((seconds - 1000 * 86_400).abs() < 5, "{seconds}");
    let behind = place.sharing().with_clock(Arc::new(|| now() - chrono::TimeDelta::days(1000)));
    let Err(SharingError::Fault(Fault::Clock { seconds })) = asked(&behind, A).await else { panic!("a clock") };
    assert!((seconds + 1000 * 86_400).abs() < 5, "{seconds}");
    // Ten minutes do not matter to certificates, but they do to documents.
    let late = place.sharing().with_clock(Arc::new(|| now() - chrono::TimeDelta::minutes(10)));
    asked(&late, A).await.expect("reading goes on");
    let sent = late.register(&who(A), &document(A, "x1", "さば"), "k").await;
    assert!(matches!(sent, Err(SharingError::Fault(Fault::Clock { seconds: -605..=-595 }))), "{sent:?}");
    assert!(place.platform.journal().expect("it can be read").is_empty());

    // Clocks agree and the platform's certificate has ended.
    let (room, authority) = founded();
    authority.issue_server(&localhost(), today() - Days::new(9)..today() - Days::new(2)).expect("issued");
    let place = Place::over(room, authority).await;
    let why = certificate(&place.sharing(), A).await;
    assert!(why.contains("共有サービスの証明書") && why.contains("有効期間"), "{why}");
}

#[tokio::test]
async fn issuers_nobody_knows_are_told_apart() {
    let place = Place::start().await;
    // Ours is from an issuer whom the platform does not know, theirs from one whom we know.
    let (other, _) = founded();
    std::fs::copy(certificates(&place.room).join("ca.pem"), certificates(&other).join("ca.pem")).expect("own directories");
    let why = certificate(&place.reached_as("127.0.0.1", &certificates(&other)), A).await;
    assert!(why.contains("この医療機関の証明書"), "{why}");
    // The other way round.
    let (strange, _) = founded();
    let why = certificate(&place.reached_as("127.0.0.1", &certificates(&strange)), A).await;
    assert!(why.contains("共有サービスの証明書の発行者"), "{why}");
    // Somebody else's name.
    let (room, authority) = founded();
    authority.issue_server(&["platform.example".into()], today()..today() + Days::new(9)).expect("issued");
    let place = Place::over(room, authority).await;
    let why = certificate(&place.sharing(), A).await;
    assert!(why.contains("名前"), "{why}");
}

#[tokio::test]
async fn the_wrong_institutions_certificate_is_told() {
    let place = Place::start().await;
    // A file put in the wrong place is seen here.
    place.authority.issue_institution(&who(A), B, today()..today() + Days::new(9)).expect("issued");
    let why = certificate(&place.sharing(), A).await;
    assert!(why.contains("別の医療機関") && why.contains(B), "{why}");
    // One that names no institution at all is seen there.
    place.authority.issue_institution(&who("0000000000"), "0000000000", today()..today() + Days::new(9)).expect("issued");
    let why = certificate(&place.sharing(), "0000000000").await;
    assert!(why.contains("認められません"), "{why}");
}

#[tokio::test]
async fn nobody_there_and_nobody_who_speaks_tls() {
    let place = Place::start().await;
    let dir = certificates(&place.room);
    let nobody = HttpSharing::open("https://127.0.0.1:9", Some(&dir), Duration::from_secs(2)).expect("an address");
    assert_eq!(asked(&nobody, A).await, Err(SharingError::Fault(Fault::Unreachable)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("https://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, axum::Router::new()).await });
    let plain = HttpSharing::open(&address, Some(&dir), Duration::from_secs(2)).expect("an address");
    let why = certificate(&plain, A).await;
    assert!(why.contains("安全な接続"), "{why}");
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("https://{}", silent.local_addr().expect("an address"));
    let silent_one = HttpSharing::open(&address, Some(&dir), Duration::from_secs(1)).expect("an address");
    assert!(matches!(asked(&silent_one, A).await, Err(SharingError::Fault(Fault::Unreachable | Fault::Timeout))));
    drop(silent);
}
