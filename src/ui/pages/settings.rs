//! The api-version of the calls, and what this browser remembers.

use azure_backup::arm::call::ApiVersion;
use time::OffsetDateTime;
use yew::prelude::*;

use super::{PageContext, PageProps};
use crate::app::local_time::{Clocks, TimeZone};
use crate::app::msg::Msg;
use crate::app::saved::{KEEP_DAYS, OnSignOut, SECONDARY_VERSIONS, VERSIONS};
use crate::ui::kit::confirm::{Confirm, confirm};
use crate::ui::kit::each;
use crate::ui::kit::facts::facts_wide;
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::heading::heading;
use crate::ui::kit::select::{Choice, Select, select};
use crate::ui::kit::{button, id_text};
use crate::ui::text;
use crate::ui::translatable::translatable;

/// The page.
#[component]
pub fn SettingsPage(PageProps { view }: &PageProps) -> Html {
    let state = &*view.state;
    let versions = &state.settings.versions;
    let picker =
        |id: &'static str, label: &'static str, all: &[(ApiVersion, &str)], value: &ApiVersion, hint: &'static str| {
            let choice =
                |(v, word): &(ApiVersion, &str)| Choice::new(v.as_str().to_owned(), format!("{} ({word})", v.as_str()));
            select(Select {
                id: id.into(),
                label: label.into(),
                choices: all.iter().map(choice).collect(),
                value: value.as_str().to_owned().into(),
                on: view.on_input(|said| said.parse::<ApiVersion>().ok().map(Msg::SetVersion)),
                notes: FieldHints::hint(hint),
                ..Select::default()
            })
        };
    let own = "Options that this API version doesn't support are disabled in the form.";
    let secondary = "Used for calls to the secondary region. With the oldest version you can't pick individual disks.";
    translatable(html! {
        <>
            { heading("Settings", html! { "Settings are stored in this browser." }, Html::default()) }
            <section class="vmr-panel">
                <h2>{ "Azure Backup" }</h2>
                <div class="vmr-fields">
                    { picker("api-version", "API version", &VERSIONS, &versions.primary, own) }
                    { picker("secondary-version", "API version for cross-region restore", &SECONDARY_VERSIONS, &versions.secondary, secondary) }
                </div>
                { facts_wide([
                    ("Cloud".into(), html! { state.cloud_name().to_owned() }),
                    ("Azure Resource Manager".into(), id_text(state.cloud().arm.to_string())),
                ]) }
            </section>
            <section class="vmr-panel">
                <h2>{ "Display" }</h2>
                <div class="vmr-fields">{ time_zone(&state.clocks(), state.now, &view.dispatch) }</div>
            </section>
            <section class="vmr-panel">
                <h2>{ "Stored in this browser" }</h2>
                <p>{ "Drafts of restores you haven't started, restore history, recovery plans, file recoveries, these settings, and this hour's count of status checks. Tokens and passwords are never stored." }</p>
                <div class="vmr-fields">{ keep_days(view) }{ on_sign_out(view) }</div>
                <div class="vmr-actions">{ forget_all(view) }</div>
                { each(unread(view)) }
            </section>
        </>
    })
}

/// In which time zone times are shown. On every time, a tooltip has the other one, too.
pub fn time_zone(clocks: &Clocks, now: OffsetDateTime, dispatch: &Callback<Msg>) -> Html {
    let (utc, local) = ("utc", "local");
    select(Select {
        id: "time-zone".into(),
        label: "Times in".into(),
        choices: vec![
            Choice::new(utc, "UTC"),
            Choice::new(local, format!("Local time ({})", text::zone(clocks.local(now).offset()))),
        ],
        value: if clocks.zone == TimeZone::Utc { utc } else { local }.into(),
        on: dispatch
            .reform(move |zone: String| Msg::ShowTimeIn(if zone == local { TimeZone::Local } else { TimeZone::Utc })),
        ..Select::default()
    })
}

fn keep_days(view: &PageContext) -> Html {
    select(Select {
        id: "keep-days".into(),
        label: "Keep finished restores for".into(),
        choices: KEEP_DAYS.iter().map(|days| Choice::new(days.to_string(), format!("{days} days"))).collect(),
        value: view.state.settings.keep_days.to_string().into(),
        on: view.on_input(|said| said.parse().ok().map(Msg::KeepDays)),
        notes: FieldHints::hint("Counted from the last change. Running restores are kept."),
        ..Select::default()
    })
}

fn on_sign_out(view: &PageContext) -> Html {
    let (hide, delete) = ("hide", "delete");
    select(Select {
        id: "on-sign-out".into(),
        label: "When an account signs out, its data is".into(),
        choices: vec![
            Choice::new(hide, "hidden until the account signs in again"),
            Choice::new(delete, "removed from this browser"),
        ],
        value: match view.state.settings.on_sign_out {
            OnSignOut::Hide => hide,
            OnSignOut::Delete => delete,
        }
        .into(),
        on: view.on_input(move |said| {
            Some(Msg::OnSignOut(if said == delete { OnSignOut::Delete } else { OnSignOut::Hide }))
        }),
        notes: FieldHints::hint(
            "Its restores and recovery plans. Running restores are hidden in either case, so the account can track them later.",
        ),
        ..Select::default()
    })
}

fn forget_all(view: &PageContext) -> Html {
    let running = view.state.restores.iter().filter(|r| r.is_running()).count();
    let running = match running {
        0 => String::new(),
        1 => " One restore is running: it continues in Azure, but this browser no longer tracks it.".to_owned(),
        more => {
            format!(" {more} restores are running: they continue in Azure, but this browser no longer tracks them.")
        }
    };
    let halted = match view.state.plans_run_here().count() {
        0 => "",
        _ => " Recovery plans that this tab runs halt: what they haven't started isn't started.",
    };
    confirm(Confirm {
        id: "forget-all".into(),
        label: "Clear all data",
        title: "Clear all data?",
        text: format!("This deletes the restores and recovery plans of every account, drafts, file recoveries, settings, unreadable entries and the demo's data from this browser. Nothing changes in Azure.{running}{halted}").into(),
        keep: "Keep data",
        on: view.on_confirmed_click(Msg::ForgetAll),
        ..Confirm::default()
    })
}

/// Saved data that could not be read.
fn unread(view: &PageContext) -> Option<Html> {
    let entries = view.state.quarantine.len();
    let discard = Confirm {
        id: "discard".into(),
        label: "Delete",
        title: "Delete unreadable entries?",
        text: "A newer version of this page may be able to open them. Export first if you're not sure.".into(),
        keep: "Keep",
        on: view.on_confirmed_click(Msg::DiscardUnread),
        ..Confirm::default()
    };
    (entries > 0).then(|| {
        html! {
            <>
                <h3>{ "Unreadable entries" }</h3>
                <p>{ format!("Entries: {entries}. They were saved by a newer version of this page or are damaged. They're kept unchanged.") }</p>
                <div class="vmr-actions">{ button("Export", "", view.on_click(Msg::ExportUnread)) }{ confirm(discard) }</div>
            </>
        }
    })
}
