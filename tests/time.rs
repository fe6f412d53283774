//! Times of day, as they are read and written (XEP-0082).

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use converse_wasm::time::{Instant, Timestamp};
use proptest::prelude::*;

#[test]
fn what_is_written_is_what_browsers_write() {
    for (milliseconds, text) in [
        (0, "1970-01-01T00:00:00.000Z"),
        (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (951_868_800_001, "2000-03-01T00:00:00.001Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (1_795_290_137_500, "2026-11-21T19:42:17.500Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ] {
        assert_eq!(Timestamp::new(milliseconds).to_text(), text);
        assert_eq!(Timestamp::parse(text), Some(Timestamp::new(milliseconds)), "{text}");
    }
}

#[test]
fn zones_and_fractions_are_read() {
    let expected = Timestamp::parse("2002-09-10T23:08:25Z").unwrap();
    for text in [
        "2002-09-10T23:08:25.000000Z",
        "2002-09-11T01:08:25+02:00",
        "2002-09-10T19:38:25-03:30",
        "20020910T23:08:25",
        " 2002-09-10T23:08:25Z\n",
        "2002-09-11T01:08:25.0009+0200",
    ] {
        assert_eq!(Timestamp::parse(text), Some(expected), "{text}");
    }
    let half = Timestamp::parse("2002-09-10T23:08:25.5Z").unwrap();
    assert_eq!(half.milliseconds() - expected.milliseconds(), 500);
}

#[test]
fn what_is_no_time_is_not_read() {
    for text in [
        "",
        "2002",
        "2002-09-10",
        "2002-13-10T23:08:25Z",
        "2002-02-29T23:08:25Z",
        "2002-09-31T00:00:00Z",
        "2002-09-00T00:00:00Z",
        "2002-09-10T24:00:00Z",
        "2002-09-10T23:60:00Z",
        "2002-09-10T23:08:25.Z",
        "2002-09-10T23:08:25 Z",
        "2002-09-10T23:08:25+2:00",
        "+999999-01-01T00:00:00Z",
        "-001-01-01T00:00:00Z",
        "2002-09-10T23:08:25Zjunk",
        "２００２-09-10T23:08:25Z",
    ] {
        assert_eq!(Timestamp::parse(text), None, "{text}");
    }
}

#[test]
fn a_clock_goes_on_from_where_it_was_set() {
    let clock = Timestamp::parse("2026-11-22T12:00:00Z").unwrap();
    assert_eq!(clock.at(Instant::new(Duration::from_millis(1500))).to_text(), "2026-11-22T12:00:01.500Z");
    assert_eq!(Timestamp::MAX.at(Instant::new(Duration::MAX)), Timestamp::MAX);
}

proptest! {
    #[test]
    fn every_time_is_read_as_it_was_written(milliseconds in Timestamp::MIN.milliseconds()..=Timestamp::MAX.milliseconds()) {
        let time = Timestamp::new(milliseconds);
        prop_assert_eq!(Timestamp::parse(&time.to_text()), Some(time));
    }

    #[test]
    fn nothing_traps(text in "[-+0-9T:.Z]{0,30}") {
        let _: Option<Timestamp> = Timestamp::parse(&text);
    }
}
