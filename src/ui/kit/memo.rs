//! A part of a page that is rendered anew only when what it shows has changed: for what is dear to render.

use std::any::Any;
use std::rc::Rc;

use yew::prelude::*;
use yew::virtual_dom::VChild;

/// `view` of `what`; while `what` stays equal, what was rendered stays.
///
/// One component serves all: each component of its own would add a kilobyte to the page.
pub fn memo<T: PartialEq + 'static>(what: T, view: fn(&T) -> Html) -> Html {
    VChild::<Memo>::new(Props { part: Rc::new(Part { what, view }) }, None).into()
}

struct Part<T> {
    what: T,
    view: fn(&T) -> Html,
}

trait Shown: Any {
    fn view(&self) -> Html;
    fn shows(&self, other: &dyn Any) -> bool;
}

impl<T: PartialEq + 'static> Shown for Part<T> {
    fn view(&self) -> Html {
        (self.view)(&self.what)
    }

    fn shows(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<Self>().is_some_and(|other| other.what == self.what)
    }
}

#[derive(Properties)]
struct Props {
    part: Rc<dyn Shown>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        let other: &dyn Any = &*other.part;
        self.part.shows(other)
    }
}

struct Memo;

impl Component for Memo {
    type Message = ();
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, context: &Context<Self>) -> Html {
        context.props().part.view()
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    #[test]
    fn what_is_equal_and_of_the_same_kind_stays() {
        let part = |what: u32| Props { part: Rc::new(Part { what, view: |n| Html::from(n.to_string()) }) };
        let other = Props { part: Rc::new(Part { what: 1_i64, view: |_| Html::default() }) };
        assert!(part(1) == part(1) && part(1) != part(2) && part(1) != other);
        assert_eq!(html_of(memo(7, |n| Html::from(n.to_string()))), "7");
    }
}
