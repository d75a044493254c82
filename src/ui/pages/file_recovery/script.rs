//! The script as the operator gets it: its name, its password, the file or the address, and the command.

use std::rc::Rc;

use azure_backup::arm::id::ArmId;
use yew::prelude::*;

use crate::app::file_recovery::{FilesMsg, command};
use crate::app::msg::Msg;
use crate::restore::file_recovery::HiddenText;
use crate::restore::file_recovery::script::{RecoveryScript, ScriptSource};
use crate::ui::kit::code::code;
use crate::ui::kit::facts::facts_wide;
use crate::ui::kit::{button, id_text, small_button};
use crate::ui::pages::PageContext;
use crate::ui::translatable::translatable;

/// The panel.
pub(super) fn script_panel(view: &PageContext, point: &ArmId, script: &Rc<RecoveryScript>) -> Html {
    let file = &script.file_name;
    let copy_name = small_button("Copy", "Copy the file name".to_owned(), view.on_click(Msg::Copy(file.clone())));
    let copy = view.on_click(Msg::Files(FilesMsg::CopyPassword(point.clone())));
    let password = match &script.password {
        Some(password) => html! { <Password key={file.clone()} password={password.clone()} {copy} /> },
        None => html! { "This script's name contains no password." },
    };
    let line = command(script);
    let run = |label: &'static str| code(label, line.clone(), view.on_click(Msg::Copy(line.clone())));
    let get = match &script.source {
        ScriptSource::Link(url) => html! {
            <>
                <p>{ "Download the program and save it under exactly this file name: the program reads its settings from its name. A browser can't rename a download from another site, so the name has to be typed or pasted, or PowerShell can do it:" }</p>
                { run("the PowerShell command") }
                <div class="vmr-actions"><a class="vmr-button" href={url.clone()} target="_blank" rel="noreferrer">{ "Download the program" }</a></div>
                <p class="vmr-hint">{ "From " }{ id_text(url.clone()) }</p>
                <p>{ "Run it as an administrator and type the password when it asks." }</p>
            </>
        },
        ScriptSource::Text(_) => html! {
            <>
                <div class="vmr-actions">{ button("Save the script", "vmr-primary", view.on_click(Msg::Files(FilesMsg::SaveScript(point.clone())))) }</div>
                <p>{ "The saved script doesn't contain the password: it asks for it. If your browser saved it under another name, rename it. Then run:" }</p>
                { run("the command") }
            </>
        },
    };
    html! {
        <section class="vmr-panel">
            <h2>{ if script.windows { "Script for Windows" } else { "Script for Linux" } }</h2>
            { facts_wide([
                ("File name".into(), html! { <>{ id_text(file.clone()) }{ " " }{ copy_name }</> }),
                ("Password".into(), password),
            ]) }
            <p class="vmr-hint">{ "The password is kept only in this tab's memory: it's gone when you reload or close the tab, sign out, or stop the recovery." }</p>
            { get }
        </section>
    }
}

/// The properties of [`Password`].
#[derive(PartialEq, Properties)]
struct PasswordProps {
    /// The password.
    password: HiddenText,
    /// Copies it.
    copy: Callback<MouseEvent>,
}

/// The password, which is no part of the page until it is asked for.
#[component]
fn Password(PasswordProps { password, copy }: &PasswordProps) -> Html {
    let shown = use_state(|| false);
    let (label, what) = if *shown { ("Hide", "Hide the password") } else { ("Show", "Show the password") };
    let toggle = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(!*shown))
    };
    translatable(html! {
        <>
            if *shown { { id_text(password.expose().to_owned()) } } else { <span>{ "Hidden" }</span> }
            { " " }{ small_button(label, what.to_owned(), toggle) }
            { " " }{ small_button("Copy", "Copy the password".to_owned(), copy.clone()) }
        </>
    })
}
