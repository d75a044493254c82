//! The conditions of file recovery, one row each, with its source.

use azure_backup::backup::item::{ItemKind, ProtectedItem};
use azure_backup::backup::recovery_point::{RecoveryPoint, Tier};

const ARTICLE: &str = "https://learn.microsoft.com/azure/backup/backup-azure-restore-files-from-vm";
const SOFT_DELETE: &str = "https://learn.microsoft.com/azure/backup/soft-delete-virtual-machines";
/// From this number of disks on, the script has to run on another machine.
const MANY_DISKS: i64 = 17;
/// A disk that is larger than this number of GiB, too.
const LARGE_DISK_GB: u32 = 4_096;

/// The recovery point that the conditions are checked for.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The recovery point.
    pub point: &'a RecoveryPoint,
    /// Its machine.
    pub item: &'a ProtectedItem,
    /// Whether it is in the secondary region.
    pub secondary: bool,
}

/// How much a condition weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Azure has no file recovery there, so that it is not offered.
    Refuses,
    /// It applies to this recovery point, and the operator has to act on it.
    Warns,
    /// It always applies.
    Tells,
}

/// One condition.
#[derive(Debug)]
pub struct Condition {
    /// How much it weighs.
    pub weight: Weight,
    /// The sentence.
    pub text: &'static str,
    /// Where Microsoft says so.
    pub source: &'static str,
    holds: fn(&Subject<'_>) -> bool,
}

const fn row(weight: Weight, text: &'static str, source: &'static str, holds: fn(&Subject<'_>) -> bool) -> Condition {
    Condition { weight, text, source, holds }
}

fn always(_: &Subject<'_>) -> bool {
    true
}

fn may_run(os: &str, subject: &Subject<'_>) -> bool {
    subject.point.os.as_deref().is_none_or(|known| known.eq_ignore_ascii_case(os))
}

fn has_large_disk(point: &RecoveryPoint) -> bool {
    let disks = point.disks.as_ref().and_then(|disks| disks.included.as_deref()).unwrap_or_default();
    disks.iter().any(|disk| disk.size_gb.is_some_and(|size| size > LARGE_DISK_GB))
}

/// All of them, in the order in which they are shown.
pub const CONDITIONS: &[Condition] = &[
    row(
        Weight::Refuses,
        "Files can't be recovered in the secondary region. Use the recovery points of the primary region, or restore disks.",
        ARTICLE,
        |s| s.secondary,
    ),
    row(Weight::Refuses, "This VM's backup is soft-deleted. Undelete it first.", SOFT_DELETE, |s| s.item.soft_deleted),
    row(
        Weight::Refuses,
        "Files can't be recovered from an encrypted VM (Azure Disk Encryption). Restore the VM or its disks instead.",
        ARTICLE,
        |s| s.point.encrypted,
    ),
    row(
        Weight::Refuses,
        "Files can't be recovered from an archived recovery point. Choose a later one, or restore disks.",
        ARTICLE,
        |s| s.point.tier() == Tier::VaultArchive,
    ),
    row(Weight::Refuses, "Files can't be recovered from a classic VM with unmanaged disks.", ARTICLE, |s| {
        s.item.kind == ItemKind::Classic && s.point.managed != Some(true)
    }),
    row(
        Weight::Warns,
        "This recovery point has more than 16 disks: run the script on another machine than the original VM.",
        ARTICLE,
        |s| s.point.disks.as_ref().and_then(|disks| disks.included_count).is_some_and(|count| count >= MANY_DISKS),
    ),
    row(
        Weight::Warns,
        "This recovery point has a disk of more than 4 TB: run the script on another machine than the original VM.",
        ARTICLE,
        |s| has_large_disk(s.point),
    ),
    row(Weight::Tells, "The script works for 12 hours. The disks are attached read-only.", ARTICLE, always),
    row(
        Weight::Tells,
        "Run it on another machine than the original VM if the VM has Storage Spaces, dynamic disks, LVM or RAID, more than 16 disks, or a disk of more than 4 TB.",
        ARTICLE,
        always,
    ),
    row(
        Weight::Tells,
        "The machine needs the VM's operating system, or a later one that is compatible with it.",
        ARTICLE,
        always,
    ),
    row(
        Weight::Tells,
        "It needs outbound access by ports 53, 443 and 3260, among others to download.microsoft.com and to the region's pod01-rec2 address below backup.windowsazure.com (with .cn or .us at the end in sovereign clouds).",
        ARTICLE,
        always,
    ),
    row(Weight::Tells, "On Windows, run the program as an administrator.", ARTICLE, |s| may_run("Windows", s)),
    row(
        Weight::Tells,
        "On Linux, run the script as root. It needs open-iscsi, lshw, Python 2.6.6 or later, Bash 4 or later, and TLS 1.2.",
        ARTICLE,
        |s| may_run("Linux", s),
    ),
    row(Weight::Tells, "With many or large disks, wait 20 to 30 minutes before you run it.", ARTICLE, always),
    row(
        Weight::Tells,
        "Stop the recovery when you have your files. While the disks are attached, the VM's next backup can fail with UserErrorUnableToOpenMount.",
        ARTICLE,
        always,
    ),
];

/// The conditions that apply.
pub fn conditions<'a>(subject: &'a Subject<'a>) -> impl Iterator<Item = &'static Condition> + 'a {
    CONDITIONS.iter().filter(|condition| (condition.holds)(subject))
}

/// Why Azure has no file recovery there, as far as is known here.
pub fn refusal(subject: &Subject<'_>) -> Option<&'static str> {
    conditions(subject).find(|condition| condition.weight == Weight::Refuses).map(|condition| condition.text)
}

/// Whether Azure has file recovery there, as far as is known here.
pub fn is_offered(subject: &Subject<'_>) -> bool {
    refusal(subject).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::sample;
    use azure_backup::backup::recovery_point::{TierDetail, TierKind, TierStatus};

    /// The sentences of this weight, for the sample with a change.
    fn said(weight: Weight, change: impl Fn(&mut RecoveryPoint, &mut ProtectedItem, &mut bool)) -> Vec<&'static str> {
        let facts = sample::facts();
        let (mut point, mut item, mut secondary) = ((*facts.point).clone(), (*facts.item).clone(), false);
        change(&mut point, &mut item, &mut secondary);
        let subject = Subject { point: &point, item: &item, secondary };
        let all: Vec<_> = conditions(&subject).filter(|one| one.weight == weight).map(|one| one.text).collect();
        assert_eq!(is_offered(&subject), weight != Weight::Refuses || all.is_empty());
        all
    }

    #[test]
    fn each_refusal_and_each_warning_has_its_case() {
        type Change = fn(&mut RecoveryPoint, &mut ProtectedItem, &mut bool);
        let none: Change = |_, _, _| {};
        assert_eq!((said(Weight::Refuses, none), said(Weight::Warns, none)), (vec![], vec![]));
        let refused: [(&str, Change); 5] = [
            ("secondary region", |_, _, secondary| *secondary = true),
            ("soft-deleted", |_, item, _| item.soft_deleted = true),
            ("encrypted", |point, _, _| point.encrypted = true),
            ("archived", |point, _, _| point.tiers = vec![TierDetail::new(TierKind::ArchivedRP, TierStatus::Valid)]),
            ("classic", |point, item, _| (point.managed, item.kind) = (None, ItemKind::Classic)),
        ];
        for (word, change) in refused {
            let all = said(Weight::Refuses, change);
            assert!(all.len() == 1 && all[0].contains(word), "{word}: {all:?}");
        }
        let many = said(Weight::Warns, |point, _, _| {
            point.disks.get_or_insert_default().included_count = Some(17);
        });
        assert!(many.len() == 1 && many[0].contains("more than 16"), "{many:?}");
        let few = said(Weight::Warns, |point, _, _| point.disks.get_or_insert_default().included_count = Some(16));
        assert!(few.is_empty(), "{few:?}");
        let large = |size| {
            said(Weight::Warns, |point, _, _| {
                let disks = point.disks.as_mut().and_then(|disks| disks.included.as_mut()).unwrap();
                disks[0].size_gb = Some(size);
            })
        };
        assert_eq!((large(4_096).len(), large(4_097).len()), (0, 1));
        let rehydrated = said(Weight::Refuses, |point, _, _| {
            point.tiers = vec![TierDetail::new(TierKind::ArchivedRP, TierStatus::Rehydrated)];
        });
        assert!(rehydrated.is_empty(), "{rehydrated:?}");
    }

    #[test]
    fn each_system_reads_what_it_needs_and_an_unknown_one_both() {
        let needs = |os: Option<&str>| {
            let all = said(Weight::Tells, |point, _, _| point.os = os.map(str::to_owned)).join(" ");
            (all.contains("open-iscsi"), all.contains("as an administrator"))
        };
        assert_eq!(needs(Some("linux")), (true, false));
        assert_eq!(needs(Some("Windows")), (false, true));
        assert_eq!(needs(None), (true, true));
    }
}
