//! The window's title and icon, which show the state of the restores while the page is in the background.

use crate::app::state::{NotFollowed, State};
use crate::restore::run::RestoreRun;
use crate::restore::visible::visible_name;
use crate::ui::kit::Tone;
use crate::ui::pages;
use crate::ui::pages::follow::state::tone_of;

/// The window's title, and the tone of its icon. A restore that has ended is named until the operator navigates; otherwise running ones are counted.
pub fn title_and_icon(state: &State) -> (String, Tone) {
    let here =
        |r: &&RestoreRun| r.is_running() && matches!(state.why_not_followed(r), None | Some(NotFollowed::OtherTab));
    let running = match state.shown_restores().filter(here).count() {
        0 => String::new(),
        running => format!("({running} running) "),
    };
    if let Some(ended) = state.last_finished.as_ref().and_then(|id| state.restore(id)) {
        let tone = tone_of(ended);
        return (
            format!("{} {}: {} · {running}VM Restore", mark(tone), visible_name(&ended.vm), ended.state_text()),
            tone,
        );
    }
    let tone = if running.is_empty() { Tone::Neutral } else { Tone::Busy };
    (format!("{running}{} - VM Restore", pages::title(state)), tone)
}

const fn mark(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "✓",
        Tone::Bad => "✗",
        Tone::Warning => "!",
        _ => "–",
    }
}

#[cfg(test)]
mod tests {
    use azure_backup::arm::cloud::Cloud;
    use azure_backup::arm::fault::Fault;
    use azure_backup::arm::id::ClientRequestId;
    use time::OffsetDateTime;

    use super::*;
    use crate::app::records::Restores;
    use crate::app::session::{Session, TokenClaims};
    use crate::restore::plan::plan;
    use crate::restore::sample;
    use crate::restore::scenario::Scenario;

    #[test]
    fn title_and_icon_say_what_runs_and_what_has_ended() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let (facts, cloud) = (sample::facts(), Cloud::public());
        let plan = plan(&facts, &sample::draft(Scenario::AnotherVm)).unwrap();
        let restore = |digit: char| {
            let id = ClientRequestId::parse(&format!("{digit}f8fad5b-d9cb-469f-a165-70867728950e")).unwrap();
            let mut restore = RestoreRun::intent(&plan, &facts, &cloud, id, now);
            restore.on_sending(now);
            restore
        };
        let mut state = State::new(now);
        state.restores = vec![restore('0'), restore('1')].into();
        assert_eq!(
            title_and_icon(&state),
            ("Connect - VM Restore".to_owned(), Tone::Neutral),
            "nobody follows them here"
        );
        state.session = Session::Token(TokenClaims::default());
        assert_eq!(title_and_icon(&state), ("(2 running) Connect - VM Restore".to_owned(), Tone::Busy));
        let mut refused = Fault::reported("POST /restore", "UserErrorX", "The account is unsuitable.");
        refused.status = Some(400);
        let id = state.restores[0].id.clone();
        state.restores.change(&id, |restore| restore.on_trigger_response(Err(&refused), &cloud, now)).unwrap();
        assert_eq!(title_and_icon(&state).0, "(1 running) Connect - VM Restore", "what ended before is no news");
        state.last_finished = Some(state.restores[0].id.clone());
        let title = "✗ web-01: Rejected by Azure · (1 running) VM Restore".to_owned();
        assert_eq!(title_and_icon(&state), (title, Tone::Bad));
        state.restores = Restores::default();
        assert_eq!(title_and_icon(&state).1, Tone::Neutral, "a forgotten restore is no news either");
    }
}
