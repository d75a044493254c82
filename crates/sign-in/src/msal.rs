//! Bindings to the parts of MSAL.js that are used: `PublicClientApplication` of `@azure/msal-browser` 5.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `PublicClientApplication`.
    pub type PublicClientApplication;

    // The script defines `msal` on the global object; the page loads it before this module's functions are called.
    #[wasm_bindgen(constructor, js_namespace = msal, catch)]
    pub fn new(configuration: &JsValue) -> Result<PublicClientApplication, JsValue>;

    #[wasm_bindgen(method)]
    pub fn initialize(this: &PublicClientApplication) -> Promise;

    #[wasm_bindgen(method, js_name = handleRedirectPromise)]
    pub fn handle_redirect_promise(this: &PublicClientApplication) -> Promise;

    #[wasm_bindgen(method, js_name = getAllAccounts)]
    pub fn get_all_accounts(this: &PublicClientApplication) -> Array;

    #[wasm_bindgen(method, js_name = acquireTokenSilent)]
    pub fn acquire_token_silent(this: &PublicClientApplication, request: &JsValue) -> Promise;

    #[wasm_bindgen(method, js_name = acquireTokenPopup)]
    pub fn acquire_token_popup(this: &PublicClientApplication, request: &JsValue) -> Promise;

    #[wasm_bindgen(method, js_name = acquireTokenRedirect)]
    pub fn acquire_token_redirect(this: &PublicClientApplication, request: &JsValue) -> Promise;

    #[wasm_bindgen(method, js_name = logoutRedirect)]
    pub fn logout_redirect(this: &PublicClientApplication, request: &JsValue) -> Promise;

    #[wasm_bindgen(method, js_name = addEventCallback)]
    pub fn add_event_callback(this: &PublicClientApplication, callback: &Function, types: &Array) -> JsValue;
}
