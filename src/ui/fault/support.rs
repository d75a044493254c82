//! Who helps: `support` of `config.json`, in every error.

use yew::prelude::*;

use crate::app::config::Support;
use crate::ui::kit::each;
use crate::ui::translatable::translatable;

/// Name, telephone number and link of the support; nothing if the configuration names none.
///
/// It takes them from the context that [`App`](crate::ui::App) provides, so that no error can leave them out.
#[component]
pub fn SupportLine() -> Html {
    let Some(Support { name, url, phone }) = use_context::<Support>().filter(|of| !of.name.is_empty()) else {
        return translatable(Html::default());
    };
    let who = if url.is_empty() {
        html! { name }
    } else {
        html! { <a href={url} target="_blank" rel="noreferrer">{ name }</a> }
    };
    let call = (!phone.is_empty()).then(|| {
        let number: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        html! { <>{ ", " }<a class="vmr-nowrap" href={format!("tel:{number}")}>{ phone }</a></> }
    });
    translatable(html! { <p>{ "Support: " }{ who }{ each(call) }</p> })
}

#[cfg(test)]
mod tests {
    use super::super::super::kit::test::html_of;
    use super::*;

    fn shown(support: Support) -> String {
        html_of(html! { <ContextProvider<Support> context={support}><SupportLine /></ContextProvider<Support>> })
    }

    #[test]
    fn the_support_is_named_with_its_ways() {
        assert_eq!(shown(Support::default()), "");
        let support = Support { name: "Desk".into(), url: "https://d.example".into(), phone: "+1 (555) 0".into() };
        let html = shown(support.clone());
        assert!(html.contains("href=\"https://d.example\"") && html.contains("href=\"tel:+15550\""), "{html}");
        assert!(!shown(Support { url: String::new(), phone: String::new(), ..support }).contains("<a"));
    }
}
