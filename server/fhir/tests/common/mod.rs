//! Charts for the tests: one by hand, and a generator of random valid ones; the way to `../shared` and the independent
//! validator.

#![expect(dead_code, reason = "each test file uses its part")]

pub mod judges;
pub mod more;
pub mod mutate;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use fhir::{BundleId, Context, Department, Doctor, Flags, Institution, Version, VisitRef, build::Clinical};
use model::{
    chart::{AllergenCategory, Allergy, Diagnosis, ModifierRef, Outcome},
    codes::{InstitutionNumber, Jlac10},
    ids::*,
    insurance::{Insurance, InsurerNumber, Relation, Subsidy, check_digit},
    labs::{LabReport, LabResult, LabValue},
    letter::LetterForm,
    patient::{Patient, PersonName, Sex},
    staff::{Role, StaffRef},
};
use proptest::{collection::vec, option, prelude::*};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

/// Everything a document is made from.
#[derive(Debug, Clone)]
pub struct Chart {
    pub patient: Patient,
    pub diagnoses: Vec<Diagnosis>,
    pub allergies: Vec<Allergy>,
    pub report: LabReport,
    pub letter: LetterForm,
    pub in_reply_to: Option<String>,
    pub doctor: String,
    pub now: DateTime<Utc>,
    pub more: more::More,
}

/// A counting source of UUIDs: the same every run.
pub fn counter() -> impl FnMut() -> Uuid {
    let mut n: u128 = 0x1000_0000_0000_4000_8000_0000_0000_0000;
    move || {
        n += 1;
        Uuid::from_u128(n)
    }
}

impl Chart {
    pub fn context(&self) -> Context<'_> {
        Context {
            institution: Institution {
                number: InstitutionNumber::parse("1310000011").expect("ten digits"),
                name: "あおば内科クリニック".into(),
                address: "東京都千代田区千代田1-1".into(),
                phone: "03-1234-5678".into(),
            },
            department: Department { code: "01".into(), name: "内科".into() },
            patient: &self.patient,
            doctor: Doctor { name: self.doctor.clone(), id: "doctor".into() },
            visit: VisitRef { id: "V-1".into(), at: self.now },
            bundle: BundleId { year: 2026, suffix: "7c9e6679-7425-40de-944b-e07fc1f90ae7".into() },
            now: self.now,
        }
    }

    /// All documents of the chart, by name, for both versions.
    pub fn documents(&self) -> Vec<(&'static str, Value)> {
        self.documents_of(Version::V1_5_2)
    }

    /// All documents of the chart, by name, for a version.
    pub fn documents_of(&self, version: Version) -> Vec<(&'static str, Value)> {
        let ctx = self.context();
        let mut uuids = counter();
        let reports = [self.report.clone()];
        let mut out = Vec::new();
        if !self.diagnoses.is_empty() {
            out.push(("diagnoses", fhir::build::diagnoses(&ctx, &self.diagnoses, &mut uuids).expect("no gaps")));
        }
        if !self.allergies.is_empty() {
            out.push(("allergies", fhir::build::allergies(&ctx, &self.allergies, &mut uuids).expect("no gaps")));
        }
        if !self.report.results.is_empty() {
            out.push(("lab_report", fhir::build::lab_report(&ctx, &self.report, &mut uuids).expect("no gaps")));
        }
        let clinical = Clinical {
            diagnoses: &self.diagnoses,
            allergies: &self.allergies,
            reports: &reports,
            drugs: &self.more.drugs,
            attachments: &self.more.attachments,
            in_reply_to: self.in_reply_to.as_deref(),
        };
        let letter = fhir::build::referral_with(&ctx, &self.letter, &clinical, &mut uuids);
        out.push(("referral", letter.expect("no gaps")));
        let plan = fhir::build::care_plan(&ctx, &self.more.plan, &self.diagnoses, &mut uuids);
        out.push(("care_plan", plan.expect("no gaps")));
        let summary = fhir::build::discharge_summary(&ctx, &self.more.discharge, version, &mut uuids);
        out.push(("discharge", summary.expect("no gaps")));
        let check = fhir::build::checkup_report(&ctx, &self.more.checkup, &mut uuids);
        out.push(("checkup", check.expect("no gaps")));
        out
    }
}

