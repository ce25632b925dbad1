//! The parts of a letter: their headings, and how two versions of them are put together.

use crate::chart::draft::{Saved, Written, merge_part};
use model::letter::{Letter, LetterForm};

/// A part of the letter: its field, its heading, what to write, and where it stands.
pub(super) struct Part {
    pub(super) field: &'static str,
    pub(super) heading: &'static str,
    pub(super) hint: &'static str,
    pub(super) line: bool,
    pub(super) required: bool,
    pub(super) read: fn(&LetterForm) -> &String,
    pub(super) write: fn(&mut LetterForm) -> &mut String,
}

/// Whom it is written to.
pub(super) const HEAD: [Part; 4] = [
    Part {
        field: "to_institution",
        heading: "紹介先医療機関",
        hint: "例: 中央総合病院",
        line: true,
        required: true,
        read: |f| &f.to_institution,
        write: |f| &mut f.to_institution,
    },
    Part {
        field: "to_number",
        heading: "医療機関番号",
        hint: "10桁。電子送信に必要",
        line: true,
        required: false,
        read: |f| &f.to_number,
        write: |f| &mut f.to_number,
    },
    Part {
        field: "to_department",
        heading: "診療科",
        hint: "例: 循環器内科",
        line: true,
        required: false,
        read: |f| &f.to_department,
        write: |f| &mut f.to_department,
    },
    Part {
        field: "to_doctor",
        heading: "医師名",
        hint: "空欄なら「担当医」",
        line: true,
        required: false,
        read: |f| &f.to_doctor,
        write: |f| &mut f.to_doctor,
    },
];

/// What is written.
pub(super) const BODY: [Part; 9] = [
    Part {
        field: "purpose",
        heading: "紹介目的",
        hint: "例: 胸痛の精査をお願いいたします。",
        line: false,
        required: true,
        read: |f| &f.purpose,
        write: |f| &mut f.purpose,
    },
    Part {
        field: "complaint",
        heading: "主訴",
        hint: "現在の傷病名は自動で添えられます",
        line: false,
        required: true,
        read: |f| &f.complaint,
        write: |f| &mut f.complaint,
    },
    Part {
        field: "present_illness",
        heading: "現病歴",
        hint: "いつから、どのように",
        line: false,
        required: true,
        read: |f| &f.present_illness,
        write: |f| &mut f.present_illness,
    },
    Part {
        field: "past_history",
        heading: "既往歴",
        hint: "任意",
        line: false,
        required: false,
        read: |f| &f.past_history,
        write: |f| &mut f.past_history,
    },
    Part {
        field: "family_history",
        heading: "家族歴",
        hint: "任意",
        line: false,
        required: false,
        read: |f| &f.family_history,
        write: |f| &mut f.family_history,
    },
    Part {
        field: "social_history",
        heading: "社会歴・生活習慣",
        hint: "任意。例: 喫煙、飲酒、職業、同居の家族",
        line: false,
        required: false,
        read: |f| &f.social_history,
        write: |f| &mut f.social_history,
    },
    Part {
        field: "findings",
        heading: "身体所見",
        hint: "任意",
        line: false,
        required: false,
        read: |f| &f.findings,
        write: |f| &mut f.findings,
    },
    Part {
        field: "course",
        heading: "臨床経過",
        hint: "任意",
        line: false,
        required: false,
        read: |f| &f.course,
        write: |f| &mut f.course,
    },
    Part {
        field: "remarks",
        heading: "備考・連絡情報",
        hint: "任意",
        line: false,
        required: false,
        read: |f| &f.remarks,
        write: |f| &mut f.remarks,
    },
];

impl Written for LetterForm {
    fn parts(&self) -> Vec<(&'static str, String)> {
        HEAD.iter().chain(&BODY).map(|part| (part.heading, (part.read)(self).clone())).collect()
    }

    fn merged(yours: &Self, theirs: &Self, by: &str) -> Self {
        let mut both = Self::default();
        for part in HEAD.iter().chain(&BODY) {
            let (a, b) = ((part.read)(yours), (part.read)(theirs));
            // One line has no room for two answers: the one in this editor stays, the other was seen in the dialog.
            *(part.write)(&mut both) =
                if part.line { if a.trim().is_empty() { b.clone() } else { a.clone() } } else { merge_part(a, b, by) };
        }
        both
    }
}

pub(super) fn saved(letter: &Letter) -> Saved<LetterForm> {
    Saved { text: letter.form.clone(), version: letter.version, at: Some(letter.saved_at), by: letter.author.name.clone() }
}
