//! Every route × role × tenant, asked for over real HTTP: nobody, each role of the clinic, each role of another clinic.
//!
//! The expectation is generated from `clinic::policy::ROUTES`; a server function without a row there fails the test, and so
//! does a row without a function or without an example of its arguments.

mod support;

use clinic::{
    Clinic,
    policy::{OPEN_ROUTES, ROUTES},
    testing::{self, Founded, PASSWORD},
    world::SystemClock,
};
use model::staff::Role;
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc};
use support::{Server, client};

/// Asks one route; gives status and body.
async fn ask(server: &Server, route: &str, cookie: Option<&str>, body: &Value) -> (u16, Value) {
    let mut request = match route {
        // Routes that are no server functions name their thing in the address.
        "upload_letter_file" => client().post(server.url(&format!("/api/{route}/{}", id_of(body, "letter")))),
        "letter_file" => client().get(server.url(&format!("/api/{route}/{}", id_of(body, "file")))),
        "received_file" => client().get(server.url(&format!("/api/received/{}/files/0", id_of(body, "document")))),
        _ => client().post(server.url(&format!("/api/{route}"))),
    };
    request = request
        .header("sec-fetch-site", "same-origin")
        .header("accept", "application/json")
        // What an uploaded file is called; nobody else looks.
        .header("x-file-name", "matrix.csv")
        .json(body);
    if let Some(cookie) = cookie {
        request = request.header("cookie", format!("{}={cookie}", clinic::session::COOKIE));
    }
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}

fn id_of<'a>(body: &'a Value, field: &str) -> &'a str {
    body[field].as_str().unwrap_or_else(|| panic!("{field} in {body}"))
}

/// What exists at clinic A, made through the routes themselves.
struct Things {
    patient: Value,
    visit: Value,
    diagnosis: Value,
    allergy: Value,
    report: Value,
    rp: Value,
    procedure: Value,
    letter: Value,
    issued_letter: Value,
    letter_file: Value,
    paper: Value,
    issued_paper: Value,
    incoming: Value,
    document: Value,
    upload: Value,
    set: Value,
    self_paid_item: Value,
    self_paid_line: Value,
}

fn patient_form() -> Value {
    let insurance = json!({ "insurer": "06130488", "symbol": "12", "number": "34", "branch": "01", "relation": "insured", "share": "30",
        "limit_class": "", "valid_from": "2020-04-01", "valid_to": "" });
    let subsidy = json!({ "payer": "", "recipient": "", "share": "", "monthly_cap": "", "valid_from": "", "valid_to": "" });
    json!({ "family": "行列", "given": "試", "family_kana": "ギョウレツ", "given_kana": "タメシ", "sex": "male",
        "birth_date": "1970-01-01", "postal_code": "", "address": "東京都", "phone": "", "insurance": insurance, "subsidy": subsidy })
}

fn soap() -> Value {
    json!({ "subjective": "頭痛", "objective": "", "assessment": "", "plan": "" })
}

fn letter_form() -> Value {
    json!({ "to_institution": "みなと病院", "to_number": "1310000003", "to_department": "", "to_doctor": "", "purpose": "精査",
        "complaint": "頭痛", "present_illness": "昨日から", "past_history": "", "findings": "", "course": "", "remarks": "" })
}

fn inhouse_form() -> Value {
    json!({ "own_name": "", "own_reading": "", "adopted": true, "favourite": false, "hidden": false, "amount": "", "route": "",
        "usage": "", "count": "" })
}

fn self_paid_form() -> Value {
    json!({ "name": "診断書", "reading": "", "price": "3000", "tax_percent": "10", "tax_included": false, "no_visit_fee": false,
        "active": true })
}

fn clinic_form() -> Value {
    json!({ "name": "行列内科", "postal_code": "", "address": "東京都千代田区試験町1-1", "phone": "03-0000-0001",
        "standards": ["明細書発行体制等加算"], "week": ["9:00-12:00", "", "", "", "", "", ""], "open_on_holidays": false,
        "closed": "", "holidays": "2026-07-20 海の日" })
}

