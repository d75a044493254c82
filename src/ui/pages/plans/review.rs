//! Review and start of a plan: what each request does and its exact body, the manifest, and one confirmation.

use std::collections::BTreeSet;
use std::rc::Rc;

use yew::prelude::*;

use super::machines::point_cell;
use super::settings::{lead, scenario_missing};
use super::tall_list::TallList;
use super::validation;
use super::{edit, findings_notice, missing};
use crate::app::msg::Msg;
use crate::app::plans::{ConfirmedMachine, PlanDownload, PlanMsg, PlanRecord};
use crate::app::route::Route;
use crate::recovery::expansion::Ready;
use crate::recovery::manifest::{Manifest, manifest};
use crate::recovery::plan::{MachineId, PlanId};
use crate::recovery::summary::{counts, said_of_request};
use crate::restore::effect_sentence::quoted;
use crate::restore::plan::confirms;
use crate::ui::kit::action_bar::action_bar;
use crate::ui::kit::field::{Field, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::heading::heading;
use crate::ui::kit::icon::{Icon, icon};
use crate::ui::kit::json::Json;
use crate::ui::kit::name::{name, with_names};
use crate::ui::kit::virtual_rows::long_row;
use crate::ui::kit::{button, each, id_text};
use crate::ui::pages::PageContext;
use crate::ui::pages::restore_form::preview::lines_of_plan;
use crate::ui::text;
use crate::ui::translatable::translatable;

/// The properties of [`PlanReviewPage`].
#[derive(PartialEq, Properties)]
pub struct PlanReviewPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The plan.
    pub id: PlanId,
}

/// The page.
#[component]
pub fn PlanReviewPage(PlanReviewPageProps { view, id }: &PlanReviewPageProps) -> Html {
    let typed = use_state(String::new);
    let open = use_state(BTreeSet::new);
    let Some(record) = view.state.plans.get(id).filter(|record| view.state.owns_plan(&record.plan)) else {
        return translatable(missing());
    };
    let machines = view.state.expanded(record);
    let findings = view.state.plan_findings(&record.plan, &machines);
    let counted = counts(&machines, &findings);
    let requests = Rc::new(view.state.to_confirm(record));
    let manifest = manifest(&record.plan, &requests);
    let in_place = requests.iter().filter(|(_, ready)| ready.plan.scenario.is_in_place()).count();
    let left = if record.run.is_none() { counted.all - counted.ready } else { 0 };
    translatable(html! {
        <>
            { heading(format!("Review {}", quoted(&record.plan.name)), lead(counted), Html::default()) }
            { each(scenario_missing(record)) }
            { findings_notice(&findings) }
            <section class="vmr-panel">
                { requests_table(view, record, &requests, &open) }
            </section>
            { validation::section(view, record, &requests) }
            { before_start(view, record, &manifest, in_place, &typed) }
            { bar(view, record, (&requests, left), &manifest, in_place, &typed) }
        </>
    })
}

fn machine_name(record: &PlanRecord, id: &MachineId) -> AttrValue {
    record.plan.machine(id).map(|machine| machine.name.clone()).unwrap_or_default().into()
}

/// The requests. Rows that are open stay so when they come into sight again.
fn requests_table(
    view: &PageContext,
    record: &Rc<PlanRecord>,
    requests: &Rc<Vec<(MachineId, Ready)>>,
    open: &UseStateHandle<BTreeSet<MachineId>>,
) -> Html {
    let list = TallList { caption: "Requests", all: requests.len(), heads: &HEADS, search: "Search the requests" };
    let said = |at: &usize| {
        let (machine, ready) = &requests[*at];
        let name = machine_name(record, machine).to_string();
        [name].into_iter().chain(said_of_request(ready)).collect::<Vec<_>>().join("\n")
    };
    let found = list.found(view, 0..requests.len(), said);
    let count = found.len();
    let id = {
        let (found, requests) = (found.clone(), requests.clone());
        Callback::from(move |row: usize| Some(requests.get(*found.get(row)?)?.0.as_str().to_owned()))
    };
    let row = {
        let (view, record, requests, open) = (view.clone(), record.clone(), requests.clone(), open.clone());
        Callback::from(move |row: usize| {
            Some(request_row(&view, &record, (row, requests.get(*found.get(row)?)?), &open))
        })
    };
    list.table(view, count, id, row)
}

/// The heads of the columns.
const HEADS: [&str; 4] = ["Virtual machine", "Recovery point", "What happens", "Request"];

