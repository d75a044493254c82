//! The restore that a link has brought: compared with what this page makes of the same settings.

use super::state::State;
use crate::export::link::RestoreLink;
use crate::restore::draft::Draft;
use crate::restore::regional_id::RegionalId;

impl State {
    /// The link whose restore is looked at, if it is of this recovery point.
    pub fn linked(&self, place: &RegionalId) -> Option<&RestoreLink> {
        self.linked.as_deref().filter(|link| link.place() == *place)
    }

    /// Whether a link is of the cloud that is connected.
    pub fn is_of_cloud(&self, link: &RestoreLink) -> bool {
        self.connected() && link.cloud == self.cloud_name()
    }

    /// Whether the operator has other settings for the machine of a link. Opening a link must not lose them unasked.
    pub fn has_other_settings(&self, link: &RestoreLink) -> bool {
        let chosen =
            |draft: &Draft| Draft { point: None, reason: String::new(), confirm: String::new(), ..draft.own() };
        let own = self.drafts.get(&link.place()).map(chosen);
        own.is_some_and(|own| own != Draft::default() && own != chosen(&link.draft()))
    }
}