/// An example of the arguments of each route that holds the ids of `things`.
fn arguments(route: &str, t: &Things) -> Option<Value> {
    let (patient, visit) = (&t.patient, &t.visit);
    let rp = json!({ "route": "internal", "dispensing": "pharmacy", "usage": "", "usage_text": "1日1回 朝食後", "count": "7", "items": [] });
    let report = json!({ "visit": null, "collected_on": "2020-01-01", "collected_time": "", "results": [] });
    Some(match route {
        "board" => json!({ "date": null }),
        "check_in" => json!({ "patient": patient, "remark": "" }),
        "move_visit" => json!({ "visit": visit, "to": "cancelled", "version": 0 }),
        "find" => json!({ "query": "ギョウ" }),
        "local_subsidies" => json!({ "payer": "8813" }),
        "patient" | "open_chart" | "new_letter" | "shared" | "outside" | "lab_items" | "account" => json!({ "patient": patient }),
        "register" => json!({ "form": patient_form(), "despite_duplicates": false }),
        "change_patient" => json!({ "patient": patient, "form": patient_form(), "version": 0 }),
        "add_insurance" => json!({ "patient": patient, "form": patient_form()["insurance"] }),
        "add_subsidy" => {
            json!({ "patient": patient, "form": { "payer": with_check("5413600"), "recipient": with_check("123456"), "share": "",
            "monthly_cap": "", "valid_from": "2020-04-01", "valid_to": "" } })
        }
        "set_consent" => json!({ "patient": patient, "given": true }),
        "more_visits" => json!({ "patient": patient, "skip": 0 }),
        "letter" => json!({ "letter": t.letter }),
        "begin_visit" | "repeat_last" | "statement" | "bill" => json!({ "visit": visit }),
        "save_draft" | "confirm" => json!({ "visit": visit, "soap": soap(), "version": 99 }),
        "amend" => json!({ "visit": visit, "soap": soap(), "reason": "誤記", "version": 99 }),
        "add_diagnosis" => {
            json!({ "patient": patient, "form": { "code": "", "modifiers": [], "started_on": "2020-01-01", "principal": false } })
        }
        "end_diagnosis" => json!({ "diagnosis": t.diagnosis, "ended_on": "2026-01-01", "outcome": "cured", "version": 0 }),
        "flag_diagnosis" => {
            let flags = json!({ "long_term": true, "uninformed": false, "undelivered": false });
            json!({ "diagnosis": t.diagnosis, "flags": flags, "version": 0 })
        }
        "reopen_diagnosis" | "remove_diagnosis" => json!({ "diagnosis": t.diagnosis, "version": 0 }),
        "add_allergy" => json!({ "patient": patient, "form": { "code": "", "severe": false, "reaction": "" } }),
        "remove_allergy" => json!({ "allergy": t.allergy, "version": 0 }),
        "flag_allergy" => json!({ "allergy": t.allergy, "long_term": true, "version": 0 }),
        "finish_report" => json!({ "report": t.report, "version": 0 }),
        "flag_report" => json!({ "report": t.report, "long_term": false, "version": 0 }),
        "enter_report" => json!({ "patient": patient, "form": report }),
        "put_rp" => json!({ "visit": visit, "rp": null, "form": rp, "version": 0 }),
        "remove_rp" => json!({ "visit": visit, "rp": t.rp, "version": 0 }),
        "put_procedure" => json!({ "visit": visit, "order": null, "code": "", "quantity": "1", "version": 0 }),
        "remove_procedure" => json!({ "visit": visit, "order": t.procedure, "version": 0 }),
        "put_part" => {
            json!({ "visit": visit, "order": t.procedure, "version": 0, "form": { "kind": "drug", "code": "", "typed": "1" } })
        }
        "remove_part" => json!({ "visit": visit, "order": t.procedure, "version": 0, "kind": "drug", "code": "" }),
        // A code that no master knows, an id that no override has: refused alike for every role, after the visit was found.
        "put_override" => json!({ "visit": visit, "form": { "code": "", "change": "withhold", "reason": "行列" } }),
        "remove_override" => json!({ "visit": visit, "id": t.upload }),
        "patient_month" => json!({ "patient": patient, "month": "2026-07-01" }),
        "settle_difference" => json!({ "visit": visit, "due": 0, "version": 0 }),
        "month_mirror" => json!({ "month": "2026-07-01", "other": "2026-05-01", "patient": patient }),
        "take_payment" => json!({ "visit": visit, "tendered": 0, "version": 0 }),
        "undo_payment" => json!({ "visit": visit, "version": 0 }),
        "save_letter" | "issue_letter" => json!({ "letter": t.letter, "form": letter_form(), "version": 0 }),
        "discard_letter" => json!({ "letter": t.letter, "version": 0 }),
        "rewrite_letter" => json!({ "letter": t.issued_letter }),
        // A body that is no file that may go along.
        "upload_letter_file" => json!({ "letter": t.letter }),
        "letter_file" => json!({ "file": t.letter_file }),
        "name_letter_file" => json!({ "letter": t.letter, "file": t.letter_file, "title": "胸部X線画像" }),
        "remove_letter_file" => json!({ "letter": t.letter, "file": t.letter_file }),
        "begin_reply" => json!({ "received": t.incoming }),
        "ask_outside" => json!({ "patient": patient, "purpose": "treatment" }),
        "take_over" | "take_back" => json!({ "patient": patient, "document": t.incoming, "entries": [0] }),
        "incoming" => json!({ "id": t.incoming }),
        "assign_incoming" => json!({ "id": t.incoming, "patient": patient }),
        "inbox" | "check_inbox" => json!({}),
        "received_file" => json!({ "document": t.incoming }),
        "new_paper" => json!({ "patient": patient, "kind": "checkup" }),
        "paper" => json!({ "paper": t.paper }),
        "save_paper" | "issue_paper" => json!({ "paper": t.paper, "form": { "kind": "discharge" }, "version": 0 }),
        "discard_paper" => json!({ "paper": t.paper, "version": 0 }),
        "rewrite_paper" => json!({ "paper": t.issued_paper }),
        "resend" | "withdraw" => json!({ "document": t.document }),
        "search_masters" => json!({ "kind": "disease", "query": "頭痛", "on": null }),
        "usages" | "staff_list" | "master_editions" | "repair_list" | "order_sets" | "self_paid_items" => json!({}),
        "inhouse_items" => json!({ "kind": null }),
        // A code that no master knows is not found, whoever asks.
        "inhouse_item" => json!({ "kind": "drug", "code": "" }),
        "put_inhouse" => json!({ "kind": "drug", "code": "", "form": inhouse_form(), "version": 0 }),
        "remove_inhouse" => json!({ "kind": "drug", "code": "", "version": 0 }),
        "replace_inhouse" => json!({ "kind": "drug", "code": "", "by": "", "version": 0 }),
        "put_set" => {
            json!({ "set": [t.set, 0], "form": { "name": "", "reading": "", "prescriptions": [], "procedures": [], "self_paid": [] } })
        }
        "remove_set" => json!({ "set": t.set, "version": 0 }),
        "set_from_visit" => json!({ "visit": visit, "name": "", "reading": "" }),
        "use_set" => json!({ "visit": visit, "set": t.set }),
        "put_self_paid_item" => json!({ "item": [t.self_paid_item, 0], "form": self_paid_form() }),
        "put_self_paid" => json!({ "visit": visit, "item": t.self_paid_item, "quantity": 1 }),
        "remove_self_paid" => json!({ "visit": visit, "line": t.self_paid_line }),
        "clinic_settings" => json!({}),
        // Whoever comes second says what already stands.
        "put_clinic_settings" => json!({ "form": clinic_form(), "version": 1 }),
        "audit_trail" => json!({ "before": null }),
        "upload_master" => json!({ "no": "master" }),
        "discard_upload" => json!({ "upload": t.upload }),
        "preview_import" => json!({ "uploads": [t.upload], "past": false }),
        "apply_import" => json!({ "uploads": [t.upload], "past": false, "state": 0 }),
        "preview_withdrawal" => json!({ "edition": t.upload }),
        "withdraw_edition" => json!({ "edition": t.upload, "state": 0 }),
        _ => return None,
    })
}

