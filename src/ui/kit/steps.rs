//! Where the operator stands in the course of a restore.

use yew::prelude::*;

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name.
    pub name: &'static str,
    /// Where it can be gone back to; none = not yet, or it is the present one.
    pub href: Option<AttrValue>,
    /// Whether nothing is left to do in it.
    pub done: bool,
}

/// The steps, of which the one with index `current` is under way.
pub fn steps(steps: &[Step], current: usize) -> Html {
    let one = |(index, step): (usize, &Step)| {
        let here = index == current;
        let done = step.done && index < current;
        let mark = if done { "✓".to_owned() } else { (index + 1).to_string() };
        let inner = html! {
            <>
                <span class="vmr-step-mark" aria-hidden="true">{ mark }</span>
                <span class="vmr-step-name">{ step.name }if done { <span class="vmr-hidden">{ ", done" }</span> } else if index < current { <span class="vmr-hidden">{ ", not complete" }</span> }</span>
            </>
        };
        html! {
            <li data-done={done.then_some("")}>
                if let Some(href) = step.href.clone().filter(|_| !here) {
                    <a {href}>{ inner }</a>
                } else {
                    <span class="vmr-step" aria-current={here.then_some("step")}>{ inner }</span>
                }
            </li>
        }
    };
    html! { <nav class="vmr-steps" aria-label="Steps"><ol>{ for steps.iter().enumerate().map(one) }</ol></nav> }
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    #[test]
    fn the_present_step_is_marked_and_no_link() {
        let two = |done| {
            [("First", "#/a"), ("Second", "#/b")].map(|(name, href)| Step { name, href: Some(href.into()), done })
        };
        let html = html_of(steps(&two(true), 1));
        assert_eq!(html.matches("aria-current=\"step\"").count(), 1);
        assert!(html.contains("href=\"#/a\"") && !html.contains("href=\"#/b\""), "{html}");
        assert!(html.contains(", done") && html.contains("✓"));
        let open = html_of(steps(&two(false), 1));
        assert!(open.contains(", not complete") && !open.contains("✓") && !open.contains("data-done"), "{open}");
    }
}
