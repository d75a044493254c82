use std::path::Path;

use super::*;

fn error(code: &str, message: &str) -> AuthError {
    AuthError { error_code: code.to_owned(), error_message: message.to_owned(), ..AuthError::default() }
}

#[test]
fn a_personal_account_is_told_what_it_is() {
    let told = error("invalid_scope", "invalid_scope: AADSTS70011: The provided value for scope is not valid.");
    assert!(told.sentence().starts_with("Personal Microsoft accounts"), "{}", told.sentence());
    assert!(told.sentence().ends_with("(invalid_scope, AADSTS70011)"), "{}", told.sentence());
}

#[test]
fn the_number_says_more_than_the_code() {
    assert_eq!(error("interaction_required", "AADSTS53003: blocked").remedy(), Remedy::Administrator);
    assert_eq!(error("interaction_required", "see aka.ms").remedy(), Remedy::Interaction);
    assert_eq!(error("interaction_required", "AADSTS1").remedy(), Remedy::Interaction);
    assert_eq!(error("no_such_code", "AADSTS: none").remedy(), Remedy::Again);
}

/// Meanings: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>. Signing in again does not help with any of these.
#[test]
fn conditional_access_devices_and_risk_are_told_as_what_they_are() {
    for (number, words) in [
        ("53000", "managed device"),
        ("53001", "managed device"),
        ("530003", "managed device"),
        ("50097", "managed device"),
        ("53002", "approved apps"),
        ("53003", "Conditional Access blocked this sign-in. Signing in again"),
        ("530035", "security defaults"),
        ("50131", "because of the device's state"),
        ("53004", "register for multi-factor"),
        ("53010", "register for multi-factor"),
        ("53011", "because of risk"),
        ("530034", "because of risk"),
        ("50135", "Change your password"),
    ] {
        let told = error("interaction_required", &format!("AADSTS{number}: No.\r\nTrace ID: 0"));
        let sentence = told.sentence();
        assert_eq!(told.remedy(), Remedy::Administrator, "{number}");
        assert!(sentence.contains(words) && sentence.contains(number), "{number}: {sentence}");
        assert!(!sentence.contains("Sign in again"), "{number}: {sentence}");
    }
}

#[test]
fn of_a_number_that_nobody_knows_here_entras_own_words_are_told_and_nothing_is_promised() {
    for code in ["interaction_required", "invalid_grant", "access_denied", "no_such_code"] {
        let message =
            "AADSTS59999999: The moon is not full. Wait for it. Trace ID: 1 Correlation ID: 2\r\nTimestamp: 3";
        let sentence = error(code, message).sentence();
        assert!(sentence.contains("“The moon is not full. Wait for it.”"), "{sentence}");
        assert!(
            sentence.contains("code=59999999") && sentence.ends_with(&format!("({code}, AADSTS59999999)")),
            "{sentence}"
        );
        assert!(
            !sentence.contains("ign in again") && !sentence.contains("Trace") && !sentence.contains("expired"),
            "{sentence}"
        );
    }
    let wordless = error("interaction_required", "AADSTS59999999");
    assert!(
        wordless.sentence().contains("AADSTS59999999") && !wordless.sentence().contains("ign in again"),
        "{}",
        wordless.sentence()
    );
}

#[test]
fn no_code_or_number_has_two_rows() {
    for table in [CODES, NUMBERS] {
        let mut all: Vec<&str> = table.iter().flat_map(|(names, ..)| *names).copied().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}

/// Codes that only a bug in this program or in MSAL.js can cause, or that belong to features that are not used: SSH keys, bound
/// and native tokens. A code that is new in a later MSAL.js has to be added here or to a row.
const INTERNAL_CODES: &str = "ear_jwk_empty ear_jwe_empty empty_navigate_uri silent_prompt_value_error unable_to_load_token invalid_public_jwk \
    uninitialized_public_client_application invalid_pop_token_request unsupported_token_binding_algorithm token_binding_key_algorithm_mismatch \
    token_binding_key_jwk_thumbprint_mismatch failed_to_build_headers failed_to_parse_headers failed_to_decrypt_ear_response \
    stubbed_public_client_application_called unsupported_method client_info_decoding_error client_info_empty_error token_parsing_error \
    multiple_matching_tokens request_cannot_be_made cannot_remove_empty_scope cannot_append_scopeset invalid_cache_record \
    invalid_cache_environment unexpected_credential_type dpop_token_type_mismatch token_claims_cnf_required_for_signedjwt \
    binding_key_not_removed key_id_missing method_not_implemented invalid_claims token_request_empty logout_request_empty \
    invalid_code_challenge_method pkce_params_missing missing_ssh_jwk missing_ssh_kid unsupported_authentication_scheme \
    missing_nonce_authentication_header invalid_authentication_header invalid_dpop_htm invalid_dpop_htu invalid_dpop_nonce \
    dpop_missing_resource_context unexpected_error missing_kid_error missing_alg_error missing_jwk_error invalid_jwk_error";

#[test]
fn every_code_of_the_installed_msal_is_thought_of() {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../node_modules/@azure");
    let lists = [
        ("msal-browser", "BrowserAuthErrorCodes"),
        ("msal-browser", "BrowserConfigurationAuthErrorCodes"),
        ("msal-common", "AuthErrorCodes"),
        ("msal-common", "CacheErrorCodes"),
        ("msal-common", "ClientAuthErrorCodes"),
        ("msal-common", "ClientConfigurationErrorCodes"),
        ("msal-common", "InteractionRequiredAuthErrorCodes"),
        ("msal-common", "JoseHeaderErrorCodes"),
    ];
    if !packages.join("msal-browser").exists() {
        eprintln!("SKIPPED every_code_of_the_installed_msal_is_thought_of: `npm ci` has not installed MSAL.js");
        return;
    }
    let mut seen = 0;
    for (package, list) in lists {
        let text =
            std::fs::read_to_string(packages.join(package).join("types/error").join(format!("{list}.d.ts"))).unwrap();
        for code in
            text.split('"').skip(1).step_by(2).filter(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        {
            seen += 1;
            let known = CODES.iter().any(|(codes, ..)| codes.contains(&code));
            let internal = INTERNAL_CODES.split_whitespace().any(|internal| internal == code);
            assert!(known != internal, "{list}: {code} is in {}", if known { "both" } else { "neither" });
        }
    }
    assert!(seen > 100, "only {seen} codes were found");
}