/// Routes that are no server functions.
const PLAIN: &[&str] = &["upload_master", "upload_letter_file", "letter_file", "received_file"];

/// What only the clinic that keeps the national masters may do: the first one founded, here A.
const KEEPERS: &[&str] =
    &["upload_master", "discard_upload", "preview_import", "apply_import", "preview_withdrawal", "withdraw_edition"];

/// Routes that take no id: another clinic's staff get their own clinic's answer.
const WITHOUT_ID: &[&str] = &[
    "board",
    "find",
    "local_subsidies",
    "register",
    "search_masters",
    "usages",
    "staff_list",
    "audit_trail",
    "master_editions",
    "inhouse_items",
    "repair_list",
    "order_sets",
    "self_paid_items",
    "clinic_settings",
    "put_clinic_settings",
    "inbox",
    "check_inbox",
];

fn with_check(body: &str) -> String {
    format!("{body}{}", model::insurance::check_digit(body).expect("digits"))
}

async fn cookies(server: &Server, clinic: &Founded) -> Vec<(Role, String)> {
    let mut all = Vec::new();
    for role in Role::ALL {
        let body =
            format!("form%5Bclinic%5D={}&form%5Blogin%5D={}&form%5Bpassword%5D={}", clinic.slug, role.as_str(), encode(PASSWORD));
        let answer = client()
            .post(server.url("/api/sign_in"))
            .header("sec-fetch-site", "same-origin")
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .expect("an answer");
        let cookie = answer.headers().get("set-cookie").expect("a session").to_str().expect("text").to_owned();
        for wanted in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(wanted), "{cookie}");
        }
        let value = cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a value").1.to_owned();
        all.push((role, value));
    }
    all
}

