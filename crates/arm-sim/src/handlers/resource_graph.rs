//! `POST /providers/Microsoft.ResourceGraph/resources`: a query about the resources of many subscriptions

use serde_json::Value;

use super::find;
use crate::answer::Answer;
use crate::base64;
use crate::errors::{ArmError, Refused};
use crate::graph::cell::Cell;
use crate::graph::evaluate::{self, Rows, Unresolved};
use crate::graph::index::Question;
use crate::graph::lexer::{Failure, Place};
use crate::graph::parser;
use crate::graph::tables::View;
use crate::moment;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{array, fill, member, quote, same};
use crate::token;
use crate::version::Version;

const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1_000;
const RESULT: &str = r#"{"totalRecords":@0,"count":@1,"data":@2,"facets":[],"resultTruncated":"$3"@4}"#;
/// As recorded, line ends and all: an offset, not a cursor.
const TOKEN: &str = "{\r\n  \"$id\": \"1\",\r\n  \"MaxRows\": @0,\r\n  \"RowsToSkip\": @1,\r\n  \"KustoClusterUrl\": \"https://arg-weu-four-sf.arg.core.windows.net\"\r\n}";
const MESSAGE: &str = "Please provide below info when asking for support: timestamp = $0, correlationId = $1.";
const DETAIL: &str = r#"{"code":"$0","message":"$1"}"#;
const INVALID: &str = "Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.";
const PARSER: &str = r#"{"code":"ParserFailure","message":"ParserFailure","line":@0,"characterPositionInLine":@1,"token":"$2","expectedToken":"Ǐ"}"#;
const THROTTLED: &str = "Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.";
/// What properties are written with: the newest that the simulator has.
const VERSION: &str = "2026-10-01";

/// Whether a request is a query.
pub(crate) fn is_query(ask: &SimRequest) -> bool {
    ask.segments.get(1).is_some_and(|s| same(s, "Microsoft.ResourceGraph"))
}

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    if sim.settings.graph_denied {
        return Err(find::denied("/providers/Microsoft.ResourceGraph", "Microsoft.ResourceGraph/resources/read"));
    }
    let (left, resets_after) = sim.index.spend(sim.clock);
    let limited = |answer: Answer| {
        let remaining = left.unwrap_or_default().to_string();
        answer
            .with("x-ms-ratelimit-remaining-tenant-resource-requests", remaining.clone())
            .with("x-ms-user-quota-remaining", remaining)
            .with("x-ms-user-quota-resets-after", format!("00:00:{resets_after:02}"))
    };
    let answer = match left {
        None => Err(refuse(sim, 429, "RateLimiting", vec![fill(DETAIL, &["RateLimiting", THROTTLED])])),
        Some(_) => answer(sim, ask),
    };
    Ok(limited(answer.unwrap_or_else(Answer::from)))
}

fn answer(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let body = ask.json()?;
    let options = &body["options"];
    let query = body["query"].as_str().unwrap_or_default().to_owned();
    let parsed = parser::parse(&query).map_err(|failure| invalid(sim, &failure))?;
    let subscriptions = scope(sim, ask, &body)?;
    let (top, skip) = page(sim, options)?;
    let indexed = sim.index.indexed(sim.clock);
    let hidden_vaults = sim.settings.hidden_vaults.clone();
    let question =
        Question { query, subscriptions: subscriptions.clone(), indexed, hidden_vaults, role: sim.settings.role };
    let kept = match sim.index.result(&question) {
        Some(kept) => kept,
        None => {
            let version = Version::parse(VERSION).unwrap_or_else(|| ask.version.clone());
            let view = View { sim, subscriptions, indexed, version };
            let rows = evaluate::run(&parsed, &view).map_err(|Unresolved(name)| {
                invalid(sim, &Failure { place: Place { line: 1, character: 0 }, token: name })
            })?;
            sim.index.keep(question, rows)
        }
    };
    let rows = &kept.1;
    let total = rows.cells.len();
    let end = total.min(skip.saturating_add(top));
    let shown = rows.cells.get(skip.min(end)..end).unwrap_or_default();
    // Without an id there is no order to go on in: the rest is cut.
    let goes_on = end < total && rows.columns.iter().any(|column| column == "id");
    let token = goes_on.then(|| quote(&base64::encode(fill(TOKEN, &[&top.to_string(), &end.to_string()]).as_bytes())));
    let is_table = options["resultFormat"].as_str().is_some_and(|format| same(format, "table"));
    let data = if is_table { table(rows, shown) } else { objects(rows, shown) };
    let truncated = if end < total && !goes_on { "true" } else { "false" };
    let (count, total) = (shown.len().to_string(), total.to_string());
    let body = fill(RESULT, &[&total, &count, &data, truncated, &member("$skipToken", token)]);
    Ok(Answer::ok(body).with("x-ms-resource-graph-request-duration", "0:00:00:00.0971728"))
}

