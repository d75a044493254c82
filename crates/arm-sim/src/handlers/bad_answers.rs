//! Answers that a client must survive: HTML, truncated JSON, an oversized body, wrong types.

use crate::answer::Answer;
use crate::bodies::point;
use crate::faults::Fault;
use crate::simulator::Simulator;

const HTML: &str = "<!DOCTYPE html><html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1><p>HTTP Error 503. The service is unavailable.</p></body></html>";
/// The size of the oversized body.
const HUGE: usize = 10 << 20;

/// Replaces a good answer if the item is a sentinel for that.
pub(super) fn spoil(sim: &Simulator, item: usize, mut answer: Answer) -> Answer {
    match sim.world.items[item].fault {
        Some(Fault::HtmlError) => {
            answer.status = 503;
            answer.content_type = "text/html";
            answer.body = HTML.into();
        }
        Some(Fault::TruncatedJson) => answer.body.truncate(answer.body.len() * 3 / 5),
        Some(Fault::HugeAnswer) => {
            let body = String::from_utf8_lossy(&answer.body);
            let (head, tail) = body.split_at(body.len() - 1);
            answer.body = format!("{head},\"padding\":\"{}\"{tail}", "x".repeat(HUGE)).into();
        }
        Some(Fault::WrongTypes) => answer.body = point::wrong_types(&sim.world.items[item].id()).into(),
        _ => {}
    }
    answer
}
