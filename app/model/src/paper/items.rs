//! The items of a health check done in a clinic: 特定健康診査 and 事業者健診（定期健康診断）, with their codes, units, choices.
//!
//! Sources: codes (健診項目コード, 17 characters), names, methods and lists of choices are those of the CodeSystems of eCheckup
//! 1.5.0 (特定健診検査項目コード第4期, `urn:oid:1.2.392.200119.6.1005` and `.1007`); which list belongs to which item, and the
//! units, follow its examples and the titles of the lists, the remaining units of blood tests those of JP-CLINS (JLAC10 コア
//! 検査). Which items are basic: 特定健康診査及び特定保健指導の実施に関する基準 第1条第1項 and 労働安全衛生規則 第44条第1項. The
//! largest values catch slips of the finger; they are ours.

use super::choices::*;

/// Under which heading an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// 身体計測.
    Body,
    /// 診察.
    Examination,
    /// 血圧.
    Pressure,
    /// 採血.
    Blood,
    /// 血中脂質.
    Lipid,
    /// 肝機能.
    Liver,
    /// 血糖.
    Sugar,
    /// 尿.
    Urine,
    /// 腎機能・尿酸.
    Kidney,
    /// 貧血・血球.
    Anaemia,
    /// 心電図.
    Heart,
    /// 胸部X線.
    Chest,
    /// 視力・聴力.
    Senses,
    /// 眼底.
    Fundus,
    /// 判定.
    Judgement,
    /// 質問票.
    Questions,
}

impl Group {
    /// All groups, in the order of the sheet.
    pub const ALL: [Self; 16] = [
        Self::Body,
        Self::Examination,
        Self::Pressure,
        Self::Blood,
        Self::Lipid,
        Self::Liver,
        Self::Sugar,
        Self::Urine,
        Self::Kidney,
        Self::Anaemia,
        Self::Heart,
        Self::Chest,
        Self::Senses,
        Self::Fundus,
        Self::Questions,
        Self::Judgement,
    ];

    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Body => "身体計測",
            Self::Examination => "診察",
            Self::Pressure => "血圧",
            Self::Blood => "採血",
            Self::Lipid => "血中脂質",
            Self::Liver => "肝機能",
            Self::Sugar => "血糖",
            Self::Urine => "尿",
            Self::Kidney => "腎機能・尿酸",
            Self::Anaemia => "貧血・血球",
            Self::Heart => "心電図",
            Self::Chest => "胸部X線",
            Self::Senses => "視力・聴力",
            Self::Fundus => "眼底",
            Self::Judgement => "判定",
            Self::Questions => "質問票",
        }
    }
}

/// Whether a programme asks for an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Always: a result, or the reason why there is none.
    Basic,
    /// Where the doctor finds it necessary (詳細な健診), or of use.
    Offered,
    /// Not part of the programme.
    No,
}

/// How an item is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A number.
    Number {
        /// Its unit as printed, may be empty.
        unit: &'static str,
        /// The largest that can be.
        most: u32,
        /// Digits behind the point at most.
        decimals: u32,
    },
    /// One of a list.
    Choice(&'static Choices),
    /// Words.
    Words,
}

/// A code of an item: items measured in several ways have one for each.
#[derive(Debug, PartialEq, Eq)]
pub struct ItemCode {
    /// 健診項目コード.
    pub code: &'static str,
    /// Its name in documents.
    pub display: &'static str,
    /// How it is measured (検査方法); empty where there is one way only.
    pub method: &'static str,
}

/// An item.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// Its heading.
    pub group: Group,
    /// Whether a 特定健康診査 asks for it.
    pub specific: Need,
    /// Whether a 事業者健診 asks for it.
    pub employer: Need,
    /// As shown to people.
    pub label: &'static str,
    /// How it is answered.
    pub answer: Answer,
    /// Its codes; the first names it in a form.
    pub codes: &'static [ItemCode],
    /// Code and name of the words that go along with the answer.
    pub detail: Option<(&'static str, &'static str)>,
    /// Asked (問診) rather than measured.
    pub asked: bool,
    /// Items that stand for each other carry the same word: one of them is enough.
    pub one_of: &'static str,
    /// The designated test (FHIR識別名) of the chart whose result it takes over; empty where none fits without doubt.
    pub lab: &'static str,
}

