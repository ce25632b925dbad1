//! ２型糖尿病, 脂質異常症 and 高尿酸血症・痛風: numbers that answer to treatment over months.

use super::{Course, Scene};
use crate::demo::{calendar::Season, dice::Dice};

/// Key of the usage, beginning of the drug's name, amount a day.
type Dose = (&'static str, &'static str, &'static str);

/// Steps for diabetes: words of the plan, and drugs with usage and daily amount.
const STEPS: [(&str, &[Dose]); 3] = [
    ("メトホルミン500mg/日", &[("2", "メトグルコ錠２５０ｍｇ", "2")]),
    ("メトホルミン1000mg/日＋シタグリプチン50mg", &[("2", "メトグルコ錠２５０ｍｇ", "4"), ("1M", "ジャヌビア錠５０ｍｇ", "1")]),
    (
        "メトホルミン1000mg/日＋シタグリプチン50mg＋ダパグリフロジン5mg",
        &[("2", "メトグルコ錠２５０ｍｇ", "4"), ("1M", "ジャヌビア錠５０ｍｇ", "1"), ("1M", "フォシーガ錠５ｍｇ", "1")],
    ),
];
/// How far each step brings HbA1c down in the end, %.
const EFFECT: [f64; 3] = [0.7, 1.4, 2.0];

pub(super) struct Diabetes {
    untreated: f64,
    a1c: f64,
    last: f64,
    step: usize,
    since_change: i64,
}

impl Diabetes {
    pub(super) fn new(dice: &mut Dice) -> Self {
        let untreated = dice.real(7.7, 9.1);
        Self { untreated, a1c: untreated, last: untreated, step: 0, since_change: 0 }
    }
}

impl Course for Diabetes {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("２型糖尿病", vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        let pull = if scene.days > 35 { 0.6 } else { 0.38 };
        if scene.nth > 0 {
            let goal = self.untreated - EFFECT[self.step] + if scene.season() == Season::Winter { 0.2 } else { 0.0 };
            self.a1c += (goal - self.a1c) * pull + scene.dice.wobble(0.16);
            self.since_change += scene.days;
            if self.step == 2 && self.since_change < 250 {
                scene.body.usual_weight -= scene.dice.real(0.1, 0.5);
            }
        }
        let a1c = (self.a1c * 10.0).round() / 10.0;
        scene.result("HbA1c-NGSP", a1c, 1);
        let sugar = 28.7 * a1c - 46.7 + scene.dice.wobble(28.0);
        scene.result("BS", sugar.max(78.0), 0);
        if scene.yearly {
            let ratio = scene.dice.between(5, 26) as f64 + (self.untreated - 7.5) * 12.0;
            scene.result("U-A/C", ratio, 1);
            scene.find("足背動脈触知良好、足病変なし。アキレス腱反射は保たれている。");
            scene.plan("眼科受診（年1回の眼底検査）を確認。糖尿病連携手帳に記載。");
        }
        self.talk(scene, a1c);
        for (usage, drug, amount) in STEPS[self.step].1 {
            scene.daily(usage, drug, amount);
        }
        self.last = a1c;
    }
}

impl Diabetes {
    fn talk(&mut self, scene: &mut Scene<'_>, a1c: f64) {
        if scene.nth == 0 {
            scene.say_one(&[
                "健診で血糖が高いと指摘された。口渇が少しある。",
                "最近のどが渇き、夜間に2回ほどトイレに起きる。",
                "母が糖尿病。数年前から予備群と言われていた。",
            ]);
            scene.think(format!("２型糖尿病、HbA1c {a1c:.1}%。ケトーシスの所見なし。食事・運動療法とともに内服を開始する。"));
            scene.plan(format!("{}で開始。管理栄養士による食事の説明を予定。", STEPS[0].0));
            return;
        }
        let change = a1c - self.last;
        if scene.dice.chance(55) {
            scene.say_one(&[
                "間食を減らしている。",
                "夕食が遅くなりがち。",
                "低血糖症状はない。",
                "毎食野菜から食べるようにしている。",
                "甘い缶コーヒーをやめた。",
                "運動は週2〜3回できている。",
                "宴会が続き食べすぎた。",
                "果物をよく食べている。",
            ]);
        }
        let direction = match change {
            _ if change <= -0.2 => "改善",
            _ if change >= 0.2 => "上昇",
            _ => "横ばい",
        };
        if a1c >= 7.3 && self.since_change >= 100 && self.step + 1 < STEPS.len() {
            self.step += 1;
            self.since_change = 0;
            scene.think(format!("HbA1c {:.1}→{a1c:.1}%と目標に届かず、内服を強化する。", self.last));
            scene.plan(format!("{}へ変更。低血糖・脱水（シックデイの対応）を説明。", STEPS[self.step].0));
        } else {
            let goal = if scene.age >= 75 { "7.5%未満" } else { "7.0%未満" };
            let text = format!("HbA1c {a1c:.1}%（前回 {:.1}%）、{direction}。目標は{goal}。", self.last);
            scene.think(text);
            scene.plan(if change >= 0.2 {
                "食事内容を振り返り、間食と夕食の時間を見直す。処方は継続。"
            } else {
                "現処方を継続。"
            });
        }
    }
}

pub(super) struct Lipids {
    untreated: f64,
    step: usize,
    drawn: usize,
}

impl Lipids {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self { untreated: dice.real(152.0, 194.0), step: 1, drawn: 0 }
    }
}

