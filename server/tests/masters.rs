//! Handing in, applying and searching national masters over real HTTP, while others search; and from the command line.

mod support;

use clinic::{
    Clinic,
    testing::{self, PASSWORD},
    world::SystemClock,
};
use serde_json::{Value, json};
use std::{
    io::Write,
    process::{Command, Output},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};
use support::{Server, client};

/// A full file of master C (コメント) with two fixed texts (pattern 20) in the specification's 30 columns.
fn comments(texts: [&str; 2]) -> String {
    let zeros = ["\"0\""; 11].join(",");
    let line = |serial: usize, text: &str| {
        format!(
            "\"0\",\"C\",\"8\",\"20\",\"{serial}\",\"{}\",\"{text}\",\"0\",\"\",{zeros},\"20260601\",\"99999999\",\"820{serial:06}\",\"0\",\"\",\"\",\"\",\"\",\"\",\"\"\r\n",
            text.chars().count()
        )
    };
    texts.iter().enumerate().map(|(index, text)| line(900_001 + index, text)).collect()
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn sign_in(server: &Server, slug: &str, login: &str) -> String {
    let form = format!("form%5Bclinic%5D={slug}&form%5Blogin%5D={login}&form%5Bpassword%5D={}", encode(PASSWORD));
    let answer = client()
        .post(server.url("/api/sign_in"))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .expect("an answer");
    let cookie = answer.headers().get("set-cookie").expect("a session").to_str().expect("text").to_owned();
    cookie.split(';').next().expect("a pair").to_owned()
}

async fn call(address: &str, cookie: &str, route: &str, body: &Value) -> (u16, Value) {
    let request = client().post(format!("{address}/api/{route}")).header("sec-fetch-site", "same-origin");
    let answer = request.header("cookie", cookie).header("accept", "application/json").json(body).send().await;
    let Ok(answer) = answer else { return (0, Value::Null) };
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}

async fn upload(server: &Server, cookie: &str, name: &str, bytes: Vec<u8>) -> (u16, Value) {
    let request = client().post(server.url("/api/upload_master")).header("sec-fetch-site", "same-origin");
    let request = request.header("cookie", cookie).header("x-file-name", encode(name)).body(bytes);
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}

/// A server with two founded clinics; only the first keeps the masters.
async fn served(site: &std::path::Path) -> Server {
    let server = Server::start(site).await;
    let pool = clinic::db::pool(server.database.clone(), 3).await.expect("pool");
    let founder = Clinic::new(pool, Arc::new(masters::Store::default()), Arc::new(SystemClock));
    testing::found(&founder, "aoba").await;
    testing::found(&founder, "minato").await;
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edition_is_applied_while_others_search_and_no_request_fails() {
    let site = tempfile::tempdir().expect("tempdir");
    let server = served(site.path()).await;
    let administrator = sign_in(&server, "aoba", "administrator").await;
    let doctor = sign_in(&server, "minato", "doctor").await;
    let address = server.url("");

    let (stop, asked, failed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let mut searching = Vec::new();
    for _ in 0..3 {
        let (address, doctor) = (address.clone(), doctor.clone());
        let (stop, asked, failed) = (stop.clone(), asked.clone(), failed.clone());
        searching.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let body = json!({ "kind": "disease", "query": "高血圧", "on": null });
                let (status, hits) = call(&address, &doctor, "search_masters", &body).await;
                asked.fetch_add(1, Ordering::Relaxed);
                if status != 200 || hits.as_array().is_none_or(Vec::is_empty) {
                    failed.fetch_add(1, Ordering::Relaxed);
                }
            }
        }));
    }

    let wanted = json!({ "kind": "comment", "query": "試験用コメント", "on": null });
    let (status, none) = call(&address, &doctor, "search_masters", &wanted).await;
    assert_eq!((status, none), (200, json!([])));
    let (status, one) = upload(
        &server,
        &administrator,
        "コメント c_ALL20260601.csv",
        comments(["試験用コメント一", "試験用コメント二"]).into_bytes(),
    )
    .await;
    assert_eq!((status, &one["refusal"], &one["file"]), (200, &Value::Null, &json!("コメント c_ALL20260601.csv")), "{one}");
    let (status, shown) =
        call(&address, &administrator, "preview_import", &json!({ "uploads": [one["id"]], "past": false })).await;
    assert_eq!((status, &shown["ready"]), (200, &json!(true)), "{shown}");
    let apply = json!({ "uploads": [one["id"]], "past": false, "state": shown["state"] });
    let (status, editions) = call(&address, &administrator, "apply_import", &apply).await;
    assert_eq!((status, editions["history"].as_array().map(Vec::len)), (200, Some(1)), "{editions}");
    // The server that applied it answers from it at once.
    let (_, found) = call(&address, &doctor, "search_masters", &wanted).await;
    assert_eq!(found.as_array().map(Vec::len), Some(2), "{found}");

    // Withdrawn under the same fire.
    let edition = editions["history"][0]["id"].clone();
    let (status, shown) = call(&address, &administrator, "preview_withdrawal", &json!({ "edition": edition })).await;
    assert_eq!(status, 200, "{shown}");
    let (status, _) =
        call(&address, &administrator, "withdraw_edition", &json!({ "edition": edition, "state": shown["state"] })).await;
    assert_eq!(status, 200);
    let (_, none) = call(&address, &doctor, "search_masters", &wanted).await;
    assert_eq!(none, json!([]));

    stop.store(true, Ordering::Relaxed);
    for task in searching {
        task.await.expect("no panic");
    }
    let (asked, failed) = (asked.load(Ordering::Relaxed), failed.load(Ordering::Relaxed));
    assert!(asked > 20, "only {asked} searches");
    assert_eq!(failed, 0, "of {asked} searches");
    println!("{asked} searches meanwhile, none failed");
}

