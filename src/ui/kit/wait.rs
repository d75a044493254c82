//! A wait: what for, since when, when the next look is, and a way to look at once.

use time::OffsetDateTime;
use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::ui::text;

/// What is waited for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// What for: `Waiting for the job`.
    pub what: AttrValue,
    /// Since when.
    pub since: Option<OffsetDateTime>,
    /// When Azure is asked next.
    pub next: Option<OffsetDateTime>,
    /// Why looking now is not possible.
    pub held: Option<AttrValue>,
}

/// The wait. `on` looks now.
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
    // It keeps the focus while it cannot be pressed, which `disabled` would take.
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
