//! Every journey, in one binary.

#[cfg(test)]
mod support;

#[cfg(test)]
mod contract;
#[cfg(test)]
mod guards;
#[cfg(test)]
mod house;
