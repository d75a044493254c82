//! The restore under review leaves the page as commands or as a link, and comes back from a link. Nothing starts by any of it.

use std::rc::Rc;

use super::UpdateContext;
use crate::app::effect::Effect;
use crate::app::route::Route;
use crate::export::body_file;
use crate::export::commands::Tool;
use crate::export::link::RestoreLink;
use crate::restore::draft::Draft;

impl UpdateContext<'_> {
    /// The commands of a tool as a file, or the body that they send.
    pub(super) fn download_commands(&mut self, tool: Option<Tool>) {
        let Some(Ok(plan)) = self.state.route.point().map(|point| self.state.plan(point)) else { return };
        let (name, mime, text) = match tool {
            None => (body_file(&plan), "application/json", plan.text().to_owned()),
            Some(tool) => match tool.commands(&plan, &self.state.cloud()) {
                Ok(text) => (tool.file(&plan), "text/plain", text),
                // The page offers no such file.
                Err(_) => return,
            },
        };
        self.effects.push(Effect::Download { name, mime, text });
    }

    /// The link to the restore under review.
    pub(super) fn copy_link(&mut self) {
        let Some(point) = self.state.route.point().cloned() else { return };
        let Ok(plan) = self.state.plan(&point) else { return };
        let link = RestoreLink::of(self.state.cloud_name(), &plan, &self.state.draft(&point));
        self.effects.push(Effect::CopyAddress(Route::Linked(link.text())));
    }

    /// Takes the settings of a link in the place of the operator's own, who has been asked, and leads to the review.
    pub(super) fn review_linked(&mut self, text: &str) {
        let Ok(link) = RestoreLink::read(text) else { return };
        if !self.state.is_of_cloud(&link) {
            return;
        }
        let place = link.place();
        let reason = self.state.drafts.get(&place).map(|own| own.reason.clone()).unwrap_or_default();
        self.state.drafts.insert(&place, Draft { reason, ..link.draft() });
        self.save_draft(&place);
        self.state.linked = Some(Rc::new(link));
        self.effects.push(Effect::Go(Route::Review(place)));
    }
}
