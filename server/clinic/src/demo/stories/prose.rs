//! Sentences that belong to no disease: the season, the family, the rounds of the year.

use super::Scene;
use chrono::Datelike;

const SPRING: [&str; 5] = [
    "花見で歩く機会が増えた。",
    "新年度で仕事が忙しく、帰宅が遅い日が続いている。",
    "孫の入学式に出かけた。",
    "庭の草むしりで少し腰が張る。",
    "連休は遠出せず家で過ごした。",
];
const SUMMER: [&str; 6] = [
    "暑さで食欲がやや落ちている。",
    "エアコンは夜も使っている。水分は意識してとっている。",
    "暑いので散歩は早朝に変えた。",
    "そうめんなど簡単な食事が多い。",
    "ビールの量が少し増えた。",
    "畑仕事は朝のうちだけにしている。",
];
const AUTUMN: [&str; 5] = [
    "涼しくなり、毎日30分ほど歩いている。",
    "旅行に行き、外食が続いた。",
    "町内会の運動会で役員をした。",
    "柿や栗をつい食べすぎる。",
    "健診の結果票を持参。大きな指摘なし。",
];
const WINTER: [&str; 6] = [
    "寒くて外に出る機会が減った。",
    "正月は餅を食べすぎた。",
    "鍋物が多く、汁もつい飲んでしまう。",
    "雪かきで疲れた。",
    "朝方は冷え込み、布団から出るのがつらい。",
    "年末の大掃除で忙しかった。",
];
const ANY: [&str; 8] = [
    "変わりありません。",
    "調子はよい。",
    "特に困っていることはない。",
    "薬は毎日飲めている。",
    "飲み忘れが月に1〜2回ある。",
    "家族の介護で忙しくしている。",
    "仕事の都合で受診が少し遅れた。",
    "週に2回、体操教室に通っている。",
];

/// Small talk that opens a note; not every time.
pub(super) fn small_talk(scene: &mut Scene<'_>) {
    let season: &[&str] = match scene.day.month() {
        3..=5 => &SPRING,
        6..=8 => &SUMMER,
        9..=11 => &AUTUMN,
        _ => &WINTER,
    };
    if scene.nth > 0 && scene.age >= 40 && scene.dice.chance(38) {
        scene.say_one(season);
    } else if scene.nth > 0 {
        scene.say_one(&ANY);
    }
}

impl Scene<'_> {
    /// Opens a note of somebody who comes regularly.
    pub fn open(&mut self) {
        small_talk(self);
    }
}
