//! A conversation as it is shown.

#![allow(clippy::unwrap_used, clippy::panic)]

use converse_wasm::{
    jid::BareJid,
    store::{Message, Sending, Store, Timeline, Value},
    time::Timestamp,
    view::conversation::{Line, MAX_LINES, correctable, lines},
};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// Messages by their author and the minute they were written in.
fn timeline(messages: &[(&str, i64)]) -> Timeline {
    let mut timeline = Timeline::new("romeo@montague.lit".into());
    for (from, minute) in messages {
        let mut message = Message::new("chat", *from, *from == "juliet@capulet.lit", Timestamp::new(minute * MINUTE));
        message.body = Some("hi".into());
        let _ = timeline.push(message);
    }
    timeline
}

fn day(time: Timestamp) -> i64 {
    time.milliseconds().div_euclid(DAY)
}

fn seen(lines: &[Line<'_>]) -> Vec<(bool, bool)> {
    lines.iter().map(|line| (line.new_day, line.follows)).collect()
}

const R: &str = "romeo@montague.lit";
const J: &str = "juliet@capulet.lit";

#[test]
fn who_goes_on_speaking_is_named_once() {
    let timeline = timeline(&[(R, 0), (R, 1), (J, 2), (J, 11), (J, 22), (R, 23)]);
    let expected = [(true, false), (false, true), (false, false), (false, true), (false, false), (false, false)];
    assert_eq!(seen(&lines(&timeline, 0, 10, day)), expected);
}

#[test]
fn days_begin_where_the_user_is() {
    let timeline = timeline(&[(R, 23 * 60 + 55), (R, 24 * 60 + 1)]);
    assert_eq!(seen(&lines(&timeline, 0, 2, day)), [(true, false), (true, false)]);
    let east = |time: Timestamp| day(Timestamp::new(time.milliseconds() + 60 * MINUTE));
    assert_eq!(seen(&lines(&timeline, 0, 2, east)), [(true, false), (false, true)]);
}

#[test]
fn a_part_begins_as_if_all_were_there() {
    let timeline = timeline(&[(R, 0), (R, 1), (R, 2)]);
    let part = lines(&timeline, 1, 3, day);
    assert_eq!(part.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(seen(&part), [(false, true), (false, true)]);
    assert!(lines(&timeline, 3, 9, day).is_empty());
    assert!(lines(&timeline, 9, 3, day).is_empty());
}

#[test]
fn no_more_is_shown_at_once_than_can_be_drawn() {
    let many: Vec<_> = (0..i64::try_from(MAX_LINES).unwrap() + 10).map(|minute| (R, minute)).collect();
    assert_eq!(lines(&timeline(&many), 0, usize::MAX, day).len(), MAX_LINES);
}

#[test]
fn an_element_reads_who_said_what_and_what_became_of_it() {
    let store = Store::new(BareJid::new(J).ok());
    let mut timeline = timeline(&[(J, 0)]);
    let text = Some("gone".to_owned());
    let _ = timeline.update(0, |message| message.outcome = Some(Sending::Failed { reason: "refused", text })).unwrap();
    let attributes = lines(&timeline, 0, 1, day)[0].attributes(&store, R);
    for (name, value) in [
        ("id", Value::from(0)),
        ("of", R.into()),
        ("mine", true.into()),
        ("name", J.into()),
        ("text", "hi".into()),
        ("state", "failed".into()),
        ("reason", "gone".into()),
        ("new_day", true.into()),
    ] {
        assert_eq!(attributes.get(name), Some(&value), "{name}");
    }
}

#[test]
fn one_goes_from_message_to_message_of_ones_own_that_can_be_changed() {
    let mut timeline = timeline(&[(J, 0), (R, 1), (J, 2), (J, 3), (J, 4), (R, 5)]);
    let _ = timeline.update(2, |message| message.kind = "error");
    let _ = timeline.update(3, |message| message.body = None);
    assert_eq!(correctable(&timeline, None, false), Some(4));
    assert_eq!(correctable(&timeline, Some(4), false), Some(0));
    assert_eq!(correctable(&timeline, Some(0), false), None);
    assert_eq!(correctable(&timeline, Some(0), true), Some(4));
    assert_eq!(correctable(&timeline, Some(4), true), None);
    assert_eq!(correctable(&Timeline::new(R.into()), None, false), None);
}
