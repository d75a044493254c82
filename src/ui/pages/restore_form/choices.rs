//! What the selects of the form offer: all resources, the unsuitable ones last with the rule that they break.

use std::rc::Rc;

use azure_backup::arm::id::{ArmId, Region};
use azure_backup::backup::lookups::Subscription;
use yew::AttrValue;

use crate::restore::draft::{DiskNetworkAccess, Draft, RegionChoice, RehydrationPriority, StagingAccess, ZoneChoice};
use crate::restore::effect_sentence::plain;
use crate::restore::facts::Facts;
use crate::restore::field::Field;
use crate::restore::rules::{self, Reason};
use crate::restore::visible::isolated;
use crate::ui::kit::combobox::entry::{RESOURCE_GROUP, ResourceKind};
use crate::ui::kit::select::Choice;
use crate::ui::pages::vault_select::subscription_choice;

/// The values of choices that are not resources.
pub mod value {
    /// `ZoneChoice::NoZone`.
    pub const NO_ZONE: &str = "NoZone";
    /// `StagingAccess::Key`.
    pub const KEY: &str = "key";
    /// `StagingAccess::SystemAssigned`.
    pub const SYSTEM: &str = "system-assigned";
    /// `RegionChoice::Vault`.
    pub const OF_VAULT: &str = "vault";
    /// `RegionChoice::Source`.
    pub const OF_SOURCE: &str = "source";
}

/// What a select offers.
pub struct Offer {
    /// The choices.
    pub choices: Vec<Choice>,
    /// The chosen value, or empty.
    pub value: AttrValue,
    /// The option for no choice. Without it there is always a choice.
    pub none: Option<&'static str>,
    /// Whether Azure's answer was read.
    pub read: bool,
}

fn offer<T>(list: Option<&[T]>, value: String, none: Option<&'static str>, choice: impl Fn(&T) -> Choice) -> Offer {
    sorted(&mut list.unwrap_or_default().iter().map(choice), value, none, list.is_some())
}

fn sorted(choices: &mut dyn Iterator<Item = Choice>, value: String, none: Option<&'static str>, read: bool) -> Offer {
    let mut choices: Vec<Choice> = choices.collect();
    suitable_first(&mut choices);
    Offer { choices, value: value.into(), none, read }
}

fn suitable_first(choices: &mut [Choice]) {
    choices.sort_by_cached_key(|choice| (choice.reason.is_some(), choice.label.to_ascii_lowercase()));
}

fn id_of(id: Option<&ArmId>) -> String {
    id.map(|id| id.as_str().to_owned()).unwrap_or_default()
}

/// The sentences of the reasons that stop the restore, or of the others.
fn sentences(reasons: &[Reason], blocks: bool) -> Option<AttrValue> {
    let all: Vec<String> = reasons.iter().filter(|r| r.blocks() == blocks).map(|r| plain(&r.sentence)).collect();
    (!all.is_empty()).then(|| all.join("; ").into())
}

fn resource(facts: &Facts, id: &ArmId, parts: &[&str], reasons: &[Reason]) -> Choice {
    let named = |s: &&Rc<Subscription>| id.subscription().is_some_and(|of| of.eq_ignore_ascii_case(s.id.as_str()));
    let subscription = facts.lookups.subscriptions.iter().flat_map(|all| all.iter()).find(named);
    let place = [id.resource_group(), subscription.map(|s| s.name.as_str())];
    let place: Vec<String> = place.into_iter().flatten().map(isolated).collect();
    Choice {
        reason: sentences(reasons, true),
        warning: sentences(reasons, false),
        also: place.join(" · ").into(),
        ..Choice::named(id.as_str().to_owned(), parts)
    }
}

/// The type of resource whose id the field takes, if it takes one.
pub const fn kind_of(field: Field) -> Option<ResourceKind> {
    Some(match field {
        Field::StagingAccount => ResourceKind("Microsoft.Storage/storageAccounts"),
        Field::TargetGroup => RESOURCE_GROUP,
        Field::Network => ResourceKind("Microsoft.Network/virtualNetworks"),
        Field::Subnet => ResourceKind("Microsoft.Network/virtualNetworks/subnets"),
        Field::EncryptionSet | Field::OsEncryptionSet => ResourceKind("Microsoft.Compute/diskEncryptionSets"),
        Field::DiskAccess => ResourceKind("Microsoft.Compute/diskAccesses"),
        _ => return None,
    })
}