fn encode(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

async fn things(server: &Server, staff: &[(Role, String)]) -> Things {
    let cookie = |role: Role| staff.iter().find(|(r, _)| *r == role).map(|(_, c)| c.as_str());
    let doctor = cookie(Role::Doctor);
    let made = async |role: Role, route: &str, body: Value| {
        let (status, answer) = ask(server, route, cookie(role), &body).await;
        assert_eq!(status, 200, "{route}: {answer}");
        answer
    };
    let search = async |kind: &str, query: &str| {
        let hits = made(Role::Doctor, "search_masters", json!({ "kind": kind, "query": query, "on": null })).await;
        hits[0]["code"].clone()
    };
    let patient =
        made(Role::Reception, "register", json!({ "form": patient_form(), "despite_duplicates": false })).await["patient"]
            .clone();
    let visit = made(Role::Reception, "check_in", json!({ "patient": patient, "remark": "" })).await["id"].clone();
    let form =
        json!({ "code": search("disease", "高血圧症").await, "modifiers": [], "started_on": "2026-01-01", "principal": true });
    let diagnosis = made(Role::Doctor, "add_diagnosis", json!({ "patient": patient, "form": form })).await[0]["id"].clone();
    let form = json!({ "code": search("allergen", "くるみ").await, "severe": false, "reaction": "" });
    let allergy = made(Role::Doctor, "add_allergy", json!({ "patient": patient, "form": form })).await[0]["id"].clone();
    let items = made(Role::Doctor, "lab_items", json!({ "patient": patient })).await;
    let numeric = items.as_array().and_then(|items| items.iter().find(|line| line["item"]["choices"] == json!([])));
    let item = numeric.expect("an item with a number")["item"]["local_code"].clone();
    let result = json!({ "item": item, "value": "1", "low": "", "high": "" });
    let form =
        json!({ "visit": null, "collected_on": "2020-01-01", "collected_time": "", "preliminary": true, "results": [result] });
    let report = made(Role::Doctor, "enter_report", json!({ "patient": patient, "form": form })).await[0]["id"].clone();
    let drug = search("drug", "アムロジピン").await;
    let form = json!({ "route": "internal", "dispensing": "pharmacy", "usage": "", "usage_text": "1日1回 朝食後", "count": "14",
        "items": [{ "code": drug, "amount": "1", "general_name": false }] });
    let orders = made(Role::Doctor, "put_rp", json!({ "visit": visit, "rp": null, "form": form })).await;
    let rp = orders["prescriptions"][0]["id"].clone();
    let code = search("procedure", "尿").await;
    let orders =
        made(Role::Doctor, "put_procedure", json!({ "visit": visit, "order": null, "code": code, "quantity": "1" })).await;
    let procedure = orders["procedures"][0]["id"].clone();
    let item =
        made(Role::Administrator, "put_self_paid_item", json!({ "item": null, "form": self_paid_form() })).await["id"].clone();
    let orders = made(Role::Doctor, "put_self_paid", json!({ "visit": visit, "item": item, "quantity": 1 })).await;
    let self_paid_line = orders["self_paid"][0]["id"].clone();
    let set = made(Role::Doctor, "set_from_visit", json!({ "visit": visit, "name": "行列", "reading": "" })).await["id"].clone();
    let letter = made(Role::Doctor, "new_letter", json!({ "patient": patient })).await;
    let issued = json!({ "letter": letter["id"], "form": letter_form(), "version": letter["version"] });
    let issued_letter = made(Role::Doctor, "issue_letter", issued).await["id"].clone();
    let letter = made(Role::Doctor, "new_letter", json!({ "patient": patient })).await["id"].clone();
    let paper = made(Role::Doctor, "new_paper", json!({ "patient": patient, "kind": "care_plan" })).await;
    let plan = json!({ "kind": "care_plan", "diagnoses": [diagnosis], "goal": "減塩", "from": "2026-07-10" });
    let issued = json!({ "paper": paper["id"], "form": plan, "version": paper["version"] });
    let issued_paper = made(Role::Doctor, "issue_paper", issued).await["id"].clone();
    let paper = made(Role::Doctor, "new_paper", json!({ "patient": patient, "kind": "discharge" })).await["id"].clone();
    let letter_file = hand_in(server, doctor.expect("a doctor"), &letter).await;
    let incoming = incoming(server, &patient).await;
    let (_, shared) = ask(server, "shared", doctor, &json!({ "patient": patient })).await;
    let document = shared[0]["id"].clone();
    let administrator = cookie(Role::Administrator);
    // The same bytes again would take its place, so it is another file than the one of the matrix.
    let (_, upload) = ask(server, "upload_master", administrator, &json!({ "another": "file" })).await;
    assert_eq!(upload["refusal"]["code"], "kind", "{upload}");
    let upload = upload["id"].clone();
    for (name, thing) in
        [("upload", &upload), ("document", &document), ("letter", &letter), ("rp", &rp), ("procedure", &procedure)]
    {
        assert!(thing.is_string(), "no {name}");
    }
    Things {
        patient,
        visit,
        diagnosis,
        allergy,
        report,
        rp,
        procedure,
        letter,
        issued_letter,
        letter_file,
        paper,
        issued_paper,
        incoming,
        document,
        upload,
        set,
        self_paid_item: item,
        self_paid_line,
    }
}

/// A file that goes along with a letter.
async fn hand_in(server: &Server, cookie: &str, letter: &Value) -> Value {
    let answer = client()
        .post(server.url(&format!("/api/upload_letter_file/{}", letter.as_str().unwrap_or_default())))
        .header("sec-fetch-site", "same-origin")
        .header("cookie", format!("{}={cookie}", clinic::session::COOKIE))
        .header("x-file-name", "matrix.png")
        .body(b"\x89PNG\r\n\x1a\n".to_vec())
        .send()
        .await
        .expect("an answer");
    let letter: Value = answer.json().await.expect("the letter");
    letter["files"][0]["id"].clone()
}

/// A letter that came in about a patient, as it lies in the mailbox.
async fn incoming(server: &Server, patient: &Value) -> Value {
    let pool = clinic::db::pool(server.database.clone(), 1).await.expect("pool");
    let mut tx = pool.begin().await.expect("begins");
    sqlx::query("select set_config('app.clinic_id', (select clinic_id::text from clinic_directory where slug = 'aoba'), true)")
        .execute(&mut *tx)
        .await
        .expect("sets");
    let id: String = sqlx::query_scalar(
        "insert into received (clinic_id, id, patient_id, receipt, kind, is_letter, institution, about, made_on, shared_at,
                               fetched_at, content)
         values (current_clinic(), gen_random_uuid(), $1::uuid, 'R-1', 'referral', true, 'みなと病院',
                 '{\"member_id\": \"\", \"name\": \"\", \"kana\": \"\", \"sex\": null, \"birth_date\": null, \"address\": \"\"}',
                 '2026-07-01', now(), now(), '{}')
         returning id::text",
    )
    .bind(patient.as_str())
    .fetch_one(&mut *tx)
    .await
    .expect("a letter");
    tx.commit().await.expect("commits");
    json!(id)
}

