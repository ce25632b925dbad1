//! Laboratory tests that count together only so often, and those of 外来迅速検体検査加算: the tables that `labs` reads.
//!
//! Rules between two items by code are in the electronic points table (背反) too; what stands here holds without it, and
//! holds for three items and more, which that table cannot say.

/// Of these kinds no more than so many count, the main ones (主たるもの).
pub(crate) struct OnlySoMany {
    pub citation: &'static str,
    pub most: usize,
    /// Each a kind: the codes that are one item (１項目として数える).
    pub kinds: &'static [&'static [&'static str]],
}

const fn one(citation: &'static str, kinds: &'static [&'static [&'static str]]) -> OnlySoMany {
    OnlySoMany { citation, most: 1, kinds }
}

const fn two(citation: &'static str, kinds: &'static [&'static [&'static str]]) -> OnlySoMany {
    OnlySoMany { citation, most: 2, kinds }
}

/// The sentences of 通知 D002–D023 that a clinic meets, the same in R6 and R8.
pub(crate) const ONLY_SO_MANY: [OnlySoMany; 18] = [
    // 尿沈渣（鏡検法）, （フローサイトメトリー法）.
    one("通知 D002(5)", &[&["160005010"], &["160159550"]]),
    // 好酸球数, 末梢血液像（自動機械法）, （鏡検法）.
    one("通知 D005(3)", &[&["160007710"], &["160191510", "160008210"]]),
    // カルシウム, イオン化カルシウム.
    one("通知 D007(2)", &[&["160021510"], &["160021610"]]),
    // TIBC, UIBC（比色法）.
    one("通知 D007(3)", &[&["160023610"], &["160023710"]]),
    // 総コレステロール, HDL, LDL.
    two("通知 D007(5)", &[&["160022410"], &["160023410"], &["160167250"]]),
    // 総蛋白, アルブミン（ＢＣＰ改良法・ＢＣＧ法）, 蛋白分画.
    two("通知 D007(7)", &[&["160017410"], &["160018910"], &["160022810"]]),
    // KL-6, SP-A, SP-D.
    one("通知 D007(21)", &[&["160168550"], &["160169350"], &["160168450"]]),
    // BNP, NT-proBNP, ANP.
    one("通知 D008(7)・(10)・(24)", &[&["160162350"], &["160181250"], &["160116310"]]),
    // インフルエンザウイルス抗原定性, Ａ型・Ｂ型抗体価.
    one("通知 D012(13)イ", &[&["160169450"], &["160042210", "160042310"]]),
    // ヒトメタニューモウイルス抗原定性, インフルエンザ（抗原・抗体で１項目）, RSウイルス抗原定性.
    two("通知 D012(17)ア", &[&["160202550"], &["160169450", "160042210", "160042310"], &["160117610"]]),
    // マイコプラズマ抗原定性（免疫クロマト法）, （ＦＡ法）, 抗体定性・半定量.
    one("通知 D012(18)・(29)", &[&["160202050"], &["160153150"], &["160041010", "160193910"]]),
    // SARS-CoV-2 抗原: 定性, ・インフルエンザ, ・RS, ・インフルエンザ・RS, 定量.
    one("通知 D012(21)・(53)・(57)", &[&["160229850"], &["160230050"], &["160234850"], &["160235450"], &["160229950"]]),
    // 抗ガラクトース欠損IgG抗体, RF定量.
    one("通知 D014(2)", &[&["160168750", "160195910"], &["160195610"]]),
    // RF定量, 抗ガラクトース欠損IgG抗体, MMP-3, C1q結合免疫複合体, モノクローナルRF結合免疫複合体, IgG型RF.
    two(
        "通知 D014(1)",
        &[&["160195610"], &["160168750", "160195910"], &["160173150"], &["160119210"], &["160143750"], &["160151650"]],
    ),
    // 抗甲状腺ペルオキシダーゼ抗体, 抗甲状腺マイクロゾーム抗体半定量.
    one("通知 D014(3)", &[&["160157450"], &["160176750"]]),
    // TRAb, TSAb.
    one("通知 D014(8)", &[&["160035810"], &["160162550"]]),
    // SAA, CRP定性・CRP.
    one("通知 D015(2)", &[&["160160250"], &["160054610", "160054710"]]),
    // Ａ群β溶血連鎖球菌核酸検出, Ａ群β溶連菌迅速試験定性.
    one("通知 D023(3)", &[&["160236450"], &["160044110"]]),
];

