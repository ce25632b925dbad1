//! What each facility standard (施設基準) and fact of the clinic does to the fee, in words for the settings page. The rules
//! themselves are in the fee module; a test compares the names.

use model::clinic::KnownStandard;

/// Name, number of grades, fact of the clinic, and what it does with the article (告示 医科診療報酬点数表; R6 where it says so).
const KNOWN: [(&str, u8, bool, &str); 34] = [
    ("明細書発行体制等加算", 0, false, "再診料に加算します（A001 注11）。"),
    ("時間外対応体制加算", 4, false, "再診料に加算します（A001 注10、令和8年6月から）。"),
    ("時間外対応加算", 4, false, "再診料に加算します（令和8年5月まで）。"),
    ("夜間・早朝等加算", 0, false, "表示する診療時間内の夜間・早朝・休日の初診・再診に加算します（A000 注9、A001 注7）。"),
    ("機能強化加算", 0, false, "初診料に加算します（A000 注10）。"),
    ("電子的診療情報連携体制整備加算", 3, false, "初診・再診に加算します（A000 注16、A001 注19、令和8年6月から）。"),
    ("医療DX推進体制整備加算", 6, false, "初診料に月1回加算します（令和8年5月まで）。"),
    ("医療情報取得加算", 0, false, "初診・再診に加算します（令和8年5月まで）。"),
    ("外来感染対策向上加算", 0, false, "初診・再診・医学管理に月1回加算します（A000 注11、A001 注15）。"),
    ("連携強化加算", 0, false, "外来感染対策向上加算に加算します（A000 注12）。"),
    ("サーベイランス強化加算", 0, false, "外来感染対策向上加算に加算します（A000 注13）。"),
    ("抗菌薬適正使用体制加算", 0, false, "外来感染対策向上加算に加算します（A000 注14）。"),
    ("情報通信機器を用いた診療", 0, false, "オンライン診療の初診・再診を算定します（A000 注1、A001 注1）。"),
    ("外来・在宅ベースアップ評価料1", 0, false, "初診・再診・訪問診療に伴って算定します（O001）。"),
    ("継続賃上げ", 0, false, "ベースアップ評価料を賃上げを続けた医療機関の点数にします（O001 注5）。"),
    ("一般名処方加算", 0, false, "処方箋料に加算します（F400 注6）。"),
    ("地域支援・外来医薬品供給対応体制加算", 3, false, "院内処方の処方料に加算します（令和8年6月から）。"),
    ("外来後発医薬品使用体制加算", 3, false, "院内処方の処方料に加算します（令和8年5月まで）。"),
    ("検体検査管理加算1", 0, false, "検体検査の判断料に月1回加算します（D026 注4 イ）。"),
    ("外来迅速検体検査加算", 0, false, "当日に結果を説明した検査の算定もれをお知らせします。"),
    ("処置の時間外加算1", 0, false, "処置の休日・時間外・深夜加算を加算1で計算します（処置 通則5）。"),
    ("手術の時間外加算1", 0, false, "手術の休日・時間外・深夜加算を加算1で計算します（手術 通則12）。"),
    ("精神科の向精神薬多剤投与の届出", 0, false, "向精神薬多剤投与の確認に使います。"),
    ("薬剤師常時勤務", 0, true, "院内処方で調剤技術基本料を算定します（F500）。"),
    ("電子画像管理", 0, true, "画像診断に電子画像管理加算を算定します（フィルムの費用は算定しません）。"),
    ("小児科", 0, true, "小児科を標榜しています。6歳未満の夜間・休日・深夜の特例に使います（A000 注8、A001 注6）。"),
    ("小児科外来診療料", 0, true, "6歳未満を小児科外来診療料で算定します（B001-2）。"),
    ("耳鼻咽喉科", 0, true, "耳鼻咽喉科を標榜しています。6歳未満の耳鼻咽喉科処置に加算します。"),
    // The same under the words of the notice; kept readable where a clinic typed them.
    ("時間外加算1（処置）", 0, false, "「処置の時間外加算1」と同じです。"),
    ("時間外加算1（手術）", 0, false, "「手術の時間外加算1」と同じです。"),
    ("検体検査管理加算（Ⅰ）", 0, false, "「検体検査管理加算1」と同じです。"),
    ("検体検査管理加算(I)", 0, false, "「検体検査管理加算1」と同じです。"),
    ("外来・在宅ベースアップ評価料（Ⅰ）", 0, false, "「外来・在宅ベースアップ評価料1」と同じです。"),
    ("調剤技術基本料", 0, true, "「薬剤師常時勤務」と同じです。"),
];

/// Other words for the same; offered only where the clinic has them.
const SAME: usize = 28;

/// Everything the rules read, with the other words only where `standards` uses them.
pub(super) fn known(standards: &[String]) -> Vec<KnownStandard> {
    KNOWN
        .iter()
        .enumerate()
        .filter(|(index, (name, ..))| *index < SAME || standards.iter().any(|standard| standard == name))
        .map(|(_, (name, grades, fact, effect))| KnownStandard {
            name: (*name).into(),
            grades: *grades,
            effect: (*effect).into(),
            fact: *fact,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_rules_read_is_explained_and_none_besides() {
        let bare = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        let known: Vec<String> = KNOWN[..SAME].iter().map(|(name, ..)| bare(name)).collect();
        let read: Vec<String> = fee::standards_read().iter().map(|name| bare(name)).collect();
        let silent: Vec<&String> =
            read.iter().filter(|name| !known.contains(name) && !KNOWN.iter().any(|(other, ..)| bare(other) == **name)).collect();
        assert!(silent.is_empty(), "rules read {silent:?}, the settings page does not say what for");
        let idle: Vec<&String> = known.iter().filter(|name| !read.contains(name)).collect();
        assert!(idle.is_empty(), "{idle:?} are offered, and no rule reads them");
    }
}
