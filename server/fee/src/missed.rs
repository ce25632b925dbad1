//! What could be billed by what is known, and is not (算定もれ): each with its code, so that it can be added at once.
//!
//! A candidate is named only where the rules would let it through had it been ordered: limits, exclusions and fees that contain
//! it are asked first.

use crate::{Request, codes, json, management, stages, work::Work};
use model::{orders::Dispensing, visit::VisitKind};

/// 皮膚科特定疾患指導管理料（１）, （２）.
const SKIN: [&str; 2] = ["113000910", "113002310"];
/// てんかん指導料.
const EPILEPSY: &str = "113002850";
/// Departments that bill it (B001の6 注1).
const EPILEPSY_BY: [&str; 6] = ["小児科", "神経科", "神経内科", "精神科", "脳神経外科", "心療内科"];
/// 乳幼児育児栄養指導料.
const NUTRITION: &str = "111000470";
/// 診療情報提供料（１）.
const REFERRAL: &str = "180016110";
/// 手帳記載加算（薬剤情報提供料）.
const NOTEBOOK: &str = "113701310";

/// Something that may have been forgotten.
struct Candidate {
    code: &'static str,
    /// Why it may be billed, with the rule.
    why: String,
}

/// Names what may have been forgotten.
pub(crate) fn hints(work: &mut Work) {
    // 通知 A001(8)オ: none of part B by telephone.
    if work.request.visit.kind == VisitKind::Telephone {
        return;
    }
    let mut found = Vec::new();
    managed(work, &mut found);
    skin_and_epilepsy(work, &mut found);
    informed(work, &mut found);
    found.retain(|candidate| !ordered(work, candidate.code));
    if found.is_empty() {
        return;
    }
    let Ok(order) = json::read(serde_json::json!({ "code": "" })) else { return };
    let mut request = work.request.clone();
    request.orders.push(order);
    for Candidate { code, why } in found {
        let Some(row) = work.row(code) else { continue };
        if let Some(order) = request.orders.last_mut() {
            code.clone_into(&mut order.code);
        }
        if admits(work, &request, code) {
            let text = format!("{}（{}点）を算定できる可能性があります: {why}。", row.name, row.points.normalize());
            work.missed(code, text);
        }
    }
}

fn ordered(work: &Work, code: &str) -> bool {
    work.request.orders.iter().any(|order| order.code == code)
}

/// Whether the rules let a code of the request through.
fn admits(work: &Work, request: &Request, code: &str) -> bool {
    let Ok(mut desk) = Work::new(work.tables, request) else { return false };
    let admitted = stages::admit(&mut desk);
    admitted.is_ok_and(|admitted| admitted.orders.iter().any(|order| order.row.code.as_str() == code))
}

/// B000 and B001-3, B001-3-3: the management of a chronic main disease, unless one of them is ordered.
fn managed(work: &mut Work, found: &mut Vec<Candidate>) {
    let online = work.request.visit.kind == VisitKind::Online;
    let specific = if online { codes::SPECIFIC_DISEASE_ONLINE } else { codes::SPECIFIC_DISEASE };
    let lifestyle = || codes::LIFESTYLE_1.iter().chain(&codes::LIFESTYLE_2);
    if lifestyle().any(|code| ordered(work, code)) || ordered(work, specific.code) {
        return;
    }
    if management::has_specific_disease(work) {
        found.push(Candidate { code: specific.code, why: "主病が特定疾患です（B000 注1）".into() });
        let billed = management::specific_disease_billed(work);
        if billed >= 2 && !work.is_first() {
            let text = format!("特定疾患療養管理料は今月{billed}回算定済みで、月2回の上限に達しています（B000 注1）。");
            work.check(specific.code, text);
        }
    }
    let Some(disease) = management::lifestyle_disease(work) else { return };
    if management::diabetes(work) && management::self_injection(work) {
        return;
    }
    let name = ["脂質異常症", "高血圧症", "糖尿病"][disease];
    let why = |article| format!("主病が{name}です。療養計画書による説明と同意が要ります（{article} 注1）");
    if online {
        found.push(Candidate { code: codes::LIFESTYLE_2[1], why: why("B001-3-3") });
    } else {
        found.push(Candidate { code: codes::LIFESTYLE_1[disease], why: why("B001-3") });
        found.push(Candidate { code: codes::LIFESTYLE_2[0], why: why("B001-3-3") });
    }
}

/// B001の6, B001の8: diseases of master B column 21, in a clinic of the department.
fn skin_and_epilepsy(work: &Work, found: &mut Vec<Candidate>) {
    if work.request.visit.kind == VisitKind::Online {
        return;
    }
    let has = |special: &str| {
        let sure = work.request.diagnoses.iter().filter(|diagnosis| !diagnosis.suspected && diagnosis.started <= work.on());
        sure.filter_map(|diagnosis| work.tables.disease(&diagnosis.code, work.on())).any(|row| row.special == special)
    };
    if work.standard("皮膚科") {
        for (special, code) in ["03", "04"].into_iter().zip(SKIN) {
            if has(special) {
                let why = "皮膚科特定疾患の患者です。計画的な医学管理と指導が要ります（B001の8 注1）".into();
                found.push(Candidate { code, why });
                break;
            }
        }
    }
    if EPILEPSY_BY.iter().any(|department| work.standard(department)) && (has("07") || has("08")) {
        found.push(Candidate {
            code: EPILEPSY, why: "てんかんの患者です。治療計画に基づく指導が要ります（B001の6 注1）".into()
        });
    }
}

/// B011-3, B001-2-3 and B009: what was handed over or explained.
fn informed(work: &Work, found: &mut Vec<Candidate>) {
    let request = work.request;
    let house = request.prescriptions.iter().any(|rp| rp.place == Dispensing::InHouse);
    if house && work.billed_this_month(&[codes::DRUG_INFORMATION]).is_none() {
        let why = "院内処方です。薬剤の主な情報を文書（薬袋等を含む）で提供したときに算定します（B011-3 注1）".into();
        found.push(Candidate { code: codes::DRUG_INFORMATION, why });
    }
    // 注2 hangs on 注1: once the information is billed, the notebook may be.
    if ordered(work, codes::DRUG_INFORMATION) && work.billed_this_month(&[NOTEBOOK]).is_none() {
        let why = "患者の求めに応じて手帳に薬剤の名称を記載したときに加算します（B011-3 注2）".into();
        found.push(Candidate { code: NOTEBOOK, why });
    }
    if work.is_first() && work.age < 3 && work.standard("小児科") && !work.standard("小児科外来診療料") {
        let why = "小児科で3歳未満の乳幼児の初診です。育児・栄養等の指導が要ります（B001-2-3 注1）".into();
        found.push(Candidate { code: NUTRITION, why });
    }
    // An add-on of 診療情報提供料(Ⅰ) without it: the master has them under the same article.
    let rows = || request.orders.iter().filter_map(|order| work.row(&order.code)).filter(|row| row.article == "B009");
    if let Some(row) = rows().find(|row| row.code.as_str() != REFERRAL)
        && !rows().any(|row| row.code.as_str() == REFERRAL)
    {
        found.push(Candidate { code: REFERRAL, why: format!("{}がオーダーされています（B009）", row.name) });
    }
}
