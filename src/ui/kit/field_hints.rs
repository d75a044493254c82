//! Notes below a control: an error, why it is disabled, a warning, a hint.

use yew::prelude::*;

use super::icon::{Icon, icon};
use super::name::with_names;
use crate::ui::kit::each;

/// The notes of one control. Names in hint and warning are [quoted](crate::restore::effect_sentence::quoted).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldHints {
    /// What to choose or write.
    pub hint: Option<AttrValue>,
    /// That the value is a suggestion, and where it comes from.
    pub suggested: Option<AttrValue>,
    /// Why the control is disabled.
    pub reason: Option<AttrValue>,
    /// What to know about the choice.
    pub warning: Option<AttrValue>,
    /// What is wrong with the choice.
    pub error: Option<AttrValue>,
}

impl FieldHints {
    /// A hint alone.
    pub fn hint(hint: impl Into<AttrValue>) -> Self {
        Self { hint: Some(hint.into()), ..Self::default() }
    }

    /// Whether the control is disabled.
    pub fn disabled(&self) -> bool {
        self.reason.is_some()
    }

    /// `aria-invalid` of the control.
    pub fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }

    const fn all(&self) -> [(&'static str, &Option<AttrValue>); 5] {
        [
            ("error", &self.error),
            ("reason", &self.reason),
            ("suggested", &self.suggested),
            ("warning", &self.warning),
            ("hint", &self.hint),
        ]
    }

    /// `aria-describedby` of the control with this id.
    pub fn ids(&self, id: &str) -> Option<AttrValue> {
        let ids: Vec<String> =
            self.all().into_iter().filter(|(_, note)| note.is_some()).map(|(name, _)| format!("{id}-{name}")).collect();
        (!ids.is_empty()).then(|| ids.join(" ").into())
    }

    /// The notes of the control with this id.
    pub fn below(&self, id: &str) -> Html {
        let note = |(name, text): (&'static str, &Option<AttrValue>)| {
            let text = text.as_ref()?;
            let (class, picture) = match name {
                "error" => ("vmr-fault", Some(Icon::Bad)),
                "warning" => ("vmr-caution", Some(Icon::Warning)),
                "reason" => ("vmr-reason", None),
                "suggested" => ("vmr-suggested", None),
                _ => ("vmr-hint", None),
            };
            let id = format!("{id}-{name}");
            // Reason and error may contain Azure's words, in which a backtick quotes nothing.
            let words = if matches!(name, "hint" | "warning") {
                with_names(text)
            } else {
                html! { text }
            };
            Some(html! { <p {class} {id}>{ each(picture.map(icon)) }<span>{ words }</span></p> })
        };
        html! { <>{ each(self.all().into_iter().filter_map(note)) }</> }
    }
}

/// The label of a control. "required" is outside of the label, so that it is no part of the control's name.
pub fn label_for(id: &AttrValue, label: &AttrValue, required: bool) -> Html {
    html! {
        <div class="vmr-label">
            <label for={id.clone()}>{ label }</label>
            if required { <span aria-hidden="true">{ "required" }</span> }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    #[test]
    fn every_note_is_named_by_its_control() {
        let notes =
            FieldHints { error: Some("Taken".into()), warning: Some("Slow".into()), ..FieldHints::hint("A name") };
        assert_eq!(notes.ids("name").as_deref(), Some("name-error name-warning name-hint"));
        let html = html_of(notes.below("name"));
        for id in ["name-error", "name-warning", "name-hint"] {
            assert!(html.contains(&format!("id=\"{id}\"")), "{html}");
        }
        assert_eq!(FieldHints::default().ids("name"), None);
    }
}