impl Course for Lipids {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("脂質異常症", vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        let effect = [0.0, 0.36, 0.45][if scene.nth == 0 { 0 } else { self.step }];
        if scene.blood {
            let ldl = self.untreated * (1.0 - effect) + scene.dice.wobble(12.0);
            scene.result("LDL-C", ldl, 0);
            scene.measure(&["HDL-C", "TG"]);
            self.drawn += 1;
            if scene.nth == 0 {
                scene.think(format!("脂質異常症、LDL-C {ldl:.0}。食事療法の説明とともにスタチンを開始する。"));
                scene.plan("ロスバスタチン2.5mgを開始。筋肉痛・褐色尿があれば中止して連絡するよう説明。");
            } else if ldl >= 122.0 && self.step == 1 && self.drawn > 1 {
                self.step = 2;
                scene.think(format!("LDL-C {ldl:.0}とやや不十分。"));
                scene.plan("ロスバスタチンを5mgへ増量。次回CK・肝機能を確認。");
            } else {
                let text = scene.dice.pick(&["管理目標を達成している。", "良好。", "肝機能・CKの上昇なし。"]);
                scene.think(format!("LDL-C {ldl:.0}、{text}"));
                scene.plan("現処方を継続。");
            }
        } else {
            scene.think("内服継続中、筋症状なし。");
            scene.plan("現処方を継続。");
        }
        if scene.nth == 0 {
            scene.say_one(&[
                "健診でコレステロールが高いと言われた。",
                "数年前から脂質の値を指摘されている。揚げ物や菓子パンをよく食べる。",
            ]);
        } else if scene.dice.chance(30) {
            scene.say_one(&["卵と揚げ物を控えている。", "魚を増やした。", "筋肉痛はない。", "運動はあまりできていない。"]);
        }
        scene.daily("1E", if self.step < 2 { "ロスバスタチン錠２．５ｍｇ" } else { "ロスバスタチン錠５ｍｇ" }, "1");
    }
}

pub(super) struct Gout {
    untreated: f64,
    strong: bool,
    gout: bool,
}

impl Gout {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self { untreated: dice.real(8.0, 9.4), strong: false, gout: dice.chance(60) }
    }
}

impl Course for Gout {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        (if self.gout { "痛風" } else { "高尿酸血症" }, vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        let level = self.untreated
            - if scene.nth == 0 {
                0.0
            } else if self.strong {
                3.2
            } else {
                2.2
            };
        scene.body.level("UA", level);
        match scene.nth {
            0 if self.gout => {
                scene.say("昨年に足の親指の付け根が腫れて痛んだことがある。発作はおさまっている。");
                scene.think("痛風（間欠期）。尿酸降下薬を少量から開始する。");
                scene.plan("フェブキソスタット10mgを開始。飲酒と水分摂取について説明。");
            }
            0 => {
                scene.say("健診で尿酸が高いと言われている。足の痛みが出たことはない。");
                scene.think("高尿酸血症。合併症を考慮し薬物療法を開始する。");
                scene.plan("フェブキソスタット10mgを開始。");
            }
            _ if scene.blood => {
                scene.measure(&["UA"]);
                let value = scene.results.get("UA").cloned().unwrap_or_default();
                let high = value.parse::<f64>().is_ok_and(|value| value > 6.0);
                if high && !self.strong {
                    self.strong = true;
                    scene.think(format!("尿酸 {value}。6.0以下を目標に増量する。"));
                    scene.plan("フェブキソスタットを20mgへ増量。");
                } else {
                    scene.think(format!("尿酸 {value}。発作なし。"));
                }
            }
            _ => {
                if scene.dice.chance(30) {
                    scene.say_one(&["足の痛みはない。", "ビールは週末だけにしている。", "水分は1日1.5Lほどとっている。"]);
                }
                scene.think("発作なく経過。");
            }
        }
        if scene.nth > 0 {
            scene.plan("現処方を継続。");
        }
        scene.daily("1M", if self.strong { "フェブリク錠２０ｍｇ" } else { "フェブリク錠１０ｍｇ" }, "1");
    }
}
