//! What changed on the server, as it happens: one `EventSource` on `/events` for the whole page, and hooks that listen.

use leptos::prelude::*;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// Called with the event's data; empty after the line was lost and came back, because something may have been missed.
type Listener = Rc<dyn Fn(String)>;

#[derive(Default)]
struct Line {
    source: Option<EventSource>,
    /// Whether the line was up before: the next opening is a return.
    opened: bool,
    listeners: Vec<(usize, &'static str, Listener)>,
    next: usize,
}

thread_local! {
    static LINE: RefCell<Line> = RefCell::new(Line::default());
}

/// The names of events the server sends.
const NAMES: [&str; 3] = ["board", "chart", "inbox"];

/// Calls back whenever the server says that something of this name changed: `board` (data: visit id), `chart`
/// (data: patient id) or `inbox` (data: id of a letter that came in). The data is empty when the connection came back: fetch again then, too.
pub fn use_events(name: &'static str, run: impl Fn(String) + 'static) {
    // The effect owns the listener: on the server, where no effect runs, nothing is kept that must stay on its thread.
    let listener: Listener = Rc::new(run);
    Effect::new(move |_| {
        let id = LINE.with_borrow_mut(|line| {
            let id = line.next;
            line.next += 1;
            line.listeners.push((id, name, listener.clone()));
            id
        });
        if LINE.with_borrow(|line| line.source.is_none()) {
            reconnect_events();
        }
        on_cleanup(move || LINE.with_borrow_mut(|line| line.listeners.retain(|(other, _, _)| *other != id)));
    });
}

/// Opens the line anew, for instance after somebody signed in again.
pub fn reconnect_events() {
    let Ok(source) = EventSource::new("/events") else { return };
    for name in NAMES {
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            tell(Some(name), event.data().as_string().unwrap_or_default());
        });
        // Fails only for a name that is no name.
        let _ = source.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
        heard.forget(); // lives as long as the page
    }
    let opened = Closure::<dyn Fn()>::new(|| {
        let again = LINE.with_borrow_mut(|line| std::mem::replace(&mut line.opened, true));
        if again {
            tell(None, String::new());
        }
    });
    source.set_onopen(Some(opened.as_ref().unchecked_ref()));
    opened.forget();
    let old = LINE.with_borrow_mut(|line| line.source.replace(source));
    if let Some(old) = old {
        old.close();
    }
}

/// Tells those who listen for a name, or everybody.
fn tell(name: Option<&str>, data: String) {
    let listeners: Vec<Listener> = LINE.with_borrow(|line| {
        line.listeners.iter().filter(|(_, of, _)| name.is_none_or(|name| name == *of)).map(|(_, _, run)| run.clone()).collect()
    });
    for listener in listeners {
        listener(data.clone());
    }
}
