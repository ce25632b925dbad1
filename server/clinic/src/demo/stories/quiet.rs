//! The quieter companions: 甲状腺機能低下症, 鉄欠乏性貧血, 逆流性食道炎, 不眠症, 便秘症.

use super::{Course, Scene};
use crate::demo::dice::Dice;

pub(super) struct Thyroid {
    tsh: f64,
    strong: bool,
}

impl Thyroid {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self { tsh: dice.real(11.0, 24.0), strong: false }
    }
}

impl Course for Thyroid {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("甲状腺機能低下症", vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        if scene.nth == 0 {
            scene.say_one(&["だるさと冷えが続き、体重が増えた。", "髪が抜けやすく、朝起きるのがつらい。"]);
        } else {
            scene.say_one(&[
                "体調はよい。",
                "だるさは軽くなった。",
                "便通はふつう。",
                "寒がりは変わらない。",
                "動悸や手の震えはない。",
            ]);
        }
        if scene.blood {
            if scene.nth > 0 {
                let goal = if self.strong { 2.2 } else { 5.6 };
                self.tsh += (goal - self.tsh) * 0.7 + scene.dice.wobble(0.6);
                self.tsh = self.tsh.max(0.9);
            }
            // TSH and FT4 are not among the 43 items that are shared with codes: they stand in the note.
            let free = (1.45 - self.tsh * 0.035).max(0.6);
            scene.perform("ＴＳＨ");
            scene.perform("ＦＴ４");
            scene.find(format!("TSH {:.2} μIU/mL、FT4 {free:.2} ng/dL（外注）。", self.tsh));
            if self.tsh > 5.0 && scene.nth > 0 && !self.strong {
                self.strong = true;
                scene.think(format!("TSH {:.2}となお高め。", self.tsh));
                scene.plan("レボチロキシンを75μgへ増量。");
            } else {
                scene.think(if scene.nth == 0 {
                    "甲状腺機能低下症。少量から補充を開始する。"
                } else {
                    "TSHは目標内。"
                });
                scene.plan(if scene.nth == 0 {
                    "レボチロキシン50μgを開始。"
                } else {
                    "レボチロキシンを継続。"
                });
            }
        } else {
            scene.think("症状安定。");
            scene.plan("同量を継続。次回甲状腺機能を確認する。");
        }
        scene.find("甲状腺：びまん性に軽度腫大、結節を触れない。");
        scene.daily("1W", if self.strong { "チラーヂンＳ錠７５μｇ" } else { "チラーヂンＳ錠５０μｇ" }, "1");
    }
}

pub(super) struct Iron {
    haemoglobin: f64,
}

impl Iron {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self { haemoglobin: dice.real(8.4, 10.2) }
    }
}

impl Course for Iron {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("鉄欠乏性貧血", vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        if scene.nth > 0 {
            self.haemoglobin += (13.0 - self.haemoglobin) * 0.45 + scene.dice.wobble(0.3);
        }
        scene.result("Hb", self.haemoglobin, 1);
        scene.measure(&["WBC", "PLT"]);
        scene.result("RBC", 300.0 + self.haemoglobin * 11.0, 0);
        scene.perform("Ｆｅ");
        scene.perform("フェリチン定量");
        if scene.nth == 0 {
            scene.say_one(&[
                "階段で息切れがする。月経量が多い。",
                "健診で貧血を指摘された。立ちくらみがある。",
                "氷をよく食べる。疲れやすい。",
            ]);
            scene.find("眼瞼結膜：蒼白。心尖部に収縮期雑音（Levine II/VI）。");
            scene.think(format!("鉄欠乏性貧血、Hb {:.1}。婦人科的な出血源の評価も勧める。", self.haemoglobin));
            scene.plan("鉄剤を開始。黒色便になること、悪心があれば夕食後に変更できることを説明。");
        } else {
            scene.say_one(&[
                "息切れはなくなった。",
                "鉄剤で少し胃がむかつくが飲めている。",
                "便は黒いが便通は普通。",
                "疲れにくくなった。",
            ]);
            scene.find("眼瞼結膜：貧血様でない。");
            scene.think(format!(
                "Hb {:.1}。{}",
                self.haemoglobin,
                if self.haemoglobin > 12.0 { "改善、貯蔵鉄の補充を続ける。" } else { "改善傾向。" }
            ));
            scene.plan("鉄剤を継続。");
        }
        scene.daily("2", "フェロミア錠５０ｍｇ", "2");
    }
}

