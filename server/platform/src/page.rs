//! A small page for people: how many documents each institution registered. No patient data.

use crate::Platform;
use std::fmt::Write;

/// The page.
pub(crate) fn page(platform: &Platform) -> String {
    let mut rows = String::new();
    for (institution, kinds) in platform.counts() {
        let total: usize = kinds.values().sum();
        let detail: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        // Numbers are ten digits and kinds are our own words: nothing here needs escaping.
        write!(rows, "<tr><th scope=\"row\">{institution}</th><td>{total}</td><td>{}</td></tr>", detail.join("、"))
            .expect("a string takes all");
    }
    if rows.is_empty() {
        rows = "<tr><td colspan=\"3\">まだ文書はありません。</td></tr>".into();
    }
    format!(
        "<!doctype html><html lang=\"ja\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>電子カルテ情報共有サービス（代役）</title></head><body><main><h1>電子カルテ情報共有サービス（代役）</h1>\
         <p>デモ・試験用の代役です。実在のサービスではありません。</p>\
         <table><caption>受け付けた文書</caption><thead><tr><th scope=\"col\">医療機関番号</th><th scope=\"col\">件数</th>\
         <th scope=\"col\">内訳</th></tr></thead><tbody>{rows}</tbody></table></main></body></html>"
    )
}
