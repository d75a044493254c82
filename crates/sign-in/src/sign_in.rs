//! The object that the page uses: one configured sign-in.

use std::cell::RefCell;

use js_sys::{Array, Error, Function, Object, Promise, Reflect};
use serde_wasm_bindgen::{Serializer, from_value};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::account::{Account, AccountsInUse, Signed};
use crate::messages::{AuthError, Remedy};
use crate::msal::PublicClientApplication;
use crate::request::{How, TokenRequest};
use crate::settings::Settings;

/// The `sessionStorage` key of the tenant that the operator has switched to.
const TENANT: &str = "vm-restore/tenant";
/// The `sessionStorage` key of the account in use.
const ACCOUNT: &str = "vm-restore/account";

/// Makes a panic a JavaScript error with its message and place. Runs when the module is loaded.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| wasm_bindgen::throw_str(&panic.to_string())));
}

/// A configured sign-in. Every promise rejects with an `Error` whose message is for the operator and whose name says which remedy
/// helps: `cancelled`, `interaction`, `popup`, `again` or `administrator`.
#[wasm_bindgen]
pub struct SignIn {
    msal: PublicClientApplication,
    settings: Settings,
    /// The account in use, as MSAL's own object.
    account: RefCell<Option<JsValue>>,
    tenant: RefCell<Option<String>>,
    /// The id token; undefined until a token was requested.
    id_token: RefCell<JsValue>,
    /// Rejects the pending sign-in when called with an error.
    reject_pending: RefCell<Option<Function>>,
    /// The window of the pending sign-in.
    popup: std::rc::Rc<RefCell<Option<web_sys::Window>>>,
    _opened: Closure<dyn Fn(JsValue)>,
}

