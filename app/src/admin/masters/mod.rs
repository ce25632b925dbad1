//! The national masters (全国マスター): files handed in, what they would change, what is in force, what was applied.
//!
//! | file | what |
//! | --- | --- |
//! | `sending.rs` | files on their way to the server |
//! | `drop.rs` | the drop zone, the progress bar, a line for each file |
//! | `import.rs` | the preview of what waits, and applying it |
//! | `preview.rs`, `changes.rs` | what an import or a withdrawal would do |
//! | `in_force.rs` | the tables in force |
//! | `history.rs`, `withdraw.rs` | what was applied, and taking it back |

mod changes;
mod drop;
mod history;
mod import;
mod in_force;
mod preview;
mod sending;
mod withdraw;

pub use sending::provide_sending;

use super::api;
use crate::ui::{Answer, Notice, Tone};
use history::History;
use import::Import;
use in_force::InForce;
use leptos::prelude::*;
use model::{
    edition::{Editions, FileTable},
    money::grouped,
};
use sending::Sending;

/// The section マスター.
#[component]
pub fn Masters() -> impl IntoView {
    let editions = Resource::new(|| (), |()| api::master_editions());
    view! { <Answer data=editions view=|first| view! { <Room first /> } /> }
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Shared {
    /// What the server said last.
    editions: RwSignal<Editions>,
    /// The files on their way and those that wait.
    sending: Sending,
}

impl Shared {
    /// Takes over what the server says now. The page may be gone by then.
    fn take(self, editions: Editions) {
        self.sending.take(editions.waiting.clone());
        self.editions.try_set(editions);
    }

    /// Asks the server anew, after somebody else changed the masters. What cannot be had now is had later.
    async fn refresh(self) {
        if let Ok(editions) = api::master_editions().await {
            self.take(editions);
        }
    }
}

#[component]
fn Room(first: Editions) -> impl IntoView {
    let sending = expect_context::<Sending>();
    sending.take(first.waiting.clone());
    let keeper = first.keeper;
    let shared = Shared { editions: RwSignal::new(first), sending };
    view! {
        {if keeper {
            view! { <Import shared /> }.into_any()
        } else {
            view! {
                <Notice tone=Tone::Info title="マスターの取込は、この医療機関では行いません">
                    <p>
                        "全国マスターはこの設備の全医療機関で共通です。管理を受け持つ医療機関の管理者が取り込むと、ここにも自動で反映されます。"
                    </p>
                </Notice>
            }
                .into_any()
        }}
        <InForce editions=shared.editions />
        <History shared />
    }
}

/// Bytes as people say them.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} バイト"),
        1_000..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// What a file holds: `コメント C 2026-06-26`, 全件 or 差分, rows.
fn contents(table: &FileTable) -> (String, &'static str, String) {
    let scope = if table.full { "全件" } else { "差分" };
    (format!("{} {}", table.kind.label(), table.date), scope, format!("{}件", grouped(i64::from(table.rows))))
}

/// The first characters of a SHA-256, enough to compare by eye; the whole is in the title.
#[component]
fn Hash(sha256: String) -> impl IntoView {
    let short: String = sha256.chars().take(12).collect();
    view! {
        <code class="hash" title=sha256>
            {short}
        </code>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_read_well() {
        assert_eq!(size(0), "0 バイト");
        assert_eq!(size(999), "999 バイト");
        assert_eq!(size(1_001), "2 KB");
        assert_eq!(size(1_430_000), "1.4 MB");
    }
}
