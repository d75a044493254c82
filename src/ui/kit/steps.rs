//! The steps of a process, with the present one marked.

use yew::prelude::*;

use crate::ui::kit::each;
use crate::ui::translatable::translatable;

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name.
    pub name: &'static str,
    /// Its address; `None` for steps that cannot be opened.
    pub href: Option<AttrValue>,
    /// Whether it is complete.
    pub done: bool,
}

/// The properties of [`Steps`].
#[derive(Clone, PartialEq, Properties)]
pub struct StepsProps {
    /// All steps.
    pub steps: Vec<Step>,
    /// Index of the present step.
    pub current: usize,
}

/// The steps.
#[component]
pub fn Steps(props: &StepsProps) -> Html {
    let current = props.current;
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
    translatable(
        html! { <nav class="vmr-steps" aria-label="Steps"><ol>{ each(props.steps.iter().enumerate().map(one)) }</ol></nav> },
    )
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of_component;
    use super::*;

    #[test]
    fn the_present_step_is_marked_and_no_link() {
        let two = |done| {
            [("First", "#/a"), ("Second", "#/b")].map(|(name, href)| Step { name, href: Some(href.into()), done })
        };
        let html = html_of_component::<Steps>(StepsProps { steps: two(true).into(), current: 1 });
        assert_eq!(html.matches("aria-current=\"step\"").count(), 1);
        assert!(html.contains("href=\"#/a\"") && !html.contains("href=\"#/b\""), "{html}");
        assert!(html.contains(", done") && html.contains("✓"));
        let open = html_of_component::<Steps>(StepsProps { steps: two(false).into(), current: 1 });
        assert!(open.contains(", not complete") && !open.contains("✓") && !open.contains("data-done"), "{open}");
    }
}
