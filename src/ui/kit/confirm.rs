//! A button that opens a dialog for confirmation before it acts.

use yew::prelude::*;

use super::dom::{close_dialog, open_dialog};
use super::name::with_names;
use super::{button, small_button};

/// The button and its dialog.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Confirm {
    /// The dialog's id in the page: letters, digits and hyphens.
    pub id: AttrValue,
    /// The label of the confirming button, and of the button that opens the dialog.
    pub label: &'static str,
    /// For a button in a row of a table: the label and the accessible name of the button that opens the dialog.
    pub in_row: Option<(&'static str, String)>,
    /// The class of the button that opens the dialog.
    pub class: &'static str,
    /// Whether what happens takes nothing away, so that it is not marked as dangerous.
    pub harmless: bool,
    /// The question.
    pub title: &'static str,
    /// What will happen. Names in it are [quoted](crate::restore::effect_sentence::quoted).
    pub text: AttrValue,
    /// Further content of the dialog, such as the request that would be sent.
    pub more: Html,
    /// The label of the button that changes nothing.
    pub keep: &'static str,
    /// Called when the operator confirms.
    pub on: Callback<MouseEvent>,
}

/// The button and its dialog. When the dialog opens, `open_dialog` focuses the button that changes nothing (`data-safe`).
pub fn confirm(confirm: Confirm) -> Html {
    let Confirm { id, label, in_row, class, harmless, title, text, more, keep, on } = confirm;
    let (opened, closed, acted) = (id.clone(), id.clone(), id.clone());
    let open = Callback::from(move |e: MouseEvent| open_dialog(&e, &opened));
    let close = Callback::from(move |e: MouseEvent| close_dialog(&e, &closed));
    let sure = Callback::from(move |e: MouseEvent| {
        close_dialog(&e, &acted);
        on.emit(e);
    });
    let opener = match in_row {
        Some((short, what)) => small_button(short, what, open),
        None => button(label, class, open),
    };
    let (title_id, text_id) = (format!("{id}-title"), format!("{id}-text"));
    html! {
        <>
            { opener }
            <dialog {id} aria-labelledby={title_id.clone()} aria-describedby={text_id.clone()}>
                <div>
                    <h2 id={title_id}>{ title }</h2>
                    <p id={text_id}>{ with_names(&text) }</p>
                    { more }
                    <div class="vmr-actions">
                        <button type="button" data-safe="" onclick={close}>{ keep }</button>
                        { button(label, if harmless { "vmr-primary" } else { "vmr-danger" }, sure) }
                    </div>
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
            id: "confirm".into(),
            label: "Cancel the job",
            title: "Cancel the job?",
            text: "Azure stops it.".into(),
            keep: "Let it run",
            ..Confirm::default()
        }));
        assert!(
            html.contains("<dialog id=\"confirm\" aria-labelledby=\"confirm-title\"") && !html.contains(" open"),
            "{html}"
        );
        assert_eq!(html.matches(">Cancel the job</button>").count(), 2, "{html}");
        let (_, asked) = html.split_once("<dialog").unwrap();
        let focused = asked.split("<button").filter(|one| one.contains("data-safe")).collect::<Vec<_>>();
        assert!(
            matches!(focused[..], [one] if one.contains(">Let it run<")),
            "the safe answer alone takes the focus: {asked}"
        );
    }
}
