//! A select for one of many resources. All are listed; those that cannot be chosen are disabled and say why.

use crate::restore::visible::{isolated, visible};
use yew::prelude::*;

use super::dom::chosen_of;
use super::field_hints::{FieldHints, label_for};
use crate::ui::kit::each;

/// One choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The value, an ARM id where it is a resource.
    pub value: AttrValue,
    /// What the list shows, with invisible characters made visible.
    pub label: AttrValue,
    /// Why it cannot be chosen.
    pub reason: Option<AttrValue>,
    /// What to know before it is chosen.
    pub warning: Option<AttrValue>,
    /// Why the page suggests it, if it does.
    pub suggested: Option<AttrValue>,
    /// Where it is: resource group and subscription.
    pub also: AttrValue,
}

impl Choice {
    /// A choice whose label is a text.
    pub fn new(value: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Self {
        let label: AttrValue = label.into();
        Self { value: value.into(), label: visible(&label).into_owned().into(), ..Self::default() }
    }

    /// A choice whose label is a list of names from Azure. Since an `<option>` cannot contain elements, characters of Unicode
    /// (U+2068, U+2069) isolate the direction of each name.
    pub fn named(value: impl Into<AttrValue>, names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().filter(|name| !name.is_empty()).map(|name| isolated(name)).collect();
        Self { value: value.into(), label: names.join(" · ").into(), ..Self::default() }
    }
}

/// A select.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Select {
    /// Id of the control.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// The choices.
    pub choices: Vec<Choice>,
    /// The chosen value. It is compared case-insensitively, like ARM ids.
    pub value: AttrValue,
    /// Receives the value of the choice.
    pub on: Callback<String>,
    /// The first option, for no choice. Without it there is always a choice.
    pub none: Option<AttrValue>,
    /// The notes below it.
    pub notes: FieldHints,
    /// Whether a choice must be made.
    pub required: bool,
}

/// The select.
pub fn select(select: Select) -> Html {
    select_with(select, Html::default())
}

/// The select with a further option at its end.
pub fn select_with(select: Select, last: Html) -> Html {
    let Select { id, label, choices, value, on, none, notes, required } = select;
    // The list's spelling of the value: a link or another answer may have used another case.
    let spelled = choices.iter().map(|c| &c.value).find(|v| v.eq_ignore_ascii_case(&value)).cloned();
    // A chosen resource that is not in the list (deleted, or not read yet) is kept and shown, not silently replaced.
    let stray = (spelled.is_none() && !value.is_empty()).then(|| value.clone());
    let current = spelled.unwrap_or(value);
    let option = |c: &Choice| {
        let text = match c.reason.as_ref().or(c.warning.as_ref()) {
            Some(note) => AttrValue::from(format!("{} — {}", c.label, visible(note))),
            None => c.label.clone(),
        };
        // Names of resources must not be translated.
        let untranslated = c.value.starts_with('/').then_some("no");
        html! { <option key={c.value.as_str()} translate={untranslated} value={c.value.clone()} selected={c.value == current} disabled={c.reason.is_some()}>{ text }</option> }
    };
    html! {
        <div class="vmr-field">
            { label_for(&id, &label, required) }
            <select id={id.clone()} disabled={notes.disabled()} {required} aria-describedby={notes.ids(&id)}
                aria-invalid={notes.invalid()} onchange={on.reform(|e: Event| chosen_of(&e))}>
                if let Some(none) = none { <option value="" selected={current.is_empty()}>{ none }</option> }
                if let Some(stray) = stray {
                    <option value={stray.clone()} selected={true}>{ format!("{} (not in the list)", isolated(last_segment(&stray))) }</option>
                }
                { each(choices.iter().map(option)) }
                { last }
            </select>
            { notes.below(&id) }
        </div>
    }
}

pub(super) fn last_segment(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    fn shown(value: &str) -> String {
        html_of(select(Select {
            id: "account".into(),
            label: "Staging storage account".into(),
            choices: vec![
                Choice::named("/subscriptions/s/storageAccounts/one", &["one", "West Europe", "", "Standard_LRS"]),
                Choice {
                    reason: Some("in another region".into()),
                    ..Choice::new("/subscriptions/s/storageAccounts/two", "two")
                },
            ],
            value: AttrValue::from(value.to_owned()),
            on: Callback::noop(),
            none: Some("Choose a storage account".into()),
            notes: FieldHints::default(),
            required: true,
        }))
    }

    #[test]
    fn the_unsuitable_is_listed_with_its_reason() {
        let html = shown("");
        assert!(html.contains("two — in another region"), "{html}");
        assert_eq!(html.matches("<option").count(), 3);
        assert_eq!(html.matches(" disabled").count(), 1, "{html}");
    }

    #[test]
    fn a_name_in_an_option_is_kept_apart_and_hides_nothing() {
        let label = |name: &str| Choice::named("v", &[name, "westeurope"]).label;
        assert_eq!(label("two"), "two · westeurope");
        assert_eq!(label("a\u{202e}b"), "\u{2068}a⟨U+202E⟩b\u{2069} · westeurope");
        let stray = shown("/subscriptions/s/storageAccounts/a\u{202e}b");
        assert!(stray.contains(">\u{2068}a⟨U+202E⟩b\u{2069} (not in the list)<"), "{stray}");
    }

    #[test]
    fn ids_are_compared_without_case_and_a_stray_choice_is_kept() {
        let html = shown("/SUBSCRIPTIONS/s/storageaccounts/ONE");
        assert!(!html.contains("not in the list") && html.contains("/one\" selected"), "{html}");
        assert!(shown("/subscriptions/s/storageAccounts/gone").contains("gone (not in the list)"));
    }
}
