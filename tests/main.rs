//! The journeys: one binary, a file each.

#[cfg(test)]
mod eligibility_properties;
#[cfg(test)]
mod eligibility_truth_table;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod support;
