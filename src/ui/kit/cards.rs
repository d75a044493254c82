//! Radio buttons, each with an explanation.

use yew::prelude::*;

use super::field_hints::FieldHints;
use crate::ui::kit::each;

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

/// A group of cards.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cards {
    /// Id of the group; also the name of its radio buttons.
    pub id: AttrValue,
    /// The group's name.
    pub legend: AttrValue,
    /// The cards.
    pub cards: Vec<Card>,
    /// The one chosen.
    pub value: Option<AttrValue>,
    /// Receives the value of the chosen card.
    pub on: Callback<String>,
    /// The notes below the group.
    pub notes: FieldHints,
}

/// The group: radio buttons with explanations.
pub fn cards(group: Cards) -> Html {
    let Cards { id, legend, cards, value, on, notes } = group;
    let card = |card: &Card| {
        let this = format!("{id}-{}", card.value);
        let own = FieldHints { hint: Some(card.text.clone()), reason: card.reason.clone(), ..FieldHints::default() };
        let disabled = card.reason.is_some() || notes.disabled();
        let onchange = {
            let value = card.value;
            on.reform(move |_: Event| value.to_owned())
        };
        html! {
            <div class="vmr-card" key={card.value}>
                <input type="radio" id={this.clone()} name={id.clone()} value={card.value} checked={value.as_deref() == Some(card.value)}
                    {disabled} aria-describedby={own.ids(&this)} {onchange} />
                <label for={this.clone()}>{ card.title }</label>
                { own.below(&this) }
            </div>
        }
    };
    html! {
        <fieldset id={id.clone()} tabindex="-1" aria-describedby={notes.ids(&id)}>
            <legend>{ &legend }</legend>
            <div class="vmr-cards">{ each(cards.iter().map(card)) }</div>
            { notes.below(&id) }
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    #[test]
    fn a_card_that_cannot_be_chosen_says_why() {
        let html = html_of(cards(Cards {
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
            ..Cards::default()
        }));
        assert!(html.contains("aria-describedby=\"scenario-replace-reason scenario-replace-hint\""), "{html}");
        assert_eq!(html.matches(" disabled").count(), 1);
        assert_eq!(html.matches(" checked").count(), 1);
    }
}
