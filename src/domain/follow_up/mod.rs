//! Following a campaign (rule 11): its expected bodies, where each stands, and what can be counted of them.
//!
//! A body counts in one region, the one it is attached to in the flow year, a former region being the one that holds
//! it now (rule 10). An associated region sees it too, marked, outside its totals.

mod body;
mod filter;
mod order;
mod pace;
mod tally;

pub use body::{Band, Filed, Followed, Row, Survey, Why};
pub use filter::{Class, Filter};
pub use order::{Column, Order};
pub use pace::{Pace, Point, days_left, same_moment};
pub use tally::{Axis, Group, Tally};

#[cfg(test)]
mod tests;
