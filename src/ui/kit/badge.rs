//! A state in words, with an icon whose shape says the same.

use yew::prelude::*;

use super::Tone;
use super::icon::icon;

/// The state `text`.
pub fn badge(tone: Tone, text: impl Into<AttrValue>) -> Html {
    let text: AttrValue = text.into();
    html! { <span class="vmr-badge" data-tone={tone.name()}>{ icon(tone.into()) }{ text }</span> }
}

/// A plain label, such as a tier.
pub fn tag(text: impl Into<AttrValue>) -> Html {
    let text: AttrValue = text.into();
    html! { <span class="vmr-tag">{ text }</span> }
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    #[test]
    fn a_badge_says_it_in_words_and_shape() {
        let good = html_of(badge(Tone::Good, "Healthy"));
        let bad = html_of(badge(Tone::Bad, "Unhealthy"));
        assert!(good.contains("Healthy") && good.contains("aria-hidden=\"true\""), "{good}");
        let path = |html: &str| html.split("<path").nth(1).map(str::to_owned);
        assert_ne!(path(&good), path(&bad));
    }
}
