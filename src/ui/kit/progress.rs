//! Progress bars.

use yew::prelude::*;

/// A progress bar. Without `percent` the progress is unknown. `left` and `right` are shown below it.
pub fn progress(label: &'static str, percent: Option<u8>, left: Html, right: Html) -> Html {
    let value = percent.map(|p| p.to_string());
    html! {
        <div class="vmr-bar">
            <progress max="100" {value} aria-label={label} />
            <p><span>{ left }</span><span>{ right }</span></p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    #[test]
    fn an_unknown_percentage_has_no_value() {
        assert!(!html_of(progress("Restore", None, Html::default(), Html::default())).contains("value="));
        assert!(html_of(progress("Restore", Some(100), Html::default(), Html::default())).contains("value=\"100\""));
    }
}
