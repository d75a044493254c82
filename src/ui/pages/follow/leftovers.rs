//! What a restore leaves behind, and the commands that delete it.

use std::rc::Rc;

use azure_backup::backup::lookups::ManagedDisk;
use yew::prelude::*;

use crate::app::msg::Msg;
use crate::restore::leftovers::{Leftover, commands};
use crate::restore::run::RestoreRun;
use crate::ui::kit::code::code;
use crate::ui::kit::each;
use crate::ui::kit::name::name;
use crate::ui::kit::table::{list_row, list_table, plain_heads};
use crate::ui::pages::PageContext;

const HEADS: [&str; 5] = ["Name", "Kind", "Where", "Size", "When to delete"];

/// The list; nothing where nothing is known to remain.
pub fn leftovers(view: &PageContext, run: &RestoreRun) -> Html {
    let key = view.state.restored_disks_key(run);
    let all = key.and_then(|key| view.state.catalog.get::<[Rc<ManagedDisk>]>(&key)).unwrap_or_else(|| Rc::from([]));
    let disks: Vec<&ManagedDisk> = all.iter().map(|disk| &**disk).collect();
    let found = run.leftovers(&disks);
    if found.is_empty() {
        return Html::default();
    }
    let commands = commands(&found);
    let copy = view.on_click(Msg::Copy(commands.clone()));
    html! {
        <section class="vmr-panel">
            <h2>{ "Clean up" }</h2>
            <p>{ "This remains of the restore and costs money until it's deleted. This page deletes nothing." }</p>
            { list_table("Left by the restore", html! { found.len().to_string() }, plain_heads(&HEADS), html! { <tbody>{ each(found.iter().map(row)) }</tbody> }) }
            if !commands.is_empty() {
                <details>
                    <summary>{ "Delete with the Azure CLI" }</summary>
                    <p>{ "Run only the lines that you want. A deleted disk or blob can't be brought back." }</p>
                    { code("the commands", commands, copy) }
                </details>
            }
        </section>
    }
}

fn row(one: &Leftover) -> Html {
    let size = one.size_gb.map_or_else(|| "Unknown".to_owned(), |size| format!("{size} GiB"));
    let cells = vec![
        ("Kind", html! { one.what }),
        ("Where", name(&one.place)),
        ("Size", html! { size }),
        ("When to delete", html! { one.when }),
    ];
    list_row(&format!("{}/{}", one.place, one.name), false, name(&one.name), cells)
}
