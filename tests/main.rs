//! Every journey, in one binary.
