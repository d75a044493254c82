//! What a rehearsal has made, on its board, and the commands that delete it.

use yew::prelude::*;

use crate::app::list_status::ListStatus;
use crate::app::msg::Msg;
use crate::app::plans::PlanRecord;
use crate::app::plans::clean_up::CleanUp;
use crate::restore::leftovers::{Leftover, commands};
use crate::ui::kit::code::code;
use crate::ui::kit::empty::loading;
use crate::ui::kit::name::name;
use crate::ui::kit::table::{list_row, list_table, more, plain_heads};
use crate::ui::kit::{button, each, id_text};
use crate::ui::pages::PageContext;

const HEADS: [&str; 5] = ["Name", "Kind", "Rehearsal of", "Where", "Size"];

/// The section; nothing before the rehearsal has ended.
pub(super) fn section(view: &PageContext, record: &PlanRecord) -> Option<Html> {
    let CleanUp { all, known } = view.state.clean_up(record)?;
    let left: Vec<Leftover> = all.iter().map(|(_, left)| left.clone()).collect();
    let commands = commands(&left);
    let copy = view.on_click(Msg::Copy(commands.clone()));
    let shown = view.state.view.rows.min(all.len());
    let rows = each(all.iter().take(shown).map(row));
    let status = match known {
        ListStatus::Loading => loading("Loading what this rehearsal made…"),
        ListStatus::Failed | ListStatus::Partial => {
            html! { <p>{ "Some of it couldn't be loaded, so something may be missing here. Refresh the list, or check the resource groups." }</p> }
        }
        ListStatus::Complete if all.is_empty() => html! { <p>{ "Nothing that this rehearsal made was found." }</p> },
        ListStatus::Complete => Html::default(),
    };
    Some(html! {
        <section class="vmr-panel" aria-labelledby="clean-up">
            <div class="vmr-panel-head"><h2 id="clean-up">{ "Clean up the rehearsal" }</h2>{ button("Refresh", "", view.on_click(Msg::Refresh)) }</div>
            <p>{ "This was made for the rehearsal and costs money until it's deleted. This page deletes nothing." }</p>
            { status }
            if !all.is_empty() {
                { list_table("Made by the rehearsal", html! { known.count(all.len().to_string()) }, plain_heads(&HEADS), html! { <tbody>{ rows }</tbody> }) }
                { more(shown, all.len(), view.on_click(Msg::ShowMore)) }
                if !commands.is_empty() {
                    <details>
                        <summary>{ "Delete with the Azure CLI" }</summary>
                        <p>{ "Check the list first: what's deleted can't be brought back. Delete each VM before its network interface and disks, as the lines do." }</p>
                        { code("the commands", commands, copy) }
                    </details>
                }
            }
        </section>
    })
}

fn row((machine, left): &(String, Leftover)) -> Html {
    let key = format!("{machine}/{}/{}/{}", left.what, left.place, left.name);
    let head = html! {
        <>
            { name(&left.name) }
            if let Some(id) = &left.id { <div class="vmr-hint">{ id_text(id.to_string()) }</div> }
        </>
    };
    let size = left.size_gb.map_or_else(Html::default, |size| html! { format!("{size} GiB") });
    let cells = vec![
        ("Kind", html! { left.what }),
        ("Rehearsal of", name(machine)),
        ("Where", name(&left.place)),
        ("Size", size),
    ];
    list_row(&key, false, head, cells)
}
