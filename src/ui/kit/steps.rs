//! Where the operator stands in the course of a restore.

use crate::ui::markup::html;
use yew::prelude::*;

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name.
    pub name: &'static str,
    /// Where it can be gone back to; none = not yet, or it is the present one.
    pub href: Option<AttrValue>,
}

/// The steps, of which the one with index `current` is under way.
pub fn steps(steps: &[Step], current: usize) -> Html {
    let one = |(index, step): (usize, &Step)| {
        let here = index == current;
        let mark = if index < current { "✓".to_owned() } else { (index + 1).to_string() };
        let inner = html! {
            <>
                <span class="vmr-step-mark" aria-hidden="true">{ mark }</span>
                <span class="vmr-step-name">{ step.name }if index < current { <span class="vmr-hidden">{ ", done" }</span> }</span>
            </>
        };
        html! {
            <li data-done={(index < current).then_some("")}>
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
        let two = [Step { name: "First", href: Some("#/a".into()) }, Step { name: "Second", href: Some("#/b".into()) }];
        let html = html_of(steps(&two, 1));
        assert_eq!(html.matches("aria-current=\"step\"").count(), 1);
        assert!(html.contains("href=\"#/a\"") && !html.contains("href=\"#/b\""), "{html}");
        assert!(html.contains(", done"));
    }
}
