//! Every journey, in one binary.

#[cfg(test)]
mod support;

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod api;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod eligibility_properties;
#[cfg(test)]
mod eligibility_replays;
#[cfg(test)]
mod eligibility_truth_table;
#[cfg(test)]
mod erasure;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod guards;
#[cfg(test)]
mod house;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod register;
#[cfg(test)]
mod replay_2014;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod totals;
#[cfg(test)]
mod transitions;
#[cfg(test)]
mod upkeep;
#[cfg(test)]
mod watch;
#[cfg(test)]
mod web;
