//! Records and their fields (記録条件仕様 医科), numbered from 1 as the specification does; field 1 is the record's name.
//!
//! Lengths are checked of numbers and codes only. Those of text are not: files in use exceed them (the sample's longest 傷病名称
//! has 216 bytes where 40 are given).

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Digits (数字).
    Digits,
    /// Digits with an optional decimal part: 数量データ, 使用量, 単価.
    Decimal,
    /// Digits with an optional minus: 点数 (reductions).
    Points,
    /// Year and month `YYYYMM`.
    Month,
    /// Day `YYYYMMDD`.
    Day,
    /// Half-width letters and digits (英数), spaces among them.
    Letters,
    /// One letter of 負担区分.
    Burden,
    /// Any text (漢字, 英数カナ).
    Text,
}

/// A field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The specification's name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Largest length in bytes; 0 where it is not checked.
    pub max: usize,
    /// Whether a cell that is filled has exactly that length (固定).
    pub fixed: bool,
    /// Whether the cell must be filled for the receipt to be read.
    pub required: bool,
}

impl Field {
    const fn must(self) -> Self {
        Self { required: true, ..self }
    }
    const fn whole(self) -> Self {
        Self { fixed: true, ..self }
    }
}

const fn field(name: &'static str, kind: Kind, max: usize) -> Field {
    Field { name, kind, max, fixed: false, required: false }
}
const fn digits(name: &'static str, max: usize) -> Field {
    field(name, Kind::Digits, max)
}
const fn text(name: &'static str) -> Field {
    field(name, Kind::Text, 0)
}
const fn letters(name: &'static str, max: usize) -> Field {
    field(name, Kind::Letters, max)
}
const fn unused() -> Field {
    field("予備", Kind::Text, 0)
}

/// A record's fields: those of its own, and the 31 cells of days where it has them (31日の情報).
#[derive(Debug)]
pub struct Layout {
    head: &'static [Field],
    days: Option<Field>,
}

impl Layout {
    /// How many fields, the record's name included.
    pub fn len(&self) -> usize {
        1 + self.head.len() + if self.days.is_some() { 31 } else { 0 }
    }

    /// Never: every record has its name.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The field of a number, from 1.
    pub fn field(&self, number: usize) -> Field {
        match number {
            0 | 1 => letters("レコード識別", 2).whole().must(),
            n => self.head.get(n - 2).copied().or(self.days).unwrap_or_else(unused),
        }
    }

    /// Field of the first day, where there are days.
    pub fn first_day(&self) -> Option<usize> {
        self.days.map(|_| self.head.len() + 2)
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $head:expr, $days:expr;)+) => {
        /// Which record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum RecordKind { $($(#[$doc])* $name),+ }

        impl RecordKind {
            /// All records.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name (レコード識別), two letters.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// Its fields.
            pub fn layout(self) -> &'static Layout {
                match self { $(Self::$name => { const LAYOUT: Layout = Layout { head: $head, days: $days }; &LAYOUT }),+ }
            }
        }
    };
}