/// What the picker of `field` offers; `None` for fields without one.
pub fn offer_of(facts: &Facts, draft: &Draft, field: Field) -> Option<Offer> {
    let mut offer = listed(facts, draft, field)?;
    if let Some(suggestion) = draft.suggestion(field)
        && let Some(choice) = offer.choices.iter_mut().find(|c| c.value.eq_ignore_ascii_case(&offer.value))
    {
        choice.suggested = Some(suggestion.why.words().into());
    }
    Some(offer)
}

fn listed(facts: &Facts, draft: &Draft, field: Field) -> Option<Offer> {
    let look = &facts.lookups;
    let group = |id: &ArmId| id.resource_group().unwrap_or_default().to_owned();
    Some(match field {
        Field::StagingAccount => offer(
            look.storage_accounts.as_deref(),
            id_of(draft.staging_account.as_ref()),
            Some("Choose a storage account"),
            |a| {
                resource(
                    facts,
                    &a.id,
                    &[&a.name, a.location.as_str(), &a.sku],
                    &rules::account_reasons(facts, draft, a),
                )
            },
        ),
        Field::TargetSubscription => {
            let target = facts.target_subscription(draft).map(|s| s.as_str().to_owned()).unwrap_or_default();
            offer(look.subscriptions.as_deref(), target, None, |s| {
                let reasons = rules::subscription_reasons(facts, draft, s);
                Choice {
                    reason: sentences(&reasons, true),
                    warning: sentences(&reasons, false),
                    ..subscription_choice(s)
                }
            })
        }
        Field::TargetGroup => {
            offer(look.groups.as_deref(), id_of(draft.target_group.as_ref()), Some("Choose a resource group"), |g| {
                resource(facts, &g.id, &[&g.name, g.location.as_str()], &rules::group_reasons(facts, draft, g))
            })
        }
        Field::Network => {
            offer(look.networks.as_deref(), id_of(draft.network.as_ref()), Some("Choose a virtual network"), |n| {
                let parts = [n.name.as_str(), &group(&n.id), n.location.as_str()];
                resource(facts, &n.id, &parts, &rules::network_reasons(facts, draft, n))
            })
        }
        Field::Subnet => {
            let network =
                look.networks.iter().flat_map(|all| all.iter()).find(|n| Some(&n.id) == draft.network.as_ref());
            let subnets = network.map(|n| n.subnets.as_slice()).or(look.networks.is_some().then_some(&[]));
            offer(subnets, id_of(draft.subnet.as_ref()), Some("Choose a subnet"), |s| {
                let parts = [s.name.as_str(), s.prefix.as_deref().unwrap_or_default()];
                resource(facts, &s.id, &parts, &rules::subnet_reasons(facts, draft, s))
            })
        }
        Field::EncryptionSet => offer(
            look.encryption_sets.as_deref(),
            id_of(draft.encryption_set.as_ref()),
            Some("Keep current encryption"),
            |e| {
                let parts = [e.name.as_str(), &group(&e.id), e.location.as_str()];
                resource(facts, &e.id, &parts, &rules::encryption_set_reasons(facts, draft, e))
            },
        ),
        Field::OsEncryptionSet => {
            let none = Some("Same as the original VM");
            offer(look.encryption_sets.as_deref(), id_of(draft.os_encryption_set.as_ref()), none, |e| {
                let parts = [e.name.as_str(), &group(&e.id), e.location.as_str()];
                resource(facts, &e.id, &parts, &rules::os_encryption_set_reasons(facts, draft, e))
            })
        }
        Field::Region => region(facts, draft),
        Field::DiskAccess => offer(
            look.disk_accesses.as_deref(),
            id_of(draft.disk_access.as_ref()),
            Some("Choose a disk access resource"),
            |d| {
                let parts = [d.name.as_str(), &group(&d.id), d.location.as_str()];
                resource(facts, &d.id, &parts, &rules::disk_access_reasons(facts, draft, d))
            },
        ),
        Field::StagingAccess => staging_access(facts, draft),
        Field::Zone => fixed(
            match &draft.zone {
                ZoneChoice::Unset => "",
                ZoneChoice::NoZone => value::NO_ZONE,
                ZoneChoice::Zone(zone) => zone,
            },
            Some("No preference"),
            &[(value::NO_ZONE, "No zone"), ("1", "1"), ("2", "2"), ("3", "3")],
        ),
        Field::DiskNetworkAccess => fixed(
            network_value(draft.disk_network_access),
            Some("Choose the network access"),
            &DiskNetworkAccess::ALL.map(|(_, title)| (title, title)),
        ),
        Field::RehydrationPriority => fixed(
            priority_value(draft.rehydration.priority),
            Some("Choose a priority"),
            &[("Standard", "Standard"), ("High", "High")],
        ),
        _ => return None,
    })
}