pub fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).expect("a day")
}

fn modifier(code: &str, name: &str, management: &str, suffix: bool) -> ModifierRef {
    ModifierRef { code: code.into(), name: name.into(), management: management.into(), suffix }
}

/// A chart by hand: suspected, principal, ended; drug, food and other allergy; high, low, words, designated, infection, uncoded.
pub fn chart() -> Chart {
    let diagnosis = |n: u128, name: &str, base: &str, management: &str| Diagnosis {
        id: DiagnosisId(Uuid::from_u128(n)),
        code: "5339009".into(),
        base_name: base.into(),
        management: management.into(),
        exchange: "K1S5".into(),
        icd10: "K269".into(),
        modifiers: vec![],
        name: name.into(),
        suspected: false,
        principal: false,
        started_on: day(2026, 4, 1),
        ended: None,
        flags: Flags::default(),
        origin: None,
        version: 1,
    };
    let mut ulcer = diagnosis(1, "十二指腸潰瘍", "十二指腸潰瘍", "20064049");
    ulcer.principal = true;
    ulcer.flags = Flags { long_term: true, uninformed: true, undelivered: true };
    let mut fracture = diagnosis(2, "左前腕骨折の疑い", "前腕骨折", "20080427");
    fracture.modifiers = vec![modifier("2056", "左", "27000358", false), modifier("8002", "の疑い", "27000001", true)];
    fracture.suspected = true;
    let mut cold = diagnosis(3, "急性上気道炎", "急性上気道炎", "");
    cold.ended = Some((day(2026, 5, 1), Outcome::Cured));
    let allergy = |n: u128, code: &str, name: &str, category| Allergy {
        id: AllergyId(Uuid::from_u128(n)),
        code: code.into(),
        name: name.into(),
        category,
        severe: n == 12,
        reaction: if n == 12 { "全身に発疹".into() } else { String::new() },
        recorded_on: day(2026, 6, 1),
        flags: Flags::default(),
        origin: None,
        version: 1,
    };
    let result = |code: &str, name: &str, jlac: Option<&str>, fixed: Option<&str>, value: LabValue, unit: &str| LabResult {
        local_code: code.into(),
        name: name.into(),
        jlac10: jlac.map(Jlac10::from),
        fhir_name: fixed.map(str::to_owned),
        infection: false,
        specimen: "血清".into(),
        value,
        unit: unit.into(),
        low: None,
        high: None,
    };
    let number = |text: &str| LabValue::Number(text.parse().expect("a number"));
    let mut potassium = result("K", "カリウム", Some("3H015000002326101"), Some("K"), number("5.6"), "mEq/L");
    potassium.low = Some("3.6".parse().expect("a number"));
    potassium.high = Some("4.8".parse().expect("a number"));
    let mut hbs = result("HBSAG", "HBs抗原", Some("5F016141002302311"), Some("HBs抗原(判定)"), LabValue::Text("陰性".into()), "");
    hbs.infection = true;
    let mut chart = Chart {
        patient: Patient {
            id: PatientId(Uuid::from_u128(100)),
            number: 12,
            name: PersonName {
                family: "山田".into(),
                given: "太郎".into(),
                family_kana: "ヤマダ".into(),
                given_kana: "タロウ".into(),
            },
            sex: Sex::Male,
            birth_date: day(1981, 3, 2),
            postal_code: "1000001".into(),
            address: "東京都千代田区千代田1-1".into(),
            phone: "03-1234-5678".into(),
            consent: None,
            insurances: vec![card("0613048", "あいう", "１８７", Some("05"))],
            subsidies: vec![],
            version: 1,
        },
        diagnoses: vec![ulcer, fracture, cold],
        allergies: vec![
            allergy(11, "J9FC11310000", "さば", AllergenCategory::Food),
            allergy(12, "YCM2260701F1029", "ポビドンヨード含嗽用液７％", AllergenCategory::Medication),
            allergy(13, "D9N000000000", "ダミーコード", AllergenCategory::Environment),
        ],
        report: LabReport {
            id: LabReportId(Uuid::from_u128(200)),
            visit: None,
            collected_at: Utc.with_ymd_and_hms(2026, 7, 9, 0, 30, 0).single().expect("an instant"),
            entered_by: StaffRef { id: StaffId(Uuid::from_u128(300)), name: "看護 師子".into(), role: Role::Nurse },
            preliminary: false,
            flags: Flags::default(),
            origin: None,
            results: vec![
                potassium,
                result("U-GLU", "尿糖", Some("1A990000000191154"), Some("U-Glu"), LabValue::Text("1+".into()), ""),
                hbs,
                result("EGFR", "ｅＧＦＲ", None, None, number("72.50"), "mL/min/1.73m2"),
                result("CEA", "CEA", Some("5D010000002399801"), None, number("2.1"), "ng/mL"),
            ],
            version: 1,
        },
        letter: LetterForm {
            to_institution: "東京第一テスト病院".into(),
            to_number: "1311234567".into(),
            to_department: "循環器内科".into(),
            to_doctor: "野口 英世丸".into(),
            purpose: "胸痛の精査をお願いします。".into(),
            complaint: "労作時の胸痛".into(),
            present_illness: "6月から階段で胸が<締めつけられる>。\n安静で数分で消える & 冷汗なし。".into(),
            past_history: "高血圧".into(),
            findings: "心音清、雑音なし".into(),
            course: "硝酸薬を処方し経過を見ています。".into(),
            family_history: "父 心筋梗塞".into(),
            social_history: "喫煙 20本/日".into(),
            remarks: "ご家族の同席を希望されています。".into(),
        },
        in_reply_to: Some("1311234567^2026^5f3c2d1e-0000-4000-8000-000000000001".into()),
        doctor: "青葉 花子".into(),
        now: Utc.with_ymd_and_hms(2026, 7, 10, 1, 15, 30).single().expect("an instant"),
        more: more::blank(),
    };
    chart.more = more::by_hand(&chart.diagnoses, &chart.allergies, &chart.report, chart.now);
    chart
}

