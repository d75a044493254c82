//! Text, date and number fields.

use yew::prelude::*;

use super::dom::text_of;
use super::field_hints::{FieldHints, label_for};

/// The kind of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A line of text.
    #[default]
    Text,
    /// A search field with a button to clear it.
    Search,
    /// A date.
    Date,
    /// A date with a time of day.
    Moment,
    /// A number.
    Number,
    /// Several lines, uncontrolled: no event is sent and no value is set. [`written`](super::dom::written) reads the text.
    Area,
}

/// A text field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    /// Id of the control.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// What it holds.
    pub value: AttrValue,
    /// Receives the whole text on every input.
    pub on: Callback<String>,
    /// The kind of text.
    pub kind: Kind,
    /// The notes below it.
    pub notes: FieldHints,
    /// Whether it must be filled.
    pub required: bool,
    /// Smallest number or date.
    pub min: Option<AttrValue>,
    /// Largest number or date.
    pub max: Option<AttrValue>,
}

/// The text field.
pub fn field(field: Field) -> Html {
    let Field { id, label, value, on, kind, notes, required, min, max } = field;
    let oninput = on.reform(|e: InputEvent| text_of(&e));
    let (describedby, invalid, disabled) = (notes.ids(&id), notes.invalid(), notes.disabled());
    let kind_name = match kind {
        Kind::Text | Kind::Area => "text",
        Kind::Search => "search",
        Kind::Date => "date",
        Kind::Moment => "datetime-local",
        Kind::Number => "number",
    };
    html! {
        <div class="vmr-field">
            { label_for(&id, &label, required) }
            if kind == Kind::Area {
                <textarea id={id.clone()} {disabled} {required} aria-describedby={describedby} aria-invalid={invalid}
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
    use super::super::test::html_of;
    use super::*;

    fn shown(notes: FieldHints) -> String {
        html_of(field(Field {
            id: "name".into(),
            label: "New virtual machine name".into(),
            value: "web-02".into(),
            notes,
            required: true,
            ..Field::default()
        }))
    }

    #[test]
    fn a_field_is_described_by_what_stands_below_it() {
        let html = shown(FieldHints { error: Some("Taken".into()), ..FieldHints::hint("1 to 15 characters") });
        assert!(html.contains("aria-describedby=\"name-error name-hint\""), "{html}");
        assert!(html.contains("aria-invalid=\"true\"") && html.contains("<label for=\"name\">"), "{html}");
    }

    #[test]
    fn a_field_that_cannot_be_used_says_why() {
        let html = shown(FieldHints { reason: Some("Only for another VM".into()), ..FieldHints::default() });
        assert!(html.contains(" disabled") && html.contains("aria-describedby=\"name-reason\""), "{html}");
    }
}