pub(super) struct Reflux;

impl Course for Reflux {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("逆流性食道炎", vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        if scene.nth == 0 {
            scene.say_one(&["食後と夜間に胸やけがある。酸っぱいものが上がってくる。", "胸やけで夜中に目が覚めることがある。"]);
            scene.find("腹部：平坦・軟、心窩部に軽い圧痛。反跳痛なし。");
            scene.think("逆流性食道炎。他院内視鏡（昨年）でロサンゼルス分類 grade A。");
            scene.plan("就寝前3時間は食べない、頭を高くして寝る等を説明。酸分泌抑制薬を開始。");
        } else {
            scene.say_one(&[
                "胸やけは月に数回程度。",
                "薬を飲んでいれば症状はない。",
                "脂っこいものを食べると胸やけする。",
                "食欲はある。体重減少なし。",
            ]);
            scene.think_one(&["症状はおさまっている。", "維持療法で安定。", "食後の胸やけが時にある程度。"]);
            scene.plan_one(&[
                "維持量を継続。年1回の内視鏡を勧める。",
                "同量を継続。夕食を早めにとるよう説明。",
                "症状があるときのみの内服も試せると説明し、継続。",
            ]);
        }
        scene.daily("1M", if scene.nth == 0 { "タケキャブ錠２０ｍｇ" } else { "タケキャブ錠１０ｍｇ" }, "1");
    }
}

pub(super) struct Sleep;

impl Course for Sleep {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("不眠症", vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        scene.say_one(&[
            "寝つきに30分ほどかかる。",
            "薬があれば眠れる。",
            "夜中に一度目が覚めるがまた眠れる。",
            "昼寝を減らしたら眠れるようになった。",
            "日中の眠気はない。",
        ]);
        scene.think_one(&[
            "睡眠は概ね保たれている。ふらつき・健忘なし。",
            "入眠は改善。日中の支障なし。",
            "睡眠の質に大きな変化なし。転倒なし。",
        ]);
        scene.plan_one(&[
            "就床時刻を一定に。睡眠薬は同量で継続し、減量を相談していく。",
            "眠剤を継続。昼寝は30分以内にするよう勧める。",
            "同量を継続。調子がよい日は半量を試すことを提案。",
            "眠剤は続け、就寝前のスマートフォン・テレビを控えるよう説明。",
        ]);
        scene.daily("1H", if scene.age >= 75 { "デエビゴ錠２．５ｍｇ" } else { "デエビゴ錠５ｍｇ" }, "1");
    }
}

pub(super) struct Constipation;

impl Course for Constipation {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("便秘症", vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        scene.say_one(&[
            "排便は2日に1回、硬さはふつう。",
            "薬を飲めば毎日出る。",
            "お腹の張りはない。",
            "便がゆるい日は自分で1錠減らしている。",
        ]);
        scene.find("腹部：平坦・軟、圧痛なし。腸蠕動音は正常。");
        scene.think_one(&["排便コントロール良好。", "便通は安定。", "軟便気味の日はあるが調整できている。"]);
        scene.plan_one(&[
            "酸化マグネシウムを継続。腎機能とMgに注意。",
            "便の硬さにあわせて1日2〜3錠で調節してよいと説明。",
            "緩下剤を継続。水分と食物繊維をとるよう勧める。",
        ]);
        scene.daily("3", "マグミット錠３３０ｍｇ", "3");
    }
}
