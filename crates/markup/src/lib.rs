//! [`html!`] in Yew's syntax. Yew's own macro compiles each element to code of its own, some 350 bytes of it; the page
//! has hundreds. This one compiles what never changes to a table in the data, which one function of the page's
//! `ui::markup` reads, and only what changes to code.
//!
//! Understood are elements with attributes (`name="text"`, `name={value}`, `{name}`), listeners, `key` and `ref`;
//! fragments; `{ value }`; `{ for iterator }`; `if` and `if let` with `else`; and components, which are Yew's own.

mod parse;
mod write;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Makes a `yew::Html`.
#[proc_macro]
pub fn html(input: TokenStream) -> TokenStream {
    let nodes = parse_macro_input!(input as parse::Nodes);
    write::root(&nodes).into()
}
