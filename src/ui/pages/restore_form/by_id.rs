//! Choosing a resource by its id if the list does not show it, because a role may allow to read a resource but not to list it.

use azure_backup::arm::id::ArmId;
use yew::prelude::*;

use crate::restore::field::Field;
use crate::ui::kit::manual_entry::manual_entry;

/// The resource type that `field` takes; `None` for other fields.
const fn kind(field: Field) -> Option<&'static str> {
    Some(match field {
        Field::StagingAccount => "Microsoft.Storage/storageAccounts",
        Field::TargetGroup => "Microsoft.Resources/resourceGroups",
        Field::Network => "Microsoft.Network/virtualNetworks",
        Field::Subnet => "Microsoft.Network/virtualNetworks/subnets",
        Field::EncryptionSet | Field::OsEncryptionSet => "Microsoft.Compute/diskEncryptionSets",
        Field::DiskAccess => "Microsoft.Compute/diskAccesses",
        _ => return None,
    })
}

/// The id in `text`, if it has the type that `field` takes.
fn id_in(field: Field, text: &str) -> Option<ArmId> {
    let id = ArmId::parse(text.trim()).ok()?;
    let fits = match field {
        Field::TargetGroup => id.group_id().as_ref() == Some(&id),
        _ => id.resource_type().eq_ignore_ascii_case(kind(field)?),
    };
    fits.then_some(id)
}

/// The text field for `field`, or nothing if it takes no resource or is disabled.
pub fn by_id(field: Field, on: &Callback<String>, disabled: bool) -> Html {
    let Some(kind) = kind(field).filter(|_| !disabled) else { return Html::default() };
    let on = on.clone();
    let taken = Callback::from(move |text: String| {
        if let Some(id) = id_in(field, &text) {
            on.emit(id.as_str().to_owned());
        }
    });
    let hint = format!("A resource ID of type {kind}, starting with /subscriptions/.");
    let (id, label) = (format!("{}-by-id", field.id()), format!("{} by resource ID", field.label()));
    manual_entry(id, label, hint, "/subscriptions/.+", &taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_the_right_type_are_taken() {
        let account = "/subscriptions/s/resourceGroups/g/providers/microsoft.storage/storageaccounts/a";
        assert!(id_in(Field::StagingAccount, &format!(" {account} ")).is_some());
        assert!(id_in(Field::Network, account).is_none());
        assert!(id_in(Field::TargetGroup, account).is_none());
        assert!(id_in(Field::TargetGroup, "/subscriptions/s/resourceGroups/g").is_some());
        assert!(id_in(Field::StagingAccount, "account").is_none());
    }
}
