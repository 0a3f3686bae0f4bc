//! Bad input on the command line: each a clear French error with the exit code
//! of the contract, and nothing written.

mod files;
mod ground;
mod requests;
mod surroundings;
