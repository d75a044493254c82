//! A button that asks once more before it acts.

use crate::ui::markup::html;
use yew::prelude::*;

use super::button;
use super::dom::{close_dialog, open_dialog};
use super::name::with_names;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    /// The dialog's id in the page.
    pub id: &'static str,
    /// What both buttons say that act.
    pub label: &'static str,
    /// The question.
    pub title: &'static str,
    /// What will happen. Names in it are [quoted](crate::restore::effect::quoted).
    pub text: AttrValue,
    /// The button that leaves things as they are.
    pub keep: &'static str,
    /// Told when the operator is sure.
    pub on: Callback<MouseEvent>,
}

/// The button, and its dialog.
pub fn confirm(confirm: Confirm) -> Html {
    let Confirm { id, label, title, text, keep, on } = confirm;
    let open = Callback::from(move |e: MouseEvent| open_dialog(&e, id));
    let close = Callback::from(move |e: MouseEvent| close_dialog(&e, id));
    let sure = Callback::from(move |e: MouseEvent| {
        close_dialog(&e, id);
        on.emit(e);
    });
    let (title_id, text_id) = (format!("{id}-title"), format!("{id}-text"));
    html! {
        <>
            { button(label, "", open) }
            <dialog {id} aria-labelledby={title_id.clone()} aria-describedby={text_id.clone()}>
                <div>
                    <h2 id={title_id}>{ title }</h2>
                    <p id={text_id}>{ with_names(&text) }</p>
                    <div class="vmr-actions">{ button(label, "vmr-danger", sure) }{ button(keep, "", close) }</div>
                </div>
            </dialog>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    #[test]
    fn the_dialog_is_closed_at_first_and_says_what_will_happen() {
        let html = html_of(confirm(Confirm {
            id: "confirm",
            label: "Cancel the job",
            title: "Cancel the job?",
            text: "Azure stops it.".into(),
            keep: "Let it run",
            on: Callback::noop(),
        }));
        assert!(
            html.contains("<dialog id=\"confirm\" aria-labelledby=\"confirm-title\"") && !html.contains(" open"),
            "{html}"
        );
        assert_eq!(html.matches(">Cancel the job</button>").count(), 2, "{html}");
    }
}
