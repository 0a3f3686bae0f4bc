//! Reports: golden files, sums equal in every format, and the tools of others reading ours.

mod fixture;
mod golden;
