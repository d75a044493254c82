//! The api-version of the calls, and what this browser remembers.

use crate::ui::markup::html;
use azure_backup::arm::call::ApiVersion;
use yew::prelude::*;

use super::View;
use crate::app::msg::Msg;
use crate::app::saved::VERSIONS;
use crate::ui::kit::facts::facts_wide;
use crate::ui::kit::heading::heading;
use crate::ui::kit::notes::Notes;
use crate::ui::kit::select::{Choice, Select, select};
use crate::ui::kit::{button, id_text};

/// The page.
pub fn page(view: &View<'_>) -> Html {
    let state = view.state;
    let choices = VERSIONS
        .iter()
        .map(|(v, word)| Choice::new(v.as_str().to_owned(), format!("{} ({word})", v.as_str())))
        .collect();
    let on = view.hears(|said| said.parse::<ApiVersion>().ok().map(Msg::SetVersion));
    let notes = Notes::hint("A field that a version does not know cannot be sent: the form says so.");
    let (id, label) = ("api-version".into(), "API version".into());
    let value = state.settings.version.as_str().to_owned().into();
    html! {
        <>
            { heading("Settings", html! { "They are kept in this browser." }, Html::default()) }
            <section class="vmr-panel">
                <h2>{ "Azure Backup" }</h2>
                <div class="vmr-fields">
                    { select(Select { id, label, choices, value, on, notes, ..Select::default() }) }
                </div>
                { facts_wide([
                    ("Cloud".into(), html! { state.cloud().name }),
                    ("Azure Resource Manager".into(), id_text(state.cloud().arm.to_string())),
                ]) }
            </section>
            <section class="vmr-panel">
                <h2>{ "What this browser remembers" }</h2>
                <p>{ "The choices of unfinished restores and the restores that you started. Never a token." }</p>
                <div class="vmr-actions">{ button("Forget drafts and finished restores", "", view.says(Msg::ForgetAll)) }</div>
            </section>
        </>
    }
}