#[tokio::test]
async fn what_is_no_master_is_refused_and_what_is_too_large_is_not_taken() {
    let site = tempfile::tempdir().expect("tempdir");
    let server = served(site.path()).await;
    let administrator = sign_in(&server, "aoba", "administrator").await;

    let refused = async |name: &str, bytes: Vec<u8>| {
        let (status, upload) = upload(&server, &administrator, name, bytes).await;
        assert_eq!(status, 200, "{name}: {upload}");
        assert_eq!(upload["tables"], json!([]), "{name}");
        assert!(upload["refusal"]["message"].as_str().is_some_and(|text| text.starts_with(name)), "{name}: {upload}");
        upload["refusal"]["code"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(refused("letter.csv", "こんにちは\r\n".into()).await, "kind");
    assert_eq!(refused("cut.zip", b"PK\x03\x04\x14\x00\x00\x00\x08\x00".to_vec()).await, "archive");
    assert_eq!(refused("bomb.zip", bomb()).await, "too_large");
    let twice = comments(["一", "二"]).replace("900002", "900001");
    assert_eq!(refused("c_ALL20260601.csv", twice.into_bytes()).await, "duplicate");

    // 64 MiB are the border: what says that it is larger is not read, what does not say so is cut off.
    let (status, _) = upload(&server, &administrator, "large.zip", vec![b'x'; (64 << 20) + 1]).await;
    assert_eq!(status, 413);
    let pieces = futures::stream::iter((0..65).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 1 << 20])));
    let request = client().post(server.url("/api/upload_master")).header("sec-fetch-site", "same-origin");
    let request = request.header("cookie", &administrator).header("x-file-name", "large.zip");
    let answer = request.body(reqwest::Body::wrap_stream(pieces)).send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 413);
    // Without a name, without a session, as another clinic, from another site.
    let bare = client().post(server.url("/api/upload_master")).header("sec-fetch-site", "same-origin");
    assert_eq!(bare.header("cookie", &administrator).body("x").send().await.expect("an answer").status().as_u16(), 422);
    assert_eq!(upload(&server, "", "x.csv", b"x".to_vec()).await.0, 401);
    let other = sign_in(&server, "minato", "administrator").await;
    assert_eq!(upload(&server, &other, "x.csv", b"x".to_vec()).await.0, 403);
    let foreign = client().post(server.url("/api/upload_master")).header("origin", "https://evil.example");
    assert_eq!(
        foreign
            .header("cookie", &administrator)
            .header("x-file-name", "x.csv")
            .body("x")
            .send()
            .await
            .expect("an answer")
            .status()
            .as_u16(),
        403
    );
    assert_eq!(server.get("/api/upload_master").await.status().as_u16(), 405);
}

