//! The cast: how many patients of which kind each clinic has. An internal-medicine clinic in the city: children with
//! fevers, people at work with pressure and lipids, and many of the very old.

use super::stories::Kind::{self, *};
use model::patient::Sex::{self, Female, Male};

/// A kind of patient.
pub(super) struct Part {
    /// How many.
    pub count: usize,
    /// Youngest and oldest age.
    pub ages: (i64, i64),
    /// Sex, if it matters.
    pub sex: Option<Sex>,
    /// Diseases that go on; the first is the main one.
    pub kinds: &'static [Kind],
    /// Days between visits: 28 monthly, 56 every other month.
    pub every: i64,
    /// Shortest and longest history in months.
    pub months: (i64, i64),
    /// Acute episodes in ten years.
    pub acute: i64,
}

const fn part(
    count: usize,
    ages: (i64, i64),
    sex: Option<Sex>,
    kinds: &'static [Kind],
    every: i64,
    months: (i64, i64),
    acute: i64,
) -> Part {
    Part { count, ages, sex, kinds, every, months, acute }
}

/// Aoba clinic's seventy.
pub(super) const AOBA: [Part; 20] = [
    part(4, (48, 74), None, &[Hypertension], 28, (36, 58), 4),
    part(4, (52, 78), None, &[Hypertension], 56, (36, 60), 4),
    part(5, (50, 79), None, &[Hypertension, Lipids], 28, (30, 60), 4),
    part(3, (55, 72), None, &[Hypertension, Lipids], 56, (36, 60), 4),
    part(6, (52, 80), None, &[Hypertension, Diabetes, Lipids], 28, (36, 60), 4),
    part(4, (45, 72), None, &[Diabetes, Lipids], 28, (30, 54), 4),
    part(3, (42, 66), None, &[Lipids], 56, (24, 48), 4),
    part(3, (62, 84), Some(Male), &[Hypertension, Kidney, Gout], 28, (36, 60), 3),
    part(2, (78, 92), None, &[HeartFailure, Fibrillation], 28, (30, 48), 3),
    part(3, (22, 60), None, &[Asthma, Rhinitis], 56, (30, 50), 6),
    part(1, (8, 12), None, &[Asthma], 56, (20, 34), 12),
    part(5, (12, 50), None, &[Rhinitis], 0, (24, 50), 5),
    part(3, (68, 85), None, &[Hypertension, Knee], 28, (30, 50), 3),
    part(6, (72, 95), Some(Female), &[Bones, Constipation, Sleep], 28, (28, 56), 3),
    part(2, (35, 65), Some(Female), &[Thyroid], 56, (24, 44), 5),
    part(2, (24, 46), Some(Female), &[Iron], 28, (7, 11), 5),
    part(3, (40, 70), None, &[Reflux, Sleep], 28, (24, 44), 5),
    part(1, (38, 58), Some(Male), &[Gout], 56, (24, 40), 5),
    part(6, (18, 60), None, &[], 0, (14, 40), 14),
    part(4, (1, 14), None, &[], 0, (11, 48), 34),
];

/// Minato clinic's thirty.
pub(super) const MINATO: [Part; 10] = [
    part(4, (50, 80), None, &[Hypertension], 28, (24, 50), 4),
    part(4, (54, 82), None, &[Hypertension, Lipids], 28, (30, 54), 4),
    part(4, (50, 78), None, &[Hypertension, Diabetes, Lipids], 28, (30, 58), 4),
    part(2, (25, 55), None, &[Asthma], 56, (24, 40), 6),
    part(3, (12, 48), None, &[Rhinitis], 0, (24, 44), 5),
    part(2, (66, 86), None, &[Knee], 28, (14, 30), 3),
    part(3, (74, 93), Some(Female), &[Bones, Constipation], 28, (24, 44), 3),
    part(2, (42, 72), None, &[Reflux], 56, (20, 36), 5),
    part(3, (20, 58), None, &[], 0, (14, 36), 14),
    part(3, (1, 13), None, &[], 0, (11, 40), 34),
];