impl Item {
    /// Its name in a form: the first of its codes.
    pub fn key(&self) -> &'static str {
        self.codes[0].code
    }
}

/// An item by its name in a form.
pub fn item(key: &str) -> Option<&'static Item> {
    ITEMS.iter().find(|item| item.key() == key)
}

/// A code with its name in documents.
const fn of(code: &'static str, display: &'static str, method: &'static str) -> ItemCode {
    ItemCode { code, display, method }
}

macro_rules! items {
    (@answer number $unit:literal $most:literal $decimals:literal) => {
        Answer::Number { unit: $unit, most: $most, decimals: $decimals }
    };
    (@answer choice $list:ident) => { Answer::Choice(&$list) };
    (@answer words) => { Answer::Words };
    (@asked Questions) => { true };
    (@asked $other:ident) => { false };
    (@detail) => { None };
    (@detail $code:literal $name:literal) => { Some(($code, $name)) };
    ($($group:ident $specific:ident $employer:ident $label:literal ($($answer:tt)+) [$($code:literal $display:literal $method:literal),+]
       {$($detail:literal)*} one_of $one:literal lab $lab:literal;)+) => {
        /// All items, in the order of the sheet.
        pub static ITEMS: &[Item] = &[$(Item {
            group: Group::$group,
            specific: Need::$specific,
            employer: Need::$employer,
            label: $label,
            answer: items!(@answer $($answer)+),
            codes: &[$(of($code, $display, $method)),+],
            detail: items!(@detail $($detail)*),
            asked: items!(@asked $group),
            one_of: $one,
            lab: $lab,
        }),+];
    };
}

