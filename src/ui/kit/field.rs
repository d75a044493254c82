//! Text, date and number fields.

use yew::prelude::*;

use super::dom::text_of;
use super::notes::{Notes, label_for};

/// The kind of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A line of text.
    #[default]
    Text,
    /// A search: a line with a button to clear it.
    Search,
    /// A date.
    Date,
    /// A number.
    Number,
    /// Several lines.
    Area,
}

/// Properties of [`Field`].
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Id of the control.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// What it holds.
    pub value: AttrValue,
    /// Told the text with every key.
    pub on: Callback<String>,
    /// The kind of text.
    #[prop_or_default]
    pub kind: Kind,
    /// What stands below it.
    #[prop_or_default]
    pub notes: Notes,
    /// Whether it must be filled.
    #[prop_or_default]
    pub required: bool,
    /// Smallest number or date.
    #[prop_or_default]
    pub min: Option<AttrValue>,
    /// Largest number or date.
    #[prop_or_default]
    pub max: Option<AttrValue>,
}

/// A text field.
#[component]
pub fn Field(props: &Props) -> Html {
    let Props { id, label, value, on, kind, notes, required, min, max } = props.clone();
    let oninput = on.reform(|e: InputEvent| text_of(&e));
    let (describedby, invalid, disabled) = (notes.ids(&id), notes.invalid(), notes.disabled());
    let kind_name = match kind {
        Kind::Text | Kind::Area => "text",
        Kind::Search => "search",
        Kind::Date => "date",
        Kind::Number => "number",
    };
    html! {
        <div class="vmr-field">
            { label_for(&id, &label, required) }
            if kind == Kind::Area {
                <textarea id={id.clone()} {value} {oninput} {disabled} {required} aria-describedby={describedby} aria-invalid={invalid}
                    autocomplete="off" spellcheck="false" rows="5" />
            } else {
                <input type={kind_name} id={id.clone()} {value} {oninput} {disabled} {required} {min} {max}
                    aria-describedby={describedby} aria-invalid={invalid} autocomplete="off" spellcheck="false" />
            }
            { notes.below(&id) }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::render;
    use super::*;

    fn props(notes: Notes) -> Props {
        Props {
            id: "name".into(),
            label: "New virtual machine name".into(),
            value: "web-02".into(),
            on: Callback::noop(),
            kind: Kind::Text,
            notes,
            required: true,
            min: None,
            max: None,
        }
    }

    #[test]
    fn a_field_is_described_by_what_stands_below_it() {
        let html = render::<Field>(props(Notes { error: Some("Taken".into()), ..Notes::hint("1 to 15 characters") }));
        assert!(html.contains("aria-describedby=\"name-error name-hint\""), "{html}");
        assert!(html.contains("aria-invalid=\"true\"") && html.contains("<label for=\"name\">"), "{html}");
    }

    #[test]
    fn a_field_that_cannot_be_used_says_why() {
        let html = render::<Field>(props(Notes { reason: Some("Only for another VM".into()), ..Notes::default() }));
        assert!(html.contains(" disabled") && html.contains("aria-describedby=\"name-reason\""), "{html}");
    }
}
