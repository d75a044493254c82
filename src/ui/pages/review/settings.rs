//! The settings under review: each value of the request, who has set it, and the way to change it.

use azure_backup::arm::id::ArmId;
use yew::prelude::*;

use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::restore::build::Origin;
use crate::restore::draft::{DiskNetworkAccess, Draft};
use crate::restore::facts::Facts;
use crate::restore::field::Field;
use crate::restore::plan::Plan;
use crate::restore::rules::field_state;
use crate::restore::scenario::Scenario;
use crate::ui::kit::each;
use crate::ui::kit::name::{name, with_names};
use crate::ui::kit::table::{columns, row, small, table};
use crate::ui::pages::points::in_words;
use crate::ui::pages::{PageContext, on_link_click};

/// The section "Settings".
pub fn section(view: &PageContext, facts: &Facts, draft: &Draft, plan: &Plan) -> Html {
    let place = plan.place();
    let edit = |what: &str, href: String, on: Option<Callback<MouseEvent>>| {
        html! { <a {href} onclick={on} aria-label={format!("Edit {what}")}>{ "Edit" }</a> }
    };
    let points = place.item().map(|item| Route::Points(item).hash()).unwrap_or_default();
    // On a phone, the third column stands below the value.
    let setting = |key: &str, name: &'static str, value: Html, by: String, way: Html| {
        let below = html! { <small class="vmr-set-by">{ by.clone() }</small> };
        row(key, html! { name }, vec![html! { <>{ value }{ below }</> }, html! { by }, way])
    };
    let at = in_words(&facts.point, view.state.now);
    let point = setting("point", "Recovery point", at, "You".to_owned(), edit("Recovery point", points, None));
    let fields = Field::ALL.into_iter().filter_map(|field| {
        let mut value = value_of(facts, draft, plan, field)?;
        if field == Field::RehydrationPriority {
            let price = view.state.rehydration_price(&place);
            value =
                html! { <>{ value }{ each(price.map(|price| html! { <small>{ with_names(&price) }</small> })) }</> };
        }
        // A value that follows from others, such as the region, has no field on the form.
        let way = field_state(facts, draft, field).forbidden().is_none().then(|| {
            let show = on_link_click(&view.dispatch, Msg::ShowField(field));
            edit(field.label(), Route::Form(place.clone()).hash(), Some(show))
        });
        let way = way.unwrap_or_default();
        Some(setting(field.id(), field.label(), value, set_by(draft, plan, field), way))
    });
    html! {
        <section class="vmr-panel vmr-settings">
            { table("Settings", Html::default(), &columns(["Setting", "Value", "Set by", "Change"]), false, html! { <>{ point }{ each(fields) }</> }) }
        </section>
    }
}

/// Who has set the value of a field.
fn set_by(draft: &Draft, plan: &Plan, field: Field) -> String {
    if let Some(suggestion) = draft.suggestion(field) {
        return format!("Suggested: {}", suggestion.why.words());
    }
    let property = if field == Field::Region { "region" } else { field.property() };
    let untouched = match field {
        Field::DiskTarget => draft.disk_target == Draft::default().disk_target,
        Field::TargetSubscription => draft.target_subscription.is_none(),
        Field::StagingAccess => draft.staging_access == Draft::default().staging_access,
        _ => false,
    };
    match plan.origins.iter().find(|(name, _)| *name == property).map(|(_, origin)| origin) {
        Some(Origin::Azure(what)) => format!("Azure: {what}"),
        Some(Origin::Rule(what)) => format!("VM Restore: {what}"),
        Some(Origin::Default(what)) => format!("Microsoft default: {what}"),
        _ if untouched => "Default".to_owned(),
        Some(Origin::Chosen(_) | Origin::Suggested(..)) | None => "You".to_owned(),
    }
}

/// The name of a resource, and below it the group that it is in.
fn resource(id: &ArmId) -> Html {
    let group = id.provider().and(id.resource_group());
    html! { <>{ name(id.name()) }{ each(group.map(small_name)) }</> }
}

