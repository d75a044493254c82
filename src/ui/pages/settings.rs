//! The api-version of the calls, and what this browser remembers.

use crate::ui::markup::html;
use azure_backup::arm::call::ApiVersion;
use yew::prelude::*;

use super::View;
use crate::app::msg::Msg;
use crate::app::saved::{SECONDARY_VERSIONS, VERSIONS};
use crate::ui::kit::confirm::{Confirm, confirm};
use crate::ui::kit::facts::facts_wide;
use crate::ui::kit::heading::heading;
use crate::ui::kit::notes::Notes;
use crate::ui::kit::select::{Choice, Select, select};
use crate::ui::kit::{button, id_text};

/// The page.
pub fn page(view: &View<'_>) -> Html {
    let state = view.state;
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
                on: view.hears(|said| said.parse::<ApiVersion>().ok().map(Msg::SetVersion)),
                notes: Notes::hint(hint),
                ..Select::default()
            })
        };
    let own = "A field that a version does not know cannot be sent: the form says so.";
    let secondary =
        "Of the calls that the secondary region answers. The oldest one cannot list the disks of a recovery point.";
    html! {
        <>
            { heading("Settings", html! { "They are kept in this browser." }, Html::default()) }
            <section class="vmr-panel">
                <h2>{ "Azure Backup" }</h2>
                <div class="vmr-fields">
                    { picker("api-version", "API version", &VERSIONS, &versions.primary, own) }
                    { picker("secondary-version", "API version of cross-region restore", &SECONDARY_VERSIONS, &versions.secondary, secondary) }
                </div>
                { facts_wide([
                    ("Cloud".into(), html! { state.cloud_name().to_owned() }),
                    ("Azure Resource Manager".into(), id_text(state.cloud().arm.to_string())),
                ]) }
            </section>
            <section class="vmr-panel">
                <h2>{ "What this browser remembers" }</h2>
                <p>{ "The choices of unfinished restores and the restores that you started. Never a token." }</p>
                <div class="vmr-actions">{ confirm(Confirm {
                    id: "forget-all",
                    label: "Forget drafts and finished restores",
                    title: "Forget drafts and finished restores?",
                    text: "The choices of unfinished restores and the records of finished ones leave this browser. In Azure nothing changes; restores that run stay.".into(),
                    keep: "Keep them",
                    on: view.says(Msg::ForgetAll),
                }) }</div>
                { for unread(view) }
            </section>
        </>
    }
}

/// What was saved and cannot be read.
fn unread(view: &View<'_>) -> Option<Html> {
    let entries = view.state.quarantine.len();
    let discard = Confirm {
        id: "discard",
        label: "Discard",
        title: "Discard what cannot be read?",
        text: "A newer version of this page may be able to read it. Export it first if you are not sure.".into(),
        keep: "Keep it",
        on: view.says(Msg::DiscardUnread),
    };
    (entries > 0).then(|| {
        html! {
            <>
                <h3>{ "What cannot be read" }</h3>
                <p>{ format!("Entries: {entries}. They were written by a newer version of this page, or are damaged, and are kept as they were found.") }</p>
                <div class="vmr-actions">{ button("Export", "", view.says(Msg::ExportUnread)) }{ confirm(discard) }</div>
            </>
        }
    })
}
