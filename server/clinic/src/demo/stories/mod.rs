//! Stories: what brings somebody to the clinic and how it goes on. A course (経過) is one disease of one patient; it is
//! asked at every visit and adds its sentences, numbers, drugs and tests to the scene.

mod acute;
mod airway;
mod body;
mod bones;
mod heart;
mod metabolism;
mod pressure;
mod prose;
mod quiet;
mod scene;

pub(super) use acute::{Episode, episode, today_fever};
pub(super) use body::Body;
pub(super) use scene::{Scene, Take};

use super::dice::Dice;
use model::patient::Sex;

/// A disease that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// 高血圧症.
    Hypertension,
    /// ２型糖尿病.
    Diabetes,
    /// 脂質異常症.
    Lipids,
    /// 慢性腎臓病.
    Kidney,
    /// 痛風 or 高尿酸血症.
    Gout,
    /// 心房細動.
    Fibrillation,
    /// 慢性心不全.
    HeartFailure,
    /// 気管支喘息.
    Asthma,
    /// アレルギー性鼻炎, seasonal.
    Rhinitis,
    /// 変形性膝関節症.
    Knee,
    /// 骨粗鬆症.
    Bones,
    /// 甲状腺機能低下症.
    Thyroid,
    /// 鉄欠乏性貧血.
    Iron,
    /// 逆流性食道炎.
    Reflux,
    /// 不眠症.
    Sleep,
    /// 便秘症.
    Constipation,
}

/// A course of a disease.
pub(super) trait Course {
    /// Name of the disease in the master, and its modifiers.
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>);
    /// One visit of it.
    fn see(&mut self, scene: &mut Scene<'_>);
}

/// A new course of a kind.
pub(super) fn course(kind: Kind, dice: &mut Dice, sex: Sex) -> Box<dyn Course> {
    match kind {
        Kind::Hypertension => Box::new(pressure::Hypertension::new(dice)),
        Kind::Diabetes => Box::new(metabolism::Diabetes::new(dice)),
        Kind::Lipids => Box::new(metabolism::Lipids::new(dice)),
        Kind::Kidney => Box::new(heart::Kidney::new(dice, sex)),
        Kind::Gout => Box::new(metabolism::Gout::new(dice)),
        Kind::Fibrillation => Box::new(heart::Fibrillation),
        Kind::HeartFailure => Box::new(heart::Failure::new(dice)),
        Kind::Asthma => Box::new(airway::Asthma::new(dice)),
        Kind::Rhinitis => Box::new(airway::Rhinitis),
        Kind::Knee => Box::new(bones::Knee::new(dice)),
        Kind::Bones => Box::new(bones::Osteoporosis::new(dice)),
        Kind::Thyroid => Box::new(quiet::Thyroid::new(dice)),
        Kind::Iron => Box::new(quiet::Iron::new(dice)),
        Kind::Reflux => Box::new(quiet::Reflux),
        Kind::Sleep => Box::new(quiet::Sleep),
        Kind::Constipation => Box::new(quiet::Constipation),
    }
}
