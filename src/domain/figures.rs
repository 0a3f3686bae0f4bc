//! Short texts of figures and codes without an allocation: reports write millions of them.

use std::fmt;

/// The text of an amount or a day, at most `N` ASCII bytes, filled from its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures<const N: usize> {
    bytes: [u8; N],
    start: usize,
}

impl<const N: usize> Figures<N> {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: [b'0'; N], start: N }
    }

    /// Puts a byte before the others; one too many is dropped.
    #[must_use]
    pub fn before(mut self, byte: u8) -> Self {
        let place = self.start.saturating_sub(1);
        if let Some(free) = self.bytes.get_mut(place).filter(|_| self.start > 0) {
            *free = byte;
            self.start = place;
        }
        self
    }

    /// Puts the digits of a number before the others, at least `width` of them.
    #[must_use]
    pub fn digits(mut self, mut number: u64, width: usize) -> Self {
        let mut written = 0_usize;
        while number > 0 || written < width {
            let digit = u8::try_from(number % 10).unwrap_or_default();
            self = self.before(b'0'.saturating_add(digit));
            number /= 10;
            written = written.saturating_add(1);
        }
        self
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.bytes.get(self.start..).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl<const N: usize> Default for Figures<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> fmt::Display for Figures<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_from_its_end() {
        let text = Figures::<8>::new().digits(5, 2).before(b'.').digits(1_234, 1);
        assert_eq!(text.as_str(), "1234.05");
        assert_eq!(Figures::<8>::new().digits(0, 1).as_str(), "0");
        assert_eq!(Figures::<2>::new().digits(123, 1).as_str(), "23", "no more than fits");
        assert_eq!(Figures::<0>::new().before(b'1').as_str(), "");
    }
}