#[tokio::test]
async fn every_route_for_every_role_of_every_tenant() {
    let site = tempfile::tempdir().expect("tempdir");
    let server = Server::start(site.path()).await;
    let pool = clinic::db::pool(server.database.clone(), 3).await.expect("pool");
    let founder = Clinic::new(pool, Arc::new(masters::Store::default()), Arc::new(SystemClock));
    let a = testing::found(&founder, "aoba").await;
    let b = testing::found(&founder, "minato").await;
    let (at_a, at_b) = (cookies(&server, &a).await, cookies(&server, &b).await);
    let things = things(&server, &at_a).await;

    let linked: BTreeSet<String> = server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.trim_start_matches("/api/").to_owned())
        .chain(PLAIN.iter().map(|route| (*route).to_owned()))
        .collect();
    let listed: BTreeSet<String> =
        ROUTES.iter().map(|row| row.0.to_owned()).chain(OPEN_ROUTES.iter().map(|r| (*r).to_owned())).collect();
    assert_eq!(linked, listed, "server functions and rows of the policy's table");

    let mut table = String::from("route | role | own clinic | other clinic\n");
    for (route, action, roles) in ROUTES {
        let body = arguments(route, &things).unwrap_or_else(|| panic!("{route} has no example of its arguments"));
        let (status, answer) = ask(&server, route, None, &body).await;
        assert_eq!((status, &answer["kind"]), (401, &json!("signed_out")), "{route} for nobody: {answer}");

        for ((role, own), (_, other)) in at_a.iter().zip(&at_b) {
            let allowed = roles.contains(role);
            let (from_b, answer_b) = ask(&server, route, Some(other), &body).await;
            let (from_a, answer_a) = ask(&server, route, Some(own), &body).await;
            table.push_str(&format!("{route} | {} | {from_a} | {from_b}\n", role.as_str()));
            let case = format!("{route} ({action}) as {} ", role.as_str());
            if !allowed {
                assert_eq!((from_a, from_b), (403, 403), "{case}: {answer_a} {answer_b}");
            } else if KEEPERS.contains(route) {
                assert_eq!((from_b, &answer_b["kind"]), (403, &json!("forbidden")), "{case} of the other clinic: {answer_b}");
                assert!(matches!(from_a, 200 | 404 | 409), "{case}: {from_a} {answer_a}");
            } else if WITHOUT_ID.contains(route) {
                assert_eq!((from_a, from_b), (200, 200), "{case}: {answer_a} {answer_b}");
                let leaked = answer_b.to_string().contains(things.patient.as_str().unwrap_or_default());
                assert!(!leaked, "{case}: the other clinic's answer names the patient");
            } else {
                assert_eq!((from_b, &answer_b["kind"]), (404, &json!("not_found")), "{case} of the other clinic: {answer_b}");
                // Removed by the role before, refused for its stale version or its empty code: all fine, but never a wall or a fault.
                assert!(matches!(from_a, 200 | 404 | 409 | 422), "{case}: {from_a} {answer_a}");
            }
        }
    }
    println!("{table}");
}
