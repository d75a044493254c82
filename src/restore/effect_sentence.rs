//! What a restore will do, in one sentence. It is derived from the request body and not from the form or from
//! labels of lists, so that it cannot promise what the request does not say.

use azure_backup::arm::id::{ArmId, Region};
use azure_backup::backup::restore_request::{IaasVmRestoreRequest, RecoveryType};

use super::visible::visible_name;

/// Quotes `name` for a sentence: between backticks. A backtick in the name is doubled, so that [`parts`]
/// can recover the name.
pub fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A piece of a sentence: text or a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentencePart {
    /// Words.
    Words(String),
    /// A name, before it was [`quoted`].
    Name(String),
}

/// Splits a sentence whose names are [`quoted`] into its pieces. An unclosed backtick is plain text: no
/// character is lost.
pub fn parts(sentence: &str) -> Vec<SentencePart> {
    let mut parts = Vec::new();
    let mut rest = sentence;
    while let Some((words, after)) = rest.split_once('`') {
        let Some((name, beyond)) = name(after) else { break };
        if !words.is_empty() {
            parts.push(SentencePart::Words(words.to_owned()));
        }
        parts.push(SentencePart::Name(name));
        rest = beyond;
    }
    if !rest.is_empty() {
        parts.push(SentencePart::Words(rest.to_owned()));
    }
    parts
}

/// The sentence as plain text, for places that cannot hold elements: names without backticks, and invisible characters in them
/// made visible.
pub fn plain(sentence: &str) -> String {
    let text = |part| match part {
        SentencePart::Words(words) => words,
        SentencePart::Name(name) => visible_name(&name).into_owned(),
    };
    parts(sentence).into_iter().map(text).collect()
}

/// The name at the start of `text`, up to the closing backtick, and the rest.
fn name(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('`')?;
        name += before;
        match after.strip_prefix('`') {
            Some(beyond) => {
                name.push('`');
                rest = beyond;
            }
            None => return Some((name, after)),
        }
    }
}

/// The name of the virtual machine that `request` is about: the last segment of its `sourceResourceId`.
pub fn machine(request: &IaasVmRestoreRequest) -> Option<&str> {
    request.source_resource_id.as_ref().map(ArmId::name)
}

/// Whether the VHD blobs go to the storage accounts that the disks came from.
fn to_original_accounts(request: &IaasVmRestoreRequest) -> bool {
    request.original_storage_account_option == Some(true)
}

/// The target resource group, with its subscription if that is not the source's.
fn target_group(request: &IaasVmRestoreRequest) -> Option<String> {
    let group = request.target_resource_group_id.as_ref()?;
    let own = request.source_resource_id.as_ref().and_then(ArmId::subscription);
    Some(match (group.subscription(), own) {
        (Some(target), Some(own)) if !target.eq_ignore_ascii_case(own) => {
            format!("{} in subscription {}", quoted(group.name()), quoted(target))
        }
        _ => quoted(group.name()),
    })
}

/// The sentence for `request`; `secondary` is the secondary region of a cross-region restore.
///
/// It mentions every property that changes where data goes; a test checks all of them.
pub fn effect_sentence(request: &IaasVmRestoreRequest, secondary: Option<&Region>) -> String {
    effect_so_far(request, secondary, false)
}

