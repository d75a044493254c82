//! The bar of a step: it stays at the bottom of the window, and never covers what has the focus (`www/styles/app.css`).

use yew::prelude::*;

use crate::ui::kit::each;

/// A field that is left to fill: its name, its address, and what a click on the link does.
pub struct FieldLeft {
    /// Its label.
    pub name: &'static str,
    /// The address of its page.
    pub href: String,
    /// Leads to it.
    pub on: Callback<MouseEvent>,
}

/// The bar: the way back, what there is to know, and the action.
pub fn action_bar(back: String, about: Html, actions: Html) -> Html {
    html! {
        <div class="vmr-action-bar" role="group" aria-label="Actions">
            <a class="vmr-button" href={back}>{ "Back" }</a>
            <div class="vmr-about">{ about }</div>
            <div class="vmr-actions">{ actions }</div>
        </div>
    }
}

/// `2 fields left:` and a link to each of them; nothing if none is left.
pub fn fields_left(fields: Vec<FieldLeft>) -> Html {
    let count = match fields.len() {
        0 => return Html::default(),
        1 => "1 field left:".to_owned(),
        n => format!("{n} fields left:"),
    };
    let one =
        |FieldLeft { name, href, on }: FieldLeft| html! { <li key={name}><a {href} onclick={on}>{ name }</a></li> };
    html! {
        <>
            <span id="fields-left">{ count }</span>
            <ul aria-labelledby="fields-left">{ each(fields.into_iter().map(one)) }</ul>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    fn left(names: &[&'static str]) -> String {
        let field = |name: &&'static str| FieldLeft { name, href: "#/form".to_owned(), on: Callback::noop() };
        html_of(fields_left(names.iter().map(field).collect()))
    }

    #[test]
    fn each_field_that_is_left_is_a_link() {
        assert_eq!(left(&[]), "");
        assert!(left(&["Subnet"]).contains(">1 field left:<"));
        let html = left(&["Subnet", "Virtual network"]);
        assert!(html.contains(">2 fields left:<") && html.matches("<a href=\"#/form\">").count() == 2, "{html}");
    }
}
