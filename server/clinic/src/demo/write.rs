//! From a part of the cast to a patient's whole history: when they come, what is written, ordered and measured.

use super::{
    book::Book,
    calendar::*,
    cast::Part,
    dice::Dice,
    memory::{Memory, Who},
    people::Person,
    plan::*,
    ranges,
    stories::{self, Body, Course, Episode, Kind, Scene, Take},
};
use crate::{Error, Fallible, diagnoses::SUSPECTED};
use chrono::{Datelike, NaiveDate};
use model::{chart::*, date, master::MasterKind, orders::*, patient::Sex};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// When the last visit of a history is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Within the last interval.
    Usual,
    /// So many days ago.
    DaysAgo(i64),
    /// Today, and how far it has come.
    Today(Reached),
}

/// What a patient came for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Regular,
    Acute(Episode),
}

/// Writes histories.
pub(super) struct Writer<'b> {
    pub book: &'b Book<'b>,
    pub today: NaiveDate,
    pub doctors: usize,
}

impl Writer<'_> {
    /// First day of a history.
    pub(super) fn start(&self, dice: &mut Dice, part: &Part) -> NaiveDate {
        before(self.today, dice.between(part.months.0, part.months.1) * 30)
    }

    pub(super) fn patient(
        &self,
        dice: &mut Dice,
        part: &Part,
        person: Person,
        start: NaiveDate,
        ending: Ending,
    ) -> Fallible<PatientPlan> {
        let age = date::age_on(person.birth, self.today);
        let heavy = [Kind::Hypertension, Kind::Diabetes, Kind::Lipids, Kind::Gout].iter().any(|kind| part.kinds.contains(kind));
        let mut body = Body::new(dice, age, person.sex, heavy);
        let mut courses: Vec<Box<dyn Course>> = part.kinds.iter().map(|kind| stories::course(*kind, dice, person.sex)).collect();
        let agenda = self.agenda(dice, part, &person, start, ending);
        let doctor = if dice.chance(68) { 0 } else { self.doctors - 1 };
        let mut plan = PatientPlan {
            registered_at: instant(start, chrono::NaiveTime::MIN),
            consent: dice.chance(40),
            allergies: self.allergies(dice, age, person.sex)?,
            form: person.form.clone(),
            later_cards: person.later_cards.clone(),
            diagnoses: Vec::new(),
            visits: Vec::new(),
            letter: None,
        };
        let mut memory = Memory::default();
        for (index, (day, cause)) in agenda.iter().enumerate() {
            let next = agenda[index + 1..].iter().find(|(_, cause)| *cause == Cause::Regular);
            let days = next.map_or(part.every, |(next, _)| (*next - *day).num_days()).clamp(14, 90);
            let regular = *cause == Cause::Regular;
            let who = Who { birth: person.birth, sex: person.sex, part };
            let mut scene = memory.scene(&who, *day, days, regular, &mut body, dice);
            match cause {
                Cause::Regular => self.regular(&mut scene, part, &mut courses, &mut memory, &mut plan)?,
                Cause::Acute(episode) => self.acute(&mut scene, *episode, part, &mut plan)?,
            }
            let visit = self.visit(scene, doctor)?;
            plan.visits.push(visit);
        }
        if let (Ending::Today(reached), Some(last)) = (ending, plan.visits.last_mut()) {
            last.reached = reached;
        }
        if let Some(first) = plan.visits.first() {
            plan.registered_at = instant(first.day, first.time) - chrono::Duration::minutes(6);
        }
        Ok(plan)
    }

    /// The days of all visits with their cause.
    fn agenda(&self, dice: &mut Dice, part: &Part, person: &Person, start: NaiveDate, ending: Ending) -> Vec<(NaiveDate, Cause)> {
        let last = match ending {
            Ending::Today(_) => self.today,
            Ending::DaysAgo(days) => open_until(before(self.today, days)),
            // The last week's visits are acted out one by one; most histories end before it.
            Ending::Usual if part.every > 0 => open_until(before(self.today, dice.between(6, part.every))),
            Ending::Usual => open_until(before(self.today, dice.between(6, 40))),
        };
        let mut days: BTreeMap<NaiveDate, Cause> = BTreeMap::new();
        if part.every > 0 {
            let mut day = last;
            while day >= start {
                days.insert(day, Cause::Regular);
                day = open_until(before(day, part.every + dice.between(-4, 3)));
            }
        } else if part.kinds == [Kind::Rhinitis] {
            for year in start.year()..=last.year() {
                for (month, from, to, percent) in [(2, 8, 27, 75), (3, 12, 30, 85), (4, 12, 26, 55), (10, 3, 28, 30)] {
                    let day = u32::try_from(dice.between(from, to)).expect("a day of a month");
                    let day = open_from(NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar"));
                    if dice.chance(percent) && day >= start && day <= last {
                        days.insert(day, Cause::Regular);
                    }
                }
            }
        }
        let span = (last - start).num_days().max(30);
        let mut episodes = (span * part.acute + dice.between(0, 3_650)) / 3_650;
        if part.every == 0 && days.is_empty() {
            days.insert(last, self.catch(dice, last, person));
            episodes = episodes.max(1) - 1;
        }
        for _ in 0..episodes {
            let day = open_from(after(start, dice.between(0, span - 8)));
            let far = days.keys().all(|other| (*other - day).num_days().abs() > if part.every > 0 { 5 } else { 15 });
            if far && day < before(self.today, 6) && day > start {
                days.insert(day, self.catch(dice, day, person));
            }
        }
        if days.is_empty() {
            days.insert(last, Cause::Regular);
        }
        days.into_iter().collect()
    }

    fn catch(&self, dice: &mut Dice, day: NaiveDate, person: &Person) -> Cause {
        Cause::Acute(stories::episode(dice, Season::of(day), date::age_on(person.birth, day), person.sex))
    }

    fn regular(
        &self,
        scene: &mut Scene<'_>,
        part: &Part,
        courses: &mut [Box<dyn Course>],
        memory: &mut Memory,
        plan: &mut PatientPlan,
    ) -> Fallible<()> {
        scene.open();
        let many = courses.len() > 1;
        for (index, course) in courses.iter_mut().enumerate() {
            let (name, modifiers) = course.diagnosis();
            scene.label = many.then_some((index + 1, name));
            if scene.nth == 0 {
                plan.diagnoses.push(self.diagnosis(name, &modifiers, scene.day, None, index == 0)?);
            }
            course.see(scene);
        }
        let adult = scene.age >= 16 && part.kinds != [Kind::Rhinitis];
        if adult {
            if !part.kinds.contains(&Kind::Hypertension) {
                let high = scene.dice.between(112, 132);
                scene.body.pressure = (high, 20 + high * 43 / 100);
                scene.body.pulse = scene.dice.between(62, 80);
            }
            if !part.kinds.contains(&Kind::HeartFailure) {
                scene.body.weight += (scene.body.usual_weight - scene.body.weight) * 0.15 + scene.dice.wobble(0.7);
            }
            scene.vitals();
            if scene.nth == 0 {
                let line = format!("身長 {:.1} cm、BMI {:.1}。", scene.body.height, scene.body.index());
                scene.find(line);
            }
        }
        if scene.blood && PANEL_FOR.iter().any(|kind| part.kinds.contains(kind)) {
            scene.measure(&["AST", "ALT", "GGT", "Cre", "BUN", "UA", "Na", "K", "Cl", "LDL-C", "HDL-C", "TG"]);
            if scene.yearly || part.kinds.contains(&Kind::Fibrillation) {
                scene.measure(&["WBC", "RBC", "Hb", "PLT"]);
            }
        }
        memory.manage(scene, part);
        Ok(())
    }

    fn acute(&self, scene: &mut Scene<'_>, episode: Episode, part: &Part, plan: &mut PatientPlan) -> Fallible<()> {
        episode.see(scene);
        let name = episode.diagnosis();
        let end = after(scene.day, episode.days());
        let ended = |outcome| (end < self.today).then_some((end, outcome));
        plan.diagnoses.push(self.diagnosis(name, &[], scene.day, ended(Outcome::Cured), part.kinds.is_empty())?);
        if episode == Episode::Bronchitis && scene.age >= 40 {
            plan.diagnoses.push(self.diagnosis("肺炎", &["の疑い"], scene.day, ended(Outcome::Stopped), false)?);
        }
        Ok(())
    }

    fn diagnosis(
        &self,
        name: &str,
        modifiers: &[&str],
        started_on: NaiveDate,
        ended: Option<(NaiveDate, Outcome)>,
        principal: bool,
    ) -> Fallible<DiagnosisPlan> {
        let modifier = |name: &&str| match *name {
            "の疑い" => Ok(SUSPECTED.to_owned()),
            name => self.book.code(MasterKind::Modifier, name),
        };
        Ok(DiagnosisPlan {
            code: self.book.code(MasterKind::Disease, name)?,
            modifiers: modifiers.iter().map(modifier).collect::<Fallible<_>>()?,
            started_on,
            ended,
            principal,
        })
    }

    /// A scene as a visit: drugs grouped by usage, tests ordered for what was measured.
    fn visit(&self, mut scene: Scene<'_>, doctor: usize) -> Fallible<VisitPlan> {
        if let Some(line) = scene.results_line() {
            scene.find(line);
        }
        let time = hour(scene.dice, scene.day);
        let doctor = if scene.dice.chance(88) { doctor } else { (doctor + 1) % self.doctors };
        let mut procedures = Vec::new();
        for (name, drug) in scene.procedures.iter().copied().chain(tests(&scene).into_iter().map(|name| (name, None))) {
            procedures.push(self.procedure(name, drug)?);
        }
        let mut results = Vec::new();
        for (name, value) in &scene.results {
            let item = self.book.lab(name)?;
            let (low, high) = if scene.age >= 18 { ranges::of(name, scene.sex) } else { ("", "") };
            results.push(ResultPlan { item: item.local_code.clone(), value: value.clone(), low, high });
        }
        Ok(VisitPlan {
            day: scene.day,
            time,
            doctor,
            remark: String::new(),
            soap: scene.soap(),
            prescriptions: self.prescriptions(&scene.drugs)?,
            procedures,
            results,
            reached: Reached::Done,
        })
    }

    fn procedure(&self, name: &str, drug: Option<(&str, &str)>) -> Fallible<ProcedurePlan> {
        let row = self.book.procedure(name)?;
        let drugs = drug.map(|(drug, amount)| self.item(drug, amount)).transpose()?;
        Ok(ProcedurePlan {
            code: row.code.0.clone(),
            name: row.name.clone(),
            quantity: Decimal::ONE,
            unit: if row.unit.is_empty() { "回".into() } else { row.unit.clone() },
            drugs: drugs.into_iter().collect(),
        })
    }

    fn item(&self, drug: &str, amount: &str) -> Fallible<RpItem> {
        let row = self.book.drug(drug)?;
        Ok(RpItem {
            code: row.code.clone(),
            name: row.name.clone(),
            yj: Some(row.yj.clone()).filter(|yj| !yj.is_empty()),
            general_name: None,
            amount: amount.parse().map_err(|_| Error::Broken(format!("demo: amount {amount}")))?,
            unit: row.unit.clone(),
        })
    }

    fn prescriptions(&self, drugs: &[Take]) -> Fallible<Vec<RpPlan>> {
        let mut groups: Vec<RpPlan> = Vec::new();
        for take in drugs {
            let usage = self.book.usage(take.usage)?;
            let count = u16::try_from(take.count).map_err(|_| Error::Broken("demo: count".into()))?;
            let item = self.item(take.drug, take.amount)?;
            let together = |rp: &&mut RpPlan| {
                rp.route == take.route && rp.usage_key == usage.key && rp.count == count && take.route == Route::Internal
            };
            match groups.iter_mut().find(together) {
                Some(group) => group.items.push(item),
                None => groups.push(RpPlan {
                    route: take.route,
                    usage_key: usage.key.clone(),
                    usage: usage.text.clone(),
                    usage_code: usage.code.clone(),
                    times_per_day: usage.times_per_day,
                    count,
                    items: vec![item],
                }),
            }
        }
        Ok(groups)
    }

    /// One in five has an allergy; a drug is never one that the stories of this patient prescribe.
    fn allergies(&self, dice: &mut Dice, age: u32, sex: Sex) -> Fallible<Vec<AllergyForm>> {
        const FOODS: [(&str, &str); 9] = [
            ("えび", "口唇の腫れとかゆみ"),
            ("かに", "全身の膨疹"),
            ("そば", "じんま疹、喘鳴"),
            ("鶏卵", "幼児期に嘔吐"),
            ("牛乳", "腹痛、下痢"),
            ("キウイフルーツ", "口腔内のかゆみ"),
            ("落花生", "のどの違和感"),
            ("くるみ", "じんま疹"),
            ("ハウスダスト", "鼻汁、くしゃみ"),
        ];
        if !dice.chance(21) {
            return Ok(Vec::new());
        }
        let mut all = Vec::new();
        if age >= 40 && dice.chance(45) {
            let drug = if sex == Sex::Male && dice.chance(40) {
                "クラビット錠５００ｍｇ"
            } else {
                "サワシリンカプセル２５０"
            };
            let reaction = dice.pick(&["服用翌日に全身の紅斑", "発疹", "じんま疹", "顔面の腫れ"]).to_owned();
            all.push(AllergyForm { code: format!("YCM{}", self.book.drug(drug)?.yj), severe: dice.chance(20), reaction });
        }
        if all.is_empty() || dice.chance(20) {
            let (name, reaction) = FOODS[dice.index(FOODS.len())];
            let code = self.book.code(MasterKind::Allergen, name)?;
            all.push(AllergyForm {
                code,
                severe: matches!(name, "そば" | "落花生") || dice.chance(15),
                reaction: reaction.into(),
            });
        }
        Ok(all)
    }
}