/// The subscriptions that a query is about: those that the body names, or all, if the caller may read them.
fn scope(sim: &Simulator, ask: &SimRequest, body: &Value) -> Result<Vec<&'static str>, Refused> {
    let tenant = token::tenant(ask.header("authorization"));
    let readable = sim.world.subscriptions().iter().filter(|s| tenant.is_none_or(|t| t.id == s.tenant.id));
    if body["managementGroups"].as_array().is_some_and(|groups| !groups.is_empty()) {
        return Err(ArmError::not_simulated("management groups"));
    }
    let named: Vec<&str> = body["subscriptions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let wanted = |id: &str| named.is_empty() || named.iter().any(|n| same(n, id));
    let found: Vec<_> = readable.map(|s| s.id).filter(|id| wanted(id)).collect();
    if found.is_empty() {
        let message = format!(
            "There must be at least one subscription that is eligible to contain resources. Given: '{}'.",
            named.join(", ")
        );
        let detail = fill(DETAIL, &["NoValidSubscriptionsInQueryRequest", &message]);
        return Err(refuse(sim, 400, "BadRequest", vec![detail]));
    }
    Ok(found)
}

/// The size of the page, and how many rows come before it. A token has both; the options go before it.
fn page(sim: &Simulator, options: &Value) -> Result<(usize, usize), Refused> {
    let bad = |what: &str| {
        let detail = fill(DETAIL, &["InvalidQueryOptions", &format!("The option '{what}' is not valid.")]);
        refuse(sim, 400, "BadRequest", vec![detail])
    };
    let number = |value: &Value| value.as_u64().and_then(|n| usize::try_from(n).ok());
    let option = |name: &str| match &options[name] {
        Value::Null => Ok(None),
        value => number(value).map(Some).ok_or_else(|| bad(name)),
    };
    let token = match &options["$skipToken"] {
        Value::Null => None,
        token => {
            let read = token.as_str().and_then(base64::decode).and_then(|t| serde_json::from_slice::<Value>(&t).ok());
            let both = read.and_then(|t| Some((number(&t["MaxRows"])?, number(&t["RowsToSkip"])?)));
            Some(both.ok_or_else(|| bad("$skipToken"))?)
        }
    };
    let (top, skip) = (option("$top")?, option("$skip")?);
    let top = top.or(token.map(|(top, _)| top)).unwrap_or(PAGE);
    if !(1..=LARGEST_PAGE).contains(&top) {
        return Err(bad("$top"));
    }
    Ok((top, skip.or(token.map(|(_, skip)| skip)).unwrap_or_default()))
}

fn objects(rows: &Rows, shown: &[Vec<Cell>]) -> String {
    let names: Vec<String> = rows.columns.iter().map(|name| quote(name)).collect();
    let mut out = String::from("[");
    for (nth, cells) in shown.iter().enumerate() {
        out.push_str(if nth == 0 { "{" } else { ",{" });
        for (nth, (name, cell)) in names.iter().zip(cells).enumerate() {
            if nth > 0 {
                out.push(',');
            }
            out.push_str(name);
            out.push(':');
            cell.write(&mut out);
        }
        out.push('}');
    }
    out.push(']');
    out
}

fn table(rows: &Rows, shown: &[Vec<Cell>]) -> String {
    let kind = |at: usize| rows.cells.iter().find_map(|cells| cells.get(at)?.type_name()).unwrap_or("string");
    let columns = rows.columns.iter().enumerate();
    let columns = columns.map(|(at, name)| fill(r#"{"name":"$0","type":"$1"}"#, &[name, kind(at)]));
    let written = shown.iter().map(|cells| {
        array(cells.iter().map(|cell| {
            let mut out = String::new();
            cell.write(&mut out);
            out
        }))
    });
    fill(r#"{"columns":@0,"rows":@1}"#, &[&array(columns), &array(written)])
}

fn invalid(sim: &Simulator, failure: &Failure) -> Refused {
    let Failure { place: Place { line, character }, token } = failure;
    let parser = fill(PARSER, &[&line.to_string(), &character.to_string(), token]);
    refuse(sim, 400, "BadRequest", vec![fill(DETAIL, &["InvalidQuery", INVALID]), parser])
}

/// Resource Graph's refusal: what it is about stands in the details.
fn refuse(sim: &Simulator, status: u16, code: &'static str, details: Vec<String>) -> Refused {
    let id = crate::pseudo_random::guid(sim.world.seed, &format!("made-{}", sim.world.changes.count));
    let mut refused = ArmError::gateway(status, code, fill(MESSAGE, &[&moment::iso(sim.clock), &id]));
    refused.details = details;
    refused
}
