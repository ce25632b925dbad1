//! The walls around every request: who may cause one, what an answer carries, what is never said.

mod support;

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use reqwest::{Method, Response, StatusCode};
use server::testing::execute;
use support::{Server, client};

/// A site as the build makes it.
fn site() -> tempfile::TempDir {
    let site = tempfile::tempdir().expect("tempdir");
    fs::create_dir(site.path().join("pkg")).expect("mkdir");
    fs::write(site.path().join("pkg/karte.js"), "// the script").expect("write");
    fs::write(site.path().join("pkg/karte.js.br"), "compressed").expect("write");
    fs::write(site.path().join("pkg/karte_bg.wasm"), "\0asm").expect("write");
    fs::write(site.path().join("favicon.svg"), "<svg/>").expect("write");
    site
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).unwrap_or_else(|| panic!("no {name}")).to_str().expect("text")
}

/// The addresses of all server functions that the program knows.
fn functions() -> BTreeSet<&'static str> {
    server_fn::axum::server_fn_paths().map(|(path, _)| path).collect()
}

/// How often `#[server` stands in the sources below a directory.
fn declared(dir: &Path) -> usize {
    let entries = fs::read_dir(dir).expect("sources").flatten();
    entries
        .map(|entry| match entry.path() {
            dir if dir.is_dir() => declared(&dir),
            file => fs::read_to_string(file).map_or(0, |text| text.lines().filter(|line| line.starts_with("#[server")).count()),
        })
        .sum()
}

