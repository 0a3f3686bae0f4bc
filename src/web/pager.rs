//! Where one is among the pages of a list.

use form_urlencoded::Serializer;

/// Pages that can be asked for.
const MOST: u32 = 100_000;

/// Where one is among the pages of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    /// This page, from 1.
    pub page: u32,
    /// How many there are.
    pub pages: u32,
    /// The query of the other pages, without their number.
    pub query: String,
}

impl Pager {
    /// The page that an address asks for; the first one where it says nothing readable.
    pub fn asked(page: &str) -> u32 {
        page.trim().parse().unwrap_or(1).clamp(1, MOST)
    }

    /// A page of a list of so many, with what else the addresses of its pages say.
    pub fn new(page: u32, total: u64, size: u32, asked: &[(&str, &str)]) -> Self {
        let pages = u32::try_from(total.div_ceil(u64::from(size.max(1)))).unwrap_or(MOST);
        let query = Serializer::new(String::new()).extend_pairs(asked).finish();
        Self { page, pages, query }
    }

    /// The page of a list at hand that an address asks for, the last one at most; and how many come before it.
    pub fn of(asked: &str, count: usize, size: usize, query: String) -> (Self, usize) {
        let pages = u32::try_from(count.div_ceil(size.max(1)).max(1)).unwrap_or(MOST);
        let page = Self::asked(asked).min(pages);
        let before = usize::try_from(page.saturating_sub(1)).unwrap_or_default().saturating_mul(size);
        (Self { page, pages, query }, before)
    }
}
