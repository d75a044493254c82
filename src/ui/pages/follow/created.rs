//! What a restore has created, where it is in the portal, and what is worth checking.

use std::rc::Rc;

use super::actions::{actions, of_disk};
use super::deploy::deploy;
use super::leftovers::leftovers;
use azure_backup::arm::id::ArmId;
use azure_backup::backup::lookups::ManagedDisk;
use yew::prelude::*;

use crate::app::list_status::ListStatus;
use crate::app::msg::Msg;
use crate::restore::run::RestoreRun;
use crate::restore::visible::visible_name;
use crate::ui::kit::code::code;
use crate::ui::kit::each;
use crate::ui::kit::empty::loading;
use crate::ui::kit::facts::facts_wide;
use crate::ui::kit::name::name;
use crate::ui::kit::table::{list_row, list_table, plain_heads};
use crate::ui::kit::{id_text, small_button};
use crate::ui::pages::{PageContext, on_click};

/// The regions about the result: what exists now, what to do next, what to check.
pub fn result(view: &PageContext, run: &RestoreRun) -> Html {
    html! { <>{ created(view, run) }{ next_steps(view, run) }{ actions(view, run) }{ deploy(view, run) }{ checks(view, run) }{ leftovers(view, run) }</> }
}

/// A resource's page in the portal of the restore's cloud; `page` is what follows its id.
pub(super) fn portal_page(view: &PageContext, run: &RestoreRun, id: &ArmId, page: &str) -> Option<String> {
    let cloud = view.state.cloud();
    let portal = cloud.portal.filter(|_| cloud.name == run.cloud)?;
    Some(format!("{portal}/#resource{id}{page}"))
}

pub(super) fn outward(href: String, text: &'static str, what: Option<String>) -> Html {
    html! { <a {href} target="_blank" rel="noreferrer" aria-label={what}>{ text }</a> }
}

/// A resource's link to the portal and the button that copies its id.
fn links(view: &PageContext, run: &RestoreRun, id: &ArmId) -> Html {
    let what = visible_name(id.name());
    let portal = portal_page(view, run, id, "");
    let portal = portal.map(|href| outward(href, "Open in the portal", Some(format!("Open in the portal: {what}"))));
    let copy = small_button("Copy ID", format!("Copy ID of {what}"), view.on_click(Msg::Copy(id.to_string())));
    html! { <span class="vmr-row-actions">{ each(portal) }{ copy }</span> }
}

/// The name of an entry of the job, in the page's words.
fn label(key: &str) -> Option<&str> {
    Some(match key.to_ascii_lowercase().as_str() {
        "target vm name" => "Virtual machine",
        "target resource group" => "Resource group",
        "target vnet name" => "Virtual network",
        "target storage account name" => "Staging storage account",
        "template blob uri" | "create vm template blob uri" => "Template",
        "config blob uri" => "VM configuration",
        "restored disk(s)" => "Restored disks, as named on the source",
        // Both are part of the address.
        "config blob name" | "config blob container name" => return None,
        _ => key,
    })
}

/// What exists now, as the job reports it, and the disks, as Azure lists them.
fn created(view: &PageContext, run: &RestoreRun) -> Html {
    let created = run.created();
    if created.is_empty() {
        return Html::default();
    }
    let has_address = created.iter().any(|(key, _)| key.eq_ignore_ascii_case("Config Blob Uri"));
    let pairs = created.iter().filter_map(|(key, value)| {
        let label = if has_address { label(key)? } else { label(key).unwrap_or(key) };
        let links = run.resource(key, value).map(|id| links(view, run, &id));
        Some((
            label.to_owned().into(),
            html! { <span class="vmr-row">{ id_text(value.clone()) }{ each(links) }</span> },
        ))
    });
    // A failed job names its target as well; what exists of it is not known.
    let title = if run.is_completed() { "Created resources" } else { "Planned target" };
    html! { <section class="vmr-panel"><h2>{ title }</h2>{ facts_wide(pairs) }{ disks(view, run) }</section> }
}