/// A card with its check digit made.
pub fn card(insurer_body: &str, symbol: &str, number: &str, branch: Option<&str>) -> Insurance {
    let check = check_digit(insurer_body).expect("digits");
    Insurance {
        id: InsuranceId(Uuid::from_u128(101)),
        insurer: InsurerNumber::parse(&format!("{insurer_body}{check}")).expect("a right check digit"),
        symbol: symbol.into(),
        number: number.into(),
        branch: branch.map(str::to_owned),
        relation: Relation::Insured,
        share: 30,
        limit_class: None,
        many_times: false,
        long_term_cap: None,
        valid_from: day(2020, 1, 1),
        valid_to: None,
        version: 1,
    }
}

/// Public assistance (生活保護).
pub fn public_assistance() -> Subsidy {
    Subsidy {
        id: SubsidyId(Uuid::from_u128(102)),
        payer: "12130014".into(),
        recipient: "1234567".into(),
        share: None,
        monthly_cap: None,
        visit_cap: None,
        charged_visits: None,
        valid_from: day(2020, 1, 1),
        valid_to: None,
        version: 1,
    }
}

/// Words people may type: kanji, kana of both widths, marks that XML dislikes, full-width spaces, line breaks.
fn words() -> impl Strategy<Value = String> {
    "[一-龠ぁ-んァ-ンｱ-ﾝa-zA-Z0-9０-９Ａ-Ｚ<>&\"'\u{3000} ・（）％℃①Ⅱ髙﨑𠮷\n]{0,24}".prop_map(|tail| format!("所見{tail}"))
}

