//! Columns of the basic masters (基本マスター), numbered from 1 as in 支払基金 「レセプト電算処理システム マスターファイル
//! 仕様説明書」 R06 (S 150, Y 42, T 38, C 30, B 46, Z 19 columns).

use model::master::MasterKind;

/// Column names of master B (傷病名).
pub mod b {
    #![expect(missing_docs, reason = "each name is the specification's own item name")]
    pub const CODE: usize = 3;
    pub const SUCCESSOR: usize = 4;
    pub const NAME: usize = 6;
    pub const SHORT_NAME: usize = 8;
    pub const KANA: usize = 10;
    pub const MANAGEMENT: usize = 11;
    pub const ADOPTION: usize = 12;
    pub const EXCHANGE: usize = 13;
    pub const ICD10: usize = 16;
    pub const NEVER_ALONE: usize = 19;
    pub const UNINSURED: usize = 20;
    pub const SPECIAL: usize = 21;
    pub const LISTED: usize = 22;
    pub const CHANGED: usize = 23;
    pub const ABOLISHED: usize = 24;
    pub const INTRACTABLE: usize = 43;
}

/// Column names of master Z (修飾語).
pub mod z {
    #![expect(missing_docs, reason = "each name is the specification's own item name")]
    pub const CODE: usize = 3;
    pub const NAME: usize = 7;
    pub const KANA: usize = 10;
    pub const LISTED: usize = 14;
    pub const CHANGED: usize = 15;
    pub const ABOLISHED: usize = 16;
    pub const MANAGEMENT: usize = 17;
    pub const EXCHANGE: usize = 18;
    pub const CLASS: usize = 19;
}

/// Column names of master S (診療行為).
pub mod s {
    #![expect(missing_docs, reason = "each name is the specification's own item name")]
    pub const CODE: usize = 3;
    pub const NAME: usize = 5;
    pub const KANA: usize = 7;
    pub const UNIT: usize = 10;
    pub const POINT_KIND: usize = 11;
    pub const POINTS: usize = 12;
    pub const IN_OUT: usize = 13;
    pub const SECTION: usize = 15;
    pub const BUNDLE: usize = 16;
    pub const HOSPITAL_CLINIC: usize = 19;
    pub const STEP: usize = 30;
    pub const ADD_ON: usize = 38;
    pub const ADD_ON_NUMBER: usize = 39;
    pub const GENERAL_AGE: usize = 40;
    pub const AGE_LOWER: usize = 41;
    pub const AGE_UPPER: usize = 42;
    pub const TIME_ADD_ON: usize = 43;
    pub const TREATMENT_INFANT: usize = 46;
    pub const JUDGEMENT_KIND: usize = 50;
    pub const JUDGEMENT_GROUP: usize = 51;
    pub const DIMINISHING: usize = 52;
    pub const OUTPATIENT_MANAGEMENT: usize = 56;
    pub const NOTICE_KIND: usize = 68;
    pub const STANDARDS: usize = 72;
    pub const PART: usize = 85;
    pub const CHANGED: usize = 87;
    pub const ABOLISHED: usize = 88;
    pub const ARTICLE: usize = 92;
    pub const ARTICLE_BRANCH: usize = 93;
    pub const LONG_NAME: usize = 113;
    pub const ARTICLE_TEXT: usize = 117;
}

/// Column names of master Y (医薬品).
pub mod y {
    #![expect(missing_docs, reason = "each name is the specification's own item name")]
    pub const CODE: usize = 3;
    pub const NAME: usize = 5;
    pub const KANA: usize = 7;
    pub const UNIT: usize = 10;
    pub const PRICE: usize = 12;
    pub const CONTROLLED: usize = 14;
    pub const GENERIC: usize = 17;
    pub const FORM: usize = 28;
    pub const CHANGED: usize = 30;
    pub const ABOLISHED: usize = 31;
    pub const YJ: usize = 32;
    pub const TRANSITION_END: usize = 34;
    pub const LISTED: usize = 36;
    pub const GENERAL_CODE: usize = 37;
    pub const GENERAL_TEXT: usize = 38;
    pub const GENERAL_ADD_ON: usize = 39;
    pub const CHOICE_CHARGE: usize = 42;
}

