//! Fields of the single form that a plan sets for all its machines: what they offer is what the form offers to each, put together.

use std::rc::Rc;

use azure_backup::arm::id::{ArmId, SubscriptionId};
use azure_backup::backup::lookups::Subscription;
use yew::prelude::*;

use super::edit;
use crate::app::key::Key;
use crate::app::msg::Edit;
use crate::app::plans::PlanRecord;
use crate::recovery::expansion::{Expanded, Prospect};
use crate::recovery::mapping::without_lists;
use crate::recovery::plan::{Machine, Mapping};
use crate::restore::draft::REHYDRATION_DAYS;
use crate::restore::facts::Facts;
use crate::restore::field::Field;
use crate::ui::kit::combobox::Picker;
use crate::ui::kit::field::{Field as TextField, Kind, field as text_field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::select::{Choice, Select};
use crate::ui::pages::PageContext;
use crate::ui::pages::restore_form::choices::{
    access_value, kind_of, network_value, offer_of, priority_value, region_value, value,
};
use crate::ui::pages::restore_form::edit::edit_of;
use crate::ui::pages::restore_form::hints::hint;
use crate::ui::pages::vault_select::subscription_choice;
use crate::ui::text;

/// The choices of so many machines are put together: they are the same for all machines of a subscription.
const LOOKED_AT: usize = 40;

/// The control of a field; nothing where no machine needs it.
pub(super) fn mapped(view: &PageContext, record: &Rc<PlanRecord>, machines: &[Expanded], field: Field) -> Html {
    let mapping = &record.plan.mapping;
    let asked: Vec<(&Machine, &Rc<Facts>)> = record
        .plan
        .machines()
        .zip(machines)
        .filter_map(|((_, machine), known)| Some((machine, known.facts().filter(|facts| arises(facts, field))?)))
        .collect();
    // What is set stays in sight while the machines are read anew.
    if asked.is_empty() && !is_set(mapping, field) {
        return Html::default();
    }
    let on = edit(view, record, move |plan, said| {
        if let Some(edit) = edit_of(field, said) {
            set(&mut plan.mapping, edit);
        }
    });
    let (id, label) = (AttrValue::from(format!("plan-{}", field.id())), AttrValue::from(label(field)));
    let notes = notes(mapping, field, asked.len());
    if field == Field::RehydrationDays {
        let limit = |days: &u32| Some(AttrValue::from(days.to_string()));
        return text_field(TextField {
            id,
            label,
            value: mapping.rehydration.days.clone().into(),
            kind: Kind::Number,
            on,
            notes,
            min: limit(REHYDRATION_DAYS.start()),
            max: limit(REHYDRATION_DAYS.end()),
            ..TextField::default()
        });
    }
    let is_decided = |machine: &Expanded| machine.facts().is_some() || matches!(machine.state, Prospect::Skipped(_));
    let is_whole = machines.iter().all(is_decided) && asked.len() <= LOOKED_AT;
    let choices = match field {
        // Which regions these are differs from machine to machine.
        Field::Region => [(value::OF_VAULT, "Vault's region"), (value::OF_SOURCE, "VM's region")]
            .map(|(value, label)| Choice::new(value, label))
            .into(),
        Field::TargetSubscription if asked.is_empty() => {
            let all = view.state.catalog.get::<[Rc<Subscription>]>(&Key::Subscriptions);
            all.iter().flat_map(|all| all.iter()).map(|one| subscription_choice(one)).collect()
        }
        _ => together(mapping, &asked, field, is_whole),
    };
    let none = match field {
        Field::TargetSubscription => Some("Same as the vault"),
        Field::Region => Some("Choose the region"),
        Field::DiskNetworkAccess => Some("Choose the network access"),
        Field::DiskAccess => Some("Choose a disk access resource"),
        Field::RehydrationPriority => Some("Choose a priority"),
        _ => None,
    };
    let select = Select {
        id,
        label,
        choices,
        value: chosen(mapping, field).to_owned().into(),
        on,
        none: none.map(AttrValue::from),
        notes,
        ..Select::default()
    };
    html! { <Picker key={field.id()} {select} kind={kind_of(field)} touch={view.state.touch} /> }
}

/// Whether the field is a question for a machine with these facts.
fn arises(facts: &Facts, field: Field) -> bool {
    match field {
        Field::Region => facts.source_region_outside_vault().is_some(),
        Field::DiskNetworkAccess | Field::DiskAccess => facts.point.private_access == Some(true),
        Field::RehydrationPriority | Field::RehydrationDays => facts.is_archived(),
        _ => true,
    }
}

/// Whether the plan says something about it. What always arises is always shown.
fn is_set(mapping: &Mapping, field: Field) -> bool {
    match field {
        Field::Region => mapping.region.is_some(),
        Field::DiskNetworkAccess | Field::DiskAccess => mapping.disk_network_access.is_some(),
        Field::RehydrationPriority | Field::RehydrationDays => mapping.rehydration.priority.is_some(),
        _ => true,
    }
}

fn set(mapping: &mut Mapping, edit: Edit) {
    match edit {
        Edit::Region(region) => mapping.region = region,
        Edit::TargetSubscription(id) => mapping.set_target_subscription(id),
        Edit::DiskNetworkAccess(access) => mapping.set_disk_network_access(access),
        Edit::DiskAccess(id) => mapping.disk_access = id,
        Edit::StagingAccess(access) => mapping.staging_access = access,
        Edit::RehydrationPriority(priority) => mapping.rehydration.priority = priority,
        Edit::RehydrationDays(days) => mapping.rehydration.days = days,
        _ => {}
    }
}

/// The value as the select of the single form has it.
fn chosen(mapping: &Mapping, field: Field) -> &str {
    match field {
        Field::Region => region_value(mapping.region),
        Field::TargetSubscription => {
            mapping.target_subscription.as_ref().map(SubscriptionId::as_str).unwrap_or_default()
        }
        Field::DiskNetworkAccess => network_value(mapping.disk_network_access),
        Field::DiskAccess => mapping.disk_access.as_ref().map(ArmId::as_str).unwrap_or_default(),
        Field::StagingAccess => access_value(&mapping.staging_access),
        _ => priority_value(mapping.rehydration.priority),
    }
}

const fn label(field: Field) -> &'static str {
    match field {
        Field::RehydrationPriority => "Priority for archived points",
        other => other.label(),
    }
}

