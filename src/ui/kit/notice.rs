//! A notice: what happened, and everything that support will ask for.

use yew::prelude::*;

use super::Tone;
use super::facts::facts_wide;
use super::icon::icon;
use super::id_text;
use super::name::with_plain_names;

/// Whether a screen reader announces the notice when it appears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Voice {
    /// It is read when the reader reaches it.
    #[default]
    Quiet,
    /// It is announced at once (`role=alert`).
    Alert,
    /// It is a remark beside the text (`role=note`).
    Note,
}

/// The title of a notice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Title(Html);

impl Title {
    /// A sentence of ours whose names are [quoted](crate::restore::effect_sentence::quoted).
    pub fn with_names(sentence: &str) -> Self {
        Self(with_plain_names(sentence))
    }
}

impl<T: Into<AttrValue>> From<T> for Title {
    fn from(text: T) -> Self {
        let text: AttrValue = text.into();
        Self(html! { text })
    }
}

/// What a notice says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notice {
    /// Color and icon.
    pub tone: Tone,
    /// Whether a screen reader announces it.
    pub voice: Voice,
    /// What happened, in a few words.
    pub title: Title,
    /// What it means and what to do.
    pub body: Html,
    /// Code, ids and the like: name and value.
    pub details: Vec<(AttrValue, AttrValue)>,
    /// Buttons, if any.
    pub actions: Option<Html>,
}

/// The notice.
pub fn notice(notice: Notice) -> Html {
    let Notice { tone, voice, title, body, details, actions } = notice;
    let role = match voice {
        Voice::Quiet => None,
        Voice::Alert => Some("alert"),
        Voice::Note => Some("note"),
    };
    let details = details.into_iter().map(|(name, value)| (name, id_text(value)));
    html! {
        <div class="vmr-notice" data-tone={tone.name()} {role}>
            { icon(tone.into()) }
            <div>
                <p class="vmr-title">{ title.0 }</p>
                { body }
                if details.len() > 0 { { facts_wide(details) } }
                if let Some(actions) = actions { <div class="vmr-actions">{ actions }</div> }
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    #[test]
    fn an_alert_keeps_every_detail() {
        let html = html_of(notice(Notice {
            tone: Tone::Bad,
            voice: Voice::Alert,
            title: "Azure refused".into(),
            details: vec![("Code".into(), "CloudInvalidInputError".into()), ("Request ID".into(), "8f1c".into())],
            ..Notice::default()
        }));
        assert!(html.contains("role=\"alert\""), "{html}");
        assert!(
            html.contains("<dt>Request ID</dt>") && html.contains("8f1c") && html.contains("CloudInvalidInputError"),
            "{html}"
        );
        assert!(!html.contains("style="), "the content policy refuses style attributes: {html}");
    }
}