fn small_name(of: &str) -> Html {
    html! { <small>{ name(of) }</small> }
}

/// The value that the request gives a field; none if the request says nothing about it.
fn value_of(facts: &Facts, draft: &Draft, plan: &Plan, field: Field) -> Option<Html> {
    let request = &plan.request;
    let words = |text: &str| html! { text.to_owned() };
    let yes = |set: Option<bool>| set.filter(|on| *on).map(|_| html! { "Yes" });
    let disks = matches!(plan.scenario, Scenario::RestoreDisks | Scenario::SelectedDisks);
    match field {
        Field::Scenario => Some(words(plan.scenario.title())),
        Field::Disks => request.restore_disk_lun_list.as_ref().map(|luns| {
            let all = std::iter::once("OS disk".to_owned()).chain(luns.iter().map(|lun| format!("LUN {lun}")));
            html! { all.collect::<Vec<_>>().join(", ") }
        }),
        Field::DiskTarget => (disks || request.restore_with_managed_disks.is_some()).then(|| {
            let managed = request.target_resource_group_id.is_some();
            words(match request.restore_with_managed_disks {
                Some(true) => "Managed disks, converted from unmanaged disks",
                _ if managed => "Managed disks",
                _ => "VHD blobs in storage accounts",
            })
        }),
        Field::StagingAccount => request.staging_account().map(resource),
        Field::Region => request.region.as_ref().map(|region| name(region)),
        Field::TargetSubscription => {
            let id = request.target_resource_group_id.as_ref()?.subscription()?;
            let known = facts.lookups.subscriptions.iter().flat_map(|all| all.iter());
            let named = known.clone().find(|s| s.id.as_str().eq_ignore_ascii_case(id)).map(|s| s.name.as_str());
            Some(html! { <>{ name(named.unwrap_or(id)) }{ each(named.map(|_| small(id.to_owned()))) }</> })
        }
        Field::TargetGroup => request.target_resource_group_id.as_ref().map(resource),
        Field::VmName => request.target_virtual_machine_id.as_ref().map(|id| name(id.name())),
        Field::Network => request.virtual_network_id.as_ref().map(resource),
        Field::Subnet => request.subnet_id.as_ref().map(|id| name(id.name())),
        Field::Zone => request.zones.as_ref().map(|zones| words(&zones.join(", ").replace("NoZone", "No zone"))),
        Field::EncryptionSet => request.disk_encryption_set_id.as_ref().map(resource),
        Field::OsEncryptionSet => {
            request.secured_vm_details.as_ref().and_then(|of| of.os_disk_encryption_set_id.as_ref()).map(resource)
        }
        Field::StagingAccess => Some(match &request.identity_info {
            None => words("Storage account key"),
            Some(identity) => match &identity.managed_identity_resource_id {
                Some(id) => resource(id),
                None => words("Vault's system-assigned identity"),
            },
        }),
        Field::DiskNetworkAccess => {
            request.target_disk_network_access_settings.as_ref()?;
            let title = |access| DiskNetworkAccess::ALL.into_iter().find(|(option, _)| *option == access);
            draft.disk_network_access.and_then(title).map(|(_, title)| words(title))
        }
        Field::DiskAccess => {
            let settings = request.target_disk_network_access_settings.as_ref();
            settings.and_then(|of| of.target_disk_access_id.as_ref()).map(resource)
        }
        Field::EdgeZone => request.extended_location.as_ref().map(|zone| name(&zone.name)),
        Field::OriginalAccounts => yes(request.original_storage_account_option),
        Field::RehydrationPriority => {
            request.recovery_point_rehydration_info.as_ref().map(|of| words(of.rehydration_priority.as_str()))
        }
        Field::RehydrationDays => {
            let info = request.recovery_point_rehydration_info.as_ref()?;
            Some(words(info.rehydration_retention_duration.trim_matches(['P', 'D'])))
        }
        Field::Confirm => None,
    }
}
