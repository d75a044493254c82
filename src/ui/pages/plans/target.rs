//! Where a plan restores to: names, group, network, staging accounts, zone.

use std::rc::Rc;

use azure_backup::arm::id::{ArmId, Region};
use yew::prelude::*;

use super::edit;
use super::fields::mapped;
use super::networks::{NETWORK, networks};
use crate::app::plans::PlanRecord;
use crate::recovery::expansion::Expanded;
use crate::recovery::mapping::name_from_pattern;
use crate::recovery::plan::GroupRule;
use crate::recovery::staging::{WithoutAccount, without_account};
use crate::restore::draft::{DiskNetworkAccess, ZoneChoice};
use crate::restore::effect_sentence::quoted;
use crate::restore::facts::Facts;
use crate::restore::field::Field;
use crate::restore::scenario::Scenario;
use crate::restore::visible::visible_name;
use crate::ui::kit::combobox::Picker;
use crate::ui::kit::combobox::entry::{RESOURCE_GROUP, ResourceKind};
use crate::ui::kit::field::{Field as TextField, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::name::{name, with_names};
use crate::ui::kit::select::{Choice, Select, select};
use crate::ui::kit::{each, small_button};
use crate::ui::pages::PageContext;

/// The value of the choice that keeps the resource group of each source.
const SAME: &str = "same";

/// The fields; none before it is chosen what to restore.
pub(super) fn target(view: &PageContext, record: &Rc<PlanRecord>, machines: &[Expanded]) -> Html {
    let mapping = &record.plan.mapping;
    let Some(scenario) = mapping.scenario else { return Html::default() };
    let facts = || machines.iter().filter_map(Expanded::facts);
    let touch = view.state.touch;
    let groups = resources(facts(), |facts| {
        facts.lookups.groups.iter().flat_map(|all| all.iter()).map(|g| (g.id.clone(), g.location.clone())).collect()
    });
    let group = match &mapping.resource_group {
        GroupRule::One(id) => id.as_str().to_owned(),
        GroupRule::Same | GroupRule::Pattern(_) => SAME.to_owned(),
    };
    let same = Choice::new(SAME, "Same as the original VM");
    let group = html! {
        <Picker kind={RESOURCE_GROUP} {touch} select={Select {
            id: "plan-group".into(),
            label: "Resource group".into(),
            choices: std::iter::once(same).chain(groups).collect(),
            value: group.into(),
            on: edit(view, record, |plan, said| {
                plan.mapping.resource_group = ArmId::parse(said).map_or(GroupRule::Same, GroupRule::One);
            }),
            ..Select::default()
        }} />
    };
    let example = machines.first().map(|machine| machine.name.clone()).unwrap_or_default();
    let pattern = mapping.name_pattern.clone();
    let hint = match pattern.is_empty() {
        true => {
            "Suggested for each VM. Use {name} for the name of the original VM, for example {name}-clean.".to_owned()
        }
        false => format!("{} becomes {}.", quoted(&example), quoted(&name_from_pattern(&pattern, &example))),
    };
    let names = field(TextField {
        id: "plan-names".into(),
        label: "Names".into(),
        value: pattern.into(),
        on: edit(view, record, |plan, said| plan.mapping.name_pattern = said.trim().to_owned()),
        notes: FieldHints::hint(hint),
        ..TextField::default()
    });
    let offered = resources(facts(), |facts| {
        facts.lookups.networks.iter().flat_map(|all| all.iter()).map(|n| (n.id.clone(), n.location.clone())).collect()
    });
    let network = html! {
        <Picker kind={NETWORK} {touch} select={Select {
            id: "plan-network".into(),
            label: "Virtual network".into(),
            choices: offered.clone(),
            value: id_of(mapping.other_network.as_ref()),
            none: Some("Same as the original VM".into()),
            on: edit(view, record, |plan, said| plan.mapping.other_network = ArmId::parse(said).ok()),
            notes: FieldHints::hint("Subnets are matched by name. If a network has a single subnet, it's used."),
            ..Select::default()
        }} />
    };
    let is_new = scenario == Scenario::AnotherVm;
    let field_of = |field: Field| mapped(view, record, machines, field);
    html! {
        <div class="vmr-fields">
            if is_new { { names } }
            { field_of(Field::Region) }
            if scenario != Scenario::ReplaceDisks { { field_of(Field::TargetSubscription) }{ group } }
            if is_new { { network }{ networks(view, record, machines, &offered) } }
            { field_of(Field::DiskNetworkAccess) }
            if mapping.disk_network_access == Some(DiskNetworkAccess::Private) { { field_of(Field::DiskAccess) } }
            { accounts(view, record, (machines, facts()), touch) }
            { field_of(Field::StagingAccess) }
            { zone(view, record) }
            { field_of(Field::RehydrationPriority) }
            { field_of(Field::RehydrationDays) }
        </div>
    }
}

fn id_of(id: Option<&ArmId>) -> AttrValue {
    id.map(|id| id.as_str().to_owned()).unwrap_or_default().into()
}

/// The resources that the facts of all machines offer, each once, by name.
fn resources<'a>(
    facts: impl Iterator<Item = &'a Rc<Facts>>,
    list: impl Fn(&Facts) -> Vec<(ArmId, Region)>,
) -> Vec<Choice> {
    let mut all: Vec<(ArmId, Region)> = Vec::new();
    let mut seen: Vec<*const Facts> = Vec::new();
    for facts in facts.take(FACTS) {
        if !seen.contains(&Rc::as_ptr(facts)) {
            seen.push(Rc::as_ptr(facts));
            all.extend(list(facts));
        }
    }
    all.sort_by(|(one, _), (other, _)| one.name().cmp(other.name()).then_with(|| one.cmp(other)));
    all.dedup_by(|(one, _), (other, _)| one == other);
    let choice = |(id, region): (ArmId, Region)| Choice {
        also: id.resource_group().unwrap_or_default().to_owned().into(),
        ..Choice::named(id.as_str().to_owned(), &[id.name(), region.as_str()])
    };
    all.into_iter().map(choice).collect()
}

