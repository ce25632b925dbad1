//! The body the numbers come from: each patient keeps their own level, and values wander around it.

use crate::demo::dice::Dice;
use model::patient::Sex;

/// What is measured.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Body {
    /// Height in cm.
    pub height: f64,
    /// Weight in kg.
    pub weight: f64,
    /// Weight that it returns to, in kg.
    pub usual_weight: f64,
    /// Weight at the last visit.
    pub last_weight: f64,
    /// Systolic and diastolic pressure of today, mmHg.
    pub pressure: (i64, i64),
    /// Pulse a minute.
    pub pulse: i64,
    /// Whether the pulse is irregular.
    pub irregular: bool,
    /// Own level of each laboratory item: name, level, how far it wanders, decimals.
    levels: Vec<(&'static str, f64, f64, usize)>,
}

impl Body {
    pub(in crate::demo) fn new(dice: &mut Dice, age: u32, sex: Sex, heavy: bool) -> Self {
        let man = sex == Sex::Male;
        let height = match age {
            0..16 => 78.0 + f64::from(age) * 5.6,
            16..65 => (if man { 171.0 } else { 158.0 }) + dice.wobble(9.0),
            _ => (if man { 164.0 } else { 151.0 }) + dice.wobble(8.0),
        };
        let index = match (age, heavy) {
            (0..16, _) => 16.5,
            (_, true) => 25.2 + dice.wobble(4.2),
            (_, false) => 22.2 + dice.wobble(3.6),
        };
        let weight = index * height * height / 10_000.0;
        let levels = vec![
            ("WBC", 6_100.0 + dice.wobble(1_600.0), 700.0, 0),
            ("RBC", if man { 482.0 } else { 436.0 } + dice.wobble(28.0), 9.0, 0),
            ("Hb", if man { 14.8 } else { 13.1 } + dice.wobble(0.9), 0.25, 1),
            ("PLT", 23.5 + dice.wobble(5.0), 1.2, 1),
            ("TP", 7.2 + dice.wobble(0.3), 0.12, 1),
            ("ALB", 4.3 + dice.wobble(0.25), 0.08, 1),
            ("AST", 22.0 + dice.wobble(6.0), 3.0, 0),
            ("ALT", if man { 24.0 } else { 17.0 } + dice.wobble(7.0), 4.0, 0),
            ("GGT", if man { 38.0 } else { 20.0 } + dice.wobble(14.0), 5.0, 0),
            ("BUN", 14.5 + dice.wobble(3.0), 1.4, 1),
            ("Cre", if man { 0.86 } else { 0.64 } + dice.wobble(0.1), 0.03, 2),
            ("UA", if man { 5.8 } else { 4.5 } + dice.wobble(0.8), 0.3, 1),
            ("Na", 140.6 + dice.wobble(1.4), 1.0, 0),
            ("K", 4.2 + dice.wobble(0.25), 0.15, 1),
            ("Cl", 104.2 + dice.wobble(1.4), 1.0, 0),
            ("LDL-C", 112.0 + dice.wobble(20.0), 8.0, 0),
            ("HDL-C", if man { 54.0 } else { 63.0 } + dice.wobble(11.0), 3.0, 0),
            ("TG", 108.0 + dice.wobble(40.0), 24.0, 0),
            ("BS", 104.0 + dice.wobble(12.0), 9.0, 0),
            ("HbA1c-NGSP", 5.6 + dice.wobble(0.25), 0.08, 1),
            ("CRP", 0.08, 0.05, 2),
        ];
        Self {
            height,
            weight,
            usual_weight: weight,
            last_weight: weight,
            pressure: (122, 74),
            pulse: 70,
            irregular: false,
            levels,
        }
    }

    /// Sets somebody's own level of an item.
    pub(in crate::demo) fn level(&mut self, item: &str, level: f64) {
        if let Some(entry) = self.levels.iter_mut().find(|entry| entry.0 == item) {
            entry.1 = level;
        }
    }

    /// Today's value of an item around its level, with its decimals.
    pub(in crate::demo) fn measure(&self, dice: &mut Dice, item: &str) -> Option<(f64, usize)> {
        let (_, level, width, decimals) = self.levels.iter().find(|entry| entry.0 == item)?;
        Some(((level + dice.wobble(*width)).max(0.01), *decimals))
    }

    /// Body mass index.
    pub(in crate::demo) fn index(&self) -> f64 {
        self.weight * 10_000.0 / (self.height * self.height)
    }
}
