//! Acute episodes: what people come for between their regular visits, or at all.

use super::Scene;
use crate::demo::{calendar::Season, dice::Dice};
use model::patient::Sex;

/// An acute disease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Episode {
    /// 急性上気道炎.
    Cold,
    /// インフルエンザＡ型.
    Influenza,
    /// ＣＯＶＩＤ－１９.
    Covid,
    /// 溶連菌感染症.
    Strep,
    /// 急性気管支炎.
    Bronchitis,
    /// 感染性胃腸炎.
    Gastroenteritis,
    /// 急性膀胱炎.
    Cystitis,
    /// 急性腰痛症.
    Back,
    /// 湿疹.
    Eczema,
    /// 帯状疱疹.
    Shingles,
    /// じんま疹.
    Hives,
}

/// What somebody of that age may catch in that season.
pub(in crate::demo) fn episode(dice: &mut Dice, season: Season, age: u32, sex: Sex) -> Episode {
    use Episode::*;
    let winter: &[Episode] = &[Cold, Cold, Influenza, Influenza, Covid, Bronchitis, Gastroenteritis, Strep];
    let summer: &[Episode] = &[Cold, Covid, Covid, Gastroenteritis, Eczema, Hives, Back];
    let mild: &[Episode] = &[Cold, Cold, Cold, Bronchitis, Gastroenteritis, Back, Eczema, Hives, Shingles, Cystitis];
    let pool = match season {
        Season::Winter => winter,
        Season::Summer => summer,
        _ => mild,
    };
    loop {
        let drawn = pool[dice.index(pool.len())];
        let fits = match drawn {
            Cystitis => sex == Sex::Female && age >= 20,
            Back => age >= 25,
            Shingles => age >= 45,
            Strep => age < 40,
            _ => true,
        };
        if fits {
            return drawn;
        }
    }
}

impl Episode {
    /// Name of the disease in the master.
    pub(in crate::demo) fn diagnosis(self) -> &'static str {
        match self {
            Self::Cold => "急性上気道炎",
            Self::Influenza => "インフルエンザＡ型",
            Self::Covid => "ＣＯＶＩＤ－１９",
            Self::Strep => "溶連菌感染症",
            Self::Bronchitis => "急性気管支炎",
            Self::Gastroenteritis => "感染性胃腸炎",
            Self::Cystitis => "急性膀胱炎",
            Self::Back => "急性腰痛症",
            Self::Eczema => "湿疹",
            Self::Shingles => "帯状疱疹",
            Self::Hives => "じんま疹",
        }
    }

    /// Days until it is over.
    pub(in crate::demo) fn days(self) -> i64 {
        match self {
            Self::Shingles => 21,
            Self::Bronchitis | Self::Eczema | Self::Back => 14,
            _ => 7,
        }
    }

    /// The visit.
    pub(in crate::demo) fn see(self, scene: &mut Scene<'_>) {
        match self {
            Self::Cold => cold(scene),
            Self::Influenza => influenza(scene),
            Self::Covid => covid(scene),
            Self::Strep => strep(scene),
            Self::Bronchitis => bronchitis(scene),
            Self::Gastroenteritis => gastroenteritis(scene),
            Self::Cystitis => cystitis(scene),
            Self::Back => back(scene),
            Self::Eczema => eczema(scene),
            Self::Shingles => shingles(scene),
            Self::Hives => hives(scene),
        }
    }
}

/// What a new patient of today says at the desk.
pub(in crate::demo) fn today_fever() -> &'static str {
    "昨夜から38℃台の発熱と咳。隔離スペースで待機。"
}

fn temperature(scene: &mut Scene<'_>, low: f64, high: f64) -> f64 {
    let value = scene.dice.real(low, high);
    let saturation = scene.dice.between(97, 99);
    scene.find(format!("体温 {value:.1}℃、SpO2 {saturation}%。"));
    value
}

fn fever_drug(scene: &mut Scene<'_>) {
    match scene.age {
        0..6 => scene.outside("SN", "アンヒバ坐剤小児用１００ｍｇ", "4"),
        6..15 => scene.when_needed(5, "TN", "カロナール錠２００", "1"),
        _ => scene.when_needed(10, "TN", "カロナール錠５００", "1"),
    }
}

fn cold(scene: &mut Scene<'_>) {
    scene.say_one(&[
        "3日前から咽頭痛と鼻汁。",
        "昨日から微熱とのどの痛み。家族も風邪をひいている。",
        "2日前から咳と鼻水、食欲はある。",
        "のどがイガイガし、声がかすれる。",
    ]);
    temperature(scene, 36.6, 37.9);
    scene.find("咽頭：発赤軽度、扁桃腫大なし。呼吸音：清。頸部リンパ節腫脹なし。");
    scene.think("急性上気道炎（ウイルス性）と考える。");
    scene.plan("対症療法。抗菌薬は不要であることを説明。3〜4日で改善しなければ再診。");
    if scene.age >= 12 {
        scene.course_of(5, "3", "トランサミン錠２５０ｍｇ", "3");
        scene.course_of(5, "3", "ムコダイン錠５００ｍｇ", "3");
        if scene.dice.chance(60) {
            scene.course_of(5, "3", "メジコン錠１５ｍｇ", "3");
        }
    } else {
        scene.course_of(5, "3", "ムコダインＤＳ５０％", "1.2");
        scene.course_of(5, "3", "アスベリン散１０％", "0.3");
    }
    fever_drug(scene);
}