/// The two possible target regions if the source is not in the region of its vault.
fn region(facts: &Facts, draft: &Draft) -> Offer {
    let value = region_value(draft.region);
    let choice = |value: &'static str, region: &Region, whose: &str| {
        Choice::new(value, format!("{} ({whose})", isolated(region.as_str())))
    };
    let of_vault = choice(value::OF_VAULT, &facts.vault.location, "vault's region");
    let of_source = facts.source_region_outside_vault().map(|r| choice(value::OF_SOURCE, r, "VM's region"));
    let choices = [of_vault].into_iter().chain(of_source).collect();
    Offer { choices, value: value.into(), none: Some("Choose the region"), read: true }
}

fn staging_access(facts: &Facts, draft: &Draft) -> Offer {
    let identities = facts.lookups.identities.as_deref();
    let value = access_value(&draft.staging_access);
    let listed = offer(identities, value.to_owned(), None, |i| {
        resource(facts, &i.id, &[&i.name, &group_of(&i.id)], &rules::identity_reasons(facts, draft, i))
    });
    let has_own = facts.vault.identity.as_ref().is_some_and(azure_backup::backup::vault::Identity::has_system_assigned);
    let own = Choice {
        reason: (!has_own).then(|| AttrValue::from("the vault has no system-assigned identity")),
        ..Choice::new(value::SYSTEM, "Vault's system-assigned identity")
    };
    let choices = [Choice::new(value::KEY, "Storage account key"), own].into_iter().chain(listed.choices);
    Offer { choices: choices.collect(), value: listed.value, none: listed.none, read: listed.read }
}

fn group_of(id: &ArmId) -> String {
    id.resource_group().unwrap_or_default().to_owned()
}

fn fixed(value: &str, none: Option<&'static str>, all: &[(&'static str, &'static str)]) -> Offer {
    let choices = all.iter().map(|(value, label)| Choice::new(*value, *label)).collect();
    Offer { choices, value: AttrValue::from(value.to_owned()), none, read: true }
}

/// The value of a region in its select.
pub const fn region_value(region: Option<RegionChoice>) -> &'static str {
    match region {
        None => "",
        Some(RegionChoice::Vault) => value::OF_VAULT,
        Some(RegionChoice::Source) => value::OF_SOURCE,
    }
}

/// The value of a staging access in its select.
pub fn access_value(access: &StagingAccess) -> &str {
    match access {
        StagingAccess::Key => value::KEY,
        StagingAccess::SystemAssigned => value::SYSTEM,
        StagingAccess::UserAssigned(id) => id.as_str(),
    }
}

/// The value of a network access in its select.
pub fn network_value(access: Option<DiskNetworkAccess>) -> &'static str {
    DiskNetworkAccess::ALL.iter().find(|(option, ..)| Some(*option) == access).map_or("", |(_, title)| title)
}

/// The value of a priority in its select.
pub const fn priority_value(priority: Option<RehydrationPriority>) -> &'static str {
    match priority {
        None => "",
        Some(RehydrationPriority::Standard) => "Standard",
        Some(RehydrationPriority::High) => "High",
    }
}
