//! The journeys: one binary, a file each.

#[cfg(test)]
mod contract;
#[cfg(test)]
mod eligibility_properties;
#[cfg(test)]
mod eligibility_truth_table;
#[cfg(test)]
mod register;
#[cfg(test)]
mod support;
