//! What a text typed or pasted into a combobox stands for: an option, a resource ID, or something that is wrong.

use azure_backup::arm::id::ArmId;
use yew::AttrValue;

use super::rows::finds;
use crate::ui::kit::select::Choice;

/// A type of resource whose ids a field accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceKind(pub &'static str);

/// Resource groups have an id, but no provider in it.
pub const RESOURCE_GROUP: ResourceKind = ResourceKind("Microsoft.Resources/resourceGroups");

/// What operators paste, and what it is called.
const NAMES: [(&str, &str); 16] = [
    (RESOURCE_GROUP.0, "a resource group"),
    ("Microsoft.Compute/diskAccesses", "a disk access resource"),
    ("Microsoft.Compute/diskEncryptionSets", "a disk encryption set"),
    ("Microsoft.Compute/disks", "a disk"),
    ("Microsoft.Compute/galleries", "a compute gallery"),
    ("Microsoft.Compute/snapshots", "a snapshot"),
    ("Microsoft.Compute/virtualMachines", "a virtual machine"),
    ("Microsoft.KeyVault/vaults", "a key vault"),
    ("Microsoft.ManagedIdentity/userAssignedIdentities", "a user-assigned managed identity"),
    ("Microsoft.Network/networkInterfaces", "a network interface"),
    ("Microsoft.Network/networkSecurityGroups", "a network security group"),
    ("Microsoft.Network/publicIPAddresses", "a public IP address"),
    ("Microsoft.Network/virtualNetworks", "a virtual network"),
    ("Microsoft.Network/virtualNetworks/subnets", "a subnet"),
    ("Microsoft.RecoveryServices/vaults", "a Recovery Services vault"),
    ("Microsoft.Storage/storageAccounts", "a storage account"),
];

fn name_of(kind: &str) -> String {
    let known = NAMES.iter().find(|(of, _)| of.eq_ignore_ascii_case(kind));
    known.map_or_else(|| format!("a resource of type {kind}"), |(_, name)| (*name).to_owned())
}

/// What a text stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// No choice: the text is empty.
    Nothing,
    /// This value.
    Value(AttrValue),
    /// Nothing, for this reason.
    Wrong(String),
}

/// Whether the text is meant as an id, not as a search.
pub fn looks_like_id(text: &str) -> bool {
    let text = bare(text);
    text.starts_with('/') || text.contains("://") || text.contains("subscriptions/")
}

/// The text without what is copied along by accident: spaces, line ends, quotation marks.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '`'))
}

/// What `text` stands for among `choices`. Where only one usable option is found, `one_result` takes it.
pub fn entry(text: &str, choices: &[Choice], kind: Option<ResourceKind>, one_result: bool) -> Entry {
    let text = bare(text);
    if text.is_empty() {
        return Entry::Nothing;
    }
    if let Some(kind) = kind.filter(|_| looks_like_id(text)) {
        return match resource_id(text, kind) {
            Ok(id) => choices
                .iter()
                .find(|c| c.value.eq_ignore_ascii_case(id.as_str()))
                .map_or_else(|| Entry::Value(id.as_str().to_owned().into()), chosen),
            Err(wrong) => Entry::Wrong(wrong),
        };
    }
    let named: Vec<&Choice> = choices.iter().filter(|c| is_named(c, text)).collect();
    if let [one] = named[..] {
        return chosen(one);
    }
    let query = text.to_lowercase();
    let found: Vec<&Choice> = choices.iter().filter(|c| c.reason.is_none() && finds(&query, c)).collect();
    match found[..] {
        [one] if one_result => chosen(one),
        [] => Entry::Wrong(format!("Nothing suitable matches “{text}”. {}", advice(kind))),
        _ => Entry::Wrong(format!("“{text}” isn't a full name. {}", advice(kind))),
    }
}

const fn advice(kind: Option<ResourceKind>) -> &'static str {
    if kind.is_some() { "Select one from the list, or paste a resource ID." } else { "Select one from the list." }
}

fn is_named(choice: &Choice, text: &str) -> bool {
    let name = choice.value.rsplit('/').next().unwrap_or_default();
    [name, &choice.label].iter().any(|name| name.eq_ignore_ascii_case(text))
}

fn chosen(choice: &Choice) -> Entry {
    match &choice.reason {
        None => Entry::Value(choice.value.clone()),
        Some(reason) => Entry::Wrong(format!("{} can't be used: {reason}.", choice.label).replace("..", ".")),
    }
}

