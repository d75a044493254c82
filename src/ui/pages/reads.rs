//! The meter of read calls: how many of those that Azure allows in an hour were used.

use yew::prelude::*;

use super::PageContext;
use crate::app::budgets::{Reads, account};
use crate::restore::tracked::Tracked;
use crate::ui::text;

/// A meter for each budget that `restores` share.
pub(super) fn reads<'a>(view: &PageContext, restores: impl Iterator<Item = &'a Tracked>) -> Html {
    let mut accounts: Vec<String> = Vec::new();
    let mut meters = Vec::new();
    for restore in restores.filter(|r| r.is_running()) {
        let desk = restore.desk();
        let account = account(&desk, Reads::Jobs);
        let Some(budget) = view.state.budgets.get(&desk, Reads::Jobs) else { continue };
        if accounts.contains(&account) {
            continue;
        }
        accounts.push(account);
        let (used, limit) = (budget.used(view.state.now), budget.limit());
        let waits = budget.wait(view.state.now);
        let held = waits.map_or_else(String::new, |until| format!(" Updates resume at {}.", text::utc(until)));
        let label = format!("{used} of {limit} status checks used this hour.{held}");
        meters.push(html! {
            <div class="vmr-reads">
                <meter min="0" max={limit.to_string()} value={used.to_string()} aria-label="Status checks used this hour"></meter>
                <span>{ label }</span>
            </div>
        });
    }
    html! { <>{ for meters }</> }
}