/// An archive with 290 MB of a table in it, and less than 1 MB large.
fn bomb() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("s_ALL20260605.csv", zip::write::SimpleFileOptions::default()).expect("a member");
    let line = format!("\"0\",\"S\",\"{}\"\r\n", "1".repeat(2900)).repeat(100);
    for _ in 0..1000 {
        archive.write_all(line.as_bytes()).expect("bytes");
    }
    let bytes = archive.finish().expect("an archive").into_inner();
    assert!(bytes.len() < 1 << 20, "{}", bytes.len());
    bytes
}

fn karte(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_karte")).args(arguments).env("RUST_LOG", "warn").output().expect("karte runs")
}

fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_imports_beside_a_running_server() {
    let site = tempfile::tempdir().expect("tempdir");
    let server = served(site.path()).await;
    let doctor = sign_in(&server, "aoba", "doctor").await;
    let options = &server.database;
    let socket = options.get_socket().map(|path| path.display().to_string());
    let host = socket.unwrap_or_else(|| options.get_host().to_owned());
    let url = format!(
        "postgres://{}@localhost/{}?host={}&port={}",
        options.get_username(),
        options.get_database().expect("named"),
        encode(&host),
        options.get_port()
    );
    let files = tempfile::tempdir().expect("tempdir");
    let write = |name: &str, text: &str| {
        let path = files.path().join(name);
        std::fs::write(&path, text).expect("writes");
        path.to_string_lossy().into_owned()
    };
    let good = write("c_ALL20260601.csv", &comments(["試験用コメント一", "試験用コメント二"]));
    write("readme.txt", "これはマスターではありません\r\n");
    let folder = files.path().to_string_lossy().into_owned();
    let run = |arguments: &[&str]| {
        let all: Vec<&str> = arguments.iter().copied().chain(["--database-url", url.as_str()]).collect();
        // The server of this test goes on meanwhile on its own thread.
        tokio::task::block_in_place(|| karte(&all))
    };

    let look = run(&["masters", "import", &folder, "--dry-run"]);
    let (out, err) = said(&look);
    assert!(look.status.success() && out.contains("コメント\t"), "{out}{err}");
    assert!(err.contains("対象外 readme.txt") && err.contains("適用していません"), "{err}");

    let done = run(&["masters", "import", &folder]);
    let (out, err) = said(&done);
    assert!(done.status.success() && out.contains("完了\t"), "{out}{err}");
    let id = out
        .lines()
        .find_map(|line| line.strip_prefix("完了\t"))
        .and_then(|rest| rest.split('\t').next())
        .expect("an id")
        .to_owned();
    let again = run(&["masters", "import", &good]);
    assert!(again.status.success() && said(&again).0.contains("適用済み\tc_ALL20260601.csv"), "{again:?}");

    // The running server follows.
    let wanted = json!({ "kind": "comment", "query": "試験用コメント", "on": null });
    let began = Instant::now();
    while call(&server.url(""), &doctor, "search_masters", &wanted).await.1.as_array().is_none_or(Vec::is_empty) {
        assert!(began.elapsed() < Duration::from_secs(20), "the server never followed");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let editions = run(&["masters", "editions", "--json"]);
    assert!(said(&editions).0.contains("c_ALL20260601.csv"), "{editions:?}");

    // Refused whole, with its sentence and a failing status.
    let bad = write("c_20260701.csv", "\"3\",\"C\",\"8\"\r\n");
    let refused = run(&["masters", "import", &bad]);
    let (_, err) = said(&refused);
    assert_eq!(refused.status.code(), Some(1));
    assert!(err.contains("c_20260701.csv 1行: 列数は 30 のはずですが 3 です"), "{err}");
    assert_eq!(run(&["masters", "import", "no such file"]).status.code(), Some(1));

    let gone = run(&["masters", "withdraw", &id]);
    assert!(gone.status.success(), "{gone:?}");
    assert_eq!(run(&["masters", "withdraw", &id]).status.code(), Some(1));
}