fn notes(mapping: &Mapping, field: Field, machines: usize) -> FieldHints {
    let of = text::count(machines, "VM");
    let whose = match field {
        _ if machines == 0 => None,
        Field::TargetSubscription => {
            Some("The resource group and networks are selected from this subscription.".to_owned())
        }
        Field::Region => Some(format!("For {of} in another region than the vault.")),
        Field::DiskNetworkAccess => Some(format!("For {of} whose disks use private access.")),
        Field::DiskAccess => Some("Only for VMs in the same region.".to_owned()),
        Field::RehydrationPriority => Some(format!("For {of} with an archived point.")),
        _ => None,
    };
    let said: Vec<&str> = whose.as_deref().into_iter().chain(hint(field)).collect();
    let is_wrong = field == Field::RehydrationDays && mapping.rehydration.valid_days().is_none();
    FieldHints {
        hint: (!said.is_empty()).then(|| said.join(" ").into()),
        error: is_wrong.then(|| "Enter 10–30 days.".into()),
        ..FieldHints::default()
    }
}

/// What the form offers to these machines. A choice that none of them can use can't be selected; `is_whole` = these are all machines of the plan.
fn together(mapping: &Mapping, asked: &[(&Machine, &Rc<Facts>)], field: Field, is_whole: bool) -> Vec<Choice> {
    let mut all: Vec<(Choice, Vec<Option<AttrValue>>)> = Vec::new();
    for (machine, facts) in asked.iter().take(LOOKED_AT) {
        let draft = without_lists(mapping, machine, facts);
        for choice in offer_of(facts, &draft, field).map(|offer| offer.choices).unwrap_or_default() {
            match all.iter_mut().find(|(known, _)| known.value.eq_ignore_ascii_case(&choice.value)) {
                Some((_, reasons)) => reasons.push(choice.reason),
                None => {
                    let reason = choice.reason.clone();
                    all.push((Choice { reason: None, suggested: None, ..choice }, vec![reason]));
                }
            }
        }
    }
    let judged = |(choice, reasons): (Choice, Vec<Option<AttrValue>>)| {
        let refused = reasons.iter().flatten().count();
        let Some(why) = reasons.into_iter().flatten().next() else { return choice };
        match is_whole && refused == asked.len() {
            true => Choice { reason: Some(why), ..choice },
            false => Choice { warning: Some(format!("not for all VMs: {why}").into()), ..choice },
        }
    };
    let mut choices: Vec<Choice> = all.into_iter().map(judged).collect();
    choices.sort_by_key(|choice| choice.reason.is_some());
    choices
}
