//! What the program answered.

use std::process::Output;

use serde_json::Value;

/// The exit code and the JSON. Whatever it says, it did not panic and nobody killed it.
pub(crate) fn answer(output: &Output) -> (i32, Value) {
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!errors.contains("panicked"), "{errors}");
    let json = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}{errors}"));
    (output.status.code().unwrap(), json)
}

/// The exit code and the code of the error, which has a sentence beside it; one about the command may end in what was typed.
pub(crate) fn error_of(answer: &(i32, Value)) -> (i32, &str) {
    let error = &answer.1["error"];
    if error.is_object() && error["code"] != "usage" {
        assert!(error["text"].as_str().unwrap().ends_with('.'), "a sentence: {error}");
    }
    (answer.0, error["code"].as_str().unwrap_or("no error"))
}
