//! The restore as commands of other tools, folded.

use yew::prelude::*;

use crate::app::msg::Msg;
use crate::export::commands::{NoCommand, Tool};
use crate::restore::plan::Plan;
use crate::ui::kit::code::code;
use crate::ui::kit::select::{Choice, Select, select};
use crate::ui::kit::{button, each};
use crate::ui::pages::PageContext;
use crate::ui::shared::Shared;
use crate::ui::translatable::translatable;

/// The properties of [`Export`].
#[derive(PartialEq, Properties)]
pub struct ExportProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The restore.
    pub plan: Shared<Plan>,
}

/// The section "Export as commands".
#[component]
pub fn Export(ExportProps { view, plan }: &ExportProps) -> Html {
    let tool = use_state(|| Tool::AzRest);
    let on = {
        let tool = tool.clone();
        Callback::from(move |label: String| tool.set(Tool::of_label(&label).unwrap_or(*tool)))
    };
    let picker = select(Select {
        id: "export-tool".into(),
        label: "Tool".into(),
        choices: Tool::ALL.into_iter().map(|tool| Choice::new(tool.label(), tool.label())).collect(),
        value: tool.label().into(),
        on,
        ..Select::default()
    });
    let content = match tool.commands(plan, &view.state.cloud()) {
        Ok(text) => commands(view, plan, *tool, text),
        Err(NoCommand::Other(reasons)) => html! {
            <>
                <p>{ format!("{} can't send this restore:", tool.label()) }</p>
                <ul class="vmr-list">{ each(reasons.into_iter().map(|why| html! { <li>{ why }</li> })) }</ul>
            </>
        },
        Err(NoCommand::Url(refused)) => html! { <p>{ refused.to_string() }</p> },
    };
    translatable(html! {
        <details class="vmr-panel">
            <summary>{ "Export as commands" }</summary>
            <div class="vmr-stack">
                <p>{ "Start this restore with another tool, under the account that it's signed in with. Nothing starts here. Don't also press Start: that restores twice." }</p>
                <div class="vmr-one">{ picker }</div>
                { content }
            </div>
        </details>
    })
}

fn commands(view: &PageContext, plan: &Plan, tool: Tool, text: String) -> Html {
    html! {
        <>
            <p>{ tool.sends(plan) }</p>
            <div class="vmr-actions">
                { button("Download commands", "", view.on_click(Msg::DownloadCommands(Some(tool)))) }
                if tool.needs_body() {
                    { button("Download request body", "", view.on_click(Msg::DownloadCommands(None))) }
                }
            </div>
            { code("commands", text.clone(), view.on_click(Msg::Copy(text))) }
        </>
    }
}
