//! One choice of a few, each with a sentence.

use yew::prelude::*;

use super::described;
use super::field::below;

/// One card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its value.
    pub value: &'static str,
    /// Its name, and the radio button's.
    pub title: &'static str,
    /// What it means.
    pub text: AttrValue,
    /// Why it cannot be chosen.
    pub reason: Option<AttrValue>,
}

/// Properties of [`Cards`].
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Id of the group; also the name of its radio buttons.
    pub id: AttrValue,
    /// The group's name.
    pub legend: AttrValue,
    /// The cards.
    pub cards: Vec<Card>,
    /// The one chosen.
    pub value: Option<AttrValue>,
    /// Told the value of the card.
    pub on: Callback<String>,
    /// What is wrong with the choice.
    #[prop_or_default]
    pub error: Option<AttrValue>,
}

/// A group of radio buttons with explanations.
#[component]
pub fn Cards(props: &Props) -> Html {
    let Props { id, legend, cards, value, on, error } = props.clone();
    let card = |card: &Card| {
        let this = format!("{id}-{}", card.value);
        let describedby =
            described(&[card.reason.is_some().then(|| format!("{this}-reason")), Some(format!("{this}-text"))]);
        let onchange = {
            let value = card.value;
            on.reform(move |_: Event| value.to_owned())
        };
        html! {
            <div class="vmr-card" key={card.value}>
                <input type="radio" id={this.clone()} name={id.clone()} value={card.value} checked={value.as_deref() == Some(card.value)}
                    disabled={card.reason.is_some()} aria-describedby={describedby} {onchange} />
                <label for={this.clone()}>{ card.title }</label>
                if let Some(reason) = &card.reason { <p class="vmr-reason" id={format!("{this}-reason")}>{ reason }</p> }
                <p class="vmr-hint" id={format!("{this}-text")}>{ &card.text }</p>
            </div>
        }
    };
    html! {
        <fieldset id={id.clone()} role="radiogroup" tabindex="-1" aria-describedby={error.is_some().then(|| format!("{id}-error"))}>
            <legend>{ &legend }</legend>
            <div class="vmr-cards">{ for cards.iter().map(card) }</div>
            { below(&id, None, None, error) }
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::render;
    use super::*;

    #[test]
    fn a_card_that_cannot_be_chosen_says_why() {
        let html = render::<Cards>(Props {
            id: "scenario".into(),
            legend: "What to restore".into(),
            cards: vec![
                Card { value: "disks", title: "Restore disks", text: "Creates disks.".into(), reason: None },
                Card {
                    value: "replace",
                    title: "Replace disks",
                    text: "Swaps disks.".into(),
                    reason: Some("The source is gone.".into()),
                },
            ],
            value: Some("disks".into()),
            on: Callback::noop(),
            error: None,
        });
        assert!(html.contains("aria-describedby=\"scenario-replace-reason scenario-replace-text\""), "{html}");
        assert_eq!(html.matches(" disabled").count(), 1);
        assert_eq!(html.matches(" checked").count(), 1);
    }
}
