//! Text and date fields: label, control, hint, reason, error.

use yew::prelude::*;

use super::described;
use super::dom::text_of;
use super::icon::{Icon, icon};

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
    /// What to write into it.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// Why it cannot be used; it is then disabled.
    #[prop_or_default]
    pub reason: Option<AttrValue>,
    /// What is wrong with the text.
    #[prop_or_default]
    pub error: Option<AttrValue>,
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
    let Props { id, label, value, on, kind, hint, reason, error, required, min, max } = props.clone();
    let describedby = describe(&id, hint.is_some(), reason.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let oninput = on.reform(|e: InputEvent| text_of(&e));
    let disabled = reason.is_some();
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
            { below(&id, hint, reason, error) }
        </div>
    }
}

/// The label of a control.
pub(crate) fn label_for(id: &AttrValue, label: &AttrValue, required: bool) -> Html {
    html! { <label for={id.clone()}>{ label }if required { <span aria-hidden="true">{ " (required)" }</span> }</label> }
}

/// The ids of what stands below a control, for `aria-describedby`.
pub(crate) fn describe(id: &str, hint: bool, reason: bool, error: bool) -> Option<AttrValue> {
    described(&[
        error.then(|| format!("{id}-error")),
        reason.then(|| format!("{id}-reason")),
        hint.then(|| format!("{id}-hint")),
    ])
}

/// Hint, reason and error below a control.
pub(crate) fn below(id: &str, hint: Option<AttrValue>, reason: Option<AttrValue>, error: Option<AttrValue>) -> Html {
    html! {
        <>
            if let Some(error) = error { <p class="vmr-fault" id={format!("{id}-error")}>{ icon(Icon::Bad) }<span>{ error }</span></p> }
            if let Some(reason) = reason { <p class="vmr-reason" id={format!("{id}-reason")}>{ reason }</p> }
            if let Some(hint) = hint { <p class="vmr-hint" id={format!("{id}-hint")}>{ hint }</p> }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::render;
    use super::*;

    fn props() -> Props {
        Props {
            id: "name".into(),
            label: "New virtual machine name".into(),
            value: "web-02".into(),
            on: Callback::noop(),
            kind: Kind::Text,
            hint: Some("1 to 15 characters".into()),
            reason: None,
            error: None,
            required: true,
            min: None,
            max: None,
        }
    }

    #[test]
    fn a_field_is_described_by_what_stands_below_it() {
        let html = render::<Field>(Props { error: Some("Taken".into()), ..props() });
        assert!(
            html.contains("aria-describedby=\"name-error name-hint\"") && html.contains("aria-invalid=\"true\""),
            "{html}"
        );
        assert!(html.contains("<label for=\"name\">") && html.contains("id=\"name-error\""), "{html}");
    }

    #[test]
    fn a_field_that_cannot_be_used_says_why() {
        let html = render::<Field>(Props { reason: Some("Only for another VM".into()), ..props() });
        assert!(html.contains("disabled") && html.contains("aria-describedby=\"name-reason name-hint\""), "{html}");
    }
}
