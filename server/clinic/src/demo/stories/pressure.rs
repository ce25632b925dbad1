//! 高血圧症: the pressure falls with each step of treatment, rises in winter and falls in summer.

use super::{Course, Scene};
use crate::demo::{calendar::Season, dice::Dice};

/// Treatment steps: name in the plan and the drugs.
const STEPS: [(&str, &[(&str, &str)]); 4] = [
    ("アムロジピン2.5mg", &[("アムロジピン錠２．５ｍｇ", "1")]),
    ("アムロジピン5mg", &[("アムロジピン錠５ｍｇ", "1")]),
    ("アムロジピン5mg＋アジルサルタン20mg", &[("アムロジピン錠５ｍｇ", "1"), ("アジルサルタン錠２０ｍｇ", "1")]),
    ("アムロジピン5mg＋アジルサルタン40mg", &[("アムロジピン錠５ｍｇ", "1"), ("アジルサルタン錠４０ｍｇ", "1")]),
];
/// How far each step brings the pressure down, mmHg.
const EFFECT: [f64; 4] = [9.0, 16.0, 25.0, 31.0];

pub(super) struct Hypertension {
    untreated: f64,
    step: usize,
    since_change: usize,
    high_in_a_row: usize,
}

impl Hypertension {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self { untreated: dice.real(153.0, 172.0), step: 0, since_change: 0, high_in_a_row: 0 }
    }

    fn measure(&self, scene: &mut Scene<'_>) -> i64 {
        let treated = match (scene.nth, self.since_change) {
            (0, _) => 0.0,
            (_, 0) => EFFECT[self.step] * 0.6,
            _ => EFFECT[self.step],
        };
        let season = match scene.season() {
            Season::Winter => 5.0,
            Season::Summer => -5.0,
            _ => 0.0,
        };
        let high = self.untreated - treated + season + scene.dice.wobble(11.0);
        let low = 0.43 * high + 21.0 + scene.dice.wobble(6.0);
        scene.body.pressure = (high.round() as i64, low.round() as i64);
        scene.body.pulse = scene.dice.between(62, 82);
        high.round() as i64
    }
}

impl Course for Hypertension {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("高血圧症", vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        let high = self.measure(scene);
        let home = high - scene.dice.between(3, 9);
        let home_low = 20 + home * 42 / 100;
        if scene.nth == 0 {
            scene.say_one(&[
                "健診で血圧が高いと言われた。頭痛や胸の症状はない。",
                "家庭血圧計で150台が続くため受診。父も高血圧だった。",
                "以前から高めと言われていたが治療はしていない。最近肩こりが強い。",
                "転居のため前医から継続を希望。しばらく薬を切らしていた。",
            ]);
            scene.find("心音：整、雑音なし。下腿浮腫なし。");
            scene.think("高血圧症。複数回の測定で高値が続いており、生活指導とともに内服を開始する。");
            scene.plan("減塩（1日6 g未満）と体重の管理を説明。家庭血圧を朝晩つけてもらう。");
            scene.plan(format!("{}を開始。", STEPS[self.step].0));
        } else {
            let said = format!("家庭血圧は朝 {home}/{home_low} 前後。");
            scene.say(said);
            if scene.dice.chance(25) {
                scene.say_one(&[
                    "ふらつきはない。",
                    "朝のほうが高めに出る。",
                    "足のむくみはない。",
                    "薬の副作用は感じない。",
                    "頭痛なし、動悸なし。",
                ]);
            }
            self.judge(scene, high);
        }
        for (drug, amount) in STEPS[self.step].1 {
            scene.daily("1M", drug, amount);
        }
        if scene.yearly {
            scene.perform("ＥＣＧ１２");
            scene.find(if scene.body.irregular {
                "心電図：心房細動、心拍数は概ねコントロールされている。"
            } else {
                "心電図：洞調律、ST-T変化なし。"
            });
        }
    }
}

impl Hypertension {
    fn judge(&mut self, scene: &mut Scene<'_>, high: i64) {
        self.since_change += 1;
        self.high_in_a_row = if high >= 140 { self.high_in_a_row + 1 } else { 0 };
        if self.high_in_a_row >= 2 && self.since_change >= 2 && self.step + 1 < STEPS.len() {
            self.step += 1;
            (self.since_change, self.high_in_a_row) = (0, 0);
            scene.think("診察室・家庭血圧とも目標に届かない。増量が必要。");
            scene.plan(format!("{}へ変更。1か月後に再評価。", STEPS[self.step].0));
            return;
        }
        match high {
            ..112 => {
                scene.think("降圧は十分。過降圧の症状はない。");
                scene.plan("現処方を継続。ふらつきがあれば連絡するよう説明。");
            }
            112..136 => {
                let text = scene.dice.pick(&[
                    "血圧は目標内で安定。",
                    "家庭血圧・診察室血圧ともコントロール良好。",
                    "内服で安定している。副作用なし。",
                    "良好な値を維持している。",
                ]);
                scene.think(text);
                scene.plan("現処方を継続。");
            }
            136..148 if scene.season() == Season::Winter => {
                scene.think("冬季でやや高め。家庭血圧の推移をみる。");
                scene.plan("現処方を継続。起床時と入浴時の寒暖差に注意するよう説明。");
            }
            150.. => {
                let text = scene
                    .dice
                    .pick(&["診察室血圧は高値。家庭血圧の記録とあわせて判断する。", "なお高値。内服状況と塩分摂取を確認した。"]);
                scene.think(text);
                scene.plan("減塩をあらためて指導。次回も高ければ増量する。");
            }
            _ => {
                let text = scene.dice.pick(&[
                    "今回はやや高め。塩分摂取の影響が考えられる。",
                    "診察室血圧はやや高いが家庭血圧は許容範囲。",
                    "測定時に緊張あり。次回も確認する。",
                ]);
                scene.think(text);
                scene.plan("減塩をあらためて指導。次回も高ければ増量を検討。");
            }
        }
    }
}
