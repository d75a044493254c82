//! A wait in one line: when Azure was asked, when it is asked next, and a button to ask now.

use time::OffsetDateTime;
use yew::prelude::*;

use crate::ui::text;

/// What is waited for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// What happens when Azure is not asked: `Waiting for Azure's response`.
    pub what: AttrValue,
    /// When Azure was asked last.
    pub last: Option<OffsetDateTime>,
    /// When Azure is asked next, if it will be.
    pub next: Option<OffsetDateTime>,
    /// Why asking now is not possible.
    pub held: Option<AttrValue>,
}

/// The wait. The button calls `on`.
pub fn wait(wait: Wait, now: OffsetDateTime, on: Callback<MouseEvent>) -> Html {
    let line = line(&wait, now);
    let held = wait.held;
    // `aria-disabled`, because a button with `disabled` would lose the focus.
    let on = if held.is_some() { Callback::noop() } else { on };
    html! {
        <div class="vmr-wait">
            <span>{ line }{ "." }</span>
            <button type="button" class="vmr-small" onclick={on} aria-disabled={held.is_some().then_some("true")} aria-describedby={held.is_some().then_some("wait-held")}>{ "Check now" }</button>
            if let Some(held) = held { <span class="vmr-reason" id="wait-held">{ held }</span> }
        </div>
    }
}

/// `Checked 8 s ago, next in 22 s`.
fn line(wait: &Wait, now: OffsetDateTime) -> String {
    let ago = |last: OffsetDateTime| format!("Checked {} ago", text::duration(now - last));
    match (wait.last, wait.next.filter(|next| wait.held.is_none() || *next > now)) {
        (Some(last), Some(next)) if next > now => format!("{}, next in {}", ago(last), text::duration(next - now)),
        (None, Some(next)) if next > now => format!("{}. First check in {}", wait.what, text::duration(next - now)),
        (_, Some(_)) => "Checking now".to_owned(),
        (Some(last), None) => ago(last),
        (None, None) => wait.what.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn one_line_tells_the_last_check_and_the_next_one() {
        let now = datetime!(2026-11-29 02:10 UTC);
        let said = |last: Option<i64>, next: Option<i64>, held: bool| {
            let at = |seconds: i64| now + Duration::seconds(seconds);
            let held = held.then(|| "Held.".into());
            line(&Wait { what: "Waiting".into(), last: last.map(at), next: next.map(at), held }, now)
        };
        assert_eq!(said(Some(-8), Some(22), false), "Checked 8 s ago, next in 22 s");
        assert_eq!(said(None, Some(5), false), "Waiting. First check in 5 s");
        assert_eq!(said(Some(-30), Some(0), false), "Checking now");
        assert_eq!(said(Some(-30), Some(0), true), "Checked 30 s ago", "what is held is not being checked");
        assert_eq!(said(None, None, true), "Waiting");
    }
}