fn name() -> impl Strategy<Value = String> {
    "[一-龠ァ-ンｱ-ﾝ髙﨑𠮷]{1,6}"
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0i64..9000).prop_map(|n| day(2001, 1, 1) + chrono::Duration::days(n))
}

fn diagnosis() -> impl Strategy<Value = Diagnosis> {
    let modifiers = vec(
        prop_oneof![
            Just(modifier("2056", "左", "27000358", false)),
            Just(modifier("4012", "急性", "27000123", false)),
            Just(modifier("8002", "の疑い", "27000001", true)),
            Just(modifier("9999", "無番号", "", true)),
        ],
        0..4,
    );
    let ended = option::of((0i64..400, prop::sample::select(Outcome::ALL.to_vec())));
    (
        any::<u128>(),
        words(),
        "(2[0-9]{7})?",
        "([A-Z0-9]{4})?",
        "([A-Z][0-9]{2,3})?",
        modifiers,
        any::<[bool; 2]>(),
        any_day(),
        ended,
    )
        .prop_map(|(id, name, management, exchange, icd10, modifiers, [suspected, principal], started_on, ended)| {
            Diagnosis {
                id: DiagnosisId(Uuid::from_u128(id)),
                code: "5339009".into(),
                base_name: name.clone(),
                management,
                exchange,
                icd10,
                modifiers,
                name,
                suspected,
                principal,
                started_on,
                ended: ended.map(|(days, outcome)| (started_on + chrono::Duration::days(days), outcome)),
                flags: Flags::default(),
                origin: None,
                version: 1,
            }
        })
}

fn allergy() -> impl Strategy<Value = Allergy> {
    let code = prop_oneof![
        "J9F[A-C][0-9]{8}".prop_map(|c| (c, AllergenCategory::Food)),
        "J9N[A-C][0-9]{8}".prop_map(|c| (c, AllergenCategory::Environment)),
        "YCM[0-9]{7}[A-Z][0-9]{4}".prop_map(|c| (c, AllergenCategory::Medication)),
        "GCM[0-9]{7}[A-Z][0-9]ZZZ".prop_map(|c| (c, AllergenCategory::Medication)),
        Just(("D9M000000000".to_owned(), AllergenCategory::Medication)),
    ];
    (any::<u128>(), code, words(), any::<bool>(), prop_oneof![Just(String::new()), words()], any_day()).prop_map(
        |(id, (code, category), name, severe, reaction, recorded_on)| Allergy {
            id: AllergyId(Uuid::from_u128(id)),
            code: code.into(),
            name,
            category,
            severe,
            reaction,
            recorded_on,
            flags: Flags::default(),
            origin: None,
            version: 1,
        },
    )
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (0i64..100_000, 0u32..4).prop_map(|(n, scale)| Decimal::new(n, scale))
}

