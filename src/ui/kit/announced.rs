//! A text that a screen reader is told once, when it has not changed for a moment.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use yew::platform::spawn_local;
use yew::platform::time::sleep;
use yew::prelude::*;

use crate::ui::translatable::translatable;

/// Typing has rested for so long.
const REST: Duration = Duration::from_millis(500);

/// The properties of [`Announced`].
#[derive(PartialEq, Properties)]
pub struct AnnouncedProps {
    /// What is told; empty = nothing.
    pub text: String,
}

/// A polite live region, which is always there and is filled when `text` has rested: results of a search, errors of a field.
#[component]
pub fn Announced(AnnouncedProps { text }: &AnnouncedProps) -> Html {
    let said = use_state(String::new);
    use_effect_with(text.clone(), {
        let said = said.clone();
        move |text: &String| {
            let (text, wanted) = (text.clone(), Rc::new(Cell::new(true)));
            let still = wanted.clone();
            spawn_local(async move {
                sleep(REST).await;
                if still.get() {
                    said.set(text);
                }
            });
            move || wanted.set(false)
        }
    });
    translatable(html! { <span class="vmr-hidden" role="status">{ (*said).clone() }</span> })
}
