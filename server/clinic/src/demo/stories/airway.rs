//! 気管支喘息 and アレルギー性鼻炎: autumn and spring are their seasons.

use super::{Course, Scene};
use crate::demo::{calendar::Season, dice::Dice};
use chrono::Datelike;

pub(super) struct Asthma {
    best: i64,
}

impl Asthma {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self { best: dice.between(39, 52) * 10 }
    }
}

impl Course for Asthma {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("気管支喘息", vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        let bad = scene.nth == 0 || matches!(scene.day.month(), 9..=11) && scene.dice.chance(35) || scene.dice.chance(8);
        let flow = self.best * if bad { scene.dice.between(68, 78) } else { scene.dice.between(88, 99) } / 100;
        let saturation = if bad { scene.dice.between(95, 96) } else { scene.dice.between(97, 99) };
        scene.find(format!(
            "呼吸音：{}。SpO2 {saturation}%、ピークフロー {flow} L/分（自己最良値 {}）。",
            if bad { "呼気時に軽度の喘鳴あり" } else { "清、喘鳴なし" },
            self.best
        ));
        if scene.nth == 0 {
            scene.say_one(&[
                "夜間から明け方に咳と喘鳴が出る。子どもの頃に喘息があった。",
                "風邪のあと2週間以上咳が続き、夜に息がヒューヒューする。",
            ]);
            scene.perform("フローボリューム");
            scene.think("気管支喘息。吸入ステロイド配合剤で長期管理を始める。");
            scene.plan("吸入手技を確認し、使用後のうがいを説明。1か月後に効果を判定。");
        } else if bad {
            scene.say_one(&[
                "台風が近づくと胸が苦しくなる。",
                "ここ1週間、明け方に咳で目が覚める。",
                "風邪をひいてから咳が残っている。",
                "掃除のあとにゼーゼーした。",
            ]);
            scene.think("軽度の増悪。感染徴候は乏しい。");
            scene.plan("短期の経口ステロイドを追加。改善しなければ早めに再診。");
            scene.course_of(5, "2", "プレドニゾロン錠\u{3000}５ｍｇ", "4");
            scene.perform("超音波ネブライザ");
        } else {
            scene.say_one(&[
                "咳なく過ごせている。",
                "吸入は毎日できている。",
                "夜もよく眠れている。発作止めは使っていない。",
                "運動をしても苦しくならない。",
            ]);
            scene.think("コントロール良好。");
            scene.plan("吸入を継続。");
        }
        if scene.age >= 15 {
            scene.outside("K1", "レルベア１００エリプタ３０吸入用", "1");
        }
        if scene.age < 15 || bad {
            let tablet =
                if scene.age < 15 { "モンテルカスト錠５ｍｇ" } else { "モンテルカスト錠１０ｍｇ" };
            scene.daily("1H", tablet, "1");
        }
        if scene.yearly && scene.nth > 0 {
            scene.perform("フローボリューム");
            scene.find("フローボリューム：1秒率 78%、末梢気道の閉塞は軽度。");
        }
    }
}

pub(super) struct Rhinitis;

impl Course for Rhinitis {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("アレルギー性鼻炎", vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        let pollen = scene.season() == Season::Pollen || scene.day.month() == 2;
        if pollen {
            scene.say_one(&[
                "くしゃみ、水様性鼻汁、目のかゆみが強い。",
                "朝から鼻がつまり、仕事に集中できない。",
                "今年も花粉の時期になり症状が出てきた。",
                "マスクをしても鼻水が止まらない。薬は昨年のものがよく効いた。",
            ]);
        } else {
            scene.say_one(&["ほこりの多い所でくしゃみが出る。", "朝だけ鼻水が出る。", "季節の変わり目で鼻づまりがある。"]);
        }
        scene.find(if pollen {
            "下鼻甲介：蒼白・浮腫状、水様性鼻汁多量。眼瞼結膜充血あり。"
        } else {
            "下鼻甲介：軽度腫脹、水様性鼻汁少量。"
        });
        scene.think(if pollen { "花粉飛散期の症状増悪。" } else { "通年性の症状は軽い。" });
        scene.plan(if pollen {
            "抗ヒスタミン薬と点鼻ステロイド。眠気・運転について説明。"
        } else {
            "抗ヒスタミン薬を継続。"
        });
        match scene.age {
            0..12 => scene.daily("2", "フェキソフェナジン塩酸塩３０ｍｇ錠", "2"),
            12..15 => scene.daily("2", "フェキソフェナジン塩酸塩６０ｍｇ錠", "2"),
            _ => scene.daily("1H", "ビラノア錠２０ｍｇ", "1"),
        }
        if pollen {
            scene.outside("B1", "アラミスト点鼻液２７．５μｇ５６噴霧用", "1");
        }
    }
}
