//! Where the machines come from, how many there are, how old that is, and what is missing.

use yew::prelude::*;

use super::super::PageContext;
use crate::app::fleet::status::{FleetStatus, NoGraph, Source};
use crate::app::fleet::view::FleetView;
use crate::app::key::Key;
use crate::app::list_status::ListStatus;
use crate::app::needs;
use crate::app::state::State;
use crate::ui::kit::Tone;
use crate::ui::kit::each;
use crate::ui::kit::notice::{Notice, Voice, notice};
use crate::ui::text;

/// That the machines come from the list of each vault, and why.
pub(super) fn notice_of(status: &FleetStatus) -> Option<Html> {
    let Source::Lists(why) = status.source else { return None };
    let why = match why {
        NoGraph::Denied => "Azure Resource Graph, which searches all subscriptions at once, refused access.",
        NoGraph::Throttled => "Azure Resource Graph, which searches all subscriptions at once, is limiting requests.",
        NoGraph::Failed => "Azure Resource Graph, which searches all subscriptions at once, didn't respond.",
        NoGraph::Empty => "Azure Resource Graph, which searches all subscriptions at once, found no protected VMs.",
    };
    let body = html! { <p>{ why }{ " Each vault's own list is shown instead. Tags aren't known there, nor whether the original VM still exists." }</p> };
    let (tone, voice) = (Tone::Info, Voice::Note);
    Some(notice(Notice { tone, voice, title: "Showing each vault's list".into(), body, ..Notice::default() }))
}

/// `40 of 2,014 VMs`.
pub(super) fn count_text(
    status: &FleetStatus,
    known: ListStatus,
    machines: &FleetView,
    found: usize,
    all: usize,
) -> String {
    if all == 0 {
        return String::new();
    }
    let number = text::thousands(all);
    let of = match (status.expected.and_then(|expected| usize::try_from(expected).ok()), known) {
        (Some(expected), ListStatus::Loading) if expected > all => {
            format!("{number} of {} VMs so far", text::thousands(expected))
        }
        (_, ListStatus::Loading) => format!("{number} VMs so far"),
        (_, ListStatus::Complete) => format!("{number} VMs"),
        (_, ListStatus::Partial | ListStatus::Failed) => format!("{number} VMs, may be incomplete"),
    };
    if machines.filter.narrows() { format!("{} of {of}", text::thousands(found)) } else { of }
}

/// `· updated 12 s ago`.
pub(super) fn updated(state: &State) -> Option<Html> {
    // Of several lists, the oldest counts.
    let lists = needs::of_screen(state).into_iter().filter(|key| matches!(key, Key::Fleet | Key::Items(_)));
    let at = lists.filter_map(|key| state.catalog.entry(&key)?.at).min()?;
    Some(html! { <span>{ format!("updated {}", text::relative(at, state.now)) }</span> })
}

/// The words while nothing is there yet.
pub(super) fn loading_text(view: &PageContext) -> AttrValue {
    let lists: Vec<Key> =
        needs::of_screen(&view.state).into_iter().filter(|key| matches!(key, Key::Items(_))).collect();
    if lists.is_empty() {
        return view.progress("Loading virtual machines…");
    }
    let read = lists.iter().filter(|key| !view.state.catalog.is_loading(key)).count();
    view.progress(format!("Loading vaults: {read} of {}", lists.len()))
}

/// What the list lacks, as far as that is known; and what no list can have.
pub(super) fn missing(status: &FleetStatus, all: usize) -> Html {
    let short = (status.missing > 0).then(|| {
        let count = text::thousands(usize::try_from(status.missing).unwrap_or(usize::MAX));
        format!("Not shown: {count} VMs that Azure Resource Graph counted but didn't list. Refresh to try again.")
    });
    let cut =
        status.cut.then(|| "Not shown: VMs of subscriptions beyond the limit of Azure Resource Graph.".to_owned());
    let rights = (all > 0).then(|| "VMs in vaults you don't have access to aren't listed.".to_owned());
    html! { <>{ each(short.into_iter().chain(cut).chain(rights).map(|text| html! { <p class="vmr-hint">{ text }</p> })) }</> }
}
