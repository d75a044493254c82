//! An editable combobox after the pattern of the ARIA Authoring Practices (list autocomplete, manual selection): what is typed searches the
//! options, a pasted resource ID is accepted or refused with the reason. For few options and for touch it is a `<select>`.

mod control;
pub mod entry;
mod list;
mod rows;

use yew::prelude::*;

use super::announced::Announced;
use super::dom;
use super::field_hints::{FieldHints, label_for};
use super::icon::{Icon, icon};
use super::select::{Select, last_segment, select_with};
use crate::restore::visible::isolated;
use crate::ui::kit::each;
use crate::ui::translatable::translatable;
use control::{Control, View};
use entry::ResourceKind;
use list::{below, option_id, window};

/// A list this short needs no search.
const FEW: usize = 7;
/// The value of the option that asks for a resource ID. No resource has it.
const BY_ID: &str = "by-id";

/// The properties of [`Picker`].
#[derive(Clone, PartialEq, Properties)]
pub struct PickerProps {
    /// Label, options, value and notes.
    pub select: Select,
    /// The type of resource whose ids are accepted; none = only what is listed.
    pub kind: Option<ResourceKind>,
    /// Whether the operator points with a finger: the browser's own list is easier to use then.
    pub touch: bool,
}

/// A field that offers one of several options: a `<select>`, or a [`Combobox`] where a search helps.
#[component]
pub fn Picker(PickerProps { select, kind, touch }: &PickerProps) -> Html {
    // While it has the focus, the control stays what it is, even if a longer list arrives.
    let kept = use_state(|| None::<bool>);
    let by_id = use_state(|| false);
    let count = select.choices.len();
    // Without options, an ID is all that can be given.
    let searches = *by_id || kept.unwrap_or(!touch && (count > FEW || count == 0 && kind.is_some()));
    let entered = {
        let kept = kept.clone();
        Callback::from(move |_: FocusEvent| kept.set(Some(searches)))
    };
    let left = Callback::from(move |_: FocusEvent| kept.set(None));
    let content = if searches {
        let by_id_over = by_id.clone();
        let done = Callback::from(move |()| by_id_over.set(false));
        html! { <Combobox select={select.clone()} kind={*kind} focused={*by_id} {done} /> }
    } else {
        let on = select.on.clone();
        let on = Callback::from(move |value: String| if value == BY_ID { by_id.set(true) } else { on.emit(value) });
        let more = kind.map(|_| html! { <option key={BY_ID} value={BY_ID}>{ "Enter a resource ID…" }</option> });
        select_with(Select { on, ..select.clone() }, html! { <>{ each(more) }</> })
    };
    translatable(html! { <div onfocusin={entered} onfocusout={left}>{ content }</div> })
}

/// The properties of [`Combobox`].
#[derive(Clone, PartialEq, Properties)]
pub struct ComboboxProps {
    /// Label, options, value and notes.
    pub select: Select,
    /// The type of resource whose ids are accepted.
    pub kind: Option<ResourceKind>,
    /// Whether it takes the focus when it appears.
    pub focused: bool,
    /// Called when the operator has chosen, or has gone on without an error.
    pub done: Callback<()>,
}

/// The combobox.
#[component]
pub fn Combobox(props: &ComboboxProps) -> Html {
    let ComboboxProps { select, kind, focused, done } = props;
    let Select { id, label, choices, value, none, notes, required, .. } = select;
    let view = use_state(View::default);
    let (input, list) = (use_node_ref(), use_node_ref());
    let control = Control::new(view.clone(), select, *kind, done.clone());
    let text = match (&view.typed, control.chosen()) {
        (Some(typed), _) => typed.clone(),
        (None, Some(index)) => choices[index].label.to_string(),
        (None, None) if value.is_empty() => String::new(),
        (None, None) => format!("{} (not in the list)", isolated(last_segment(value))),
    };
    let listed = !control.rows.rows.is_empty();

    use_effect_with((), {
        let (input, focused) = (input.clone(), *focused);
        move |()| {
            if focused {
                dom::focus_node(&input);
            }
        }
    });
    use_effect_with((listed, view.top), {
        let (list, view) = (list.clone(), view.clone());
        move |(listed, top)| {
            if *listed
                && let Some(row) = dom::show_list(&list, *top)
                && row != view.row
            {
                view.set(View { row, ..(*view).clone() });
            }
        }
    });
    let found = if view.open { control.rows.summary() } else { String::new() };
    let news = view.wrong.clone().unwrap_or(found);

    let handle = || control.clone();
    let (keys, typing, leaving, clicking, toggling, scrolling) =
        (handle(), handle(), handle(), handle(), handle(), handle());
    let onkeydown = Callback::from(move |e: KeyboardEvent| keys.on_key(&e));
    let oninput = Callback::from(move |e: InputEvent| typing.on_input(&e));
    let onblur = Callback::from(move |_: FocusEvent| leaving.settle(None, false));
    let onclick = Callback::from(move |e: MouseEvent| {
        if clicking.open_list() {
            dom::select_text(&e);
        }
    });
    let ontoggle = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            dom::focus_node(&input);
            if !toggling.open_list() {
                toggling.close();
            }
        })
    };
    let onscroll = {
        let list = list.clone();
        Callback::from(move |_: Event| scrolling.on_scroll(dom::scroll_of(&list)))
    };
    let notes = match &view.wrong {
        Some(wrong) => FieldHints { error: Some(wrong.clone().into()), ..notes.clone() },
        None => notes.clone(),
    };
    let list_id = format!("{id}-list");
    // The focus stays in the text.
    let keep_focus = Callback::from(|e: MouseEvent| e.prevent_default());
    let active = view.active.filter(|_| listed).map(|at| option_id(id, at));
    translatable(html! {
        <div class="vmr-field">
            { label_for(id, label, *required) }
            <div class="vmr-combo">
                <input ref={input} type="text" role="combobox" id={id.clone()} value={text} required={*required} disabled={notes.disabled()}
                    placeholder={none.clone()} autocomplete="off" spellcheck="false" aria-autocomplete="list"
                    aria-expanded={if listed { "true" } else { "false" }} aria-controls={list_id.clone()} aria-activedescendant={active}
                    aria-describedby={notes.ids(id)} aria-invalid={notes.invalid()} {oninput} {onkeydown} {onblur} {onclick} />
                <button type="button" class="vmr-subtle" tabindex="-1" disabled={notes.disabled()} aria-label={format!("Show options: {label}")}
                    onmousedown={keep_focus.clone()} onclick={ontoggle}>{ icon(Icon::Open) }</button>
                if view.open {
                    <div class="vmr-combo-list" onmousedown={keep_focus}>
                        if listed {
                            <div ref={list} role="listbox" id={list_id} aria-label={label.clone()} {onscroll}>{ window(&control) }</div>
                        }
                        { below(&control) }
                    </div>
                }
            </div>
            { notes.below(id) }
            <Announced text={news} />
        </div>
    })
}

#[cfg(test)]
mod tests;
