//! 変形性膝関節症 and 骨粗鬆症.

use super::{Course, Scene};
use crate::demo::dice::Dice;

pub(super) struct Knee {
    side: &'static str,
    injections: usize,
}

impl Knee {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self { side: dice.pick(&["左", "右", "両"]), injections: 0 }
    }
}

impl Course for Knee {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("変形性膝関節症", vec![self.side])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        let painful = scene.nth == 0 || scene.dice.chance(30);
        let side = self.side;
        if painful {
            let pain = scene.dice.pick(&["階段の下りで痛む", "立ち上がりに痛む", "正座ができない", "歩き始めに痛い"]);
            scene.say(format!("{side}膝が{pain}。"));
            scene.find(format!("{side}膝：内側裂隙に圧痛、軽度の関節液貯留。熱感なし。可動域 5〜125度。"));
        } else {
            scene.say_one(&["膝の痛みは落ち着いている。", "湿布を貼ると楽になる。", "大腿四頭筋の体操を続けている。"]);
            scene.find(format!("{side}膝：腫脹なし、歩行は安定。"));
        }
        if scene.nth == 0 {
            scene.perform("単純撮影（ロ）の写真診断");
            scene.perform("単純撮影（デジタル撮影）");
            scene.perform("電子画像管理加算（単純撮影）");
            scene.find(format!("{side}膝X線：内側関節裂隙の狭小化、骨棘形成あり（K-L分類 II〜III）。"));
        }
        if painful && self.injections < 5 {
            self.injections += 1;
            scene.perform_with("関節腔内注射", "アルツディスポ関節注２５ｍｇ", "1");
            scene.plan(format!("ヒアルロン酸の関節内注射（{}回目）。入浴は翌日から。", self.injections));
        }
        scene.think(if painful { "荷重時痛あり。保存的治療を続ける。" } else { "症状は安定。" });
        scene.plan_one(&[
            "外用薬を継続。体操と体重管理を励行。",
            "外用薬を継続。正座を避け、椅子での生活を勧める。",
            "大腿四頭筋の体操を指導。外用薬を継続。",
        ]);
        scene.outside("XH", "ロキソニンテープ１００ｍｇ", if scene.days > 35 { "56" } else { "28" });
    }
}

pub(super) struct Osteoporosis {
    density: f64,
}

impl Osteoporosis {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self { density: dice.real(59.0, 68.0) }
    }
}

impl Course for Osteoporosis {
    fn diagnosis(&self) -> (&'static str, Vec<&'static str>) {
        ("骨粗鬆症", vec![])
    }

    fn see(&mut self, scene: &mut Scene<'_>) {
        if scene.nth == 0 {
            scene.say_one(&[
                "身長が若い頃より3 cm縮んだ。",
                "検診で骨密度が低いと言われた。",
                "軽く尻もちをついたが骨折はなかった。",
            ]);
        } else {
            scene.say_one(&[
                "転んではいない。",
                "背中の痛みはない。",
                "週1回の薬は日曜の朝に飲んでいる。",
                "小魚や牛乳をとるようにしている。",
                "杖なしで歩けている。",
            ]);
        }
        if scene.nth == 0 || scene.yearly {
            self.density += scene.dice.real(0.2, 1.6);
            scene.find(format!("骨密度（他院DXA報告書）：腰椎 YAM {:.0}%。", self.density));
            scene.think(format!("YAM {:.0}%。骨吸収抑制薬と活性型ビタミンD3を続ける。", self.density));
        } else {
            scene.think_one(&[
                "新たな骨折なし、内服継続できている。",
                "腰背部痛なく、円背の進行なし。",
                "骨折・転倒なし。服薬の間違いなし。",
            ]);
        }
        scene.plan_one(&[
            "ビスホスホネート（週1回）は起床時に服用し30分は横にならないよう再確認。",
            "週1回製剤と活性型ビタミンD3を継続。歯科治療の予定を確認。",
            "処方継続。片脚立ちとかかと上げの体操を勧める。",
            "処方継続。屋内の段差と夜間の照明について助言。",
        ]);
        let weeks = if scene.days > 35 { 8 } else { 4 };
        scene.course_of(weeks, "1W", "ボナロン錠３５ｍｇ", "1");
        scene.daily("1M", "エディロールカプセル０．７５μｇ", "1");
        if scene.blood {
            scene.measure(&["Cre", "BUN", "ALB"]);
        }
    }
}