items! {
    Body Basic Basic "身長" (number "cm" 250 1) ["9N001000000000001" "身長" ""] {} one_of "" lab "";
    Body Basic Basic "体重" (number "kg" 300 1) ["9N006000000000001" "体重" ""] {} one_of "" lab "";
    Body Basic Basic "BMI" (number "kg/m2" 100 1) ["9N011000000000001" "BMI" ""] {} one_of "" lab "";
    Body Basic Basic "腹囲" (number "cm" 250 1) [
        "9N016160100000001" "腹囲(実測)" "実測",
        "9N016160200000001" "腹囲(自己判定)" "自己測定",
        "9N016160300000001" "腹囲(自己申告)" "自己申告"
    ] {} one_of "腹囲" lab "";
    Body Offered No "内臓脂肪面積" (number "cm2" 999 1) ["9N021000000000001" "内臓脂肪面積" ""] {} one_of "腹囲" lab "";
    Examination No Basic "業務歴" (words) ["9N051000000000049" "業務歴" ""] {} one_of "" lab "";
    Examination Basic Basic "既往歴" (choice C2001) ["9N056000000000011" "既往歴" ""] {"9N056160400000049" "具体的な既往歴"} one_of "" lab "";
    Examination Basic Basic "自覚症状" (choice C2001) ["9N061000000000011" "自覚症状" ""] {"9N061160800000049" "自覚症状(所見)"} one_of "" lab "";
    Examination Basic Basic "他覚症状" (choice C2001) ["9N066000000000011" "他覚症状" ""] {"9N066160800000049" "他覚症状(所見)"} one_of "" lab "";
    Pressure Basic Basic "収縮期血圧(1回目)" (number "mmHg" 350 0) ["9A751000000000001" "収縮期血圧(1回目)" ""] {} one_of "収縮期血圧" lab "";
    Pressure Basic Basic "拡張期血圧(1回目)" (number "mmHg" 350 0) ["9A761000000000001" "拡張期血圧(1回目)" ""] {} one_of "拡張期血圧" lab "";
    Pressure Offered Offered "収縮期血圧(2回目)" (number "mmHg" 350 0) ["9A752000000000001" "収縮期血圧(2回目)" ""] {} one_of "" lab "";
    Pressure Offered Offered "拡張期血圧(2回目)" (number "mmHg" 350 0) ["9A762000000000001" "拡張期血圧(2回目)" ""] {} one_of "" lab "";
    Pressure Basic Basic "収縮期血圧(その他)" (number "mmHg" 350 0) ["9A755000000000001" "収縮期血圧(その他)" ""] {} one_of "収縮期血圧" lab "";
    Pressure Basic Basic "拡張期血圧(その他)" (number "mmHg" 350 0) ["9A765000000000001" "拡張期血圧(その他)" ""] {} one_of "拡張期血圧" lab "";
    Blood Offered Offered "採血時間(食後)" (choice C2202) ["9N141000000000011" "採血時間(食後)" ""] {} one_of "" lab "";
    Lipid Basic Basic "空腹時中性脂肪" (number "mg/dL" 9999 0) [
        "3F015000002327101" "空腹時中性脂肪(トリグリセリド)" "可視吸光光度法(酵素比色法・グリセロール消去)",
        "3F015000002327201" "空腹時中性脂肪(トリグリセリド)" "紫外吸光光度法(酵素比色法・グリセロール消去)",
        "3F015000002399901" "空腹時中性脂肪(トリグリセリド)" "その他"
    ] {} one_of "中性脂肪" lab "FTG";
    Lipid Basic Basic "随時中性脂肪" (number "mg/dL" 9999 0) [
        "3F015129902327101" "随時中性脂肪(トリグリセリド)" "可視吸光光度法(酵素比色法・グリセロール消去)",
        "3F015129902327201" "随時中性脂肪(トリグリセリド)" "紫外吸光光度法(酵素比色法・グリセロール消去)",
        "3F015129902399901" "随時中性脂肪(トリグリセリド)" "その他"
    ] {} one_of "中性脂肪" lab "CTG";
    Lipid Basic Basic "HDLコレステロール" (number "mg/dL" 500 0) [
        "3F070000002327101" "HDLコレステロール" "可視吸光光度法(直接法(非沈殿法))",
        "3F070000002327201" "HDLコレステロール" "紫外吸光光度法(直接法(非沈殿法))",
        "3F070000002399901" "HDLコレステロール" "その他"
    ] {} one_of "" lab "HDL-C";
    Lipid Basic Basic "LDLコレステロール" (number "mg/dL" 999 0) [
        "3F077000002327101" "LDLコレステロール" "可視吸光光度法(直接法(非沈殿法))",
        "3F077000002327201" "LDLコレステロール" "紫外吸光光度法(直接法(非沈殿法))",
        "3F077000002399901" "LDLコレステロール" "その他",
        "3F077000002391901" "LDLコレステロール" "計算法"
    ] {} one_of "LDLコレステロール" lab "LDL-C";
    Lipid Basic Basic "Non-HDLコレステロール" (number "mg/dL" 999 0) ["3F069000002391901" "Non-HDLコレステロール" ""] {} one_of "LDLコレステロール" lab "";
    Lipid Offered Offered "総コレステロール" (number "mg/dL" 999 0) [
        "3F050000002327101" "総コレステロール" "可視吸光光度法(コレステロール酸化酵素法)",
        "3F050000002327201" "総コレステロール" "紫外吸光光度法(コレステロール脱水素酵素法)",
        "3F050000002399901" "総コレステロール" "その他"
    ] {} one_of "" lab "T-CHO";
    Liver Basic Basic "AST(GOT)" (number "U/L" 9999 0) [
        "3B035000002327201" "AST(GOT)" "紫外吸光光度法(JSCC標準化対応法)",
        "3B035000002399901" "AST(GOT)" "その他"
    ] {} one_of "" lab "AST";
    Liver Basic Basic "ALT(GPT)" (number "U/L" 9999 0) [
        "3B045000002327201" "ALT(GPT)" "紫外吸光光度法(JSCC標準化対応法)",
        "3B045000002399901" "ALT(GPT)" "その他"
    ] {} one_of "" lab "ALT";
    Liver Basic Basic "γ-GT(γ-GTP)" (number "U/L" 9999 0) [
        "3B090000002327101" "γ-GT(γ-GTP)" "可視吸光光度法(JSCC標準化対応法)",
        "3B090000002399901" "γ-GT(γ-GTP)" "その他"
    ] {} one_of "" lab "GGT";
    Sugar Basic Basic "空腹時血糖" (number "mg/dL" 2000 0) [
        "3D010000001926101" "空腹時血糖" "電位差法(ブドウ糖酸化酵素電極法)",
        "3D010000002227101" "空腹時血糖" "可視吸光光度法(ブドウ糖酸化酵素法)",
        "3D010000001927201" "空腹時血糖" "紫外吸光光度法(ヘキソキナーゼ法、グルコキナーゼ法、ブドウ糖脱水素酵素法)",
        "3D010000001999901" "空腹時血糖" "その他"
    ] {} one_of "血糖検査" lab "CBG";
    Sugar Basic Basic "HbA1c(NGSP値)" (number "%" 25 1) [
        "3D046000001906202" "HbA1c(NGSP値)" "免疫学的方法(ラテックス凝集比濁法等)",
        "3D046000001920402" "HbA1c(NGSP値)" "HPLC(不安定分画除去HPLC法)",
        "3D046000001927102" "HbA1c(NGSP値)" "酵素法",
        "3D046000001999902" "HbA1c(NGSP値)" "その他"
    ] {} one_of "血糖検査" lab "HbA1c-NGSP";
    Sugar Basic Basic "随時血糖" (number "mg/dL" 2000 0) [
        "3D010129901926101" "随時血糖" "電位差法(ブドウ糖酸化酵素電極法)",
        "3D010129902227101" "随時血糖" "可視吸光光度法(ブドウ糖酸化酵素法)",
        "3D010129901927201" "随時血糖" "紫外吸光光度法(ヘキソキナーゼ法、グルコキナーゼ法、ブドウ糖脱水素酵素法)",
        "3D010129901999901" "随時血糖" "その他"
    ] {} one_of "血糖検査" lab "BS";
    Urine Basic Basic "尿糖" (choice C2102) [
        "1A020000000191111" "尿糖" "試験紙法(機械読み取り)",
        "1A020000000190111" "尿糖" "試験紙法(目視法)"
    ] {} one_of "" lab "U-Glu";
    Urine Basic Basic "尿蛋白" (choice C2102) [
        "1A010000000191111" "尿蛋白" "試験紙法(機械読み取り)",
        "1A010000000190111" "尿蛋白" "試験紙法(目視法)"
    ] {} one_of "" lab "U-TP";
    Urine Offered Offered "尿潜血" (choice C2102) [
        "1A100000000191111" "尿潜血" "試験紙法(機械読み取り)",
        "1A100000000190111" "尿潜血" "試験紙法(目視法)"
    ] {} one_of "" lab "U-Bld";
    Kidney Offered Offered "血清クレアチニン" (number "mg/dL" 50 2) [
        "3C015000002327101" "血清クレアチニン" "可視吸光光度法(酵素法)",
        "3C015000002399901" "血清クレアチニン" "その他"
    ] {} one_of "" lab "Cre";
    Kidney Offered Offered "eGFR" (number "mL/min/1.73m2" 300 1) ["8A065000002391901" "eGFR" ""] {} one_of "" lab "";
    Kidney Offered Offered "血清尿酸" (number "mg/dL" 50 1) [
        "3C020000002327101" "血清尿酸" "可視吸光光度法(ウリカーゼ・ペルオキシターゼ法)",
        "3C020000002399901" "血清尿酸" "その他"
    ] {} one_of "" lab "UA";
    Anaemia Offered Basic "赤血球数" (number "10000/mm3" 1500 0) ["2A020000001930101" "赤血球数" ""] {} one_of "" lab "RBC";
    Anaemia Offered Basic "血色素量（ヘモグロビン）" (number "g/dL" 30 1) ["2A030000001930101" "血色素量(ヘモグロビン値)" ""] {} one_of "" lab "Hb";
    Anaemia Offered Offered "ヘマトクリット値" (number "%" 80 1) ["2A040000001930102" "ヘマトクリット値" ""] {} one_of "" lab "";
    Anaemia Offered No "貧血検査(実施理由)" (words) ["2A020161001930149" "貧血検査(実施理由)" ""] {} one_of "" lab "";
    Anaemia Offered Offered "白血球数" (number "/mm3" 500000 0) ["2A010000001930101" "白血球数" ""] {} one_of "" lab "WBC";
    Anaemia Offered Offered "血小板数" (number "10000/mm3" 500 1) ["2A050000001930101" "血小板数" ""] {} one_of "" lab "PLT";
    Heart Offered Basic "心電図" (choice C2002) ["9A110160700000011" "心電図(所見の有無)" ""] {"9A110160800000049" "心電図(所見)"} one_of "" lab "";
    Heart Offered No "心電図(対象者)" (choice C18120) ["9A110161600000011" "心電図(対象者)" ""] {} one_of "" lab "";
    Heart Offered No "心電図(実施理由)" (words) ["9A110161000000049" "心電図(実施理由)" ""] {} one_of "" lab "";
    Chest No Basic "胸部X線（直接撮影）" (choice C2002P) ["9N206160700000011" "胸部Ｘ線検査(一般:直接撮影)(所見の有無)" ""] {"9N206160800000049" "胸部Ｘ線検査(一般:直接撮影)(所見)"} one_of "胸部X線検査" lab "";
    Chest No Basic "胸部X線（間接撮影）" (choice C2002P) ["9N221160700000011" "胸部Ｘ線検査(一般:間接撮影)(所見の有無)" ""] {"9N221160800000049" "胸部Ｘ線検査(一般:間接撮影)(所見)"} one_of "胸部X線検査" lab "";
    Senses No Basic "視力（右・裸眼）" (number "" 3 2) ["9E160162100000001" "視力(右)" ""] {} one_of "視力（右）" lab "";
    Senses No Basic "視力（右・矯正）" (number "" 3 2) ["9E160162500000001" "視力(右:矯正)" ""] {} one_of "視力（右）" lab "";
    Senses No Basic "視力（左・裸眼）" (number "" 3 2) ["9E160162200000001" "視力(左)" ""] {} one_of "視力（左）" lab "";
    Senses No Basic "視力（左・矯正）" (number "" 3 2) ["9E160162600000001" "視力(左:矯正)" ""] {} one_of "視力（左）" lab "";
    Senses No Basic "聴力（右・1000Hz）" (choice C2002) ["9D100163100000011" "聴力(右:1000Hz)" ""] {} one_of "" lab "";
    Senses No Basic "聴力（右・4000Hz）" (choice C2002) ["9D100163200000011" "聴力(右:4000Hz)" ""] {} one_of "" lab "";
    Senses No Basic "聴力（左・1000Hz）" (choice C2002) ["9D100163500000011" "聴力(左:1000Hz)" ""] {} one_of "" lab "";
    Senses No Basic "聴力（左・4000Hz）" (choice C2002) ["9D100163600000011" "聴力(左:4000Hz)" ""] {} one_of "" lab "";
    Senses No Offered "聴力の検査方法" (choice C2301) ["9D100164000000011" "聴力(検査方法)" ""] {} one_of "" lab "";
    Senses No Offered "聴力（その他の所見）" (words) ["9D100160900000049" "聴力(その他の所見)" ""] {} one_of "" lab "";
    Fundus Offered No "眼底検査（キースワグナー分類）" (choice C2110) ["9E100166000000011" "眼底検査(キースワグナー分類)" ""] {} one_of "" lab "";
    Fundus Offered No "眼底検査（シェイエ分類:H）" (choice C2111) ["9E100166100000011" "眼底検査(シェイエ分類:H)" ""] {} one_of "" lab "";
    Fundus Offered No "眼底検査（シェイエ分類:S）" (choice C2112) ["9E100166200000011" "眼底検査(シェイエ分類:S)" ""] {} one_of "" lab "";
    Fundus Offered No "眼底検査（SCOTT分類）" (choice C2113) ["9E100166300000011" "眼底検査(SCOTT分類)" ""] {} one_of "" lab "";
    Fundus Offered No "眼底検査（Wong-Mitchell分類）" (choice C18080) ["9E100166600000011" "眼底検査(Wong-Mitchell分類)" ""] {} one_of "" lab "";
    Fundus Offered No "眼底検査（改変Davis分類）" (choice C18090) ["9E100166500000011" "眼底検査(改変Davis分類)" ""] {} one_of "" lab "";
    Fundus Offered No "眼底検査（その他の所見）" (words) ["9E100160900000049" "眼底検査(その他の所見)" ""] {} one_of "" lab "";
    Fundus Offered No "眼底検査（対象者）" (choice C18130) ["9E100161600000011" "眼底検査(対象者)" ""] {} one_of "" lab "";
    Fundus Offered No "眼底検査（実施理由）" (words) ["9E100161000000049" "眼底検査(実施理由)" ""] {} one_of "" lab "";
    Judgement Basic No "メタボリックシンドローム判定" (choice C1008) ["9N501000000000011" "メタボリックシンドローム判定" ""] {} one_of "" lab "";
    Judgement Offered No "保健指導レベル" (choice C3001) ["9N506000000000011" "保健指導レベル" ""] {} one_of "" lab "";
    Judgement Basic Basic "医師の診断（判定）" (words) ["9N511000000000049" "医師の診断(判定)" ""] {} one_of "" lab "";
    Judgement No Offered "医師の意見" (words) ["9N521000000000049" "医師の意見" ""] {} one_of "" lab "";
    Judgement Offered Offered "備考" (words) ["9N551000000000049" "備考" ""] {} one_of "" lab "";
    Questions Basic Offered "服薬1(血圧)" (choice C2003) ["9N701000000000011" "服薬1(血圧)" ""] {"9N701167000000049" "服薬1(血圧)(薬剤名)"} one_of "" lab "";
    Questions Basic Offered "服薬2(血糖)" (choice C2003) ["9N706000000000011" "服薬2(血糖)" ""] {"9N706167000000049" "服薬2(血糖)(薬剤名)"} one_of "" lab "";
    Questions Basic Offered "服薬3(脂質)" (choice C2003) ["9N711000000000011" "服薬3(脂質)" ""] {"9N711167000000049" "服薬3(脂質)(薬剤名)"} one_of "" lab "";
    Questions Offered Offered "既往歴1(脳血管)" (choice C2003) ["9N716000000000011" "既往歴1(脳血管)" ""] {} one_of "" lab "";
    Questions Offered Offered "既往歴2(心血管)" (choice C2003) ["9N721000000000011" "既往歴2(心血管)" ""] {} one_of "" lab "";
    Questions Offered Offered "既往歴3(腎不全･人工透析)" (choice C2003) ["9N726000000000011" "既往歴3(腎不全･人工透析)" ""] {} one_of "" lab "";
    Questions Offered Offered "貧血" (choice C2003) ["9N731000000000011" "貧血" ""] {} one_of "" lab "";
    Questions Basic Offered "喫煙" (choice C24060) ["9N736000000000011" "喫煙" ""] {} one_of "" lab "";
    Questions Offered Offered "20歳からの体重変化" (choice C2003) ["9N741000000000011" "20歳からの体重変化" ""] {} one_of "" lab "";
    Questions Offered Offered "30分以上の運動習慣" (choice C2003) ["9N746000000000011" "30分以上の運動習慣" ""] {} one_of "" lab "";
    Questions Offered Offered "歩行又は身体活動" (choice C2003) ["9N751000000000011" "歩行又は身体活動" ""] {} one_of "" lab "";
    Questions Offered Offered "歩行速度" (choice C2003) ["9N756000000000011" "歩行速度" ""] {} one_of "" lab "";
    Questions Offered Offered "咀嚼" (choice C18030) ["9N872000000000011" "咀嚼" ""] {} one_of "" lab "";
    Questions Offered Offered "食べ方1(早食い等)" (choice C2004) ["9N766000000000011" "食べ方1(早食い等)" ""] {} one_of "" lab "";
    Questions Offered Offered "食べ方2(就寝前)" (choice C2003) ["9N771000000000011" "食べ方2(就寝前)" ""] {} one_of "" lab "";
    Questions Offered Offered "食べ方3(間食)" (choice C18040) ["9N782000000000011" "食べ方3(間食)" ""] {} one_of "" lab "";
    Questions Offered Offered "食習慣" (choice C2003) ["9N781000000000011" "食習慣" ""] {} one_of "" lab "";
    Questions Offered Offered "飲酒" (choice C24040) ["9N786000000000011" "飲酒" ""] {} one_of "" lab "";
    Questions Offered Offered "飲酒量" (choice C24050) ["9N791000000000011" "飲酒量" ""] {} one_of "" lab "";
    Questions Offered Offered "睡眠" (choice C2003) ["9N796000000000011" "睡眠" ""] {} one_of "" lab "";
    Questions Offered Offered "生活習慣の改善" (choice C2007) ["9N801000000000011" "生活習慣の改善" ""] {} one_of "" lab "";
    Questions Offered Offered "特定保健指導の受診歴" (choice C2003) ["9N808000000000011" "特定保健指導の受診歴" ""] {} one_of "" lab "";
}
