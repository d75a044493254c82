//! Icons beside words, never instead of them. Their shapes differ, so that they can be told apart without color.

use yew::prelude::*;

use super::Tone;

/// A picture, 16 × 16 px.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A check mark in a circle.
    Good,
    /// A triangle with an exclamation mark.
    Warning,
    /// An octagon with a cross.
    Bad,
    /// An i in a circle.
    Info,
    /// A broken ring that turns.
    Busy,
    /// A ring with a dash.
    Neutral,
    /// Nothing found.
    Empty,
    /// A list can be opened.
    Open,
    /// Something can be removed.
    Remove,
    /// The smallest value comes first.
    Ascending,
    /// The largest value comes first.
    Descending,
}

impl From<Tone> for Icon {
    fn from(tone: Tone) -> Self {
        match tone {
            Tone::Info => Self::Info,
            Tone::Good => Self::Good,
            Tone::Warning => Self::Warning,
            Tone::Bad => Self::Bad,
            Tone::Busy => Self::Busy,
            Tone::Neutral => Self::Neutral,
        }
    }
}

impl Icon {
    /// Outline and mark, as SVG paths.
    const fn paths(self) -> (&'static str, &'static str) {
        const CIRCLE: &str = "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13";
        match self {
            Self::Good => (CIRCLE, "M5 8.2l2.1 2.1L11 6"),
            Self::Warning => ("M8 1.8L15 14H1z", "M8 6v4M8 11.7v.5"),
            Self::Bad => ("M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2z", "M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6"),
            Self::Info => (CIRCLE, "M8 7v4.2M8 4.6v.5"),
            Self::Busy => ("M8 1.5a6.5 6.5 0 1 1-6.5 6.5", ""),
            Self::Neutral => (CIRCLE, "M5 8h6"),
            Self::Empty => ("M6.8 1.8a5 5 0 1 0 0 10a5 5 0 1 0 0-10", "M10.4 10.4l4 4"),
            Self::Open => ("M4 6l4 4 4-4", ""),
            Self::Remove => ("M4.5 4.5l7 7", "M11.5 4.5l-7 7"),
            Self::Ascending => ("M8 13V3", "M4.5 6.5L8 3l3.5 3.5"),
            Self::Descending => ("M8 3v10", "M4.5 9.5L8 13l3.5-3.5"),
        }
    }
}

/// The icon. It is hidden from screen readers, which read the words beside it.
pub fn icon(icon: Icon) -> Html {
    let (outline, mark) = icon.paths();
    html! {
        <svg class={(icon == Icon::Busy).then_some("vmr-spin")} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"
            fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">
            <path d={outline} />
            if !mark.is_empty() { <path d={mark} /> }
        </svg>
    }
}