const HEADS: [&str; 6] = ["Disk", "LUN on the source", "Size", "Resource group", "Attached to", "Actions"];

fn disks(view: &PageContext, run: &RestoreRun) -> Html {
    let Some(key) = view.state.restored_disks_key(run) else { return Html::default() };
    let known = view.known(&[key]);
    let Some(disks) = view.state.restored_disks(run) else {
        return match known {
            ListStatus::Loading => loading("Loading the restored disks…"),
            _ => view.faults(),
        };
    };
    if disks.is_empty() {
        return match known {
            ListStatus::Complete if run.is_completed() => {
                html! { <p>{ "No disk in the resource group is tagged with this job. Its disks may have been deleted, moved or tagged anew." }</p> }
            }
            ListStatus::Complete => html! { <p>{ "Azure lists no disk of this job in the resource group." }</p> },
            _ => view.faults(),
        };
    }
    let rows = disks.iter().map(|disk| row(view, run, disk));
    html! {
        <>
            { list_table("Restored disks", html! { known.count(disks.len().to_string()) }, plain_heads(&HEADS), html! { <tbody>{ each(rows) }</tbody> }) }
            { view.faults() }
        </>
    }
}

fn row(view: &PageContext, run: &RestoreRun, disk: &Rc<ManagedDisk>) -> Html {
    let lun = match disk.restored_lun() {
        Some(lun) if lun < 0 => "OS disk".to_owned(),
        Some(lun) => lun.to_string(),
        None => "Unknown".to_owned(),
    };
    let machine = disk.attached_to.as_ref().map_or_else(|| html! { "Nothing" }, |vm| name(vm.name()));
    let cells = vec![
        ("LUN on the source", html! { lun }),
        ("Size", html! { disk.size_gb.map_or_else(|| "Unknown".to_owned(), |size| format!("{size} GiB")) }),
        ("Resource group", name(disk.id.resource_group().unwrap_or_default())),
        ("Attached to", machine),
        ("Actions", html! { <>{ links(view, run, &disk.id) }{ of_disk(view, run, disk) }</> }),
    ];
    list_row(disk.id.as_str(), false, name(disk.id.name()), cells)
}

fn next_steps(view: &PageContext, run: &RestoreRun) -> Html {
    let steps = run.next_steps();
    if steps.is_empty() {
        return Html::default();
    }
    let disks = view.state.restored_disks(run).unwrap_or_default();
    let disks: Vec<&ManagedDisk> = disks.iter().map(|disk| &**disk).collect();
    let attach = run.attach_commands(&disks).map(|command| {
        let copy = on_click(&view.dispatch, Msg::Copy(command.clone()));
        html! { <details><summary>{ "Attach the data disks to the original VM with the Azure CLI" }</summary>{ code("the commands", command, copy) }</details> }
    });
    html! {
        <section class="vmr-panel">
            <h2>{ "Next steps" }</h2>
            <ol class="vmr-list">{ each(steps.iter().map(|step| html! { <li>{ step }</li> })) }</ol>
            { each(attach) }
        </section>
    }
}

/// What to check before the result is used.
fn checks(view: &PageContext, run: &RestoreRun) -> Html {
    let checks = run.checks();
    if checks.is_empty() {
        return Html::default();
    }
    let machine = run.restored_machine();
    let item = |check: &crate::restore::afterwards::Check| {
        let link = check.page.zip(machine.as_ref()).and_then(|((text, page), id)| {
            Some(html! { <>{ " " }{ outward(portal_page(view, run, id, page)?, text, None) }</> })
        });
        html! { <li>{ check.text }{ each(link) }</li> }
    };
    html! {
        <section class="vmr-panel">
            <h2>{ "Check the result" }</h2>
            <ul class="vmr-list">{ each(checks.iter().map(item)) }</ul>
        </section>
    }
}
