//! Choosing a resource by its id, where the list lacks it: a role may allow a resource and not the list that it is in.

use crate::ui::markup::html;
use azure_backup::arm::id::ArmId;
use yew::prelude::*;

use crate::restore::field::Field;
use crate::ui::kit::dom::text_of;

/// The type of the resource that `field` takes; none for fields that take no resource.
const fn kind(field: Field) -> Option<&'static str> {
    Some(match field {
        Field::StagingAccount => "Microsoft.Storage/storageAccounts",
        Field::TargetGroup => "Microsoft.Resources/resourceGroups",
        Field::Network => "Microsoft.Network/virtualNetworks",
        Field::Subnet => "Microsoft.Network/virtualNetworks/subnets",
        Field::EncryptionSet => "Microsoft.Compute/diskEncryptionSets",
        Field::DiskAccess => "Microsoft.Compute/diskAccesses",
        _ => return None,
    })
}

/// The id in `text`, if it is one of the type that `field` takes.
fn id_in(field: Field, text: &str) -> Option<ArmId> {
    let id = ArmId::parse(text.trim()).ok()?;
    let fits = match field {
        Field::TargetGroup => id.group_id().as_ref() == Some(&id),
        _ => id.resource_type().eq_ignore_ascii_case(kind(field)?),
    };
    fits.then_some(id)
}

/// The text field for `field`, or nothing where it takes no resource or cannot be used.
pub fn by_id(field: Field, on: &Callback<String>, disabled: bool) -> Html {
    let Some(kind) = kind(field).filter(|_| !disabled) else { return Html::default() };
    let id = format!("{}-by-id", field.id());
    let hint = format!("{id}-hint");
    let on = on.clone();
    let onchange = Callback::from(move |e: Event| {
        if let Some(id) = id_in(field, &text_of(&e)) {
            on.emit(id.as_str().to_owned());
        }
    });
    html! {
        <details class="vmr-more">
            <summary>{ "Not in the list?" }</summary>
            <label for={id.clone()}>{ format!("{} by resource id", field.label()) }</label>
            <input type="text" {id} {onchange} pattern="/subscriptions/.+" autocomplete="off" spellcheck="false" aria-describedby={hint.clone()} />
            <p class="vmr-hint" id={hint}>{ format!("An id of the type {kind}, beginning with /subscriptions/. Nothing else is taken.") }</p>
        </details>
    }
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
