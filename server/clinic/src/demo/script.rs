//! The script of the demo: which clinics there are, who works there, and who of the cast plays which part.

use super::{
    book::Book,
    calendar::*,
    cast::{self, Part},
    dice::Dice,
    letters,
    people::*,
    plan::*,
    stories::Kind::{self, *},
    stories::today_fever,
    write::{Ending, Writer},
};
use crate::{Fallible, founding::NewClinic};
use chrono::{NaiveDate, NaiveTime};
use masters::Snapshot;
use model::{
    chart::{AllergyForm, Soap},
    codes::InstitutionNumber,
    master::MasterKind,
    patient::Sex,
    staff::Role,
};

/// Login, name, kana, role.
type Hired = (&'static str, &'static str, &'static str, Role);

/// One clinic with everybody in it.
pub(super) struct Script {
    pub clinic: NewClinic,
    pub staff: &'static [Hired],
    pub patients: Vec<PatientPlan>,
    /// The person registered in both clinics.
    pub shared: Person,
}

const AOBA_STAFF: [Hired; 5] = [
    ("doctor", "青葉 恵一", "アオバ ケイイチ", Role::Doctor),
    ("doctor2", "桐山 美和", "キリヤマ ミワ", Role::Doctor),
    ("nurse", "小泉 さやか", "コイズミ サヤカ", Role::Nurse),
    ("reception", "野村 千夏", "ノムラ チナツ", Role::Reception),
    ("admin", "藤沢 隆", "フジサワ タカシ", Role::Administrator),
];
const MINATO_STAFF: [Hired; 5] = [
    ("doctor", "湊 真理子", "ミナト マリコ", Role::Doctor),
    ("doctor2", "帆足 健吾", "ホアシ ケンゴ", Role::Doctor),
    ("nurse", "浜口 由香", "ハマグチ ユカ", Role::Nurse),
    ("reception", "磯部 早苗", "イソベ サナエ", Role::Reception),
    ("admin", "潮田 勉", "ウシオダ ツトム", Role::Administrator),
];

/// Who of Aoba's cast, counted through, comes when: today's board, and the visits of the last days.
const AOBA_ENDINGS: [(usize, Ending); 17] = [
    (1, Ending::Today(Reached::Done)),
    (9, Ending::Today(Reached::Done)),
    (17, Ending::Today(Reached::AwaitingPayment)),
    (24, Ending::Today(Reached::AwaitingPayment)),
    (19, Ending::Today(Reached::InConsultation)),
    (50, Ending::Today(Reached::InConsultation)),
    (3, Ending::Today(Reached::Received)),
    (34, Ending::Today(Reached::Received)),
    (0, Ending::DaysAgo(1)),
    (8, Ending::DaysAgo(2)),
    (18, Ending::DaysAgo(3)),
    (23, Ending::DaysAgo(1)),
    (29, Ending::DaysAgo(2)),
    (32, Ending::DaysAgo(1)),
    (45, Ending::DaysAgo(2)),
    (52, Ending::DaysAgo(4)),
    (56, Ending::DaysAgo(3)),
];
/// Whose letters are issued.
const AOBA_LETTERS: [usize; 3] = [29, 32, 45];
const MINATO_ENDINGS: [(usize, Ending); 3] = [(2, Ending::DaysAgo(1)), (9, Ending::DaysAgo(2)), (13, Ending::DaysAgo(3))];

/// Law number (法別番号), share and monthly cap of the subsidies in Aoba's cast: 難病 54, 精神通院 21, 生活保護 12.
const AOBA_SUBSIDIES: [(usize, Certificate); 3] = [(33, ("54", "20", "10000")), (57, ("21", "10", "5000")), (6, ("12", "", ""))];

/// Writes the scripts of both clinics.
pub(super) fn write(masters: &Snapshot, seed: u64, today: NaiveDate) -> Fallible<Vec<Script>> {
    let book = Book::open(masters, today);
    let writer = Writer { book: &book, today, doctors: 2 };
    let mut people = Register::default();
    let shared = shared(&mut people, seed, today);

    let mut aoba = company(&writer, &mut people, seed, Neighbourhood::Aoba)?;
    aoba.push(shared_in_aoba(&writer, &book, seed, shared.clone())?);
    aoba.push(newcomer(&mut people, seed, today));
    let mut minato = company(&writer, &mut people, seed, Neighbourhood::Minato)?;
    minato.push(shared_in_minato(&writer, seed, shared.clone())?);

    let standards = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Ok(vec![
        Script {
            clinic: NewClinic {
                slug: "aoba".into(),
                name: "青葉内科クリニック".into(),
                number: InstitutionNumber("1319999901".into()),
                postal_code: "0000101".into(),
                address: "東京都若竹区青葉町1-2-3 青葉メディカルビル2階".into(),
                phone: "03-0000-0010".into(),
                standards: standards(&["時間外対応体制加算3", "明細書発行体制等加算", "外来・在宅ベースアップ評価料1"]),
            },
            staff: &AOBA_STAFF,
            patients: aoba,
            shared: shared.clone(),
        },
        Script {
            clinic: NewClinic {
                slug: "minato".into(),
                name: "みなと内科クリニック".into(),
                number: InstitutionNumber("1419999902".into()),
                postal_code: "0000201".into(),
                address: "神奈川県汐見市港町4-5-6".into(),
                phone: "045-000-0020".into(),
                standards: standards(&["明細書発行体制等加算"]),
            },
            staff: &MINATO_STAFF,
            patients: minato,
            shared,
        },
    ])
}

/// What a clinic's cast is told; numbers count through its parts.
struct Company {
    parts: &'static [Part],
    endings: &'static [(usize, Ending)],
    letters: &'static [usize],
    subsidies: &'static [(usize, Certificate)],
    /// First stream of the dice.
    streams: u64,
}

/// Everybody of a clinic's cast.
fn company(writer: &Writer<'_>, people: &mut Register, seed: u64, home: Neighbourhood) -> Fallible<Vec<PatientPlan>> {
    let Company { parts, endings, letters, subsidies, streams } = match home {
        Neighbourhood::Aoba => Company {
            parts: &cast::AOBA,
            endings: &AOBA_ENDINGS,
            letters: &AOBA_LETTERS,
            subsidies: &AOBA_SUBSIDIES,
            streams: 1_000,
        },
        Neighbourhood::Minato => {
            Company { parts: &cast::MINATO, endings: &MINATO_ENDINGS, letters: &[], subsidies: &[], streams: 2_000 }
        }
    };
    let mut plans = Vec::new();
    for part in parts.iter().flat_map(|part| std::iter::repeat_n(part, part.count)) {
        let index = plans.len();
        let mut dice = Dice::new(seed, streams + index as u64);
        let start = writer.start(&mut dice, part);
        let wanted = Wanted {
            home,
            ages: part.ages,
            sex: part.sex,
            since: before(start, dice.between(20, 300)),
            subsidy: subsidies.iter().find(|(who, _)| *who == index).map(|(_, law)| *law),
        };
        let person = people.person(&mut dice, writer.today, &wanted);
        let start = start.max(after(person.birth, 40));
        let ending = endings.iter().find(|(who, _)| *who == index).map_or(Ending::Usual, |(_, ending)| *ending);
        let mut plan = writer.patient(&mut dice, part, person, start, ending)?;
        if letters.contains(&index) {
            plan.letter = Some(letters::referral(part.kinds, &plan));
        }
        if let (Ending::Today(_), Some(last)) = (ending, plan.visits.last_mut()) {
            last.remark =
                dice.pick(&["", "", "処方のみ希望", "採血の結果説明希望", "次回予約の相談あり", "お薬手帳忘れ"]).to_owned();
        }
        plans.push(plan);
    }
    Ok(plans)
}

fn shared(people: &mut Register, seed: u64, today: NaiveDate) -> Person {
    let mut dice = Dice::new(seed, 1);
    let wanted =
        Wanted { home: Neighbourhood::Aoba, ages: (66, 68), sex: Some(Sex::Female), since: before(today, 1_400), subsidy: None };
    people.person(&mut dice, today, &wanted)
}

const fn alone(kinds: &'static [Kind], every: i64, months: i64) -> Part {
    Part { count: 1, ages: (66, 68), sex: Some(Sex::Female), kinds, every, months: (months, months), acute: 3 }
}

/// In Aoba: pressure, sugar and lipids for years, two allergies, seen yesterday.
fn shared_in_aoba(writer: &Writer<'_>, book: &Book<'_>, seed: u64, person: Person) -> Fallible<PatientPlan> {
    const PART: Part = alone(&[Hypertension, Diabetes, Lipids], 28, 42);
    let mut dice = Dice::new(seed, 2);
    let start = writer.start(&mut dice, &PART);
    let mut plan = writer.patient(&mut dice, &PART, person, start, Ending::DaysAgo(1))?;
    let shrimp = book.code(MasterKind::Allergen, "えび")?;
    let penicillin = format!("YCM{}", book.drug("サワシリンカプセル２５０")?.yj);
    plan.allergies = vec![
        AllergyForm { code: shrimp, severe: true, reaction: "全身の膨疹、喘鳴（救急受診歴あり）".into() },
        AllergyForm { code: penicillin, severe: false, reaction: "服用翌日に体幹の紅斑".into() },
    ];
    plan.consent = true;
    Ok(plan)
}

/// In Minato: a knee, near the daughter's home, with consent to read what Aoba shares.
fn shared_in_minato(writer: &Writer<'_>, seed: u64, person: Person) -> Fallible<PatientPlan> {
    const PART: Part = alone(&[Knee], 28, 3);
    let mut dice = Dice::new(seed, 3);
    let start = writer.start(&mut dice, &PART);
    let mut plan = writer.patient(&mut dice, &PART, person, start, Ending::DaysAgo(3))?;
    plan.allergies = Vec::new();
    plan.consent = true;
    plan.letter = Some(letters::from_minato_to_aoba(&plan));
    Ok(plan)
}

/// Somebody who has never been here and has just checked in with a fever.
fn newcomer(people: &mut Register, seed: u64, today: NaiveDate) -> PatientPlan {
    let mut dice = Dice::new(seed, 4);
    let wanted = Wanted { home: Neighbourhood::Aoba, ages: (29, 36), sex: None, since: before(today, 400), subsidy: None };
    let person = people.person(&mut dice, today, &wanted);
    PatientPlan {
        // As late as may be: minutes before the check-in.
        registered_at: instant(today, super::live::evening()),
        consent: false,
        allergies: Vec::new(),
        form: person.form,
        later_cards: person.later_cards,
        diagnoses: Vec::new(),
        visits: vec![VisitPlan {
            day: today,
            time: NaiveTime::MIN,
            doctor: 0,
            remark: today_fever().into(),
            soap: Soap::default(),
            prescriptions: Vec::new(),
            procedures: Vec::new(),
            results: Vec::new(),
            reached: Reached::Received,
        }],
        letter: None,
    }
}