/// The id in `text`, if it belongs to a resource of this type.
///
/// # Errors
/// What is wrong with the text.
pub fn resource_id(text: &str, kind: ResourceKind) -> Result<ArmId, String> {
    if text.contains("://") {
        return Err(
            "This is a web address. In the Azure portal, open the resource, select JSON View and copy the resource ID."
                .to_owned(),
        );
    }
    let id = ArmId::parse(text).map_err(|why| format!("This isn't a resource ID: {why}."))?;
    if id.subscription().is_none() {
        return Err("A resource ID starts with /subscriptions/ and the subscription's ID.".to_owned());
    }
    let segments = id.as_str().split('/').count() - 1;
    let last = id.name();
    // Below a provider come its namespace and pairs of type and name.
    let bare_provider = id.provider().is_some_and(|provider| id.resource_type() == provider);
    if segments % 2 != 0 || bare_provider {
        return Err(format!("This resource ID is incomplete: a name is missing after “{last}”."));
    }
    let found = match id.provider() {
        Some(_) => name_of(&id.resource_type()),
        None if id.group_id().as_ref() == Some(&id) => name_of(RESOURCE_GROUP.0),
        None => "a subscription".to_owned(),
    };
    let wanted = name_of(kind.0);
    if found == wanted { Ok(id) } else { Err(format!("This is {found}, not {wanted}.")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: ResourceKind = ResourceKind("Microsoft.Storage/storageAccounts");
    const ID: &str = "/subscriptions/s/resourceGroups/g/providers/microsoft.storage/storageaccounts/a";

    fn wrong(text: &str, kind: ResourceKind) -> String {
        match entry(text, &[], Some(kind), true) {
            Entry::Wrong(why) => why,
            taken => panic!("{taken:?}"),
        }
    }

    #[test]
    fn an_id_of_the_right_type_is_accepted_with_what_was_copied_along() {
        let taken = Entry::Value(ID.into());
        assert_eq!(entry(&format!(" \"{ID}\",\n"), &[], Some(ACCOUNT), false), taken);
        let group = "/subscriptions/s/resourceGroups/g";
        assert_eq!(entry(group, &[], Some(RESOURCE_GROUP), false), Entry::Value(group.into()));
        assert_eq!(entry("  ", &[], Some(ACCOUNT), false), Entry::Nothing);
    }

    #[test]
    fn what_is_wrong_with_an_id_is_told() {
        let vm = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web-01";
        assert_eq!(wrong(vm, ACCOUNT), "This is a virtual machine, not a storage account.");
        assert_eq!(
            wrong("/subscriptions/s/resourceGroups/g", ACCOUNT),
            "This is a resource group, not a storage account."
        );
        assert_eq!(wrong("/subscriptions/s", ACCOUNT), "This is a subscription, not a storage account.");
        assert_eq!(wrong(ID, RESOURCE_GROUP), "This is a storage account, not a resource group.");
        let other = "/subscriptions/s/resourceGroups/g/providers/Contoso.Things/boxes/b";
        assert_eq!(wrong(other, ACCOUNT), "This is a resource of type Contoso.Things/boxes, not a storage account.");
        let half = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts";
        assert_eq!(wrong(half, ACCOUNT), "This resource ID is incomplete: a name is missing after “storageAccounts”.");
        assert!(wrong("/subscriptions/s/resourceGroups", ACCOUNT).contains("incomplete"));
        assert!(wrong("https://portal.azure.com/#@t/resource/subscriptions/s", ACCOUNT).contains("web address"));
        assert!(wrong("/providers/Microsoft.Storage", ACCOUNT).contains("starts with /subscriptions/"));
        assert!(wrong("/subscriptions//x", ACCOUNT).starts_with("This isn't a resource ID: "));
        assert!(wrong("subscriptions/s/x", ACCOUNT).starts_with("This isn't a resource ID: "));
    }

    #[test]
    fn a_listed_resource_is_subject_to_its_rules_also_by_id_and_by_name() {
        let bad = Choice { reason: Some("is in another region".into()), ..Choice::named(ID, &["a", "westeurope"]) };
        let refused = Entry::Wrong("a · westeurope can't be used: is in another region.".to_owned());
        assert_eq!(entry(&ID.to_uppercase(), std::slice::from_ref(&bad), Some(ACCOUNT), false), refused);
        assert_eq!(entry("A", &[bad], Some(ACCOUNT), false), refused);
        let good = [Choice::named(ID, &["a", "westeurope"])];
        assert_eq!(entry(&ID.to_uppercase(), &good, Some(ACCOUNT), false), Entry::Value(ID.into()));
    }

    #[test]
    fn a_name_is_taken_and_a_part_of_one_only_by_enter() {
        let all = [Choice::new("one", "contoso-one"), Choice::new("two", "contoso-two")];
        assert_eq!(entry("Contoso-One", &all, None, false), Entry::Value("one".into()));
        assert_eq!(entry("two", &all, None, true), Entry::Value("two".into()));
        assert_eq!(entry("tw", &all, None, true), Entry::Value("two".into()));
        assert!(
            matches!(entry("tw", &all, None, false), Entry::Wrong(why) if why.starts_with("“tw” isn't a full name."))
        );
        assert!(matches!(entry("contoso", &all, None, true), Entry::Wrong(why) if why.contains("full name")));
        assert!(
            matches!(entry("x", &all, Some(ACCOUNT), true), Entry::Wrong(why) if why.ends_with("paste a resource ID."))
        );
    }
}
