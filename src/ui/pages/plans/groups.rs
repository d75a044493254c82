//! The groups of a plan: their order, what each waits for, which machines are in it, and how many restores run at once.

use std::num::NonZeroU16;
use std::rc::Rc;

use yew::prelude::*;

use super::edit;
use crate::app::plans::PlanRecord;
use crate::recovery::plan::{Advance, Group, Machine, Percent, RecoveryPlan};
use crate::restore::effect_sentence::quoted;
use crate::restore::visible::visible_name;
use crate::ui::kit::announced::Announced;
use crate::ui::kit::field::{Field, Kind, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::select::{Choice, Select, select};
use crate::ui::kit::{each, small_button};
use crate::ui::pages::PageContext;
use crate::ui::text;
use crate::ui::translatable::translatable;

/// Half of the group before, as the settings offer it. A file may hold any share.
const HALF: Option<Percent> = Percent::new(50);

/// The section "Order and pace", folded.
pub(super) fn groups(view: &PageContext, record: &Rc<PlanRecord>) -> Html {
    let plan = &record.plan;
    let order: Vec<String> =
        plan.groups.iter().map(|group| format!("{} ({})", visible_name(&group.name), group.machines.len())).collect();
    let add = edit(view, record, RecoveryPlan::add_group);
    let rows = plan.groups.iter().enumerate().map(|(at, group)| group_row(view, record, at, group));
    let number = |id: &'static str,
                  label: &'static str,
                  value: String,
                  hint: &'static str,
                  set: fn(&mut RecoveryPlan, Option<NonZeroU16>)| {
        field(Field {
            id: id.into(),
            label: label.into(),
            kind: Kind::Number,
            value: value.into(),
            on: edit(view, record, move |plan, said| set(plan, said.parse().ok())),
            notes: FieldHints::hint(hint),
            min: Some("1".into()),
            ..Field::default()
        })
    };
    html! {
        <details class="vmr-panel">
            <summary>{ format!("Order and pace: {}", order.join(" → ")) }</summary>
            <div class="vmr-stack">
            { each(rows) }
            <div class="vmr-fields"><ByName plan={record.clone()} on={add} /></div>
            <div class="vmr-fields vmr-narrow">
                { number("plan-per-vault", "At once in one vault", plan.pacing.per_vault.to_string(), "Azure publishes no limit. 10 is careful.",
                    |plan, said| plan.pacing.per_vault = said.unwrap_or(plan.pacing.per_vault)) }
                { number("plan-in-all", "At once in all vaults", plan.pacing.in_all.to_string(), "50 is careful.",
                    |plan, said| plan.pacing.in_all = said.unwrap_or(plan.pacing.in_all)) }
                { number("plan-stop", "Halt after failures", plan.stop_after_failures.map(|n| n.to_string()).unwrap_or_default(), "Leave empty to continue regardless of failures.",
                    |plan, said| plan.stop_after_failures = said) }
            </div>
            </div>
        </details>
    }
}

fn group_row(view: &PageContext, record: &Rc<PlanRecord>, at: usize, group: &Group) -> Html {
    let id = |what: &str| AttrValue::from(format!("group-{at}-{what}"));
    let names = field(Field {
        id: id("name"),
        label: format!("Name of group {}", at + 1).into(),
        value: group.name.clone().into(),
        on: edit(view, record, move |plan, said| plan.groups[at].name = said.to_owned()),
        notes: FieldHints::hint(text::count(group.machines.len(), "VM")),
        ..Field::default()
    });
    let value = match group.advance {
        Advance::WhenRestored => "restored".to_owned(),
        Advance::Manually => "manually".to_owned(),
        Advance::WhenShare(share) => share.get().to_string(),
    };
    let mut choices = vec![
        Choice::new("restored", "When the previous group is restored"),
        Choice::new("manually", "When I start it"),
    ];
    let other = match group.advance {
        Advance::WhenShare(share) => Some(share),
        _ => HALF,
    };
    choices.extend(other.map(|share| {
        Choice::new(share.get().to_string(), format!("When {}% of the previous group is restored", share.get()))
    }));
    let starts = select(Select {
        id: id("starts"),
        label: "Starts".into(),
        choices,
        value: value.into(),
        on: edit(view, record, move |plan, said| {
            plan.groups[at].advance = match said {
                "manually" => Advance::Manually,
                share => share.parse().ok().and_then(Percent::new).map_or(Advance::WhenRestored, Advance::WhenShare),
            };
        }),
        ..Select::default()
    });
    let by_name = edit(view, record, move |plan, said| plan.group_by_names(at, said));
    let earlier = edit(view, record, move |plan, _| plan.groups.swap(at - 1, at));
    let is_empty = group.machines.is_empty() && record.plan.groups.len() > 1;
    let remove = edit(view, record, move |plan, _| drop(plan.groups.remove(at)));
    html! {
        <div key={at} class="vmr-fields" role="group" aria-label={format!("Group {}", at + 1)}>
            { names }
            if at > 0 { { starts } }
            <ByName plan={record.clone()} {at} on={by_name} />
            <div class="vmr-row-actions">
                if at > 0 { { small_button("Move up", format!("Move up group {}", at + 1), earlier.reform(|_: MouseEvent| String::new())) } }
                if is_empty { { small_button("Remove", format!("Remove group {}", at + 1), remove.reform(|_: MouseEvent| String::new())) } }
            </div>
        </div>
    }
}

/// The properties of [`ByName`].
#[derive(PartialEq, Properties)]
struct ByNameProps {
    /// The plan.
    plan: Rc<PlanRecord>,
    /// The index of the group that machines move to; none = to a new one.
    #[prop_or_default]
    at: Option<usize>,
    /// Receives the patterns.
    on: Callback<String>,
}

/// A field for patterns of names, which tells what fits them, and the button that moves that into the group.
#[component]
fn ByName(ByNameProps { plan, at, on }: &ByNameProps) -> Html {
    let typed = use_state(String::new);
    let (set, patterns, on) = (typed.clone(), typed.clone(), on.clone());
    let moved = Callback::from(move |_: MouseEvent| {
        on.emit((*patterns).clone());
        patterns.set(String::new());
    });
    let fitting = plan.plan.outside_by_names(*at, &typed);
    let is_typed = !typed.trim().is_empty();
    let found = is_typed.then(|| told(&fitting, at.is_some()));
    let announced = found.clone().unwrap_or_default();
    let notes = match found {
        Some(none) if fitting.is_empty() => FieldHints { error: Some(none.into()), ..FieldHints::default() },
        Some(found) => FieldHints::hint(found),
        None => FieldHints::hint("* stands for any text, for example dc-*, sql-*"),
    };
    let (id, label, does, name) = match at {
        Some(at) => {
            (format!("group-{at}-pattern"), "Move VMs here by name", "Move", Some(format!("Move to group {}", at + 1)))
        }
        None => ("group-new-pattern".to_owned(), "Name pattern", "Add group", None),
    };
    // Without a pattern, a new group is empty.
    let disabled = fitting.is_empty() && (is_typed || at.is_some());
    translatable(html! {
        <div class="vmr-stack">
            <div>
                { field(Field {
                    id: id.into(),
                    label: label.into(),
                    value: (*typed).clone().into(),
                    on: Callback::from(move |said| set.set(said)),
                    notes,
                    ..Field::default()
                }) }
                <Announced text={announced} />
            </div>
            <div><button type="button" class="vmr-small" aria-label={name} {disabled} onclick={moved}>{ does }</button></div>
        </div>
    })
}

/// How many machines fit, with the names of the first ones.
fn told(fitting: &[&Machine], others_only: bool) -> String {
    const NAMED: usize = 3;
    if fitting.is_empty() {
        return if others_only { "No VM outside this group fits." } else { "No VM fits." }.to_owned();
    }
    let mut names: Vec<String> = fitting.iter().take(NAMED).map(|machine| quoted(&machine.name)).collect();
    let more = fitting.len().saturating_sub(NAMED);
    if more > 0 {
        names.push(format!("{} more", text::thousands(more)));
    }
    format!("{}: {}", text::count(fitting.len(), "VM"), names.join(", "))
}