/// BNP, NT-proBNP, ANP: one of them within a week from the day of either (通知 D008(7)イ・(10)イ・(24)).
pub(crate) const HEART_PEPTIDES: [&str; 3] = ["160162350", "160181250", "160116310"];

/// HbA1c, グリコアルブミン, 1,5-AG: one of them once a month (通知 D005(9), D007(14)).
pub(crate) const SUGAR_MONTHLY: [&str; 3] = ["160010010", "160151050", "160142350"];

/// Master S column 16 of items that the notice caps for one specimen: (kind, most, of each code once, article).
/// ウイルス抗体価（定性・半定量・定量） eight; グロブリンクラス別 two, of IgG and IgM of one virus only one (通知 D012(38)イ).
pub(crate) const CAPPED: [(u16, i64, bool, &str); 2] = [(9, 8, false, "D012 11 注"), (10, 2, true, "D012 46 注")];

/// グロブリンクラス別ウイルス抗体価 of no named virus.
pub(crate) const ANY_VIRUS: &str = "160118010";

/// Tests of 外来迅速検体検査加算: 特掲診療料の施設基準等 別表第九の二 (R8), by the master's codes.
pub(crate) const RAPID: [&str; 42] = [
    "160000310", // 尿中一般物質定性半定量検査
    "160005010", // 尿沈渣（鏡検法）
    "160006810", // 糞便中ヘモグロビン
    "160007610", // ESR
    "160008010", // 末梢血液一般検査
    "160010010", // HbA1c
    "160012010", // PT
    "160014510", // FDP定性
    "160191810", // FDP半定量
    "160191910", // FDP定量
    "160114010", // Dダイマー
    "160017010", // 総ビリルビン
    "160017410", // 総蛋白
    "160018910", // アルブミン
    "160019010", // 尿素窒素
    "160019210", // クレアチニン
    "160019310", // 尿酸
    "160020010", // ALP
    "160020210", // ChE
    "160020410", // γ-GT
    "160020910", // 中性脂肪
    "160021110", // ナトリウム及びクロール
    "160021410", // カリウム
    "160021510", // カルシウム
    "160019410", // グルコース
    "160019510", // LD
    "160020610", // CK
    "160023410", // HDL-コレステロール
    "160022410", // 総コレステロール
    "160022510", // AST
    "160022610", // ALT
    "160167250", // LDL-コレステロール
    "160151050", // グリコアルブミン
    "160031710", // TSH
    "160033310", // FT4
    "160033210", // FT3
    "160036510", // CEA
    "160036710", // AFP
    "160037510", // PSA
    "160037210", // CA19-9
    "160054710", // CRP
    "160057710", // 細菌顕微鏡検査 その他のもの
];

/// Words of tests made on a swab of nose or throat, whose taking (D419 6 鼻腔・咽頭拭い液採取) is often forgotten.
pub(crate) const SWABS: [&str; 8] = [
    "インフルエンザウイルス抗原",
    "インフルエンザ核酸",
    "ＳＡＲＳ－ＣｏＶ－２",
    "ＲＳウイルス抗原",
    "ヒトメタニューモウイルス抗原",
    "Ａ群β溶",
    "マイコプラズマ抗原定性（免疫クロマト法）",
    "百日咳菌抗原",
];

/// D419 6 鼻腔・咽頭拭い液採取.
pub(crate) const SWAB: &str = "160208510";
/// 細胞診（婦人科材料等） and D418 1 子宮頸管粘液採取.
pub(crate) const CERVIX: (&str, &str) = ("160060510", "160100710");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::testing::procedures;

    /// Every code written here is a row of the master, and the tests of 外来迅速 are of the articles that 別表第九の二 names.
    #[test]
    fn codes_are_rows() {
        let Some(rows) = procedures() else { return };
        let article = |code: &str| rows.iter().find(|row| row.code.as_str() == code).map(|row| row.article.clone());
        let groups = ONLY_SO_MANY.iter().flat_map(|rule| rule.kinds.iter().flat_map(|kind| kind.iter()));
        for code in groups.chain(&SUGAR_MONTHLY).chain(&HEART_PEPTIDES).chain(&[SWAB, CERVIX.0, CERVIX.1, ANY_VIRUS]) {
            assert!(article(code).is_some(), "{code}");
        }
        let named = ["D000", "D002", "D003", "D005", "D006", "D007", "D008", "D009", "D015", "D017"];
        for code in RAPID {
            let article = article(code).unwrap_or_else(|| panic!("{code} is a row"));
            assert!(named.contains(&article.as_str()), "{code} {article}");
        }
    }
}
