//! A recovery plan of machines that a link, or the page around this one, has named. It is made by a click: an address changes nothing.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::fleet::handover::Handover;
use crate::app::fleet::status::{FleetStatus, rows};
use crate::app::list_status::ListStatus;
use crate::app::msg::Msg;
use crate::app::plans::PlanMsg;
use crate::app::route::Route;
use crate::recovery::plan::MAX_MACHINES;
use crate::ui::kit::action_bar::action_bar;
use crate::ui::kit::empty::nothing;
use crate::ui::kit::heading::heading;
use crate::ui::kit::name::name;
use crate::ui::kit::notice::{Notice, Voice, notice};
use crate::ui::kit::{Tone, each, id_text};
use crate::ui::pages::PageContext;
use crate::ui::text;
use crate::ui::translatable::translatable;

/// The properties of [`NewPlanPage`].
#[derive(PartialEq, Properties)]
pub struct NewPlanPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The ids, as they were named.
    pub machines: Rc<[String]>,
}

/// The page.
#[component]
pub fn NewPlanPage(NewPlanPageProps { view, machines }: &NewPlanPageProps) -> Html {
    let catalog = &view.state.catalog;
    let known = FleetStatus::of(catalog).known(catalog);
    let found =
        use_memo((machines.clone(), catalog.revision()), |(machines, _)| Handover::of(machines, &rows(catalog)));
    let lead = format!("{} handed over by a link or by the page around this one.", text::count(machines.len(), "VM"));
    let body = if known == ListStatus::Loading {
        nothing(known, view.progress("Loading virtual machines…"), Html::default)
    } else {
        content(&found, known)
    };
    let count = found.machines.len();
    let make = (known != ListStatus::Loading && (1..=MAX_MACHINES).contains(&count)).then(|| {
        let onclick = view.on_click(Msg::Plan(PlanMsg::New(found.machines.clone())));
        html! { <button type="button" class="vmr-primary" {onclick}>{ format!("Plan the restore of {}", text::count(count, "VM")) }</button> }
    });
    translatable(html! {
        <>
            { heading("New recovery plan", html! { lead }, Html::default()) }
            { view.faults() }
            <section class="vmr-panel">{ body }</section>
            { action_bar(Route::Vms(Default::default()).hash(), Html::default(), each(make)) }
        </>
    })
}

/// What was found, and everything that was not.
fn content(found: &Handover, known: ListStatus) -> Html {
    let count = found.machines.len();
    let too_many = (count > MAX_MACHINES).then(|| {
        let most = text::thousands(MAX_MACHINES);
        let why = format!(
            "A recovery plan has room for {most}. Hand over fewer, or select them in the list of virtual machines."
        );
        warning("Too many VMs for one plan", html! { <p>{ why }</p> })
    });
    let why = match known {
        ListStatus::Complete => {
            "They aren't in the list of protected VMs: they aren't protected, were deleted, or you don't have access to their vaults."
        }
        _ => "They aren't in the list of protected VMs, but not all of that list could be loaded.",
    };
    let unknown = unmatched_ids(&found.unknown, why);
    let invalid = unmatched_ids(&found.invalid, "These aren't resource IDs, which start with /subscriptions/.");
    let unlisted = (found.unlisted > 0).then(|| {
        let what = format!(
            "{} of them not in the list of protected VMs. The plan tells whether their recovery points can be loaded.",
            text::thousands(found.unlisted)
        );
        html! { <p class="vmr-hint">{ what }</p> }
    });
    let several = found.of_several.iter().map(|(machine, vault)| {
        html! { <p class="vmr-hint">{ name(machine) }{ " is protected in several vaults. The plan uses " }{ name(vault) }{ ", which has its latest recovery point." }</p> }
    });
    html! {
        <>
            <p>{ format!("{} found.", text::count(count, "VM")) }{ " Nothing starts before you've reviewed the plan." }</p>
            { each(unlisted) }
            { each(several) }
            { each(too_many) }
            { each(unknown.map(|body| warning("Some VMs can't be planned", body))) }
            { each(invalid.map(|body| warning("Some IDs can't be read", body))) }
        </>
    }
}

fn warning(title: &'static str, body: Html) -> Html {
    notice(Notice { tone: Tone::Warning, voice: Voice::Note, title: title.into(), body, ..Notice::default() })
}

/// All ids of a kind, with the reason; nothing where there are none.
fn unmatched_ids(ids: &[String], why: &'static str) -> Option<Html> {
    let one = |id: &String| html! { <li>{ id_text(id.clone()) }</li> };
    (!ids.is_empty()).then(|| html! { <><p>{ why }</p><ul>{ each(ids.iter().map(one)) }</ul></> })
}
