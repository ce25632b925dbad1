//! Files that go along with a letter, handed in and read over real HTTP: what is no such file, what is too large, who may not,
//! and an issued letter.

mod support;

use clinic::{
    Clinic,
    testing::{self, PASSWORD},
    world::SystemClock,
};
use serde_json::{Value, json};
use std::sync::Arc;
use support::{Server, client};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

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

async fn call(server: &Server, cookie: &str, route: &str, body: &Value) -> Value {
    let request = client().post(server.url(&format!("/api/{route}"))).header("sec-fetch-site", "same-origin");
    let answer =
        request.header("cookie", cookie).header("accept", "application/json").json(body).send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 200, "{route}");
    answer.json().await.expect("JSON")
}

async fn upload(server: &Server, site: &str, cookie: &str, letter: &str, name: &str, bytes: Vec<u8>) -> (u16, Value) {
    let request = client().post(server.url(&format!("/api/upload_letter_file/{letter}"))).header("sec-fetch-site", site);
    let request = request.header("cookie", cookie).header("x-file-name", encode(name)).body(bytes);
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}

fn patient() -> Value {
    let insurance = json!({ "insurer": "", "symbol": "", "number": "", "branch": "", "relation": "", "share": "",
        "limit_class": "", "valid_from": "", "valid_to": "" });
    let subsidy = json!({ "payer": "", "recipient": "", "share": "", "monthly_cap": "", "valid_from": "", "valid_to": "" });
    json!({ "family": "試験", "given": "花", "family_kana": "シケン", "given_kana": "ハナ", "sex": "female",
        "birth_date": "1970-01-01", "postal_code": "", "address": "東京都", "phone": "", "insurance": insurance, "subsidy": subsidy })
}

#[tokio::test]
async fn files_come_in_are_read_by_the_clinic_only_and_stand_once_the_letter_is_issued() {
    let site = tempfile::tempdir().expect("tempdir");
    let server = Server::start(site.path()).await;
    let pool = clinic::db::pool(server.database.clone(), 3).await.expect("pool");
    let founder = Clinic::new(pool, Arc::new(masters::Store::default()), Arc::new(SystemClock));
    testing::found(&founder, "aoba").await;
    testing::found(&founder, "minato").await;
    let doctor = sign_in(&server, "aoba", "doctor").await;
    let reception = sign_in(&server, "aoba", "reception").await;
    let stranger = sign_in(&server, "minato", "doctor").await;
    let registered = call(&server, &reception, "register", &json!({ "form": patient(), "despite_duplicates": true })).await;
    let begun = call(&server, &doctor, "new_letter", &json!({ "patient": registered["patient"] })).await;
    let letter = begun["id"].as_str().expect("an id").to_owned();
    let send =
        async |cookie: &str, name: &str, bytes: Vec<u8>| upload(&server, "same-origin", cookie, &letter, name, bytes).await;

    let (status, with) = send(&doctor, "胸部X線.png", PNG.to_vec()).await;
    assert_eq!((status, &with["files"][0]["title"]), (200, &json!("胸部X線")), "{with}");
    let file = with["files"][0]["id"].as_str().expect("an id").to_owned();

    // Neither what it is called nor what the sender says it is makes a picture of a page.
    let (status, refused) =
        send(&doctor, "胸部X線.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec()).await;
    assert_eq!((status, &refused["kind"]), (409, &json!("conflict")), "{refused}");
    assert!(refused["message"].as_str().is_some_and(|words| words.contains("PDF・PNG・JPEG")), "{refused}");
    // A little too large is told what to do; far too large is not even read.
    let (status, refused) = send(&doctor, "a.png", [PNG.to_vec(), vec![0; 7_000_000]].concat()).await;
    assert_eq!(status, 409, "{refused}");
    assert!(refused["message"].as_str().is_some_and(|words| words.contains("7 MB")), "{refused}");
    let (status, _) = send(&doctor, "a.png", [PNG.to_vec(), vec![0; 9 << 20]].concat()).await;
    assert_eq!(status, 413);
    // Another site, nobody, the reception, another clinic, and a letter that is none.
    let (status, _) = upload(&server, "cross-site", &doctor, &letter, "a.png", PNG.to_vec()).await;
    assert_eq!(status, 403);
    assert_eq!(send("", "a.png", PNG.to_vec()).await.0, 401);
    assert_eq!(send(&reception, "a.png", PNG.to_vec()).await.0, 403);
    assert_eq!(send(&stranger, "a.png", PNG.to_vec()).await.0, 404);
    assert_eq!(upload(&server, "same-origin", &doctor, "x", "a.png", PNG.to_vec()).await.0, 404);

    let read = async |cookie: &str| {
        let request = client().get(server.url(&format!("/api/letter_file/{file}"))).header("cookie", cookie);
        request.send().await.expect("an answer")
    };
    let answer = read(&reception).await;
    assert_eq!(answer.status().as_u16(), 200);
    let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header("content-type"), "image/png");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("cache-control"), "no-store");
    assert!(header("content-security-policy").contains("default-src 'none'"));
    assert_eq!(answer.bytes().await.expect("bytes").as_ref(), PNG);
    assert_eq!(read(&stranger).await.status().as_u16(), 404);
    assert_eq!(read("").await.status().as_u16(), 401);
    let administrator = sign_in(&server, "aoba", "administrator").await;
    assert_eq!(read(&administrator).await.status().as_u16(), 403);

    let form = json!({ "to_institution": "みなと病院", "to_number": "", "to_department": "", "to_doctor": "", "purpose": "精査",
        "complaint": "頭痛", "present_illness": "昨日から", "past_history": "", "findings": "", "course": "", "remarks": "" });
    call(&server, &doctor, "issue_letter", &json!({ "letter": letter, "form": form, "version": begun["version"] })).await;
    let (status, refused) = send(&doctor, "a.png", PNG.to_vec()).await;
    assert_eq!(status, 409, "{refused}");
    assert!(refused["message"].as_str().is_some_and(|words| words.contains("発行済み")), "{refused}");
    assert_eq!(read(&doctor).await.status().as_u16(), 200, "and is read ever after");
}
