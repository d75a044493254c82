//! Every body that a supported call was answered with decodes.

use crate::{route::decoder, shared};
use azure_backup::arm::fault::{Fault, FaultKind};
use std::collections::BTreeMap;

#[test]
fn every_recorded_body_decodes() {
    let Some(dir) = recorded::traffic("recorded bodies") else { return };
    let scenarios = shared::scenarios(&dir);
    let (mut by_kind, mut errors, mut other, mut mismatches) =
        (BTreeMap::<&str, (usize, usize)>::new(), 0, 0, Vec::new());
    for (file, exchanges) in &scenarios {
        for exchange in exchanges {
            let place = || format!("{file}: {} {}", exchange.method, exchange.path());
            if exchange.status >= 400 {
                let fault = Fault::from_answer("", &exchange.answer);
                if fault.kind != FaultKind::Status || fault.code.is_empty() {
                    mismatches.push(format!("{}: {fault:?}", place()));
                }
                errors += 1;
                continue;
            }
            match decoder(&exchange.method, &exchange.path()).filter(|_| exchange.status == 200) {
                None => other += 1,
                Some((kind, read)) => match read(&exchange.answer) {
                    Ok(things) => {
                        let count = by_kind.entry(kind).or_default();
                        *count = (count.0 + 1, count.1 + things);
                    }
                    Err(fault) => mismatches.push(format!("{}: {}", place(), fault.message)),
                },
            }
        }
    }
    let decoded: usize = by_kind.values().map(|(answers, _)| answers).sum();
    let total: usize = scenarios.iter().map(|(_, exchanges)| exchanges.len()).sum();
    let kinds: Vec<String> =
        by_kind.iter().map(|(kind, (answers, things))| format!("{kind} {answers} ({things})")).collect();
    println!(
        "corpus bodies: {} files, {total} exchanges: {decoded} bodies decoded, {errors} errors read, {other} of calls we do not make, {} mismatches; answers (things): {}",
        scenarios.len(),
        mismatches.len(),
        kinds.join(", ")
    );
    assert_eq!(mismatches, Vec::<String>::new());
    assert!(scenarios.len() >= 27 && decoded > 400 && errors > 10 && by_kind.len() >= 12);
}