/// A row of the table. Its body is made only while it is open: a plan has many.
fn request_row(
    view: &PageContext,
    record: &Rc<PlanRecord>,
    (at, (machine, ready)): (usize, &(MachineId, Ready)),
    open: &UseStateHandle<BTreeSet<MachineId>>,
) -> Html {
    let (of, plan) = (machine_name(record, machine), &ready.plan);
    let is_open = open.contains(machine);
    let toggle = {
        let (open, machine) = (open.clone(), machine.clone());
        Callback::from(move |_: MouseEvent| {
            let mut now = (*open).clone();
            if !now.remove(&machine) {
                now.insert(machine.clone());
            }
            open.set(now);
        })
    };
    let warnings = plan.warnings.iter().map(|warning| {
        html! { <p class="vmr-caution">{ icon(Icon::Warning) }<span>{ with_names(&warning.sentence) }</span></p> }
    });
    let check =
        validation::cell(view, &record.plan.id, machine, view.state.validation(&record.plan.id, machine, ready));
    let request = html! {
        <div>
            <button type="button" class="vmr-small" aria-expanded={if is_open { "true" } else { "false" }}
                aria-label={format!("Request for {of}")} onclick={toggle}>{ "Request" }</button>
            { " " }<small class="vmr-nowrap">{ id_text(format!("{}…", &plan.sha256[..8])) }</small>
            if is_open {
                <p>{ "SHA-256 " }{ id_text(plan.sha256.clone()) }</p>
                <Json label="Request body" lines={lines_of_plan(plan)} />
            }
        </div>
    };
    let what = html! { <div><p>{ with_names(&plan.effect) }</p>{ each(warnings) }{ check }</div> };
    let point = html! { <div>{ point_cell(&ready.point) }</div> };
    long_row(&HEADS, machine.as_str(), at, name(&of), vec![point, what, request])
}

fn before_start(
    view: &PageContext,
    record: &Rc<PlanRecord>,
    manifest: &Manifest,
    in_place: usize,
    typed: &UseStateHandle<String>,
) -> Html {
    let id = &record.plan.id;
    let reason = field(Field {
        id: "reason".into(),
        label: "Reason".into(),
        value: record.plan.reason.clone().into(),
        on: edit(view, record, |plan, said| plan.reason = said.to_owned()),
        notes: FieldHints::hint(
            "Optional, for example an incident number. Stored in this browser only, not sent to Azure.",
        ),
        ..Field::default()
    });
    let confirm = record.plan.is_in_place().then(|| {
        let typed_over = typed.clone();
        let machines = if in_place == 1 { "1 VM is".to_owned() } else { format!("{in_place} VMs are") };
        let hint =
            format!("{machines} stopped, and the disks are replaced. Type {} to confirm.", quoted(&record.plan.name));
        field(Field {
            id: "confirm".into(),
            label: "Type the plan's name to confirm".into(),
            value: (**typed).clone().into(),
            on: Callback::from(move |said| typed_over.set(said)),
            notes: FieldHints::hint(hint),
            required: true,
            ..Field::default()
        })
    });
    html! {
        <section class="vmr-panel">
            <h2>{ "Start" }</h2>
            <div class="vmr-one">
                if record.run.is_none() { { reason } }
                { each(confirm) }
            </div>
            <p>{ format!("Manifest: {}, SHA-256 ", text::count(manifest.bodies.len(), "request")) }{ id_text(manifest.sha256.clone()) }</p>
            <div class="vmr-actions">
                { button("Download manifest", "", view.on_click(Msg::Plan(PlanMsg::Download(id.clone(), PlanDownload::Manifest)))) }
                { button("Download script", "", view.on_click(Msg::Plan(PlanMsg::Download(id.clone(), PlanDownload::Script)))) }
                { button("Save plan as file", "", view.on_click(Msg::Plan(PlanMsg::Download(id.clone(), PlanDownload::File)))) }
            </div>
            <p class="vmr-muted">{ "The script sends the same requests with bash and az, one after the other. Running it and pressing Start restores twice." }</p>
            <p class="vmr-muted">{ "Each request is sent once. Keep this tab open until the last restore has started; restores in progress keep running in Azure." }</p>
        </section>
    }
}

fn bar(
    view: &PageContext,
    record: &Rc<PlanRecord>,
    (requests, left): (&[(MachineId, Ready)], usize),
    manifest: &Manifest,
    in_place: usize,
    typed: &UseStateHandle<String>,
) -> Html {
    let id = &record.plan.id;
    let is_confirmed = !record.plan.is_in_place() || confirms(typed.trim(), record.plan.name.trim());
    let can_start = !requests.is_empty() && is_confirmed;
    let shown: Rc<[ConfirmedMachine]> = requests.iter().map(|(id, ready)| ConfirmedMachine::of(id, ready)).collect();
    let start = Msg::Plan(PlanMsg::Start { id: id.clone(), shown, typed: (**typed).clone() });
    let class = if in_place > 0 { "vmr-danger" } else { "vmr-primary" };
    let about = html! {
        <>
            <p>{ format!("{} · SHA-256 ", text::count(requests.len(), "request")) }{ id_text(format!("{}…", &manifest.sha256[..8])) }</p>
            // Said beside the button, so that nobody takes the start for one of all machines.
            if left > 0 { <p><a href={Route::Plan(id.clone()).hash()}>{ format!("{} not included", text::count(left, "VM")) }</a></p> }
        </>
    };
    let actions = html! {
        <button type="button" {class} disabled={!can_start} onclick={view.on_click(start)}>{ format!("Start {}", text::count(requests.len(), "restore")) }</button>
    };
    action_bar(Route::Plan(id.clone()).hash(), about, actions)
}