fn influenza(scene: &mut Scene<'_>) {
    scene.say_one(&[
        "昨夜から39℃の発熱、関節痛と悪寒。職場で流行している。",
        "今朝から急に高熱が出た。学級閉鎖中。",
        "昨日からの発熱と頭痛。体の節々が痛い。",
    ]);
    temperature(scene, 38.2, 39.6);
    scene.find("咽頭：発赤、リンパ濾胞あり。呼吸音：清。項部硬直なし。");
    scene.find("インフルエンザ迅速抗原：A型陽性。");
    scene.perform("インフルエンザウイルス抗原定性");
    scene.perform("鼻腔・咽頭拭い液採取");
    scene.think("インフルエンザA型。発症48時間以内。");
    scene.plan("抗インフルエンザ薬を処方。水分摂取、発症後5日かつ解熱後2日（幼児3日）は休むよう説明。");
    if scene.age >= 12 {
        scene.course_of(5, "2", "タミフルカプセル７５", "2");
    } else {
        scene.course_of(5, "2", "タミフルドライシロップ３％", "2.6");
    }
    fever_drug(scene);
}

fn covid(scene: &mut Scene<'_>) {
    scene.say_one(&["一昨日から発熱と強い咽頭痛。", "家族が陽性。昨日から37.8℃と咳。", "だるさと発熱、味は分かる。"]);
    temperature(scene, 37.4, 38.9);
    scene.find("咽頭：発赤。呼吸音：清。呼吸困難なし。");
    scene.find("SARS-CoV-2抗原：陽性。");
    scene.perform("ＳＡＲＳ－ＣｏＶ－２抗原定性");
    scene.perform("鼻腔・咽頭拭い液採取");
    scene.think("COVID-19、軽症。");
    scene.plan("対症療法。息苦しさやSpO2低下があれば連絡するよう説明。");
    if scene.age >= 12 {
        scene.course_of(5, "3", "トランサミン錠２５０ｍｇ", "3");
        scene.course_of(5, "3", "メジコン錠１５ｍｇ", "3");
    }
    fever_drug(scene);
}

fn strep(scene: &mut Scene<'_>) {
    scene.say_one(&["昨日から38℃台の発熱とのどの痛み。咳はない。", "のどが痛くてつばを飲み込めない。"]);
    temperature(scene, 37.9, 39.1);
    scene.find("咽頭：著明な発赤、扁桃に白苔。前頸部リンパ節の圧痛あり。A群溶連菌迅速：陽性。");
    scene.perform("Ａ群β溶連菌迅速試験定性");
    scene.perform("鼻腔・咽頭拭い液採取");
    scene.think("A群溶連菌による咽頭・扁桃炎。");
    scene.plan("アモキシシリン10日間。症状が消えても飲みきるよう説明。2週後に検尿。");
    match scene.age {
        0..12 => scene.course_of(10, "3", "サワシリン細粒１０％", "7.5"),
        _ => scene.course_of(10, "3", "サワシリンカプセル２５０", "6"),
    }
    fever_drug(scene);
}

fn bronchitis(scene: &mut Scene<'_>) {
    scene.say_one(&["風邪のあと咳と黄色い痰が1週間続く。", "夜間に咳込んで眠れない。"]);
    let fever = temperature(scene, 36.8, 38.1);
    scene.find("呼吸音：両側にrhonchiを聴取、cracklesなし。");
    if scene.age >= 40 {
        scene.perform("単純撮影（イ）の写真診断");
        scene.perform("単純撮影（デジタル撮影）");
        scene.perform("電子画像管理加算（単純撮影）");
        scene.find("胸部X線：肺野に浸潤影なし。");
    }
    if scene.age >= 16 {
        let crp = scene.dice.real(0.4, 2.8) + (fever - 36.8).max(0.0);
        scene.result("CRP", crp, 2);
        let white = scene.dice.between(70, 112) as f64 * 100.0;
        scene.result("WBC", white, 0);
        scene.measure(&["Hb", "PLT", "RBC"]);
    }
    scene.think("急性気管支炎。肺炎の所見なし。");
    scene.plan("去痰薬・鎮咳薬で経過をみる。1週間で改善しなければ再診。");
    if scene.age >= 12 {
        scene.course_of(7, "3", "ムコダイン錠５００ｍｇ", "3");
        scene.course_of(7, "3", "メジコン錠１５ｍｇ", "6");
    } else {
        scene.course_of(7, "3", "ムコダインＤＳ５０％", "1.5");
        scene.outside("XH", "ホクナリンテープ１ｍｇ", "7");
    }
}

