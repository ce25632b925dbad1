//! The referral letters of the demo: to a hospital that does not exist, and from one clinic of the demo to the other.

use super::{plan::PatientPlan, stories::Kind};
use model::{date, letter::LetterForm};

/// A letter that fits what somebody has.
pub(super) fn referral(kinds: &[Kind], plan: &PatientPlan) -> LetterForm {
    let since = plan.visits.first().map(|visit| date::era_year(visit.day)).unwrap_or_default();
    let (department, doctor, purpose, complaint, illness) = if kinds.contains(&Kind::HeartFailure) {
        (
            "循環器内科",
            "外来担当医",
            "心エコー検査による心機能の評価と、今後の治療方針についてご高診をお願いします。",
            "労作時の息切れ、下腿浮腫",
            "慢性心不全・心房細動にて内服加療中です。最近、体重増加と夕方の下腿浮腫を認めることがあり、利尿薬で対応しております。",
        )
    } else if kinds.contains(&Kind::Knee) {
        (
            "整形外科",
            "膝関節外来担当医",
            "保存的治療で疼痛が残存しており、手術適応を含めた評価をお願いします。",
            "膝関節痛",
            "変形性膝関節症に対し、外用薬とヒアルロン酸の関節内注射を行ってまいりました。階段昇降時の痛みが続いております。",
        )
    } else {
        (
            "腎臓内科",
            "外来担当医",
            "腎機能のゆるやかな低下と尿蛋白について、精査と併診をお願いします。",
            "自覚症状なし（腎機能低下）",
            "高血圧症・慢性腎臓病にて加療中です。血圧は概ね管理されておりますが、血清クレアチニンが徐々に上昇しております。",
        )
    };
    LetterForm {
        to_institution: "汐見台総合病院".into(),
        // In the form of a number, and nobody's.
        to_number: "1319999910".into(),
        to_department: department.into(),
        to_doctor: doctor.into(),
        purpose: purpose.into(),
        complaint: complaint.into(),
        present_illness: format!("{since}より当院通院中の患者さんです。{illness}"),
        past_history: "特記すべき手術歴なし。".into(),
        findings: String::new(),
        course: String::new(),
        remarks: "お薬手帳を持参されます。ご多忙のところ恐れ入りますが、よろしくお願いいたします。".into(),
        ..LetterForm::default()
    }
}

/// Minato writes to Aoba about the person both know: it lies in Aoba's mailbox on the first day.
pub(super) fn from_minato_to_aoba(plan: &PatientPlan) -> LetterForm {
    let since = plan.visits.first().map(|visit| date::era_year(visit.day)).unwrap_or_default();
    LetterForm {
        to_institution: "青葉内科クリニック".into(),
        to_number: "1319999901".into(),
        to_department: "内科".into(),
        to_doctor: "青葉 恵一".into(),
        purpose: "膝の鎮痛薬を調整しております。腎機能と血圧への影響について、貴院での経過とあわせてご確認をお願いいたします。"
            .into(),
        complaint: "膝関節痛".into(),
        present_illness: format!(
            "{since}より当院に通院中の患者さんです。変形性膝関節症に対し、外用薬と頓用の内服で経過をみております。\n歩行時痛は軽減していますが、正座と階段の下りで痛みが残ります。"
        ),
        past_history: "高血圧症・糖尿病・脂質異常症にて貴院通院中と伺っております。".into(),
        social_history: "お一人暮らし。週に二日、近くの娘さん宅で過ごされます。".into(),
        remarks: "次回は貴院の定期受診の際にご相談されるようお伝えしています。".into(),
        ..LetterForm::default()
    }
}
