//! Choosing one of many resources: every one is in the list; those that cannot be taken are disabled and say why.

use crate::restore::visible::{isolated, visible};
use yew::prelude::*;

use super::dom::chosen_of;
use super::notes::{Notes, label_for};

/// One choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The value, an ARM id where it is a resource.
    pub value: AttrValue,
    /// What the list shows, with what is not seen made visible.
    pub label: AttrValue,
    /// Why it cannot be chosen.
    pub reason: Option<AttrValue>,
}

impl Choice {
    /// A choice that can be taken; its label is words.
    pub fn new(value: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Self {
        let label: AttrValue = label.into();
        Self { value: value.into(), label: visible(&label).into_owned().into(), reason: None }
    }

    /// The choice of a resource: names that Azure has given, one after another. An option of a list takes no elements,
    /// so that each is kept apart by marks of direction.
    pub fn named(value: impl Into<AttrValue>, names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().filter(|name| !name.is_empty()).map(|name| isolated(name)).collect();
        Self { value: value.into(), label: names.join(" · ").into(), reason: None }
    }
}

/// A select, as it is to be shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Select {
    /// Id of the control.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// The choices.
    pub choices: Vec<Choice>,
    /// The one taken; compared without regard to case, as ARM ids are.
    pub value: AttrValue,
    /// Told the value of the choice.
    pub on: Callback<String>,
    /// Shown first, for none; absent = some choice is always taken.
    pub none: Option<AttrValue>,
    /// What stands below it.
    pub notes: Notes,
    /// Whether a choice must be made.
    pub required: bool,
}

/// The select.
pub fn select(select: Select) -> Html {
    let Select { id, label, choices, value, on, none, notes, required } = select;
    // The value as the list spells it: the state may have it from a link or from another answer, in other case.
    let spelled = choices.iter().map(|c| &c.value).find(|v| v.eq_ignore_ascii_case(&value)).cloned();
    // A chosen resource that the list lacks (deleted, or not read yet) is kept and shown, not silently replaced.
    let stray = (spelled.is_none() && !value.is_empty()).then(|| value.clone());
    let current = spelled.unwrap_or(value);
    let option = |c: &Choice| {
        let text = match &c.reason {
            Some(reason) => AttrValue::from(format!("{} — {}", c.label, visible(reason))),
            None => c.label.clone(),
        };
        // The name of a resource is no word of a language.
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
                { for choices.iter().map(option) }
            </select>
            { notes.below(&id) }
        </div>
    }
}

fn last_segment(id: &str) -> &str {
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
            notes: Notes::default(),
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