fn gastroenteritis(scene: &mut Scene<'_>) {
    scene.say_one(&[
        "昨夜から嘔吐3回、水様下痢5回。家族にも同じ症状。",
        "今朝から腹痛と下痢。昨日カキを食べた。",
        "保育園で胃腸炎が流行している。朝から2回吐いた。",
    ]);
    temperature(scene, 36.7, 38.2);
    scene.find("腹部：平坦・軟、臍周囲に軽い圧痛、反跳痛なし。腸蠕動音亢進。皮膚ツルゴール保たれる。");
    scene.think("感染性胃腸炎（ウイルス性を疑う）。脱水は軽度。");
    scene.plan("経口補水を少量頻回に。血便・強い腹痛・尿が出ないときは受診。手洗いと消毒を説明。");
    match scene.age {
        0..12 => scene.course_of(3, "3", "ミヤＢＭ細粒", "1.5"),
        _ => {
            scene.course_of(5, "3", "ミヤＢＭ錠", "6");
            scene.when_needed(6, "TO", "ナウゼリン錠１０", "1");
        }
    }
}

fn cystitis(scene: &mut Scene<'_>) {
    scene.say_one(&["昨日から排尿時痛と頻尿。残尿感がある。", "今朝から尿の終わりにしみる感じ。発熱はない。"]);
    temperature(scene, 36.3, 36.9);
    scene.find("下腹部に軽い圧痛。肋骨脊柱角の叩打痛なし。");
    scene.words("U-TP", "±");
    scene.words("U-Glu", "－");
    scene.words("U-Bld", "＋");
    scene.think("急性膀胱炎。腎盂腎炎を疑う所見なし。");
    scene.plan("抗菌薬3日間。水分を多めにとり、発熱・腰痛が出れば受診。");
    scene.course_of(3, "1M", "クラビット錠５００ｍｇ", "1");
}

fn back(scene: &mut Scene<'_>) {
    scene.say_one(&[
        "荷物を持ち上げた際に腰に激痛。",
        "朝、顔を洗おうとして腰が痛くなった。",
        "引っ越し作業のあとから腰が痛い。",
    ]);
    scene.find("腰椎傍脊柱筋に圧痛・筋緊張。SLRテスト陰性、下肢の筋力低下・感覚障害なし。");
    scene.perform("消炎鎮痛等処置（器具等による療法）");
    scene.think("急性腰痛症。神経症状などの危険信号なし。");
    scene.plan("過度の安静は避け、痛みの範囲で動く。鎮痛薬と外用薬。2週で改善なければ画像検査。");
    scene.course_of(5, "3", "ロキソニン錠６０ｍｇ", "3");
    scene.course_of(5, "3", "ムコスタ錠１００ｍｇ", "3");
    scene.outside("XH", "ロキソニンテープ１００ｍｇ", "14");
}

fn eczema(scene: &mut Scene<'_>) {
    scene.say_one(&["腕と首にかゆい湿疹。", "汗をかいたあと肘の内側がかゆい。", "手荒れがひどく、ひび割れて痛い。"]);
    scene.find("前腕屈側と頸部に紅斑・小丘疹、掻破痕あり。浸出液なし。");
    scene.think("湿疹。感染の合併なし。");
    scene.plan("外用ステロイドを1週間、保湿を続ける。石けんはよく流すよう説明。");
    scene.outside("X2", if scene.age < 15 { "ロコイド軟膏０．１％" } else { "アンテベート軟膏０．０５％" }, "10");
    scene.outside("X2", "ヒルドイドソフト軟膏０．３％", "50");
}

fn shingles(scene: &mut Scene<'_>) {
    let side = scene.dice.pick(&["右", "左"]);
    scene.say(format!("3日前から{side}側胸部がピリピリと痛み、今朝発疹に気づいた。"));
    scene.find(format!("{side}第5〜6胸髄領域に紅暈を伴う小水疱が帯状に集簇。正中を越えない。"));
    scene.think("帯状疱疹。発症72時間以内。");
    scene.plan("抗ウイルス薬7日間。痛みが続く場合の神経痛について説明。水疱は触らない。");
    scene.course_of(7, "1M", "アメナリーフ錠２００ｍｇ", "2");
    scene.when_needed(10, "TI", "カロナール錠５００", "1");
}

fn hives(scene: &mut Scene<'_>) {
    scene.say_one(&["昨夜から全身にかゆい発疹が出たり消えたりする。", "疲れると体がかゆくなり、みみずばれになる。"]);
    scene.find("体幹・四肢に膨疹が散在。口唇・眼瞼の腫脹なし、喘鳴なし。");
    scene.think("じんま疹。アナフィラキシーの所見なし。");
    scene.plan("抗ヒスタミン薬を2週間。息苦しさが出れば救急受診。");
    match scene.age {
        0..12 => scene.course_of(7, "2", "フェキソフェナジン塩酸塩３０ｍｇ錠", "2"),
        _ => scene.course_of(14, "1H", "ビラノア錠２０ｍｇ", "1"),
    }
}
