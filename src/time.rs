//! Time as an argument: the core never reads a clock. Times are written as
//! XEP-0082: XMPP Date and Time Profiles (version 1.1.1) has them.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "numbers of four digits at most, and milliseconds within as many years"
)]

use std::{ops::Add, time::Duration};

/// A moment on a clock that never goes back. What it counts from is the driver's affair.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Instant(Duration);

/// A time of day in the world, in milliseconds since 1970 began (UTC).
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Timestamp(i64);

impl Instant {
    /// The moment `since_start` after the driver's clock was started.
    pub const fn new(since_start: Duration) -> Self {
        Self(since_start)
    }

    /// The time from `earlier` until this moment; zero if `earlier` is later.
    pub const fn saturating_duration_since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }
}

impl Timestamp {
    /// The earliest and the latest time that can be written: years of four digits (XEP-0082 §3.2).
    pub const MIN: Self = Self(-62_167_219_200_000);
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The time `milliseconds` after 1970 began, or the nearest that can be written.
    pub const fn new(milliseconds: i64) -> Self {
        let clamped = if milliseconds < Self::MIN.0 {
            Self::MIN.0
        } else if milliseconds > Self::MAX.0 {
            Self::MAX.0
        } else {
            milliseconds
        };
        Self(clamped)
    }

    /// Milliseconds since 1970 began.
    pub const fn milliseconds(self) -> i64 {
        self.0
    }

    /// The time on the clock that shows this one when its `Instant` is zero.
    pub fn at(self, now: Instant) -> Self {
        let passed = i64::try_from(now.0.as_millis()).unwrap_or(i64::MAX);
        Self::new(self.0.saturating_add(passed))
    }

    /// This time, or the next after `last` if that is not past yet: what happens in one millisecond has an order, too.
    pub fn later_than(self, last: Option<Self>) -> Self {
        last.map_or(self, |last| self.max(Self::new(last.0.saturating_add(1))))
    }

    /// Reads `2026-11-22T19:42:17.5Z` or `…+01:00` (XEP-0082 §3.2), and what XEP-0091 wrote before: `20261122T19:42:17`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim().as_bytes();
        let year = digits(&mut rest, 4)?;
        skip(&mut rest, b'-');
        let month = digits(&mut rest, 2)?;
        skip(&mut rest, b'-');
        let day = digits(&mut rest, 2)?;
        if !skip(&mut rest, b'T') {
            return None;
        }
        let (hour, minute) = (digits(&mut rest, 2)?, colon(&mut rest).then(|| digits(&mut rest, 2))??);
        let second = colon(&mut rest).then(|| digits(&mut rest, 2))??;
        let fraction = if skip(&mut rest, b'.') { fraction(&mut rest)? } else { 0 };
        let offset = offset(rest)?;
        let valid = (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second <= 60;
        let days = days_before(year, month, day);
        let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second;
        valid.then(|| Self::new(seconds * 1000 + fraction))
    }

    /// Writes `2026-11-22T19:42:17.500Z` (XEP-0082 §3.2), as `Date.toISOString` does.
    pub fn to_text(self) -> String {
        let (days, rest) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let (year, month, day) = date_of(days);
        let (seconds, fraction) = (rest / 1000, rest % 1000);
        let mut text = String::with_capacity(24);
        let parts = [
            (year, 4, '-'),
            (month, 2, '-'),
            (day, 2, 'T'),
            (seconds / 3600, 2, ':'),
            (seconds / 60 % 60, 2, ':'),
            (seconds % 60, 2, '.'),
            (fraction, 3, 'Z'),
        ];
        for (number, width, end) in parts {
            for place in (0..width).rev() {
                let digit = number / 10_i64.pow(place) % 10;
                text.push(char::from(b'0' + u8::try_from(digit).unwrap_or(0)));
            }
            text.push(end);
        }
        text
    }
}

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Days from 1970 until a day of the proleptic Gregorian calendar.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March have their odd day at the end.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year - 719_468
}

/// The year, month and day that begin so many days after 1970.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = (era * 400 + year, month + 3);
    if month > 12 { (year + 1, month - 12, day) } else { (year, month, day) }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Takes a number of exactly `count` digits off the front.
fn digits(rest: &mut &[u8], count: usize) -> Option<i64> {
    let (number, after) = rest.split_at_checked(count)?;
    let mut value = 0;
    for byte in number {
        value = value * 10 + i64::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?);
    }
    *rest = after;
    Some(value)
}

/// Takes the digits after the decimal point off the front, as milliseconds.
fn fraction(rest: &mut &[u8]) -> Option<i64> {
    let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, after) = rest.split_at_checked(count)?;
    *rest = after;
    let digit = |place: usize| number.get(place).map_or(0, |byte| i64::from(byte - b'0'));
    (count > 0).then(|| digit(0) * 100 + digit(1) * 10 + digit(2))
}

/// The minutes by which a zone is ahead of UTC. What names no zone is in UTC, as XEP-0091 has it.
fn offset(mut rest: &[u8]) -> Option<i64> {
    let sign = match rest {
        b"" | b"Z" | b"z" => return Some(0),
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return None,
    };
    rest = rest.get(1..)?;
    let hours = digits(&mut rest, 2)?;
    skip(&mut rest, b':');
    let minutes = digits(&mut rest, 2)?;
    (rest.is_empty() && hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

fn skip(rest: &mut &[u8], byte: u8) -> bool {
    match rest.split_first() {
        Some((first, after)) if *first == byte => {
            *rest = after;
            true
        }
        _ => false,
    }
}

fn colon(rest: &mut &[u8]) -> bool {
    skip(rest, b':')
}
