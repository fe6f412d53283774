//! Data forms: read, read from hostile hands, and filled in (XEP-0004).

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use converse_wasm::{
    stanza::{Field, Form, MAX_FIELDS, MAX_RESULT_FIELDS, MAX_VALUES},
    xml::ns,
};

use support::pattern::stanza;

fn decode(fields: &str) -> Form {
    Form::decode(&stanza(&format!("<x xmlns='jabber:x:data' type='form'>{fields}</x>"))).unwrap()
}

#[test]
fn decode_a_form() {
    let form = decode(
        "<title>Configuration</title><instructions>Fill in</instructions>\
         <field type='hidden' var='FORM_TYPE'><value>urn:example</value></field>\
         <field type='fixed'><value>For people</value></field>\
         <field type='boolean' var='a' label='A'><value>1</value></field>\
         <field type='list-multi' var='b'><option label='One'><value>1</value></option>\
         <option><value>2</value></option><value>1</value><value>2</value></field>\
         <field var='c'/>",
    );
    let field = |var: Option<&str>, kind: Option<&str>, values: &[&str]| Field {
        var: var.map(str::to_owned),
        kind: kind.map(str::to_owned),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    let expected = [
        field(Some("FORM_TYPE"), Some("hidden"), &["urn:example"]),
        field(None, Some("fixed"), &["For people"]),
        field(Some("a"), Some("boolean"), &["1"]),
        field(Some("b"), Some("list-multi"), &["1", "2"]),
        field(Some("c"), None, &[]),
    ];
    assert_eq!(form.fields, expected);
    let kinds: Vec<_> = form.fields.iter().map(Field::kind).collect();
    assert_eq!(kinds, ["hidden", "fixed", "boolean", "list-multi", "text-single"]);
    assert_eq!(form.form_type(), Some("urn:example"));
    assert_eq!(form.values("b").unwrap(), ["1", "2"]);
    assert_eq!(form.values("d"), None);
    let query = stanza("<query xmlns='urn:example'><x xmlns='jabber:x:data'><field var='a'/></x></query>");
    assert_eq!(Form::find(&query).unwrap().fields.len(), 1);
}

#[test]
fn decode_what_is_hostile() {
    assert_eq!(Form::decode(&stanza("<x xmlns='urn:example'><field var='a'/></x>")), None);
    assert_eq!(Form::decode(&stanza("<form xmlns='jabber:x:data'/>")), None);
    let form = decode("<field var='' type=''><value xmlns='urn:example'>1</value></field><field xmlns='urn:example'/>");
    assert_eq!(form.fields, [Field { var: Some(String::new()), kind: Some(String::new()), values: Vec::new() }]);
    assert_eq!(form.submit(), stanza("<x xmlns='jabber:x:data' type='submit'/>"));
    let many: String = (0..MAX_FIELDS + 5).map(|n| format!("<field var='{n}'/>")).collect();
    assert_eq!(decode(&many).fields.len(), MAX_FIELDS);
    let values = "<value/>".repeat(MAX_VALUES + 5);
    assert_eq!(decode(&format!("<field var='a'>{values}</field>")).fields[0].values.len(), MAX_VALUES);
    // Names that mean something elsewhere mean nothing here.
    let form = decode("<field var='__proto__'><value>x</value></field><field var='constructor'/>");
    assert_eq!(form.values("__proto__").unwrap(), ["x"]);
}

#[test]
fn decode_what_only_tells_something() {
    let told = |fields: &str| {
        let x = stanza(&format!("<x xmlns='jabber:x:data' type='result'>{fields}</x>"));
        Form::decode_result(&x).unwrap().fields
    };
    let fields = told("<field type='fixed'><value>For people</value></field><field var='a'/><field var=''/>");
    let names: Vec<_> = fields.iter().map(|field| field.var.as_deref()).collect();
    assert_eq!(names, [Some("a"), Some("")]);
    assert_eq!(Form::decode_result(&stanza("<form xmlns='jabber:x:data'/>")), None);
    let many: String = (0..MAX_RESULT_FIELDS + 5).map(|n| format!("<field/><field var='{n}'/>")).collect();
    assert_eq!(told(&many).len(), MAX_RESULT_FIELDS);
    let values = "<value/>".repeat(MAX_RESULT_FIELDS + 5);
    assert_eq!(told(&format!("<field var='a'>{values}</field>"))[0].values.len(), MAX_RESULT_FIELDS);
}

#[test]
fn encode_what_is_filled_in() {
    let form = Form {
        fields: vec![
            Field::form_type(&ns::MAM),
            Field { var: None, kind: Some("fixed".to_owned()), values: vec!["For people".to_owned()] },
            Field {
                var: Some("label".to_owned()),
                kind: Some("fixed".to_owned()),
                values: vec!["For people".to_owned()],
            },
            Field::new("a", vec!["<1>".to_owned(), "2".to_owned()]),
            Field::new("b", Vec::new()),
        ],
    };
    let expected = "<x xmlns='jabber:x:data' type='submit'>\
        <field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>\
        <field var='a'><value>&lt;1&gt;</value><value>2</value></field><field var='b'/></x>";
    assert_eq!(form.submit(), stanza(expected));
}

#[test]
fn there_and_back() {
    let form = Form { fields: vec![Field::form_type(&ns::MAM), Field::new("a", vec!["1".to_owned(), "2".to_owned()])] };
    assert_eq!(Form::decode(&form.submit()), Some(form));
}
