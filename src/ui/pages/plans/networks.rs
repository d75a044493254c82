//! Which network takes the place of which: a row for each network that the machines are in.

use std::rc::Rc;

use azure_backup::arm::id::ArmId;
use azure_backup::backup::lookups::VirtualNetwork;
use yew::prelude::*;

use super::edit;
use crate::app::plans::PlanRecord;
use crate::app::plans::source_networks::SourceNetwork;
use crate::recovery::expansion::Expanded;
use crate::recovery::plan::NetworkRow;
use crate::restore::effect_sentence::quoted;
use crate::restore::visible::visible_name;
use crate::ui::kit::combobox::Picker;
use crate::ui::kit::combobox::entry::ResourceKind;
use crate::ui::kit::each;
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::select::{Choice, Select};
use crate::ui::pages::PageContext;
use crate::ui::text;

/// The type of the networks to choose from.
pub(super) const NETWORK: ResourceKind = ResourceKind("Microsoft.Network/virtualNetworks");

/// The rows. Where all machines are in one network, the field above them is enough.
pub(super) fn networks(view: &PageContext, record: &Rc<PlanRecord>, machines: &[Expanded], offered: &[Choice]) -> Html {
    let rows = &record.plan.mapping.networks;
    let mut sources = view.state.source_networks(machines);
    for row in
        rows.iter().filter(|row| sources.iter().all(|source| source.id != row.source)).cloned().collect::<Vec<_>>()
    {
        sources.push(SourceNetwork { id: row.source, machines: 0, subnets: Default::default() });
    }
    if sources.len() < 2 && rows.is_empty() {
        return Html::default();
    }
    let listed: Vec<&Rc<VirtualNetwork>> = machines
        .iter()
        .filter_map(Expanded::facts)
        .filter_map(|facts| facts.lookups.networks.as_ref())
        .take(FACTS)
        .flat_map(|all| all.iter())
        .collect();
    let row = |(nth, source): (usize, &SourceNetwork)| {
        let target = rows.iter().find(|row| row.source == source.id).map(|row| &row.target);
        let network = target.and_then(|id| listed.iter().find(|network| network.id == *id));
        let id = source.id.clone();
        html! {
            <Picker key={source.id.as_str().to_owned()} kind={NETWORK} touch={view.state.touch} select={Select {
                id: format!("plan-network-{nth}").into(),
                label: format!("In place of {} ({})", visible_name(source.id.name()), text::count(source.machines, "VM")).into(),
                choices: offered.to_vec(),
                value: target.map(|id| id.as_str().to_owned()).unwrap_or_default().into(),
                none: Some("As for all VMs".into()),
                on: edit(view, record, move |plan, said| {
                    plan.mapping.networks.retain(|row| row.source != id);
                    let target = ArmId::parse(said).ok();
                    plan.mapping.networks.extend(target.map(|target| NetworkRow { source: id.clone(), target }));
                }),
                notes: network.and_then(|network| subnets(source, network)).map_or_else(FieldHints::default, FieldHints::hint),
                ..Select::default()
            }} />
        }
    };
    html! { <>{ each(sources.iter().enumerate().map(row)) }</> }
}

/// The networks of so many machines are looked through for a target's subnets: they are the same for all machines of a subscription.
const FACTS: usize = 40;

/// The subnets of the source that the target lacks.
fn subnets(source: &SourceNetwork, target: &VirtualNetwork) -> Option<String> {
    let has = |name: &&String| target.subnets.iter().any(|subnet| subnet.name.eq_ignore_ascii_case(name));
    let missing: Vec<String> = source.subnets.iter().filter(|name| !has(name)).map(|name| quoted(name)).collect();
    let target_name = quoted(&target.name);
    match (missing.is_empty(), target.subnets.len()) {
        (true, _) => None,
        (false, 1) => {
            Some(format!("All of them go to {}, the only subnet of {target_name}.", quoted(&target.subnets[0].name)))
        }
        (false, _) => Some(format!(
            "{target_name} has no subnet {}. Change the subnet of the VMs in it below, or select another network.",
            missing.join(", ")
        )),
    }
}