/// Column names of master T (特定器材).
pub mod t {
    #![expect(missing_docs, reason = "each name is the specification's own item name")]
    pub const CODE: usize = 3;
    pub const NAME: usize = 5;
    pub const KANA: usize = 7;
    pub const UNIT: usize = 10;
    pub const PRICE_KIND: usize = 11;
    pub const PRICE: usize = 12;
    pub const CHANGED: usize = 28;
    pub const TRANSITION_END: usize = 29;
    pub const ABOLISHED: usize = 30;
}

/// Column names of master C (コメント).
pub mod c {
    #![expect(missing_docs, reason = "each name is the specification's own item name")]
    pub const PATTERN: usize = 4;
    pub const TEXT: usize = 7;
    pub const SLOTS: usize = 10;
    pub const CHOICE: usize = 20;
    pub const CHANGED: usize = 21;
    pub const ABOLISHED: usize = 22;
    pub const CODE: usize = 23;
}

/// What a reader must know of a basic master before it looks at the meaning of a row.
#[derive(Debug, PartialEq, Eq)]
pub struct Layout {
    /// Which master.
    pub kind: MasterKind,
    /// Its letter in column 2 (マスター種別).
    pub letter: &'static str,
    /// How many columns a row may have: today's count, and earlier ones.
    pub columns: &'static [usize],
    /// Column of the key.
    pub key: usize,
    /// Length of the key.
    pub key_length: usize,
    /// Column of the name; a row without it is sparse.
    pub name: usize,
    /// Column of the first day in force (変更年月日).
    pub changed: usize,
    /// Columns of last days in force: 廃止年月日, and 経過措置年月日 where there is one (which is the one that is kept up).
    pub ends: &'static [usize],
    /// Column of the day a code was first listed (収載年月日), where names carry one.
    pub listed: Option<usize>,
}

/// The six basic masters.
pub const LAYOUTS: [Layout; 6] = [
    Layout {
        kind: MasterKind::Disease,
        letter: "B",
        columns: &[46],
        key: b::CODE,
        key_length: 7,
        name: b::NAME,
        changed: b::CHANGED,
        ends: &[b::ABOLISHED],
        listed: Some(b::LISTED),
    },
    Layout {
        kind: MasterKind::Modifier,
        letter: "Z",
        columns: &[19],
        key: z::CODE,
        key_length: 4,
        name: z::NAME,
        changed: z::CHANGED,
        ends: &[z::ABOLISHED],
        listed: Some(z::LISTED),
    },
    Layout {
        kind: MasterKind::Procedure,
        letter: "S",
        columns: &[150],
        key: s::CODE,
        key_length: 9,
        name: s::NAME,
        changed: s::CHANGED,
        ends: &[s::ABOLISHED],
        listed: None,
    },
    Layout {
        kind: MasterKind::Drug,
        letter: "Y",
        // 40 until 2024-09, when 長期収載品関連 and 選定療養区分 were added.
        columns: &[42, 40],
        key: y::CODE,
        key_length: 9,
        name: y::NAME,
        changed: y::CHANGED,
        ends: &[y::ABOLISHED, y::TRANSITION_END],
        listed: None,
    },
    Layout {
        kind: MasterKind::Material,
        letter: "T",
        columns: &[38, 37],
        key: t::CODE,
        key_length: 9,
        name: t::NAME,
        changed: t::CHANGED,
        ends: &[t::ABOLISHED, t::TRANSITION_END],
        listed: None,
    },
    Layout {
        kind: MasterKind::Comment,
        letter: "C",
        columns: &[30],
        key: c::CODE,
        key_length: 9,
        name: c::TEXT,
        changed: c::CHANGED,
        ends: &[c::ABOLISHED],
        listed: None,
    },
];

impl Layout {
    /// The layout of a kind, none for masters that are no basic master.
    pub fn of(kind: MasterKind) -> Option<&'static Self> {
        LAYOUTS.iter().find(|layout| layout.kind == kind)
    }

    /// The layout of a letter in column 2.
    pub fn by_letter(letter: &str) -> Option<&'static Self> {
        LAYOUTS.iter().find(|layout| layout.letter == letter)
    }
}
