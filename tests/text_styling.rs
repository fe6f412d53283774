//! Blocks, styled spans and actions: the rules of XEP-0393 and XEP-0245, one after the other.

#[path = "support/text.rs"]
mod support;

use converse_wasm::text::{MAX_QUOTES, Options, read};

use support::{STYLED, show, written};

/// That `body` is shown so, and nothing of it is lost.
#[track_caller]
fn shown(body: &str, expected: &str) {
    let text = read(body, &[], &STYLED);
    assert_eq!(show(&text), expected, "{body:?}");
    assert_eq!(written(&text), body);
}

#[test]
fn directives_set_off_what_is_between_them() {
    shown("plain", "p plain");
    shown("*loud and clear*", "p <*.:*><*:loud and clear><*.:*>");
    shown("so _very_ much", "p so <_.:_><_:very><_.:_> much");
    shown("was ~wrong~", "p was <~.:~><~:wrong><~.:~>");
    shown("`let` it *be*", "p <.:`><code:let><.:`> it <*.:*><*:be><*.:*>");
}

#[test]
fn the_first_directive_that_can_ends_a_span() {
    shown("*loud*quiet*", "p <*.:*><*:loud><*.:*>quiet*");
    shown("* quiet *loud*", "p * quiet <*.:*><*:loud><*.:*>");
    shown("the ~dis~like", "p the <~.:~><~:dis><~.:~>like");
    shown("*a *b* c*", "p <*.:*><*:a *b><*.:*> c*");
    shown("*a* *b*", "p <*.:*><*:a><*.:*> <*.:*><*:b><*.:*>");
    shown("*a**b*", "p <*.:*><*:a><*.:*>*b*");
}

#[test]
fn what_is_no_directive_is_text() {
    for body in [
        "quiet*",
        "*quiet",
        "*quiet *quiet",
        "*quiet *",
        "* quiet*",
        "(*quiet*)",
        "2*3*4",
        "snake_case_name",
        "*",
        "**",
        "***",
        "****",
        "**quiet**",
        "` `",
        "*\u{2003}quiet*",
    ] {
        shown(body, &format!("p {body}"));
    }
    shown("*not \n so*", "p *not \\n so*");
}

#[test]
fn spans_stand_in_spans() {
    shown("*_a_ b*", "p <*.:*><*_.:_><*_:a><*_.:_><*: b><*.:*>");
    shown("*`a`*", "p <*.:*><*.:`><*code:a><*.:`><*.:*>");
    shown("_~*`a`*~_", "p <_.:_><_~.:~><*_~.:*><*_~.:`><*_~code:a><*_~.:`><*_~.:*><_~.:~><_.:_>");
    // A directive that ends nothing opens nothing for the next.
    shown("*_a_", "p *_a_");
    // The span around ends first, and takes what is within along.
    shown("*a _b* c_", "p <*.:*><*:a _b><*.:*> c_");
}

#[test]
fn nothing_is_read_in_code() {
    shown("`*a*`", "p <.:`><code:*a*><.:`>");
    shown("`www.example.org`", "p <.:`><code:www.example.org><.:`>");
}

#[test]
fn a_directive_in_a_link_ends_nothing() {
    shown("_see https://example.org/a_b now_", "p <_.:_><_:see ><_link:https://example.org/a_b><_: now><_.:_>");
    shown("*https://example.org/*", "p <*.:*><*link:https://example.org/><*.:*>");
}

#[test]
fn lines_that_begin_with_a_sign_are_quotes() {
    shown("> so it is\n\nsaid he", "1 <|:> >so it is\np \\nsaid he");
    shown(">> so it is\n> said he\n\nWho?", "2 <|:>> >so it is\n1 <|:> >said he\np \\nWho?");
    shown("> > a\n>>b", "2 <|:> > >a\\n<|:>>>b");
    shown(">a\n>b\nc", "1 <|:>>a\\n<|:>>b\np c");
    // Only one white space belongs to the sign.
    shown(">  > a", "1 <|:> > > a");
    shown("> *a*", "1 <|:> ><*.:*><*:a><*.:*>");
    shown("a > b", "p a > b");
    shown("> a\n\n> b", "1 <|:> >a\np \n1 <|:> >b");
}

#[test]
fn quotes_go_only_so_deep() {
    let body = format!("{}a", ">".repeat(MAX_QUOTES + 3));
    let markers = ">".repeat(MAX_QUOTES);
    shown(&body, &format!("{MAX_QUOTES} <|:{markers}>>>>a"));
}

#[test]
fn grave_accents_begin_and_end_what_is_preformatted() {
    shown("```ignored\n(a *b*)\n```\n\n*c*", "p# <|:```ignored\\n>(a *b*)<|:\\n```>\np \\n<*.:*><*:c><*.:*>");
    shown("```\na\n\n  b\n", "p# <|:```\\n>a\\n\\n  b\\n");
    shown("a\n```\nb\n``` \n```\nc", "p a\np# <|:```\\n>b\\n``` <|:\\n```>\np c");
    shown("```\na\n```\n```\nb\n```", "p# <|:```\\n>a<|:\\n```>\np# <|:```\\n>b<|:\\n```>");
    shown("a ```b```", "p a ```b```");
}

#[test]
fn what_is_preformatted_ends_with_the_quote_around_it() {
    shown("> ```\n> (a)\n\nb", "1# <|:> ```\\n> >(a)\np \\nb");
    shown(">> ```\n>> a\n> b", "2# <|:>> ```\\n>> >a\n1 <|:> >b");
    shown("```\n> a\n```", "p# <|:```\\n>> a<|:\\n```>");
    shown("> ```\n>> a\n> ```\n> b", "1# <|:> ```\\n>>> a<|:\\n> ```>\n1 <|:> >b");
}

#[test]
fn markers_that_mark_nothing_are_text() {
    shown(">", "1 >");
    shown(">>> ", "3 >>> ");
    shown("```", "p# ```");
    shown("```\n```", "p# ```\\n```");
    shown("> \n> a", "1 <|:> >\\n<|:> >a");
}

#[test]
fn an_unstyled_message_is_shown_as_it_is() {
    let text = read("> _ <\n```\n*a* www.example.org", &[], &Options::default());
    assert_eq!(show(&text), "p > _ <\\n```\\n*a* <link https://www.example.org:www.example.org>");
}

#[test]
fn slash_me_is_an_action() {
    shown("/me laughs", "action\np laughs");
    shown("/me *laughs*", "action\np <*.:*><*:laughs><*.:*>");
    shown("/me says\n> a", "action\np says\n1 <|:> >a");
    // What it does is no block of its own.
    shown("/me > a", "action\np > a");
    shown("/me ```", "action\np ```");
    shown("/me ", "action\n");
    for body in ["/melaughs", "/me's glad", " /me laughs", "\"/me laughs\"", "* Atlas laughs", "/me", "/ME laughs"] {
        shown(body, &format!("p {body}"));
    }
    let unstyled = read("/me *laughs*", &[], &Options::default());
    assert_eq!(show(&unstyled), "action\np *laughs*");
}

#[test]
fn line_feeds_are_kept() {
    shown("", "");
    shown("\n", "p \\n");
    shown("a\n", "p a\\n");
    shown("> a\n", "1 <|:> >a\np ");
    shown("\n\na\n\nb", "p \\n\\na\\n\\nb");
}
