//! How fast one may try: growing delays that end by themselves, so that nobody is ever locked out.
//!
//! Tries are counted under three keys. An address of the network has three
//! free failures and then one in 20 seconds; an account has growing delays up to five
//! minutes. Neither holds back a browser's address from which the owner of the
//! account signed in before: there the pair of both has its own, shorter delays. So
//! whoever tries passwords from elsewhere cannot keep the owner out, and a
//! colleague behind the same address of a prefecture cannot either.

use std::net::IpAddr;

use crate::domain::instant::Instant;

/// Delays after failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Failures without delay.
    pub free: u32,
    /// Seconds of the first delay; each failure doubles it.
    pub first: i64,
    /// Longest delay, seconds.
    pub longest: i64,
    /// Seconds without failure after which all is forgotten.
    pub forgotten: i64,
}

/// Failed sign-ins from one address.
pub const ADDRESS: Pace = Pace { free: 3, first: 20, longest: 20, forgotten: 900 };
/// Failed sign-ins to one account, from anywhere.
pub const ACCOUNT: Pace = Pace { free: 5, first: 5, longest: 300, forgotten: 86_400 };
/// Failed sign-ins to one account from one address.
pub const PAIR: Pace = Pace { free: 3, first: 5, longest: 60, forgotten: 3_600 };
/// Mails to one mailbox that anybody may ask for: to confirm, to choose another password.
pub const MAILS: Pace = Pace { free: 3, first: 600, longest: 3_600, forgotten: 86_400 };
/// Forms that anybody may send from one address: a whole prefecture is behind one.
pub const FORMS: Pace = Pace { free: 30, first: 10, longest: 60, forgotten: 3_600 };
/// Attachment codes asked for by one agent for one collectivity.
pub const CODES: Pace = Pace { free: 3, first: 3_600, longest: 86_400, forgotten: 172_800 };
/// Seconds for which an address from which someone signed in is known as theirs.
pub const KNOWN_FOR: i64 = 90 * 86_400;
/// Seconds after which no failure is remembered by any pace.
pub const ALL_FORGOTTEN: i64 = 172_800;

/// What was tried under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// Failures not forgotten.
    pub failures: u32,
    /// The last one.
    pub last_at: Instant,
}

impl Pace {
    /// Seconds to wait at `now` before the next try; 0 when it may be made.
    #[must_use]
    pub fn wait(&self, tries: Option<Tries>, now: Instant) -> i64 {
        let Some(tries) = self.remembered(tries, now) else { return 0 };
        let Some(over) = tries.failures.checked_sub(self.free) else { return 0 };
        let doubled = 1_i64.checked_shl(over.min(30)).unwrap_or(i64::MAX);
        let delay = self.first.saturating_mul(doubled).min(self.longest);
        tries.last_at.plus_seconds(delay).seconds_since(now).max(0)
    }

    /// The count after one more failure at `now`.
    #[must_use]
    pub fn after(&self, tries: Option<Tries>, now: Instant) -> Tries {
        let failures = self.remembered(tries, now).map_or(0, |tries| tries.failures);
        Tries { failures: failures.saturating_add(1), last_at: now }
    }

    fn remembered(&self, tries: Option<Tries>, now: Instant) -> Option<Tries> {
        tries.filter(|tries| now.seconds_since(tries.last_at) < self.forgotten)
    }
}

/// The part of an address of the network that one household or office has: what follows it
/// is free to choose in IPv6, and a proxy may write IPv4 as IPv6.
#[must_use]
pub fn network(address: &str) -> String {
    match address.trim().parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(address) => address.to_string(),
        Err(_no_address) => address.trim().to_owned(),
    }
}

/// A wait as people read it: `20 secondes`, `5 minutes`.
#[must_use]
pub fn in_words(seconds: i64) -> String {
    match seconds {
        ..=1 => "une seconde".to_owned(),
        2..=90 => format!("{seconds}\u{a0}secondes"),
        91..=5_400 => format!("{}\u{a0}minutes", seconds.saturating_add(59) / 60),
        _ => format!("{}\u{a0}heures", seconds.saturating_add(3_599) / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn start() -> Instant {
        "2014-05-20T08:00:00Z".parse().unwrap()
    }

    fn failed(pace: Pace, times: u32) -> Option<Tries> {
        (0..times).fold(None, |tries, _time| Some(pace.after(tries, start())))
    }

    #[test]
    fn three_from_an_address_then_one_in_twenty_seconds() {
        for (failures, wait) in [(0, 0), (1, 0), (2, 0), (3, 20), (4, 20), (400, 20)] {
            assert_eq!(ADDRESS.wait(failed(ADDRESS, failures), start()), wait, "{failures}");
        }
        let tries = failed(ADDRESS, 3);
        assert_eq!(ADDRESS.wait(tries, start().plus_seconds(19)), 1);
        assert_eq!(ADDRESS.wait(tries, start().plus_seconds(20)), 0);
    }

    #[test]
    fn an_account_waits_longer_and_longer_up_to_five_minutes() {
        let waits: Vec<i64> = (4..=13).map(|times| ACCOUNT.wait(failed(ACCOUNT, times), start())).collect();
        assert_eq!(waits, [0, 5, 10, 20, 40, 80, 160, 300, 300, 300]);
        let tries = failed(ACCOUNT, 50);
        assert_eq!(ACCOUNT.after(tries, start().plus_seconds(86_399)).failures, 51);
        assert_eq!(ACCOUNT.after(tries, start().plus_seconds(86_400)).failures, 1, "forgotten");
    }

    #[test]
    fn a_wait_is_told_in_words() {
        let told = [1, 20, 91, 300, 7_200].map(in_words);
        assert_eq!(
            told,
            ["une seconde", "20\u{a0}secondes", "2\u{a0}minutes", "5\u{a0}minutes", "2\u{a0}heures"]
        );
    }

    #[test]
    fn an_office_is_one_network() {
        for (address, expected) in [
            ("192.0.2.7", "192.0.2.7"),
            (" ::ffff:192.0.2.7 ", "192.0.2.7"),
            ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
            ("nulle part", "nulle part"),
        ] {
            assert_eq!(network(address), expected);
        }
    }

    proptest! {
        /// Whatever was tried, whenever: the wait ends, and no later than the longest one.
        #[test]
        fn no_wait_is_for_ever(failures in 0_u32.., since in 0_i64..1_000_000) {
            for pace in [ADDRESS, ACCOUNT, PAIR, MAILS, FORMS, CODES] {
                let tries = Some(Tries { failures, last_at: start() });
                prop_assert!(pace.forgotten <= ALL_FORGOTTEN && pace.longest <= pace.forgotten);
                let now = start().plus_seconds(since);
                let wait = pace.wait(tries, now);
                prop_assert!((0..=pace.longest).contains(&wait));
                prop_assert_eq!(pace.wait(tries, now.plus_seconds(wait)), 0);
            }
        }
    }
}
