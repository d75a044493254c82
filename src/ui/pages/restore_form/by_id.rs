//! Choosing a resource by its id if the list does not show it, because a role may allow to read a resource but not to list it.

use yew::prelude::*;

use crate::restore::field::Field;
use crate::ui::kit::manual_entry::{ManualEntry, RESOURCE_GROUP, resource_id};

/// The resource type that `field` takes; `None` for other fields.
const fn kind(field: Field) -> Option<&'static str> {
    Some(match field {
        Field::StagingAccount => "Microsoft.Storage/storageAccounts",
        Field::TargetGroup => RESOURCE_GROUP,
        Field::Network => "Microsoft.Network/virtualNetworks",
        Field::Subnet => "Microsoft.Network/virtualNetworks/subnets",
        Field::EncryptionSet | Field::OsEncryptionSet => "Microsoft.Compute/diskEncryptionSets",
        Field::DiskAccess => "Microsoft.Compute/diskAccesses",
        _ => return None,
    })
}

/// The text field for `field`, or nothing if it takes no resource or is disabled.
pub fn by_id(field: Field, on: &Callback<String>, disabled: bool) -> Html {
    let Some(kind) = kind(field).filter(|_| !disabled) else { return Html::default() };
    let on = on.clone();
    let taken = Callback::from(move |text: String| {
        match resource_id(&text, kind, &format!("a {}", field.label().to_lowercase())) {
            Ok(id) => on.emit(id.as_str().to_owned()),
            Err(wrong) => return Some(wrong),
        }
        None
    });
    let hint = format!("A resource ID of type {kind}, starting with /subscriptions/.");
    let (id, label) = (format!("{}-by-id", field.id()), format!("{} by resource ID", field.label()));
    html! { <ManualEntry {id} {label} {hint} on={taken} /> }
}
