//! Whether an installation is as it should be.
