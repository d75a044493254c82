//! How the operator learns of the end of a restore while looking elsewhere.

use time::Duration;
use vm_restore::app::msg::Msg;
use vm_restore::app::route::Route;
use vm_restore::app::state::State;
use vm_restore::restore::scenario::Scenario;
use vm_restore::ui::document_title::title_and_icon;
use vm_restore::ui::kit::Tone;

use crate::operator::{page, start};

fn ended(state: &State) -> bool {
    !state.restores[0].is_running()
}

#[test]
fn the_window_says_that_a_restore_runs_and_that_it_has_ended_until_the_operator_goes_on() {
    let mut page = page();
    assert_eq!(title_and_icon(&page.state).1, Tone::Neutral);
    start(&mut page, "web-01", Scenario::RestoreDisks);
    assert_eq!(title_and_icon(&page.state), ("(1 running) Restore: web-01 - VM Restore".to_owned(), Tone::Busy));
    page.wait_until(Duration::hours(12), ended);
    assert_eq!(title_and_icon(&page.state), ("✓ web-01: Completed · VM Restore".to_owned(), Tone::Good));
    page.say(Msg::Tick);
    assert_eq!(title_and_icon(&page.state).1, Tone::Good, "it stays");
    page.say(Msg::Go(Route::restores()));
    assert_eq!(title_and_icon(&page.state), ("Restores - VM Restore".to_owned(), Tone::Neutral));
    page.reload();
    assert_eq!(title_and_icon(&page.state).1, Tone::Neutral, "what ended on an earlier visit is no news");
}

#[test]
fn a_failed_restore_is_bad_news() {
    let mut page = page();
    start(&mut page, "fault-fails-late", Scenario::RestoreDisks);
    page.wait_until(Duration::hours(12), ended);
    assert_eq!(title_and_icon(&page.state), ("✗ fault-fails-late: Failed · VM Restore".to_owned(), Tone::Bad));
}
