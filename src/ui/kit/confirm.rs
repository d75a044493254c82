//! A button that asks once more before it acts.

use crate::ui::markup::html;
use yew::prelude::*;

use super::button;
use super::dom::{close_dialog, open_dialog};

/// Properties of [`Confirm`].
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What both buttons say that act.
    pub label: &'static str,
    /// The question.
    pub title: &'static str,
    /// What will happen.
    pub text: AttrValue,
    /// The button that leaves things as they are.
    pub keep: &'static str,
    /// Told when the operator is sure.
    pub on: Callback<()>,
}

/// The button, and its dialog.
#[component]
pub fn Confirm(props: &Props) -> Html {
    let node = use_node_ref();
    let open = {
        let node = node.clone();
        Callback::from(move |_: MouseEvent| open_dialog(&node))
    };
    let close = {
        let node = node.clone();
        Callback::from(move |_: MouseEvent| close_dialog(&node))
    };
    let sure = {
        let (node, on) = (node.clone(), props.on.clone());
        Callback::from(move |_: MouseEvent| {
            close_dialog(&node);
            on.emit(());
        })
    };
    html! {
        <>
            { button(props.label, "", open) }
            <dialog ref={node} aria-labelledby="confirm-title" aria-describedby="confirm-text">
                <div>
                    <h2 id="confirm-title">{ props.title }</h2>
                    <p id="confirm-text">{ &props.text }</p>
                    <div class="vmr-actions">{ button(props.label, "vmr-danger", sure) }{ button(props.keep, "", close) }</div>
                </div>
            </dialog>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::render;
    use super::*;

    #[test]
    fn the_dialog_is_closed_at_first_and_says_what_will_happen() {
        let html = render::<Confirm>(Props {
            label: "Cancel the job",
            title: "Cancel the job?",
            text: "Azure stops it.".into(),
            keep: "Let it run",
            on: Callback::noop(),
        });
        assert!(html.contains("<dialog aria-labelledby=\"confirm-title\"") && !html.contains(" open"), "{html}");
        assert_eq!(html.matches(">Cancel the job</button>").count(), 2, "{html}");
    }
}
