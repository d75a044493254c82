//! A wait: what for, since when, when Azure is asked next, and a button to ask now.

use time::OffsetDateTime;
use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::ui::text;

/// What is waited for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// The beginning of the sentence: `Waiting for the job`.
    pub what: AttrValue,
    /// Since when.
    pub since: Option<OffsetDateTime>,
    /// When Azure is asked next, if it will be.
    pub next: Option<OffsetDateTime>,
    /// Why asking now is not possible.
    pub held: Option<AttrValue>,
}

/// The wait. The button calls `on`.
pub fn wait(wait: Wait, now: OffsetDateTime, on: Callback<MouseEvent>) -> Html {
    let Wait { what, since, next, held } = wait;
    let mut line = what.to_string();
    if let Some(since) = since {
        line += &format!(" since {} ({})", text::utc(since), text::duration(now - since));
    }
    if let Some(next) = next.filter(|next| held.is_none() || *next > now) {
        line += &if next > now {
            format!(". Next check in {}", text::duration(next - now))
        } else {
            ". Checking now".to_owned()
        };
    }
    // `aria-disabled`, because a button with `disabled` would lose the focus.
    let on = if held.is_some() { Callback::noop() } else { on };
    html! {
        <div class="vmr-wait">
            { icon(Icon::Busy) }
            <span>{ line }{ "." }</span>
            <button type="button" class="vmr-small" onclick={on} aria-disabled={held.is_some().then_some("true")} aria-describedby={held.is_some().then_some("wait-held")}>{ "Check now" }</button>
            if let Some(held) = held { <span class="vmr-reason" id="wait-held">{ held }</span> }
        </div>
    }
}
