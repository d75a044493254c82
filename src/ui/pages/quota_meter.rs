//! The meter of read calls: how many of those that Azure allows in an hour were used.

use yew::prelude::*;

use super::PageContext;
use crate::app::quotas::{QuotaKind, quota_key};
use crate::restore::run::RestoreRun;
use crate::ui::kit::each;
use crate::ui::text;

/// Whether so much of an hour's reads is used that the meter is worth seeing.
pub(super) fn quota_is_tight(view: &PageContext, restore: &RestoreRun) -> bool {
    let quota = view.state.quotas.get(&restore.job_list_key(), QuotaKind::Jobs);
    quota.is_some_and(|quota| u64::from(quota.used(view.state.now)) * 10 >= u64::from(quota.limit()) * 7)
}

/// A meter for each quota that `restores` share.
pub(super) fn quota_meter<'a>(view: &PageContext, restores: impl Iterator<Item = &'a RestoreRun>) -> Html {
    let mut accounts: Vec<String> = Vec::new();
    let mut meters = Vec::new();
    for restore in restores.filter(|r| r.is_running()) {
        let job_list_key = restore.job_list_key();
        let account = quota_key(&job_list_key, QuotaKind::Jobs);
        let Some(quota) = view.state.quotas.get(&job_list_key, QuotaKind::Jobs) else { continue };
        if accounts.contains(&account) {
            continue;
        }
        accounts.push(account);
        let (used, limit) = (quota.used(view.state.now), quota.limit());
        let waits = quota.wait(view.state.now);
        let held = waits.map_or_else(String::new, |until| format!(" Updates resume at {}.", text::utc(until)));
        let label = format!("{used} of {limit} status checks used this hour.{held}");
        meters.push(html! {
            <div class="vmr-reads">
                <meter min="0" max={limit.to_string()} value={used.to_string()} aria-label="Status checks used this hour"></meter>
                <span>{ label }</span>
            </div>
        });
    }
    html! { <>{ each(meters) }</> }
}