fn result() -> impl Strategy<Value = LabResult> {
    let items = prop::sample::select(vec![
        (Some("3H015000002326101"), Some("K"), false, "mEq/L"),
        (Some("3A015000002329101"), Some("ALB"), false, "g/dL"),
        (Some("2A990000001930952"), Some("WBC"), false, "/μL"),
        (Some("1A990000000191154"), Some("U-Glu"), false, ""),
        (Some("5F016141002302311"), Some("HBs抗原(判定)"), true, ""),
        (Some("5D010000002399801"), None, false, "ng/mL"),
        (None, None, false, "点"),
    ]);
    let value = prop_oneof![
        decimal().prop_map(LabValue::Number),
        prop::sample::select(vec!["陰性", "陽性", "1+", "±", "-", "測定不能"]).prop_map(|t| LabValue::Text(t.into())),
    ];
    (items, words(), "[A-Za-z0-9_-]{1,12}", value, option::of(decimal()), option::of(decimal())).prop_map(
        |((jlac, fixed, infection, unit), name, local_code, value, low, high)| {
            let (low, high) = match (low, high) {
                (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
                pair => pair,
            };
            LabResult {
                local_code,
                name,
                jlac10: jlac.map(Jlac10::from),
                fhir_name: fixed.map(str::to_owned),
                infection,
                specimen: "血清".into(),
                value,
                unit: unit.into(),
                low,
                high,
            }
        },
    )
}

fn patient() -> impl Strategy<Value = Patient> {
    let insurance = ("[0-9]{7}|[0-9]{5}", "[一-龠ぁ-んA-Z0-9・ -]{0,6}", "[0-9０-９ー]{1,8}", option::of("[0-9]{2}"))
        .prop_map(|(body, symbol, number, branch)| card(&body, &symbol, &number, branch.as_deref()));
    (name(), name(), any::<[bool; 3]>(), any_day(), words(), insurance, 1i64..99_999).prop_map(
        |(family, given, [male, kana, phone], birth_date, address, insurance, number)| Patient {
            id: PatientId(Uuid::from_u128(100)),
            number,
            name: PersonName {
                family,
                given,
                family_kana: if kana { "ヤマダ".into() } else { String::new() },
                given_kana: if kana { "タロウ".into() } else { String::new() },
            },
            sex: if male { Sex::Male } else { Sex::Female },
            birth_date,
            postal_code: if phone { "1000001".into() } else { String::new() },
            address,
            phone: if phone { "03-1234-5678".into() } else { String::new() },
            consent: None,
            insurances: vec![insurance],
            subsidies: vec![],
            version: 1,
        },
    )
}

fn letter() -> impl Strategy<Value = LetterForm> {
    (vec(words(), 11), any::<[bool; 8]>()).prop_map(|(w, keep)| {
        let optional = |i: usize, k: usize| if keep[k] { w[i].clone() } else { String::new() };
        LetterForm {
            to_institution: w[0].clone(),
            to_number: "1311234567".into(),
            to_department: optional(1, 0),
            to_doctor: optional(2, 1),
            purpose: w[3].clone(),
            complaint: w[4].clone(),
            present_illness: w[5].clone(),
            past_history: optional(6, 2),
            findings: optional(7, 3),
            course: optional(8, 4),
            family_history: optional(9, 6),
            social_history: optional(10, 7),
            remarks: optional(1, 5),
        }
    })
}

/// A random chart from which all documents can be made.
pub fn any_chart() -> impl Strategy<Value = Chart> {
    let flags = any::<[bool; 3]>().prop_map(|[long_term, uninformed, undelivered]| Flags { long_term, uninformed, undelivered });
    let lists = (vec(diagnosis(), 1..5), vec(allergy(), 1..4), vec(result(), 1..8));
    (patient(), lists, letter(), flags, 0i64..200_000_000, more::any_more()).prop_map(
        |(patient, (mut diagnoses, mut allergies, results), letter, flags, seconds, mut more)| {
            let now = Utc.timestamp_opt(1_700_000_000 + seconds, 0).single().expect("an instant");
            let mut chart = chart();
            diagnoses[0].flags = flags;
            allergies[0].flags = Flags { long_term: flags.long_term, ..Flags::default() };
            chart.report.flags = allergies[0].flags;
            chart.in_reply_to = flags.long_term.then(|| "1311234567^2025^A-1".to_owned());
            chart.report.results = results;
            more.discharge.diagnoses_in = diagnoses[..1].to_vec();
            more.discharge.diagnoses_out = diagnoses.clone();
            more.discharge.allergies = allergies.clone();
            more.discharge.reports = vec![chart.report.clone()];
            Chart { patient, diagnoses, allergies, letter, now, more, ..chart }
        },
    )
}
