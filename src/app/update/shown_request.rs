//! What every request has in common that is shown before it leaves: an undeletion, file recovery, what is done with restored disks.

use azure_backup::arm::fault::Fault;

use super::UpdateContext;

impl UpdateContext<'_> {
    /// Says that the request is another one than the screen showed, so that it was not sent.
    pub(super) fn refuse_changed_request(&mut self) {
        self.show_notice("Nothing was sent", "Azure's data changed after the request was shown. Review it again.");
    }
}

/// Why an operation that somebody has canceled in Azure came to nothing.
pub(super) fn canceled(call: &'static str) -> Fault {
    Fault::reported(call, "", "The operation was canceled in Azure.")
}
