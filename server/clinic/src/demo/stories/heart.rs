//! 心房細動, 慢性心不全 and 慢性腎臓病.

use super::{Course, Scene};
use crate::demo::{calendar::Season, dice::Dice};
use model::patient::Sex;

pub(super) struct Fibrillation;

impl Course for Fibrillation {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("心房細動", vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        scene.body.irregular = true;
        scene.body.pulse = scene.dice.between(66, 88);
        if scene.nth == 0 {
            scene.say("脈が乱れると言われ紹介となった。動悸は時々ある程度。");
            scene.perform("ＥＣＧ１２");
            scene.find("心電図：心房細動、心拍数 92/分。");
            scene.think("心房細動。脳梗塞予防のため抗凝固療法を継続する。");
        } else {
            scene.say_one(&[
                "動悸はない。",
                "時々脈が速くなるが数分でおさまる。",
                "歯ぐきからの出血や血尿はない。",
                "転倒はしていない。",
                "黒い便はない。",
            ]);
            let text = scene.dice.pick(&[
                "レートコントロール良好。出血傾向なし。",
                "抗凝固療法を継続中、出血の合併なし。",
                "安静時心拍数は目標内。",
            ]);
            scene.think(text);
        }
        scene.plan("アピキサバンを継続。抜歯・内視鏡の予定は事前に知らせるよう説明。");
        scene.daily("2", if scene.age >= 80 { "エリキュース錠２．５ｍｇ" } else { "エリキュース錠５ｍｇ" }, "2");
        scene.daily("1M", "ビソプロロールフマル酸塩２．５ｍｇ錠", "1");
    }
}

pub(super) struct Failure {
    level: f64,
}

impl Failure {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self { level: dice.real(120.0, 260.0) }
    }
}

impl Course for Failure {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("慢性心不全", vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        let gain = scene.dice.wobble(1.2) + if scene.season() == Season::Winter { 0.3 } else { 0.0 };
        scene.body.weight += gain - (scene.body.weight - scene.body.last_weight) * 0.5;
        let worse = gain > 0.7;
        if scene.blood || worse {
            let value = self.level * (if worse { 1.5 } else { 1.0 }) + scene.dice.wobble(30.0);
            scene.result("BNP", value, 1);
        }
        if worse {
            scene.say_one(&["夕方に足がむくむ。靴下の跡が残る。", "坂道で少し息が切れる。", "横になると少し苦しい日があった。"]);
            scene.find("下腿に軽度の圧痕性浮腫。呼吸音：清、ラ音なし。SpO2 96%。");
            scene.think("体重増加と軽度の浮腫あり。塩分と水分の見直しを行う。");
            scene.plan("毎朝の体重測定を継続。3日で2 kg以上増えたら早めに受診するよう説明。");
        } else {
            scene.say_one(&["息切れはない。夜も平らに眠れる。", "むくみはない。", "買い物に歩いて行けている。"]);
            scene.find("頸静脈怒張なし。呼吸音：清。下腿浮腫なし。SpO2 97%。");
            scene.think("心不全は代償されている（NYHA II度相当）。");
            scene.plan("現処方を継続。体重と塩分の管理を続ける。");
        }
        scene.daily("1M", "ラシックス錠２０ｍｇ", "1");
        scene.daily("1M", "アルダクトンＡ錠２５ｍｇ", "1");
        if scene.yearly {
            scene.perform("単純撮影（イ）の写真診断");
            scene.perform("単純撮影（デジタル撮影）");
            scene.perform("電子画像管理加算（単純撮影）");
            scene.find("胸部X線：心胸郭比 54%、肺うっ血なし、胸水なし。");
        }
    }
}

pub(super) struct Kidney {
    creatinine: f64,
}

impl Kidney {
    pub(super) fn new(dice: &mut Dice, sex: Sex) -> Self {
        let base = if sex == Sex::Male { 1.22 } else { 0.98 };
        Self { creatinine: base + dice.real(0.0, 0.25) }
    }
}

impl Course for Kidney {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("慢性腎臓病", vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        self.creatinine += 0.0035 * scene.days as f64 / 28.0;
        scene.body.level("Cre", self.creatinine);
        scene.body.level("BUN", 14.0 + (self.creatinine - 0.8) * 14.0);
        scene.body.level("K", 4.5);
        if scene.blood {
            scene.measure(&["Cre", "BUN", "K", "Na", "Cl"]);
            let protein = ["－", "±", "＋", "＋"][scene.dice.index(4)];
            scene.words("U-TP", protein);
            let text = format!("Cre {}、尿蛋白 {protein}。腎機能はゆるやかな経過。", scene.results["Cre"]);
            scene.think(text);
            scene.plan("減塩と血圧管理を継続。NSAIDsの市販薬は避けるよう説明。");
        } else {
            scene.think_one(&[
                "自覚症状なし。次回採血・検尿で評価する。",
                "浮腫なし、体重も安定。",
                "血圧の管理を優先して経過をみる。",
            ]);
            if scene.dice.chance(30) {
                scene.say_one(&["むくみはない。", "尿の泡立ちは変わらない。", "塩分は控えめにしている。"]);
            }
        }
        if scene.nth == 0 {
            scene.plan("フォシーガを開始。シックデイの休薬を説明。");
        }
        scene.daily("1M", "フォシーガ錠１０ｍｇ", "1");
    }
}
