//! The disks that a restore has created, as Azure lists them.

use std::rc::Rc;

use azure_backup::backup::lookups::ManagedDisk;

use super::key::Key;
use super::state::State;
use crate::restore::run::RestoreRun;

impl State {
    /// The answer that lists the disks of a completed restore, if it can be read.
    pub fn restored_disks_key(&self, run: &RestoreRun) -> Option<Key> {
        (self.connected() && self.may_follow(run)).then(|| run.group_of_disks())?.map(Key::Disks)
    }

    /// The disks that carry the id of the restore's job, by their LUN; none if the list has not been read.
    pub fn restored_disks(&self, run: &RestoreRun) -> Option<Vec<Rc<ManagedDisk>>> {
        let job = run.job_id()?.as_str();
        let all = self.catalog.get::<[Rc<ManagedDisk>]>(&self.restored_disks_key(run)?)?;
        let ours = |disk: &&Rc<ManagedDisk>| disk.restored_by.as_ref().is_some_and(|by| by.eq_ignore_ascii_case(job));
        let mut disks: Vec<Rc<ManagedDisk>> = all.iter().filter(ours).cloned().collect();
        disks.sort_by_key(|disk| (disk.restored_lun().is_none(), disk.restored_lun()));
        Some(disks)
    }
}
