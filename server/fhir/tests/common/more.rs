//! Plans, stays, health checks, prescriptions and files for the charts of the tests: by hand and at random.

use super::*;
use fhir::domain::*;
use model::orders::{Dispensing, Route, Rp, RpItem};

/// What the documents beyond the referral letter are made from.
#[derive(Debug, Clone)]
pub struct More {
    pub drugs: Vec<Prescription>,
    pub attachments: Vec<Attachment>,
    pub plan: CarePlan,
    pub discharge: Discharge,
    pub checkup: Checkup,
}

fn decimal_of(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn drug(name: &str, yj: Option<&str>, general: Option<(&str, &str)>, amount: &str, unit: &str) -> RpItem {
    RpItem {
        code: "620000001".into(),
        name: name.into(),
        yj: yj.map(str::to_owned),
        general_name: general.map(|(code, name)| (code.to_owned(), name.to_owned())),
        amount: decimal_of(amount),
        unit: unit.into(),
    }
}

fn group(n: u128, route: Route, usage: &str, code: Option<&str>, times: u8, count: u16, items: Vec<RpItem>) -> Rp {
    Rp {
        id: RpId(Uuid::from_u128(n)),
        route,
        dispensing: Dispensing::Pharmacy,
        usage: usage.into(),
        usage_code: code.map(str::to_owned),
        times_per_day: times,
        count,
        items,
        version: 1,
    }
}

/// Drugs by hand, codes and names from the official examples: by mouth, when needed, for outside, without codes.
pub fn drugs(now: DateTime<Utc>) -> Vec<Prescription> {
    let groups = [
        group(
            401,
            Route::Internal,
            "１日３回朝昼夕食後　服用",
            Some("1013044400000000"),
            3,
            7,
            vec![
                drug("カルボシステイン錠２５０ｍｇ「サワイ」", Some("2233002F1280"), None, "3", "錠"),
                drug("ミヤＢＭ錠", Some("2316009F1022"), None, "4", "錠"),
            ],
        ),
        group(
            402,
            Route::Prn,
            "不眠時　服用",
            Some("1050610000000000"),
            1,
            4,
            vec![drug("デエビゴ錠２．５ｍｇ", Some("1190027F1022"), None, "1", "錠")],
        ),
        group(
            403,
            Route::External,
            "１日数回　塗布",
            Some("2B7N000000000000"),
            1,
            1,
            vec![drug("ヒルドイドローション２５ｇ", None, None, "2", "本")],
        ),
        group(
            404,
            Route::Internal,
            "起床時に",
            None,
            1,
            14,
            vec![drug("院内製剤", None, Some(("3339950Q1ZZZ", "【般】ヘパリン類似物質ローション")), "0.5", "さじ")],
        ),
    ];
    let number = |i: usize| u32::try_from(i + 1).expect("few groups");
    groups
        .into_iter()
        .enumerate()
        .map(|(i, rp)| Prescription {
            number: number(i),
            rp,
            prescribed_at: now,
            start: model::date::day_of(now),
            setting: Setting::Outpatient,
        })
        .collect()
}

fn item(code: &str, name: &str, asked: bool, value: CheckupValue) -> CheckupItem {
    CheckupItem { code: code.into(), name: name.into(), asked, value, low: None, high: None, detail: None }
}

fn measured(value: &str, unit: &str) -> CheckupValue {
    CheckupValue::Number { value: decimal_of(value), unit: unit.into() }
}

fn chosen(list: &str, code: &str, display: &str) -> CheckupValue {
    CheckupValue::Choice { system: format!("urn:oid:1.2.392.200119.6.{list}"), code: code.into(), display: display.into() }
}

/// A health check by hand; items and choices are those of the official example.
pub fn checkup() -> Checkup {
    let mut history = item("9N056000000000011", "既往歴", false, chosen("2001", "1", "特記すべきことあり"));
    history.detail = Some(("9N056160400000049".into(), "具体的な既往歴".into(), "ヘルニア、膀胱炎".into()));
    let mut pressure = item("9A751000000000001", "収縮期血圧(1回目)", false, measured("149", "mmHg"));
    (pressure.low, pressure.high) = (Some(decimal_of("80")), Some(decimal_of("130")));
    Checkup {
        id: Uuid::from_u128(500),
        kind: CheckupKind::Specific,
        done_on: day(2026, 7, 8),
        items: vec![
            item("9N001000000000001", "身長", false, measured("162.3", "cm")),
            item("9N011000000000001", "BMI", false, measured("24.9", "kg/m2")),
            history,
            pressure,
            item("9N511000000000049", "医師の診断(判定)", false, CheckupValue::Words("要指導".into())),
            item("9A110160700000011", "心電図(所見の有無)", false, chosen("2002", "1", "所見あり")),
            item("9A110160800000049", "心電図(所見)", false, CheckupValue::Words("心房細動".into())),
            item("9A110161000000049", "心電図(実施理由)", false, CheckupValue::Words("詳細な健診".into())),
            item("3D046000001906202", "HbA1c(NGSP値)", false, CheckupValue::Missing("採血できず".into())),
            item("9N701000000000011", "服薬1(血圧)", true, chosen("2131", "2", "いいえ")),
        ],
        judged_by: String::new(),
        ticket: Some(Ticket { number: "24100000123".into(), until: Some(day(2027, 3, 31)) }),
        insurer: Some(Insurer { number: "06130488".into(), name: "サンプル健康保険組合".into() }),
    }
}

/// A plan by hand.
pub fn plan() -> CarePlan {
    CarePlan {
        id: Uuid::from_u128(600),
        description: "高血圧について内服を続けてください。\n１日30分の軽い運動をしましょう。".into(),
        from: day(2026, 7, 10),
        until: Some(day(2027, 1, 9)),
        written_on: day(2026, 7, 10),
    }
}

/// A stay by hand, with the clinical content of a chart.
pub fn discharge(diagnoses: &[Diagnosis], allergies: &[Allergy], report: &LabReport, drugs: &[Prescription]) -> Discharge {
    let at = |d, h| Utc.with_ymd_and_hms(2026, 6, d, h, 0, 0).single().expect("an instant");
    let taken = |setting| drugs.iter().map(|group| Prescription { setting, ..group.clone() }).collect();
    Discharge {
        stay: Stay {
            id: "A-7".into(),
            admitted_at: at(20, 1),
            discharged_at: at(28, 2),
            admission: Some(Admission::Home),
            disposition: Disposition::Better,
        },
        reason: "胸痛の精査加療".into(),
        complaint: "労作時の胸痛".into(),
        present_illness: "6月から階段で胸が締めつけられる。".into(),
        past_history: "高血圧".into(),
        family_history: "父 心筋梗塞".into(),
        social_history: "喫煙 20本/日".into(),
        findings_in: "心音清".into(),
        course: "冠動脈造影を行い、薬物治療とした。\n経過良好。".into(),
        treatment: "冠動脈造影".into(),
        findings_out: "異常なし".into(),
        instructions: "2週間後に外来受診".into(),
        diagnoses_in: diagnoses.iter().take(1).cloned().collect(),
        diagnoses_out: diagnoses.to_vec(),
        allergies: allergies.to_vec(),
        drugs_in: Vec::new(),
        drugs_out: taken(Setting::Discharge),
        reports: vec![report.clone()],
    }
}

/// A note and a sheet to go along.
pub fn attachments(now: DateTime<Utc>) -> Vec<Attachment> {
    let file = |title: &str, kind: &str, data: &[u8]| Attachment {
        title: title.into(),
        content_type: kind.into(),
        data: data.to_vec(),
        made_at: now,
    };
    vec![file("心電図", "image/png", b"not really a picture"), file("経過表", "application/pdf", b"%PDF-1.7 in name only")]
}

/// Nothing but what must be there, until the chart is whole.
pub fn blank() -> More {
    let now = Utc.timestamp_opt(0, 0).single().expect("an instant");
    let report = LabReport {
        id: LabReportId(Uuid::nil()),
        visit: None,
        collected_at: now,
        entered_by: StaffRef { id: StaffId(Uuid::nil()), name: String::new(), role: Role::Nurse },
        preliminary: false,
        flags: Flags::default(),
        origin: None,
        results: Vec::new(),
        version: 1,
    };
    More {
        drugs: Vec::new(),
        attachments: Vec::new(),
        plan: plan(),
        discharge: discharge(&[], &[], &report, &[]),
        checkup: checkup(),
    }
}

/// Everything by hand.
pub fn by_hand(diagnoses: &[Diagnosis], allergies: &[Allergy], report: &LabReport, now: DateTime<Utc>) -> More {
    let drugs = drugs(now);
    let discharge = discharge(diagnoses, allergies, report, &drugs);
    More { drugs, attachments: attachments(now), plan: plan(), discharge, checkup: checkup() }
}

fn any_drug() -> impl Strategy<Value = RpItem> {
    let units = prop::sample::select(vec!["錠", "カプセル", "ｍＬ", "mL", "g", "枚", "本", "さじ", "包"]);
    let general = option::of(("[0-9]{7}[A-Z][0-9]ZZZ", words()));
    (words(), option::of("[0-9]{7}[A-Z][0-9]{4}"), general, 1i64..2000, 0u32..3, units).prop_map(
        |(name, yj, general_name, amount, scale, unit)| RpItem {
            code: "620000001".into(),
            name,
            yj,
            general_name,
            amount: Decimal::new(amount, scale),
            unit: unit.into(),
        },
    )
}

fn any_group() -> impl Strategy<Value = Rp> {
    let route = prop::sample::select(Route::ALL.to_vec());
    let place = prop::sample::select(vec![Dispensing::InHouse, Dispensing::Pharmacy]);
    (any::<u128>(), route, place, words(), option::of("[12][0-9B-N]{15}"), 1u8..5, 1u16..91, vec(any_drug(), 1..4)).prop_map(
        |(id, route, dispensing, usage, usage_code, times_per_day, count, items)| Rp {
            id: RpId(Uuid::from_u128(id)),
            route,
            dispensing,
            usage,
            usage_code,
            times_per_day,
            count,
            items,
            version: 1,
        },
    )
}

fn any_item() -> impl Strategy<Value = CheckupItem> {
    let known = prop::sample::select(checkup().items);
    let value = prop_oneof![
        decimal().prop_map(|value| CheckupValue::Number { value, unit: "mg/dL".into() }),
        Just(chosen("2001", "2", "特記すべきことなし")),
        words().prop_map(CheckupValue::Words),
        words().prop_map(CheckupValue::Missing),
    ];
    let detail = option::of(words().prop_map(|w| ("9N056160400000049".to_owned(), "具体的な既往歴".to_owned(), w)));
    (known, value, option::of(decimal()), option::of(decimal()), detail, any::<bool>()).prop_map(
        |(known, value, low, high, detail, asked)| {
            let (low, high) = match (low, high) {
                (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
                pair => pair,
            };
            CheckupItem { value, low, high, detail, asked, ..known }
        },
    )
}

fn any_checkup() -> impl Strategy<Value = Checkup> {
    let kind = prop::sample::select(CheckupKind::ALL.to_vec());
    let ticket = option::of(("[0-9]{11}", option::of(any_day())).prop_map(|(number, until)| Ticket { number, until }));
    (any::<u128>(), kind, any_day(), vec(any_item(), 1..8), prop_oneof![Just(String::new()), name()], ticket).prop_map(
        |(id, kind, done_on, mut items, judged_by, ticket)| {
            items[0].asked = false;
            let insurer = ticket.as_ref().map(|_| Insurer { number: "06130488".into(), name: String::new() });
            Checkup { id: Uuid::from_u128(id), kind, done_on, items, judged_by, ticket, insurer }
        },
    )
}

fn any_stay() -> impl Strategy<Value = Stay> {
    let admission = option::of(prop::sample::select(Admission::ALL.to_vec()));
    let disposition = prop::sample::select(Disposition::ALL.to_vec());
    (1_600_000_000i64..1_700_000_000, 0i64..5_000_000, admission, disposition).prop_map(
        |(start, length, admission, disposition)| Stay {
            id: "A-1".into(),
            admitted_at: Utc.timestamp_opt(start, 0).single().expect("an instant"),
            discharged_at: Utc.timestamp_opt(start + length, 0).single().expect("an instant"),
            admission,
            disposition,
        },
    )
}

/// Everything at random; the clinical lists of the stay are filled from the chart afterwards.
pub fn any_more() -> impl Strategy<Value = More> {
    let texts = (vec(words(), 12), any::<[bool; 6]>());
    let file = (words(), prop::sample::select(vec!["application/pdf", "image/jpeg"]), vec(any::<u8>(), 1..40));
    let plan = (any::<u128>(), words(), any_day(), option::of(0i64..400));
    (vec(any_group(), 0..3), vec(file, 0..3), plan, any_stay(), texts, any_checkup()).prop_map(
        |(groups, files, (id, description, from, length), stay, (w, keep), checkup)| {
            let now = stay.discharged_at;
            let number = |i: usize| u32::try_from(i + 1).expect("few groups");
            let drugs: Vec<Prescription> = groups
                .into_iter()
                .enumerate()
                .map(|(i, rp)| Prescription {
                    number: number(i),
                    rp,
                    prescribed_at: now,
                    start: from,
                    setting: Setting::Outpatient,
                })
                .collect();
            let attachments = files
                .into_iter()
                .map(|(title, kind, data)| Attachment { title, content_type: kind.into(), data, made_at: now })
                .collect();
            let until = length.map(|days| from + chrono::Duration::days(days));
            let plan = CarePlan { id: Uuid::from_u128(id), description, from, until, written_on: from };
            let optional = |i: usize, k: usize| if keep[k] { w[i].clone() } else { String::new() };
            let blank = discharge(&super::chart().diagnoses, &[], &super::chart().report, &drugs);
            let discharge = Discharge {
                stay,
                reason: w[0].clone(),
                complaint: w[1].clone(),
                present_illness: w[2].clone(),
                course: w[3].clone(),
                instructions: w[4].clone(),
                past_history: optional(5, 0),
                family_history: optional(6, 1),
                social_history: optional(7, 2),
                findings_in: optional(8, 3),
                findings_out: optional(9, 4),
                treatment: optional(10, 5),
                ..blank
            };
            More { drugs, attachments, plan, discharge, checkup }
        },
    )
}
