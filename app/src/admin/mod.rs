//! The administrator's pages (管理): staff, the clinic's settings, the national masters, the audit trail. Each has an address of its own.

pub mod api;
mod audit;
mod masters;
mod settings;
mod staff;
mod standards;

pub use masters::provide_sending;

use crate::ui::NotFound;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};

type Section = (&'static str, &'static str, fn() -> AnyView);

/// The sections: the last part of the address, the words, and the page. The first stands at `/admin` itself. Another one,
/// such as 院内マスター, is another line here.
const SECTIONS: [Section; 5] = [
    ("", "職員", || view! { <staff::Staff /> }.into_any()),
    ("clinic", "医院の設定", || view! { <settings::Settings /> }.into_any()),
    ("masters", "マスター", || view! { <masters::Masters /> }.into_any()),
    ("inhouse", "院内マスター", || view! { <crate::inhouse::InhouseCard /> }.into_any()),
    ("audit", "監査記録", || view! { <audit::Audit /> }.into_any()),
];

/// The page `/admin` and its sections `/admin/{section}`. The ways between them stay where they are, with the focus.
#[component]
pub fn AdminPage() -> impl IntoView {
    let params = use_params_map();
    let section = Memo::new(move |_| {
        let key = params.read().get("section").unwrap_or_default();
        SECTIONS.iter().find(|(of, ..)| *of == key).map(|(of, ..)| *of)
    });
    let of = move |key: Option<&str>| SECTIONS.iter().find(|(of, ..)| Some(*of) == key);
    let exists = Memo::new(move |_| section.get().is_some());
    move || {
        if !exists.get() {
            return view! { <NotFound /> }.into_any();
        }
        view! {
            <Title text=move || of(section.get()).map_or_else(|| "管理".to_owned(), |(_, words, _)| format!("{words} | 管理")) />
            <main id="main" class="page" tabindex="-1">
                <h1>"管理"</h1>
                <nav class="tabs" aria-label="管理の内容">
                    {SECTIONS
                        .iter()
                        .map(|(key, words, _)| {
                            let href = if key.is_empty() { "/admin".to_owned() } else { format!("/admin/{key}") };
                            view! {
                                <A href exact=true attr:class="tab">
                                    {*words}
                                </A>
                            }
                        })
                        .collect_view()}
                </nav>
                {move || of(section.get()).map(|(_, _, page)| page())}
            </main>
        }
        .into_any()
    }
}
