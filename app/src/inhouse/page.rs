//! The page 院内マスター and the card with its tabs, which the administrator's page shows as well.

use super::{
    items::Items,
    repair::Repair,
    room::{ITEMS, REPAIR, Room, SELF_PAID, SETS, first},
    self_paid::SelfPaid,
    sets::Sets,
};
use crate::ui::{Failure, Skeleton, Tab, Tabs};
use leptos::prelude::*;
use leptos_meta::Title;

/// The page `/inhouse`, for doctors; administrators have it among their sections.
#[component]
pub fn InhousePage() -> impl IntoView {
    view! {
        <Title text="院内マスター" />
        <main id="main" class="page" tabindex="-1">
            <h1>"院内マスター"</h1>
            <InhouseCard />
        </main>
    }
}

/// The tabs of the clinic's own layer and what is behind them.
#[component]
pub fn InhouseCard() -> impl IntoView {
    let loaded = first();
    view! {
        <section class="card" aria-label="院内マスター">
            <Transition fallback=Skeleton>
                {move || {
                    loaded()
                        .map(|answer| match answer {
                            Ok(loaded) => {
                                let room = Room::new(loaded);
                                provide_context(room);
                                view! { <Rooms room /> }.into_any()
                            }
                            Err(error) => view! { <Failure error /> }.into_any(),
                        })
                }}
            </Transition>
        </section>
    }
}

#[component]
fn Rooms(room: Room) -> impl IntoView {
    let to_repair = Memo::new(move |_| room.to_repair());
    let tabs = Signal::derive(move || {
        let repair = match to_repair.get() {
            0 => Tab::new(REPAIR, "要修正"),
            count => Tab::counted(REPAIR, "要修正", count),
        };
        vec![Tab::new(ITEMS, "項目"), Tab::new(SETS, "セット"), Tab::new(SELF_PAID, "自費"), repair]
    });
    view! {
        <Tabs id="inhouse" label="院内マスターの内容" tabs chosen=room.tab />
        <div id="inhouse-panel" role="tabpanel" aria-labelledby=move || format!("inhouse-{}", room.tab.get())>
            {move || match room.tab.get().as_str() {
                SETS => view! { <Sets /> }.into_any(),
                SELF_PAID => view! { <SelfPaid /> }.into_any(),
                REPAIR => view! { <Repair /> }.into_any(),
                _ => view! { <Items /> }.into_any(),
            }}
        </div>
    }
}
