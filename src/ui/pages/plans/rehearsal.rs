//! A plan as a rehearsal: whether it is one, and the networks that it may use.

use std::rc::Rc;

use yew::prelude::*;

use super::edit;
use crate::app::plans::PlanRecord;
use crate::recovery::expansion::Expanded;
use crate::recovery::plan::{Mode, NAME};
use crate::recovery::rehearsal::{TargetNetwork, networks};
use crate::restore::visible::visible_name;
use crate::ui::kit::badge::badge;
use crate::ui::kit::checks::{Check, check};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::name::with_names;
use crate::ui::kit::{Tone, each};
use crate::ui::pages::PageContext;

/// Whether the plan is tried only.
pub(super) fn mode(view: &PageContext, record: &Rc<PlanRecord>) -> Html {
    let on = edit(view, record, |plan, said| {
        let ending = format!("{NAME}-rehearsal");
        if said.is_empty() {
            plan.mode = Mode::Recovery;
            plan.connected_networks.clear();
            if plan.mapping.name_pattern == ending {
                plan.mapping.name_pattern.clear();
            }
        } else {
            plan.mode = Mode::Rehearsal;
            if plan.mapping.name_pattern.is_empty() {
                plan.mapping.name_pattern = ending;
            }
        }
    });
    let hint = "Restores into an isolated network. When it has ended, the board lists everything to delete. The original VMs stay as they are.";
    let it = Check {
        id: "plan-rehearsal".into(),
        label: "Rehearse this plan".into(),
        checked: record.plan.mode == Mode::Rehearsal,
        notes: FieldHints::hint(hint),
    };
    check(it, &on.reform(|checked: bool| if checked { "on".to_owned() } else { String::new() }))
}

/// What leads out of each network that the rehearsal goes to, and whether it may use it all the same.
pub(super) fn isolation(view: &PageContext, record: &Rc<PlanRecord>, machines: &[Expanded]) -> Html {
    let networks = networks(&record.plan, machines, &*view.state);
    if networks.is_empty() {
        return Html::default();
    }
    let one = |network: &TargetNetwork| {
        let state = if !network.connected.is_empty() {
            badge(Tone::Bad, "Not isolated")
        } else if !network.unknown.is_empty() {
            badge(Tone::Warning, "Couldn't check")
        } else {
            badge(Tone::Good, "No connection found")
        };
        let id = network.id.clone();
        let allow = (network.needs_operator() || network.allowed).then(|| {
            let on = edit(view, record, move |plan, said| {
                plan.connected_networks.retain(|known| *known != id);
                plan.connected_networks.extend((!said.is_empty()).then(|| id.clone()));
            });
            let it = Check {
                id: format!("allow-{}", network.id.as_str().replace(|c: char| !c.is_ascii_alphanumeric(), "-")).into(),
                label: format!("Rehearse in {} all the same", visible_name(network.id.name())).into(),
                checked: network.allowed,
                ..Check::default()
            };
            check(it, &on.reform(|checked: bool| if checked { "on".to_owned() } else { String::new() }))
        });
        html! { <li key={network.id.as_str().to_owned()}>{ state }{ " " }{ with_names(&network.sentence()) }{ each(allow) }</li> }
    };
    html! {
        <section class="vmr-panel" aria-labelledby="isolation">
            <h2 id="isolation">{ "Isolation" }</h2>
            <p class="vmr-muted">{ "Checked: peerings, gateways, routes to gateways and virtual appliances, NAT gateways, and that it isn't the network of an original VM. Not checked: Azure's default outbound internet access, network security groups and private endpoints." }</p>
            <ul class="vmr-list">{ each(networks.iter().map(one)) }</ul>
        </section>
    }
}
