//! Manual entry of a resource that a list does not show, because a role may allow to read a resource but not to list it.

use azure_backup::arm::id::ArmId;
use yew::prelude::*;

use super::dom::text_of;
use super::field_hints::FieldHints;
use crate::ui::translatable::translatable;

/// The properties of [`ManualEntry`].
#[derive(PartialEq, Properties)]
pub struct ManualEntryProps {
    /// Id of the control.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// What to enter.
    pub hint: AttrValue,
    /// Receives the text when the field loses the focus or Enter is pressed, and returns what is wrong with it.
    pub on: Callback<String, Option<String>>,
}

/// A text field in a closed `<details>`.
#[component]
pub fn ManualEntry(ManualEntryProps { id, label, hint, on }: &ManualEntryProps) -> Html {
    let wrong = use_state(|| None::<String>);
    let notes = FieldHints { error: (*wrong).clone().map(Into::into), ..FieldHints::hint(hint.clone()) };
    let onchange = on.reform(|e: Event| text_of(&e).trim().to_owned());
    let onchange = Callback::from(move |e: Event| wrong.set(onchange.emit(e)));
    translatable(html! {
        <details class="vmr-more">
            <summary>{ "Not listed? Enter it manually" }</summary>
            <label for={id.clone()}>{ label }</label>
            <input type="text" id={id.clone()} {onchange} autocomplete="off" spellcheck="false"
                aria-describedby={notes.ids(id)} aria-invalid={notes.invalid()} />
            <div role="status">{ notes.below(id) }</div>
        </details>
    })
}

/// The type of a resource group.
pub const RESOURCE_GROUP: &str = "Microsoft.Resources/resourceGroups";

/// The id in `text`, if it is one of a resource of this type, which is called `name`.
///
/// # Errors
/// What is wrong with the text.
pub fn resource_id(text: &str, kind: &str, name: &str) -> Result<ArmId, String> {
    let id = ArmId::parse(text).map_err(|why| format!("This isn't a resource ID: {why}."))?;
    // The id of a group names no provider.
    let is_group = id.group_id().as_ref() == Some(&id);
    let found = if is_group { RESOURCE_GROUP.to_owned() } else { id.resource_type() };
    match found.eq_ignore_ascii_case(kind) {
        true => Ok(id),
        false if found.is_empty() => Err(format!("This isn't the ID of {name}: it names no resource type.")),
        false => Err(format!("This isn't the ID of {name}, but of a resource of type {found}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_id_is_told_what_is_wrong_with_it() {
        let of = |text: &str| resource_id(text, "Microsoft.RecoveryServices/vaults", "a Recovery Services vault");
        let machine = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m";
        let vault = "/subscriptions/s/resourceGroups/g/providers/microsoft.recoveryservices/VAULTS/v";
        assert_eq!(of(vault).map(|id| id.name().to_owned()), Ok("v".to_owned()));
        for (text, says) in [
            (machine, "but of a resource of type Microsoft.Compute/virtualMachines"),
            ("/subscriptions/s", "names no resource type"),
            ("vault", "This isn't a resource ID: "),
            ("", "This isn't a resource ID: "),
        ] {
            assert!(of(text).is_err_and(|why| why.contains(says)), "{text}");
        }
        let group = |text: &str| resource_id(text, RESOURCE_GROUP, "a resource group").is_ok();
        assert!(group("/subscriptions/s/resourceGroups/g") && !group(machine));
    }
}