#[wasm_bindgen]
impl SignIn {
    /// Creates a sign-in from the settings (`{clientId, authority, tenant, scope, protocol}`) and handles the answer of a redirect.
    /// `page` is the URL of the page without its hash, `folder` the URL of its folder.
    ///
    /// # Errors
    /// See [`SignIn`].
    pub async fn open(settings: JsValue, page: String, folder: String) -> Result<SignIn, JsValue> {
        let settings: Settings = from_value(settings)?;
        let configuration = js(&settings.configuration(&page, &folder))?;
        let msal = PublicClientApplication::new(&configuration).map_err(error_for_page)?;
        JsFuture::from(msal.initialize()).await.map_err(error_for_page)?;
        let popup = std::rc::Rc::new(RefCell::new(None));
        let opened = {
            let popup = popup.clone();
            Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| *popup.borrow_mut() = opened_window(&event))
        };
        msal.add_event_callback(opened.as_ref().unchecked_ref(), &Array::of1(&"msal:popupOpened".into()));
        let sign_in = Self {
            msal,
            settings,
            account: RefCell::default(),
            tenant: RefCell::new(remembered(TENANT)),
            id_token: RefCell::default(),
            reject_pending: RefCell::default(),
            popup,
            _opened: opened,
        };
        let answer = JsFuture::from(sign_in.msal.handle_redirect_promise()).await.map_err(error_for_page)?;
        if answer.is_null() {
            sign_in.remember_account();
        } else {
            sign_in.store_account(&answer)?;
        }
        Ok(sign_in)
    }

    /// `{account?, accounts}` as JSON text: the account in use, and all accounts that have signed in in this tab.
    ///
    /// # Errors
    /// See [`SignIn`].
    #[wasm_bindgen(js_name = accountsInUse)]
    pub fn accounts_in_use(&self) -> Result<String, JsValue> {
        let account = self.account.borrow().clone().and_then(|account| from_value::<Account>(account).ok());
        let mut accounts: Vec<Account> =
            self.msal.get_all_accounts().iter().filter_map(|one| from_value(one).ok()).collect();
        accounts.dedup_by(|a, b| a.home_account_id == b.home_account_id);
        let account = account.map(|account| Account { tenant_id: self.tenant_of(&account), ..account });
        let text = js_sys::JSON::stringify(&js(&AccountsInUse { account, accounts })?)?;
        Ok(text.into())
    }

    /// Signs in: `how` is `silent`, `popup` or `redirect`. `claims` are the claims that Azure demands of the token, `tenant` the tenant to
    /// switch to, `account` MSAL's id of the account to use; an empty id lets the operator choose.
    ///
    /// # Errors
    /// See [`SignIn`]. A redirect leaves the page and does not return.
    #[wasm_bindgen(js_name = signIn)]
    pub async fn sign_in(
        &self,
        how: String,
        claims: Option<String>,
        tenant: Option<String>,
        account: Option<String>,
    ) -> Result<String, JsValue> {
        let how = How::from_name(&how);
        let choose = account.as_deref() == Some("");
        let own = match account.as_deref() {
            Some("") => None,
            Some(id) => self.account_of(id),
            None => self.account.borrow().clone(),
        };
        // Another account starts in the configured tenant.
        let tenant = tenant.or_else(|| if account.is_some() { None } else { self.tenant.borrow().clone() });
        let request = TokenRequest {
            scopes: vec![self.settings.scope.clone()],
            authority: self.settings.authority_of(tenant.as_deref()),
            force_refresh: how == How::Silent && claims.is_none() && account.is_none(),
            claims,
            prompt: choose.then_some("select_account"),
            override_interaction_in_progress: how == How::Popup,
        };
        let request = js(&request)?;
        if let Some(own) = &own {
            Reflect::set(&request, &"account".into(), own)?;
        }
        let answer = match how {
            How::Silent => JsFuture::from(self.msal.acquire_token_silent(&request)).await,
            How::Popup => self.unless_given_up(self.msal.acquire_token_popup(&request)).await,
            How::Redirect => {
                remember(TENANT, tenant.as_deref());
                JsFuture::from(self.msal.acquire_token_redirect(&request)).await
            }
        };
        // Until the answer arrives, tokens are those of the previous account, because a request that is about to leave belongs to it.
        let before = self.tenant.borrow().clone();
        let taken = answer.map_err(error_for_page).and_then(|answer| {
            *self.tenant.borrow_mut() = tenant;
            self.store_account(&answer)
        });
        if taken.is_err() {
            *self.tenant.borrow_mut() = before;
        }
        remember(TENANT, self.tenant.borrow().as_deref());
        taken?;
        self.accounts_in_use()
    }

    /// A token for Azure Resource Manager, from MSAL's cache; MSAL renews it before it expires.
    ///
    /// # Errors
    /// See [`SignIn`].
    pub async fn token(&self) -> Result<String, JsValue> {
        let request = js(&TokenRequest {
            scopes: vec![self.settings.scope.clone()],
            authority: self.settings.authority_of(self.tenant.borrow().as_deref()),
            ..TokenRequest::default()
        })?;
        if let Some(own) = &*self.account.borrow() {
            Reflect::set(&request, &"account".into(), own)?;
        }
        let answer = JsFuture::from(self.msal.acquire_token_silent(&request)).await.map_err(error_for_page)?;
        *self.id_token.borrow_mut() = Reflect::get(&answer, &"idToken".into())?;
        Ok(from_value::<Signed>(answer)?.access_token)
    }

    /// Stops waiting for the sign-in window, and closes it if the browser allows that.
    pub fn cancel(&self) {
        if let Some(reject_pending) = self.reject_pending.borrow_mut().take() {
            let cancelled = AuthError { error_code: "user_cancelled".to_owned(), ..AuthError::default() };
            // Calling a promise's own function cannot fail.
            let _ = reject_pending.call1(&JsValue::UNDEFINED, &error_of(&cancelled));
        }
        if let Some(popup) = self.popup.borrow_mut().take() {
            // A window that has been navigated to another origin may stay open; its answer is ignored.
            let _ = popup.close();
        }
    }

    /// Signs out here and at the authority; the browser leaves the page and returns.
    ///
    /// # Errors
    /// See [`SignIn`].
    #[wasm_bindgen(js_name = signOut)]
    pub async fn sign_out(&self) -> Result<(), JsValue> {
        remember(TENANT, None);
        remember(ACCOUNT, None);
        let request = Object::new();
        if let Some(own) = &*self.account.borrow() {
            Reflect::set(&request, &"account".into(), own)?;
        }
        // It tells the authority who signs out and that the browser should return.
        Reflect::set(&request, &"idTokenHint".into(), &self.id_token.borrow())?;
        JsFuture::from(self.msal.logout_redirect(&request)).await.map(drop).map_err(error_for_page)
    }
}