#[tokio::test]
async fn every_server_function_is_known_and_takes_only_post() {
    let site = site();
    let server = Server::start(site.path()).await;
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src");
    assert_eq!(functions().len(), declared(&sources), "a declared server function is not linked into the program");
    for path in functions() {
        assert!(path.starts_with("/api/"), "{path}");
        for method in [Method::GET, Method::HEAD] {
            let answer = client().request(method.clone(), server.url(path)).send().await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
    }
    assert_eq!(server.get("/api/no_such_function").await.status(), StatusCode::METHOD_NOT_ALLOWED);
    let unknown = server.post("/api/no_such_function", &[("sec-fetch-site", "same-origin")]).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn no_server_function_listens_to_another_site() {
    let site = site();
    let server = Server::start(site.path()).await;
    let host = server.address.to_string();
    let ours = format!("http://{host}");
    let foreign: [&[(&str, &str)]; 6] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site"), ("origin", &ours)],
    ];
    assert!(!functions().is_empty());
    for path in functions() {
        for headers in foreign {
            let answer = server.post(path, headers).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert_eq!(answer.text().await.expect("text"), r#"{"kind":"forbidden"}"#, "{path}");
        }
        // The same request from our own page passes the wall; what it then says is the function's business.
        for headers in [[("sec-fetch-site", "same-origin")], [("origin", ours.as_str())]] {
            assert_ne!(server.post(path, &headers).await.status(), StatusCode::FORBIDDEN, "{path} {headers:?}");
        }
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let answer = client().request(method.clone(), server.url("/sign-in")).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{method}");
    }
}

#[tokio::test]
async fn a_page_runs_only_scripts_that_carry_its_nonce() {
    let site = site();
    let server = Server::start(site.path()).await;
    let mut nonces = BTreeSet::new();
    for path in ["/sign-in", "/sign-in", "/no/such/page"] {
        let page = server.get(path).await;
        assert_eq!(page.status(), if path == "/sign-in" { StatusCode::OK } else { StatusCode::NOT_FOUND });
        assert_eq!(header(&page, "cache-control"), "no-store");
        let policy = header(&page, "content-security-policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
        assert!(policy.starts_with("default-src 'self'"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert!(nonce.len() >= 16, "{nonce}");
        let html = page.text().await.expect("html");
        let scripts: Vec<&str> = html.split("<script").skip(1).map(|rest| rest.split('>').next().unwrap_or_default()).collect();
        assert!(!scripts.is_empty(), "{html}");
        for script in scripts {
            assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{script}");
        }
        for forbidden in [" style=\"", " onclick=", " onload=", " onsubmit="] {
            assert!(!html.contains(forbidden), "{forbidden} in {path}");
        }
        assert!(nonces.insert(nonce), "a nonce was used twice");
    }
}

#[tokio::test]
async fn every_answer_carries_the_safe_headers_and_an_id_of_its_own() {
    let site = site();
    let server = Server::start(site.path()).await;
    let mut ids = BTreeSet::new();
    for path in ["/healthz", "/readyz", "/sign-in", "/pkg/karte.js", "/pkg/missing.js", "/events", "/api/x", "/favicon.svg"] {
        // An id from outside is not taken over.
        let answer = client().get(server.url(path)).header("x-request-id", "mine").send().await.expect("an answer");
        let id = header(&answer, "x-request-id");
        assert!(id.len() == 32 && ids.insert(id.to_owned()), "{path}: {id}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&answer, "x-frame-options"), "DENY", "{path}");
        assert_eq!(header(&answer, "referrer-policy"), "same-origin", "{path}");
        assert!(header(&answer, "content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(answer.headers().get("access-control-allow-origin").is_none(), "{path}");
    }
}

#[tokio::test]
async fn files_are_sent_compressed_and_asked_for_again_cheaply() {
    let site = site();
    let server = Server::start(site.path()).await;
    let small = client().get(server.url("/pkg/karte.js")).header("accept-encoding", "gzip, br").send().await.expect("an answer");
    assert_eq!(header(&small, "content-encoding"), "br");
    assert_eq!(header(&small, "cache-control"), "no-cache");
    assert!(header(&small, "content-type").contains("javascript"));
    let modified = header(&small, "last-modified").to_owned();
    let plain = server.get("/pkg/karte.js").await;
    assert!(plain.headers().get("content-encoding").is_none());
    let again = client().get(server.url("/pkg/karte.js")).header("if-modified-since", modified).send().await.expect("an answer");
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    // Browsers compile while loading only what is called by its name.
    assert_eq!(header(&server.get("/pkg/karte_bg.wasm").await, "content-type"), "application/wasm");
    assert_eq!(server.get("/pkg/missing.js").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(server.get("/pkg/../../etc/passwd").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(header(&server.get("/favicon.svg").await, "content-type"), "image/svg+xml");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let site = site();
    let server = Server::start(site.path()).await;
    let request = client().post(server.url("/api/sign_in")).header("sec-fetch-site", "same-origin").body(vec![b'x'; 3 << 20]);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn readiness_follows_the_database_and_life_does_not() {
    let site = site();
    let server = Server::start(site.path()).await;
    assert_eq!(server.get("/healthz").await.status(), StatusCode::OK);
    server.until_ready_is(200).await;
    // The line is cut: nobody gets in, and who was in is thrown out.
    let name = server.database.get_database().expect("named").to_owned();
    let admin = server.database.clone().database("postgres");
    execute(&admin, &format!("alter database {name} allow_connections false")).await;
    execute(&admin, &format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")).await;
    server.until_ready_is(503).await;
    assert_eq!(server.get("/healthz").await.status(), StatusCode::OK);
    execute(&admin, &format!("alter database {name} allow_connections true")).await;
    server.until_ready_is(200).await;
}

/// Two clinics with a signed-in doctor each; the cookies.
async fn two_clinics(server: &Server) -> [String; 2] {
    execute(
        &server.database,
        "insert into clinic (clinic_id, name, institution_number, address, phone)
         select ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'clinic ' || n, '131000000' || n, 'x', 'x' from generate_series(1, 2) n;
         insert into staff (clinic_id, id, login, name, role, password_hash)
         select clinic_id, clinic_id, 'doctor', 'doctor', 'doctor', 'x' from clinic;
         insert into session (clinic_id, token_hash, staff_id, created_at, seen_at, expires_at)
         select clinic_id, sha256(decode(repeat('ab', 32), 'hex')), clinic_id, now(), now(), now() + '1 hour' from clinic",
    )
    .await;
    let secret = "ab".repeat(32);
    [1, 2].map(|n| format!("karte_session=0000000000000000000000000000000{n}.{secret}"))
}

async fn listen(server: &Server, cookie: &str) -> Response {
    let answer = client().get(server.url("/events")).header("cookie", cookie).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(header(&answer, "content-type"), "text/event-stream");
    answer
}

async fn heard(stream: &mut Response) -> Option<String> {
    let chunk = tokio::time::timeout(Duration::from_secs(10), stream.chunk()).await.expect("in time");
    chunk.ok().flatten().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Notifies until the hub listens and the stream has heard.
async fn notify(server: &Server, clinic: u8, event: &str) {
    let payload = format!(
        r#"{{"clinic":"00000000-0000-0000-0000-00000000000{clinic}","event":"{event}","id":"00000000-0000-0000-0000-0000000000f{clinic}"}}"#
    );
    execute(&server.database, &format!("select pg_notify('karte_events', '{payload}')")).await;
}

#[tokio::test]
async fn a_change_is_told_to_the_browsers_of_its_clinic_only() {
    let site = site();
    let server = Server::start(site.path()).await;
    assert_eq!(server.get("/events").await.status(), StatusCode::UNAUTHORIZED);
    let [one, two] = two_clinics(&server).await;
    let (mut one, mut two) = (listen(&server, &one).await, listen(&server, &two).await);
    // Wait until the hub is on the channel.
    server.until_ready_is(200).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    notify(&server, 1, "board").await;
    notify(&server, 2, "chart").await;
    let heard_one = heard(&mut one).await.expect("news");
    assert_eq!(heard_one, "event: board\ndata: 00000000-0000-0000-0000-0000000000f1\n\n");
    // The other clinic's first news is its own: the board's change never came.
    let heard_two = heard(&mut two).await.expect("news");
    assert_eq!(heard_two, "event: chart\ndata: 00000000-0000-0000-0000-0000000000f2\n\n");
}

#[tokio::test]
async fn a_stream_ends_when_news_may_have_been_missed_and_when_the_server_stops() {
    let site = site();
    let server = Server::start(site.path()).await;
    let [one, _] = two_clinics(&server).await;
    let mut stream = listen(&server, &one).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let name = server.database.get_database().expect("named").to_owned();
    let admin = server.database.clone().database("postgres");
    execute(&admin, &format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")).await;
    assert_eq!(heard(&mut stream).await, None, "the browser comes back and asks for everything");

    server.until_ready_is(200).await;
    let mut stream = listen(&server, &one).await;
    server.switch.turn();
    assert_eq!(heard(&mut stream).await, None);
    let stopped = tokio::time::timeout(Duration::from_secs(5), server.serving).await.expect("an open stream holds nothing up");
    stopped.expect("no panic").expect("no error");
}
