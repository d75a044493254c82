//! From the tree to a table of steps and an array of what fills its gaps, in the order in which the steps need them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::parse::{Attribute, Element, Given, If, Node, Nodes};

/// Attributes that are there or not there.
const FLAGS: [&str; 8] = ["autofocus", "disabled", "hidden", "multiple", "open", "readonly", "required", "selected"];

/// The whole of one `html!`.
pub(crate) fn root(nodes: &Nodes) -> TokenStream {
    match &nodes.0[..] {
        [] => quote! { ::yew::Html::default() },
        [Node::Value(value)] => quote! { ::vm_restore::ui::markup::Content::node({ #value }) },
        [Node::If(one)] => branch(one),
        [Node::Component(component)] => quote! { ::yew::html! { #component } },
        _ => {
            let mut table = Table::default();
            table.nodes(nodes);
            let Table { steps, slots } = table;
            quote! {{
                const STEPS: &[::vm_restore::ui::markup::Step] = &[#(#steps),*];
                ::vm_restore::ui::markup::build(STEPS, [#(#slots),*])
            }}
        }
    }
}

fn branch(one: &If) -> TokenStream {
    let If { condition, then, otherwise } = one;
    let (then, otherwise) = (root(then), root(otherwise));
    quote! { if #condition { #then } else { #otherwise } }
}

#[derive(Default)]
struct Table {
    steps: Vec<TokenStream>,
    slots: Vec<TokenStream>,
}

impl Table {
    fn nodes(&mut self, nodes: &Nodes) {
        nodes.0.iter().for_each(|node| self.node(node));
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Element(element) => self.element(element),
            Node::Fragment(children) => self.nodes(children),
            Node::Text(text) => self.steps.push(quote! { ::vm_restore::ui::markup::Step::Text(#text) }),
            Node::Component(component) => {
                self.gap(quote! { ::vm_restore::ui::markup::Slot::node(::yew::html! { #component }) });
            }
            Node::Value(value) => self.gap(quote! { ::vm_restore::ui::markup::Slot::node({ #value }) }),
            Node::Each(nodes) => self.gap(quote! { ::vm_restore::ui::markup::Slot::each({ #nodes }) }),
            Node::If(one) => {
                let branch = branch(one);
                self.gap(quote! { ::vm_restore::ui::markup::Slot::node(#branch) });
            }
        }
    }

    fn gap(&mut self, slot: TokenStream) {
        self.steps.push(quote! { ::vm_restore::ui::markup::Step::Gap });
        self.slots.push(slot);
    }

    fn element(&mut self, element: &Element) {
        let name = &element.name;
        let takes_input = matches!(name.value().as_str(), "input" | "textarea");
        let is_special = |a: &&Attribute| {
            let name = a.name.value();
            name.starts_with("on")
                || matches!(name.as_str(), "key" | "ref")
                || takes_input && matches!(name.as_str(), "value" | "checked")
        };
        let (special, plain): (Vec<&Attribute>, Vec<&Attribute>) = element.attributes.iter().partition(is_special);
        let attributes = self.attributes(&plain);
        self.slots.extend(special.iter().map(|a| extra(a)));
        let extras = special.len();
        self.steps.push(quote! {
            ::vm_restore::ui::markup::Step::Open(&::vm_restore::ui::markup::Tag {
                name: #name, attributes: #attributes, extras: #extras,
            })
        });
        self.nodes(&element.children);
        self.steps.push(quote! { ::vm_restore::ui::markup::Step::Close });
    }

    fn attributes(&mut self, plain: &[&Attribute]) -> TokenStream {
        let names = plain.iter().map(|a| &a.name);
        let fixed = plain.iter().map(|a| match &a.value {
            Given::Text(text) => Some(text),
            Given::Value(_) => None,
        });
        if let Some(texts) = fixed.clone().collect::<Option<Vec<_>>>() {
            return quote! {
                ::vm_restore::ui::markup::Given::Fixed(&[#((#names, ::yew::virtual_dom::AttributeOrProperty::Static(#texts))),*])
            };
        }
        let texts = fixed.map(|text| match text {
            Some(text) => quote! { ::core::option::Option::Some(#text) },
            None => quote! { ::core::option::Option::None },
        });
        for Attribute { name, value } in plain {
            if let Given::Value(value) = value {
                self.slots.push(if FLAGS.contains(&name.value().as_str()) {
                    quote! { ::vm_restore::ui::markup::Slot::flag(#name, { #value }) }
                } else {
                    quote! { ::vm_restore::ui::markup::Slot::attribute({ #value }) }
                });
            }
        }
        quote! { ::vm_restore::ui::markup::Given::Mixed { names: &[#(#names),*], texts: &[#(#texts),*] } }
    }
}

/// A listener, the key and the like.
fn extra(attribute: &Attribute) -> TokenStream {
    let name = attribute.name.value();
    let value = match &attribute.value {
        Given::Text(text) => quote! { #text },
        Given::Value(value) => quote! { { #value } },
    };
    match name.as_str() {
        "key" => quote! { ::vm_restore::ui::markup::Slot::Key(::core::convert::Into::into(#value)) },
        "ref" => quote! { ::vm_restore::ui::markup::Slot::Ref(#value) },
        "value" => quote! { ::vm_restore::ui::markup::Slot::attribute(#value) },
        "checked" => quote! { ::vm_restore::ui::markup::Slot::Checked(#value) },
        _ => {
            let event = Ident::new(&name, Span::call_site());
            quote! { ::vm_restore::ui::markup::Slot::Listener(::yew::html::#event::Wrapper::__macro_new(#value)) }
        }
    }
}
