//! Why a line differs from the masters, or why they do not determine its points.

use chrono::NaiveDate;
use model::date::wareki;
use serde::{Serialize, Serializer};
use std::fmt;

/// The reason. Serialised as its Japanese text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The masters give other points: what each line contributes.
    Points {
        /// Points (点) of each part, in the order of the lines.
        parts: Vec<i64>,
    },
    /// 回数 is not the sum of the days.
    Count {
        /// 回数 of the line.
        count: u32,
        /// Sum of its days.
        days: u32,
    },
    /// 回数 is not that of the unit's last line.
    UnitCount {
        /// 回数 of the line.
        count: u32,
        /// 回数 of the last line.
        last: u32,
    },
    /// The unit ends without points.
    NoPoints,
    /// No master row on the day.
    NoRow {
        /// The day.
        on: NaiveDate,
        /// First day of a later row, where there is one.
        from: Option<NaiveDate>,
    },
    /// Bundled tests (まるめ): the points stand in a 注 of the notice.
    Bundle {
        /// Master S column 16 (包括対象検査).
        group: u16,
        /// How many of the group are in the unit.
        items: usize,
        /// What they would have singly.
        singly: i64,
    },
    /// The row is an estimate and no master.
    Estimated {
        /// The estimate, as the tables have it.
        figure: String,
    },
    /// 点数識別 or 金額種別 of which the master holds no points.
    PointKind(u8),
    /// The price is empty: the file alone has the figure.
    NoPrice,
    /// A quantity is missing.
    NoQuantity,
    /// The quantity is outside what the master bills (上下限エラー処理).
    Quantity {
        /// The least quantity, exclusive.
        over: String,
    },
    /// A percent item without a base, or whose base the masters do not settle (column 62 通則加算所定点数対象区分).
    Base,
    /// Another line of the unit is not determined, and the two cannot be told apart.
    Neighbour,
    /// Several materials whose sum rounds otherwise than each.
    Rounding,
    /// The days of the line have different points.
    Days,
}

impl Why {
    /// In a few words, for counting.
    pub fn heading(&self) -> &'static str {
        match self {
            Self::Points { .. } => "点数がマスターと違う",
            Self::Count { .. } | Self::UnitCount { .. } => "回数が合わない",
            Self::NoPoints => "点数の記録がない",
            Self::NoRow { .. } => "診療日に有効なマスターの行がない",
            Self::Bundle { .. } => "包括検査（まるめ）の点数はマスターの列にない",
            Self::Estimated { .. } => "マスターの点数・価格が推計",
            Self::PointKind(_) => "マスターに点数のない点数識別・金額種別",
            Self::NoPrice => "マスターに価格がない",
            Self::NoQuantity | Self::Quantity { .. } => "数量から点数が決まらない",
            Self::Base => "加算・減算の対象が決まらない",
            Self::Neighbour => "同じ算定単位に決まらない行がある",
            Self::Rounding => "端数処理が決まらない",
            Self::Days => "日により点数が違う",
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Points { parts } => {
                let parts: Vec<String> = parts.iter().map(i64::to_string).collect();
                write!(f, "マスターから求めた点数と違います（{}）", parts.join("＋"))
            }
            Self::Count { count, days } => write!(f, "回数 {count} が日ごとの回数の合計 {days} と違います"),
            Self::UnitCount { count, last } => write!(f, "回数 {count} が算定単位の最後の行の回数 {last} と違います"),
            Self::NoPoints => f.write_str("算定単位に点数の記録がありません"),
            Self::NoRow { on, from: Some(from) } => {
                write!(f, "{}に有効なマスターの行がありません（行は{}から）", wareki(*on), wareki(*from))
            }
            Self::NoRow { on, from: None } => write!(f, "{}に有効なマスターの行がありません", wareki(*on)),
            Self::Bundle { group, items, singly } => write!(
                f,
                "包括対象検査（グループ{group}）{items}項目のまるめ: 点数は告示の注にあり、マスターの列にありません（個別の合計 {singly}点）"
            ),
            Self::Estimated { figure } => write!(f, "マスターの行が推計です（{figure}）"),
            Self::PointKind(kind) => write!(f, "点数識別・金額種別 {kind} の行はマスターに点数がありません"),
            Self::NoPrice => f.write_str("マスターの価格が0です（点数はファイルにだけ記録されます）"),
            Self::NoQuantity => f.write_str("数量・使用量の記録がありません"),
            Self::Quantity { over } => write!(f, "数量が {over} を超えないため算定できません（上下限エラー処理）"),
            Self::Base => {
                f.write_str("割合の対象となる所定点数がマスターだけでは決まりません（項番62 通則加算所定点数対象区分など）")
            }
            Self::Neighbour => f.write_str("同じ算定単位にマスターで決まらない行があり、分けられません"),
            Self::Rounding => f.write_str("材料価格の合計と個別とで端数処理の結果が違います"),
            Self::Days => f.write_str("記録された日の間で点数・価格が変わります"),
        }
    }
}

impl Serialize for Why {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
