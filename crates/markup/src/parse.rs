//! From tokens to a tree.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Block, Expr, Ident, LitStr, Token, braced, token};

/// What stands between two tags.
pub(crate) struct Nodes(pub(crate) Vec<Node>);

pub(crate) enum Node {
    Element(Element),
    /// `<>…</>`: its children stand for themselves.
    Fragment(Nodes),
    /// `<Component …/>`, as it was written.
    Component(TokenStream),
    Text(LitStr),
    Value(TokenStream),
    Each(TokenStream),
    If(If),
}

pub(crate) struct Element {
    pub(crate) name: LitStr,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) children: Nodes,
}

pub(crate) struct Attribute {
    pub(crate) name: LitStr,
    pub(crate) value: Given,
}

pub(crate) enum Given {
    Text(LitStr),
    Value(TokenStream),
}

pub(crate) struct If {
    pub(crate) condition: Expr,
    pub(crate) then: Nodes,
    pub(crate) otherwise: Nodes,
}

impl Parse for Nodes {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        // A lone expression needs no braces.
        if !input.is_empty() && !input.peek(Token![<]) && !input.peek(Token![if]) && !input.peek(token::Brace) {
            return Ok(Self(vec![value(input.parse()?)]));
        }
        let mut nodes = Vec::new();
        while !(input.is_empty() || ends(input)) {
            nodes.push(input.parse()?);
        }
        Ok(Self(nodes))
    }
}

impl Parse for Node {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![if]) {
            return Ok(Self::If(input.parse()?));
        }
        if input.peek(token::Brace) {
            let inside;
            braced!(inside in input);
            if inside.peek(Token![for]) {
                inside.parse::<Token![for]>()?;
                return Ok(Self::Each(inside.parse()?));
            }
            return Ok(value(inside.parse()?));
        }
        if input.peek2(Token![>]) {
            input.parse::<Token![<]>()?;
            input.parse::<Token![>]>()?;
            let children = input.parse()?;
            input.parse::<Token![<]>()?;
            input.parse::<Token![/]>()?;
            input.parse::<Token![>]>()?;
            return Ok(Self::Fragment(children));
        }
        if is_component(input) {
            return component(input).map(Self::Component);
        }
        Ok(Self::Element(input.parse()?))
    }
}

/// Whether a closing tag follows.
fn ends(input: ParseStream<'_>) -> bool {
    input.peek(Token![<]) && input.peek2(Token![/])
}

fn value(tokens: TokenStream) -> Node {
    match syn::parse2::<LitStr>(tokens.clone()) {
        Ok(text) => Node::Text(text),
        Err(_) => Node::Value(tokens),
    }
}

/// Whether a path or a name in capitals follows the `<`.
fn is_component(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let name = ahead.parse::<Token![<]>().and_then(|_| ahead.call(Ident::parse_any));
    ahead.peek(Token![::]) || name.is_ok_and(|name| name.to_string().starts_with(char::is_uppercase))
}

/// The tokens to the `/>`; a component here has no children.
fn component(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    loop {
        if input.peek(Token![/]) && input.peek2(Token![>]) {
            input.parse::<Token![/]>()?.to_tokens(&mut tokens);
            input.parse::<Token![>]>()?.to_tokens(&mut tokens);
            return Ok(tokens);
        }
        input.parse::<TokenTree>()?.to_tokens(&mut tokens);
    }
}

impl Parse for Element {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.parse::<Token![<]>()?;
        let name = dashed(input)?;
        let mut attributes = Vec::new();
        while !input.peek(Token![>]) && !input.peek(Token![/]) {
            attributes.push(input.parse()?);
        }
        if input.peek(Token![/]) {
            input.parse::<Token![/]>()?;
            input.parse::<Token![>]>()?;
            return Ok(Self { name, attributes, children: Nodes(Vec::new()) });
        }
        input.parse::<Token![>]>()?;
        let mut children = Vec::new();
        while !ends(input) {
            if input.is_empty() {
                return Err(syn::Error::new(name.span(), format!("<{}> is not closed", name.value())));
            }
            children.push(input.parse()?);
        }
        input.parse::<Token![<]>()?;
        input.parse::<Token![/]>()?;
        let end = dashed(input)?;
        input.parse::<Token![>]>()?;
        if end.value() != name.value() {
            return Err(syn::Error::new(end.span(), format!("</{}> closes <{}>", end.value(), name.value())));
        }
        Ok(Self { name, attributes, children: Nodes(children) })
    }
}

impl Parse for Attribute {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(token::Brace) {
            let inside;
            braced!(inside in input);
            let name: Ident = inside.parse()?;
            let value = Given::Value(name.to_token_stream());
            return Ok(Self { name: LitStr::new(&name.to_string(), name.span()), value });
        }
        let name = dashed(input)?;
        input.parse::<Token![=]>()?;
        if input.peek(LitStr) {
            return Ok(Self { name, value: Given::Text(input.parse()?) });
        }
        let value: Block = input.parse()?;
        let stmts = &value.stmts;
        Ok(Self { name, value: Given::Value(quote::quote! { #(#stmts)* }) })
    }
}

/// `aria-label`, `div`, `type`.
fn dashed(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let first = input.call(Ident::parse_any)?;
    let mut name = first.unraw().to_string();
    while input.peek(Token![-]) {
        input.parse::<Token![-]>()?;
        name.push('-');
        name.push_str(&input.call(Ident::parse_any)?.to_string());
    }
    Ok(LitStr::new(&name, first.span()))
}

impl Parse for If {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.parse::<Token![if]>()?;
        let condition = Expr::parse_without_eager_brace(input)?;
        let inside;
        braced!(inside in input);
        let then = inside.parse()?;
        let otherwise = if !input.peek(Token![else]) {
            Nodes(Vec::new())
        } else {
            input.parse::<Token![else]>()?;
            if input.peek(Token![if]) {
                Nodes(vec![Node::If(input.parse()?)])
            } else {
                let inside;
                braced!(inside in input);
                inside.parse()?
            }
        };
        Ok(Self { condition, then, otherwise })
    }
}