/// The lists of so many machines are offered: they are the same for all machines of a subscription.
const FACTS: usize = 40;

/// The staging accounts: a list to choose one more from, and those that are chosen.
fn accounts<'a>(
    view: &PageContext,
    record: &Rc<PlanRecord>,
    (machines, facts): (&[Expanded], impl Iterator<Item = &'a Rc<Facts>>),
    touch: bool,
) -> Html {
    let chosen = &record.plan.mapping.staging_accounts;
    let offered = resources(facts, |facts| {
        let all = facts.lookups.storage_accounts.iter().flat_map(|all| all.iter());
        all.map(|a| (a.id.clone(), a.location.clone())).collect()
    });
    let is_left = |choice: &Choice| chosen.iter().all(|id| !id.as_str().eq_ignore_ascii_case(&choice.value));
    let remove = |id: &ArmId| {
        let gone = id.clone();
        let on = edit(view, record, move |plan, _| plan.mapping.staging_accounts.retain(|known| *known != gone));
        let on = on.reform(|_: MouseEvent| String::new());
        html! { <li key={id.as_str().to_owned()}>{ name(id.name()) }{ " " }{ small_button("Remove", format!("Remove {}", visible_name(id.name())), on) }</li> }
    };
    let hint = match chosen.is_empty() {
        true => "Suggested for each VM. Add several to spread the VMs over them.",
        false => "The VMs are spread over these accounts.",
    };
    html! {
        <div>
            <Picker kind={ResourceKind("Microsoft.Storage/storageAccounts")} {touch} select={Select {
                id: "plan-account".into(),
                label: "Staging accounts".into(),
                choices: offered.into_iter().filter(is_left).collect(),
                none: Some("Add a storage account".into()),
                on: edit(view, record, |plan, said| {
                    let new = ArmId::parse(said).ok().filter(|id| !plan.mapping.staging_accounts.contains(id));
                    plan.mapping.staging_accounts.extend(new);
                }),
                notes: FieldHints::hint(hint),
                ..Select::default()
            }} />
            if !chosen.is_empty() { <ul class="vmr-list" aria-label="Selected staging accounts">{ each(chosen.iter().map(remove)) }</ul> }
            { missing_accounts(view, record, machines) }
        </div>
    }
}

/// The regions whose machines have no account, and what would do there.
fn missing_accounts(view: &PageContext, record: &Rc<PlanRecord>, machines: &[Expanded]) -> Html {
    let missing = without_account(&record.plan, machines);
    if missing.is_empty() {
        return Html::default();
    }
    let add = |ids: Vec<ArmId>| {
        let on = edit(view, record, move |plan, _| {
            let new = ids.iter().filter(|id| !plan.mapping.staging_accounts.contains(id)).cloned().collect::<Vec<_>>();
            plan.mapping.staging_accounts.extend(new);
        });
        on.reform(|_: MouseEvent| String::new())
    };
    let one = |one: &WithoutAccount| {
        let first = one.machines.first().map(|name| quoted(name)).unwrap_or_default();
        let names = match one.machines.len() {
            1 => first,
            more => format!("{first} and {} more", more - 1),
        };
        let hint = match one.fitting.len() {
            0 => " No listed account fits there. Create one, or change what these VMs restore.",
            1 => "",
            _ => " Several accounts fit there. Select one above.",
        };
        // Where several would do as well, none is suggested.
        let suggested = <[ArmId; 1]>::try_from(one.fitting.clone()).ok().map(|[id]| {
            let label = format!("Add {}", visible_name(id.name()));
            small_button(label.clone(), format!("{label} for {}", one.region.as_str()), add(vec![id]))
        });
        html! { <li key={one.region.as_str().to_owned()}>{ with_names(&format!("{}: no account for {names}.{hint}", one.region.as_str())) }{ " " }{ each(suggested) }</li> }
    };
    let fitting: Vec<ArmId> =
        missing.iter().filter(|one| one.fitting.len() == 1).map(|one| one.fitting[0].clone()).collect();
    html! {
        <>
            <p id="plan-no-account" class="vmr-hint">{ "An account serves VMs in its own region only." }</p>
            <ul class="vmr-list" aria-labelledby="plan-no-account">{ each(missing.iter().map(one)) }</ul>
            if fitting.len() > 1 { { small_button("Add all suggested accounts", "Add all suggested accounts, one for each region".to_owned(), add(fitting)) } }
        </>
    }
}

fn zone(view: &PageContext, record: &Rc<PlanRecord>) -> Html {
    let value = match &record.plan.mapping.zone {
        ZoneChoice::Unset => "",
        ZoneChoice::NoZone => "none",
        ZoneChoice::Zone(zone) => zone.as_str(),
    };
    select(Select {
        id: "plan-zone".into(),
        label: "Availability zone".into(),
        choices: vec![
            Choice::new("none", "No zone"),
            Choice::new("1", "Zone 1"),
            Choice::new("2", "Zone 2"),
            Choice::new("3", "Zone 3"),
        ],
        value: value.to_owned().into(),
        none: Some("No preference".into()),
        on: edit(view, record, |plan, said| {
            plan.mapping.zone = match said {
                "" => ZoneChoice::Unset,
                "none" => ZoneChoice::NoZone,
                zone => ZoneChoice::Zone(zone.to_owned()),
            };
        }),
        notes: FieldHints::hint("VMs that can't be restored to a zone are restored without one, with a warning."),
        ..Select::default()
    })
}
