//! How much is known of a list. What has not come, or could not be had, must not look like a list that is empty.

use super::catalog::{Catalog, Entry};
use super::key::Key;
use super::state::State;
use crate::restore::draft::Draft;
use crate::restore::facts::Facts;
use crate::restore::field::Field;

/// How much is known of a list that is made of one answer or of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListStatus {
    /// Some of it is on its way; what has come is shown.
    #[default]
    Loading,
    /// Nothing of it could be had.
    Failed,
    /// Some of it could not be had.
    Partial,
    /// All of it is there: a list without entries is empty.
    Complete,
}

impl ListStatus {
    /// What is known of the list that `parts` make, which are told apart only by the answers of `first`: the vaults, before the machines of each.
    pub fn of(catalog: &Catalog, first: &[Key], parts: &[Key]) -> Self {
        let (mut some, mut failed) = (false, false);
        for (key, is_part) in first.iter().map(|key| (key, false)).chain(parts.iter().map(|key| (key, true))) {
            let entry = catalog.entry(key);
            let value = entry.is_some_and(|entry| entry.value.is_some());
            match entry {
                // What has not been asked for is about to be.
                None => return Self::Loading,
                Some(entry) if entry.is_loading() => return Self::Loading,
                Some(entry) if entry.fault.is_some() => failed = true,
                Some(Entry { value: None, .. }) => return Self::Loading,
                Some(_) => {}
            }
            if !is_part && !value {
                return Self::Failed;
            }
            some |= is_part && value;
        }
        match (failed, some) {
            (false, _) => Self::Complete,
            (true, true) => Self::Partial,
            (true, false) => Self::Failed,
        }
    }

    /// Two lists that are shown as one.
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Loading, _) | (_, Self::Loading) => Self::Loading,
            (Self::Complete, Self::Complete) => Self::Complete,
            (Self::Failed, Self::Failed) => Self::Failed,
            _ => Self::Partial,
        }
    }

    /// How many entries there are, as far as that is known.
    pub fn count(self, entries: String) -> String {
        match self {
            Self::Loading => format!("{entries} so far"),
            Self::Failed => "Unknown".to_owned(),
            Self::Partial => format!("{entries}, may be incomplete"),
            Self::Complete => entries,
        }
    }
}

impl State {
    /// What is known of the list that a field's choices come from.
    pub fn choices_status(&self, facts: &Facts, draft: &Draft, field: Field) -> ListStatus {
        let (own, target) = (facts.vault_subscription(), facts.target_subscription(draft));
        let key = match field {
            // Made of the lists of several subscriptions.
            Field::StagingAccount => {
                let keys: Vec<Key> = facts.account_subscriptions(draft).into_iter().map(Key::Accounts).collect();
                return if keys.is_empty() { ListStatus::Loading } else { ListStatus::of(&self.catalog, &[], &keys) };
            }
            // They are asked for only where the vault has one.
            Field::StagingAccess if !facts.has_user_identities() => return ListStatus::Complete,
            Field::StagingAccess => own.map(Key::Identities),
            Field::TargetSubscription => Some(Key::Subscriptions),
            Field::TargetGroup => target.map(Key::Groups),
            Field::Network | Field::Subnet => target.map(Key::Networks),
            Field::EncryptionSet | Field::OsEncryptionSet => target.map(Key::EncryptionSets),
            Field::DiskAccess => target.map(Key::DiskAccesses),
            // Their choices are the program's own.
            _ => return ListStatus::Complete,
        };
        key.map_or(ListStatus::Loading, |key| ListStatus::of(&self.catalog, &[], &[key]))
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use azure_backup::arm::fault::Fault;
    use azure_backup::arm::id::SubscriptionId;
    use time::OffsetDateTime;

    use super::*;
    use crate::app::catalog::PendingRead;
    use crate::app::effect::CallId;
    use crate::app::key::Answer;

    #[test]
    fn a_list_is_empty_only_where_all_of_it_was_read() {
        let key =
            |n: u8| Key::Groups(SubscriptionId::parse(&format!("5f1c0d3a-91b2-4e6f-8a77-0c0ffee0000{n}")).unwrap());
        let now = OffsetDateTime::UNIX_EPOCH;
        let mut catalog = Catalog::default();
        let (read, failed, stale, reading, retried) = (key(1), key(2), key(3), key(4), key(5));
        let fault = || Some(Rc::new(Fault::network("GET", "Failed to fetch")));
        for key in [&read, &stale] {
            catalog.entry_mut(key).value = Some(Answer::Groups([].into()));
        }
        for key in [&failed, &stale, &retried] {
            catalog.entry_mut(key).fault = fault();
        }
        catalog.entry_mut(&retried).retry_at = Some(now);
        catalog.entry_mut(&reading).reading = Some(PendingRead::new(CallId(1), now, 0));
        let of = |first: &[&Key], parts: &[&Key]| {
            let own = |keys: &[&Key]| keys.iter().map(|key| (*key).clone()).collect::<Vec<_>>();
            ListStatus::of(&catalog, &own(first), &own(parts))
        };
        for (first, parts, known) in [
            (&[][..], &[&read][..], ListStatus::Complete),
            (&[&read], &[], ListStatus::Complete),
            (&[&read], &[&read, &read], ListStatus::Complete),
            (&[], &[&failed], ListStatus::Failed),
            (&[&read], &[&failed], ListStatus::Failed),
            (&[&failed], &[], ListStatus::Failed),
            (&[&failed], &[&read], ListStatus::Failed),
            (&[], &[&read, &failed], ListStatus::Partial),
            (&[], &[&stale], ListStatus::Partial),
            (&[], &[&reading], ListStatus::Loading),
            (&[], &[&read, &reading, &failed], ListStatus::Loading),
            (&[], &[&retried], ListStatus::Loading),
            (&[], &[&key(9)], ListStatus::Loading),
        ] {
            assert_eq!(of(first, parts), known, "{first:?} {parts:?}");
        }
        assert_eq!(ListStatus::Complete.and(ListStatus::Failed), ListStatus::Partial);
        assert_eq!(ListStatus::Failed.and(ListStatus::Loading), ListStatus::Loading);
        assert_eq!(
            [ListStatus::Complete, ListStatus::Partial, ListStatus::Failed].map(|k| k.count("3".to_owned())),
            ["3", "3, may be incomplete", "Unknown"]
        );
    }
}