/// The sentence for a request that may be incomplete. `into_group` is whether managed disks are chosen: then a missing resource
/// group means that none has been chosen yet, and not that the result is VHD blobs.
pub fn effect_so_far(request: &IaasVmRestoreRequest, secondary: Option<&Region>, into_group: bool) -> String {
    // A request without a source is incomplete: a rule forbids it.
    let source = machine(request).map_or_else(|| "an unknown VM".to_owned(), quoted);
    let name = |id: Option<&ArmId>| id.map(|i| quoted(i.name()));
    let account = name(request.staging_account());
    let mut sentence = match &request.recovery_type {
        RecoveryType::OriginalLocation => {
            format!(
                "Replaces the disks of {source} with the disks from the recovery point. The current disks are detached and kept."
            )
        }
        RecoveryType::AlternateLocation => {
            let vm = name(request.target_virtual_machine_id.as_ref());
            let vm = vm.map_or_else(|| "a new VM".to_owned(), |vm| format!("the VM {vm}"));
            let mut text = format!("Creates {vm}");
            if let Some(group) = target_group(request) {
                text += &format!(" in {group}");
            }
            if let Some(network) = name(request.virtual_network_id.as_ref()) {
                text += &format!(" on the network {network}");
            }
            if let Some(subnet) = name(request.subnet_id.as_ref()) {
                text += &format!(", subnet {subnet},");
            }
            text + &format!(" and leaves {source} untouched.")
        }
        RecoveryType::RestoreDisks => {
            let what = match request.restore_disk_lun_list.as_deref() {
                None => "all disks".to_owned(),
                Some([]) => "the OS disk only".to_owned(),
                Some([lun]) => format!("the OS disk and the data disk with LUN {lun}"),
                Some(luns) => {
                    let list: Vec<String> = luns.iter().map(ToString::to_string).collect();
                    format!("the OS disk and the data disks with LUN {}", list.join(", "))
                }
            };
            let converted = if request.restore_with_managed_disks == Some(true) { "converted to" } else { "as" };
            let place = match (target_group(request), &account) {
                (Some(group), _) => format!("{converted} managed disks in {group}"),
                (None, _) if into_group => {
                    format!("{converted} managed disks in a resource group that isn't selected yet")
                }
                (None, _) if to_original_accounts(request) => {
                    "as VHD blobs in their original storage accounts".to_owned()
                }
                (None, Some(account)) => format!("as VHD blobs in the storage account {account}"),
                (None, None) => "as VHD blobs in the staging storage account".to_owned(),
            };
            format!("Restores {what} of {source} {place} and leaves {source} untouched.")
        }
        other => format!("Starts a restore of type {other}."),
    };
    if to_original_accounts(request) {
        let receiver = account.unwrap_or_else(|| "The staging storage account".to_owned());
        sentence += &format!(" {receiver} receives the configuration.");
    } else if let Some(account) = account {
        sentence += &format!(" The staging account is {account}.");
    }
    match request.zones.as_deref() {
        None | Some([]) => {}
        Some([zone]) if zone == "NoZone" => sentence += " No availability zone is used.",
        Some(zones) => {
            let zones: Vec<String> = zones.iter().map(|zone| quoted(zone)).collect();
            sentence += &format!(" The availability zone is {}.", zones.join(", "));
        }
    }
    if let Some(zone) = &request.extended_location {
        sentence += &format!(" The edge zone is {}.", quoted(&zone.name));
    }
    match (secondary, &request.region) {
        (Some(region), _) => {
            sentence += &format!(" All resources are created in {} (secondary region).", quoted(region.as_str()));
        }
        (None, Some(region)) => sentence += &format!(" The region is {}.", quoted(region)),
        (None, None) => {}
    }
    if let Some(info) = &request.recovery_point_rehydration_info {
        sentence +=
            &format!(" The archived recovery point is rehydrated first ({} priority).", info.rehydration_priority);
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_plain_text_a_sentence_hides_nothing() {
        let odd = format!("Creates {}.", quoted("we`b\u{202e}-02 "));
        assert_eq!(plain(&odd), "Creates we`b⟨U+202E⟩-02⟨U+0020⟩.");
    }

    #[test]
    fn a_backtick_that_nothing_closes_is_kept() {
        assert_eq!(parts("a `b"), [SentencePart::Words("a `b".to_owned())]);
        assert_eq!(parts("`a``"), [SentencePart::Words("`a``".to_owned())]);
    }

    proptest! {
        /// For any name, the sentence returns the same name and the same words around it.
        #[test]
        fn no_character_of_a_name_is_lost(before in "[a-z .]{1,6}", name in "[a`\u{202e} ]{0,8}", after in "[a-z .]{1,6}") {
            let sentence = format!("{before}{}{after}", quoted(&name));
            prop_assert_eq!(parts(&sentence), vec![SentencePart::Words(before), SentencePart::Name(name), SentencePart::Words(after)]);
        }

        /// For any sentence, the pieces contain every character except backticks.
        #[test]
        fn no_character_of_a_sentence_is_lost(sentence in "[a`b]{0,12}") {
            let pieces: String = parts(&sentence).into_iter().map(|part| match part { SentencePart::Words(text) | SentencePart::Name(text) => text }).collect();
            let letters = |text: &str| text.chars().filter(|c| *c != '`').collect::<String>();
            prop_assert_eq!(letters(&pieces), letters(&sentence));
        }
    }
}
