//! Data forms, as they are filled in, shown and submitted.

use converse_wasm::{
    stanza::{Form, MAX_FIELDS, MAX_RESULT_FIELDS, MAX_VALUES, questions},
    xml::{Element, ns, read},
};

pub fn check(data: &[u8]) {
    let text = super::text_of(data);
    // Most of what is written is inside the form.
    let form = ["<x xmlns='jabber:x:data' type='form'>", &text, "</x>"].concat();
    if let Ok(x) = read(&form).or_else(|_| read(&text)) {
        is_sound(&x);
    }
}

/// What is true of every form.
pub fn is_sound(x: &Element) {
    let questions = questions(x);
    assert!(questions.len() <= MAX_FIELDS);
    for question in &questions {
        assert!(question.options.len() <= MAX_VALUES && question.field.values.len() <= MAX_VALUES);
        assert!(question.media.iter().all(|uri| !uri.is_empty()));
    }
    let (form, result) = (Form::decode(x), Form::decode_result(x));
    assert_eq!(form.is_some(), x.is("x", &ns::DATA_FORM));
    assert_eq!(result.is_some(), form.is_some());
    let (Some(form), Some(result)) = (form, result) else { return };
    assert!(form.fields.len() <= MAX_FIELDS && result.fields.len() <= MAX_RESULT_FIELDS);
    assert!(form.fields.iter().all(|field| field.values.len() <= MAX_VALUES));
    assert!(result.fields.iter().all(|field| field.var.is_some() && field.values.len() <= MAX_RESULT_FIELDS));
    assert_eq!(form.form_type(), form.values("FORM_TYPE").and_then(|values| values.first()).map(String::as_str));
    // What is submitted says of each field what the form says.
    let submitted = form.submit();
    let again = Form::decode(&submitted).expect("what is submitted is a form");
    let wanted = form.fields.iter().filter(|field| field.kind() != "fixed" && field.var.as_deref() != Some(""));
    let wanted: Vec<_> = wanted.filter_map(|field| Some((field.var.clone()?, field.values.clone()))).collect();
    let said: Vec<_> =
        again.fields.iter().map(|field| (field.var.clone().expect("a name"), field.values.clone())).collect();
    assert_eq!(said, wanted);
    assert_eq!(again.submit(), submitted);
    super::xml::is_sound(&submitted);
}
