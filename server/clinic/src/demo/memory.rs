//! What the writer remembers of a patient from one visit to the next: when blood was drawn, what is due, what was managed.

use super::{
    cast::Part,
    dice::Dice,
    stories::{Body, Kind, Scene},
};
use chrono::{Datelike, NaiveDate};
use model::{date, patient::Sex};
use std::collections::BTreeMap;

/// Whose visits they are.
#[derive(Clone, Copy)]
pub(super) struct Who<'p> {
    pub birth: NaiveDate,
    pub sex: Sex,
    pub part: &'p Part,
}

/// What the writer remembers from one visit to the next.
#[derive(Default)]
pub(super) struct Memory {
    visits: usize,
    first: Option<NaiveDate>,
    blood: Option<NaiveDate>,
    yearly: Option<NaiveDate>,
    managed: Option<NaiveDate>,
}

impl Memory {
    /// The scene of a visit, with what is due on the day.
    pub(super) fn scene<'a>(
        &mut self,
        who: &Who<'_>,
        day: NaiveDate,
        days: i64,
        regular: bool,
        body: &'a mut Body,
        dice: &'a mut Dice,
    ) -> Scene<'a> {
        let Who { birth, sex, part } = *who;
        let due = |last: Option<NaiveDate>, after: i64| last.is_none_or(|last| (day - last).num_days() >= after);
        let often =
            part.kinds.contains(&Kind::Diabetes) || part.kinds.contains(&Kind::Kidney) || part.kinds.contains(&Kind::Thyroid);
        let blood = regular && due(self.blood, if often { 80 } else { 160 });
        let nth = self.visits;
        let yearly = regular && nth > 0 && self.yearly.is_some_and(|last| (day - last).num_days() >= 350);
        self.first = self.first.or(Some(day));
        if regular {
            self.visits += 1;
            self.yearly = if yearly || self.yearly.is_none() { Some(day) } else { self.yearly };
            self.blood = if blood { Some(day) } else { self.blood };
        }
        Scene {
            day,
            age: date::age_on(birth, day),
            sex,
            nth,
            days,
            blood,
            yearly,
            body,
            dice,
            label: None,
            said: Vec::new(),
            found: Vec::new(),
            thought: Vec::new(),
            planned: Vec::new(),
            drugs: Vec::new(),
            procedures: Vec::new(),
            results: BTreeMap::new(),
        }
    }

    /// 生活習慣病管理料２ once a month, not in the month of the first visit (B001-3-3); 特定疾患療養管理料 where the main disease
    /// is one of those, not within a month of the first visit (B000). The fee module checks again.
    pub(super) fn manage(&mut self, scene: &mut Scene<'_>, part: &Part) {
        let month = |day: NaiveDate| (day.year(), day.month());
        let this = month(scene.day);
        if self.first.is_some_and(|first| month(first) == this) || self.managed.is_some_and(|last| month(last) == this) {
            return;
        }
        let lifestyle = [Kind::Hypertension, Kind::Diabetes, Kind::Lipids].contains(part.kinds.first().unwrap_or(&Kind::Sleep));
        let special = matches!(part.kinds.first(), Some(Kind::Asthma | Kind::Thyroid | Kind::HeartFailure | Kind::Fibrillation));
        let month_passed = self.first.is_some_and(|first| (scene.day - first).num_days() > 31);
        if lifestyle {
            scene.perform("生活習慣病管理料２");
            if self.managed.is_none() {
                scene.plan("療養計画書を作成し、説明のうえ交付。");
            }
        } else if special && month_passed {
            scene.perform("特定疾患療養管理料（診療所）");
        } else {
            return;
        }
        self.managed = Some(scene.day);
    }
}
