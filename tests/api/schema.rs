//! Holds an answer to the schema that the OpenAPI document gives of it. As much
//! of JSON Schema as that document uses; keys that no schema names are refused.

use serde_json::Value;

/// What of `value` is not as the schema says, each with its place.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "$", &mut found);
    found
}

fn check(document: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#'));
        let target = target.unwrap_or_else(|| panic!("{reference} is not in the document"));
        return check(document, target, value, place, found);
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[key].as_array() {
            let fits = choices.iter().filter(|choice| faults(document, choice, value).is_empty()).count();
            let wanted = if key == "oneOf" { fits == 1 } else { fits >= 1 };
            if !wanted {
                found.push(format!("{place}: fits {fits} of {key}: {value}"));
            }
            return;
        }
    }
    if let Some(kinds) = kinds(schema)
        && !kinds.iter().any(|kind| is(value, kind))
    {
        found.push(format!("{place}: {value} is not {kinds:?}"));
        return;
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        found.push(format!("{place}: {value} is not one of {allowed:?}"));
    }
    if let (Some(pattern), Some(text)) = (schema["pattern"].as_str(), value.as_str())
        && !matches(pattern, text)
    {
        found.push(format!("{place}: {text} is not {pattern}"));
    }
    if let Some(items) = value.as_array() {
        for (index, item) in items.iter().enumerate() {
            check(document, &schema["items"], item, &format!("{place}[{index}]"), found);
        }
    }
    if let Some(object) = value.as_object() {
        let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
        for key in required.iter().filter_map(Value::as_str).filter(|key| !object.contains_key(*key)) {
            found.push(format!("{place}: {key} is missing"));
        }
        for (key, item) in object {
            match schema["properties"].get(key) {
                Some(property) => check(document, property, item, &format!("{place}.{key}"), found),
                None if schema.get("properties").is_some() => {
                    found.push(format!("{place}: {key} is not described"));
                }
                None => {}
            }
        }
    }
}

fn kinds(schema: &Value) -> Option<Vec<&str>> {
    match &schema["type"] {
        Value::String(kind) => Some(vec![kind]),
        Value::Array(kinds) => Some(kinds.iter().filter_map(Value::as_str).collect()),
        _ => None,
    }
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("unknown type {other}"),
    }
}

/// The few patterns of the document.
fn matches(pattern: &str, text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match pattern {
        "^[0-9]{9}$" => text.len() == 9 && digits(text),
        "^[0-9a-f]{64}$" => {
            text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        }
        r"^-?[0-9]+\.[0-9]{2}$" => {
            text.trim_start_matches('-').split_once('.').is_some_and(|(whole, cents)| {
                !whole.is_empty() && digits(whole) && cents.len() == 2 && digits(cents)
            })
        }
        word => word == format!("^{text}$"),
    }
}

#[test]
fn finds_what_is_wrong() {
    let schema = serde_json::json!({"type": "object", "required": ["a"], "properties": {
        "a": {"type": "string", "pattern": "^[0-9]{9}$"}, "b": {"type": ["string", "null"], "enum": ["x"]}}});
    let wrong = |value: Value| faults(&Value::Null, &schema, &value).len();
    assert_eq!(wrong(serde_json::json!({"a": "219900107"})), 0);
    assert_eq!(wrong(serde_json::json!({"a": "21990010"})), 1);
    assert_eq!(wrong(serde_json::json!({"b": "y", "c": 1})), 3);
    assert_eq!(wrong(serde_json::json!([])), 1);
}