/// Diseases for which the blood panel is drawn.
const PANEL_FOR: [Kind; 6] = [Kind::Hypertension, Kind::Diabetes, Kind::Lipids, Kind::Kidney, Kind::Gout, Kind::HeartFailure];

/// The procedures behind the values.
fn tests(scene: &Scene<'_>) -> Vec<&'static str> {
    const TESTS: [(&str, &str); 23] = [
        ("U-TP", "尿一般"),
        ("U-A/C", "アルブミン定量（尿）"),
        ("WBC", "末梢血液一般検査"),
        ("Hb", "末梢血液一般検査"),
        ("HbA1c-NGSP", "ＨｂＡ１ｃ"),
        ("AST", "ＡＳＴ"),
        ("ALT", "ＡＬＴ"),
        ("GGT", "γ－ＧＴ"),
        ("Cre", "クレアチニン"),
        ("BUN", "ＢＵＮ"),
        ("UA", "ＵＡ"),
        ("Na", "ナトリウム及びクロール"),
        ("Cl", "ナトリウム及びクロール"),
        ("K", "カリウム"),
        ("LDL-C", "ＬＤＬ－コレステロール"),
        ("HDL-C", "ＨＤＬ－コレステロール"),
        ("TG", "ＴＧ"),
        ("BS", "グルコース"),
        ("TP", "ＴＰ"),
        ("CRP", "ＣＲＰ"),
        ("BNP", "ＢＮＰ"),
        ("CK", "ＣＫ"),
        ("LD", "ＬＤ"),
    ];
    let mut names: Vec<&'static str> = Vec::new();
    for (item, name) in TESTS {
        if scene.results.contains_key(item) && !names.contains(&name) {
            names.push(name);
        }
    }
    let blood = scene.results.keys().any(|item| !item.starts_with("U-"));
    if blood || scene.procedures.iter().any(|(name, _)| matches!(*name, "ＴＳＨ" | "Ｆｅ")) {
        names.insert(0, "Ｂ－Ｖ");
    }
    names
}