impl SignIn {
    /// Stores who has signed in.
    fn store_account(&self, answer: &JsValue) -> Result<(), JsValue> {
        let account = Reflect::get(answer, &"account".into())?;
        let known: Account = from_value(account.clone())?;
        if known.is_personal() {
            let error = AuthError { error_message: "AADSTS50020".to_owned(), ..AuthError::default() };
            return Err(error_of(&error));
        }
        remember(ACCOUNT, Some(&known.home_account_id));
        *self.account.borrow_mut() = Some(account);
        Ok(())
    }

    /// After a reload: restores the account that was in use.
    fn remember_account(&self) {
        *self.account.borrow_mut() = remembered(ACCOUNT).and_then(|id| self.account_of(&id));
    }

    fn account_of(&self, id: &str) -> Option<JsValue> {
        let is = |account: &JsValue| from_value::<Account>(account.clone()).is_ok_and(|a| a.home_account_id == id);
        self.msal.get_all_accounts().iter().find(is)
    }

    /// The tenant in use: the one switched to, else the account's, else the configured one.
    fn tenant_of(&self, account: &Account) -> String {
        let own = Some(&account.tenant_id).filter(|id| !id.is_empty()).unwrap_or(&self.settings.tenant);
        self.tenant.borrow().as_ref().unwrap_or(own).clone()
    }

    /// The answer of the popup, unless the operator cancels first: MSAL.js does not notice that a window was closed.
    async fn unless_given_up(&self, answer: Promise) -> Result<JsValue, JsValue> {
        self.cancel();
        let given_up = Promise::new(&mut |_, reject| *self.reject_pending.borrow_mut() = Some(reject));
        let answer = JsFuture::from(Promise::race(&Array::of2(&answer, &given_up))).await;
        self.reject_pending.borrow_mut().take();
        self.popup.borrow_mut().take();
        answer
    }
}

fn js(value: &impl serde::Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}

/// Converts whatever was thrown into the `Error` for the page.
fn error_for_page(thrown: JsValue) -> JsValue {
    // Ours already.
    let name = Reflect::get(&thrown, &"name".into()).ok().and_then(|name| name.as_string());
    if name.as_deref() == Some(Remedy::Cancelled.name()) {
        return thrown;
    }
    let mut error = from_value::<AuthError>(thrown.clone()).unwrap_or_default();
    if error.error_code.is_empty() {
        error.error_code = name.unwrap_or_default();
    }
    error_of(&error)
}

fn error_of(error: &AuthError) -> JsValue {
    let made = Error::new(&error.sentence());
    made.set_name(error.remedy().name());
    made.into()
}

/// The window of an `msal:popupOpened` event.
fn opened_window(event: &JsValue) -> Option<web_sys::Window> {
    let payload = Reflect::get(event, &"payload".into()).ok()?;
    // Not `dyn_into`: a window of another origin is not an instance of this window's class.
    let window = Reflect::get(&payload, &"popupWindow".into()).ok().filter(JsValue::is_object)?;
    Some(window.unchecked_into())
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok()?
}

fn remembered(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// If the browser forbids storage, the choice is forgotten on reload; the sign-in itself works.
fn remember(key: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    let _ = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}
