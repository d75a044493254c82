//! What the combobox's keys and clicks do.

use std::rc::Rc;

use yew::prelude::*;

use super::entry::{Entry, ResourceKind, entry, looks_like_id};
use super::rows::{Group, Row, Rows, VISIBLE, scrolled_to};
use crate::ui::kit::dom;
use crate::ui::kit::select::Select;

/// What the combobox shows besides its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct View {
    /// Whether the list is open.
    pub(super) open: bool,
    /// What is typed and does not stand for a value yet.
    pub(super) typed: Option<String>,
    /// The row that the keys have reached.
    pub(super) active: Option<usize>,
    /// Whether the unsuitable options are shown.
    pub(super) opened: bool,
    /// The scroll position of the list, in pixels.
    pub(super) top: i32,
    /// The height of a row, in pixels.
    pub(super) row: i32,
    /// What is wrong with the typed text.
    pub(super) wrong: Option<String>,
}

impl Default for View {
    fn default() -> Self {
        // The height that a row has in a browser whose text was not enlarged.
        Self { open: false, typed: None, active: None, opened: false, top: 0, row: 44, wrong: None }
    }
}

/// The combobox as it was last rendered, for its event handlers.
#[derive(Clone)]
pub(super) struct Control {
    /// What it shows.
    pub(super) view: UseStateHandle<View>,
    /// Options and value.
    pub(super) select: Rc<Select>,
    /// The rows of the list; none while it is closed.
    pub(super) rows: Rc<Rows>,
    kind: Option<ResourceKind>,
    done: Callback<()>,
}

impl Control {
    /// For a view of `select`.
    pub(super) fn new(
        view: UseStateHandle<View>,
        select: &Select,
        kind: Option<ResourceKind>,
        done: Callback<()>,
    ) -> Self {
        let mut control = Self { view, select: Rc::new(select.clone()), rows: Rc::default(), kind, done };
        if control.view.open {
            control.rows = Rc::new(control.found());
        }
        control
    }

    fn found(&self) -> Rows {
        let nothing = self.select.none.is_some() && !self.select.required;
        let typed = self.view.typed.as_deref().unwrap_or_default();
        Rows::find(&self.select.choices, typed, self.view.opened, nothing)
    }

    /// The index of the option that is chosen.
    pub(super) fn chosen(&self) -> Option<usize> {
        self.select.choices.iter().position(|choice| choice.value.eq_ignore_ascii_case(&self.select.value))
    }

    fn set(&self, change: impl FnOnce(&mut View)) {
        let mut view = (*self.view).clone();
        change(&mut view);
        self.view.set(view);
    }

    fn move_to(&self, at: Option<usize>) {
        self.set(|view| {
            view.active = at;
            view.top = at.map_or(0, |at| scrolled_to(at, view.top, view.row));
        });
    }

    /// Opens the list; false if it is open.
    pub(super) fn open_list(&self) -> bool {
        if !self.view.open {
            self.set(|view| (view.open, view.wrong) = (true, None));
        }
        !self.view.open
    }

    /// Opens the list at the chosen option, else at its first or last one.
    fn open_at(&self, end: bool) {
        let rows = self.found();
        let own = self.chosen().and_then(|index| rows.row_of(index));
        let at = own.or_else(|| if end { rows.last() } else { rows.first() });
        self.set(|view| {
            (view.open, view.wrong, view.active) = (true, None, at);
            view.top = at.map_or(0, |at| scrolled_to(at, 0, view.row));
        });
    }

    /// Closes the list.
    pub(super) fn close(&self) {
        self.set(close);
    }

    /// Takes a value, and tells only what has changed.
    fn take(&self, value: &str) {
        self.set(|view| {
            close(view);
            (view.typed, view.wrong) = (None, None);
        });
        self.tell(value);
        self.done.emit(());
    }

    fn tell(&self, value: &str) {
        if !self.select.value.eq_ignore_ascii_case(value) {
            self.select.on.emit(value.to_owned());
        }
    }

    /// What is typed comes to stand for a value, or is refused with the reason. `pasted` is the text if it was not rendered yet.
    pub(super) fn settle(&self, pasted: Option<String>, one_result: bool) {
        let Some(typed) = pasted.or_else(|| self.view.typed.clone()) else {
            if self.view.open {
                self.close();
            }
            return self.done.emit(());
        };
        match entry(&typed, &self.select.choices, self.kind, one_result) {
            Entry::Nothing => self.take(""),
            Entry::Value(value) => self.take(&value),
            Entry::Wrong(why) => {
                self.set(|view| {
                    close(view);
                    (view.typed, view.wrong) = (Some(typed), Some(why));
                });
                // The text in the field is no value, and a former value must not stay in the request unseen.
                self.tell("");
            }
        }
    }

    /// Chooses the option in row `at`.
    pub(super) fn pick(&self, at: usize) {
        match self.rows.rows.get(at) {
            Some(Row::Nothing) => self.take(""),
            Some(Row::Unsuitable) => self.set(|view| (view.opened, view.active) = (!view.opened, Some(at))),
            Some(Row::Option(_, Group::NotSuitable)) => self.move_to(Some(at)),
            Some(Row::Option(index, _)) => {
                if let Some(choice) = self.select.choices.get(*index) {
                    self.take(&choice.value);
                }
            }
            Some(Row::Heading(_)) | None => {}
        }
    }

    /// A key in the text field.
    pub(super) fn on_key(&self, e: &KeyboardEvent) {
        let (rows, active, open) = (&self.rows, self.view.active, self.view.open);
        let far = isize::try_from(VISIBLE).unwrap_or(isize::MAX);
        match e.key().as_str() {
            "ArrowDown" if e.alt_key() => drop(self.open_list()),
            "ArrowUp" if e.alt_key() => self.close(),
            "ArrowDown" if open => self.move_to(rows.step(active, 1)),
            "ArrowUp" if open => self.move_to(rows.step(active, -1)),
            "ArrowDown" => self.open_at(false),
            "ArrowUp" => self.open_at(true),
            "PageDown" if open => self.move_to(rows.step(active.or(Some(0)), far)),
            "PageUp" if open => self.move_to(rows.step(active.or(Some(0)), -far)),
            "Home" if active.is_some() => self.move_to(rows.first()),
            "End" if active.is_some() => self.move_to(rows.last()),
            "Enter" => match active {
                Some(at) => self.pick(at),
                None => self.settle(None, true),
            },
            "Escape" if open => self.close(),
            "Escape" if self.view.typed.is_some() => self.set(|view| (view.typed, view.wrong) = (None, None)),
            "ArrowLeft" | "ArrowRight" if active.is_some() => {
                // The keys move in the text again.
                return self.set(|view| view.active = None);
            }
            _ => return,
        }
        e.prevent_default();
    }

    /// A text was typed or pasted.
    pub(super) fn on_input(&self, e: &InputEvent) {
        let typed = dom::text_of(e);
        if self.kind.is_some() && e.input_type() == "insertFromPaste" && looks_like_id(&typed) {
            return self.settle(Some(typed), false);
        }
        self.set(|view| {
            (view.open, view.active, view.top) = (true, None, 0);
            (view.typed, view.wrong) = (Some(typed), None);
        });
    }

    /// The list was scrolled.
    pub(super) fn on_scroll(&self, top: i32) {
        if top != self.view.top {
            self.set(|view| view.top = top);
        }
    }
}

const fn close(view: &mut View) {
    (view.open, view.opened, view.active, view.top) = (false, false, None, 0);
}
