//! A part of a page that is rendered anew only when what it shows has changed: for what is dear to render.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;
use yew::virtual_dom::VChild;

use crate::ui::translatable::translatable;

/// `view` of `what`; while `what` stays equal, what was rendered stays.
///
/// One component serves all: each component of its own would add a kilobyte to the page.
pub fn memo<T: PartialEq + 'static>(what: T, view: fn(&T) -> Html) -> Html {
    of(what, move |what, _| view(what))
}

/// The same, of what `gather` makes of `what` and of what it made before, which it gives back as long as that still holds.
pub fn gathered<T: PartialEq + 'static, G: 'static>(
    what: T,
    gather: fn(&T, Option<Rc<G>>) -> Rc<G>,
    view: fn(&T, &Rc<G>) -> Html,
) -> Html {
    of(what, move |what, kept| again(kept, what, gather, view))
}

fn again<T, G: 'static>(
    kept: &mut Kept,
    what: &T,
    gather: fn(&T, Option<Rc<G>>) -> Rc<G>,
    view: fn(&T, &Rc<G>) -> Html,
) -> Html {
    let before = kept.take().and_then(|before| before.downcast().ok());
    let gathered = gather(what, before);
    *kept = Some(gathered.clone());
    view(what, &gathered)
}

/// What was gathered before.
type Kept = Option<Rc<dyn Any>>;

fn of<T: PartialEq + 'static>(what: T, view: impl Fn(&T, &mut Kept) -> Html + 'static) -> Html {
    VChild::<Memo>::new(Props { part: Rc::new(Part { what, view }) }, None).into()
}

struct Part<T, V> {
    what: T,
    view: V,
}

trait Shown: Any {
    fn view(&self, kept: &mut Kept) -> Html;
    fn shows(&self, other: &dyn Any) -> bool;
}

impl<T: PartialEq + 'static, V: Fn(&T, &mut Kept) -> Html + 'static> Shown for Part<T, V> {
    fn view(&self, kept: &mut Kept) -> Html {
        (self.view)(&self.what, kept)
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

#[derive(Default)]
struct Memo {
    kept: RefCell<Kept>,
}

impl Component for Memo {
    type Message = ();
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self::default()
    }

    fn view(&self, context: &Context<Self>) -> Html {
        translatable(context.props().part.view(&mut self.kept.borrow_mut()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    #[test]
    fn what_is_equal_and_of_the_same_kind_stays() {
        let part =
            |what: u32| Props { part: Rc::new(Part { what, view: |n: &u32, _: &mut _| Html::from(n.to_string()) }) };
        let other = Props { part: Rc::new(Part { what: 1_i64, view: |_: &i64, _: &mut _| Html::default() }) };
        assert!(part(1) == part(1) && part(1) != part(2) && part(1) != other);
        assert_eq!(html_of(memo(7, |n| Html::from(n.to_string()))), "7");
    }

    #[test]
    fn what_was_gathered_is_handed_back() {
        let gather = |n: &u32, before: Option<Rc<u32>>| Rc::new(before.map_or(*n, |before| *before + *n));
        let part = |n: u32, kept: &mut Kept| html_of(again(kept, &n, gather, |_, sum| Html::from(sum.to_string())));
        let mut kept = None;
        assert_eq!([1, 2, 3].map(|n| part(n, &mut kept)), ["1", "3", "6"]);
        kept = Some(Rc::new("of another part"));
        assert_eq!(part(5, &mut kept), "5");
        assert_eq!(html_of(gathered(7, gather, |_, sum| Html::from(sum.to_string()))), "7");
    }
}