impl RecordKind {
    /// Reads a record's name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

const TIMES: Option<Field> = Some(digits("日の情報（回数）", 3));
const VISITS: Option<Field> = Some(digits("日の情報（受診等区分）", 1));

kinds! {
    /// 医療機関情報: whose file, for which month.
    Ir = "IR", &[
        digits("審査支払機関", 1).whole(),
        digits("都道府県", 2).whole(),
        digits("点数表", 1).whole(),
        digits("医療機関コード", 7).whole(),
        unused(),
        text("医療機関名称"),
        field("請求年月", Kind::Month, 6).whole().must(),
        digits("マルチボリューム識別", 2).whole(),
        letters("電話番号", 15),
    ], None;
    /// レセプト共通: opens a receipt.
    Re = "RE", &[
        digits("レセプト番号", 6).must(),
        digits("レセプト種別", 4).whole().must(),
        field("診療年月", Kind::Month, 6).whole().must(),
        text("氏名"),
        digits("男女区分", 1).whole(),
        field("生年月日", Kind::Day, 8).whole().must(),
        digits("給付割合", 3),
        field("入院年月日", Kind::Day, 8).whole(),
        letters("病棟区分", 8),
        digits("一部負担金・食事療養費・生活療養費標準負担額区分", 1),
        letters("レセプト特記事項", 10),
        digits("病床数", 4),
        letters("カルテ番号等", 20),
        digits("割引点数単価", 2),
        unused(),
        unused(),
        unused(),
        digits("検索番号", 30),
        unused(),
        text("請求情報"),
        digits("診療科等1", 3),
        digits("診療科等2", 3),
        digits("診療科等3", 3),
        digits("診療科等4", 3),
        digits("診療科等5", 3),
        digits("診療科等6", 3),
        digits("診療科等7", 3),
        digits("診療科等8", 3),
        digits("診療科等9", 3),
        digits("診療科等10", 3),
        digits("診療科等11", 3),
        digits("診療科等12", 3),
        digits("診療科等13", 3),
        digits("診療科等14", 3),
        digits("診療科等15", 3),
        text("カタカナ（氏名）"),
        digits("患者の状態", 60),
    ], None;
    /// 保険者: the insurance and its total.
    Ho = "HO", &[
        letters("保険者番号", 8).whole().must(),
        text("被保険者証等の記号"),
        text("被保険者証等の番号"),
        digits("診療実日数", 2),
        digits("合計点数", 8),
        unused(),
        digits("食事療養・生活療養 回数", 2),
        digits("食事療養・生活療養 合計金額", 8),
        digits("職務上の事由", 1),
        digits("証明書番号", 3),
        digits("負担金額 医療保険", 9),
        digits("減免区分", 1),
        digits("減額割合", 3),
        digits("減額金額", 6),
    ], None;
    /// 公費: a subsidy and its total, up to four.
    Ko = "KO", &[
        letters("負担者番号", 8).whole().must(),
        digits("受給者番号", 7),
        digits("任意給付区分", 1),
        digits("診療実日数", 2),
        digits("合計点数", 8),
        digits("負担金額 公費", 8),
        digits("公費給付対象外来一部負担金", 6),
        digits("公費給付対象入院一部負担金", 6),
        unused(),
        digits("食事療養・生活療養 回数", 2),
        digits("食事療養・生活療養 合計金額", 8),
    ], None;
    /// 資格確認.
    Sn = "SN", &[
        digits("負担者種別", 1).whole(),
        digits("確認区分", 2).whole(),
        letters("保険者番号等", 8),
        text("被保険者証等の記号"),
        text("被保険者証等の番号"),
        letters("枝番", 2),
        digits("受給者番号", 7),
        unused(),
    ], None;
    /// 受診日等.
    Jd = "JD", &[digits("負担者種別", 1).whole()], VISITS;
    /// 窓口負担額.
    Mf = "MF", &[digits("窓口負担額区分", 2).whole()], Some(unused());
    /// 傷病名.
    Sy = "SY", &[
        digits("傷病名コード", 7).whole().must(),
        field("診療開始日", Kind::Day, 8).whole(),
        digits("転帰区分", 1).whole(),
        digits("修飾語コード", 80),
        text("傷病名称"),
        digits("主傷病", 2),
        text("補足コメント"),
    ], None;
    /// 診療行為.
    Si = "SI", &[
        digits("診療識別", 2).whole(),
        field("負担区分", Kind::Burden, 1).whole().must(),
        digits("診療行為コード", 9).whole().must(),
        field("数量データ", Kind::Decimal, 8),
        field("点数", Kind::Points, 7),
        digits("回数", 3),
        digits("コメントコード1", 9).whole(),
        text("文字データ1"),
        digits("コメントコード2", 9).whole(),
        text("文字データ2"),
        digits("コメントコード3", 9).whole(),
        text("文字データ3"),
    ], TIMES;
    /// 医薬品.
    Iy = "IY", &[
        digits("診療識別", 2).whole(),
        field("負担区分", Kind::Burden, 1).whole().must(),
        digits("医薬品コード", 9).whole().must(),
        field("使用量", Kind::Decimal, 11),
        field("点数", Kind::Points, 7),
        digits("回数", 3),
        digits("コメントコード1", 9).whole(),
        text("文字データ1"),
        digits("コメントコード2", 9).whole(),
        text("文字データ2"),
        digits("コメントコード3", 9).whole(),
        text("文字データ3"),
    ], TIMES;
    /// 特定器材.
    To = "TO", &[
        digits("診療識別", 2).whole(),
        field("負担区分", Kind::Burden, 1).whole().must(),
        digits("特定器材コード", 9).whole().must(),
        field("使用量", Kind::Decimal, 9),
        field("点数", Kind::Points, 7),
        digits("回数", 3),
        digits("単位コード", 3),
        field("単価", Kind::Decimal, 11),
        unused(),
        text("商品名及び規格又はサイズ"),
        digits("コメントコード1", 9).whole(),
        text("文字データ1"),
        digits("コメントコード2", 9).whole(),
        text("文字データ2"),
        digits("コメントコード3", 9).whole(),
        text("文字データ3"),
    ], TIMES;
    /// コメント.
    Co = "CO", &[
        digits("診療識別", 2).whole(),
        field("負担区分", Kind::Burden, 1).whole().must(),
        digits("コメントコード", 9).whole().must(),
        text("文字データ"),
    ], None;
    /// 症状詳記.
    Sj = "SJ", &[digits("症状詳記区分", 2).whole(), text("症状詳記データ")], None;
    /// 診療報酬請求書: closes the file.
    Go = "GO", &[
        digits("総件数", 6).must(),
        digits("総合計点数", 10).must(),
        digits("マルチボリューム識別", 2).whole(),
    ], None;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_have_the_fields_of_the_specification() {
        let counts: Vec<(&str, usize)> = RecordKind::ALL.iter().map(|kind| (kind.as_str(), kind.layout().len())).collect();
        assert_eq!(
            counts,
            [
                ("IR", 10),
                ("RE", 38),
                ("HO", 15),
                ("KO", 12),
                ("SN", 9),
                ("JD", 33),
                ("MF", 33),
                ("SY", 8),
                ("SI", 44),
                ("IY", 44),
                ("TO", 48),
                ("CO", 5),
                ("SJ", 3),
                ("GO", 4)
            ]
        );
        assert_eq!(RecordKind::Si.layout().first_day(), Some(14));
        assert_eq!(RecordKind::To.layout().first_day(), Some(18));
        assert_eq!(RecordKind::Si.layout().field(44).name, "日の情報（回数）");
    }
}
