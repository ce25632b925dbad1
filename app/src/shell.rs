//! The document around every page, and the ways (routes) to the pages.

use crate::{account, admin, billing, chart, inhouse, letters, months, outside, papers, patients, reception, session, ui};
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// The HTML document that the server sends: head, scripts with their nonce, and the [`App`].
pub fn shell(options: LeptosOptions) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::guard_page();
    view! {
        <!DOCTYPE html>
        <html lang="ja">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light" />
                <meta name="robots" content="noindex" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href="/pkg/karte.css" />
                <HydrationScripts options=options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The application: what every page shares, and the pages. Each page is one type to the others (`into_any`): the compiler
/// need not carry the whole application in one name.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    ui::provide_ui();
    session::provide_session();
    admin::provide_sending();
    view! {
        <Title formatter=|title: String| {
            if title.is_empty() { "標準カルテ".to_owned() } else { format!("{title} | 標準カルテ") }
        } />
        <Router>
            <a class="skip-link" href="#main">
                "本文へ移動"
            </a>
            <Routes fallback=ui::NotFound>
                <Route path=path!("/sign-in") view=|| session::SignInPage().into_any() ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=|| session::Frame().into_any() ssr=SsrMode::Async>
                    <Route path=path!("") view=|| session::Home().into_any() />
                    <Route path=path!("reception") view=|| reception::ReceptionPage().into_any() />
                    <Route path=path!("patients/new") view=|| patients::NewPatientPage().into_any() />
                    <Route path=path!("patients/:id") view=|| patients::PatientPage().into_any() />
                    <Route path=path!("patients/:id/months/:month") view=|| months::PatientMonthPage().into_any() />
                    <Route path=path!("months/:month/mirror") view=|| months::MirrorPage().into_any() />
                    <Route path=path!("patients/:id/account") view=|| account::AccountPage().into_any() />
                    <Route path=path!("patients/:id/chart") view=|| chart::ChartPage().into_any() />
                    <Route path=path!("patients/:id/letters/:letter") view=|| letters::LetterPage().into_any() />
                    <Route path=path!("patients/:id/papers/:paper") view=|| papers::PaperPage().into_any() />
                    <Route path=path!("visits/:id/payment") view=|| billing::PaymentPage().into_any() />
                    <Route path=path!("visits/:id/receipt") view=|| billing::ReceiptPage().into_any() />
                    <Route path=path!("visits/:id/details") view=|| billing::DetailsPage().into_any() />
                    <Route path=path!("inbox") view=|| outside::InboxPage().into_any() />
                    <Route path=path!("inbox/:id") view=|| outside::IncomingLetterPage().into_any() />
                    <Route path=path!("inhouse") view=|| inhouse::InhousePage().into_any() />
                    <Route path=path!("admin/:section?") view=|| admin::AdminPage().into_any() />
                </ParentRoute>
            </Routes>
            <ui::ToastRegion />
            <ui::ShortcutList />
            <session::SignInAgain />
        </Router>
    }
}

/// Puts what went wrong inside of the program into the browser's console, where who looks for the cause finds it.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| leptos::logging::error!("{panic}")));
}

/// Marks the document once the page listens (`<html data-hydrated>`): tests and helpers wait for it.
pub fn hydrated() {
    set_timeout(
        || {
            if let Some(root) = document().document_element() {
                // A mark only: a browser that refuses it loses nothing.
                let _ = root.set_attribute("data-hydrated", "true");
            }
        },
        std::time::Duration::ZERO,
    );
}
